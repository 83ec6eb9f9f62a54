//! A mail as an RFC 5322 message: typed headers, two parts, one `NewMail`.
//!
//! Header injection is prevented twice: control characters are removed from text before or in this
//! module, and lettre encodes the rest.

use std::time::SystemTime;

use data_encoding::HEXLOWER;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use crate::model::link::LinkId;
use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::{SourceId, Time};

use super::mail_body::{self, MailBody};
use super::{html, text};
use crate::text::clean;

/// The most characters of a subject. RFC 5322 allows lines of 998 characters, but a subject longer
/// than this is unreadable.
const SUBJECT: usize = 180;

/// What a mail program joins a thread by.
const THREAD_FIELDS: [&[u8]; 2] = [b"In-Reply-To", b"References"];

/// A mail address that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{address}` is not a mail address ({reason}); write it as Name <user@host.org>")]
pub struct BadAddress {
    pub address: String,
    pub reason: String,
}

/// Checks that an address of `[alerts]` is a valid mail address.
pub fn check_address(address: &str) -> Result<(), BadAddress> {
    mailbox(address).map(|_| ())
}

/// Parses `Name <user@host>`.
pub(super) fn mailbox(address: &str) -> Result<Mailbox, BadAddress> {
    let address = mail_body::prose(address);
    address.parse().map_err(|error| BadAddress {
        reason: format!("{error}"),
        address,
    })
}

/// The host part of the sender, for Message-IDs and List-Id; `localhost` when the sender has no
/// host.
pub(super) fn domain(from: &str) -> String {
    let domain = mailbox(from)
        .map(|m| m.email.domain().to_owned())
        .unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    if !domain.is_empty() && domain.chars().all(plain) {
        domain
    } else {
        "localhost".to_owned()
    }
}

/// Everything that a mail needs besides its body.
pub(super) struct MailHeaders<'a> {
    pub from: &'a str,
    pub recipient: &'a Recipient,
    pub topic: Option<Topic>,
    pub subject: String,
    pub message_id: String,
    /// The Message-ID of the thread's first mail; `None` in that mail itself. Before a mail is
    /// sent, [`in_thread`] puts the first one that was sent in its place.
    pub in_reply_to: Option<String>,
    pub source: Option<SourceId>,
    pub incidents: Vec<i64>,
    /// The cited links that the mail names.
    pub links: Vec<LinkId>,
    pub now: Time,
}

/// Turns a mail body into a message.
pub(super) fn into_message(
    draft: MailHeaders<'_>,
    letter: &MailBody,
) -> Result<NewMail, BadAddress> {
    // Nothing in the subject may look like an encoded word (RFC 2047), which a mail program would
    // decode.
    let subject = clean::line(&draft.subject, SUBJECT).replace("=?", "= ?");
    let mut message = Message::builder()
        .from(mailbox(draft.from)?)
        .to(mailbox(&draft.recipient.address)?)
        .subject(subject.clone())
        .date(SystemTime::from(draft.now))
        .message_id(Some(draft.message_id.clone()));
    if let Some(first) = &draft.in_reply_to {
        message = message.in_reply_to(first.clone()).references(first.clone());
    }
    for (name, value) in [
        // RFC 3834: no out-of-office answers.
        ("Auto-Submitted", "auto-generated".to_owned()),
        // The same for Exchange.
        ("X-Auto-Response-Suppress", "All".to_owned()),
        // RFC 2919: for filters.
        (
            "List-Id",
            format!("accesswatch <accesswatch.{}>", domain(draft.from)),
        ),
    ] {
        message = message.raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str(name),
            value,
        ));
    }
    let parts = MultiPart::alternative()
        .boundary(boundary(&draft.message_id))
        .singlepart(SinglePart::plain(text::render(letter)))
        .singlepart(SinglePart::html(html::render(letter, &subject)));
    let message = message.multipart(parts).map_err(|error| BadAddress {
        address: draft.recipient.address.clone(),
        reason: error.to_string(),
    })?;
    Ok(NewMail {
        recipient: draft.recipient.address.clone(),
        topic: draft.topic,
        message_id: draft.message_id,
        subject,
        source: draft.source,
        incidents: draft.incidents,
        links: draft.links,
        eml: message.formatted(),
        not_before: draft.now,
    })
}

/// The message as an answer to `parent`, or as the first of its thread where `parent` is `None`;
/// `None` when the message is that already.
pub(super) fn in_thread(eml: &[u8], parent: Option<&str>) -> Option<Vec<u8>> {
    // The header with the line break of its last line.
    let end = eml.windows(4).position(|four| four == b"\r\n\r\n")? + 2;
    let wanted = parent.map_or_else(String::new, |parent| {
        format!("In-Reply-To: {parent}\r\nReferences: {parent}\r\n")
    });
    let (mut head, mut found) = (Vec::new(), Vec::new());
    let mut is_of_thread = false;
    for line in eml[..end].split_inclusive(|byte| *byte == b'\n') {
        // A line that begins with white space belongs to the field before it.
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
            is_of_thread = THREAD_FIELDS.iter().any(|f| name.eq_ignore_ascii_case(f));
        }
        let lines = if is_of_thread { &mut found } else { &mut head };
        lines.extend_from_slice(line);
    }
    if found == wanted.as_bytes() {
        return None;
    }
    head.extend_from_slice(wanted.as_bytes());
    head.extend_from_slice(&eml[end..]);
    Some(head)
}

/// The boundary between the parts. It is equal for equal mails, so that composing is pure. Neither
/// quoted-printable nor base64 contains `=_` (RFC 2045, 6.7), and no text contains the 96 bits
/// after it by chance.
fn boundary(message_id: &str) -> String {
    format!(
        "=_{}",
        HEXLOWER.encode(&Sha256::digest(message_id.as_bytes())[..12])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(eml: &str, parent: Option<&str>) -> Option<String> {
        let changed = in_thread(eml.as_bytes(), parent)?;
        Some(String::from_utf8(changed).unwrap())
    }

    #[test]
    fn an_answer_names_what_was_sent_and_the_first_of_a_thread_names_nothing() {
        let body = "\r\nIn-Reply-To: in the text\r\n";
        let alone = format!("Subject: a\r\nDate: b\r\n{body}");
        let answer =
            format!("Subject: a\r\nDate: b\r\nIn-Reply-To: <1@x>\r\nReferences: <1@x>\r\n{body}");
        let other = format!(
            "Subject: a\r\nin-reply-to: <2@x>\r\nReferences: <2@x>\r\n <3@x>\r\nDate: b\r\n{body}"
        );
        assert_eq!(changed(&alone, None), None);
        assert_eq!(changed(&answer, Some("<1@x>")), None);
        assert_eq!(changed(&alone, Some("<1@x>")).as_ref(), Some(&answer));
        assert_eq!(changed(&answer, None).as_ref(), Some(&alone));
        assert_eq!(changed(&other, Some("<1@x>")).as_ref(), Some(&answer));
        assert_eq!(changed(&other, None).as_ref(), Some(&alone));
    }
}
