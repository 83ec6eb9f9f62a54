## Sentences that `links repair` writes into documents, by the style of the citation.

repair-robust = Archived at { $url } on { $date }
repair-chicago = Archived { $date }, at { $url }
repair-gbt7714 = Archived: { $url }[{ $date }]
repair-plain = Archived copy: { $url } ({ $date })
repair-markdown = ([archived]({ $url }) on { $date })
