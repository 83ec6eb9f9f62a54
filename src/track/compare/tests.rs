//! One test per row of the findings table, and tests of the order of rows.

use super::*;
use crate::model::incident::{BrowserResult, HumanCheck};
use crate::model::vantage::NetworkClass::{self, Campus, Datacentre, Office};
use crate::model::{Code, Finding, Locus, Time};

fn view(country: &str, network: Option<NetworkClass>, code: Code) -> VantageView {
    VantageView {
        vantage: format!("{country}-{network:?}").into(),
        country: country.to_owned(),
        network,
        code,
        locus: if code.is_outage_like() {
            Locus::Unknown
        } else {
            Locus::Site
        },
        http_status: None,
        baseline: Some(Code::Ok),
    }
}

fn two(us: Code, kr: Code) -> Vec<VantageView> {
    vec![view("US", None, us), view("KR", None, kr)]
}

fn rule(views: &[VantageView]) -> &'static str {
    rule_with(views, &[], &[])
}

fn rule_with(views: &[VantageView], proofs: &[Proof], people: &[HumanCheck]) -> &'static str {
    decide(&ComparisonInput {
        views,
        proofs,
        people,
    })
    .id
}

fn saw(browser: BrowserResult, network: &str) -> HumanCheck {
    HumanCheck {
        at: Time::UNIX_EPOCH,
        browser,
        network: network.to_owned(),
        saw: None,
        by: None,
    }
}

#[test]
fn rows_stand_in_the_order_of_the_document() {
    let mut order: Vec<Finding> = RULES.iter().map(|r| r.finding).collect();
    order.dedup();
    assert_eq!(order, Finding::ALL);
}

#[test]
fn insufficient() {
    assert_eq!(rule(&[]), "no-view");
    assert_eq!(rule(&[view("US", None, Code::TcpTimeout)]), "one-alone");
    assert_eq!(
        rule(&[view("US", None, Code::HttpServerError)]),
        "one-alone"
    );
    // A lone refusal is an answer, so it counts.
    assert_eq!(rule(&[view("US", None, Code::SiteLogin)]), "access-control");
}

#[test]
fn accessible() {
    assert_eq!(rule(&two(Code::Ok, Code::Ok)), "all-normal");
    let mut restricted = view("US", None, Code::SiteChallenge);
    restricted.baseline = Some(Code::SiteChallenge);
    assert_eq!(rule(&[restricted.clone()]), "all-normal");
    restricted.code = Code::Ok;
    assert_eq!(rule(&[restricted]), "all-normal");
    // Without a baseline, only `ok` is normal.
    let mut unseen = view("US", None, Code::TcpTimeout);
    unseen.baseline = None;
    assert_eq!(rule(&[unseen]), "one-alone");
}

#[test]
fn network_interference() {
    assert_eq!(rule(&two(Code::DnsForged, Code::Ok)), "forged-dns");
    assert_eq!(rule(&[view("US", None, Code::DnsForged)]), "forged-dns");
    let reset = two(Code::TlsReset, Code::Ok);
    let proofs = [Proof::BeforeTheSite];
    assert_eq!(rule_with(&reset, &proofs, &[]), "before-the-site");
    assert_eq!(rule_with(&reset[..1], &proofs, &[]), "before-the-site");
    assert_eq!(rule_with(&reset, &[Proof::ForgedDns], &[]), "forged-dns");
    // Nothing is proven, so the finding stays open.
    assert_eq!(rule(&reset), "divided");
}

#[test]
fn geo_restricted() {
    assert_eq!(rule(&two(Code::SiteGeoBlock, Code::Ok)), "region-named");
    assert_eq!(
        rule(&[view("US", None, Code::SiteLegalBlock)]),
        "region-named"
    );
    let same = [
        view("US", Some(Office), Code::HttpForbidden),
        view("KR", Some(Office), Code::Ok),
    ];
    assert_eq!(rule(&same), "by-country");
    // Over plain HTTP it is unknown who answered.
    let mut plain = same.clone();
    plain[0].locus = Locus::Unknown;
    assert_eq!(rule(&plain), "program-refused");
    // The same country is served elsewhere, so the country is not the reason.
    let mut both = same.to_vec();
    both.push(view("US", Some(Campus), Code::Ok));
    assert_ne!(rule(&both), "by-country");
}

#[test]
fn address_restricted() {
    let classes = [
        view("US", Some(Datacentre), Code::HttpForbidden),
        view("US", Some(Campus), Code::Ok),
    ];
    assert_eq!(rule(&classes), "by-address");
    // A class on both sides explains nothing.
    let mut both = classes.to_vec();
    both.push(view("US", Some(Campus), Code::HttpForbidden));
    assert_eq!(rule(&both), "program-refused");
    // Neither does a class that nobody stated.
    let mut unknown = classes.to_vec();
    unknown[1].network = None;
    assert_eq!(rule(&unknown), "program-refused");
}

