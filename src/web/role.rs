//! What a requester may do.

/// What a requester may do; each may do what the ones before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Role {
    Nobody,
    /// Reads what a public installation shows to everyone.
    Visitor,
    Reader,
    Writer,
}

impl Role {
    /// The word for entity tags.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
