//! The conversation of RFC 5321: greeting, EHLO or HELO, STARTTLS, log-in, one mail after another.

use std::sync::Arc;
use std::time::Duration;

use data_encoding::BASE64;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;

use super::reply::{EhloFeatures, SmtpReply};
use super::tls;
use super::wire::{self, SmtpWire, WireError};
use crate::model::settings::SmtpTls;

/// The stage that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    Connect,
    Greeting,
    Hello,
    StartTls,
    Handshake,
    Login,
    Sender,
    Recipient,
    Data,
    /// The whole body was handed over, and the answer is awaited.
    AfterBody,
}

/// What went wrong in a stage.
#[derive(Debug)]
pub enum SessionErrorKind {
    Wire(WireError),
    Refused(SmtpReply),
    NoStartTls,
    /// The mechanisms that the server offers; this client supports none of them.
    NoCommonLogin(Vec<String>),
    /// An address is not ASCII, and the server supports only ASCII.
    NoUtf8,
}

/// A stage and its error.
pub type SessionError = (Stage, SessionErrorKind);

/// The time limits of the server.
#[derive(Debug, Clone, Copy)]
pub struct SessionLimits {
    /// Connecting, the handshake, and each reply except the last.
    pub reply: Duration,
    /// Sending the body.
    pub body: Duration,
    /// The reply after the final dot.
    pub after_body: Duration,
}

/// Where and how to connect.
pub struct ConnectionSettings<'w> {
    pub host: &'w str,
    pub port: u16,
    pub tls: SmtpTls,
    pub config: Option<&'w Arc<ClientConfig>>,
    /// Our name in EHLO.
    pub hello: &'w str,
    /// User and password.
    pub login: Option<(&'w str, &'w str)>,
    pub limits: SessionLimits,
}

/// A connection that can send mails.
pub struct Session {
    wire: SmtpWire,
    pub features: EhloFeatures,
    limits: SessionLimits,
    /// Whether it has sent mails before.
    pub used: bool,
}

impl Session {
    /// Connects, secures the connection as configured, and logs in.
    pub async fn open(way: &ConnectionSettings<'_>) -> Result<Self, SessionError> {
        let mut io: Box<dyn wire::SmtpStream> = Box::new(connect(way).await?);
        if way.tls == SmtpTls::Implicit {
            io = secure(io, way).await?;
        }
        let mut session = Self {
            wire: SmtpWire::new(io),
            features: EhloFeatures::default(),
            limits: way.limits,
            used: false,
        };
        session.greeting().await?;
        session.hello(way.hello).await?;
        if way.tls == SmtpTls::StartTls {
            session = session.start_tls(way).await?;
        }
        if let Some((user, password)) = way.login {
            session.log_in(user, password).await?;
        }
        Ok(session)
    }

    async fn greeting(&mut self) -> Result<(), SessionError> {
        match self.wire.reply(self.limits.reply).await {
            Ok(reply) if reply.code / 100 == 2 => Ok(()),
            Ok(reply) => Err((Stage::Greeting, SessionErrorKind::Refused(reply))),
            Err(error) => Err((Stage::Greeting, SessionErrorKind::Wire(error))),
        }
    }

    /// EHLO, or HELO when the server does not know EHLO.
    async fn hello(&mut self, name: &str) -> Result<(), SessionError> {
        let reply = self.ask(&format!("EHLO {name}"), Stage::Hello).await?;
        if reply.is_positive() {
            self.features = EhloFeatures::from_reply(&reply);
            return Ok(());
        }
        if reply.is_transient() {
            return Err((Stage::Hello, SessionErrorKind::Refused(reply)));
        }
        self.features = EhloFeatures::default();
        match self.ask(&format!("HELO {name}"), Stage::Hello).await {
            Ok(older) if older.is_positive() => Ok(()),
            Ok(older) => Err((Stage::Hello, SessionErrorKind::Refused(older))),
            // The reply to EHLO says more than the hang-up after it.
            Err(_) => Err((Stage::Hello, SessionErrorKind::Refused(reply))),
        }
    }

    async fn start_tls(mut self, way: &ConnectionSettings<'_>) -> Result<Self, SessionError> {
        if !self.features.starttls {
            self.quit().await;
            return Err((Stage::StartTls, SessionErrorKind::NoStartTls));
        }
        self.expect("STARTTLS", Stage::StartTls, 2).await?;
        let plain = self
            .wire
            .into_plain()
            .map_err(|e| (Stage::Handshake, SessionErrorKind::Wire(e)))?;
        self.wire = SmtpWire::new(secure(plain, way).await?);
        self.hello(way.hello).await?;
        Ok(self)
    }

    async fn log_in(&mut self, user: &str, password: &str) -> Result<(), SessionError> {
        let offers = |name: &str| self.features.auth.iter().any(|known| known == name);
        let (plain, login) = (offers("PLAIN"), offers("LOGIN"));
        if !plain && !login {
            let offered = self.features.auth.clone();
            self.quit().await;
            return Err((Stage::Login, SessionErrorKind::NoCommonLogin(offered)));
        }
        let mut reply = if plain {
            self.plain(user, password).await?
        } else {
            self.login(user, password).await?
        };
        // 504: the server does not know this mechanism after all.
        if plain && login && reply.code == 504 {
            reply = self.login(user, password).await?;
        }
        if reply.code == 235 {
            return Ok(());
        }
        Err((Stage::Login, SessionErrorKind::Refused(reply)))
    }

