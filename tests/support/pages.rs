//! A plain HTTP site for tests that run the binary; its answers can be changed while it runs.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// The answer for a path.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Waits this long before answering.
    pub delay: Duration,
}

impl Answer {
    /// 200 with an HTML page.
    pub fn html(body: &str) -> Self {
        Self {
            status: 200,
            headers: vec![("Content-Type".into(), "text/html; charset=utf-8".into())],
            body: body.as_bytes().to_vec(),
            delay: Duration::ZERO,
        }
    }

    /// The same with another status.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same after a delay.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }
}

/// The answers of each path, each given once and in order; the last one repeats.
type Answers = Arc<Mutex<HashMap<String, VecDeque<Answer>>>>;

/// A site on loopback. Unknown paths answer 404.
pub struct Site {
    pub address: SocketAddr,
    answers: Answers,
    hits: Arc<AtomicUsize>,
    asked: Asked,
}

/// Every requested path, in order.
type Asked = Arc<Mutex<Vec<String>>>;

impl Site {
    /// Listens on a free port of 127.0.0.1.
    pub fn start() -> Self {
        Self::start_at("127.0.0.1")
    }

    /// Listens on a free port of this address, which counts as a separate host.
    pub fn start_at(ip: &str) -> Self {
        let listener = TcpListener::bind((ip, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let answers = Answers::default();
        let hits: Arc<AtomicUsize> = Arc::default();
        let (shared, count) = (Arc::clone(&answers), Arc::clone(&hits));
        let asked = Asked::default();
        let noted = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, count) = (Arc::clone(&shared), Arc::clone(&count));
                let noted = Arc::clone(&noted);
                thread::spawn(move || {
                    // Some tests kill a client in the middle of a request.
                    let _ = answer(stream, &shared, &count, &noted);
                });
            }
        });
        Self {
            address,
            answers,
            hits,
            asked,
        }
    }

    /// The paths that were requested since the last call, known or not.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    /// `http://127.0.0.1:port` and the path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// From now on `path` gives this answer; `*` stands for every unknown path, and `{path}` in the
    /// body for the requested path.
    pub fn set(&self, path: &str, answer: Answer) {
        self.set_all(path, [answer]);
    }

    /// From now on `path` gives each of these answers once, and the last one repeats.
    pub fn set_all(&self, path: &str, answers: impl IntoIterator<Item = Answer>) {
        let answers = answers.into_iter().collect();
        self.answers
            .lock()
            .unwrap()
            .insert(path.to_owned(), answers);
    }

    /// Waits until so many requests for known paths were answered.
    pub async fn until_hits(&self, hits: usize) {
        for _ in 0..3000 {
            if self.hits() >= hits {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} requests instead of {hits}", self.hits());
    }

    /// The number of requests for known paths.
    pub fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }
}

fn unknown(answers: &Mutex<HashMap<String, VecDeque<Answer>>>, path: &str) -> Answer {
    let all = answers
        .lock()
        .unwrap()
        .get("*")
        .and_then(|list| list.front().cloned());
    let Some(mut answer) = all else {
        return Answer::html("<p>nothing here</p>").with_status(404);
    };
    let body = String::from_utf8_lossy(&answer.body).replace("{path}", path);
    answer.body = body.into_bytes();
    answer
}

fn answer(
    stream: TcpStream,
    answers: &Mutex<HashMap<String, VecDeque<Answer>>>,
    hits: &AtomicUsize,
    asked: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header == "\r\n" {
            break;
        }
    }
    let known = answers.lock().unwrap().get_mut(&path).and_then(|list| {
        if list.len() > 1 {
            list.pop_front()
        } else {
            list.front().cloned()
        }
    });
    let found = known.is_some();
    asked.lock().unwrap().push(path.clone());
    let answer = known.unwrap_or_else(|| unknown(answers, &path));
    thread::sleep(answer.delay);
    let mut out = stream;
    write!(out, "HTTP/1.1 {} X\r\n", answer.status)?;
    for (name, value) in &answer.headers {
        write!(out, "{name}: {value}\r\n")?;
    }
    // A body in chunks states no length.
    if !answer
        .headers
        .iter()
        .any(|(name, _)| name == "Transfer-Encoding")
    {
        write!(out, "Content-Length: {}\r\n", answer.body.len())?;
    }
    out.write_all(b"Connection: close\r\n\r\n")?;
    out.write_all(&answer.body)?;
    if found {
        hits.fetch_add(1, Ordering::SeqCst);
    }
    Ok(())
}
