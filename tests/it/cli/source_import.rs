//! Imported lists become probe files: they are counted, checked, extended, and never trusted.

use std::fmt::Write as _;

use crate::support::cli_fixture::CliFixture;
use crate::support::pages::Answer;

/// Writes a list into the workspace; returns its path.
fn list(fixture: &CliFixture, name: &str, text: &str) -> String {
    fixture.watch.write(name, text);
    fixture.watch.file(name).to_string_lossy().into_owned()
}

fn imported(fixture: &CliFixture, id: &str) -> String {
    std::fs::read_to_string(fixture.watch.file(&format!("probes/imported/{id}.toml"))).unwrap()
}

#[test]
fn a_table_becomes_probes_that_are_checked_and_measured() {
    let fixture = CliFixture::new();
    fixture.site.set("/a", Answer::html("<p>甲</p>"));
    let (a, article) = (fixture.site.url("/a"), fixture.site.url("/article"));
    let file = list(
        &fixture,
        "my list.csv",
        &format!(
            "name,url,level,notes\n甲,{a},,\"seen, 2026\"\n甲 again,{a}#part,,\nArticle,{article},,\nB,ftp://b.cn/,,\nC,https://c.example/,front,\n"
        ),
    );
    let dry = fixture
        .watch
        .run(&["source", "import", &file, "--dry-run"])
        .ends(3);
    assert!(dry.err.contains("1 probe would be added"), "{}", dry.err);
    assert!(!fixture.watch.file("probes/imported").exists());
    let told = fixture.watch.run(&["source", "import", &file]).ends(3).err;
    for part in [
        "a table of addresses: 5 rows",
        "probes/imported/my-list.toml: 1 probe added",
        "2 left out: 0 twice in the list, 1 probed already, 1 the same page but for what stands behind `#`",
        "my list.csv:5: `ftp:` is not fetched",
        "my list.csv:6: `front` is not a level; write one of home, search",
    ] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    assert!(imported(&fixture, "my-list").contains("# seen, 2026\n[[probe.record]]"));
    fixture.watch.run(&["check"]).ends(0);
    let listed = fixture.json(&["source", "list", "--group", "imported"]);
    assert_eq!(listed[0]["source"], "my-list");
    fixture
        .watch
        .run(&["run", "--all", "--source", "my-list"])
        .ends(0);
    let status = fixture.json(&["status", "--source", "my-list"]);
    assert_eq!(status[0]["code"], "ok", "{status}");
}

#[test]
fn a_newer_list_adds_what_is_new_and_keeps_what_was_edited() {
    let fixture = CliFixture::new();
    let file = list(
        &fixture,
        "cn.txt",
        "https://a.example/\nhttps://b.example/x\n",
    );
    fixture.watch.run(&["source", "import", &file]).ends(0);
    fixture
        .watch
        .run(&["source", "disable", "cn/a.example"])
        .ends(0);
    let before = imported(&fixture, "cn");
    let again = fixture.watch.run(&["source", "import", &file]).ends(0);
    assert!(again.err.contains("nothing to add"), "{}", again.err);
    assert_eq!(imported(&fixture, "cn"), before);
    list(
        &fixture,
        "cn.txt",
        "https://c.example/\nhttps://a.example/\n",
    );
    fixture.watch.run(&["source", "import", &file]).ends(0);
    let after = imported(&fixture, "cn");
    assert!(after.starts_with(&before) && after.contains("id = \"c.example\""));
    fixture.watch.run(&["check"]).ends(0);
    assert_eq!(
        fixture.json(&["source", "list", "--group", "imported"])[0]["on"],
        "2"
    );
}

#[test]
fn names_that_belong_to_something_else_are_refused() {
    let fixture = CliFixture::new();
    let file = list(&fixture, "papers.csv", "url\nhttps://a.example/\n");
    let taken = fixture.watch.run(&["source", "import", &file]).ends(2);
    assert!(
        taken.err.contains("`papers` already exists"),
        "{}",
        taken.err
    );
    fixture
        .watch
        .run(&["source", "import", &file, "--id", "more", "--group", "own"])
        .ends(0);
    assert!(fixture.watch.file("probes/own/more.toml").exists());
    for bad in ["../x", "a b", ""] {
        let refused = fixture
            .watch
            .run(&["source", "import", &file, "--group", bad, "--id", "y"])
            .ends(2);
        assert!(refused.err.contains("is not an id"), "{}", refused.err);
    }
    let report = list(&fixture, "report.txt", "Nothing but words.\n");
    let unknown = fixture.watch.run(&["source", "import", &report]).ends(3);
    assert!(
        unknown.err.contains("this is not a known kind of list"),
        "{}",
        unknown.err
    );
}

/// Quotes, backslashes, line ends, terminal sequences and TOML in a list are text and nothing else.
#[test]
fn a_hostile_list_is_escaped() {
    let fixture = CliFixture::new();
    let file = list(
        &fixture,
        "evil.csv",
        "url,name,notes\n\
         https://a.example/?q=\\\"''',\"\"\"\"\"\"\"x\\\u{1b}[31m\nid = \"\"y\"\"\",\"n\n[source]\nid = \"\"z\"\"\"\n\
         https://b.example/,\u{202e}cod,#\r\n\
         \"https://c.example/\nurl = 'x'\",],}\n",
    );
    let told = fixture.watch.run(&["source", "import", &file]).ends(0);
    assert!(!told.err.contains('\u{1b}'), "{}", told.err);
    fixture.watch.run(&["check"]).ends(0);
    let listed = fixture.json(&["source", "list", "--group", "imported"]);
    assert_eq!(
        (&listed[0]["source"], &listed[0]["probes"]),
        (&"evil".into(), &"3".into())
    );
    let text = imported(&fixture, "evil");
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']), "{text}");
}

#[test]
fn thousands_of_rows_load_as_one_source() {
    let fixture = CliFixture::new();
    let mut text = "url,category_code,category_description,date_added,source,notes\n".to_owned();
    for n in 0..2000 {
        let _ = writeln!(
            text,
            "http://site{n}.example/,GOVT,Government,2026-01-01,x,"
        );
    }
    let file = list(&fixture, "cn.csv", &text);
    let told = fixture.watch.run(&["source", "import", &file]).ends(0);
    assert!(
        told.err.contains("a citizenlab test list: 2000 rows"),
        "{}",
        told.err
    );
    let checked = fixture.watch.run(&["check"]).ends(0);
    assert!(checked.err.contains("2001 probes"), "{}", checked.err);
}
