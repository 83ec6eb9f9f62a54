//! `links import URL`: pages, sitemaps and feeds, and what a site may do to an import.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;

use accesswatch::config::{self, SecretNeeds};
use accesswatch::engine::Engine;
use accesswatch::model::clock::Clock as _;
use chrono::TimeDelta;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::check::Library;
use crate::jumping_clock::JumpingClock;
use crate::over_time::{block_on, open};
use crate::pages::{Answer, Site};

fn import(library: &Library, what: &[&str], ends: i32) -> Value {
    let command = [&["links", "import", "--format", "json"], what].concat();
    let ran = library.watch.run(&command).ends(ends);
    serde_json::from_str(&ran.out).unwrap()
}

/// The links and the date of each document, by the path of its address.
fn documents(library: &Library) -> BTreeMap<String, (u64, String)> {
    let status = ["links", "status", "--format", "json"];
    let rows: Vec<Value> = serde_json::from_str(&library.watch.run(&status).ends(0).out).unwrap();
    let shown = |row: &Value| {
        let url: url::Url = row["path"].as_str().unwrap().parse().unwrap();
        let date = row["date"].as_str().unwrap_or_default().to_owned();
        (
            url.path().to_owned(),
            (row["links"].as_u64().unwrap(), date),
        )
    };
    rows.iter().map(shown).collect()
}

fn xml(text: &str) -> Answer {
    let mut answer = Answer::html(text);
    answer.headers = vec![("Content-Type".into(), "application/xml".into())];
    answer
}

fn packed(text: &str) -> Answer {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    let mut answer = Answer::html("");
    answer.headers = vec![("Content-Type".into(), "application/x-gzip".into())];
    answer.body = encoder.finish().unwrap();
    answer
}

fn page(links: &[&str]) -> Answer {
    let links: Vec<String> = links
        .iter()
        .map(|link| format!("<p>See <a href='{link}'>the report</a> of the institute.</p>"))
        .collect();
    Answer::html(&format!("<title>A page</title>{}", links.concat()))
}

