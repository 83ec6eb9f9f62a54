//! SMTP by lettre, stage by stage, so that an error can say which stage failed and what to mend. One
//! connection carries all mails of a drain; after a failure the next mail gets a new one.

use std::time::Duration;

use lettre::Address;
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::timeout;
use tokio_rustls::rustls;

use crate::alert::headers;
use crate::model::mail::QueuedMail;
use crate::model::settings::{self, Alerts, SmtpTls};
use crate::text::clean;

use super::SendError;
use super::error::CONNECTING;

/// The limit of each stage: connecting, handshake, login, one mail.
const LIMIT: Duration = Duration::from_secs(30);

/// A server's words longer than this are cut.
const WORDS: usize = 300;

/// A mail server, and the connection to it while there is one.
pub struct Smtp {
    host: String,
    port: u16,
    tls: SmtpTls,
    parameters: Option<TlsParameters>,
    user: Option<String>,
    credentials: Option<Credentials>,
    from: Address,
    limit: Duration,
    connection: Option<AsyncSmtpConnection>,
}

impl Smtp {
    /// From the configuration; connects to nothing.
    pub fn new(alerts: &Alerts, extra_roots: Option<&[u8]>) -> Result<Self, SendError> {
        let settings::Transport::Smtp {
            host,
            port,
            user,
            tls,
        } = &alerts.transport
        else {
            return Err(SendError::NotSmtp);
        };
        let server = format!("{host}:{port}");
        let credentials = match (user, &alerts.password) {
            (Some(user), Some(password)) => {
                Some(Credentials::new(user.clone(), password.0.clone()))
            }
            (Some(user), None) => {
                let user = user.clone();
                return Err(SendError::NoPassword { server, user });
            }
            (None, _) => None,
        };
        let parameters = match tls {
            SmtpTls::None => None,
            SmtpTls::StartTls | SmtpTls::Implicit => Some(
                tls_parameters(host, extra_roots).map_err(|error| SendError::Tls {
                    server: server.clone(),
                    reason: error.to_string(),
                })?,
            ),
        };
        Ok(Self {
            host: host.clone(),
            port: *port,
            tls: *tls,
            parameters,
            user: user.clone(),
            credentials,
            from: headers::mailbox(&alerts.from)?.email,
            limit: LIMIT,
            connection: None,
        })
    }

    /// Another limit per stage, for those who cannot wait.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Sends one mail. `Ok` means that the server said it has it.
    pub async fn send(&mut self, mail: &QueuedMail) -> Result<(), SendError> {
        let to = headers::mailbox(&mail.recipient)?.email;
        let envelope = Envelope::new(Some(self.from.clone()), vec![to]).map_err(|error| {
            headers::BadAddress {
                address: mail.recipient.clone(),
                reason: error.to_string(),
            }
        })?;
        let mut connection = match self.connection.take() {
            Some(connection) if !connection.has_broken() => connection,
            _ => self.connect().await?,
        };
        match timeout(self.limit, connection.send(&envelope, &mail.eml)).await {
            Ok(Ok(_)) => {
                self.connection = Some(connection);
                Ok(())
            }
            Ok(Err(error)) => Err(self.refusal(mail, &error)),
            Err(_) => Err(self.late("sending a mail")),
        }
    }

    /// Connects and logs in, and no more.
    pub async fn check(&mut self) -> Result<(), SendError> {
        let connection = self.connect().await?;
        self.connection = Some(connection);
        self.close().await;
        Ok(())
    }

