//! What OONI's control server saw of the same page at the same time: the `control` block of a
//! `web_connectivity` record (ooni/spec ts-017), compared with the record's own vantage.
//!
//! The block has a status, a length, a title and headers, but no page. It can show that the page
//! was answered there, or failed there too. It never shows that the answer is right.

use serde_json::Value;

use super::transport_failure;
use crate::model::Evidence;
use crate::model::round::OoniControl;
use crate::model::{Code, Fact, Failure, Measurement};

/// The result of the control; `None` without a control, or when the control itself did not work.
#[must_use]
pub fn seen(m: &Measurement) -> Option<OoniControl> {
    let control = m.test_keys.control.as_ref()?;
    let http = control.get("http_request")?;
    let failure = text(http, "failure");
    if failure.is_none() {
        let status = http.get("status_code").and_then(Value::as_u64)?;
        let status = u16::try_from(status).ok().filter(|s| *s >= 100)?;
        return Some(OoniControl {
            code: by_status(status),
            http_status: Some(status),
        });
    }
    let name = control.get("dns").and_then(|dns| text(dns, "failure"));
    let code = name
        .and_then(transport_failure::dns_code)
        .or_else(|| transport_failure::code_of(&Failure::from(failure?)))?;
    Some(OoniControl {
        code,
        http_status: None,
    })
}

/// The row of evidence for a verdict that is worse than `ok`.
pub(super) fn evidence(m: &Measurement) -> Option<Evidence> {
    let seen = seen(m)?;
    let (fact, key) = match seen.http_status {
        Some(status) => (Fact::ControlAnswered { status }, "status_code"),
        None => (Fact::ControlFailed { code: seen.code }, "failure"),
    };
    Some(Evidence {
        fact,
        place: format!("control.http_request.{key}"),
    })
}

/// An answer is not a page: a refusal there keeps its status, and never names a region or the law.
fn by_status(status: u16) -> Code {
    match status {
        100..=399 => Code::Ok,
        401 => Code::HttpUnauthorized,
        403 => Code::HttpForbidden,
        404 => Code::HttpNotFound,
        410 => Code::HttpGone,
        400..=499 => Code::HttpClientError,
        _ => Code::HttpServerError,
    }
}

fn text<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(control: &Value) -> Option<(Code, Option<u16>)> {
        let record = json!({
            "input": "https://papers.example/", "measurement_start_time": "2026-03-02 01:14:05",
            "test_name": "web_connectivity", "test_keys": { "control": control },
        });
        let m: Measurement = serde_json::from_value(record).unwrap();
        seen(&m).map(|s| (s.code, s.http_status))
    }

    #[test]
    fn an_answer_a_failure_and_a_control_that_did_not_work() {
        let answered = |status: i64| json!({"http_request": {"failure": null, "status_code": status, "body_length": 9}});
        assert_eq!(of(&answered(200)), Some((Code::Ok, Some(200))));
        assert_eq!(
            of(&answered(451)),
            Some((Code::HttpClientError, Some(451))),
            "the law is not named by a status seen elsewhere"
        );
        assert_eq!(of(&answered(502)), Some((Code::HttpServerError, Some(502))));
        assert_eq!(of(&answered(-1)), None);
        assert_eq!(of(&answered(0)), None);
        let failed = json!({"http_request": {"failure": "connection_reset", "status_code": -1}});
        assert_eq!(of(&failed), Some((Code::HttpReset, None)));
        let no_name = json!({
            "dns": {"failure": "dns_nxdomain_error", "addrs": []},
            "http_request": {"failure": "dns_nxdomain_error", "status_code": -1},
        });
        assert_eq!(of(&no_name), Some((Code::DnsNxdomain, None)));
        let unknown = json!({"http_request": {"failure": "unknown_error", "status_code": -1}});
        for nothing in [json!(null), json!({}), json!([]), json!("x"), unknown] {
            assert_eq!(of(&nothing), None, "{nothing}");
        }
    }
}
