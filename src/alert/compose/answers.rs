//! How a reader answers: one-click links to report what a browser shows and who looks after the
//! incident, and the commands that do the same.

use crate::i18n::mail::{ReaderQuestion, Texts, fill};
use crate::model::probe::Target;
use crate::model::{Incident, IncidentKind, ProbeKey};

use crate::alert::headers;
use crate::alert::mail_body::{LinkedText, MailBlock, MailBody, ReplyAction};
use crate::alert::mail_context::MailContext;

/// The last words of answer subjects, as in `incidents observe` and `incidents ack`.
const OK: &str = "ok";
const REFUSED: &str = "refused";
const PARTIAL: &str = "partial";
const ACK: &str = "ack";

/// Everything about incidents of one source or one vantage: what to look at, and how to report it.
pub(super) fn answers(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    incidents: &[&Incident],
    texts: &Texts,
) {
    let Some(first) = incidents.first() else {
        return;
    };
    let about_source = first.kind == IncidentKind::Probe;
    if about_source {
        let question = ReaderQuestion::about_seen(first.to, first.saying_of(first.to));
        let ask = ask(context, first.probe.as_ref(), question, texts);
        letter.section(texts.heading.answer, ask);
    }
    if let Some(address) = admin(context) {
        let mut links = Vec::new();
        if about_source {
            links.extend(three(&address, &numbers(incidents), texts));
        }
        links.push(taken(&address, incidents, texts));
        letter.push(MailBlock::Answers(links));
        letter.push_worth(25, MailBlock::Para(texts.answer.by_command.into()));
    }
    if about_source {
        for incident in incidents {
            letter.push_worth(200, MailBlock::Command(observe(&incident.id.to_string())));
        }
    }
    acknowledge(letter, incidents);
    let week = (context.now + chrono::TimeDelta::days(7)).date_naive();
    letter.push_worth(
        30,
        MailBlock::Command(format!(
            "accesswatch incidents silence {} --until {week}",
            first.id
        )),
    );
}

/// The one link of a reminder, and its command.
pub(super) fn add_take_over_links(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    incidents: &[&Incident],
    texts: &Texts,
) {
    if let Some(address) = admin(context) {
        letter.push(MailBlock::Answers(vec![taken(&address, incidents, texts)]));
    }
    acknowledge(letter, incidents);
}

/// One acknowledgement for all incidents of a source.
fn acknowledge(letter: &mut MailBody, incidents: &[&Incident]) {
    let command = match incidents {
        [one] => format!("accesswatch incidents ack {}", one.id),
        several => match several.first().and_then(|i| i.source.as_ref()) {
            Some(source) => format!("accesswatch incidents ack --source {source}"),
            None => return,
        },
    };
    letter.push(MailBlock::Command(command));
}

/// The same for a probe without an incident.
pub(super) fn of_probe(
    letter: &mut MailBody,
    context: &MailContext<'_>,
    probe: &ProbeKey,
    question: ReaderQuestion,
    texts: &Texts,
) {
    letter.section(
        texts.heading.answer,
        ask(context, Some(probe), question, texts),
    );
    let about = probe.to_string();
    if let Some(address) = admin(context) {
        letter.push(MailBlock::Answers(three(&address, &about, texts).to_vec()));
        letter.push(MailBlock::Para(texts.answer.by_command.into()));
    }
    letter.push(MailBlock::Command(observe(&about)));
}

fn observe(about: &str) -> String {
    format!("accesswatch incidents observe {about} --browser ok --network \"…\" --saw \"…\"")
}

fn ask(
    context: &MailContext<'_>,
    probe: Option<&ProbeKey>,
    question: ReaderQuestion,
    texts: &Texts,
) -> LinkedText {
    let question = texts.look(question);
    let target = probe
        .and_then(|key| context.catalogue.probe(key))
        .map(|p| &p.target);
    let ask = match target {
        Some(Target::Url(url)) => fill(
            texts.answer.ask,
            &[("url", url.as_str()), ("look", question)],
        ),
        _ => fill(texts.answer.ask_file, &[("look", question)]),
    };
    let how = if admin(context).is_some() {
        texts.answer.click
    } else {
        texts.answer.tell
    };
    let text = [ask.as_str(), how].join(texts.say.stop);
    match target {
        Some(Target::Url(url)) => LinkedText::link(text, url.as_str()),
        _ => text.into(),
    }
}

/// The address that gets the answers; `None` without an `admin`.
fn admin(context: &MailContext<'_>) -> Option<String> {
    let admin = context.settings.alerts.admin.as_deref()?;
    Some(headers::mailbox(admin).ok()?.email.to_string())
}

fn taken(address: &str, incidents: &[&Incident], texts: &Texts) -> ReplyAction {
    answer(address, &numbers(incidents), texts.answer.taken, ACK, "")
}

/// What a browser shows, in the three words of `incidents observe`.
fn three(address: &str, about: &str, texts: &Texts) -> [ReplyAction; 3] {
    let words = &texts.answer;
    let form = words.form();
    [
        (words.works, OK),
        (words.refused, REFUSED),
        (words.partial, PARTIAL),
    ]
    .map(|(label, word)| answer(address, about, label, word, &form))
}

/// `#12 #13`.
fn numbers(incidents: &[&Incident]) -> String {
    let numbers: Vec<String> = incidents.iter().map(|i| format!("#{}", i.id)).collect();
    numbers.join(" ")
}

fn answer(address: &str, about: &str, label: &str, word: &str, form: &str) -> ReplyAction {
    ReplyAction {
        label: label.to_owned(),
        address: address.to_owned(),
        subject: format!("{about} {word}"),
        form: form.to_owned(),
    }
}
