//! What people do on the pages, in the story of the incident and in the store.

use std::net::SocketAddr;

use accesswatch::store::Store;

use crate::client::{Answer, get, post};
use crate::site::{READ_TOKEN, Served, TOKEN, TOKENS, demonstration_with};

/// A demonstration of one's own, with tokens, and a session.
pub struct Own {
    pub served: Served,
    session: String,
    word: String,
}

impl Own {
    pub fn new(token: &str) -> Self {
        let served = demonstration_with(TOKENS);
        let signed = post(served.at, "/sign-in", &[], &format!("token={token}"));
        let session = format!("Cookie: aw={}", signed.cookie("aw").unwrap());
        let text = get(served.at, "/method", &[&session]).text();
        let (_, rest) = text.split_once("name=\"csrf\" value=\"").unwrap();
        let word = rest.split_once('"').unwrap().0.to_owned();
        Self {
            served,
            session,
            word,
        }
    }

    pub fn at(&self) -> SocketAddr {
        self.served.at
    }

    fn act(&self, path: &str, fields: &str) -> Answer {
        let form = format!("csrf={}&{fields}", self.word);
        post(self.at(), path, &[&self.session], &form)
    }

    pub fn page(&self, path: &str) -> String {
        get(self.at(), path, &[&self.session]).text()
    }
}

#[test]
fn acts_are_written_and_told_with_a_name() {
    let own = Own::new(TOKEN);
    let done = own.act("/incidents/1/ack", "by=Ana+Weber");
    assert_eq!(
        (done.status, done.header("location")),
        (303, "/incidents/1")
    );
    assert_eq!(done.cookie("aw_by").as_deref(), Some("Ana%20Weber"));
    let text = own.page("/incidents/1");
    assert!(text.contains("Ana Weber looks after it."), "{text}");
    assert!(text.contains("acknowledged by Ana Weber"));
    assert!(own.page("/").contains("Ana Weber looks after it."));
    for (path, fields, said) in [
        // The clock of a demonstration stands on 13 March 2026.
        ("/incidents/1/silence", "by=Ana&until=2026-03-20", "by Ana"),
        (
            "/incidents/1/silence/undo",
            "by=Ben",
            "mails come again, as Ben asked",
        ),
        (
            "/incidents/1/ack/undo",
            "by=Ben",
            "acknowledgement withdrawn by Ben",
        ),
        (
            "/incidents/1/note",
            "by=Ben&text=The+vendor+was+asked",
            "The vendor was asked (Ben)",
        ),
        (
            "/incidents/1/observe",
            "by=Cho&browser=partial&network=campus&saw=%3Cb%3Eno+button",
            "Cho looked with a browser (campus): works in part",
        ),
    ] {
        let answer = own.act(path, fields);
        assert_eq!(answer.status, 303, "{path}: {}", answer.text());
        let text = own.page("/incidents/1");
        assert!(text.contains(said), "{path}: {said}\n{text}");
        assert!(!text.contains("<b>no button"));
    }
    let store = Store::open_read_only(&own.served.folder().join("data/accesswatch.db")).unwrap();
    let incident = store.reader().unwrap().incident(1).unwrap().unwrap();
    assert_eq!(
        (incident.acknowledged_by, incident.silenced_until),
        (None, None)
    );
    assert_eq!(incident.human_checks[0].by.as_deref(), Some("Cho"));
}

#[test]
fn what_a_person_saw_takes_the_place_of_what_we_cannot_tell() {
    let own = Own::new(TOKEN);
    assert!(own.page("/").contains("and of 1 we cannot tell"));
    let seen = own.act(
        "/sources/registry/home/observe",
        "by=Cho&browser=ok&network=campus",
    );
    assert_eq!(
        (seen.status, seen.header("location")),
        (303, "/sources/registry")
    );
    let text = own.page("/");
    assert!(
        text.contains("Readers can use 3 of 7 sources as usual."),
        "{text}"
    );
    assert!(!text.contains("we cannot tell"), "{text}");
}

#[test]
fn acts_without_the_right_are_refused() {
    let own = Own::new(TOKEN);
    for (path, fields, status) in [
        ("/incidents/1/ack", "by=", 403),
        ("/incidents/1/silence", "by=Ana&until=2026-03-12", 403),
        ("/incidents/1/silence", "by=Ana&until=never", 403),
        (
            "/incidents/1/observe",
            "by=Ana&browser=maybe&network=x",
            403,
        ),
        ("/incidents/1/observe", "by=Ana&browser=ok&network=", 403),
        ("/incidents/1/note", "by=Ana&text=", 403),
        ("/incidents/1/destroy", "by=Ana", 404),
        // The sites of a demonstration are gone.
        ("/incidents/1/look", "by=Ana", 403),
        ("/incidents/999/ack", "by=Ana", 404),
        ("/incidents/x/ack", "by=Ana", 404),
        // The demonstration's way out of service has ended.
        ("/incidents/7/ack", "by=Ana", 409),
    ] {
        assert_eq!(own.act(path, fields).status, status, "{path} {fields}");
    }
    let forged = post(
        own.at(),
        "/incidents/1/ack",
        &[&own.session],
        "csrf=x&by=Ana",
    );
    assert_eq!(forged.status, 403);
    let bare = post(
        own.at(),
        "/incidents/1/ack",
        &[],
        &format!("csrf={}&by=Ana", own.word),
    );
    assert_eq!(bare.status, 403);
    let reader = Own::new(READ_TOKEN);
    assert_eq!(reader.act("/incidents/1/ack", "by=Ana").status, 403);
    let text = reader.page("/incidents/1");
    assert!(!text.contains("action=\"/incidents/1/ack\""), "no form");
    assert!(
        text.contains("accesswatch incidents ack 1 --by NAME"),
        "the command"
    );
    assert!(text.contains("Nobody looks after it yet."), "{text}");
}
