//! The two designs as two columns.

use crate::{places, rust, sources};
use listings::catalogue::Listing;

/// The same parts of both pools: each begins with a line, and ends where the brackets do.
const PARTS: [(&str, &str); 3] = [
    ("what the pool holds", "pub struct ThreadPool {"),
    ("dropping the pool", "impl Drop for ThreadPool {"),
    ("what a worker does", "            loop {"),
];

/// The columns.
pub fn columns(messages: &Listing, closing: &Listing) -> String {
    format!(
        "<div class=\"designs\">\n{}{}</div>\n",
        column("messages", "Messages", messages),
        column("closing", "Closing the channel", closing)
    )
}

fn column(id: &str, name: &str, listing: &Listing) -> String {
    let source = sources::read(listing, "src/lib.rs");
    let coloured = rust::coloured(&source);
    let lines: Vec<&str> = source.lines().collect();
    let mut html = format!(
        "<section aria-labelledby=\"design-{id}\">\n<p class=\"label\" id=\"design-{id}\"><b>{name}</b> ({})</p>\n",
        places::link(listing)
    );
    for (what, begins) in PARTS {
        let (first, last) = block(&lines, begins);
        let depth = lines[first].len() - lines[first].trim_start().len();
        let code: Vec<String> = (first..=last)
            .map(|at| {
                let line = breakable(coloured[at].get(depth..).unwrap_or_default());
                let deep = lines[at].len() - lines[at].trim_start().len();
                let deep = deep.saturating_sub(depth);
                format!("<span class=\"line\" style=\"--deep: {deep}ch\">{line}</span>")
            })
            .collect();
        html += &format!(
            "<figure>\n<figcaption>{what}</figcaption>\n<pre><code class=\"nohighlight\">{}</code></pre>\n</figure>\n",
            code.join("\n")
        );
    }
    html + "</section>\n"
}

/// A line that a narrow column may break in front of a method, as `rustfmt` does.
fn breakable(line: &str) -> String {
    let mut parts = line.split('.');
    let mut broken = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let name = part.split('(').next().unwrap_or_default();
        let called = name.len() < part.len()
            && name.starts_with(|letter: char| letter.is_ascii_lowercase())
            && name
                .chars()
                .all(|letter| letter == '_' || letter.is_ascii_lowercase());
        broken += if called { "<wbr>." } else { "." };
        broken += part;
    }
    broken
}

/// The lines from one that begins a block to the one that ends it.
fn block(lines: &[&str], begins: &str) -> (usize, usize) {
    let first = lines.iter().position(|line| *line == begins);
    let first = first.unwrap_or_else(|| panic!("there is no `{begins}`"));
    let depth = begins.len() - begins.trim_start().len();
    let end = format!("{}}}", " ".repeat(depth));
    let length = lines[first..].iter().position(|line| *line == end);
    (first, first + length.expect("the block ends"))
}

#[cfg(test)]
mod tests {
    use super::breakable;

    #[test]
    fn a_line_breaks_in_front_of_its_methods() {
        assert_eq!(
            breakable("worker.thread.take().id: \"gone. (Yes.)\""),
            "worker.thread<wbr>.take().id: \"gone. (Yes.)\""
        );
    }
}
