//! `openapi.json`: the description of the API (`OpenAPI` 3.1), made of the tables' own columns and filters.

use axum::body::Body;
use axum::http::Response;
use serde_json::{Map, Value, json};

use super::acts::ActName;
use super::answer::{Accepted, JSON, describe, unchanged};
use super::problem::MEDIA_TYPE;
use super::query::{LONGEST, MOST_LIMIT, USUAL_LIMIT};
use super::table::{ApiFilter, ApiTable};
use crate::report::{ColumnHead, ColumnKind, IncidentPhaseTable, TableHead, Tabular as _};
use crate::web::respond;
use crate::web::visit::Visit;

/// The answer.
pub fn answer(visit: &Visit, _accepted: Accepted) -> Response<Body> {
    let text = document().to_string();
    let tag = respond::entity_tag(&[env!("CARGO_PKG_VERSION"), &text]);
    if respond::matches(visit.if_none_match.as_deref(), &tag) {
        return unchanged(&tag);
    }
    let mut response = Response::new(Body::from(text));
    respond::set_tag(&mut response, &tag);
    describe(response.headers_mut(), JSON, false);
    response
}

/// The whole description.
#[must_use]
pub fn document() -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for table in ApiTable::ALL.iter().copied() {
        let name = table.as_str();
        schemas.insert(name.to_owned(), row_schema(&table.heading()));
        paths.insert(table.path(), json!({ "get": page_operation(table) }));
        let whole = format!("{}.csv", table.path());
        paths.insert(whole, json!({ "get": csv_operation(table) }));
    }
    let phases = IncidentPhaseTable::heading();
    schemas.insert("incident_phases".to_owned(), row_schema(&phases));
    schemas.insert("problem".to_owned(), problem_schema());
    schemas.insert("source_with_probes".to_owned(), source_schema());
    schemas.insert("incident_with_story".to_owned(), incident_schema());
    paths.insert("/api/v1/sources/{source}".to_owned(), source_path());
    paths.insert("/api/v1/incidents/{id}".to_owned(), incident_path());
    paths.extend(act_paths());
    paths.insert("/api/v1/openapi.json".to_owned(), description_path());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "accesswatch",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What accesswatch measured: which sources are reachable, how far, from \
                where, and what changed. The columns are those of `accesswatch export`.",
        },
        "servers": [{ "url": "/" }],
        "security": [{}, { "bearer": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`token` or `read_token` of [web]",
                },
            },
        },
    })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// The type of a column's cells in JSON.
fn cell_schema(table: &str, column: &ColumnHead) -> Value {
    let mut schema = match column.kind {
        // A freshness value is a date, a number or a text, as the page has it.
        ColumnKind::Text if table == "freshness" && column.name == "latest" => {
            json!({ "type": ["string", "number", "null"] })
        }
        ColumnKind::Text => json!({ "type": ["string", "null"] }),
        ColumnKind::Number => json!({ "type": ["number", "null"] }),
        ColumnKind::Time => json!({ "type": ["string", "null"], "format": "date-time" }),
        ColumnKind::Date => json!({ "type": ["string", "null"], "format": "date" }),
        ColumnKind::List => json!({ "type": "array", "items": { "type": "string" } }),
        ColumnKind::YesNo => json!({ "type": ["boolean", "null"] }),
    };
    schema["description"] = Value::from(column.about);
    schema
}

fn row_schema(head: &TableHead) -> Value {
    let columns = head.columns.iter();
    let properties: Map<String, Value> = columns
        .clone()
        .map(|column| (column.name.to_owned(), cell_schema(head.table, column)))
        .collect();
    let required: Vec<&str> = columns.map(|column| column.name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// A row with further parts, each in the place of the column with its name.
fn object_schema(table: ApiTable, parts: &Value) -> Value {
    let mut schema = row_schema(&table.heading());
    for (name, part) in parts.as_object().into_iter().flatten() {
        schema["properties"][name] = part.clone();
        if let Some(required) = schema["required"].as_array_mut() {
            required.retain(|other| other != name);
            required.push(Value::from(name.as_str()));
        }
    }
    schema
}

fn source_schema() -> Value {
    let probes = json!({
        "probes": {
            "type": "array",
            "description": "its probes from every vantage",
            "items": reference("status"),
        },
    });
    object_schema(ApiTable::Sources, &probes)
}

fn incident_schema() -> Value {
    let line = json!({
        "type": "object",
        "properties": {
            "time_utc": { "type": "string", "format": "date-time" },
            "text": { "type": "string" },
        },
        "required": ["time_utc", "text"],
    });
    let parts = json!({
        "phases": { "type": "array", "items": reference("incident_phases") },
        "story": {
            "type": ["array", "null"],
            "description": "oldest first; null for visitors of a public installation",
            "items": line,
        },
    });
    object_schema(ApiTable::Incidents, &parts)
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "description": "RFC 9457; `detail` names the fix",
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
        },
        "required": ["type", "title", "status", "detail"],
    })
}

fn parameter(name: &str, place: &str, about: &str, schema: &Value) -> Value {
    json!({
        "name": name,
        "in": place,
        "required": place == "path",
        "description": about,
        "schema": schema,
    })
}

