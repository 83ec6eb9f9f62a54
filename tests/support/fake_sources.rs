//! One server that stands in for every shipped source. A SOCKS5 proxy leads all names to it, and it
//! answers over TLS or plain HTTP, as the client begins. Its pages are made from the small records
//! in `tests/sources/`.
#![allow(clippy::format_collect, clippy::format_push_string)] // small pages, made once

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::{Datelike as _, Days, NaiveDate, Utc};
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;

use super::tcp::Server;

/// A page as a record describes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub name: Option<String>,
    /// The verdict that the page must get.
    pub code: Option<String>,
    pub status: Option<u16>,
    #[serde(default)]
    headers: Vec<(String, String)>,
    title: Option<String>,
    head: Option<String>,
    body: Option<String>,
    /// The whole body, instead of title and body.
    raw: Option<String>,
    json: Option<String>,
    xml: Option<String>,
    gbk: Option<String>,
    /// The length of an archive, in bytes.
    binary: Option<usize>,
    /// The number of companies in a list like CNINFO's.
    stocks: Option<usize>,
    /// The target of a redirect.
    to: Option<String>,
    /// Bytes to add, as scripts and styles make a page long.
    pad: Option<usize>,
    /// A word from which twenty rows of text are made, which are on the page besides its markers;
    /// the same word gives the same rows.
    rows: Option<String>,
    /// Lines of values, as in the file of a chart; each line is repeated for this many days back.
    csv: Option<String>,
}

/// An answer, ready to be sent.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// The answers, by `host/path?query`.
pub type Scene = HashMap<String, Answer>;

impl Answer {
    pub fn redirect(to: &str) -> Self {
        Self {
            status: 302,
            headers: vec![("Location".to_owned(), to.to_owned())],
            body: Vec::new(),
        }
    }
}

impl Page {
    /// The answer; dates in braces are those of the days before `today`.
    pub fn answer(&self, today: NaiveDate) -> Answer {
        let mut headers = self.headers.clone();
        let (kind, body) = self.content(today);
        headers.push(("Content-Type".to_owned(), kind.to_owned()));
        if let Some(to) = &self.to {
            headers.push(("Location".to_owned(), to.clone()));
        }
        Answer {
            status: self.status.unwrap_or(200),
            headers,
            body,
        }
    }

