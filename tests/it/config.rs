//! The workspace: what loads, what is wrong and where, what `init` writes.

use std::fs;
use std::path::{Path, PathBuf};

use accesswatch::config::{self, Faults, LeftOut, LeftRows, Workspace};
use accesswatch::model::probe::{Target, ValueFrom};
use accesswatch::model::settings::{SmtpTls, Transport};
use accesswatch::model::signature::Location;
use accesswatch::model::vantage::{Resolver, Via};
use accesswatch::model::{Code, Locus, ProbeKey};
use accesswatch::schedule::Cron;
use proptest::prelude::*;
use tempfile::TempDir;

const CONFIG: &str = "config/accesswatch.toml";
const PROBE: &str = "probes/academic/cnki.toml";

const GOOD_CONFIG: &str = r#"
[[vantage]]
id = "here"
country = "DE"
via = "direct"
"#;

const GOOD_PROBE: &str = r#"
[source]
id = "nbs"
name = "NBS"

[[probe]]
id = "home"
level = "home"
url = "https://www.stats.gov.cn/"
"#;

/// A workspace of these files.
fn workspace(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    dir
}

fn environment(name: &str) -> Option<String> {
    (name == "SET_SECRET").then(|| "correct horse".to_owned())
}

fn load(dir: &Path) -> Result<Workspace, Faults> {
    config::load_with(dir, &environment)
}

/// Loads a workspace of one configuration and one probe file.
fn load_of(config: &str, probe: &str) -> Result<Workspace, Faults> {
    let dir = workspace(&[(CONFIG, config.as_bytes()), (PROBE, probe.as_bytes())]);
    load(dir.path())
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata/config")
}

/// Every file in `tests/testdata/config` is a sound workspace's one bad file.
#[test]
fn each_fault_has_its_words() {
    let mut names: Vec<String> = fs::read_dir(testdata())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n.contains('.') && !n.starts_with('.'))
        .collect();
    names.sort();
    assert!(names.len() > 70, "{}", names.len());
    for name in names {
        let bad = fs::read(testdata().join(&name)).unwrap();
        let place = match name.split('-').next().unwrap() {
            "config" => CONFIG,
            "probe" => PROBE,
            _ => "probes/signatures/known.csv",
        };
        let mut files: Vec<(&str, &[u8])> = vec![
            (CONFIG, GOOD_CONFIG.as_bytes()),
            ("probes/government/nbs.toml", GOOD_PROBE.as_bytes()),
        ];
        files.retain(|(path, _)| *path != place);
        files.push((place, &bad));
        let dir = workspace(&files);
        let faults = load(dir.path()).expect_err(&name);
        for fault in &faults.0 {
            let text = fault.render(false);
            let head = format!("{place}:{}:{}: error: ", fault.line, fault.col);
            assert!(text.starts_with(&head), "{name}: {text}");
            assert!(!fault.mend.is_empty(), "{name}: no mend: {text}");
            assert!(!text.contains("hunter2"), "{name} shows a secret: {text}");
        }
        insta::with_settings!({
            snapshot_path => testdata().join("expected"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name.as_str(), faults.render(false));
        });
    }
}

#[test]
fn faults_of_several_files_come_out_at_once() {
    let dir = workspace(&[
        (
            CONFIG,
            b"[store]\npth = 'x'\n[[vantage]]\nid = 'here'\ncountry = 'Germany'\nvia = 'direct'\n",
        ),
        ("probes/a/one.toml", b"[source]\nid = 'one'\n"),
        ("probes/b/two.toml", b"[source\n"),
        (
            "probes/b/deep/three.toml",
            b"[source]\nid = 'one'\nname = 'Three'\n",
        ),
        ("probes/signatures/x.csv", b"name\n"),
    ]);
    let faults = load(dir.path()).unwrap_err();
    let places: Vec<String> = faults
        .0
        .iter()
        .map(|f| format!("{}:{}:{}", f.path.display(), f.line, f.col))
        .collect();
    assert_eq!(
        places,
        [
            "config/accesswatch.toml:2:1",
            "config/accesswatch.toml:5:11",
            "probes/a/one.toml:1:1",
            "probes/b/two.toml:1:8",
            "probes/signatures/x.csv:1:1",
            "probes/signatures/x.csv:1:1",
            "probes/signatures/x.csv:1:1",
        ]
    );
    assert!(faults.to_string().ends_with("7 faults in the workspace"));
}

