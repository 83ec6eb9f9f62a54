//! The words of each concept. `east` has Chinese in either script, Japanese and Korean, written
//! without spaces; `latin` has English, as whole words. Both are regular expressions over folded
//! text, so one spelling of a Chinese word is enough.

use std::sync::LazyLock;

use regex::Regex;

use super::fold;

/// How many spans of one concept are read in one text.
const MAX_SPANS: usize = 40;

macro_rules! concepts {
    ($($(#[$doc:meta])* $name:ident { east: $east:expr, latin: $latin:expr })*) => {
        /// A concept of notices.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Concept {
            $($(#[$doc])* $name,)*
        }

        static COMPILED: LazyLock<Vec<Option<Regex>>> = LazyLock::new(|| vec![
            $(compile($east, $latin),)*
        ]);

        #[cfg(test)]
        pub(super) const ALL: &[Concept] = &[$(Concept::$name),*];
    };
}

concepts! {
    /// Abroad, as seen from China, Taiwan, Korea or Japan.
    Overseas {
        east: "不在(?:中国)?(?:大陆|境内|国内|内地)|(?:大陆|境内|国内|中国)(?:之)?外(?:的|用户|地区|读者|网络|ip)|其他国家|他国|非国内|境外|海外|国外|国\\(境\\)外|境\\(国\\)外|(?:大陆|内地|国内|中国|境内|本国|日本|台湾|香港)(?:本土|大陆|地区|境内)?(?:以外|之外)|非(?:中国)?(?:大陆|内地|境内|本土|本国)|港澳台|出境|跨境|外国|外籍|国际(?:用户|访问|网络|读者|ip|流量)|해외|국외|외국|(?:중국|한국|대한민국|국내|본토|대륙)(?:본토|대륙)?(?:이외|외부|밖|외의|외에서)",
        latin: "outside (?:of )?(?:mainland|taiwan|(?:south )?korea|japan|hong kong)|overseas|abroad|outside (?:of )?(?:the )?(?:chinese )?(?:mainland|china|chinese territory|prc|p\\.r\\.c|people's republic|country)[a-z' ]{0,20}|foreign (?:ips?|users?|visitors?|readers?|address(?:es)?|networks?|countr(?:y|ies)|access)|international (?:users?|visitors?|readers?|access|traffic|ips?|address(?:es)?|connections?)|non-?(?:mainland|chinese|domestic)|beyond (?:the )?(?:mainland|chinese)|cross-border"
    }
    /// The mainland, or the country of the site.
    Domestic {
        east: "(?:中国)?(?:大陆|内地|境内|国内|本土)(?:地区|境内)?|国内|台湾地区|日本国内|국내|중국본토|중국대륙|대륙",
        latin: "mainland china|chinese mainland|the mainland|(?:within|in|inside) (?:china|taiwan|(?:south )?korea|japan|hong kong)|domestic(?:ally)?|mainland (?:users?|visitors?|readers?|ips?|address(?:es)?)"
    }
    /// Only for some group.
    Only {
        east: "仅|只|限于|限定|限(?:中国|大陆|内地|国内|境内|本地)|请(?:您)?(?:在|从|切换)|のみ|限り|限って|만(?:이용|접속|가능|접근|제공|열람|사용)|에서만|에게만|께만|에만|한해|한정|一律|专供|(?:面向|针对|专对|(?:^|[^提])供)(?:中国)?(?:大陆|内地|境内|国内|本土|本地)(?:地区|境内)?(?:的|之)?(?:用户|读者|使用者|访客|居民|网民|网络|ip)",
        latin: "only|exclusively|limited to|restricted to|reserved for|solely"
    }
    /// Readers abroad are told apart from those in the country, for whom the page is.
    ForDomestic {
        east: "(?:境外|海外|国外)(?:地区)?的?(?:投资者|用户|读者|访客|机构|单位|个人|客户|会员|学者)[^。]{0,40}(?:面向|针对|专对|供)(?:中国)?(?:大陆|内地|境内|国内|本土)(?:地区)?[^外,。]{1,12}(?:开放|使用|提供|服务|查询|浏览)|해외(?:이용자|기관|투자자)[^.]{0,40}국내[^,.]{1,8}(?:에게|를대상으로|을대상으로)[^,.]{0,6}(?:제공|개방)",
        latin: "(?:overseas|foreign|offshore) (?:readers?|users?|investors?|institutions?|visitors?)[^.]{0,60}(?:open|available|offered|provided) to (?:domestic|mainland|onshore) [a-z]+"
    }
    /// The reader's place.
    Region {
        east: "(?:所在|所处|当前|目前|您的?|你的?|该|此|本|部分|某些|来访|访问|请求来源|来源)的?(?:国家|地区|国别|地域|区域|地理位置|地点|位置|省份|省区)|(?:身处|所处|身在)的?(?:地方|地点|位置)|国家(?:和|或|/|及|与|、|・)?地区|地区(?:和|或|/|及|与|、)国家|归属地|所在地|地域|地理(?:位置|限制|区域|区隔|范围)|(?:服务|覆盖|开放|可用|访问|允许)(?:的)?(?:地区|区域|国家)|区域(?:限制|受限|政策|外|之外|以外)|地区(?:限制|受限|政策|外|之外|以外|禁)|お住まい|お客様の(?:国|地域)|ご利用の(?:国|地域)|この(?:国|地域)|地域|해당국가|해당지역|(?:귀하|사용자|고객|회원)(?:님)?(?:의|이|가)?(?:계신|있는|접속한|거주)?(?:국가|지역|위치)|(?:현재|접속|거주|계신|일부|다른|이)(?:하신|중인|한)?(?:국가|지역|위치)|국가(?:또는|나|및|/)지역|지역제한|국가에서|지역에서|(?:其他|其它|别的|特定|指定)(?:国家|地区|区域)|(?:国家|地区|区域)(?:之|的|内)?(?:读者|用户|居民|民众|访客)",
        latin: "(?:your|their|its) (?:current |present )?(?:country|countries|region|location|territory|area|jurisdiction|market|geograph[a-z]+|place|locale|part of the world)|(?:this|that|some|certain|these|those|other|all other|several|selected|unsupported|every|any|which) (?:countr(?:y|ies)|regions?|territor(?:y|ies)|locations?|jurisdictions?)|country, (?:region|territory)|countr(?:y|ies) (?:or|and|/) ?(?:regions?|area|territor(?:y|ies))|geo(?:graphic(?:al(?:ly)?)?|graphy|-?location|-?block(?:ed|ing)?|-?restrict(?:ed|ions?)?|-?fenc(?:ed|ing))|where you (?:are|live)|where you're|from where you|(?:country|region|place) (?:from which|in which|where|you are|you're)|region(?:al(?:ly)?|s)?(?:-| )?(?:restrict(?:ed|ions?)?|lock(?:ed)?|polic(?:y|ies)|limit(?:ed|s|ations?)?|block(?:ed)?)|service (?:area|region|territory)|(?:participating|eligible|licensed|supported|covered|specified|contracted|named|other) (?:countr(?:y|ies)|regions?|territor(?:y|ies)|markets?|jurisdictions?)"
    }
    /// The places that a source serves.
    ServedRegion {
        east: "(?:服务|覆盖|开放|可用|允许|授权|指定|特定)的?(?:国家|地区|区域)",
        latin: "(?:participating|eligible|licensed|supported|covered|specified|contracted|named|selected) (?:countr(?:y|ies)|regions?|territor(?:y|ies)|markets?|jurisdictions?)"
    }
    /// A place and a refusal in one word.
    RegionRefused {
        east: "地区(?:限制|受限|不支持|未开放|屏蔽)|区域(?:限制|受限|不支持)|地域(?:限制|受限|制限)|지역(?:제한|차단)|국가(?:제한|차단)",
        latin: "geo-?(?:block(?:ed|ing)?|restrict(?:ed|ions?)?|fenc(?:ed|ing))|region-?(?:lock(?:ed)?|block(?:ed)?|restrict(?:ed|ions?)?)|country (?:block(?:ed)?|restrict(?:ed|ions?)?|ban)"
    }
    /// The reader appears to be abroad.
    ReaderAbroad {
        east: "(?:检测到|发现|识别到|系统判断|判定)?您(?:正|目前|当前|似乎|可能|现)?(?:在|位于|处于|来自|从)(?:中国)?(?:大陆|内地|境内|国内|境外|海外|国外)(?:地区)?(?:以外|之外)?|您的?(?:网络|ip|访问)(?:地址)?(?:来自|位于|属于|归属|显示为?)(?:中国)?(?:境外|海外|国外|大陆以外)|해외에서접속|국외에서접속|海外から(?:の|ご)?(?:アクセス|利用)|您的?(?:网络|ip|访问|连线|连接|联机|请求)(?:地址)?(?:似乎|看来|显示为?)?(?:来自|位于|属于|归属)(?:其他|其它|别的|另一)?(?:国家|地区|区域)(?:以外|之外)?|您的?(?:网络|ip|访问|连线|连接|联机|请求)(?:地址)?(?:似乎|看来|显示为?)?(?:来自|位于|属于|归属)(?:其他|其它|别的)",
        latin: "(?:you|your (?:ip|network|connection|address|request|device))(?: address)? (?:appears?|seems?|are|is|looks?|comes?|originates?)[a-z ]{0,40}(?:outside|abroad|overseas|from another country|foreign)[a-z ]{0,20}|connecting from (?:outside|abroad|overseas)"
    }
    Refusal {
        east: "没法|打不开|看不到|看不了|用不了|进不去|不对外|不适用|不服务|闭馆|暂停|停止|终止|中止|暂缓|不(?:再|能|可|予|便|提供|支持|开放|对|向|允许|接受|在|得|面向|受理|适用|享有|被允许|为|包括|包含|覆盖|显示|会)|未(?:能|开放|开通|对|向|提供|获|覆盖|包括|在|纳入|支持)|没有(?:开放|提供|覆盖|权|上线|开通)|尚未|无法|无权|无缘|限制|受限|禁止|禁用|拒绝|屏蔽|封锁|封禁|关闭|下线|谢绝|阻止|阻断|阻隔|拦截|仅(?:限|对|供|向|面向|支持|允许|在|能|可|提供|开放)|只(?:限|对|供|向|面向|支持|允许|在|能|可|提供|开放)|限于|失败|恕|取消|切断|隔离|难以|撤出|收回|不属|不在|退出|できません|できない|いただけません|お断り|制限|終了|遮断|不可|ご遠慮|のみ|限り|対象外|おりません|ブロック|불가|차단|제한|중단|금지|허용|않(?:습니다|음|는|으며)|없(?:습니다|음|는)|못(?:합니다|함)|거부|종료|지원하지|지원되지|未(?:列入|包含|涵盖|收入)",
        latin: "not (?:be )?(?:currently |yet |presently |now |longer |being )?(?:available|accessible|permitted|allowed|supported|offered|provided|possible|open|served?|authori[sz]ed|reachable|shown|displayed|licensed|able|extend|provide|offer|support|allow|accept|include|cover|viewable|in service|eligible|among|one of|part of|intended)|unavailable|inaccessible|unsupported|no longer|cannot|can't|can not|unable|won't|will not|not|(?:don|doesn|isn|aren|hasn|haven|wasn|couldn)'t|restrict(?:ed|s|ions?)?|suspend(?:ed|s)?|block(?:ed|s|ing)?|den(?:y|ied|ies)|prohibit(?:ed|s)?|forbidden|forbids?|barred|refus(?:e|ed|es|al)|decline[sd]?|limit(?:ed|s|ing)?|discontinued?|ceas(?:e|ed|es)|withdrawn|closed|disabled|only|end(?:ed|s)|terminated?|halt(?:ed)?|stop(?:s|ped)?|reserved for|exclusively|paus(?:ed?|es)|reject(?:ed|s)?|exclud(?:ed?|es)|turned off|switched off|cut off|lock(?:ed)?"
    }
    /// A law, an order or an office as the cause.
    Law {
        east: "(?:根据|依据|依照|按照|遵照|遵循|应|因|由于|依|受|为遵守|为符合|基于)[^,。]{0,24}(?:法律|法规|法令|条例|主管(?:部门|机关)|监管(?:部门|机构)|监管要求|有关部门|管理部门|执法|法院|司法|政府|行政|网信|公安|(?:国家|有关|相关)规定|《[^》]{2,40}(?:法|条例|办法|规定)》)|法律原因|依法(?:关闭|停止|屏蔽|下架|处置)|(?:관련법|법률|법령|법규|법원|정부|당국|방송통신심의위원회)[^.]{0,16}(?:따라|의해|의거|요청|명령|위반|근거)|(?:법|법률)에의해|(?:法律|法令|法|当局|裁判所|条例|政府)[^。]{0,10}(?:により|に基づき|によって|の要請|の命令|上の理由)",
        latin: "(?:due to|because of|under|pursuant to|in (?:accordance|compliance|line) with|at the request of|by order of|by|as required by|following|to comply with|for|on|owing to|as a result of|response to)[^.]{0,50}(?:laws?|legal|regulations?|legislation|court(?: order)?|authorit(?:y|ies)|government|regulators?|statut(?:e|ory)|ministry)|legal (?:reasons|grounds|demand|request|order|restrictions?)"
    }
    /// Something breaks rules.
    Violation {
        east: "违规|违反|违法|涉嫌|侵权|被投诉|举报|不合规|위반|違反|権利侵害|利用規約",
        latin: "violat(?:es?|ed|ing|ions?)|infring(?:es?|ed|ing|ements?)|breach(?:es|ed)?|reported by|against (?:our|the|community) (?:rules|guidelines|polic(?:y|ies)|terms)"
    }
    /// A network address.
    Address {
        east: "ip|网段|本机|本设备|(?:网络|来访|访问|访问者|客户端|来源|您的|你的|登录)的?(?:地址|位址|环境位置)|网路位址|아이피|アイピー|ipアドレス|アクセス元|接続元",
        latin: "ips?(?: address(?:es)?| range| number| block)?|(?:network|internet|client|source|host) address|your (?:address|subnet|network)"
    }
    Banned {
        east: "封禁|封锁|封停|被封|已封|拉黑|黑名单|列入[^,。]{0,6}名单|禁止|禁用|限制(?:访问|连接|使用|存取)?|拒绝|屏蔽|冻结|阻断|阻挡|暂停(?:访问|服务|使用)|차단|금지|블랙리스트|제한|정지|ブロック|拒否|制限|遮断|停止",
        latin: "banned|ban|blocked|block|black-?listed|block-?listed|blacklist|blocklist|barred|deny-?listed|denied|suspended|locked out|prohibited|forbidden|disabled|refused|rejected|not (?:allowed|permitted|tolerated)|restricted|cut off"
    }
    /// A program instead of a reader.
    Robot {
        east: "자동(?:수집|접속|프로그램|으로)|爬虫|机器人|机器(?:访问|抓取|行为|下载|采集)|自动(?:化)?(?:程序|访问|工具|采集|脚本|下载)|脚本|采集|批量(?:下载|访问|采集|抓取)|恶意(?:下载|访问|抓取|采集)|过量(?:下载|访问)|超量下载|大量下载|抓取|非人(?:类|工)|异常(?:行为|访问|请求|操作)|(?:行为|请求|访问)(?:存在)?异常|程序(?:化)?访问|크롤러|크롤링|자동화|봇|로봇|대량다운로드|스크립트|매크로|クローラ|ボット|自動|大量ダウンロード|ロボット|スクレイピング|機械的",
        latin: "automatic(?:ally)? (?:access|requests?|downloads?)|automatic tools?|programmatic|robots?|bots?|crawlers?|crawling|scrap(?:er|ers|ing)|automated|automation|scripts?|(?:bulk|mass|systematic|excessive|large-scale) (?:download(?:s|ing)?|access|harvesting|retrieval)|spiders?|harvesting|data mining|machine access"
    }
    /// The filing that sites need in mainland China, and its absence.
    NoFiling {
        east: "(?:未|没有|尚未|无|未经|未完成|未取得|缺少|缺乏|不具备|暂未|逾期)[^,。]{0,12}备案|备案(?:号|信息|状态)?[^,。号:]{0,10}(?:未|没有|注销|取消|过期|吊销|不(?:存在|符|一致|全|通过|合)|失效|掉|异常|核查|撤销|缺失|被撤)|icp[^.。]{0,20}(?:없|않|만료|취소|미등록|取得し|未|ありません)|(?:未|没有|尚未|无)[^,。]{0,8}icp|接入备案",
        latin: "(?:no|not|without|missing|lacks?|lacking|incomplete|revoked|expired|invalid|absence of|lapsed) [^.]{0,50}icp|icp[^.]{0,40}(?:not|missing|revoked|expired|cancell?ed|required|incomplete|lapsed|invalid)"
    }
    /// Too much in too short a time.
    TooMany {
        east: "频繁|频率(?:过|太|超|限)|(?:过|太)(?:快|频)|次数(?:过多|超|已|达|太多|限制|受限)|限流|限速|限频|(?:达到|超过|超出|超)[^,。]{0,14}(?:次数|频率|请求数|请求量|限额|配额|阈值)|(?:请求|访问|操作|查询|下载|检索|提交|点击)(?:数|量|次数)?(?:过多|太多|过量|超限|超标)|(?:今日|当日|每日|本日|每天|每小时|每分钟|下载|访问|查询|检索|浏览|请求|调用|阅读)[^,。]{0,10}(?:上限|限额|额度已|配额)|休息一下|慢一点|너무(?:많|빠르|빨리|자주|빈번)|요청[^.]{0,8}(?:많|초과)|(?:횟수|건수|회수|한도)[^.]{0,10}초과|과도한(?:요청|접속|접근)|빈번|잦|급증|短時間|回数[^。]{0,8}(?:上限|超)|頻繁|リクエスト(?:数)?が多|アクセス(?:数)?が多|過剰なアクセス",
        latin: "too many (?:requests?|queries|searches|attempts|hits|downloads?|visits|pages?|connections|calls)|too (?:fast|frequent(?:ly)?|quickly|often|rapid(?:ly)?)|rate[- ]?limit(?:ed|ing|s)?|(?:request|query|download|search|access|usage) (?:limit|quota|rate|frequency)|slow(?:ing)? (?:it )?down|quotas?|throttl(?:e|ed|ing)|requests per|(?:exceed(?:ed|s)?|reached|over|hit|used up) (?:the|your|our|its|a) [a-z ]{0,30}(?:limit|number|quota|allowance)|short period of time|take a break"
    }
    /// A number of readers or readings a day is reached.
    DayQuota {
        east: "(?:今日|今天|当日|当天|每日|每天|本日)[^,。]{0,10}(?:名额|预约|号源|份额)[^,。]{0,6}(?:已满|满额|约满|用完|用尽|用光|发完|领完|为0|已完)|(?:오늘|금일|하루)[^.]{0,12}(?:인원|정원)[^.]{0,8}(?:마감|초과|찼)|本日[^。]{0,10}(?:定員|予約)[^。]{0,6}(?:達し|満|終了)",
        latin: "(?:today's|daily) (?:quota|allotment|places|slots|tickets)[a-z ]{0,20}(?:full|taken|reached|exhausted|gone|used up)"
    }
    /// A free allowance is used up.
    UsedUp {
        east: "(?:免费|试用|赠送|体验|试读)[^,。]{0,12}(?:次数|额度|篇数|机会|份额|时长|权益)[^,。]{0,6}(?:用完|用尽|用光|耗尽|已满|为0|为零|不足|已达)|(?:次数|额度|篇数|机会)[^,。]{0,6}(?:用完|用尽|用光|耗尽)|무료[^.]{0,16}(?:모두|소진|초과|다썼)|無料[^。]{0,16}(?:使い切|上限|終了|超え)",
        latin: "(?:used (?:up )?|reached |read |exhausted |out of )(?:all )?(?:of )?(?:your|the) (?:[a-z0-9]+ ){0,3}(?:free|complimentary|trial)|(?:free|complimentary|trial) (?:articles?|views?|reads?|previews?|downloads?|searches|pages|allowance)[a-z ]{0,20}(?:used|left|remaining|reached|exhausted)"
    }
    /// Too many readers, or so the site says: interfaces use these words for anything.
    Busy {
        east: "(?:系统|服务器?|网站|访问|网络|当前|平台)(?:人数|量|人员)?(?:过|较|太|十分|非常|正)?(?:繁忙|忙碌|拥挤|拥堵)|访问量过大|アクセスが集中|混雑|混み合|접속자가많|혼잡",
        latin: "server (?:is )?(?:currently )?(?:too )?busy|(?:servers? (?:is|are) )?overloaded|heavy (?:load|traffic)"
    }
    /// A check that is meant for people.
    Check {
        east: "人机|机器人|真人|滑块|滑动|拖动|拖拽|拼图|验证码|安全(?:验证|检查|检测|校验|认证)|(?:去|进行|完成|通过|点击|正在|开始|需要|等待|以下|下方|下面的?|继续)(?:完成|进行)?(?:安全|身份)?(?:验证|校验)|(?:访问|网络|当前|登录|设备)?环境(?:存在)?异常|浏览器(?:检查|检测|验证|环境)|正在(?:检查|检测|验证|确认|核实)[^,。]{0,12}(?:浏览器|连接|访问|环境|请求|您|是否)|异常流量|流量异常|不是(?:由)?(?:自动|机器|程序)|工作量证明|风控|图形验证|行为验证|按住|点选|依次点击|로봇|보안문자|자동입력|사람인지|사람임|캡차|캡챠|보안확인|보안검사|비정상적인트래픽|퍼즐|슬라이드|슬라이더|ロボット|人間であ|画像認証|セキュリティ(?:チェック|確認|検証)|パズル|通常と異なる|スライド|ブラウザ(?:ー)?を(?:確認|検証)",
        latin: "captchas?|(?:a|are|you're|you are|real) human|humans?|not a (?:robot|bot|program|script)|bot (?:check|protection|detection|verification)|security (?:check|verification|challenge|test)|checking your (?:browser|connection|device)|press (?:and|&) hold|slider?|drag the|puzzle|proof[- ]of[- ]work|unusual (?:traffic|activity|network)|enable (?:javascript|js) and cookies|verif(?:y|ying|ied) (?:you|your browser|your identity|that you|access|your request|your device)|need verif(?:y|ication)|just a moment|one more step|turnstile|real person|prove (?:that )?you"
    }
    /// A demand to pass the check; words for programs alone demand nothing.
    CheckDemand {
        east: "滑块|滑动|拖动|拼图|验证码|(?:去|进行|完成|通过|点击|以下|下方)(?:完成|进行)?(?:人机|安全|身份)?(?:验证|校验)|不是(?:由)?(?:自动|机器|程序)|보안문자|자동입력|画像認証|ではないことを",
        latin: "captchas?|(?:verify|confirm|prove)[a-z ]{0,20}(?:human|robot|person)|not a robot|press (?:and|&) hold|slider|puzzle"
    }
    /// A code that is sent to a phone.
    SentCode {
        east: "(?:获取|发送|短信|手机|动态)验证码|인증번호|認証番号",
        latin: "(?:send|get) (?:the |a )?code|sms code"
    }
    Telephone {
        east: "手机(?:才|未|后|认证|核验)|未实名|真实姓名|真名|身份(?:信息|核验)|电话(?:验证|认证|注册)|手机(?:号|号码|验证|绑定|认证|短信|注册|登录|动态|卡|门号)|(?:绑定|大陆|中国|本人|输入|填写|验证|使用|注册|内地|关联|预留|登记)(?:的)?手机|手机用户|移动电话|电话号码|短信|实名|身份证|真实身份|门号|行动电话|휴대폰|휴대전화|핸드폰|전화번호|본인인증|본인확인|실명|\\+86|携帯(?:電話|番号)|電話番号|ショートメッセージ|本人確認|実名|实人|人脸(?:识别|核验|认证|比对)|活体(?:检测|认证)|本人(?:核验|身份)",
        latin: "mobile(?: phone| telephone)? (?:numbers?|no\\.?|verification|authentication)|(?:phone|telephone|cell(?:ular)?|handset) (?:numbers?|verification)|cell ?phone|mobile(?: phone)?|text (?:message|code)|sms|real[- ]name|(?:id|identity) (?:cards?|number|verification)|passport number|resident identity"
    }
    Demand {
        east: "请|需|须|必须|应当|要求|方可|才(?:能|可|会)|之后|后(?:再|可|才|即可|方|继续|使用|查看|访问|阅读|下载|浏览|登录|进入)|完成|进行|绑定|仅(?:限|支持|接受|对|向|供)|只(?:有|支持|接受|限)|尚未|未|没有|输入|填写|不支持|不接受|补充|필요|주세요|주십시오|하세요|하십시오|바랍니다|하셔야|해야|이후|뒤에|마친|거쳐|후이용|후에|만가능|한후|ください|必要|下さい|お願い|してから|いたします|後に|済ませ|求め",
        latin: "please|must|need(?:s|ed)?|requires?|required|have to|has to|verify|verified|bind|binding|link|linked|confirm|complete|enter|provide|before|in order to|to (?:continue|proceed|view|access|read|use|unlock|go on)|only|first|not yet|hasn't|has not|mandatory|supply|sent to|supported|accepted|register|add|submit|associate"
    }
    Login {
        east: "登录|登陆|登入|身份认证|单点登录|统一认证|账号|账户|로그인|ログイン|サインイン|ログオン",
        latin: "log ?in|logging in|log ?on|log-in|sign ?in|sign-in|signing in|logged[ -]in|signed[ -]in|authenticate|authentication|credentials|accounts?"
    }
    /// Words around a demanded login; a menu has none of them.
    LoginDemand {
        east: "请(?:您)?(?:先|重新|使用|用|通过|以|前往|进行|返回|在)?|先|需(?:要)?|须|必须|要求|方可|才(?:能|可|会)|后(?:再|可|才|即可|方|继续|使用|查看|访问|阅读|下载|浏览|进入|操作|检索|查询|显示|获取)|之后|以后|仅(?:限|对|供|向)|只(?:有|对|供|限)|以(?:查看|继续|访问|阅读)|即可|过期|失效|超时|필요|주세요|주십시오|하세요|하십시오|바랍니다|하셔야|해야|뒤에|후이용|하신후|한후|후에|만(?:이용|열람|가능|볼수)|ください|必要|下さい|お願い|してから|後に|した(?:方|ユーザー)|いただ|のみ",
        latin: "please|must|need(?:s|ed)?(?: to)?|requires?|required|have to|has to|first|before|in order to|to (?:continue|proceed|view|access|read|use|see|download|unlock|go on|search)|only|necessary|again|not|with your|who|after"
    }
    /// Words that say by themselves that nobody is logged in.
    LoggedOut {
        east: "身份(?:已)?(?:过期|失效)|认证(?:已)?(?:失败|过期|失效)|(?:游客|匿名用户|访客)(?:不能|无法|无权|不可)|비로그인|로그아웃|未ログイン|ログアウト|未登录|尚未登录|没有登录|还没(?:有)?登录|未登入|非登录|登录(?:状态|信息|凭证|态)?(?:已)?(?:失效|过期|超时|无效)|会话(?:已|已经)?(?:超时|过期|失效|结束)|(?:token|令牌|凭证|票据|身份信息)[^,。]{0,6}(?:无效|错误|过期|不对|失效|不正确|缺失|为空|不能为空|非法)|未(?:认证|鉴权)|鉴权失败|用户(?:信息)?(?:不存在或)?未登录|세션[^.]{0,6}만료|로그인(?:이|을)?(?:필요|하지|해야|후|되지|된|하셔야)|미로그인|ログイン(?:して(?:いません|ください)|が必要|していない|後に)|セッション[^。]{0,8}(?:切れ|タイムアウト|失効|無効|終了)",
        latin: "guests? (?:cannot|can't|may not|are not)|anonymous (?:users?|access) [a-z ]{0,12}(?:not|disabled|denied)|(?:not|isn't|aren't|haven't|never) (?:yet |been |currently )?(?:logged|signed) (?:in|on)|session (?:has |is |was )?(?:expired|timed out|ended|invalid|lost|time-?out)|(?:log ?in|sign[ -]?in|authentication|authorization) (?:is )?(?:required|needed|necessary|expired|failed)|(?:need|requires?|must) (?:to )?(?:log|sign)[ -]?(?:in|on)|need login|(?:invalid|missing|expired|bad|no|wrong) (?:access )?(?:token|ticket|credentials?|session)|(?:token|ticket|session) (?:is |has |has been )?(?:invalid|missing|expired|required)|unauthenticated|unauthori[sz]ed|samlrequest|samlresponse|wresult"
    }
    /// The whole title of a login page.
    LoginTitle {
        east: "^.{0,16}(?:登录|登陆|登入|签入)(?:页面?|界面|系统|平台|入口|中心)?$|^.{0,12}(?:统一身份认证|身份认证|统一认证|单点登录)(?:平台|系统|中心|服务|页面)?$|^.{0,12}로그인(?:페이지|화면)?$|^.{0,12}ログイン(?:画面|ページ)?$",
        latin: "^(?:[a-z ]{0,20})?(?:log ?in|log ?on|sign[ -]?in)(?: page| to [a-z ]{1,30})?$|^(?:central |unified |single )?(?:authentication|sign-?on)(?: service| portal)?$"
    }
    Password { east: "密码|口令|비밀번호|パスワード|暗証番号", latin: "passwords?|passcode" }
    /// A field for a password.
    PasswordField {
        east: "(?:输入|登录|您的|用户名|账号|手机号|邮箱)[^,。]{0,4}密码|密码登录|비밀번호|パスワード",
        latin: "passwords?"
    }
    /// A greeting with a link, as in headers of sites.
    Greeting {
        east: "(?:您好|你好|hi|欢迎(?:您|光临|来到|访问)?[^。]{0,16})[,!，]?请?(?:先)?(?:登录|登入)[\\s/|·]*(?:免费)?(?:注册|$)|登录[\\s/|·]*(?:免费)?注册",
        latin: "(?:sign in|log ?in)[\\s/|·]*(?:or )?(?:register|sign up|join|create an account|my account|help|cart|home|about)"
    }
    /// The readers who have access to a source.
    Institution {
        east: "机构|单位|学校|本校|校内|校园|校外|学院|图书馆|馆内|本馆|贵馆|团体|集团(?:用户|采购)?|成员馆|院校|高校|大学|校园网|内网|局域网|vpn|carsi|기관|도서관|대학|교내|캠퍼스|학교|소속|기관회원|機関|図書館|学内|契約|キャンパス",
        latin: "institutions?|institutional(?:ly)?|organi[sz]ations?|librar(?:y|ies)|campus|university|universities|college|subscribers?|subscribing|consortium|ezproxy|shibboleth|vpn|on-site|intranet"
    }
    NoRight {
        east: "未(?:订购|订阅|开通|购买|采购|授权|签约|加入|获得|订|取得)|没有(?:订购|订阅|开通|购买|权限|授权|权|采购|访问|使用)|尚无|无(?:权|访问|使用|阅读|权限|下载)|不具备|不拥有|权限(?:不足|已过期|到期|不够)|仅(?:限|供|对|向|面向|允许|可在|能在|在|授权)|只(?:限|供|对|能|向|在|允许)|限(?:本校|本馆|馆|在|于|校)|不(?:属于|在|是)|请(?:您)?(?:先)?(?:在|通过|经由|从|连接|切换|返回|回到|接入)|(?:已|使用权)?(?:到期|过期)|(?:无法|未能|不能)识别|未识别|아니므로|아닙니다|아닌|구독하지|구독하고있지|권한이없|이용권한|만(?:이용|접속|접근|열람)|에서만|계약(?:이|되어)?(?:만료|없|있지)|등록되지|가입되지|통해(?:서)?(?:접속|이용)|契約していない|契約されていません|契約が(?:なく|ない|切れ|ありません)|のみ|限り|限定|権限がありません|利用権|からのみ|未契約|ご利用になれません|(?:未能?|没有|无法)(?:在)?[^,。]{0,8}(?:订户|订阅|订购|授权|许可|名录|名单|合同)[^,。]{0,8}(?:找到|查到|匹配)|(?:未能?|没有|无法)(?:找到|查到|匹配)[^,。]{0,8}(?:(?:订阅|订购|授权|许可)(?:信息|记录|合同|协议)|(?:访问|使用)权限|所属(?:机构|单位)|机构信息)|에한(?:하여|해|정)",
        latin: "not (?:currently |yet )?(?:subscribed?|entitled|have|include|included|licensed|covered|part|provide|recogni[sz]ed|registered|purchased|affiliated|member|associated|authori[sz]ed|allowed)|(?:don|doesn|hasn|haven|isn|aren|couldn|can)'t|cannot (?:identify|recogni[sz]e|find)|could not (?:be )?(?:identif[a-z]+|recogni[sz]ed?)|no (?:subscription|access|licen[cs]e|entitlement|rights?|longer)|only|restricted|limited|requires?|through (?:the|your)|via (?:the|your)|please (?:connect|access|use|come|visit)|expired|lapsed|without a (?:subscription|licen[cs]e)|unrecogni[sz]ed|unaffiliated|must (?:be|connect|use)|(?:do|does|did)(?: not|n't) (?:currently |yet )?(?:cover|include|extend|have|hold|subscribe|grant|give|entitle)"
    }
    /// An address is not among the admitted ones.
    OutOfRange {
        east: "不在[^,。]{0,16}(?:范围|名单|列表|白名单|网段|之内|区间|内)|未(?:在|被|获)?[^,。]{0,8}(?:授权|登记|开通|订购|识别|绑定|收录|许可|认可|备录|列入)|(?:超出|不属于|超越|非)[^,。]{0,12}(?:范围|授权|许可)|没有[^,。]{0,6}(?:授权|权限|登记|访问权|许可)|无(?:权|访问权限|使用权限|授权)|授权范围|范围(?:外|之外|以外)|不匹配|不符|无法(?:识别|匹配)|등록되지|허가되지|허용되지|인증되지|인가되지|범위(?:에|를|밖|가)|미등록|登録されて(?:いません|いない)|未登録|範囲外|許可されて(?:いません|いない)|認証されません|契約範囲",
        latin: "not (?:with)?in [^.]{0,40}(?:ranges?|lists?)|(?:not|isn't) (?:with)?in|outside [^.]{0,40}(?:ranges?|lists?|network)|out of (?:the )?range|not (?:been )?(?:recogni[sz]ed|registered|authori[sz]ed|on (?:the|our|any) [a-z ]{0,12}list|listed|covered|known|associated|linked|licensed|entitled|among|belong|match|part)|unrecogni[sz]ed|unregistered|unauthori[sz]ed|(?:does|do)(?: not|n't) (?:belong|match|correspond|fall|have access|appear)|no (?:access|subscription|rights)|authori[sz]ed range|couldn't be matched|could not be matched"
    }
    /// No permission, and nothing more.
    NoPermission {
        east: "非(?:本校|本馆|本院|授权|订购|签约)(?:用户|读者|师生|机构|ip)|(?:没有|无|暂无|缺少|不具备|未获得?)(?:该|此|相关|足够的?|查看|访问|阅读|下载|使用|浏览|操作|本|任何)*(?:[^,。]{0,6})?权限|无权(?:限)?(?:访问|查看|阅读|下载|使用|浏览)|权限不足|无权限|권한이없|권한이부족|접근권한|열람권한|権限がありません|権限が(?:ない|不足)|アクセス権",
        latin: "no (?:permissions?|rights?|access rights)|permission (?:is )?denied|not (?:been )?(?:authori[sz]ed|permitted|entitled|allowed) to (?:view|access|read|see|use|open|download)|(?:do|does)(?: not|n't) (?:currently )?have (?:access|permissions?|the (?:rights?|permissions?|necessary|required))|insufficient (?:rights?|permissions?|privileges?|access)|lack(?:s)? (?:the )?(?:permissions?|rights|privileges)|not entitled"
    }
    Seats {
        east: "并发|同时(?:在线|使用|访问|登录|连接)|在线(?:人|用户|名额|数|读者)|(?:线上|上线|登录|使用)人数|连接数|席位|坐席|名额|许可(?:证)?数|用户数|동시(?:접속|사용|이용)|접속자|사용자수|이용자수|同時(?:アクセス|接続|利用|ログイン)|アクセス数|利用者数|阅览(?:座位|席位)",
        latin: "users? [a-z ]{0,30}online|readers? [a-z ]{0,30}online|connections? (?:limit|allowed)|concurrent|concurrency|simultaneous(?:ly)?|seats?|licen[cs]es|user limit|number of (?:users|sessions|readers|connections)|turnaways?|(?:all|available) (?:user )?(?:sessions?|slots?|connections?)|at the same time|users? (?:are )?online|(?:reading|reader|user) (?:places?|spots?|slots?|desks?)|(?:all|no|every) (?:[a-z]+ )?(?:places?|spots?|slots?|desks?)"
    }
    Full {
        east: "不足|不够|没有空|无空|已满|满员|满了|满额|达|上限|超过|超出|超限|超额|占满|用尽|用完|占用|排队|最大|额满|已超|满,|초과|도달|한도|최대|가득|찼|모두사용|上限|超え|満|埋まって|達し",
        latin: "wait for|no more than|limit|reached|exceed(?:ed|s)?|full|maximum|limit|in use|taken|occupied|too many|no (?:more|free|available)|none|busy|exhausted|used up|queue"
    }
    Payment {
        east: "[$¥￥€£] ?[0-9]+|[0-9]+元|阅点|下载券|文献币|金币|月费|年费|付款|会员费|会员|vip|付费|购买|订购|订阅|充值|余额|收费|缴费|续费|续订|试用|套餐|有偿|点数|积分|支付|付款|付清|阅读卡|개별구매|유료|결제|구독|구매|이용권|정액|멤버십|프리미엄|포인트|有料|購読|購入|会員限定|有料会員|プレミアム|課金|料金",
        latin: "(?:usd|rmb|cny|hkd|ntd|krw|jpy|eur|gbp) ?[0-9][0-9,.]*|subscri(?:be|bes|bing|ption|ptions|bers?)|paid|pay(?:ing|ment|s|wall)?|purchas(?:e|ed|ing)|buy(?:ing)?|premium|memberships?|members?|trials?|credits?|(?:account )?balance|(?:pro|premium|paid|higher) plan|renew(?:al|ed)?|fees?|pay-per-view|unlock"
    }
    PaymentDue {
        east: "请|需|须|必须|仅(?:限|供|对|向)?|只(?:限|供|对|有)|才(?:能|可)|方可|后(?:可|即可|才|方|继续|查看|阅读|下载|再|观看|使用|浏览|解锁)|即可|专享|专属|专用|独享|不足|到期|过期|结束|届满|未(?:购买|订购|订阅|开通|付费|充值|续费)|没有(?:购买|订购|订阅|开通)|尚未|剩余|解锁|以(?:查看|阅读|继续|下载)|畅(?:读|享)|尊享|(?:付费|收费|会员|有偿)(?:内容|资源|文章|文献|阅读|栏目)|可(?:查看|阅读|下载|访问|享)|필요|만(?:이용|열람|가능|볼)|하시면|시면|하면|볼수|후(?:이용|열람|다운)|하셔야|해야|만료|전용|부족|하세요|주세요|가입|컨텐츠|콘텐츠|必要|限定|ください|切れ|のみ|専用|不足|終了|いただ|すると|記事|コンテンツ",
        latin: "to (?:continue|read|view|access|unlock|download|see|get|keep|proceed|go on)|become a|required?|requires|only|must|need(?:s|ed)?|has (?:expired|ended|run out)|expired|ended|over|exclusive(?:ly)?|insufficient|unlock|behind|remaining|rest|lapsed|please|for (?:paying|paid|premium)|full (?:text|article|access|report)|this (?:article|content|report|document)|have not|not (?:yet )?(?:been )?(?:purchased|paid|subscribed)|run out|too low"
    }
    Newsletter { east: "邮件|公众号|rss|微信|快讯|新闻信|뉴스레터|メールマガジン|电子报", latin: "newsletters?|rss|alerts?|e-?mail updates|mailing list" }
    Edition { east: "(?:海外|国际|境外|外文|英文)版|글로벌판|英語版|国際版", latin: "(?:international|overseas|global|english) edition" }
    Maintenance {
        east: "(?:系统|网站|平台|服务器?|主机|数据库|设备|机房|本站|本网|网络|服务|例行|定期|紧急|后台|线路|电力|临时|计划|程序|数据|版本|站点|检索)[^,。]{0,10}(?:维护|升级|检修|割接|停机|改造|扩容|维修|更新|迁移|搬迁|调试)|(?:维护|升级|检修|割接|改造|停机|维修|迁移|搬迁)(?:中|作业|期间|工作|公告|通知|时间|时段|完成|结束|完毕|升级|改造|当中|暂停)|正在(?:进行)?(?:维护|升级|检修|建设|改版|调试|抢修|更新|维修)|停机维护|建设中|抢修|停电|점검|정비|업그레이드|유지보수|서버이전|개편중|작업중|メンテナンス|保守|点検|アップグレード|工事中|リニューアル(?:中|作業)|停電",
        latin: "maintenance|undergoing (?:an? )?(?:upgrade|update|work|repairs?)|being (?:upgraded|updated|serviced|rebuilt|repaired|migrated|moved to new)|(?:system|server|platform|scheduled|planned|service|database|website|site|network|routine|infrastructure) (?:upgrades?|updates?|outage|downtime|migration|repairs?)|upgrading|(?:right )?back (?:soon|shortly|later|online)|be back (?:at|on|by)|moving to (?:a )?new (?:servers?|hardware|data ?cent(?:er|re)|host)|temporarily offline|under construction|power (?:outage|cut|failure)|technical works?|repairs? in progress"
    }
    /// Work that lasts for a time, or an offer that is off meanwhile.
    Downtime {
        east: "(?:维护|检修|升级|割接|停机|维修)(?:中|期间|时间|时段|作业)|期间(?:暂|不|无法)|暂(?:停|时|不提供)[^,。]{0,8}(?:下载|全文|服务)|正在(?:进行)?[^,。]{0,6}(?:维护|检修|升级)",
        latin: "(?:under|during|while) [a-z ]{0,20}(?:maintenance|upgrades?|repairs?|work)|until"
    }
    /// An offer that a service does not have, whatever else it does.
    NotOffered {
        east: "(?:不|未)(?:再)?(?:支持|提供|开放)[^,。]{0,4}(?:下载|全文|阅读|浏览|导出|获取)|(?:다운로드|원문|열람)(?:을|를|은|는)?(?:지원|제공)하지|(?:ダウンロード|閲覧)(?:には|に)?対応していません",
        latin: "(?:downloads?|downloading|full[- ]?text|files?) (?:is|are) not (?:supported|offered|provided)|(?:do|does)(?: not|n't) (?:support|offer|provide) (?:downloads?|downloading|the full text|files?)"
    }
    /// A service ends for good.
    Closing {
        east: "停止运(?:行|维)|(?:结束|终止)运营|关站|闭站|운영(?:을)?종료|運用を終了|(?:永久|终止|正式)(?:性)?(?:关闭|停止|停用|下线|服务|运营)|停止(?:对外)?(?:运营|运行|对外|服务|提供|开放|访问|更新和服务)|不再(?:对外|提供|运营|开放|继续)|关停|下线(?:停用|通知|公告)|停服公告|服务终止|已(?:经)?(?:停用|关停|停运|撤销|下线)|(?:平台|网站|系统|数据库|服务|本站|本库)[^,。]{0,10}(?:终止|关停|下线|停用|停运|关闭)|서비스(?:가|를)?[^.]{0,6}(?:종료|폐지)|사이트[^.]{0,6}폐쇄|サービス[^。]{0,8}(?:終了|廃止)|提供を(?:終了|停止)|閉鎖(?:しました|いたしました)",
        latin: "(?:has|have|is|are) (?:been )?(?:shut|closed|closing) down|will (?:be )?clos(?:e|ed) (?:on|for good|permanently)|no longer in (?:service|operation|use)|(?:service|site|website|platform|database|portal|project|archive)s? (?:has |have |is |was |will |are )?(?:been |be )?(?:now )?(?:permanently )?(?:closed|shut ?down|discontinued|terminated|retired|decommissioned|ended|withdrawn|taken offline|no longer (?:available|maintained|in operation))|ceased (?:operations?|to operate)|sunset(?:ted)?|end of (?:service|life)|permanently closed|discontinued"
    }
    /// A service stops, and nothing more.
    Suspended {
        east: "(?:暂停|停止|中止)(?:对外|向社会|向公众)?(?:提供)?(?:一切|全部|所有|在线|检索|查询)?(?:的)?(?:服务|开放|访问|使用)|停服|서비스(?:가|를|이)?[^.]{0,8}중단|サービス[^。]{0,8}(?:停止|休止)",
        latin: "(?:service|site|website|platform|database|portal|access)s? (?:has |have |is |was |will |are )?(?:been |be )?(?:now |currently |temporarily )?(?:suspended|unavailable|offline|halted|paused|disabled)"
    }
    /// What happens to something that breaks rules.
    Handled {
        east: "处理|处置|隐藏|屏蔽|封|删|下架|无法|不能|不可|不予|숨김|블라인드|삭제|차단|非表示|削除|停止",
        latin: "removed|hidden|deleted|taken down|blocked|unavailable|suspended|disabled|restricted|cannot|can't|not available"
    }
    Parked {
        east: "域名[^。]{0,20}(?:出售|转让|过期|到期|待售|拍卖|停放|续费|竞价|求购|购买|赎回|抢注|可售)|(?:出售|转让|购买|拍卖|求购)[^。]{0,8}域名|(?:空间|主机|站点|网站|虚拟主机|云主机|服务器)(?:已经|已)?(?:到期|过期|欠费|停用|被停用|暂停)|(?:没有找到|未找到|不存在|未绑定)[^。]{0,4}站点|도메인[^.]{0,24}(?:판매|만료|매매|구입|주차|구매|갱신)|ドメイン[^。]{0,24}(?:販売|売|期限|失効|取得|譲渡|購入|更新)|域名[^。]{0,20}(?:出让|议价|报价)|(?:出让|议价)[^。]{0,8}域名",
        latin: "domain[^.]{0,70}(?:sale|expired|parked|auction|buy|purchas|renew|redemption|suspended|offer|owner|lease|available)|(?:buy|purchase|acquire|own|lease) (?:this|the) (?:domain|name)|parked (?:free|page|domain|by)|(?:hosting|account|website|webspace) (?:account |plan )?(?:has been |is |was )?(?:suspended|expired)|premium domain|(?:sale|auction) of (?:this|the) domain|(?:is|may be) for sale|interested in (?:this|the) domain|domain broker"
    }
    /// What a library reads.
    Work {
        east: "文献|论文|全文|期刊|学位|资源|图书|电子书|刊物|专利|文章|数据集|本文|稿件|内容|资料|논문|원문|학술지|자료|논문전문|論文|記事|資料|書籍|コンテンツ|콘텐츠|原文",
        latin: "articles?|papers?|thes[ie]s|dissertations?|full[- ]?text|journals?|issues?|work|datasets?|documents?|titles?|publications?|content|manuscript|book|e-?book|material|record|proceedings"
    }
    TakenDown {
        east: "下架|撤下|撤回|撤稿|停止(?:提供|收录|发行)|不再(?:提供|收录)|(?:暂不|不|未)(?:对外)?提供(?:全文|下载|阅读|在线)|暂停(?:提供|下载|阅读|浏览)|版权(?:原因|问题|限制|方|到期|要求|纠纷|协议|所限|人)|知识产权|保密|涉密|著作权(?:人|问题)|应作者|应出版|저작권|비공개|철회|서비스(?:가)?(?:중단|되지)|제공(?:하지|되지|이중단)|著作権(?:者|上|の)|公開(?:を)?(?:停止|終了)|非公開|提供を(?:終了|停止)|配信(?:を)?(?:終了|停止)|取り下げ|撤回",
        latin: "retracted|withdrawn|taken down|pulled|no longer (?:provided|offered|distributed|carried|supplied)|copyright (?:reasons?|holders?|owners?|restrictions?|claims?|complaint|grounds)|embargo(?:ed)?|at the (?:author|publisher|request)[^.]{0,30}|request of (?:the|its) (?:rights?|publisher|author|copyright)|rights holders?|confidential"
    }
    NoData {
        east: "(?:没有|未|暂无|查无|未能|无法)(?:检索|查询|搜索|查|找)?(?:到)?(?:相关|符合|匹配|任何|满足|条件|的|此|该|您要查询的)*(?:数据|结果|记录|信息)|数据为空|结果为空|共0条|0条(?:记录|结果)|데이터가(?:없|존재)|검색결과가없|조회된(?:내역|자료|데이터)|결과가없|データが(?:ありません|ない|見つかりません|存在)|該当する(?:データ|結果|情報|記録)|検索結果(?:が|は)(?:ありません|0)|結果がありません",
        latin: "no (?:matching )?(?:data|results?|records?|matches|entries|hits|items)(?: (?:were|was|are|is|to))?(?: found| available| returned| match| display| show)?|0 (?:results|records|hits)|nothing to (?:show|display)|returned no (?:data|results?|rows?)|(?:query|search|result) (?:is|was|set is) empty"
    }
    Missing {
        east: "删(?:除|掉|了)|不翼而飞|空空如也|无此(?:页|文|记录)|查不到|没有这(?:个|篇|条)|(?:链接|地址|网址|页面)(?:已)?(?:无效|错误|有误)|无效的?(?:链接|页面|地址|文章)|페이지가없|만료된(?:페이지|링크)|ページ(?:が|は)ありません|掲載(?:を)?終了|不存在|找不到|未找到|没有找到|没找到|无法找到|未能找到|寻不到|查无此|(?:已(?:经)?|被|好像|似乎|可能)[^,。]{0,8}(?:删除|移除|撤销|下线|下架|清除|注销|失效|移走|转移|搬走|消失)|被(?:[^,。]{0,8})?(?:删除|移除|下架|清空|封停|封禁)|(?:自行|主动)删除|失效|走丢|迷路|404|已过期|不可见|仅(?:作者|自己)可见|私密|已隐藏|账号[^,。]{0,6}(?:封|冻结|注销|屏蔽|停用)|찾을수없|존재하지|삭제|없는(?:페이지|문서|게시물|주소)|사라졌|이동되었|잘못된(?:주소|경로)|유효하지않은(?:주소|링크|경로)|見つかりません|見つけられません|存在しません|存在しない|削除|移動した|見当たりません|無効な(?:url|リンク)|リンク切れ",
        latin: "(?:can't|cannot|couldn't|could not) (?:seem to )?(?:find|locate)|wrong (?:address|url|page)|(?:page|content|article|post|record|document) (?:isn't|is not|is no longer|was not) available|seems? to be (?:lost|missing|gone)|not (?:be )?(?:found|exist|located)|(?:doesn|didn|don)'t exist|no longer (?:exists?|available|online|here|there|at this)|(?:been|was|were|have|has) (?:removed|deleted|taken offline|erased|moved|renamed|archived)|404|(?:couldn't|can't|cannot|could not|can not|unable to|didn't|did not) (?:find|locate)|(?:can't|cannot|couldn't|could not) be (?:found|located)|no such (?:page|file|record|document|item|article)|nothing (?:was |could be )?(?:found|here)|(?:broken|dead|invalid|outdated) (?:link|url|address)|(?:page|it) (?:is|has|was|'s) gone|deleted by|removed by|account (?:has been |is |was )?(?:suspended|blocked|deleted|banned)"
    }
    Firewall {
        east: "云(?:防护|盾|锁)|安全网关|黑客|注入|(?:操作|访问|请求|连接)(?:已)?被(?:终止|阻止|阻断)|접근(?:이)?제한|拦截|防火墙|waf|攻击|非法(?:请求|访问|字符|参数|操作|输入|入侵)|恶意(?:请求|访问|流量|行为)|违反[^,。]{0,10}(?:安全|策略|防护)|安全(?:策略|规则|防护|狗|风险|威胁|设备|拦截|系统)|威胁|不合法的?(?:请求|参数|访问)|可疑(?:请求|访问|行为)|拒绝(?:了)?(?:您的?)?(?:访问|请求|服务)|禁止访问|访问(?:已)?被(?:拒|禁|阻|拦)|访问(?:受限|异常|禁止)|网站防护|请求(?:已)?被(?:拒|阻|拦|终止)|入侵|비정상(?:적인|적)?(?:접근|요청|접속)|방화벽|접근이?(?:거부|차단|금지)|접속이?(?:거부|차단)|요청이?(?:거부|차단)|차단되었|부정한|공격|보안정책|不正(?:な)?(?:アクセス|リクエスト|要求)|ファイアウォール|アクセス(?:が|を)?(?:拒否|遮断|禁止|ブロック)|リクエスト(?:が|は|を)?(?:拒否|遮断|ブロック)|攻撃|セキュリティ(?:ポリシー|上の|保護)",
        latin: "protection system|web protection|blocked for security|firewall|waf|blocked by|security (?:policy|policies|rules?|reasons?|services?|solution|system|software|filter|concerns?|threat)|illegal (?:requests?|operations?|access|parameters?|characters?|input)|malicious|(?:request|access|connection|visit|page)s? (?:you made |to this [a-z]+ )?(?:was |were |has been |have been |is |are |could not be )?(?:blocked|rejected|denied|refused|intercepted|forbidden|stopped)|attack(?:s|er)?|threats?|intrusion|not acceptable|suspicious (?:requests?|behaviou?r)|potentially (?:harmful|dangerous|unsafe)|forbidden"
    }
    /// The server's own pages, and programs with errors.
    Server {
        east: "站点创建成功|恭喜[,!]?站点|数据库连接(?:失败|错误|出错)|无法连接(?:到)?数据库|运行时错误|系统发生错误|堆栈跟踪|应用程序中的服务器错误|目录列表|默认(?:页面|首页|站点)",
        latin: "welcome to (?:nginx|openresty|tengine|apache|centos|caddy)|iis windows|internet information services|it works|apache tomcat|apache2? [a-z]{0,8} ?default page|test page for|index of /|directory (?:listing|index)|stack ?trace|traceback|fatal error|(?:uncaught|unhandled) exception|[a-z.]+exception|warning: [a-z_]+|database connection|(?:connecting|connection) to (?:the )?database|runtime error|server error in|syntax error|parse error|whitelabel error|(?:site|website) (?:was |has been )?(?:successfully )?created|default (?:web )?page|undefined (?:index|variable)|sqlstate|debug mode|you're seeing this error because"
    }
    /// Somebody reports something.
    Reporting {
        east: "记者|报道|据悉|据介绍|摘要[:】]|关键词[:】]|责任编辑|责编|来源:|本报讯|新华社|电讯|研究(?:表明|发现|显示)|论文指出|编者按|기자|보도(?:했|에따르|자료)|に?よると|報じた|報じられ|記者|초록:|키워드:",
        latin: "reporters?|journalists?|according to (?:a|an|the|our)? ?(?:report|study|survey|newspaper|source|researchers?|analysts?|statement)|researchers|(?:he|she|they|officials?|spokes[a-z]+) (?:said|told|added)|a new (?:study|report)|abstract:|keywords:|this (?:paper|study) (?:examines|analy[sz]es|investigates|explores|argues|discusses)|we (?:examine|analy[sz]e|investigate|argue)"
    }
    AddressOfLogin { east: "", latin: "log-?in|log-?on|sign-?in|sso|cas|oauth2?|authserver|passport|idp|saml2?|user_?log(?:in|on)|tologin|dologin|loginpage|(?:user|to|do|go|member|sys|admin|wx|cas|my|pc|web|reader|unified|m)[_-]?login[a-z0-9]{0,10}|login[a-z0-9]{1,10}|denglu" }
    AddressOfCheck { east: "", latin: "captcha|verify|antispider|anti-?bot|punish|waf|challenge|humancheck|slider" }
    AddressOfMissing { east: "", latin: "404|error_?404|not_?found|page_?not_?found|nopage|err404|404[a-z]{0,8}" }
}

/// One expression for both scripts, in folded form.
fn compile(east: &str, latin: &str) -> Option<Regex> {
    let east: String = east.chars().map(fold::character).collect();
    // `\b` would treat Chinese characters as letters of the same word.
    let latin = format!("(?-u:\\b)(?:{latin})(?-u:\\b)");
    let both = if east.is_empty() {
        latin
    } else {
        format!("{east}|{latin}")
    };
    Regex::new(&both).ok()
}

fn regex(concept: Concept) -> Option<&'static Regex> {
    COMPILED.get(concept as usize)?.as_ref()
}

/// Whether a folded text contains the concept.
pub(super) fn is_in(concept: Concept, folded: &str) -> bool {
    regex(concept).is_some_and(|regex| regex.is_match(folded))
}

/// Where a folded text contains the concept.
pub(super) fn spans(concept: Concept, folded: &str) -> Vec<(usize, usize)> {
    let Some(regex) = regex(concept) else {
        return Vec::new();
    };
    regex
        .find_iter(folded)
        .take(MAX_SPANS)
        .map(|found| (found.start(), found.end()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_concept_compiles() {
        for concept in ALL {
            assert!(regex(*concept).is_some(), "{concept:?}");
        }
    }
}
