//! `doctor`: checks everything that a watch depends on, and gives the fix for each fault.

use std::path::Path;
use std::sync::Arc;

use crate::cli::calendars;
use crate::cli::context::{Context, open_store, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::files;
use crate::cli::long;
use crate::cli::messages::{self, count};
use crate::cli::silent;
use crate::cli::status_notes::stretched_links;
use crate::cli::workspace_warnings;
use crate::config::{SecretNeeds, Workspace};
use crate::engine::controls::{self, ControlCheck};
use crate::engine::observer::SilentObserver;
use crate::engine::{Engine, SystemClock, due};
use crate::model::RoundId;
use crate::model::settings::MailTransport;
use crate::model::vantage::Via;
use crate::net::Networks;
use crate::net::asn::OLD_DAYS;
use crate::store::{Reader, Store, StoreError, may_write};
use crate::text::clean;

use super::doctor_computer::{
    look_at_chain, look_at_disk, look_at_evidence, look_at_heartbeat, look_at_times, report_clock,
};
use super::doctor_findings::DoctorReport;

/// Prints what is well and what is not.
pub fn run(context: &Context, offline: bool, begin_anew: bool) -> Result<Done, CliError> {
    if begin_anew {
        begin(context)?;
    }
    let (workspace, store) = context.open_read_only_by(open)?;
    let runtime = runtime()?;
    let mut found = DoctorReport::default();
    runtime.block_on(async {
        look_at_workspace(&workspace, &mut found);
        look_at_networks(&workspace, &mut found);
        look_at_store(&workspace, &store, &mut found).await?;
        look_at_answers(&workspace, &store, &mut found)?;
        look_at_chain(&workspace, &store, &mut found)?;
        look_at_evidence(&workspace, &store, &mut found)?;
        look_at_disk(&store, &mut found);
        look_at_times(&store, &mut found).await?;
        look_at_links(&workspace, &store)?;
        look_at_mail(&workspace, &store, &mut found).await?;
        if offline {
            DoctorReport::note("vantages, clock and heartbeat: not looked at (--offline)");
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
            "see what is marked `fix`"
        }
    );
    Ok(if found.bad == 0 {
        Done::Ok
    } else {
        Done::Partly
    })
}

/// Says when cited links are checked more rarely than configured.
fn look_at_links(workspace: &Workspace, store: &Store) -> Result<(), CliError> {
    if let Some(sentence) = stretched_links(workspace, &store.reader()?)? {
        DoctorReport::note(&sentence);
    }
    Ok(())
}

/// Creates a new database when the old one is lost.
fn begin(context: &Context) -> Result<(), CliError> {
    let lost = workspace_warnings::count_signs(&context.workspace()?)?.is_some();
    if !lost {
        return Err(CliError::Usage(
            "`--begin-anew` is for a database that is lost, and this one is there; nothing was changed".to_owned(),
        ));
    }
    context.open_for_passes(&SecretNeeds::none(), true)?;
    say!("a new database was begun");
    Ok(())
}

/// Opens the store read-only. An older store is migrated first, if this user may write it.
fn open(path: &Path) -> Result<Store, StoreError> {
    match Store::open_read_only(path) {
        Err(StoreError::Older { .. }) if may_write(path) => open_store(path).map(drop)?,
        line => return line,
    }
    Store::open_read_only(path)
}

fn look_at_workspace(workspace: &Workspace, found: &mut DoctorReport) {
    let pairs = due::pairs(workspace).count();
    DoctorReport::report_ok(&format!(
        "workspace {}: {}, {}, {} on the schedule",
        workspace.dir.display(),
        count(workspace.catalogue.sources.len() as u64, "source"),
        count(workspace.signatures.len() as u64, "signature"),
        count(pairs as u64, "round")
    ));
    if pairs == 0 {
        found.advise(
            "nothing is watched",
            "switch a probe on (`enabled = true`) or add one under probes/",
        );
    }
    for file in files::unreadable(workspace) {
        found.advise(
            &file.sentence(),
            "look at the job that writes it (docs/licensed.md), or switch the probe off",
        );
    }
    for (fault, help) in calendars::ending(workspace, chrono::Utc::now().date_naive()) {
        found.advise(&fault, &help);
    }
    for finding in silent::all(workspace) {
        found.advise(&finding.fault, &finding.help);
    }
    if silent::is_country_as_shipped(workspace) {
        DoctorReport::note(
            "the vantage `here` is still as it was shipped: set its `country` to where this computer is",
        );
    }
    if workspace.settings.politeness.contact.is_none() {
        found.advise(
            "sites do not learn who asks",
            "set `contact = \"library@your.org\"` under [politeness] in config/accesswatch.toml",
        );
    }
}

fn look_at_networks(workspace: &Workspace, found: &mut DoctorReport) {
    let Some(path) = &workspace.settings.asn.database else {
        return;
    };
    let networks = match Networks::open(path) {
        Ok(networks) => networks,
        Err(error) => return found.advise(&format!("networks: {error}"), error.help()),
    };
    let (built, age) = (
        networks.built().format("%Y-%m-%d"),
        networks.age_days(chrono::Utc::now()),
    );
    let line = format!("networks: {}, built {built}", networks.kind());
    if age > OLD_DAYS {
        found.advise(
            &format!("{line}: {age} days old"),
            "networks change hands: download a newer one",
        );
    } else {
        DoctorReport::report_ok(&line);
    }
}

async fn look_at_store(
    workspace: &Workspace,
    store: &Store,
    found: &mut DoctorReport,
) -> Result<(), CliError> {
    if let Some(signs) = workspace_warnings::count_signs(workspace)? {
        found.advise(
            &format!("store: {} is lost: {signs} there from earlier passes", store.path().display()),
            "put it back, or the newest copy made by `accesswatch backup`; `--begin-anew` begins without it",
        );
    }
    if !store.path().exists() {
        DoctorReport::note("store: not made yet; `accesswatch run` makes it");
        return Ok(());
    }
    if !may_write(store.path()) {
        DoctorReport::note(
            "store: this user may read it and not write it; `run` and the daemon need one who may",
        );
    }
    let faults = store.check().await?;
    if faults.is_empty() {
        DoctorReport::report_ok(&format!("store: intact, {}", store.stats().await?));
    }
    for fault in faults {
        found.advise(
            &format!("store: {}", clean::line(&fault, 300)),
            "stop accesswatch and take the newest backup (`accesswatch backup` makes them)",
        );
    }
    Ok(())
}

/// Answers that are longer than the part that is read.
fn look_at_answers(
    workspace: &Workspace,
    store: &Store,
    found: &mut DoctorReport,
) -> Result<(), CliError> {
    if !store.path().exists() {
        return Ok(());
    }
    let long = long::answers(workspace, &store.reader()?)?;
    for sentence in &long.unjudged {
        found.advise(sentence, long::HELP);
    }
    for sentence in &long.judged {
        DoctorReport::note(&format!("{sentence}; {}", long::HELP));
    }
    Ok(())
}

async fn look_at_mail(
    workspace: &Workspace,
    store: &Store,
    found: &mut DoctorReport,
) -> Result<(), CliError> {
    let alerts = &workspace.settings.alerts;
    let now = chrono::Utc::now();
    let stuck = store.with_reader(Reader::mail_stuck_since).await?;
    if let Some(fault) = stuck.and_then(|since| messages::no_mail_accepted(since, now)) {
        found.advise(
            &fault,
            "`accesswatch mail queue` says why; until one is accepted, the heartbeat reports a failure",
        );
    }
    let given_up = move |reader: &Reader| messages::given_up(reader, now);
    if let Some(fault) = store.with_reader(given_up).await? {
        found.advise(
            &fault,
            "`accesswatch mail queue` lists them; ask whoever runs the mail server, and tell the readers by another way",
        );
    }
    match &alerts.transport {
        MailTransport::Folder(folder) => DoctorReport::note(&format!(
            "mails are written to {} and not sent; docs/mail.md says how to set a mail server",
            folder.display()
        )),
        MailTransport::Smtp {
            host,
            port,
            user: Some(_),
            ..
        } if alerts.password.is_none() => found.advise(
            &format!("the password for the mail server {host}:{port} is missing"),
            "set what `password` under [alerts] names, where accesswatch runs",
        ),
        MailTransport::Smtp { host, port, .. } => {
            DoctorReport::report_ok(&format!(
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
        found.advise(
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
    found: &mut DoctorReport,
) -> Result<(), CliError> {
    for vantage in &workspace.settings.vantages {
        if let Via::Socks5(proxy) | Via::HttpConnect(proxy) = &vantage.via
            && proxy.user.is_some()
            && proxy.password.is_none()
        {
            found.advise(
                &format!(
                    "vantage {}: the password for its proxy is missing",
                    vantage.id
                ),
                "set what `password` of this vantage names, where accesswatch runs",
            );
        }
    }
    let engine = Engine::new(workspace, store.clone(), Arc::new(SystemClock)).await?;
    for (id, vantage) in engine.local_vantages() {
        let round = RoundId(uuid::Uuid::now_v7().simple().to_string());
        let checked = controls::check(
            &engine,
            vantage,
            &round,
            None,
            ControlCheck::Diagnostic,
            &SilentObserver,
        )
        .await?;
        let passed = checked.controls.iter().filter(|c| c.passed).count();
        let all = checked.controls.len();
        report_clock(&checked);
        if checked.usable && passed == all {
            DoctorReport::report_ok(&format!("vantage {id}: {passed} of {all} controls pass"));
            continue;
        }
        for control in checked.controls.iter().filter(|c| !c.passed) {
            found.advise(
                &format!(
                    "vantage {id}: control {} fails: {}",
                    clean::line(&control.url, 120),
                    messages::of_control(control)
                ),
                "try it in a browser on this network; replace it if it no longer exists, else see to the network or proxy",
            );
        }
        if !checked.usable {
            found.advise(
                &format!("vantage {id} does not work: {}", checked.text),
                "nothing is concluded from it until one control passes; `accesswatch probe URL` shows where it ends",
            );
        }
    }
    Ok(())
}
