//! How an agent is set up: its folder, the way to its hub, and what the hub's workspace says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use reqwest::Url;

use super::contact::Contact;
use super::error::AgentError;
use super::fleet_link::FleetLink;
use super::hub::HubClient;
use super::overrides::Overrides;
use super::pass_store::AgentStore;
use super::spool::Spool;
use super::transport::HubTransport;
use super::{state, workspace};
use crate::disk::write_whole;
use crate::engine::link_check::LinkChecker;
use crate::engine::{Engine, ScheduleIndex};
use crate::fleet::UserCreds;
use crate::model::VantageId;
use crate::model::agent::AgentWorkspace;
use crate::model::clock::Clock;
use crate::model::vantage::Secret;
use crate::probe::Prober;
use crate::store::{Lock, LockScope};

pub(super) const SPOOL: &str = "spool";
/// The file with the name of the agent.
const NAME: &str = "name";

/// What the command line says.
#[derive(Debug, Clone)]
pub struct AgentOptions {
    pub vantage: VantageId,
    /// The hub over HTTPS, or the broker where it is met.
    pub hub: Url,
    pub access: AgentAccess,
    /// The folder of the spool and the state.
    pub dir: PathBuf,
    /// Further authorities for the hub's certificate, as PEM.
    pub roots: Option<Vec<u8>>,
}

/// What proves to the hub, or to the broker, who the agent is.
#[derive(Debug, Clone)]
pub enum AgentAccess {
    /// The bearer of requests over HTTPS.
    Token(Secret),
    /// The user of the broker.
    Creds(UserCreds),
}

/// An engine whose passes go into the spool.
pub(super) type AgentEngine = Engine<Prober, AgentStore>;

/// What is measured, and when.
pub struct PreparedAgent {
    pub engine: Arc<AgentEngine>,
    pub index: ScheduleIndex,
    /// Checks cited links. It knows when each host may be asked again, so that it lasts over
    /// batches.
    pub(super) links: Arc<LinkChecker>,
    pub(super) sent: AgentWorkspace,
}

/// Opens the spool and the state.
pub fn connect(
    options: AgentOptions,
    overrides: &Overrides,
    clock: Arc<dyn Clock>,
) -> Result<Contact, AgentError> {
    /// The folders of the spool and of pages are below the agent's folder.
    const DEPTH: u32 = 2;
    let path = options.dir.join(SPOOL);
    std::fs::create_dir_all(&options.dir).map_err(AgentError::of_file(&options.dir))?;
    let now = clock.now();
    let lock = Lock::acquire(LockScope::Daemon, &path, "agent", now)?;
    // With the lock, nobody else writes there. What stays only takes room.
    if let Err(error) = crate::disk::remove_abandoned(&options.dir, DEPTH, now.into()) {
        let dir = options.dir.display();
        tracing::warn!("incomplete files in {dir} were not removed: {error}");
    }
    let opened = Spool::open(&path, overrides.spool_max);
    let (spool, found) = opened.map_err(AgentError::of_file(&path))?;
    if found.torn > 0 {
        tracing::warn!(
            bytes = found.torn,
            "the last line of the spool was not written whole, and is dropped"
        );
    }
    if found.interrupted {
        tracing::info!("the last pass was interrupted; what it measured is sent");
    }
    let hub = transport(&options, Arc::clone(&clock))?;
    let store = AgentStore::open(&options.dir, options.vantage, spool);
    let store = store.map_err(AgentError::of_file(&options.dir))?;
    Ok(Contact::new(hub, store, clock, lock))
}

/// The way to the hub.
fn transport(
    options: &AgentOptions,
    clock: Arc<dyn Clock>,
) -> Result<Box<dyn HubTransport>, AgentError> {
    let (hub, roots) = (options.hub.clone(), options.roots.clone());
    Ok(match &options.access {
        AgentAccess::Token(token) => {
            Box::new(HubClient::new(hub, token.clone(), roots.as_deref())?)
        }
        AgentAccess::Creds(creds) => {
            let vantage = options.vantage.clone();
            let name = name_of_agent(&options.dir)?;
            Box::new(FleetLink::new(
                hub,
                creds.clone(),
                roots,
                vantage,
                name,
                clock,
            )?)
        }
    })
}

/// The name of the agent with this folder among the agents of its vantage.
fn name_of_agent(dir: &Path) -> Result<String, AgentError> {
    let path = dir.join(NAME);
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    if uuid::Uuid::try_parse(known.trim()).is_ok() {
        return Ok(known.trim().to_owned());
    }
    let name = uuid::Uuid::now_v7().simple().to_string();
    write_whole(&path, name.as_bytes()).map_err(AgentError::of_file(&path))?;
    Ok(name)
}

/// Checks a workspace of the hub, and sets up what it says.
pub fn prepare(
    options: &AgentOptions,
    overrides: &Overrides,
    sent: &AgentWorkspace,
    store: &AgentStore,
    hub: &dyn HubTransport,
    clock: &Arc<dyn Clock>,
) -> Result<PreparedAgent, AgentError> {
    let (dir, id) = (&options.dir, &options.vantage);
    let loaded = workspace::accept(dir, sent, id, overrides)?;
    for warning in &loaded.warnings {
        tracing::warn!("{}", warning.render(false).trim_end());
    }
    store
        .take_up(&sent.statuses)
        .map_err(AgentError::of_file(dir))?;
    let leases = hub.host_leases();
    let prober = Prober::new(&loaded.settings, &loaded.dir, Arc::clone(clock))?;
    let prober = prober.leasing_hosts(leases.clone());
    let (back_offs, robots) = store.politeness();
    prober.restore(back_offs, robots);
    prober.restore(state::back_offs(&sent.silenced, id), Vec::new());
    let links = LinkChecker::new(&loaded, Some(id.as_str()), Arc::clone(clock))?;
    let links = links.leasing_hosts(leases);
    links.restore(store.politeness());
    let index = ScheduleIndex::new(&loaded, loaded.settings.schedule.jitter);
    let engine = Engine::with_ports(loaded, prober, store.clone(), Arc::clone(clock));
    Ok(PreparedAgent {
        engine: Arc::new(engine),
        index,
        links: Arc::new(links),
        sent: sent.clone(),
    })
}
