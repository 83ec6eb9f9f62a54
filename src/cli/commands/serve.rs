//! `serve`: the web pages alone.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::cli::context::{Context, runtime, stop_on_signal};
use crate::cli::exit::{CliError, Done};
use crate::cli::log;
use crate::config::{self, SecretNeeds, Workspace};
use crate::engine::SystemClock;
use crate::engine::agents::listening;
use crate::engine::agents::silence::agent_vantages;
use crate::store::{Store, StoreError};
use crate::web::{Server, WebError, WebLimits, WebSite};

/// Where `demo` leaves its workspace.
const DEMO: &str = "accesswatch-demo";

/// Serves until SIGTERM or Ctrl-C.
pub fn run(context: &Context, listen: Option<SocketAddr>) -> Result<Done, CliError> {
    log::start();
    let context = or_demo(context);
    let workspace = context.workspace_for(&needs())?;
    refuse_other_schema(&workspace)?;
    let runtime = runtime()?;
    runtime.block_on(async {
        let server = bind(workspace, listen).await?;
        let (stop, stopped) = watch::channel(false);
        reload_on_hangup(&context, server.site())?;
        stop_on_signal(stop)?;
        tokio::spawn(note_listening(server.site()));
        server.run(stopped).await;
        Ok(Done::Ok)
    })
}

/// Notes while it serves that agents can be heard of: a pass by cron cannot know it otherwise.
async fn note_listening(site: Arc<WebSite>) {
    let pause = listening::NOTE_EVERY.to_std().unwrap_or_default();
    loop {
        let config = site.config();
        let path = &config.workspace.settings.store.path;
        let has_agents = agent_vantages(&config.workspace).next().is_some();
        // Looking makes no store.
        if has_agents && path.exists() {
            let path = path.clone();
            let opened = tokio::task::spawn_blocking(move || Store::open(&path)).await;
            let noted = match opened {
                Ok(Ok(store)) => listening::note(&store, site.clock.now()).await,
                Ok(Err(error)) => Err(error),
                Err(_) => Ok(()),
            };
            if let Err(error) = noted {
                tracing::warn!("that agents can be heard of was not noted: {error}");
            }
        }
        tokio::time::sleep(pause).await;
    }
}

/// The secrets that the pages take.
fn needs() -> SecretNeeds {
    SecretNeeds::none().and_web()
}

/// The demonstration, where the current folder holds one and no workspace.
fn or_demo(context: &Context) -> Context {
    let is_workspace = |dir: &Path| dir.join("config/accesswatch.toml").exists();
    let demo = context.dir.join(DEMO);
    if is_workspace(&context.dir) || !is_workspace(&demo) {
        return context.clone();
    }
    say!("serving {}", demo.display());
    Context { dir: demo }
}

/// Refuses a store of another version, because a command that only reads migrates nothing.
fn refuse_other_schema(workspace: &Workspace) -> Result<(), CliError> {
    match Store::open_read_only(&workspace.settings.store.path) {
        Err(error @ (StoreError::Newer { .. } | StoreError::Older { .. })) => {
            Err(CliError::Usage(error.to_string()))
        }
        // The pages report every other fault.
        _ => Ok(()),
    }
}

/// Listens at the address of the command line, or else of the configuration, and prints it.
pub async fn bind(workspace: Workspace, listen: Option<SocketAddr>) -> Result<Server, CliError> {
    let listen = listen.unwrap_or(workspace.settings.web.listen);
    let clock = Arc::new(SystemClock);
    let bound = Server::bind(workspace, listen, clock, WebLimits::default()).await;
    let server = bound.map_err(|error| match error {
        WebError::NoToken { .. } => CliError::Usage(error.to_string()),
        other => CliError::Work(other.to_string()),
    })?;
    say!("accesswatch serves http://{}/", server.address());
    Ok(server)
}

/// Loads the workspace again at SIGHUP; the old one stays where the new one has faults.
pub fn reload_on_hangup(context: &Context, site: Arc<WebSite>) -> Result<(), CliError> {
    let mut signals =
        signal(SignalKind::hangup()).map_err(CliError::io("listening for signals"))?;
    let dir = context.dir.clone();
    tokio::spawn(async move {
        while signals.recv().await.is_some() {
            match config::load_for(&dir, &needs()) {
                Ok(workspace) => {
                    if let Err(error) = site.reload(workspace) {
                        tracing::error!("the old configuration stays on the pages: {error}");
                    }
                }
                Err(faults) => {
                    tracing::error!(
                        "the new configuration has faults; the old one stays on the pages:\n{}",
                        faults.render(false)
                    );
                }
            }
        }
    });
    Ok(())
}
