//! What is said of a crate: a ruling on each goal, and the verdict.

use crate::exercises::Goal;

/// What came of one goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// It holds; the text says over how many schedules.
    Holds(String),
    /// It doesn't; the text says where and shows the shortest schedule that breaks it.
    Fails(String),
    /// It can't be judged; the text says what stands in the way.
    Unjudged(String),
    /// It was not looked at, because after what was found there is no point in asking.
    Skipped,
}

/// A goal and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was asked.
    pub goal: Goal,
    /// What came of it.
    pub ruling: Ruling,
}

/// The judgement on one crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Every goal of the exercise, in order.
    pub checks: Vec<Check>,
}

/// What a judgement comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All of it holds.
    Holds,
    /// Something doesn't.
    Fails,
    /// Something can't be judged, and nothing is known to be wrong.
    Unjudged,
}

impl Judgement {
    /// What it comes to.
    pub fn verdict(&self) -> Verdict {
        match (self.holds(), self.failure()) {
            (true, _) => Verdict::Holds,
            (false, Some(_)) => Verdict::Fails,
            (false, None) => Verdict::Unjudged,
        }
    }

    /// The first goal that doesn't hold.
    pub fn trouble(&self) -> Option<&Check> {
        let holds = |check: &&Check| matches!(check.ruling, Ruling::Holds(_));
        self.checks.iter().find(|check| !holds(check))
    }

    /// Whether all of it holds.
    pub fn holds(&self) -> bool {
        let holds = |check: &Check| matches!(check.ruling, Ruling::Holds(_));
        self.checks.iter().all(holds)
    }

    /// The first that fails.
    pub fn failure(&self) -> Option<&Check> {
        let fails = |check: &&Check| matches!(check.ruling, Ruling::Fails(_));
        self.checks.iter().find(fails)
    }

    /// How many goals hold.
    pub fn points(&self) -> usize {
        let holds = |check: &&Check| matches!(check.ruling, Ruling::Holds(_));
        self.checks.iter().filter(holds).count()
    }

    /// The first that can't be judged, with what stands in the way.
    pub fn unjudged(&self) -> Option<(&Check, &str)> {
        self.checks.iter().find_map(|check| match &check.ruling {
            Ruling::Unjudged(why) => Some((check, why.as_str())),
            _ => None,
        })
    }
}
