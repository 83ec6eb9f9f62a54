//! What a mail quotes of a page is in the file of evidence that the mail names.

use std::collections::BTreeMap;
use std::io::Write as _;

use accesswatch::evidence::warc::Entry;
use accesswatch::judge::KeptPage;
use accesswatch::model::measurement::{HeaderText, Request};
use accesswatch::net::http::undo_codings;
use bytes::Bytes;

use crate::kept::{exchanges, hold_together, read_back};
use crate::mime;
use crate::pages::{Answer, Site};
use crate::workspace::TestWorkspace;

/// Pages in several charsets and codings, as they are in place of the real one.
const PAGES: &[(&str, &str, bool, &str)] = &[
    (
        "plain",
        "utf-8",
        false,
        "<p>本资源已下架，请联系管理员。</p>",
    ),
    (
        "packed",
        "gb18030",
        true,
        "<h1>公告</h1><p>该数据库已停止服务，敬请谅解。</p>",
    ),
    (
        "wide",
        "utf-16le",
        false,
        "<p>本期刊不再收录于本库，特此说明。</p>",
    ),
    (
        "same",
        "utf-8",
        false,
        "<p>本资源已下架，请联系管理员。</p>",
    ),
];

fn bytes(text: &str, charset: &str, is_packed: bool) -> Vec<u8> {
    let bytes = if charset == "utf-16le" {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    } else {
        let encoding = encoding_rs::Encoding::for_label(charset.as_bytes()).unwrap();
        encoding.encode(text).0.into_owned()
    };
    if !is_packed {
        return bytes;
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&bytes).unwrap();
    gzip.finish().unwrap()
}

fn answer(text: &str, charset: &str, is_packed: bool) -> Answer {
    let mut answer = Answer::html("");
    answer.body = bytes(text, charset, is_packed);
    let media = format!("text/html; charset={charset}");
    answer.headers = vec![("Content-Type".to_owned(), media)];
    if is_packed {
        let coding = ("Content-Encoding".to_owned(), "gzip".to_owned());
        answer.headers.push(coding);
    }
    answer
}

/// The answer of an exchange as the file of evidence has it.
fn kept_answer(watch: &TestWorkspace, records: &BTreeMap<String, Entry>) -> Request {
    let mut request = Request::default();
    let entry = records.get("response").or(records.get("revisit")).unwrap();
    let head = String::from_utf8_lossy(&entry.block).into_owned();
    let headers = head.lines().skip(1).take_while(|line| !line.is_empty());
    let pair = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (
            HeaderText(name.to_owned()),
            HeaderText(value.trim().to_owned()),
        )
    };
    request.response.headers_list = headers.map(pair).collect();
    // The same page twice is one payload, in the record that is referred to.
    let payload = match entry.field("WARC-Refers-To") {
        None => entry.payload().to_vec(),
        Some(other) => crate::kept::entries(watch)
            .into_iter()
            .find(|entry| format!("<{}>", entry.id()) == other)
            .unwrap()
            .payload()
            .to_vec(),
    };
    let codings = request
        .response
        .header("content-encoding")
        .map(str::to_owned);
    request.response.body.0 = undo_codings(Bytes::from(payload), codings.as_deref(), 1 << 20);
    request
}

#[test]
fn a_mail_quotes_what_stands_in_the_file_that_it_names() {
    let site = Site::start();
    site.set("/control", Answer::html("<p>works</p>"));
    let watch = TestWorkspace::new(&site.url("/control"));
    let lines = (0..200).map(|n| format!("<p>第 {n} 条正常页面，供读者查阅。</p>"));
    let good: String = lines.collect();
    for (id, charset, is_packed, _) in PAGES {
        site.set(&format!("/{id}"), answer(&good, charset, *is_packed));
        let url = site.url(&format!("/{id}"));
        watch.source(id, &[url], "contains = [\"正常页面\"]");
    }
    watch.run(&["run", "--all"]).ends(0);
    for (id, charset, is_packed, page) in PAGES {
        site.set(&format!("/{id}"), answer(page, charset, *is_packed));
    }
    watch.run(&["run", "--all"]).ends(0);
    let mails = watch.mails();
    let mails: Vec<String> = mails
        .iter()
        .map(|mail| mime::parse(mail.as_bytes()).text)
        .collect();
    let all = exchanges(&watch);
    for (id, ..) in PAGES {
        let bad = all
            .iter()
            .rfind(|exchange| exchange.probe.source.as_str() == *id);
        let bad = bad.unwrap();
        let records = read_back(&watch, bad);
        let id_of = |kind: &str| records.get(kind).map(|entry| entry.id().to_owned());
        let answer_id = id_of("response").or(id_of("revisit")).unwrap();
        let mail = mails.iter().find(|mail| mail.contains(&answer_id));
        let mail = mail.unwrap_or_else(|| panic!("{id}: no mail names {answer_id}: {mails:#?}"));
        assert!(mail.contains(bad.uid.as_str()));
        let request = kept_answer(&watch, &records);
        let words = KeptPage::read(&request, None).first_words();
        assert!(!words.is_empty() && words.chars().count() <= 200);
        // Lines are wrapped, also within Chinese text.
        let joined = |text: &str| text.split_whitespace().collect::<String>();
        let quote = joined(&format!("“{words}”"));
        assert!(joined(mail).contains(&quote), "{words}:\n{mail}");
    }
    hold_together(&watch);
}
