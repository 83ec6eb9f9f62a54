//! Stand-ins of archives on loopback, with their quirks (RFC 7089 as the Wayback Machine and Perma
//! speak it): a `TimeGate` that names the nearest capture in a redirect without `Memento-Datetime`,
//! captures in a frame and raw, an index, `TimeMaps` without quotes and with a comma at the end.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDateTime, Utc};
use url::Url;

use super::http::{Act, ReceivedRequest, Server, answer};
use super::savers::Desk;

/// A page that an archive holds.
#[derive(Debug, Clone)]
pub struct Capture {
    pub original: String,
    /// Fourteen digits.
    pub stamp: String,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// How an archive answers everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    #[default]
    Well,
    /// 503.
    Down,
    /// 429 with this `Retry-After` in seconds.
    Busy(u32),
    /// Playback is down, the `TimeGate` and the index are not.
    PlaybackDown,
    /// The owner of the site had it excluded.
    Excluded,
    /// The `TimeGate` and the index say that there is nothing, though there is.
    Forgetful,
}

#[derive(Debug, Default)]
pub struct Holdings {
    captures: Vec<Capture>,
    mood: Mood,
    desk: Desk,
}

/// An archive that speaks as the Wayback Machine does at `/web/` and `/cdx/search/cdx`, and as
/// Perma does at `/timegate/` and `/timemap/`.
pub struct Archive {
    server: Server,
    holdings: Arc<Mutex<Holdings>>,
}

impl Archive {
    pub async fn start() -> Self {
        let holdings: Arc<Mutex<Holdings>> = Arc::default();
        let shared = Arc::clone(&holdings);
        let server = Server::start(move |request| shared.lock().unwrap().answer(request)).await;
        Self { server, holdings }
    }

    /// It holds this page, captured with status 200.
    pub fn holds(&self, original: &str, stamp: &str, body: &str) {
        self.holds_answer(original, stamp, 200, &[], body);
    }

    pub fn holds_answer(
        &self,
        original: &str,
        stamp: &str,
        status: u16,
        headers: &[(&str, &str)],
        body: &str,
    ) {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        self.holdings.lock().unwrap().captures.push(Capture {
            original: original.to_owned(),
            stamp: stamp.to_owned(),
            status,
            headers: headers.iter().map(owned).collect(),
            body: body.to_owned(),
        });
    }

    /// It holds nothing any more.
    pub fn forgets(&self) {
        self.holdings.lock().unwrap().captures.clear();
    }

    /// What it saves, and how.
    pub fn desk(&self) -> MappedDesk<'_> {
        MappedDesk(self.holdings.lock().unwrap())
    }

    pub fn is(&self, mood: Mood) {
        self.holdings.lock().unwrap().mood = mood;
    }

    /// The address of its interface.
    pub fn api(&self) -> Url {
        self.server.url("/")
    }

    /// The address of a capture.
    pub fn capture(&self, stamp: &str, original: &str) -> String {
        self.server
            .url(&format!("/web/{stamp}/{original}"))
            .to_string()
    }

    /// The requested paths, in order.
    pub fn asked(&self) -> Vec<String> {
        self.server.paths()
    }

    /// The settings that name it as the Wayback Machine.
    pub fn as_wayback(&self) -> String {
        let api = self.api();
        format!(
            "\n[links.copies]\nwayback_api = \"{api}\"\n\n[[links.archive]]\nname = \"Wayback Machine\"\ntimegate = \"{api}web/\"\n"
        )
    }

    /// The settings that name it as an archive with a `TimeMap`.
    pub fn as_perma(&self) -> String {
        let api = self.api();
        format!("\n[[links.archive]]\nname = \"Perma\"\ntimegate = \"{api}timegate/\"\n")
    }
}

/// The part of a locked archive that saves pages.
pub struct MappedDesk<'a>(std::sync::MutexGuard<'a, Holdings>);

impl std::ops::Deref for MappedDesk<'_> {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.0.desk
    }
}

