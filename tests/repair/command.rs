//! `links repair` as a librarian calls it.

use std::process::Stdio;
use std::time::Instant;

use serde_json::Value;
use tokio::runtime::Runtime;

use crate::archives::Archive;
use crate::pages::{Answer, Site};
use crate::proxy;
use crate::workspace::TestWorkspace;

pub const COPY: &str = "http://web.archive.org/web/20230509031122/http://dead.example/x";

/// A workspace from which every host is one site, and an archive.
pub struct Library {
    pub site: Site,
    pub watch: TestWorkspace,
    pub archive: Archive,
    /// The archive runs in it.
    _runtime: Runtime,
}

impl Library {
    pub fn new() -> Self {
        let site = Site::start();
        site.set("/control", Answer::html("<p>works</p>"));
        let watch = TestWorkspace::new("http://control.example/control");
        let proxy = proxy::start(site.address);
        let config = "config/accesswatch.toml";
        watch.edit(
            config,
            "via = \"direct\"",
            &format!("via = \"socks5://{proxy}\""),
        );
        watch.append(config, "\n[links]\nper_domain_interval = \"0s\"\n");
        let runtime = Runtime::new().unwrap();
        let archive = runtime.block_on(Archive::start());
        watch.append(config, &archive.as_wayback());
        let text = "The report on rivers says at some length what is known of rivers, who measured them \
                    and where else one may read of rivers in the catalogue of this library. A table of all \
                    stations follows, with the names of those who keep them and the years in which they began.";
        let page = format!("<title>Rivers</title><h1>Rivers</h1><p>{text}</p>");
        archive.holds("http://dead.example/x", "20230509031122", &page);
        site.set("/alive", Answer::html(&page));
        Self {
            site,
            watch,
            archive,
            _runtime: runtime,
        }
    }

    pub fn repair(&self, args: &[&str], status: i32) -> Vec<Value> {
        let args: Vec<&str> = ["links", "repair", "--format", "json"]
            .iter()
            .chain(args)
            .copied()
            .collect();
        let ran = self.watch.run(&args).ends(status);
        if ran.out.is_empty() {
            return Vec::new();
        }
        serde_json::from_str(&ran.out).unwrap()
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.watch.file(name)).unwrap()
    }

    /// A list of links of which one is dead, and its copy is cited elsewhere.
    fn document(&self, name: &str) -> String {
        let text = format!(
            "# Rivers\r\n\r\nSee [x](http://dead.example/x) and [y](http://ok.example/alive).\r\n\r\n\
             Before: [x]({COPY})\r\n\r\nNever kept: <http://dead.example/other>\r\n"
        );
        self.watch.write(name, &text);
        self.watch.file(name).to_string_lossy().into_owned()
    }
}

#[test]
fn a_dead_link_gets_the_copy_that_the_document_cites() {
    let library = Library::new();
    let document = library.document("notes.md");
    let out = library.watch.file("out.md").to_string_lossy().into_owned();
    let rows = library.repair(&[&document, "-o", &out], 0);
    let shown: Vec<String> = rows
        .iter()
        .map(|r| {
            format!(
                "{} {} {} {}",
                r["place"], r["state"], r["action"], r["reason"]
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            r#""line 3" "gone" "changed" null"#,
            r#""line 5" "gone" "left" "the link is the address of a copy""#,
            r#""line 7" "gone" "left" "no good copy is known""#,
        ]
    );
    assert_eq!(rows[0]["archive_url"], COPY);
    assert_eq!(rows[0]["archive_time"], "2023-05-09T03:11:22Z");
    assert_eq!(rows[0]["judged"], "good");
    let words = format!("[x](http://dead.example/x) ([archived]({COPY}) on 2023-05-09) and");
    let want = library
        .read("notes.md")
        .replace("[x](http://dead.example/x) and", &words);
    assert_eq!(library.read("out.md"), want);
    let again = library
        .watch
        .file("again.md")
        .to_string_lossy()
        .into_owned();
    let rows = library.repair(&[&out, "-o", &again], 0);
    assert!(rows.iter().all(|row| row["action"] == "left"), "{rows:?}");
    assert_eq!(library.read("again.md"), want);
}

#[test]
fn a_copy_that_shows_no_page_is_no_copy() {
    let library = Library::new();
    let document = library.document("notes.md");
    let missing = "<title>页面不存在</title><p>您访问的页面不存在";
    library.archive.forgets();
    library
        .archive
        .holds("http://dead.example/x", "20230509031122", missing);
    let out = library.watch.file("out.md").to_string_lossy().into_owned();
    let rows = library.repair(&[&document, "-o", &out], 0);
    assert_eq!(rows[0]["reason"], "no good copy is known");
    assert_eq!(library.read("out.md"), library.read("notes.md"));
}

#[test]
fn offline_nothing_is_fetched() {
    let library = Library::new();
    let document = library.document("notes.md");
    library.site.asked();
    let out = library.watch.file("out.md").to_string_lossy().into_owned();
    assert!(
        library
            .repair(&[&document, "-o", &out, "--offline"], 0)
            .is_empty()
    );
    assert_eq!(library.site.asked(), Vec::<String>::new());
    assert_eq!(library.read("out.md"), library.read("notes.md"));
}

#[test]
fn in_place_keeps_the_document_beside_it() {
    let library = Library::new();
    let document = library.document("notes.md");
    let before = library.read("notes.md");
    library.repair(&[&document, "--in-place"], 0);
    assert_eq!(library.read("notes.md.bak"), before);
    let after = library.read("notes.md");
    assert!(after.contains("([archived]("));
    // Nothing more to repair: the backup stays as it is.
    library.repair(&[&document, "--in-place"], 0);
    assert_eq!(library.read("notes.md.bak"), before);
    assert_eq!(library.read("notes.md"), after);
    // Another repair would overwrite the backup.
    library
        .watch
        .write("notes.md", &before.replace("rivers", "lakes"));
    library.repair(&[&document, "--in-place"], 2);
    assert_eq!(library.read("notes.md.bak"), before);
    library.repair(&[&document, "--in-place", "--force"], 0);
    assert!(library.read("notes.md").contains("([archived]("));
    let folder = std::fs::read_dir(library.watch.path()).unwrap();
    let names: Vec<String> = folder
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains(".part"))
        .collect();
    assert!(names.is_empty(), "{names:?}");
}

