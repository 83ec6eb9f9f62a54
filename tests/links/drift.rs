//! `links check` on pages that are served and no longer hold what is cited.

use crate::check::{Library, rows, states};
use crate::pages::Answer;

const REPORT: &str = "<title>水资源公报</title><article><h1>水资源公报</h1>\
    <p>2023年全国水资源总量为25782.5亿立方米，比多年平均值偏少6.6%。</p>\
    <p>全国用水总量为5906.5亿立方米，其中生活用水占15.4%。</p></article>";

/// A text fragment that quotes a passage.
fn quoting(url: &str, passage: &str) -> String {
    let passage = passage.replace('%', "%25").replace(' ', "%20");
    format!("{url}#:~:text={passage}")
}

#[test]
fn a_quoted_passage_is_looked_for() {
    let library = Library::new();
    let passage = "全国用水总量为5906.5亿立方米";
    let links: Vec<String> = ["/there", "/figure", "/lost", "/unquoted"]
        .into_iter()
        .map(|path| {
            let text = match path {
                "/figure" => REPORT.replace("5906.5", "5925.0"),
                "/lost" => REPORT.replace("全国用水总量为5906.5亿立方米，其中", "其中"),
                _ => REPORT.to_owned(),
            };
            // Each page has a name of its own: the same body thrice is an error page.
            let text = text.replace("水资源公报", &format!("水资源公报{}", &path[1..]));
            library.site.set(path, Answer::html(&text));
            let url = library.site.url(path);
            if path == "/unquoted" {
                url
            } else {
                quoting(&url, passage)
            }
        })
        .map(|url| format!("<a href=\"{url}\">x</a>"))
        .collect();
    let document = library.document("report.html", &format!("<body>{}", links.join(" ")));
    let found = library.check(&document);
    let states = states(&found);
    for (path, want) in [
        ("/there", "alive ok"),
        ("/figure", "drifted ok"),
        ("/lost", "drifted ok"),
        ("/unquoted", "alive ok"),
    ] {
        assert_eq!(states[path], want, "{path}");
    }
    let table = library
        .watch
        .run(&["links", "check", &document])
        .ends(0)
        .out;
    let table = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(table.contains("5925亿"), "{table}");
}

#[test]
fn a_notice_of_deletion_says_who_removed_the_page() {
    let library = Library::new();
    let notices = include_str!("../../probes/signatures/platforms.csv");
    library
        .watch
        .write("probes/signatures/platforms.csv", notices);
    library.site.set(
        "/s/gone",
        Answer::html("<title></title><div class=weui-msg__title>该内容已被发布者删除</div>"),
    );
    library.article("/alive", "rivers");
    let document = library.listing(&["/s/gone", "/alive"]);
    let ran = library
        .watch
        .run(&["links", "check", &document, "--format", "json"]);
    assert_eq!(
        states(&rows(&ran.ends(0)))["/s/gone"],
        "gone content.soft_404"
    );
    let table = library
        .watch
        .run(&["links", "check", &document])
        .ends(0)
        .out;
    let table = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(table.contains("author"), "{table}");
}
