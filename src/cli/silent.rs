//! What fails silently: no recipients, addresses that were never filled in, files that nothing
//! reads. `check` and `doctor` report each with its fix.

use std::path::Path;

use crate::alert::filter::{follows, wants};
use crate::config::{self, Workspace};
use crate::model::settings::{MailTransport, Recipient, Topic};
use crate::model::{Incident, IncidentKind, SourceId};
use crate::text::clean;

use super::messages::count;

/// The most names that are listed.
const LISTED: usize = 5;

/// What is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderWarning {
    pub fault: String,
    pub help: String,
}

impl ReaderWarning {
    fn new(fault: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            fault: fault.into(),
            help: help.into(),
        }
    }
}

/// All of them.
#[must_use]
pub fn all(workspace: &Workspace) -> Vec<ReaderWarning> {
    let mut found: Vec<ReaderWarning> = undelivered(workspace).into_iter().collect();
    found.extend(placeholders(workspace));
    found.extend(not_read(&workspace.dir));
    found
}

/// Reports watched sources whose regressions nobody gets mails about.
fn undelivered(workspace: &Workspace) -> Option<ReaderWarning> {
    let to = &workspace.settings.alerts.to;
    let help = "add an [[alerts.to]] with an `address` to config/accesswatch.toml (docs/mail.md)";
    if to.is_empty() {
        return Some(ReaderWarning::new(
            "no mail is written: there is no [[alerts.to]]",
            help,
        ));
    }
    let sources = workspace.catalogue.sources.keys();
    let is_watched = |id: &&SourceId| workspace.catalogue.enabled().any(|p| p.source == **id);
    let none: Vec<&str> = sources
        .filter(is_watched)
        .filter(|id| !has_reader(workspace, Some(id), Topic::Regression))
        .map(SourceId::as_str)
        .collect();
    if none.is_empty() {
        return None;
    }
    let fault = format!(
        "no recipient hears of a regression of {}: {}",
        count(none.len() as u64, "source"),
        listed(&none)
    );
    let help = "name them in `sources` of an [[alerts.to]] whose `on` has \"regression\", or write `sources = [\"*\"]`";
    Some(ReaderWarning::new(fault, help))
}

fn has_reader(workspace: &Workspace, id: Option<&SourceId>, topic: Topic) -> bool {
    let catalogue = &workspace.catalogue;
    let hears = |to: &Recipient| {
        wants(to, topic) && id.is_none_or(|id| follows(to, id, catalogue.source(id)))
    };
    workspace.settings.alerts.to.iter().any(hears)
}

fn listed(names: &[&str]) -> String {
    let mut text = names[..names.len().min(LISTED)].join(", ");
    if names.len() > LISTED {
        text = format!("{text} and {} more", names.len() - LISTED);
    }
    text
}

/// Open incidents that no recipient gets mails about.
#[must_use]
pub fn without_reader<'a>(
    workspace: &Workspace,
    incidents: impl IntoIterator<Item = &'a Incident>,
) -> Vec<&'a Incident> {
    // Incidents of our own end count only without any recipient: recipients may have chosen not to
    // get them.
    let is_unheard = |i: &&Incident| match i.kind {
        IncidentKind::Probe => !has_reader(workspace, i.source.as_ref(), Topic::Regression),
        _ => workspace.settings.alerts.to.is_empty(),
    };
    let open = incidents.into_iter().filter(|i| i.is_open());
    open.filter(is_unheard).collect()
}

/// Addresses of the shipped configuration, when mails are sent: no mail reaches them.
fn placeholders(workspace: &Workspace) -> Vec<ReaderWarning> {
    let alerts = &workspace.settings.alerts;
    if !matches!(alerts.transport, MailTransport::Smtp { .. }) {
        return Vec::new();
    }
    let from = is_placeholder(&alerts.from).then(|| {
        ReaderWarning::new(
            format!(
                "mails say that they come from {}, which is a placeholder",
                clean::line(&alerts.from, 100)
            ),
            "set `from` under [alerts] to an address of your own: many mail servers refuse others",
        )
    });
    let to = alerts.to.iter().map(|to| &to.address);
    let admin = alerts.admin.iter();
    let readers = to.chain(admin).filter(|address| is_placeholder(address));
    let readers = readers.map(|address| {
        ReaderWarning::new(
            format!(
                "{} is a placeholder: nobody reads what is sent there",
                clean::line(address, 100)
            ),
            "set `address` (or `admin`) to that of a person",
        )
    });
    from.into_iter().chain(readers).collect()
}

/// Names that are reserved for documentation (RFC 2606).
fn is_placeholder(address: &str) -> bool {
    let address = address.trim_end_matches('>').to_ascii_lowercase();
    let Some((_, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let names = ["example.org", "example.com", "example.net", "your.org"];
    let within = |name: &str| {
        let rest = domain.strip_suffix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    names.into_iter().any(within) || domain.ends_with(".example")
}

/// Whether the vantage still has the shipped country, which is wrong for most computers.
#[must_use]
pub fn is_country_as_shipped(workspace: &Workspace) -> bool {
    let vantages = &workspace.settings.vantages;
    let shipped = |v: &crate::model::Vantage| {
        (v.id.as_str(), v.name.as_str(), v.country.as_str()) == ("here", "This computer", "US")
    };
    vantages.iter().any(shipped)
}

/// Files in the folder of probes that look as if they should be read, and are not.
fn not_read(dir: &Path) -> Vec<ReaderWarning> {
    let paths = config::not_read(dir);
    let finding = |path: std::path::PathBuf| {
        let shown = clean::line(&path.to_string_lossy(), 200);
        if dir.join(&path).is_dir() {
            return ReaderWarning::new(
                format!(
                    "{shown} is not read: it is a link to a folder, and those are not followed"
                ),
                "put the folder itself there",
            );
        }
        ReaderWarning::new(
            format!("{shown} is not read: probe files end in .toml"),
            "rename it, or move it out of probes/",
        )
    };
    paths.into_iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_the_names_of_documentation() {
        for (address, is) in [
            ("Librarian <librarian@example.org>", true),
            ("accesswatch@example.org", true),
            ("a@mail.example.com", true),
            ("it@your.org", true),
            ("a@library.example", true),
            ("a@myexample.org", false),
            ("a@library.uni-example.de", false),
            ("Kim <kim@snu.ac.kr>", false),
            ("none", false),
        ] {
            assert_eq!(is_placeholder(address), is, "{address}");
        }
    }

    #[test]
    fn a_long_list_is_cut() {
        assert_eq!(listed(&["a", "b"]), "a, b");
        let many = ["a", "b", "c", "d", "e", "f", "g"];
        assert_eq!(listed(&many), "a, b, c, d, e and 2 more");
    }
}
