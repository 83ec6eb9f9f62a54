//! The Korean of verdicts and findings. What a sentence leaves open is a clause that goes before "알 수 없습니다".

use crate::i18n::verdict::{Table, Words};
use crate::model::rule::Saying;
use crate::model::verdict::Code;
use crate::model::{Finding, Level};

/// Korean.
pub(in crate::i18n) const TABLE: Table = Table {
    limit: "이것만으로는 {what} 알 수 없습니다.",
    code,
    short: super::short::short,
    no_button: "원문 보기 버튼 보이지 않음",
    finding,
    saying,
};

/// Codes, in the order of `docs/verdicts.md`.
#[rustfmt::skip] // a table, one row a line
fn code(key: Code) -> Words {
    let (says, not_shown) = match key {
        Code::Ok => ("점검에서 기대하는 내용이 모두 확인되었습니다.", "같은 자료원의 다른 페이지도 정상인지, 이용자에게도 같은 페이지가 보이는지"),
        Code::ContentChanged => ("페이지는 정상적으로 제공되지만, 점검에서 찾는 내용 일부가 없습니다.", "화면 개편인지, 제공이 중단된 내용이 있는지"),
        Code::ContentReplaced => ("알려진 페이지 자리에 다른 페이지가 제공됩니다.", "브라우저로 보는 이용자에게도 같은 페이지가 나오는지"),
        Code::ContentUnproven => ("페이지는 제공되지만, 다음 단계로 이어지는 링크나 버튼을 더 이상 확인할 수 없습니다.", "화면 개편인지, 해당 단계의 제공이 중단된 것인지 (앞으로 이 프로그램은 그 단계를 확인할 수 없습니다)"),
        Code::ContentMoved => ("주소 변경: 이 주소는 다른 호스트나 다른 자료로 영구 이동되었습니다.", "내용이 없어졌는지"),
        Code::TlsIncompatible => ("서버와 이 프로그램이 함께 쓸 수 있는 암호화 방식이 없으며(구형 또는 국가 고유 암호), 이는 이 프로그램의 한계입니다.", "브라우저에서도 접속되지 않는지"),
        Code::TlsIncompleteChain => ("서버가 중간 인증서를 보내지 않았으며, 브라우저는 대개 이를 스스로 보완합니다.", "브라우저에서도 접속되지 않는지"),
        Code::SiteMaintenance => ("사이트에 시스템 점검 안내가 표시됩니다.", "점검이 언제 끝나는지"),
        Code::SiteRateLimited => ("사이트가 요청이 너무 잦다고 알렸습니다(접속 빈도 제한).", "이용자에게도 영향이 있는지"),
        Code::SiteChallenge => ("사이트가 사람인지 확인하는 보안 인증을 요구하며, 프로그램의 접속은 받지 않습니다.", "브라우저를 쓰는 이용자에게는 무엇이 보이는지"),
        Code::SiteEdition => ("이 접속 주소에는 해외판과 같은 사이트의 다른 판이 제공됩니다.", "그 판에 빠진 내용이 있는지"),
        Code::ContentStale => ("가장 최근 항목이 점검에서 허용하는 기간보다 오래되었습니다(데이터 미갱신).", "휴일 때문인지, 발표 중단인지, 페이지의 오류인지"),
        Code::ContentShrunk => ("수치가 점검에서 허용하는 폭보다 크게 줄었습니다.", "어떤 항목이 빠졌는지"),
        Code::ContentNulls => ("행은 전송되지만, 값이 결측값이거나 변하지 않거나 날짜가 맞지 않습니다.", "다른 이용자에게는 값이 제공되는지"),
        Code::ContentEmpty => ("응답은 온전하지만 내용이 없는 빈 데이터셋입니다.", "데이터가 삭제되었는지"),
        Code::ContentSoft404 => ("상태 코드는 정상이지만, 페이지에는 “찾을 수 없음”이라고 표시됩니다.", "페이지가 옮겨졌는지"),
        Code::ContentRedirectedHome => ("자료의 주소가 홈페이지로 리디렉션됩니다.", "자료가 다른 곳에 있는지"),
        Code::ContentParked => ("도메인에 미사용 또는 판매 안내 페이지가 표시됩니다.", "지금 누가 도메인을 가지고 있는지"),
        Code::HttpNotFound => ("사이트가 404(찾을 수 없음)로 응답했습니다.", "페이지가 옮겨졌는지"),
        Code::HttpGone => ("사이트가 410(삭제됨)으로 응답했습니다.", "왜 삭제되었는지"),
        Code::ContentWithdrawn => ("페이지의 나머지는 그대로이지만, 다음 단계로 이어지는 링크나 버튼이 보이지 않습니다.", "다른 곳에서나 사람에게도 제공되지 않는지"),
        Code::SiteLogin => ("사이트가 로그인을 요구합니다.", "계정이 있으면 이용할 수 있는지"),
        Code::SitePhone => ("사이트가 중국 본토 휴대전화 인증이나 실명 인증을 요구합니다.", "다른 지역의 번호는 받지 않는지"),
        Code::SitePaywall => ("사이트가 구독을 요구합니다.", "구독 계약이 끝났는지"),
        Code::SiteNotEntitled => ("사이트가 우리 기관을 인식하지 않습니다.", "구독 계약의 문제인지, 등록된 IP 주소 목록의 문제인지"),
        Code::SiteSeats => ("동시 이용자 수의 한도가 찼습니다.", "한도를 늘려야 하는지"),
        Code::SiteGeoBlock => ("사이트가 접속을 거부하면서 지역 제한을 이유로 밝혔습니다.", "다른 지역에는 어떻게 하는지"),
        Code::SiteLegalBlock => ("사이트가 451(법적 사유로 이용할 수 없음)로 응답했습니다.", "어떤 법률에 따른 것인지"),
        Code::SiteIpBan => ("사이트가 접속을 거부하면서 이 IP 주소나 자동화된 접속을 이유로 밝혔습니다.", "다른 주소도 거부되는지"),
        Code::SiteWafBlock => ("웹 방화벽의 거부 페이지가 표시되었으며, 이유는 적혀 있지 않습니다.", "지역, 프로그램, 이 주소 가운데 무엇을 두고 거부한 것인지"),
        Code::SiteIcp => ("유효한 ICP 등록이 없는 사이트에 호스팅 업체가 내거는 페이지가 표시되었습니다.", "해외 이용자와 관계가 있는지"),
        Code::HttpForbidden => ("사이트가 403(접근 금지)으로 응답했으며, 이 프로그램이 아는 페이지는 아니었습니다.", "그 원인이 무엇인지"),
        Code::HttpUnauthorized => ("사이트가 401(인증 필요)로 응답했으며, 이 프로그램이 아는 페이지는 아니었습니다.", "그 원인이 무엇인지"),
        Code::HttpClientError => ("사이트가 4xx 상태로 요청을 거부했으며, 이 프로그램이 아는 페이지는 아니었습니다.", "그 원인이 무엇인지"),
        Code::HttpServerError => ("사이트가 서버 오류(5xx)로 응답했으며, 이 프로그램이 아는 페이지는 아니었습니다.", "서비스 장애인지, 거부의 뜻으로 그렇게 응답한 것인지"),
        Code::HttpNoReply => ("응답이 오기 전에 연결이 닫혔습니다(무응답).", "누가 연결을 닫았는지"),
        Code::HttpReset => ("응답이 다 오기 전에 연결이 재설정되었습니다.", "누가 재설정했는지"),
        Code::HttpTimeout => ("응답이 제시간에 다 오지 않았습니다(시간 초과).", "거부인지, 회선이 느린 것인지"),
        Code::HttpMalformed => ("받은 내용이 올바른 HTTP 응답이 아닙니다.", "무엇을 보내려 한 것인지"),
        Code::HttpRedirectLoop => ("리디렉션이 제자리를 돌거나 끝없이 이어집니다.", "그 끝에 무엇이 있는지"),
        Code::HttpBadRedirect => ("리디렉션이 쓸 수 없는 주소로 이어집니다.", "페이지가 어디에 있는지"),
        Code::TlsReset => ("암호화 연결을 맺는 동안 연결이 재설정되었습니다.", "누가 재설정했는지"),
        Code::TlsClosed => ("암호화 연결을 맺는 동안 연결이 닫혔습니다.", "누가 연결을 닫았는지"),
        Code::TlsTimeout => ("암호화 연결이 제시간에 맺어지지 않았습니다(시간 초과).", "거부인지, 회선이 느린 것인지"),
        Code::TlsAlert => ("암호화 연결을 맺는 동안 상대편이 경고를 보내고 중단했습니다.", "그 이유가 무엇인지"),
        Code::TlsExpired => ("인증서 오류: 오늘 날짜에 유효하지 않은 인증서입니다.", "사이트의 주인이 바뀌었는지"),
        Code::TlsWrongHost => ("인증서 오류: 다른 이름으로 발급된 인증서입니다.", "누구의 서버인지, 공용 서버의 기본 호스트일 뿐인지"),
        Code::TlsUntrusted => ("인증서 오류: 이 프로그램이 신뢰하는 기관이 서명하지 않은 인증서입니다.", "사이트가 제시한 것인지, 도중의 무언가가 제시한 것인지"),
        Code::TlsInvalid => ("인증서 오류: 인증서 또는 암호화 연결이 유효하지 않습니다.", "사이트의 문제인지, 도중의 문제인지"),
        Code::TcpRefused => ("연결이 거부되었습니다.", "누가 거부했는지"),
        Code::TcpReset => ("연결을 여는 동안 연결이 재설정되었습니다.", "누가 재설정했는지"),
        Code::TcpTimeout => ("제시간에 연결되지 않았습니다(연결 시간 초과).", "장애인지, 거부인지, 도중에 걸러진 것인지"),
        Code::TcpUnreachable => ("네트워크가 서버에 이를 수 없다고 응답했습니다.", "길이 어디에서 끊기는지"),
        Code::DnsNxdomain => ("DNS 조회 실패: 이름이 존재하지 않는다는 응답이 왔습니다.", "다른 곳에서도 존재하지 않는지"),
        Code::DnsNoAnswer => ("DNS 조회 실패: 이름에 주소가 없습니다.", "다른 곳에서도 주소가 없는지"),
        Code::DnsServfail => ("DNS 조회 실패: DNS 서버가 이름을 알아내지 못했습니다.", "DNS 서버의 문제인지, 이름을 관리하는 서버의 문제인지"),
        Code::DnsRefused => ("DNS 조회 실패: DNS 서버가 이 이름에 답하기를 거절했습니다.", "다른 DNS 서버는 어떻게 답하는지"),
        Code::DnsTimeout => ("DNS 조회 실패: DNS 서버가 제시간에 답하지 않았습니다(시간 초과).", "DNS 서버의 문제인지, 그곳까지 가는 길의 문제인지"),
        Code::DnsBogon => ("DNS 조회 결과가 공개 사이트가 가질 수 없는 주소입니다.", "누가 그렇게 답했는지"),
        Code::DnsForged => ("DNS 조회 결과가 위조된 것입니다.", "누가 위조했는지"),
        Code::VantageOffline => ("이 관측 지점이 네트워크에 연결되어 있지 않습니다.", "자료원이 어떤 상태인지"),
        Code::VantageProxy => ("이 관측 지점의 프록시가 작동하지 않습니다.", "자료원이 어떤 상태인지"),
        Code::VantageCaptive => ("이 관측 지점에서는 인터넷에 앞서 현지 네트워크의 로그인 페이지가 나옵니다.", "자료원이 어떤 상태인지"),
        Code::VantageIntercepted => ("이 관측 지점의 현지 네트워크가 암호화된 연결을 풀어 봅니다.", "자료원이 어떤 상태인지"),
        Code::VantageClock => ("이 관측 지점 컴퓨터의 시계가 맞지 않습니다.", "자료원이 어떤 상태인지"),
        Code::VantageMoved => ("이 관측 지점이 다른 국가나 다른 네트워크를 거쳐 나가고 있습니다.", "자료원이 어떤 상태인지"),
        Code::SkippedRobots => ("접속하지 않음: 사이트의 robots.txt가 프로그램의 접속을 사양합니다.", "자료원이 어떤 상태인지"),
        Code::SkippedBackOff => ("접속하지 않음: 사이트가 접속을 잠시 멈추도록 요청했습니다.", "자료원이 어떤 상태인지"),
        Code::Insufficient => ("판단하기에 충분하지 않습니다.", "자료원이 어떤 상태인지"),
    };
    Words { says, not_shown }
}

