//! The Simplified Chinese of mails: what codes, findings and levels are called.

use crate::i18n::mail::Question;
use crate::model::vantage::NetworkClass;
use crate::model::{Code, Finding, Level};

/// A clause that stands alone in a cell and behind a colon.
#[rustfmt::skip] // a table, one row a line
pub(super) fn seen(code: Code) -> &'static str {
    match code {
        Code::Ok => "各项正常",
        Code::ContentChanged => "页面正常返回，但缺少某项预期内容",
        Code::ContentReplaced => "原有页面的位置上返回的是另一个页面",
        Code::ContentUnproven => "已无法看到通往下一层级的入口",
        Code::ContentMoved => "页面已迁至另一网址",
        Code::ContentStale => "最新一条内容的日期早于预期",
        Code::ContentShrunk => "列出的内容远少于平时",
        Code::ContentNulls => "数据行正常返回，但数值为空值、长期不变或日期有误",
        Code::ContentEmpty => "页面正常返回，但其中没有内容",
        Code::ContentSoft404 => "显示的是内容不存在时的页面",
        Code::ContentRedirectedHome => "网址被重定向到首页",
        Code::ContentParked => "返回的是闲置或待售域名的页面",
        Code::ContentWithdrawn => "全文按钮未显示",
        Code::SiteMaintenance => "网站显示系统维护公告",
        Code::SiteRateLimited => "网站提示访问过于频繁",
        Code::SiteChallenge => "网站要求进行程序无法通过的安全验证",
        Code::SiteEdition => "返回的是网站的另一版本",
        Code::SiteLogin => "网站要求登录",
        Code::SitePhone => "网站要求提供大陆手机号或进行实名认证",
        Code::SitePaywall => "网站要求订阅或付费",
        Code::SiteNotEntitled => "网站未能识别本机构",
        Code::SiteSeats => "网站提示并发用户数已满",
        Code::SiteGeoBlock => "网站以地域限制为由拒绝访问",
        Code::SiteLegalBlock => "服务器以法律原因拒绝访问，未作具体说明",
        Code::SiteIpBan => "网站以此 IP 地址或自动化访问为由拒绝访问",
        Code::SiteWafBlock => "Web应用防火墙的页面拒绝了请求，未说明原因",
        Code::SiteIcp => "返回的是关于 ICP备案失效的页面",
        Code::VantageOffline => "对照页面均无响应",
        Code::VantageProxy => "代理服务器发生故障",
        Code::VantageCaptive => "作出回应的不是对照页面，而是本地网络的登录页面",
        Code::VantageIntercepted => "途中有某种设备代替对照页面作出回应",
        Code::VantageClock => "时钟不准",
        Code::VantageMoved => "出口所在的国家（地区）或网络有变",
        Code::SkippedRobots => "网站请程序不要访问，因此未访问",
        Code::SkippedBackOff => "依网站的要求暂停访问",
        Code::Insufficient => "信息不足，无法判断",
        Code::HttpNotFound => "服务器称未找到该页面",
        Code::HttpGone => "服务器称该页面已移除",
        Code::HttpForbidden => "服务器拒绝访问，未说明原因",
        Code::HttpUnauthorized => "服务器要求登录",
        Code::HttpClientError => "服务器拒绝了请求",
        Code::HttpServerError => "服务器内部错误",
        Code::HttpNoReply => "连接未经回应即被关闭",
        Code::HttpReset => "尚未收到完整回应，连接被重置",
        Code::HttpTimeout => "未在时限内收到完整回应",
        Code::HttpMalformed => "收到的回应无法读取",
        Code::HttpRedirectLoop => "重定向循环往复",
        Code::HttpBadRedirect => "重定向指向无法使用的网址",
        Code::TlsIncompatible => "本程序不支持该服务器的加密方式",
        Code::TlsIncompleteChain => "服务器未提供中间证书",
        Code::TlsReset => "建立加密连接时连接被重置",
        Code::TlsClosed => "建立加密连接时连接被关闭",
        Code::TlsTimeout => "未在时限内建立加密连接",
        Code::TlsAlert => "服务器中止了加密连接的建立",
        Code::TlsExpired => "服务器的证书已过期",
        Code::TlsWrongHost => "服务器的证书属于另一个名称",
        Code::TlsUntrusted => "服务器的证书由未知机构签发",
        Code::TlsInvalid => "服务器的证书未通过验证",
        Code::TcpRefused => "连接被拒绝",
        Code::TcpReset => "连接被重置",
        Code::TcpTimeout => "未在时限内建立连接",
        Code::TcpUnreachable => "没有通往服务器的路径",
        Code::DnsNxdomain => "域名解析的答复称该域名不存在",
        Code::DnsNoAnswer => "域名解析未得到地址",
        Code::DnsServfail => "解析服务器发生故障",
        Code::DnsRefused => "解析服务器拒绝答复",
        Code::DnsTimeout => "解析服务器未在时限内答复",
        Code::DnsBogon => "域名解析所得的地址不在互联网上",
        Code::DnsForged => "域名解析的答复系伪造",
    }
}

