### What discriminators observed, and the rows that a finding rests on.
###
### A row never says who did it: what passes while something else fails is "consistent with" a cause, and
### no more.

## Observations of discriminators.

said-reference-agrees = 参考解析器 { $resolver } 给出的地址中有本地也得到的地址。
said-reference-differs = 该域名在本地解析为 { $here }，在参考解析器 { $resolver } 解析为 { $there }；仅凭这一点不能证明什么。
said-reference-fails = 参考解析器 { $resolver } 也没有得到地址（{ $failure }）。
said-reference-silent = 参考解析器 { $resolver } 没有回应（{ $failure }），这不能说明该域名的情况。
said-reference-forged = 向参考解析器 { $resolver } 查询时，答复中混有伪造的结果：{ $answers }。
said-reference-verifies = 在本地得到的地址 { $here } 上证书无效，在别处给出的地址 { $there } 上证书有效。
said-site-answers-elsewhere = 在本地没有得到的地址 { $there } 上，该网站的证书有效。
said-resolver-denies = 本地使用的域名服务器（{ $own }）不提供该域名的地址；在参照域名服务器 { $resolver } 给出的地址 { $there } 上，网站回应正常：阻碍访问的是本地的域名服务器。
said-resolver-misleads = 本地使用的域名服务器（{ $own }）将该域名指向 { $here }；在参照域名服务器 { $resolver } 给出的地址 { $there } 上，网站回应正常：阻碍访问的是本地的域名服务器。
said-no-better-there = 在参照域名服务器给出的地址 { $there } 上，同样的请求也没有更好的结果。
said-control-fails-alike = 把该域名发往与该网站无关的 { $control } 也同样失败（{ $failure }），而中性域名可以通过：问题发生在到达网站之前。
said-control-answers-alike = 把该域名发往与该网站无关的 { $control } 也得到同样的页面（{ $status }），而中性域名得不到：该页面来自网站之前。
said-control-passes = 把该域名发往与该网站无关的 { $control } 可以通过。
said-control-unclear = 从 { $control } 对该域名和中性域名的反应无法判断。
said-site-name-fails = 在网站地址 { $address } 上，中性域名可以通过，而网站自己的域名失败（{ $failure }）：与途中或网站边缘有设备针对域名作出反应的情形相符。
said-site-passes = 在网站地址 { $address } 上，网站的域名和中性域名都可以通过。
said-site-unclear = 从网站地址 { $address } 对自己的域名和中性域名的反应无法判断。
said-not-asked = 没有询问{ $step }：{ $why }。

## Steps, as the subject of `said-not-asked`.

step-reference = 参考解析器
step-at-reference = 参照域名服务器给出的地址
step-control = 对照页面的地址
step-site = 网站的地址

## Reasons for `said-not-asked`.

why-silence = 上次询问后的 240 秒内不再访问
why-no-control = 该观测点没有位于别处、使用同一协议的对照页面
why-no-address = 没有已知的地址
why-local-name = 这是内部网络的名称
why-no-reference = 按现有配置无法使用
why-back-off = 网站要求暂停访问
why-robots = robots.txt 不允许

## Rows of a finding.

vantage = { $who }：{ $what }。
vantage-served = { $who }：{ $what }（与平时相同）。
person-ok = 有人在 { $network } 打开了该页面（{ $at }）。
person-refused = 有人在 { $network } 打开时也被拒绝（{ $at }）。
person-partial = 有人在 { $network } 打开时只看到部分内容（{ $at }）。
