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
use crate::model::vantage::{Control, NetworkClass, Resolver, Via};

/// What other files are held against, of a vantage that may have a fault.
pub(in crate::config) struct SeenVantage {
    /// None: it could not be read.
    pub id: Option<String>,
    pub licensed: bool,
    pub controls: Vec<SpannedValue<url::Url>>,
}

/// All vantages of the file, and those that have a fault among what is seen; ids are unique.
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

/// Without one there is nothing to do. Asked when the whole file was read: a section whose name is mistyped, or that
/// could not be read, is a fault of its own.
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
            controls: controls.into_iter().map(|at| at.value).collect(),
        })
    };
    (seen, vantage())
}

fn address(control: &SpannedValue<Control>) -> SpannedValue<url::Url> {
    SpannedValue {
        value: control.value.url.clone(),
        span: control.span.clone(),
    }
}

/// Who asks from the mainland has to say that they know what that may bring.
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

/// What a vantage is tried with when its file says nothing: pages that answer from nearly everywhere,
/// and one whose exact body gives a captive portal away.
const CONTROLS: [(&str, Option<&str>); 3] = [
    ("https://www.wikipedia.org/", None),
    ("https://www.hkex.com.hk/", None),
    (
        "http://detectportal.firefox.com/success.txt",
        Some("success\n"),
    ),
];

/// The usual ones stand where the vantage does.
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
