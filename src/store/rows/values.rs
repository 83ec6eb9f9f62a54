//! Values from answers in the columns of rows.

use std::str::FromStr as _;

use crate::model::page::Value;

/// The kind as the `kind` columns spell it.
pub(in crate::store) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Number(_) => "number",
        Value::Date(_) => "date",
        Value::Text(_) => "text",
        Value::Count(_) => "count",
        Value::NullShare(_) => "null_share",
        Value::Hash(_) => "hash",
        Value::Distinct(_) => "distinct",
        Value::Column(_) => "column",
    }
}

/// The value in a row; `None` when the two columns contradict each other.
pub(in crate::store) fn parse(kind: &str, text: String) -> Option<Value> {
    Some(match kind {
        "number" => Value::Number(text.parse().ok()?),
        "date" => Value::Date(chrono::NaiveDate::from_str(&text).ok()?),
        "text" => Value::Text(text),
        "count" => Value::Count(text.parse().ok()?),
        "null_share" => Value::NullShare(text.parse().ok()?),
        "hash" => Value::Hash(text),
        "distinct" => Value::Distinct(text.parse().ok()?),
        "column" => Value::Column(text),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_back() {
        for value in [
            Value::Number(-0.25),
            Value::Date(chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()),
            Value::Text("指数 1".to_owned()),
            Value::Count(7),
            Value::NullShare(0.5),
            Value::Hash("ab".to_owned()),
            Value::Distinct(0.875),
            Value::Column("cd".to_owned()),
        ] {
            assert_eq!(parse(kind(&value), value.show()), Some(value));
        }
        assert_eq!(parse("number", "many".to_owned()), None);
    }
}
