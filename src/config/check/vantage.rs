//! `[[vantage]]`.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use super::via;
use crate::config::doc::{Problem, problem};
use crate::config::read;
use crate::config::secrets::Secrets;
use crate::config::table::{SpannedValue, TomlTable, TomlValue};
use crate::model::Vantage;
use crate::model::vantage::{Control, NetworkClass, Resolver, Secret, Via};

/// The data of a possibly invalid vantage that other files are checked against.
pub(in crate::config) struct SeenVantage {
    /// `None`: it could not be read.
    pub id: Option<String>,
    pub licensed: bool,
    pub controls: Vec<SpannedValue<url::Url>>,
}

/// All vantages of the file, including invalid ones in `seen`; ids are unique.
pub(super) fn vantages(
    root: &TomlTable<'_>,
    secrets: Secrets<'_>,
) -> (Vec<Vantage>, Vec<SeenVantage>) {
    let mut places = BTreeMap::new();
    let (mut vantages, mut all) = (Vec::new(), Vec::new());
    for table in &root.tables("vantage", "[[vantage]]") {
        let at = table.value("id").map_or(table.span.clone(), |v| v.span());
        let (seen, vantage) = vantage(table, secrets);
        table.close();
        let first = seen
            .id
            .clone()
            .map(|id| (places.insert(id.clone(), at.start), id));
        if let Some((Some(first), id)) = first {
            let message = format!("the vantage `{id}` is there twice");
            let first = table.doc.place(first);
            let help = format!("give it another id; the first is at {first}");
            table.doc.fault(at, problem(message, help));
        }
        vantages.extend(vantage);
        all.push(seen);
    }
    (vantages, all)
}

/// Reports a file without a vantage. Called when the whole file was read: a section with a mistyped
/// name, or an unreadable one, is a separate fault.
pub(super) fn none_at_all(root: &TomlTable<'_>) {
    let empty = root
        .value("vantage")
        .is_none_or(|v| v.get().as_array().is_some_and(|list| list.is_empty()));
    if empty && !root.mistyped("vantage") {
        let help = "add a [[vantage]] with `id`, `country` and `via = \"direct\"`";
        let what = problem("there is no vantage to probe from", help);
        root.doc.fault(0..0, what);
    }
}

fn vantage(table: &TomlTable<'_>, secrets: Secrets<'_>) -> (SeenVantage, Option<Vantage>) {
    let id = table.need("id", "\"here\"", read::id);
    let name = table.read("name", read::line);
    let country = table.need("country", "\"DE\"", read::country);
    let via = via::via(table, secrets, id.as_deref());
    let resolver = table.read("resolver", read::resolver);
    proxied_resolver(table, via.as_ref(), resolver.as_ref());
    let bind = table.read("bind", bind);
    let exit = exit(table);
    let ca = table.read("ca", |v| ca(v, secrets));
    let network = table.read("network", network);
    let licensed = table.read("licensed", read::flag).unwrap_or(false);
    let token = token(table, secrets, via.as_ref());
    let controls = controls(table);
    local_risk(table, country.as_deref());
    let seen = SeenVantage {
        id: id.clone(),
        licensed,
        controls: controls.iter().map(address).collect(),
    };
    let vantage = || {
        let id = id?;
        Some(Vantage {
            name: name.unwrap_or_else(|| id.clone()),
            id: id.into(),
            country: country?,
            via: via?,
            resolver: resolver.unwrap_or_default(),
            bind,
            exit,
            ca,
            network,
            licensed,
            token,
            controls: controls.into_iter().map(|at| at.value).collect(),
        })
    };
    (seen, vantage())
}

/// A shorter token can be guessed.
const SHORT_TOKEN: usize = 16;

/// What the agent of the vantage sends as bearer; nobody else sends anything.
fn token(table: &TomlTable<'_>, secrets: Secrets<'_>, via: Option<&Via>) -> Option<Secret> {
    let value = table.value("token")?;
    if via.is_some_and(|via| *via != Via::Agent) {
        let message = "only an agent sends a token";
        let help = "write `via = \"agent\"`, or take the token out";
        table.doc.fault(value.span(), problem(message, help));
    }
    let token = secrets.look_up(&value, secrets.needs.of_web())?;
    if token.0.len() < SHORT_TOKEN {
        let message = "this token is under 16 characters and can be guessed";
        let help = "make a new one with `openssl rand -base64 24`";
        table.doc.warn(value.span(), problem(message, help));
    }
    Some(token)
}

fn address(control: &SpannedValue<Control>) -> SpannedValue<url::Url> {
    SpannedValue {
        value: control.value.url.clone(),
        span: control.span.clone(),
    }
}

