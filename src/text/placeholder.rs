//! The text of a cell without a value: dashes, masks, "no data", "log in to see".
//!
//! The words are data (`probes/placeholders.csv`, regular expressions that match a whole cell). In
//! addition, a cell has no value when none of its characters carries information, or when figures
//! in it are masked.

use std::sync::LazyLock;

use regex::{RegexSet, RegexSetBuilder};

use super::normalise::nfkc;

/// The shipped list, used by a workspace without its own.
const SHIPPED: &str = include_str!("../../probes/placeholders.csv");
/// The columns of the list.
pub const COLUMNS: [&str; 3] = ["pattern", "lang", "meaning"];
/// What a placeholder means.
pub const MEANINGS: [&str; 5] = ["no_data", "masked", "login", "members", "not_published"];
/// A longer cell is not a placeholder.
const MAX_CHARS: usize = 60;
/// How many bytes all compiled patterns may take.
const MAX_COMPILED: usize = 16 << 20;
/// A mask leaves at most this many readable figures, unlike in a phone number.
const MOST_FIGURES: usize = 5;

/// The known placeholders.
#[derive(Debug, Clone)]
pub struct Placeholders {
    known: RegexSet,
}

static DEFAULT: LazyLock<Placeholders> = LazyLock::new(|| {
    let mut reader = csv::ReaderBuilder::new().from_reader(SHIPPED.as_bytes());
    let rows = reader.records().filter_map(Result::ok);
    let patterns: Vec<String> = rows
        .filter_map(|row| row.get(0).map(str::to_owned))
        .collect();
    Placeholders::new(&patterns)
});

impl Default for Placeholders {
    fn default() -> Self {
        DEFAULT.clone()
    }
}

impl Placeholders {
    /// Compiles these patterns; those that do not compile are left out (`check` reports them).
    #[must_use]
    pub fn new(patterns: &[String]) -> Self {
        let whole = |pattern: &String| format!("^(?:{pattern})$");
        let sound = patterns.iter().filter(|p| is_sound(p)).map(whole);
        let known = RegexSetBuilder::new(sound)
            .size_limit(MAX_COMPILED)
            .build()
            .unwrap_or_else(|_| RegexSet::empty());
        Self { known }
    }

    /// Whether a cell holds only a placeholder.
    #[must_use]
    pub fn holds(&self, cell: &str) -> bool {
        if cell.chars().nth(MAX_CHARS * 4).is_some() {
            return false;
        }
        let text = one_spelling(cell);
        if text.chars().nth(MAX_CHARS).is_some() {
            return false;
        }
        if says_nothing(&text) || is_masked(&text) {
            return true;
        }
        let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        self.known.is_match(&text) || bare != text && self.known.is_match(&bare)
    }
}

/// Whether a pattern compiles.
#[must_use]
pub fn is_sound(pattern: &str) -> bool {
    regex::RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(MAX_COMPILED / 16)
        .build()
        .is_ok()
}

/// NFKC in lower case, without white space and invisible characters.
fn one_spelling(cell: &str) -> String {
    let text = nfkc(cell);
    let seen = text
        .chars()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c));
    seen.flat_map(char::to_lowercase).collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Signs that carry information alone: arrows, ticks, marks of Japanese tables, stars, flags,
/// lights.
fn tells(c: char) -> bool {
    matches!(c,
        '\u{2190}'..='\u{21ff}' | '\u{2600}'..='\u{2606}' | '\u{2611}'..='\u{2614}' | '\u{221a}' | '\u{2640}' | '\u{2642}'
        | '\u{2713}'..='\u{2714}' | '\u{2717}'..='\u{2718}' | '\u{25a0}'..='\u{25ff}' | '\u{d7}' | '\u{1f1e6}'..='\u{1f1ff}'
        | '\u{1f534}'..='\u{1f53d}' | '\u{1f7e0}'..='\u{1f7eb}' | '\u{2705}' | '\u{274c}' | '\u{2b50}')
}

