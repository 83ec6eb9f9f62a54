## Sentences that `links repair` writes into documents, by the style of the citation.

repair-robust = { $date } 보존본: { $url }
repair-chicago = { $date }에 보존된 사본, { $url }
repair-gbt7714 = 보존본: { $url }[{ $date }]
repair-plain = 보존된 사본: { $url } ({ $date })
repair-markdown = ([보존본]({ $url }), { $date })
