//! Which secrets the work at hand takes: only who fetches through a proxy, or mails, asks for theirs.

/// What is asked of the secrets that the configuration points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretNeeds {
    mail: Requirement,
    vantages: Requirement,
    /// Of the vantages only this one is used.
    only: Option<String>,
    web: Requirement,
}

impl SecretNeeds {
    const fn each(want: Requirement) -> Self {
        Self {
            mail: want,
            vantages: want,
            only: None,
            web: want,
        }
    }

    /// Every secret that something configured uses.
    #[must_use]
    pub const fn all() -> Self {
        Self::each(Requirement::Needed)
    }

    /// None: for what neither fetches nor mails.
    #[must_use]
    pub const fn none() -> Self {
        Self::each(Requirement::Unasked)
    }

    /// None, but a warning says which are not there.
    #[must_use]
    pub const fn announced() -> Self {
        Self::each(Requirement::Told)
    }

    /// The mail server's as well.
    #[must_use]
    pub fn and_mail(self) -> Self {
        Self {
            mail: Requirement::Needed,
            ..self
        }
    }

    /// The proxies' as well: of every vantage, or of `only` this one.
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

/// How much a secret that is not there matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Requirement {
    /// It is a fault.
    Needed,
    /// It is a warning.
    Told,
    /// Nothing at hand uses it.
    Unasked,
}

impl Requirement {
    /// The same where it is used at all.
    pub(super) fn when(self, used: bool) -> Self {
        if used { self } else { Self::Unasked }
    }
}
