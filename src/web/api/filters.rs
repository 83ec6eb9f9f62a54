//! What a request selects of a table.

use crate::model::{Catalogue, SourceId, Time};
use crate::report::{Cell, TableHead};
use crate::store::{IncidentFilter, RowFilter};

/// The filters of a request; everything by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApiFilters {
    pub source: Option<String>,
    pub probe: Option<String>,
    pub group: Option<String>,
    pub vantage: Option<String>,
    pub state: Option<String>,
    pub open: Option<bool>,
    pub document: Option<String>,
    pub host: Option<String>,
    pub since: Option<Time>,
    pub until: Option<Time>,
}

fn is_wanted(wanted: Option<&String>, found: &str) -> bool {
    wanted.is_none_or(|wanted| wanted == found)
}

/// The host of an address; empty where it has none.
fn host_of(address: &str) -> String {
    let url = url::Url::parse(address).ok();
    url.and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}

impl ApiFilters {
    /// Whether a source is selected, by its id and its group.
    #[must_use]
    pub fn accepts_source(&self, catalogue: &Catalogue, source: &str) -> bool {
        let group = || {
            let known = catalogue.source(&SourceId(source.to_owned()));
            known.map_or("", |source| source.group.as_str())
        };
        is_wanted(self.source.as_ref(), source)
            && (self.group.is_none() || is_wanted(self.group.as_ref(), group()))
    }

    /// Whether a series is selected; `vantage` is its name as the requester sees it.
    #[must_use]
    pub fn accepts_series(
        &self,
        catalogue: &Catalogue,
        (source, probe): (&str, &str),
        vantage: Option<&str>,
    ) -> bool {
        is_wanted(self.probe.as_ref(), probe)
            && vantage.is_none_or(|vantage| is_wanted(self.vantage.as_ref(), vantage))
            && self.accepts_source(catalogue, source)
    }

    /// Whether a row is selected, by its cells.
    #[must_use]
    pub fn accepts_row(&self, catalogue: &Catalogue, head: &TableHead, cells: &[Cell<'_>]) -> bool {
        let cell = |name: &str| {
            let at = head.columns.iter().position(|column| column.name == name);
            at.and_then(|at| cells.get(at))
        };
        let text = |name: &str| match cell(name) {
            Some(Cell::Text(text)) => text.as_ref(),
            _ => "",
        };
        let is_from = |wanted: &String| match cell("vantages") {
            Some(Cell::List(all)) => all.contains(wanted),
            _ => wanted == text("vantage"),
        };
        self.vantage.as_ref().is_none_or(is_from)
            && (self.state.is_none() || is_wanted(self.state.as_ref(), text("state")))
            && (self.probe.is_none() || is_wanted(self.probe.as_ref(), text("probe_id")))
            && self.accepts_group(catalogue, &text)
            && self.document.as_ref().is_none_or(|wanted| {
                // The links of a document are selected where they are read.
                cell("document_id").is_none() || wanted == text("document_id")
            })
            && (self.host.is_none() || is_wanted(self.host.as_ref(), &host_of(text("url"))))
            && self
                .open
                .is_none_or(|open| open == (text("state") == "open"))
    }

    /// Whether the group of a row is accepted: that of its source, or a group of its own.
    fn accepts_group<'c>(&self, catalogue: &Catalogue, text: &impl Fn(&str) -> &'c str) -> bool {
        if self.source.is_none() && self.group.is_none() {
            return true;
        }
        match text("source_id") {
            "" => self.source.is_none() && is_wanted(self.group.as_ref(), text("group")),
            source => self.accepts_source(catalogue, source),
        }
    }

    /// The filter of rows for the store.
    #[must_use]
    pub fn row_filter(&self) -> RowFilter {
        RowFilter {
            since: self.since,
            until: self.until,
            source: self.source.clone().map(SourceId),
            vantage: None,
        }
    }

    /// The filter of incidents for the store.
    #[must_use]
    pub fn incident_filter(&self) -> IncidentFilter {
        IncidentFilter {
            since: self.since,
            until: self.until,
            source: self.source.clone().map(SourceId),
            open_only: self.open == Some(true) || self.state.as_deref() == Some("open"),
        }
    }
}
