### Words that letters, tables and pages share: what was seen, states, levels, networks,
### expectations, controls.

## What was seen, as the end of a sentence; `.now` says the same in the present tense.

seen-ok = 各项正常
    .now = { seen-ok }
seen-content-changed = 页面正常返回，但缺少某项预期内容
    .now = { seen-content-changed }
seen-content-replaced = 原有页面的位置上返回的是另一个页面
    .now = { seen-content-replaced }
seen-content-unproven = 已无法看到通往下一层级的入口
    .now = { seen-content-unproven }
seen-content-moved = 页面已迁至另一网址
    .now = { seen-content-moved }
seen-tls-incompatible = 本程序不支持该服务器的加密方式
    .now = { seen-tls-incompatible }
seen-tls-incomplete-chain = 服务器未提供中间证书
    .now = { seen-tls-incomplete-chain }
seen-site-maintenance = 网站显示系统维护公告
    .now = { seen-site-maintenance }
seen-site-rate-limited = 网站提示访问过于频繁
    .now = { seen-site-rate-limited }
seen-site-challenge = 网站要求进行程序无法通过的安全验证
    .now = { seen-site-challenge }
seen-site-edition = 返回的是网站的另一版本
    .now = { seen-site-edition }
seen-content-stale = 最新一条内容的日期早于预期
    .now = { seen-content-stale }
seen-content-shrunk = 列出的内容远少于平时
    .now = { seen-content-shrunk }
seen-content-nulls = 数据行正常返回，但数值为空值、长期不变或日期有误
    .now = { seen-content-nulls }
seen-content-empty = 页面正常返回，但其中没有内容
    .now = { seen-content-empty }
seen-content-soft-404 = 显示的是内容不存在时的页面
    .now = { seen-content-soft-404 }
seen-content-redirected-home = 网址被重定向到首页
    .now = { seen-content-redirected-home }
seen-content-parked = 返回的是闲置或待售域名的页面
    .now = { seen-content-parked }
seen-http-not-found = 服务器称未找到该页面
    .now = { seen-http-not-found }
seen-http-gone = 服务器称该页面已移除
    .now = { seen-http-gone }
seen-content-withdrawn = 全文按钮未显示
    .now = { seen-content-withdrawn }
seen-site-login = 网站要求登录
    .now = { seen-site-login }
seen-site-phone = 网站要求提供大陆手机号或进行实名认证
    .now = { seen-site-phone }
seen-site-paywall = 网站要求订阅或付费
    .now = { seen-site-paywall }
seen-site-not-entitled = 网站未能识别本机构
    .now = { seen-site-not-entitled }
seen-site-seats = 网站提示并发用户数已满
    .now = { seen-site-seats }
seen-site-geo-block = 网站以地域限制为由拒绝访问
    .now = { seen-site-geo-block }
seen-site-legal-block = 服务器以法律原因拒绝访问，未作具体说明
    .now = { seen-site-legal-block }
seen-site-ip-ban = 网站以此 IP 地址或自动化访问为由拒绝访问
    .now = { seen-site-ip-ban }
seen-site-waf-block = Web应用防火墙的页面拒绝了请求，未说明原因
    .now = { seen-site-waf-block }
seen-site-icp = 返回的是关于 ICP备案失效的页面
    .now = { seen-site-icp }
seen-http-forbidden = 服务器拒绝访问，未说明原因
    .now = { seen-http-forbidden }
seen-http-unauthorized = 服务器要求登录
    .now = { seen-http-unauthorized }
seen-http-client-error = 服务器拒绝了请求
    .now = { seen-http-client-error }
seen-http-server-error = 服务器内部错误
    .now = { seen-http-server-error }
seen-http-no-reply = 连接未经回应即被关闭
    .now = { seen-http-no-reply }
seen-http-reset = 尚未收到完整回应，连接被重置
    .now = { seen-http-reset }
seen-http-timeout = 未在时限内收到完整回应
    .now = { seen-http-timeout }
seen-http-malformed = 收到的回应无法读取
    .now = { seen-http-malformed }
seen-http-redirect-loop = 重定向循环往复
    .now = { seen-http-redirect-loop }
seen-http-bad-redirect = 重定向指向无法使用的网址
    .now = { seen-http-bad-redirect }
seen-tls-reset = 建立加密连接时连接被重置
    .now = { seen-tls-reset }
seen-tls-closed = 建立加密连接时连接被关闭
    .now = { seen-tls-closed }
seen-tls-timeout = 未在时限内建立加密连接
    .now = { seen-tls-timeout }
seen-tls-alert = 服务器中止了加密连接的建立
    .now = { seen-tls-alert }
seen-tls-expired = 服务器的证书已过期
    .now = { seen-tls-expired }
seen-tls-wrong-host = 服务器的证书属于另一个名称
    .now = { seen-tls-wrong-host }
seen-tls-untrusted = 服务器的证书由未知机构签发
    .now = { seen-tls-untrusted }
seen-tls-invalid = 服务器的证书未通过验证
    .now = { seen-tls-invalid }
seen-tcp-refused = 连接被拒绝
    .now = { seen-tcp-refused }
seen-tcp-reset = 连接被重置
    .now = { seen-tcp-reset }
seen-tcp-timeout = 未在时限内建立连接
    .now = { seen-tcp-timeout }
seen-tcp-unreachable = 没有通往服务器的路径
    .now = { seen-tcp-unreachable }
seen-dns-nxdomain = 域名解析的答复称该域名不存在
    .now = { seen-dns-nxdomain }
seen-dns-no-answer = 域名解析未得到地址
    .now = { seen-dns-no-answer }
