//! The English of mails: sentences and labels. What codes and findings are called is next door.

use super::words::{finding, level, look, network, not_shown, seen};
use crate::i18n::mail::{Headings, Labels, Leads, Marks, Remarks, Sayings, Subjects, Texts};
use crate::model::event::EventKind;
use crate::model::settings::Language;

/// English.
pub(in crate::i18n) static TEXTS: Texts = Texts {
    language: Language::En,
    tag: "en",
    marks: MARKS,
    subject: SUBJECTS,
    lead: LEADS,
    label: LABELS,
    heading: HEADINGS,
    say: SAYINGS,
    remark: REMARKS,
    happened,
    seen,
    finding,
    not_shown,
    look,
    level,
    network,
};

const MARKS: Marks = Marks {
    colon: ": ",
    heading: ":",
    list: ", ",
    clause: ", ",
    item: "; ",
    open: " (",
    close: ")",
    breaks_han: false,
};

const SUBJECTS: Subjects = Subjects {
    one: "{source}, {probe}: access report #{id}",
    several: "{source}: access report #{id}",
    vantage: "Vantage {vantage}: access report #{id}",
    path: "Path to mainland China: access report #{id}",
    improved: "{source}, {probe}: access note of {day}",
    blind: "{source}, {probe}: observation note of {day}",
    first_letter: "State of access today, {day}",
    digest: "Access digest of {day}",
    test: "accesswatch: test mail of {day}",
};

const LEADS: Leads = Leads {
    opened: "{source}, {probe}: {seen} on {bad} of {total} checks from {vantages}. Before: {before}.",
    updated: "{source}, {probe}: report #{id} goes on, and changed: {change}.",
    reminded: "{source}, {probe}: report #{id} is still open. As last confirmed from {vantages}: {seen}.",
    ended: "{source}, {probe}: restored. Seen from {vantages}: {seen}. It lasted {lasted}.",
    ended_otherwise: "{source}, {probe}: report #{id} is closed, and not everything is as it was. Last seen from {vantages}: {seen}. It lasted {lasted}.",
    vantage_opened: "Vantage {vantage}: {seen}. No source was checked from there, and nothing is held against any source.",
    vantage_ended: "Vantage {vantage}: works again. It lasted {lasted}.",
    network_opened: "Vantage {vantage}: {count} probes turned at once from there and from nowhere else. This points to the network of the vantage, not to the sources.",
    network_ended: "Vantage {vantage}: the probes that turned at once from there are back. It lasted {lasted}.",
    path_opened: "The path to mainland China from {vantage}: pages there that are open to the world failed together. Sources are not reported one by one while this lasts.",
    path_ended: "The path to mainland China from {vantage}: the pages that failed together answer again. It lasted {lasted}.",
    own_end_updated: "Vantage {vantage}: report #{id} goes on, and changed: {change}.",
    improved: "{source}, {probe}: better than before. Seen from {vantages}: {seen}. Before: {before}.",
    blind: "{source}, {probe}: not observed from {vantage} since {since}. Its state is unknown, neither good nor bad.",
    letter_all_well: "All {count} probes that could be observed are as expected today.",
    letter_some: "{bad} of {count} probes that could be observed are restricted or disturbed today.",
    letter_nothing: "Nothing could be observed today.",
    digest: "Changes that were not mailed at once: {events}. Reports still open: {open}.",
    test: "This is a test mail: alerts reach this address.",
};

const LABELS: Labels = Labels {
    report: "Report",
    source: "Source",
    level: "Level",
    url: "URL",
    before: "Before",
    now: "Now",
    finding: "Finding",
    controls: "Controls",
    checks: "Checks",
    first_bad: "First bad",
    last_good: "Last good",
    ended: "Restored",
    lasted: "Lasted",
    since: "Since",
    vantage: "Vantage",
    vantages: "Vantages",
    result: "Result",
    not_affected: "Not affected",
    alternatives: "Alternatives",
    vendor: "Vendor contact",
    licence: "Licence until",
    catalogue_ids: "Catalogue records",
    acknowledged: "Acknowledged by",
    probe: "Probe",
    state: "State",
};

const HEADINGS: Headings = Headings {
    seen_from: "Seen from each vantage",
    not_shown: "What this does not show",
    look: "What to look at in a browser",
    note: "Suggested catalogue note",
    notes: "Notes on this source",
    observed: "What people saw in a browser",
    story: "What happened so far",
    evidence: "Evidence",
    acknowledge: "To acknowledge",
    folded: "Probes that turned together",
    restricted: "Already restricted when first seen",
    well: "As expected",
    unobserved: "Not observed",
    vantages: "Vantages",
    events: "Changes",
    held: "Reports that were not mailed at once",
    open: "Still open",
    what_now: "What to do",
};

