//! The configured mail server, and the open connection to it.

use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::rustls::ClientConfig;

use super::session::{ConnectionSettings, Session, SessionErrorKind, SessionLimits, Stage};
use super::tls;
use super::wire::WireError;
use crate::alert::headers;
use crate::alert::transport::SendError;
use crate::alert::transport::error::{CONNECTING, GREETING};
use crate::alert::transport::refusal::{self, OwnMailSettings, RefusalReason};
use crate::model::mail::QueuedMail;
use crate::model::settings::{self, Alerts, SmtpTls};
use crate::text::clean;
use crate::text::secrets::Redactor;

/// The time limit of connecting, of the handshake, and of each reply except the last.
const LIMIT: Duration = Duration::from_secs(30);

/// The time limit of sending the body (RFC 5321 section 4.5.3.2.5).
const BODY: Duration = Duration::from_secs(3 * 60);

/// The time limit after the final dot (RFC 5321 section 4.5.3.2.6). The server examines the mail
/// then; a client that gives up before the answer sends the mail twice.
const AFTER_BODY: Duration = Duration::from_secs(10 * 60);

/// The longest quote from a server; the rest is cut.
const WORDS: usize = 300;

/// A mail server.
pub struct Smtp {
    host: String,
    port: u16,
    tls: SmtpTls,
    config: Option<Arc<ClientConfig>>,
    hello: String,
    login: Option<(String, String)>,
    from: String,
    limits: SessionLimits,
    redactor: Redactor,
    session: Option<Session>,
}

impl Smtp {
    /// The server of the configuration; does not connect. `extra_roots` (PEM) are trusted in
    /// addition to those of `[alerts] ca`.
    pub fn new(alerts: &Alerts, extra_roots: Option<&[u8]>) -> Result<Self, SendError> {
        let settings::MailTransport::Smtp {
            host,
            port,
            user,
            tls,
        } = &alerts.transport
        else {
            return Err(SendError::NotSmtp);
        };
        let server = format!("{host}:{port}");
        let login = match (user, &alerts.password) {
            (Some(user), Some(password)) => Some((user.clone(), password.0.clone())),
            (Some(user), None) => {
                let user = user.clone();
                return Err(SendError::NoPassword { server, user });
            }
            (None, _) => None,
        };
        let config = match tls {
            SmtpTls::None => None,
            SmtpTls::StartTls | SmtpTls::Implicit => Some(tls_config(alerts, extra_roots)?),
        };
        Ok(Self {
            host: host.clone(),
            port: *port,
            tls: *tls,
            config,
            hello: greeting_name(alerts),
            login,
            from: envelope(&alerts.from)?,
            limits: SessionLimits {
                reply: LIMIT,
                body: BODY,
                after_body: AFTER_BODY,
            },
            redactor: Redactor::new(alerts.secrets()),
            session: None,
        })
    }