impl std::ops::DerefMut for MappedDesk<'_> {
    fn deref_mut(&mut self) -> &mut Desk {
        &mut self.0.desk
    }
}

impl Holdings {
    fn answer(&mut self, request: &ReceivedRequest) -> Act {
        let path = request.path();
        if path == "/save" || path.starts_with("/save/") {
            return self.desk.wayback(request, &mut self.captures);
        }
        if path.starts_with("/v1/") || path.starts_with("/warc/") {
            return self.desk.perma(request);
        }
        match self.mood {
            Mood::Down => return plain("503 Service Unavailable", &[], "down"),
            Mood::Busy(seconds) => {
                let seconds = seconds.to_string();
                return plain(
                    "429 Too Many Requests",
                    &[("Retry-After", &seconds)],
                    "busy",
                );
            }
            Mood::Excluded => {
                let why = "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error";
                return plain(
                    "403 Forbidden",
                    &[("X-Archive-Wayback-Runtime-Error", why)],
                    "",
                );
            }
            Mood::Well | Mood::PlaybackDown | Mood::Forgetful => {}
        }
        if let Some(rest) = path.strip_prefix("/web/") {
            let (stamp, original) = rest.split_once('/').unwrap_or((rest, ""));
            let digits = stamp.trim_end_matches("id_");
            if digits.len() == 14 && digits.bytes().all(|b| b.is_ascii_digit()) {
                return self.playback(digits, stamp.ends_with("id_"), original, request);
            }
            return self.gate(rest, request, "/web/");
        }
        if let Some(rest) = path.strip_prefix("/timegate/") {
            return self.gate(rest, request, "/web/");
        }
        if let Some(rest) = path.strip_prefix("/timemap/link/") {
            return self.timemap(rest, request);
        }
        if path.starts_with("/cdx/search/cdx?") {
            return self.index(request);
        }
        plain("404 Not Found", &[], "404 page not found")
    }

    fn of(&self, original: &str) -> Vec<&Capture> {
        let mut found: Vec<&Capture> = self
            .captures
            .iter()
            .filter(|c| c.original == original && self.mood != Mood::Forgetful)
            .collect();
        found.sort_by(|a, b| a.stamp.cmp(&b.stamp));
        found
    }

    fn gate(&self, original: &str, request: &ReceivedRequest, at: &str) -> Act {
        let wanted = match request.header("accept-datetime") {
            None => None,
            Some(text) => match DateTime::parse_from_rfc2822(text) {
                Ok(at) => Some(at.with_timezone(&Utc)),
                Err(_) => return plain("400 Bad Request", &[], "bad Accept-Datetime"),
            },
        };
        let held = self.of(original);
        let nearest = match wanted {
            None => held.last(),
            Some(wanted) => held.iter().min_by_key(|c| (time(&c.stamp) - wanted).abs()),
        };
        let Some(nearest) = nearest else {
            return plain("404 Not Found", &[], "no captures");
        };
        let host = request.header("host").unwrap_or_default();
        let to = format!("http://{host}{at}{}/{original}", nearest.stamp);
        let links = format!(
            "<{original}>; rel=\"original\", <http://{host}/timemap/link/{original}>; rel=\"timemap\"; type=\"application/link-format\""
        );
        plain(
            "302 Found",
            &[
                ("Location", &to),
                ("Vary", "accept-datetime"),
                ("Link", &links),
            ],
            "",
        )
    }

