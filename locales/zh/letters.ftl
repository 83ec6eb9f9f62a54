### Letters: subjects, first lines, headings, labels and sentences.

## Punctuation between words.

mark-colon = ：
mark-heading = ：
mark-list = 、
mark-clause = ，
mark-item = ；
mark-open = （
mark-close = ）

## Subjects. They name the state, and stay the same as long as it lasts.

subject-one = { $source }，{ $probe }：{ $state }（报告 #{ $id }）
subject-several = { $source }，{ $probe }：{ $state }（报告 { $id }）
subject-vantage = { $vantage }：{ $state }（报告 #{ $id }）
subject-path = 通往中国境内的路径：{ $state }（报告 #{ $id }）
subject-improved = { $source }，{ $probe }：好于此前（{ $day }）
subject-no-data = { $source }，{ $probe }：尚不得而知，两周未能观测（{ $day }）
subject-flapping = { $source }：状态反复变化（{ $day }）
subject-first-letter = 今日访问情况：{ $count } 个页面中有 { $good } 个可访问（{ $day }）
subject-digest = 访问情况汇总：{ $state }（{ $day }）
subject-test = accesswatch：测试邮件（{ $day }）
subject-again = 已恢复访问
subject-own-end = 观测点离线
subject-works-again = 已恢复工作
subject-path-down = 无法访问
subject-going-on = 仍在持续的报告 { $open } 份
subject-changes = 变化 { $events } 项

## First lines.

lead-scope-one = 唯一的观测点 { $vantage }
lead-scope-all = 全部 { $total } 个观测点
lead-scope-some = { $total } 个观测点中的 { $n } 个
lead-since = 自{ $since }起，{ $tells }（观测点：{ $vantages }）。
lead-since-before = 此前：{ $before }。
lead-since-newest = 最新内容的日期为{ $date }。
lead-since-unchanged = 所显示的仍是{ $date }的内容。
lead-reminded = 自{ $since }起已有 { $lasted }，{ $tells }（观测点：{ $vantages }）。
lead-news = 自{ $day }的邮件以来的新情况：{ $news }。
lead-no-news = 自{ $day }的邮件以来没有变化。
lead-works = 仍可使用：{ $works }。
lead-instead = 替代途径：{ $instead }。
lead-look = 现在可以做的：请在浏览器中打开该页面，并在下方告知所看到的情况。
lead-look-once = 现在可以做的：请在浏览器中打开一篇，看读者能否使用{ $level }，并在下方告知。
lead-observed = 有人看到的情况：{ $seen }。
lead-ended = { $source }“{ $probe }”：读者已可照常使用。
lead-ended-otherwise = { $source }“{ $probe }”：报告 #{ $id } 所述情况已经结束，但并非一切如前，目前{ $seen }。
lead-lasted = 从{ $from }到{ $to }，共持续 { $lasted }：{ $seen }（观测点：{ $vantages }）。
lead-nothing-to-do = 无需采取任何措施。
lead-watched-on = 仍在继续观测，情况变差时会另行报告。
lead-vantage-opened = 不是资源的问题：目前无法从 { $vantage } 观测。
lead-vantage-ended = 已可重新从 { $vantage } 观测。
lead-network-opened = 看来不是资源的问题：仅从 { $vantage } 有 { $count } 个页面同时无法访问。
lead-network-ended = 此前从 { $vantage } 同时无法访问的页面均已恢复。
lead-path-opened = 看来不是某一资源的问题：从 { $vantage } 访问时，面向公众开放的境内页面同时无法访问。
lead-path-ended = 从 { $vantage } 通往中国境内的路径已恢复。
lead-own-end = 自{ $since }起，{ $tells }。
lead-own-end-lasted = 从{ $from }到{ $to }，共持续 { $lasted }：{ $seen }。
lead-way-since = 自{ $since }起；在途中何处、因何原因无法访问，不得而知。
lead-improved = 对{ $source }“{ $probe }”的读者是好消息：情况好于以往所见。
lead-improved-seen = 自{ $since }起，{ $tells }（观测点：{ $vantages }）。此前：{ $before }。
lead-no-data = 读者是否受影响尚不得而知：自动检查程序已看不到{ $source }“{ $probe }”。
lead-no-data-since = 未能观测：{ $vantages }。
lead-flapping = 读者使用不稳定：{ $source }“{ $probe }”的状态反复变化。
lead-flapping-seen = 观测点：{ $vantages }。
lead-letter-all-well = 今日一切正常：所查看的 { $count } 个页面读者均可使用。
lead-letter-some = 所查看的 { $count } 个页面中，今日有 { $bad } 个只能部分使用或无法使用。
lead-letter-nothing = 今日未能查看任何页面。
lead-digest = 汇总了上次汇总以来未曾邮件通知的变化 { $events } 项。
lead-digest-open = 仍在持续的报告：{ $open } 份。
lead-test = 这是一封测试邮件：通知可以送达此地址。

