//! The findings table of `docs/verdicts.md`, in its order: the first match decides.

use std::collections::BTreeSet;

use crate::model::Finding;

use super::families::{
    is_access_control, is_changed, is_program_refusal, is_refusal, is_replaced, is_rot,
    is_withdrawn, names_region,
};
use super::scene::{ComparisonInput, VantageView};
use crate::model::Code;
use crate::model::discriminator::Proof;

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Stable, for tests and explanations.
    pub id: &'static str,
    pub finding: Finding,
    /// Why, in one sentence.
    pub because: &'static str,
    pub holds: fn(&ComparisonInput<'_>) -> bool,
}

/// Every row, in the order in which they are tried. The last one always holds.
pub const RULES: &[Rule] = &[
    Rule {
        id: "no-view",
        finding: Finding::Insufficient,
        because: "no usable vantage has a recent settled verdict",
        holds: |s| s.views.is_empty(),
    },
    Rule {
        id: "one-alone",
        finding: Finding::Insufficient,
        because: "one vantage alone fails in transport or with a server error",
        holds: one_alone,
    },
    Rule {
        id: "all-normal",
        finding: Finding::Accessible,
        because: "every vantage is at its baseline or better",
        holds: |s| s.views.iter().all(VantageView::is_served),
    },
    Rule {
        id: "forged-dns",
        finding: Finding::NetworkInterference,
        because: "the answers for the name are forged",
        holds: |s| s.proofs.contains(&Proof::ForgedDns) || fails_with(s, Code::DnsForged),
    },
    Rule {
        id: "before-the-site",
        finding: Finding::NetworkInterference,
        because: "the name alone makes it fail at an address that is not the site's",
        holds: |s| s.proofs.contains(&Proof::BeforeTheSite),
    },
    Rule {
        id: "by-the-resolver",
        finding: Finding::NetworkInterference,
        because: "the resolver denies the name or leads it elsewhere, and the site answers where the reference resolver leads",
        holds: |s| s.proofs.contains(&Proof::ByTheResolver),
    },
    Rule {
        id: "region-named",
        finding: Finding::GeoRestricted,
        because: "the refusal names the region or the law",
        holds: |s| s.failing().iter().any(|v| names_region(v.code)),
    },
    Rule {
        id: "by-country",
        finding: Finding::GeoRestricted,
        because: "the site refuses some countries and serves others on the same kind of network",
        holds: by_country,
    },
    Rule {
        id: "by-address",
        finding: Finding::AddressRestricted,
        because: "refused and served vantages are on different kinds of network",
        holds: by_network,
    },
    Rule {
        id: "program-refused",
        finding: Finding::ProgramRefused,
        because: "the site declined a program; what readers get is not known",
        holds: |s| s.all_failing(|v| is_program_refusal(v.code, v.http_status)),
    },
    Rule {
        id: "access-control",
        finding: Finding::AccessControl,
        because: "a login, a subscription or an entitlement is asked for",
        holds: |s| s.all_failing(|v| is_access_control(v.code)),
    },
    Rule {
        id: "replaced",
        finding: Finding::Replaced,
        because: "another page is served in place of the known one, and its words name no known cause",
        holds: |s| s.all_failing(|v| is_replaced(v.code)),
    },
    Rule {
        id: "maintenance",
        finding: Finding::Maintenance,
        because: "the site says that it is under maintenance",
        holds: |s| s.all_failing(|v| v.code == Code::SiteMaintenance),
    },
    Rule {
        id: "withdrawn",
        finding: Finding::Withdrawn,
        because: "the page is served and what it is read for is missing",
        holds: |s| s.all_failing(|v| is_withdrawn(v.code)),
    },
    Rule {
        id: "rot",
        finding: Finding::Rot,
        because: "the address no longer holds the page",
        holds: |s| s.all_failing(|v| is_rot(v.code)),
    },
    Rule {
        id: "outage",
        finding: Finding::Outage,
        because: "it fails from everywhere, and from inside the mainland too",
        holds: |s| s.fails_everywhere() && s.mainland_fails(),
    },
    Rule {
        id: "unreachable",
        finding: Finding::Unreachable,
        because: "it fails from every vantage, and nobody looked from inside the mainland",
        holds: |s| s.fails_everywhere(),
    },
    Rule {
        id: "changed",
        finding: Finding::Changed,
        because: "the page is served and looks different",
        holds: |s| s.all_failing(|v| is_changed(v.code)),
    },
    Rule {
        id: "divided",
        finding: Finding::Divided,
        because: "the vantages differ and the evidence does not say why",
        holds: |_| true,
    },
];

/// The finding for a comparison input.
#[must_use]
pub fn finding(scene: &ComparisonInput<'_>) -> Finding {
    decide(scene).finding
}

/// The row that decides for a comparison input.
#[must_use]
pub fn decide(scene: &ComparisonInput<'_>) -> &'static Rule {
    let last = &RULES[RULES.len() - 1];
    RULES
        .iter()
        .find(|rule| (rule.holds)(scene))
        .unwrap_or(last)
}

/// There is one view, it fails like an outage, and nothing else is known. A proof or a person's
/// look counts as something else; a forged answer is an answer, not a failure.
fn one_alone(scene: &ComparisonInput<'_>) -> bool {
    match scene.views {
        [only] => {
            !only.is_served()
                && only.code.is_outage_like()
                && only.code != Code::DnsForged
                && scene.proofs.is_empty()
                && scene.people.is_empty()
        }
        _ => false,
    }
}

fn fails_with(scene: &ComparisonInput<'_>, code: Code) -> bool {
    scene.failing().iter().any(|v| v.code == code)
}

/// The failing views that were refused.
fn refused<'a>(scene: &ComparisonInput<'a>) -> Vec<&'a VantageView> {
    let mut views = scene.failing();
    views.retain(|v| is_refusal(v.code));
    views
}

/// The site itself refuses some countries and serves others on the same network class; no country
/// is on both sides. Vantages without a stated class form one class. A ban that names the address
/// says nothing about the country.
fn by_country(scene: &ComparisonInput<'_>) -> bool {
    let refused: Vec<&VantageView> = refused(scene)
        .into_iter()
        .filter(|v| v.is_verified() && v.code != Code::SiteIpBan && !v.country.is_empty())
        .collect();
    let served: Vec<&VantageView> = scene.served().filter(|v| !v.country.is_empty()).collect();
    let open: BTreeSet<&str> = served.iter().map(|v| v.country.as_str()).collect();
    let like_with_like = refused
        .iter()
        .any(|r| served.iter().any(|s| s.network == r.network));
    like_with_like && refused.iter().all(|r| !open.contains(r.country.as_str()))
}

/// Refused at some vantages and served at others, on network classes that are all known and do not
/// overlap.
fn by_network(scene: &ComparisonInput<'_>) -> bool {
    let refused: Option<BTreeSet<_>> = refused(scene).iter().map(|v| name(v)).collect();
    let served: Option<BTreeSet<_>> = scene.served().map(name).collect();
    match (refused, served) {
        (Some(refused), Some(served)) => {
            !refused.is_empty() && !served.is_empty() && refused.is_disjoint(&served)
        }
        _ => false,
    }
}

/// The network class by name, because names have an order.
fn name(view: &VantageView) -> Option<&'static str> {
    view.network
        .map(crate::model::vantage::NetworkClass::as_str)
}
