//! A mail server that follows a script: for each verb a scripted reply instead of the usual one. It
//! keeps the mails that it was given, and remembers how it was greeted.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The scripted replies, by verb: `GREETING`, `EHLO`, `HELO`, `AUTH`, `MAIL`, `RCPT`, `DATA`,
/// `BODY` (after the final dot). The text is sent unchanged, with a line end added.
#[derive(Default, Clone)]
pub struct Script {
    pub says: HashMap<&'static str, String>,
    /// The pause after the final dot.
    pub thinks: Duration,
    /// Ends the connection after the final dot without a reply, once the mail is kept.
    pub hangs_up: bool,
    /// The server repeats this after the reply to the verb, until the client stops reading.
    pub floods: Option<(&'static str, &'static str)>,
}

impl Script {
    pub fn of(says: &[(&'static str, &str)]) -> Self {
        Self {
            says: says.iter().map(|(v, t)| (*v, (*t).to_owned())).collect(),
            ..Self::default()
        }
    }
}

#[derive(Default)]
struct Received {
    greeted: Vec<String>,
    mails: Vec<String>,
}

pub struct ScriptedServer {
    pub addr: SocketAddr,
    script: Arc<Mutex<Script>>,
    seen: Arc<Mutex<Received>>,
    task: JoinHandle<()>,
}

impl ScriptedServer {
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let script = Arc::new(Mutex::new(script));
        let seen = Arc::new(Mutex::new(Received::default()));
        let (scripts, kept) = (Arc::clone(&script), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, seen) = (scripts.lock().unwrap().clone(), Arc::clone(&kept));
                tokio::spawn(async move {
                    let _ = converse(stream, &script, &seen).await;
                });
            }
        });
        Self {
            addr,
            script,
            seen,
            task,
        }
    }

    pub fn set(&self, script: Script) {
        *self.script.lock().unwrap() = script;
    }

    /// The greeting lines that it received.
    pub fn greeted(&self) -> Vec<String> {
        self.seen.lock().unwrap().greeted.clone()
    }

    /// The mails that it received in full.
    pub fn mails(&self) -> Vec<String> {
        self.seen.lock().unwrap().mails.clone()
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn converse(
    stream: TcpStream,
    script: &Script,
    seen: &Mutex<Received>,
) -> std::io::Result<()> {
    let mut io = BufReader::new(stream);
    say(&mut io, script, "GREETING", "220 mail.example ESMTP").await?;
    let mut line = String::new();
    loop {
        line.clear();
        if io.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line
            .trim()
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_uppercase();
        match verb.as_str() {
            "EHLO" | "HELO" => {
                seen.lock().unwrap().greeted.push(line.trim().to_owned());
                let usual = if verb == "EHLO" {
                    "250-mail.example\r\n250 AUTH PLAIN"
                } else {
                    "250 hi"
                };
                let verb = if verb == "EHLO" { "EHLO" } else { "HELO" };
                say(&mut io, script, verb, usual).await?;
            }
            "AUTH" => say(&mut io, script, "AUTH", "235 ok").await?,
            "MAIL" => say(&mut io, script, "MAIL", "250 ok").await?,
            "RCPT" => say(&mut io, script, "RCPT", "250 ok").await?,
            "DATA" => {
                say(&mut io, script, "DATA", "354 go on").await?;
                if script
                    .says
                    .get("DATA")
                    .is_some_and(|text| !text.starts_with("354"))
                {
                    continue;
                }
                let mail = body(&mut io).await?;
                seen.lock().unwrap().mails.push(mail);
                if script.hangs_up {
                    return Ok(());
                }
                tokio::time::sleep(script.thinks).await;
                say(&mut io, script, "BODY", "250 taken").await?;
            }
            "QUIT" => return say(&mut io, script, "QUIT", "221 bye").await,
            _ => say(&mut io, script, "OTHER", "250 ok").await?,
        }
    }
}

async fn body(io: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut mail = String::new();
    loop {
        let mut line = String::new();
        if io.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(mail);
        }
        mail.push_str(&line);
    }
}

async fn say(
    io: &mut BufReader<TcpStream>,
    script: &Script,
    verb: &'static str,
    usual: &str,
) -> std::io::Result<()> {
    let text = script.says.get(verb).map_or(usual, String::as_str);
    if let Some((at, again)) = script.floods
        && at == verb
    {
        io.write_all(text.as_bytes()).await?;
        let chunk = again.repeat(64 * 1024 / again.len());
        loop {
            io.write_all(chunk.as_bytes()).await?;
        }
    }
    io.write_all(format!("{text}\r\n").as_bytes()).await?;
    io.flush().await
}
