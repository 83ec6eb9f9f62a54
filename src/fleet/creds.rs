//! Who connects to the broker: the key of a user, or a signed statement with its key, as `nsc`
//! writes it. The key never leaves this computer; it signs what the broker asks.

use std::fmt;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use async_nats::ConnectOptions;
use nkeys::{KeyPair, KeyPairType};

use super::error::FleetError;

const STATEMENT: &str = "BEGIN NATS USER JWT";
/// Longer files are no creds.
const LONGEST: u64 = 64 * 1024;

/// The creds of a user; `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub enum UserCreds {
    /// The seed of the user's key.
    Key(String),
    /// A statement of the broker's operator, and the key.
    Statement(String),
}

impl fmt::Debug for UserCreds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserCreds(…)")
    }
}

impl UserCreds {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, FleetError> {
        let fault = |why: String| FleetError::Creds {
            path: path.to_owned(),
            why,
        };
        let facts = std::fs::metadata(path).map_err(|error| fault(error.to_string()))?;
        if facts.len() > LONGEST {
            return Err(fault("the file is too long".to_owned()));
        }
        let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
        let why = "it holds no key of a user; use the file that `accesswatch fleet init` made";
        Self::parse(&text).ok_or_else(|| fault(why.to_owned()))
    }

    fn parse(text: &str) -> Option<Self> {
        let seed = text.lines().map(str::trim).find(|line| is_seed(line))?;
        if text.contains(STATEMENT) {
            return Some(Self::Statement(text.to_owned()));
        }
        Some(Self::Key(seed.to_owned()))
    }

    /// Makes a key and writes its file, readable by its owner alone. An existing file stays.
    pub fn make(path: &Path, user: &str) -> Result<Self, FleetError> {
        if path.exists() {
            return Self::read(path);
        }
        let fault = |why: String| FleetError::Creds {
            path: path.to_owned(),
            why,
        };
        let seed = KeyPair::new_user().seed();
        let seed = seed.map_err(|error| fault(error.to_string()))?;
        let text = format!(
            "# The key of the user `{user}` of the broker. Whoever has it is that user.\n\
             -----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
        );
        let write = || {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let mut options = std::fs::OpenOptions::new();
            let mut file = options
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        write().map_err(|error: std::io::Error| fault(error.to_string()))?;
        Ok(Self::Key(seed))
    }

    /// The public part of the key, as nats-server names the user; `None` for a statement, whose
    /// user the broker knows from its operator.
    #[must_use]
    pub fn public_key(&self) -> Option<String> {
        match self {
            Self::Key(seed) => Some(KeyPair::from_seed(seed).ok()?.public_key()),
            Self::Statement(_) => None,
        }
    }

    /// The options of a connection of this user.
    pub(super) fn options(&self) -> std::io::Result<ConnectOptions> {
        match self {
            Self::Key(seed) => Ok(ConnectOptions::with_nkey(seed.clone())),
            Self::Statement(text) => ConnectOptions::with_credentials(text),
        }
    }
}

fn is_seed(line: &str) -> bool {
    let is_user = |pair: &KeyPair| pair.key_pair_type() == KeyPairType::User;
    line.starts_with("SU") && KeyPair::from_seed(line).is_ok_and(|pair| is_user(&pair))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_back_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fleet/seoul.creds");
        let first = UserCreds::make(&path, "seoul").unwrap();
        assert_eq!(UserCreds::make(&path, "seoul").unwrap(), first);
        assert_eq!(UserCreds::read(&path).unwrap(), first);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(first.public_key().unwrap().starts_with('U'));
        assert!(!format!("{first:?}").contains("SU"));
    }

    #[test]
    fn what_is_no_key_of_a_user_is_refused_with_the_fix() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let account = KeyPair::new_account().seed().unwrap();
        for text in ["", "a token", "SUAAAA", account.as_str()] {
            std::fs::write(&path, text).unwrap();
            let error = UserCreds::read(&path).unwrap_err().to_string();
            assert!(error.contains("fleet init"), "{text}: {error}");
        }
    }
}
