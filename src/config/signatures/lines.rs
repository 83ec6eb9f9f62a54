//! Censored Planet's lists: JSON lines of `{"fingerprint": NAME, "pattern": REGEX}`.

use serde::Deserialize;

use super::Names;
use crate::config::doc::{Doc, wrong};
use crate::config::read;
use crate::model::signature::{Location, PatternType, SignatureRow};
use crate::model::{Code, Locus};

#[derive(Deserialize)]
struct Line {
    fingerprint: String,
    pattern: String,
}

/// Reads one file's rows into `rows`. Theirs are two lists: `false_positive…` rules matches out (OONI's
/// scope `fp`), the other is of block pages.
pub(super) fn read_file(doc: &Doc, rows: &mut Vec<SignatureRow>, names: &mut Names) {
    let file = doc.path().file_name().unwrap_or_default().to_string_lossy();
    let scope = if file.contains("false_positive") {
        "fp"
    } else {
        ""
    };
    let mut at = 0;
    for text in doc.text.split_inclusive('\n') {
        let start = at;
        at += text.len();
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let span = start..start + text.len();
        let line: Line = match serde_json::from_str(text) {
            Ok(line) => line,
            Err(e) => {
                let mend = "write {\"fingerprint\": \"NAME\", \"pattern\": \"REGEX\"}, one a line";
                doc.fault(span, wrong(format!("not a fingerprint: {e}"), mend));
                continue;
            }
        };
        // Their patterns are read with DOTALL.
        let pattern = format!("(?s){}", line.pattern);
        if let Err(unreadable) = read::pattern(&pattern) {
            doc.warn(span, wrong(unreadable.message, "this row is left out"));
            continue;
        }
        names.add(doc, start, &line.fingerprint, false);
        rows.push(imported(line.fingerprint, scope, pattern));
    }
}

fn imported(name: String, scope: &str, pattern: String) -> SignatureRow {
    SignatureRow {
        name,
        scope: scope.to_owned(),
        location: Location::Body,
        pattern_type: PatternType::Regexp,
        pattern,
        code: Code::SiteWafBlock,
        locus: Locus::Unknown,
        status: Vec::new(),
        max_bytes: None,
        unless: None,
        confirmed: false,
        source: "Censored Planet".to_owned(),
        notes: String::new(),
    }
}