/// Findings, in the order in which they are tried.
#[rustfmt::skip] // a table, one row a line
fn finding(key: Finding) -> Words {
    let (says, not_shown) = match key {
        Finding::Insufficient => ("관측된 것이 적어 판단할 수 없습니다.", "자료원이 어떤 상태인지"),
        Finding::Accessible => ("모든 관측 지점에서 평소와 같이 접속 가능합니다.", "다른 곳의 이용자에게도 그러한지"),
        Finding::NetworkInterference => ("사이트에 이르기 전에 도중의 무언가가 개입합니다.", "누가 개입하는지"),
        Finding::GeoRestricted => ("접속하는 국가나 지역에 따라 다릅니다(지역 제한).", "그 이유가 무엇인지"),
        Finding::AddressRestricted => ("접속하는 네트워크의 종류에 따라 다릅니다.", "특정 국가를 두고 한 것인지"),
        Finding::ProgramRefused => ("사이트가 이 프로그램의 접속을 받지 않습니다.", "사람이 확인하기 전에는 이용자에게 무엇이 보이는지"),
        Finding::AccessControl => ("로그인이나 구독, 또는 사이트가 인식하는 기관임을 요구합니다.", "왜 우리 기관을 인식하지 않는지"),
        Finding::Replaced => ("그 자리에 다른 페이지가 제공되며, 문구에 알려진 사유가 적혀 있지 않습니다.", "그 이유와, 브라우저로 보는 이용자에게도 같은 페이지가 나오는지"),
        Finding::Maintenance => ("사이트가 시스템 점검 중이라고 안내합니다.", "점검이 언제 끝나는지"),
        Finding::Withdrawn => ("제공되던 내용의 일부가 보이지 않습니다.", "다른 곳에서나 사람에게도 제공되지 않는지"),
        Finding::Rot => ("주소가 본래의 자료로 이어지지 않습니다(깨진 링크).", "자료가 다른 곳에 있는지"),
        Finding::Outage => ("중국 본토 내를 포함한 어디에서나 접속 불가입니다.", "그 이유가 무엇인지"),
        Finding::Unreachable => ("모든 관측 지점에서 접속 불가입니다.", "장애인지, 해외 주소에 대해 닫은 것인지"),
        Finding::Changed => ("모습은 달라졌지만 작동합니다.", "제공이 중단된 내용이 있는지"),
        Finding::Divided => ("관측 지점마다 다르며, 증거는 그 이유를 말해 주지 않습니다.", "그 원인이 무엇인지"),
    };
    Words { says, not_shown }
}

