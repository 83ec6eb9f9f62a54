//! Why a line is not a measurement record, for the person who must fix the file: where the problem
//! is, and what is expected there. The parser's own messages are for programmers.

use serde_json::error::Category;

use crate::model::Measurement;
use crate::text::clean;

/// How many characters of a value are shown.
const SHOWN: usize = 60;

/// The problem with a line that is not a record, as the end of a sentence.
pub(super) fn why(line: &[u8]) -> String {
    if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(line) {
        return no_json(&error);
    }
    // The parser would read a list as an object without keys.
    if line.starts_with(b"[") {
        return "the line is a list, and should be an object: one record is one line, without brackets around them"
            .to_owned();
    }
    let mut parser = serde_json::Deserializer::from_slice(line);
    match serde_path_to_error::deserialize::<_, Measurement>(&mut parser) {
        Ok(_) => "it is not well formed".to_owned(),
        Err(error) => {
            let place = error.path().to_string();
            format!(
                "{}; docs/data-dictionary.md describes what a record holds",
                wrong(&place, &stripped(&error.into_inner().to_string()))
            )
        }
    }
}

fn no_json(error: &serde_json::Error) -> String {
    let at = error.column();
    match error.classify() {
        Category::Eof => format!(
            "it is JSON that breaks off at column {at}: was the file cut, or a record written over several lines? One record is one line"
        ),
        _ => format!(
            "it is not JSON (from column {at} on); a record is one line of JSON, as `export measurements --format jsonl` and `run --jsonl` write it"
        ),
    }
}

/// The message without the position at the end, which is the parser's.
fn stripped(text: &str) -> String {
    let end = text.rfind(" at line ").unwrap_or(text.len());
    text[..end].to_owned()
}

/// The parser's message `said` about `place`, reworded if it is known.
fn wrong(place: &str, said: &str) -> String {
    let whole = matches!(place, "." | "");
    let named = |name: &str| {
        if whole {
            format!("`{}`", clean::line(name, SHOWN))
        } else {
            format!("`{}.{}`", clean::line(place, 200), clean::line(name, SHOWN))
        }
    };
    if let Some(name) = said.strip_prefix("missing field ") {
        return format!("{} is missing", named(name.trim_matches('`')));
    }
    if let Some(name) = said.strip_prefix("duplicate field ") {
        return format!("{} is there twice", named(name.trim_matches('`')));
    }
    let subject = if whole {
        "the line".to_owned()
    } else {
        format!("`{}`", clean::line(place, 200))
    };
    if said.starts_with("invalid length ") {
        return format!("{subject} is a list, and should be an object");
    }
    let of_kind = ["invalid type: ", "invalid value: "];
    let kinds = of_kind.iter().find_map(|begin| said.strip_prefix(begin));
    if let Some((is, wanted)) = kinds.and_then(|rest| rest.rsplit_once(", expected ")) {
        return format!(
            "{subject} is {}, and should be {}",
            found(is),
            should_be(wanted)
        );
    }
    if said.starts_with("data did not match any variant") {
        return format!("{subject} is of the wrong kind");
    }
    format!(
        "{subject}: {}",
        clean::line(said, 200).trim_end_matches('.')
    )
}

/// What the parser found.
fn found(said: &str) -> String {
    let (kind, value) = said.split_once(' ').unwrap_or((said, ""));
    let value = clean::line(value.trim_matches(['`', '"']), SHOWN);
    match kind {
        "string" => format!("the text \"{value}\""),
        "integer" => format!("the number {value}"),
        "floating" => {
            let number = value.trim_start_matches("point").trim_matches([' ', '`']);
            format!("the number {number}")
        }
        "boolean" => value,
        "null" | "unit" | "Option" => "null".to_owned(),
        "map" => "an object".to_owned(),
        "sequence" => "a list".to_owned(),
        _ => format!("of {}", clean::line(said, SHOWN)),
    }
}

/// What the parser expected.
fn should_be(said: &str) -> String {
    match said {
        "a string" | "a borrowed string" => "a text".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "f64" | "f32" => "a number".to_owned(),
        "u16" => "a whole number from 0 to 65535".to_owned(),
        "u8" | "u32" | "u64" | "usize" => "a whole number from 0 on".to_owned(),
        "i8" | "i16" | "i32" | "i64" => "a whole number".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        said if said.starts_with("struct ") => "an object".to_owned(),
        said if said.starts_with("a tuple of size") => "a list of two".to_owned(),
        said => clean::line(said, SHOWN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#""input":"http://a/","measurement_start_time":"2026-01-01 00:00:00","test_name":"web_connectivity""#;

    fn said(line: &str) -> String {
        assert!(serde_json::from_str::<Measurement>(line).is_err(), "{line}");
        let said = why(line.as_bytes());
        for word in [
            "expected", "struct", "invalid", "variant", "f64", "u64", "EOF",
        ] {
            assert!(!said.contains(word), "{said}");
        }
        said
    }

    #[test]
    fn what_is_no_json_is_told_by_its_column() {
        let broken = said("{\"input\": oops}");
        assert!(
            broken.starts_with("it is not JSON (from column 11"),
            "{broken}"
        );
        let text = said("2026-01-01 ok");
        assert!(text.starts_with("it is not JSON"), "{text}");
        let cut = said(&format!("{{{HEAD},\"test_k"));
        assert!(
            cut.starts_with("it is JSON that breaks off at column"),
            "{cut}"
        );
    }

    #[test]
    fn json_that_is_no_record_is_told_by_its_field() {
        for (line, tells) in [
            (
                "[1]".to_owned(),
                "the line is a list, and should be an object",
            ),
            (
                "[]".to_owned(),
                "the line is a list, and should be an object",
            ),
            (
                "5".to_owned(),
                "the line is the number 5, and should be an object",
            ),
            (
                "\"x\"".to_owned(),
                "the line is the text \"x\", and should be an object",
            ),
            (
                "{\"input\":\"http://a/\"}".to_owned(),
                "`measurement_start_time` is missing",
            ),
            (format!("{{{HEAD}}}"), "`test_keys` is missing"),
            (
                format!("{{{HEAD},\"test_keys\":5}}"),
                "`test_keys` is the number 5, and should be an object",
            ),
            (
                format!("{{{HEAD},\"test_keys\":{{\"requests\":\"none\"}}}}"),
                "`test_keys.requests` is the text \"none\", and should be a list",
            ),
            (
                format!("{{{HEAD},\"test_runtime\":\"fast\",\"test_keys\":{{}}}}"),
                "`test_runtime` is the text \"fast\", and should be a number",
            ),
            (
                format!(
                    "{{{HEAD},\"test_keys\":{{\"tcp_connect\":[{{\"ip\":\"1\",\"port\":70000,\"status\":{{}}}}]}}}}"
                ),
                "`test_keys.tcp_connect[0].port` is the number 70000, and should be a whole number from 0 to 65535",
            ),
            (
                format!("{{{HEAD},\"test_keys\":{{\"queries\":[{{}}]}}}}"),
                "`test_keys.queries[0].hostname` is missing",
            ),
            (
                format!("{{{HEAD},{HEAD},\"test_keys\":{{}}}}"),
                "`input` is there twice",
            ),
        ] {
            let said = said(&line);
            assert!(said.starts_with(tells), "{line}\n{said}");
        }
    }
}
