//! The catalogue on the command line: listed, shown, switched on and off in its files, tested
//! without a trace.

use crate::support::cli_fixture::CliFixture;
use crate::support::pages::Answer;

#[test]
fn sources_are_listed_and_shown() {
    let fixture = CliFixture::new();
    let list = fixture.json(&["source", "list"]);
    assert_eq!(list[0]["source"], "papers");
    assert_eq!(list[0]["name_zh"], "论文");
    assert_eq!(list[0]["on"], "1");
    let csv = fixture
        .watch
        .run(&["source", "list", "--group", "academic", "--format", "csv"])
        .ends(0);
    assert!(csv.out.contains("papers,Papers,论文,,academic,public,1,1"));
    let none = fixture
        .watch
        .run(&["source", "list", "--group", "academics"])
        .ends(2);
    assert!(none.err.contains("academic"), "{}", none.err);
    let shown = fixture.watch.run(&["source", "show", "papers"]).ends(0);
    for part in [
        "Papers 论文",
        "papers/article, abstract: Article",
        "probes/academic/papers.toml",
    ] {
        assert!(shown.out.contains(part), "{part}: {}", shown.out);
    }
    let unknown = fixture.watch.run(&["source", "show", "paper"]).ends(2);
    assert!(unknown.err.contains("papers"), "{}", unknown.err);
}

#[test]
fn a_source_goes_off_and_on_again_and_its_file_is_as_it_was() {
    let fixture = CliFixture::new();
    let file = fixture.watch.file("probes/academic/papers.toml");
    let before = std::fs::read_to_string(&file).unwrap();
    let off = fixture.watch.run(&["source", "disable", "papers"]).ends(0);
    assert!(off.err.contains("papers/article is off"), "{}", off.err);
    assert_eq!(fixture.json(&["source", "list"])[0]["on"], "0");
    let pass = fixture.watch.run(&["run", "--all"]).ends(0);
    assert!(pass.err.contains("nothing"), "{}", pass.err);
    let again = fixture.watch.run(&["source", "disable", "papers"]).ends(0);
    assert!(again.err.contains("off already"), "{}", again.err);
    fixture.watch.run(&["source", "enable", "papers"]).ends(0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
}

#[test]
fn what_a_file_keeps_off_goes_on_by_its_name_alone() {
    let fixture = CliFixture::new();
    fixture.probe("", "enabled = false # no address is known");
    let kept = fixture.watch.run(&["source", "enable", "papers"]).ends(0);
    assert!(
        kept.err
            .contains("papers/article stays off, as its file has it (no address is known)"),
        "{}",
        kept.err
    );
    assert_eq!(fixture.json(&["source", "list"])[0]["on"], "0");
    fixture
        .watch
        .run(&["source", "enable", "papers/article"])
        .ends(0);
    assert_eq!(fixture.json(&["source", "list"])[0]["on"], "1");
}

#[test]
fn a_test_explains_one_round_and_records_nothing() {
    let fixture = CliFixture::new();
    let well = fixture.watch.run(&["source", "test", "papers"]).ends(0);
    assert!(
        well.out.contains("Article (papers/article)"),
        "{}",
        well.out
    );
    assert!(well.out.contains("200"), "{}", well.out);
    fixture.serves(Answer::html(
        "<title>论文</title><p>摘要：正文若干。</p><ul><li class=\"row\">甲</li></ul>",
    ));
    let gone = fixture
        .watch
        .run(&["source", "test", "papers/article"])
        .ends(0);
    assert!(gone.out.contains("content.withdrawn"), "{}", gone.out);
    assert!(!fixture.watch.file("data/accesswatch.db").exists());
    fixture
        .watch
        .run(&["source", "test", "papers", "--vantage", "nowhere"])
        .ends(2);
}
