//! The checked content of `config/accesswatch.toml`. `docs/configuration.md` explains each key.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::copy::CopySettings;
use super::vantage::{Resolver, Secret, Vantage, Via};

/// The whole configuration except sources.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub store: StoreSettings,
    pub schedule: ScheduleSettings,
    pub politeness: Politeness,
    pub confirm: Confirm,
    pub dns: DnsSettings,
    pub path: PathSettings,
    pub asn: AsnSettings,
    pub evidence: EvidenceSettings,
    pub vantages: Vec<Vantage>,
    pub alerts: Alerts,
    pub web: WebSettings,
    pub links: LinkSettings,
    /// Agents meet the hub at a broker.
    pub fleet: Option<FleetSettings>,
}

/// `[fleet]`; paths are relative to the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FleetSettings {
    /// `nats://` or `tls://`.
    pub broker: url::Url,
    /// The file with the key of the hub's user.
    pub creds: PathBuf,
    /// A further authority for the broker's certificate.
    pub ca: Option<PathBuf>,
}

impl FleetSettings {
    /// The folder of the users' files.
    pub const FOLDER: &'static str = "fleet";
    /// Where the key of the hub's user is, unless `creds` says otherwise.
    pub const CREDS: &'static str = "fleet/hub.creds";
}

impl Settings {
    /// Every secret in use, for the redactor (`text::secrets`) of output from other programs.
    pub fn secrets(&self) -> Vec<&str> {
        let proxies = self
            .vantages
            .iter()
            .filter_map(|vantage| match &vantage.via {
                Via::Socks5(proxy) | Via::HttpConnect(proxy) => proxy.password.as_ref(),
                Via::Direct | Via::Agent => None,
            });
        let web = self.web.token.iter().chain(&self.web.read_token);
        let agents = self.vantages.iter().filter_map(|v| v.token.as_ref());
        let copies = &self.links.copies;
        let archives = copies.wayback.iter().chain(&copies.perma);
        let secrets = proxies.chain(web).chain(archives).chain(agents);
        let mut all = self.alerts.secrets();
        all.extend(secrets.map(|secret| secret.0.as_str()));
        all
    }
}

/// `[store]`; paths are absolute (joined to the workspace).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreSettings {
    pub path: PathBuf,
    pub evidence: PathBuf,
    pub keep_measurements: Duration,
    pub keep_bodies: Duration,
}

/// `[schedule]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleSettings {
    pub timezone: chrono_tz::Tz,
    /// A valid cron expression.
    pub default: String,
    pub jitter: Duration,
}

/// `[politeness]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Politeness {
    /// Part of the User-Agent.
    pub contact: Option<String>,
    /// From the end of one fetch to the start of the next, per (vantage, host).
    pub per_host_interval: Duration,
    pub per_host_connections: usize,
    pub concurrency: usize,
    /// The limit for one whole fetch.
    pub timeout: Duration,
    pub connect_timeout: Duration,
    pub max_body: u64,
    pub robots: bool,
    /// The first pause after a challenge, a ban or a 429; each further one is twice as long, up to
    /// `back_off_max`.
    pub back_off: Duration,
    pub back_off_max: Duration,
}

impl Politeness {
    /// The User-Agent, which names this program and the contact.
    #[must_use]
    pub fn user_agent(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        match &self.contact {
            Some(contact) => {
                format!("accesswatch/{version} (library access monitor; +{contact})")
            }
            None => format!("accesswatch/{version} (library access monitor)"),
        }
    }
}

/// `[confirm]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    pub after: Vec<Duration>,
    pub recover_after: Vec<Duration>,
    pub hold: Duration,
    /// The night in Beijing time, from and to, in minutes of the day; `None`: no night.
    pub night: Option<(u32, u32)>,
}

/// `[dns]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsSettings {
    pub reference: Resolver,
}

/// `[path]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PathSettings {
    pub controls: Vec<url::Url>,
}

/// `[asn]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AsnSettings {
    /// An absolute path to a file in `MaxMind`'s format.
    pub database: Option<PathBuf>,
}

/// `[evidence]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EvidenceSettings {
    /// How long WARC files are kept; `None`: for ever.
    pub keep: Option<Duration>,
    /// The RFC 3161 authority that stamps the day chain.
    pub timestamp: Option<url::Url>,
}

/// `[alerts]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alerts {
    pub from: String,
    pub transport: MailTransport,
    pub password: Option<Secret>,
    /// The name in the greeting to the mail server; `None`: the domain of `from`.
    pub hello: Option<String>,
    /// An absolute path to a PEM file with additional trusted authorities for the mail server.
    pub ca: Option<PathBuf>,
    pub group_wait: Duration,
    pub repeat: Duration,
    pub admin: Option<String>,
    pub heartbeat: Option<url::Url>,
    pub to: Vec<Recipient>,
}

