//! The Korean of what discriminators say.

use crate::i18n::evidence::Table;
use crate::model::discriminator::{NotAsked, Said, Step};
use crate::model::incident::BrowserResult;

/// Korean.
pub(in crate::i18n) const TABLE: Table = Table {
    row,
    step,
    why,
    vantage: "{who}: {what}.",
    served: "{who}: {what}(평소와 같음).",
    person,
};

#[rustfmt::skip] // a table, one row a line
fn row(said: &Said) -> &'static str {
    match said {
        Said::ReferenceAgrees { .. } => "기준 리졸버 {resolver}의 응답에 이곳에서 받은 것과 같은 주소가 있습니다.",
        Said::ReferenceDiffers { .. } => "이 이름은 이곳에서는 {here}, 기준 리졸버 {resolver}에서는 {there}로 조회됩니다. 이것만으로는 아무것도 입증되지 않습니다.",
        Said::ReferenceFails { .. } => "기준 리졸버 {resolver}에서도 주소를 얻지 못했습니다({failure}).",
        Said::ReferenceSilent { .. } => "기준 리졸버 {resolver}에서 응답이 없었습니다({failure}). 이것만으로는 이 이름에 관해 아무것도 알 수 없습니다.",
        Said::ReferenceForged { .. } => "기준 리졸버 {resolver}에 조회하면 위조된 응답이 섞여 있습니다: {answers}.",
        Said::ReferenceVerifies { .. } => "이곳에서 받은 주소 {here}에서는 인증서가 유효하지 않고, 다른 곳에서 알려 준 주소 {there}에서는 유효합니다.",
        Said::SiteAnswersElsewhere { .. } => "이곳에서 받지 못한 주소 {there}에서 사이트의 인증서가 유효합니다.",
        Said::ResolverDenies { .. } => "이곳에서 쓰는 DNS 서버({own})는 이 이름의 주소를 알려 주지 않습니다. 기준 DNS 서버 {resolver}가 알려 준 {there}에서는 사이트가 정상적으로 응답하므로, 접속을 막고 있는 것은 이곳의 DNS 서버입니다.",
        Said::ResolverMisleads { .. } => "이곳에서 쓰는 DNS 서버({own})는 이 이름을 {here}(으)로 안내합니다. 기준 DNS 서버 {resolver}가 알려 준 {there}에서는 사이트가 정상적으로 응답하므로, 접속을 막고 있는 것은 이곳의 DNS 서버입니다.",
        Said::NoBetterThere { .. } => "기준 DNS 서버가 알려 준 주소 {there}에서도 같은 요청의 결과는 나아지지 않습니다.",
        Said::ControlFailsAlike { .. } => "사이트와 무관한 {control}에 이 이름을 보내도 똑같이 실패하며({failure}), 중립적인 이름은 통과합니다. 사이트에 이르기 전에 일어나는 일입니다.",
        Said::ControlAnswersAlike { .. } => "사이트와 무관한 {control}에 이 이름을 보내도 같은 페이지({status})가 오고, 중립적인 이름에는 오지 않습니다. 사이트보다 앞에서 온 페이지입니다.",
        Said::ControlPasses { .. } => "사이트와 무관한 {control}에 이 이름을 보내면 통과합니다.",
        Said::ControlUnclear { .. } => "{control}에 이 이름과 중립적인 이름을 보낸 결과로는 알 수 없습니다.",
        Said::SiteNameFails { .. } => "사이트 주소 {address}에서 중립적인 이름은 통과하고 사이트 자신의 이름은 실패합니다({failure}). 경로상이나 사이트의 경계에서 이름에 반응하는 무언가가 있는 경우와 부합합니다.",
        Said::SitePasses { .. } => "사이트 주소 {address}에서 사이트의 이름과 중립적인 이름이 모두 통과합니다.",
        Said::SiteUnclear { .. } => "사이트 주소 {address}에 자신의 이름과 중립적인 이름을 보낸 결과로는 알 수 없습니다.",
        Said::NotAsked { .. } => "{step}에는 묻지 않았습니다: {why}.",
    }
}

fn step(step: Step) -> &'static str {
    match step {
        Step::Reference => "기준 리졸버",
        Step::AtReference => "기준 DNS 서버가 알려 준 주소",
        Step::ControlWatched | Step::ControlNeutral => "대조 페이지의 주소",
        Step::SiteNeutral | Step::SiteWatched => "사이트의 주소",
    }
}

fn why(why: NotAsked) -> &'static str {
    match why {
        NotAsked::Silence => "직전에 물은 뒤 240초 동안은 접속하지 않습니다",
        NotAsked::NoControl => {
            "같은 프로토콜을 쓰는 다른 곳의 대조 페이지가 이 관측 지점에 없습니다"
        }
        NotAsked::NoAddress => "알려진 주소가 없습니다",
        NotAsked::LocalName => "내부 네트워크의 이름입니다",
        NotAsked::NoReference => "설정된 대로는 사용할 수 없습니다",
        NotAsked::BackOff => "사이트가 접속 자제를 요청했습니다",
        NotAsked::Robots => "robots.txt가 허용하지 않습니다",
    }
}

fn person(browser: BrowserResult) -> &'static str {
    match browser {
        BrowserResult::Ok => "{network}에서 사람이 페이지를 열어 보았습니다({at}).",
        BrowserResult::Refused => "{network}에서 사람이 열어 보아도 거부되었습니다({at}).",
        BrowserResult::Partial => {
            "{network}에서 사람이 열어 보니 페이지가 일부만 나왔습니다({at})."
        }
    }
}
