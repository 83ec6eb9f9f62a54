//! What must not be recorded is in no file that a pass leaves: not in the store, not in evidence,
//! not in mails, not in exports.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use flate2::read::{GzDecoder, MultiGzDecoder};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::kept::{exchanges, hold_together, read_back};
use crate::pages::{Answer, Site};
use crate::unpacked::{unpacked, unpacked_record};
use crate::workspace::TestWorkspace;

/// The client's addresses in every textual form, cookies, a token and a password.
const SECRETS: &[&str] = &[
    "203.0.113.9",
    "203%2E0%2E113%2E9",
    "203%252E0%252e113%252E9",
    "203-0-113-9",
    "203.000.113.009",
    "203&#46;0&#46;113&#46;9",
    "203&#x2E;0&period;113&#046;9",
    "&#50;&#48;&#51;.0.113.9",
    "203\\u002e0\\u002e113\\u002e9",
    "\\x32\\x30\\x33.0.113.9",
    "3405803785",
    "9.113.0.203.in-addr.arpa",
    "MjAzLjAuMTEzLj",
    "IwMy4wLjExMy45",
    "::ffff:cb00:7109",
    "2001:db8::9",
    "2001:DB8:0:0:0:0:0:9",
    "2001:0db8:0000:0000:0000:0000:0000:0009",
    "2001%3Adb8%3A%3A9",
    "2001&#58;db8&colon;&#x3a;9",
    "2001\\u003adb8\\u003a\\u003a9",
    "2001-db8--9",
    "20010db8000000000000000000000009",
    "9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
    "２０３．０．１１３．９",
    "203．0．113．9",
    "２０３。０。１１３。９",
    "２０３－０－１１３－９",
    "３４０５８０３７８５",
    "²⁰³.⁰.¹¹³.⁹",
    "₂₀₃.₀.₁₁₃.₉",
    "2⓪3.⓪.113.9",
    "&#65298;&#65296;&#65299;.0.113.9",
    "\\uff12\\uff10\\uff13\\uff0e0.113.9",
    "%EF%BC%92%EF%BC%90%EF%BC%93.0.113.9",
    "𝟚𝟘𝟛.𝟘.𝟙𝟙𝟛.𝟡",
    "🯲🯰🯳.🯰.🯱🯱🯳.🯹",
    "\\ud835\\udfda03.0.113.9",
    "2\u{ad}03.0.\u{200b}113.9",
    "203&shy;.0.113.9",
    "203, 0, 113, 9",
    "0xcb007109",
    "9-113-0-203",
    "2002:cb00:7109::1",
    "２００１：ｄｂ８：：９",
    "２００１：ＤＢ８：０：０：０：０：０：９",
    "2001：db8：：9",
    "：：ｆｆｆｆ：ｃｂ００：７１０９",
    "c00kie-value-1234",
    "c00kie%2Dvalue%2D1234",
    "c00kie&#45;value\\u002d1234",
    "YzAwa2llLXZhbHVlLTEyMz",
    "t0ken-value-1234567890",
    "t0ken%2Dvalue&#45;1234567890",
    "pa55word-of-ana",
    "pa55word%2Dof&#x2d;ana",
    "cGE1NXdvcmQtb2YtYW5h",
];

/// `secret` as a page in `charset` holds it, between other characters.
fn within(secret: &str, charset: &str) -> Vec<u8> {
    let bytes = encoded(secret, charset);
    let inner = bytes.strip_prefix(b"\x1b$B").unwrap_or(&bytes);
    inner.strip_suffix(b"\x1b(B").unwrap_or(inner).to_vec()
}

/// Charsets that `text` decodes, and UTF-32.
const CHARSETS: &[&str] = &[
    "utf-8",
    "gbk",
    "gb18030",
    "big5",
    "euc-kr",
    "euc-jp",
    "shift_jis",
    "iso-2022-jp",
    "windows-1251",
    "windows-1252",
    "koi8-r",
    "utf-16le",
    "utf-16be",
    "utf-32le",
    "utf-32be",
];

