//! `config/accesswatch.toml`, except vantages, alerts and the web. `docs/configuration.md` has the
//! defaults.

use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use super::vantage::SeenVantage;
use super::{alerts, copies, fleet, vantage, web, with_root};
use crate::config::doc::{DiagnosedFile, Problem, problem};
use crate::config::read;
use crate::config::secrets::Secrets;
use crate::config::table::{SpannedValue, TomlTable, TomlValue};
use crate::model::Settings;
use crate::model::settings::{
    AsnSettings, Confirm, DnsSettings, EvidenceSettings, LinkSettings, PathSettings, Politeness,
    ScheduleSettings, StoreSettings,
};
use crate::model::vantage::Resolver;

/// Settings, with the places that checks across files point to.
pub(in crate::config) struct CheckedSettings {
    pub settings: Settings,
    /// The vantages, including invalid ones.
    pub vantages: Vec<SeenVantage>,
    /// Whether there may be vantages that could not be read.
    pub more_vantages: bool,
    /// The pages for testing mainland paths.
    pub path_controls: Vec<SpannedValue<url::Url>>,
    /// `per_host_connections`, when it is above 2.
    pub many_connections: Option<Range<usize>>,
    /// Each recipient's `sources`.
    pub recipient_sources: Vec<SpannedValue<String>>,
    /// The place of the default schedule, if it fires more than once an hour.
    pub frequent_default: Option<Range<usize>>,
}

/// Reads the whole file. `None` when nothing usable is left after faults.
pub(in crate::config) fn settings(
    doc: &DiagnosedFile,
    secrets: Secrets<'_>,
) -> Option<CheckedSettings> {
    with_root(doc, "the configuration", |root| {
        let store = store(&root.table("store", "[store]"), secrets.dir);
        let (schedule, frequent_default) = schedule(&root.table("schedule", "[schedule]"));
        let (politeness, many_connections) = politeness(&root.table("politeness", "[politeness]"));
        let confirm = confirm(&root.table("confirm", "[confirm]"));
        let dns = dns(&root.table("dns", "[dns]"));
        let path_controls = path(&root.table("path", "[path]"));
        let asn = asn(&root.table("asn", "[asn]"), secrets.dir);
        let (vantages, seen) = vantage::vantages(root, secrets);
        let (alerts, recipient_sources) =
            alerts::alerts(&root.table("alerts", "[alerts]"), secrets);
        let web = web::web(&root.table("web", "[web]"), secrets);
        let evidence = evidence(&root.table("evidence", "[evidence]"));
        let fleet = fleet::fleet(&root.table("fleet", "[fleet]"));
        let links = cited_links(&root.table("links", "[links]"), secrets);
        vantage::none_at_all(root);
        let path = PathSettings {
            controls: path_controls.iter().map(|at| at.value.clone()).collect(),
        };
        CheckedSettings {
            more_vantages: root.mistyped("vantage") || seen.is_empty(),
            vantages: seen,
            path_controls,
            settings: Settings {
                store,
                schedule,
                politeness,
                confirm,
                dns,
                path,
                asn,
                evidence,
                vantages,
                alerts,
                web,
                links,
                fleet,
            },
            many_connections,
            recipient_sources,
            frequent_default,
        }
    })
}

const HOUR: Duration = Duration::from_secs(3600);

fn days(n: u32) -> Duration {
    HOUR * 24 * n
}

fn seconds(list: &[u64]) -> Vec<Duration> {
    list.iter().map(|s| Duration::from_secs(*s)).collect()
}

fn store(table: &TomlTable<'_>, dir: &Path) -> StoreSettings {
    let path = |key, default: &str| {
        let path = table.read(key, read::line);
        dir.join(path.unwrap_or_else(|| default.to_owned()))
    };
    let store = StoreSettings {
        path: path("path", "data/accesswatch.db"),
        evidence: path("evidence", "data/evidence"),
        keep_measurements: table
            .read("keep_measurements", read::positive)
            .unwrap_or(days(400)),
        keep_bodies: table
            .read("keep_bodies", read::duration)
            .unwrap_or(days(30)),
    };
    table.close();
    store
}

