//! Tests that cannot run on this computer.

use std::io::Write as _;

/// Says that the rest of this test is skipped, and why. The harness shows what macros print only
/// for tests that fail, so that this is written past it.
pub fn skip(reason: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {reason}");
}
