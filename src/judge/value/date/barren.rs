//! Figures that look like dates and are not: they claim their place, so that no other form reads
//! them as dates.

use regex::Captures;

use super::absolute::begins_alone;
use super::forms::{DateForm, FormContext, FormMatch};

const fn none(pattern: &'static str) -> DateForm {
    DateForm {
        pattern,
        read: |_, _| FormMatch::None,
    }
}

/// An amount that begins here, not within a longer figure.
const fn amount(pattern: &'static str) -> DateForm {
    DateForm {
        pattern,
        read: |_, around| {
            if begins_alone(around.before) && !around.after.starts_with('民') {
                FormMatch::None
            } else {
                FormMatch::Pass
            }
        },
    }
}

/// A number after a word that labels it; a whole date there is still a date.
fn labelled(c: &Captures<'_>, _: &FormContext<'_>) -> FormMatch {
    let mut parts = c[1].split(['-', '/', '.']);
    let lengths = [(); 4].map(|()| parts.next().map_or(0, str::len));
    if matches!(lengths, [4, 1..=2, 1..=2, 0]) {
        FormMatch::Pass
    } else {
        FormMatch::None
    }
}

pub(super) const FORMS: &[DateForm] = &[
    // Addresses, names of files.
    none(r"(?:https?|ftp)://[^ <>]+"),
    none(r"[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,64}"),
    none(
        r#"[^ ,;:()<>《》"“”、。\[\]【】|]{0,200}\.(?:pdf|docx?|xlsx?|pptx?|csv|zip|rar|7z|tar|gz|s?html?|jpe?g|png|gif|txt|wps|ofd|caj|xml|json|mp[34]|apk|exe|aspx?|jsp|php|dta|sav|epub)\b"#,
    ),
    // Numbers of documents, cases, issues: `〔2026〕15号`, `2026-12号`, `(2026)京01民初123号`.
    none(r"[\[(〔【［] ?(?:19|20)\d\d ?年? ?[\])〕】］][^ ,;。]{0,16}?\d{1,6} ?[号號호]"),
    none(r"(?:19|20)\d\d ?[-年년/] ?第? ?\d{1,6} ?[号號호]"),
    none(r"(?:第|\bno\.? ?|№ ?|제) ?(?:19|20)?\d\d-\d{1,5}(?: ?[号號期호])?"),
    none(r"(?:19|20)\d\d-\d{1,3} ?期"),
    // Labelled numbers.
    DateForm {
        pattern: r"(?:编号|編號|文号|文號|案号|案號|单号|單號|订单|訂單|序号|流水号|条码|信用代码|代码|代碼|电话|電話|传真|傳真|手机|热线|熱線|邮编|备案号?|许可证|证号|證號|证书|登记|注册|申请号|专利|公告号|公开号|标准号|索引号|卷号|번호|전화|電話番号)[号號]?(?: ?[.:#=为是] ?| )?[a-z]{0,6}[ -]?(\d[\d./x-]{3,})",
        read: labelled,
    },
    DateForm {
        pattern: r"\b(?:id|no|tel|fax|phone|doi|qq|ref)(?: ?[.:#=] ?| )(?:[a-z]{0,6}[ -])?(\d[\d./x-]{3,})",
        read: labelled,
    },
    none(r"\b(?:isbn|issn|doi|isrc|gtin|ean)[ :]*[\d./x-]+"),
    none(
        r"\b(?:gb|gb/t|iso|iec|astm|din|jis|db\d\d|hj|jr|sl|wh|cy|ccsds|rfc)(?:/[a-z])? ?\d[\d.]*-(?:19|20)\d\d(?:-\d+)*",
    ),
    none(r"\+?\d{2,4}-\d{3,4}-\d{4}(?:-\d+)?"),
    none(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b"),
    // Versions.
    none(r"(?:\bv|\bver\.?|version|build|版本号?|内核|버전|バージョン) ?:? ?\d+(?:[.-]\d+)+"),
    // The lunar calendar.
    none(
        r"(?:农历|農曆|农曆|阴历|陰曆|夏历|夏曆|旧历|음력|旧暦|旧历)[ :]{0,2}(?:[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年?|(?:19|20)\d\d ?年)? {0,2}(?:\[[^\]]{1,3}\]|\([^)]{1,3}\)|[^ \d]年)? {0,2}[闰閏윤]?(?:\d{1,2}|[正冬腊臘])? ?[月월]? ?(?:初[一二三四五六七八九十]|初?\d{1,2}[日일]?|[十廿卅二三][一二三四五六七八九十])?",
    ),
    // Years of school and of seasons; ranges of years.
    none(
        r"(?:19|20)\d\d ?[-~/] ?(?:(?:19|20)\d\d|\d\d) ?(?:学年|學年|赛季|賽季|财年|年度|学期|season|academic|학년)",
    ),
    none(r"(?:©|\(c\)|copyright|版权所有) ?(?:19|20)\d\d(?: ?[-~] ?(?:19|20)\d\d)?"),
    // Prices and amounts.
    none(r"[¥$€£₩] ?\d[\d.,]*"),
    amount(
        r"\d[\d,]*\.\d+ ?(?:%|元|万|亿|萬|億|点|點|美元|港元|倍|吨|噸|公里|平方|米|千|克|kg|km|mb|gb|usd|cny|rmb|hkd|pt|원|円)",
    ),
    none(r"\d{5,} ?(?:元|万|亿|萬|億|人|条|條|个|個|篇|股|吨|户|次|件|家|册|名|원|명|건|円)"),
];
