//! The tables of texts for mails: one field per text, so that a caller cannot misspell its key.
//!
//! The field `not_affected` of `label` is the message `label-not-affected`; the comment in the
//! Fluent file says what it is for. A field is a [`Template`] if the message has placeables.

use super::messages::{LETTERS, Template, WORDS};
use super::text_table::{table, texts};

table! {
    /// Marks between words.
    #[derive(Debug, PartialEq, Eq)]
    LETTERS "mark" Marks {
        colon: &'static str,
        heading: &'static str,
        list: &'static str,
        clause: &'static str,
        item: &'static str,
        open: &'static str,
        close: &'static str,
    }
}

impl Marks {
    /// `text (remark)`.
    #[must_use]
    pub fn remark(&self, text: &str, remark: &str) -> String {
        format!("{text}{}{remark}{}", self.open, self.close)
    }
}

table! {
    /// Subjects name the state, and stay the same while it lasts.
    LETTERS "subject" Subjects {
        one: Template,
        several: Template,
        vantage: Template,
        path: Template,
        improved: Template,
        no_data: Template,
        flapping: Template,
        first_letter: Template,
        digest: Template,
        test: Template,
        again: &'static str,
        own_end: &'static str,
        works_again: &'static str,
        path_down: &'static str,
        going_on: Template,
        changes: Template,
    }
}

table! {
    /// First lines.
    LETTERS "lead" Leads {
        scope_one: Template,
        scope_all: Template,
        scope_some: Template,
        since: Template,
        since_before: Template,
        since_newest: Template,
        since_unchanged: Template,
        reminded: Template,
        news: Template,
        no_news: Template,
        works: Template,
        instead: Template,
        look: &'static str,
        look_once: Template,
        observed: Template,
        ended: Template,
        ended_otherwise: Template,
        lasted: Template,
        nothing_to_do: &'static str,
        watched_on: &'static str,
        vantage_opened: Template,
        vantage_ended: Template,
        network_opened: Template,
        network_ended: Template,
        path_opened: Template,
        path_ended: Template,
        own_end: Template,
        own_end_lasted: Template,
        way_since: Template,
        improved: Template,
        improved_seen: Template,
        no_data: Template,
        no_data_since: Template,
        flapping: Template,
        flapping_seen: Template,
        letter_all_well: Template,
        letter_some: Template,
        letter_nothing: Template,
        digest: Template,
        digest_open: Template,
        test: &'static str,
    }
}

table! {
    /// Headings of a mail's parts.
    LETTERS "heading" Headings {
        page_says: &'static str,
        seen_from: Template,
        note: &'static str,
        notes: &'static str,
        observed: &'static str,
        story: &'static str,
        technician: &'static str,
        evidence: &'static str,
        evidence_past: &'static str,
        more_evidence: &'static str,
        grounds: &'static str,
        answer: &'static str,
        folded: &'static str,
        restricted: &'static str,
        well: &'static str,
        unobserved: &'static str,
        vantages: &'static str,
        events: &'static str,
        held: &'static str,
        open: &'static str,
        standing: &'static str,
    }
}

table! {
    /// Texts before a colon, and headings of columns.
    LETTERS "label" Labels {
        url: &'static str,
        before: &'static str,
        now: &'static str,
        finding: &'static str,
        verdict: &'static str,
        controls: &'static str,
        checks: &'static str,
        first_bad: &'static str,
        last_good: &'static str,
        ended: &'static str,
        lasted: &'static str,
        since: &'static str,
        vantage: &'static str,
        vantages: &'static str,
        result: &'static str,
        phases: &'static str,
        also_affected: &'static str,
        not_affected: &'static str,
        alternatives: &'static str,
        vendor: &'static str,
        licence: &'static str,
        catalogue_ids: &'static str,
        acknowledged: &'static str,
        earlier: &'static str,
        next_look: &'static str,
        not_shown: &'static str,
        news: &'static str,
        probe: &'static str,
        limit: &'static str,
        missed: &'static str,
        worst: &'static str,
        kept_copy: &'static str,
    }
}