/// A vantage in the mainland requires the operator's statement that the risk is known.
fn local_risk(table: &TomlTable<'_>, country: Option<&str>) {
    let accepted = table.read("accept_local_risk", read::flag);
    let unread =
        table.unread("accept_local_risk", accepted.as_ref()) || table.mistyped("accept_local_risk");
    let accepted = unread || accepted.unwrap_or(false);
    let at = table
        .value("country")
        .map_or(table.span.clone(), |v| v.span());
    match country {
        Some("CN") if !accepted => table.doc.fault(
            at,
            problem(
                "a vantage in CN can put whoever runs it at risk under local law",
                "add `accept_local_risk = true` if that person knows and agrees, or leave the vantage out",
            ),
        ),
        Some(code @ ("HK" | "MO")) => table.doc.warn(
            at,
            problem(
                format!("a vantage in {code} can put whoever runs it at risk under local law"),
                "make sure that this person knows and agrees; exports can leave out vantage names and exit addresses",
            ),
        ),
        _ => {}
    }
}

fn proxied_resolver(table: &TomlTable<'_>, via: Option<&Via>, resolver: Option<&Resolver>) {
    let proxied = matches!(via, Some(Via::Socks5(_) | Via::HttpConnect(_)));
    if let (true, Some(_), Some(at)) = (proxied, resolver, table.value("resolver")) {
        let message = "names are resolved at the proxy: this resolver is not asked";
        table.doc.warn(at.span(), problem(message, "take it out"));
    }
}

/// The addresses as which sites see the vantage.
fn exit(table: &TomlTable<'_>) -> Vec<IpAddr> {
    let Some(value) = table.value("exit") else {
        return Vec::new();
    };
    let address = |value: &TomlValue<'_>| {
        let text = read::line(value)?;
        text.parse().map_err(|_| {
            problem(
                format!("{} is not an address", read::quote(&text)),
                "write the address as which sites see this vantage, such as \"203.0.113.9\"",
            )
        })
    };
    let list = value.list();
    list.iter()
        .filter_map(|value| value.read(address))
        .collect()
}

fn bind(value: &TomlValue<'_>) -> Result<IpAddr, Problem> {
    let text = read::line(value)?;
    text.parse().map_err(|_| {
        problem(
            format!("{} is not an address", read::quote(&text)),
            "write an address of this computer, such as \"192.0.2.10\"",
        )
    })
}

fn ca(value: &TomlValue<'_>, secrets: Secrets<'_>) -> Result<PathBuf, Problem> {
    let path = PathBuf::from(read::line(value)?);
    match std::fs::metadata(secrets.dir.join(&path)) {
        Ok(_) => Ok(path),
        Err(e) => Err(problem(
            format!("the roots `{}` cannot be read: {e}", path.display()),
            "write the path of a PEM file, relative to the workspace",
        )),
    }
}

fn network(value: &TomlValue<'_>) -> Result<NetworkClass, Problem> {
    let words: Vec<(&str, NetworkClass)> =
        NetworkClass::ALL.iter().map(|c| (c.as_str(), *c)).collect();
    read::choice(value, &words)
}

/// The default controls of a vantage: pages that are reachable from nearly everywhere, and one with
/// a fixed body that reveals a captive portal.
const CONTROLS: [(&str, Option<&str>); 3] = [
    ("https://www.wikipedia.org/", None),
    ("https://www.hkex.com.hk/", None),
    (
        "http://detectportal.firefox.com/success.txt",
        Some("success\n"),
    ),
];

/// The default controls have the place of the vantage in the file.
fn controls(table: &TomlTable<'_>) -> Vec<SpannedValue<Control>> {
    let Some(value) = table.value("controls") else {
        let control = |(url, body): &(&str, Option<&str>)| {
            let url = url::Url::parse(url).ok()?;
            let body = body.map(str::to_owned);
            Some(SpannedValue {
                value: Control {
                    url,
                    body,
                    echo: false,
                },
                span: table.span.clone(),
            })
        };
        return CONTROLS.iter().filter_map(control).collect();
    };
    let list = value.list();
    if list.is_empty() && value.get().is_array() {
        let what = problem(
            "without a control nobody can tell whether this vantage works",
            "name pages of third parties, or leave the key out for the usual ones",
        );
        table.doc.fault(value.span(), what);
    }
    list.iter().filter_map(control).collect()
}

/// A URL, or `{ url = "…", body = "…", echo = true }`.
fn control(value: &TomlValue<'_>) -> Option<SpannedValue<Control>> {
    if !value.get().is_table() {
        let url = value.read(read::http_url)?;
        return Some(SpannedValue {
            value: Control {
                url,
                body: None,
                echo: false,
            },
            span: value.span(),
        });
    }
    let table = value.table("a control");
    let url = table.need_at("url", "\"https://…\"", read::http_url);
    let body = table.read("body", read::text);
    let echo = table.read("echo", read::flag).unwrap_or(false);
    table.close();
    let SpannedValue { value: url, span } = url?;
    Some(SpannedValue {
        value: Control { url, body, echo },
        span,
    })
}