fn schedule(table: &TomlTable<'_>) -> (ScheduleSettings, Option<Range<usize>>) {
    let timezone = table.read("timezone", read::zone);
    let default = table.read_at("default", read::cron);
    let jitter = table.read("jitter", |v| {
        let jitter = read::duration(v)?;
        if jitter > HOUR {
            return Err(problem(
                "a jitter over an hour would move checks into other hours",
                "write at most \"1h\"",
            ));
        }
        Ok(jitter)
    });
    table.close();
    let frequent = default.as_ref().filter(|c| c.value.is_more_than_hourly());
    let frequent = frequent.map(|c| c.span.clone());
    let default = default.map_or("20 9,15,21 * * *".to_owned(), |c| c.value.to_string());
    let settings = ScheduleSettings {
        timezone: timezone.unwrap_or(chrono_tz::Asia::Shanghai),
        default,
        jitter: jitter.unwrap_or(Duration::from_secs(600)),
    };
    (settings, frequent)
}

fn politeness(table: &TomlTable<'_>) -> (Politeness, Option<Range<usize>>) {
    let connections = table.read_at("per_host_connections", read::count);
    let second = Duration::from_secs(1);
    let back_off = table.read("back_off", read::duration);
    let back_off_max = table.read("back_off_max", read::duration);
    let unread = table.unread("back_off", back_off.as_ref())
        || table.unread("back_off_max", back_off_max.as_ref());
    let politeness = Politeness {
        contact: table.read("contact", contact),
        per_host_interval: table
            .read("per_host_interval", read::duration)
            .unwrap_or(second * 2),
        per_host_connections: connections.as_ref().map_or(1, |c| c.value),
        concurrency: table.read("concurrency", read::count).unwrap_or(64),
        timeout: table.read("timeout", read::positive).unwrap_or(second * 20),
        connect_timeout: table
            .read("connect_timeout", read::positive)
            .unwrap_or(second * 10),
        max_body: table.read("max_body", max_body).unwrap_or(2 << 20),
        robots: table.read("robots", read::flag).unwrap_or(true),
        back_off: back_off.unwrap_or(days(1)),
        back_off_max: back_off_max.unwrap_or(days(3)),
    };
    if !unread && politeness.back_off > politeness.back_off_max {
        let at = table.value("back_off_max").or(table.value("back_off"));
        let help = "write a `back_off_max` that is at least `back_off`";
        let span = at.map_or(table.span.clone(), |v| v.span());
        let what = problem("`back_off` is longer than `back_off_max`", help);
        table.doc.fault(span, what);
    }
    table.close();
    let many = connections.filter(|c| c.value > 2).map(|c| c.span);
    (politeness, many)
}

/// How the links of documents are checked.
fn cited_links(table: &TomlTable<'_>, secrets: Secrets<'_>) -> LinkSettings {
    let usual = LinkSettings::default();
    let interval = |key, usual| table.read(key, read::positive).unwrap_or(usual);
    let vantages = table.values("vantages", read::line);
    let links = LinkSettings {
        every: interval("every", usual.every),
        doubtful: interval("doubtful", usual.doubtful),
        daily: table
            .read("daily", read::count)
            .map_or(usual.daily, |n| n as u64),
        vantages: if vantages.is_empty() {
            usual.vantages
        } else {
            vantages
        },
        documents: table.values("documents", document_place),
        per_domain_interval: table
            .read("per_domain_interval", read::duration)
            .unwrap_or(usual.per_domain_interval),
        robots: table.read("robots", read::flag).unwrap_or(usual.robots),
        private: table.read("private", read::flag).unwrap_or(usual.private),
        proxy_suffix: table.values("proxy_suffix", proxy_suffix),
        copies: copies::copies(table, secrets),
    };
    table.close();
    links
}

/// A file, a folder or a glob, or the address of a page, a sitemap or a feed, whose documents are
/// imported every night.
fn document_place(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = read::line(value)?;
    if !text.contains("://") {
        return Ok(text);
    }
    let url = url::Url::parse(&text).ok();
    let is_open = |url: &url::Url| url.username().is_empty() && url.password().is_none();
    let is_page = url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && is_open(&url));
    if is_page {
        return Ok(text);
    }
    Err(problem(
        format!("{} is no address of a page", read::quote(&text)),
        "name a file, a folder or a glob, or an address that begins with http:// or https://, without credentials",
    ))
}

