//! How a reader takes an incident on, or asks to be left alone with it: by mail, and by command.

use crate::i18n::mail::{Texts, fill};
use crate::model::Incident;

use crate::alert::headers;
use crate::alert::letter::{Block, Letter, Value};
use crate::alert::thread::hex;
use crate::alert::when;
use crate::alert::world::World;

/// How to acknowledge: by mail when there is someone to write to, and by command.
pub(super) fn acknowledge(
    letter: &mut Letter,
    world: &World<'_>,
    incident: &Incident,
    texts: &Texts,
) {
    letter
        .blocks
        .push(Block::Heading(texts.heading.acknowledge.to_owned()));
    let id = incident.id.to_string();
    if let Some(admin) = world
        .settings
        .alerts
        .admin
        .as_deref()
        .and_then(|a| headers::mailbox(a).ok())
    {
        let address = admin.email.to_string();
        let subject = fill(texts.say.acknowledge_subject, &[("id", &id)]);
        let text = fill(
            texts.say.acknowledge_mail,
            &[("address", &address), ("subject", &subject)],
        );
        let href = format!("mailto:{address}?subject={}", percent(&subject));
        letter.blocks.push(Block::Para(Value::link(text, href)));
        letter
            .blocks
            .push(Block::Para(texts.say.acknowledge_command.into()));
    }
    letter
        .blocks
        .push(Block::Command(format!("accesswatch incidents ack {id}")));
    letter
        .blocks
        .push(Block::Para(texts.say.silence_command.into()));
    let week = when::day(
        world.now + chrono::TimeDelta::days(7),
        world.settings.schedule.timezone,
    );
    letter.blocks.push(Block::Command(format!(
        "accesswatch incidents silence {id} --until {week}"
    )));
}

/// Percent-encoding for a `mailto:` query (RFC 6068): all but unreserved characters.
fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&hex(&[byte]).to_uppercase());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailto_queries_are_encoded() {
        assert_eq!(percent("ack #12 & 中"), "ack%20%2312%20%26%20%E4%B8%AD");
    }
}
