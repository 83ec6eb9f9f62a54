//! Pages that only redirect their reader: `meta refresh`, `Refresh`, a literal assignment to
//! `location`, a form that submits itself, a frame that fills the page.
//!
//! Only explicit statements are read; no script is run. A page with its own content is not a
//! redirect, whatever its scripts. Neither is a page that reloads itself or whose script writes
//! cookies: this is how checks for people work.

mod calls;
mod coding;
mod flow;
mod lexer;
mod page;
mod refresh;
mod script;

use url::Url;

pub use crate::model::fact::RedirectKind;

use super::shell;
use super::shown_length;
use flow::MAX_DELAY;
use page::RedirectSources;

/// How many bytes such a page may have.
const MAX_PAGE: usize = 256 * 1024;
/// How many characters a page may have that only states where it leads.
const SHORT: usize = 200;
/// The same, for a page that browsers leave in any case.
const NOTICE: usize = 600;
/// How many links such a page may have: "click here if nothing happens".
const MAX_LINKS: usize = 3;

/// Where a page leads.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientRedirect {
    pub way: RedirectKind,
    pub target: Url,
    /// Milliseconds.
    pub delay: f64,
    /// The names of the fields of a posted form, which is not followed.
    pub posted: Option<Vec<String>>,
}

/// Where the page leads, if it leads anywhere and has no content of its own. `refresh`: the header
/// with that name.
#[must_use]
pub fn find(source: &str, refresh: Option<&str>, base: &Url) -> Option<ClientRedirect> {
    // A page with its own text is not searched: nothing in it would count.
    if source.len() > MAX_PAGE {
        return None;
    }
    let seen = shown_length::at_most(source, NOTICE)?;
    let length = seen.text.chars().count();
    let page = RedirectSources::read(source, base);
    let found = page.by_refresh(refresh).or_else(|| {
        let only =
            length <= SHORT && page.links <= MAX_LINKS && !shell::is_shell(source, &seen.text);
        only.then(|| page.by_itself())?
    })?;
    let target = page.resolve(&found.target)?;
    let same = |a: &Url, b: &Url| a[..url::Position::AfterQuery] == b[..url::Position::AfterQuery];
    (found.delay <= MAX_DELAY && !same(&target, base)).then_some(ClientRedirect {
        way: found.way,
        target,
        delay: found.delay,
        posted: found.posted,
    })
}

struct Found {
    way: RedirectKind,
    target: String,
    delay: f64,
    posted: Option<Vec<String>>,
}

impl Found {
    fn new(way: RedirectKind, target: String, delay: f64) -> Self {
        Self {
            way,
            target,
            delay,
            posted: None,
        }
    }
}

impl RedirectSources<'_> {
    fn by_refresh(&self, header: Option<&str>) -> Option<Found> {
        let header = header.and_then(refresh::parse);
        let header = header.and_then(|(seconds, target)| Some((seconds, target?.to_owned())));
        let timed = |way: RedirectKind| {
            move |(seconds, target): &(f64, String)| {
                Found::new(way, target.clone(), seconds * 1_000.0)
            }
        };
        let said = header.as_ref().map(timed(RedirectKind::Header));
        said.or_else(|| self.refreshes.first().map(timed(RedirectKind::Meta)))
    }

    fn by_itself(&self) -> Option<Found> {
        if self.script.is_check || self.pictures > 0 {
            return None;
        }
        if let Some((target, delay)) = self.script.target() {
            return Some(Found::new(RedirectKind::Script, target, delay));
        }
        let by_form = self
            .by_form()
            .or_else(|| self.by_click())
            .or_else(|| self.by_frame());
        by_form.or_else(|| {
            // Browsers ignore this when scripts are on: it counts when no script does anything.
            let idle = self.files == 0 && !self.script.leads();
            let (seconds, target) = self.for_no_script.first().filter(|_| idle)?;
            Some(Found::new(
                RedirectKind::Meta,
                target.clone(),
                seconds * 1_000.0,
            ))
        })
    }

    fn by_form(&self) -> Option<Found> {
        let form = self
            .forms
            .first()
            .filter(|f| self.script.submits && f.open == 0)?;
        let action = form.action.clone().unwrap_or_default();
        if form.posts {
            let names = form.fields.iter().map(|(name, _)| name.clone()).collect();
            let mut found = Found::new(RedirectKind::Form, action, 0.0);
            found.posted = Some(names);
            return Some(found);
        }
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&form.fields);
        let bare = action.split(['?', '#']).next().unwrap_or_default();
        Some(Found::new(
            RedirectKind::Form,
            format!("{bare}?{}", query.finish()),
            0.0,
        ))
    }

    fn by_click(&self) -> Option<Found> {
        let href = self
            .href
            .clone()
            .filter(|_| self.script.clicks && self.links == 1)?;
        Some(Found::new(RedirectKind::Script, href, 0.0))
    }

    /// The only visible frame, if the page shows nothing else.
    fn by_frame(&self) -> Option<Found> {
        let shares = self.shares.iter().flat_map(|list| list.split(','));
        let shares: Vec<&str> = shares.map(str::trim).collect();
        let whole = shares.contains(&"100%");
        let has_room = |share: &&str| !is_nothing(share) && (!whole || *share == "100%");
        let mut shown = self
            .frames
            .iter()
            .enumerate()
            .filter(|(place, frame)| !frame.hidden && shares.get(*place).is_none_or(has_room));
        let (Some((_, frame)), None) = (shown.next(), shown.next()) else {
            return None;
        };
        let alone = self.forms.is_empty() && self.files == 0 && !frame.source.is_empty();
        alone.then(|| Found::new(RedirectKind::Frame, frame.source.clone(), 0.0))
    }

    fn resolve(&self, target: &str) -> Option<Url> {
        let base = self.base.as_ref().or(self.own)?;
        let url = base.join(target.trim()).ok()?;
        let web = matches!(url.scheme(), "http" | "https");
        (web && url.host_str().is_some_and(|host| !host.is_empty())).then_some(url)
    }
}

/// A share of a frameset that is not visible.
fn is_nothing(share: &str) -> bool {
    matches!(share.trim(), "0" | "0%" | "1" | "0px")
}

#[cfg(test)]
mod tests;
