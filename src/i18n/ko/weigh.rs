//! The Korean of what matters to readers: states, how serious a loss is, what a catalogue may say of it.

use crate::i18n::weight::{CatalogueNote, Weight};
use crate::model::Code;
use crate::model::expect::ExpectKey;
use crate::model::state::State;
use crate::model::timeline::TimelineKind;

/// What readers get.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Open => "접속 가능",
        State::Less => "일부 제한",
        State::Closed => "접속 불가",
        State::Unknown => "확인 불가",
    }
}

/// How serious it is and for whom: the first line.
#[rustfmt::skip] // a table, one row a line
pub(super) fn weight(weight: Weight) -> &'static str {
    match weight {
        Weight::Closed => "심각: {source} {probe} 이용자의 접속이 거부됩니다({scope}).",
        Weight::Reach => "계속되면 심각: {source} {probe} 이용자가 접속할 수 없습니다({scope}).",
        Weight::Replaced => "심각: {source} {probe} 이용자에게 원래와 다른 페이지가 나옵니다({scope}).",
        Weight::NextLevel => "심각: {source} {probe} 이용자에게 {level} 이용이 제공되지 않습니다({scope}).",
        Weight::Unproven => "심각하거나 단순한 화면 개편: {source} {probe} 이용자에게 {level} 이용이 아직 제공되는지 더 이상 확인할 수 없으며({scope}), 사람이 확인할 때까지 이 부분은 관측되지 않습니다.",
        Weight::Figures => "데이터 이용자에게 중요: {source} {probe} 자료가 오래되었거나 빠졌거나 비어 있습니다({scope}).",
        Weight::Rot => "링크 이용자에게 중요: {source} {probe} 주소가 더 이상 해당 자료로 이어지지 않습니다({scope}).",
        Weight::Maintenance => "일시적일 것으로 보임: {source} {probe} 사이트에 시스템 점검 안내가 있습니다({scope}).",
        Weight::Slight => "경미: {source} {probe} 화면이 달라졌지만 이용할 수 있습니다({scope}).",
        Weight::Declined => "이용자에게 영향이 있는지 알 수 없음: {source} {probe} 사이트가 자동 점검 프로그램의 접속을 허용하지 않습니다({scope}).",
        Weight::Unclear => "이용자에게 영향이 있는지 알 수 없음: {source} {probe} 상태를 판단하기에 관측된 것이 충분하지 않습니다({scope}).",
    }
}

/// A note for readers; the day stands behind it.
#[rustfmt::skip] // a table, one row a line
pub(super) fn note(note: CatalogueNote) -> &'static str {
    match note {
        CatalogueNote::NextLevel => "{source} {probe}: 현재 {level} 이용은 제공되지 않으며, {here} 화면은 볼 수 있습니다.",
        CatalogueNote::Unproven => "{source} {probe}: {level} 이용이 가능한지 확인하고 있으며, {here} 화면은 볼 수 있습니다.",
        CatalogueNote::Stale => "{source} {probe}: 평소보다 오랫동안 새 자료가 올라오지 않고 있습니다.",
        CatalogueNote::Shrunk => "{source} {probe}: 현재 평소보다 훨씬 적은 자료만 표시됩니다.",
        CatalogueNote::Nulls => "{source} {probe}: 현재 일부 값이 비어 있거나 최신 값이 아닙니다.",
        CatalogueNote::Empty => "{source} {probe}: 현재 표시되는 자료가 없습니다.",
        CatalogueNote::Replaced => "{source} {probe}: 현재 원래와 다른 페이지가 표시됩니다.",
        CatalogueNote::Region => "{source} {probe}: 현재 제공처가 지역에 따라 접속을 거부하고 있습니다.",
        CatalogueNote::Network => "{source} {probe}: 현재 일부 네트워크에서만 접속할 수 있습니다.",
        CatalogueNote::Access => "{source} {probe}: 현재 로그인, 구독 또는 소속 기관 확인을 요구합니다.",
        CatalogueNote::Refused => "{source} {probe}: 현재 접속이 거부됩니다.",
        CatalogueNote::Maintenance => "{source} {probe}: 제공처의 안내에 따르면 시스템 점검 중입니다.",
        CatalogueNote::Rot => "{source} {probe}: 이 주소는 더 이상 해당 자료로 이어지지 않으니 제목으로 검색해 주십시오.",
        CatalogueNote::Reach => "{source} {probe}: 현재 접속할 수 없습니다.",
    }
}

/// A kind of event of the past.
pub(super) fn known(kind: TimelineKind) -> &'static str {
    match kind {
        TimelineKind::Announced => "제공처가 예고함",
        TimelineKind::Restriction => "접속이 닫히거나 어려워짐",
        TimelineKind::Restored => "전부 또는 일부 복구됨",
        TimelineKind::Discontinued => "발행이 중단됨",
        TimelineKind::Move => "다른 주소로 옮겨짐",
        TimelineKind::Context => "관련된 일이 있었음",
        TimelineKind::Other => "그 밖의 일",
    }
}

/// An expectation of a probe's file.
pub(super) fn expected(key: ExpectKey) -> &'static str {
    match key {
        ExpectKey::Select => "선택자",
        ExpectKey::Level(_) => "다음 단계의 표지",
        ExpectKey::Status => "상태 코드",
        ExpectKey::FinalHost => "호스트",
        ExpectKey::Title => "제목",
        ExpectKey::TitleNot => "제목에 없어야 하는 것",
        ExpectKey::Contains => "본문",
        ExpectKey::NotContains => "본문에 없어야 하는 것",
        ExpectKey::Type => "형식",
        ExpectKey::MinBytes | ExpectKey::MaxBytes => "크기(바이트)",
        ExpectKey::Unknown => "",
    }
}

/// What is seen, as a polite sentence without its stop.
pub(super) fn tells(_: Code, seen: &str) -> String {
    polite(seen)
}

const FIRST_SYLLABLE: u32 = 0xac00;
const FINALS: u32 = 28;
/// Where ㅁ and ㅂ stand among the finals of a syllable.
const FINAL_M: u32 = 16;
const FINAL_B: u32 = 17;

/// A noun clause in `-음` or `-ㅁ` as a sentence: `없음` is `없습니다`, `거부함` is `거부합니다`. Anything else stays.
fn polite(clause: &str) -> String {
    let Some(last) = clause.chars().last() else {
        return String::new();
    };
    let stem = &clause[..clause.len() - last.len_utf8()];
    if last == '음' {
        return format!("{stem}습니다");
    }
    let place = u32::from(last).wrapping_sub(FIRST_SYLLABLE);
    if place % FINALS != FINAL_M {
        return clause.to_owned();
    }
    let turned = char::from_u32(FIRST_SYLLABLE + place - FINAL_M + FINAL_B).unwrap_or(last);
    format!("{stem}{turned}니다")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::ko::words::seen;

    #[test]
    fn every_clause_becomes_a_polite_sentence() {
        assert_eq!(polite("이상 없음"), "이상 없습니다");
        assert_eq!(polite("접속을 거부함"), "접속을 거부합니다");
        assert_eq!(polite("목록이 크게 줄었음"), "목록이 크게 줄었습니다");
        assert_eq!(polite("페이지가 나옴"), "페이지가 나옵니다");
        for &code in Code::ALL {
            let told = tells(code, seen(code));
            assert!(told.ends_with("니다"), "{told}");
        }
    }
}
