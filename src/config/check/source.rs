//! A file under `probes/`: one source and its probes.

use std::ops::Range;

use super::family;
use super::probe::CheckedProbe;
use super::with_root;
use crate::config::doc::{Doc, wrong};
use crate::config::read;
use crate::config::table::Table;
use crate::model::Source;
use crate::model::source::{Access, StoreBody};

/// A source with its places.
pub(in crate::config) struct CheckedSource {
    pub source: Source,
    /// Where its id stands.
    pub at: Range<usize>,
    pub probes: Vec<CheckedProbe>,
}

/// Reads one file. None when there is no telling which source it is.
pub(in crate::config) fn source(doc: &Doc) -> Option<CheckedSource> {
    with_root(doc, "a probe file", |root| {
        let table = root.table("source", "[source]");
        let tables = root.tables("probe", "[[probe]]");
        if !table.is_there() {
            let mend = "add [source] with `id` and `name`, above the first [[probe]]";
            doc.fault(0..0, wrong("this file has no [source]", mend));
        }
        let at = table.value("id").map_or(table.span.clone(), |v| v.span());
        let checked = table.is_there().then(|| fields(&table, doc)).flatten();
        table.close();
        // Probes are checked even when their source has no usable id.
        let id = checked
            .as_ref()
            .map_or_else(|| "unnamed".into(), |s| s.id.clone());
        let probes = tables.iter().flat_map(|t| family::probes(t, &id)).collect();
        let source = checked?;
        Some(CheckedSource { source, at, probes })
    })
    .flatten()
}

fn fields(table: &Table<'_>, doc: &Doc) -> Option<Source> {
    let id = table.need("id", "\"cnki\"", read::id);
    let name = table.need("name", "\"CNKI\"", read::line);
    let access = table.read("access", |v| {
        read::choice(
            v,
            &[
                ("public", Access::Public),
                ("login", Access::Login),
                ("subscription", Access::Subscription),
            ],
        )
    });
    let store_body = table.read("store_body", |v| {
        read::choice(
            v,
            &[("always", StoreBody::Always), ("never", StoreBody::Never)],
        )
    });
    let line = |key| table.read(key, read::line);
    let source = Source {
        id: id.clone().unwrap_or_default().into(),
        name: name.clone().unwrap_or_default(),
        name_zh: line("name_zh"),
        name_ko: line("name_ko"),
        group: table
            .read("group", read::id)
            .unwrap_or_else(|| group_of(doc)),
        homepage: table.read("homepage", read::http_url).map(Into::into),
        access: access.unwrap_or(Access::Public),
        note: line("note"),
        licence_until: table.read("licence_until", read::calendar_date),
        vendor_contact: line("vendor_contact"),
        catalogue_ids: table.values("catalogue_ids", read::line),
        alternatives: table.values("alternatives", read::line),
        catalogue_note: line("catalogue_note"),
        store_body: store_body.unwrap_or_default(),
        consent: line("consent"),
        file: doc.path().to_path_buf(),
    };
    (id.is_some() && name.is_some()).then_some(source)
}

/// The folder a file lies in, below `probes/`.
fn group_of(doc: &Doc) -> String {
    let folder = doc.path().parent().filter(|p| p.components().count() > 1);
    let name = folder.and_then(|p| p.file_name());
    name.map_or_else(|| "other".to_owned(), |n| n.to_string_lossy().into_owned())
}
