//! The Korean of mails: sentences and labels, in the polite style. What codes and findings are called is next
//! door.
//!
//! No particle that depends on the sound before it stands behind a gap, but for "이" behind what was seen, which
//! always ends in `ㅁ`.

use super::words::{finding, level, look, network, not_shown, seen};
use crate::i18n::mail::{
    Controls, Headings, Labels, Leads, Marks, Remarks, Sayings, Subjects, Texts,
};
use crate::model::event::EventKind;
use crate::model::settings::Language;

/// Korean.
pub(in crate::i18n) static TEXTS: Texts = Texts {
    language: Language::Ko,
    tag: "ko",
    marks: MARKS,
    subject: SUBJECTS,
    lead: LEADS,
    label: LABELS,
    heading: HEADINGS,
    say: SAYINGS,
    remark: REMARKS,
    control: CONTROLS,
    happened,
    seen,
    finding,
    not_shown,
    look,
    level,
    network,
};

const MARKS: Marks = Marks {
    colon: ": ",
    heading: ":",
    list: ", ",
    clause: ", ",
    item: "; ",
    open: " (",
    close: ")",
    breaks_han: false,
};

const SUBJECTS: Subjects = Subjects {
    one: "{source}, {probe}: 접속 상황 보고 #{id}",
    several: "{source}: 접속 상황 보고 #{id}",
    vantage: "관측 지점 {vantage}: 접속 상황 보고 #{id}",
    path: "중국 본토로 가는 경로: 접속 상황 보고 #{id}",
    improved: "{source}, {probe}: 접속 안내 ({day})",
    blind: "{source}, {probe}: 관측 안내 ({day})",
    flapping: "{source}: 접속 안내 ({day})",
    first_letter: "오늘의 접속 현황 ({day})",
    digest: "접속 변동 요약 ({day})",
    test: "accesswatch: 시험 메일 ({day})",
};

const LEADS: Leads = Leads {
    opened: "{source}, {probe}: {vantages}에서 {counted} {seen}이 확인되었습니다. 이전 상태: {before}.",
    updated: "{source}, {probe}: 보고 #{id} 건이 계속되고 있으며, 다음과 같이 바뀌었습니다: {change}.",
    reminded: "{source}, {probe}: 보고 #{id} 건이 아직 계속되고 있습니다. 마지막으로 {vantages}에서 {seen}이 확인되었습니다.",
    ended: "{source}, {probe}: 복구되었습니다. {vantages}에서 {seen}이 확인되었습니다. 지속 시간: {lasted}.",
    ended_otherwise: "{source}, {probe}: 보고 #{id} 건은 종결되었으나 모든 것이 이전과 같지는 않습니다. 마지막으로 {vantages}에서 {seen}이 확인되었습니다. 지속 시간: {lasted}.",
    vantage_opened: "관측 지점 {vantage}: {seen}. 그곳에서는 어떤 자료원도 점검하지 않았으며, 어떤 자료원의 문제로도 기록하지 않습니다.",
    vantage_ended: "관측 지점 {vantage}: 다시 작동합니다. 지속 시간: {lasted}.",
    network_opened: "관측 지점 {vantage}: 점검 항목 {count}개가 그곳에서만 한꺼번에 바뀌었습니다. 자료원이 아니라 관측 지점의 네트워크를 가리키는 결과입니다.",
    network_ended: "관측 지점 {vantage}: 그곳에서 한꺼번에 바뀌었던 점검 항목이 회복되었습니다. 지속 시간: {lasted}.",
    path_opened: "{vantage}에서 중국 본토로 가는 경로: 누구에게나 공개된 본토의 페이지들이 함께 접속되지 않았습니다. 이 상태가 계속되는 동안에는 자료원을 하나하나 알리지 않습니다.",
    path_ended: "{vantage}에서 중국 본토로 가는 경로: 함께 접속되지 않던 페이지들이 다시 응답합니다. 지속 시간: {lasted}.",
    own_end_updated: "관측 지점 {vantage}: 보고 #{id} 건이 계속되고 있으며, 다음과 같이 바뀌었습니다: {change}.",
    improved: "{source}, {probe}: 이전보다 나아졌습니다. {vantages}에서 {seen}이 확인되었습니다. 이전 상태: {before}.",
    blind: "{source}, {probe}: {since} 이후 {vantage}에서 관측되지 않았습니다. 상태가 좋은지 나쁜지 알 수 없습니다.",
    flapping: "{source}, {probe}: {vantages}에서 상태가 반복해서 바뀝니다.",
    letter_all_well: "관측할 수 있었던 점검 항목 {count}개가 오늘 모두 예상과 같습니다.",
    letter_some: "관측할 수 있었던 점검 항목 {count}개 가운데 {bad}개가 오늘 제한되거나 원활하지 않습니다.",
    letter_nothing: "오늘은 아무것도 관측할 수 없었습니다.",
    digest: "바로 메일로 알리지 않은 변동: {events}건. 아직 진행 중인 보고: {open}건.",
    test: "시험 메일입니다. 알림이 이 주소로 전달됩니다.",
};

