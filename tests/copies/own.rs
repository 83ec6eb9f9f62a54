//! Copies of our own that checks make: of the first healthy page, of each change, or never.

use serde_json::Value;

use crate::archives::Archive;
use crate::desk::{article, soft_404, watch};
use crate::kept::{import, rows, run};
use crate::pages::{Answer, Site};
use crate::workspace::TestWorkspace;

/// A page that has nothing of an article.
pub const VACANCIES: &str = "<title>Vacancies</title><h1>Vacancies</h1><p>Three clerks are wanted for the summer. Write to the \
     office before the end of May, with two letters of recommendation, a photograph, and a proof of \
     health that is not older than three months. Those who come from abroad add a translation.</p>";

/// A workspace that checks links of one site, with its links imported.
pub async fn library(own: &str) -> (Site, Archive, TestWorkspace) {
    let (site, archive) = (Site::start(), Archive::start().await);
    let settings = archive.as_wayback();
    let settings = settings.replace("[links.copies]\n", &format!("[links.copies]\n{own}"));
    let watch = watch(&settings);
    let config = "config/accesswatch.toml";
    watch.edit(config, "http://127.0.0.1:9/", &site.url("/control"));
    watch.append(
        config,
        "\n[links]\nprivate = true\nper_domain_interval = \"0s\"\n",
    );
    site.set("/control", Answer::html("<p>works</p>"));
    site.set("/page", Answer::html(&article("rivers")));
    site.set("/gone", Answer::html(&soft_404()));
    site.set("/short", Answer::html("<p>One moment please.</p>"));
    let links = ["/page", "/gone", "/short"].map(|path| site.url(path));
    import(&watch, &links.each_ref().map(|link| (link.as_str(), "")));
    (site, archive, watch)
}

fn check(watch: &TestWorkspace) -> Vec<Value> {
    run(watch, &["links", "check", "--all"]).ends(0);
    rows(&run(watch, &["links", "copies", "--format", "json"]).ends(0))
}

