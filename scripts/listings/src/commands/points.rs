//! Points for what holds: `check --points`.

use listings::check::{Judgement, Ruling};

/// So many of `all` points as goals hold, rounded down: all of them only if all hold, and none where
/// it can't be judged.
pub fn of(judgement: &Judgement, all: usize) -> usize {
    if judgement.unjudged().is_some() {
        return 0;
    }
    let holds = |ruling: &Ruling| matches!(ruling, Ruling::Holds(_));
    let held = judgement.checks.iter().filter(|check| holds(&check.ruling));
    all * held.count() / judgement.checks.len().max(1)
}

/// The last line of the answer; for a workflow on GitHub also the two notices from which its
/// Classroom takes the points.
pub fn lines(points: usize, all: usize, on_github: bool) -> String {
    let mut text = String::new();
    if on_github {
        text += &format!(
            "::notice title=Autograding complete::Points {points}/{all}\n\
             ::notice title=Autograding report::{{\"totalPoints\":{points},\"maxPoints\":{all}}}\n"
        );
    }
    text + &format!("Points: {points} of {all}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use listings::{check::Check, exercises::Goal};

    #[test]
    fn points_are_for_what_holds() {
        let held = || Ruling::Holds(String::new());
        for (outcomes, points) in [
            (vec![held(), held(), held()], 10),
            (vec![held(), held(), Ruling::Fails(String::new())], 6),
            (
                vec![held(), Ruling::Fails(String::new()), Ruling::Skipped],
                3,
            ),
            (vec![held(), Ruling::Unjudged(String::new())], 0),
        ] {
            let check = |ruling| Check {
                goal: Goal::Compiles,
                ruling,
            };
            let checks = outcomes.into_iter().map(check).collect();
            assert_eq!(of(&Judgement { checks }, 10), points);
        }
    }

    #[test]
    fn the_points_are_the_last_line() {
        assert_eq!(lines(3, 10, false), "Points: 3 of 10\n");
        assert!(lines(3, 10, true).ends_with("\nPoints: 3 of 10\n"));
    }
}
