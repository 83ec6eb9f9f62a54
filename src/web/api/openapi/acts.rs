//! The acts, described by their own names and fields.

use serde_json::{Map, Value, json};

use super::schema::{
    READING, language, operation, parameter, part_schema, problems, reference, text_schema,
};
use crate::web::api::acts::ActName;
use crate::web::api::answer::JSON;

fn field_schema(field: &str) -> Value {
    match field {
        "browser" => json!({ "type": "string", "enum": ["ok", "refused", "partial"] }),
        "until" => json!({
            "type": "string", "format": "date", "description": "the last day of the silence",
        }),
        "saw" | "ref" => json!({ "type": ["string", "null"] }),
        "by" => json!({
            "type": "string", "minLength": 1, "description": "the name of whoever acts",
        }),
        _ => json!({ "type": "string", "minLength": 1 }),
    }
}

fn act_operation(name: ActName, id: &str, parts: &[Value], schema: &str) -> Value {
    let fields = name.fields().iter();
    let properties: Map<String, Value> = fields
        .clone()
        .map(|(field, _)| ((*field).to_owned(), field_schema(field)))
        .collect();
    let required = fields.filter(|(_, is_required)| *is_required);
    let required: Vec<&str> = required.map(|(field, _)| *field).collect();
    let body = json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    let mut parameters = parts.to_vec();
    parameters.push(language());
    let mut act = operation(id, name.about(), &parameters, &act_answers(schema));
    act["security"] = json!([{ "bearer": [] }]);
    act["requestBody"] = json!({ "required": true, "content": { JSON: { "schema": body } } });
    act
}

fn act_answers(schema: &str) -> Map<String, Value> {
    let mut answers = problems(&READING);
    answers.extend(problems(&[
        ("403", "The token may not write."),
        ("404", "There is no such thing."),
        ("408", "The body came too slowly."),
        ("409", "The incident has ended, or it is of no source."),
        ("413", "The body is too long."),
        ("415", "The body is not JSON."),
    ]));
    let content = json!({ JSON: { "schema": reference(schema) } });
    let done = json!({ "description": "It is done; what it was on.", "content": content });
    answers.insert("200".to_owned(), done);
    answers
}

/// What people do, and how it is undone.
#[must_use]
pub fn paths() -> Map<String, Value> {
    let number = json!({ "type": "integer", "minimum": 1, "maximum": 9_007_199_254_740_991_i64 });
    let id = parameter("id", "path", "The number in mails.", &number);
    let mut paths = Map::new();
    for name in ActName::ALL.iter().copied() {
        let word = name.as_str();
        let parts = [id.clone()];
        let mut path = json!({});
        path["post"] = act_operation(name, word, &parts, "incident_with_story");
        if name.can_be_undone() {
            let about = "The name of whoever acts.";
            let mut by = parameter("by", "query", about, &text_schema());
            by["required"] = Value::from(true);
            let answers = act_answers("incident_with_story");
            let operation_id = format!("undo_{word}");
            let all = [id.clone(), by, language()];
            path["delete"] = operation(&operation_id, "Undoes it.", &all, &answers);
            path["delete"]["security"] = json!([{ "bearer": [] }]);
        }
        paths.insert(format!("/api/v1/incidents/{{id}}/{word}"), path);
    }
    let parts = [
        parameter("source", "path", "Its id.", &part_schema()),
        parameter("probe", "path", "Its id within the source.", &part_schema()),
    ];
    let mut observe = act_operation(
        ActName::Observe,
        "observe_probe",
        &parts,
        "source_with_probes",
    );
    observe["responses"]["200"]["content"][JSON]["schema"] = json!({
        "description": "the ongoing incident of the probe, or else its source",
        "anyOf": [reference("incident_with_story"), reference("source_with_probes")],
    });
    let path = "/api/v1/sources/{source}/{probe}/observe".to_owned();
    paths.insert(path, json!({ "post": observe }));
    paths
}