/// No letter and no figure; an informative sign only counts alone or next to other such signs.
fn says_nothing(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphanumeric());
    if let Some(first) = letters.next() {
        // `xx`, `XXX.XX`, `口口口`: a letter instead of figures.
        let masks = matches!(first, 'x' | '口' | '〇' | '某');
        return masks && letters.clone().count() >= 1 && letters.all(|c| c == first);
    }
    let telling: Vec<char> = text.chars().filter(|c| tells(*c)).collect();
    let Some(first) = telling.first() else {
        return true;
    };
    let dashed = text
        .chars()
        .any(|c| matches!(c, '-' | '*' | '?' | '—' | '–' | '_'));
    let dots = matches!(first, '●' | '■' | '□' | '○' | '◆' | '×' | '▇');
    dashed || dots && telling.len() >= 3 && telling.iter().all(|c| c == first)
}

/// Partly hidden figures: `1**.*5`, `12**`, `3×.××`, with or without a unit.
fn is_masked(text: &str) -> bool {
    let is_mask = |c: char| matches!(c, '*' | 'x' | '×' | '•' | '●' | '█' | '▇' | '#' | '?');
    let is_part = |c: char| {
        is_mask(c)
            || c.is_ascii_digit()
            || matches!(c, '.' | ',' | '-' | '+' | '%' | '¥' | '$' | '€' | '~')
    };
    let unit = text.trim_start_matches(is_part);
    let figures = &text[..text.len() - unit.len()];
    if unit.chars().count() > 4 || unit.chars().any(|c| c.is_ascii_digit() || is_mask(c)) {
        return false;
    }
    let digits = figures.chars().filter(char::is_ascii_digit).count();
    let masks = figures.chars().filter(|c| is_mask(*c)).count();
    if digits == 0 || digits > MOST_FIGURES || masks == 0 {
        return false;
    }
    let trimmed = figures.trim_end_matches(is_mask);
    // `0.52***` and `12*` are figures with notes, `3×4` and `0x1` are something else.
    let noted = !trimmed.contains(is_mask)
        && (trimmed.contains('.') && !trimmed.ends_with('.') || masks == 1);
    !noted && masks >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: &[&str] = &[
        "¦ ¦\u{a0}¦\u{3000}¦\u{200b}¦\u{feff}¦-¦--¦---¦－¦－－¦−¦―¦—¦——¦–¦─¦...¦……¦…¦/¦\\¦·¦*¦***¦*****¦＊＊＊¦×××",
        "✕✕¦XX¦xxx¦XXX.XX¦••••¦●●●¦████¦口口口¦?¦???¦？¦####¦^¦~¦～¦_¦。¦暂无¦暂无数据¦无¦无数据¦没有数据¦空¦缺¦数据缺失¦未公布¦待公布¦尚未公布",
        "暂未公布¦不予公开¦未披露¦保密¦不公开¦数据暂停更新¦登录后查看¦请登录¦登录查看¦请先登录¦需登录¦登录后可见¦请登录后查看¦登录即可查看更多¦点击登录查看¦未登录¦登录可见¦注册登录后查看",
        "VIP可见¦会员专享¦开通会员查看¦会员可见¦仅会员可见¦仅限会员查看¦开通VIP查看¦付费查看¦购买后查看¦成为会员查看全部¦升级会员¦SVIP专享¦🔒¦🔒 登录后查看¦查看(需登录)",
        "【登录查看】¦无权限¦没有权限查看¦权限不足¦已隐藏¦数据脱敏¦加载中...¦正在加载¦敬请期待¦待定¦下载APP查看¦undefined¦null¦NULL¦None¦NaN¦nan¦NA¦N/A",
        "n.a.¦#N/A¦#VALUE!¦#DIV/0!¦[object Object]¦--%¦-- 元¦—元/吨¦**.**%¦¥--¦￥***¦***元¦1**.*5¦12**¦1*.*",
        "3××.××¦¥1**¦1**万¦*8.8*¦2?.??¦No data¦no data available¦Not available¦Not published",
        "Not yet published¦unpublished¦withheld¦masked¦Log in to see¦Log in to view¦Sign in to view",
        "Please log in¦Login required¦Members only¦Subscribers only¦Subscribe to view¦Upgrade to Pro¦Premium",
        "For members only¦Access denied¦To be announced¦TBA¦Loading…¦Please sign in or register to view",
        "Not applicable¦Register to view¦자료 없음¦데이터 없음¦없음¦해당 없음¦비공개¦미공개¦미공표¦로그인 후 확인¦로그인이 필요합니다¦로그인 후 이용 가능",
        "회원 전용¦회원만 볼 수 있습니다¦유료회원 전용¦구독 후 이용¦권한이 없습니다¦데이터가 없습니다.¦データなし¦データがありません¦なし¦非公開¦未公表¦未発表¦要ログイン",
        "ログインして表示¦ログインが必要です¦会員限定¦会員専用¦有料会員限定¦非表示¦該当なし¦暫無資料¦無資料¦尚未公布¦未公佈¦登入後查看¦請先登入¦請登入¦會員專屬¦會員限定¦僅限會員¦資料缺失",
        "不公開¦已隱藏¦暫不提供¦산정중¦산출중¦집계 중",
    ];

    const SOMETHING: &[&str] = &[
        "0¦0.00¦-1¦-0.5%¦1¦12.5¦1,234¦0.52***¦-1.3**¦0.4*¦12*¦3×4¦1/2¦138****5678¦A¦AA¦AAA¦上涨¦元¦万吨¦是¦否¦有¦√¦✓",
        "×¦○¦◎¦△¦↑¦↓¦▲¦▼¦★★★¦●●○¦🇨🇳¦♂¦0x1F¦10-20¦2026-11-29¦北京¦无锡¦无锡市¦空调¦缺陷¦会员单位¦会员数¦会员大会¦登录号¦张三¦关闭¦已关闭¦正常",
        "暂停交易¦Not Rated¦NAB¦Nanjing¦None of the above¦Pending¦Log¦Register of deeds¦Premium brands plc¦비공개기업",
        "회원국¦会員数¦ログ¦公布¦公开¦已公开¦x¦X¦X1¦Xx公司¦登录人数¦无人机¦无线电¦不公开审理案件¦待遇¦暂无风险的公司¦数据¦数据显示器¦密级¦No. 7",
    ];

    #[test]
    fn every_pattern_of_the_shipped_list_compiles() {
        let mut reader = csv::ReaderBuilder::new().from_reader(SHIPPED.as_bytes());
        assert!(reader.headers().unwrap().iter().eq(COLUMNS));
        let mut rows = 0;
        for row in reader.records() {
            let row = row.unwrap();
            assert_eq!(row.len(), 3, "{row:?}");
            assert!(is_sound(&row[0]), "{row:?}");
            assert!(
                ["any", "en", "ko", "ja", "zh-Hans", "zh-Hant"].contains(&&row[1]),
                "{row:?}"
            );
            assert!(MEANINGS.contains(&&row[2]), "{row:?}");
            rows += 1;
        }
        assert_eq!(Placeholders::default().known.len(), rows);
    }

    #[test]
    fn what_tables_write_where_there_is_nothing() {
        let known = Placeholders::default();
        let mut missed = Vec::new();
        for cell in NOTHING.iter().flat_map(|line| line.split('¦')) {
            if !known.holds(cell) {
                missed.push(cell);
            }
        }
        assert!(missed.is_empty(), "{missed:?}");
    }

    #[test]
    fn what_tells_something() {
        let known = Placeholders::default();
        let mut taken = Vec::new();
        for cell in SOMETHING.iter().flat_map(|line| line.split('¦')) {
            if known.holds(cell) {
                taken.push(cell);
            }
        }
        assert!(taken.is_empty(), "{taken:?}");
    }

    proptest::proptest! {
        #[test]
        fn any_text(text in "(登录|查看|\\PC|[0-9*×.?#-]|会员|no|data| ){0,60}") {
            let _ = Placeholders::default().holds(&text);
        }

        #[test]
        fn numbers_are_no_placeholders(n in proptest::num::f64::NORMAL) {
            proptest::prop_assert!(!Placeholders::default().holds(&n.to_string()));
            let short = format!("{n:.2}");
            proptest::prop_assert!(!Placeholders::default().holds(&short));
        }
    }
}
