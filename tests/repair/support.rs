//! Links whose fate is known, and repairs that are looked at.

use accesswatch::links::identity;
use accesswatch::links::repair::{RepairOptions, RepairedDocument, repair};
use accesswatch::links::rules::LinkRules;
use accesswatch::model::link::LinkState;
use accesswatch::model::repair::{CitableCopy, RepairFacts};
use chrono::NaiveDate;

/// What happened to the link of an identity.
pub type Fate = fn(&str) -> Option<LinkState>;

/// The facts of a link as written: its copy is the Wayback Machine's of 9 May 2023, its new
/// address has `/moved/` before its path.
pub fn facts(written: &str, fate: Fate) -> Option<RepairFacts> {
    let target = identity::resolve(written, LinkRules::shipped(), &[]).ok()?;
    let url = &target.url;
    let state = if url.path().starts_with("/moved/") {
        LinkState::Alive
    } else {
        fate(&target.identity)?
    };
    let mut moved = url.clone();
    moved.set_path(&format!("/moved{}", url.path()));
    let copy = CitableCopy {
        url: format!("https://web.archive.org/web/20230509031122/{url}"),
        time: "2023-05-09T03:11:22Z".to_owned(),
        day: NaiveDate::from_ymd_opt(2023, 5, 9).unwrap(),
        is_far: false,
    };
    Some(RepairFacts {
        identity: target.identity,
        state,
        suspected: None,
        moved_to: (state == LinkState::Moved).then(|| moved.to_string()),
        copy: Some(copy),
        own: None,
        no_copy: None,
        is_copy: target.copy.is_some(),
    })
}

/// Every link is gone, unless its address says `alive` or `moved`.
#[allow(clippy::unnecessary_wraps)] // a fate may be unknown
pub fn by_name(identity: &str) -> Option<LinkState> {
    Some(if identity.contains("alive") {
        LinkState::Alive
    } else if identity.contains("moves") {
        LinkState::Moved
    } else {
        LinkState::Gone
    })
}

pub fn repaired(bytes: &[u8], name: &str, options: &RepairOptions, fate: Fate) -> RepairedDocument {
    repair(bytes, name, options, &|written| facts(written, fate)).unwrap()
}

/// The text after a repair with the usual options; another repair must change nothing.
#[track_caller]
pub fn text(before: &str, name: &str) -> String {
    text_with(before, name, &RepairOptions::default())
}

#[track_caller]
pub fn text_with(before: &str, name: &str, options: &RepairOptions) -> String {
    let after = repaired(before.as_bytes(), name, options, by_name);
    let bytes = after.bytes.unwrap_or_else(|| before.as_bytes().to_vec());
    let again = repaired(&bytes, name, options, by_name);
    assert_eq!(again.bytes, None, "{}", String::from_utf8_lossy(&bytes));
    String::from_utf8(bytes).unwrap()
}
