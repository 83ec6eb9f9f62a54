//! `/calendar.ics`: the planned events (`note add --planned`), as RFC 5545 has them.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use chrono::NaiveDate;

use super::answer::{FeedText, answer, line};
use crate::model::note::Note;
use crate::web::page::PageContext;
use crate::web::site::WebSite;
use crate::web::visit::Visit;

/// The most bytes of a line.
const LINE: usize = 75;

/// `GET /calendar.ics`.
pub async fn show(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
) -> Response<Body> {
    let kind = ("text/calendar; charset=utf-8", "calendar".to_owned());
    answer(&site, &visit, kind, |context| {
        Ok(FeedText::found(calendar(context)))
    })
    .await
}

fn calendar(context: &PageContext<'_>) -> String {
    let mut text = String::new();
    put(&mut text, "BEGIN:VCALENDAR");
    put(&mut text, "VERSION:2.0");
    put(&mut text, "PRODID:-//accesswatch//planned events//EN");
    put(&mut text, "X-WR-CALNAME:accesswatch");
    // Notes are the library's own; visitors do not see them.
    if !context.is_public_view() {
        let planned = context.snapshot.notes.iter().filter(|note| note.planned);
        for note in planned {
            event(context, note, &mut text);
        }
    }
    put(&mut text, "END:VCALENDAR");
    text
}

fn event(context: &PageContext<'_>, note: &Note, out: &mut String) {
    let source = context.catalogue().source(&note.source);
    let source = source.map_or_else(
        || line(note.source.as_str(), 80),
        |source| context.source_name(source),
    );
    let last = note.to.unwrap_or(note.from).max(note.from);
    put(out, "BEGIN:VEVENT");
    put(out, &format!("UID:note-{}@accesswatch", note.id));
    // A note has no time of its own, and nothing served holds the time of its making.
    put(out, &format!("DTSTAMP:{}T000000Z", compact(note.from)));
    put(out, &format!("DTSTART;VALUE=DATE:{}", compact(note.from)));
    if let Some(end) = last.succ_opt() {
        put(out, &format!("DTEND;VALUE=DATE:{}", compact(end)));
    }
    let summary = format!("{source}: {}", line(&note.text, 300));
    put(out, &format!("SUMMARY:{}", escaped(&summary)));
    if let Some(reference) = &note.reference {
        let reference = line(reference, 500);
        put(out, &format!("DESCRIPTION:{}", escaped(&reference)));
    }
    put(out, "TRANSP:TRANSPARENT");
    put(out, "END:VEVENT");
}

fn compact(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

/// A text as a value (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Adds a line, folded where it is long.
fn put(out: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            width = 1;
        }
        width += c.len_utf8();
        // Writing into memory never fails.
        let _ = out.write_char(c);
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut out = String::new();
        put(&mut out, &format!("SUMMARY:{}", "期刊".repeat(60)));
        for line in out.split("\r\n") {
            assert!(line.len() <= LINE, "{line}");
        }
        let unfolded = out.replace("\r\n ", "");
        assert_eq!(unfolded, format!("SUMMARY:{}\r\n", "期刊".repeat(60)));
        assert_eq!(escaped("a;b,c\\d\ne"), "a\\;b\\,c\\\\d e");
    }
}
