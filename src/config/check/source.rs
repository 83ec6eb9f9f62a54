//! A file under `probes/`: one source and its probes.

use std::ops::Range;

use super::family;
use super::probe::CheckedProbe;
use super::with_root;
use crate::config::doc::{DiagnosedFile, problem};
use crate::config::read;
use crate::config::table::TomlTable;
use crate::model::source::{Access, StoreBody};
use crate::model::{Source, SourceId};

/// A source with its places. An invalid source is not used, but what could be read of it is still
/// checked against other files.
pub(in crate::config) struct CheckedSource {
    pub source: Option<Source>,
    /// `None`: it could not be read.
    pub id: Option<SourceId>,
    /// `None`: it could not be read.
    pub group: Option<String>,
    /// Whether licensed addresses must not probe it, for lack of consent.
    pub unagreed: bool,
    /// The place of its id.
    pub at: Range<usize>,
    pub probes: Vec<CheckedProbe>,
    /// Whether it may have probes whose ids could not be read.
    pub more: bool,
}

/// Reads one file. `None` when it is not TOML.
pub(in crate::config) fn source(doc: &DiagnosedFile) -> Option<CheckedSource> {
    with_root(doc, "a probe file", |root| {
        let table = root.table("source", "[source]");
        let tables = root.tables("probe", "[[probe]]");
        if !table.is_there() && !table.is_broken() && !root.mistyped("source") {
            let help = "add [source] with `id` and `name`, above the first [[probe]]";
            doc.fault(0..0, problem("this file has no [source]", help));
        }
        let at = table.value("id").map_or(table.span.clone(), |v| v.span());
        let checked = fields(&table, doc);
        if table.is_there() {
            table.close();
        }
        // Probes are checked even when their source has no usable id.
        let id = checked.id.as_ref();
        let mut keyless = false;
        let mut probes = Vec::new();
        for probe in tables.iter().flat_map(|t| family::probes(t, id)) {
            keyless |= probe.key.is_none();
            // Of hundreds of thousands of empty tables only the faults are kept.
            if !probe.says_nothing() {
                probes.push(probe);
            }
        }
        let list = root
            .value("probe")
            .is_none_or(|v| v.get().is_array() || v.get().is_table());
        let more = !list || root.mistyped("probe") || keyless;
        CheckedSource {
            at,
            probes,
            more,
            ..checked
        }
    })
}

/// The fields of the source's own section.
fn fields(table: &TomlTable<'_>, doc: &DiagnosedFile) -> CheckedSource {
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
    let group = table.read("group", read::id);
    let group_unread = table.unread("group", group.as_ref());
    let group = group.unwrap_or_else(|| group_of(doc));
    let consent = line("consent");
    let id: Option<SourceId> = id.map(Into::into);
    let source = Source {
        id: id.clone().unwrap_or_else(|| "unnamed".into()),
        name: name.clone().unwrap_or_default(),
        name_zh: line("name_zh"),
        name_ko: line("name_ko"),
        group: group.clone(),
        homepage: table.read("homepage", read::http_url).map(Into::into),
        access: access.unwrap_or(Access::Public),
        note: line("note"),
        licence_until: table.read("licence_until", read::calendar_date),
        vendor_contact: line("vendor_contact"),
        catalogue_ids: table.values("catalogue_ids", read::line),
        alternatives: table.values("alternatives", read::line),
        catalogue_note: line("catalogue_note"),
        store_body: store_body.unwrap_or_default(),
        consent,
        file: doc.path().to_path_buf(),
    };
    let sound = id.is_some() && name.is_some();
    let group_unread = group_unread || table.mistyped("group") || !table.is_there();
    let states_consent = || table.value("consent").is_some() || table.mistyped("consent");
    let unagreed = access == Some(Access::Subscription) && !states_consent();
    CheckedSource {
        source: sound.then_some(source),
        id,
        group: (!group_unread).then_some(group),
        unagreed,
        at: table.span.clone(),
        probes: Vec::new(),
        more: false,
    }
}

/// The folder of a file, below `probes/`.
fn group_of(doc: &DiagnosedFile) -> String {
    let folder = doc.path().parent().filter(|p| p.components().count() > 1);
    let name = folder.and_then(|p| p.file_name());
    name.map_or_else(|| "other".to_owned(), |n| n.to_string_lossy().into_owned())
}
