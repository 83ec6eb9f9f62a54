//! `[alerts]` and `[[alerts.to]]`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use super::transport::transport;
use crate::config::doc::{Problem, problem};
use crate::config::needs::Requirement;
use crate::config::read;
use crate::config::secrets::Secrets;
use crate::config::table::{SpannedValue, TomlTable, TomlValue};
use crate::model::settings::{Alerts, MailTransport, Recipient, SmtpTls, Topic};
use crate::model::vantage::Secret;

const TOPICS: [(&str, Topic); 5] = [
    ("regression", Topic::Regression),
    ("recovery", Topic::Recovery),
    ("improvement", Topic::Improvement),
    ("vantage", Topic::Vantage),
    ("links", Topic::Links),
];

/// Monday morning.
const LINKS_DIGEST: &str = "0 8 * * 1";

/// The section, and each recipient's `sources` with its place.
pub(super) fn alerts(
    table: &TomlTable<'_>,
    secrets: Secrets<'_>,
) -> (Alerts, Vec<SpannedValue<String>>) {
    let from = table.read("from", address);
    let transport = read_transport(table, secrets);
    let password = password(table, secrets, transport.as_ref());
    let group_wait = table.read("group_wait", read::duration);
    let repeat = table.read("repeat", read::positive);
    let admin = table.read("admin", address);
    let heartbeat = table.read("heartbeat", read::http_url);
    let hello = table.read("hello", hello);
    let ca = table.read("ca", |value| authorities(value, secrets));
    let mut sources = Vec::new();
    let to = table
        .tables("to", "[[alerts.to]]")
        .iter()
        .filter_map(|t| recipient(t, &mut sources))
        .collect();
    table.close();
    let alerts = Alerts {
        from: from.unwrap_or_else(|| "accesswatch <accesswatch@example.org>".to_owned()),
        transport: transport.unwrap_or_else(|| outbox(secrets)),
        password,
        hello,
        ca,
        group_wait: group_wait.unwrap_or(Duration::from_secs(60)),
        repeat: repeat.unwrap_or(Duration::from_secs(24 * 3600)),
        admin,
        heartbeat,
        to,
    };
    (alerts, sources)
}

/// The mail transport; `None` when it could not be read, which is reported.
fn read_transport(table: &TomlTable<'_>, secrets: Secrets<'_>) -> Option<MailTransport> {
    let Some(value) = table.value("transport") else {
        return Some(outbox(secrets));
    };
    let text = value.read(read::line)?;
    match transport(&text, secrets.dir) {
        Ok(transport) => return Some(transport),
        Err((true, wrong)) => table.doc.secret_fault(value.span(), wrong),
        Err((false, wrong)) => table.doc.fault(value.span(), wrong),
    }
    None
}

fn outbox(secrets: Secrets<'_>) -> MailTransport {
    MailTransport::Folder(secrets.dir.join("data/outbox"))
}

/// The password, needed when the mail server asks for a login; also looked up when this is unknown.
fn password(
    table: &TomlTable<'_>,
    secrets: Secrets<'_>,
    transport: Option<&MailTransport>,
) -> Option<Secret> {
    let value = table.value("password");
    let Some(transport) = transport else {
        return value.and_then(|v| secrets.look_up(&v, secrets.needs.of_mail()));
    };
    let MailTransport::Smtp {
        host, user, tls, ..
    } = transport
    else {
        return value.and_then(|v| secrets.look_up(&v, Requirement::Unasked));
    };
    let at = table
        .value("transport")
        .map_or(table.span.clone(), |v| v.span());
    if user.is_some() && value.is_none() {
        let help =
            "add `password = \"file:PATH\"` or `password = \"env:ACCESSWATCH_SMTP_PASSWORD\"`";
        let what = problem("this mail server's user needs a password", help);
        table.doc.fault(at.clone(), what);
    }
    if let (None, Some(value)) = (user, &value) {
        let help = "write the user before the host, `smtp://USER@host`, or take the password out";
        let what = problem(
            "a password without a user: `transport` names no user, so there is no log-in",
            help,
        );
        value.doc.warn(value.span(), what);
    }
    if user.is_some() && *tls == SmtpTls::None && !is_this_computer(host) {
        let message = "the password goes to the mail server unprotected";
        let help = "leave out `?tls=none` unless the server is this computer";
        table.doc.warn(at, problem(message, help));
    }
    let want = secrets.needs.of_mail().when(user.is_some());
    value.and_then(|v| secrets.look_up(&v, want))
}

