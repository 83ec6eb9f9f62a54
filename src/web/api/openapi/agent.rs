//! What agents ask for and report, described.

use serde_json::{Value, json};

use super::schema::{READING, language, parameter, problems};
use crate::web::api::answer::JSON;

const BEARER: &str = "The bearer is the `token` of a [[vantage]] with `via = \"agent\"`.";

/// `GET /api/v1/agent/workspace`.
#[must_use]
pub fn workspace_path() -> Value {
    let seconds = json!({ "type": "integer", "minimum": 0, "maximum": 60 });
    let about = "How many seconds to wait for a change from the entity tag in `If-None-Match`.";
    let mut answers = refusals();
    answers["200"] = json!({
        "description": "The workspace of the vantage: its files, probes, statuses and silenced hosts.",
        "content": { JSON: { "schema": { "type": "object" } } },
    });
    answers["304"] = json!({ "description": "Nothing changed." });
    json!({ "get": {
        "operationId": "agent_workspace",
        "summary": "What an agent measures, and how.",
        "description": BEARER,
        "security": [{ "bearer": [] }],
        "parameters": [parameter("wait", "query", about, &seconds), language()],
        "responses": answers,
    }})
}

/// `GET /api/v1/agent/tasks`.
#[must_use]
pub fn tasks_path() -> Value {
    let seconds = json!({ "type": "integer", "minimum": 0, "maximum": 60 });
    let about = "How many seconds to wait until there is a task.";
    let tasks = json!({
        "type": "object",
        "properties": {
            "lease_seconds": { "type": "integer", "minimum": 0 },
            "rounds": { "type": "array", "maxItems": 200, "items": { "type": "string" } },
            "links": { "type": "array", "maxItems": 200, "items": {
                "type": "object",
                "properties": {
                    "link": { "type": "string" },
                    "url": { "type": "string" },
                    "alternative": { "type": "string" },
                    "seen": { "type": "string" },
                },
                "required": ["link", "url"],
            } },
        },
        "required": ["lease_seconds", "rounds", "links"],
    });
    let mut answers = refusals();
    answers["200"] = json!({
        "description": "Tasks that are the agent's for as long as the answer says; none is an empty list.",
        "content": { JSON: { "schema": tasks } },
    });
    json!({ "get": {
        "operationId": "agent_tasks",
        "summary": "What an agent does besides its schedule.",
        "description": BEARER,
        "security": [{ "bearer": [] }],
        "parameters": [parameter("wait", "query", about, &seconds), language()],
        "responses": answers,
    }})
}

/// `POST /api/v1/agent/hello`.
#[must_use]
pub fn hello_path() -> Value {
    let text = json!({ "type": "string" });
    let number = json!({ "type": "integer", "minimum": 0 });
    let time = json!({ "type": "string", "format": "date-time" });
    let report = json!({
        "type": "object",
        "properties": {
            "version": text,
            "clock": time,
            "spool": number,
            "last_round": { "type": ["string", "null"], "format": "date-time" },
        },
        "required": ["version", "clock", "spool"],
    });
    let answer = json!({
        "type": "object",
        "properties": { "clock": time },
        "required": ["clock"],
    });
    let mut answers = refusals();
    answers["200"] = json!({
        "description": "The clock of the hub.",
        "content": { JSON: { "schema": answer } },
    });
    answers["408"] = json!({ "description": "The body came too slowly." });
    answers["413"] = json!({ "description": "The body is too long." });
    json!({ "post": {
        "operationId": "agent_hello",
        "summary": "Keeps what an agent reports every minute.",
        "description": BEARER,
        "security": [{ "bearer": [] }],
        "parameters": [language()],
        "requestBody": { "required": true, "content": { JSON: { "schema": report } } },
        "responses": answers,
    }})
}

fn refusals() -> Value {
    let mut answers = problems(&READING);
    answers.extend(problems(&[
        ("403", "The bearer is not the token of an agent."),
        ("426", "The program is of another format."),
    ]));
    Value::Object(answers)
}
