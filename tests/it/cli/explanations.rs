//! What people read about waiting, vantages that are out, endless pages, and other people's
//! observations.

use crate::support::cli_fixture::CliFixture;
use crate::support::http::{Act, Server, page};
use crate::support::pages::{Answer, Site};
use crate::support::workspace::TestWorkspace;

/// An incident of the article, confirmed within one round.
fn broken() -> CliFixture {
    let fixture = CliFixture::observed();
    fixture.breaks();
    fixture.run_all();
    fixture
}

/// The mail of an incident as a reader of this language gets it, text and HTML.
fn mail_in(fixture: &CliFixture, language: &str) -> [String; 2] {
    let path = "config/accesswatch.toml";
    let own = std::fs::read_to_string(fixture.watch.file(path)).unwrap();
    let line = format!("sources = [\"*\"]\nlanguage = \"{language}\"");
    fixture.watch.edit(path, "sources = [\"*\"]", &line);
    let both = [
        &["incidents", "show", "1"][..],
        &["mail", "preview", "1", "--html"],
    ]
    .map(|args| fixture.watch.run(args).ends(0).out);
    fixture.watch.write(path, &own);
    both
}

#[test]
fn what_people_saw_and_noted_stands_in_the_story() {
    let fixture = broken();
    let observe = [
        "incidents",
        "observe",
        "1",
        "--browser",
        "partial",
        "--network",
        "Lesesaal",
    ];
    fixture.watch.run(&observe).ends(0);
    let today = chrono::Utc::now().format("%Y-%m-%d").to_string();
    let note = [
        "note", "add", "--source", "papers", "--from", &today, "--text", "Angesagt",
    ];
    fixture.watch.run(&note).ends(0);
    for (language, story, next, looked, noted) in [
        (
            "en",
            "What happened so far",
            "Does it work for you?",
            "a person looked with a browser (Lesesaal): works in part",
            "noted: Angesagt",
        ),
        (
            "ko",
            "지금까지의 경과",
            "직접 접속해 보셨습니까?",
            "사람이 브라우저로 확인함(Lesesaal): 일부만 이용",
            "메모: Angesagt",
        ),
        (
            "zh",
            "经过",
            "您能否使用？",
            "有人用浏览器查看（Lesesaal）：部分可用",
            "附注：Angesagt",
        ),
    ] {
        for mail in mail_in(&fixture, language).into_iter().take(1) {
            let mail = mail.replace("\n  ", " ").replace('\n', " ");
            let from = mail
                .find(story)
                .unwrap_or_else(|| panic!("{language}: {mail}"));
            let part = &mail[from..];
            let part = &part[..part.find(next).unwrap_or(part.len())];
            assert!(part.contains(looked), "{looked}: {part}");
            assert!(part.contains(noted), "{noted}: {part}");
        }
    }
}