/// `text` in a charset; what it lacks becomes a character reference.
fn encoded(text: &str, charset: &str) -> Vec<u8> {
    let characters = || text.chars().map(u32::from);
    match charset {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "utf-32le" => characters().flat_map(u32::to_le_bytes).collect(),
        "utf-32be" => characters().flat_map(u32::to_be_bytes).collect(),
        _ => {
            let encoding = encoding_rs::Encoding::for_label(charset.as_bytes()).unwrap();
            encoding.encode(text).0.into_owned()
        }
    }
}

/// An address that only the page tells; it is in no configuration.
const TOLD: &str = "198.51.100.77";

const PAGES: [&str; 2] = [
    "/page",
    "/page?token=t0ken-value-1234567890&from=203.0.113.9",
];

fn page() -> String {
    let secrets = SECRETS.join("</p>\n<p>");
    format!(
        "<title>目录</title><p>正常页面</p>\n<p>{secrets}</p>\n\
         <script>var me = {{\"ip\":\"203.0.113.9\",\"six\":\"2001:db8::9\"}}</script>"
    )
}

fn zipped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut gzip = flate2::read::GzEncoder::new(text.as_bytes(), flate2::Compression::default());
    gzip.read_to_end(&mut bytes).unwrap();
    bytes
}

fn with(mut answer: Answer, headers: &[(&str, &str)]) -> Answer {
    let owned = headers
        .iter()
        .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
    answer.headers.extend(owned);
    answer
}

/// A watched site that says again whatever it knows about its reader.
fn watched() -> (Site, TestWorkspace) {
    let site = Site::start();
    site.set("/control", Answer::html("<p>works</p>"));
    let host = site.address.to_string();
    let location = format!(
        "http://ana:pa55word-of-ana@{host}/page?token=t0ken-value-1234567890&from=203.0.113.9"
    );
    let hop = with(
        Answer::html("you are 203.0.113.9").with_status(302),
        &[
            ("Location", &location),
            ("Set-Cookie", "session=c00kie-value-1234; Path=/"),
            ("X-Client-IP", "203.0.113.9"),
        ],
    );
    site.set("/start", hop);
    for path in PAGES {
        let mut answer = with(
            Answer::html(""),
            &[
                ("Content-Encoding", "gzip"),
                ("X-Seen", "2001:db8::9 203.0.113.9 c00kie-value-1234"),
                ("Link", "</x?sid=t0ken-value-1234567890>; rel=next"),
            ],
        );
        answer.body = zipped(&page());
        site.set(path, answer);
    }
    let told = format!("<title>目录</title><p>正常页面</p><p>您的IP：{TOLD}</p><i>{TOLD}</i>");
    site.set("/told", Answer::html(&told));
    let watch = TestWorkspace::new(&site.url("/control"));
    (site, watch)
}

/// Everything that is in a file, however it is packed.
fn contents(path: &Path) -> Vec<Vec<u8>> {
    // The log of a store goes when the store is closed.
    let Ok(bytes) = fs::read(path) else {
        return Vec::new();
    };
    let mut all = vec![bytes.clone()];
    let mut plain = Vec::new();
    if MultiGzDecoder::new(&bytes[..])
        .read_to_end(&mut plain)
        .is_ok()
    {
        // A payload in it may be packed too.
        for at in memchr::memmem::find_iter(&plain, &[0x1f, 0x8b, 0x08]) {
            let mut inner = Vec::new();
            let _ = GzDecoder::new(&plain[at..]).read_to_end(&mut inner);
            all.push(inner);
        }
        all.push(plain);
    }
    if bytes.starts_with(b"SQLite format 3") {
        all.extend(cells(path));
    }
    all
}

