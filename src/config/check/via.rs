//! `via` of a vantage: its egress.

use crate::config::doc::{Problem, problem};
use crate::config::read::{self, LoginFault};
use crate::config::secrets::Secrets;
use crate::config::table::TomlTable;
use crate::model::vantage::{ProxyAddress, Secret, Via};

/// Reads `via` and `password` of the vantage `id`.
pub(super) fn via(table: &TomlTable<'_>, secrets: Secrets<'_>, id: Option<&str>) -> Option<Via> {
    let via = table.value("via");
    let text = match &via {
        Some(value) => value.read(read::line),
        None => Some("direct".to_owned()),
    };
    let parsed = match text.as_deref().map(parse) {
        None => None,
        Some(Ok(parsed)) => Some(parsed),
        Some(Err((hide, wrong))) => {
            let span = via.map_or(table.span.clone(), |v| v.span());
            if hide {
                table.doc.secret_fault(span, wrong);
            } else {
                table.doc.fault(span, wrong);
            }
            None
        }
    };
    let user = match &parsed {
        Some(Via::Socks5(proxy) | Via::HttpConnect(proxy)) => proxy.user.is_some(),
        _ => false,
    };
    let password = password(table, secrets, id, parsed.as_ref().map(|_| user));
    parsed.map(|via| match via {
        Via::Socks5(proxy) => Via::Socks5(ProxyAddress { password, ..proxy }),
        Via::HttpConnect(proxy) => Via::HttpConnect(ProxyAddress { password, ..proxy }),
        other => other,
    })
}

/// A password belongs to a proxy with a user. `user` says whether there is one, if `via` could be
/// read; otherwise the password is looked up as if there were one.
fn password(
    table: &TomlTable<'_>,
    secrets: Secrets<'_>,
    id: Option<&str>,
    user: Option<bool>,
) -> Option<Secret> {
    let value = table.value("password")?;
    if user == Some(false) {
        let what = problem(
            "a password without a user is not asked for",
            "write `via = \"socks5://USER@host:port\"`, or take the password out",
        );
        table.doc.fault(value.span(), what);
    }
    secrets.look_up(
        &value,
        secrets.needs.of_vantage(id).when(user != Some(false)),
    )
}

const FORMS: &str =
    "write \"direct\", \"agent\", \"socks5://[user@]host:port\" or \"http://[user@]host:port\"";

/// Reads the text; the flag of an error says that the text may contain a password.
fn parse(text: &str) -> Result<Via, (bool, Problem)> {
    match text {
        "direct" => return Ok(Via::Direct),
        "agent" => return Ok(Via::Agent),
        _ => {}
    }
    let form = |help: &str| {
        let hide = text.contains('@');
        let shown = if hide {
            "this".to_owned()
        } else {
            read::quote(text)
        };
        (hide, problem(format!("{shown} is not a way out"), help))
    };
    let (scheme, rest) = text.split_once("://").ok_or_else(|| form(FORMS))?;
    let kind: fn(ProxyAddress) -> Via = match scheme {
        "socks5" => Via::Socks5,
        "http" => Via::HttpConnect,
        "socks5h" => {
            return Err(form(
                "write `socks5://`: names are always resolved at the proxy",
            ));
        }
        _ => return Err(form(FORMS)),
    };
    match read::user_and_host(rest) {
        Ok(login) => {
            let Some(port) = login.port else {
                return Err(form("add the port, such as `:1080`"));
            };
            Ok(kind(ProxyAddress {
                host: login.host,
                port,
                user: login.user,
                password: None,
            }))
        }
        Err(LoginFault::Password) => Err((
            true,
            problem(
                "a password does not belong in `via`",
                "write only the user, and next to it `password = \"env:NAME\"`",
            ),
        )),
        Err(LoginFault::Form) => Err(form(FORMS)),
    }
}