/// The host of a library's proxy: `ezproxy.example.edu`.
fn proxy_suffix(value: &TomlValue<'_>) -> Result<String, Problem> {
    let text = read::line(value)?.to_ascii_lowercase();
    let name = text.trim_start_matches('.');
    let is_host = url::Host::parse(name).is_ok() && name.contains('.');
    if is_host {
        return Ok(name.to_owned());
    }
    Err(problem(
        format!("{} is not a host", read::quote(&text)),
        "write the host of the proxy, such as \"ezproxy.example.edu\"",
    ))
}

/// Goes into a header inside parentheses.
fn contact(value: &TomlValue<'_>) -> Result<String, Problem> {
    let contact = read::line(value)?;
    if contact
        .bytes()
        .all(|b| b.is_ascii_graphic() && b != b'(' && b != b')')
    {
        return Ok(contact);
    }
    Err(problem(
        format!("{} cannot be part of a User-Agent", read::quote(&contact)),
        "write a mail address or a URL, in ASCII and without spaces",
    ))
}

fn max_body(value: &TomlValue<'_>) -> Result<u64, Problem> {
    let size = read::size(value)?;
    if (1024..=256 << 20).contains(&size) {
        return Ok(size);
    }
    Err(problem(
        "this body limit is of no use",
        "write a size from \"1 KiB\" to \"256 MiB\"",
    ))
}

fn confirm(table: &TomlTable<'_>) -> Confirm {
    let waits = |key| {
        let list = table.list(key, read::duration)?;
        // A suspicion that is never probed again would never be confirmed or end. A value of
        // another kind is already reported.
        let empty = |v: &TomlValue<'_>| v.get().as_array().is_some_and(|list| list.is_empty());
        if let Some(value) = table.value(key).filter(empty) {
            let at = value.span();
            let help = format!("write at least one wait, such as `{key} = [\"20s\"]`");
            let what = problem(
                "without a second look no change would ever be confirmed",
                help,
            );
            table.doc.fault(at, what);
        }
        Some(list.into_iter().map(|at| at.value).collect())
    };
    let confirm = Confirm {
        after: waits("after").unwrap_or_else(|| seconds(&[20, 60, 180])),
        recover_after: waits("recover_after").unwrap_or_else(|| seconds(&[20, 60])),
        hold: table
            .read("hold", read::duration)
            .unwrap_or(Duration::from_secs(90 * 60)),
        night: table
            .read("night", read::night)
            .unwrap_or(Some((22 * 60, 8 * 60))),
    };
    table.close();
    confirm
}

fn dns(table: &TomlTable<'_>) -> DnsSettings {
    let reference = table.read("reference", |v| match read::resolver(v)? {
        Resolver::System => Err(problem(
            "the system's resolver is what the reference is compared with",
            "name an unfiltered one, such as \"https://dns10.quad9.net/dns-query\"",
        )),
        other => Ok(other),
    });
    table.close();
    DnsSettings {
        reference: reference.unwrap_or_else(default_reference),
    }
}

/// Quad9's unfiltered service.
fn default_reference() -> Resolver {
    match url::Url::parse("https://dns10.quad9.net/dns-query") {
        Ok(url) => Resolver::Https(url),
        Err(_) => Resolver::System,
    }
}

fn path(table: &TomlTable<'_>) -> Vec<SpannedValue<url::Url>> {
    let controls = table.list("controls", read::http_url);
    table.close();
    controls.unwrap_or_default()
}

fn evidence(table: &TomlTable<'_>) -> EvidenceSettings {
    let keep = table.read("keep", |v| match read::line(v) {
        Ok(text) if text == "forever" => Ok(None),
        _ => read::positive(v).map(Some),
    });
    let timestamp = table.read("timestamp", read::http_url);
    table.close();
    EvidenceSettings {
        keep: keep.flatten(),
        timestamp,
    }
}

/// Whether the file is there is looked at where it is read: nothing needs it.
fn asn(table: &TomlTable<'_>, dir: &Path) -> AsnSettings {
    let database = table.read("database", read::line);
    table.close();
    AsnSettings {
        database: database.map(|path| dir.join(path)),
    }
}
