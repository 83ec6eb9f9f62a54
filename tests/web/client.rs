//! A client that sends what it is told, byte by byte, and reads one answer.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// One answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header by its name in lower case; empty where it is not there.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The value of a cookie that it sets.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.iter().filter(|(key, _)| key == "set-cookie");
        set.map(|(_, value)| value.split(';').next().unwrap())
            .find_map(|pair| pair.strip_prefix(&format!("{name}=")).map(str::to_owned))
    }
}

/// A connection that gives up after ten seconds.
pub fn connect(to: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(to).unwrap();
    let patience = Some(Duration::from_secs(10));
    stream.set_read_timeout(patience).unwrap();
    stream.set_write_timeout(patience).unwrap();
    stream
}

/// A request with these header lines.
pub fn request(to: SocketAddr, method: &str, path: &str, lines: &[&str], body: &str) -> Answer {
    let mut text = format!("{method} {path} HTTP/1.1\r\n");
    if !lines.iter().any(|l| l.to_lowercase().starts_with("host:")) {
        write!(text, "Host: {to}\r\n").unwrap();
    }
    for line in lines {
        write!(text, "{line}\r\n").unwrap();
    }
    if !body.is_empty() {
        write!(text, "Content-Length: {}\r\n", body.len()).unwrap();
    }
    text += "Connection: close\r\n\r\n";
    text += body;
    raw(to, text.as_bytes())
}

/// `GET` with these header lines.
pub fn get(to: SocketAddr, path: &str, lines: &[&str]) -> Answer {
    request(to, "GET", path, lines, "")
}

/// A form of our own page.
pub fn post(to: SocketAddr, path: &str, lines: &[&str], form: &str) -> Answer {
    let origin = format!("Origin: http://{to}");
    let mut all = vec!["Content-Type: application/x-www-form-urlencoded", &origin];
    all.extend(lines);
    request(to, "POST", path, &all, form)
}

/// Sends the bytes and reads until the server closes.
pub fn raw(to: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = connect(to);
    stream.write_all(bytes).unwrap();
    read_answer(&mut stream).expect("no answer")
}

/// What comes until the server closes; `None` where it closes without an answer.
pub fn read_answer(stream: &mut TcpStream) -> Option<Answer> {
    let mut all = Vec::new();
    // A reset after the answer is no fault of it.
    let _ = stream.read_to_end(&mut all);
    let end = all.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8(all[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(": "));
    let mut answer = Answer {
        status,
        headers: headers
            .map(|(key, value)| (key.to_lowercase(), value.to_owned()))
            .collect(),
        body: all[end + 4..].to_vec(),
    };
    if answer.header("transfer-encoding") == "chunked" {
        answer.body = joined(&answer.body)?;
    }
    Some(answer)
}

/// A body that came in chunks; `None` where its end is missing.
fn joined(mut chunks: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = chunks.windows(2).position(|w| w == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&chunks[..line]).ok()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunks.get(line + 2..line + 2 + size)?);
        chunks = chunks.get(line + 2 + size + 2..)?;
    }
}
