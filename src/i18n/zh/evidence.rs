//! The Chinese of what discriminators say.

use crate::i18n::evidence::Table;
use crate::model::discriminator::{NotAsked, Said, Step};
use crate::model::incident::BrowserResult;

/// Simplified Chinese.
pub(in crate::i18n) const TABLE: Table = Table {
    row,
    step,
    why,
    vantage: "{who}：{what}。",
    served: "{who}：{what}（与平时相同）。",
    person,
};

#[rustfmt::skip] // a table, one row a line
fn row(said: &Said) -> &'static str {
    match said {
        Said::ReferenceAgrees { .. } => "参考解析器 {resolver} 给出的地址中有本地也得到的地址。",
        Said::ReferenceDiffers { .. } => "该域名在本地解析为 {here}，在参考解析器 {resolver} 解析为 {there}；仅凭这一点不能证明什么。",
        Said::ReferenceFails { .. } => "参考解析器 {resolver} 也没有得到地址（{failure}）。",
        Said::ReferenceSilent { .. } => "参考解析器 {resolver} 没有回应（{failure}），这不能说明该域名的情况。",
        Said::ReferenceForged { .. } => "向参考解析器 {resolver} 查询时，答复中混有伪造的结果：{answers}。",
        Said::ReferenceVerifies { .. } => "在本地得到的地址 {here} 上证书无效，在别处给出的地址 {there} 上证书有效。",
        Said::SiteAnswersElsewhere { .. } => "在本地没有得到的地址 {there} 上，该网站的证书有效。",
        Said::ResolverDenies { .. } => "本地使用的域名服务器（{own}）不提供该域名的地址；在参照域名服务器 {resolver} 给出的地址 {there} 上，网站回应正常：阻碍访问的是本地的域名服务器。",
        Said::ResolverMisleads { .. } => "本地使用的域名服务器（{own}）将该域名指向 {here}；在参照域名服务器 {resolver} 给出的地址 {there} 上，网站回应正常：阻碍访问的是本地的域名服务器。",
        Said::NoBetterThere { .. } => "在参照域名服务器给出的地址 {there} 上，同样的请求也没有更好的结果。",
        Said::ControlFailsAlike { .. } => "把该域名发往与该网站无关的 {control} 也同样失败（{failure}），而中性域名可以通过：问题发生在到达网站之前。",
        Said::ControlAnswersAlike { .. } => "把该域名发往与该网站无关的 {control} 也得到同样的页面（{status}），而中性域名得不到：该页面来自网站之前。",
        Said::ControlPasses { .. } => "把该域名发往与该网站无关的 {control} 可以通过。",
        Said::ControlUnclear { .. } => "从 {control} 对该域名和中性域名的反应无法判断。",
        Said::SiteNameFails { .. } => "在网站地址 {address} 上，中性域名可以通过，而网站自己的域名失败（{failure}）：与途中或网站边缘有设备针对域名作出反应的情形相符。",
        Said::SitePasses { .. } => "在网站地址 {address} 上，网站的域名和中性域名都可以通过。",
        Said::SiteUnclear { .. } => "从网站地址 {address} 对自己的域名和中性域名的反应无法判断。",
        Said::NotAsked { .. } => "没有询问{step}：{why}。",
    }
}

fn step(step: Step) -> &'static str {
    match step {
        Step::Reference => "参考解析器",
        Step::AtReference => "参照域名服务器给出的地址",
        Step::ControlWatched | Step::ControlNeutral => "对照页面的地址",
        Step::SiteNeutral | Step::SiteWatched => "网站的地址",
    }
}

fn why(why: NotAsked) -> &'static str {
    match why {
        NotAsked::Silence => "上次询问后的 240 秒内不再访问",
        NotAsked::NoControl => "该观测点没有位于别处、使用同一协议的对照页面",
        NotAsked::NoAddress => "没有已知的地址",
        NotAsked::LocalName => "这是内部网络的名称",
        NotAsked::NoReference => "按现有配置无法使用",
        NotAsked::BackOff => "网站要求暂停访问",
        NotAsked::Robots => "robots.txt 不允许",
    }
}

fn person(browser: BrowserResult) -> &'static str {
    match browser {
        BrowserResult::Ok => "有人在 {network} 打开了该页面（{at}）。",
        BrowserResult::Refused => "有人在 {network} 打开时也被拒绝（{at}）。",
        BrowserResult::Partial => "有人在 {network} 打开时只看到部分内容（{at}）。",
    }
}
