### The printable report on a period.

## Its beginning.

title = 数据源可访问情况，{ $from }至{ $to }
scope-all = 目录中的全部数据源
scope-group = “{ $group }”组的数据源
scope-source = { $source }
as-of = 记录截至 { $time }。日期均为 UTC 日期。
period-cut = 所选时段到{ $to }为止，而记录截至 { $time }，报告也到此为止。
period-early = 首次检查在{ $day }，此前的情况不得而知。
period-empty = 本时段内没有任何检查。
no-check = 尚未进行任何检查。

## The summary.

summary = 摘要
summary-end = 期末共观察 { $n } 个数据源：{ $counts }。
summary-usual = 自观察以来一直受限的有 { $n } 个。
summary-changed = 与期初相比：变差 { $worse } 个，变好 { $better } 个，不变 { $same } 个，无法比较 { $other } 个。
summary-incidents = 事件：新发生 { $began } 起，结束 { $ended } 起，期末仍在持续 { $ongoing } 起。
summary-seen = 在能够判断的检查中，{ $ok }% 提供如常；在应进行的检查中，{ $seen }% 能够判断。
summary-unseen = 本时段内没有检查能够判断读者得到了什么。
count-item = { $what } { $n } 个

## State and change.

state-heading = 期末状态与变化
state-rule = 状态由当时的每日数据和事件得出。期初数量不同时，写在括号内。
state-by-group = 各组数据源
state-by-level = 各组各层级的页面
state-changed = 状态有变化的数据源
state-unchanged = 期初与期末之间，没有数据源的状态发生变化。
state-no-start = 期初没有观察任何数据源。
head-all = 观察中
head-start = 期初
head-end = 期末
head-reports = 报告
was = { $n }（{ $before }）

## The period before.

before-heading = 与上一时段的数字对照
before-note = 上一时段天数相同：{ $from }至{ $to }。
head-figure = 数字
head-this = 本时段
head-before = 上一时段
figure-due = 应进行的检查
figure-seen = 能够判断的检查
figure-availability = 能够判断的检查中提供如常的比例
figure-coverage = 应进行的检查中能够判断的比例
figure-began = 新发生的事件
figure-open = 期末可访问的数据源
percent = { $n }%

## Incidents.

incidents-heading = 事件
incidents-none = 本时段内没有事件发生、结束或持续。
incident-lasted = { $from }至{ $to }。
incident-ongoing = 自{ $from }起，期末仍在持续。
incident-later = 自{ $from }起，期末仍在持续，后于{ $to }结束。
phase-span = { $seen }：{ $from }至{ $to }
phase-since = { $seen }：自{ $from }起
incident-places = 观测地：{ $places }。
incident-works = 未受影响：{ $what }。
incident-planned = 其开始时间在已预告的安排之内。
incident-person = { $day }有人查看：{ $result }
incident-own-end = 观测点自身
evidence = 证据
evidence-line = 测量 { $uid }
evidence-record = 存档记录 { $record }

## Figures.

availability-heading = 可用率与观测率
availability-note = 百分比须与观测率一并阅读。可用率按 uptime.csv 的各列计算，各状态的次数与网页一致。
availability-none = 本时段内没有应进行的检查。
head-availability = 可用率
head-coverage = 观测率
head-outage = 一日内最长中断（小时）
freshness-heading = 时效
freshness-none = 没有以序列保存的日期或数值。
freshness-note = 此处为时段内最新的值。逾期天数指下一条目已过预期日期的天数。
head-value = 值
head-newest = 最新
head-expected = 下次预期
head-late = 逾期天数

## Links that documents cite.

links-heading = 引用的链接
links-note = 按文档列出所引用的链接，以记录结束时的状态为准。只有各观测点反复确认的链接才算消失。
head-document = 文档
head-links = 链接
link-alive = 可访问
link-moved = 已迁移
link-drifted = 内容已变
link-declines = 拒绝程序
link-unreachable = 无法连接
link-blocked = 被拒绝
link-gone = 已消失
link-unknown = 未知
survival-heading = 引用链接的存续时间
survival-note = 自首次引用起，经过一定时间后尚未消失的链接所占比例（Kaplan–Meier 估计，自首次检查起计入；括号内为 95% 置信区间）。被拒绝或状态未知的链接只计算到该时为止。观测时间不足的，以横线表示。
survival-left-out = 计入 { $counted } 个链接。未计入：{ $undated } 个没有引用日期，{ $already } 个在首次检查前已消失，{ $unseen } 个没有任何检查结果。
head-counted = 计入数
after-one = 1 年后
after-three = 3 年后
after-five = 5 年后
head-median = 半数消失所需时间
years = { $n } 年
all-documents = 全部文档
loss-note = 已失去的链接所占比例，按最先失去的方式区分（Aalen–Johansen 估计）。
head-loss = 最先失去的方式

## Method.

method-heading = 方法与局限
definitions = 用语说明
vantages-heading = 观测点
vantages-note = 全部内容均从以下地点观测。观测率为本时段的数值。
head-place = 地点
head-network = 网络
head-outages = 自身中断
limits = 局限
limits-people = 有人在浏览器中看到的内容写在各事件中，并注明日期。
figures-heading = 本报告依据的数据
figures-note = 以下是本时段各表的 SHA-256 值，表由 `accesswatch report --with-tables` 写出。
figures-list = 此列表的 SHA-256：{ $sum }
cite-heading = 如何引用本报告
cite = accesswatch：“{ $title }”（{ $scope }）。记录截至 { $time }。数据的 SHA-256：{ $sum }。
