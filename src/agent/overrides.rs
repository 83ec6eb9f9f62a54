//! `agent.toml`: the settings that are made where the agent runs, instead of at the hub.

use std::path::Path;

use toml::{Table, Value};

use super::error::AgentError;
use crate::config;

/// The file, in the folder of the agent.
pub const FILE: &str = "agent.toml";
/// The most bytes that wait for the hub.
const SPOOL_MAX: u64 = 1 << 30;
/// The keys of a vantage that the file may set.
const VANTAGE_KEYS: [&str; 6] = ["resolver", "bind", "ca", "network", "via", "password"];
const RISK: &str = "accept_local_risk";
const SPOOL: &str = "spool_max";
const PRIVATE: &str = "private_links";

/// What the file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Overrides {
    /// Keys of the vantage.
    vantage: Table,
    /// Whoever runs the agent knows the risk under local law.
    pub accepts_local_risk: bool,
    pub spool_max: u64,
    /// Cited links may lead into the local network.
    pub has_private_links: bool,
}

impl Overrides {
    /// Reads the file; without it, everything is as the hub says.
    pub fn read(dir: &Path) -> Result<Self, AgentError> {
        let path = dir.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(AgentError::of_file(&path)(error)),
        };
        let parsed = Self::parse(&text, dir);
        parsed.map_err(|why| AgentError::Overrides { path, why })
    }

    fn parse(text: &str, dir: &Path) -> Result<Self, String> {
        let table: Table = text
            .parse()
            .map_err(|error: toml::de::Error| error.message().to_owned())?;
        let mut read = Self {
            vantage: Table::new(),
            accepts_local_risk: false,
            spool_max: SPOOL_MAX,
            has_private_links: false,
        };
        for (key, value) in table {
            match key.as_str() {
                RISK => {
                    let flag = value.as_bool();
                    read.accepts_local_risk =
                        flag.ok_or_else(|| format!("`{RISK}` is true or false"))?;
                }
                PRIVATE => {
                    let flag = value.as_bool();
                    read.has_private_links =
                        flag.ok_or_else(|| format!("`{PRIVATE}` is true or false"))?;
                }
                SPOOL => {
                    let size = value.as_str().and_then(config::size);
                    read.spool_max =
                        size.ok_or_else(|| format!("`{SPOOL}` is a size, such as \"512 MiB\""))?;
                }
                name if VANTAGE_KEYS.contains(&name) => {
                    let value = absolute(name, value, dir);
                    read.vantage.insert(name.to_owned(), value);
                }
                other => {
                    let known = VANTAGE_KEYS.join("`, `");
                    return Err(format!(
                        "`{other}` is no key here; the keys are `{known}`, `{RISK}`, `{SPOOL}`, `{PRIVATE}`"
                    ));
                }
            }
        }
        Ok(read)
    }

    /// Puts the keys into the vantage of the hub's settings.
    pub(super) fn apply(&self, vantage: &mut Table) {
        for (key, value) in &self.vantage {
            vantage.insert(key.clone(), value.clone());
        }
        if self.accepts_local_risk {
            vantage.insert(RISK.to_owned(), true.into());
        }
    }
}

/// Paths are relative to the folder of the file.
fn absolute(key: &str, value: Value, dir: &Path) -> Value {
    let joined = |path: &str| dir.join(path).to_string_lossy().into_owned();
    match (key, value.as_str()) {
        ("ca", Some(path)) => joined(path).into(),
        ("password", Some(text)) => match text.strip_prefix("file:") {
            Some(path) => format!("file:{}", joined(path)).into(),
            None => value,
        },
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Overrides, String> {
        Overrides::parse(text, Path::new("/var/lib/agent"))
    }

    #[test]
    fn keys_of_the_vantage_replace_those_of_the_hub() {
        let read = parse("resolver = \"udp://192.0.2.1\"\nca = \"roots.pem\"\npassword = \"file:p\"\nspool_max = \"2 MiB\"").unwrap();
        assert_eq!(read.spool_max, 2 << 20);
        let mut vantage: Table = "id = \"a\"\nresolver = \"system\"".parse().unwrap();
        read.apply(&mut vantage);
        assert_eq!(vantage["resolver"].as_str(), Some("udp://192.0.2.1"));
        assert_eq!(vantage["ca"].as_str(), Some("/var/lib/agent/roots.pem"));
        assert_eq!(vantage["password"].as_str(), Some("file:/var/lib/agent/p"));
        assert!(!vantage.contains_key(RISK) && vantage["id"].as_str() == Some("a"));
    }

    #[test]
    fn another_key_is_refused_by_name() {
        for (text, part) in [
            ("country = \"US\"", "`country` is no key here"),
            ("accept_local_risk = \"yes\"", "true or false"),
            ("spool_max = 12", "is a size"),
        ] {
            let why = parse(text).unwrap_err();
            assert!(why.contains(part), "{text}: {why}");
        }
    }
}