fn reasons(report: &Value) -> Vec<String> {
    let all = report["unreadable"].as_array().unwrap();
    all.iter()
        .map(|one| one["reason"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_page_is_a_document_and_its_links_lead_on_from_its_address() {
    let library = Library::new();
    let site = &library.site;
    site.set(
        "/dir/page",
        page(&["https://a.example/1", "../other", "//b.example/2"]),
    );
    let address = site.url("/dir/page#part");
    let report = import(
        &library,
        &[&address, "--date", "2024-05", "--title", "Ours"],
        0,
    );
    assert_eq!(
        (&report["documents"], &report["links"]),
        (&1.into(), &3.into())
    );
    assert_eq!(documents(&library)["/dir/page"], (3, "2024-05".to_owned()));
    let links = ["links", "status", "--document", "D1", "--format", "json"];
    let links = library.watch.run(&links).ends(0).out;
    assert!(links.contains(&site.url("/other")), "{links}");
    // The same page again is the same document.
    site.set("/dir/page", page(&["https://a.example/1"]));
    let report = import(&library, &[&address], 0);
    assert_eq!((&report["new"], &report["ended"]), (&0.into(), &2.into()));
    assert_eq!(documents(&library).len(), 1);
}

#[test]
fn the_pages_of_sitemaps_and_feeds_are_documents_with_their_days() {
    let library = Library::new();
    let site = &library.site;
    site.set("/1", page(&["https://a.example/1"]));
    site.set("/2", page(&["https://a.example/2", "https://a.example/3"]));
    site.set("/3", page(&["https://a.example/4"]));
    let entry = |path: &str, day: &str| {
        let url = site.url(path);
        format!("<url><loc>{url}</loc><lastmod>{day}</lastmod></url>")
    };
    let listed = entry("/1", "2023-05-08T01:00:00Z") + &entry("/missing", "2023-05-08");
    site.set("/one.xml.gz", packed(&format!("<urlset>{listed}</urlset>")));
    let rss = format!(
        "<rss><channel><item><link>{}</link><pubDate>Mon, 08 May 2023 03:00:00 +0000</pubDate></item>\
         <item><link>{}</link></item></channel></rss>",
        site.url("/3"),
        site.url("/2")
    );
    site.set("/feed", xml(&rss));
    let sitemaps = ["/one.xml.gz", "/index.xml"]
        .map(|path| format!("<sitemap><loc>{}</loc></sitemap>", site.url(path)));
    site.set(
        "/index.xml",
        xml(&format!(
            "<sitemapindex>{}</sitemapindex>",
            sitemaps.concat()
        )),
    );
    let (index, feed) = (site.url("/index.xml"), site.url("/feed"));
    let report = import(&library, &[&index, &feed, "--group", "web"], 3);
    assert_eq!(report["documents"], 3);
    assert_eq!(reasons(&report), ["it is not served: http.not_found"]);
    let found = documents(&library);
    assert_eq!(found["/1"], (1, "2023-05-08".to_owned()));
    assert_eq!(found["/2"], (2, String::new()));
    assert_eq!(found["/3"], (1, "2023-05-08".to_owned()));
    // What did not change since is not fetched again.
    site.asked();
    import(&library, &[&index, &feed], 3);
    let asked = site.asked();
    // The day of an entry of RSS is that of its publication.
    for path in ["/2", "/3"] {
        assert!(asked.contains(&path.to_owned()), "{path}: {asked:?}");
    }
    assert!(!asked.contains(&"/1".to_owned()), "{asked:?}");
    // What is stated holds for pages that did not change, too.
    import(&library, &[&index, "--date", "2020"], 3);
    assert_eq!(documents(&library)["/1"].1, "2020");
}

/// A page that is not there, or is no page of the site any more, ends no citation.
#[test]
fn a_page_that_is_refused_keeps_what_it_cited() {
    let library = Library::new();
    let site = &library.site;
    site.set("/page", page(&["https://a.example/1"]));
    let address = site.url("/page");
    import(&library, &[&address], 0);
    for answer in [
        Answer::html("<title>页面不存在</title><p>您访问的页面不存在"),
        Answer::html("<p>please log in</p>").with_status(401),
        Answer::html("<p>broken</p>").with_status(500),
    ] {
        site.set("/page", answer);
        let report = import(&library, &[&address], 3);
        assert_eq!(report["ended"], 0, "{report}");
    }
    assert_eq!(documents(&library)["/page"].0, 1);
}

#[test]
fn an_import_obeys_robots_and_bounds_what_lists_name() {
    let library = Library::new();
    let settings = "config/accesswatch.toml";
    library
        .watch
        .edit(settings, "robots = false", "robots = true");
    let site = &library.site;
    let mut robots = Answer::html("User-agent: *\nDisallow: /closed/\n");
    robots.headers = vec![("Content-Type".into(), "text/plain".into())];
    site.set("/robots.txt", robots);
    site.set("/closed/page", page(&["https://a.example/1"]));
    let report = import(&library, &[&site.url("/closed/page")], 3);
    assert_eq!(
        reasons(&report),
        ["the site asks programs not to look (robots.txt)"]
    );
    assert!(!site.asked().contains(&"/closed/page".to_owned()));
    // An index of indexes without end, and addresses that are none.
    for level in 0..9 {
        let next = site.url(&format!("/level/{}", level + 1));
        let text = format!("<sitemapindex><sitemap><loc>{next}</loc></sitemap></sitemapindex>");
        site.set(&format!("/level/{level}"), xml(&text));
    }
    let report = import(&library, &[&site.url("/level/0")], 3);
    let found = reasons(&report);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("sitemaps lie deeper"), "{found:?}");
    let odd = "<urlset><url><loc>file:///etc/passwd</loc></url><url><loc>http://u:p@a.example/</loc></url></urlset>";
    site.set("/odd.xml", xml(odd));
    let report = import(&library, &[&site.url("/odd.xml")], 3);
    assert_eq!(reasons(&report), ["this is no address of a page"; 2]);
    let bomb = packed(&" ".repeat(65 * 1024 * 1024));
    site.set("/bomb.xml.gz", bomb);
    let report = import(&library, &[&site.url("/bomb.xml.gz")], 3);
    assert!(reasons(&report)[0].contains("too large"), "{report}");
}

/// Who names a site speaks for it, and not for what it lists in the local network.
#[test]
fn a_list_leads_into_no_local_network() {
    let library = Library::with("per_domain_interval = \"0s\"\n");
    let other = Site::start_at("127.0.0.9");
    other.set("/secret", page(&["https://a.example/1"]));
    let site = &library.site;
    let listed = format!(
        "<urlset><url><loc>{}</loc></url></urlset>",
        other.url("/secret")
    );
    site.set("/sitemap.xml", xml(&listed));
    let report = import(&library, &[&site.url("/sitemap.xml")], 3);
    assert_eq!(reasons(&report), ["it leads into the local network"]);
    assert!(other.asked().is_empty());
}

#[test]
fn what_the_configuration_names_is_imported_by_run() {
    let library = Library::new();
    let site = &library.site;
    site.set("/1", page(&["https://a.example/1"]));
    let listed = format!("<urlset><url><loc>{}</loc></url></urlset>", site.url("/1"));
    site.set("/sitemap.xml", xml(&listed));
    let documents_key = format!("documents = [\"{}\"]\n", site.url("/sitemap.xml"));
    library
        .watch
        .append("config/accesswatch.toml", &documents_key);
    library.watch.run(&["run", "--no-alerts"]);
    assert_eq!(documents(&library)["/1"].0, 1);
}

/// A saved copy of a page is a document of its own.
#[test]
fn a_saved_copy_does_not_take_the_place_of_a_page() {
    let library = Library::new();
    let text = "<title>A page</title><p>See <a href='https://a.example/1'>the report</a>.</p>";
    library.site.set("/page", Answer::html(text));
    import(&library, &[&library.site.url("/page")], 0);
    let copy = library.document("page.html", text);
    let ran = library.watch.run(&["links", "import", &copy]).ends(0);
    assert!(!ran.err.contains("is now"), "{}", ran.err);
    let status = ["links", "status", "--format", "json"];
    let rows: Vec<Value> = serde_json::from_str(&library.watch.run(&status).ends(0).out).unwrap();
    assert_eq!(rows.len(), 2, "{rows:?}");
}

/// What a site lists may take days to fetch: passes and mails go on between the parts.
#[test]
fn a_long_import_is_made_in_parts_and_fetches_each_page_once() {
    let library = Library::with("private = true\nper_domain_interval = \"10s\"\n");
    let site = &library.site;
    let pages = ["/1", "/2", "/3", "/4"];
    let entry = |path: &&str| {
        site.set(path, page(&["https://a.example/1"]));
        format!("<url><loc>{}</loc></url>", site.url(path))
    };
    let listed: String = pages.iter().map(entry).collect();
    site.set("/sitemap.xml", xml(&format!("<urlset>{listed}</urlset>")));
    let documents_key = format!("documents = [\"{}\"]\n", site.url("/sitemap.xml"));
    library
        .watch
        .append("config/accesswatch.toml", &documents_key);
    let workspace = config::load_for(library.watch.path(), &SecretNeeds::none()).unwrap();
    let clock = JumpingClock::now_on();
    let store = open(&library);
    block_on(async {
        let engine = Engine::new(workspace, store, Arc::clone(&clock) as _);
        let engine = engine.await.unwrap();
        let until = clock.now() + TimeDelta::seconds(15);
        let first = engine.import_documents(until).await.unwrap().unwrap();
        assert!(clock.now() < until + TimeDelta::seconds(10));
        assert!((1..4).contains(&first.waiting), "{first:?}");
        let until = clock.now() + TimeDelta::minutes(5);
        let second = engine.import_documents(until).await.unwrap().unwrap();
        assert_eq!(second.waiting, 0);
        assert_eq!(first.counts.documents + second.counts.documents, 4);
        assert!(engine.import_documents(until).await.unwrap().is_none());
    });
    let asked = site.asked();
    for path in ["/sitemap.xml"].iter().chain(&pages) {
        let times = asked.iter().filter(|asked| asked == path).count();
        assert_eq!(times, 1, "{path}: {asked:?}");
    }
}
