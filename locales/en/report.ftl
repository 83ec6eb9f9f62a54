### The printable report on a period.

## Its beginning.

title = Access to sources, { $from } to { $to }
scope-all = All sources of the catalogue
scope-group = Sources of the group { $group }
scope-source = { $source }
as-of = Records as of { $time }. Days are UTC days.
period-cut = The period ends on { $to }, but the records end on { $time }: the report ends there.
period-early = The first check was made on { $day }; nothing is known of the days before.
period-empty = Nothing was checked in this period.
no-check = Nothing has been checked yet.

## The summary.

summary = Summary
summary-end = At the end of the period, { $n } { $n ->
        [one] source was
       *[other] sources were
    } watched: { $counts }.
summary-usual = Restricted for as long as we have watched: { $n }.
summary-changed = Compared with the beginning of the period: worse { $worse }, better { $better }, the same { $same }, not comparable { $other }.
summary-incidents = Incidents: { $began } began, { $ended } ended, { $ongoing } were ongoing at the end.
summary-seen = { $ok } % of the checks that could tell were served as usual; { $seen } % of what was due could tell.
summary-unseen = No check of this period could tell what readers got.
count-item = { $what } { $n }

## State and change.

state-heading = State at the end, and what changed
state-rule = The states follow from the daily figures and the incidents of that time. Where the number at the beginning of the period differed, it is in brackets.
state-by-group = Sources by group
state-by-level = Pages by group and level
state-changed = Sources whose state changed
state-unchanged = No source changed its state between the beginning and the end of the period.
state-no-start = Nothing was watched at the beginning of the period.
head-all = Watched
head-start = At the beginning
head-end = At the end
head-reports = Reports
was = { $n } ({ $before })

## The period before.

before-heading = The period before, in numbers
before-note = The period before has as many days: { $from } to { $to }.
head-figure = Figure
head-this = This period
head-before = The period before
figure-due = Checks that were due
figure-seen = Checks that could tell
figure-availability = Served as usual, of the checks that could tell
figure-coverage = Could tell, of the checks that were due
figure-began = Incidents that began
figure-open = Sources that were open at the end
percent = { $n } %

## Incidents.

incidents-heading = Incidents
incidents-none = No incident began, ended or went on in this period.
incident-lasted = From { $from } to { $to }.
incident-ongoing = Since { $from }, ongoing at the end of the period.
incident-later = Since { $from }, ongoing at the end of the period; it ended on { $to }.
phase-span = { $seen }, { $from } to { $to }
phase-since = { $seen }, since { $from }
incident-places = Seen from: { $places }.
incident-works = Not affected: { $what }.
incident-planned = An announced event covers its beginning.
incident-person = A person looked on { $day }: { $result }
incident-own-end = our own end
evidence = Evidence
evidence-line = measurement { $uid }
evidence-record = kept as { $record }

## Figures.

availability-heading = Availability and coverage
availability-note = Each percentage comes with its coverage. Availability counts the columns of uptime.csv; the counts of states are those of the pages.
availability-none = No check was due in this period.
head-availability = Availability
head-coverage = Coverage
head-outage = Longest outage in a day (hours)
freshness-heading = Freshness
freshness-none = No date or number of a source is kept as a series.
freshness-note = The newest value of the period. Late days are days on which the next item was overdue.
head-value = Value
head-newest = Newest
head-expected = Next expected by
head-late = Late days

## Links that documents cite.

links-heading = Cited links
links-note = Links that documents cite, by document and state at the end of the records. A link counts as gone only when every place that was asked sees it so in repeated checks.
head-document = Document
head-links = Links
link-alive = served
link-moved = moved
link-drifted = changed
link-declines = declines programs
link-unreachable = unreachable
link-blocked = refused
link-gone = gone
link-unknown = not known
survival-heading = How long cited links last
survival-note = The share of links that are not gone, by the time since they were first cited (Kaplan and Meier, late entry at the first check; in brackets the 95 % confidence interval). A link that is now refused or not known counts up to that time. A dash stands where nothing was observed for so long.
survival-left-out = { $counted } { $counted ->
        [one] link is
       *[other] links are
    } counted. Left out: { $undated } without a day of citing, { $already } gone before the first check, { $unseen } that no check saw.
head-counted = Counted
after-one = After 1 year
after-three = After 3 years
after-five = After 5 years
head-median = Half are gone after
years = { $n } years
all-documents = All documents
loss-note = The share of links that were lost, by the way in which they were lost first (Aalen and Johansen).
head-loss = Lost first as

## Method.

method-heading = Method and limits
definitions = What the words mean
vantages-heading = Vantages
vantages-note = Everything was seen from these places. Coverage is that of the period.
head-place = Place
head-network = Network
head-outages = Outages of its own
limits = Limits
limits-people = What people saw in a browser is in the incidents, with its day.
figures-heading = The figures behind this report
figures-note = These are the SHA-256 sums of the tables of the period, as `accesswatch report --with-tables` writes them.
figures-list = SHA-256 of this list: { $sum }
cite-heading = How to cite this report
cite = accesswatch, “{ $title }” ({ $scope }). Records as of { $time }. SHA-256 of the figures: { $sum }.
