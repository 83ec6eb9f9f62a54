//! What the answer to the request for a link says, wherever the request was made.

use url::Url;

use super::cited;
use super::job::LinkJob;
use super::other_name;
use super::outcome::VantageCheck;
use super::own_copy::own_copy;
use crate::engine::unstored_hosts::UnstoredHosts;
use crate::judge::{Hit, Judge};
use crate::links::identity::same_place;
use crate::model::link::{LinkObservation, LinkRemark};
use crate::model::measurement::INSIDE;
use crate::model::reference::{Reference, ReferenceKind};
use crate::model::source::StoreBody;
use crate::model::{Code, Measurement, Vantage, VantageId};
use crate::store::CitedPage;
use crate::text::token::{Token, Tokens};
use crate::text::{charset, entity};
use crate::track::link_status::Redirect;
use crate::track::links::{observation, remark};

/// What a record says of a link, wherever it was made.
pub(in crate::engine) async fn answered(
    judge: &Judge,
    unstored: &UnstoredHosts,
    job: &LinkJob,
    (id, vantage): (&VantageId, Option<&Vantage>),
    record: &Measurement,
) -> VantageCheck {
    let mut check = VantageCheck::new(id.clone(), record.started());
    let leads_inside = is_inside(record);
    if leads_inside && record.test_keys.requests.len() <= 1 {
        return check.unfetched(Some(LinkRemark::Private));
    }
    check.network = network(record, vantage);
    let answers = AnswerJudge { judge, unstored };
    let url = Url::parse(&record.input).unwrap_or_else(|_| job.target.url.clone());
    answers.judge(&mut check, job, &url, record).await;
    if leads_inside {
        check.remarks.insert(LinkRemark::Private);
    }
    check
}

/// Judges answers.
#[derive(Clone, Copy)]
pub(super) struct AnswerJudge<'a> {
    pub(super) judge: &'a Judge,
    pub(super) unstored: &'a UnstoredHosts,
}

impl AnswerJudge<'_> {
    /// Fills in what the answer for `url` says of the link.
    pub(super) async fn judge(
        &self,
        check: &mut VantageCheck,
        job: &LinkJob,
        url: &Url,
        measurement: &Measurement,
    ) {
        let (page, code) = self.judge.link_page(ReferenceKind::Healthy, measurement);
        let hits = self.named(&page, code, measurement);
        let is_known_page = page.sketch.is_empty() && !hits.is_empty();
        check.is_notice = code == Code::ContentSoft404 && !hits.is_empty();
        check.removed_by = hits.iter().find_map(|hit| hit.removed_by);
        check.code = Some(code);
        check.observation = observation(code, measurement.http_status(), is_known_page);
        check.remarks.extend(remark(code));
        if check.observation == Some(LinkObservation::Served) {
            remark_on_page(check, job, url, measurement);
            if job.is_kept || *job.cited != CitedPage::default() {
                let page = cited::compared(job, url, measurement).await;
                check.compared = page.map(Box::new);
            }
            check.redirect = redirect(url, measurement);
            let known = job.known.as_ref();
            let joined = known.and_then(|k| other_name::joined(k.id, check.at, url, measurement));
            check.joined = joined.map(Box::new);
        }
        check.title.clone_from(&page.title);
        check.body_sha256 = measurement.extra().and_then(|x| x.body_sha256.clone());
        check.page = Some(page);
        if self.unstored.of_page(measurement) == StoreBody::Always {
            check.own_copy = own_copy(self.judge, job, url, check, measurement).map(Box::new);
        }
    }

    /// The signatures that name the page of a check, where they can: a page with a text to compare
    /// that is no notice has none.
    fn named(&self, page: &Reference, code: Code, measurement: &Measurement) -> Vec<Hit> {
        if !page.sketch.is_empty() && code != Code::ContentSoft404 {
            return Vec::new();
        }
        self.judge.read(measurement, None).hits
    }
}

/// The network of a vantage as its record has it, else the country that the operator states.
pub(super) fn network(measurement: &Measurement, vantage: Option<&Vantage>) -> String {
    if measurement.probe_asn == "AS0" || measurement.probe_asn.is_empty() {
        let kind = vantage.and_then(|vantage| vantage.network);
        let kind = kind.map(|kind| format!("{kind:?}")).unwrap_or_default();
        let country = vantage.map_or(&measurement.probe_cc, |vantage| &vantage.country);
        format!("{country} {kind}")
    } else {
        measurement.probe_asn.clone()
    }
}

/// The other page to which a link leads, and whether every step there was permanent.
fn redirect(from: &Url, measurement: &Measurement) -> Option<Redirect> {
    let requests = &measurement.test_keys.requests;
    let last = requests.first()?;
    let to = Url::parse(&last.request.url).ok()?;
    if same_place(from, &to) {
        return None;
    }
    let is_permanent = |code: u16| matches!(code, 301 | 308);
    Some(Redirect {
        from: from.as_str().to_owned(),
        to: to.into(),
        is_permanent: requests
            .iter()
            .skip(1)
            .all(|r| is_permanent(r.response.code)),
    })
}

/// Whether the last hop leads into the local network, and was not made.
pub(super) fn is_inside(measurement: &Measurement) -> bool {
    let last = measurement.last_request();
    last.is_some_and(|r| r.tags.iter().any(|tag| tag == INSIDE))
}

fn remark_on_page(check: &mut VantageCheck, job: &LinkJob, url: &Url, measurement: &Measurement) {
    let Some(last) = measurement.last_request() else {
        return;
    };
    if Url::parse(&last.request.url).is_ok_and(|to| !same_place(url, &to)) {
        check.remarks.insert(LinkRemark::Redirects);
    }
    let kind = last.response.header("content-type").unwrap_or_default();
    let is_html = kind.to_ascii_lowercase().contains("html");
    if is_html && !job.fragments.is_empty() && !last.response.body_is_truncated {
        let (html, _) = charset::decode(&last.response.body.0, Some(kind), None);
        if !has_all(&html, &job.fragments) {
            check.remarks.insert(LinkRemark::FragmentMissing);
        }
    }
}

/// Whether elements with all these ids or names are in a page. `top` is always there.
fn has_all(html: &str, fragments: &[String]) -> bool {
    let mut missing: Vec<&str> = fragments
        .iter()
        .map(String::as_str)
        .filter(|f| !f.eq_ignore_ascii_case("top"))
        .collect();
    for token in Tokens::new(html) {
        if missing.is_empty() {
            break;
        }
        let Token::Start(tag) = token else { continue };
        for name in ["id", "name"] {
            if let Some(value) = tag.attribute(name) {
                let value = entity::decode(value, true);
                missing.retain(|fragment| *fragment != value);
            }
        }
    }
    missing.is_empty()
}

#[cfg(test)]
mod tests {
    use super::has_all;

    #[test]
    fn a_part_of_a_page_is_an_element_with_its_id_or_name() {
        let html = "<h2 id=\"a\">x</h2><a name='b&amp;c'></a><!-- id=\"d\" -->";
        for (fragments, want) in [
            (vec!["a"], true),
            (vec!["a", "b&c"], true),
            (vec!["top"], true),
            (vec!["d"], false),
            (vec!["A"], false),
        ] {
            let fragments: Vec<String> = fragments.into_iter().map(str::to_owned).collect();
            assert_eq!(has_all(html, &fragments), want, "{fragments:?}");
        }
    }
}
