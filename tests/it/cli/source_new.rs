//! A page that was seen once becomes a probe file: the file loads, and gives `ok` for its page.

use crate::support::cli_fixture::CliFixture;
use crate::support::pages::Answer;
use crate::support::workspace::Ran;

const FILE: &str = "probes/own/new.toml";

fn propose(fixture: &CliFixture, path: &str) -> Ran {
    let url = fixture.site.url(path);
    fixture.watch.run(&["source", "new", &url, "--id", "new"])
}

/// Puts a proposal into the workspace unchanged; returns it and its code on the page that it came
/// from.
#[track_caller]
fn proposed(fixture: &CliFixture, path: &str) -> (String, String) {
    let text = propose(fixture, path).ends(0).out;
    fixture.watch.write(FILE, &text);
    fixture.watch.run(&["check"]).ends(0);
    fixture
        .watch
        .run(&["run", "--all", "--source", "new"])
        .ends(0);
    let status = fixture.json(&["status", "--source", "new"]);
    let code = status[0]["code"].as_str().unwrap().to_owned();
    (text, code)
}

/// The code that the draft in the workspace gives on the present page.
#[track_caller]
fn code_now(fixture: &CliFixture) -> String {
    fixture
        .watch
        .run(&["run", "--all", "--source", "new"])
        .ends(0);
    let status = fixture.json(&["status", "--source", "new"]);
    status[0]["code"].as_str().unwrap().to_owned()
}

fn json(value: &serde_json::Value) -> Answer {
    let mut answer = Answer::html(&value.to_string());
    answer.headers = vec![("Content-Type".into(), "application/json".into())];
    answer
}

/// A list of releases as statistics bureaus publish it; the newest is of today.
fn releases() -> String {
    let today = chrono::Utc::now().date_naive();
    let rows: Vec<String> = (0..9)
        .map(|n| {
            let day = today - chrono::TimeDelta::days(7 * n);
            format!("<li><a href=\"./{n}.html\">某月份数据发布 {n}</a><span>{day}</span></li>")
        })
        .collect();
    let rows = rows.concat();
    format!(
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>最新发布 - 某统计局</title></head><body>\
         <nav id=topNav><ul class=menu>{rows}</ul></nav><div class='css-x1y2z3 column-title'><h1>最新发布</h1></div>\
         <ul class=list-content>{rows}</ul><footer>{}</footer></body></html>",
        "主办单位：某某。".repeat(200)
    )
}

