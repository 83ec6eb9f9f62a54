//! `evidence list`, `show` and `pack`, and what mails and `incidents show` name of the evidence.

use std::fs::File;
use std::io::Read as _;

use serde_json::Value;

use crate::kept::{exchanges, files, read_back};
use crate::pages::{Answer, Site};
use crate::workspace::TestWorkspace;

const GOOD: &str = "<title>目录</title><h1>目录</h1><p>正常页面，供读者查阅。</p>";

/// A workspace with one incident.
fn lived() -> (Site, TestWorkspace) {
    let site = Site::start();
    site.set("/control", Answer::html("<p>works</p>"));
    site.set("/page", Answer::html(GOOD));
    let watch = TestWorkspace::new(&site.url("/control"));
    watch.source("papers", &[site.url("/page")], "contains = [\"正常页面\"]");
    watch.run(&["run", "--all"]).ends(0);
    let gone = "<title>Withdrawn</title><p>本资源已下架 <b>for good</b></p>";
    site.set("/page", Answer::html(gone).with_status(410));
    watch.run(&["run", "--all"]).ends(0);
    (site, watch)
}

fn listed(watch: &TestWorkspace, args: &[&str]) -> Vec<Value> {
    let args = [&["evidence", "list", "--format", "json"], args].concat();
    let out = watch.run(&args).ends(0).out;
    serde_json::from_str(&out).unwrap()
}

#[test]
fn what_is_kept_is_listed_with_its_incident_and_place() {
    let (_site, watch) = lived();
    let all = listed(&watch, &[]);
    let codes: Vec<&Value> = all.iter().map(|row| &row["code"]).collect();
    assert_eq!(codes, ["ok", "http.gone"]);
    assert_eq!(all[1]["incidents"], "#1");
    assert_eq!(all[1]["probe"], "papers/page0");
    let kept = exchanges(&watch);
    assert_eq!(all[1]["measurement_uid"], kept[1].uid.as_str());
    let answer = read_back(&watch, &kept[1])["response"].id().to_owned();
    assert_eq!(all[1]["record_id"], answer);
    assert_eq!(listed(&watch, &["--incident", "1"]).len(), 2);
    assert_eq!(
        listed(&watch, &["--source", "papers", "--since", "2020-01-01"]).len(),
        2
    );
    let csv = watch
        .run(&["evidence", "list", "--format", "csv"])
        .ends(0)
        .out;
    assert_eq!(csv.lines().count(), 3, "{csv}");
    watch
        .run(&["evidence", "list", "--source", "nobody"])
        .ends(2);
    watch.run(&["evidence", "list", "--incident", "99"]).ends(2);
}

#[test]
fn the_uid_and_the_record_of_a_mail_lead_to_the_exchange_in_words() {
    let (_site, watch) = lived();
    let kept = exchanges(&watch);
    let answer = read_back(&watch, &kept[1])["response"].id().to_owned();
    let shown = watch.run(&["incidents", "show", "1"]).ends(0).out;
    let mails = watch
        .mails()
        .join("\n")
        .replace("=\r\n", "")
        .replace("=\n", "");
    for text in [&shown, &mails] {
        assert!(
            text.contains(kept[1].uid.as_str()) && text.contains(&answer),
            "{text}"
        );
    }
    let by_uid = watch
        .run(&["evidence", "show", kept[1].uid.as_str()])
        .ends(0)
        .out;
    let by_record = watch.run(&["evidence", "show", &answer]).ends(0).out;
    assert_eq!(by_uid, by_record);
    for part in [
        "http.gone",
        "address 127.0.0.1",
        "GET /page HTTP/1.1",
        "HTTP/1.1 410 X",
        "title: Withdrawn",
        "本资源已下架 for good",
    ] {
        assert!(by_uid.contains(part), "{part}:\n{by_uid}");
    }
    let unknown = watch.run(&["evidence", "show", "0193-none"]).ends(2).err;
    assert!(unknown.contains("evidence list"), "{unknown}");
}

#[test]
fn a_pack_holds_what_is_kept_of_an_incident_and_verifies() {
    let (_site, watch) = lived();
    for (lang, word) in [
        ("en", "How this was measured"),
        ("ko", "측정 방법"),
        ("zh", "测量方法"),
    ] {
        let file = watch.file(&format!("report-{lang}.wacz"));
        let path = file.display().to_string();
        watch
            .run(&["evidence", "pack", "1", "-o", &path, "--lang", lang])
            .ends(0);
        let verified = watch.run(&["verify", &path]).ends(0).out;
        assert!(verified.contains("everything holds"), "{verified}");
        let mut zip = zip::ZipArchive::new(File::open(&file).unwrap()).unwrap();
        let names: Vec<String> = zip
            .file_names()
            .map(|name| name.unwrap().into_owned())
            .collect();
        for name in ["mail-1.eml", "chain.csv", "sha256sums.txt", "proof.json"] {
            assert!(names.contains(&format!("accesswatch/{name}")), "{names:?}");
        }
        let mut read = |name: &str| {
            let mut text = String::new();
            zip.by_name(name)
                .unwrap()
                .read_to_string(&mut text)
                .unwrap();
            text
        };
        assert!(read("accesswatch/method.html").contains(word));
        let records = read("accesswatch/records.jsonl");
        let uids: Vec<Value> = records
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["measurement_uid"].clone())
            .collect();
        for exchange in exchanges(&watch) {
            assert!(uids.contains(&exchange.uid.as_str().into()), "{uids:?}");
        }
        assert!(
            uids.len() > exchanges(&watch).len(),
            "the controls are there too"
        );
        assert_eq!(read("pages/pages.jsonl").lines().count(), 3);
    }
    let before = std::fs::read(watch.file("report-en.wacz")).unwrap();
    // A file that is missing fails the pack, and what was there stays.
    std::fs::remove_file(&files(&watch.file("data/evidence"))[0]).unwrap();
    let path = watch.file("report-en.wacz").display().to_string();
    let said = watch
        .run(&["evidence", "pack", "1", "-o", &path])
        .ends(3)
        .err;
    assert!(said.contains("cannot be read"), "{said}");
    assert_eq!(std::fs::read(watch.file("report-en.wacz")).unwrap(), before);
    watch.run(&["evidence", "pack", "99", "-o", &path]).ends(2);
}

#[test]
fn a_purge_leaves_the_files_that_incidents_rest_on() {
    let (site, watch) = lived();
    let tomorrow = (chrono::Utc::now() + chrono::TimeDelta::days(1)).date_naive();
    watch
        .run(&["purge", "--before", &tomorrow.to_string()])
        .ends(0);
    assert_eq!(exchanges(&watch).len(), 2);
    assert!(
        watch
            .run(&["doctor", "--offline"])
            .out
            .contains("evidence: 1 file")
    );
    drop(site);

    // Without an incident nothing needs them.
    let calm = Site::start();
    calm.set("/control", Answer::html("<p>works</p>"));
    calm.set("/page", Answer::html(GOOD));
    let watch = TestWorkspace::new(&calm.url("/control"));
    watch.source("papers", &[calm.url("/page")], "contains = [\"正常页面\"]");
    watch.run(&["run", "--all"]).ends(0);
    let said = watch
        .run(&["purge", "--before", &tomorrow.to_string()])
        .ends(0)
        .err;
    assert!(said.contains("1 file of evidence"), "{said}");
    assert!(files(&watch.file("data/evidence")).is_empty());
    assert_eq!(exchanges(&watch), []);
}
