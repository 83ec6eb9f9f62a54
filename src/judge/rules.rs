//! The ordered table of rules: the first match decides, and gives verdict, rule id, locus and
//! sentence. The order is that of `docs/verdicts.md`: our own end; what was not fetched; the
//! earliest layer that failed; an explicit text before the status that carries it; the content.

use super::rule_input::RuleInput;
use super::rule_match::{RuleMatch, evidence};
use super::{
    content, discriminator, expiring_token, forged_address, lost_rows, missing_columns, moved,
    named_cause, own_end, page_series, replaced, saying, soft404_reference, withdrawn,
};
use crate::model::Evidence;
use crate::model::reference::ReferenceKind;
use crate::model::rule::{RuleId, Saying};
use crate::model::{Code, Fact, Locus, Verdict};
use crate::text::clean;

/// The locus that a rule gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blame {
    /// The site, when it answered over TLS that was verified for its name; otherwise unknown.
    Answer,
    /// The locus of the signature, limited by what the answer allows.
    Signature,
    Fixed(Locus),
}

struct Rule {
    id: RuleId,
    code: Code,
    blame: Blame,
    saying: Saying,
    finds: fn(&RuleInput<'_>) -> RuleMatch,
    /// Rests on a comparison with the last healthy page.
    compares: bool,
}

/// One row, for documentation and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleFacts {
    pub id: &'static str,
    pub code: Code,
}

/// Every rule, in the order in which they are tried.
pub fn rules() -> impl Iterator<Item = RuleFacts> {
    RULES.iter().map(|rule| RuleFacts {
        id: rule.id.as_str(),
        code: rule.code,
    })
}

/// The sentence of a stored verdict's rule; for a rule without a row, the sentence of the code.
#[must_use]
pub fn saying_of(rule: &RuleId) -> Saying {
    let row = RULES.iter().find(|row| row.id == *rule);
    row.map_or(Saying::OfCode, |row| row.saying)
}

/// Whether a verdict of this rule rests on a comparison with the last healthy page.
#[must_use]
pub fn compares(rule: &RuleId) -> bool {
    RULES.iter().any(|row| row.compares && row.id == *rule)
}

/// The rows of a list are there, and what they led to is not.
const ROW_LINKS: &str = "content.withdrawn.links";
const UNKNOWN: Blame = Blame::Fixed(Locus::Unknown);
const VANTAGE: Blame = Blame::Fixed(Locus::Vantage);
const NETWORK: Blame = Blame::Fixed(Locus::Network);

