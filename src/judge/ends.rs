//! The address that was asked, and the one that answered.

use super::registrable_domain;
use super::rule_input::RuleInput;

/// The requested address and the final one.
pub(super) fn ends(case: &RuleInput<'_>) -> Option<(url::Url, url::Url)> {
    let last = case.request()?;
    let asked = url::Url::parse(&case.m.input).ok()?;
    let answered = url::Url::parse(&last.request.url).ok()?;
    Some((asked, answered))
}

/// Whether another host than the one that was asked gave the answer.
pub(super) fn leads_to_another_host(case: &RuleInput<'_>) -> bool {
    ends(case).is_some_and(|(asked, answered)| {
        let hosts = asked.host_str().zip(answered.host_str());
        hosts.is_some_and(|(asked, answered)| !registrable_domain::same(asked, answered))
    })
}