const LABELS: Labels = Labels {
    report: "보고서 번호",
    source: "자료원",
    level: "접근 단계",
    url: "URL",
    before: "이전",
    now: "현재",
    finding: "종합 판단",
    controls: "대조 페이지",
    checks: "점검",
    first_bad: "첫 이상",
    last_good: "마지막 정상",
    ended: "복구",
    lasted: "지속 시간",
    since: "시작",
    vantage: "관측 지점",
    vantages: "관측 지점",
    result: "결과",
    also_affected: "함께 영향을 받은 항목",
    not_affected: "영향 없음",
    alternatives: "대체 수단",
    vendor: "공급사 연락처",
    licence: "구독 만료일",
    catalogue_ids: "목록 레코드",
    acknowledged: "담당자",
    probe: "점검 항목",
    state: "상태",
    limit: "한도",
    missed: "예상과 다른 점",
    worst: "최악",
};

const HEADINGS: Headings = Headings {
    seen_from: "관측 지점별 결과",
    not_shown: "이 결과로 알 수 없는 것",
    look: "브라우저에서 확인할 것",
    note: "도서관 목록(OPAC)에 붙일 안내문(제안)",
    notes: "이 자료원에 관한 참고 사항",
    observed: "사람이 브라우저에서 확인한 것",
    story: "지금까지의 경과",
    evidence: "증거",
    acknowledge: "확인했음을 알리려면",
    folded: "함께 바뀐 점검 항목",
    restricted: "처음 관측할 때부터 제한된 항목",
    well: "예상과 같은 항목",
    unobserved: "관측되지 않은 항목",
    vantages: "관측 지점",
    events: "변동",
    held: "바로 메일로 알리지 않은 보고",
    open: "진행 중인 보고",
    what_now: "할 일",
};

const SAYINGS: Sayings = Sayings {
    checks: "{total}회 가운데 {bad}회 비정상",
    checks_attempts: "{total}회 가운데 {bad}회 비정상(시도 {attempts}회 비정상)",
    counted: "점검 {total}회 중 {bad}회에서",
    counted_attempts: "점검 {total}회 중 {bad}회(시도 {attempts}회)에서",
    controls: "{total}개 가운데 {passed}개 통과",
    unknown: "알 수 없음",
    and: " 및 ",
    turned: "{vantages}에서 {seen}",
    not_checked: "{seen} (이 관측 지점이 작동하지 않아 지금은 점검하지 않음)",
    back: "이전과 같음: {seen}",
    open_on_site: "이용자와 같은 방법으로 브라우저에서 {url} 주소를 열어 보십시오. {look}",
    report_with: "확인한 것을 다음 명령으로 알려 주십시오(ok 정상, refused 거부, partial 일부만 가능. 네트워크의 이름은 자유롭게 정합니다):",
    acknowledge_mail: "{address} 앞으로 다음 제목의 메일을 보내 주십시오: {subject}",
    acknowledge_command: "또는 accesswatch가 실행되는 곳에서:",
    acknowledge_subject: "확인했습니다: 접속 상황 보고 #{id}",
    silence_command: "정한 날까지 이 건에 관한 메일을 받지 않으려면:",
    catalogue_note: "현재 {source} ({probe})의 접속이 원활하지 않을 수 있습니다. 도서관에서 상황을 살피고 있습니다. ({day})",
    catalogue_note_over: "{source} ({probe})에 관한 안내문을 내려도 됩니다.",
    evidence: "측정 기록 {id}",
    evidence_hash: "측정 기록 {id}, SHA-256 {hash}",
    note: "{from}부터 {to}까지: {text}",
    note_open: "{from}부터: {text}",
    observed: "{when}, {network}: {answer}",
    browser_ok: "정상 작동",
    browser_refused: "거부됨",
    browser_partial: "일부만 작동",
    duration_minutes: "{n}분",
    duration_hours: "{n}시간",
    duration_days: "{n}일",
    beijing: "베이징",
    not_counted: "이 시간은 어떤 자료원에 대해서도 정상이나 장애로 세지 않습니다.",
    path_not_shown: "경로의 어디에서, 왜 접속되지 않는지는 알 수 없습니다.",
    vantage_mend: "그 컴퓨터의 연결과 프록시, DNS 서버를 확인해 주십시오. 다음 명령으로 하나씩 시험할 수 있습니다.",
    path_mend: "휴대전화 회선과 같은 다른 네트워크에서 비교해 보십시오. 다음 명령으로 관측 지점 자체를 시험할 수 있습니다.",
    improved_note: "원문 보기 버튼을 점검할 때 원문 자체는 내려받지 않습니다. 이용자에게 알리기 전에 브라우저에서 자료 하나를 열어 보십시오.",
    improved_baseline: "이제부터 이 상태를 기준선으로 삼습니다.",
    blind_note: "보안 인증이나 거부가 있은 뒤 접속을 쉬었거나, robots.txt가 요청했거나, 점검이 이루어지지 않았습니다. 이용자에게 무엇이 보이는지는 사람이 브라우저로 보아야만 알 수 있습니다.",
    never_observed: "{probe}: {vantage}에서 아직 관측되지 않음",
    vantage_usable: "{vantage}: 작동함, 대조 페이지 {total}개 가운데 {passed}개 통과",
    vantage_unusable: "{vantage}: {seen}, 대조 페이지 {total}개 가운데 {passed}개 통과",
    letter_note: "첫 안내 메일입니다. 앞으로는 바뀐 것이 있을 때만 메일을 보냅니다. 처음부터 제한되어 있던 것은 따로 보고하지 않고 여기에 적으며, 좋아지든 나빠지든 바뀌면 메일로 알립니다.",
    more: "그 밖에 {n}건. `accesswatch status`에서 모두 볼 수 있습니다.",
    open_line: "#{id} {name}: {seen}, {since}부터",
    held_line: "#{id} {name}: {seen} ({state}), 첫 이상 {since}",
    event_line: "{when}: {name}, {vantage}에서: {text}",
    event_plain: "{when}: {text}",
    test_note: "아무 일도 일어나지 않았습니다. 자료원의 접속 상황이 바뀌면 accesswatch가 이와 같은 메일을 보냅니다. 이 주소로 알리는 자료원: {sources}.",
    flapping_note: "이 상태가 계속되는 동안에는 메일까지 반복되지 않도록 변동을 하나하나 메일로 알리지 않으며, 이미 메일로 알린 건이 끝날 때만 알립니다. 변동은 요약 메일과 `accesswatch status`, `accesswatch incidents`에서 볼 수 있습니다. 상태가 안정되면 다시 메일로 알립니다.",
    flapping_count: "{seen}. 최근 점검 {total}회 가운데 {n}회 바뀜",
    footer: "accesswatch {version}에서 보냈습니다. 무엇이 어디에서 관측되었는지를 알릴 뿐, 그 이유는 알지 못합니다.",
    folder_reminder: "{folder} 폴더에 새 메일 {new}통이 있습니다(모두 {n}통). 보낸 것은 없습니다. 보내려면 config/accesswatch.toml의 [alerts]에서 `transport`를 정한 뒤 `accesswatch mail test`를 실행해 보십시오.",
    next_level: "다음 단계({level})로 이어지는 링크나 버튼이 보이지 않음",
    refused_by_region: "사이트가 지역 또는 법적 사유를 들어 거부함",
    not_within: "{n}초 안에 응답이 다 오지 않았음",
    looked: "사람이 브라우저로 확인함({network}): {answer}",
    noted: "메모: {text}",
};

