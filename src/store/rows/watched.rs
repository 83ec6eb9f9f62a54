//! The watched sources and vantages as rows: names, groups and countries for SQL queries.

use rusqlite::{Connection, params};

use crate::i18n::mail::texts;
use crate::model::settings::Language;
use crate::model::vantage::NetworkClass;
use crate::model::{Catalogue, Probe, Source, Vantage};
use crate::store::error::{InnerError, StoreError};
use crate::store::handle::Store;
use crate::store::write::writer::Durability;

impl Store {
    /// Writes the configuration. Removed entries stay with their name, as not watched.
    pub async fn put_watched(
        &self,
        catalogue: &Catalogue,
        vantages: &[Vantage],
    ) -> Result<(), StoreError> {
        let (catalogue, vantages) = (catalogue.clone(), vantages.to_vec());
        self.write(Durability::Soon, move |session| {
            put(&session.connection, &catalogue, &vantages)
        })
        .await
    }
}

fn put(
    connection: &Connection,
    catalogue: &Catalogue,
    vantages: &[Vantage],
) -> Result<(), InnerError> {
    connection.execute_batch("UPDATE sources SET watched = 0; UPDATE probes SET enabled = 0")?;
    for source in catalogue.sources.values() {
        let watched = catalogue.probes_of(&source.id).any(|probe| probe.enabled);
        put_source(connection, source, watched)?;
    }
    for probe in catalogue.all() {
        put_probe(connection, probe)?;
    }
    for vantage in vantages {
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO vantage_places (vantage, name, country, network)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                vantage.id.as_str(),
                vantage.name,
                vantage.country,
                vantage.network.map(NetworkClass::as_str)
            ])?;
    }
    Ok(())
}

fn put_source(connection: &Connection, source: &Source, watched: bool) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO sources (id, name, name_zh, name_ko, \"group\", access, homepage, note,
                watched)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            source.id.as_str(),
            source.name,
            source.name_zh,
            source.name_ko,
            source.group,
            source.access.as_str(),
            source.homepage,
            source.note,
            watched
        ])?;
    Ok(())
}

fn put_probe(connection: &Connection, probe: &Probe) -> Result<(), InnerError> {
    let level = texts(Language::En).level(probe.level);
    let label = format!("{} ({}, {level})", probe.name, probe.key());
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO probes (source, probe, name, label, level, url, enabled)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            probe.source.as_str(),
            probe.key().probe.as_str(),
            probe.name,
            label,
            probe.level.as_str(),
            probe.target.to_string(),
            probe.enabled
        ])?;
    Ok(())
}