const fn rule(
    id: &'static str,
    code: Code,
    blame: Blame,
    finds: fn(&RuleInput<'_>) -> RuleMatch,
) -> Rule {
    said(id, code, blame, Saying::OfCode, finds)
}

const fn said(
    id: &'static str,
    code: Code,
    blame: Blame,
    saying: Saying,
    finds: fn(&RuleInput<'_>) -> RuleMatch,
) -> Rule {
    Rule {
        id: RuleId::row(id),
        code,
        blame,
        saying,
        finds,
        compares: false,
    }
}

/// A rule that compares with the last healthy page.
const fn other(id: &'static str, code: Code, finds: fn(&RuleInput<'_>) -> RuleMatch) -> Rule {
    Rule {
        id: RuleId::row(id),
        code,
        blame: Blame::Answer,
        saying: Saying::OfCode,
        finds,
        compares: true,
    }
}

#[rustfmt::skip] // a table, one row per line
const RULES: &[Rule] = &[
    // Our own end, and our own politeness.
    said("vantage.file", Code::VantageOffline, VANTAGE, Saying::FileUnreadable, own_end::file_unreadable),
    rule("vantage.proxy", Code::VantageProxy, VANTAGE, own_end::proxy_failed),
    rule("skipped.robots", Code::SkippedRobots, VANTAGE, |c| own_end::skipped(c, "robots")),
    rule("skipped.back_off", Code::SkippedBackOff, VANTAGE, |c| own_end::skipped(c, "back_off")),
    said("skipped.back_off.cooldown", Code::SkippedBackOff, VANTAGE, Saying::Cooldown, |c| own_end::skipped(c, "cooldown")),
    said("record.nothing_tried", Code::Insufficient, UNKNOWN, Saying::NothingTried, own_end::nothing_tried),
    // The name.
    rule("dns.forged", Code::DnsForged, NETWORK, |c| (unhealthy(c) && !c.hop.is_verified()).then(|| forged_address::forged(&c.hop, c.injected_addresses))?),
    rule(discriminator::FORGED, Code::DnsForged, NETWORK, |c| (unhealthy(c) && !c.hop.is_verified()).then(|| discriminator::forged(c.m, &c.hop))?),
    rule("dns.bogon", Code::DnsBogon, UNKNOWN, |c| (unhealthy(c) && !c.hop.is_verified()).then(|| forged_address::bogon(&c.hop))?),
    rule("dns.bogon.reported", Code::DnsBogon, UNKNOWN, |c| c.stopped(Code::DnsBogon)),
    rule("dns.nxdomain", Code::DnsNxdomain, UNKNOWN, |c| c.stopped(Code::DnsNxdomain)),
    rule("dns.no_answer", Code::DnsNoAnswer, UNKNOWN, |c| c.stopped(Code::DnsNoAnswer)),
    rule("dns.servfail", Code::DnsServfail, UNKNOWN, |c| c.stopped(Code::DnsServfail)),
    rule("dns.refused", Code::DnsRefused, UNKNOWN, |c| c.stopped(Code::DnsRefused)),
    rule("dns.timeout", Code::DnsTimeout, UNKNOWN, |c| c.stopped(Code::DnsTimeout)),
    // The connection.
    rule("tcp.refused", Code::TcpRefused, UNKNOWN, |c| c.stopped(Code::TcpRefused)),
    rule("tcp.reset", Code::TcpReset, UNKNOWN, |c| c.stopped(Code::TcpReset)),
    rule("tcp.timeout", Code::TcpTimeout, UNKNOWN, |c| c.stopped(Code::TcpTimeout)),
    rule("tcp.unreachable", Code::TcpUnreachable, UNKNOWN, |c| c.stopped(Code::TcpUnreachable)),
    // Encryption.
    rule("tls.expired", Code::TlsExpired, UNKNOWN, |c| c.stopped(Code::TlsExpired)),
    rule("tls.wrong_host", Code::TlsWrongHost, UNKNOWN, |c| c.stopped(Code::TlsWrongHost)),
    rule("tls.incomplete_chain", Code::TlsIncompleteChain, UNKNOWN, |c| c.stopped(Code::TlsIncompleteChain)),
    rule("tls.untrusted", Code::TlsUntrusted, UNKNOWN, |c| c.stopped(Code::TlsUntrusted)),
    rule("tls.invalid", Code::TlsInvalid, UNKNOWN, |c| c.stopped(Code::TlsInvalid)),
    rule("tls.incompatible", Code::TlsIncompatible, UNKNOWN, |c| c.stopped(Code::TlsIncompatible)),
    rule("tls.alert", Code::TlsAlert, UNKNOWN, |c| c.stopped(Code::TlsAlert)),
    rule("tls.reset", Code::TlsReset, UNKNOWN, |c| c.stopped(Code::TlsReset)),
    rule("tls.closed", Code::TlsClosed, UNKNOWN, |c| c.stopped(Code::TlsClosed)),
    rule("tls.timeout", Code::TlsTimeout, UNKNOWN, |c| c.stopped(Code::TlsTimeout)),
    // The exchange, before any answer.
    rule("http.no_reply", Code::HttpNoReply, UNKNOWN, |c| c.stopped(Code::HttpNoReply)),
    rule("http.reset", Code::HttpReset, UNKNOWN, |c| c.stopped(Code::HttpReset)),
    rule("http.timeout", Code::HttpTimeout, UNKNOWN, |c| c.stopped(Code::HttpTimeout)),
    rule("http.malformed", Code::HttpMalformed, UNKNOWN, |c| c.stopped(Code::HttpMalformed)),
    rule("http.redirect_loop.unanswered", Code::HttpRedirectLoop, UNKNOWN, |c| c.stopped(Code::HttpRedirectLoop)),
    rule("http.bad_redirect.unanswered", Code::HttpBadRedirect, UNKNOWN, |c| c.stopped(Code::HttpBadRedirect)),
    // Known pages, the clearest cause first.
    rule("site.legal_block", Code::SiteLegalBlock, Blame::Signature, |c| c.known(Code::SiteLegalBlock)),
    rule("site.geo_block", Code::SiteGeoBlock, Blame::Signature, |c| c.known(Code::SiteGeoBlock)),
    rule("site.ip_ban", Code::SiteIpBan, Blame::Signature, |c| c.known(Code::SiteIpBan)),
    rule("site.icp", Code::SiteIcp, Blame::Signature, |c| c.known(Code::SiteIcp)),
    rule("site.rate_limited", Code::SiteRateLimited, Blame::Signature, |c| c.known(Code::SiteRateLimited)),
    said("content.soft_404.token", Code::ContentSoft404, Blame::Answer, Saying::TokenExpired, expiring_token::expired),
    rule("site.challenge", Code::SiteChallenge, Blame::Signature, |c| c.known(Code::SiteChallenge)),
    rule("site.phone", Code::SitePhone, Blame::Signature, |c| c.known(Code::SitePhone)),
    rule("site.seats", Code::SiteSeats, Blame::Signature, |c| c.known(Code::SiteSeats)),
    rule("site.not_entitled", Code::SiteNotEntitled, Blame::Signature, |c| c.known(Code::SiteNotEntitled)),
    rule("site.paywall", Code::SitePaywall, Blame::Signature, |c| c.known(Code::SitePaywall)),
    rule("site.login", Code::SiteLogin, Blame::Signature, |c| c.known(Code::SiteLogin)),
    rule("site.edition", Code::SiteEdition, Blame::Signature, |c| c.known(Code::SiteEdition)),
    rule("site.maintenance", Code::SiteMaintenance, Blame::Signature, |c| c.known(Code::SiteMaintenance)),
    rule("site.waf_block", Code::SiteWafBlock, Blame::Signature, |c| c.known(Code::SiteWafBlock)),
    rule("content.parked", Code::ContentParked, Blame::Signature, |c| c.known(Code::ContentParked)),
    rule("content.soft_404.known", Code::ContentSoft404, Blame::Signature, |c| (c.odd_status().is_none_or(|s| s < 400)).then(|| c.known(Code::ContentSoft404))?),
    rule("content.empty.known", Code::ContentEmpty, Blame::Signature, |c| c.known(Code::ContentEmpty)),
    rule("content.withdrawn.known", Code::ContentWithdrawn, Blame::Signature, |c| c.known(Code::ContentWithdrawn)),
    rule("content.moved.known", Code::ContentMoved, Blame::Signature, |c| c.known(Code::ContentMoved)),
    // Statuses that state their cause.
    rule("site.legal_block.status", Code::SiteLegalBlock, Blame::Answer, |c| c.odd(451..=451)),
    rule("site.rate_limited.status", Code::SiteRateLimited, Blame::Answer, |c| c.odd(429..=429)),
    // The answer broke off, or led nowhere.
    rule("http.redirect_loop", Code::HttpRedirectLoop, Blame::Answer, |c| c.broken_by(Code::HttpRedirectLoop)),
    rule("http.bad_redirect", Code::HttpBadRedirect, Blame::Answer, |c| c.broken_by(Code::HttpBadRedirect)),
    rule("http.reset.cut", Code::HttpReset, UNKNOWN, |c| c.broken_by(Code::HttpNoReply)),
    rule("http.reset.body", Code::HttpReset, UNKNOWN, |c| c.broken_by(Code::HttpReset)),
    rule("http.timeout.body", Code::HttpTimeout, UNKNOWN, |c| c.broken_by(Code::HttpTimeout)),
    rule("http.malformed.body", Code::HttpMalformed, UNKNOWN, |c| c.broken_by(Code::HttpMalformed)),
    // Causes that a replacing or refusing page states in words outside the signatures.
    other("site.geo_block.words", Code::SiteGeoBlock, |c| named_cause::cause(c, Code::SiteGeoBlock)),
    other("site.legal_block.words", Code::SiteLegalBlock, |c| named_cause::cause(c, Code::SiteLegalBlock)),
    other("site.ip_ban.words", Code::SiteIpBan, |c| named_cause::cause(c, Code::SiteIpBan)),
    other("site.icp.words", Code::SiteIcp, |c| named_cause::cause(c, Code::SiteIcp)),
    other("site.rate_limited.words", Code::SiteRateLimited, |c| named_cause::cause(c, Code::SiteRateLimited)),
    other("site.challenge.words", Code::SiteChallenge, |c| named_cause::cause(c, Code::SiteChallenge)),
    other("site.phone.words", Code::SitePhone, |c| named_cause::cause(c, Code::SitePhone)),
    other("site.seats.words", Code::SiteSeats, |c| named_cause::cause(c, Code::SiteSeats)),
    other("site.not_entitled.words", Code::SiteNotEntitled, |c| named_cause::cause(c, Code::SiteNotEntitled)),
    other("site.paywall.words", Code::SitePaywall, |c| named_cause::cause(c, Code::SitePaywall)),
    other("site.login.words", Code::SiteLogin, |c| named_cause::cause(c, Code::SiteLogin)),
    other("site.maintenance.words", Code::SiteMaintenance, |c| named_cause::cause(c, Code::SiteMaintenance)),
    other("site.waf_block.words", Code::SiteWafBlock, |c| named_cause::cause(c, Code::SiteWafBlock)),
    other("content.parked.words", Code::ContentParked, |c| named_cause::cause(c, Code::ContentParked)),
    other("content.empty.words", Code::ContentEmpty, |c| named_cause::cause(c, Code::ContentEmpty)),
    other("content.soft_404.words", Code::ContentSoft404, |c| named_cause::cause(c, Code::ContentSoft404)),
    // Pages with unconfirmed signatures; then bare statuses.
    said("site.waf_block.unconfirmed", Code::SiteWafBlock, UNKNOWN, Saying::WeakSignature, unconfirmed),
    rule("http.unauthorized", Code::HttpUnauthorized, Blame::Answer, |c| c.odd(401..=401)),
    rule("http.forbidden", Code::HttpForbidden, Blame::Answer, |c| c.odd(403..=403)),
    rule("http.not_found", Code::HttpNotFound, Blame::Answer, |c| c.odd(404..=404)),
    rule("http.gone", Code::HttpGone, Blame::Answer, |c| c.odd(410..=410)),
    rule("http.client_error", Code::HttpClientError, Blame::Answer, |c| c.odd(400..=499)),
    rule("http.server_error", Code::HttpServerError, Blame::Answer, |c| c.odd(500..=999)),
    said("record.body_not_kept", Code::Insufficient, UNKNOWN, Saying::BodyNotKept, body_not_kept),
    said("record.not_evaluated", Code::Insufficient, UNKNOWN, Saying::NotEvaluated, not_evaluated),
    // The content, as far as it was read.
    said("record.json_cut", Code::Insufficient, UNKNOWN, Saying::JsonCut, content::cut_json),
    said("record.body_cut", Code::Insufficient, UNKNOWN, Saying::BodyCut, content::behind_the_cut),
    rule("content.soft_404", Code::ContentSoft404, Blame::Answer, content::soft_404),
    rule("content.redirected_home", Code::ContentRedirectedHome, Blame::Answer, moved::redirected_home),
    rule("site.edition.host", Code::SiteEdition, Blame::Answer, moved::edition),
    said(soft404_reference::AS_FOR_NO_ITEM, Code::ContentSoft404, Blame::Answer, Saying::AsForNoItem, |c| content::alike(c, ReferenceKind::MadeUp)),
    rule("content.redirected_home.text", Code::ContentRedirectedHome, Blame::Answer, |c| content::alike(c, ReferenceKind::Home)),
    said("content.empty.no_permission", Code::ContentEmpty, Blame::Answer, Saying::NoPermission, content::no_permission),
    said("content.empty.null_data", Code::ContentEmpty, Blame::Answer, Saying::NullData, content::null_data),
    other("content.replaced.kind", Code::ContentReplaced, replaced::of_another_kind),
    said("content.empty.body", Code::ContentEmpty, Blame::Answer, Saying::EmptyBody, content::empty_body),
    said("content.changed.json", Code::ContentChanged, Blame::Answer, Saying::JsonBroken, content::broken_json),
    said("content.unproven.script", Code::ContentUnproven, Blame::Answer, Saying::FilledByScript, replaced::script_shell),
    rule("content.withdrawn.level", Code::ContentWithdrawn, Blame::Answer, lost_rows::with_the_level),
    rule("content.empty.value", Code::ContentEmpty, Blame::Answer, content::emptied),
    rule("content.nulls", Code::ContentNulls, Blame::Answer, lost_rows::nulls),
    rule("content.shrunk", Code::ContentShrunk, Blame::Answer, content::shrunk),
    said("content.shrunk.columns", Code::ContentShrunk, Blame::Answer, Saying::FewerColumns, missing_columns::gone),
    rule("content.stale", Code::ContentStale, Blame::Answer, content::stale),
    said("content.replaced.rows", Code::ContentReplaced, Blame::Answer, Saying::OtherRows, lost_rows::other_rows),
    rule("site.edition.rows", Code::SiteEdition, Blame::Answer, |c| c.fault(Code::SiteEdition)),
    rule("site.login.links", Code::SiteLogin, Blame::Answer, |c| c.fault(Code::SiteLogin)),
    rule("site.paywall.links", Code::SitePaywall, Blame::Answer, |c| c.fault(Code::SitePaywall)),
    rule(ROW_LINKS, Code::ContentWithdrawn, Blame::Answer, |c| c.fault(Code::ContentWithdrawn)),
    said("record.value_not_evaluated", Code::Insufficient, UNKNOWN, Saying::ValueNotEvaluated, content::value_not_evaluated),
    other("content.replaced", Code::ContentReplaced, replaced::page),
    other("content.replaced.frame", Code::ContentReplaced, replaced::within_the_frame),
    other("content.replaced.unmarked", Code::ContentReplaced, replaced::unmarked),
    other("content.replaced.record", Code::ContentReplaced, replaced::in_its_frame),
    other("content.empty.text", Code::ContentEmpty, replaced::without_text),
    other("content.shrunk.text", Code::ContentShrunk, |c| replaced::cut_text(c).or_else(|| page_series::shortened(c))),
    rule("content.shrunk.locked", Code::ContentShrunk, Blame::Answer, page_series::locked),
    said("content.shrunk.file", Code::ContentShrunk, Blame::Answer, Saying::SmallerFile, content::short_file),
    said("content.changed.host", Code::ContentChanged, Blame::Answer, Saying::OtherHost, moved::other_host),
    rule("content.withdrawn", Code::ContentWithdrawn, Blame::Answer, withdrawn::withdrawn),
    rule("content.moved", Code::ContentMoved, Blame::Answer, moved::moved),
    said("content.changed.above", Code::ContentChanged, Blame::Answer, Saying::OverMax, content::over_max),
    rule("content.changed", Code::ContentChanged, Blame::Answer, content::changed),
    said("ok.nothing_expected", Code::Ok, Blame::Answer, Saying::NothingExpected, |c| if c.probe.is_none() { content::well(c) } else { None }),
    rule("ok", Code::Ok, Blame::Answer, content::well),
];

/// Decides. A record that matches no rule is `insufficient`.
pub(super) fn decide(case: &RuleInput<'_>) -> Verdict {
    for rule in RULES {
        if let Some(evidence) = (rule.finds)(case) {
            return verdict(case, rule, evidence);
        }
    }
    let failure = case.hop.request.and_then(|r| r.failure.clone());
    let fact = failure
        .as_ref()
        .map_or(Fact::NoAnswer, |f| Fact::UnknownFailure {
            failure: clean::line(f.as_str(), 120),
        });
    Verdict {
        code: Code::Insufficient,
        locus: Locus::Unknown,
        rule: RuleId::row("record.unknown_failure"),
        failure,
        signature: None,
        evidence: vec![evidence(fact, "requests[0].failure")],
        saying: Saying::OfCode,
    }
}

fn verdict(case: &RuleInput<'_>, rule: &Rule, evidence: Vec<Evidence>) -> Verdict {
    let hit = case
        .reading
        .hits
        .iter()
        .find(|hit| hit.code == rule.code && (rule.blame == Blame::Signature) != hit.weak)
        .filter(|_| rule.blame == Blame::Signature || rule.saying == Saying::WeakSignature);
    let of_answer = if case.hop.is_verified() || is_file(case) {
        Locus::Site
    } else {
        Locus::Unknown
    };
    let locus = match rule.blame {
        Blame::Fixed(locus) => locus,
        Blame::Answer => of_answer,
        Blame::Signature if hit.is_some_and(|h| h.locus == Locus::Site) => of_answer,
        Blame::Signature => Locus::Unknown,
    };
    let (locus, mut evidence) = with_discriminators(case, rule, locus, evidence);
    // A known page is quoted like any other, and so is a refusal of the server.
    let refuses = matches!(
        rule.code,
        Code::HttpForbidden | Code::HttpUnauthorized | Code::HttpClientError
    );
    if (hit.is_some() || refuses) && !case.reading.diagnosis.words.is_empty() {
        evidence.push(replaced::says(case));
    }
    let stop = case.stop.as_ref().or(case.broken.as_ref());
    let said = saying::of_rule(case, (&rule.id, rule.code, rule.saying), &evidence);
    Verdict {
        code: rule.code,
        locus,
        rule: rule.id.clone(),
        failure: stop
            .filter(|s| s.code == rule.code)
            .and_then(|s| s.failure.clone())
            .or_else(|| own_failure(case, rule.code)),
        signature: hit.map(|hit| hit.name.clone()),
        evidence,
        saying: waited(case, rule.code).unwrap_or(said),
    }
}

/// Adds the discriminators' statements; the locus is the network if they prove it.
fn with_discriminators(
    case: &RuleInput<'_>,
    rule: &Rule,
    locus: Locus,
    mut evidence: Vec<Evidence>,
) -> (Locus, Vec<Evidence>) {
    if !rule.code.is_about_source() || rule.code == Code::Ok {
        return (locus, evidence);
    }
    if rule.id != discriminator::FORGED {
        evidence.extend(discriminator::statement_rows(case.m, &case.hop));
    }
    let proven =
        locus == Locus::Unknown && discriminator::proven_cause(case.m, &case.hop).is_some();
    let locus = if proven { Locus::Network } else { locus };
    (locus, evidence)
}

/// The failure of our own end.
fn own_failure(case: &RuleInput<'_>, code: Code) -> Option<crate::model::Failure> {
    if !matches!(code, Code::VantageOffline | Code::VantageProxy) {
        return None;
    }
    let proxy = case
        .m
        .extra()
        .and_then(|x| x.proxy.as_ref()?.failure.clone());
    proxy.or_else(|| case.hop.request?.failure.clone())
}

fn is_file(case: &RuleInput<'_>) -> bool {
    case.hop
        .request
        .is_some_and(|r| r.request.url.starts_with("file:"))
}

fn unhealthy(case: &RuleInput<'_>) -> bool {
    !case.is_healthy()
}

/// How long the probe waited for an answer, if the record says so.
fn waited(case: &RuleInput<'_>, code: Code) -> Option<Saying> {
    let total = case.m.extra().filter(|_| code == Code::HttpTimeout)?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates
    let tenths_of_seconds = (total.phases.total / 100.0).floor() as u32;
    (tenths_of_seconds > 0).then_some(Saying::NotWithin { tenths_of_seconds })
}

fn unconfirmed(case: &RuleInput<'_>) -> RuleMatch {
    let hit = case.reading.hits.iter().find(|hit| hit.weak)?;
    Some(vec![hit.evidence()])
}

/// A limit of ours, or a fault of the probe: it says nothing about the source.
fn not_evaluated(case: &RuleInput<'_>) -> RuleMatch {
    case.reading.not_evaluated.then(|| {
        vec![evidence(
            Fact::SelectorsTooSlow,
            "requests[0].response.body",
        )]
    })
}

fn body_not_kept(case: &RuleInput<'_>) -> RuleMatch {
    case.reading
        .body_missing
        .then(|| vec![evidence(Fact::BodyNotKept, "requests[0].response.body")])
}