#[test]
fn a_ban_of_this_address_says_nothing_of_its_country() {
    let views = [
        view("US", None, Code::SiteIpBan),
        view("KR", None, Code::Ok),
    ];
    assert_eq!(rule(&views), "program-refused");
}

#[test]
fn program_refused() {
    for code in [
        Code::SiteChallenge,
        Code::SiteIpBan,
        Code::SiteWafBlock,
        Code::SiteRateLimited,
        Code::HttpForbidden,
        Code::HttpNoReply,
    ] {
        assert_eq!(rule(&two(code, code)), "program-refused", "{code}");
    }
    for (code, status) in [
        (Code::HttpClientError, 405),
        (Code::HttpClientError, 412),
        (Code::HttpClientError, 418),
        (Code::HttpServerError, 521),
    ] {
        let mut views = two(code, code);
        for v in &mut views {
            v.http_status = Some(status);
        }
        assert_eq!(rule(&views), "program-refused", "{status}");
    }
    assert_eq!(
        rule(&two(Code::HttpServerError, Code::HttpServerError)),
        "unreachable"
    );
}

#[test]
fn access_control() {
    for code in [
        Code::SiteLogin,
        Code::SitePhone,
        Code::SitePaywall,
        Code::SiteNotEntitled,
        Code::SiteSeats,
        Code::HttpUnauthorized,
    ] {
        assert_eq!(rule(&two(code, code)), "access-control", "{code}");
    }
}

#[test]
fn maintenance_withdrawn_rot_changed() {
    let expected = [
        (Code::SiteMaintenance, "maintenance"),
        (Code::ContentWithdrawn, "withdrawn"),
        (Code::ContentEmpty, "withdrawn"),
        (Code::ContentNulls, "withdrawn"),
        (Code::ContentShrunk, "withdrawn"),
        (Code::ContentStale, "withdrawn"),
        (Code::HttpNotFound, "rot"),
        (Code::HttpGone, "rot"),
        (Code::ContentSoft404, "rot"),
        (Code::ContentRedirectedHome, "rot"),
        (Code::ContentParked, "rot"),
        (Code::ContentMoved, "rot"),
        (Code::ContentChanged, "changed"),
        (Code::SiteEdition, "changed"),
        (Code::TlsIncompatible, "changed"),
        (Code::TlsIncompleteChain, "changed"),
    ];
    for (code, id) in expected {
        assert_eq!(rule(&two(code, code)), id, "{code}");
        assert_eq!(rule(&two(code, Code::Ok)), id, "{code} at one of two");
    }
}

#[test]
fn outage_needs_a_look_from_inside() {
    let down = two(Code::TcpTimeout, Code::HttpServerError);
    assert_eq!(rule(&down), "unreachable");
    let inside = [saw(BrowserResult::Refused, "office, CN")];
    assert_eq!(rule_with(&down, &[], &inside), "outage");
    let outside = [saw(BrowserResult::Refused, "home, KR")];
    assert_eq!(rule_with(&down, &[], &outside), "unreachable");
    let opens = [saw(BrowserResult::Ok, "mainland colleague")];
    assert_eq!(rule_with(&down, &[], &opens), "unreachable");
    // The newest observation counts.
    let both = [inside[0].clone(), opens[0].clone()];
    assert_eq!(rule_with(&down, &[], &both), "unreachable");
    let mut vantage = down.clone();
    vantage.push(view("CN", None, Code::TcpTimeout));
    assert_eq!(rule(&vantage), "outage");
    vantage[2].code = Code::Ok;
    assert_eq!(rule(&vantage), "divided");
}

#[test]
fn one_vantage_and_a_person_are_not_alone() {
    let down = [view("US", None, Code::TcpTimeout)];
    let inside = [saw(BrowserResult::Refused, "mainland")];
    assert_eq!(rule_with(&down, &[], &inside), "outage");
}

#[test]
fn divided() {
    assert_eq!(rule(&two(Code::TcpTimeout, Code::Ok)), "divided");
    assert_eq!(rule(&two(Code::TcpTimeout, Code::SiteLogin)), "divided");
    assert_eq!(
        rule(&two(Code::SiteChallenge, Code::ContentWithdrawn)),
        "divided"
    );
}

#[test]
fn a_minor_change_beside_a_grave_one_does_not_blur_it() {
    assert_eq!(
        rule(&two(Code::ContentChanged, Code::ContentWithdrawn)),
        "withdrawn"
    );
}

