//! `doctor`: looks over everything a watch depends on; each fault comes with its mend.

use std::path::Path;
use std::sync::Arc;

use crate::cli::calendars;
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::files;
use crate::cli::long;
use crate::cli::missing;
use crate::cli::silent;
use crate::cli::words::{self, count};
use crate::config::{Needs, Workspace};
use crate::engine::controls::{self, Look};
use crate::engine::observer::Quiet;
use crate::engine::{Engine, SystemClock, due};
use crate::model::RoundId;
use crate::model::settings::Transport;
use crate::model::vantage::Via;
use crate::net::Networks;
use crate::net::asn::OLD_DAYS;
use crate::store::{Reader, Store, StoreError, may_write};
use crate::text::clean;

use super::doctor_computer::{look_at_disk, look_at_heartbeat, look_at_times, tell_clock};
use super::doctor_findings::Findings;

/// Says what is well and what is not.
pub fn run(context: &Context, offline: bool, begin_anew: bool) -> Result<Done, CliError> {
    if begin_anew {
        begin(context)?;
    }
    let (workspace, store) = context.look_by(open)?;
    let runtime = runtime()?;
    let mut found = Findings::default();
    runtime.block_on(async {
        look_at_workspace(&workspace, &mut found);
        look_at_networks(&workspace, &mut found);
        look_at_store(&workspace, &store, &mut found).await?;
        look_at_answers(&workspace, &store, &mut found)?;
        look_at_disk(&store, &mut found);
        look_at_times(&store, &mut found).await?;
        look_at_mail(&workspace, &store, &mut found).await?;
        if offline {
            Findings::note("vantages, clock and heartbeat: not looked at (--offline)");
        } else {
            look_at_heartbeat(&workspace, &mut found).await;
            look_at_vantages(workspace, &store, &mut found).await?;
        }
        Ok::<(), CliError>(())
    })?;
    say!(
        "{}",
        if found.bad == 0 {
            "all well"
        } else {
            "see what is marked `mend`"
        }
    );
    Ok(if found.bad == 0 {
        Done::Ok
    } else {
        Done::Partly
    })
}

/// Begins a new database where one is lost.
fn begin(context: &Context) -> Result<(), CliError> {
    let lost = missing::signs(&context.workspace()?)?.is_some();
    if !lost {
        return Err(CliError::Usage(
            "`--begin-anew` is for a database that is lost, and this one is there; nothing was changed".to_owned(),
        ));
    }
    context.open_for_passes(&Needs::none(), true)?;
    say!("a new database was begun");
    Ok(())
}

/// Opens the store for looking; an older one is brought up to date first, by who may write it.
fn open(path: &Path) -> Result<Store, StoreError> {
    match Store::look(path) {
        Err(StoreError::Older { .. }) if may_write(path) => Store::open(path).map(drop)?,
        told => return told,
    }
    Store::look(path)
}

fn look_at_workspace(workspace: &Workspace, found: &mut Findings) {
    let pairs = due::pairs(workspace).count();
    Findings::well(&format!(
        "workspace {}: {}, {}, {} on the schedule",
        workspace.dir.display(),
        count(workspace.catalogue.sources.len() as u64, "source"),
        count(workspace.signatures.len() as u64, "signature"),
        count(pairs as u64, "round")
    ));
    if pairs == 0 {
        found.mend(
            "nothing is watched",
            "switch a probe on (`enabled = true`) or add one under probes/",
        );
    }
    for file in files::unreadable(workspace) {
        found.mend(
            &file.sentence(),
            "look at the job that writes it (docs/licensed.md), or switch the probe off",
        );
    }
    for (fault, mend) in calendars::ending(workspace, chrono::Utc::now().date_naive()) {
        found.mend(&fault, &mend);
    }
    for finding in silent::all(workspace) {
        found.mend(&finding.fault, &finding.help);
    }
    if silent::is_country_as_shipped(workspace) {
        Findings::note(
            "the vantage `here` is still as it was shipped: set its `country` to where this computer is",
        );
    }
    if workspace.settings.politeness.contact.is_none() {
        found.mend(
            "sites are not told who asks",
            "set `contact = \"library@your.org\"` under [politeness] in config/accesswatch.toml",
        );
    }
}

fn look_at_networks(workspace: &Workspace, found: &mut Findings) {
    let Some(path) = &workspace.settings.asn.database else {
        return;
    };
    let networks = match Networks::open(path) {
        Ok(networks) => networks,
        Err(error) => return found.mend(&format!("networks: {error}"), error.mend()),
    };
    let (built, age) = (
        networks.built().format("%Y-%m-%d"),
        networks.age_days(chrono::Utc::now()),
    );
    let told = format!("networks: {}, built {built}", networks.kind());
    if age > OLD_DAYS {
        found.mend(
            &format!("{told}: {age} days old"),
            "networks change hands: download a newer one",
        );
    } else {
        Findings::well(&told);
    }
}