#[test]
fn the_same_source_in_two_files_points_to_the_first() {
    let dir = workspace(&[
        (CONFIG, GOOD_CONFIG.as_bytes()),
        ("probes/a.toml", GOOD_PROBE.as_bytes()),
        ("probes/b.toml", GOOD_PROBE.as_bytes()),
    ]);
    let text = load(dir.path()).unwrap_err().to_string();
    assert!(
        text.starts_with("probes/b.toml:3:6: error: the source `nbs` is there twice"),
        "{text}"
    );
    assert!(text.contains("the first is at probes/a.toml:3"), "{text}");
}

#[test]
fn a_missing_or_unreadable_file_is_a_fault() {
    let empty = tempfile::tempdir().unwrap();
    let text = load(empty.path()).unwrap_err().to_string();
    assert!(
        text.starts_with("config/accesswatch.toml:1:1: error: there is no such file"),
        "{text}"
    );
    assert!(text.contains("accesswatch init"), "{text}");
    let dir = workspace(&[(CONFIG, GOOD_CONFIG.as_bytes())]);
    fs::create_dir_all(dir.path().join("probes/a/folder.toml/x")).unwrap();
    std::os::unix::fs::symlink("/nowhere", dir.path().join("probes/a/dangling.toml")).unwrap();
    let text = load(dir.path()).unwrap_err().to_string();
    assert!(
        text.starts_with("probes/a/dangling.toml:1:1: error: there is no such file"),
        "{text}"
    );
}

#[test]
fn defaults_are_those_of_the_documentation() {
    let bare = load_of(GOOD_CONFIG, GOOD_PROBE).unwrap();
    let full = workspace(&[
        (CONFIG, fs::read(shipped().join(CONFIG)).unwrap().as_slice()),
        (PROBE, GOOD_PROBE.as_bytes()),
    ]);
    let full = load(full.path()).unwrap();
    let mut settings = bare.settings.clone();
    settings.vantages[0].name = "This computer".to_owned();
    settings.vantages[0].country = "US".to_owned();
    settings.alerts.to = full.settings.alerts.to.clone();
    let rebase = |path: &Path| full.dir.join(path.strip_prefix(&bare.dir).unwrap());
    settings.store.path = rebase(&settings.store.path);
    settings.store.evidence = rebase(&settings.store.evidence);
    if let Transport::Folder(path) = &settings.alerts.transport {
        settings.alerts.transport = Transport::Folder(rebase(path));
    }
    assert_eq!(settings, full.settings);
    assert!(full.warnings.is_empty(), "{:?}", full.warnings);
}

/// The repository, which is a workspace itself.
fn shipped() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_shipped_workspace_is_sound() {
    let workspace = config::load(&shipped()).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(workspace.warnings.is_empty(), "{:?}", workspace.warnings);
    let settings = &workspace.settings.schedule;
    let six_hours = chrono::Duration::hours(6);
    for probe in workspace.catalogue.probes.values() {
        let text = probe.schedule.as_ref().unwrap_or(&settings.default);
        let cron = Cron::parse(text).unwrap();
        let mut t = "2026-01-01T00:00:00Z".parse().unwrap();
        t = cron.next_after(t, settings.timezone).unwrap();
        for _ in 0..30 {
            let next = cron.next_after(t, settings.timezone).unwrap();
            assert!(next - t >= six_hours, "{}: {text}", probe.key());
            t = next;
        }
    }
}