/// The name in the greeting to the mail server: a host name with a dot, or an address in brackets.
fn hello(value: &TomlValue<'_>) -> Result<String, Problem> {
    const MEND: &str = "write this computer's full name in DNS, such as \"watch.library.org\", or its address in brackets";
    let text = read::line(value)?;
    let bad = || {
        problem(
            format!("{} is not a full host name", read::quote(&text)),
            MEND,
        )
    };
    if let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        let ip = inner.strip_prefix("IPv6:").unwrap_or(inner);
        return ip
            .parse::<IpAddr>()
            .map(|_| text.clone())
            .map_err(|_| bad());
    }
    match url::Host::parse(&text) {
        Ok(url::Host::Domain(name)) => {
            let sound = |label: &str| {
                (1..=63).contains(&label.len())
                    && label
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            };
            let whole = name.contains('.') && name.len() <= 253 && name.split('.').all(sound);
            if whole { Ok(name) } else { Err(bad()) }
        }
        Ok(_) => Err(problem("an address is greeted with in brackets", MEND)),
        Err(_) => Err(bad()),
    }
}

/// A PEM file with certificates of authorities; stored with its absolute path.
fn authorities(value: &TomlValue<'_>, secrets: Secrets<'_>) -> Result<PathBuf, Problem> {
    const MEND: &str = "write the path of a PEM file, relative to the workspace";
    let path = PathBuf::from(read::line(value)?);
    let whole = secrets.dir.join(&path);
    let pem = std::fs::read(&whole).map_err(|error| {
        let message = format!(
            "the authorities `{}` cannot be read: {error}",
            path.display()
        );
        problem(message, MEND)
    })?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(whole),
        _ => {
            let message = format!("`{}` holds no certificate in PEM", path.display());
            Err(problem(
                message,
                "name a file that begins with -----BEGIN CERTIFICATE-----",
            ))
        }
    }
}

fn is_this_computer(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|ip| ip.is_loopback())
}

fn recipient(table: &TomlTable<'_>, places: &mut Vec<SpannedValue<String>>) -> Option<Recipient> {
    let address = table.need("address", "\"Librarian <librarian@example.org>\"", address);
    let language = table.read("language", read::language).unwrap_or_default();
    let sources = table.list("sources", source_pattern);
    let on = table.list("on", |v| read::choice(v, &TOPICS));
    let digest = table.read("digest", read::cron);
    let documents = table.list("documents", document_pattern);
    let links_digest = links_digest(table);
    table.close();
    let all = || vec!["*".to_owned()];
    let names = sources
        .as_ref()
        .map_or_else(all, |list| list.iter().map(|at| at.value.clone()).collect());
    places.extend(sources.unwrap_or_default());
    Some(Recipient {
        address: address?,
        language,
        sources: names,
        on: on.map_or_else(
            || TOPICS.iter().map(|(_, topic)| *topic).collect(),
            |list| list.into_iter().map(|at| at.value).collect(),
        ),
        digest: digest.map(|c| c.to_string()),
        documents: documents.map_or_else(all, |list| list.into_iter().map(|at| at.value).collect()),
        links_digest,
    })
}

/// When the letter on links is written: Mondays, unless another time or `""` is given.
fn links_digest(table: &TomlTable<'_>) -> Option<String> {
    let is_off = |value: &TomlValue<'_>| value.get().as_str().is_some_and(str::is_empty);
    match table.value("links_digest") {
        None => Some(LINKS_DIGEST.to_owned()),
        Some(value) if is_off(&value) => None,
        Some(_) => table
            .read("links_digest", read::cron)
            .map(|cron| cron.to_string()),
    }
}

/// A document's id, `group:NAME`, or a glob over its path or address.
fn document_pattern(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = read::line(value)?;
    if text.starts_with("group:") {
        return Ok(text);
    }
    read::glob(value)
}

/// An id, `group:NAME`, or a glob.
fn source_pattern(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = read::line(value)?;
    if text.starts_with("group:") {
        return Ok(text);
    }
    read::glob(value)
}

/// `Name <user@host>` or `user@host`.
fn address(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = read::line(value)?;
    if text.parse::<Mailbox>().is_ok() {
        return Ok(text);
    }
    if let Some(quoted) = with_quoted_name(&text)
        && quoted.parse::<Mailbox>().is_ok()
    {
        return Ok(quoted);
    }
    let help = if text.matches('@').count() > 1 {
        "write one address; each reader has an [[alerts.to]] of their own"
    } else {
        "write \"user@host\" or \"Name <user@host>\""
    };
    Err(problem(
        format!("{} is not a mail address", read::quote(&text)),
        help,
    ))
}

/// A name with brackets, commas, colons and the like, in the quotes that RFC 5322 requires.
fn with_quoted_name(text: &str) -> Option<String> {
    let (name, address) = text.rsplit_once('<')?;
    let name = name.trim().trim_matches('"');
    if name.is_empty() || name.contains(['@', '<', '>']) {
        return None;
    }
    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
    Some(format!("\"{name}\" <{address}"))
}
