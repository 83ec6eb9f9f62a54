//! The connection to the broker. It is made when it is first needed, and again when it ended; while
//! it is broken, every request ends with the reason.

use std::error::Error;
use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_nats::client::RequestError;
use async_nats::client::RequestErrorKind;
use async_nats::connection::State;
use async_nats::jetstream::context::{Context, PublishError, PublishErrorKind};
use async_nats::{Client, ConnectError, ConnectErrorKind, Event, ServerError};
use url::Url;

use super::creds::UserCreds;
use super::error::FleetError;
use crate::net::{innermost, is_certificate_fault, service_tls};
use crate::text::clean;

/// A connection, and the answer to a request, come within this time.
const LIMIT: Duration = Duration::from_secs(10);
/// The longest pause between two attempts to connect again.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// The longest reason that is shown.
const SENTENCE: usize = 300;

/// Where the broker is, and who connects.
#[derive(Debug, Clone)]
pub struct BrokerOptions {
    pub address: Url,
    pub creds: UserCreds,
    /// Further authorities for the broker's certificate, as PEM.
    pub roots: Option<Vec<u8>>,
    /// The name of the connection, for the broker's administrator.
    pub name: String,
    /// The prefix of inboxes; the broker's usual one when there is none.
    pub inbox: Option<String>,
}

/// What the broker said of this connection.
#[derive(Debug, Default)]
struct Notices {
    /// A subject was refused.
    denied: Mutex<Option<String>>,
    /// The connection ended for good.
    is_closed: AtomicBool,
}

impl Notices {
    fn note(&self, event: &Event) {
        match event {
            Event::ServerError(ServerError::Other(text)) if text.contains("ermissions") => {
                let text = clean::line(text, SENTENCE);
                *self.denied.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
            }
            Event::Closed => self.is_closed.store(true, Ordering::Relaxed),
            _ => {}
        }
    }

    fn take_denied(&self) -> Option<String> {
        let mut denied = self.denied.lock().unwrap_or_else(PoisonError::into_inner);
        denied.take()
    }
}

type Connected = (Client, Arc<Notices>);

/// The broker of a fleet.
#[derive(Debug)]
pub struct Broker {
    options: BrokerOptions,
    host: String,
    connected: tokio::sync::Mutex<Option<Connected>>,
}

impl Broker {
    /// A broker at an address; nothing is connected yet.
    pub fn new(options: BrokerOptions) -> Result<Self, FleetError> {
        let address = &options.address;
        let is_open = address.username().is_empty() && address.password().is_none();
        let host = address.host_str().unwrap_or_default().to_owned();
        if !is_broker(address) || !is_open || host.is_empty() {
            let form = "a broker is nats://HOST[:PORT] or tls://HOST[:PORT], without credentials";
            return Err(FleetError::Address(form.to_owned()));
        }
        Ok(Self {
            options,
            host,
            connected: tokio::sync::Mutex::default(),
        })
    }