    fn content(&self, today: NaiveDate) -> (&'static str, Vec<u8>) {
        let dated = |text: &String| dated(text, today);
        if let Some(json) = &self.json {
            return ("application/json", dated(json).into_bytes());
        }
        if let Some(xml) = &self.xml {
            return ("text/xml; charset=utf-8", dated(xml).into_bytes());
        }
        if let Some(text) = &self.gbk {
            let text = dated(text);
            let (bytes, _, _) = encoding_rs::GB18030.encode(&text);
            return (
                "application/javascript; charset=GB18030",
                bytes.into_owned(),
            );
        }
        if let Some(bytes) = self.binary {
            let mut body = b"PK\x03\x04".to_vec();
            body.resize(bytes, 7);
            return (
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                body,
            );
        }
        if let Some(count) = self.stocks {
            let list: Vec<String> = (0..count)
                .map(|n| format!(r#"{{"code":"{n:06}"}}"#))
                .collect();
            let body = format!(r#"{{"stockList":[{}]}}"#, list.join(","));
            return ("application/json", body.into_bytes());
        }
        if let Some(line) = &self.csv {
            let day = |n: u64| today.checked_sub_days(Days::new(n)).unwrap();
            let lines: String = (1..40).map(|n| self::dated(line, day(n)) + "\n").collect();
            return ("text/csv", lines.into_bytes());
        }
        if let Some(raw) = &self.raw {
            return ("text/html; charset=utf-8", dated(raw).into_bytes());
        }
        ("text/html; charset=utf-8", dated(&self.html()).into_bytes())
    }

    /// A page with the frame that sites have: a menu, a footer, links to log in.
    fn html(&self) -> String {
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        let refused = self.status.is_some_and(|status| status >= 400);
        let frame = if refused || self.code.as_deref() == Some("site.challenge") {
            String::new()
        } else {
            let links: String = (0..140)
                .map(|n| format!("<li><a href=\"/menu/{n}\">栏目{n}</a></li>"))
                .collect();
            format!(
                "<nav><a href=\"/login\">登录</a> <a href=\"/register\">注册</a><ul>{links}</ul></nav>"
            )
        };
        format!(
            "<!DOCTYPE html><html lang=\"zh\"><head><meta charset=\"utf-8\"><title>{}</title>{}</head><body>{frame}{}\
             <footer>主办单位：某某 备案号：某ICP备00000000号</footer>{}</body></html>",
            part(&self.title),
            part(&self.head),
            part(&self.body) + &self.rows.as_deref().map_or(String::new(), rows),
            self.pad
                .map_or(String::new(), |n| format!("<!--{}-->", "x".repeat(n))),
        )
    }
}

/// Rows of made-up text; two words give rows that have nothing in common.
fn rows(word: &str) -> String {
    let mut state = word
        .bytes()
        .fold(7_u64, |s, b| s.wrapping_mul(31).wrapping_add(b.into()));
    let mut sign = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let at = u32::try_from(state >> 40).unwrap_or(0) % 3_000;
        char::from_u32(0x4e00 + at).unwrap_or('一')
    };
    let rows: String = (0..20)
        .map(|_| format!("<li>{}</li>", (0..14).map(|_| sign()).collect::<String>()))
        .collect();
    format!("<ul class=\"rows\">{rows}</ul>")
}

/// `{day:FORMAT}` is yesterday, `{before:FORMAT}` the day before it, `{month:FORMAT}` the last day
/// of last month.
fn dated(text: &str, today: NaiveDate) -> String {
    let back = |days| today.checked_sub_days(Days::new(days)).unwrap();
    let days = [
        ("{day:", back(1)),
        ("{before:", back(2)),
        ("{month:", back(u64::from(today.day()))),
    ];
    let mut text = text.to_owned();
    for (opening, day) in days {
        while let Some(at) = text.find(opening) {
            let end = at + text[at..].find('}').expect("a date ends with a brace");
            let written = day.format(&text[at + opening.len()..end]).to_string();
            text.replace_range(at..=end, &written);
        }
    }
    text
}

/// Today in Beijing, where the sources are.
pub fn today() -> NaiveDate {
    Utc::now()
        .with_timezone(&accesswatch::model::time::BEIJING)
        .date_naive()
}

/// The server; its answers change with the scene.
pub struct FakeSource {
    pub server: Server,
    scene: Arc<Mutex<Scene>>,
}

impl FakeSource {
    pub async fn start(acceptor: TlsAcceptor) -> Self {
        let scene: Arc<Mutex<Scene>> = Arc::default();
        let playing = Arc::clone(&scene);
        let server = Server::start(move |stream| {
            let (acceptor, scene) = (acceptor.clone(), Arc::clone(&playing));
            async move {
                let mut first = [0];
                // A client that leaves early is no failure of the test.
                if stream.peek(&mut first).await.is_err() {
                    return;
                }
                if first[0] == 0x16 {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        let _ = serve(stream, &scene).await;
                    }
                } else {
                    let _ = serve(stream, &scene).await;
                }
            }
        })
        .await;
        Self { server, scene }
    }

    pub fn play(&self, scene: Scene) {
        *self.scene.lock().unwrap() = scene;
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    scene: &Mutex<Scene>,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let field = |name: &str| {
        let line = head
            .lines()
            .find(|l| l.to_ascii_lowercase().starts_with(name))?;
        Some(line[name.len()..].trim().to_owned())
    };
    if let Some(length) = field("content-length:") {
        let mut body = vec![0; length.parse().unwrap_or(0)];
        stream.read_exact(&mut body).await?;
    }
    let path = head.split(' ').nth(1).unwrap_or("/");
    let key = format!("{}{path}", field("host:").unwrap_or_default());
    let answer = scene.lock().unwrap().get(&key).cloned();
    let answer = answer.unwrap_or_else(|| elsewhere(path));
    let mut out = format!(
        "HTTP/1.1 {} X\r\nConnection: close\r\nContent-Length: {}\r\n",
        answer.status,
        answer.body.len()
    );
    for (name, value) in &answer.headers {
        out += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{out}\r\n").as_bytes()).await?;
    stream.write_all(&answer.body).await?;
    stream.shutdown().await
}

/// The targets of redirects on the common pages, and what is fetched before a probe.
fn elsewhere(path: &str) -> Answer {
    let (title, body) = if path.starts_with("/verify/") {
        ("安全验证", "<p>请依次点击</p>")
    } else if path == "/login" {
        (
            "用户登录",
            "<form><h1>用户登录</h1><input placeholder='用户名'><input type='password'></form>",
        )
    } else {
        ("首页", "<p>首页</p>")
    };
    Page {
        title: Some(title.to_owned()),
        body: Some(body.to_owned()),
        ..Page::default()
    }
    .answer(today())
}
