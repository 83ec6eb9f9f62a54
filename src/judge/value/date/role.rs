//! What the words next to a date mean: a deadline or a future event does not show how new a page
//! is.

use chrono::NaiveDate;

use super::forms::{DateConfidence, DatePiece};

/// Before a date: something ends, or must be done by then.
const DEADLINES: &[&str] = &[
    "截止",
    "截稿",
    "截標",
    "截标",
    "有效期",
    "有效至",
    "有效日期",
    "到期",
    "限期",
    "期限",
    "过期",
    "過期",
    "失效",
    "届满",
    "止于",
    "最迟",
    "最晚",
    "不晚于",
    "开标",
    "開標",
    "征稿",
    "报名时间",
    "報名時間",
    "下次更新",
    "下次发布",
    "下次發布",
    "下一次",
    "下期",
    "下个",
    "下次",
    "deadline",
    "due:",
    "due on",
    "due by",
    "due date",
    "expire",
    "expiry",
    "expiration",
    "valid until",
    "valid through",
    "valid till",
    "valid to",
    "closes",
    "closing",
    "no later than",
    "submit by",
    "submission by",
    "apply by",
    "register by",
    "next update",
    "next release",
    "next issue",
    "마감",
    "유효기간",
    "유효 기간",
    "만료",
    "기한",
    "다음",
    "締切",
    "締め切り",
    "〆切",
    "期日",
    "有効",
    "次回",
];
/// Words before such a word that make it something else: `数据截止`.
const AS_OF: &[&str] = &[
    "数据截止",
    "数据截至",
    "统计截止",
    "截止到",
    "截止至",
    "截止目前",
    "資料截止",
];
/// Words before these that make it a deadline again: `报名截止到`.
const ASKED: &[&str] = &[
    "报名",
    "報名",
    "投稿",
    "申请",
    "申請",
    "申报",
    "征集",
    "投标",
    "提交",
    "缴费",
    "注册",
    "征求意见",
    "活动",
    "优惠",
];
/// Words before such a date that an `止` after it ends what was counted: `截至10月31日止`.
const COUNTED: &[&str] = &[
    "截至",
    "截止",
    "统计至",
    "統計至",
    "资料至",
    "資料至",
    "数据至",
    "累计至",
    "累計至",
    "收录至",
    "收錄至",
];
/// Before a day without a year: it is still to come.
const SOON: &[&str] = &[
    "将于",
    "將於",
    "拟于",
    "擬於",
    "定于",
    "定於",
    "预计于",
    "預計於",
    "计划于",
    "計劃於",
    "预定于",
];
/// After a date: the same.
const BY_THEN: &[&str] = &["前", "之前", "以前", "止", "까지", "まで"];
/// The same, unless the word refers to the date after it.
const ENDS: &[&str] = &[
    "截止",
    "截稿",
    "到期",
    "失效",
    "마감",
    "締切",
    "締め切り",
    "〆切",
    "deadline",
];
/// Next to a future date: words for future events.
const TO_COME: &[&str] = &[
    "会期",
    "會期",
    "会议",
    "會議",
    "召开",
    "召開",
    "举行",
    "舉行",
    "举办",
    "舉辦",
    "开幕",
    "開幕",
    "施行",
    "实施",
    "實施",
    "执行",
    "生效",
    "起",
    "预计",
    "預計",
    "预定",
    "将于",
    "將於",
    "拟于",
    "计划",
    "预告",
    "开展",
    "考试",
    "开始",
    "交割",
    "最后交易",
    "上映",
    "发售",
    "上线",
    "until",
    "will ",
    "scheduled",
    "effective",
    "from ",
    "starts",
    "begins",
    "conference",
    "meeting",
    "held",
    "expected",
    "planned",
    "upcoming",
    "by ",
    "예정",
    "개최",
    "시행",
    "予定",
    "開催",
    "施行",
    "開始",
];

/// How many characters before and after a date are read.
const BEFORE: usize = 14;
const AFTER: usize = 8;

/// The dates that show how new the text is.
pub(super) fn stated_dates<'p>(
    text: &str,
    pieces: &'p [DatePiece],
    today: NaiveDate,
) -> Vec<&'p DatePiece> {
    let mut stated = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let others = || {
            pieces
                .iter()
                .enumerate()
                .filter(move |(other, _)| *other != at)
                .map(|(_, p)| p)
        };
        let from = others()
            .map(|p| p.end)
            .filter(|end| *end <= piece.start)
            .max()
            .unwrap_or(0);
        let to = others()
            .map(|p| p.start)
            .filter(|start| *start >= piece.end)
            .min()
            .unwrap_or(text.len());
        let (before, after) = (
            last(&text[from..piece.start]),
            first(&text[piece.end..to.max(piece.end)]),
        );
        let ahead = piece.first > today;
        let says = |words: &[&str], text: &str| words.iter().any(|word| text.contains(word));
        let counted = says(COUNTED, &before) && !says(ASKED, &before) && begins(&["止"], &after);
        let deadline = says(DEADLINES, &before) && (says(ASKED, &before) || !says(AS_OF, &before))
            || begins(BY_THEN, &after) && !counted
            || begins(ENDS, &after)
                && (to == text.len() || text[piece.end..to].contains([',', ';', '。']));
        let soon = piece.kind == DateConfidence::NoYear && says(SOON, &before);
        let to_come =
            soon || ahead && (piece.ends_range || says(TO_COME, &before) || says(TO_COME, &after));
        if !deadline && !to_come {
            stated.push(piece);
        }
    }
    stated
}

fn begins(words: &[&str], after: &str) -> bool {
    let after = after.trim_start_matches([')', ' ', ']']);
    // `11月29日前海` is a place, `11月29日前后` means around then.
    let none = ["前海", "前后", "前後", "前期"];
    words.iter().any(|word| after.starts_with(word))
        && !none.iter().any(|word| after.starts_with(word))
}

/// The end of a text, after the last mark that ends a sentence.
fn last(text: &str) -> String {
    let from = text
        .char_indices()
        .rev()
        .take(BEFORE)
        .find(|(_, c)| ends_sentence(*c))
        .map_or(0, |(at, c)| at + c.len_utf8());
    let tail: Vec<char> = text[from..].chars().rev().take(BEFORE).collect();
    tail.into_iter().rev().collect()
}

fn first(text: &str) -> String {
    text.chars()
        .take(AFTER)
        .take_while(|c| !ends_sentence(*c) || *c == '。')
        .collect()
}

fn ends_sentence(c: char) -> bool {
    matches!(c, ';' | '。' | '!' | '|' | '\u{ff61}')
}
