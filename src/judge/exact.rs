//! Figures in readings that are kept, with every bit: what is read back is what was read.

/// A floating-point number as its bits.
pub(in crate::judge) mod float {
    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
    pub(in crate::judge) fn serialize<S: Serializer>(x: &f64, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(x.to_bits())
    }

    pub(in crate::judge) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<f64, D::Error> {
        u64::deserialize(from).map(f64::from_bits)
    }
}

/// A floating-point number that may be missing.
pub(in crate::judge) mod optional_float {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
    #[allow(clippy::ref_option)] // serde's signature
    pub(in crate::judge) fn serialize<S: Serializer>(
        x: &Option<f64>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        x.map(f64::to_bits).serialize(to)
    }

    pub(in crate::judge) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<f64>, D::Error> {
        Ok(Option::<u64>::deserialize(from)?.map(f64::from_bits))
    }
}

/// A value of an answer.
pub(in crate::judge) mod value {
    use std::borrow::Cow;

    use chrono::NaiveDate;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::model::page::Value;

    /// [`Value`] with its figures as bits.
    #[derive(Serialize, Deserialize)]
    enum ExactValue<'a> {
        Number(u64),
        Date(NaiveDate),
        Text(Cow<'a, str>),
        Count(u64),
        NullShare(u64),
        Hash(Cow<'a, str>),
        Distinct(u64),
        Column(Cow<'a, str>),
    }

    pub(in crate::judge) fn serialize<S: Serializer>(
        value: &Value,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let exact = match value {
            Value::Number(x) => ExactValue::Number(x.to_bits()),
            Value::Date(day) => ExactValue::Date(*day),
            Value::Text(text) => ExactValue::Text(text.into()),
            Value::Count(n) => ExactValue::Count(*n),
            Value::NullShare(x) => ExactValue::NullShare(x.to_bits()),
            Value::Hash(text) => ExactValue::Hash(text.into()),
            Value::Distinct(x) => ExactValue::Distinct(x.to_bits()),
            Value::Column(text) => ExactValue::Column(text.into()),
        };
        exact.serialize(to)
    }

    pub(in crate::judge) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Value, D::Error> {
        Ok(match ExactValue::deserialize(from)? {
            ExactValue::Number(x) => Value::Number(f64::from_bits(x)),
            ExactValue::Date(day) => Value::Date(day),
            ExactValue::Text(text) => Value::Text(text.into_owned()),
            ExactValue::Count(n) => Value::Count(n),
            ExactValue::NullShare(x) => Value::NullShare(f64::from_bits(x)),
            ExactValue::Hash(text) => Value::Hash(text.into_owned()),
            ExactValue::Distinct(x) => Value::Distinct(f64::from_bits(x)),
            ExactValue::Column(text) => Value::Column(text.into_owned()),
        })
    }
}

/// The values of one answer by name.
pub(in crate::judge) mod named_values {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::model::page::Value;

    #[derive(Serialize, Deserialize)]
    struct Named(String, #[serde(with = "super::value")] Value);

    pub(in crate::judge) fn serialize<S: Serializer>(
        values: &[(String, Value)],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let named = values
            .iter()
            .map(|(name, value)| Named(name.clone(), value.clone()));
        named.collect::<Vec<_>>().serialize(to)
    }

    pub(in crate::judge) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<(String, Value)>, D::Error> {
        let named = Vec::<Named>::deserialize(from)?;
        Ok(named
            .into_iter()
            .map(|Named(name, value)| (name, value))
            .collect())
    }
}
