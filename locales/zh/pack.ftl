### The page of a pack of a cited link.

title = 链接 { $link }：{ $url }
lead = 本页说明一个被文献引用的链接：在何处被引用、历次状态如何，以及网站发来了什么。

## The link now.

state-heading = 当前状态
state-line = { $state }，自 { $time }（UTC）起。
state-unchecked = 尚未检查过该链接。
moved-line = 新地址：{ $url }
copy-line = 存档副本：{ $url }，保存于 { $time }（UTC）。

## Citations.

cited-heading = 引用之处
cited-none = 目前没有文献引用该链接。
head-document = 文献
head-place = 位置
head-cited = 引用日期
head-as-cited = 引用时的写法
head-passage = 引文

## Changes.

states-heading = 历次状态
states-none = 没有状态变化的记录。
head-time = 时间（UTC）
head-change = 变化
head-kind = 如何得知
kind-changed = 检查中发现。
kind-already = 首次检查时已是如此。
kind-back = 页面恢复提供。
kind-observed = 有人用浏览器查看过。
kind-accepted = 有人认可了当前页面。
kind-host-event = 该主机的多个链接在同一次检查中变差。

## Both sides.

sides-heading = 变化前后
side-decided = 据以判定的应答
side-healthy = 此前最后一次正常的应答
side-earlier = 较早的一次正常应答
side-not-last = 此后的检查中页面仍然正常，最后一次为 { $time }（UTC），但这些应答没有保存。下面的应答不能说明页面最后写了什么。
side-one = 只有一面：变化之前的页面没有保存应答。这里的内容不能说明引用时页面写了什么。
side-well = 没有保存显示该链接变差的应答。

## Everything that is kept.

kept-heading = 保存的全部应答
head-vantage = 测量地点
head-answer = 看到的情况
head-status = HTTP 状态码
head-uid = 测量编号
head-record = WARC 记录
head-hash = 页面的 SHA-256
method-line = 测量方法和核验办法见 `method.html`。
