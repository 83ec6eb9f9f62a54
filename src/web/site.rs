//! What every request shares: the workspace, the threads that read, the clock, the count of failed
//! sign-ins.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use chrono_tz::Tz;

use super::admission::RoleRules;
use super::error::WebError;
use super::limits::WebLimits;
use super::readers::ReaderPool;
use super::session::{AgentTokens, Sessions};
use super::throttle::SignInThrottle;
use crate::config::Workspace;
use crate::engine::agents::files::FilesError;
use crate::engine::agents::workspace::AgentFiles;
use crate::model::clock::Clock;
use crate::model::settings::WebSettings;
use crate::model::{Time, Vantage, VantageId};

/// The workspace as it was loaded last.
pub struct SiteConfig {
    pub workspace: Workspace,
    pub sessions: Sessions,
    pub agents: AgentTokens,
    /// A new tag after each load, for entity tags.
    pub tag: String,
    /// What agents are sent of the files, read when an agent first asks.
    agent_files: Mutex<BTreeMap<VantageId, Arc<AgentFiles>>>,
}

impl SiteConfig {
    fn new(workspace: Workspace) -> Self {
        let web = &workspace.settings.web;
        Self {
            sessions: Sessions::new(web.token.as_ref(), web.read_token.as_ref()),
            agents: AgentTokens::new(&workspace.settings.vantages),
            tag: uuid::Uuid::now_v7().simple().to_string(),
            agent_files: Mutex::default(),
            workspace,
        }
    }

    /// What the agent of a vantage is sent of the files; it reads them once.
    pub fn files_of(&self, vantage: &Vantage) -> Result<Arc<AgentFiles>, FilesError> {
        let mut known = self
            .agent_files
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(files) = known.get(&vantage.id) {
            return Ok(Arc::clone(files));
        }
        let files = Arc::new(AgentFiles::read(&self.workspace, vantage)?);
        known.insert(vantage.id.clone(), Arc::clone(&files));
        Ok(files)
    }

    /// `[web]`.
    #[must_use]
    pub fn web(&self) -> &WebSettings {
        &self.workspace.settings.web
    }

    /// Whether readers come over https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        let base = self.web().base_url.as_ref();
        base.is_some_and(|url| url.scheme() == "https")
    }
}

/// The site.
pub struct WebSite {
    config: RwLock<Arc<SiteConfig>>,
    pub readers: ReaderPool,
    pub throttle: SignInThrottle,
    pub clock: Arc<dyn Clock>,
    /// When the server began.
    pub begun: Time,
    pub limits: WebLimits,
    /// One report is made at a time.
    pub reports: Arc<tokio::sync::Semaphore>,
    /// Documents were imported, as the newest page found.
    pub has_documents: AtomicBool,
    listen: SocketAddr,
    machine_zone: Tz,
}

impl WebSite {
    /// The site of a checked workspace, to be served at `listen`. A workspace whose pages leave
    /// this computer without a token is refused.
    pub fn new(
        workspace: Workspace,
        listen: SocketAddr,
        clock: Arc<dyn Clock>,
        limits: WebLimits,
    ) -> Result<Self, WebError> {
        let web = &workspace.settings.web;
        let leaves = !listen.ip().is_loopback() || web.base_url.is_some();
        if leaves && web.token.is_none() {
            return Err(WebError::NoToken { address: listen });
        }
        let store = &workspace.settings.store.path;
        Ok(Self {
            readers: ReaderPool::start(store, &clock, &limits)?,
            config: RwLock::new(Arc::new(SiteConfig::new(workspace))),
            throttle: SignInThrottle::new(&limits),
            begun: clock.now(),
            clock,
            limits,
            reports: Arc::new(tokio::sync::Semaphore::new(1)),
            has_documents: AtomicBool::new(false),
            listen,
            machine_zone: machine_zone(),
        })
    }

    /// The workspace as it is now.
    pub fn config(&self) -> Arc<SiteConfig> {
        let config = self.config.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&config)
    }

    /// Replaces the workspace, if the new one may be served here.
    pub fn reload(&self, workspace: Workspace) -> Result<(), WebError> {
        let web = &workspace.settings.web;
        let leaves = !self.listen.ip().is_loopback() || web.base_url.is_some();
        if leaves && web.token.is_none() {
            return Err(WebError::NoToken {
                address: self.listen,
            });
        }
        let next = Arc::new(SiteConfig::new(workspace));
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    /// The configuration that decides on roles.
    #[must_use]
    pub fn role_rules<'a>(&self, config: &'a SiteConfig) -> RoleRules<'a> {
        RoleRules {
            sessions: &config.sessions,
            listens_on_loopback: self.listen.ip().is_loopback(),
            has_base_url: config.web().base_url.is_some(),
            public: config.web().public,
        }
    }

    /// The zone of times on pages.
    #[must_use]
    pub fn zone(&self, config: &SiteConfig) -> Tz {
        config.web().timezone.unwrap_or(self.machine_zone)
    }
}

/// The zone of this machine; UTC where it has no name.
fn machine_zone() -> Tz {
    let name = iana_time_zone::get_timezone().ok();
    name.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC)
}
