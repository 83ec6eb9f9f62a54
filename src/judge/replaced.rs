//! Predicates on what is in the place of the known page: another page, or a page whose level can no
//! longer be observed.
//!
//! A list of refusals only gives a loss a better name; these predicates decide from the page itself
//! whether there is a loss (`docs/verdicts.md`, "Another page").

use super::expect::Subject;
use super::healthy::Difference;
use super::missing::{missed, missing_level};
use super::page::BodyKind;
use super::rule_input::RuleInput;
use super::rule_match::{RuleMatch, evidence};
use super::value::extract::Extraction;
use super::value::percent;
use crate::model::Evidence;
use crate::model::Fact;
use crate::model::page::Value;
use crate::model::probe::Level;
use crate::text::clean;

/// Below this share of the usual length a page is short.
const SHORT: f64 = 1.0 / 3.0;
/// Below this share of the known text almost nothing of it is left.
const FEW: f64 = 0.2;
/// Below this share of the usual length a page without its rows is a frame.
const EMPTIED: f64 = 0.7;
/// At this share of the known text or more, what stood around the record's own text is there.
const MOST_STANDS: f64 = 0.4;
/// A paragraph that lost this share is cut short; a smaller part may open at a click.
const CUT: f64 = 0.55;
/// At this share of the rows' text or more, the rows are the known ones in other words.
const REWORDED: f64 = 0.65;
/// At this share or more, nothing of the rows' text is lost.
const REGROUPED: f64 = 0.85;
/// At least this many new characters replace what is gone.
const FEWEST_NEW: usize = 8;
/// More new characters beside a list are rows.
const MAX_BESIDE: usize = 120;
/// With fewer visible characters, and without a known healthy page, a page holds no record.
const NO_RECORD: usize = 400;
/// A page with this many visible characters came complete, and was not filled by a script.
const CAME_WHOLE: u32 = 200;
/// How many characters of the new words are quoted.
const MAX_WORDS: usize = 200;

/// Another page is in the place of the known one, and none of the probe's own markers is present.
pub(super) fn page(case: &RuleInput<'_>) -> RuleMatch {
    if !is_served(case)
        || !has_own_markers(case)
        || holds_any(case)
        || case.reading.diagnosis.is_script_shell
    {
        return None;
    }
    let other_kind = case.reading.is_other_kind;
    let is_other = match &case.reading.diagnosis.difference {
        Some(difference) => {
            let renamed = difference.title && !difference.names_it;
            let own = (renamed || difference.length < SHORT) && own_is_gone(difference);
            let content = !is_home(case) && content_is_gone(difference);
            let emptied = difference.still_there.has_no_rows() && difference.length < EMPTIED;
            is_another(difference) || own || content || emptied || other_kind
        }
        None => case.reading.diagnosis.characters < NO_RECORD || other_kind,
    };
    is_other.then(|| facts(case))
}

/// Only markers that the site's other pages share are present, and what only the known page had is
/// gone.
pub(super) fn within_the_frame(case: &RuleInput<'_>) -> RuleMatch {
    let difference = case.reading.diagnosis.difference.as_ref()?;
    let checks = || case.reading.checks.iter();
    let lost = checks().any(|check| check.is_proof() && !check.fact.held);
    let way_holds =
        checks().any(|check| matches!(check.subject, Subject::Level(_)) && check.fact.held);
    if !is_served(case) || !lost || way_holds || case.reading.diagnosis.is_script_shell {
        return None;
    }
    let only_title = !checks().any(|c| c.subject == Subject::Marker && c.is_proof() && c.fact.held)
        && !case.reading.taken.values().any(proves);
    let is_short = difference.length < SHORT;
    let renamed = difference.title && !difference.names_it && !is_home(case);
    let is_other = (only_title && is_short)
        || (!is_home(case) && content_is_gone(difference))
        || (renamed && (own_is_gone(difference) || is_short && difference.kept < FEW));
    is_other.then(|| facts(case))
}

/// A document of another kind came: a page in place of a file or of data, or an interface's answer
/// in place of a file.
pub(super) fn of_another_kind(case: &RuleInput<'_>) -> RuleMatch {
    let difference = case.reading.diagnosis.difference.as_ref()?;
    let kind = difference.other_kind.as_ref()?;
    if !is_served(case) || case.reading.is_proven() {
        return None;
    }
    let mut found = vec![says(case)];
    let fact = Fact::OtherKindOfDocument {
        now: kind.now.clone(),
        earlier: kind.earlier.clone(),
    };
    found.push(evidence(fact, "x_accesswatch.references"));
    found.extend(missed(case));
    Some(found)
}

