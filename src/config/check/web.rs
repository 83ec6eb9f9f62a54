//! `[web]`.

use std::net::{Ipv4Addr, SocketAddr};

use crate::config::doc::problem;
use crate::config::read;
use crate::config::secrets::Secrets;
use crate::config::table::{TomlTable, TomlValue};
use crate::model::settings::WebSettings;

/// Pages that are reachable from other computers need a token.
pub(super) fn web(table: &TomlTable<'_>, secrets: Secrets<'_>) -> WebSettings {
    let listen = table.read("listen", |v| {
        let text = read::line(v)?;
        text.parse::<SocketAddr>().map_err(|_| {
            problem(
                format!("{} is not an address with a port", read::quote(&text)),
                "write one such as \"127.0.0.1:8080\" or \"[::1]:8080\"",
            )
        })
    });
    // If the value of `listen` could not be read, neither a missing token nor open pages are
    // reported.
    let told = !table.unread("listen", listen.as_ref());
    let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    let listen = listen.unwrap_or(default);
    let open = !listen.ip().is_loopback();
    let value = table.value("token");
    let token = value.and_then(|v| secrets.look_up(&v, secrets.needs.of_web().when(open)));
    match &value {
        None if open => {
            let at = table
                .value("listen")
                .map_or(table.span.clone(), |v| v.span());
            let help = "add `token = \"env:ACCESSWATCH_WEB_TOKEN\"`, or listen on 127.0.0.1";
            table.doc.fault(
                at,
                problem("who listens beyond this computer needs a token", help),
            );
        }
        Some(v) if told && !open && token.is_none() && is_reference(v) => {
            let message = "the token is not set: the pages are open to everyone on this computer";
            let help = "set it, or take the key out";
            table.doc.warn(v.span(), problem(message, help));
        }
        _ => {}
    }
    table.close();
    WebSettings { listen, token }
}

/// Already reported as a fault.
fn is_reference(value: &TomlValue<'_>) -> bool {
    let text = value.get().as_str().unwrap_or_default();
    text.starts_with("env:") || text.starts_with("file:")
}
