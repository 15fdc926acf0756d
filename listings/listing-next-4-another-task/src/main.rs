use listing_next_4_another_task::ThreadPool;
use std::{collections::BTreeSet, env, process, sync::mpsc, thread, time::Instant};

const WIDTH: usize = 72;
const HEIGHT: usize = 25;
const STEPS: u32 = 200_000;
const SHADES: &[u8] = b"  .:-=+*%@";

fn main() {
    let mut picture = Vec::new();
    let mut times = Vec::new();

    for workers in BTreeSet::from([1, 2, all_workers()]) {
        println!("Workers: {workers}");
        let start = Instant::now();
        picture = draw(workers);
        times.push((workers, start.elapsed()));
    }

    println!();
    for (_, row) in picture {
        println!("{row}");
    }
    for (workers, time) in &times {
        let faster = times[0].1.as_secs_f64() / time.as_secs_f64();
        let ms = time.as_millis();
        println!("workers: {workers:2}   time: {ms:4} ms   times as fast: {faster:.1}");
    }
}

fn draw(workers: usize) -> Vec<(usize, String)> {
    let pool = ThreadPool::new(workers);
    let (sender, receiver) = mpsc::channel();

    for y in 0..HEIGHT {
        let sender = sender.clone();

        pool.execute(move || {
            sender.send((y, row(y))).unwrap();
        });
    }

    // The rows end when the last job has dropped its sender.
    drop(sender);

    let mut rows: Vec<(usize, String)> = receiver.iter().collect();
    rows.sort();
    rows
}

fn row(y: usize) -> String {
    let im = (y as f64 / (HEIGHT - 1) as f64 - 0.5) * 2.3;

    (0..WIDTH)
        .map(|x| x as f64 / (WIDTH - 1) as f64 * 3.2 - 2.3)
        .map(|re| {
            // Doublings of the number of steps: one shade each.
            let shade = steps(re, im).ilog2() as usize;
            SHADES[shade.min(SHADES.len() - 1)] as char
        })
        .collect()
}

/// The number of steps in which z = z² + c goes further than 2 from where it began.
fn steps(re: f64, im: f64) -> u32 {
    let (mut x, mut y) = (0.0, 0.0);

    for step in 1..STEPS {
        if x * x + y * y > 4.0 {
            return step;
        }
        (x, y) = (x * x - y * y + re, 2.0 * x * y + im);
    }
    STEPS
}

fn all_workers() -> usize {
    let Some(given) = env::args().nth(1) else {
        let all = thread::available_parallelism().map_or(1, |number| number.get());
        return all.min(HEIGHT);
    };
    match given.parse() {
        Ok(workers @ 1..=HEIGHT) => workers,
        _ => {
            eprintln!(
                "`{given}` is not a number of workers: \
                 add one from 1 to {HEIGHT} to the command, such as `-- 3`."
            );
            process::exit(1);
        }
    }
}