fn saying(key: Saying, code_of_rule: Code) -> &'static str {
    match key {
        Saying::OfCode => code(code_of_rule).says,
        Saying::NotShown(level) => not_shown(level),
        Saying::NotWithin { .. } => "{n}초 안에 온전한 응답이 오지 않았습니다.",
        Saying::FileUnreadable => {
            "도서관의 자체 작업이 기록하는 파일이 없거나 읽을 수 없으며, 이는 우리 쪽의 문제입니다."
        }
        Saying::NotEvaluated => {
            "이 점검 항목의 선택자는 이런 페이지에서 시간이 너무 오래 걸려 평가하지 않았습니다. 점검 설정의 문제이며 사이트에 대해서는 아무것도 알 수 없습니다."
        }
        Saying::BodyNotKept => "이 기록의 본문이 보관되지 않아 다시 판정할 수 없습니다.",
        Saying::NothingTried => "이 기록에는 시도한 내용이 없습니다.",
        Saying::WeakSignature => {
            "전해 들어서만 아는 거부 페이지와 비슷하며, 이유는 적혀 있지 않습니다."
        }
        Saying::OtherHost => "예상과 다른 호스트가 응답했습니다.",
        Saying::NoPermission => "인터페이스가 권한이 없다며 데이터 없이 응답했습니다.",
        Saying::NullData => "인터페이스가 데이터 없이 응답했습니다.",
        Saying::EmptyBody => "응답에 내용이 없습니다.",
        Saying::OverMax => "수치가 점검에서 허용하는 값보다 큽니다.",
        Saying::TokenExpired => {
            "주소에 유효 기간이 있는 토큰이 있고, 문헌 대신 사이트의 확인 페이지가 표시되었습니다. 링크가 만료되었을 가능성이 큽니다."
        }
        Saying::AsForNoItem => {
            "상태 코드는 정상이지만, 존재하지 않는 주소에 표시되는 것과 같은 페이지입니다."
        }
        Saying::JsonCut => {
            "응답이 `max_body` 한도보다 길어 잘렸으므로 JSON을 읽을 수 없습니다. 이 프로그램의 한계이므로 한도를 높여 주십시오."
        }
        Saying::BodyCut => {
            "응답이 `max_body` 한도보다 길며, 읽은 부분에는 찾는 내용이 없습니다. 이 프로그램의 한계이므로 한도를 높여 주십시오."
        }
        Saying::ValueNotEvaluated => {
            "이 점검의 값 하나는 경로가 한도보다 많은 항목을 살펴야 하므로 평가하지 않았습니다. 점검 설정의 문제입니다."
        }
        Saying::JsonBroken => {
            "인터페이스가 JSON으로 응답했으나 그 JSON을 읽을 수 없어 내용을 알 수 없습니다."
        }
        Saying::NothingExpected => {
            "페이지가 왔고 알려진 문제는 없습니다. 다만 점검 항목의 기대 내용과 견주어 보지는 않았습니다."
        }
    }
}

fn not_shown(level: Level) -> &'static str {
    match level {
        Level::Home => "홈페이지로 가는 링크가 보이지 않습니다.",
        Level::Search => "검색창이 보이지 않습니다.",
        Level::Abstract => "초록이 보이지 않습니다.",
        Level::Fulltext => "원문 보기 버튼이 보이지 않습니다.",
        Level::Data => "데이터로 가는 링크가 보이지 않습니다.",
        Level::Api => "인터페이스로 가는 링크가 보이지 않습니다.",
    }
}
