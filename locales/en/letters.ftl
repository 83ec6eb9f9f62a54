### Letters: subjects, first lines, headings, labels and sentences.

## Punctuation between words.

# Between a label and its value.
mark-colon = {": "}
# Behind a heading of the text part.
mark-heading = :
# Between the names of a list.
mark-list = {", "}
# Between what belongs together, such as a source and its probe.
mark-clause = {", "}
# Between longer items.
mark-item = {"; "}
# Around a remark.
mark-open = {" ("}
mark-close = )

## Subjects. They name the state, and stay the same as long as it lasts.

subject-one = { $source }, { $probe }: { $state } (report #{ $id })
subject-several = { $source }, { $probe }: { $state } (reports { $id })
subject-vantage = { $vantage }: { $state } (report #{ $id })
subject-path = Way to mainland China: { $state } (report #{ $id })
subject-improved = { $source }, { $probe }: better than before ({ $day })
subject-no-data = { $source }, { $probe }: cannot tell, not seen for two weeks ({ $day })
subject-flapping = { $source }: unsteady ({ $day })
subject-first-letter = Access today: { $good } of { $count } pages open ({ $day })
subject-digest = Access digest: { $state } ({ $day })
subject-test = accesswatch: test mail ({ $day })
# State words that are no state of a source.
subject-again = open again
subject-own-end = own end down
subject-works-again = works again
subject-path-down = interrupted
subject-going-on = { $open } { $open ->
        [one] report
       *[other] reports
    } still going on
# Of a digest without an open report.
subject-changes = { $events } { $events ->
        [one] change
       *[other] changes
    }

## First lines.

# Where it is seen, behind how serious it is.
lead-scope-one = { $vantage }, the only place we watch from
lead-scope-all = every place we watch from ({ $total })
lead-scope-some = { $n } of the { $total } places we watch from
# What changed, since when and from where; and what was before.
lead-since = Since { $since } { $tells } (seen from { $vantages }).
lead-since-before = Before: { $before }.
lead-since-newest = The newest entry is of { $date }.
lead-since-unchanged = What it shows is that of { $date }.
lead-reminded = For { $lasted } now, since { $since }, { $tells } (seen from { $vantages }).
lead-news = New since the mail of { $day }: { $news }.
lead-no-news = Nothing has changed since the mail of { $day }.
lead-works = Still works: { $works }.
lead-instead = Use instead: { $instead }.
# What to do where nothing else helps.
lead-look = What to do now: open the page in a browser, and answer below what you see.
lead-look-once = What to do now: open one item in a browser, and answer below whether readers still get the { $level }.
lead-observed = What a person saw: { $seen }.
lead-ended = { $source }, { $probe }: open again for readers, as before.
# It left the state that was reported, and is not what it was before.
lead-ended-otherwise = { $source }, { $probe }: report #{ $id } is over, and not all is as before: { $seen }.
lead-lasted = From { $from } to { $to }, { $lasted } in all, { $seen } (seen from { $vantages }).
lead-nothing-to-do = There is nothing to do.
lead-watched-on = It is still watched; a new report comes when it gets worse.
lead-vantage-opened = Not the sources' fault: we cannot look from { $vantage } at present.
lead-vantage-ended = We can look from { $vantage } again.
lead-network-opened = Not the sources' fault, as it seems: { $count } pages failed at once from { $vantage }, and from nowhere else.
lead-network-ended = The pages that failed at once from { $vantage } are back.
lead-path-opened = Not one source's fault, as it seems: from { $vantage }, mainland pages that are open to all fail together.
lead-path-ended = The way from { $vantage } to the mainland works again.
# What of our own end is seen, and since when.
lead-own-end = Since { $since } { $tells }.
lead-own-end-lasted = From { $from } to { $to }, { $lasted } in all, { $seen }.
# The same of the way, which nobody sees.
lead-way-since = Since { $since }; this does not show where on the way it fails, nor why.
lead-improved = Good news for readers of { $source }, { $probe }: better than we have seen it before.
lead-improved-seen = Since { $since } { $tells } (seen from { $vantages }). Before: { $before }.
lead-no-data = Not known whether readers of { $source }, { $probe } are affected: our program no longer sees it.
lead-no-data-since = Not seen from { $vantages }.
lead-flapping = Unsteady for readers of { $source }, { $probe }: it goes back and forth.
lead-flapping-seen = Seen from { $vantages }.
lead-letter-all-well = All well today: readers can use all { $count } pages that we could look at.
lead-letter-some = { $bad } of { $count } pages that we could look at { $bad ->
        [one] gives
       *[other] give
    } readers less than hoped for, or nothing.
lead-letter-nothing = Nothing could be checked today.
lead-digest = Since the last digest: { $events } { $events ->
        [one] change that was
       *[other] changes that were
    } not mailed to you.
lead-digest-open = Still going on: { $open } { $open ->
        [one] report
       *[other] reports
    }.
lead-test = This is a test mail: alerts reach this address.

## How serious a loss is, and for whom: the first line of a report.

weight-closed = Serious for readers of { $source } ({ $probe }): closed to { $scope }.
weight-reach = Serious if it lasts, for readers of { $source } ({ $probe }): out of reach of { $scope }.
weight-replaced = Serious for readers of { $source } ({ $probe }): another page has taken its place, for { $scope }.
weight-next-level = Serious for readers of { $source } ({ $probe }) who need the { $level }: it is not offered to { $scope }.
weight-unproven = Serious, or only a new look: whether readers of { $source } ({ $probe }) still get the { $level } cannot be seen any more at { $scope }, and nobody watches it until somebody has looked.
weight-unseen = Serious, or only a new technique: what { $source } ({ $probe }) gives to its readers cannot be seen any more at { $scope }, and nobody watches it until somebody has looked.
weight-text = Serious for readers of { $source } ({ $probe }): the page is there without its text, for { $scope }.
weight-figures = Matters to those who work with { $source } ({ $probe }): entries are old, missing or empty at { $scope }.
weight-rot = Matters to readers who follow links to { $source } ({ $probe }): the address no longer leads there, for { $scope }.
weight-maintenance = Should pass by itself: { $source } ({ $probe }) is under maintenance, as it says to { $scope }.
weight-slight = Slight for readers of { $source } ({ $probe }): it looks different to { $scope }, and can be used.
weight-declined = Not known whether readers of { $source } ({ $probe }) are affected: it declines our program at { $scope }.
weight-unclear = Not known whether readers of { $source } ({ $probe }) are affected: too little can be seen at { $scope }.

## Headings.

heading-page-says = What the page says
heading-seen-from = Seen from each place ({ $zone })
heading-note = For the catalogue
heading-notes = Known of this source
heading-observed = What people saw in a browser
heading-story = What happened so far
# Where what only a technician needs begins.
heading-technician = For the technician
heading-evidence = Evidence
heading-evidence-past = Evidence of the time when it lasted
heading-more-evidence = More evidence
heading-grounds = What the finding rests on
heading-answer = Does it work for you?
heading-folded = Pages that failed together
heading-restricted = Closed, or giving less, when first seen
heading-well = As expected
heading-unobserved = Not seen
heading-vantages = Places we watch from
heading-events = Changes
heading-held = Reports that were not mailed to you
heading-open = Still going on
heading-standing = Waiting for somebody to look

## Labels before a colon, and heads of columns.

label-url = Address
label-before = Before
label-now = Now
label-finding = Finding
label-verdict = Verdict
label-controls = Controls
label-checks = Checks
label-first-bad = First seen
label-last-good = Last as usual
label-ended = Over
label-lasted = Lasted
label-since = Since
label-vantage = Place
label-vantages = Places
label-result = Result
label-phases = In turn
label-also-affected = Also affected
label-not-affected = Not affected
label-alternatives = Alternatives
label-vendor = Whom to ask
label-licence = Licence until
label-catalogue-ids = Catalogue records
label-acknowledged = Looked after by
label-earlier = Earlier
label-next-look = Next look
label-not-shown = What this does not show
label-news = New
label-probe = Page
# A value and the limit that it broke.
label-limit = Limit
# What the probe's file expects of the page and is missing there.
label-missed = Not as expected
# A column: the worst state of a probe that changes back and forth.
label-worst = Worst
label-kept-copy = Kept copy

## Sentences and parts of sentences.

say-checks = { $bad } bad of { $total }
# The same where more attempts were made than checks.
say-checks-attempts = { $bad } bad of { $total } ({ $attempts } attempts bad)
say-controls = controls: { $passed } of { $total } passed
say-unknown = not known
# Between the last two names of a list.
say-and = {" and "}
# Between sentences of one line.
say-stop = {" "}
# More kinds of record than a subject can name.
say-kinds = { $n } kinds of record
# A verdict, and from where, for the technician.
say-verdict = { $code } from { $vantages }
# A vantage's turn, as a line of the story.
say-turned = { $seen }, seen from { $vantages }
# Behind a name: since when there.
say-since-there = since { $since }
# A part of what happened: what, from when, to when.
say-phase = { $seen }, { $from } to { $to }
say-phase-now = { $seen }, since { $from }
# What was last seen from a vantage that does not work now.
say-not-checked = { $seen } (not looked at now: this place does not work)
say-back = { $seen }, as before
say-earlier = { $n } { $n ->
        [one] report
       *[other] reports
    } of this in the last 90 days, the longest of { $longest }, the last until { $last }
say-earlier-none = no report of this in the last 90 days
say-quoted = “{ $text }”
say-stale-since = { $source }, { $probe }: the newest entries are of { $date }.
say-note-day = { $note } ({ $day })
say-note-own = Your own wording: { $note }
say-note-over = The note on { $source }, { $probe } can be taken out.
say-evidence = Measurement { $id }
say-evidence-hash = Measurement { $id }, SHA-256 { $hash }
say-evidence-record = { $evidence }, record { $record }
say-note = { $from } to { $to }: { $text }
say-note-open = since { $from }: { $text }
say-observed = { $when }, { $network }: { $answer }
say-observed-by = { $when }, { $by }, { $network }: { $answer }
say-observed-saw = { $observed }: “{ $saw }”
say-browser-ok = works
say-browser-refused = refused
say-browser-partial = works in part
say-duration-minutes = { $n } { $n ->
        [one] minute
       *[other] minutes
    }
say-duration-hours = { $n } hours
say-duration-days = { $n } days
say-not-counted = This time is not counted as up or down for any source.
say-vantage-fix = What to do now: look at that computer's connection, its proxy and its resolver; the command below tests each.
say-path-fix = What to do now: compare from another network, such as a mobile phone's; the command below tests our own end.
say-improved-note = Please open one item in a browser before telling readers: this program looks at pages alone, and never downloads a text.
say-improved-baseline = From now on this is what is expected here.
say-no-data-note = It was left alone or could not be fetched: after a check for people or a refusal, because the site asks programs to stay away, or because nothing ran. Only a person with a browser can tell what readers get.
say-flapping-note = Until it is steady again, single changes are not mailed; mail comes only when a report that you already received ends. The digest lists all changes.
say-flapping-count = { $seen }; { $n } { $n ->
        [one] change
       *[other] changes
    } in the last { $total } checks
say-never-observed = { $probe }: not yet seen from { $vantage }
say-vantage-usable = { $vantage }: works, { $passed } of { $total } control pages answered
say-vantage-unusable = { $vantage }: { $seen }, { $passed } of { $total } control pages answered
say-letter-note = This is the initial report; from now on, a mail comes only when something changes, for better or worse.
say-more = and { $n } more; `accesswatch status` shows all
say-open-line = #{ $id } { $name }: { $seen }, since { $since }
say-held-line = #{ $id } { $name }: { $seen } ({ $state }), first seen { $since }
# A state that stays and waits for a person's decision.
say-standing-line = { $name }: { $seen }, since { $since }. Look once; then correct what the probe expects, or accept it as normal: `accesswatch baseline accept { $key }`
say-event-line = { $when }: { $name }, from { $vantage }: { $text }
say-event-plain = { $when }: { $text }
say-test-note = Nothing has happened. Mails like this one are sent by accesswatch when access to a source changes. This address gets mails about: { $sources }.
say-footer = accesswatch { $version } reports what was seen and from where; it does not know why.
say-folder-reminder = { $new } new { $new ->
        [one] mail
       *[other] mails
    } in { $folder } ({ $n } in all), none sent. To send them, set `transport` under [alerts] in config/accesswatch.toml, then try `accesswatch mail test`.
# The next level that is missing, for a cell of a table.
say-brief-level = { $level } not shown
# The next level that can no longer be seen, for a cell of a table.
say-brief-barred = way to the { $level } no longer works
say-brief-unproven = { $level } cannot be seen any more
# What a person saw, and what was noted, as lines of the story.
say-looked = a person looked with a browser ({ $network }): { $answer }
say-looked-by = { $by } looked with a browser ({ $network }): { $answer }
say-noted = noted: { $text }

## Lines of an incident's story that are no change seen from a vantage.

remark-acknowledged = acknowledged by { $by }
remark-silenced = silenced until { $until }
remark-silenced-by = silenced until { $until } by { $by }
remark-withdrawn = acknowledgement withdrawn by { $by }
remark-silence-ended = mails come again, as { $by } asked
remark-looked-again = { $by } asked to measure again at once
remark-finding = finding: { $finding }
remark-accepted = taken as normal from { $vantage }: { $seen }
remark-folded = { $probe }: { $seen }
remark-path = pages in mainland China that are open to the world failed together

## Events, as lines of the digest.

event-first-seen = when first seen: { $seen }
event-changed = { $seen }; before: { $before }
event-opened = report #{ $id } begun: { $seen }
event-joined = report #{ $id }: from here too, { $seen }
event-left = report #{ $id }: back here, { $seen }
event-ended = report #{ $id } over
event-improved = better than before: { $seen }; before: { $before }
event-restored = as before again: { $seen }
event-not-confirmed = seen once, and not confirmed by a second look: { $seen }
event-flapping = goes back and forth
event-steady = steady again
event-no-data = not observed for 14 days
event-accepted = taken as normal: { $seen }
event-observed = a person looked with a browser: { $text }
event-control-fault = the control page { $control } fails from every place, so the control page itself is at fault

## Kinds of events in the timeline of a source.

known-announced = announced by the provider
known-restriction = closed, or harder to reach
known-restored = back, in whole or in part
known-discontinued = no longer published
known-move = moved to another address
known-context = background
known-other = another event

## Suggested notes for the library's catalogue; the day follows.

note-next-level = { $source }, { $probe }: the { $level } is not offered at present; the { $here } is.
note-unproven = { $source }, { $probe }: we are looking into whether the { $level } is still offered; the { $here } is.
note-unseen = { $source }, { $probe }: we are looking into whether its content is still offered.
note-text = { $source }, { $probe }: the entry is shown without its text at present.
note-rows = { $source }, { $probe }: other entries than usual are listed at present.
note-files = { $source }, { $probe }: a part of what it holds is not offered at present.
note-stale = { $source }, { $probe }: nothing new has been added for longer than usual.
note-shrunk = { $source }, { $probe }: far less is listed than usual at present.
note-nulls = { $source }, { $probe }: some of the values are empty or not current at present.
note-empty = { $source }, { $probe }: nothing is listed at present.
note-replaced = { $source }, { $probe }: another page is shown in its place at present.
note-region = { $source }, { $probe }: the provider at present refuses access by region.
note-network = { $source }, { $probe }: at present only some networks are let in.
note-access = { $source }, { $probe }: a log-in, a subscription or a recognised institution is asked for at present.
note-refused = { $source }, { $probe }: access is refused at present.
note-maintenance = { $source }, { $probe }: under maintenance, as the provider says.
note-rot = { $source }, { $probe }: the address no longer leads to the item; please search for its title.
note-reach = { $source }, { $probe }: cannot be reached at present.

## How a reader answers: by mail to the administrator, or by command.

answer-ask = Open { $url } in a browser. { $look }
answer-ask-file = { $look }
answer-click = Then answer with one click:
# The same where there is nobody to write to.
answer-tell = Then ask whoever runs accesswatch to write it down:
answer-by-command = Or by command, where accesswatch runs:
answer-works = It works for me
answer-refused = I am refused
answer-partial = It works in part
answer-taken = I look after it
answer-page = Web page of report #{ $id }
answer-form-network = From which network (campus, home, telephone):
answer-form-words = What the page says, word for word:

## What a person is asked to look at.

look-as-before = Does it work as it did before?
look-full-text = Is there a button for the full text (PDF, CAJ)? Please do not download more than one item.
look-files = Can its files be opened? Please do not download more than one.
look-rows = Are there rows, do they hold values, and what is the date of the newest?
look-item = Is the item there? If not, does the site's own search find its title?
look-check = After the check the site may ask for, does the page appear and work?
look-entitled = From the library's own network: is the institution named, and what does the page ask for?
look-wording = What does the page say, word for word? From the library and from another network, such as a mobile phone's?
look-usual = Can readers still do what they did: search, read the abstract, open the text?
look-answers = Does it answer at all? From the library and from another network, such as a mobile phone's?
look-works = Does it work as readers need it?

## Letters to the administrator of the computer.

disk-subject = accesswatch: the disk is nearly full
disk-lead = The disk that holds the records of accesswatch has { $free } free. When it is full, nothing is recorded and no change is mailed.
disk-help = Free space on that disk. `keep_bodies` and `keep_measurements` under `[store]` in config/accesswatch.toml decide how much is kept; `accesswatch purge --before DATE` removes more.

## The letters on cited links.

links-subject = Cited links: { $n } changed ({ $day })
links-subject-watched = Watched documents: { $n } { $n ->
        [one] link
       *[other] links
    } changed ({ $day })
# A letter of a week in which no link was lost, moved or back and some links are to be opened.
links-subject-hand = Cited links: { $n } to open by hand ({ $day })
links-lead = { $n } cited { $n ->
        [one] link
       *[other] links
    } changed since the mail of { $day }.
links-lead-watched = In documents that are watched, { $n } cited { $n ->
        [one] link
       *[other] links
    } changed.
links-lead-hand = Since the mail of { $day }, no cited link was lost, moved or came back. Only a person can open the { $n } { $n ->
        [one] link
       *[other] links
    } below: the site declines programs.
links-help = Open a link by hand before you replace it. `accesswatch links show` shows its history.
# One citation: what became of its link.
links-line = { $id } { $state } { $since }: { $title } ({ $place }), { $url } (what was seen: { $seen })
# Behind the line, where an archive has a copy.
links-copy = {". A copy: "}{ $url }
# Behind the line: the reference as it should read now.
links-reference = {". Reference to paste: "}{ $reference }
links-gone = no longer there
links-blocked = refused to us
links-drifted = says something else now
links-moved = moved to { $to }
links-back = there again
links-since = since { $day }
# It was so when it was first checked.
links-already = before it was first checked
links-heading-hand = Please open these by hand
links-hand-line = { $url } (then: `accesswatch links observe { $id } --browser ok`, or `gone`, `drifted`, `refused`)
links-heading-hosts = Many links of a host turned worse together
links-host-line = { $host }: { $worse } of { $checked } links on { $day }. They are checked again before they count.
links-heading-counts = What no program can watch
links-count-declining = The site declines programs: { $n } { $n ->
        [one] link
       *[other] links
    }
links-count-robots = The site asks programs not to look: { $n } { $n ->
        [one] link
       *[other] links
    }