fn cells(path: &Path) -> Vec<Vec<u8>> {
    let connection = Connection::open(path).unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let mut statement = connection.prepare(sql).unwrap();
    let names: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut all = Vec::new();
    for name in names {
        let mut statement = connection
            .prepare(&format!("SELECT * FROM {name}"))
            .unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                let (ValueRef::Text(cell) | ValueRef::Blob(cell)) = row.get_ref(column).unwrap()
                else {
                    continue;
                };
                all.extend(unpacked(&connection, cell));
                let mut plain = Vec::new();
                let _ = GzDecoder::new(cell).read_to_end(&mut plain);
                all.push(plain);
                all.push(cell.to_vec());
            }
        }
    }
    let sql = "SELECT raw, base FROM records WHERE base IS NOT NULL";
    if let Ok(mut statement) = connection.prepare(sql) {
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let raw: Vec<u8> = row.get(0).unwrap();
            all.push(unpacked_record(&connection, &raw, row.get(1).unwrap()).unwrap());
        }
    }
    assert!(all.len() > 50, "the store is read");
    all
}

/// The files under a folder that hold any of `secrets`.
fn holding(folder: &Path, secrets: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path, secrets));
            continue;
        }
        for content in contents(&path) {
            for secret in secrets {
                for charset in CHARSETS {
                    if memchr::memmem::find(&content, &within(secret, charset)).is_some() {
                        found.push(format!("{}: {secret} in {charset}", path.display()));
                    }
                }
            }
        }
    }
    found
}

#[test]
fn no_address_cookie_token_or_password_is_in_any_file_of_a_pass() {
    let (site, watch) = watched();
    watch.append(
        "config/accesswatch.toml",
        "exit = [\"203.0.113.9\", \"2001:db8::9\"]\n",
    );
    watch.source("papers", &[site.url("/start")], "contains = [\"正常页面\"]");
    fs::create_dir_all(watch.file("data")).unwrap();
    let jsonl = watch.file("data/run.jsonl").display().to_string();
    watch.run(&["run", "--all", "--jsonl", &jsonl]).ends(0);
    for path in PAGES {
        site.set(path, Answer::html(&page()).with_status(410));
    }
    watch.run(&["run", "--all"]).ends(0);
    let exported = watch
        .run(&["export", "measurements", "--format", "jsonl"])
        .ends(0);
    watch.write("data/export.jsonl", &exported.out);
    assert_eq!(holding(&watch.file("data"), SECRETS), [""; 0]);

    // What was in the way of being kept as it was sent is kept decoded, and says what was taken
    // out.
    let kept = exchanges(&watch);
    let records = read_back(&watch, &kept[0]);
    let answer = String::from_utf8_lossy(&records["response"].block).into_owned();
    assert!(
        answer.contains("正常页面") && answer.contains("[redacted]"),
        "{answer}"
    );
    assert!(
        !answer.to_ascii_lowercase().contains("content-encoding"),
        "{answer}"
    );
    let metadata = String::from_utf8_lossy(&records["metadata"].block).into_owned();
    for kind in ["client address", "cookies", "tokens"] {
        assert!(metadata.contains(kind), "{kind}: {metadata}");
    }
    hold_together(&watch);
}

/// Pages with `text` in every charset, each behind a redirect with a password; their URLs.
fn in_every_charset(site: &Site, text: &str) -> Vec<String> {
    let page = |charset: &&str| {
        let mut answer = Answer::html("");
        answer.body = encoded(text, charset);
        answer.headers.clear();
        let media = format!("text/html; charset={charset}");
        let answer = with(
            answer,
            &[
                ("Content-Type", &media),
                ("Set-Cookie", "session=c00kie-value-1234; Path=/"),
                ("Link", "</x?sid=t0ken-value-1234567890>; rel=next"),
            ],
        );
        site.set(&format!("/in-{charset}"), answer);
        let address = site.address;
        let location = format!("http://ana:pa55word-of-ana@{address}/in-{charset}");
        let hop = with(
            Answer::html("").with_status(302),
            &[("Location", &location)],
        );
        site.set(&format!("/to-{charset}"), hop);
        site.url(&format!("/to-{charset}"))
    };
    CHARSETS.iter().map(page).collect()
}

