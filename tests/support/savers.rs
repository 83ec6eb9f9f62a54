//! Stand-ins of interfaces that save pages: Save Page Now 2 and Perma, with their quirks. A page
//! that is saved becomes a capture of the archive.

use std::io::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::archives::Capture;
use super::http::{Act, ReceivedRequest, answer};

/// How a service that saves pages behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Saving {
    #[default]
    Well,
    /// It takes a job, and the answer never comes.
    TakesAndHangs,
    /// Nothing that is sent arrives, and no answer comes.
    Hangs,
    /// Errors come with status 200 and without a job.
    Fails,
    /// 429 with a `Retry-After` of a minute.
    Busy,
    /// 429 with a `Retry-After` of a minute, to whatever is asked.
    Quiet,
    /// The quota of the month (Perma) is used up.
    UsedUp,
    /// A page for people comes with status 200, and repeats the key.
    Garbled,
}

#[derive(Debug, Clone)]
pub struct SavedPage {
    pub url: String,
    pub id: String,
    pub at: DateTime<Utc>,
    /// Questions that are still answered with `pending`.
    pub pending: u32,
}

/// What a service that saves pages knows.
#[derive(Debug)]
pub struct Desk {
    pub key: String,
    pub saving: Saving,
    /// What it saves, whatever the address.
    pub page: String,
    pub saved: Vec<SavedPage>,
    pub available: i64,
    pub daily_limit: i64,
    /// Requests that a capture be made.
    pub posts: usize,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            key: "access:secret".to_owned(),
            saving: Saving::Well,
            page: String::new(),
            saved: Vec::new(),
            available: 3,
            daily_limit: 30_000,
            posts: 0,
        }
    }
}

impl Desk {
    /// The answer to a request of Save Page Now; captures that it makes go to `captures`.
    pub fn wayback(&mut self, request: &ReceivedRequest, captures: &mut Vec<Capture>) -> Act {
        if request.header("authorization") != Some(format!("LOW {}", self.key).as_str()) {
            return reply(
                "401 Unauthorized",
                &json!({"message": "You need to be logged in to use Save Page Now."}),
            );
        }
        if self.saving == Saving::Quiet {
            return answer("429 Too Many Requests", &[("Retry-After", "60")], b"");
        }
        let path = request.path();
        if path == "/save/status/user" {
            let today = i64::try_from(self.saved.len()).unwrap();
            return reply(
                "200 OK",
                &json!({
                    "available": self.available, "processing": 0,
                    "daily_captures": today, "daily_captures_limit": self.daily_limit,
                }),
            );
        }
        if let Some(id) = path.strip_prefix("/save/status/") {
            return self.wayback_status(id, captures);
        }
        self.posts += 1;
        match self.saving {
            Saving::Garbled => return self.garbled(),
            Saving::Busy => return answer("429 Too Many Requests", &[("Retry-After", "60")], b""),
            Saving::Hangs => return Act::Hang(Vec::new()),
            Saving::Fails => {
                return reply(
                    "200 OK",
                    &json!({
                        "status": "error", "status_ext": "error:blocked-url",
                        "message": "This URL is in the Save Page Now service block list.",
                    }),
                );
            }
            _ => {}
        }
        let form: Vec<(String, String)> = form_urlencoded::parse(&request.body)
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let value = |name: &str| form.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        let url = value("url").unwrap_or_default();
        let within = value("if_not_archived_within")
            .and_then(|s| s.parse().ok())
            .unwrap_or(0);
        let recent = |page: &&SavedPage| {
            page.url == url && Utc::now() - page.at < TimeDelta::seconds(within)
        };
        let mut message = None;
        let known = self.saved.iter().find(recent).map(|page| page.id.clone());
        let id = if let Some(id) = known {
            message = Some("The same snapshot had been made 2 minutes ago.");
            id
        } else {
            let id = format!("spn2-{:040x}", self.saved.len() + 1);
            self.saved.push(SavedPage {
                url: url.clone(),
                id: id.clone(),
                at: Utc::now(),
                pending: 1,
            });
            id
        };
        if self.saving == Saving::TakesAndHangs {
            return Act::Hang(Vec::new());
        }
        reply(
            "200 OK",
            &json!({"url": url, "job_id": id, "message": message}),
        )
    }

    fn wayback_status(&mut self, id: &str, captures: &mut Vec<Capture>) -> Act {
        if self.saving == Saving::Garbled {
            return self.garbled();
        }
        let body = self.page.clone();
        let Some(page) = self.saved.iter_mut().find(|page| page.id == id) else {
            return reply(
                "200 OK",
                &json!({"status": "error", "status_ext": "error:no-such-job", "message": "no such job"}),
            );
        };
        if page.pending > 0 {
            page.pending -= 1;
            return reply(
                "200 OK",
                &json!({"status": "pending", "job_id": id, "resources": []}),
            );
        }
        let stamp = page.at.format("%Y%m%d%H%M%S").to_string();
        if !captures
            .iter()
            .any(|c| c.original == page.url && c.stamp == stamp)
        {
            captures.push(Capture {
                original: page.url.clone(),
                stamp: stamp.clone(),
                status: 200,
                headers: Vec::new(),
                body,
            });
        }
        reply(
            "200 OK",
            &json!({
                "status": "success", "job_id": id, "timestamp": stamp, "original_url": page.url,
                "duration_sec": 6.2, "resources": [], "outlinks": [], "http_status": 200,
            }),
        )
    }