seen-dns-servfail = 解析服务器发生故障
    .now = { seen-dns-servfail }
seen-dns-refused = 解析服务器拒绝答复
    .now = { seen-dns-refused }
seen-dns-timeout = 解析服务器未在时限内答复
    .now = { seen-dns-timeout }
seen-dns-bogon = 域名解析所得的地址不在互联网上
    .now = { seen-dns-bogon }
seen-dns-forged = 域名解析的答复系伪造
    .now = { seen-dns-forged }
seen-vantage-offline = 对照页面均无响应
    .now = { seen-vantage-offline }
seen-vantage-proxy = 代理服务器发生故障
    .now = { seen-vantage-proxy }
seen-vantage-captive = 作出回应的不是对照页面，而是本地网络的登录页面
    .now = { seen-vantage-captive }
seen-vantage-intercepted = 途中有某种设备代替对照页面作出回应
    .now = { seen-vantage-intercepted }
seen-vantage-clock = 时钟不准
    .now = { seen-vantage-clock }
seen-vantage-moved = 出口所在的国家（地区）或网络有变
    .now = { seen-vantage-moved }
seen-skipped-robots = 网站请程序不要访问，因此未访问
    .now = { seen-skipped-robots }
seen-skipped-back-off = 暂停访问该网站
    .now = { seen-skipped-back-off }
seen-insufficient = 信息不足，无法判断
    .now = { seen-insufficient }
seen-next-level = { $level }入口未显示
    .now = { $level }入口未显示
seen-way-barred = { $level }入口仍在，但已无法由此进入
    .now = { $level }入口仍在，但已无法由此进入
seen-unproven-level = 已无法看到{ $level }入口
    .now = 已无法看到{ $level }入口
seen-not-within = { $n } 秒内未收到完整回应
    .now = { $n } 秒内未收到完整回应
seen-controls-in-trouble = 对照页面均返回服务器错误
    .now = { seen-controls-in-trouble }
# `vantage.offline` where the agent of the vantage did not report.
seen-agent-silent = 代理程序没有上报
    .now = { seen-agent-silent }

## What the vantages mean together, and what that leaves open.

finding-insufficient = 仅凭一个观测点无法判断其含义
    .open = 问题出在网站还是途中，尚不得而知。若在另一网络增设一个观测点，可了解更多情况。
finding-accessible = 从各观测点看均正常
    .open = 使用其他账号或身在别处的读者会看到什么，不得而知。
finding-network-interference = 发生在到达网站之前的网络途中
    .open = 是谁所为、发生在途中何处、出于什么原因，均不得而知。
finding-geo-restricted = 是否提供因地区而异
    .open = 原因何在、是否针对该地区的所有读者、是否会持续下去，不得而知。
finding-address-restricted = 是否提供因网络类型而异
    .open = 原因在于网络类型，还是仅在于这一个地址，不得而知。
finding-program-refused = 网站不接受自动检查程序的访问
    .open = 读者在浏览器中会看到什么，须经人工查看后才能知道。
finding-access-control = 要求登录、订阅，或须来自其认可的机构
    .open = 有变化的是订阅许可、访问地址还是网站的规定，不得而知。
finding-replaced = 原有页面的位置上返回的是另一个页面
    .open = 读者看到的是否也是这个页面、为何返回该页面，均不得而知。
finding-maintenance = 网站公告系统维护
    .open = 除非公告中已经写明，维护何时结束不得而知。
finding-withdrawn = 网站有回应，但部分内容未显示
    .open = 其原因、是否会持续下去、使用其他账号的读者会看到什么，均不得而知。
finding-rot = 网站有回应，但该网址不再指向原来的内容
    .open = 内容是被移除还是仅仅迁移，不得而知；按题名检索或可找到。
finding-outage = 在任何地方均无法访问，境内也是如此
    .open = 服务中断的原因不得而知。
finding-unreachable = 从各观测点均无法访问
    .open = 是服务故障，还是不再向境外地址开放，无法区分。
finding-changed = 页面有变化
    .open = 读者能用的内容是否有所减少，不得而知：页面改版在程序看来也是如此。
finding-divided = 各观测点结果不一，现有证据未说明原因
    .open = 各观测点结果不一的原因不得而知。
finding-refused-by-region = 网站以地域或法律为由拒绝访问

## What readers get.

state-open = 可访问
state-less = 部分受限
state-closed = 无法访问
state-unknown = 尚不得而知

## Levels of access.

level-home = 首页
level-search = 检索
level-abstract = 摘要
level-fulltext = 全文
level-data = 数据
level-api = 接口（API）

## Kinds of networks.

network-campus = 校园网
network-office = 办公网络
network-residential = 家庭网络
network-datacentre = 数据中心
network-vpn = VPN

## What a probe's file expects, and values beyond their limits.

expected-select = 选择器
expected-level = 下一层级的标志
expected-status = 状态码
expected-host = 主机
expected-title = 标题
expected-title-not = 标题中不应有
expected-contains = 正文
expected-contains-not = 正文中不应有
expected-type = 类型
expected-bytes = 字节数

## What became of a control.

control-line = { $url }：{ $seen }
control-passed = 通过
control-answered = 返回 HTTP { $status }
control-other-page = 返回的页面与约定的不同
control-timed-out = 超时
control-reset = 连接被重置
control-closed = 连接被关闭，没有回应
control-refused = 连接被拒绝
control-unreachable = 没有可达的路由
control-no-name = 未能解析域名（{ $failure }）
control-certificate = 证书未通过验证（{ $failure }）
control-out-of-date = 按本机时钟的日期，证书无效
control-proxy = 代理服务器出错（{ $failure }）
control-other = 失败（{ $failure }）
