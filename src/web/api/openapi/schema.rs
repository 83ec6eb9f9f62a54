//! The pieces that descriptions are made of.

use serde_json::{Map, Value, json};

use crate::web::api::problem::MEDIA_TYPE;
use crate::web::api::query::LONGEST;

/// A reference to a schema by its name.
#[must_use]
pub fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// A parameter of an address.
#[must_use]
pub fn parameter(name: &str, place: &str, about: &str, schema: &Value) -> Value {
    json!({
        "name": name,
        "in": place,
        "required": place == "path",
        "description": about,
        "schema": schema,
    })
}

/// The parameter that every address takes.
#[must_use]
pub fn language() -> Value {
    let schema = json!({ "type": "string", "enum": ["en", "ko", "zh"] });
    parameter("lang", "query", "The language of sentences.", &schema)
}

/// A text in a query.
#[must_use]
pub fn text_schema() -> Value {
    json!({
        "type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[^\\u0000]*$",
    })
}

/// A part of a path.
#[must_use]
pub fn part_schema() -> Value {
    json!({ "type": "string", "minLength": 1, "pattern": "^[^\\u0000]*$" })
}

/// The answers that an address may give instead.
#[must_use]
pub fn problems(statuses: &[(&str, &str)]) -> Map<String, Value> {
    let content = json!({ MEDIA_TYPE: { "schema": reference("problem") } });
    let answers = statuses.iter().map(|(status, about)| {
        let answer = json!({ "description": about, "content": content });
        ((*status).to_owned(), answer)
    });
    answers.collect()
}

/// The answers that any address may give instead.
pub const READING: [(&str, &str); 4] = [
    ("400", "A parameter is unknown or cannot be meant."),
    ("401", "A token is needed."),
    ("429", "Too many wrong tokens were sent."),
    ("503", "The records cannot be read now."),
];

/// The description of a method of an address.
#[must_use]
pub fn operation(
    id: &str,
    summary: &str,
    parameters: &[Value],
    answers: &Map<String, Value>,
) -> Value {
    json!({
        "operationId": id,
        "summary": summary,
        "parameters": parameters,
        "responses": answers,
    })
}
