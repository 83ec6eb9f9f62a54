//! `[fleet]`: the broker where agents meet the hub.

use url::Url;

use crate::config::doc::{Problem, problem};
use crate::config::read;
use crate::config::table::{TomlTable, TomlValue};
use crate::model::settings::FleetSettings;

/// Reads the section; without `broker` there is no fleet.
pub(super) fn fleet(table: &TomlTable<'_>) -> Option<FleetSettings> {
    let broker = table.read("broker", address);
    let creds = table.read("creds", read::line);
    let ca = table.read("ca", read::line);
    if table.value("broker").is_none() {
        for key in ["creds", "ca"] {
            if let Some(value) = table.value(key) {
                let message = format!("`{key}` is of no use without a broker");
                let help = "add `broker = \"tls://nats.example.org\"`";
                table.doc.fault(value.span(), problem(message, help));
            }
        }
    }
    table.close();
    Some(FleetSettings {
        broker: broker?,
        creds: creds.map_or_else(|| FleetSettings::CREDS.into(), Into::into),
        ca: ca.map(Into::into),
    })
}

fn address(value: &TomlValue<'_>) -> Result<Url, Problem> {
    let text = read::line(value)?;
    let url = Url::parse(&text).ok();
    let fits = |url: &Url| {
        let is_open = url.username().is_empty() && url.password().is_none();
        let is_place = matches!(url.path(), "" | "/") && url.query().is_none();
        matches!(url.scheme(), "nats" | "tls") && url.host().is_some() && is_open && is_place
    };
    url.filter(fits).ok_or_else(|| {
        // It may hold a password.
        let shown = if text.contains('@') {
            "this".to_owned()
        } else {
            read::quote(&text)
        };
        problem(
            format!("{shown} is not the address of a broker"),
            "write \"tls://HOST:PORT\", or \"nats://HOST:PORT\" inside a network that you trust, without credentials",
        )
    })
}
