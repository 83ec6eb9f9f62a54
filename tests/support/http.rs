//! A stand-in web server that sends exactly the bytes of a test, and breaks where the test says.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What the server does with one request.
#[derive(Debug, Clone)]
pub enum Act {
    /// Sends these bytes, then closes the connection.
    Say(Vec<u8>),
    /// Sends these bytes, then a reset.
    Reset(Vec<u8>),
    /// The first part at once, then one byte of the second after each pause.
    Drip(Vec<u8>, Vec<u8>, Duration),
    /// Sends these bytes, and then repeats the last part without end.
    Endless(Vec<u8>, Vec<u8>),
    /// Sends these bytes and then nothing; the connection stays open.
    Hang(Vec<u8>),
}

/// One request.
#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    pub at: tokio::time::Instant,
    /// `GET /path HTTP/1.1`.
    pub line: String,
    /// The whole head, as text.
    pub head: String,
    pub body: Vec<u8>,
}

impl ReceivedRequest {
    pub fn path(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

type Script = dyn Fn(&ReceivedRequest) -> Act + Send + Sync;

/// A server on loopback; it stops when dropped.
pub struct Server {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<ReceivedRequest>>>,
    _tasks: JoinSet<()>,
}

impl Server {
    /// Starts a server that answers each request as `script` says.
    pub async fn start(script: impl Fn(&ReceivedRequest) -> Act + Send + Sync + 'static) -> Self {
        Self::start_on("127.0.0.1:0", script).await
    }

    pub async fn start_on(
        address: &str,
        script: impl Fn(&ReceivedRequest) -> Act + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let script: Arc<Script> = Arc::new(script);
        let mut tasks = JoinSet::new();
        let list = Arc::clone(&heard);
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (script, list) = (Arc::clone(&script), Arc::clone(&list));
                connections.spawn(async move {
                    // A client that leaves early is no failure of the test.
                    let _ = serve(stream, &script, &list).await;
                });
            }
        });
        Self {
            address,
            heard,
            _tasks: tasks,
        }
    }

    pub fn url(&self, path: &str) -> url::Url {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    pub fn heard(&self) -> Vec<ReceivedRequest> {
        self.heard.lock().unwrap().clone()
    }

    /// The requested paths, in order.
    pub fn paths(&self) -> Vec<String> {
        self.heard().iter().map(|h| h.path().to_owned()).collect()
    }
}

async fn serve(
    mut stream: TcpStream,
    script: &Arc<Script>,
    list: &Mutex<Vec<ReceivedRequest>>,
) -> std::io::Result<()> {
    let heard = read_request(&mut stream).await?;
    let act = script(&heard);
    list.lock().unwrap().push(heard);
    match act {
        Act::Say(bytes) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await?;
        }
        Act::Reset(bytes) => {
            stream.write_all(&bytes).await?;
            stream.flush().await?;
            // The client reads what was sent before the reset overtakes it.
            if !bytes.is_empty() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
        }
        Act::Drip(at_once, slowly, pause) => {
            stream.write_all(&at_once).await?;
            for byte in slowly {
                tokio::time::sleep(pause).await;
                stream.write_all(&[byte]).await?;
            }
        }
        Act::Endless(start, again) => {
            stream.write_all(&start).await?;
            loop {
                stream.write_all(&again).await?;
            }
        }
        Act::Hang(bytes) => {
            stream.write_all(&bytes).await?;
            std::future::pending::<()>().await;
        }
    }
    Ok(())
}

async fn read_request(stream: &mut TcpStream) -> std::io::Result<ReceivedRequest> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at;
        }
        let n = stream.read(&mut chunk).await?;
        if n == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&chunk[..n]);
    };
    let text = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut request = ReceivedRequest {
        at: tokio::time::Instant::now(),
        line: text.lines().next().unwrap_or_default().to_owned(),
        head: text,
        body: bytes[end + 4..].to_vec(),
    };
    let length: usize = request
        .header("content-length")
        .and_then(|v| v.parse().ok())
        .unwrap_or(0);
    while request.body.len() < length {
        let n = stream.read(&mut chunk).await?;
        if n == 0 {
            break;
        }
        request.body.extend_from_slice(&chunk[..n]);
    }
    Ok(request)
}

/// `200 OK` with this body and its length.
pub fn page(body: &str) -> Act {
    answer(
        "200 OK",
        &[("Content-Type", "text/html; charset=utf-8")],
        body.as_bytes(),
    )
}

/// Any status, headers, and a body with its length.
pub fn answer(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Act {
    let mut bytes = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        let _ = write!(bytes, "{name}: {value}\r\n");
    }
    bytes.push_str("\r\n");
    let mut bytes = bytes.into_bytes();
    bytes.extend_from_slice(body);
    Act::Say(bytes)
}

/// A `302` to this address.
pub fn redirect(to: &str) -> Act {
    answer("302 Found", &[("Location", to)], b"")
}
