//! Which secrets a command needs: only commands that fetch through a proxy, or send mail, need
//! theirs.

/// Which of the configured secrets are required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretNeeds {
    mail: Requirement,
    vantages: Requirement,
    /// Only this vantage is used.
    only: Option<String>,
    web: Requirement,
    copies: Requirement,
}

impl SecretNeeds {
    const fn each(want: Requirement) -> Self {
        Self {
            mail: want,
            vantages: want,
            only: None,
            web: want,
            copies: want,
        }
    }

    /// Every secret that something configured uses.
    #[must_use]
    pub const fn all() -> Self {
        Self::each(Requirement::Needed)
    }

    /// No secret: for commands that neither fetch nor mail.
    #[must_use]
    pub const fn none() -> Self {
        Self::each(Requirement::Unasked)
    }

    /// No secret, but a warning names the missing ones.
    #[must_use]
    pub const fn announced() -> Self {
        Self::each(Requirement::Warned)
    }

    /// Adds the mail server's secrets.
    #[must_use]
    pub fn and_mail(self) -> Self {
        Self {
            mail: Requirement::Needed,
            ..self
        }
    }

    /// Adds the proxies' secrets: of every vantage, or only of `only`.
    #[must_use]
    pub fn and_vantages(self, only: Option<&str>) -> Self {
        Self {
            vantages: Requirement::Needed,
            only: only.map(str::to_owned),
            ..self
        }
    }

    /// Those of the web pages as well.
    #[must_use]
    pub fn and_web(self) -> Self {
        Self {
            web: Requirement::Needed,
            ..self
        }
    }

    /// Adds the keys of archives.
    #[must_use]
    pub fn and_copies(self) -> Self {
        Self {
            copies: Requirement::Needed,
            ..self
        }
    }

    /// The requirement of an archive's key; `is_used`: links are saved there automatically.
    pub(super) fn of_copies(&self, is_used: bool) -> Requirement {
        self.copies.when(is_used)
    }

    pub(super) fn of_mail(&self) -> Requirement {
        self.mail
    }

    pub(super) fn of_vantage(&self, id: Option<&str>) -> Requirement {
        match &self.only {
            Some(only) if id != Some(only) => Requirement::Unasked,
            _ => self.vantages,
        }
    }

    pub(super) fn of_web(&self) -> Requirement {
        self.web
    }
}

/// How serious a missing secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Requirement {
    /// It is a fault.
    Needed,
    /// It is a warning.
    Warned,
    /// The current command does not use it.
    Unasked,
}

impl Requirement {
    /// The same if it is used at all.
    pub(super) fn when(self, used: bool) -> Self {
        if used { self } else { Self::Unasked }
    }
}