#[test]
fn a_list_with_dates_is_proposed_with_its_markers_and_values() {
    let fixture = CliFixture::new();
    fixture.site.set("/list", Answer::html(&releases()));
    let (text, code) = proposed(&fixture, "/list");
    assert_eq!(code, "ok", "{text}");
    for part in [
        "id = \"new\"",
        "level = \"data\"",
        "title = [\"最新发布\"]",
        "contains = [\"最新发布\"]",
        "select = [\".column-title h1\", \".list-content li\"]",
        "\n[probe.value.items]\nselect = \".list-content li\"",
        "\n[probe.value.links]\nselect = \".list-content li a[href]\"",
        "\n[probe.value.newest]\nselect = \".list-content li span\"",
        "max_age = \"21d\"",
        "utf-8 (by ",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(
        !text.contains("css-x1y2z3") && !text.contains("topNav"),
        "{text}"
    );
    // The markers work: without its list the page is no longer ok.
    fixture.site.set(
        "/list",
        Answer::html("<title>最新发布 - 某统计局</title><h1>最新发布</h1>"),
    );
    fixture
        .watch
        .run(&["run", "--all", "--source", "new"])
        .ends(0);
    let status = fixture.json(&["status", "--source", "new"]);
    assert_ne!(status[0]["code"], "ok", "{status}");
}

#[test]
fn a_bare_page_a_hostile_one_and_json_load_and_are_ok() {
    let fixture = CliFixture::new();
    let mut json = Answer::html(
        "{\"code\":0,\"data\":{\"rows\":[{\"day\":\"2019-01-01\"},{\"day\":\"2019-01-02\"}]}}",
    );
    json.headers = vec![("Content-Type".into(), "application/json".into())];
    fixture.site.set("/json", json);
    fixture.site.set("/bare", Answer::html("<p>x"));
    fixture.site.set(
        "/evil",
        Answer::html(
            "<title>\"]\n[source]\nid='x' \u{1b}[31m \\ ''' \"\"\" - \\\"</title><h1 id='a\"]' class='\"'>t</h1><div id=\"'''\">x</div><p>2026-99-99 2026-01-01 2026-01-02",
        ),
    );
    for path in ["/json", "/bare", "/evil"] {
        let (text, code) = proposed(&fixture, path);
        assert_eq!(code, "ok", "{path}: {text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
    let (text, _) = proposed(&fixture, "/json");
    assert!(text.contains("level = \"api\""), "{text}");
    assert!(
        text.contains("# [probe.value.newest]\n# json_path = \"$.data.rows[*].day\""),
        "{text}"
    );
}

#[test]
fn before_a_wall_nothing_is_proposed_but_the_address() {
    let fixture = CliFixture::new();
    let signatures = include_str!("../../../probes/signatures/cnki.csv");
    fixture
        .watch
        .write("probes/signatures/cnki.csv", signatures);
    let wall = "<title>安全验证</title><p>请完成安全验证</p><p>拖动下方滑块完成验证</p>";
    fixture.site.set("/wall", Answer::html(wall));
    let ran = propose(&fixture, "/wall").ends(0);
    assert!(ran.err.contains("site.challenge"), "{}", ran.err);
    for part in [
        "provisional = true",
        "level = \"home\"",
        "# Seen: site.challenge",
    ] {
        assert!(ran.out.contains(part), "{part} is not in {}", ran.out);
    }
    assert!(!ran.out.contains("[probe.expect]") && !ran.out.contains("[probe.value"));
    let (_, code) = proposed(&fixture, "/wall");
    assert_eq!(code, "site.challenge");
}

#[test]
fn what_is_not_there_and_what_robots_forbid_is_not_proposed() {
    let fixture = CliFixture::new();
    fixture
        .site
        .set("/gone", Answer::html("<p>gone").with_status(404));
    let gone = propose(&fixture, "/gone").ends(3);
    assert!(
        gone.out.is_empty() && gone.err.contains("nothing is proposed"),
        "{}",
        gone.err
    );
    fixture.site.set(
        "/robots.txt",
        Answer::html("User-agent: *\nDisallow: /list\n"),
    );
    fixture.site.set("/list", Answer::html(&releases()));
    fixture
        .watch
        .edit("config/accesswatch.toml", "robots = false", "robots = true");
    let shut = propose(&fixture, "/list").ends(3);
    assert!(
        shut.out.is_empty() && shut.err.contains("robots"),
        "{}",
        shut.err
    );
    assert!(!fixture.site.asked().iter().any(|path| path == "/list"));
}

#[test]
fn a_file_that_is_there_is_never_overwritten() {
    let fixture = CliFixture::new();
    fixture.site.set("/list", Answer::html(&releases()));
    let url = fixture.site.url("/list");
    let file = fixture.watch.file(FILE);
    let args = ["source", "new", &url, "--out", file.to_str().unwrap()];
    let ran = fixture.watch.run(&args).ends(0);
    assert!(
        ran.out.is_empty() && ran.err.contains("is written"),
        "{}",
        ran.err
    );
    let before = std::fs::read_to_string(&file).unwrap();
    let again = fixture.watch.run(&args).ends(2);
    assert!(again.err.contains("never overwritten"), "{}", again.err);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    let bad = fixture
        .watch
        .run(&["source", "new", &url, "--id", "a b"])
        .ends(2);
    assert!(bad.err.contains("is not an id"), "{}", bad.err);
    fixture.watch.run(&["source", "new", "ftp://a.cn/"]).ends(2);
}

/// The head of a table stays when its data are gone, and a row that says so may stay too: neither
/// counts.
#[test]
fn of_a_table_the_rows_of_data_are_counted() {
    let fixture = CliFixture::new();
    let rows: Vec<String> = (0..20)
        .map(|n| format!("<tr><td><a href=/{n}>指标 {n}</a></td><td>{n}.5</td></tr>"))
        .collect();
    let rows = rows.concat();
    let none = "<tr><td colspan=2>暂无数据</td></tr>";
    let th = "<tr><th>指标名称</th><th>本期数值</th></tr>";
    let td = th.replace("th>", "td>");
    let page = |head: &str, rows: &str| {
        format!("<title>数据</title><table class=datalist>{head}<tbody>{rows}</tbody></table>")
    };
    for (head, css) in [
        (th.to_owned(), "tr:has(td + td)"),
        (format!("<thead>{td}</thead>"), "tbody tr:has(td + td)"),
        (td.clone(), "tr:has(td a)"),
    ] {
        fixture.site.set("/t", Answer::html(&page(&head, &rows)));
        let (text, code) = proposed(&fixture, "/t");
        assert_eq!(code, "ok", "{text}");
        let value = format!("[probe.value.items]\nselect = \".datalist {css}\"");
        assert!(
            text.contains(&value) && text.contains("# 20 today"),
            "{text}"
        );
        fixture.site.set("/t", Answer::html(&page(&head, "")));
        assert_eq!(code_now(&fixture), "content.empty", "{text}");
        fixture.site.set("/t", Answer::html(&page(&head, none)));
        assert_eq!(code_now(&fixture), "content.empty", "{text}");
    }
}

#[test]
fn columns_that_are_filled_are_to_stay_so() {
    let fixture = CliFixture::new();
    let today = chrono::Utc::now().date_naive();
    let row = |n: i64, filled: bool| {
        let day = (today - chrono::TimeDelta::days(n)).to_string();
        let net = filled.then_some(n * 3 + 1);
        serde_json::json!({"id": n, "name": filled.then(|| format!("甲{n}")), "DAY": day, "NET": net, "BUY": net.map(|n| format!("{n}.25")), "old": null})
    };
    let whole: Vec<_> = (1..=20).map(|n| row(n, true)).collect();
    fixture
        .site
        .set("/api", json(&serde_json::json!({"data": {"rows": whole}})));
    let (text, code) = proposed(&fixture, "/api");
    assert_eq!(code, "ok", "{text}");
    for key in ["NET", "BUY", "name"] {
        let part = format!(
            "\n[probe.value.nulls_{key}]\njson_path = \"$.data.rows[*].{key}\"\nas = \"null_share\"\nmax = 0.3\n"
        );
        assert!(text.contains(&part), "{part} is not in {text}");
        let newest = format!(
            "\n[probe.value.newest_{key}]\njson_path = \"$.data.rows[:3].{key}\"\nas = \"null_share\"\nmax = 0.7\n"
        );
        assert!(text.contains(&newest), "{newest} is not in {text}");
    }
    assert!(!text.contains("nulls_old"), "{text}");
    // One late row is no loss, three are.
    let mut rows = whole.clone();
    rows.insert(0, row(0, false));
    fixture
        .site
        .set("/api", json(&serde_json::json!({"data": {"rows": rows}})));
    assert_eq!(code_now(&fixture), "ok", "{text}");
    rows.splice(1..3, [row(1, false), row(2, false)]);
    fixture
        .site
        .set("/api", json(&serde_json::json!({"data": {"rows": rows}})));
    assert_eq!(code_now(&fixture), "content.nulls", "{text}");
    fixture
        .site
        .set("/api", json(&serde_json::json!({"data": {"rows": []}})));
    assert_eq!(code_now(&fixture), "content.empty", "{text}");
}

#[test]
fn a_charset_that_is_stated_and_wrong_is_replaced() {
    let fixture = CliFixture::new();
    let page = |text: &str| {
        let (bytes, _, _) = encoding_rs::GB18030.encode(text);
        let mut answer = Answer::html("");
        answer.body = bytes.into_owned();
        answer
    };
    fixture.site.set("/list", page(&releases()));
    let (text, code) = proposed(&fixture, "/list");
    assert_eq!(code, "ok", "{text}");
    for part in [
        "charset = \"gb18030\" # guessed: the answer says utf-8, by which ",
        "name = \"某统计局\"",
        "name = \"最新发布 - 某统计局\"",
        "title = [\"最新发布\"]",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains('\u{fffd}'), "{text}");
    let other = releases().replace("<title>最新发布", "<title>另一页");
    fixture.site.set("/list", page(&other));
    assert_eq!(code_now(&fixture), "content.changed", "{text}");
    // A page that states its charset gets no `charset` key.
    fixture.site.set("/list", Answer::html(&releases()));
    let plain = propose(&fixture, "/list").ends(0).out;
    assert!(!plain.contains("\ncharset"), "{plain}");
}

#[test]
fn a_record_with_buttons_to_its_full_text_is_an_abstract() {
    let fixture = CliFixture::new();
    let page = |buttons: &str| {
        let text = "本文研究若干问题。".repeat(40);
        Answer::html(&format!(
            "<title>论文题名 - 某知网</title><div class=wx-tit><h1>论文题名</h1></div><p>摘要：{text}</p>\
             <ul class=operate-btn>{buttons}</ul>"
        ))
    };
    let by_id =
        "<li><a id=pdfDown href=/p>PDF下载</a></li><li><a id=cajDown href=/c>CAJ下载</a></li>";
    let by_text =
        "<li class=btn-dlpdf><a href=/p>Download PDF</a></li><li><a href=/q>引用</a></li>";
    for (buttons, css) in [
        (by_id, "[\"#pdfDown\", \"#cajDown\"]"),
        (by_text, "[\".btn-dlpdf > a\"]"),
    ] {
        fixture.site.set("/record", page(buttons));
        let (text, code) = proposed(&fixture, "/record");
        assert_eq!(code, "ok", "{text}");
        let level = format!("\n[probe.expect.level]\nfulltext = {css}\n");
        assert!(
            text.contains("level = \"abstract\"") && text.contains(&level),
            "{text}"
        );
        fixture
            .site
            .set("/record", page("<li><a href=/q>引用</a></li>"));
        assert_eq!(code_now(&fixture), "content.withdrawn", "{text}");
    }
    // Without an abstract the page is not a record.
    let bare = format!("<title>下载中心 - 某站</title>{by_id}");
    fixture.site.set("/record", Answer::html(&bare));
    let text = propose(&fixture, "/record").ends(0).out;
    assert!(text.contains("level = \"home\""), "{text}");
}

#[test]
fn a_page_that_a_script_fills_is_provisional() {
    let fixture = CliFixture::new();
    let empty = "<!DOCTYPE html><title>数据平台</title><div id=\"app\"></div><script src=\"/app.js\"></script>";
    fixture.site.set("/spa", Answer::html(empty));
    let (text, code) = proposed(&fixture, "/spa");
    assert_eq!(code, "ok", "{text}");
    assert!(
        text.contains("\nprovisional = true\n") && text.contains("`ok` would mean little"),
        "{text}"
    );
    fixture
        .site
        .set("/spa", Answer::html("<title>维护</title><p>x</p>"));
    assert_eq!(code_now(&fixture), "content.changed", "{text}");
    fixture.site.set("/list", Answer::html(&releases()));
    let text = propose(&fixture, "/list").ends(0).out;
    assert!(!text.contains("provisional"), "{text}");
}
