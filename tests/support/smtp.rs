//! A mail server: EHLO, STARTTLS or TLS from the start, AUTH PLAIN and LOGIN. It can fail as real
//! servers do and recover, and keeps what it accepted.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use data_encoding::BASE64;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// How the server treats mail at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mood {
    Take,
    /// 421 instead of a greeting.
    Bye,
    /// 451 to every RCPT.
    Busy,
    /// 451 to the next RCPT, then accepts again, as grey-listing does.
    BusyOnce,
    /// 550 to RCPT of addresses that contain this text.
    Refuse(String),
    /// Closes in the middle of DATA.
    CloseInData,
    /// Keeps the mail and closes before it confirms.
    CloseAfterData,
    /// Never greets.
    Silent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    Offered,
    FromTheStart,
    None,
}

/// A mail that the server accepted.
#[derive(Debug, Clone)]
pub struct Accepted {
    pub from: String,
    pub to: Vec<String>,
    pub data: String,
    pub encrypted: bool,
    pub mechanism: Option<String>,
}

impl Accepted {
    pub fn header(&self, name: &str) -> Option<String> {
        let start = format!("{}: ", name.to_lowercase());
        let head = self.data.split("\r\n\r\n").next()?.replace("\r\n ", " ");
        let line = head
            .split("\r\n")
            .find(|l| l.to_lowercase().starts_with(&start))?;
        Some(line[start.len()..].to_owned())
    }
}

struct Shared {
    mood: Mutex<Mood>,
    accepted: Mutex<Vec<Accepted>>,
    logins: Mutex<u32>,
    protection: Protection,
    mechanisms: &'static str,
    acceptor: TlsAcceptor,
}

pub struct SmtpServer {
    pub addr: SocketAddr,
    /// The PEM of the authority that signed the server's certificate for `localhost`.
    pub ca: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// The one account.
pub const USER: &str = "alerts";
pub const PASSWORD: &str = "pass word=1";

impl SmtpServer {
    pub async fn start(protection: Protection, mechanisms: &'static str) -> Self {
        let (acceptor, ca) = tls();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            mood: Mutex::new(Mood::Take),
            accepted: Mutex::new(Vec::new()),
            logins: Mutex::new(0),
            protection,
            mechanisms,
            acceptor,
        });
        let served = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&served);
                tokio::spawn(async move {
                    let _ = serve(stream, &shared).await;
                });
            }
        });
        Self {
            addr,
            ca,
            shared,
            task,
        }
    }

    pub fn set(&self, mood: Mood) {
        *self.shared.mood.lock().unwrap() = mood;
    }

    pub fn accepted(&self) -> Vec<Accepted> {
        self.shared.accepted.lock().unwrap().clone()
    }

    /// The number of successful log-ins: one per connection.
    pub fn logins(&self) -> u32 {
        *self.shared.logins.lock().unwrap()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn tls() -> (TlsAcceptor, String) {
    let ca_key = rcgen::KeyPair::generate().unwrap();
    let mut ca = rcgen::CertificateParams::new(Vec::new()).unwrap();
    ca.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let pem = ca.self_signed(&ca_key).unwrap().pem();
    let issuer = rcgen::Issuer::new(ca, ca_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let cert = params.signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![cert.der().clone()],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
        )
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), pem)
}

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

type Stream = BufReader<Box<dyn Io>>;

async fn serve(stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mood = shared.mood.lock().unwrap().clone();
    if mood == Mood::Silent {
        std::future::pending::<()>().await;
    }
    let implicit = shared.protection == Protection::FromTheStart;
    let io: Box<dyn Io> = if implicit {
        Box::new(shared.acceptor.accept(stream).await?)
    } else {
        Box::new(stream)
    };
    let mut stream = BufReader::new(io);
    if mood == Mood::Bye {
        return say(&mut stream, "421 going down").await;
    }
    say(&mut stream, "220 localhost ESMTP").await?;
    let mut session = Session {
        encrypted: implicit,
        ..Session::default()
    };
    while let Some(line) = read(&mut stream).await? {
        if line.eq_ignore_ascii_case("STARTTLS") && !session.encrypted {
            say(&mut stream, "220 go ahead").await?;
            let secured = shared.acceptor.accept(stream.into_inner()).await?;
            stream = BufReader::new(Box::new(secured) as Box<dyn Io>);
            session = Session {
                encrypted: true,
                ..Session::default()
            };
        } else if !session.answer(&mut stream, &line, shared).await? {
            return Ok(());
        }
    }
    Ok(())
}

#[derive(Default)]
struct Session {
    encrypted: bool,
    mechanism: Option<String>,
    from: String,
    to: Vec<String>,
}

