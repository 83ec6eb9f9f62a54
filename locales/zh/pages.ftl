### The pages: their frame, the sentence of the day, lists, figures, sign-in, method.

## The frame of every page.

skip = 跳到正文
nav-pages = 页面
nav-language = 语言
nav-today = 今日
nav-sources = 数据源
nav-matrix = 总览表
nav-incidents = 异常报告
nav-vantages = 观测点
nav-method = 方法
sign-in = 登录
sign-out = 退出
footer = accesswatch 只报告在何处观测到了什么，并不知道原因。
demo-line = 演示：虚构的网站，{ $from }至{ $to }
changed-at = { $time } 有更新
copy = 复制
no-answer-since = 自 { $time } 起 accesswatch 没有回应

## Times.

ago = { $lasted }前

## Between the clauses of a sentence.

mark-stop = 。
mark-parts = ，
mark-parts-two = ，
mark-parts-last = ，

## The first sentence of the day.

today-no-source = 尚未观测任何数据源。
today-no-check = 尚未进行任何探测。运行 `accesswatch run` 进行首轮探测。
today-own-end = 今日情况不得而知：全部 { $n } 个观测点自身的连接均已中断，不归咎于任何数据源。
today-before = 此前：{ $sentence }
today-stopped = 今日情况不得而知：自{ $time }起未再进行探测。
today-then = 当时：{ $sentence }
today-all-unknown = 今日 { $n } 个数据源的情况均不得而知。
today-all-open = 就观测所及，读者可照常使用全部 { $n } 个数据源。
today-some = { $n } 个数据源中，读者可照常使用 { $a } 个。
today-less = { $n } 个提供的内容比以前少
today-less-end = { $n } 个提供的内容比以前少。
today-closed = { $n } 个已无法访问
today-closed-end = { $n } 个已无法访问。
today-unknown-end = { $n } 个尚不得而知。
today-usual = { $n } 个自开始观测以来一直受限。
seen-pass = 依据 { $total } 个观测点中 { $usable } 个的探测：{ $time }。
vantage-down = { $vantage }自身的连接自{ $since }起中断，不据此得出任何结论。
next-pass = 下一轮探测预定于{ $time }。
missed-pass = 原定于{ $time }的探测未进行。

## What is not open, and what still works.

not-open = 未能正常访问的数据源
since-lasted = 自{ $since }起，已 { $lasted }。
report-link = 报告 #{ $id }
looked-after = 由 { $by } 跟进。
nobody-looks = 尚无人跟进。
instead = 替代途径：{ $what }。
usual = 自开始观测以来一直如此。
lost = { $probe }：{ $seen }。
lost-from = { $probe }（观测自{ $places }）：{ $seen }。
open-from = { $probe }：可从{ $places }访问。
works-still = 仍可访问：{ $probes }。
reason-own-end = 该观测点自身的连接中断
reason-robots = 网站要求程序不要访问，因此未予观测
reason-back-off = 目前暂停访问该网站，因此暂未观测
reason-never = 尚未探测过
reason-late = 预定的探测未进行
reason-no-data = 两周以来没有观测到任何内容
reason-declined = 网站不接受我们的程序，读者也许可以访问
reason-insufficient = 观测到的内容太少，无法判断
reason-client = 我们的程序不支持该服务器的加密方式
reason-provisional = 页面应有的内容尚未确认
reason-person = { $day }有人查看过（{ $network }）
own-end-word = 观测点离线
not-watched-word = 未观测
partly-known = { $all } 项探测中有 { $known } 项已知。
more-sources = 另有 { $n } 个：全部数据源
and-more = 另有 { $n } 个

## What a person may answer.

ask-heading = 您能使用吗？
ask-open = 请在浏览器中打开。{ $look }
ask-command = 此页面无法记录。所看到的情况由 accesswatch 的管理人员用以下命令记录：
act-works = 可以使用
act-partial = 只能部分使用
act-refused = 访问被拒绝
act-network = 所用网络（校园网、家庭网络、手机网络等）
act-saw = 页面上的原文
act-by = 您的姓名

## Lists, tables and figures.