fn language() -> Value {
    let schema = json!({ "type": "string", "enum": ["en", "ko", "zh"] });
    parameter("lang", "query", "The language of sentences.", &schema)
}

fn filters(table: ApiTable) -> Vec<Value> {
    let all = ApiFilter::ALL.iter().copied();
    all.filter(|filter| table.takes(*filter))
        .map(|filter| {
            let schema = match filter {
                ApiFilter::Open => json!({ "type": "boolean" }),
                ApiFilter::State => json!({ "type": "string", "enum": table.states() }),
                ApiFilter::Since | ApiFilter::Until => json!({
                    "type": "string",
                    "anyOf": [{ "format": "date" }, { "format": "date-time" }],
                }),
                _ => text_schema(),
            };
            parameter(filter.as_str(), "query", filter.about(), &schema)
        })
        .chain([language()])
        .collect()
}

fn text_schema() -> Value {
    json!({
        "type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[^\\u0000]*$",
    })
}

/// A part of a path.
fn part_schema() -> Value {
    json!({ "type": "string", "minLength": 1, "pattern": "^[^\\u0000]*$" })
}

/// The answers that any address may give instead.
fn problems(statuses: &[(&str, &str)]) -> Map<String, Value> {
    let content = json!({ MEDIA_TYPE: { "schema": reference("problem") } });
    let answers = statuses.iter().map(|(status, about)| {
        let answer = json!({ "description": about, "content": content });
        ((*status).to_owned(), answer)
    });
    answers.collect()
}

const READING: [(&str, &str); 4] = [
    ("400", "A parameter is unknown or cannot be meant."),
    ("401", "A token is needed."),
    ("429", "Too many wrong tokens were sent."),
    ("503", "The records cannot be read now."),
];

fn operation(id: &str, summary: &str, parameters: &[Value], answers: &Map<String, Value>) -> Value {
    json!({
        "operationId": id,
        "summary": summary,
        "parameters": parameters,
        "responses": answers,
    })
}

fn page_operation(table: ApiTable) -> Value {
    let name = table.as_str();
    let limit = json!({
        "type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": USUAL_LIMIT,
    });
    let cursor = json!({ "type": "string", "minLength": 1 });
    let mut parameters = filters(table);
    parameters.push(parameter("limit", "query", "Rows of a page.", &limit));
    let about = "Where the page begins: `next` of the page before.";
    parameters.push(parameter("cursor", "query", about, &cursor));
    let page = json!({
        "type": "object",
        "properties": {
            "items": { "type": "array", "items": reference(name) },
            "next": { "type": ["string", "null"], "description": "cursor of the next page" },
            "as_of": {
                "type": ["string", "null"],
                "format": "date-time",
                "description": "end of the newest pass: now in every figure",
            },
        },
        "required": ["items", "next", "as_of"],
    });
    let mut answers = problems(&READING);
    let link = json!({
        "Link": {
            "description": "the address of the next page, as rel=\"next\"",
            "schema": { "type": "string" },
        },
    });
    answers.insert(
        "200".to_owned(),
        json!({
            "description": "A page; the whole table for `Accept: text/csv`.",
            "headers": link,
            "content": {
                JSON: { "schema": page },
                "text/csv": { "schema": { "type": "string" } },
            },
        }),
    );
    operation(
        &format!("list_{name}"),
        table.about(),
        &parameters,
        &answers,
    )
}

fn csv_operation(table: ApiTable) -> Value {
    let name = table.as_str();
    let mut answers = problems(&READING);
    let content = json!({ "text/csv": { "schema": { "type": "string" } } });
    answers.insert(
        "200".to_owned(),
        json!({ "description": "The whole table, as `export` writes it.", "content": content }),
    );
    let id = format!("export_{name}");
    operation(&id, table.about(), &filters(table), &answers)
}

fn object_operation(id: &str, summary: &str, part: &Value, schema: &str) -> Value {
    let mut answers = problems(&READING);
    answers.extend(problems(&[("404", "There is no such thing.")]));
    let content = json!({ JSON: { "schema": reference(schema) } });
    answers.insert(
        "200".to_owned(),
        json!({ "description": "The object.", "content": content }),
    );
    operation(id, summary, &[part.clone(), language()], &answers)
}

fn source_path() -> Value {
    let part = parameter("source", "path", "Its id.", &part_schema());
    let summary = "One source with its probes.";
    json!({ "get": object_operation("get_source", summary, &part, "source_with_probes") })
}

fn incident_path() -> Value {
    let number = json!({ "type": "integer", "minimum": 1, "maximum": 9_007_199_254_740_991_i64 });
    let part = parameter("id", "path", "The number in mails.", &number);
    let summary = "One incident with its phases and its story.";
    let mut get = object_operation("get_incident", summary, &part, "incident_with_story");
    get["responses"]["303"] = json!({
        "description": "It was folded into another incident; `Location` leads there.",
    });
    json!({ "get": get })
}

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
fn act_paths() -> Map<String, Value> {
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

fn description_path() -> Value {
    let mut answers = problems(&READING[..3]);
    let content = json!({ JSON: { "schema": { "type": "object" } } });
    answers.insert(
        "200".to_owned(),
        json!({ "description": "This description.", "content": content }),
    );
    let summary = "The description of this API.";
    json!({ "get": operation("describe", summary, &[language()], &answers) })
}
