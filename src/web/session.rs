//! Sessions without a store: a cookie is a time and an HMAC over it, keyed from the token that was
//! typed.

use data_encoding::BASE64URL_NOPAD;
use ring::hmac;

use super::role::Role;
use crate::model::VantageId;
use crate::model::vantage::{Secret, Vantage};

/// The seconds that a session lasts.
pub const SESSION_SECONDS: i64 = 30 * 24 * 3600;

/// A cookie that is dated ahead by at most this many seconds is accepted, because clocks are
/// corrected.
const AHEAD_SECONDS: i64 = 3600;

/// The keys of both tokens.
#[derive(Debug)]
pub struct Sessions {
    write: Option<TokenKey>,
    read: Option<TokenKey>,
}

#[derive(Debug)]
struct TokenKey {
    role: Role,
    key: hmac::Key,
    /// The HMAC of the token itself: tokens are compared by it, in constant time.
    proof: hmac::Tag,
}

const PROOF: &[u8] = b"accesswatch token";
const FEED_WORD: &[u8] = b"feed";

impl TokenKey {
    fn new(token: &Secret, role: Role) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, token.0.as_bytes());
        let proof = hmac::sign(&key, PROOF);
        Self { role, key, proof }
    }

    fn is_token(&self, text: &str) -> bool {
        let other = hmac::Key::new(hmac::HMAC_SHA256, text.as_bytes());
        hmac::verify(&other, PROOF, self.proof.as_ref()).is_ok()
    }

    fn sign(&self, what: &str, value: &str) -> String {
        let tag = hmac::sign(&self.key, format!("{what}\0{value}").as_bytes());
        BASE64URL_NOPAD.encode(tag.as_ref())
    }

    fn is_signed(&self, what: &str, value: &str, signature: &str) -> bool {
        let Ok(tag) = BASE64URL_NOPAD.decode(signature.as_bytes()) else {
            return false;
        };
        hmac::verify(&self.key, format!("{what}\0{value}").as_bytes(), &tag).is_ok()
    }
}

/// The tokens of agents, by vantage.
#[derive(Debug)]
pub struct AgentTokens(Vec<(VantageId, TokenKey)>);

impl AgentTokens {
    /// The tokens of the vantages that have one.
    #[must_use]
    pub fn new(vantages: &[Vantage]) -> Self {
        let with_token = vantages.iter().filter_map(|vantage| {
            let token = vantage.token.as_ref()?;
            Some((vantage.id.clone(), TokenKey::new(token, Role::Nobody)))
        });
        Self(with_token.collect())
    }

    /// The vantage whose token this is.
    #[must_use]
    pub fn vantage_of(&self, text: &str) -> Option<VantageId> {
        // Every key is tried, so that the time reveals nothing.
        let tried = self.0.iter().map(|(id, key)| (key.is_token(text), id));
        let tried: Vec<_> = tried.collect();
        let found = tried.into_iter().find(|(is_it, _)| *is_it);
        found.map(|(_, id)| id.clone())
    }
}

impl Sessions {
    /// The sessions for `[web] token` and `read_token`.
    #[must_use]
    pub fn new(token: Option<&Secret>, read_token: Option<&Secret>) -> Self {
        Self {
            write: token.map(|t| TokenKey::new(t, Role::Writer)),
            read: read_token.map(|t| TokenKey::new(t, Role::Reader)),
        }
    }

    /// Whether anybody can sign in.
    #[must_use]
    pub fn has_tokens(&self) -> bool {
        self.write.is_some() || self.read.is_some()
    }

    /// Whether anything can be written from the web.
    #[must_use]
    pub fn can_write(&self) -> bool {
        self.write.is_some()
    }

    fn keys(&self) -> impl Iterator<Item = &TokenKey> {
        self.write.iter().chain(&self.read)
    }

    /// The role of whoever has this token.
    #[must_use]
    pub fn role_of_token(&self, text: &str) -> Option<Role> {
        // Every key is tried, so that the time reveals nothing.
        let roles = self
            .keys()
            .map(|key| key.is_token(text).then_some(key.role));
        roles.collect::<Vec<_>>().into_iter().flatten().max()
    }

    /// The key that opens the feed, the calendar and the badges: of `read_token`, else of `token`.
    #[must_use]
    pub fn feed_key(&self) -> Option<String> {
        let key = self.read.as_ref().or(self.write.as_ref())?;
        let tag = hmac::sign(&key.key, FEED_WORD);
        Some(BASE64URL_NOPAD.encode(tag.as_ref()))
    }

