//! The clock is an argument of everything that needs the time, so that tests and the demo can run
//! days in seconds.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::time::Time;

/// Gives the time, and waits.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present instant.
    fn now(&self) -> Time;

    /// Waits until `duration` of this clock's time has passed.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}
