//! What agents send, described.

use serde_json::{Value, json};

use super::schema::{READING, language, problems};
use crate::web::api::answer::JSON;

/// `POST /api/v1/measurements`.
#[must_use]
pub fn operation() -> Value {
    let number = json!({ "type": "integer", "minimum": 0 });
    let refused = json!({
        "type": "object",
        "properties": { "line": number, "why": { "type": "string" } },
        "required": ["line", "why"],
    });
    let report = json!({
        "type": "object",
        "properties": {
            "taken": number,
            "known": number,
            "refused": { "type": "array", "maxItems": 100, "items": refused },
        },
        "required": ["taken", "known", "refused"],
    });
    let mut answers = problems(&READING);
    answers.extend(problems(&[
        ("403", "The bearer is not the token of an agent."),
        ("408", "The body came too slowly."),
        ("413", "The body is too long."),
        (
            "415",
            "The body is of another type, or packed in another way.",
        ),
        (
            "503",
            "A pass is being made; send the records again after `Retry-After` seconds.",
        ),
    ]));
    answers.insert(
        "200".to_owned(),
        json!({
            "description": "The records are on disk and judged.",
            "content": { JSON: { "schema": report } },
        }),
    );
    json!({
        "operationId": "send_measurements",
        "summary": "Takes records that an agent measured, one a line; gzip may pack them.",
        "description": "The bearer is the `token` of a [[vantage]] with `via = \"agent\"`.",
        "security": [{ "bearer": [] }],
        "parameters": [language()],
        "requestBody": {
            "required": true,
            "content": { "application/x-ndjson": { "schema": { "type": "string" } } },
        },
        "responses": answers,
    })
}
