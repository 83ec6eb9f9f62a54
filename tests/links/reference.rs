//! The page of a link as it was cited: kept, replaced, accepted, and shown beside the page now.

use accesswatch::judge::drift::{LinkReference, ReferenceSource};
use accesswatch::model::Time;
use accesswatch::store::{CitedPage, PageFinding, Store};
use accesswatch::text::page_text::PageContent;

use crate::check::Library;

fn at(day: u32) -> Time {
    format!("2026-11-{day:02}T08:00:00Z").parse().unwrap()
}

fn page(text: &str) -> PageContent {
    PageContent::of_html(&format!("<title>t</title><p>{text}</p>"))
}

fn reference(source: ReferenceSource, day: u32, text: &str) -> PageFinding {
    PageFinding::Reference(Box::new(LinkReference::new(
        source,
        at(day),
        None,
        page(text),
    )))
}

/// A library that keeps one link, and its store.
fn kept() -> (Library, Store) {
    let library = Library::new();
    let url = library.site.url("/report#:~:text=the%20passage");
    let document = library.document(
        "report.md",
        &format!("See [x]({url}), accessed May 8, 2023."),
    );
    library.watch.run(&["links", "import", &document]).ends(0);
    let store = Store::open(&library.watch.file("data/accesswatch.db")).unwrap();
    (library, store)
}

async fn keep(store: &Store, finding: PageFinding, day: u32) {
    store
        .keep_page_findings(vec![(1, finding)], at(day))
        .await
        .unwrap();
}

async fn cited(store: &Store) -> CitedPage {
    let mut pages = store.cited_pages(vec![1, 99]).await.unwrap();
    assert!(!pages.contains_key(&99));
    pages.remove(&1).unwrap()
}

#[tokio::test]
async fn the_best_reference_stays_and_a_person_replaces_it() {
    let (_library, store) = kept();
    assert_eq!(cited(&store).await.passages, ["the passage"]);
    assert!(!store.accept_page(1, at(1)).await.unwrap());
    keep(
        &store,
        reference(ReferenceSource::First, 2, "First text."),
        2,
    )
    .await;
    keep(&store, PageFinding::Living(true), 3).await;
    let first = cited(&store).await.reference.unwrap();
    assert_eq!((first.at, first.is_living), (at(2), Some(true)));
    assert_eq!(first.text.main, "First text.\n");
    keep(
        &store,
        reference(ReferenceSource::Memento, 1, "An older text."),
        4,
    )
    .await;
    keep(
        &store,
        reference(ReferenceSource::First, 5, "Another text."),
        5,
    )
    .await;
    let older = cited(&store).await.reference.unwrap();
    assert_eq!(older.source, ReferenceSource::Memento);
    keep(
        &store,
        PageFinding::Differs(Box::new(page("A new text."))),
        6,
    )
    .await;
    let (differs, seen) = store.differing_page(1).await.unwrap().unwrap();
    assert_eq!((differs.main.as_str(), seen), ("A new text.\n", at(6)));
    assert!(store.accept_page(1, at(7)).await.unwrap());
    let accepted = cited(&store).await.reference.unwrap();
    assert_eq!(accepted.source, ReferenceSource::Accepted);
    assert_eq!(
        (accepted.text.main.as_str(), accepted.at),
        ("A new text.\n", at(7))
    );
    assert_eq!(store.differing_page(1).await.unwrap(), None);
}

#[tokio::test]
async fn show_puts_the_sentences_as_cited_beside_those_of_now() {
    let (library, store) = kept();
    let was = "The level rose by 12 cm. The dams stay shut.";
    keep(&store, reference(ReferenceSource::First, 2, was), 2).await;
    let now = "The level rose by 19 cm. The dams stay shut.";
    keep(&store, PageFinding::Differs(Box::new(page(now))), 9).await;
    drop(store);
    let shown = library.watch.run(&["links", "show", "L1"]).ends(0);
    let all = format!("{}{}", shown.err, shown.out);
    assert!(
        all.contains("2026-11-02, its first healthy check, 3 years after citing"),
        "{all}"
    );
    assert!(
        all.contains("rose by 12 cm.") && all.contains("rose by 19 cm."),
        "{all}"
    );
    assert!(!shown.out.contains("The dams stay shut."), "{all}");
    // Programs get the citations alone.
    let json = library
        .watch
        .run(&["links", "show", "L1", "--format", "json"])
        .ends(0);
    assert!(!json.out.contains("rose by"), "{}", json.out);
}
