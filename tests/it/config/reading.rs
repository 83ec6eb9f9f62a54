//! The values that a valid workspace is read as, and what `init` writes.

use std::fs;
use std::path::{Path, PathBuf};

use accesswatch::config::{self};
use accesswatch::model::probe::{Target, ValueFrom};
use accesswatch::model::settings::{MailTransport, SmtpTls};
use accesswatch::model::vantage::{Resolver, Via};
use accesswatch::model::{Code, ProbeKey};
use accesswatch::schedule::Cron;

use crate::support::config::{
    CONFIG, GOOD_CONFIG, GOOD_PROBE, PROBE, load, load_of, shipped, testdata, workspace,
};

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
    // The shipped configuration names an archive.
    settings.links.copies.archives = full.settings.links.copies.archives.clone();
    settings.links.copies.is_configured = true;
    let rebase = |path: &Path| full.dir.join(path.strip_prefix(&bare.dir).unwrap());
    settings.store.path = rebase(&settings.store.path);
    settings.store.evidence = rebase(&settings.store.evidence);
    if let MailTransport::Folder(path) = &settings.alerts.transport {
        settings.alerts.transport = MailTransport::Folder(rebase(path));
    }
    assert_eq!(settings, full.settings);
    assert!(full.warnings.is_empty(), "{:?}", full.warnings);
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
    let MailTransport::Smtp { port, tls, .. } = &workspace.settings.alerts.transport else {
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