/// Each secret stands next to characters whose bytes are digits, letters or zeros.
#[test]
fn no_secret_is_in_any_file_whatever_the_charset_of_the_page() {
    let (site, watch) = watched();
    watch.append(
        "config/accesswatch.toml",
        "exit = [\"203.0.113.9\", \"2001:db8::9\"]\n",
    );
    let characters = ["中", "一", "㐀", "\u{20087}", "é", "ㄱ"];
    let between = characters.map(|c| SECRETS.join(&format!("{c}{c}")));
    let text = format!(
        "<title>目录</title><p>{}</p><p>\"{}\"</p>",
        between.join("</p>\n<p>"),
        SECRETS.join("\" \"")
    );
    let urls = in_every_charset(&site, &text);
    watch.source("papers", &urls, "contains = [\"目录\"]");
    watch.run(&["run", "--all"]).ends(0);
    let kept = exchanges(&watch);
    assert_eq!(kept.len(), CHARSETS.len());
    assert_eq!(holding(&watch.file("data"), SECRETS), [""; 0]);
    let redacted = |exchange| {
        let records = read_back(&watch, exchange);
        if records.contains_key("revisit") {
            return true; // Without its secrets it is the page that another charset has.
        }
        let block = &records["response"].block;
        ["utf-8", "utf-16le", "utf-16be", "utf-32le", "utf-32be"]
            .map(|charset| encoded("[redacted]", charset))
            .iter()
            .any(|mark| memchr::memmem::find(block, mark).is_some())
    };
    assert!(kept.iter().all(redacted));
    hold_together(&watch);
}

#[test]
fn an_address_that_a_page_tells_its_reader_is_redacted_in_every_charset() {
    let (site, watch) = watched();
    let text = format!("<title>目录</title><p>您的IP：{TOLD} your IP: {TOLD}</p><i>{TOLD}</i>");
    let urls = in_every_charset(&site, &text);
    watch.source("papers", &urls, "contains = [\"目录\"]");
    watch.run(&["run", "--all"]).ends(0);
    assert_eq!(exchanges(&watch).len(), CHARSETS.len());
    assert_eq!(holding(&watch.file("data"), &[TOLD]), [""; 0]);
}

/// The page writes the address in full-width digits alone, so that it is learned from these.
#[test]
fn an_address_that_a_page_tells_in_full_width_digits_is_redacted() {
    const WIDE: &str = "１９８．５１．１００．７７";
    let (site, watch) = watched();
    let text = format!("<title>目录</title><i>{TOLD}</i><p>您的IP：{WIDE}</p><i>{WIDE}</i>");
    site.set("/wide", Answer::html(&text));
    watch.source("papers", &[site.url("/wide")], "contains = [\"目录\"]");
    watch.run(&["run", "--all"]).ends(0);
    assert_eq!(exchanges(&watch).len(), 1);
    assert_eq!(holding(&watch.file("data"), &[TOLD, WIDE]), [""; 0]);
}

#[test]
fn an_address_that_a_page_tells_its_reader_is_redacted_where_no_exit_is_stated() {
    let (site, watch) = watched();
    watch.source("papers", &[site.url("/told")], "contains = [\"正常页面\"]");
    watch.run(&["run", "--all"]).ends(0);
    assert_eq!(exchanges(&watch).len(), 1);
    assert_eq!(holding(&watch.file("data"), &[TOLD]), [""; 0]);
}

#[test]
fn a_control_with_echo_teaches_the_exit_address() {
    let (site, watch) = watched();
    site.set(
        "/echo",
        Answer::html(&format!("{{\"origin\": \"{TOLD}\"}}")),
    );
    let control = format!("controls = [\"{}\"]", site.url("/control"));
    let with_echo = format!(
        "controls = [{{ url = \"{}\", echo = true }}]",
        site.url("/echo")
    );
    watch.edit("config/accesswatch.toml", &control, &with_echo);
    site.set(
        "/plain",
        Answer::html(&format!("<p>正常页面</p> visitor {TOLD}")),
    );
    watch.source("papers", &[site.url("/plain")], "contains = [\"正常页面\"]");
    watch.run(&["run", "--all"]).ends(0);
    assert_eq!(exchanges(&watch).len(), 1);
    assert_eq!(holding(&watch.file("data"), &[TOLD]), [""; 0]);
}