#[test]
fn the_exit_status_and_the_output_say_what_was_not_done() {
    let library = Library::new();
    let document = library.document("notes.md");
    let out = library.watch.file("out.md").to_string_lossy().into_owned();
    library.watch.write("out.md", "mine");
    library.repair(&[&document, "-o", &out], 2);
    library.repair(&[&document, "-o", &document, "--force"], 2);
    assert_eq!(library.read("out.md"), "mine");
    library.repair(&[&document, "-o", &out, "--force"], 0);
    assert!(library.read("out.md").contains("([archived]("));
    library.repair(&[&document], 2);
    library.repair(&[&document, "-o", &out, "--states", "alive", "--force"], 2);
    library.watch.write("empty.md", "");
    let empty = library
        .watch
        .file("empty.md")
        .to_string_lossy()
        .into_owned();
    library.repair(&[&empty, "--in-place"], 3);
    library.repair(&["missing.md", "--in-place"], 3);
    library
        .watch
        .write("notes.txt", &format!("http://dead.example/x\n\n{COPY}\n"));
    let text = library
        .watch
        .file("notes.txt")
        .to_string_lossy()
        .into_owned();
    let none = library.watch.file("none.txt");
    let rows = library.repair(&[&text, "-o", &none.to_string_lossy()], 0);
    assert_eq!(rows[0]["action"], "listed");
    assert_eq!(
        rows[0]["paste"],
        format!("Archived at {COPY} on 2023-05-09")
    );
    assert!(!none.exists());
    library
        .site
        .set("/control", Answer::html("x").with_status(503));
    library.repair(&[&document, "-o", &out, "--force"], 3);
}

#[test]
fn a_killed_repair_leaves_a_whole_document() {
    let library = Library::new();
    let document = library.document("notes.md");
    let more =
        "Rivers and more rivers, in a text that takes its time to be written.\r\n".repeat(3000);
    // A link without a copy would wait for the archive's turn.
    let never = "Never kept: <http://dead.example/other>\r\n";
    let before = library.read("notes.md").replace(never, "") + &more;
    library.watch.write("notes.md", &before);
    let began = Instant::now();
    library.repair(&[&document, "--in-place"], 0);
    let whole = began.elapsed();
    assert!(library.read("notes.md").ends_with(&more));
    let (mut old, mut new) = (0, 0);
    // Killed at every part of its time, most often where it writes.
    for part in (20..100).step_by(10).chain((90..124).step_by(2)) {
        library.watch.write("notes.md", &before);
        let _ = std::fs::remove_file(library.watch.file("notes.md.bak"));
        let args = ["links", "repair", &document, "--in-place"];
        let mut command = library.watch.command(&args);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let limit = Instant::now() + whole * part / 100;
        while Instant::now() < limit && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().unwrap();
        let after = library.read("notes.md");
        if after == before {
            old += 1;
        } else {
            new += 1;
            assert!(after.contains("([archived](") && after.len() > before.len());
            assert!(after.ends_with(&more), "cut at {part} %");
            assert_eq!(library.read("notes.md.bak"), before);
        }
    }
    println!("{old} times the old document, {new} times the new one");
    assert!(old > 0, "every repair came to its end");
}
