//! `agent`: a vantage elsewhere, measured for a hub.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::watch;

use super::demo_agent;
use crate::agent::beside::Look;
use crate::agent::transport::HubError;
use crate::agent::{self, AgentAccess, AgentError, AgentOptions, Overrides};
use crate::cli::args::{AgentAction, AgentArgs};
use crate::cli::context::{Context, runtime, stop_on_signal};
use crate::cli::exit::{CliError, Done};
use crate::cli::{log, out};
use crate::engine::SystemClock;
use crate::fleet::UserCreds;
use crate::fleet::broker::is_broker;
use crate::model::clock::Clock;
use crate::model::time::iso;
use crate::model::vantage::Secret;
use crate::text::clean;

/// Where the token is, without `--token-file`.
const TOKEN: &str = "ACCESSWATCH_AGENT_TOKEN";

/// Runs until SIGTERM or Ctrl-C, or looks once.
pub fn run(context: &Context, args: &AgentArgs) -> Result<Done, CliError> {
    let options = options(context, args)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let runtime = runtime()?;
    match args.action {
        Some(AgentAction::Check) => return runtime.block_on(check(options, clock)),
        Some(AgentAction::Step) => return demo_agent::follow(&runtime, &options),
        None => {}
    }
    log::start();
    runtime.block_on(async {
        let (stop, stopped) = watch::channel(false);
        stop_on_signal(stop)?;
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
        let ended = agent::run(options, clock, stopped).await;
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
        ended.map_err(|error| failed(&error))
    })?;
    Ok(Done::Ok)
}

fn options(context: &Context, args: &AgentArgs) -> Result<AgentOptions, CliError> {
    let access = access(args)?;
    let roots = match &args.ca {
        Some(path) => Some(read(path, "the authority")?.into_bytes()),
        None => None,
    };
    let dir = std::path::absolute(&context.dir).unwrap_or_else(|_| context.dir.clone());
    Ok(AgentOptions {
        vantage: args.vantage.clone().into(),
        hub: args.hub.clone(),
        access,
        dir,
        roots,
    })
}

/// The creds of a broker's user, or the token of a hub over HTTPS.
fn access(args: &AgentArgs) -> Result<AgentAccess, CliError> {
    let is_fleet = is_broker(&args.hub);
    match &args.creds {
        Some(path) if is_fleet => {
            let creds = UserCreds::read(path);
            let creds = creds.map_err(|error| CliError::Usage(error.to_string()))?;
            return Ok(AgentAccess::Creds(creds));
        }
        Some(_) => {
            let how = "--creds is for a broker (--hub nats://… or tls://…); a hub over https:// \
                       takes --token-file";
            return Err(CliError::Usage(how.to_owned()));
        }
        None if is_fleet => {
            let how = "an agent needs its creds at a broker: name the file that `accesswatch \
                       fleet init` made with --creds";
            return Err(CliError::Usage(how.to_owned()));
        }
        None => {}
    }
    let token = match &args.token_file {
        Some(path) => read(path, "the token")?,
        None => std::env::var(TOKEN).unwrap_or_default(),
    };
    let token = token.trim().to_owned();
    if token.is_empty() {
        let how =
            format!("an agent needs its token: name a file with --token-file, or set {TOKEN}");
        return Err(CliError::Usage(how));
    }
    Ok(AgentAccess::Token(Secret(token)))
}

fn read(path: &Path, what: &str) -> Result<String, CliError> {
    let reading = CliError::io(format!("reading {what} {}", path.display()));
    std::fs::read_to_string(path).map_err(reading)
}

fn failed(error: &AgentError) -> CliError {
    match error {
        AgentError::Overrides { .. } | AgentError::LocalRisk(_) => {
            CliError::Usage(error.to_string())
        }
        _ => CliError::Work(error.to_string()),
    }
}

/// Asks the hub, sets up what it sends, and prints what is measured from here and how.
async fn check(options: AgentOptions, clock: Arc<dyn Clock>) -> Result<Done, CliError> {
    let overrides = Overrides::read(&options.dir).map_err(|error| failed(&error))?;
    let look = Look::open(options, &overrides, &clock).map_err(|error| failed(&error))?;
    let (contact, options) = (&look.contact, &look.options);
    let refused = |error: HubError| CliError::Work(error.to_string());
    contact.hello().await.map_err(refused)?;
    let sent = contact.hub.workspace(None).await.map_err(refused)?;
    let Some((_, sent)) = sent else {
        return Err(CliError::Work("the hub sent no workspace".to_owned()));
    };
    let (store, hub) = (&contact.store, contact.hub.as_ref());
    let prepared = agent::prepare(options, &overrides, &sent, store, hub, &clock);
    let prepared = prepared.map_err(|error| failed(&error))?;
    let settings = &prepared.engine.workspace.settings;
    for warning in &prepared.engine.workspace.warnings {
        say!("{}", warning.render(false).trim_end());
    }
    let now = clock.now();
    let line = |text: &str| clean::line(text, 200);
    let mut rows = vec![(
        "hub",
        format!("{} (accesswatch {})", options.hub, line(&sent.hub)),
    )];
    for vantage in &settings.vantages {
        let (id, name, country) = (&vantage.id, line(&vantage.name), &vantage.country);
        rows.push(("vantage", format!("{id} ({name}), {country}")));
        rows.push(("via", vantage.via.label()));
        rows.push(("resolver", vantage.resolver.to_string()));
        rows.extend(vantage.bind.map(|bind| ("bind", bind.to_string())));
        let network = vantage.network.map(|n| ("network", n.as_str().to_owned()));
        rows.extend(network);
        let controls = vantage.controls.iter();
        rows.extend(controls.map(|c| ("control", line(c.url.as_str()))));
    }
    rows.push(("probes", sent.probes.len().to_string()));
    rows.extend(
        prepared
            .index
            .next_start(now)
            .map(|at| ("next round", iso(at))),
    );
    rows.push(("spool", format!("{} bytes wait", contact.held())));
    let text = rows
        .iter()
        .map(|(name, value)| format!("{name:<11}{value}\n"));
    out::put(&text.collect::<String>())?;
    match contact.standstill(now) {
        None => Ok(Done::Ok),
        Some(why) => {
            say!("{why}");
            Ok(Done::Partly)
        }
    }
}