by-group = 按类别
group = 类别
group-caption = 按类别和状态统计的数据源
not-watched = 未观测的数据源及原因
why-disabled = 所有探测均已关闭
why-no-probe = 没有探测项
why-consent = 从此处访问须先取得同意
why-robots = 网站要求程序不要访问
planned = 预定事项
planned-line = { $source }，{ $from }至{ $to }：{ $text }
strip-label = { $place }，{ $n } 天：{ $spans }
strip-span = { $from }起{ $state }
strip-weeks = 按周绘制
strip-nothing = 没有预定的探测
strip-unseen = 未观测到
strip-key = 图例
strip-half = 当日半数探测
strip-table = 按日列表
head-source = 数据源
head-probe = 探测对象
head-state = 状态
head-since = 起始
head-vantage = 观测点
head-level = 层级
head-from = 自
head-to = 至
head-checks = 探测次数
head-watched = 是否观测
head-report = 报告
head-what = 情况
head-ended = 结束
head-day = 日期
head-figures = 照常提供
yes = 是
figures = 已观测 { $seen }%，其中 { $ok }% 正常
figures-none = 没有观测
search-label = 检索名称和主机
search-go = 检索
search-none = 没有名称或主机与之相符的数据源。
source-count = { $n } 个数据源

## A source.

ladder-heading = 读者能用到哪一步
ladder-all = 全部记录
ladder-level-seen = 4 个层级中观测 { $n } 个。
ladder-rule = “全文”指显示了全文按钮，不会下载内容。没有探测的层级即未观测，不作推断。
ladder-label = { $record }：{ $levels }
ladder-table = 层级列表
ladder-beside = 数据与接口
days-heading = 最近 { $n } 天
days-note = 日期为 UTC 日期。百分比与覆盖率一并列出，即预定探测中实际观测的比例。
incidents-heading = 异常报告
incidents-none = 最近 90 天内没有。
ongoing = 持续中
ended = { $day }结束
timeline-heading = 有关该数据源的已知情况
notes-heading = 备注
alternatives-heading = 替代途径
catalogue-heading = 可用于目录的说明
reference = 出处
homepage = 该数据源的网页
access-public = 平时对所有人开放
access-login = 平时需要登录
access-subscription = 平时需要订阅

## Sign-in, and pages that say what is wrong.

token-label = 令牌
token-note = 令牌即配置文件中的 `[web] token` 或 `read_token`。登录状态由 Cookie 保持 30 天。
token-wrong = 令牌不正确。
token-wait = 尝试次数过多，请于 { $lasted }后再试。
token-none = 尚未设置令牌，无法登录。请在 `config/accesswatch.toml` 中设置 `[web] token` 后重新启动。
not-found = 没有这个页面
not-found-note = 可从数据源列表找到各数据源，从今日页面查看变化。
unreadable = accesswatch 无法读取其记录
unreadable-note = 在此期间各数据源的情况均不得而知。运行 `accesswatch doctor` 可查看原因和处理办法。
refused = 未予受理
refused-form = 表单不属于当前会话，或内容不完整。请返回并刷新页面后重新提交。

## What states and figures mean.

method-heading = 词语与数字的含义
method-states = 状态
method-open = 页面正常返回，应有的内容齐全。仅外观有变化或网址迁移的页面也算可访问。
method-less = 网站有回应，但缺少一部分：全文按钮、新内容、数值或通常的版本。
method-closed = 读者得不到所需内容：被拒绝、要求登录、返回其他页面或没有回应。
method-unknown = 无从得知：网站不接受我们的程序、探测未进行，或观测太少。不会因为我们看不到就称某数据源无法访问。
method-own-end = 观测点自身的连接中断，不据此得出任何结论。
method-source = 某数据源的所有已知页面从各观测点均可访问，即为可访问；均无法访问，即为无法访问；其余为部分受限。一无所知时为尚不得而知。
method-usual = “自开始观测以来”指首次探测时已受限，不视为变化。
method-person = 有人在浏览器中看到的情况，在七天内代替我们不得而知的部分。
method-findings = 综合判断
method-findings-note = 各观测点合在一起的含义，以及由此仍不得而知的内容。
method-figures = 可用率与覆盖率
method-availability = 可用率是照常提供的探测次数除以能够判断的探测次数，不计我们自身的故障。
method-coverage = 覆盖率是能够判断的探测次数除以预定的探测次数，百分比总与其一并列出。
method-strips = 条带中每一格为一天，自下而上按无法访问、部分受限、可访问的探测比例填充。斜线表示未观测到，圆点表示我们自身的连接问题，空白表示当日没有预定的探测。
method-differ = 条带统计状态，可用率统计 uptime.csv 的各列。网址迁移、返回其他版本或维护公告、网站不接受我们的程序时，两者会有差异。
method-limits = 程序看到的是页面而不是读者。使用其他账号或身处其他地方的读者看到什么、网站为何如此，均无法由此得知。