/// A page for which the probe names no marker except its title has completely changed.
pub(super) fn unmarked(case: &RuleInput<'_>) -> RuleMatch {
    let difference = case.reading.diagnosis.difference.as_ref()?;
    if !is_served(case) || case.reading.has_page_markers || case.reading.diagnosis.is_script_shell {
        return None;
    }
    let titled = case.reading.has_markers;
    let is_other =
        (titled || difference.title) && difference.length < SHORT && difference.kept < FEW;
    is_other.then(|| facts(case))
}

/// All expectations are met, and the page is another one: a wall under the same title, or another
/// record in the same design. Markers of a design are present on all its pages.
pub(super) fn in_its_frame(case: &RuleInput<'_>) -> RuleMatch {
    let difference = case.reading.diagnosis.difference.as_ref()?;
    if !is_served(case) || case.reading.diagnosis.is_script_shell {
        return None;
    }
    let (short, few) = (difference.length < SHORT, difference.kept < FEW);
    let is_other = if case.reading.is_record {
        let lost = case
            .reading
            .checks
            .iter()
            .any(|c| c.is_proof() && !c.fact.held);
        let record = &difference.record;
        let named = case.reading.diagnosis.named.is_some();
        let says_more = named || new_characters(case) >= FEWEST_NEW;
        record.paragraph_is_gone && says_more && !record.begins_and_breaks_off
            || record.is_nameless && (difference.title || lost)
    } else {
        // Rows that are present are the purpose of the page.
        short && few && case.reading.taken.is_empty()
    };
    is_other.then(|| facts(case))
}

/// The page is the known one, and the text that it is read for is gone, with almost nothing in its
/// place.
pub(super) fn without_text(case: &RuleInput<'_>) -> RuleMatch {
    let difference = case.reading.diagnosis.difference.as_ref()?;
    let record = &difference.record;
    let is_gone = record.paragraph_is_gone && !record.begins_and_breaks_off;
    let is_cut = is_gone && case.reading.is_record;
    let explained = case.reading.diagnosis.is_script_shell || missing_level(case).is_some();
    if !is_served(case) || !is_cut || explained {
        return None;
    }
    let mut found = vec![evidence(Fact::ParagraphGone, "x_accesswatch.references")];
    found.extend(missed(case));
    Some(found)
}

/// The text that a record is read for is cut short: the rest of its longest paragraph is gone, and
/// nothing stands in its place.
pub(super) fn cut_text(case: &RuleInput<'_>) -> RuleMatch {
    let difference = case.reading.diagnosis.difference.as_ref()?;
    let record = &difference.record;
    let cut = record
        .lost_of_paragraph
        .filter(|_| case.reading.is_record)?;
    let lost = f64::from(difference.known_characters) * (1.0 - difference.length);
    let replaced = lost < cut.characters / 2.0;
    let explained = case.reading.diagnosis.is_script_shell || missing_level(case).is_some();
    let is_gone = record.paragraph_is_gone && !record.begins_and_breaks_off;
    if !is_served(case) || cut.share < CUT || replaced || explained || is_gone {
        return None;
    }
    let fact = Fact::ParagraphCut {
        percent: percent(1.0 - cut.share),
    };
    let mut found = vec![evidence(fact, "x_accesswatch.references")];
    if new_words(case).is_some() {
        found.push(says(case));
    }
    found.extend(missed(case));
    Some(found)
}

/// The page still names the record and offers its next level or most of what stood around its text,
/// and only its text is another one.
pub(super) fn keeps_the_record(case: &RuleInput<'_>) -> bool {
    let leads_on = missing_level(case).is_none() || way_is_there(case);
    let difference = case.reading.diagnosis.difference.as_ref();
    let stands = leads_on || difference.is_some_and(|d| d.kept >= MOST_STANDS);
    lost_its_text(case) && stands && in_its_frame(case).is_some()
}

/// The page still names the record, and the text that it is read for is gone.
pub(super) fn lost_its_text(case: &RuleInput<'_>) -> bool {
    let difference = case.reading.diagnosis.difference.as_ref();
    let names_it = difference.is_some_and(|d| {
        !d.record.is_nameless && d.record.paragraph_is_gone && (!d.title || d.names_it)
    });
    let mut checks = case.reading.checks.iter();
    let proven = checks.any(|c| c.is_proof() && c.fact.held);
    names_it && proven && case.reading.is_record
}

