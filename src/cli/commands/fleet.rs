//! `fleet`: the broker where agents meet this hub. Also the hub there, next to a daemon.

use std::path::Path;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::cli::args::FleetCommand;
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::out;
use crate::config::{self, SecretNeeds, Workspace};
use crate::disk::write_whole;
use crate::engine::SystemClock;
use crate::engine::agents::fleet;
use crate::engine::agents::silence::agent_vantages;
use crate::fleet::objects::{self, FleetObject};
use crate::fleet::permissions::{self, FleetUser};
use crate::fleet::{FleetError, UserCreds};
use crate::model::VantageId;
use crate::model::settings::FleetSettings;
use crate::store::Store;

/// The users of the broker, in the folder of their keys.
const USERS: &str = "fleet-users.conf";

/// Does what is asked at the broker.
pub fn run(context: &Context, command: FleetCommand) -> Result<Done, CliError> {
    match command {
        FleetCommand::Init => init(&context.workspace()?),
    }
}

fn init(workspace: &Workspace) -> Result<Done, CliError> {
    let Some(settings) = &workspace.settings.fleet else {
        let how = "the configuration names no broker: add [fleet] with `broker = \"tls://nats.example.org\"`";
        return Err(CliError::Usage(how.to_owned()));
    };
    let vantages: Vec<VantageId> = agent_vantages(workspace).map(|v| v.id.clone()).collect();
    let users = users(&workspace.dir, settings, &vantages)?;
    let text = permissions::users(&users);
    let path = workspace.dir.join(FleetSettings::FOLDER).join(USERS);
    write_whole(&path, text.as_bytes())
        .map_err(CliError::io(format!("writing {}", path.display())))?;
    out::put(&text)?;
    for vantage in &vantages {
        let path = creds_of(&workspace.dir, vantage);
        say!("the agents of {vantage} take {}", path.display());
    }
    say!("nats-server includes {}", path.display());
    let broker = fleet::broker(&workspace.dir, settings).map_err(|error| failed(&error))?;
    let made = runtime()?.block_on(objects::make(&broker, &vantages));
    let made = made.map_err(|error| {
        let first = "nats-server must run with `jetstream` and these users first";
        CliError::Work(format!("{error}; {first}, then run `fleet init` again"))
    })?;
    for FleetObject { name, about, state } in made {
        say!("{state:<9} {name}: {about}");
    }
    Ok(Done::Ok)
}

fn failed(error: &FleetError) -> CliError {
    CliError::Work(error.to_string())
}

/// The file with the key of a vantage's user.
fn creds_of(dir: &Path, vantage: &VantageId) -> std::path::PathBuf {
    let folder = dir.join(FleetSettings::FOLDER);
    folder.join(format!("{vantage}.creds"))
}

/// Whether two paths name one file, also one that is not there yet.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().ok();
    one.components().eq(other.components())
        || whole(one).is_some_and(|one| whole(other).is_some_and(|other| one == other))
}

/// Makes the keys that are missing; returns the users. A user of an operator's statement is not
/// among them: its permissions are the operator's.
fn users(
    dir: &Path,
    settings: &FleetSettings,
    vantages: &[VantageId],
) -> Result<Vec<FleetUser>, CliError> {
    let hub = dir.join(&settings.creds);
    let mut users = Vec::new();
    let is_same = |vantage: &&VantageId| is_same_file(&creds_of(dir, vantage), &hub);
    if let Some(vantage) = vantages.iter().find(is_same) {
        return Err(CliError::Usage(format!(
            "{} would be the key of the hub and of the vantage `{vantage}`: give `creds` in [fleet] another file",
            hub.display()
        )));
    }
    let make = |path: &Path, user: &str| {
        let made = UserCreds::make(path, user).map_err(|error| failed(&error))?;
        Ok::<Option<String>, CliError>(made.public_key())
    };
    users.extend(make(&hub, "hub")?.map(|public| (None, public)));
    for vantage in vantages {
        let public = make(&creds_of(dir, vantage), vantage.as_str())?;
        users.extend(public.map(|public| (Some(vantage.clone()), public)));
    }
    Ok(users)
}

/// Starts the hub at the broker, by the newest workspace; a reload takes effect there too.
pub(super) fn attend(
    context: &Context,
    workspace: &Workspace,
    store: Store,
) -> Result<tokio::task::JoinHandle<()>, CliError> {
    let (newest, workspaces) = watch::channel(Arc::new(workspace.clone()));
    let mut signals =
        signal(SignalKind::hangup()).map_err(CliError::io("listening for signals"))?;
    let dir = context.dir.clone();
    let clock = Arc::new(SystemClock);
    Ok(tokio::spawn(async move {
        let reloads = async {
            while signals.recv().await.is_some() {
                // The daemon reports the faults of a workspace.
                if let Ok(workspace) = config::load_for(&dir, &SecretNeeds::none()) {
                    newest.send_replace(Arc::new(workspace));
                }
            }
        };
        tokio::select! {
            () = fleet::attend(workspaces, store, clock) => {}
            () = reloads => {}
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_the_hub_and_of_a_vantage_is_known_before_it_is_made() {
        let dir = tempfile::tempdir().unwrap();
        let hub = dir.path().join("fleet/hub.creds");
        assert!(is_same_file(&creds_of(dir.path(), &"hub".into()), &hub));
        assert!(!is_same_file(&creds_of(dir.path(), &"seoul".into()), &hub));
        std::fs::create_dir(dir.path().join("fleet")).unwrap();
        std::fs::write(&hub, "").unwrap();
        let other = dir.path().join("fleet/../fleet/hub.creds");
        assert!(is_same_file(&hub, &other));
    }
}