#[test]
fn a_whole_probe_file_is_read() {
    let probe = r##"
[source]
id = "cnki"
name = "CNKI"
name_zh = "中国知网"
access = "subscription"
licence_until = 2026-12-31
alternatives = ["Wanfang"]

[[probe]]
id = "home"
level = "home"
url = "https://oversea.cnki.net/"

[[probe]]
id = "thesis"
name = "Dissertation record"
level = "abstract"
url = "https://link.cnki.net/doi/10.27038/d.cnki.example"
schedule = "15 6 * * *"
depends_on = "cnki/home"
baseline = "site.challenge"
timeout = "30s"
method = "POST"
body = "a=b"
headers = { Accept-Language = "zh" }
before = ["https://link.cnki.net/session"]
vantages = ["here"]
charset = "gb18030"

[probe.expect]
status = [200, 403]
final_host = ["*.cnki.net"]
title = ["知网"]
title_not = ["验证", "captcha"]
contains = ["摘要"]
select = [".wx-tit > h1"]
type = "text/html"
min_bytes = 2000
max_bytes = "1 MiB"

[probe.expect.level]
fulltext = ["#pdfDown", ".btn-dlpdf > a"]

[probe.value.hits]
select = ".pagerTitleCell em"
regex = "(\\d+)"
as = "number"
min = 1
max_drop = "30%"
must_change = "7d"

[[probe]]
id = "wind"
level = "data"
url = "file:wind/status.json"
[probe.value.newest]
json = "/result/0/date"
as = "date"
format = "%Y-%m-%d"
max_age = "12d"
calendar = "cn-workday"
"##;
    let workspace = load_of(GOOD_CONFIG, probe).unwrap_or_else(|faults| panic!("{faults}"));
    let source = workspace.catalogue.source(&"cnki".into()).unwrap();
    assert_eq!(source.group, "academic");
    assert_eq!(source.licence_until.as_deref(), Some("2026-12-31"));
    assert_eq!(source.file, Path::new(PROBE));
    let thesis = workspace
        .catalogue
        .probe(&ProbeKey::new("cnki", "thesis"))
        .unwrap();
    assert_eq!(thesis.baseline, Some(Code::SiteChallenge));
    assert_eq!(thesis.expect.max_bytes, Some(1 << 20));
    assert_eq!(thesis.expect.title, ["知网"]);
    assert_eq!(thesis.values[0].max_drop, Some(0.3));
    assert_eq!(thesis.values[0].regex.as_deref(), Some("(\\d+)"));
    assert!(matches!(&thesis.values[0].from, ValueFrom::Select(s) if s == ".pagerTitleCell em"));
    let wind = workspace
        .catalogue
        .probe(&ProbeKey::new("cnki", "wind"))
        .unwrap();
    assert_eq!(wind.target, Target::File("wind/status.json".into()));
    insta::with_settings!({
        snapshot_path => testdata().join("expected"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_debug_snapshot!("whole-probe", thesis);
    });
}

#[test]
fn vantages_resolvers_and_proxies_are_read() {
    let config = r#"
[[vantage]]
id = "a"
country = "KR"
via = "socks5://me@[2001:db8::1]:1080"
password = "env:SET_SECRET"
network = "campus"

[[vantage]]
id = "b"
country = "DE"
via = "http://proxy.example.org:3128"

[[vantage]]
id = "c"
country = "JP"
resolver = "tls://dns.quad9.net"
bind = "192.0.2.10"

[[vantage]]
id = "d"
country = "CN"
accept_local_risk = true
via = "agent"
resolver = "udp://9.9.9.9"

[alerts]
transport = "smtp://watch@mail.example.org"
password = "file:secret"

[web]
listen = "0.0.0.0:8080"
token = "env:SET_SECRET"
"#;
    let dir = workspace(&[(CONFIG, config.as_bytes()), ("secret", b"battery staple\n")]);
    let workspace = load(dir.path()).unwrap_or_else(|faults| panic!("{faults}"));
    let [socks, connect, direct, agent] = workspace.settings.vantages.as_slice() else {
        panic!("four vantages")
    };
    assert_eq!(socks.via.label(), "socks5://2001:db8::1:1080");
    let Via::Socks5(proxy) = &socks.via else {
        panic!("{:?}", socks.via)
    };
    assert_eq!(proxy.user.as_deref(), Some("me"));
    assert_eq!(proxy.password.as_ref().unwrap().0, "correct horse");
    assert!(matches!(&connect.via, Via::HttpConnect(p) if p.port == 3128 && p.password.is_none()));
    let quad9 = Resolver::Tls {
        host: "dns.quad9.net".to_owned(),
        port: 853,
    };
    assert_eq!((&direct.via, &direct.resolver), (&Via::Direct, &quad9));
    assert_eq!(agent.resolver, Resolver::Udp("9.9.9.9:53".parse().unwrap()));
    let Transport::Smtp { port, tls, .. } = &workspace.settings.alerts.transport else {
        panic!("smtp")
    };
    assert_eq!((*port, *tls), (587, SmtpTls::StartTls));
    let password = workspace.settings.alerts.password.clone().unwrap();
    assert_eq!(password.0, "battery staple");
    let shown = format!("{workspace:?}");
    assert!(
        !shown.contains("horse") && !shown.contains("staple"),
        "{shown}"
    );
}

/// The first words of each warning.
fn warnings(config: &str, probe: &str) -> Vec<String> {
    let workspace = load_of(config, probe).unwrap_or_else(|faults| panic!("{faults}"));
    let shown = |f: &config::Fault| {
        let text = f.render(false);
        assert!(text.starts_with(&format!(
            "{}:{}:{}: warning: ",
            f.path.display(),
            f.line,
            f.col
        )));
        f.message.clone()
    };
    workspace.warnings.iter().map(shown).collect()
}

#[test]
fn what_runs_all_the_same_is_a_warning() {
    let config = |lines: &str| format!("{lines}\n{GOOD_CONFIG}");
    let loopback = GOOD_PROBE.replace("www.stats.gov.cn", "127.0.0.1:8000");
    let often = "[politeness]\nper_host_connections = 4\n[schedule]\ndefault = '*/30 * * * *'\n";
    let seen = warnings(&config(often), GOOD_PROBE);
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert!(seen[0].starts_with("more than 2 connections"));
    assert!(seen[1].starts_with("this asks a site more than once an hour"));
    assert_eq!(warnings(&config(often), &loopback), [""; 0]);

    let own = GOOD_PROBE.to_owned() + "schedule = '0,30 9 * * *'\n";
    assert_eq!(warnings(GOOD_CONFIG, &own).len(), 1);

    let hong_kong = GOOD_CONFIG.replace("DE", "HK");
    let seen = warnings(&hong_kong, GOOD_PROBE);
    assert!(seen[0].starts_with("a vantage in HK"), "{seen:?}");

    let plain =
        "[alerts]\ntransport = 'smtp://me@localhost:25?tls=none'\npassword = 'env:SET_SECRET'\n";
    let seen = warnings(&config(plain), GOOD_PROBE);
    assert!(seen[0].contains("unprotected"), "{seen:?}");

    let glob = "[[alerts.to]]\naddress = 'a@example.org'\nsources = ['n*', 'wind-*']\n";
    let seen = warnings(&config(glob), GOOD_PROBE);
    assert_eq!(seen, ["no source's id matches `wind-*`"]);

    let licensed = GOOD_CONFIG.to_owned() + "licensed = true\n";
    let subscribed = GOOD_PROBE.replace("name = \"NBS\"", "name = 'NBS'\naccess = 'subscription'");
    let seen = warnings(&licensed, &subscribed);
    assert_eq!(seen, ["not probed from `here`, which is licensed"]);
    let agreed = subscribed.replace("access =", "consent = 'A. Librarian, 2026-01-02'\naccess =");
    assert_eq!(warnings(&licensed, &agreed), [""; 0]);
    let named = subscribed + "vantages = ['here']\n";
    let fault = load_of(&licensed, &named).unwrap_err();
    assert!(fault.0[0].message.contains("nobody agreed"), "{fault}");
}

#[test]
fn a_secret_is_looked_up_only_where_it_is_needed() {
    let folder = "[alerts]\npassword = 'env:NO_SUCH_SECRET'\n[web]\ntoken = 'env:NO_SUCH_SECRET'\n";
    let workspace = load_of(&format!("{GOOD_CONFIG}\n{folder}"), GOOD_PROBE).unwrap();
    assert_eq!(workspace.settings.alerts.password, None);
    assert_eq!(workspace.settings.web.token, None);
    assert_eq!(workspace.warnings.len(), 1, "open pages are said");
}

#[test]
fn a_referer_is_kept_on_a_probe_that_is_switched_off() {
    let probe =
        GOOD_PROBE.to_owned() + "enabled = false\nheaders = { Referer = 'https://x.example/' }\n";
    let workspace = load_of(GOOD_CONFIG, &probe).unwrap();
    assert_eq!(workspace.catalogue.enabled().count(), 0);
}

#[test]
fn hidden_files_and_other_extensions_are_left_alone() {
    let dir = workspace(&[
        (CONFIG, GOOD_CONFIG.as_bytes()),
        ("probes/.draft.toml", b"[["),
        ("probes/.git/x.toml", b"[["),
        ("probes/README.md", b"[["),
        ("probes/signatures/x.toml", b"[["),
        ("probes/nbs.toml", GOOD_PROBE.as_bytes()),
    ]);
    let workspace = load(dir.path()).unwrap_or_else(|faults| panic!("{faults}"));
    let source = workspace.catalogue.sources.values().next().unwrap();
    assert_eq!(source.group, "other");
}

#[test]
fn oonis_own_signatures_load_unchanged() {
    let own = "name,scope,other_names,location_found,pattern_type,pattern,confidence_no_fp,expected_countries,source,exp_url,notes\n\
        cn.prov_mobile,isp,,body,contains,\"a \"\"quoted\"\", one\",5,CN,ooni,https://example.org/,\"two\nlines\"\n\
        ae.du,nat,,header.Server,full,Protected by WireFilter,10,AE,ooni,,\n\
        ae.du,nat,,header.Location,prefix,http://lighttpd.du.ae/,10,AE,ooni,,\n";
    let dir = workspace(&[
        (CONFIG, GOOD_CONFIG.as_bytes()),
        (
            "probes/signatures/ooni.csv",
            format!("\u{feff}{own}").as_bytes(),
        ),
    ]);
    let workspace = load(dir.path()).unwrap_or_else(|faults| panic!("{faults}"));
    let rows = &workspace.signatures;
    assert_eq!(rows.len(), 3);
    assert!(
        rows.iter()
            .all(|r| r.code == Code::SiteWafBlock && r.locus == Locus::Unknown && !r.confirmed)
    );
    assert_eq!(rows[0].pattern, "a \"quoted\", one");
    assert_eq!(rows[1].location, Location::HeaderNamed("server".to_owned()));
    // A name for two patterns is theirs to have.
    assert_eq!(workspace.warnings, []);
}

#[test]
fn censored_planets_lists_load_unchanged() {
    let block = "{\"fingerprint\": \"a_prod\", \"pattern\": \"<b>Blocked.by\"}\n\n\
        {\"fingerprint\": \"b_nat\", \"pattern\": \"(?<!x)y\"}\nnot json\n";
    let good = "{\"fingerprint\": \"x_moved\", \"pattern\": \"Moved\"}\n";
    let files = |block: &str| {
        workspace(&[
            (CONFIG, GOOD_CONFIG.as_bytes()),
            (
                "probes/signatures/blockpage_signatures.json",
                block.as_bytes(),
            ),
            (
                "probes/signatures/false_positive_signatures.jsonl",
                good.as_bytes(),
            ),
        ])
    };
    let faults = load(files("not json\n[]\n").path()).unwrap_err();
    assert_eq!((faults.0.len(), faults.0[0].line), (1, 1), "{faults}");
    let loaded = load(files(block).path());
    let workspace = loaded.unwrap_or_else(|faults| panic!("{faults}"));
    let [prod, moved] = workspace.signatures.as_slice() else {
        panic!("two rows: {:?}", workspace.signatures)
    };
    assert_eq!(
        (prod.code, prod.locus),
        (Code::SiteWafBlock, Locus::Unknown)
    );
    assert_eq!(prod.pattern, "(?s)<b>Blocked.by");
    assert_eq!((prod.scope.as_str(), moved.scope.as_str()), ("", "fp"));
    let left = |why| workspace.signature_files[0].left_out[&why];
    let one = |first| LeftRows { count: 1, first };
    assert_eq!(left(LeftOut::LookAround), one(3));
    assert_eq!(left(LeftOut::NotARow), one(4));
}

#[test]
fn own_signatures_say_whose_doing_it_is() {
    let rows = "name,location_found,pattern_type,pattern,code,status,max_bytes,unless,confirmed,source\n\
        cn.verify,url,contains,/verify/,site.challenge,\"200,403\",,captchaId=,yes,own\n\
        cn.memory,title,contains,访问被拒绝,site.ip_ban,,20 kB,,no,own\n\
        portal,body,regexp,(?i)captive.?portal,vantage.captive,,,,yes,own\n";
    let dir = workspace(&[
        (CONFIG, GOOD_CONFIG.as_bytes()),
        ("probes/signatures/own.csv", rows.as_bytes()),
    ]);
    let workspace = load(dir.path()).unwrap_or_else(|faults| panic!("{faults}"));
    let [verify, memory, portal] = workspace.signatures.as_slice() else {
        panic!("three rows")
    };
    assert_eq!(
        (verify.code, verify.locus),
        (Code::SiteChallenge, Locus::Site)
    );
    assert_eq!(verify.status, [200, 403]);
    assert_eq!(verify.unless.as_deref(), Some("captchaId="));
    assert_eq!((memory.confirmed, memory.locus), (false, Locus::Unknown));
    assert_eq!(memory.max_bytes, Some(20_000));
    assert_eq!(portal.locus, Locus::Vantage);
}

#[test]
fn init_writes_what_loads_and_never_overwrites() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("new/workspace");
    let report = config::init(&target).unwrap();
    assert!(
        report.written.contains(&PathBuf::from(CONFIG)),
        "{report:?}"
    );
    assert!(report.kept.is_empty());
    config::load(&target).unwrap_or_else(|faults| panic!("{faults}"));
    for path in &report.written {
        let (ours, theirs) = (fs::read(shipped().join(path)), fs::read(target.join(path)));
        assert_eq!(ours.unwrap(), theirs.unwrap(), "{}", path.display());
    }
    fs::write(target.join(CONFIG), "mine").unwrap();
    let again = config::init(&target).unwrap();
    assert!(again.written.is_empty(), "{again:?}");
    assert_eq!(again.kept, report.written);
    assert_eq!(fs::read_to_string(target.join(CONFIG)).unwrap(), "mine");
}