/// The files that hold the exchanges of a link, one for each exchange.
fn files_of(watch: &TestWorkspace, link: &str) -> Vec<String> {
    let args = ["evidence", "list", "--link", link, "--format", "json"];
    let listed = rows(&run(watch, &args).ends(0));
    let file = |row: &serde_json::Value| row["file"].as_str().unwrap().to_owned();
    listed.iter().map(file).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_healthy_page_is_kept_and_verifies() {
    let (site, _archive, watch) = library("").await;
    let copies = check(&watch);
    assert_eq!(copies.len(), 1, "{copies:?}");
    assert_eq!(copies[0]["kind"], "own");
    assert_eq!(copies[0]["judged"], "good");
    assert_eq!(copies[0]["used"], true);
    let record = copies[0]["url"].as_str().unwrap().to_owned();
    assert!(record.starts_with("urn:uuid:"), "{record}");
    // The tables say that the link is kept; the copy has no public address.
    for table in ["links", "citations"] {
        let out = run(&watch, &["export", table, "--format", "jsonl"])
            .ends(0)
            .out;
        let rows = out
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let kept: Vec<Value> = rows.filter(|row| row["url"] == site.url("/page")).collect();
        assert_eq!(kept.len(), 1, "{table}: {out}");
        assert!(kept[0]["archive_url"].is_null(), "{table}: {out}");
        assert_eq!(kept[0]["archive_time"], copies[0]["time"], "{table}");
        if table == "links" {
            assert_eq!(kept[0]["archive_judged"], "good");
        }
    }
    run(&watch, &["verify"]).ends(0);
    let listed = run(&watch, &["evidence", "list", "--format", "json"]);
    assert!(
        listed.out.contains(&site.url("/page")),
        "{}{}",
        listed.out,
        listed.err
    );
    // Its exchange is in a file of copies, and in no file of links too.
    let files = files_of(&watch, "L1");
    assert_eq!(files.len(), 1, "{files:?}");
    assert!(files[0].contains("-copies-"), "{files:?}");
    // It is made once, whatever the page says later.
    site.set("/page", Answer::html(&article("lakes")));
    assert_eq!(check(&watch).len(), 1);
    // A page that comes later has its copy then.
    site.set("/gone", Answer::html(&article("bridges")));
    assert_eq!(check(&watch).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_is_kept_where_the_configuration_says_so() {
    let (site, _archive, watch) = library("own = \"changed\"\n").await;
    assert_eq!(check(&watch).len(), 1);
    assert_eq!(check(&watch).len(), 1, "nothing changed");
    site.set("/page", Answer::html(VACANCIES));
    assert_eq!(check(&watch).len(), 2);
    assert_eq!(check(&watch).len(), 2, "it is the page that was kept last");
    run(&watch, &["verify"]).ends(0);
    let files = files_of(&watch, "L1");
    assert!(files.len() >= 2, "{files:?}");
    assert!(
        files.iter().all(|file| file.contains("-copies-")),
        "{files:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_where_the_configuration_or_a_licence_forbids_it() {
    let (_site, _archive, watch) = library("own = \"never\"\n").await;
    assert_eq!(check(&watch).len(), 0);
    let (site, _archive, watch) = library("").await;
    watch.source("licensed", &[site.url("/page")], "contains = [\"rivers\"]");
    let file = "probes/test/licensed.toml";
    watch.edit(
        file,
        "access = \"public\"\n",
        "access = \"public\"\nstore_body = \"never\"\n",
    );
    assert_eq!(check(&watch).len(), 0);
    run(&watch, &["links", "copies", "--save", "own"]).ends(0);
    let copies = rows(&run(&watch, &["links", "copies", "--format", "json"]).ends(0));
    assert_eq!(copies.len(), 0, "{copies:?}");
}

/// The link stands on one host and leads to the host of a source whose pages may not be stored.
#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_a_licensed_source_gives_no_copy() {
    let (site, _archive, watch) = library("").await;
    let other = Site::start_at("127.0.0.2");
    let mut moved = Answer::html("").with_status(302);
    moved
        .headers
        .push(("Location".into(), site.url("/licensed")));
    other.set("/page", moved);
    site.set("/licensed", Answer::html(&article("seas")));
    import(&watch, &[(other.url("/page").as_str(), "")]);
    watch.source(
        "licensed",
        &[site.url("/licensed")],
        "contains = [\"seas\"]",
    );
    watch.edit(
        "probes/test/licensed.toml",
        "access = \"public\"\n",
        "access = \"public\"\nstore_body = \"never\"\n",
    );
    assert_eq!(check(&watch).len(), 0);
    run(&watch, &["links", "copies", "--save", "own"]).ends(0);
    let copies = rows(&run(&watch, &["links", "copies", "--format", "json"]).ends(0));
    assert_eq!(copies.len(), 0, "{copies:?}");
    // Once the licence allows it, the copy is made.
    watch.edit(
        "probes/test/licensed.toml",
        "store_body = \"never\"\n",
        "store_body = \"always\"\n",
    );
    run(&watch, &["links", "copies", "--save", "own"]);
    let copies = rows(&run(&watch, &["links", "copies", "--format", "json"]).ends(0));
    assert!(!copies.is_empty(), "nothing stands in the way of the copy");
}

/// A copy that is saved on request is evidence like any other: its record is in the store, in the
/// day chain and in the pack, and a payload that is in a file already is not written twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_saved_on_request_has_its_record_in_the_pack() {
    let (site, _archive, watch) = library("own = \"never\"\n").await;
    site.set("/twin", Answer::html(&article("rivers")));
    let links = ["/page", "/twin"].map(|path| site.url(path));
    import(&watch, &links.each_ref().map(|link| (link.as_str(), "")));
    run(&watch, &["links", "copies", "--save", "own"]).ends(0);
    let listed = run(&watch, &["evidence", "list", "--format", "json"]).ends(0);
    let listed: Vec<Value> = rows(&listed);
    assert_eq!(listed.len(), 2, "{listed:?}");
    let uid = listed[0]["measurement_uid"].as_str().unwrap();
    let file = listed[0]["file"].as_str().unwrap();
    assert!(file.contains("-copies-"), "{file}");
    let bytes = std::fs::read(watch.file("data/evidence").join(file)).unwrap();
    let kinds: Vec<String> = accesswatch::evidence::warc::WarcReader::new(&bytes[..])
        .map(|entry| entry.unwrap().field("WARC-Type").unwrap().to_owned())
        .collect();
    assert!(kinds.iter().any(|kind| kind == "revisit"), "{kinds:?}");
    let path = watch.file("link.wacz");
    let shown = path.display().to_string();
    run(&watch, &["evidence", "pack", "L1", "-o", &shown]).ends(0);
    run(&watch, &["verify", &shown]).ends(0);
    let mut pack = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
    for name in ["records.jsonl", "proof.json"] {
        let mut text = String::new();
        let mut file = pack.by_name(&format!("accesswatch/{name}")).unwrap();
        std::io::Read::read_to_string(&mut file, &mut text).unwrap();
        assert!(text.contains(uid), "{name}: {text}");
    }
}

/// The page that was there at the first check is known when copies are made: another page at its
/// address is no copy of it, neither for a check nor on request.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_drifted_is_not_saved_as_a_copy() {
    let (site, _archive, watch) = library("own = \"never\"\n").await;
    assert_eq!(check(&watch).len(), 0);
    site.set("/page", Answer::html(VACANCIES));
    let ran = run(&watch, &["links", "copies", "--save", "own"]).ends(3);
    assert!(ran.err.contains("own: 0 saved"), "{}", ran.err);
    let config = "config/accesswatch.toml";
    watch.edit(config, "own = \"never\"", "own = \"first\"");
    assert_eq!(check(&watch).len(), 0);
    site.set("/page", Answer::html(&article("rivers")));
    assert_eq!(check(&watch).len(), 1, "the page is back");
}