    /// The answer to a request of Perma.
    pub fn perma(&mut self, request: &ReceivedRequest) -> Act {
        if request.header("authorization") != Some(format!("ApiKey {}", self.key).as_str()) {
            return reply(
                "401 Unauthorized",
                &json!({"detail": "Authentication credentials were not provided."}),
            );
        }
        if self.saving == Saving::Quiet {
            return answer("429 Too Many Requests", &[("Retry-After", "60")], b"");
        }
        let path = request.path();
        let host = request.header("host").unwrap_or_default();
        if request.line.starts_with("POST /v1/archives/") {
            return self.perma_save(request, host);
        }
        if let Some(file) = path.strip_prefix("/warc/") {
            let page = self.saved.iter().find(|page| page.id == file).unwrap();
            return answer(
                "200 OK",
                &[
                    ("Content-Type", "application/gzip"),
                    ("Connection", "close"),
                ],
                &warc(&page.url, &self.page),
            );
        }
        if self.saving == Saving::Garbled {
            return self.garbled();
        }
        if let Some(guid) = path.strip_prefix("/v1/capture_jobs/") {
            let Some(page) = self
                .saved
                .iter_mut()
                .find(|page| page.id == guid.trim_end_matches('/'))
            else {
                return reply("404 Not Found", &json!({}));
            };
            let status = if page.pending > 0 {
                "in_progress"
            } else {
                "completed"
            };
            page.pending = page.pending.saturating_sub(1);
            return reply(
                "200 OK",
                &json!({"guid": page.id, "status": status, "step_count": 3.0}),
            );
        }
        let rest = path.strip_prefix("/v1/archives/").unwrap_or_default();
        if rest.is_empty() || rest.starts_with('?') {
            let objects: Vec<Value> = self
                .saved
                .iter()
                .rev()
                .map(|page| shown(page, host))
                .collect();
            // `next` is filled even past the end.
            return reply(
                "200 OK",
                &json!({"meta": {"next": "/v1/archives/?offset=100"}, "objects": objects}),
            );
        }
        match self
            .saved
            .iter()
            .find(|page| page.id == rest.trim_end_matches('/'))
        {
            Some(page) => reply("200 OK", &shown(page, host)),
            None => reply("404 Not Found", &json!({"detail": "Not found."})),
        }
    }

    fn garbled(&self) -> Act {
        let page = format!(
            "<html><title>Maintenance</title> your key is {}</html>",
            self.key
        );
        answer(
            "200 OK",
            &[("Content-Type", "text/html"), ("Connection", "close")],
            page.as_bytes(),
        )
    }

    fn perma_save(&mut self, request: &ReceivedRequest, host: &str) -> Act {
        self.posts += 1;
        match self.saving {
            Saving::Garbled => return self.garbled(),
            Saving::Busy => return answer("429 Too Many Requests", &[("Retry-After", "60")], b""),
            Saving::Hangs => return Act::Hang(Vec::new()),
            Saving::UsedUp => {
                return reply(
                    "400 Bad Request",
                    &json!({"error": "You've reached your usage limit. Visit your Usage Plan page for information and plan options."}),
                );
            }
            Saving::Fails => {
                return reply(
                    "400 Bad Request",
                    &json!({"url": ["Couldn't resolve domain."]}),
                );
            }
            _ => {}
        }
        let asked: Value = serde_json::from_slice(&request.body).unwrap();
        let page = SavedPage {
            url: asked["url"].as_str().unwrap().to_owned(),
            id: format!("ABCD-{:04}", self.saved.len() + 1),
            at: Utc::now(),
            pending: 1,
        };
        let answer = shown(&page, host);
        // Perma makes another archive of the same page each time.
        self.saved.push(page);
        if self.saving == Saving::TakesAndHangs {
            return Act::Hang(Vec::new());
        }
        reply("201 Created", &answer)
    }
}

fn shown(page: &SavedPage, host: &str) -> Value {
    json!({
        "guid": page.id, "url": page.url, "title": "A", "description": null,
        "creation_timestamp": page.at.to_rfc3339(), "is_private": false,
        "warc_download_url": format!("http://{host}/warc/{}", page.id),
        "captures": [{"role": "primary", "status": "success", "url": page.url, "record_type": "response"}],
    })
}

fn reply(status: &str, body: &Value) -> Act {
    answer(
        status,
        &[
            ("Content-Type", "application/json"),
            ("Connection", "close"),
        ],
        body.to_string().as_bytes(),
    )
}

/// A file with the page, as archives write it: one gzip member for each record.
fn warc(url: &str, page: &str) -> Vec<u8> {
    let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}");
    let mut file = Vec::new();
    for (kind, target, block) in [
        ("warcinfo", "urn:x", "software: x\r\n".to_owned()),
        (
            "response",
            "https://elsewhere.example/style.css",
            "HTTP/1.1 200 OK\r\n\r\nbody{}".to_owned(),
        ),
        ("response", url, http),
    ] {
        let mut member = GzEncoder::new(Vec::new(), Compression::default());
        write!(
            member,
            "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\nWARC-Date: 2026-03-01T00:00:00Z\r\nWARC-Target-URI: {target}\r\nContent-Type: application/http;msgtype=response\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
        .unwrap();
        file.extend(member.finish().unwrap());
    }
    file
}
