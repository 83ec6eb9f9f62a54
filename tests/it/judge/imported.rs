//! Signature lists of other projects in their formats (`tests/testdata/imported`): what is read,
//! what is left out and why, and that no such row decides who blocks.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use accesswatch::config::{self, SkipReason, Workspace};
use accesswatch::judge::Judge;
use accesswatch::model::page::History;
use accesswatch::model::{Catalogue, Locus, Measurement, Verdict};

use super::record::{answer, answered, connect, now, query};
use crate::support::english::English as _;
use crate::support::workspace::TestWorkspace;

const LISTS: [&str; 4] = [
    "blockpage_signatures.json",
    "false_positive_signatures.json",
    "fingerprints_dns.csv",
    "fingerprints_http.csv",
];

fn list(name: &str) -> String {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata/imported");
    std::fs::read_to_string(dir.join(name)).unwrap()
}

/// A workspace with the lists in their own folder, as a user would put them there.
fn watch() -> TestWorkspace {
    let watch = TestWorkspace::new("https://control.example/");
    for name in LISTS {
        watch.write(&format!("probes/signatures/theirs/{name}"), &list(name));
    }
    watch
}

fn workspace() -> &'static Workspace {
    static LOADED: OnceLock<Workspace> = OnceLock::new();
    LOADED.get_or_init(|| {
        let watch = watch();
        let loaded = config::load_with(watch.path(), &|_| None);
        loaded.unwrap_or_else(|faults| panic!("{faults}"))
    })
}

fn judged(m: &Measurement) -> Verdict {
    static JUDGE: OnceLock<Judge> = OnceLock::new();
    let judge = JUDGE.get_or_init(|| Judge::new(&Catalogue::default(), &workspace().signatures));
    let reading = judge.read(m, None);
    judge.decide(&reading, m, None, &History::new(), now())
}

#[test]
fn what_is_taken_and_what_is_left_out() {
    use SkipReason::{
        Again, LookAround, NoName, NoPattern, NotARegex, NotARow, NotAnAddress, TooLarge,
        UnknownKind, UnknownPlace,
    };
    let counted: BTreeMap<String, (usize, Vec<(SkipReason, usize)>)> = workspace()
        .signature_files
        .iter()
        .filter(|file| file.imported)
        .map(|file| {
            let name = file
                .path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned();
            let left = file
                .left_out
                .iter()
                .map(|(why, n)| (*why, n.count))
                .collect();
            (name, (file.taken, left))
        })
        .collect();
    let block = vec![
        (NotARow, 2),
        (NoName, 1),
        (NoPattern, 1),
        (LookAround, 1),
        (NotARegex, 1),
    ];
    let http = vec![
        (NotARow, 1),
        (NoName, 1),
        (NoPattern, 1),
        (UnknownPlace, 1),
        (UnknownKind, 1),
        (LookAround, 2),
        (NotARegex, 1),
        (TooLarge, 1),
        (Again, 1),
    ];
    let want = [
        (LISTS[0], 2, block),
        (LISTS[1], 1, Vec::new()),
        (LISTS[2], 4, vec![(NotAnAddress, 2)]),
        (LISTS[3], 11, http),
    ];
    for (name, taken, left) in want {
        assert_eq!(counted[name], (taken, left), "{name}");
    }
    let http = &workspace().signature_files[3];
    assert_eq!(
        http.left_out[&LookAround].first, 16,
        "lines are counted in the file"
    );
    assert_eq!(workspace().warnings, [], "nobody here can mend them");
}

#[test]
fn check_says_what_was_taken() {
    let ran = watch().run(&["check"]).ends(0);
    let line = |name: &str| {
        let of_file = |line: &&str| line.contains(&format!("{name}: "));
        let found = ran.err.lines().find(of_file);
        found.unwrap_or_else(|| panic!("{name}:\n{}", ran.err))
    };
    assert!(line(LISTS[1]).ends_with(": 1 row taken"), "{}", ran.err);
    let dns = ": 4 rows taken, 2 left out (2 DNS answer that is not an address, first in line 6)";
    assert!(line(LISTS[2]).ends_with(dns), "{}", ran.err);
    let http = line(LISTS[3]);
    assert!(
        http.contains("11 rows taken, 10 left out (1 no readable row, first in line 23;"),
        "{http}"
    );
    assert!(
        http.contains("; 2 look-around or back-reference, first in line 16;"),
        "{http}"
    );
}

/// A signature, and the headers and the body that it matches.
type Case = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

