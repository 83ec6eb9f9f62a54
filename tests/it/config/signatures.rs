//! Signature files: our own, OONI's, Censored Planet's.

use accesswatch::config::{SkipReason, SkippedRows};
use accesswatch::model::signature::Location;
use accesswatch::model::{Code, Locus};

use crate::support::config::{CONFIG, GOOD_CONFIG, load, workspace};

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
    // The list may give one name to two patterns.
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
    let one = |first| SkippedRows { count: 1, first };
    assert_eq!(left(SkipReason::LookAround), one(3));
    assert_eq!(left(SkipReason::NotARow), one(4));
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