#[test]
fn the_attempts_that_confirm_a_suspicion_are_counted() {
    let fixture = broken();
    let shown = fixture.watch.run(&["incidents", "show", "1"]).ends(0).out;
    let shown = shown.replace('\n', " ");
    for said in ["seen from Here", "1 bad of 1 (4 attempts bad)"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    for (language, said) in [
        ("ko", "1회 중 1회 비정상(실패한 시도 4회)"),
        ("zh", "1 次检查中有 1 次异常（失败的尝试共 4 次）"),
    ] {
        let [text, _] = mail_in(&fixture, language);
        let joined = text.replace('\n', if language == "ko" { " " } else { "" });
        assert!(joined.contains(said), "{said}: {text}");
    }
}

#[test]
fn a_vantage_that_is_out_is_told_with_each_control_and_status_tells_rounds_from_silence() {
    let fixture = CliFixture::observed();
    fixture
        .site
        .set("/control", Answer::html("<p>down</p>").with_status(503));
    let out = fixture.watch.run(&["run", "--all"]);
    assert!(out.err.contains("server error"), "{out:?}");
    let mail = fixture.watch.run(&["incidents", "show", "1"]).ends(0).out;
    let mail = mail.replace('\n', " ");
    let control = fixture.site.url("/control");
    for said in [
        "every one of its controls answered with a server error",
        &format!("{control}: answered with HTTP 503"),
        "vantage.offline from Here",
    ] {
        assert!(mail.contains(said), "{said}: {mail}");
    }
    assert!(!mail.contains("did not answer"), "{mail}");
    let csv = fixture.watch.run(&["export", "incidents"]).ends(0).out;
    assert!(
        csv.contains("Vantage here did not work: every one of its controls"),
        "{csv}"
    );

    // First, rounds ran all the time; then there were none either.
    let days = |status: i64, vantage: i64| {
        let store = rusqlite::Connection::open(fixture.watch.file("data/accesswatch.db")).unwrap();
        let at = |days: i64| (chrono::Utc::now() - chrono::TimeDelta::days(days)).to_rfc3339();
        for (table, column, time) in [
            ("statuses", "$.last_checked", at(status)),
            ("vantages", "$.last_checked", at(vantage)),
            ("vantages", "$.since", at(vantage.max(1) + 1)),
        ] {
            let sql = format!("UPDATE {table} SET detail = json_set(detail, ?1, ?2)");
            store.execute(&sql, [column, &time]).unwrap();
        }
        fixture.watch.run(&["status"]).ends(0).err
    };
    let rounds = days(900, 0);
    assert!(
        rounds.contains("though rounds were made")
            && rounds.contains("vantage here was offline since"),
        "{rounds}"
    );
    assert!(!rounds.contains("daemon"), "{rounds}");
    let silence = days(2_000, 900);
    assert!(
        silence.contains("Since then no round was made: is the daemon"),
        "{silence}"
    );
    fixture.site.set("/control", Answer::html("<p>works</p>"));
    fixture.run_all();
    let nothing = days(900, 900);
    assert!(
        nothing.starts_with("nothing was checked since"),
        "{nothing}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_cut_is_said_to_be() {
    let server = Server::start(|heard| match heard.path() {
        "/endless" => Act::Endless(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n".to_vec(),
            b"<p>and so on</p>".repeat(256),
        ),
        _ => page("<p>whole</p>"),
    })
    .await;
    let watch = TestWorkspace::new(server.url("/control").as_str());
    watch.edit(
        "config/accesswatch.toml",
        "timeout = \"5s\"",
        "timeout = \"5s\"\nmax_body = \"64 KiB\"",
    );
    let (endless, whole) = (
        server.url("/endless").to_string(),
        server.url("/").to_string(),
    );
    let (cut, well) = tokio::task::spawn_blocking(move || {
        let said = |url: &str| watch.run(&["probe", url]).out;
        (said(&endless), said(&whole))
    })
    .await
    .unwrap();
    assert!(
        cut.contains("only the first 65536 bytes were read"),
        "{cut}"
    );
    assert!(!well.contains("only the first"), "{well}");
}

/// A missing file is our own end and no source's: there is no incident, but somebody must look at
/// the job.
#[test]
fn a_file_that_no_job_writes_is_named() {
    let site = Site::start();
    site.set("/control", Answer::html("works"));
    let watch = TestWorkspace::new(&site.url("/control"));
    watch.write(
        "probes/market/terminal.toml",
        "[source]\nid = \"terminal\"\nname = \"Terminal\"\ngroup = \"market\"\naccess = \"subscription\"\n\n\
         [[probe]]\nid = \"job\"\nname = \"Job\"\nlevel = \"data\"\nurl = \"file:jobs/status.json\"\n\n\
         [probe.value.rows]\njson = \"/rows\"\nas = \"number\"\nmin = 1\n",
    );
    let told = "terminal/job: its file jobs/status.json is not there";
    for args in [&["run", "--all"][..], &["doctor", "--offline"]] {
        let seen = watch.run(args).ends(3);
        assert!(
            format!("{}{}", seen.out, seen.err).contains(told),
            "{args:?}: {}{}",
            seen.out,
            seen.err
        );
    }
    let status = watch.run(&["status"]).ends(0);
    assert!(status.err.contains(told), "{}", status.err);
    assert_eq!(
        watch
            .run(&["incidents", "--format", "json"])
            .ends(0)
            .out
            .trim(),
        "[]"
    );
    watch.write("jobs/status.json", "{\"rows\": 3}");
    let seen = watch.run(&["run", "--all"]).ends(0);
    assert!(!seen.err.contains("its file"), "{}", seen.err);
    // A link that leads out of the workspace is not followed, and is reported as not a plain file.
    let outside = tempfile::NamedTempFile::new().unwrap();
    let linked = watch.file("jobs/status.json");
    std::fs::remove_file(&linked).unwrap();
    std::os::unix::fs::symlink(outside.path(), &linked).unwrap();
    let seen = watch.run(&["run", "--all"]).ends(3);
    assert!(
        seen.err.contains("not a plain file in the workspace"),
        "{}",
        seen.err
    );
}
