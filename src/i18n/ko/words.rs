//! The Korean of mails: what codes, findings and levels are called.
//!
//! What was seen is a noun clause in `-음`: it stands alone in a cell, and takes "이" in a sentence.

use crate::i18n::mail::Question;
use crate::model::vantage::NetworkClass;
use crate::model::{Code, Finding, Level};

/// A noun clause.
#[rustfmt::skip] // a table, one row a line
pub(super) fn seen(code: Code) -> &'static str {
    match code {
        Code::Ok => "이상 없음",
        Code::ContentChanged => "페이지는 제공되지만 기대한 내용 일부가 없음",
        Code::ContentReplaced => "알려진 페이지 자리에 다른 페이지가 제공됨",
        Code::ContentUnproven => "다음 단계로 가는 링크나 버튼을 더 이상 확인할 수 없음",
        Code::ContentMoved => "페이지가 다른 주소로 옮겨졌음",
        Code::ContentStale => "가장 최근 항목이 예상보다 오래되었음",
        Code::ContentShrunk => "목록이 평소보다 크게 줄었음",
        Code::ContentNulls => "행은 있으나 값이 비어 있거나 변하지 않거나 날짜가 맞지 않음",
        Code::ContentEmpty => "페이지는 제공되지만 내용이 없음",
        Code::ContentSoft404 => "없는 자료에 표시되는 페이지가 나옴",
        Code::ContentRedirectedHome => "주소가 홈페이지로 리디렉션됨",
        Code::ContentParked => "쓰이지 않거나 판매 중인 도메인의 페이지가 표시됨",
        Code::ContentWithdrawn => "원문 보기 버튼이 보이지 않음",
        Code::SiteMaintenance => "시스템 점검 안내가 표시됨",
        Code::SiteRateLimited => "사이트가 요청이 너무 잦다고 알림",
        Code::SiteChallenge => "사이트가 프로그램은 통과할 수 없는 보안 인증을 요구함",
        Code::SiteEdition => "사이트의 다른 판이 제공됨",
        Code::SiteLogin => "사이트가 로그인을 요구함",
        Code::SitePhone => "사이트가 중국 본토 휴대전화 인증이나 실명 인증을 요구함",
        Code::SitePaywall => "사이트가 구독이나 결제를 요구함",
        Code::SiteNotEntitled => "사이트가 우리 기관을 인식하지 않음",
        Code::SiteSeats => "사이트가 동시 이용자 수의 한도가 찼다고 알림",
        Code::SiteGeoBlock => "사이트가 지역 제한을 이유로 접속을 거부함",
        Code::SiteLegalBlock => "서버가 구체적인 설명 없이 법적 사유로 접속을 거부함",
        Code::SiteIpBan => "사이트가 이 IP 주소나 자동화된 접속을 이유로 접속을 거부함",
        Code::SiteWafBlock => "웹 방화벽이 이유를 밝히지 않고 접속을 거부함",
        Code::SiteIcp => "ICP 등록이 만료되었다는 페이지가 표시됨",
        Code::VantageOffline => "대조 페이지가 응답하지 않음",
        Code::VantageProxy => "프록시가 작동하지 않음",
        Code::VantageCaptive => "대조 페이지 대신 현지 로그인 페이지가 응답함",
        Code::VantageIntercepted => "경로상의 다른 장비가 대조 페이지 대신 응답함",
        Code::VantageClock => "시계가 맞지 않음",
        Code::VantageMoved => "접속에 쓰이는 국가나 네트워크가 바뀌었음",
        Code::SkippedRobots => "사이트의 요청에 따라 프로그램으로 접속하지 않음",
        Code::SkippedBackOff => "사이트의 요청에 따라 접속을 쉬고 있음",
        Code::Insufficient => "판단하기에 충분하지 않음",
        Code::HttpNotFound => "서버가 페이지를 찾을 수 없다고 응답함",
        Code::HttpGone => "서버가 페이지가 삭제되었다고 응답함",
        Code::HttpForbidden => "서버가 이유를 밝히지 않고 접속을 거부함",
        Code::HttpUnauthorized => "서버가 로그인을 요구함",
        Code::HttpClientError => "서버가 요청을 거부함",
        Code::HttpServerError => "서버에 내부 오류가 있음",
        Code::HttpNoReply => "응답 없이 연결이 닫혔음",
        Code::HttpReset => "응답이 다 오기 전에 연결이 재설정되었음",
        Code::HttpTimeout => "응답이 제시간에 다 오지 않았음",
        Code::HttpMalformed => "응답을 읽을 수 없음",
        Code::HttpRedirectLoop => "주소가 같은 곳을 맴돌며 열리지 않음",
        Code::HttpBadRedirect => "작동하지 않는 주소로 이어짐",
        Code::TlsIncompatible => "서버의 암호화 방식을 이 프로그램이 지원하지 않음",
        Code::TlsIncompleteChain => "서버가 중간 인증서를 보내지 않음",
        Code::TlsReset => "암호화 연결을 맺는 동안 연결이 재설정되었음",
        Code::TlsClosed => "암호화 연결을 맺는 동안 연결이 닫혔음",
        Code::TlsTimeout => "암호화 연결이 제시간에 맺어지지 않았음",
        Code::TlsAlert => "서버가 암호화 연결을 맺는 도중에 중단함",
        Code::TlsExpired => "서버의 인증서가 기한이 지났음",
        Code::TlsWrongHost => "서버의 인증서가 다른 이름으로 발급되었음",
        Code::TlsUntrusted => "서버의 인증서가 알 수 없는 기관에서 발급되었음",
        Code::TlsInvalid => "서버의 인증서가 검증되지 않음",
        Code::TcpRefused => "연결이 거부되었음",
        Code::TcpReset => "연결이 재설정되었음",
        Code::TcpTimeout => "제시간에 연결되지 않았음",
        Code::TcpUnreachable => "서버까지 가는 경로가 없음",
        Code::DnsNxdomain => "사이트 이름이 존재하지 않는다는 DNS 응답이 있었음",
        Code::DnsNoAnswer => "DNS 조회에서 사이트 이름에 주소가 없었음",
        Code::DnsServfail => "DNS 서버가 사이트 이름을 조회하지 못함",
        Code::DnsRefused => "DNS 서버가 답하기를 거절함",
        Code::DnsTimeout => "DNS 서버가 제시간에 답하지 않음",
        Code::DnsBogon => "DNS 조회 결과가 인터넷에 없는 주소였음",
        Code::DnsForged => "DNS 조회 결과가 위조되었음",
    }
}

