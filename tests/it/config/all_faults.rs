//! Every problem of every file is reported at once, and no problem is reported because of another.

use accesswatch::config::{self, Diagnostic, Severity};

use crate::support::config::{CONFIG, GOOD_CONFIG, GOOD_PROBE, PROBE, load, load_of, workspace};

/// The faults and warnings of a workspace with these files, as `path:line: message`.
fn told(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(p, t)| (*p, t.as_bytes())).collect();
    let dir = workspace(&files);
    let all = match load(dir.path()) {
        Ok(workspace) => workspace.warnings,
        Err(faults) => faults.0,
    };
    let line = |f: &Diagnostic| format!("{}:{}: {}", f.path.display(), f.line, f.message);
    all.iter().map(line).collect()
}

/// The faults and warnings of one probe file next to a sound configuration, without its path.
fn of_probe(probe: &str) -> Vec<String> {
    let told = told(&[(CONFIG, GOOD_CONFIG), (PROBE, probe)]);
    let place = format!("{PROBE}:");
    told.iter().map(|t| t.replace(&place, "")).collect()
}

fn of_config(config: &str) -> Vec<String> {
    let told = told(&[(CONFIG, config), (PROBE, GOOD_PROBE)]);
    let place = format!("{CONFIG}:");
    told.iter().map(|t| t.replace(&place, "")).collect()
}

/// A source with two probes, the first with `first` in it and the second with `second`.
fn source(id: &str, first: &str, second: &str) -> String {
    format!(
        "[source]\nid = '{id}'\nname = 'X'\n\
         [[probe]]\nid = 'home'\nlevel = 'home'\nurl = 'https://{id}.example/'\n{first}\n\
         [[probe]]\nid = 'list'\nlevel = 'search'\nurl = 'https://{id}.example/l'\n{second}\n"
    )
}

#[test]
fn faults_between_files_are_told_with_those_within() {
    let config = "[store]\npth = 'x'\n[[vantage]]\nid = 'here'\ncountry = 'DE'\n\
                  [[alerts.to]]\naddress = 'a@example.org'\nsources = ['bb', 'group:none', 'cc']\n";
    let a = source(
        "aa",
        "schedule = 'never'",
        "depends_on = 'bb/hme'\nvantages = ['there']\n[probe.value.n]\nselect = 'p'\nas = 'date'\nmax_age = '9d'\ncalendar = 'cn-tradng'",
    );
    let b = source("bb", "sibling = 'aa/list'", "level = 'x'");
    let told = told(&[
        (CONFIG, config),
        ("probes/x/a.toml", &a),
        ("probes/x/b.toml", &b.replace("level = 'search'\n", "")),
        ("probes/x/c.toml", &source("bb", "", "")),
        ("probes/timeline.csv", "date\n"),
    ]);
    assert_eq!(
        told,
        [
            "config/accesswatch.toml:2: `pth` is not a key of [store]",
            "config/accesswatch.toml:8: no source is in the group `none`",
            "config/accesswatch.toml:8: there is no source `cc`",
            "probes/timeline.csv:1: these are not the columns of a timeline",
            "probes/x/a.toml:8: a cron expression has five fields, this has 1",
            "probes/x/a.toml:13: there is no probe `bb/hme`",
            "probes/x/a.toml:14: there is no vantage `there`",
            "probes/x/a.toml:19: there is no calendar `cn-tradng`",
            "probes/x/b.toml:12: `x` is none of home, search, abstract, fulltext, data, api",
            "probes/x/c.toml:2: the source `bb` is there twice",
        ]
    );
}

#[test]
fn who_names_something_with_a_fault_makes_none() {
    // The names are known although their tables have faults: source, probe, vantage, calendar.
    let config = "[[vantage]]\nid = 'here'\ncountry = 'Germany'\n\
                  [[alerts.to]]\naddress = 'a@example.org'\nsources = ['nameless', 'group:academic', 'na*']\n";
    let probe = GOOD_PROBE.to_owned()
        + "depends_on = 'nameless/home'\nvantages = ['here']\n\
           [probe.value.n]\nselect = 'p'\nas = 'date'\nmax_age = '9d'\ncalendar = 'ours'\n";
    let nameless = "[source]\nid = 'nameless'\nname = ''\n[[probe]]\nid = 'home'\nlevel = 'x'\nurl = 'https://a.example/'\n";
    let told = told(&[
        (CONFIG, config),
        ("probes/calendars/ours.csv", "from\n"),
        (
            "probes/calendars/theirs.csv",
            "from,to,day,name,status,source\n2026-01-01,2026-12-31,covers,x,,\n,,open-with,ours,,\n",
        ),
        (PROBE, &probe),
        ("probes/academic/z.toml", nameless),
    ]);
    assert_eq!(
        told,
        [
            "config/accesswatch.toml:3: `Germany` is not an ISO 3166 code",
            "probes/academic/z.toml:3: this is empty",
            "probes/academic/z.toml:6: `x` is none of home, search, abstract, fulltext, data, api",
            "probes/calendars/ours.csv:1: not a calendar",
        ]
    );
}

