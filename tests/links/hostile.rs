//! Documents that are damaged, or written by someone who means harm.

use std::process::Command;
use std::sync::Arc;

use accesswatch::config::{self, SecretNeeds};
use accesswatch::engine::link_watch::LinkWatcher;
use accesswatch::model::clock::Clock;
use chrono::TimeDelta;

use crate::check::{Library, rows};
use crate::jumping_clock::JumpingClock;
use crate::over_time::{block_on, open};
use crate::pages::Answer;

/// Batches follow each other at once; the host is asked at its rate over all of them.
#[test]
fn ten_thousand_links_to_one_host_are_fetched_at_its_rate() {
    let library = Library::with("private = true\nper_domain_interval = \"10s\"\n");
    library.site.set(
        "*",
        Answer::html("<p>a page like every other of this host</p>"),
    );
    library.site.set("/control", Answer::html("<p>works</p>"));
    let links: Vec<String> = (0..10_000)
        .map(|n| library.site.url(&format!("/{n}")))
        .collect();
    let document = library.document("many.txt", &links.join("\n\n"));
    library.watch.run(&["links", "import", &document]).ends(0);
    let store = open(&library);
    library.site.asked();
    let clock = JumpingClock::now_on();
    let start = clock.now();
    block_on(async {
        let workspace = config::load_for(library.watch.path(), &SecretNeeds::none()).unwrap();
        let watcher = LinkWatcher::new(&workspace, None, store.clone(), Arc::clone(&clock) as _);
        let mut watcher = watcher.await.unwrap();
        for _ in 0..3 {
            let batch = watcher.check_due().await.unwrap().unwrap();
            assert!((1..=8).contains(&batch.checked), "{}", batch.checked);
        }
    });
    let asked = library.site.asked();
    let fetches = asked.iter().filter(|path| *path != "/control").count();
    assert!(fetches >= 24, "{fetches}");
    let took = clock.now() - start;
    let least = TimeDelta::seconds(10) * i32::try_from(fetches - 1).unwrap();
    assert!(took >= least, "{fetches} fetches in {took}");
}

/// What a hostile document names is kept as it is written, as far as it is harmless, and nothing of
/// it is fetched.
#[test]
fn nothing_of_a_hostile_document_is_fetched_or_leaks_into_tables() {
    let library = Library::with("per_domain_interval = \"0s\"\n");
    library.site.set(
        "*",
        Answer::html("<title>secret</title><p>internal figures</p>"),
    );
    library.site.set("/control", Answer::html("<p>works</p>"));
    library.site.asked();
    let port = library.site.address.port();
    let text = format!(
        "See [a](http://127.0.0.1:{port}/a), accessed 2023-05-08, [b](http://u:hunter2@localhost:{port}/b), \
         [c](http://169.254.169.254/latest/meta-data/), [d](file:///etc/passwd), [e](javascript:alert(1)), \
         [f](http://[::1]:{port}/f), [g](http://10.0.0.1/g), [h](data:text/html,x)."
    );
    let document = library.document("hostile.md", &text);
    library.watch.run(&["links", "import", &document]).ends(0);
    library.watch.run(&["links", "check", "--all"]).ends(0);
    // An archive on loopback that would be asked.
    let archive = library.site.url("/web/");
    let lines = format!("\n[[links.archive]]\nname = \"A\"\ntimegate = \"{archive}\"\n");
    library.watch.append("config/accesswatch.toml", &lines);
    library.watch.run(&["links", "copies", "--find"]).ends(0);
    let saved = library.watch.run(&["links", "copies", "--save", "own"]);
    assert!(saved.err.contains("own: 0 saved"), "{}", saved.err);
    let asked = library.site.asked();
    assert!(asked.iter().all(|path| path == "/control"), "{asked:?}");
    for table in [
        "links",
        "citations",
        "documents",
        "copies",
        "measurements",
        "survival",
    ] {
        for format in ["csv", "jsonl"] {
            let ran = library
                .watch
                .run(&["export", table, "--format", format])
                .ends(0);
            for leak in ["hunter2", "secret", "internal figures", "root:"] {
                assert!(!ran.out.contains(leak), "{table} has {leak}: {}", ran.out);
            }
        }
    }
    let kept = library
        .watch
        .run(&["export", "links", "--format", "jsonl"])
        .ends(0);
    for line in kept.out.lines() {
        let link: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(link["state"], "unknown", "{link}");
        assert_eq!(link["archive_url"], serde_json::Value::Null, "{link}");
    }
}