/// An emptied page that is rather another one: under another title, a record with other words in
/// place of its text, or a page that only opens a message box.
pub(super) fn is_rather_replaced(case: &RuleInput<'_>) -> bool {
    let difference = case.reading.diagnosis.difference.as_ref();
    // The keys of a JSON answer may differ.
    let is_page = case.reading.kind == BodyKind::Html;
    let renamed = is_page && difference.is_some_and(|d| d.title && !d.names_it);
    let speaks_only = has_only_boxes(case) && difference.is_some_and(|d| d.length < SHORT);
    (renamed || speaks_only) && is_replaced(case)
        || case.reading.is_record && in_its_frame(case).is_some()
}

/// The number of characters of new sentences, without white space.
fn new_characters(case: &RuleInput<'_>) -> usize {
    let difference = case.reading.diagnosis.difference.as_ref();
    difference.map_or(0, |d| visible(d.new_sentences.as_deref()))
}

fn visible(words: Option<&str>) -> usize {
    let words = words.unwrap_or_default();
    words.chars().filter(|c| !c.is_whitespace()).count()
}

/// A home page has different text every day.
fn is_home(case: &RuleInput<'_>) -> bool {
    case.probe.is_some_and(|p| p.level == Level::Home)
}

/// Whether another page is in the place of the known one, by one of the rules.
pub(super) fn is_replaced(case: &RuleInput<'_>) -> bool {
    [
        page,
        within_the_frame,
        unmarked,
        in_its_frame,
        of_another_kind,
    ]
    .iter()
    .any(|rule| rule(case).is_some())
}

/// The page came complete before; now a script would fill it, and its content cannot be observed.
pub(super) fn script_shell(case: &RuleInput<'_>) -> RuleMatch {
    let difference = case.reading.diagnosis.difference.as_ref()?;
    let whole_before = difference.known_characters >= CAME_WHOLE;
    let amiss = !case.reading.all_hold() || !case.faults.is_empty() || !has_own_markers(case);
    (is_served(case) && case.reading.diagnosis.is_script_shell && whole_before && amiss).then(
        || {
            let mut found = vec![evidence(Fact::FilledByScript, "requests[0].response.body")];
            found.extend(missed(case));
            found
        },
    )
}

/// The link to the next level leads where it led before, and only its marker changed.
pub(super) fn way_is_there(case: &RuleInput<'_>) -> bool {
    case.reading
        .diagnosis
        .difference
        .as_ref()
        .is_some_and(|difference| difference.still_there.way && difference.diverted_link.is_none())
}

/// The rows are on the page, and only their markers changed.
pub(super) fn rows_are_there(case: &RuleInput<'_>) -> bool {
    let difference = case.reading.diagnosis.difference.as_ref();
    difference.is_some_and(|difference| difference.still_there.rows)
}

/// Nearly all of the rows' text is on the page: paragraphs were joined, or rows were parted.
pub(super) fn rows_are_regrouped(case: &RuleInput<'_>) -> bool {
    let difference = case.reading.diagnosis.difference.as_ref();
    let kept = difference.and_then(|difference| difference.still_there.rows_kept);
    kept.is_some_and(|share| share >= REGROUPED)
}

/// The rows say what they said, in other words or at other addresses.
pub(super) fn rows_are_reworded(case: &RuleInput<'_>) -> bool {
    let difference = case.reading.diagnosis.difference.as_ref();
    let kept = difference.and_then(|difference| difference.still_there.rows_kept);
    kept.is_some_and(|share| share >= REWORDED)
}

/// A record has its text and leads to the next level, by its markers or where it led before: an
/// emptied list beside it, of references or similar works, is a part of the page.
pub(super) fn record_stands(case: &RuleInput<'_>) -> bool {
    let difference = case.reading.diagnosis.difference.as_ref();
    let is_known = difference.is_some_and(|d| {
        let record = &d.record;
        !record.is_nameless && record.has_paragraph && !record.paragraph_is_gone
    });
    let mut checks = case.reading.checks.iter();
    let leads_on = checks.any(|c| matches!(c.subject, Subject::Level(_)) && c.fact.held);
    let holds = leads_on && case.reading.is_proven_by_markers();
    is_known && case.reading.is_record && (holds || way_is_there(case))
}

/// Whether the last healthy page is known, and this page is like it.
pub(super) fn is_alike(case: &RuleInput<'_>) -> bool {
    let difference = case.reading.diagnosis.difference.as_ref();
    difference.is_some_and(|d| !is_another(d) && d.kept >= FEW && d.length >= SHORT)
}