    /// Its name, for people.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether what is sent can be read on its way to another computer.
    #[must_use]
    pub fn is_open_way(&self) -> bool {
        let is_here = match self.options.address.host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost" || name == "127.0.0.1",
            None => false,
        };
        self.options.address.scheme() == "nats" && !is_here
    }

    /// The connection.
    pub async fn client(&self) -> Result<Client, FleetError> {
        Ok(self.connected().await?.0)
    }

    /// The connection, for streams.
    pub async fn context(&self) -> Result<Context, FleetError> {
        Ok(async_nats::jetstream::new(self.client().await?))
    }

    async fn connected(&self) -> Result<Connected, FleetError> {
        let mut connected = self.connected.lock().await;
        if let Some((client, notices)) = connected.as_ref()
            && !notices.is_closed.load(Ordering::Relaxed)
        {
            if client.connection_state() == State::Connected {
                return Ok((client.clone(), Arc::clone(notices)));
            }
            return Err(self.unreachable("the connection is broken, and is tried again"));
        }
        let made = self.connect().await?;
        *connected = Some(made.clone());
        Ok(made)
    }

    async fn connect(&self) -> Result<Connected, FleetError> {
        let notices = Arc::new(Notices::default());
        let heard = Arc::clone(&notices);
        let tls = service_tls(self.options.roots.as_deref());
        let tls = tls.map_err(|error| FleetError::Address(format!("no TLS: {error}")))?;
        let options = self.options.creds.options();
        let mut options = options
            .map_err(|error| FleetError::Address(format!("the creds: {error}")))?
            .name(&self.options.name)
            .tls_client_config(tls)
            .require_tls(self.options.address.scheme() == "tls")
            .connection_timeout(LIMIT)
            .request_timeout(Some(LIMIT))
            .ignore_discovered_servers()
            .reconnect_delay_callback(|attempts| {
                let exponent = u32::try_from(attempts.min(6)).unwrap_or(6);
                LONGEST_PAUSE.min(Duration::from_millis(100) * 2_u32.pow(exponent))
            })
            .event_callback(move |event| {
                heard.note(&event);
                std::future::ready(())
            });
        if let Some(prefix) = &self.options.inbox {
            options = options.custom_inbox_prefix(prefix);
        }
        let connecting = options.connect(self.options.address.as_str());
        let client = connecting
            .await
            .map_err(|error| self.not_connected(&error))?;
        Ok((client, notices))
    }

    fn not_connected(&self, error: &ConnectError) -> FleetError {
        let host = self.host.clone();
        let kind = error.kind();
        if matches!(
            kind,
            ConnectErrorKind::AuthorizationViolation | ConnectErrorKind::Authentication
        ) {
            return FleetError::WrongCreds { host };
        }
        let reason = clean::line(&innermost(error), SENTENCE);
        if is_certificate_fault(error) {
            return FleetError::Untrusted { host, reason };
        }
        FleetError::Unreachable { host, reason }
    }

    fn unreachable(&self, reason: &str) -> FleetError {
        FleetError::Unreachable {
            host: self.host.clone(),
            reason: reason.to_owned(),
        }
    }

    /// A refusal of the broker, if one came.
    async fn denied(&self) -> Option<FleetError> {
        let connected = self.connected.lock().await;
        let what = connected.as_ref()?.1.take_denied()?;
        Some(FleetError::Denied {
            host: self.host.clone(),
            what,
        })
    }

    /// Why a request failed; `object` is what answers it.
    pub async fn request_fault(&self, error: &RequestError, object: &str) -> FleetError {
        if let Some(denied) = self.denied().await {
            return denied;
        }
        let host = self.host.clone();
        match error.kind() {
            RequestErrorKind::NoResponders => FleetError::Missing {
                host,
                object: object.to_owned(),
            },
            RequestErrorKind::MaxPayloadExceeded => self.too_long().await,
            _ => self.failed(error),
        }
    }

    /// Why a message was not kept by a stream.
    pub async fn publish_fault(&self, error: &PublishError, stream: &str) -> FleetError {
        if let Some(denied) = self.denied().await {
            return denied;
        }
        match error.kind() {
            PublishErrorKind::StreamNotFound => FleetError::Missing {
                host: self.host.clone(),
                object: stream.to_owned(),
            },
            PublishErrorKind::MaxPayloadExceeded => self.too_long().await,
            _ => self.failed(error),
        }
    }

    /// The fault of a message that is too long.
    pub async fn too_long(&self) -> FleetError {
        let connected = self.connected.lock().await;
        let most = connected
            .as_ref()
            .map_or(0, |(client, _)| client.max_payload());
        FleetError::TooLong {
            host: self.host.clone(),
            most,
        }
    }

    /// Why the broker did not make or find something: its refusal of the user, or what it says.
    pub async fn refusal(&self, error: &(impl Error + 'static)) -> FleetError {
        match self.denied().await {
            Some(denied) => denied,
            None => self.failed(error),
        }
    }

    /// Any other fault.
    pub fn failed(&self, error: &(impl Error + 'static)) -> FleetError {
        let (outer, inner) = (error.to_string(), innermost(error));
        let reason = if outer.contains(&inner) {
            outer
        } else {
            format!("{outer}: {inner}")
        };
        self.said(&reason)
    }

    /// Any other fault, as the broker words it.
    pub fn said(&self, reason: &impl Display) -> FleetError {
        FleetError::Failed {
            host: self.host.clone(),
            reason: clean::line(&reason.to_string(), SENTENCE),
        }
    }
}

/// How often a connection was made: another number means that the broker was away meanwhile.
#[must_use]
pub fn connections(client: &Client) -> u64 {
    client.statistics().connects.load(Ordering::Relaxed)
}

/// Whether an address is that of a broker.
#[must_use]
pub fn is_broker(address: &Url) -> bool {
    matches!(address.scheme(), "nats" | "tls")
}
