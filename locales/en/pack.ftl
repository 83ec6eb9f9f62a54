### The page of a pack of a cited link.

title = Link { $link }: { $url }
lead = This page shows what is kept of a link that documents cite: where it is cited, how it has fared, and what the site sent.

## The link now.

state-heading = State now
state-line = { $state } since { $time } (UTC).
state-unchecked = The link has not been checked yet.
moved-line = New address: { $url }
copy-line = Copy: { $url }, captured on { $time } (UTC).

## Citations.

cited-heading = Where it is cited
cited-none = No document cites it any more.
head-document = Document
head-place = Place
head-cited = Cited on
head-as-cited = As cited
head-passage = Passage

## Changes.

states-heading = States over time
states-none = No change of state is recorded.
head-time = Time (UTC)
head-change = Change
head-kind = How it was found
kind-changed = The checks found it.
kind-already = It was so at the first check.
kind-back = The page is served again.
kind-observed = A person looked with a browser.
kind-accepted = A person accepted the page as it is now.
kind-host-event = Many links of the host turned worse in one pass.

## Both sides.

sides-heading = Before and after
side-decided = What decided
side-healthy = The last healthy answer before it
side-earlier = An earlier healthy answer
side-not-last = Later checks found the page well, the last of them on { $time } (UTC), and their answers are not kept. The answer here does not show what the page said last.
side-one = Only one side is kept: of the page before the change there is no answer. What stands here does not show what the page said when it was cited.
side-well = No answer is kept that shows the link worse than it was.

## Everything that is kept.

kept-heading = All answers that are kept
head-vantage = From where
head-answer = What was seen
head-status = HTTP status
head-uid = Measurement
head-record = WARC record
head-hash = SHA-256 of the page
method-line = `method.html` says how this was measured and how the pack is checked.
