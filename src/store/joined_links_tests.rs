//! Links that a check found to be one.

use crate::model::Time;
use crate::model::copy::{CopyKind, NewCopy};
use crate::model::document::{ImportedCitation, ImportedDocument};
use crate::model::joined_link::JoinedLink;
use crate::model::link::LinkId;
use crate::model::time::from_micros;
use crate::store::{LinkCommit, Store};

fn now() -> Time {
    from_micros(1_790_000_000_000_000)
}

fn citation(place: &str, identity: &str) -> ImportedCitation {
    let host = identity.split('/').next().unwrap_or_default();
    ImportedCitation {
        identity: identity.to_owned(),
        url: format!("https://{identity}"),
        host: host.to_owned(),
        alternative: None,
        place: place.to_owned(),
        url_as_cited: format!("https://{identity}"),
        fragment: None,
        title: None,
        quote: None,
        cited_on: None,
        occurrences: 1,
        copy: None,
    }
}

async fn import(store: &Store, citations: &[(&str, &str)]) {
    let document = ImportedDocument {
        path: "/a.md".to_owned(),
        renamed_from: None,
        title: None,
        date: None,
        stated_title: None,
        stated_date: None,
        group: None,
        is_watched: false,
        sha256: [1; 32],
        citations: citations.iter().map(|(p, i)| citation(p, i)).collect(),
    };
    let imported = store.import_documents(vec![document], now(), false);
    imported.await.unwrap();
}

async fn join(store: &Store, link: i64, identity: &str, copy: Option<NewCopy>) {
    let joined = JoinedLink {
        link: LinkId(link),
        at: now(),
        identity: identity.to_owned(),
        url: format!("https://{identity}"),
        host: "a.example".to_owned(),
        copy,
    };
    let commit = LinkCommit {
        joined: vec![joined],
        ..LinkCommit::default()
    };
    store.commit_links(commit).await.unwrap();
}

/// The link that an address names now, with its places and how often each cites it.
async fn cited(store: &Store, identity: &str) -> (i64, Vec<(String, u32)>) {
    let found = store.link(None, Some(identity.to_owned())).await.unwrap();
    let (link, citations) = found.unwrap();
    let current = citations.into_iter().filter(|c| c.ended.is_none());
    let places = current.map(|c| (c.place, c.occurrences)).collect();
    (link.id, places)
}

async fn due(store: &Store) -> Vec<i64> {
    let all = store.visit_due_links(now(), Vec::new(), |all, id, _| {
        all.push(id.0);
        true
    });
    let mut all = all.await.unwrap();
    all.sort_unstable();
    all
}

#[tokio::test]
async fn two_addresses_of_one_link_are_one_from_the_check_on() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("w.db")).unwrap();
    let both = [
        ("line 1", "www.a.example/b"),
        ("line 2", "www.a.example/b"),
        ("line 2", "a.example/b"),
    ];
    import(&store, &both).await;
    assert_eq!(due(&store).await, [1, 2]);
    join(&store, 1, "a.example/b", None).await;
    let one = vec![("line 1".to_owned(), 1), ("line 2".to_owned(), 2)];
    for identity in ["a.example/b", "www.a.example/b"] {
        let (id, mut places) = cited(&store, identity).await;
        places.sort();
        assert_eq!((id, &places), (2, &one), "{identity}");
    }
    assert_eq!(due(&store).await, [2]);
    // A record of either address is of the one link.
    for identity in ["a.example/b", "www.a.example/b"] {
        let link = store.link_of_identity(identity.to_owned()).await.unwrap();
        assert_eq!(link, Some(LinkId(2)), "{identity}");
    }
    // Another import finds the same, and no second link.
    import(&store, &both).await;
    let (id, mut places) = cited(&store, "www.a.example/b").await;
    places.sort();
    assert_eq!((id, places), (2, one));
    assert_eq!(due(&store).await, [2]);
    // The other link leads back: nothing changes.
    join(&store, 2, "www.a.example/b", None).await;
    assert_eq!(cited(&store, "a.example/b").await.0, 2);
}

#[tokio::test]
async fn an_address_that_nothing_cites_yet_names_the_link_that_leads_to_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("w.db")).unwrap();
    import(&store, &[("line 1", "www.a.example/b")]).await;
    join(&store, 1, "a.example/b", None).await;
    let link = store.link_of_identity("a.example/b".to_owned()).await;
    assert_eq!(link.unwrap(), Some(LinkId(1)));
    import(&store, &[("line 1", "a.example/b")]).await;
    assert_eq!(cited(&store, "a.example/b").await.0, 1);
    assert_eq!(due(&store).await, [1]);
}

#[tokio::test]
async fn a_copy_whose_original_is_named_becomes_a_copy_of_the_original() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("w.db")).unwrap();
    import(&store, &[("line 1", "perma.cc/AB12")]).await;
    let copy = NewCopy {
        archive: "perma.cc".to_owned(),
        url: "https://perma.cc/AB12".to_owned(),
        time: Some(now()),
        judged: None,
        code: None,
        kind: CopyKind::Cited,
        job: None,
        body_sha256: None,
    };
    join(&store, 1, "b.example/x", Some(copy.clone())).await;
    let place = vec![("line 1".to_owned(), 1)];
    assert_eq!(cited(&store, "b.example/x").await, (2, place.clone()));
    let copies = store.copies_of_link(2).await.unwrap();
    assert_eq!(copies.len(), 1);
    assert_eq!(copies[0].copy, copy);
    import(&store, &[("line 1", "perma.cc/AB12")]).await;
    assert_eq!(cited(&store, "perma.cc/AB12").await, (2, place));
    assert_eq!(due(&store).await, [2]);
}

/// A place cites both addresses, now or before: what a person stated of one holds for the link.
#[tokio::test]
async fn what_a_person_stated_of_a_citation_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("w.db")).unwrap();
    let www = "www.a.example/b";
    import(&store, &[("line 1", "a.example/b"), ("line 2", www)]).await;
    let both = [("line 1", www), ("line 2", www), ("line 2", "a.example/b")];
    import(&store, &both).await;
    let citations = |identity: &str| store.link(None, Some(identity.to_owned()));
    let (link, cited) = citations(www).await.unwrap().unwrap();
    for citation in cited {
        let (date, quote) = ("2023-05-08".to_owned(), citation.place);
        let edit = store.edit_citation(citation.id, Some(date), Some(quote));
        assert!(edit.await.unwrap());
    }
    join(&store, link.id, "a.example/b", None).await;
    let (_, cited) = citations("a.example/b").await.unwrap().unwrap();
    assert_eq!(cited.len(), 2);
    for citation in cited {
        assert_eq!(citation.ended, None);
        assert_eq!(citation.cited_on.as_deref(), Some("2023-05-08"));
        assert_eq!(citation.quote, Some(citation.place));
    }
}