impl Session {
    /// Returns whether the connection goes on.
    async fn answer(
        &mut self,
        io: &mut Stream,
        line: &str,
        shared: &Shared,
    ) -> std::io::Result<bool> {
        let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
        match verb.as_str() {
            "EHLO" => {
                let mut lines = vec!["250-localhost".to_owned(), "250-8BITMIME".to_owned()];
                if shared.protection == Protection::Offered && !self.encrypted {
                    lines.push("250-STARTTLS".to_owned());
                }
                if self.encrypted || shared.protection == Protection::None {
                    lines.push(format!("250-AUTH {}", shared.mechanisms));
                }
                lines.push("250 SMTPUTF8".to_owned());
                say(io, &lines.join("\r\n")).await?;
            }
            "AUTH" => self.log_in(io, line, shared).await?,
            "MAIL" if self.mechanism.is_none() => say(io, "530 5.7.0 log in first").await?,
            "MAIL" => {
                self.from = address(line);
                self.to.clear();
                say(io, "250 ok").await?;
            }
            "RCPT" => self.recipient(io, line, shared).await?,
            "DATA" => return self.data(io, shared).await,
            "QUIT" => {
                say(io, "221 bye").await?;
                return Ok(false);
            }
            "RSET" | "NOOP" => say(io, "250 ok").await?,
            _ => say(io, "502 what?").await?,
        }
        Ok(true)
    }

    async fn log_in(
        &mut self,
        io: &mut Stream,
        line: &str,
        shared: &Shared,
    ) -> std::io::Result<()> {
        let words: Vec<&str> = line.split(' ').collect();
        let mechanism = words.get(1).copied().unwrap_or_default().to_uppercase();
        let given = if mechanism == "PLAIN" {
            let decoded = decode(words.get(2).copied().unwrap_or_default());
            let parts: Vec<&str> = decoded.split('\0').collect();
            (
                parts.get(1).copied().unwrap_or("").to_owned(),
                parts.get(2).copied().unwrap_or("").to_owned(),
            )
        } else {
            let user = match words.get(2) {
                Some(first) => decode(first),
                None => ask(io, "Username:").await?,
            };
            (user, ask(io, "Password:").await?)
        };
        if given == (USER.to_owned(), PASSWORD.to_owned()) {
            self.mechanism = Some(mechanism);
            *shared.logins.lock().unwrap() += 1;
            say(io, "235 welcome").await
        } else {
            say(io, "535 5.7.8 bad credentials").await
        }
    }

    async fn recipient(
        &mut self,
        io: &mut Stream,
        line: &str,
        shared: &Shared,
    ) -> std::io::Result<()> {
        let address = address(line);
        let mood = shared.mood.lock().unwrap().clone();
        match mood {
            Mood::Busy => say(io, "451 4.3.0 try later").await,
            Mood::BusyOnce => {
                *shared.mood.lock().unwrap() = Mood::Take;
                say(io, "451 4.7.1 greylisted").await
            }
            Mood::Refuse(part) if address.contains(&part) => {
                say(io, "550 5.1.1 no such\x1b[31m user").await
            }
            _ => {
                self.to.push(address);
                say(io, "250 ok").await
            }
        }
    }

    async fn data(&mut self, io: &mut Stream, shared: &Shared) -> std::io::Result<bool> {
        let mood = shared.mood.lock().unwrap().clone();
        say(io, "354 go on").await?;
        if mood == Mood::CloseInData {
            let _ = read(io).await?;
            return Ok(false);
        }
        let mut data = String::new();
        loop {
            let Some(line) = read(io).await? else {
                return Ok(false);
            };
            if line == "." {
                break;
            }
            data.push_str(line.strip_prefix('.').unwrap_or(&line));
            data.push_str("\r\n");
        }
        shared.accepted.lock().unwrap().push(Accepted {
            from: self.from.clone(),
            to: self.to.clone(),
            data,
            encrypted: self.encrypted,
            mechanism: self.mechanism.clone(),
        });
        if mood == Mood::CloseAfterData {
            return Ok(false);
        }
        say(io, "250 taken").await?;
        Ok(true)
    }
}

async fn say(io: &mut Stream, line: &str) -> std::io::Result<()> {
    io.write_all(format!("{line}\r\n").as_bytes()).await?;
    io.flush().await
}

async fn ask(io: &mut Stream, prompt: &str) -> std::io::Result<String> {
    say(io, &format!("334 {}", BASE64.encode(prompt.as_bytes()))).await?;
    Ok(decode(&read(io).await?.unwrap_or_default()))
}

async fn read(io: &mut Stream) -> std::io::Result<Option<String>> {
    let mut line = String::new();
    if io.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn decode(text: &str) -> String {
    String::from_utf8(BASE64.decode(text.as_bytes()).unwrap_or_default()).unwrap_or_default()
}

fn address(line: &str) -> String {
    let from = line.find('<').map_or(0, |at| at + 1);
    let to = line.find('>').unwrap_or(line.len());
    line[from..to].to_owned()
}
