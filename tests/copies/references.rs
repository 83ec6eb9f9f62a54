//! Copies as references of drift: the memento near the day of citing, and the copy that a document
//! cites.

use accesswatch::judge::drift::{LinkReference, ReferenceSource};
use accesswatch::store::Store;

use crate::archives::Archive;
use crate::desk::{article, soft_404, watch};
use crate::kept::{import, rows, run};
use crate::pages::{Answer, Site};
use crate::workspace::TestWorkspace;

const LINK: &str = "https://a.example/one";

async fn reference(watch: &TestWorkspace) -> Option<LinkReference> {
    let store = Store::open(&watch.file("data/accesswatch.db")).unwrap();
    store
        .cited_pages(vec![1])
        .await
        .unwrap()
        .remove(&1)?
        .reference
}

#[tokio::test(flavor = "multi_thread")]
async fn the_judged_memento_near_the_day_of_citing_is_the_reference() {
    for (stamp, want) in [
        ("20230501000000", Some(ReferenceSource::Memento)),
        ("20230301000000", None),
    ] {
        let archive = Archive::start().await;
        archive.holds(LINK, "20230508000000", &soft_404());
        archive.holds(LINK, stamp, &article("rivers"));
        let watch = watch(&archive.as_wayback());
        import(&watch, &[(LINK, "2023-05-08")]);
        run(&watch, &["links", "copies", "--find"]).ends(0);
        let found = reference(&watch).await;
        assert_eq!(found.as_ref().map(|r| r.source), want, "{stamp}");
        if let Some(found) = found {
            assert_eq!(found.url, Some(archive.capture(stamp, LINK)));
            assert!(found.text.main.contains("what is known of rivers"));
            assert_eq!(
                found.at,
                "2023-05-01T00:00:00Z"
                    .parse::<accesswatch::model::Time>()
                    .unwrap()
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_the_document_cites_is_the_better_reference() {
    let archive = Archive::start().await;
    archive.holds(LINK, "20230508000000", &article("rivers"));
    archive.holds(
        LINK,
        "20240101000000",
        &article("rivers as the author saw them"),
    );
    let watch = watch(&archive.as_wayback());
    let cited = format!("http://web.archive.org/web/20240101000000/{LINK}");
    let text = format!("See [x]({LINK}), accessed 2023-05-08.\n\nThe copy is [here]({cited}).\n");
    watch.write("notes.md", &text);
    let path = watch.file("notes.md").to_string_lossy().into_owned();
    run(&watch, &["links", "import", &path]).ends(0);
    let ran = run(&watch, &["links", "copies", "--find", "--format", "json"]).ends(0);
    let found = reference(&watch).await.unwrap();
    assert_eq!(found.source, ReferenceSource::Cited, "{}", ran.out);
    assert_eq!(found.url.as_deref(), Some(cited.as_str()));
    // The copy that stands for the link is the one near the day of citing.
    let used: Vec<_> = rows(&ran)
        .into_iter()
        .filter(|row| row["used"] == true)
        .collect();
    assert_eq!(used[0]["url"], archive.capture("20230508000000", LINK));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_compared_with_the_memento() {
    let table = |figure: &str| {
        format!(
            "{}<table><tr><th>District<th>Tonnes</tr><tr><td>North<td>{figure}</tr></table>",
            article("the freight on the canal")
        )
    };
    let (site, archive) = (Site::start(), Archive::start().await);
    let watch = watch(&archive.as_wayback());
    let config = "config/accesswatch.toml";
    watch.edit(config, "http://127.0.0.1:9/", &site.url("/control"));
    watch.append(
        config,
        "\n[links]\nprivate = true\nper_domain_interval = \"0s\"\n",
    );
    site.set("/control", Answer::html("<p>works</p>"));
    site.set("/changed", Answer::html(&table("1,350")));
    site.set("/same", Answer::html(&table("1,200")));
    for path in ["/changed", "/same"] {
        archive.holds(&site.url(path), "20230508000000", &table("1,200"));
    }
    let day = "2023-05-08";
    import(
        &watch,
        &[(&site.url("/changed"), day), (&site.url("/same"), day)],
    );
    run(&watch, &["links", "copies", "--find"]).ends(0);
    // The second check shows that the page does not change by itself.
    run(&watch, &["links", "check", "--all"]).ends(0);
    run(&watch, &["links", "check", "--all"]).ends(0);
    let links = run(&watch, &["export", "links", "--format", "jsonl"])
        .ends(0)
        .out;
    let states: Vec<String> = links
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|link| {
            format!(
                "{} {}",
                link["url"].as_str().unwrap().rsplit('/').next().unwrap(),
                link["state"]
            )
        })
        .collect();
    assert_eq!(states, [r#"changed "drifted""#, r#"same "alive""#]);
    let shown = run(&watch, &["links", "show", "L1"]).ends(0);
    let all = format!("{}{}", shown.err, shown.out);
    assert!(all.contains("2023-05-08"), "{all}");
}