## How serious a loss is, and for whom: the first line of a report.

weight-closed = 严重：{ $source }“{ $probe }”的读者被拒绝访问（{ $scope }）。
weight-reach = 若持续则属严重：{ $source }“{ $probe }”的读者无法访问（{ $scope }）。
weight-replaced = 严重：{ $source }“{ $probe }”的读者看到的是另一个页面（{ $scope }）。
weight-next-level = 严重：{ $source }“{ $probe }”的读者无法使用{ $level }（{ $scope }）。
weight-unproven = 严重，或仅为改版：已无法看到{ $source }“{ $probe }”的读者能否使用{ $level }（{ $scope }）；在有人查看之前，这一部分无人观测。
weight-unseen = 严重，或仅为技术变动：已无法看到{ $source }“{ $probe }”向读者提供的内容（{ $scope }）；在有人查看之前，这一部分无人观测。
weight-text = 严重：{ $source }“{ $probe }”的读者看到的页面没有原有的正文（{ $scope }）。
weight-figures = 对使用数据的读者有影响：{ $source }“{ $probe }”的内容陈旧、缺失或为空（{ $scope }）。
weight-rot = 对循链接而来的读者有影响：{ $source }“{ $probe }”的网址已不再指向原来的内容（{ $scope }）。
weight-maintenance = 应属暂时：{ $source }“{ $probe }”公告系统维护（{ $scope }）。
weight-slight = 轻微：{ $source }“{ $probe }”的页面有变，读者仍可使用（{ $scope }）。
weight-declined = 读者是否受影响尚不得而知：{ $source }“{ $probe }”不接受自动检查程序的访问（{ $scope }）。
weight-unclear = 读者是否受影响尚不得而知：对{ $source }“{ $probe }”的观测结果不足以判断（{ $scope }）。

## Headings.

heading-page-says = 页面上的原文
heading-seen-from = 各观测点的结果（{ $zone }）
heading-note = 建议的目录附注
heading-notes = 关于此资源的附注
heading-observed = 人工在浏览器中看到的情况
heading-story = 经过
heading-technician = 供技术人员参考
heading-evidence = 证据
heading-evidence-past = 异常期间的证据
heading-more-evidence = 其他证据
heading-grounds = 综合判断的依据
heading-answer = 您能否使用？
heading-folded = 同时无法访问的页面
heading-restricted = 首次观测时即已受限的页面
heading-well = 正常的页面
heading-unobserved = 未能观测的页面
heading-vantages = 观测点
heading-events = 变化
heading-held = 未曾邮件通知的报告
heading-open = 仍在持续的报告
heading-standing = 有待人工查看

## Labels before a colon, and heads of columns.

label-url = 网址
label-before = 此前
label-now = 目前
label-finding = 综合判断
label-verdict = 判定
label-controls = 对照页面
label-checks = 检查
label-first-bad = 首次异常
label-last-good = 最后一次正常
label-ended = 结束
label-lasted = 持续时间
label-since = 起始
label-vantage = 观测点
label-vantages = 观测点
label-result = 结果
label-phases = 变化经过
label-also-affected = 同时受影响
label-not-affected = 未受影响
label-alternatives = 替代途径
label-vendor = 联系方
label-licence = 许可有效期至
label-catalogue-ids = 目录记录
label-acknowledged = 负责人
label-earlier = 以往情况
label-next-look = 下次检查
label-not-shown = 此结果不能说明的事项
label-news = 新情况
label-probe = 探测页面
label-limit = 限值
label-missed = 应有而未见
label-worst = 最差
label-kept-copy = 存档副本

