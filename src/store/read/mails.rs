//! The mails of an incident, without their texts.

use rusqlite::Connection;

use crate::model::Time;
use crate::model::time::from_micros;
use crate::store::error::{InnerError, StoreError};
use crate::store::read::reader::Reader;
use crate::store::rows::cells::Cells;

/// A mail about an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentMail {
    pub recipient: String,
    pub subject: String,
    pub created: Time,
    /// When it was accepted; `None` while it waits, and where it was given up.
    pub sent: Option<Time>,
    /// It was given up or replaced.
    pub is_settled: bool,
}

const OF_INCIDENT_SQL: &str = "SELECT recipient, subject, created_us, sent_us, settled_us
     FROM outbox o
     WHERE EXISTS (SELECT 1 FROM json_each(o.incidents) i WHERE i.value = ?1)
     ORDER BY created_us, id LIMIT 200";

impl Reader {
    /// The mails about an incident, oldest first.
    pub fn mails_of(&self, incident: i64) -> Result<Vec<IncidentMail>, StoreError> {
        self.read(|c| mails_of(c, incident))
    }
}

fn mails_of(connection: &Connection, incident: i64) -> Result<Vec<IncidentMail>, InnerError> {
    let mut statement = connection.prepare_cached(OF_INCIDENT_SQL)?;
    let mut rows = statement.query([incident])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        let sent: Option<i64> = row.get("sent_us")?;
        let settled: Option<i64> = row.get("settled_us")?;
        all.push(IncidentMail {
            recipient: row.get("recipient")?,
            subject: row.get("subject")?,
            created: from_micros(row.get("created_us")?),
            sent: sent.map(from_micros),
            is_settled: settled.is_some(),
        });
    }
    Ok(all)
}
