//! `links import URL`: pages, sitemaps and feeds, and what a site may do to an import.

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::check::Library;
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
    assert!(asked.contains(&"/2".to_owned()), "{asked:?}");
    assert!(
        !asked.iter().any(|path| path == "/1" || path == "/3"),
        "{asked:?}"
    );
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