## Incidents, the matrix and the vantages.

incidents-all = 同时显示已结束的
incidents-ongoing = 仅显示持续中的
from-where = 各观测点的情况
what-decided = 判断依据
story-heading = 事件经过
evidence-heading = 证据
evidence-list = 作为依据的测量记录
matrix-caption = 各数据源在各观测点的状态及最近探测时间
vantage-works = 正常
vantage-coverage = 最近 30 天预定的探测中观测到 { $n }%。
vantage-only = 仅在此处受限：
act-heading = 可以采取的行动
act-commands = 此页面无法记录。可在运行 accesswatch 的计算机上执行以下命令：
act-take = 由我负责跟进
act-withdraw = 不再跟进
act-until = 暂停通知至
act-silence = 暂停通知
act-unsilence = 恢复通知
act-look = 立即重新检查
act-note = 备注
act-add = 添加
refused-over = 该报告已结束，或不属于任何数据源；只有持续中的报告可以更改。

## Reports and feeds.

nav-reports = 报告
reports-make = 时段报告
reports-note = 一份可阅读、打印和存档的文件，写明方法和所依据数据的 SHA-256。日期为 UTC 日期，含首尾两日。
reports-from = 首日
reports-to = 末日
reports-all = 全部数据源
reports-go = 生成报告
reports-tables = 所依据的表
reports-refused = 生成报告需要先后两个日期，以及目录中的数据源或类别。
reports-busy = 正在生成另一份报告，请稍后再试。
feeds-heading = 订阅与徽章
feeds-note = 这些地址可用于订阅软件、日历和网页。持有带密钥地址的人都能看到其内容。
feeds-events = 变化订阅
feeds-calendar = 预定事项日历
feeds-badge = 数据源状态图

## A page that is watched.

head-checked = 最近探测
head-median = 中位数（毫秒）
head-slow = p95（毫秒）
head-value = 值
head-expected = 预期内容
latency-heading = 加载时间
latency-note = 当日照常提供的各次探测用时的中位数（p50）和 95% 分位数（p95），单位为毫秒。当日没有这样的探测时，线条断开。
latency-label = { $place }：{ $day }中位数 { $p50 } 毫秒，p95 { $p95 } 毫秒
phases-heading = 探测的各阶段
phases-note = 上为最近一次正常的探测，下为最近一次异常的探测，比例尺相同。
phase-good = 最近正常：{ $day }
phase-bad = 最近异常：{ $day }
phase-dns = 域名解析
phase-connect = 连接
phase-tls = 加密
phase-wait = 首字节
phase-rest = 其余
values-heading = 数值
value-limit = 界限：{ $limit }。
value-expected = 下次预期：{ $day }。
value-label = { $name }：{ $day }为 { $value }
expect-heading = 页面应有的内容
expect-note = 以各观测点最近一次存档的探测为准。
expect-held = 符合
expect-missing = 缺失
config-heading = 配置
config-note = 请求头只显示名称，请求正文只显示大小。
chart-table = 以表格显示最近 30 天的数据
chart-csv = 全部日期（CSV）
tables-csv = CSV 文件：
remark-flapping = 状态反复变化
cited-here = { $host } 上被引用的链接 { $n } 个
strip-planned = { $from }至{ $to }有预定事项
strip-planned-word = 预定事项
place-line = 第 { $n } 行
place-page = 第 { $n } 页
place-paragraph = 第 { $n } 段
place-footnote = 脚注 { $n }
place-endnote = 尾注 { $n }
place-slide = 第 { $n } 张幻灯片
place-speaker-notes = 第 { $n } 张幻灯片的备注
place-header = 页眉
place-footer = 页脚
place-entry = 条目 { $key }
place-cell = 单元格 { $cell }
place-sheet-cell = 工作表 { $sheet }，单元格 { $cell }

## The comparison of an incident, its exchange and its mails.

