### The pages: their frame, the sentence of the day, lists, figures, sign-in, method.

## The frame of every page.

skip = Skip to the content
nav-pages = Pages
nav-language = Language
nav-today = Today
nav-sources = Sources
nav-matrix = Matrix
nav-incidents = Incidents
nav-vantages = Vantages
nav-method = Method
sign-in = Sign in
sign-out = Sign out
footer = accesswatch reports what was seen and from where; it does not know why.
demo-line = Demonstration: invented sites, { $from } to { $to }
changed-at = Changed at { $time }
copy = Copy
no-answer-since = No answer from accesswatch since { $time }

## Times.

ago = { $lasted } ago

## Between the clauses of a sentence.

mark-stop = {". "}
mark-parts = {", "}
mark-parts-two = {" and "}
mark-parts-last = {", and "}

## The first sentence of the day.

today-no-source = No source is watched yet.
today-no-check = Nothing has been checked yet. `accesswatch run` makes the first pass.
today-own-end = Not known today: our own connection was down at { $n ->
        [one] our only vantage
       *[other] all { $n } vantages
    }. No source is blamed for it.
today-before = Before: { $sentence }
today-stopped = Not known today: nothing has been checked since { $time }.
today-then = Then: { $sentence }
today-all-unknown = We cannot tell for { $n ->
        [one] the one source
       *[other] any of the { $n } sources
    } today.
today-all-open = Readers can use { $n ->
        [one] the one source
       *[other] all { $n } sources
    } as usual, as far as we can see.
today-some = Readers can use { $a } of { $n } { $n ->
        [one] source
       *[other] sources
    } as usual.
today-less = { $n } { $n ->
        [one] gives
       *[other] give
    } less than before
today-less-end = { $n } { $n ->
        [one] gives
       *[other] give
    } less than before.
today-closed = { $n } { $n ->
        [one] is
       *[other] are
    } closed to them
today-closed-end = { $n } { $n ->
        [one] is
       *[other] are
    } closed to them.
today-unknown-end = of { $n } we cannot tell.
today-usual = { $n } { $n ->
        [one] has
       *[other] have
    } been restricted for as long as we have watched.
seen-pass = As seen from { $usable } of { $total } { $total ->
        [one] vantage
       *[other] vantages
    } in the pass of { $time }.
vantage-down = { $vantage } has had no working connection of its own since { $since }; nothing is concluded from there.
next-pass = The next pass is due at { $time }.
missed-pass = A pass that was due at { $time } was not made.

## What is not open, and what still works.

not-open = Not open
since-lasted = Since { $since }, { $lasted }.
report-link = Report #{ $id }
looked-after = { $by } looks after it.
nobody-looks = Nobody looks after it yet.
instead = Instead: { $what }.
usual = It has been so for as long as we have watched.
lost = { $probe }: { $seen }.
lost-from = { $probe }, seen from { $places }: { $seen }.
open-from = { $probe }: open from { $places }.
works-still = Still open: { $probes }.
reason-own-end = our own connection is down there
reason-robots = it is not watched, because the site asks programs to stay away
reason-back-off = it is not watched for the moment, because the site is left alone for now
reason-never = it was never checked
reason-late = the checks that were due were not made
reason-no-data = nothing was observed for two weeks
reason-declined = the site turns our program away; readers may well get in
reason-insufficient = too little was seen to say anything
reason-client = our program does not speak the server's kind of encryption
reason-provisional = what the page should hold has not been confirmed yet
reason-person = a person looked on { $day } ({ $network })
own-end-word = own end down
not-watched-word = not watched
partly-known = { $known } of { $all } probes are known.
more-sources = { $n } more: all sources
and-more = and { $n } more

## What a person may answer.

ask-heading = Does it work for you?
ask-open = Open it in a browser: { $look }
ask-command = Nothing can be written from this page. Ask whoever runs accesswatch to write down what you saw:
act-works = It works for me
act-partial = It works in part
act-refused = I am refused
act-network = From which network (campus, home, telephone)
act-saw = What the page says, word for word
act-by = Your name