    /// Sets another limit per stage, for tests.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limits.reply = limit;
        self
    }

    /// Sets another limit for the answer after the final dot.
    #[must_use]
    pub fn with_patience(mut self, limit: Duration) -> Self {
        self.limits.after_body = limit;
        self
    }

    /// Sends one mail. `Ok` means that the server confirmed that it has the mail.
    pub async fn send(&mut self, mail: &QueuedMail) -> Result<(), SendError> {
        let to = envelope(&mail.recipient)?;
        let mut session = match self.session.take() {
            Some(session) => session,
            None => self.connect().await?,
        };
        let mut sent = session.send(&self.from, &to, &mail.eml).await;
        // A server may end a connection after some mails or some time; this is not a failure of the
        // next mail.
        if session.used && is_gone(&sent) {
            session = self.connect().await?;
            sent = session.send(&self.from, &to, &mail.eml).await;
        }
        match sent {
            Ok(()) => {
                self.session = Some(session);
                Ok(())
            }
            Err((stage, trouble)) => {
                let closing =
                    matches!(&trouble, SessionErrorKind::Refused(reply) if reply.code == 421);
                let usable = matches!(
                    trouble,
                    SessionErrorKind::Refused(_) | SessionErrorKind::NoUtf8
                );
                if usable && !closing && session.reset().await {
                    self.session = Some(session);
                }
                Err(self.error(stage, trouble, Some(&mail.recipient)))
            }
        }
    }

    /// Only connects and logs in.
    pub async fn check(&mut self) -> Result<(), SendError> {
        self.session = Some(self.connect().await?);
        self.close().await;
        Ok(())
    }

    /// Ends the connection.
    pub async fn close(&mut self) {
        if let Some(mut session) = self.session.take() {
            session.quit().await;
        }
    }

    async fn connect(&self) -> Result<Session, SendError> {
        let way = ConnectionSettings {
            host: &self.host,
            port: self.port,
            tls: self.tls,
            config: self.config.as_ref(),
            hello: &self.hello,
            login: self.login.as_ref().map(|(u, p)| (u.as_str(), p.as_str())),
            limits: self.limits,
        };
        Session::open(&way)
            .await
            .map_err(|(stage, trouble)| self.error(stage, trouble, None))
    }

    fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// A server's text as one harmless line, without our secrets.
    fn words(&self, text: &str) -> String {
        self.redactor.line(text, WORDS)
    }

    fn error(&self, stage: Stage, trouble: SessionErrorKind, recipient: Option<&str>) -> SendError {
        let server = self.server();
        match trouble {
            SessionErrorKind::Refused(reply) => self.refusal(stage, &reply, recipient),
            SessionErrorKind::Wire(error) => self.broken(stage, error, recipient),
            SessionErrorKind::NoStartTls => SendError::NoStartTls { server },
            SessionErrorKind::NoCommonLogin(offered) => SendError::NoCommonLogin {
                server,
                fix: no_login_fix(&offered, self.tls),
                offered: match offered.len() {
                    0 => "none".to_owned(),
                    _ => self.words(&offered.join(", ")),
                },
            },
            SessionErrorKind::NoUtf8 => SendError::Refused {
                server,
                recipient: clean::line(recipient.unwrap_or_default(), WORDS),
                reason: "it takes no addresses outside ASCII (SMTPUTF8)".to_owned(),
                fix: "use an address in ASCII".to_owned(),
            },
        }
    }

    fn refusal(
        &self,
        stage: Stage,
        reply: &super::reply::SmtpReply,
        recipient: Option<&str>,
    ) -> SendError {
        let (server, reason) = (self.server(), self.words(&reply.whole()));
        let objection = refusal::objection(stage, reply);
        let fix = objection.fix(&OwnMailSettings {
            user: self.login.as_ref().map(|(user, _)| user.as_str()),
            tls: self.tls,
            hello: &self.hello,
        });
        if let (Stage::Login, Some((user, _)), false) = (stage, &self.login, reply.is_transient()) {
            return SendError::Login {
                server,
                user: user.clone(),
                reason,
                fix,
            };
        }
        if reply.is_transient() && objection != RefusalReason::HelloName {
            let fix = match objection {
                RefusalReason::WrongLogin
                | RefusalReason::Recipient
                | RefusalReason::Letter
                | RefusalReason::NoService
                | RefusalReason::Other => String::new(),
                _ => format!("; {fix}"),
            };
            return match recipient {
                Some(_) => SendError::Busy {
                    server,
                    reason,
                    fix,
                },
                None => SendError::Unfit {
                    server,
                    reason,
                    fix: "try again in some minutes, as accesswatch does".to_owned(),
                },
            };
        }
        match recipient {
            Some(recipient) if !objection.is_of_server() => SendError::Refused {
                server,
                recipient: clean::line(recipient, WORDS),
                reason,
                fix,
            },
            _ => SendError::Unfit {
                server,
                reason,
                fix,
            },
        }
    }

    fn broken(&self, stage: Stage, error: WireError, recipient: Option<&str>) -> SendError {
        let server = self.server();
        let recipient = recipient.map(|to| clean::line(to, WORDS));
        if let (Stage::AfterBody, Some(recipient)) = (stage, &recipient) {
            let (slow, reason) = match &error {
                WireError::Late(limit) => (true, format!("no answer within {}", span(*limit))),
                other => (false, self.words(&other.to_string())),
            };
            return SendError::Unanswered {
                server,
                recipient: recipient.clone(),
                reason,
                slow,
            };
        }
        match error {
            WireError::Late(limit) => SendError::Timeout {
                server,
                seconds: limit.as_secs(),
                stage: named(stage),
            },
            WireError::TooLong(what) => SendError::Flood { server, what },
            WireError::NotSmtp(_) => SendError::NotMail {
                server,
                reason: self.words(&error.to_string()),
            },
            WireError::Io(io) if stage == Stage::Handshake => self.no_tls(&io),
            WireError::Io(_) | WireError::Closed => {
                let reason = self.words(&error.to_string());
                match recipient {
                    Some(recipient) => SendError::Broken {
                        server,
                        recipient,
                        reason,
                    },
                    None => SendError::Connect { server, reason },
                }
            }
        }
    }

    fn no_tls(&self, error: &std::io::Error) -> SendError {
        let server = self.server();
        if self.tls == SmtpTls::Implicit && tls::is_no_tls(error) {
            return SendError::NotTls { server };
        }
        SendError::Tls {
            server,
            reason: self.words(&error.to_string()),
            fix: tls::fix(error).to_owned(),
        }
    }
}