    /// Whether this is the key that [`Sessions::feed_key`] gives out.
    #[must_use]
    pub fn is_feed_key(&self, text: &str) -> bool {
        let key = self.read.as_ref().or(self.write.as_ref());
        let tag = BASE64URL_NOPAD.decode(text.as_bytes());
        let (Some(key), Ok(tag)) = (key, tag) else {
            return false;
        };
        hmac::verify(&key.key, FEED_WORD, &tag).is_ok()
    }

    /// The cookie of a session that begins now, for whoever has this token.
    #[must_use]
    pub fn cookie_for(&self, token: &str, now: i64) -> Option<String> {
        let key = self.keys().find(|key| key.is_token(token))?;
        let begun = now.to_string();
        Some(format!("{begun}.{}", key.sign("session", &begun)))
    }

    fn key_of(&self, cookie: &str, now: i64) -> Option<&TokenKey> {
        let (begun, signature) = cookie.split_once('.')?;
        let at: i64 = begun.parse().ok()?;
        let is_fresh = at <= now + AHEAD_SECONDS && now - at < SESSION_SECONDS;
        self.keys()
            .find(|key| is_fresh && key.is_signed("session", begun, signature))
    }

    /// The role of a session that still runs.
    #[must_use]
    pub fn role_of_cookie(&self, cookie: &str, now: i64) -> Option<Role> {
        self.key_of(cookie, now).map(|key| key.role)
    }

    /// The word that each form of this session carries.
    #[must_use]
    pub fn csrf(&self, cookie: &str, now: i64) -> Option<String> {
        Some(self.key_of(cookie, now)?.sign("form", cookie))
    }

    /// Whether a form of this session carries the right word.
    #[must_use]
    pub fn is_csrf(&self, cookie: &str, word: &str, now: i64) -> bool {
        self.key_of(cookie, now)
            .is_some_and(|key| key.is_signed("form", cookie, word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sessions(write: &str, read: &str) -> Sessions {
        let secret = |text: &str| Secret(text.to_owned());
        Sessions::new(Some(&secret(write)), Some(&secret(read)))
    }

    #[test]
    fn a_session_lasts_thirty_days_and_ends_with_its_token() {
        let own = sessions("one", "two");
        let cookie = own.cookie_for("one", 1000).unwrap();
        for (now, role) in [
            (1000, Some(Role::Writer)),
            (1000 + SESSION_SECONDS - 1, Some(Role::Writer)),
            (1000 + SESSION_SECONDS, None),
            (1000 - AHEAD_SECONDS, Some(Role::Writer)),
            (1000 - AHEAD_SECONDS - 1, None),
        ] {
            assert_eq!(own.role_of_cookie(&cookie, now), role, "{now}");
        }
        assert_eq!(sessions("other", "two").role_of_cookie(&cookie, 1000), None);
        assert_eq!(
            sessions("one", "other").role_of_cookie(&cookie, 1000),
            Some(Role::Writer)
        );
        let read = own.cookie_for("two", 1000).unwrap();
        assert_eq!(own.role_of_cookie(&read, 1000), Some(Role::Reader));
        assert_eq!(own.cookie_for("three", 1000), None);
    }

    #[test]
    fn the_key_of_feeds_is_of_the_token_that_reads() {
        let own = sessions("one", "two");
        let key = own.feed_key().unwrap();
        assert!(own.is_feed_key(&key) && sessions("other", "two").is_feed_key(&key));
        assert!(!sessions("one", "other").is_feed_key(&key));
        let alone = Sessions::new(Some(&Secret("one".to_owned())), None);
        assert!(alone.feed_key().is_some_and(|key| alone.is_feed_key(&key)));
        for wrong in ["", "feed", &key[1..], "one", "two"] {
            assert!(!own.is_feed_key(wrong), "{wrong}");
        }
        assert_eq!(own.role_of_token(&key), None);
        assert_eq!(Sessions::new(None, None).feed_key(), None);
    }

    #[test]
    fn a_cookie_or_word_that_was_changed_is_none() {
        let own = sessions("one", "two");
        let cookie = own.cookie_for("one", 1000).unwrap();
        let word = own.csrf(&cookie, 1000).unwrap();
        assert!(own.is_csrf(&cookie, &word, 1000));
        let later = own.cookie_for("one", 1001).unwrap();
        assert!(!own.is_csrf(&later, &word, 1001), "of another session");
        for broken in ["", ".", "1000.", "1001.x", "9999999999999999999999.x"] {
            assert_eq!(own.role_of_cookie(broken, 1000), None, "{broken}");
        }
        let forged = cookie.replacen("1000", "1001", 1);
        assert_eq!(own.role_of_cookie(&forged, 1000), None);
        assert!(!own.is_csrf(&cookie, "", 1000));
    }
}
