//! The Simplified Chinese of verdicts and findings. What a sentence leaves open goes behind "无法判断".

use crate::i18n::verdict::{Table, Words};
use crate::model::rule::Saying;
use crate::model::verdict::Code;
use crate::model::{Finding, Level};

/// Simplified Chinese.
pub(in crate::i18n) const TABLE: Table = Table {
    limit: "仅凭这一点无法判断{what}。",
    code,
    short: super::short::short,
    no_button: "全文按钮未显示",
    finding,
    saying,
};

/// Codes, in the order of `docs/verdicts.md`.
#[rustfmt::skip] // a table, one row a line
fn code(key: Code) -> Words {
    let (says, not_shown) = match key {
        Code::Ok => ("探测所预期的内容全部具备。", "该资源的其他页面是否正常、读者看到的页面是否相同"),
        Code::ContentChanged => ("页面正常返回，但缺少探测所查找的某项内容。", "是页面改版，还是有内容停止提供"),
        Code::ContentReplaced => ("原有页面的位置上返回的是另一个页面。", "读者在浏览器中看到的是否也是这个页面"),
        Code::ContentUnproven => ("页面照常返回，但已无法看到通往下一层级的入口。", "是页面改版，还是该层级已停止提供；今后本程序无法观测该层级"),
        Code::ContentMoved => ("网址变更：该网址已永久转向另一主机或另一条记录。", "内容是否仍然存在"),
        Code::TlsIncompatible => ("服务器与本程序没有共同支持的加密方式（旧式或国产密码算法），这是本程序的局限。", "浏览器是否同样无法访问"),
        Code::TlsIncompleteChain => ("服务器未提供中间证书，浏览器通常会自行补全。", "浏览器是否同样无法访问"),
        Code::SiteMaintenance => ("网站显示系统维护公告。", "维护何时结束"),
        Code::SiteRateLimited => ("网站提示访问过于频繁。", "读者是否受到影响"),
        Code::SiteChallenge => ("网站要求进行安全验证以确认是真人访问，不接受程序。", "读者用浏览器访问时会看到什么"),
        Code::SiteEdition => ("网站向此地址提供的是另一版本，例如海外版。", "该版本是否缺少内容"),
        Code::ContentStale => ("最新一条内容的日期早于探测所允许的期限（数据未更新）。", "是因为节假日、停止发布，还是页面故障"),
        Code::ContentShrunk => ("数值的降幅超出探测所允许的范围。", "减少的是哪些条目"),
        Code::ContentNulls => ("数据行正常返回，但数值为空值、长期不变或日期有误。", "其他读者能否获得这些数值"),
        Code::ContentEmpty => ("返回结果格式完整，但其中没有内容，是空数据集。", "数据是否已被删除"),
        Code::ContentSoft404 => ("状态码显示正常，页面上却提示“未找到”。", "页面是否已迁移"),
        Code::ContentRedirectedHome => ("该记录的网址被重定向到首页。", "该记录是否另有网址"),
        Code::ContentParked => ("该域名显示的是停放或出售页面。", "域名现由谁持有"),
        Code::HttpNotFound => ("网站返回 404（未找到）。", "页面是否已迁移"),
        Code::HttpGone => ("网站返回 410（已移除）。", "移除的原因"),
        Code::ContentWithdrawn => ("页面其余部分照常显示，但通往下一层级的入口未显示。", "在别处或对读者本人是否也不提供"),
        Code::SiteLogin => ("网站要求登录。", "有账号是否就能访问"),
        Code::SitePhone => ("网站要求提供大陆手机号或进行实名认证。", "其他地区的号码是否不被接受"),
        Code::SitePaywall => ("网站要求订阅。", "订阅许可是否已到期"),
        Code::SiteNotEntitled => ("网站未能识别本机构。", "问题出在订阅许可还是 IP 地址列表"),
        Code::SiteSeats => ("并发用户数已满。", "是否需要增加并发数"),
        Code::SiteGeoBlock => ("网站拒绝访问，并说明原因是地域限制。", "网站对其他地区如何处理"),
        Code::SiteLegalBlock => ("网站返回 451（因法律原因不可用）。", "依据的是哪项法律"),
        Code::SiteIpBan => ("网站拒绝访问，并说明原因是此 IP 地址或自动化访问。", "其他地址是否也被拒绝"),
        Code::SiteWafBlock => ("返回的是 Web应用防火墙的拒绝页面，未说明原因。", "所针对的是地区、程序还是此地址"),
        Code::SiteIcp => ("返回的是主机服务商为未持有效 ICP备案的网站设置的页面。", "境外读者是否与此有关"),
        Code::HttpForbidden => ("网站返回 403（禁止访问），所附页面不是本程序已知的。", "其原因"),
        Code::HttpUnauthorized => ("网站返回 401（未授权），所附页面不是本程序已知的。", "其原因"),
        Code::HttpClientError => ("网站以 4xx 状态码拒绝请求，所附页面不是本程序已知的。", "其原因"),
        Code::HttpServerError => ("网站返回服务器错误（5xx），所附页面不是本程序已知的。", "是服务故障，还是以此表示拒绝"),
        Code::HttpNoReply => ("尚未收到任何回应，连接即被关闭（无响应）。", "是谁关闭了连接"),
        Code::HttpReset => ("尚未收到完整回应，连接被重置。", "是谁重置了连接"),
        Code::HttpTimeout => ("未在时限内收到完整回应（超时）。", "是网站拒绝，还是线路缓慢"),
        Code::HttpMalformed => ("收到的内容不是规范的 HTTP 回应。", "对方本来要发送什么"),
        Code::HttpRedirectLoop => ("重定向循环往复，或没有尽头。", "重定向之后是什么"),
        Code::HttpBadRedirect => ("重定向指向无法使用的网址。", "页面现在何处"),
        Code::TlsReset => ("建立加密连接的过程中，连接被重置。", "是谁重置了连接"),
        Code::TlsClosed => ("建立加密连接的过程中，连接被关闭。", "是谁关闭了连接"),
        Code::TlsTimeout => ("未在时限内建立加密连接（超时）。", "是网站拒绝，还是线路缓慢"),
        Code::TlsAlert => ("建立加密连接的过程中，对方发出警报并中止。", "其原因"),
        Code::TlsExpired => ("证书错误：证书在当前日期无效。", "网站是否已易主"),
        Code::TlsWrongHost => ("证书错误：证书属于另一个名称。", "这是谁的服务器，还是仅为共享服务器的默认主机"),
        Code::TlsUntrusted => ("证书错误：证书并非由本程序信任的机构签发。", "证书由网站出示，还是由途中的设备出示"),
        Code::TlsInvalid => ("证书错误：证书或加密连接无效。", "问题出在网站还是途中"),
        Code::TcpRefused => ("连接被拒绝。", "是谁拒绝了连接"),
        Code::TcpReset => ("建立连接的过程中，连接被重置。", "是谁重置了连接"),
        Code::TcpTimeout => ("未在时限内建立连接（连接超时）。", "是服务故障、网站拒绝，还是途中被过滤"),
        Code::TcpUnreachable => ("网络报告称无法到达该服务器。", "路径在何处中断"),
        Code::DnsNxdomain => ("域名解析失败：答复称该域名不存在。", "在别处该域名是否存在"),
        Code::DnsNoAnswer => ("域名解析失败：该域名没有对应的地址。", "在别处该域名是否有地址"),
        Code::DnsServfail => ("域名解析失败：解析服务器未能查明该域名。", "问题出在解析服务器还是该域名自己的服务器"),
        Code::DnsRefused => ("域名解析失败：解析服务器拒绝答复。", "其他解析服务器如何答复"),
        Code::DnsTimeout => ("域名解析失败：解析服务器未在时限内答复（超时）。", "问题出在解析服务器还是通往它的路径"),
        Code::DnsBogon => ("域名解析所得的地址，不可能属于公开网站。", "是谁作出这一答复"),
        Code::DnsForged => ("域名解析的答复系伪造。", "是谁伪造的"),
        Code::VantageOffline => ("此观测点没有网络连接。", "该资源的状态"),
        Code::VantageProxy => ("此观测点的代理服务器发生故障。", "该资源的状态"),
        Code::VantageCaptive => ("此观测点上网前须经过本地网络的登录页面。", "该资源的状态"),
        Code::VantageIntercepted => ("此观测点的本地网络会拆解加密连接。", "该资源的状态"),
        Code::VantageClock => ("此观测点计算机的时钟不准。", "该资源的状态"),
        Code::VantageMoved => ("此观测点现在经由另一国家（地区）或另一网络访问互联网。", "该资源的状态"),
        Code::SkippedRobots => ("未访问：网站的 robots.txt 请程序不要访问。", "该资源的状态"),
        Code::SkippedBackOff => ("未访问：网站要求暂停访问。", "该资源的状态"),
        Code::Insufficient => ("信息不足，无法作出判断。", "该资源的状态"),
    };
    Words { says, not_shown }
}