compare-heading = 最近正常与首次异常
compare-seen = 从{ $vantage }观测。
compare-no-good = 没有存档的此前正常应答，无法比较。
compare-caption = 页面应有的内容
compare-text = 有差异的句子
compare-same = 可见文字相同。
compare-facts = 应答
compare-open = 这只显示程序得到的两次应答，不显示已登录读者看到的内容，也不说明页面为何不同。
no-text-kept = 按设置不保存其文字
no-text-purged = 其文字曾保存，现已清除
no-text-fetched = 没有提供任何内容
no-text-binary = 不是文字
head-good = 最近正常
head-bad = 首次异常
head-was = 此前
head-is = 此后
fact-status = 状态码
fact-address = 地址
fact-title = 标题
fact-size = 大小
hops-heading = 请求与应答的各步骤
head-step = 步骤
head-answer = 应答
head-took = 用时
evidence-kept = 存档记录 { $record }
mails-heading = 邮件
mails-none = 没有就此撰写邮件。
mail-sent = { $time } 已发送
mail-waits = 自 { $time } 起等待发送
mail-settled = 已被更新的内容取代，未发送

## Vantages, health, planned events and the matrix.

vantage-days-note = 从此处进行的全部探测，按所见情况汇总。
controls-heading = 对照页面
controls-passed = 最近一轮中，{ $all } 个对照页面有 { $passed } 个正常。
agent-report = 该观测点的代理程序（版本 { $version }）于{ $heard }上报，尚有 { $waits } kB 记录等待发送。
agent-round = 最近一轮探测于{ $at }进行。
outages-heading = 自身连接中断
outages-none = 最近 90 天内没有。
vantage-sees = 从此处所见
nav-health = 运行状况
health-fine = 应进行的探测均已完成，没有滞留的邮件。
health-stuck = 自 { $time } 起，邮件一直等待发送，没有一封被接受。
health-caption = 探测、邮件、存储和版本
health-pass = 最近一轮探测
health-waiting = 等待发送的邮件
health-next-mail = 下次尝试发送
health-sent = 已发送的邮件
health-database = 数据库
health-measurements = 已存测量
health-oldest = 最早的测量
health-evidence = 证据
health-program = 程序版本
health-schema = 数据库版本
health-late = 未按时进行的探测
holiday-line = { $calendar }：{ $from }至{ $to }休息
holiday-estimated = 估计
matrix-filter = 显示
matrix-any = 全部
matrix-days = 各数据源最近 { $n } 天
newest-expected = 最新 { $newest }，下次预期 { $expected }
newest-value = 最新 { $newest }

## Documents and the links that they cite.

nav-documents = 文献
documents-note = 按文献列出所引用的链接及其状态。只有各观测点反复确认的链接才算消失。
documents-none = 尚未导入文献。`accesswatch links import FILE` 可导入。
document-watched = 重点关注：有变化即发邮件
links-title = 引用的链接
links-colon = ：
links-host = 主机名
links-all = 所有状态
links-none = 没有符合条件的链接。
head-document = 文献
head-date = 日期
head-links = 链接
head-cited = 引用内容
head-place = 位置
head-instead = 可改引
cited-on = 引用日期：{ $day }
citation-ended = 文献中已不再引用
cited-by-heading = 引用之处
passage-heading = 所引段落
repair-heading = 可粘贴的引文
link-compare-heading = 引用时与现在
link-compared = 与{ $day }的页面比较。
link-differed = { $day }的页面与之不同。
link-ignored = 不再检查、统计或发邮件。
link-doubtful = 观测到另一种状态，尚未确认。
link-person = 这是有人在浏览器中看到的情况。
link-already = 首次检查时已是如此。
link-says-other = 页面内容与所引不同
link-last-served = 上次可访问
link-first-gone = 首次发现消失
link-leads-to = 它指向 { $to }。
link-observed = 有人在浏览器中打开：{ $to }
link-observed-by = { $by } 在浏览器中打开：{ $to }
link-accepted = 现在的页面被认可为所引内容。
link-accepted-by = { $by } 认可现在的页面为所引内容。
link-back = 又可访问。
link-host-event = 该主机的许多链接同时失败，复查之后才会计入。
checks-heading = 最近的检查
link-act-ok = 可以打开
link-act-gone = 已消失
link-act-drifted = 内容已变
link-act-refused = 被拒绝
link-act-accept = 认可现在的页面为所引内容
link-act-why = 原因
link-act-ignore = 不再检查
link-act-unignore = 重新检查
