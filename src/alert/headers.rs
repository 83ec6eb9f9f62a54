//! A letter in its envelope: typed headers, two parts, one `NewMail`.
//!
//! Header injection is impossible twice over: text is cleaned of control characters before it comes
//! here or here, and lettre encodes what is left.

use std::time::SystemTime;

use data_encoding::HEXLOWER;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use crate::model::mail::NewMail;
use crate::model::settings::{Recipient, Topic};
use crate::model::{SourceId, Time};

use super::letter::{self, Letter};
use super::{html, text};
use crate::text::clean;

/// RFC 5322 allows lines of 998; a subject beyond this is unreadable anyway.
const SUBJECT: usize = 180;

/// A mail address that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{address}` is not a mail address ({reason}); write it as Name <user@host.org>")]
pub struct BadAddress {
    pub address: String,
    pub reason: String,
}

/// Whether an address of `[alerts]` can be written to.
pub fn check_address(address: &str) -> Result<(), BadAddress> {
    mailbox(address).map(|_| ())
}

/// Parses `Name <user@host>`.
pub(super) fn mailbox(address: &str) -> Result<Mailbox, BadAddress> {
    let address = letter::prose(address);
    address.parse().map_err(|error| BadAddress {
        reason: format!("{error}"),
        address,
    })
}

/// The host part of the sender, for Message-IDs and List-Id; `localhost` when there is none.
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

/// Everything a mail needs beside its letter.
pub(super) struct Draft<'a> {
    pub from: &'a str,
    pub recipient: &'a Recipient,
    pub topic: Option<Topic>,
    pub subject: String,
    pub message_id: String,
    /// The first mail of the thread, for all but itself.
    pub in_reply_to: Option<String>,
    pub source: Option<SourceId>,
    pub incidents: Vec<i64>,
    pub now: Time,
}

/// Puts the letter into its envelope.
pub(super) fn seal(draft: Draft<'_>, letter: &Letter) -> Result<NewMail, BadAddress> {
    // A name may not pass for an encoded word (RFC 2047): a reader's program would decode it.
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
        eml: message.formatted(),
        not_before: draft.now,
    })
}

/// The same for the same mail, so that composing is pure. `=_` occurs in neither quoted-printable nor
/// base64 (RFC 2045, 6.7), and the 96 bits behind it in no text by chance.
fn boundary(message_id: &str) -> String {
    format!(
        "=_{}",
        HEXLOWER.encode(&Sha256::digest(message_id.as_bytes())[..12])
    )
}
