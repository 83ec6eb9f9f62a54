//! OONI's encoding of bytes and times in JSON, and the variants of older probes. They are read
//! leniently here, so that the record itself has one form only.
//!
//! Variants that are also read: null for an absent value, `failure: false` for success (ooniprobe 2
//! and Measurement Kit), headers as a map, annotations that are not texts, `asn` as `"AS15169"`.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;

use super::failure::Failure;
use super::measurement::Response;

/// A header name or value. OONI's files hold bytes that are not UTF-8 as `{"format":"base64",…}`;
/// here they become text with U+FFFD.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeaderText(pub String);

impl Serialize for HeaderText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for HeaderText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = TextOrBinary::deserialize(deserializer)?.into_bytes()?;
        Ok(Self(String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// A body: text in the record when it is UTF-8, else `{"format":"base64","data":…}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body(pub bytes::Bytes);

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => BinaryData(self.0.to_vec()).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = TextOrBinary::deserialize(deserializer)?.into_bytes()?;
        Ok(Self(bytes.into()))
    }
}

/// OONI's encoding of bytes, `{"format":"base64","data":…}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BinaryData(pub Vec<u8>);

#[derive(Serialize, Deserialize)]
struct RawBinary {
    format: String,
    data: String,
}

impl Serialize for BinaryData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawBinary {
            format: "base64".to_owned(),
            data: BASE64.encode(&self.0),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for BinaryData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(TextOrBinary::deserialize(deserializer)?.into_bytes()?))
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrBinary {
    Text(String),
    Binary(RawBinary),
}

impl TextOrBinary {
    /// Damaged bytes are an error: the page must not be read as an empty page.
    fn into_bytes<E: serde::de::Error>(self) -> Result<Vec<u8>, E> {
        match self {
            TextOrBinary::Text(text) => Ok(text.into_bytes()),
            TextOrBinary::Binary(raw) if raw.format == "base64" => BASE64
                .decode(raw.data.as_bytes())
                .map_err(|e| E::custom(format!("broken base64: {e}"))),
            TextOrBinary::Binary(_) => Err(E::custom("bytes in a format other than base64")),
        }
    }
}

/// Null is the same as absent.
pub(super) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// A failure string; null or `false` when there was none.
pub(super) fn failure<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Failure>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Text(String),
        Flag(bool),
    }
    Ok(match Option::<Form>::deserialize(deserializer)? {
        None | Some(Form::Flag(false)) => None,
        Some(Form::Text(text)) => Some(Failure(text)),
        Some(Form::Flag(true)) => Some(Failure(format!("{}not told", Failure::UNKNOWN))),
    })
}

/// An AS number: `4134`, or `"AS4134"`. Anything else is `None`.
pub(super) fn asn<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_u64().and_then(|n| u32::try_from(n).ok()),
        Value::String(text) => text
            .strip_prefix("AS")
            .and_then(|digits| digits.parse().ok()),
        _ => None,
    }
    .filter(|n| *n != 0))
}

/// Texts by name; other values are converted to text.
pub(super) fn annotations<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let given = match Value::deserialize(deserializer)? {
        Value::Object(given) => given,
        Value::Null => return Ok(BTreeMap::new()),
        _ => return Err(D::Error::custom("annotations are not a map")),
    };
    let text = |value: Value| match value {
        Value::String(text) => Some(text),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    Ok(given
        .into_iter()
        .filter_map(|(name, value)| Some((name, text(value)?)))
        .collect())
}

/// A response in any form: older records hold the headers as a map only.
#[derive(Deserialize)]
pub(super) struct ResponseForm {
    #[serde(default, deserialize_with = "null_as_default")]
    code: u16,
    #[serde(default, deserialize_with = "null_as_default")]
    headers_list: Vec<(HeaderText, HeaderText)>,
    #[serde(default, deserialize_with = "null_as_default")]
    headers: BTreeMap<String, HeaderText>,
    #[serde(default, deserialize_with = "null_as_default")]
    body: Body,
    #[serde(default, deserialize_with = "null_as_default")]
    body_is_truncated: bool,
}

impl From<ResponseForm> for Response {
    fn from(form: ResponseForm) -> Self {
        let mut headers_list = form.headers_list;
        if headers_list.is_empty() {
            let named = form.headers.into_iter();
            headers_list.extend(named.map(|(name, value)| (HeaderText(name), value)));
        }
        Self {
            code: form.code,
            headers_list,
            body: form.body,
            body_is_truncated: form.body_is_truncated,
        }
    }
}

/// "YYYY-MM-DD HH:MM:SS", UTC.
pub(super) mod time {
    use chrono::NaiveDateTime;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::model::time::Time;

    const FORMAT: &str = "%Y-%m-%d %H:%M:%S";

    pub fn serialize<S: Serializer>(t: &Time, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&t.format(FORMAT))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveDateTime::parse_from_str(&text, FORMAT)
            .map(|naive| naive.and_utc())
            .map_err(|_| serde::de::Error::custom(format!("`{text}` is not YYYY-MM-DD HH:MM:SS")))
    }
}

/// The same, where null means 1970.
pub(super) mod time_or_null {
    use serde::{Deserialize, Deserializer};

    pub use super::time::serialize;
    use crate::model::time::Time;

    #[derive(Deserialize)]
    struct Given(#[serde(with = "super::time")] Time);

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        Ok(Option::<Given>::deserialize(deserializer)?.map_or_else(Time::default, |g| g.0))
    }
}