#[test]
fn what_may_stand_in_a_file_that_cannot_be_read_is_not_missed() {
    let config = format!(
        "{GOOD_CONFIG}\n[[alerts.to]]\naddress = 'a@example.org'\nsources = ['lost', 'lo*', 'group:lost']\n"
    );
    let probe = GOOD_PROBE.to_owned() + "depends_on = 'lost/home'\nsibling = 'nbs/hoem'\n";
    let files = |lost: &str| told(&[(CONFIG, &config), (PROBE, &probe), ("probes/zz.toml", lost)]);
    // A source that was read completely is known to lack a probe, whatever else could not be read.
    let missing = "probes/academic/cnki.toml:11: there is no probe `nbs/hoem`";
    for lost in [
        "[source\n",
        "[source]\nid = 'no id'\nname = 'X'\ngroup = 'no group'\n",
        "[sorce]\nid = 'lost'\n",
    ] {
        let told = files(lost);
        assert_eq!(told[0], missing, "{lost}: {told:?}");
        assert!(
            told[1..].iter().all(|t| t.starts_with("probes/zz.toml:")),
            "{told:?}"
        );
    }
    // Only the probes of this source are unknown.
    let probes = "[source]\nid = 'lost'\nname = 'X'\ngroup = 'lost'\n";
    for lost in [
        "[[prob]]\nid = 'home'\n",
        "[[probe]]\nid = 'my home'\nlevel = 'home'\nurl = 'https://a.example/'\n",
        "[[probe]]\nidd = 'home'\nlevel = 'home'\nurl = 'https://a.example/'\n",
    ] {
        let lost = format!("{probes}{lost}");
        let told = files(&lost);
        assert_eq!(told.len(), 2, "{lost}: {told:?}");
        assert_eq!(told[0], missing);
    }
    assert_eq!(
        files(probes).len(),
        2,
        "now it is known to have no such probe"
    );
}

#[test]
fn a_circle_is_told_beside_other_faults() {
    let told = of_probe(&source(
        "aa",
        "depends_on = 'aa/list'\ntimeout = 'x'",
        "depends_on = 'aa/home'",
    ));
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("goes in a circle"), "{told:?}");
}

#[test]
fn one_fault_in_a_probe_file_gives_one_message() {
    let value = "[probe.value.hits]\nselect = 'em'\nas = 'number'\nmin = 1\nmax_drop = '30%'\n";
    let date =
        "[probe.value.day]\nselect = 'em'\nas = 'date'\nmax_age = '9d'\ncalendar = 'cn-workday'\n";
    let series = format!("{value}changes_with = 'day'\n{date}");
    let consent = "access = 'subscription'\nconsent = 'A. Librarian, 2026'\n";
    let sound = GOOD_PROBE.replace("name = \"NBS\"\n", &format!("name = \"NBS\"\n{consent}"))
        + "method = 'POST'\nbody = 'a'\n"
        + &series;
    assert_eq!(of_probe(&sound), [""; 0]);
    for (old, new) in [
        ("as = 'number'", "as = 'nmber'"),
        ("as = 'date'", "as = 'dat'"),
        ("as = 'date'\n", ""),
        ("as = 'date'\n", "sa = 'date'\n"),
        ("select = 'em'", "select = 'em['"),
        ("max_age = '9d'", "max_age = '9 dyas'"),
        ("max_age = '9d'", "max_agge = '9d'"),
        ("calendar = 'cn-workday'", "calendar = 3"),
        ("select = 'em'", "selct = 'em'"),
        (series.as_str(), "[probe.value]\nhits = 3\n"),
        (series.as_str(), "value = 3\n"),
        ("method = 'POST'", "method = 'PSOT'"),
        ("method = 'POST'", "mehtod = 'POST'"),
        ("id = \"nbs\"", "idd = 'nbs'"),
        ("[source]", "[sorce]"),
        ("[source]", "[[source]]"),
        ("[[probe]]", "[[prob]]"),
        ("[[probe]]", "[probe]"),
        ("level = \"home\"", "levle = 'home'"),
        ("level = \"home\"", "level = 'hme'"),
        ("url = \"https", "url = \"htps"),
        ("name = \"NBS\"", "name = 3"),
    ] {
        let broken = sound.replacen(old, new, 1);
        assert_ne!(broken, sound, "{old}");
        let told = of_probe(&broken);
        assert_eq!(told.len(), 1, "{old} -> {new}: {told:#?}");
    }
}

