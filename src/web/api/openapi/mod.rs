//! `openapi.json`: the description of the API (`OpenAPI` 3.1), made of the tables' own columns and
//! filters.

mod acts;
mod agent;
mod measurements;
mod schema;

use axum::body::Body;
use axum::http::Response;
use serde_json::{Map, Value, json};

use super::answer::{JSON, describe, unchanged};
use super::paths::{AGENT_HELLO, AGENT_TASKS, AGENT_WORKSPACE, MEASUREMENTS};
use super::query::{MOST_LIMIT, USUAL_LIMIT};
use super::table::{ApiFilter, ApiTable};
use crate::report::{ColumnHead, ColumnKind, IncidentPhaseTable, TableHead, Tabular as _};
use crate::web::respond;
use crate::web::visit::Visit;
use schema::{
    READING, language, operation, parameter, part_schema, problems, reference, text_schema,
};

/// The answer.
pub fn answer(visit: &Visit) -> Response<Body> {
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
    paths.extend(acts::paths());
    if let Some(path) = paths.get_mut(MEASUREMENTS) {
        path["post"] = measurements::operation();
    }
    paths.insert(AGENT_WORKSPACE.to_owned(), agent::workspace_path());
    paths.insert(AGENT_HELLO.to_owned(), agent::hello_path());
    paths.insert(AGENT_TASKS.to_owned(), agent::tasks_path());
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
