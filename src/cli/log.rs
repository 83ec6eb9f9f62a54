//! The log of commands that run until they are stopped: a line each on standard error, which
//! journald keeps.

/// Starts it; `RUST_LOG` says what is logged.
pub fn start() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(super::out::on_terminal())
        .try_init();
}
