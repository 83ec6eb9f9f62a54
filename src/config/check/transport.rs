//! `transport` of `[alerts]`: a folder, or a mail server.

use std::path::Path;

use crate::config::doc::{Problem, problem};
use crate::config::read::{self, LoginFault};
use crate::model::settings::{MailTransport, SmtpTls};

/// Reads `folder:PATH`, `smtp://…` or `smtps://…`. The flag of an error says that the text may
/// contain a password.
pub(super) fn transport(text: &str, dir: &Path) -> Result<MailTransport, (bool, Problem)> {
    if let Some(path) = text.strip_prefix("folder:") {
        if path.trim().is_empty() {
            let help = "write one such as \"folder:data/outbox\"";
            return Err((false, problem("the folder's path is missing", help)));
        }
        return Ok(MailTransport::Folder(dir.join(path)));
    }
    let form = || {
        let hide = text.contains('@');
        let shown = if hide {
            "this".to_owned()
        } else {
            read::quote(text)
        };
        let help = "write \"folder:data/outbox\", \"smtp://user@host:587\" (STARTTLS), \
                    \"smtps://user@host:465\" or \"smtp://localhost:25?tls=none\"";
        (
            hide,
            problem(format!("{shown} is not a mail transport"), help),
        )
    };
    let (scheme, rest) = text.split_once("://").ok_or_else(form)?;
    let (place, query) = match rest.split_once('?') {
        Some((place, query)) => (place, Some(query)),
        None => (rest, None),
    };
    let (tls, usual) = match (scheme, query) {
        ("smtp", None) => (SmtpTls::StartTls, 587),
        ("smtp", Some("tls=none")) => (SmtpTls::None, 25),
        ("smtps", None) => (SmtpTls::Implicit, 465),
        ("smtps", Some("tls=none")) => {
            let what = problem(
                "`smtps:` is TLS from the start",
                "write `smtp:`, or take out `?tls=none`",
            );
            return Err((text.contains('@'), what));
        }
        _ => return Err(form()),
    };
    match read::user_and_host(place) {
        Ok(login) => Ok(MailTransport::Smtp {
            host: login.host,
            port: login.port.unwrap_or(usual),
            user: login.user,
            tls,
        }),
        Err(LoginFault::Password) => Err((
            true,
            problem(
                "a password does not belong in `transport`",
                "write the user alone, and `password = \"env:ACCESSWATCH_SMTP_PASSWORD\"` below",
            ),
        )),
        Err(LoginFault::Form) => Err(form()),
    }
}
