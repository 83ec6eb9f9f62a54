//! Where a page that only redirects leads: a hop without a redirect status.

use url::Url;

use super::redirect::NextHop;
use crate::model::measurement::Request;
use crate::model::probe::Method;
use crate::text::{charset, client_redirect};

/// A larger page has its own content.
const MAX_PAGE: usize = 256 * 1024;

/// Words in the addresses of checks for people.
const CHECKS: &[&str] = &[
    "captcha",
    "punish",
    "x5sec",
    "challenge",
    "antispider",
    "anti_spider",
    "/verify",
    "wzws",
    "unhuman",
];

/// The next hop, if the page came complete with a status of success and leads on by GET.
pub(super) fn next(from: &Url, answered: &Request) -> Option<NextHop> {
    let response = &answered.response;
    let bytes = &response.body.0;
    let refresh = response.header("refresh");
    let served = (200..300).contains(&response.code) && answered.failure.is_none();
    let whole = !response.body_is_truncated && bytes.len() <= MAX_PAGE;
    let media = response.header("content-type");
    if !served || !whole || !(refresh.is_some() || is_page(media, bytes)) {
        return None;
    }
    let (source, _) = charset::decode(bytes, media, None);
    let found = client_redirect::find(&source, refresh, from)?;
    let goes = found.posted.is_none() && !is_check(&found.target);
    goes.then(|| NextHop {
        downgrade: from.scheme() == "https" && found.target.scheme() == "http",
        url: found.target,
        method: Method::Get,
    })
}

/// A check for people is never requested by us.
fn is_check(target: &Url) -> bool {
    let address = target[url::Position::BeforePath..].to_ascii_lowercase();
    CHECKS.iter().any(|words| address.contains(words))
}

fn is_page(media: Option<&str>, bytes: &[u8]) -> bool {
    match media {
        Some(media) => media.to_ascii_lowercase().contains("html"),
        None => bytes.trim_ascii_start().starts_with(b"<"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::measurement::{Body, HeaderText};

    const PAGE: &str = "<script>location.href='/login'</script>";

    fn answer(code: u16, media: &str, body: &[u8]) -> Request {
        let mut request = Request::default();
        request.response.code = code;
        request.response.body = Body(body.to_vec().into());
        let header = |name: &str, value: &str| (HeaderText(name.into()), HeaderText(value.into()));
        if !media.is_empty() {
            request.response.headers_list = vec![header("Content-Type", media)];
        }
        request
    }

    fn leads(request: &Request) -> Option<String> {
        next(&"https://a.cn/x".parse().unwrap(), request).map(|n| n.url.to_string())
    }

    #[test]
    fn only_whole_pages_that_were_served_lead_on() {
        let page = PAGE.as_bytes();
        let long = PAGE.to_owned() + &" ".repeat(MAX_PAGE);
        let there = Some("https://a.cn/login".to_owned());
        for media in [
            "text/html",
            "TEXT/HTML; charset=gbk",
            "application/xhtml+xml",
            "",
        ] {
            assert_eq!(leads(&answer(200, media, page)), there, "{media}");
        }
        for request in [
            answer(403, "text/html", page),
            answer(503, "text/html", page),
            answer(302, "text/html", page),
            answer(200, "application/json", page),
            answer(200, "text/plain", page),
            answer(200, "text/html", long.as_bytes()),
            Request {
                failure: Some("connection_reset".into()),
                ..answer(200, "text/html", page)
            },
        ] {
            assert_eq!(leads(&request), None, "{request:?}");
        }
        let mut cut = answer(200, "text/html", page);
        cut.response.body_is_truncated = true;
        assert_eq!(leads(&cut), None);
    }

    #[test]
    fn posted_forms_are_not_followed() {
        let page =
            b"<body onload='document.forms[0].submit()'><form method=post action=/sso></form>";
        assert_eq!(leads(&answer(200, "text/html", page)), None);
    }

    #[test]
    fn checks_for_people_are_not_followed() {
        for to in [
            "/_____tmd_____/punish?x5secdata=1",
            "/verify/home?captchaType=x",
            "https://b.cn/antispider/",
        ] {
            let page = format!("<script>location.href='{to}'</script>");
            assert_eq!(
                leads(&answer(200, "text/html", page.as_bytes())),
                None,
                "{to}"
            );
        }
    }

    #[test]
    fn a_way_down_to_plain_http_is_told() {
        let page = answer(
            200,
            "text/html",
            b"<meta http-equiv=refresh content='0;url=http://a.cn/'>",
        );
        assert!(
            next(&"https://a.cn/x".parse().unwrap(), &page)
                .unwrap()
                .downgrade
        );
    }
}
