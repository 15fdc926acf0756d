//! `std::time` in virtual time: each thread has its own, which grows when it
//! sleeps and is never behind what it has seen of others.

use crate::engine::context;
use crate::trace::remarks::CLOCK;
use ::std::cmp::Ordering;
use ::std::ops::{Add, AddAssign, Sub, SubAssign};

pub use ::std::time::{Duration, TryFromFloatSecsError};

/// How much time asking for the time takes, so that a loop that waits for a
/// time comes to an end.
const ASKING: Duration = Duration::from_millis(1);

/// What the clock on the wall shows when an execution starts: the first second
/// of the year 2024.
const START: Duration = Duration::from_secs(1_704_067_200);

fn now() -> Duration {
    match context() {
        Some(context) => context.with(|state| {
            let info = &mut state.threads[context.thread];
            info.time = info.time.saturating_add(ASKING);
            info.time
        }),
        None => Duration::ZERO,
    }
}

/// How much time has passed between two moments is asked: in reality that is never twice the same.
fn asked() {
    if let Some(context) = context() {
        context.remark(CLOCK);
    }
}

/// A moment in virtual time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instant(Duration);

impl Ord for Instant {
    fn cmp(&self, other: &Instant) -> Ordering {
        asked();
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Instant {
    fn partial_cmp(&self, other: &Instant) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Instant {
    #[must_use]
    pub fn now() -> Instant {
        Instant(now())
    }

    #[must_use]
    pub fn elapsed(&self) -> Duration {
        Instant::now().duration_since(*self)
    }

    #[must_use]
    pub fn duration_since(&self, earlier: Instant) -> Duration {
        asked();
        self.0.saturating_sub(earlier.0)
    }

    #[must_use]
    pub fn saturating_duration_since(&self, earlier: Instant) -> Duration {
        self.duration_since(earlier)
    }

    #[must_use]
    pub fn checked_duration_since(&self, earlier: Instant) -> Option<Duration> {
        asked();
        self.0.checked_sub(earlier.0)
    }

    #[must_use]
    pub fn checked_add(&self, time: Duration) -> Option<Instant> {
        self.0.checked_add(time).map(Instant)
    }

    #[must_use]
    pub fn checked_sub(&self, time: Duration) -> Option<Instant> {
        self.0.checked_sub(time).map(Instant)
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;

    fn add(self, time: Duration) -> Instant {
        Instant(self.0 + time)
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, time: Duration) {
        self.0 += time;
    }
}

impl Sub<Duration> for Instant {
    type Output = Instant;

    fn sub(self, time: Duration) -> Instant {
        Instant(self.0 - time)
    }
}

impl SubAssign<Duration> for Instant {
    fn sub_assign(&mut self, time: Duration) {
        self.0 -= time;
    }
}

impl Sub<Instant> for Instant {
    type Output = Duration;

    fn sub(self, earlier: Instant) -> Duration {
        self.duration_since(earlier)
    }
}

/// A moment as a clock on the wall shows it, also in virtual time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SystemTime(Duration);

impl Ord for SystemTime {
    fn cmp(&self, other: &SystemTime) -> Ordering {
        asked();
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for SystemTime {
    fn partial_cmp(&self, other: &SystemTime) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The first second of the year 1970.
pub const UNIX_EPOCH: SystemTime = SystemTime(Duration::ZERO);

/// The other moment was later.
#[derive(Clone, Debug)]
pub struct SystemTimeError(Duration);

impl SystemTimeError {
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.0
    }
}

impl ::std::fmt::Display for SystemTimeError {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str("second time provided was later than self")
    }
}

impl ::std::error::Error for SystemTimeError {}

impl SystemTime {
    pub const UNIX_EPOCH: SystemTime = UNIX_EPOCH;

    #[must_use]
    pub fn now() -> SystemTime {
        SystemTime(START + now())
    }

    pub fn duration_since(&self, earlier: SystemTime) -> Result<Duration, SystemTimeError> {
        asked();
        match self.0.checked_sub(earlier.0) {
            Some(time) => Ok(time),
            None => Err(SystemTimeError(earlier.0 - self.0)),
        }
    }

    pub fn elapsed(&self) -> Result<Duration, SystemTimeError> {
        SystemTime::now().duration_since(*self)
    }

    #[must_use]
    pub fn checked_add(&self, time: Duration) -> Option<SystemTime> {
        self.0.checked_add(time).map(SystemTime)
    }

    #[must_use]
    pub fn checked_sub(&self, time: Duration) -> Option<SystemTime> {
        self.0.checked_sub(time).map(SystemTime)
    }
}

impl Add<Duration> for SystemTime {
    type Output = SystemTime;

    fn add(self, time: Duration) -> SystemTime {
        SystemTime(self.0 + time)
    }
}

impl Sub<Duration> for SystemTime {
    type Output = SystemTime;

    fn sub(self, time: Duration) -> SystemTime {
        SystemTime(self.0 - time)
    }
}
