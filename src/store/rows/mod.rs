//! The rows of each table, to and from the types of `model`.

pub(in crate::store) mod cells;
pub(in crate::store) mod chain_days;
pub(in crate::store) mod chain_entries;
pub(in crate::store) mod checkpoint;
pub(in crate::store) mod cited_links;
pub(in crate::store) mod copies;
pub(in crate::store) mod documents;
pub(in crate::store) mod events;
pub(in crate::store) mod evidence;
pub(in crate::store) mod exported;
pub(in crate::store) mod incidents;
pub(in crate::store) mod line;
pub(in crate::store) mod notes;
pub(in crate::store) mod observed;
pub(in crate::store) mod outbox;
pub(in crate::store) mod periodic_mails;
pub(in crate::store) mod phases;
pub(in crate::store) mod politeness;
pub(in crate::store) mod records;
pub(in crate::store) mod reference_pages;
pub(in crate::store) mod statuses;
pub(in crate::store) mod values;
pub(in crate::store) mod vantages;
pub(in crate::store) mod watched;