#[test]
fn one_fault_of_a_family_gives_one_message() {
    let family = "[source]\nid = 'nbs'\nname = 'NBS'\n\
        [[probe]]\nlevel = 'abstract'\nsibling = 'nbs/a'\nschedule = '1 6 * * *'\n\
        [[probe.record]]\nid = 'a'\nurl = 'https://nbs.example/a'\n\
        [[probe.record]]\nid = 'b'\nurl = 'https://nbs.example/b'\n\
        [[probe.record]]\nid = 'c'\nurl = 'https://nbs.example/c'\n";
    assert_eq!(of_probe(family), [""; 0]);
    for (old, new) in [
        ("level = 'abstract'\n", ""),
        ("level = 'abstract'", "levle = 'abstract'"),
        ("level = 'abstract'", "level = 'abstrac'"),
        ("sibling = 'nbs/a'", "sibling = 'nbs/z'"),
        ("schedule = '1 6 * * *'", "schedule = '1 6 * *'"),
        ("id = 'b'", "id = 'my b'"),
        ("url = 'https://nbs.example/b'\n", ""),
    ] {
        let told = of_probe(&family.replacen(old, new, 1));
        assert_eq!(told.len(), 1, "{old} -> {new}: {told:#?}");
    }
    // Two faults at the same place in every record are two messages.
    let two = family.replace("level = 'abstract'\nsibling = 'nbs/a'\n", "");
    let two = two.replace("schedule = '1 6 * * *'\n", "method = 'x'\ntimeout = 'x'\n");
    assert_eq!(of_probe(&two).len(), 3, "{:#?}", of_probe(&two));
}

#[test]
fn one_fault_in_the_configuration_gives_one_message() {
    let sound = "[politeness]\nback_off = '5d'\nback_off_max = '6d'\n\
        [[vantage]]\nid = 'here'\ncountry = 'CN'\naccept_local_risk = true\n\
        via = 'socks5://me@proxy.example:1080'\npassword = 'env:SET_SECRET'\n\
        [web]\nlisten = '127.0.0.1:8080'\n";
    assert_eq!(of_config(sound), [""; 0]);
    for (old, new) in [
        ("back_off_max = '6d'", "back_off_max = '6 dyas'"),
        ("back_off = '5d'", "back_off = 5"),
        ("accept_local_risk = true", "accept_local_risk = 'yes'"),
        ("accept_local_risk", "accept_loca_risk"),
        ("via = 'socks5", "via = 'sock5"),
        ("via = 'socks5://me@proxy.example:1080'", "via = 3"),
        ("[[vantage]]", "[[vantge]]"),
        ("[[vantage]]", "[vantage]"),
        ("id = 'here'", "idd = 'here'"),
        ("country = 'CN'", "contry = 'CN'"),
        (
            "listen = '127.0.0.1:8080'",
            "listen = 'everywhere'\ntoken = 'env:UNSET_SECRET'",
        ),
        ("listen = '127.0.0.1:8080'", "token = 'correct horse'"),
        ("[web]", "[wbe]"),
    ] {
        let broken = sound.replacen(old, new, 1);
        assert_ne!(broken, sound, "{old}");
        let told = of_config(&broken);
        assert_eq!(told.len(), 1, "{old} -> {new}: {told:#?}");
    }
    assert_eq!(of_config("vantage = 3\n").len(), 1);
    assert_eq!(of_config("vantage = ['here']\n").len(), 1);
}

#[test]
fn a_mistyped_section_is_offered_the_one_that_was_meant() {
    for (typed, meant) in [
        ("wbe", "web"),
        ("dsn", "dns"),
        ("pth", "path"),
        ("Web", "web"),
    ] {
        let faults = load_of(&format!("{GOOD_CONFIG}[{typed}]\n"), GOOD_PROBE).unwrap_err();
        assert_eq!(faults.0[0].help, format!("did you mean `{meant}`?"));
    }
}