/// What the vantages mean together, as a value behind a label.
#[rustfmt::skip] // a table, one row a line
pub(super) fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::Insufficient => "관측 지점 하나만으로는 판단할 수 없음",
        Finding::Accessible => "모든 관측 지점에서 이상 없음",
        Finding::NetworkInterference => "사이트에 이르기 전, 네트워크에서 일어남",
        Finding::GeoRestricted => "지역에 따라 제공되거나 거부됨",
        Finding::AddressRestricted => "네트워크의 종류에 따라 제공되거나 거부됨",
        Finding::ProgramRefused => "자동 점검 프로그램의 접속을 허용하지 않음",
        Finding::AccessControl => "로그인, 구독, 또는 인식된 기관임을 요구함",
        Finding::Replaced => "알려진 페이지 자리에 다른 페이지가 제공됨",
        Finding::Maintenance => "시스템 점검이 공지됨",
        Finding::Withdrawn => "사이트는 응답하지만 내용의 일부가 없음",
        Finding::Rot => "사이트는 응답하지만 이 주소가 자료로 이어지지 않음",
        Finding::Outage => "중국 본토 내를 포함한 모든 곳에서 접속 불가",
        Finding::Unreachable => "모든 관측 지점에서 접속 불가",
        Finding::Changed => "페이지가 바뀌었음",
        Finding::Divided => "관측 지점마다 다르며, 증거로는 그 이유를 알 수 없음",
    }
}

