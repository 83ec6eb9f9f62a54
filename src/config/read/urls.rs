//! Addresses: pages, files, resolvers, `user@host:port`.

use std::net::{IpAddr, SocketAddr};
use std::path::{Component, PathBuf};

use url::Url;

use super::plain::str_of;
use super::quote;
use crate::config::doc::{Problem, problem};
use crate::config::table::TomlValue;
use crate::model::probe::Target;
use crate::model::vantage::Resolver;

/// `http://` or `https://`, with a host and without credentials.
pub(in crate::config) fn http_url(value: &TomlValue<'_>) -> Result<Url, Problem> {
    http_text(str_of(value)?)
}

/// The rule of [`http_url`], for addresses outside TOML.
pub(in crate::config) fn http_text(text: &str) -> Result<Url, Problem> {
    const MEND: &str = "write it whole, such as \"https://www.example.org/\"";
    let url = Url::parse(text).map_err(|e| problem(format!("not a URL: {e}"), MEND))?;
    // A strict reading of `https://https://host/` is a page of the host `https`.
    if matches!(url.host_str(), Some("http" | "https")) && text.matches("//").count() > 1 {
        return Err(problem(
            "the address begins twice",
            "take one `https://` out",
        ));
    }
    if !matches!(url.scheme(), "http" | "https") {
        let message = format!("`{}:` is not fetched", url.scheme());
        return Err(problem(message, "only http: and https: are"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(problem(
            "a URL holds no user or password",
            "take out everything before the `@`",
        ));
    }
    Ok(url)
}

/// The target of a probe: a page, or `file:` with a path in the workspace.
pub(in crate::config) fn target(value: &TomlValue<'_>) -> Result<Target, Problem> {
    let text = str_of(value)?;
    let Some(rest) = text.strip_prefix("file:") else {
        return http_text(text).map(Target::Url);
    };
    let path = PathBuf::from(rest.strip_prefix("//").unwrap_or(rest));
    let up = path.components().any(|c| c == Component::ParentDir);
    if path.as_os_str().is_empty() || up {
        return Err(problem(
            format!("{} is not a file of the workspace", quote(text)),
            "write a path below the workspace such as \"file:wind/status.json\", or an absolute one",
        ));
    }
    Ok(Target::File(path))
}

/// A resolver: `udp://`, `tcp://`, `tls://` or `https://` (and `system`).
pub(in crate::config) fn resolver(value: &TomlValue<'_>) -> Result<Resolver, Problem> {
    let text = str_of(value)?;
    if text == "system" {
        return Ok(Resolver::System);
    }
    let form = || {
        problem(
            format!("{} is not a resolver", quote(text)),
            "write \"system\", \"udp://9.9.9.9\", \"tcp://9.9.9.9\", \"tls://dns.quad9.net\" or \
             \"https://dns.quad9.net/dns-query\"",
        )
    };
    let (scheme, rest) = text.split_once("://").ok_or_else(form)?;
    match scheme {
        "https" => http_text(text).map(Resolver::Https),
        "udp" => Ok(Resolver::Udp(socket(rest, 53).ok_or_else(form)?)),
        "tcp" => Ok(Resolver::Tcp(socket(rest, 53).ok_or_else(form)?)),
        "tls" => {
            let (host, port) = authority(rest).ok_or_else(form)?;
            let port = port.unwrap_or(853);
            Ok(Resolver::Tls { host, port })
        }
        _ => Err(form()),
    }
}

/// An address with an optional port.
fn socket(text: &str, port: u16) -> Option<SocketAddr> {
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address);
    }
    let bare = text
        .strip_prefix('[')
        .and_then(|t| t.strip_suffix(']'))
        .unwrap_or(text);
    let ip: IpAddr = bare.parse().ok()?;
    Some(SocketAddr::new(ip, port))
}

/// `host[:port]`; IPv6 is in brackets, and is returned without them.
fn authority(text: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !host.ends_with(':') && !port.ends_with(']') => {
            let plain = port.bytes().all(|b| b.is_ascii_digit());
            let port = plain.then(|| port.parse().ok()).flatten()?;
            (host, Some(port))
        }
        _ => (text, None),
    };
    if port == Some(0) {
        return None;
    }
    let host = match url::Host::parse(host).ok()? {
        url::Host::Domain(name) => name,
        url::Host::Ipv4(ip) => ip.to_string(),
        url::Host::Ipv6(ip) => ip.to_string(),
    };
    Some((host, port))
}

/// `[user@]host[:port]`. A password after the user is refused with a specific error, because it is
/// a secret.
pub(in crate::config) fn user_and_host(text: &str) -> Result<UrlLogin, LoginFault> {
    let (user, rest) = match text.rsplit_once('@') {
        Some((user, _)) if user.contains(':') => return Err(LoginFault::Password),
        Some((user, rest)) if !user.is_empty() => (Some(user.to_owned()), rest),
        Some(_) => return Err(LoginFault::Form),
        None => (None, text),
    };
    let (host, port) = authority(rest.strip_suffix('/').unwrap_or(rest)).ok_or(LoginFault::Form)?;
    Ok(UrlLogin { user, host, port })
}

/// A user and a host.
pub(in crate::config) struct UrlLogin {
    pub user: Option<String>,
    pub host: String,
    pub port: Option<u16>,
}

/// Why [`user_and_host`] cannot be read.
pub(in crate::config) enum LoginFault {
    Password,
    Form,
}