## Sentences and parts of sentences.

say-checks = { $total } 次检查中有 { $bad } 次异常
say-checks-attempts = { $total } 次检查中有 { $bad } 次异常（失败的尝试共 { $attempts } 次）
say-controls = { $total } 个对照页面中有 { $passed } 个通过
say-unknown = 未知
say-and = 、
say-stop = {""}
say-kinds = { $n } 类文献
say-verdict = { $code }（观测点：{ $vantages }）
say-turned = { $seen }（观测点：{ $vantages }）
say-since-there = 自{ $since }起
say-phase = { $seen }（{ $from }至{ $to }）
say-phase-now = { $seen }（自{ $from }起）
say-not-checked = { $seen }（该观测点目前不能工作，未作检查）
say-back = { $seen }，与此前相同
say-earlier = 最近 90 天内有 { $n } 次，最长持续 { $longest }，最近一次于{ $last }结束
say-earlier-none = 最近 90 天内未有此类报告
say-quoted = “{ $text }”
say-stale-since = { $source }“{ $probe }”：最新内容的日期为 { $date }。
say-note-day = { $note }（{ $day }）
say-note-own = 贵馆自拟的附注：{ $note }
say-note-over = 关于{ $source }“{ $probe }”的附注可以撤下。
say-evidence = 测量记录 { $id }
say-evidence-hash = 测量记录 { $id }，SHA-256 { $hash }
say-evidence-record = { $evidence }，存档记录 { $record }
say-note = { $from }至{ $to }：{ $text }
say-note-open = 自{ $from }起：{ $text }
say-observed = { $when }，{ $network }：{ $answer }
say-observed-by = { $when }，{ $by }，{ $network }：{ $answer }
say-observed-saw = { $observed }，“{ $saw }”
say-browser-ok = 可用
say-browser-refused = 被拒绝
say-browser-partial = 部分可用
say-duration-minutes = { $n } 分钟
say-duration-hours = { $n } 小时
say-duration-days = { $n } 天
say-not-counted = 这段时间不计为任何资源的正常或异常时间。
say-vantage-fix = 现在可以做的：请检查该计算机的网络连接、代理服务器和解析服务器，以下命令会逐一测试。
say-path-fix = 现在可以做的：请从另一网络（例如手机网络）进行比较；以下命令可测试该观测点本身。
say-improved-note = 本程序只查看页面，从不下载全文：通知读者之前，请先在浏览器中打开一篇。
say-improved-baseline = 今后即以此为基线。
say-no-data-note = 未访问或无法访问的原因可能是：遇到安全验证或拒绝之后暂停访问、网站请程序不要访问，或未进行检查。读者会看到什么，只有人工用浏览器查看才能知道。
say-flapping-note = 在状态稳定之前，不再逐次发送邮件，仅在此前已通知的情况结束时发送。所有变化均列入汇总。
say-flapping-count = { $seen }；最近 { $total } 次检查中变化 { $n } 次
say-never-observed = { $probe }：尚未从 { $vantage } 观测
say-vantage-usable = { $vantage }：工作正常，{ $total } 个对照页面中有 { $passed } 个作出回应
say-vantage-unusable = { $vantage }：{ $seen }，{ $total } 个对照页面中有 { $passed } 个作出回应
say-letter-note = 这是首封通知邮件；今后只在情况有变时才发送邮件，无论变好或变坏。
say-more = 另有 { $n } 项，可用 `accesswatch status` 查看全部。
say-open-line = #{ $id } { $name }：{ $seen }，自{ $since }起
say-held-line = #{ $id } { $name }：{ $seen }（{ $state }），首次异常 { $since }
say-standing-line = { $name }：{ $seen }，自{ $since }起。请查看一次，然后修正探测所预期的内容，或将其确认为正常：`accesswatch baseline accept { $key }`
say-event-line = { $when }：{ $name }，{ $vantage }：{ $text }
say-event-plain = { $when }：{ $text }
say-test-note = 没有发生任何情况。资源的访问情况有变时，accesswatch 会发送这样的邮件。此地址所关注的资源：{ $sources }。
say-footer = accesswatch { $version } 只报告从何处看到了什么，并不知道原因。
say-folder-reminder = { $folder } 中有 { $new } 封新邮件（共 { $n } 封），尚未发出任何一封。如需发送，请在 config/accesswatch.toml 的 [alerts] 下设置 `transport`，然后运行 `accesswatch mail test`。
say-brief-level = { $level }未显示
say-brief-barred = { $level }入口已失效
say-brief-unproven = 无法看到{ $level }
say-looked = 有人用浏览器查看（{ $network }）：{ $answer }
say-looked-by = { $by } 用浏览器查看（{ $network }）：{ $answer }
say-noted = 附注：{ $text }