/// Whether the server ended the connection before it looked at the mail.
fn is_gone(sent: &Result<(), (Stage, SessionErrorKind)>) -> bool {
    match sent {
        Err((Stage::Sender, SessionErrorKind::Wire(WireError::Closed | WireError::Io(_)))) => true,
        Err((Stage::Sender, SessionErrorKind::Refused(reply))) => reply.code == 421,
        _ => false,
    }
}

fn named(stage: Stage) -> &'static str {
    match stage {
        Stage::Connect => CONNECTING,
        Stage::Greeting => GREETING,
        Stage::Hello => "EHLO",
        Stage::StartTls | Stage::Handshake => "the TLS handshake",
        Stage::Login => "the login",
        Stage::Sender | Stage::Recipient | Stage::Data | Stage::AfterBody => "sending a mail",
    }
}

fn span(limit: Duration) -> String {
    match limit.as_secs() {
        seconds if seconds >= 60 => format!("{} minutes", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

fn no_login_fix(offered: &[String], tls: SmtpTls) -> &'static str {
    match (offered.is_empty(), tls) {
        (true, SmtpTls::None) => {
            "take ?tls=none out of [alerts] transport when it offers log-in only under TLS, or take the user out"
        }
        (true, _) => {
            "use the submission port (587, or smtps:// and 465), or take the user out of [alerts] transport"
        }
        (false, _) => {
            "ask who runs the server to allow PLAIN or LOGIN under TLS (for a large provider: an app password), or use another mail server"
        }
    }
}

fn tls_config(alerts: &Alerts, extra_roots: Option<&[u8]>) -> Result<Arc<ClientConfig>, SendError> {
    let path = alerts.ca.clone().unwrap_or_default();
    let fault = |reason: String| SendError::Authorities {
        path: path.clone(),
        reason,
    };
    let mut roots = Vec::new();
    if let Some(ca) = &alerts.ca {
        let pem = std::fs::read(ca).map_err(|error| fault(error.to_string()))?;
        roots.extend(tls::certificates(&pem).map_err(fault)?);
    }
    if let Some(pem) = extra_roots {
        roots.extend(tls::certificates(pem).map_err(fault)?);
    }
    tls::config(&roots).map_err(fault)
}

/// `[alerts] hello`, or else the domain of `from`.
fn greeting_name(alerts: &Alerts) -> String {
    if let Some(name) = &alerts.hello {
        return name.clone();
    }
    let whole = envelope(&alerts.from).unwrap_or_default();
    match whole.rsplit_once('@') {
        Some((_, domain)) if domain.is_ascii() => domain.to_owned(),
        _ => headers::domain(&alerts.from),
    }
}

/// `user@host` of an address for the envelope, with the domain in ASCII.
fn envelope(address: &str) -> Result<String, SendError> {
    let email = headers::mailbox(address)?.email;
    let domain = url::Host::parse(email.domain()).map_or_else(
        |_| email.domain().to_owned(),
        |host| match host {
            url::Host::Domain(name) => name,
            _ => email.domain().to_owned(),
        },
    );
    Ok(format!("{}@{domain}", email.user()))
}