    async fn plain(&mut self, user: &str, password: &str) -> Result<SmtpReply, SessionError> {
        let secret = BASE64.encode(format!("\0{user}\0{password}").as_bytes());
        self.ask(&format!("AUTH PLAIN {secret}"), Stage::Login)
            .await
    }

    async fn login(&mut self, user: &str, password: &str) -> Result<SmtpReply, SessionError> {
        let mut reply = self.ask("AUTH LOGIN", Stage::Login).await?;
        for word in [user, password] {
            if reply.code != 334 {
                return Ok(reply);
            }
            reply = self
                .ask(&BASE64.encode(word.as_bytes()), Stage::Login)
                .await?;
        }
        Ok(reply)
    }

    /// Sends one mail. After a refusal the connection can send the next one.
    pub async fn send(&mut self, from: &str, to: &str, eml: &[u8]) -> Result<(), SessionError> {
        let utf8 = !from.is_ascii() || !to.is_ascii();
        if utf8 && !self.features.smtputf8 {
            return Err((Stage::Recipient, SessionErrorKind::NoUtf8));
        }
        let mut sender = format!("MAIL FROM:<{from}>");
        if self.features.eight_bit && !eml.is_ascii() {
            sender.push_str(" BODY=8BITMIME");
        }
        if utf8 {
            sender.push_str(" SMTPUTF8");
        }
        self.expect(&sender, Stage::Sender, 2).await?;
        self.used = true;
        self.expect(&format!("RCPT TO:<{to}>"), Stage::Recipient, 2)
            .await?;
        self.expect("DATA", Stage::Data, 3).await?;
        let body = wire::body(eml);
        let written = self.wire.write(&body, self.limits.body).await;
        written.map_err(|e| (Stage::Data, SessionErrorKind::Wire(e)))?;
        let reply = self.wire.reply(self.limits.after_body).await;
        let reply = reply.map_err(|e| (Stage::AfterBody, SessionErrorKind::Wire(e)))?;
        if reply.code / 100 == 2 {
            return Ok(());
        }
        Err((Stage::AfterBody, SessionErrorKind::Refused(reply)))
    }

    /// Cancels a mail that was begun. Returns whether the connection can still be used.
    pub async fn reset(&mut self) -> bool {
        matches!(self.ask("RSET", Stage::Sender).await, Ok(reply) if reply.is_positive())
    }

    /// Ends the connection, without waiting long for the answer.
    pub async fn quit(&mut self) {
        let limit = self.limits.reply.min(Duration::from_secs(5));
        let _ = self.wire.ask("QUIT", limit).await;
    }

    async fn expect(
        &mut self,
        command: &str,
        stage: Stage,
        class: u16,
    ) -> Result<(), SessionError> {
        let reply = self.ask(command, stage).await?;
        if reply.code / 100 == class {
            return Ok(());
        }
        Err((stage, SessionErrorKind::Refused(reply)))
    }

    async fn ask(&mut self, command: &str, stage: Stage) -> Result<SmtpReply, SessionError> {
        let reply = self.wire.ask(command, self.limits.reply).await;
        reply.map_err(|error| (stage, SessionErrorKind::Wire(error)))
    }
}

/// Each address gets its share of the time, so that an address that leads nowhere does not hide the
/// next one.
async fn connect(way: &ConnectionSettings<'_>) -> Result<TcpStream, SessionError> {
    let failed = |error: WireError| (Stage::Connect, SessionErrorKind::Wire(error));
    let limit = way.limits.reply;
    let looking = timeout(limit, lookup_host((way.host, way.port))).await;
    let addresses: Vec<_> = looking
        .map_err(|_| failed(WireError::Late(limit)))?
        .map_err(|error| failed(error.into()))?
        .take(8)
        .collect();
    let each = limit / u32::try_from(addresses.len().clamp(1, 3)).unwrap_or(1);
    let mut last = WireError::Io(std::io::Error::other("the name has no address"));
    for address in addresses {
        match timeout(each, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = error.into(),
            Err(_) => last = WireError::Late(each),
        }
    }
    Err(failed(last))
}

async fn secure(
    io: Box<dyn wire::SmtpStream>,
    way: &ConnectionSettings<'_>,
) -> Result<Box<dyn wire::SmtpStream>, SessionError> {
    let failed = |error: WireError| (Stage::Handshake, SessionErrorKind::Wire(error));
    let Some(config) = way.config else {
        return Err((Stage::StartTls, SessionErrorKind::NoStartTls));
    };
    timeout(way.limits.reply, tls::wrap(io, config, way.host))
        .await
        .map_err(|_| failed(WireError::Late(way.limits.reply)))?
        .map_err(|error| failed(error.into()))
}