#[test]
fn init_says_what_it_cannot_write() {
    let dir = workspace(&[("config", b"a file where a folder should be")]);
    let error = config::init(dir.path()).unwrap_err().to_string();
    assert!(
        error.starts_with("cannot write ") && error.contains("choose a folder"),
        "{error}"
    );
}

#[test]
fn colour_is_there_when_asked_for() {
    let faults = load_of("[store]\nx = 1\n", GOOD_PROBE).unwrap_err();
    assert!(faults.render(true).contains("\u{1b}["));
    assert!(!faults.render(false).contains('\u{1b}'));
}

#[test]
fn control_characters_of_a_file_do_not_reach_the_terminal() {
    let faults = load_of("[store]\n\"a\u{202e}b\" = 1\n# \u{1b}[31m\n", GOOD_PROBE).unwrap_err();
    let text = faults.render(false);
    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{202e}'),
        "{text:?}"
    );
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_read() {
    let config = format!("\u{feff}{}", GOOD_CONFIG.replace('\n', "\r\n"));
    load_of(&config, GOOD_PROBE).unwrap_or_else(|faults| panic!("{faults}"));
    let faults = load_of(&config.replace("country", "contry"), GOOD_PROBE).unwrap_err();
    let unknown = faults
        .0
        .iter()
        .find(|f| f.message.contains("contry"))
        .unwrap();
    assert_eq!((unknown.line, unknown.col), (4, 1), "{unknown}");
}

