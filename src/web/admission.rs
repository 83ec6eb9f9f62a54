//! The role of a request, by its token, its session, or the way that it came.

use super::role::Role;
use super::session::Sessions;

/// The part of the configuration that decides on roles.
#[derive(Debug, Clone, Copy)]
pub struct RoleRules<'a> {
    pub sessions: &'a Sessions,
    pub listens_on_loopback: bool,
    pub has_base_url: bool,
    pub public: bool,
}

/// The part of a request that decides on its role.
#[derive(Debug, Clone, Copy, Default)]
pub struct Credentials<'a> {
    /// The token of `Authorization: Bearer`.
    pub bearer: Option<&'a str>,
    /// The value of our cookie.
    pub session: Option<&'a str>,
    /// `Host` is a name or an address of this computer.
    pub host_is_loopback: bool,
    pub is_http11: bool,
    /// It came through a proxy: `Forwarded`, `X-Forwarded-*`, `X-Real-IP` or `Via`.
    pub is_forwarded: bool,
}

/// The role of a request; an error for an unknown bearer token.
pub fn role_of(
    rules: &RoleRules<'_>,
    credentials: &Credentials<'_>,
    now: i64,
) -> Result<Role, WrongBearer> {
    if let Some(bearer) = credentials.bearer {
        return rules.sessions.role_of_token(bearer).ok_or(WrongBearer);
    }
    if let Some(role) = credentials
        .session
        .and_then(|cookie| rules.sessions.role_of_cookie(cookie, now))
    {
        return Ok(role);
    }
    let is_local = rules.listens_on_loopback
        && !rules.has_base_url
        && credentials.host_is_loopback
        && credentials.is_http11
        && !credentials.is_forwarded;
    Ok(match (is_local, rules.public) {
        (true, _) => Role::Reader,
        (false, true) => Role::Visitor,
        (false, false) => Role::Nobody,
    })
}

/// The bearer token of the request is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongBearer;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::vantage::Secret;

    /// Each condition of reading without a token fails once.
    #[test]
    fn reading_without_a_token_needs_every_condition() {
        let secret = |text: &str| Some(Secret(text.to_owned()));
        let sessions = Sessions::new(secret("write").as_ref(), secret("read").as_ref());
        let local = Credentials {
            host_is_loopback: true,
            is_http11: true,
            ..Credentials::default()
        };
        let rules = RoleRules {
            sessions: &sessions,
            listens_on_loopback: true,
            has_base_url: false,
            public: false,
        };
        assert_eq!(role_of(&rules, &local, 0), Ok(Role::Reader));
        for (name, rules, credentials) in [
            (
                "listener",
                RoleRules {
                    listens_on_loopback: false,
                    ..rules
                },
                local,
            ),
            (
                "base url",
                RoleRules {
                    has_base_url: true,
                    ..rules
                },
                local,
            ),
            (
                "host",
                rules,
                Credentials {
                    host_is_loopback: false,
                    ..local
                },
            ),
            (
                "version",
                rules,
                Credentials {
                    is_http11: false,
                    ..local
                },
            ),
            (
                "forwarded",
                rules,
                Credentials {
                    is_forwarded: true,
                    ..local
                },
            ),
        ] {
            assert_eq!(role_of(&rules, &credentials, 0), Ok(Role::Nobody), "{name}");
            let open = RoleRules {
                public: true,
                ..rules
            };
            assert_eq!(role_of(&open, &credentials, 0), Ok(Role::Visitor), "{name}");
            for (bearer, role) in [
                ("write", Ok(Role::Writer)),
                ("read", Ok(Role::Reader)),
                ("wrong", Err(WrongBearer)),
                ("", Err(WrongBearer)),
            ] {
                let held = Credentials {
                    bearer: Some(bearer),
                    ..credentials
                };
                assert_eq!(role_of(&rules, &held, 0), role, "{name}: {bearer}");
            }
        }
    }
}