    /// Says goodbye.
    pub async fn close(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            let _ = timeout(self.limit.min(Duration::from_secs(5)), connection.quit()).await;
        }
    }

    fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SendError> {
        let hello = ClientId::default();
        let implicit = match self.tls {
            SmtpTls::Implicit => self.parameters.clone(),
            SmtpTls::StartTls | SmtpTls::None => None,
        };
        let target = (self.host.as_str(), self.port);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(target, Some(self.limit), &hello, implicit, None);
        let mut connection = timeout(self.limit, connecting)
            .await
            .map_err(|_| self.late(CONNECTING))?
            .map_err(|error| self.no_connection(&error))?;
        if self.tls == SmtpTls::StartTls {
            self.start_tls(&mut connection, &hello).await?;
        }
        self.log_in(&mut connection).await?;
        Ok(connection)
    }

    async fn start_tls(
        &self,
        connection: &mut AsyncSmtpConnection,
        hello: &ClientId,
    ) -> Result<(), SendError> {
        let server = self.server();
        let Some(parameters) = self.parameters.clone() else {
            return Err(SendError::NoStartTls { server });
        };
        if !connection.can_starttls() {
            connection.abort().await;
            return Err(SendError::NoStartTls { server });
        }
        timeout(self.limit, connection.starttls(parameters, hello))
            .await
            .map_err(|_| self.late("the TLS handshake"))?
            .map_err(|error| SendError::Tls {
                server,
                reason: words(&error),
            })
    }

    async fn log_in(&self, connection: &mut AsyncSmtpConnection) -> Result<(), SendError> {
        let (Some(user), Some(credentials)) = (&self.user, &self.credentials) else {
            return Ok(());
        };
        let mechanisms = [Mechanism::Plain, Mechanism::Login];
        match timeout(self.limit, connection.auth(&mechanisms, credentials)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                connection.abort().await;
                let (server, reason) = (self.server(), words(&error));
                if error.is_permanent() || error.is_client() {
                    let user = user.clone();
                    return Err(SendError::Login {
                        server,
                        user,
                        reason,
                    });
                }
                Err(SendError::Connect { server, reason })
            }
            Err(_) => Err(self.late("the login")),
        }
    }

    fn no_connection(&self, error: &lettre::transport::smtp::Error) -> SendError {
        let (server, reason) = (self.server(), words(error));
        if self.tls == SmtpTls::Implicit && is_no_tls(error) {
            SendError::NotTls { server }
        } else if error.is_tls() || (self.tls == SmtpTls::Implicit && is_handshake(error)) {
            SendError::Tls { server, reason }
        } else if error.is_timeout() {
            self.late(CONNECTING)
        } else {
            SendError::Connect { server, reason }
        }
    }

    fn refusal(&self, mail: &QueuedMail, error: &lettre::transport::smtp::Error) -> SendError {
        let (server, reason) = (self.server(), words(error));
        let recipient = clean::line(&mail.recipient, WORDS);
        if error.is_permanent() || error.is_client() {
            SendError::Refused {
                server,
                recipient,
                reason,
            }
        } else if error.is_transient() {
            SendError::Busy { server, reason }
        } else if error.is_timeout() {
            self.late("sending a mail")
        } else {
            SendError::Broken {
                server,
                recipient,
                reason,
            }
        }
    }

    fn late(&self, stage: &'static str) -> SendError {
        SendError::Timeout {
            server: self.server(),
            seconds: self.limit.as_secs(),
            stage,
        }
    }
}

fn tls_parameters(
    host: &str,
    extra_roots: Option<&[u8]>,
) -> Result<TlsParameters, lettre::transport::smtp::Error> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = extra_roots {
        builder = builder.add_root_certificate(Certificate::from_pem(pem)?);
    }
    builder.build_rustls()
}

/// rustls hands its errors to tokio as `InvalidData`.
fn is_handshake(error: &lettre::transport::smtp::Error) -> bool {
    io_of(error).is_some_and(|io| io.kind() == std::io::ErrorKind::InvalidData)
}

/// What came was no TLS at all, such as a greeting in the clear.
fn is_no_tls(error: &lettre::transport::smtp::Error) -> bool {
    let rustls = io_of(error).and_then(|io| io.get_ref()?.downcast_ref::<rustls::Error>());
    matches!(rustls, Some(rustls::Error::InvalidMessage(_)))
}

fn io_of(error: &lettre::transport::smtp::Error) -> Option<&std::io::Error> {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(io) = inner.downcast_ref() {
            return Some(io);
        }
        source = inner.source();
    }
    None
}

/// What the server (or the library) said, as one harmless line.
fn words(error: &lettre::transport::smtp::Error) -> String {
    clean::line(&error.to_string(), WORDS)
}