    fn playback(&self, stamp: &str, raw: bool, original: &str, request: &ReceivedRequest) -> Act {
        if self.mood == Mood::PlaybackDown {
            return plain("503 Service Unavailable", &[], "playback is down");
        }
        let held = self.captures.iter().filter(|c| c.original == original);
        let held: Vec<&Capture> = held.collect();
        let host = request.header("host").unwrap_or_default();
        let Some(exact) = held.iter().find(|c| c.stamp == stamp) else {
            let Some(nearest) = held
                .iter()
                .min_by_key(|c| (time(&c.stamp) - time(stamp)).abs())
            else {
                return plain("404 Not Found", &[], "not archived");
            };
            let flag = if raw { "id_" } else { "" };
            let to = format!("http://{host}/web/{}{flag}/{original}", nearest.stamp);
            let why = format!("found capture at {}", nearest.stamp);
            return plain(
                "302 Found",
                &[("Location", &to), ("X-Archive-Redirect-Reason", &why)],
                "",
            );
        };
        let datetime = rfc(&exact.stamp);
        let mut headers: Vec<(String, String)> = vec![
            ("Memento-Datetime".to_owned(), datetime),
            (
                "Content-Type".to_owned(),
                "text/html; charset=utf-8".to_owned(),
            ),
            ("X-Archive-Orig-Server".to_owned(), "nginx".to_owned()),
        ];
        for (name, value) in &exact.headers {
            headers.push((format!("X-Archive-Orig-{name}"), value.clone()));
        }
        if let Some((_, to)) = exact.headers.iter().find(|(name, _)| name == "Location") {
            headers.push((
                "Location".to_owned(),
                format!("http://{host}/web/{stamp}/{to}"),
            ));
        }
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let frame =
            "<div id=\"wm-ipp\">Wayback Machine: page not found? Search 866 billion pages</div>";
        let body = if raw {
            exact.body.clone()
        } else {
            format!("{frame}{}", exact.body)
        };
        answer(&format!("{} X", exact.status), &headers, body.as_bytes())
    }

    fn timemap(&self, original: &str, request: &ReceivedRequest) -> Act {
        let host = request.header("host").unwrap_or_default();
        let held = self.of(original);
        if held.is_empty() {
            return plain("404 Not Found", &[], "404 page not found");
        }
        let mut map = format!(
            "<{original}>; rel=original,\n<http://{host}/timegate/{original}>; rel=timegate,\n"
        );
        for capture in &held {
            let _ = writeln!(
                map,
                "<http://{host}/web/{}/{original}>; rel=memento; datetime=\"{}\",",
                capture.stamp,
                rfc(&capture.stamp)
            );
        }
        let count = held.len().to_string();
        plain("200 OK", &[("X-Memento-Count", &count)], &map)
    }

    fn index(&self, request: &ReceivedRequest) -> Act {
        let url = Url::parse(&format!("http://x{}", request.path())).unwrap();
        let value = |name: &str| {
            let found = url.query_pairs().find(|(n, _)| n == name);
            found.map(|(_, value)| value.into_owned())
        };
        let mut rows: Vec<&Capture> = self.of(&value("url").unwrap_or_default());
        if value("filter").as_deref() == Some("statuscode:200") {
            rows.retain(|c| c.status == 200);
        }
        if let Some(from) = value("from") {
            rows.retain(|c| c.stamp[..from.len()] >= *from.as_str());
        }
        if let Some(to) = value("to") {
            rows.retain(|c| c.stamp[..to.len()] <= *to.as_str());
        }
        let limit: i64 = value("limit")
            .and_then(|l| l.parse().ok())
            .unwrap_or(150_000);
        let kept = usize::try_from(limit.abs()).unwrap().min(rows.len());
        let rows = if limit < 0 {
            &rows[rows.len() - kept..]
        } else {
            &rows[..kept]
        };
        let mut text = String::new();
        for c in rows {
            let _ = writeln!(
                text,
                "k {} {} text/html {} DIGEST 100",
                c.stamp, c.original, c.status
            );
        }
        plain("200 OK", &[("Content-Type", "text/plain")], &text)
    }
}

fn plain(status: &str, headers: &[(&str, &str)], body: &str) -> Act {
    answer(status, headers, body.as_bytes())
}

fn time(stamp: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(stamp, "%Y%m%d%H%M%S")
        .unwrap()
        .and_utc()
}

fn rfc(stamp: &str) -> String {
    time(stamp).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