const SAYINGS: Sayings = Sayings {
    checks: "{bad} bad of {total}",
    controls: "{passed} of {total} passed",
    unknown: "unknown",
    and: " and ",
    turned: "{seen}, from {vantages}",
    not_checked: "{seen}; not checked now, as this vantage does not work",
    back: "as before: {seen}",
    open_on_site: "Open {url} in a browser, as a reader would. {look}",
    report_with: "Report what you saw with this command (ok, refused or partial; the network is yours to name):",
    acknowledge_mail: "Write to {address} with the subject \"{subject}\".",
    acknowledge_command: "Or, where accesswatch runs:",
    acknowledge_subject: "Acknowledged: access report #{id}",
    silence_command: "No further mail about it until a day of your choice:",
    catalogue_note: "Access to {source} ({probe}) may be interrupted at present. The library is following it. ({day})",
    catalogue_note_over: "The note on {source} ({probe}) can be taken out.",
    evidence: "Measurement {id}",
    evidence_hash: "Measurement {id}, SHA-256 {hash}",
    note: "{from} to {to}: {text}",
    note_open: "since {from}: {text}",
    observed: "{when}, {network}: {answer}",
    browser_ok: "it works",
    browser_refused: "refused",
    browser_partial: "works in part",
    duration_minutes: "{n} min",
    duration_hours: "{n} h",
    duration_days: "{n} days",
    beijing: "Beijing",
    not_counted: "This time is not counted as up or down for any source.",
    path_not_shown: "This does not show where on the way it fails, nor why.",
    vantage_mend: "Look at that computer's connection, its proxy and its resolver; the command below tests each.",
    path_mend: "Compare from another network, such as a mobile phone's; the command below tests the vantage itself.",
    improved_note: "A check of the full-text control never downloads the text itself: please open one item in a browser before telling readers.",
    improved_baseline: "From now on this is what is expected here.",
    blind_note: "It was left alone or could not be fetched: after a challenge or a refusal, because robots.txt asks for it, or because no round was made. Only a person with a browser can tell what readers get.",
    never_observed: "{probe}: not yet observed from {vantage}",
    vantage_usable: "{vantage}: works, {passed} of {total} controls passed",
    vantage_unusable: "{vantage}: {seen}, {passed} of {total} controls passed",
    letter_note: "This is the first letter. From now on mail comes only when something changes. What is restricted from the start opens no report: it is listed here, and mailed when it changes, for better or worse.",
    more: "and {n} more; `accesswatch status` shows all",
    open_line: "#{id} {name}: {seen}, since {since}",
    held_line: "#{id} {name}: {seen} ({state}), first bad {since}",
    event_line: "{when}: {name}, from {vantage}: {text}",
    event_plain: "{when}: {text}",
    test_note: "Nothing has happened. Mails like this one are sent by accesswatch when access to a source changes. This address is told of: {sources}.",
    footer: "Sent by accesswatch {version}. It reports what was seen and from where; it does not know why.",
    folder_reminder: "{n} mails written to {folder}, none sent. To send them, set `transport` under [alerts] in config/accesswatch.toml, then try `accesswatch mail test`.",
    next_level: "what leads to the next level ({level}) was not shown",
};

const REMARKS: Remarks = Remarks {
    acknowledged: "acknowledged by {by}",
    silenced: "silenced until {until}",
    finding: "finding: {finding}",
    accepted: "taken as normal from {vantage}: {seen}",
    folded: "{probe}: {seen}",
    path: "pages in mainland China that are open to the world failed together",
};

/// What happened, as a line of the digest.
fn happened(kind: EventKind) -> &'static str {
    match kind {
        EventKind::FirstSeen => "when first seen: {seen}",
        EventKind::Changed => "{seen}; before: {before}",
        EventKind::Opened => "report #{id} begun: {seen}",
        EventKind::Joined => "report #{id}: from here too, {seen}",
        EventKind::Left => "report #{id}: back here, {seen}",
        EventKind::Ended => "report #{id} closed",
        EventKind::Improved => "better than before: {seen}; before: {before}",
        EventKind::Restored => "as before again: {seen}",
        EventKind::NotConfirmed => "seen once, and not confirmed by a second look: {seen}",
        EventKind::Flapping => "goes back and forth",
        EventKind::Steady => "steady again",
        EventKind::Blind => "not observed for 14 days",
        EventKind::Accepted => "taken as normal: {seen}",
        EventKind::ControlFault => {
            "the control {control} fails from every vantage: the fault is its own"
        }
    }
}