/// Every location and kind of pattern matches, and none of them says more than that something
/// refused.
#[test]
fn what_they_match_decides_nobodys_doing() {
    const URL: &str = "https://www.example.cn/x";
    let plain = "<html><title>x</title><body>x</body></html>";
    let behind = "<html><!-- blockbox --><body>closed</body></html>";
    let decree = "<html><body><b>Site closed</b>\n<p>by blockbox decree</body></html>";
    let cases: [Case; 11] = [
        ("zz.server", &[("Server", "BlockBox 3.1")], plain),
        ("zz.server", &[("SERVER", "blockbox 3.2")], plain),
        (
            "zz.via",
            &[("Via", "1.1 cache, 1.0 BLOCKBOX.example")],
            plain,
        ),
        (
            "zz.app",
            &[("X-App-Url", "http://portal.blockbox.example/7")],
            plain,
        ),
        ("zz.prefix", &[], behind),
        (
            "zz.contains",
            &[],
            "<html><h1>Closed by order, \"box\" 7</h1></html>",
        ),
        ("zz.full", &[], "blocked-by-blockbox"),
        ("zz.regexp", &[], "<p>see order no. 2026/box</p>"),
        ("zz.words", &[], "<p>该页面因规定<b>被本地网络</b>关闭</p>"),
        ("b_nat_zz_order", &[], decree),
        ("e_unk_title", &[], "<title>拒绝访问此站</title>"),
    ];
    for (name, headers, body) in cases {
        let mut headers = headers.to_vec();
        headers.push(("Content-Type", "text/html"));
        let got = judged(&answered(URL, answer(URL, 403, &headers, body)));
        assert_eq!(got.signature.as_deref(), Some(name), "{got:#?}");
        let said = (got.code.as_str(), got.locus, got.rule.as_str());
        let want = (
            "site.waf_block",
            Locus::Unknown,
            "site.waf_block.unconfirmed",
        );
        assert_eq!(said, want, "{name}");
        // Neither a longer value nor one with another beginning matches.
        let other: Vec<(&str, String)> = headers
            .iter()
            .map(|(n, v)| (*n, format!("x{v}x")))
            .collect();
        let other: Vec<(&str, &str)> = other.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let near = answered(URL, answer(URL, 403, &other, format!("x{body}")));
        if ["zz.server", "zz.app", "zz.prefix", "zz.full"].contains(&name) {
            assert_eq!(judged(&near).code.as_str(), "http.forbidden", "{name}");
        }
    }
}

/// A redirect to a notice names it, whether it was followed or not; a good page behind a box stays
/// a good page.
#[test]
fn redirects_and_good_pages() {
    const URL: &str = "http://www.example.cn/x";
    const NOTICE: &str = "http://notice.blockbox.example/7";
    let page = [("Content-Type", "text/html")];
    let to = [("Location", NOTICE)];
    let unfollowed = answered(URL, answer(URL, 302, &to, ""));
    assert_eq!(
        judged(&unfollowed).signature.as_deref(),
        Some("zz.redirect")
    );
    let mut followed = answered(URL, answer(NOTICE, 200, &page, "<p>closed"));
    followed.test_keys.requests.push(answer(URL, 302, &to, ""));
    let got = judged(&followed);
    assert_eq!(got.signature.as_deref(), Some("zz.redirect"));
    assert_eq!(
        (got.code.as_str(), got.locus),
        ("site.waf_block", Locus::Unknown)
    );
    let elsewhere = [(
        "Location",
        "http://www.example.cn/?to=http://notice.blockbox.example/",
    )];
    let mut other = answered(URL, answer("http://www.example.cn/", 200, &page, "<p>good"));
    other
        .test_keys
        .requests
        .push(answer(URL, 302, &elsewhere, ""));
    assert_eq!(judged(&other).signature, None);
    let good = [("Server", "BlockBox 3.1"), ("Content-Type", "text/html")];
    let good = answered(URL, answer(URL, 200, &good, "<p>statistics"));
    assert_eq!(judged(&good).code.as_str(), "ok");
}

/// Their list of false positives overrules their other list, but no row of our own.
#[test]
fn their_false_positives_are_ruled_out() {
    const URL: &str = "https://www.example.cn/x";
    let page = [("Content-Type", "text/html")];
    for known_good in ["<title>Blockbox demo</title>", "<p>a blockbox product tour"] {
        let body = format!("<html>{known_good}<p>order no. 2026/box</html>");
        let got = judged(&answered(URL, answer(URL, 403, &page, body)));
        assert_eq!(
            (got.code.as_str(), got.signature),
            ("http.forbidden", None),
            "{known_good}"
        );
    }
}

/// Their addresses of forged answers are evidence of forged DNS, with the signature's name; vague
/// addresses are not.
#[test]
fn their_dns_answers_are_known_forgeries() {
    let asked = |ip: &str, kind: &str| {
        const URL: &str = "http://www.example.cn/x";
        let mut m = answered(
            URL,
            answer(URL, 403, &[("Content-Type", "text/html")], "no"),
        );
        m.test_keys.tcp_connect = vec![connect(ip, None)];
        m.test_keys.queries = vec![query("www.example.cn", kind, Ok(&[ip]))];
        judged(&m)
    };
    for (ip, kind, name) in [
        ("198.51.100.77", "A", "zz.dns"),
        ("2001:db8::77", "AAAA", "zz.dns6"),
    ] {
        let got = asked(ip, kind);
        assert_eq!(
            (got.code.as_str(), got.locus),
            ("dns.forged", Locus::Network),
            "{got:#?}"
        );
        assert!(
            got.evidence[0]
                .english()
                .ends_with(&format!("(signature {name})")),
            "{got:#?}"
        );
    }
    for ip in ["198.51.100.78", "198.51.100.79"] {
        assert_eq!(asked(ip, "A").code.as_str(), "http.forbidden", "{ip}");
    }
    assert_eq!(asked("10.10.34.99", "A").code.as_str(), "dns.bogon");
}