/// What a finding leaves open, under the heading "What this does not show".
#[rustfmt::skip] // a table, one row a line
pub(super) fn not_shown(finding: Finding) -> &'static str {
    match finding {
        Finding::Insufficient => "사이트의 문제인지, 그곳까지 가는 경로의 문제인지, 이 관측 지점의 문제인지 알 수 없습니다. 다른 네트워크에 관측 지점을 하나 더 두면 더 많은 것을 알 수 있습니다.",
        Finding::Accessible => "다른 계정을 쓰거나 다른 곳에 있는 이용자에게 무엇이 보이는지는 알 수 없습니다.",
        Finding::NetworkInterference => "누가, 경로의 어디에서, 무슨 이유로 그러는지는 알 수 없습니다.",
        Finding::GeoRestricted => "그 이유가 무엇인지, 지역의 모든 이용자에게 해당하는지, 계속될 것인지는 알 수 없습니다.",
        Finding::AddressRestricted => "네트워크의 종류 때문인지, 이 주소 하나 때문인지는 알 수 없습니다.",
        Finding::ProgramRefused => "이용자가 브라우저에서 무엇을 보는지는 사람이 확인하기 전에는 알 수 없습니다.",
        Finding::AccessControl => "구독 계약, 접속 주소, 사이트의 규정 가운데 무엇이 바뀌었는지는 알 수 없습니다.",
        Finding::Replaced => "이용자에게도 같은 페이지가 나오는지, 왜 그 페이지가 제공되는지는 알 수 없습니다.",
        Finding::Maintenance => "안내에 적혀 있지 않다면, 점검이 언제 끝나는지는 알 수 없습니다.",
        Finding::Withdrawn => "그 이유가 무엇인지, 계속될 것인지, 다른 계정을 쓰는 이용자에게 무엇이 보이는지는 알 수 없습니다.",
        Finding::Rot => "자료가 없어졌는지 옮겨졌을 뿐인지는 알 수 없습니다. 제목으로 검색하면 찾을 수도 있습니다.",
        Finding::Outage => "서비스가 중단된 이유는 알 수 없습니다.",
        Finding::Unreachable => "서비스 장애인지, 해외 주소에 대해 닫은 것인지는 알 수 없습니다.",
        Finding::Changed => "이용자가 잃은 것이 있는지는 알 수 없습니다. 화면 개편도 프로그램에는 똑같이 보입니다.",
        Finding::Divided => "관측 지점마다 다른 이유는 알 수 없습니다.",
    }
}

/// What a person should look at.
#[rustfmt::skip] // a table, one row a line
pub(super) fn look(question: Question) -> &'static str {
    match question {
        Question::AsBefore => "이전처럼 작동합니까?",
        Question::FullText => "원문(PDF, CAJ) 보기 버튼이 있습니까? 자료를 두 건 이상 내려받지는 마십시오.",
        Question::Rows => "행이 있습니까? 값이 들어 있습니까? 가장 최근 항목의 날짜는 언제입니까?",
        Question::Item => "자료가 있습니까? 없다면 사이트의 검색에서 제목으로 찾을 수 있습니까?",
        Question::Check => "사이트가 요구하는 보안 인증을 마친 뒤, 페이지가 나타나고 제대로 작동합니까?",
        Question::Entitled => "도서관 네트워크에서 접속했을 때 우리 기관의 이름이 표시됩니까? 페이지는 무엇을 요구합니까?",
        Question::Wording => "페이지에 적힌 문구는 정확히 무엇입니까? 도서관에서, 그리고 휴대전화 회선과 같은 다른 네트워크에서도 확인해 주십시오.",
        Question::Usual => "이용자가 하던 일(검색, 초록 열람, 원문 열람)을 그대로 할 수 있습니까?",
        Question::Answers => "페이지가 열립니까? 도서관에서, 그리고 휴대전화 회선과 같은 다른 네트워크에서도 확인해 주십시오.",
        Question::Works => "이용자에게 필요한 대로 작동합니까?",
    }
}

/// A level by its name.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Home => "홈페이지",
        Level::Search => "검색",
        Level::Abstract => "초록",
        Level::Fulltext => "원문",
        Level::Data => "데이터",
        Level::Api => "인터페이스(API)",
    }
}

/// A kind of network by its name.
pub(super) fn network(network: NetworkClass) -> &'static str {
    match network {
        NetworkClass::Campus => "캠퍼스",
        NetworkClass::Office => "사무실",
        NetworkClass::Residential => "가정",
        NetworkClass::Datacentre => "데이터 센터",
        NetworkClass::Vpn => "VPN",
    }
}