## Lines of an incident's story that are no change seen from a vantage.

remark-acknowledged = 已确认：{ $by }
remark-silenced = 在 { $until } 之前不发送邮件
remark-silenced-by = 由 { $by } 静默至 { $until }
remark-withdrawn = 由 { $by } 撤回跟进
remark-silence-ended = 由 { $by } 恢复通知
remark-looked-again = 由 { $by } 要求立即重新检查
remark-finding = 综合判断：{ $finding }
remark-accepted = 在观测点 { $vantage }，今后以此为正常：{ $seen }
remark-folded = { $probe }：{ $seen }
remark-path = 境内面向公众开放的页面同时无法访问

## Events, as lines of the digest.

event-first-seen = 首次观测：{ $seen }
event-changed = { $seen }；此前：{ $before }
event-opened = 报告 #{ $id } 开始：{ $seen }
event-joined = 报告 #{ $id }：此处亦然，{ $seen }
event-left = 报告 #{ $id }：此处已恢复，{ $seen }
event-ended = 报告 #{ $id } 结束
event-improved = 好于此前：{ $seen }；此前：{ $before }
event-restored = 恢复如前：{ $seen }
event-not-confirmed = 单次观测到，再次检查未获确认：{ $seen }
event-flapping = 状态反复变化
event-steady = 已趋于稳定
event-no-data = 已有 14 天未能观测
event-accepted = 已确认以此为正常（基线）：{ $seen }
event-observed = 有人用浏览器查看：{ $text }
event-control-fault = 对照页面 { $control }：从各观测点均无法访问，问题在该页面本身

## Kinds of events in the timeline of a source.

known-announced = 提供方预先公告
known-restriction = 停止开放或访问受限
known-restored = 全部或部分恢复
known-discontinued = 停止发布
known-move = 迁至另一网址
known-context = 相关背景
known-other = 其他情况

## Suggested notes for the library's catalogue; the day follows.

note-next-level = { $source }“{ $probe }”：目前不提供{ $level }，{ $here }仍可查看。
note-unproven = { $source }“{ $probe }”：是否仍提供{ $level }正在核实，{ $here }仍可查看。
note-unseen = { $source }“{ $probe }”：是否仍提供其内容正在核实。
note-text = { $source }“{ $probe }”：目前的条目没有原有的正文。
note-rows = { $source }“{ $probe }”：目前列出的不是平时的条目。
note-files = { $source }“{ $probe }”：目前有一部分内容不提供。
note-stale = { $source }“{ $probe }”：已有较长时间没有新增内容。
note-shrunk = { $source }“{ $probe }”：目前列出的内容远少于平时。
note-nulls = { $source }“{ $probe }”：目前部分数值为空或未更新。
note-empty = { $source }“{ $probe }”：目前没有可显示的内容。
note-replaced = { $source }“{ $probe }”：目前显示的是另一个页面。
note-region = { $source }“{ $probe }”：提供方目前按地域拒绝访问。
note-network = { $source }“{ $probe }”：目前仅部分网络可以访问。
note-access = { $source }“{ $probe }”：目前要求登录、订阅或所属机构获得认可。
note-refused = { $source }“{ $probe }”：目前被拒绝访问。
note-maintenance = { $source }“{ $probe }”：据提供方公告，正在进行系统维护。
note-rot = { $source }“{ $probe }”：该网址已不再指向原来的内容，请按题名检索。
note-reach = { $source }“{ $probe }”：目前无法访问。