/// Findings, in the order in which they are tried.
#[rustfmt::skip] // a table, one row a line
fn finding(key: Finding) -> Words {
    let (says, not_shown) = match key {
        Finding::Insufficient => ("观测结果太少，无法作出判断。", "该资源的状态"),
        Finding::Accessible => ("从各观测点均可访问，与平时一致。", "其他地方的读者是否同样如此"),
        Finding::NetworkInterference => ("在到达网站之前，途中有某种因素介入。", "是谁所为"),
        Finding::GeoRestricted => ("结果因访问者所在的国家或地区而异（地域限制）。", "其原因"),
        Finding::AddressRestricted => ("结果因访问者所用网络的类型而异。", "是否针对某一国家或地区"),
        Finding::ProgramRefused => ("网站不接受本程序的访问。", "读者会看到什么，须由人工查看后才能知道"),
        Finding::AccessControl => ("网站要求登录、订阅，或须来自其认可的机构。", "为何未能识别本机构"),
        Finding::Replaced => ("原有页面的位置上返回的是另一个页面，其文字未说明已知的原因。", "原因为何，读者在浏览器中看到的是否也是这个页面"),
        Finding::Maintenance => ("网站公告正在进行系统维护。", "维护何时结束"),
        Finding::Withdrawn => ("原先提供的部分内容未显示。", "在别处或对读者本人是否也不提供"),
        Finding::Rot => ("该网址不再指向原来的内容（链接失效）。", "该内容是否另有网址"),
        Finding::Outage => ("在任何地方均无法访问，境内也是如此。", "其原因"),
        Finding::Unreachable => ("从各观测点均无法访问。", "是服务故障，还是不再向境外地址开放"),
        Finding::Changed => ("页面外观有变，但可以使用。", "是否有内容停止提供"),
        Finding::Divided => ("各观测点结果不一，现有证据未说明原因。", "其原因"),
    };
    Words { says, not_shown }
}