## Lists, tables and figures.

by-group = By group
group = Group
group-caption = Sources by group and state
not-watched = Not watched, and why
why-disabled = every probe is switched off
why-no-probe = it has no probe
why-consent = it needs somebody's consent before it is fetched from here
why-robots = the site asks programs to stay away
planned = Planned
planned-line = { $source }, { $from } to { $to }: { $text }
strip-label = { $place }, { $n } days: { $spans }
strip-span = { $state } from { $from }
strip-weeks = drawn by week
strip-nothing = nothing was due
strip-unseen = not seen
strip-key = Key
strip-half = half of a day's checks
strip-table = The days as a table
head-source = Source
head-probe = Page
head-state = State
head-since = Since
head-vantage = Vantage
head-level = Level
head-from = From
head-to = To
head-checks = Checks
head-watched = Watched
head-report = Report
head-what = What
head-ended = Ended
head-day = Day
head-figures = Served as usual
yes = yes
figures = { $ok } % ok of { $seen } % seen
figures-none = nothing seen
search-label = Search names and hosts
search-go = Search
search-none = No source has that in its names or hosts.
source-count = { $n } { $n ->
        [one] source
       *[other] sources
    }

## A source.

ladder-heading = How far a reader gets
ladder-all = All records
ladder-level-seen = { $n } of 4 levels are watched.
ladder-rule = Full text means that its button is shown; nothing is downloaded. A level without a probe is not watched, and is never inferred.
ladder-label = { $record }: { $levels }
ladder-table = The ladder as a table
ladder-beside = Data
days-heading = The last { $n } days
days-note = Days are UTC days. Each percentage comes with its coverage: how much of what was due was seen.
incidents-heading = Incidents
incidents-none = None in the last 90 days.
ongoing = ongoing
ended = ended { $day }
timeline-heading = Known of this source
notes-heading = Notes
alternatives-heading = Alternatives
catalogue-heading = For the catalogue
reference = reference
homepage = Its own page
access-public = normally open to everyone
access-login = normally needs a login
access-subscription = normally needs a subscription

## Sign-in, and pages that say what is wrong.

token-label = Token
token-note = The token is in `[web] token` or `read_token` of the configuration. A cookie keeps you signed in for 30 days.
token-wrong = This token is not known.
token-wait = Too many attempts. Try again in { $lasted }.
token-none = No token is set, so nobody can sign in. Set `[web] token` in `config/accesswatch.toml`, then start again.
not-found = There is no such page
not-found-note = The list of sources leads to every source, and today's page to what has changed.
unreadable = accesswatch cannot read its records
unreadable-note = Nothing is known of any source while this lasts. `accesswatch doctor` says what is wrong and what to do.
refused = This was not accepted
refused-form = The form is not from this session, or it is incomplete. Go back, load the page again, and send it once more.

## What states and figures mean.

method-heading = What the words and figures mean
method-states = States
method-open = The page was served with everything that is expected on it. A page that only looks different, or that moved, is open too.
method-less = The site answers, and a part is not there: the full-text button, new entries, values, or the usual edition.
method-closed = Readers get nothing of what they came for: a refusal, a login, another page, or no answer.
method-unknown = We cannot tell: the site turned our program away, the checks were not made, or too little was seen. A source is never called closed because we could not look.
method-own-end = The vantage itself has no working connection. Nothing is concluded from there.
method-source = A source is open when every known page of it is open from every vantage, closed when all are closed, and gives less otherwise. When nothing is known, the source is unknown.
method-usual = “For as long as we have watched” means that it was restricted at the first check already; that is no change.
method-person = What a person saw in a browser replaces what we cannot tell, for seven days.
method-findings = Findings
method-findings-note = What the vantages mean together, and what that leaves open.
method-figures = Availability and coverage
method-availability = Availability is the number of checks that were served as usual, divided by the checks that could tell. Our own failures are left out.
method-coverage = Coverage is the number of checks that could tell, divided by the checks that were due. No percentage is given without it.
method-strips = A strip shows a day for each of its columns, filled from below by the share of checks that were closed, gave less, or were open. Hatched is what was not seen, dotted is our own end, and blank is a day with nothing due.
method-differ = Strips count states, and availability counts the columns of uptime.csv. They differ where a page moved, where another edition or a maintenance notice is served, and where the site turned our program away.
method-limits = A program sees pages, not readers. What readers with another login or in another place see is not shown by this, nor why a site does what it does.