#[test]
fn nothing_in_the_local_network_is_fetched_for_a_document() {
    let library = Library::with("per_domain_interval = \"0s\"\n");
    library.site.set("*", Answer::html("<title>secret</title>"));
    library.site.asked();
    let port = library.site.address.port();
    let text = format!(
        "http://127.0.0.1:{port}/a http://localhost:{port}/b http://2130706433:{port}/c http://[::1]:{port}/d \
         http://0x7f000001:{port}/e http://u:hunter2@127.0.0.1:{port}/f http://127.1:{port}/g \
         http://[::ffff:127.0.0.1]:{port}/h"
    );
    let document = library.document("report.txt", &text);
    let ran = library
        .watch
        .run(&["links", "check", &document, "--format", "json"])
        .ends(0);
    let rows = rows(&ran);
    assert!(rows.len() >= 6);
    for row in &rows {
        assert_eq!(row["state"], "unknown", "{row}");
        assert_eq!(row["remarks"][0], "private", "{row}");
    }
    let asked = library.site.asked();
    assert!(asked.iter().all(|path| path == "/control"), "{asked:?}");
    assert!(!ran.out.contains("hunter2") && !ran.err.contains("hunter2"));
    assert!(!ran.out.contains("secret"));
}

#[test]
fn a_link_that_the_operator_names_may_be_local() {
    let library = Library::with("per_domain_interval = \"0s\"\n");
    library.article("/alive", "rivers");
    let url = library.site.url("/alive");
    let ran = library
        .watch
        .run(&["links", "check", &url, "--format", "json"])
        .ends(0);
    assert_eq!(rows(&ran)[0]["state"], "alive");
}

#[test]
fn other_schemes_are_named_and_not_fetched() {
    let library = Library::new();
    let html = "<a href='file:///etc/passwd'>a</a><a href='javascript:alert(1)'>b</a><a href='ftp://a.example/'>c</a>\
                <a href='mailto:a@b.example'>d</a><a href='data:text/html,x'>e</a>";
    let rows = library.check(&library.document("page.html", html));
    assert_eq!(rows.len(), 5);
    for row in rows {
        assert_eq!(row["state"], "unknown");
        assert_eq!(row["remarks"][0], "scheme");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_the_others_are_checked() {
    let library = Library::new();
    library.article("/alive", "rivers");
    let good = library.listing(&["/alive"]);
    let deep = format!("<xml><records><record>{}", "<a>".repeat(10_000));
    for (name, bytes, reason) in [
        ("empty.txt", Vec::new(), "the file is empty"),
        ("deep.xml", deep.into_bytes(), "too large"),
        ("cut.xml", b"<rss><channel><item><link>".to_vec(), "cut off"),
        (
            "picture.png",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(),
            "not a document",
        ),
        ("\u{1b}[31m.txt", Vec::new(), "the file is empty"),
    ] {
        std::fs::write(library.watch.file(name), bytes).unwrap();
        let bad = library.watch.file(name).to_string_lossy().into_owned();
        let ran = library
            .watch
            .run(&["links", "check", &bad, &good, "--format", "json"])
            .ends(3);
        assert!(ran.err.contains(reason), "{name}: {}", ran.err);
        assert!(!ran.err.contains('\u{1b}'));
        assert_eq!(rows(&ran)[0]["state"], "alive", "{name}");
    }
    library
        .watch
        .run(&["links", "check", "missing.bib"])
        .ends(3);
}

#[test]
fn entities_that_a_document_declares_are_not_read() {
    let library = Library::new();
    let bomb = format!(
        "<!DOCTYPE x [<!ENTITY a \"http://a.example/\"><!ENTITY b \"{}\">]><rss><channel><item><link>&b;</link></item></channel></rss>",
        "&a;".repeat(1000)
    );
    assert!(
        library
            .check(&library.document("bomb.xml", &bomb))
            .is_empty()
    );
}

#[test]
fn without_a_workspace_the_shipped_settings_serve() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("a.md"),
        "[x](mailto:a@b.example) and no more",
    )
    .unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_accesswatch"))
        .args(["links", "check", "a.md", "--format", "json"])
        .current_dir(dir.path())
        .env_remove("ACCESSWATCH_DIR")
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let rows: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(rows[0]["remarks"][0], "scheme");
    assert_eq!(rows[0]["cited_in"][0]["document"], "a.md");
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "nothing is written");
}
