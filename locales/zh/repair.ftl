## Sentences that `links repair` writes into documents, by the style of the citation.

repair-robust = { $date } 的存档：{ $url }
repair-chicago = { $date }存档，见 { $url }
repair-gbt7714 = 存档：{ $url }[{ $date }]
repair-plain = 存档副本：{ $url } ({ $date })
repair-markdown = ([存档]({ $url })，{ $date })