## Incidents, the matrix and the vantages.

incidents-all = Show those that ended too
incidents-ongoing = Show only ongoing ones
from-where = From where
what-decided = What decided
story-heading = What happened so far
evidence-heading = Evidence
evidence-list = Measurements that decided
matrix-caption = The state of each source from each vantage, and the age of its newest check
vantage-works = works
vantage-coverage = { $n } % of what was due in the last 30 days was seen.
vantage-only = Restricted from here alone:
act-heading = What you can do
act-commands = Nothing can be written from this page. These commands do it where accesswatch runs:
act-take = I look after it
act-withdraw = Nobody looks after it any more
act-until = No mails until
act-silence = Silence
act-unsilence = Mail again
act-look = Measure again now
act-note = Note
act-add = Add
refused-over = The incident has ended, or it is of no source; only an ongoing one can be changed.

## Reports and feeds.

nav-reports = Reports
reports-make = A report on a period
reports-note = One file to read, print and archive. It states its method, and the SHA-256 of the figures behind it. Days are UTC days, and both are included.
reports-from = First day
reports-to = Last day
reports-all = All sources
reports-go = Make the report
reports-tables = The tables behind it
reports-refused = The report takes two days, the earlier one first, and a source or group of the catalogue.
reports-busy = Another report is being made. Try again in a moment.
feeds-heading = Feeds and badges
feeds-note = These addresses can be given to a feed reader, a calendar and a web page. Whoever has an address with a key can read what it leads to.
feeds-events = What changed, as a feed
feeds-calendar = Planned events, as a calendar
feeds-badge = The state of a source, as a picture

## A page that is watched.

head-checked = Newest check
head-median = Median (ms)
head-slow = p95 (ms)
head-value = Value
head-expected = Expected
latency-heading = Time to load
latency-note = Median (p50) and slowest twentieth (p95) of the checks of a day that were served as usual, in milliseconds. A line has a gap where there was no such check.
latency-label = { $place }: median { $p50 } ms and p95 { $p95 } ms on { $day }
phases-heading = Phases of a check
phases-note = The last good check above the last bad one, on one scale.
phase-good = Last good: { $day }
phase-bad = Last bad: { $day }
phase-dns = name lookup
phase-connect = connection
phase-tls = encryption
phase-wait = first byte
phase-rest = the rest
values-heading = Values
value-limit = Limit: { $limit }.
value-expected = Next expected by { $day }.
value-label = { $name }: { $value } on { $day }
expect-heading = What the page must hold
expect-note = As the newest stored check from each vantage found it.
expect-held = there
expect-missing = missing
config-heading = As configured
config-note = Of headers only the names are shown, and of a body only its size.
chart-table = The figures of the newest 30 days as a table
chart-csv = All days as CSV
tables-csv = As CSV:
remark-flapping = goes back and forth
cited-here = { $n } cited { $n ->
        [one] link
       *[other] links
    } on { $host }
strip-planned = planned events from { $from } to { $to }
strip-planned-word = planned events
place-line = line { $n }
place-page = page { $n }
place-paragraph = paragraph { $n }
place-footnote = footnote { $n }
place-endnote = endnote { $n }
place-slide = slide { $n }
place-speaker-notes = notes of slide { $n }
place-header = header
place-footer = footer
place-entry = entry { $key }
place-cell = cell { $cell }
place-sheet-cell = sheet { $sheet }, cell { $cell }

## The comparison of an incident, its exchange and its mails.

