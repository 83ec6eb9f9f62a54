//! Readers of formats that are text: bibliographies, tables, markup, lists of links.
//!
//! Each reads decoded text, never fails on one bad entry among good ones, and gives blocks whose
//! places are entries, cells or lines.

pub mod bibtex;
pub(in crate::links) mod bibtex_scan;
pub mod csl_json;
pub mod endnote_xml;
pub mod feed;
pub mod html;
pub mod listing;
pub mod markdown;
pub mod plain;
pub mod record;
pub mod ris;
pub mod shortcut;
pub mod table;
pub(in crate::links) mod xml_records;
pub mod zotero_rdf;