/// Cuts, doubles and swaps bytes of a sound file, so that most of its structure stays.
fn mutated(text: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let edit = (0..text.len(), 0..40_usize, any::<u8>(), 0..4_u8);
    proptest::collection::vec(edit, 1..6).prop_map(move |edits| {
        let mut bytes = text.as_bytes().to_vec();
        for (at, len, byte, how) in edits {
            let at = at.min(bytes.len());
            let end = (at + len).min(bytes.len());
            match how {
                0 => drop(bytes.drain(at..end)),
                1 => bytes.extend_from_within(at..end),
                2 => bytes.insert(at, byte),
                _ => bytes[at..end].reverse(),
            }
        }
        bytes
    })
}

const SHIPPED_CONFIG: &str = include_str!("../../config/accesswatch.toml");
const WHOLE_SIGNATURES: &str = "name,location_found,pattern_type,pattern,code,status\n\
    a,body,regexp,\"(a|b)\",site.challenge,200\nb,header.server,full,x,,\n";

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn loading_never_panics(
        config in mutated(SHIPPED_CONFIG),
        probe in mutated(GOOD_PROBE),
        signatures in mutated(WHOLE_SIGNATURES),
    ) {
        let dir = workspace(&[
            (CONFIG, &config),
            (PROBE, &probe),
            ("probes/signatures/x.csv", &signatures),
        ]);
        if let Err(faults) = load(dir.path()) {
            prop_assert!(!faults.0.is_empty());
            for fault in &faults.0 {
                let text = fault.render(false);
                prop_assert!(text.contains(": error: "));
                prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
                prop_assert!(fault.render(true).len() > text.len());
            }
        }
    }
}