/// The secret parts of a heartbeat's address, known only to the monitoring service and us.
pub fn heartbeat_secrets(url: &url::Url) -> impl Iterator<Item = &str> {
    let parts = url.path_segments().into_iter().flatten();
    let parts = parts.chain(url.query()).chain(url.password());
    // `ping` and the like are not secret.
    parts.filter(|part| part.len() >= 8)
}

impl Alerts {
    /// Every secret of `[alerts]` that a mail server or the heartbeat's monitoring service may send
    /// back.
    pub fn secrets(&self) -> Vec<&str> {
        let heartbeat = self.heartbeat.iter().flat_map(heartbeat_secrets);
        let password = self.password.iter().map(|secret| secret.0.as_str());
        password.chain(heartbeat).collect()
    }
}

/// How mails are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailTransport {
    /// `.eml` files in this folder (an absolute path).
    Folder(PathBuf),
    Smtp {
        host: String,
        port: u16,
        user: Option<String>,
        tls: SmtpTls,
    },
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// STARTTLS, required.
    StartTls,
    /// `smtps://`.
    Implicit,
    /// Only with an explicit `?tls=none`.
    None,
}

/// A mail language.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
pub enum Language {
    #[default]
    En,
    Ko,
    Zh,
}

impl Language {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The BCP 47 tag of the language, for HTML.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
            Self::Zh => "zh-Hans",
        }
    }
}

/// The text is not a supported language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of en, ko, zh")]
pub struct BadLanguage(pub String);

impl FromStr for Language {
    type Err = BadLanguage;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::En, Self::Ko, Self::Zh]
            .into_iter()
            .find(|language| language.as_str() == text)
            .ok_or_else(|| BadLanguage(text.to_owned()))
    }
}

/// What a recipient is notified of immediately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    Regression,
    Recovery,
    Improvement,
    Vantage,
    /// Changes of links in watched documents.
    Links,
}

/// `[[alerts.to]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// `Name <user@host>`.
    pub address: String,
    pub language: Language,
    /// The sources that mails are about: ids, `group:NAME`, globs.
    pub sources: Vec<String>,
    pub on: Vec<Topic>,
    /// When the digest is sent: a valid cron expression in the schedule's zone; `None`: never.
    pub digest: Option<String>,
    /// The documents whose links mails are about: globs over paths and addresses, ids,
    /// `group:NAME`.
    pub documents: Vec<String>,
    /// When the letter on links is written; `None`: never.
    pub links_digest: Option<String>,
}

/// `[web]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSettings {
    pub listen: std::net::SocketAddr,
    /// Whoever has this token may read and write.
    pub token: Option<Secret>,
    /// Whoever has this token may read.
    pub read_token: Option<Secret>,
    /// The address that readers use: a scheme, a host and a port, without a path.
    pub base_url: Option<url::Url>,
    /// Further names that the header `Host` of a request may have, in lower case.
    pub hosts: Vec<String>,
    /// Everyone may read, but without the names of vantages and people.
    pub public: bool,
    /// The zone of times on pages; `None`: the zone of the machine.
    pub timezone: Option<chrono_tz::Tz>,
    /// The language for browsers that accept none of ours.
    pub language: Language,
}

/// `[links]`: how the links that documents cite are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkSettings {
    /// How often a link is checked.
    pub every: Duration,
    /// How soon a link is checked again while its state is not confirmed.
    pub doubtful: Duration,
    /// The most checks per day and vantage.
    pub daily: u64,
    /// Vantages that check links: ids, or globs of them.
    pub vantages: Vec<String>,
    /// Files, folders, globs, and addresses of pages, sitemaps and feeds, which are imported every
    /// night.
    pub documents: Vec<String>,
    /// From the end of one fetch to the start of the next, per (vantage, registrable domain).
    pub per_domain_interval: Duration,
    pub robots: bool,
    /// Links into the local network are fetched too.
    pub private: bool,
    /// The hosts of the library's proxy: before such a host, `www-cnki-net.` means `www.cnki.net`.
    pub proxy_suffix: Vec<String>,
    pub copies: CopySettings,
}

impl Default for LinkSettings {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(7 * 86_400),
            doubtful: Duration::from_secs(3 * 86_400),
            daily: 20_000,
            vantages: vec!["*".to_owned()],
            documents: Vec::new(),
            per_domain_interval: Duration::from_secs(10),
            robots: true,
            private: false,
            proxy_suffix: Vec::new(),
            copies: CopySettings::default(),
        }
    }
}