const CONTROLS: Controls = Controls {
    in_trouble: "대조 페이지가 모두 서버 오류로 응답함",
    line: "{url}: {seen}",
    passed: "통과",
    answered: "HTTP {status}(으)로 응답함",
    other_page: "정해진 것과 다른 페이지로 응답함",
    timed_out: "시간 초과",
    reset: "연결이 재설정됨",
    closed: "응답 없이 연결이 닫힘",
    refused: "연결이 거부됨",
    unreachable: "도달할 경로가 없음",
    no_name: "이름을 찾지 못함({failure})",
    certificate: "인증서가 검증되지 않음({failure})",
    out_of_date: "이 시계의 날짜로는 인증서가 유효하지 않음",
    proxy: "프록시 오류({failure})",
    other: "실패({failure})",
};

const REMARKS: Remarks = Remarks {
    acknowledged: "확인함: {by}",
    silenced: "{until}까지 메일을 보내지 않도록 함",
    finding: "종합 판단: {finding}",
    accepted: "{vantage}에서는 이제 이 상태를 정상으로 봄: {seen}",
    folded: "{probe}: {seen}",
    path: "누구에게나 공개된 본토의 페이지들이 함께 접속되지 않음",
};

/// What happened, as a line of the digest.
fn happened(kind: EventKind) -> &'static str {
    match kind {
        EventKind::FirstSeen => "첫 관측: {seen}",
        EventKind::Changed => "{seen}. 이전: {before}",
        EventKind::Opened => "보고 #{id} 시작: {seen}",
        EventKind::Joined => "보고 #{id}: 이곳에서도 {seen}",
        EventKind::Left => "보고 #{id}: 이곳은 회복됨, {seen}",
        EventKind::Ended => "보고 #{id} 종결",
        EventKind::Improved => "이전보다 나아짐: {seen}. 이전: {before}",
        EventKind::Restored => "다시 이전과 같음: {seen}",
        EventKind::NotConfirmed => "한 번 관측되었으나 다시 점검했을 때 확인되지 않음: {seen}",
        EventKind::Flapping => "상태가 반복해서 바뀜",
        EventKind::Steady => "다시 안정됨",
        EventKind::Blind => "14일 동안 관측되지 않음",
        EventKind::Accepted => "이 상태를 정상(기준선)으로 받아들임: {seen}",
        EventKind::ControlFault => {
            "대조 페이지 {control}: 모든 관측 지점에서 접속되지 않아 그 페이지 자체의 문제로 봄"
        }
    }
}