compare-heading = Last good and first bad
compare-seen = As seen from { $vantage }.
compare-no-good = No good answer from before is stored, so nothing can be compared.
compare-caption = What the page must hold
compare-text = Sentences that differ
compare-same = The visible text is the same.
compare-facts = The answers
compare-open = This shows two answers to our program. It does not show what a reader who is signed in sees, nor why the page is another one.
no-text-kept = its text may not be stored
no-text-purged = its text was stored and is removed by now
no-text-fetched = nothing was served
no-text-binary = it is no text
head-good = Last good
head-bad = First bad
head-was = Before
head-is = Then
fact-status = Status
fact-address = Address
fact-title = Title
fact-size = Size
hops-heading = The exchange, step by step
head-step = Step
head-answer = Answer
head-took = Took
evidence-kept = kept as { $record }
mails-heading = Mails
mails-none = No mail about it was written.
mail-sent = sent { $time }
mail-waits = waits since { $time }
mail-settled = not sent, since something newer took its place

## Vantages, health, planned events and the matrix.

vantage-days-note = All checks from here together, by what they saw.
controls-heading = Controls
controls-passed = { $passed } of { $all } controls passed in the newest round.
agent-report = Its agent, version { $version }, reported { $heard }; { $waits } kB of records wait there.
agent-round = Its newest round was made { $at }.
outages-heading = Outages of its own
outages-none = None in the last 90 days.
vantage-sees = What is seen from here
nav-health = Health of this installation
health-fine = Every pass that was due was made, and no mail is stuck.
health-stuck = Mails have been waiting since { $time } without any being accepted.
health-caption = Passes, mails, storage and versions
health-pass = Last pass
health-waiting = Mails that wait
health-next-mail = Next attempt to send
health-sent = Mails sent
health-database = Database
health-measurements = Measurements stored
health-oldest = Oldest measurement
health-evidence = Evidence
health-program = Version of the program
health-schema = Version of the database
health-late = Checks that are late
holiday-line = { $calendar }: closed { $from } to { $to }
holiday-estimated = estimated
matrix-filter = Show
matrix-any = All
matrix-days = The last { $n } days of each source
newest-expected = newest { $newest }, next expected by { $expected }
newest-value = newest { $newest }

## Documents and the links that they cite.

nav-documents = Documents
documents-note = Links that documents cite, by document and state. A link counts as gone only when every place that was asked sees it so in repeated checks.
documents-none = No document is imported yet. `accesswatch links import FILE` imports one.
document-watched = watched: changes are mailed at once
links-title = Cited links
links-colon = {": "}
links-host = Host
links-all = All states
links-none = There is no such link.
head-document = Document
head-date = Date
head-links = Links
head-cited = Cited as
head-place = Place
head-instead = Cite instead
cited-on = cited on { $day }
citation-ended = no longer in the document
cited-by-heading = Where it is cited
passage-heading = The passage that is cited
repair-heading = Reference to paste
link-compare-heading = As cited, and now
link-compared = Compared with the page of { $day }.
link-differed = It differed on { $day }.
link-ignored = It is not checked, counted or mailed.
link-doubtful = Another state was seen, and is not confirmed yet.
link-person = This is what a person saw in a browser.
link-already = It was so when it was first checked.
link-says-other = the page says something else than what is cited
link-last-served = Last served
link-first-gone = First seen gone
link-leads-to = It leads to { $to }.
link-observed = A person opened it in a browser: { $to }
link-observed-by = { $by } opened it in a browser: { $to }
link-accepted = The page as it is now counts as what is cited.
link-accepted-by = { $by } accepted the page as it is now as what is cited.
link-back = It is there again.
link-host-event = Many links of the host failed together; they are checked again before they count.
checks-heading = Newest checks
link-act-ok = It is there
link-act-gone = It is gone
link-act-drifted = It says something else
link-act-refused = It is refused
link-act-accept = Take the page as it is now as what is cited
link-act-why = Why
link-act-ignore = Stop checking it
link-act-unignore = Check it again
