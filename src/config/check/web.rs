//! `[web]`.

use std::net::{Ipv4Addr, SocketAddr};

use url::Url;

use crate::config::doc::{Problem, problem};
use crate::config::read;
use crate::config::secrets::Secrets;
use crate::config::table::{TomlTable, TomlValue};
use crate::model::settings::WebSettings;
use crate::model::vantage::Secret;

/// A shorter token can be guessed.
const SHORT_TOKEN: usize = 16;

/// Pages that are reachable from other computers need a token.
pub(super) fn web(table: &TomlTable<'_>, secrets: Secrets<'_>) -> WebSettings {
    let listen = table.read("listen", address);
    let base_url = table.read("base_url", base_url);
    // The need for a token is not reported where the address has a fault of its own.
    let is_known = !table.unread("listen", listen.as_ref());
    let listen = listen.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)));
    let is_open = !listen.ip().is_loopback();
    let leaves = is_open || base_url.is_some();
    let token = table.value("token");
    let read_token = table.value("read_token");
    let need = secrets.needs.of_web();
    let settings = WebSettings {
        listen,
        token: token
            .as_ref()
            .and_then(|v| secrets.look_up(v, need.when(leaves))),
        read_token: read_token.as_ref().and_then(|v| secrets.look_up(v, need)),
        hosts: table.values("hosts", host_name),
        public: table.read("public", read::flag).unwrap_or(false),
        timezone: table.read("timezone", read::zone),
        language: table.read("language", read::language).unwrap_or_default(),
        base_url,
    };
    match &token {
        None if leaves => report_missing_token(table, is_open),
        Some(v) if is_known && !leaves && settings.token.is_none() && is_reference(v) => {
            let message = "the token is not set: the pages are open to everyone on this computer";
            let help = "set it, or take the key out";
            table.doc.warn(v.span(), problem(message, help));
        }
        _ => {}
    }
    warn_of_short(table, token.as_ref(), settings.token.as_ref());
    warn_of_short(table, read_token.as_ref(), settings.read_token.as_ref());
    if is_open && is_known && settings.token.is_some() && !is_https(settings.base_url.as_ref()) {
        warn_of_plain_text(table);
    }
    table.close();
    settings
}

fn report_missing_token(table: &TomlTable<'_>, is_open: bool) {
    let (key, message, help) = if is_open {
        (
            "listen",
            "who listens beyond this computer needs a token",
            "add `token = \"env:ACCESSWATCH_WEB_TOKEN\"`, or listen on 127.0.0.1",
        )
    } else {
        (
            "base_url",
            "pages that are reached from other computers need a token",
            "add `token = \"env:ACCESSWATCH_WEB_TOKEN\"`, or take `base_url` out",
        )
    };
    let at = table
        .value(key)
        .map_or_else(|| table.span.clone(), |v| v.span());
    table.doc.fault(at, problem(message, help));
}

fn warn_of_short(table: &TomlTable<'_>, value: Option<&TomlValue<'_>>, secret: Option<&Secret>) {
    if let (Some(value), Some(secret)) = (value, secret)
        && secret.0.len() < SHORT_TOKEN
    {
        let message = "this token is under 16 characters and can be guessed";
        let help = "make a new one with `openssl rand -base64 24`";
        table.doc.warn(value.span(), problem(message, help));
    }
}

fn warn_of_plain_text(table: &TomlTable<'_>) {
    let at = table
        .value("listen")
        .map_or_else(|| table.span.clone(), |v| v.span());
    let message = "tokens cross the network in plain text";
    let help = "put a proxy with TLS in front, and set `base_url` to its https address";
    table.doc.warn(at, problem(message, help));
}

fn is_https(url: Option<&Url>) -> bool {
    url.is_some_and(|url| url.scheme() == "https")
}

fn address(value: &TomlValue<'_>) -> Result<SocketAddr, Problem> {
    let text = read::line(value)?;
    text.parse().map_err(|_| {
        problem(
            format!("{} is not an address with a port", read::quote(&text)),
            "write one such as \"127.0.0.1:8080\" or \"[::1]:8080\"",
        )
    })
}

/// A scheme, a host and a port, and nothing else.
fn base_url(value: &TomlValue<'_>) -> Result<Url, Problem> {
    let url = read::http_url(value)?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(problem(
            "the address of the pages has no path",
            "write scheme, host and port alone, such as \"https://access.your.org\"",
        ));
    }
    Ok(url)
}

/// A name as `Host` has it, without a port.
fn host_name(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = read::line(value)?.to_ascii_lowercase();
    let is_name = url::Host::parse(&text).is_ok_and(|host| host.to_string() == text);
    if is_name {
        return Ok(text);
    }
    Err(problem(
        format!("{} is not a host name", read::quote(&text)),
        "write the name alone, such as \"access.lan\"",
    ))
}

/// A value that refers to no secret is already reported as a fault.
fn is_reference(value: &TomlValue<'_>) -> bool {
    let text = value.get().as_str().unwrap_or_default();
    text.starts_with("env:") || text.starts_with("file:")
}