#[test]
fn every_code_gets_some_finding_from_two_vantages() {
    for &code in Code::ALL.iter().filter(|c| c.is_about_source()) {
        let id = rule(&two(code, code));
        assert_ne!(
            id, "divided",
            "{code} fails alike everywhere and has no row"
        );
    }
}

#[test]
fn mainland_is_read_from_plain_statements_only() {
    for yes in [
        "CN",
        "office (CN)",
        "a colleague in mainland China",
        "中国大陆",
        "境内",
    ] {
        assert!(saw_from_mainland(yes), "{yes}");
    }
    for no in [
        "",
        "Hong Kong, China",
        "outside the mainland",
        "acne",
        "cnki campus",
        "海外",
    ] {
        assert!(!saw_from_mainland(no), "{no}");
    }
}

/// Any view: a failure, a baseline, a place.
fn any_view() -> impl proptest::strategy::Strategy<Value = VantageView> {
    use proptest::prelude::*;
    let codes: Vec<Code> = Code::ALL
        .iter()
        .copied()
        .filter(|c| c.is_about_source())
        .collect();
    let classes = vec![None, Some(Office), Some(Campus), Some(Datacentre)];
    (
        proptest::sample::select(codes),
        proptest::sample::select(vec!["US", "KR", "CN", ""]),
        proptest::sample::select(classes),
        proptest::sample::select(vec![Locus::Site, Locus::Unknown]),
        proptest::sample::select(vec![None, Some(200), Some(403), Some(451), Some(521)]),
    )
        .prop_map(|(code, country, network, locus, http_status)| {
            let mut made = view(country, network, code);
            // An outage-like failure is not an answer.
            if !code.is_outage_like() {
                made.locus = locus;
            }
            made.http_status = http_status;
            made
        })
}

proptest::proptest! {
    #[test]
    fn interference_needs_a_proof_and_a_region_needs_an_answer(
        views in proptest::collection::vec(any_view(), 0..6),
        proof in proptest::option::of(proptest::sample::select(vec![Proof::ForgedDns, Proof::BeforeTheSite])),
    ) {
        let proofs: Vec<Proof> = proof.into_iter().collect();
        let scene = ComparisonInput { views: &views, proofs: &proofs, people: &[] };
        let found = finding(&scene);
        let failing = scene.failing();
        let forged = failing.iter().any(|v| v.code == Code::DnsForged);
        if found == Finding::NetworkInterference {
            proptest::prop_assert!(forged || !proofs.is_empty());
        }
        if found == Finding::GeoRestricted {
            // Never from a time-out, a reset or a server error alone.
            proptest::prop_assert!(failing.iter().any(|v| is_refusal(v.code)));
        }
        if found == Finding::AddressRestricted {
            proptest::prop_assert!(failing.iter().any(|v| is_refusal(v.code)));
            proptest::prop_assert!(views.iter().any(VantageView::is_served));
        }
        if matches!(found, Finding::Unreachable | Finding::Outage) {
            proptest::prop_assert!(views.iter().all(|v| !v.is_served() && v.code.is_outage_like()));
        }
    }
}

#[test]
fn near_misses_of_region_and_address() {
    // A time-out next to a served page does not show that a region is refused, whatever the
    // classes.
    let silent = [
        view("US", Some(Office), Code::TcpTimeout),
        view("KR", Some(Office), Code::Ok),
    ];
    assert_eq!(rule(&silent), "divided");
    let classes = [
        view("US", Some(Datacentre), Code::TlsReset),
        view("US", Some(Campus), Code::Ok),
    ];
    assert_eq!(rule(&classes), "divided");
    // Another class in another country: either may be the reason, so the class says nothing about
    // the country.
    let both = [
        view("US", Some(Datacentre), Code::HttpForbidden),
        view("KR", Some(Campus), Code::Ok),
    ];
    assert_eq!(rule(&both), "by-address");
    // A challenge names no reason.
    assert_eq!(rule(&two(Code::SiteChallenge, Code::Ok)), "program-refused");
}

#[test]
fn what_a_person_saw_counts_for_a_lone_vantage_and_only_refused_from_inside_makes_an_outage() {
    let down = [view("US", None, Code::TcpTimeout)];
    let seen = |browser, network| rule_with(&down, &[], &[saw(browser, network)]);
    assert_eq!(seen(BrowserResult::Refused, "home, US"), "unreachable");
    assert_eq!(seen(BrowserResult::Ok, "home, US"), "unreachable");
    assert_eq!(seen(BrowserResult::Partial, "mainland"), "unreachable");
    assert_eq!(seen(BrowserResult::Refused, "mainland"), "outage");
}