async fn look_at_store(
    workspace: &Workspace,
    store: &Store,
    found: &mut Findings,
) -> Result<(), CliError> {
    if let Some(signs) = missing::signs(workspace)? {
        found.mend(
            &format!("store: {} is lost: {signs} there from earlier passes", store.path().display()),
            "put it back, or the newest copy made by `accesswatch backup`; `--begin-anew` begins without it",
        );
    }
    if !store.path().exists() {
        Findings::note("store: there is none yet; `accesswatch run` makes it");
        return Ok(());
    }
    if !may_write(store.path()) {
        Findings::note(
            "store: this user may read it and not write it; `run` and the daemon need one who may",
        );
    }
    let faults = store.check().await?;
    if faults.is_empty() {
        Findings::well(&format!("store: whole, {}", store.facts().await?));
    }
    for fault in faults {
        found.mend(
            &format!("store: {}", clean::line(&fault, 300)),
            "stop accesswatch and take the newest backup (`accesswatch backup` makes them)",
        );
    }
    Ok(())
}

/// Answers that are longer than is read of them.
fn look_at_answers(
    workspace: &Workspace,
    store: &Store,
    found: &mut Findings,
) -> Result<(), CliError> {
    if !store.path().exists() {
        return Ok(());
    }
    let long = long::answers(workspace, &store.reader()?)?;
    for sentence in &long.unjudged {
        found.mend(sentence, long::MEND);
    }
    for sentence in &long.judged {
        Findings::note(&format!("{sentence}; {}", long::MEND));
    }
    Ok(())
}

async fn look_at_mail(
    workspace: &Workspace,
    store: &Store,
    found: &mut Findings,
) -> Result<(), CliError> {
    let alerts = &workspace.settings.alerts;
    let now = chrono::Utc::now();
    let stuck = store.with_reader(Reader::mail_stuck_since).await?;
    if let Some(fault) = stuck.and_then(|since| words::no_mail_accepted(since, now)) {
        found.mend(
            &fault,
            "`accesswatch mail queue` says why; until one is accepted, the heartbeat tells of a failure",
        );
    }
    match &alerts.transport {
        Transport::Folder(folder) => Findings::note(&format!(
            "mails are written to {} and not sent; docs/mail.md says how to set a mail server",
            folder.display()
        )),
        Transport::Smtp {
            host,
            port,
            user: Some(_),
            ..
        } if alerts.password.is_none() => found.mend(
            &format!("the password for the mail server {host}:{port} is not there"),
            "set what `password` under [alerts] names, where accesswatch runs",
        ),
        Transport::Smtp { host, port, .. } => {
            Findings::well(&format!(
                "mails go to {host}:{port} (`accesswatch mail test` tries it)"
            ));
        }
    }
    let failing: Vec<_> = store
        .queue()
        .await?
        .into_iter()
        .filter(|m| m.sent.is_none() && m.last_error.is_some())
        .collect();
    if let Some(first) = failing.first() {
        found.mend(
            &format!(
                "{} could not be sent; the last answer: {}",
                count(failing.len() as u64, "mail"),
                clean::line(first.last_error.as_deref().unwrap_or(""), 200)
            ),
            "`accesswatch mail queue` lists them; they are tried again by themselves",
        );
    }
    Ok(())
}

async fn look_at_vantages(
    workspace: Workspace,
    store: &Store,
    found: &mut Findings,
) -> Result<(), CliError> {
    for vantage in &workspace.settings.vantages {
        if let Via::Socks5(proxy) | Via::HttpConnect(proxy) = &vantage.via
            && proxy.user.is_some()
            && proxy.password.is_none()
        {
            found.mend(
                &format!("vantage {}: no password for its proxy is there", vantage.id),
                "set what `password` of this vantage names, where accesswatch runs",
            );
        }
    }
    let engine = Engine::new(workspace, store.clone(), Arc::new(SystemClock)).await?;
    for (id, vantage) in engine.local_vantages() {
        let round = RoundId(uuid::Uuid::now_v7().simple().to_string());
        let checked = controls::check(&engine, vantage, &round, None, Look::Aside, &Quiet).await?;
        let passed = checked.controls.iter().filter(|c| c.passed).count();
        let all = checked.controls.len();
        tell_clock(&checked);
        if checked.usable && passed == all {
            Findings::well(&format!("vantage {id}: {passed} of {all} controls pass"));
            continue;
        }
        for control in checked.controls.iter().filter(|c| !c.passed) {
            found.mend(
                &format!(
                    "vantage {id}: control {} fails: {}",
                    clean::line(&control.url, 120),
                    words::of_control(control)
                ),
                "try it in a browser on this network; replace it if it no longer exists, else see to the network or proxy",
            );
        }
        if !checked.usable {
            found.mend(
                &format!("vantage {id} does not work: {}", checked.text),
                "nothing is concluded from it until one control passes; `accesswatch probe URL` shows where it ends",
            );
        }
    }
    Ok(())
}
