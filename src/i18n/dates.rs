//! Days and clocks as readers of a language write them.

use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;

use crate::model::Time;
use crate::model::settings::Language;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `23 November 2026`, `2026년 11월 23일`, `2026年11月23日`; the year only where it is asked for.
#[must_use]
pub fn day(language: Language, day: NaiveDate, with_year: bool) -> String {
    let (year, month, date) = (day.year(), day.month(), day.day());
    let name = MONTHS[day.month0() as usize];
    match (language, with_year) {
        (Language::En, false) => format!("{date} {name}"),
        (Language::En, true) => format!("{date} {name} {year}"),
        (Language::Ko, false) => format!("{month}월 {date}일"),
        (Language::Ko, true) => format!("{year}년 {month}월 {date}일"),
        (Language::Zh, false) => format!("{month}月{date}日"),
        (Language::Zh, true) => format!("{year}年{month}月{date}日"),
    }
}

/// A day and the time of day in a zone.
#[must_use]
pub fn day_and_time(language: Language, t: Time, zone: Tz, with_year: bool) -> String {
    let local = t.with_timezone(&zone);
    let date = day(language, local.date_naive(), with_year);
    let (hour, minute) = (local.hour(), local.minute());
    format!("{date} {hour:02}:{minute:02}")
}

/// What a zone's clock is called: `Berlin time`, `한국 시간`, `柏林时间`.
#[must_use]
pub fn zone(language: Language, t: Time, zone: Tz) -> String {
    let known = ZONES.iter().find(|(names, ..)| names.contains(&zone));
    match (known, language) {
        (Some((_, en, ..)), Language::En) => (*en).to_owned(),
        (Some((_, _, ko, _)), Language::Ko) => (*ko).to_owned(),
        (Some((.., zh)), Language::Zh) => (*zh).to_owned(),
        // Written alike everywhere.
        (None, _) => format!("UTC{}", t.with_timezone(&zone).format("%:z")),
    }
}

/// Zones with what their clocks are called in English, Korean and Chinese.
#[rustfmt::skip] // a table, one row a line
const ZONES: &[(&[Tz], &str, &str, &str)] = &[
    (&[Tz::UTC, Tz::Etc__UTC, Tz::GMT, Tz::Etc__GMT], "UTC", "UTC", "UTC"),
    (&[Tz::Asia__Shanghai, Tz::PRC, Tz::Asia__Chongqing], "Beijing time", "베이징 시간", "北京时间"),
    (&[Tz::Asia__Seoul, Tz::ROK], "Korean time", "한국 시간", "韩国时间"),
    (&[Tz::Asia__Tokyo, Tz::Japan], "Japan time", "일본 시간", "日本时间"),
    (&[Tz::Asia__Hong_Kong], "Hong Kong time", "홍콩 시간", "香港时间"),
    (&[Tz::Asia__Taipei], "Taipei time", "타이베이 시간", "台北时间"),
    (&[Tz::Asia__Macau], "Macao time", "마카오 시간", "澳门时间"),
    (&[Tz::Asia__Singapore, Tz::Singapore], "Singapore time", "싱가포르 시간", "新加坡时间"),
    (&[Tz::Asia__Bangkok], "Bangkok time", "방콕 시간", "曼谷时间"),
    (&[Tz::Asia__Kolkata], "Indian time", "인도 시간", "印度时间"),
    (&[Tz::Europe__Berlin], "Berlin time", "베를린 시간", "柏林时间"),
    (&[Tz::Europe__Vienna], "Vienna time", "빈 시간", "维也纳时间"),
    (&[Tz::Europe__Zurich], "Zurich time", "취리히 시간", "苏黎世时间"),
    (&[Tz::Europe__Paris], "Paris time", "파리 시간", "巴黎时间"),
    (&[Tz::Europe__London], "London time", "런던 시간", "伦敦时间"),
    (&[Tz::Europe__Dublin], "Dublin time", "더블린 시간", "都柏林时间"),
    (&[Tz::Europe__Amsterdam], "Amsterdam time", "암스테르담 시간", "阿姆斯特丹时间"),
    (&[Tz::Europe__Brussels], "Brussels time", "브뤼셀 시간", "布鲁塞尔时间"),
    (&[Tz::Europe__Copenhagen], "Copenhagen time", "코펜하겐 시간", "哥本哈根时间"),
    (&[Tz::Europe__Stockholm], "Stockholm time", "스톡홀름 시간", "斯德哥尔摩时间"),
    (&[Tz::Europe__Oslo], "Oslo time", "오슬로 시간", "奥斯陆时间"),
    (&[Tz::Europe__Helsinki], "Helsinki time", "헬싱키 시간", "赫尔辛基时间"),
    (&[Tz::Europe__Rome], "Rome time", "로마 시간", "罗马时间"),
    (&[Tz::Europe__Madrid], "Madrid time", "마드리드 시간", "马德里时间"),
    (&[Tz::Europe__Prague], "Prague time", "프라하 시간", "布拉格时间"),
    (&[Tz::Europe__Warsaw], "Warsaw time", "바르샤바 시간", "华沙时间"),
    (&[Tz::America__New_York, Tz::US__Eastern], "New York time", "뉴욕 시간", "纽约时间"),
    (&[Tz::America__Chicago, Tz::US__Central], "Chicago time", "시카고 시간", "芝加哥时间"),
    (&[Tz::America__Denver, Tz::US__Mountain], "Denver time", "덴버 시간", "丹佛时间"),
    (&[Tz::America__Los_Angeles, Tz::US__Pacific], "Los Angeles time", "로스앤젤레스 시간", "洛杉矶时间"),
    (&[Tz::America__Toronto], "Toronto time", "토론토 시간", "多伦多时间"),
    (&[Tz::America__Vancouver], "Vancouver time", "밴쿠버 시간", "温哥华时间"),
    (&[Tz::Australia__Sydney], "Sydney time", "시드니 시간", "悉尼时间"),
    (&[Tz::Australia__Melbourne], "Melbourne time", "멜버른 시간", "墨尔本时间"),
    (&[Tz::Pacific__Auckland], "Auckland time", "오클랜드 시간", "奥克兰时间"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::settings::Language::{En, Ko, Zh};

    #[test]
    fn days_read_as_they_are_written() {
        let t: Time = "2026-11-09T20:05:00Z".parse().unwrap();
        let seoul = Tz::Asia__Seoul;
        assert_eq!(day_and_time(En, t, Tz::UTC, false), "9 November 20:05");
        assert_eq!(day_and_time(Ko, t, seoul, true), "2026년 11월 10일 05:05");
        assert_eq!(day_and_time(Zh, t, seoul, false), "11月10日 05:05");
        assert_eq!(zone(Ko, t, seoul), "한국 시간");
        assert_eq!(zone(Zh, t, Tz::Europe__Berlin), "柏林时间");
        assert_eq!(zone(Zh, t, Tz::Asia__Kathmandu), "UTC+05:45");
    }
}