/// What the vantages mean together, as a value behind a label.
#[rustfmt::skip] // a table, one row a line
pub(super) fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::Insufficient => "仅凭一个观测点无法判断其含义",
        Finding::Accessible => "从各观测点看均正常",
        Finding::NetworkInterference => "发生在到达网站之前的网络途中",
        Finding::GeoRestricted => "是否提供因地区而异",
        Finding::AddressRestricted => "是否提供因网络类型而异",
        Finding::ProgramRefused => "网站不接受自动检查程序的访问",
        Finding::AccessControl => "要求登录、订阅，或须来自其认可的机构",
        Finding::Replaced => "原有页面的位置上返回的是另一个页面",
        Finding::Maintenance => "网站公告系统维护",
        Finding::Withdrawn => "网站有回应，但部分内容未显示",
        Finding::Rot => "网站有回应，但该网址不再指向原来的内容",
        Finding::Outage => "在任何地方均无法访问，境内也是如此",
        Finding::Unreachable => "从各观测点均无法访问",
        Finding::Changed => "页面有变化",
        Finding::Divided => "各观测点结果不一，现有证据未说明原因",
    }
}

/// What a finding leaves open, under the heading "What this does not show".
#[rustfmt::skip] // a table, one row a line
pub(super) fn not_shown(finding: Finding) -> &'static str {
    match finding {
        Finding::Insufficient => "问题出在网站、途中还是此观测点，尚不得而知。若在另一网络增设一个观测点，可了解更多情况。",
        Finding::Accessible => "使用其他账号或身在别处的读者会看到什么，不得而知。",
        Finding::NetworkInterference => "是谁所为、发生在途中何处、出于什么原因，均不得而知。",
        Finding::GeoRestricted => "原因何在、是否针对该地区的所有读者、是否会持续下去，不得而知。",
        Finding::AddressRestricted => "原因在于网络类型，还是仅在于这一个地址，不得而知。",
        Finding::ProgramRefused => "读者在浏览器中会看到什么，须经人工查看后才能知道。",
        Finding::AccessControl => "有变化的是订阅许可、访问地址还是网站的规定，不得而知。",
        Finding::Replaced => "读者看到的是否也是这个页面、为何返回该页面，均不得而知。",
        Finding::Maintenance => "除非公告中已经写明，维护何时结束不得而知。",
        Finding::Withdrawn => "其原因、是否会持续下去、使用其他账号的读者会看到什么，均不得而知。",
        Finding::Rot => "内容是被移除还是仅仅迁移，不得而知；按题名检索或可找到。",
        Finding::Outage => "服务中断的原因不得而知。",
        Finding::Unreachable => "是服务故障，还是不再向境外地址开放，无法区分。",
        Finding::Changed => "读者能用的内容是否有所减少，不得而知：页面改版在程序看来也是如此。",
        Finding::Divided => "各观测点结果不一的原因不得而知。",
    }
}

/// What a person should look at.
#[rustfmt::skip] // a table, one row a line
pub(super) fn look(question: Question) -> &'static str {
    match question {
        Question::AsBefore => "是否与以前一样可用？",
        Question::FullText => "是否有全文（PDF、CAJ）下载按钮？请最多下载一篇。",
        Question::Rows => "是否有数据行？其中是否有数值？最新一条的日期是哪天？",
        Question::Item => "该内容是否存在？若不存在，用网站自带的检索能否查到其题名？",
        Question::Check => "完成网站要求的安全验证后，页面能否显示并正常使用？",
        Question::Entitled => "在图书馆的网络中访问时，页面是否显示本机构名称？页面要求提供什么？",
        Question::Wording => "页面上的原文是什么？请分别从图书馆和另一网络（例如手机网络）查看。",
        Question::Usual => "读者能否照常使用：检索、阅读摘要、打开全文？",
        Question::Answers => "网页能否打开？请分别从图书馆和另一网络（例如手机网络）查看。",
        Question::Works => "能否满足读者的使用需要？",
    }
}

/// A level by its name.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Home => "首页",
        Level::Search => "检索",
        Level::Abstract => "摘要",
        Level::Fulltext => "全文",
        Level::Data => "数据",
        Level::Api => "接口（API）",
    }
}

/// A kind of network by its name.
pub(super) fn network(network: NetworkClass) -> &'static str {
    match network {
        NetworkClass::Campus => "校园网",
        NetworkClass::Office => "办公网络",
        NetworkClass::Residential => "家庭网络",
        NetworkClass::Datacentre => "数据中心",
        NetworkClass::Vpn => "VPN",
    }
}
