//! Workspace files that no person wrote, or that a person mistyped: reading is bounded, and no
//! secret reaches the screen.

use std::fmt::Write as _;

use crate::support::cli_fixture::CliFixture;

const SECRET: &str = "hunter2hunter2";

/// The output of `check` with this line in `[alerts]`.
#[track_caller]
fn check(line: &str) -> String {
    let fixture = CliFixture::new();
    fixture.watch.edit(
        "config/accesswatch.toml",
        "[alerts]\n",
        &format!("[alerts]\n{line}\n"),
    );
    let ran = fixture.watch.run(&["check"]);
    format!("{}{}", ran.out, ran.err)
}

#[test]
fn no_fault_shows_a_secret() {
    for line in [
        format!("pasword = \"{SECRET}\""),
        format!("passwd = '{SECRET}'"),
        format!("tokn = \"{SECRET}\""),
        format!("api_key = \"{SECRET}"),
        format!("password = \"{SECRET}\ngroup_wait = 3"),
        format!("password = {SECRET}"),
        format!("password {SECRET}"),
        format!("password: \"{SECRET}\""),
        format!("pass = \"\"\"\n{SECRET}\nx = [[\n"),
        format!("secret = [\n\"{SECRET}\"\n\"\n]"),
        format!("hello = 3 # password = \"{SECRET}\""),
        format!("heartbeat = \"https://{SECRET}@hc.example/\""),
        format!("heartbeat = \"https://me:{SECRET}@hc.example/"),
        format!("hello = \"x\"\nsmtp = {{ user = \"me\", pwd = \"{SECRET}\" }}"),
        format!("password = \"{SECRET}\""),
    ] {
        let said = check(&line);
        assert!(!said.contains("hunter2"), "{line}\n{said}");
        assert!(said.contains("error"), "{line}\n{said}");
    }
}

#[test]
fn a_password_that_nobody_logs_in_with_is_named() {
    let fixture = CliFixture::new();
    let config = "config/accesswatch.toml";
    fixture.watch.write("secret", SECRET);
    for (transport, named) in [
        ("smtp://mail.example", true),
        ("smtp://me@mail.example", false),
        ("folder:data/outbox", false),
    ] {
        let text = std::fs::read_to_string(fixture.watch.file(config)).unwrap();
        let with = format!("transport = \"{transport}\"\npassword = \"file:secret\"");
        fixture
            .watch
            .edit(config, "transport = \"folder:data/outbox\"", &with);
        let ran = fixture.watch.run(&["check"]).ends(0);
        assert_eq!(
            ran.err.contains("a password without a user"),
            named,
            "{}",
            ran.err
        );
        fixture.watch.write(config, &text);
    }
    fixture
        .watch
        .edit(config, "folder:data/outbox", "smtp://me@mail.example");
    let ran = fixture.watch.run(&["check"]).ends(2);
    assert!(ran.err.contains("needs a password"), "{}", ran.err);
}

#[test]
fn hello_and_ca_are_held_against_what_they_may_be() {
    for (line, word) in [
        ("hello = \"vm\"", "is not a full host name"),
        ("hello = \"192.0.2.1\"", "in brackets"),
        ("hello = \"a b.example\"", "is not a full host name"),
        ("ca = \"none.pem\"", "cannot be read"),
        ("ca = \"config/accesswatch.toml\"", "holds no certificate"),
    ] {
        let said = check(line);
        assert!(said.contains(word), "{line}: {said}");
    }
    let said = check("hello = \"[IPv6:2001:db8::1]\"");
    assert!(!said.contains("error"), "{said}");
}

#[test]
fn names_that_want_quotes_get_them() {
    for (address, sound) in [
        ("Kim (EN) <en@library.example>", true),
        ("홍길동(자료실) <a@library.example>", true),
        ("Lee, Ann: desk <a@library.example>", true),
        ("Ann <a@x.example>, Bo <b@x.example>", false),
        ("a@x.example, b@x.example", false),
        ("nobody", false),
    ] {
        let said = check(&format!("admin = \"{address}\""));
        assert_eq!(!said.contains("is not a mail address"), sound, "{said}");
    }
    let said = check("admin = \"a@x.example, b@x.example\"");
    assert!(said.contains("[[alerts.to]] of their own"), "{said}");
}

#[test]
fn a_hundred_faults_of_a_file_are_shown_and_the_rest_is_counted() {
    let fixture = CliFixture::new();
    fixture
        .watch
        .write("probes/own/many.toml", &"[[probe]]\n".repeat(3_000));
    let ran = fixture.watch.run(&["check"]).ends(2);
    let said = format!("{}{}", ran.out, ran.err);
    let shown = said.matches("many.toml:").count();
    assert!((100..=101).contains(&shown), "{shown}");
    assert!(
        said.contains("more faults in this file"),
        "{}",
        &said[said.len() - 400..]
    );
    assert!(said.len() < 100_000);
    let total = said.lines().last().unwrap();
    assert!(!total.starts_with("101 "), "{total}");
}

#[test]
fn a_file_that_is_too_large_is_not_parsed() {
    let fixture = CliFixture::new();
    let line = "# this is a comment that goes on and on\n";
    fixture.watch.write(
        "probes/own/large.toml",
        &line.repeat((9 << 20) / line.len()),
    );
    let ran = fixture.watch.run(&["check"]).ends(2);
    let said = format!("{}{}", ran.out, ran.err);
    assert!(
        said.contains("large.toml:1:1: error: this file has 9 MiB, more than the 8 MiB"),
        "{said}"
    );
}

#[test]
fn patterns_and_selectors_are_bounded_where_they_stand() {
    let probe = |more: &str| {
        let fixture = CliFixture::new();
        fixture.probe("", &format!("[probe.value.long]\nas = \"text\"\n{more}"));
        let ran = fixture.watch.run(&["check"]);
        format!("{}{}", ran.out, ran.err)
    };
    let long = "ab".repeat(40_000);
    let said = probe(&format!("regex = \"{long}\""));
    assert!(
        said.contains("papers.toml:16:9: error: this pattern has 78 KiB"),
        "{said:.600}"
    );
    let said = probe(&format!("select = \".{long}\""));
    assert!(said.contains("this selector has 78 KiB"), "{said:.600}");
    let deep = format!("{}a{}", ":is(".repeat(40), ")".repeat(40));
    let said = probe(&format!("select = \"{deep}\""));
    assert!(said.contains("more than 32 deep"), "{said:.600}");
    let list = (0..1_200).fold(String::new(), |mut s, n| {
        let _ = write!(s, "{}.a{n}", if n == 0 { "" } else { "," });
        s
    });
    let said = probe(&format!("select = \"{list}\""));
    assert!(said.contains("more than 1000"), "{said:.600}");
}