fn saying(key: Saying, code_of_rule: Code) -> &'static str {
    match key {
        Saying::OfCode => code(code_of_rule).says,
        Saying::NotShown(level) => not_shown(level),
        Saying::NotWithin { .. } => "{n} 秒内没有收到完整的回应。",
        Saying::FileUnreadable => "本馆自有任务生成的文件缺失或无法读取，这是我方的问题。",
        Saying::NotEvaluated => {
            "本检查项的选择器在此类页面上耗时过长，未予评估：这是检查项设置的问题，不说明网站的任何情况。"
        }
        Saying::BodyNotKept => "此记录的正文未保存，无法重新判定。",
        Saying::NothingTried => "此记录中没有任何尝试。",
        Saying::WeakSignature => "页面与一种仅凭传闻得知的拒绝页面相似，未说明原因。",
        Saying::OtherHost => "作出回应的主机与预期不同。",
        Saying::NoPermission => "接口称无权限，未返回数据。",
        Saying::NullData => "接口作出回应，但未返回数据。",
        Saying::EmptyBody => "回应中没有内容。",
        Saying::OverMax => "数值超出探测所允许的上限。",
        Saying::TokenExpired => {
            "该网址含有会过期的参数，显示的是网站的验证页而不是文献记录：很可能链接已经过期。"
        }
        Saying::AsForNoItem => "状态码显示正常，但页面与该网站对不存在的网址所显示的相同。",
        Saying::JsonCut => {
            "回应超过 `max_body` 上限而被截断，无法读取其中的 JSON：这是本程序的限制，请调高上限。"
        }
        Saying::BodyCut => {
            "回应超过 `max_body` 上限，已读取的部分中没有所查找的内容：这是本程序的限制，请调高上限。"
        }
        Saying::ValueNotEvaluated => {
            "该探测的一个数值未予求值：其路径要查看的节点超过上限。这是探测设置的问题。"
        }
        Saying::JsonBroken => "接口返回了 JSON，但无法解析，其中内容不明。",
        Saying::NothingExpected => "页面已收到，未见已知问题；但未与任何探测项的预期内容核对。",
    }
}

fn not_shown(level: Level) -> &'static str {
    match level {
        Level::Home => "通往首页的入口未显示。",
        Level::Search => "检索框未显示。",
        Level::Abstract => "摘要未显示。",
        Level::Fulltext => "全文按钮未显示。",
        Level::Data => "通往数据的入口未显示。",
        Level::Api => "通往接口的入口未显示。",
    }
}
