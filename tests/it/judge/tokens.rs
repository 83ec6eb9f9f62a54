//! Citations whose token expired are rot, not a refusal; an address with a fresh token that meets a
//! check is a check.

use accesswatch::model::Code;

use super::record::{answer, answered, verdict};

const CHECK: &str =
    "https://kns.cnki.net/verify/home?captchaType=clickWord&ident=1&captchaId=2&returnUrl=x";
const PAGE: &[(&str, &str)] = &[("Content-Type", "text/html")];

fn led_to_the_check(asked: &str) -> (Code, String) {
    let page = answer(CHECK, 200, PAGE, "<title>安全验证</title>请完成安全验证");
    let verdict = verdict(&answered(asked, page), None);
    (verdict.code, verdict.rule.to_string())
}

#[test]
fn a_check_at_a_token_of_old_is_rot() {
    for asked in [
        "https://kns.cnki.net/kcms2/article/abstract?v=3uoqIhG8C44YLTlOAiTRKibYlV5Vjs7i&uniplatform=NZKPT",
        "https://kns.cnki.net/KCMS/detail/detail.aspx?dbcode=CJFQ&filename=X&v=MDM1MzlC",
    ] {
        let rot = (Code::ContentSoft404, "content.soft_404.token".to_owned());
        assert_eq!(led_to_the_check(asked), rot, "{asked}");
    }
    // The title of the check, at the original address.
    let asked = "https://kns.cnki.net/kcms2/article/abstract?v=3uoqIhG8C44";
    let page = answer(asked, 200, PAGE, "<title>知网节超时验证</title>");
    assert_eq!(
        verdict(&answered(asked, page), None).code,
        Code::ContentSoft404
    );
}

#[test]
fn a_check_at_a_permanent_address_or_elsewhere_is_a_check() {
    for asked in [
        "https://link.cnki.net/doi/10.13386/j.issn1002-0306.2023090315",
        "https://kns.cnki.net/KCMS/detail/detail.aspx?dbcode=CJFQ&filename=X",
        "https://kns.cnki.net/kns8s/defaultresult/index?v=1",
        "https://kns.cnki.net/kcms2/article/abstract?v=",
        "https://example.org/kcms2/article/abstract?v=3uoqIhG8C44",
    ] {
        assert_eq!(led_to_the_check(asked).0, Code::SiteChallenge, "{asked}");
    }
}

#[test]
fn a_token_that_still_leads_to_its_record_is_no_rot() {
    let asked = "https://kns.cnki.net/kcms2/article/abstract?v=3uoqIhG8C44";
    let body = "<title>某 - 中国知网</title><div class=wx-tit><h1>某</h1></div><p>摘要</p><i hidden>请完成安全验证</i>";
    let page = answer(asked, 200, PAGE, body);
    assert_eq!(verdict(&answered(asked, page), None).code, Code::Ok);
}