table! {
    /// Sentences and parts of sentences.
    LETTERS "say" Sayings {
        checks: Template,
        checks_attempts: Template,
        controls: Template,
        unknown: &'static str,
        and: &'static str,
        stop: &'static str,
        kinds: Template,
        verdict: Template,
        turned: Template,
        since_there: Template,
        phase: Template,
        phase_now: Template,
        not_checked: Template,
        back: Template,
        earlier: Template,
        earlier_none: &'static str,
        quoted: Template,
        stale_since: Template,
        note_day: Template,
        note_own: Template,
        note_over: Template,
        evidence: Template,
        evidence_hash: Template,
        evidence_record: Template,
        note: Template,
        note_open: Template,
        observed: Template,
        observed_by: Template,
        observed_saw: Template,
        browser_ok: &'static str,
        browser_refused: &'static str,
        browser_partial: &'static str,
        duration_minutes: Template,
        duration_hours: Template,
        duration_days: Template,
        not_counted: &'static str,
        vantage_fix: &'static str,
        path_fix: &'static str,
        improved_note: &'static str,
        improved_baseline: &'static str,
        no_data_note: &'static str,
        flapping_note: &'static str,
        flapping_count: Template,
        never_observed: Template,
        vantage_usable: Template,
        vantage_unusable: Template,
        letter_note: &'static str,
        more: Template,
        open_line: Template,
        held_line: Template,
        standing_line: Template,
        event_line: Template,
        event_plain: Template,
        test_note: Template,
        footer: Template,
        folder_reminder: Template,
        brief_level: Template,
        brief_unproven: Template,
        brief_barred: Template,
        looked: Template,
        looked_by: Template,
        noted: Template,
    }
}

table! {
    /// Lines of an incident's story that are not a change at a vantage.
    LETTERS "remark" Remarks {
        acknowledged: Template,
        silenced: Template,
        silenced_by: Template,
        withdrawn: Template,
        silence_ended: Template,
        looked_again: Template,
        finding: Template,
        accepted: Template,
        folded: Template,
        path: &'static str,
    }
}

table! {
    /// How a reader answers: by mail to the administrator, or by command.
    LETTERS "answer" Answers {
        ask: Template,
        ask_file: Template,
        click: &'static str,
        tell: &'static str,
        by_command: &'static str,
        works: &'static str,
        refused: &'static str,
        partial: &'static str,
        taken: &'static str,
        page: Template,
        form_network: &'static str,
        form_words: &'static str,
    }
}

table! {
    /// The result of a control.
    WORDS "control" Controls {
        line: Template,
        passed: Template,
        answered: Template,
        other_page: Template,
        timed_out: Template,
        reset: Template,
        closed: Template,
        refused: Template,
        unreachable: Template,
        no_name: Template,
        certificate: Template,
        out_of_date: Template,
        moved: Template,
        proxy: Template,
        other: Template,
    }
}

table! {
    /// The mail to the administrator of a computer whose disk is nearly full.
    LETTERS "disk" Disk {
        subject: &'static str,
        lead: Template,
        help: &'static str,
    }
}

table! {
    /// The letters on cited links.
    LETTERS "links" LinkWords {
        subject: Template,
        subject_watched: Template,
        subject_hand: Template,
        lead: Template,
        lead_watched: Template,
        lead_hand: Template,
        help: &'static str,
        line: Template,
        copy: Template,
        reference: Template,
        gone: &'static str,
        blocked: &'static str,
        drifted: &'static str,
        moved: Template,
        back: &'static str,
        since: Template,
        already: &'static str,
        heading_hand: &'static str,
        hand_line: Template,
        heading_hosts: &'static str,
        host_line: Template,
        heading_counts: &'static str,
        count_declining: Template,
        count_robots: Template,
    }
}

impl Answers {
    /// The form that such a mail asks its reader to fill in.
    #[must_use]
    pub fn form(&self) -> String {
        format!("{}\n\n{}\n", self.form_network, self.form_words)
    }
}

texts! {
    marks: Marks,
    subject: Subjects,
    lead: Leads,
    label: Labels,
    heading: Headings,
    say: Sayings,
    remark: Remarks,
    control: Controls,
    answer: Answers,
    disk: Disk,
    links: LinkWords,
}