#[test]
fn a_secret_that_is_not_there_is_told_beside_faults() {
    let config = |via: &str, transport: &str| {
        format!(
            "[store]\npth = 'x'\n[[vantage]]\nid = 'here'\ncountry = 'DE'\nvia = '{via}'\npassword = 'env:UNSET_SECRET'\n\
             [alerts]\ntransport = '{transport}'\npassword = 'file:no/such'\n\
             [web]\nlisten = '[::]:80'\ntoken = 'env:UNSET_TOKEN'\n"
        )
    };
    let sound = config("socks5://me@proxy.example:1080", "smtp://me@mail.example");
    // When it is unclear whether a secret is needed, its absence is reported too.
    let unclear = config("socks4://me@proxy.example:1080", "smpt://me@mail.example");
    for (config, further) in [(sound, 0), (unclear, 2)] {
        let dir = workspace(&[(CONFIG, config.as_bytes()), (PROBE, GOOD_PROBE.as_bytes())]);
        for (needs, severity) in [
            (config::SecretNeeds::announced(), Severity::Warning),
            (config::SecretNeeds::all(), Severity::Error),
        ] {
            let faults = config::load_for(dir.path(), &needs).unwrap_err();
            let lines = faults.0.iter().filter(|f| {
                f.severity == severity
                    && (f.message.contains("is not set") || f.message.contains("no/such"))
            });
            let lines: Vec<usize> = lines.map(|f| f.line).collect();
            assert_eq!(lines, [7, 10, 13], "{faults}");
            assert_eq!(faults.0.len(), 4 + further, "{faults}");
            if severity == Severity::Warning && further == 0 {
                assert!(
                    faults
                        .to_string()
                        .ends_with("1 fault and 3 warnings in the workspace")
                );
            }
        }
    }
}

#[test]
fn rows_of_signatures_are_read_below_a_mistyped_column() {
    let rows = "name,location_found,pattern_type,pattern,cod,confirmed\n\
        a,body,contains,x,site.challenge,yes\n\
        a,bdoy,contains,x,site.challenge,maybe\n\
        b,dns,full,192.0.2.1,dns.forged,yes\n";
    let told = told(&[(CONFIG, GOOD_CONFIG), ("probes/signatures/own.csv", rows)]);
    let place = "probes/signatures/own.csv";
    assert_eq!(
        told,
        [
            format!("{place}:1: `cod` is not a column of signatures"),
            format!("{place}:3: the signature `a` is there twice"),
            format!("{place}:3: `location_found`: `bdoy` is not a place to look in"),
            format!("{place}:3: `confirmed`: `maybe` is neither yes nor no"),
        ]
    );
    let rows = rows
        .replace("pattern_type", "patern_type")
        .replace("cod,", "code,");
    let told = self::told(&[(CONFIG, GOOD_CONFIG), ("probes/signatures/own.csv", &rows)]);
    assert_eq!(told.len(), 5, "{told:#?}");
}

#[test]
fn a_control_that_is_watched_itself_is_a_warning() {
    let config = |controls: &str| format!("{GOOD_CONFIG}{controls}\n");
    let both = "controls = ['https://www.wikipedia.org/', { url = 'http://www.stats.gov.cn/x', body = 'x' }]";
    let path = "[path]\ncontrols = ['https://www.stats.gov.cn/']";
    let message = "the control `www.stats.gov.cn` is watched by `nbs/home`: when that site refuses, so does its control";
    for (text, line) in [(both, 6), (path, 7)] {
        assert_eq!(of_config(&config(text)), [format!("{line}: {message}")]);
    }
    let of = |probe: &str| told(&[(CONFIG, &config(both)), (PROBE, probe)]);
    let off = GOOD_PROBE.to_owned() + "enabled = false\n";
    assert_eq!(of(&off), [""; 0], "it asks nobody");
    let control = GOOD_PROBE.replace("name =", "group = 'controls'\nname =");
    assert_eq!(of(&control), [""; 0], "it is watched as a control");
    // A built-in control is reported at the line of its vantage.
    let wikipedia = GOOD_PROBE.replace("www.stats.gov.cn", "www.wikipedia.org");
    let told = of_probe(&wikipedia);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("config/accesswatch.toml:2: the control"),
        "{told:?}"
    );
}

#[test]
fn below_a_broken_header_keys_are_not_there_twice() {
    let broken = source("nbs", "timeout = 'x'", "timeout = 'x'").replace("[source]", "[source");
    let told = of_probe(&broken);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("unclosed table"), "{told:?}");
    // A duplicate table holds back messages that follow from it, a duplicate key does not.
    let header =
        source("nbs", "[probe.expect]\nstatus = [200]", "").replace("[[probe]]", "[probe]");
    assert_eq!(of_probe(&header), ["10: `probe` is there twice"]);
    let key = source("nbs", "url = 'https://b.example/'\ntimeout = 'x'", "");
    let told = of_probe(&key);
    assert_eq!(told[0], "8: `url` is there twice");
    assert_eq!(told.len(), 2, "{told:#?}");
}