## How a reader answers: by mail to the administrator, or by command.

answer-ask = 请在浏览器中打开 { $url } 。{ $look }
answer-ask-file = { $look }
answer-click = 然后点击以下一项告知：
answer-tell = 所看到的情况由 accesswatch 的管理人员用以下命令记录：
answer-by-command = 也可在运行 accesswatch 的计算机上执行以下命令：
answer-works = 我能使用
answer-refused = 我被拒绝
answer-partial = 只能部分使用
answer-taken = 由我负责跟进
answer-page = 报告 #{ $id } 的网页
answer-form-network = 所用网络（校园网、家庭网络、手机网络等）：
answer-form-words = 页面上的原文：

## What a person is asked to look at.

look-as-before = 是否与以前一样可用？
look-full-text = 是否有全文（PDF、CAJ）下载按钮？请最多下载一篇。
look-files = 其中的文件能否打开？请勿下载一个以上。
look-rows = 是否有数据行？其中是否有数值？最新一条的日期是哪天？
look-item = 该内容是否存在？若不存在，用网站自带的检索能否查到其题名？
look-check = 完成网站要求的安全验证后，页面能否显示并正常使用？
look-entitled = 在图书馆的网络中访问时，页面是否显示本机构名称？页面要求提供什么？
look-wording = 页面上的原文是什么？请分别从图书馆和另一网络（例如手机网络）查看。
look-usual = 读者能否照常使用：检索、阅读摘要、打开全文？
look-answers = 网页能否打开？请分别从图书馆和另一网络（例如手机网络）查看。
look-works = 能否满足读者的使用需要？

## Letters to the administrator of the computer.

disk-subject = accesswatch：磁盘空间即将用尽
disk-lead = 存放 accesswatch 记录的磁盘仅剩 { $free }。空间用尽后将无法记录，也不会再发出变化通知。
disk-help = 请释放该磁盘的空间。保留多少由 config/accesswatch.toml 中 `[store]` 的 `keep_bodies` 和 `keep_measurements` 决定；`accesswatch purge --before DATE` 可进一步清除。

## The letters on cited links.

links-subject = 引用链接：{ $n } 条有变化（{ $day }）
links-subject-watched = 重点关注的文献：{ $n } 条链接有变化（{ $day }）
# A letter of a week in which no link was lost, moved or back and some links are to be opened.
links-subject-hand = 引用链接：{ $n } 条需用浏览器核实（{ $day }）
links-lead = 自 { $day } 的邮件以来，有 { $n } 条引用链接发生变化。
links-lead-watched = 重点关注的文献中，有 { $n } 条引用链接发生变化。
links-lead-hand = 自 { $day } 的邮件以来，没有引用链接新出现失效、拒绝访问、内容不同、移址或恢复的情况。以下 { $n } 条链接的网站不接受程序访问，是否仍然存在只能由人核实。
links-help = 替换链接之前，请先用浏览器打开核实。`accesswatch links show` 可查看历史记录。
# One citation: what became of its link.
links-line = { $id } { $state }，{ $since }：{ $title }（{ $place }），{ $url }（所见：{ $seen }）
# Behind the line, where an archive has a copy.
links-copy = 。存档副本：{ $url }
# Behind the line: the reference as it should read now.
links-reference = 。可粘贴的引文：{ $reference }
links-gone = 已不存在
links-blocked = 拒绝我们访问
links-drifted = 内容已不同
links-moved = 已移至 { $to }
links-back = 已恢复
links-since = 始于 { $day }
# It was so when it was first checked.
links-already = 首次检查时已如此
links-heading-hand = 请用浏览器打开以下链接核实
links-hand-line = { $url }（核实后：`accesswatch links observe { $id } --browser ok`，或 `gone`、`drifted`、`refused`）
links-heading-hosts = 同一主机的多条链接同时变差
links-host-line = { $host }：{ $day }，检查的 { $checked } 条链接中有 { $worse } 条。复查之后才会计入。
links-heading-counts = 程序无法监测的链接
links-count-declining = 网站不接受程序访问：{ $n } 条
links-count-robots = 网站要求程序不要查看：{ $n } 条
