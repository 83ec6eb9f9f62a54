//! What is kept of a link whose state changes, how it is found again, and handed on.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use accesswatch::store::Store;
use serde_json::Value;
use zip::ZipArchive;

use crate::check::Library;
use crate::over_time::{block_on, check_on, import, open};
use crate::pages::Answer;

fn listed(library: &Library, link: &str) -> Vec<Value> {
    let args = ["evidence", "list", "--link", link, "--format", "json"];
    let out = library.watch.run(&args).ends(0).out;
    serde_json::from_str(&out).unwrap()
}

#[test]
fn a_link_that_dies_leaves_the_exchange_that_decided_in_a_file_of_links() {
    let library = Library::new();
    library.article("/stays", "rivers");
    library.article("/dies", "bridges");
    import(&library, &["/stays", "/dies"]);
    let store = open(&library);
    let gone = Answer::html("<p>not here</p>").with_status(404);
    block_on(async {
        for day in [0, 1, 3, 10] {
            check_on(&library, &store, day).await;
        }
        library.site.set("/dies", gone);
        for day in [17, 20, 23] {
            check_on(&library, &store, day).await;
        }
    });
    drop(store);
    let dead = listed(&library, "L2");
    let codes: Vec<&Value> = dead.iter().map(|row| &row["code"]).collect();
    // First sight, the newest healthy exchange, and what decided.
    assert_eq!(codes, ["ok", "ok", "http.not_found"], "{dead:#?}");
    assert!(dead.iter().all(|row| row["probe"] == "L2"));
    let file = dead[2]["file"].as_str().unwrap();
    assert!(file.contains("-links-"), "{file}");
    let uid = dead[2]["measurement_uid"].as_str().unwrap();
    let shown = library.watch.run(&["evidence", "show", uid]).ends(0).out;
    for part in ["L2 from", "HTTP/1.1 404", "text: not here"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let alive = listed(&library, "L1");
    assert_eq!(alive.len(), 1, "first sight: {alive:#?}");
    let unknown = ["evidence", "list", "--link", "L99"];
    library.watch.run(&unknown).ends(2);
    library
        .watch
        .run(&["evidence", "list", "--link", "x"])
        .ends(2);
    library.watch.run(&["verify"]).ends(0);
}

/// A link that is served for some days with a page that changes, and dies then.
fn dies(library: &Library) -> Store {
    library.article("/dies", "bridges");
    import(library, &["/dies"]);
    let store = open(library);
    block_on(async {
        for (day, about) in [
            (0, "bridges"),
            (1, "bridges"),
            (3, "bridges again"),
            (10, "arches"),
        ] {
            library.article("/dies", about);
            check_on(library, &store, day).await;
        }
        let gone = Answer::html("<p>not here</p>").with_status(404);
        library.site.set("/dies", gone);
        for day in [17, 20, 23] {
            check_on(library, &store, day).await;
        }
    });
    store
}

/// What is served last is too large to be kept, so that the older page is not shown in its place:
/// whether the page is new to the vantage or known does not matter.
#[test]
fn a_page_that_grew_too_large_leaves_no_older_one_as_the_last_healthy() {
    let library = Library::new();
    library.article("/dies", "bridges");
    import(&library, &["/dies"]);
    let store = open(&library);
    let kept = async || {
        let link = accesswatch::model::link::LinkId(1);
        store.healthy_link_exchanges(link).await.unwrap().len()
    };
    block_on(async {
        check_on(&library, &store, 0).await;
        check_on(&library, &store, 1).await;
        assert_eq!(kept().await, 1);
        library.large_article("/dies", "bridges");
        check_on(&library, &store, 3).await;
        assert_eq!(kept().await, 0, "the page of the day before is kept");
        library.article("/dies", "bridges");
        check_on(&library, &store, 10).await;
        assert_eq!(kept().await, 1, "a page that is small again is kept");
        library.large_article("/dies", "bridges");
        check_on(&library, &store, 17).await;
        let gone = Answer::html("<p>not here</p>").with_status(404);
        library.site.set("/dies", gone);
        for day in [24, 27, 30] {
            check_on(&library, &store, day).await;
        }
    });
    drop(store);
    let dead = listed(&library, "L1");
    let codes: Vec<&Value> = dead.iter().map(|row| &row["code"]).collect();
    // First sight, and what decided.
    assert_eq!(codes, ["ok", "http.not_found"], "{dead:#?}");
    library.watch.run(&["verify"]).ends(0);
    // The pack does not call the first sight the last healthy answer.
    for (lang, earlier, last) in [
        ("en", "An earlier healthy answer", "The last healthy answer"),
        ("ko", "그 전의 정상 응답", "마지막으로 정상이던 응답"),
        ("zh", "较早的一次正常应答", "最后一次正常的应答"),
    ] {
        let page = file_of(&mut packed(&library, lang), "link.html");
        assert!(page.contains(earlier), "{lang}: {page}");
        assert!(!page.contains(last), "{lang}: {page}");
    }

    // The first page of a link is a record: it is no exception.
    let library = Library::new();
    library.large_article("/large", "rivers");
    import(&library, &["/large"]);
    let store = open(&library);
    block_on(async {
        check_on(&library, &store, 0).await;
        let link = accesswatch::model::link::LinkId(1);
        let kept = store.healthy_link_exchanges(link).await.unwrap();
        assert!(kept.is_empty(), "{}", kept.len());
    });
}

/// The files of a pack in its folder.
fn file_of(pack: &mut ZipArchive<File>, name: &str) -> String {
    let mut text = String::new();
    let mut file = pack.by_name(&format!("accesswatch/{name}")).unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

fn packed(library: &Library, lang: &str) -> ZipArchive<File> {
    let file = library.watch.file(&format!("link-{lang}.wacz"));
    let path = file.display().to_string();
    let args = ["evidence", "pack", "L1", "-o", &path, "--lang", lang];
    library.watch.run(&args).ends(0);
    let verified = library.watch.run(&["verify", &path]).ends(0).out;
    assert!(verified.contains("everything holds"), "{verified}");
    ZipArchive::new(File::open(&file).unwrap()).unwrap()
}

#[test]
fn a_pack_of_a_link_has_both_sides_in_every_language() {
    let library = Library::new();
    drop(dies(&library));
    let all = listed(&library, "L1");
    let codes: Vec<&Value> = all.iter().map(|row| &row["code"]).collect();
    // First sight, the newest healthy answer before the loss, and what decided.
    assert_eq!(codes, ["ok", "ok", "http.not_found"], "{all:#?}");
    let uid = |at: usize| all[at]["measurement_uid"].as_str().unwrap();
    let shown = library.watch.run(&["evidence", "show", uid(1)]).ends(0).out;
    assert!(
        shown.contains("about arches"),
        "the page as it was last: {shown}"
    );
    for (lang, decided, healthy) in [
        ("en", "What decided", "The last healthy answer before it"),
        (
            "ko",
            "판단의 근거가 된 응답",
            "그 전에 마지막으로 정상이던 응답",
        ),
        ("zh", "据以判定的应答", "此前最后一次正常的应答"),
    ] {
        let mut pack = packed(&library, lang);
        let page = file_of(&mut pack, "link.html");
        for absent in ["An earlier healthy", "그 전의 정상", "较早的一次正常"] {
            assert!(!page.contains(absent), "{lang}: {page}");
        }
        for part in [
            decided,
            healthy,
            "L1",
            "/dies",
            "links.txt",
            "http.not_found",
            uid(1),
        ] {
            assert!(page.contains(part), "{lang}: {part}: {page}");
        }
        assert!(file_of(&mut pack, "method.html").contains("link.html"));
        let lines = file_of(&mut pack, "records.jsonl");
        let records: Vec<Value> = lines
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        let own = |record: &&Value| record["test_keys"]["x_accesswatch"]["link"] == "L1";
        assert_eq!(records.iter().filter(own).count(), 3);
        let controls = |record: &&Value| record["test_keys"]["x_accesswatch"]["control"] == true;
        assert!(
            records.iter().filter(controls).count() >= 2,
            "the vantage worked: {lines}"
        );
    }
    // Others read it too: warcio, wacz and pywb (.ci/run).
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("evidence");
    std::fs::create_dir_all(&kept).unwrap();
    std::fs::copy(library.watch.file("link-zh.wacz"), kept.join("link.wacz")).unwrap();

    // The loss and the healthy answer before it are pages of the pack, in this order.
    let mut pack = packed(&library, "en");
    let mut pages = String::new();
    let mut file = pack.by_name("pages/pages.jsonl").unwrap();
    file.read_to_string(&mut pages).unwrap();
    assert_eq!(pages.lines().count(), 4, "{pages}");
    assert!(
        pages.lines().nth(1).unwrap().contains("not found (404)"),
        "{pages}"
    );
}

#[test]
fn a_pack_says_when_it_has_one_side_only() {
    let library = Library::with(
        "private = true\nper_domain_interval = \"0s\"\n[links.copies]\nown = \"never\"\n",
    );
    library.article("/never", "rivers");
    let gone = Answer::html("<p>not here</p>").with_status(410);
    library.site.set("/never", gone);
    import(&library, &["/never"]);
    let store = open(&library);
    block_on(async {
        for day in [0, 3, 7, 11] {
            check_on(&library, &store, day).await;
        }
    });
    drop(store);
    for (lang, sentence) in [
        ("en", "Only one side is kept"),
        ("ko", "한쪽만 있습니다"),
        ("zh", "只有一面"),
    ] {
        let page = file_of(&mut packed(&library, lang), "link.html");
        assert!(page.contains(sentence), "{lang}: {page}");
    }
}

#[test]
fn a_pack_of_what_is_not_kept_is_refused() {
    let library = Library::new();
    library.article("/new", "rivers");
    import(&library, &["/new"]);
    let path = library.watch.file("x.wacz").display().to_string();
    let pack = |id: &str| library.watch.run(&["evidence", "pack", id, "-o", &path]);
    let said = pack("L1").ends(3).err;
    assert!(said.contains("no evidence is kept of link L1"), "{said}");
    for unknown in ["L99", "x", "D1"] {
        pack(unknown).ends(2);
    }
    assert!(!library.watch.file("x.wacz").exists());
}