fn is_another(difference: &Difference) -> bool {
    let short = difference.length < SHORT;
    let few = difference.kept < FEW;
    if difference.title {
        // A page that still names the record, and keeps its length or its text, was redesigned.
        let still_it = difference.names_it && !(short && few);
        (short || few) && !still_it
    } else {
        short && few
    }
}

/// Almost nothing is left of what only the known page had, compared with the site's other pages.
fn own_is_gone(difference: &Difference) -> bool {
    difference.own_kept.is_some_and(|kept| kept < FEW)
}

/// Almost nothing is left of the known page's text outside its links and frame, whatever its title.
fn content_is_gone(difference: &Difference) -> bool {
    difference.content_kept.is_some_and(|kept| kept < FEW)
}

/// An answer with a status of success that was read completely.
fn is_served(case: &RuleInput<'_>) -> bool {
    case.request().is_some() && case.odd_status().is_none() && !case.is_cut()
}

/// The probe names something that only the right page has.
fn has_own_markers(case: &RuleInput<'_>) -> bool {
    case.reading.has_markers
}

/// A title, text, element, value or link to the next level that the probe names is present.
fn holds_any(case: &RuleInput<'_>) -> bool {
    let of_checks = case.reading.checks.iter().any(|check| {
        check.fact.held && (check.is_proof() || matches!(check.subject, Subject::Level(_)))
    });
    of_checks || case.reading.taken.values().any(proves)
}

/// A value that only the right page gives: any page has a hash, and a count of zero.
fn proves(taken: &Extraction) -> bool {
    match taken {
        Extraction::Value(Value::Hash(_)) => false,
        Extraction::Value(Value::Count(n)) => *n > 0,
        Extraction::Value(_) => true,
        _ => false,
    }
}

/// What the page says, then what is gone.
fn facts(case: &RuleInput<'_>) -> Vec<Evidence> {
    let mut found = vec![says(case)];
    if let Some(difference) = &case.reading.diagnosis.difference {
        found.push(evidence(
            Fact::Left {
                length: percent(difference.length),
                text: percent(difference.kept),
            },
            "x_accesswatch.references",
        ));
    }
    found.extend(missed(case));
    found
}

/// The first words of the page, as a reader sees them; for a page that kept its frame, the first
/// new words.
pub(super) fn says(case: &RuleInput<'_>) -> Evidence {
    let difference = case.reading.diagnosis.difference.as_ref();
    let framed = difference.filter(|difference| difference.kept >= FEW);
    let words = framed.and_then(|_| new_words(case));
    let diagnosis = &case.reading.diagnosis;
    let boxes =
        || Some(diagnosis.boxes.clone()).filter(|_| framed.is_some() && has_only_boxes(case));
    let of_json = || Some(diagnosis.json_says.clone()).filter(|words| !words.is_empty());
    let words = words
        .or_else(boxes)
        .or_else(of_json)
        .unwrap_or_else(|| diagnosis.words.clone());
    evidence(Fact::Says { words }, "requests[0].response.body")
}

/// The few sentences that stand beside what is left of a page.
pub(super) fn says_beside(case: &RuleInput<'_>) -> Option<Evidence> {
    let diagnosis = &case.reading.diagnosis;
    let difference = diagnosis.difference.as_ref();
    let sentences = difference.and_then(|d| d.new_sentences.as_deref());
    let words = sentences.unwrap_or(&diagnosis.json_says);
    let is_short = (FEWEST_NEW..=MAX_BESIDE).contains(&visible(Some(words)));
    let words = clean::line(words, MAX_WORDS);
    is_short.then(|| evidence(Fact::Says { words }, "requests[0].response.body"))
}

/// A page with next to no text speaks through the message boxes of its scripts.
pub(super) fn has_only_boxes(case: &RuleInput<'_>) -> bool {
    case.reading.is_short && !case.reading.diagnosis.boxes.is_empty()
}

/// The first words that the known page did not show, if any: its sentences before its links.
pub(super) fn new_words(case: &RuleInput<'_>) -> Option<String> {
    let difference = case.reading.diagnosis.difference.as_ref()?;
    let sentences = difference.new_sentences.as_deref();
    let sentences = sentences.filter(|words| visible(Some(words)) >= FEWEST_NEW);
    let words = sentences.or(difference.new_words.as_deref())?;
    let words = clean::line(words, MAX_WORDS);
    (!words.is_empty()).then_some(words)
}
