//! Why a route could not be built: errors in the configuration, never in the probed site.

use std::path::PathBuf;

/// A vantage that cannot be used. Each message names the fix.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The file of additional roots cannot be read.
    #[error(
        "vantage `{vantage}`: the roots in {path} cannot be read ({source}): name a readable PEM file in `ca`"
    )]
    RootsUnreadable {
        vantage: String,
        path: PathBuf,
        source: std::io::Error,
    },
    /// The file of additional roots has no certificate, or an invalid one.
    #[error(
        "vantage `{vantage}`: {path} {what}: put PEM certificates (`-----BEGIN CERTIFICATE-----`) there, or leave `ca` out"
    )]
    RootsFaulty {
        vantage: String,
        path: PathBuf,
        what: String,
    },
    /// rustls refused our own settings.
    #[error("vantage `{vantage}`: TLS cannot be set up ({what}): check `ca`")]
    Tls { vantage: String, what: String },
    /// The resolver's host is neither a name nor an address.
    #[error(
        "vantage `{vantage}`: the resolver `{resolver}` cannot be used ({what}): check `resolver`"
    )]
    Resolver {
        vantage: String,
        resolver: String,
        what: String,
    },
    /// RFC 1929 carries at most 255 bytes each, RFC 7617 no colon in the user.
    #[error(
        "vantage `{vantage}`: the proxy's user or password cannot be sent ({what}): shorten or change it in `via`"
    )]
    ProxyLogin { vantage: String, what: String },
    /// Agents measure elsewhere; a route from here does not exist.
    #[error(
        "vantage `{vantage}` is measured by an agent elsewhere: run the agent there, or give the vantage another `via`"
    )]
    Agent { vantage: String },
}
