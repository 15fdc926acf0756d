//! What a program does that is no step, and that a report has to speak of.

/// It writes the number of a thread, which depends on who spawned first.
pub const THREAD_NUMBER: &str = "thread-number";

/// It asks how much time has passed.
pub const CLOCK: &str = "clock";

/// A half line is lost that isn't the last one in every order.
pub const HALF_LINE: &str = "half-line";

/// A thread parks that has waited at a channel.
pub const PARK_AFTER_CHANNEL: &str = "park-after-channel";

/// It reads on after it has stopped reading from a client that had sent more.
pub const STOPS_READING: &str = "stops-reading";

/// A thread parks that has left a `thread::scope`.
pub const PARK_AFTER_SCOPE: &str = "park-after-scope";

/// It goes through a map whose order is up to chance, or asks for a number that is.
pub const MAP_ORDER: &str = "map-order";
