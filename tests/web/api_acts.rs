//! What people do, sent by programs: who may, what is refused, and what it comes to.

use accesswatch::web::WebLimits;
use serde_json::{Value, json};

use crate::client::{Answer, get, post, request};
use crate::site::{READ_TOKEN, Served, TOKEN, TOKENS, demonstration_with, small};

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}")
}

fn send(served: &Served, method: &str, path: &str, body: &Value) -> Answer {
    let (writer, kind) = (bearer(TOKEN), "Content-Type: application/json");
    let body = if method == "DELETE" {
        String::new()
    } else {
        body.to_string()
    };
    request(
        served.at,
        method,
        &format!("/api/v1{path}"),
        &[&writer, kind],
        &body,
    )
}

fn object(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

fn story(incident: &Value) -> String {
    let lines = incident["story"].as_array().unwrap();
    let lines = lines.iter().map(|line| line["text"].as_str().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_act_answers_with_the_incident_and_can_be_undone() {
    let served = demonstration_with(TOKENS);
    let done = send(
        &served,
        "POST",
        "/incidents/1/ack",
        &json!({ "by": "Ana Weber" }),
    );
    let incident = object(&done);
    assert_eq!(incident["acknowledged_by"], "Ana Weber");
    assert!(story(&incident).contains("acknowledged by Ana Weber"));
    let undone = object(&send(
        &served,
        "DELETE",
        "/incidents/1/ack?by=Ben",
        &Value::Null,
    ));
    assert_eq!(undone["acknowledged_by"], Value::Null);
    assert!(story(&undone).contains("acknowledgement withdrawn by Ben"));
    let silent = json!({ "until": "2099-01-02", "by": "Ana" });
    let silent = object(&send(&served, "POST", "/incidents/1/silence", &silent));
    assert!(story(&silent).contains("by Ana"));
    let loud = object(&send(
        &served,
        "DELETE",
        "/incidents/1/silence?by=Ben",
        &Value::Null,
    ));
    assert!(story(&loud).contains("mails come again, as Ben asked"));
    let note = json!({ "text": "The vendor was asked", "ref": null, "by": "Ben" });
    let noted = object(&send(&served, "POST", "/incidents/1/note", &note));
    assert_eq!(noted["note"], "The vendor was asked (Ben)");
    let seen =
        json!({ "browser": "partial", "network": "campus", "saw": "no <b>button", "by": "Cho" });
    let seen = object(&send(&served, "POST", "/incidents/1/observe", &seen));
    let checks = seen["human_check"].as_array().unwrap();
    assert!(
        checks[0].as_str().unwrap().ends_with("partial (campus)"),
        "{checks:?}"
    );
    // The pages show the same.
    let page = get(served.at, "/incidents/1", &[]).text();
    assert!(page.contains("The vendor was asked (Ben)") && !page.contains("<b>button"));
}

#[test]
fn an_observation_answers_with_the_incident_or_with_the_source() {
    let served = demonstration_with(TOKENS);
    let seen = json!({ "browser": "ok", "network": "campus", "by": "Cho" });
    // The registry's incident is going on, so that is what the act is on.
    let path = "/sources/registry/home/observe";
    let incident = object(&send(&served, "POST", path, &seen));
    let checks = incident["human_check"].as_array().unwrap();
    let first = checks[0].as_str().unwrap();
    assert!(first.ends_with("ok (campus)"), "{checks:?}");
    let pairs = object(&get(served.at, "/api/v1/status?limit=1000", &[]));
    let mut pairs = pairs["items"].as_array().unwrap().iter();
    let quiet = pairs.find(|pair| pair["incident_id"].is_null()).unwrap();
    let id = quiet["source_id"].as_str().unwrap();
    let probe = quiet["probe_id"].as_str().unwrap();
    let path = format!("/sources/{id}/{probe}/observe");
    let source = object(&send(&served, "POST", &path, &seen));
    assert_eq!(source["source_id"], id);
    assert!(!source["probes"].as_array().unwrap().is_empty());
    for path in [
        "/sources/registry/none/observe",
        "/sources/none/home/observe",
    ] {
        assert_eq!(send(&served, "POST", path, &seen).status, 404, "{path}");
    }
}

#[test]
fn only_the_bearer_of_the_token_that_writes_may_act() {
    let served = demonstration_with(TOKENS);
    let signed = post(served.at, "/sign-in", &[], &format!("token={TOKEN}"));
    let session = format!("Cookie: aw={}", signed.cookie("aw").unwrap());
    let origin = format!("Origin: http://{}", served.at);
    let act = |lines: &[&str]| {
        let mut all = vec!["Content-Type: application/json"];
        all.extend(lines);
        let path = "/api/v1/incidents/1/ack";
        request(served.at, "POST", path, &all, "{\"by\": \"Ana\"}")
    };
    let reader = bearer(READ_TOKEN);
    for (who, lines, status) in [
        ("a session", vec![session.as_str(), &origin], 403),
        ("a reader", vec![reader.as_str()], 403),
        ("this computer", vec![], 403),
        ("elsewhere", vec!["Via: 1.1 proxy"], 401),
        ("a wrong bearer", vec!["Authorization: Bearer wrong"], 401),
    ] {
        let answer = act(&lines);
        assert_eq!(answer.status, status, "{who}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{who}"
        );
        let asks = answer.header("www-authenticate");
        assert_eq!(asks == "Bearer", status == 401, "{who}");
        assert!(
            answer.text().contains("`token`"),
            "{who}: {}",
            answer.text()
        );
        let path = "/api/v1/incidents/1/ack?by=Ana";
        assert_eq!(
            request(served.at, "DELETE", path, &lines, "").status,
            status,
            "{who}"
        );
    }
    let incident = object(&get(served.at, "/api/v1/incidents/1", &[]));
    assert_eq!(incident["acknowledged_by"], Value::Null);
    let without = small("", WebLimits::default());
    let path = "/api/v1/incidents/1/ack";
    let answer = request(
        without.at,
        "POST",
        path,
        &["Content-Type: application/json"],
        "{}",
    );
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("set `token` in [web]"));
    // A visitor of a public installation is asked for a token.
    let web = format!("{TOKENS}\nbase_url = \"https://access.example\"\npublic = true");
    let public = small(&web, WebLimits::default());
    let answer = request(
        public.at,
        "POST",
        path,
        &["Content-Type: application/json"],
        "{}",
    );
    assert_eq!(
        (answer.status, answer.header("www-authenticate")),
        (401, "Bearer")
    );
}

#[test]
fn what_cannot_be_meant_changes_nothing() {
    let served = demonstration_with(TOKENS);
    let long = "x".repeat(20_000);
    for (path, body, status) in [
        ("/incidents/1/ack", json!({}), 400),
        ("/incidents/1/ack", json!({ "by": "" }), 400),
        ("/incidents/1/ack", json!({ "by": "\u{200b}\n" }), 400),
        ("/incidents/1/ack", json!({ "by": 5 }), 400),
        ("/incidents/1/ack", json!({ "by": null }), 400),
        ("/incidents/1/ack", json!({ "by": "a\0b" }), 400),
        ("/incidents/1/ack", json!({ "by": "a", "to": "b" }), 400),
        ("/incidents/1/ack", json!(["by"]), 400),
        ("/incidents/1/ack", json!({ "by": long }), 413),
        ("/incidents/1/ack?by=a", json!({ "by": "a" }), 400),
        (
            "/incidents/1/silence",
            json!({ "by": "a", "until": "2001-01-01" }),
            400,
        ),
        (
            "/incidents/1/silence",
            json!({ "by": "a", "until": "never" }),
            400,
        ),
        (
            "/incidents/1/observe",
            json!({ "by": "a", "browser": "maybe", "network": "x" }),
            400,
        ),
        (
            "/incidents/1/observe",
            json!({ "by": "a", "browser": "ok", "network": " " }),
            400,
        ),
        ("/incidents/1/note", json!({ "by": "a", "text": "" }), 400),
        ("/incidents/999/ack", json!({ "by": "a" }), 404),
        ("/incidents/01/ack", json!({ "by": "a" }), 404),
        ("/incidents/1/destroy", json!({ "by": "a" }), 404),
        // The demonstration's way out of service has ended, and is of no source.
        ("/incidents/7/ack", json!({ "by": "a" }), 409),
        ("/incidents/7/note", json!({ "by": "a", "text": "b" }), 409),
    ] {
        let answer = send(&served, "POST", path, &body);
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.text());
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
    }
    let writer = bearer(TOKEN);
    let path = "/api/v1/incidents/1/ack";
    for (kind, body, status) in [
        (
            "Content-Type: application/x-www-form-urlencoded",
            "by=a",
            415,
        ),
        ("Accept: */*", "{\"by\": \"a\"}", 415),
        ("Content-Type: application/json", "{\"by\": ", 400),
        ("Content-Type: application/json", "", 400),
    ] {
        let answer = request(served.at, "POST", path, &[&writer, kind], body);
        assert_eq!(answer.status, status, "{kind} {body}");
    }
    for path in [
        "/incidents/1/ack",
        "/incidents/1/ack?by=",
        "/incidents/1/ack?by=a&x=1",
    ] {
        assert_eq!(
            send(&served, "DELETE", path, &Value::Null).status,
            400,
            "{path}"
        );
    }
    for path in ["/incidents/1/observe", "/incidents/1/note"] {
        let answer = send(&served, "DELETE", &format!("{path}?by=a"), &Value::Null);
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, "POST"),
            "{path}"
        );
    }
    let incident = object(&get(served.at, "/api/v1/incidents/1", &[]));
    assert_eq!(incident["acknowledged_by"], Value::Null);
    assert_eq!(incident["human_check"], json!([]));
}
