//! `mail`: test, preview, send, queue.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::alert::drain::{DrainReport, FailedMail};
use crate::alert::transport::folder;
use crate::alert::{MailContext, send_test};
use crate::cli::args::{MailCommand, OutputFormat};
use crate::cli::clock;
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::incident_report;
use crate::cli::out::{self, OutputTable};
use crate::cli::suppression;
use crate::cli::table;
use crate::config::{SecretNeeds, Workspace};
use crate::engine::{Engine, SystemClock};
use crate::model::Time;
use crate::model::mail::QueuedMail;
use crate::model::settings::MailTransport;
use crate::model::time::iso;
use crate::model::tracker_state::TrackerState;
use crate::store::{LockScope, Store};
use crate::text::clean;

/// The most sent mails that `mail queue` shows, newest first.
const SENT_SHOWN: u32 = 50;

/// Runs the verb.
pub fn run(context: &Context, command: &MailCommand) -> Result<Done, CliError> {
    match *command {
        MailCommand::Test => test(context),
        MailCommand::Preview { incident, html } => preview(context, incident, html),
        MailCommand::Send => send(context),
        MailCommand::Queue { format } => queue(context, format),
    }
}

fn test(context: &Context) -> Result<Done, CliError> {
    let workspace = context.workspace_for(&SecretNeeds::none().and_mail())?;
    let alerts = &workspace.settings.alerts;
    if alerts.to.is_empty() {
        return Err(CliError::Usage(
            "no [[alerts.to]] in config/accesswatch.toml: there is nobody to write to".to_owned(),
        ));
    }
    let mail_context = MailContext {
        tracker: &TrackerState::default(),
        outcome: None,
        catalogue: &workspace.catalogue,
        settings: &workspace.settings,
        notes: &[],
        hashes: &BTreeMap::new(),
        records: &BTreeMap::new(),
        now: chrono::Utc::now(),
    };
    let report = runtime()?.block_on(send_test(&mail_context));
    for line in &report.sent {
        say!("{line}");
    }
    for failure in &report.failures {
        say!("{}", clean::line(failure, 400));
    }
    Ok(if report.failures.is_empty() {
        Done::Ok
    } else {
        Done::Partly
    })
}

fn preview(context: &Context, id: i64, html: bool) -> Result<Done, CliError> {
    let (workspace, store) = context.open_read_only()?;
    let incident = incident_report::find(&store, id)?;
    let mail = incident_report::compose(&workspace, &store, &incident)?;
    if html {
        out::put(&mail.html)?;
    } else {
        out::put(&format!("Subject: {}\n\n{}", mail.subject, mail.text))?;
    }
    Ok(Done::Ok)
}

/// Tries to send every waiting mail; prints a line per result, and a summary.
fn send(context: &Context) -> Result<Done, CliError> {
    let (workspace, store) = context.open_for(&SecretNeeds::none().and_mail())?;
    let _lock = Context::lock(&workspace, LockScope::Pass, "mail send")?;
    runtime()?.block_on(async {
        let engine = Engine::new(workspace, store, Arc::new(SystemClock)).await?;
        let report = engine.drain_all(chrono::Utc::now()).await?;
        for sent in &report.sent {
            let (to, subject) = (
                clean::line(&sent.recipient, 100),
                clean::line(&sent.subject, 100),
            );
            match &sent.file {
                Some(file) => say!("written for {to}: {subject} ({})", file.display()),
                None => say!("sent to {to}: {subject}"),
            }
        }
        for failed in &report.failed {
            say!("{}", failure(failed));
        }
        let still = engine.store.unsent_mails().await?;
        say!("{}", summary(&report, still));
        Ok(if report.failed.is_empty() {
            Done::Ok
        } else {
            Done::Partly
        })
    })
}

fn summary(report: &DrainReport, still: u64) -> String {
    let tried = report.sent.len() + report.failed.len() + report.overtaken;
    if tried == 0 && still == 0 {
        return "no mail waits to be sent".to_owned();
    }
    let in_folder = report.sent.iter().any(|sent| sent.file.is_some());
    let done = if in_folder {
        "written to the folder"
    } else {
        "sent"
    };
    let mut parts = vec![format!("{} {done}", report.sent.len())];
    if report.overtaken > 0 {
        let what = "not sent, because what they report has changed since";
        parts.push(format!("{} {what}", report.overtaken));
    }
    parts.push(match still {
        0 => "none waits".to_owned(),
        1 => "1 still waits".to_owned(),
        n => format!("{n} still wait"),
    });
    format!("mails: {}", parts.join("; "))
}

/// A mail that was not sent, and what happens next.
pub(super) fn failure(failed: &FailedMail) -> String {
    let next = match failed.next_attempt {
        Some(at) => format!("it is tried again at {}", iso(at)),
        None => "it is not sent again, because it may have arrived each time".to_owned(),
    };
    format!(
        "mail to {}: {}; {next}",
        clean::line(&failed.recipient, 100),
        clean::line(&failed.error, 500),
    )
}

const QUEUE_COLUMNS: &[&str] = &[
    "id",
    "state",
    "to",
    "subject",
    "composed",
    "tries",
    "next_try",
    "sent",
    "last_error",
    "because",
];

fn queue(context: &Context, format: Option<OutputFormat>) -> Result<Done, CliError> {
    let (workspace, store) = context.open_read_only()?;
    let mut records = OutputTable::new(QUEUE_COLUMNS);
    let reader = store.reader()?;
    let now = clock::now(&reader)?;
    let mut waits = false;
    for held in held(&workspace, &store)? {
        records.push(held);
    }
    for mail in reader.queue()?.into_iter().chain(reader.sent(SENT_SHOWN)?) {
        waits |= mail.sent.is_none() && mail.settled.is_none();
        let in_folder = mail.sent.is_some() && lies_in_folder(&workspace, &mail);
        let mut row = queue_row(&mail, now);
        if in_folder {
            "in the folder".clone_into(&mut row[STATE]);
        }
        records.push(row);
    }
    let columns: Vec<&str> = records
        .columns
        .iter()
        .map(|column| match *column {
            "sent" => "sent_or_written",
            column => column,
        })
        .collect();
    records.print_or(format, "no mail waits to be sent", || {
        table::wrapped(&columns, &records.rows, table::terminal_width())
    })?;
    if waits {
        say!("`accesswatch mail send` tries now what waits");
    }
    Ok(Done::Ok)
}

fn queue_row(mail: &QueuedMail, now: Time) -> Vec<String> {
    let is_over = mail.sent.is_some() || mail.settled.is_some();
    vec![
        mail.id.to_string(),
        state(mail).to_owned(),
        mail.recipient.clone(),
        mail.subject.clone(),
        iso(mail.created),
        mail.attempts.to_string(),
        if is_over {
            String::new()
        } else {
            iso(mail.next_attempt)
        },
        mail.sent.map(iso).unwrap_or_default(),
        mail.last_error.clone().unwrap_or_default(),
        what_next(mail, now),
    ]
}

fn state(mail: &QueuedMail) -> &'static str {
    match (mail.sent, mail.settled, mail.behind) {
        (Some(_), _, _) => "sent",
        (None, Some((_, settled)), _) => settled.as_str(),
        (None, None, Some(_)) => "behind",
        (None, None, None) if mail.last_error.is_some() => "failing",
        (None, None, None) => "waiting",
    }
}

/// Why the mail is in its state, and what happens next.
fn what_next(mail: &QueuedMail, now: Time) -> String {
    if mail.sent.is_some() {
        return String::new();
    }
    match (mail.settled, mail.behind, mail.handed_over) {
        (Some((at, _)), _, _) => format!("laid aside at {}", iso(at)),
        (None, Some(id), _) => format!("mail {id} about the same incident goes first"),
        (None, None, 1..) => {
            "handed over in full, and no answer came: it is sent again a few times at most, unless a later mail reports the same"
                .to_owned()
        }
        (None, None, 0) if mail.next_attempt <= now => "the next run tries it".to_owned(),
        (None, None, 0) => "the first run after that, or the daemon, tries it".to_owned(),
    }
}

/// The index of the state's column.
const STATE: usize = 1;

/// The folder of mails as shipped: mails may lie there from before a server was set.
const SHIPPED_FOLDER: &str = "data/outbox";

/// Whether the mail was written to a folder, and therefore sent to nobody.
fn lies_in_folder(workspace: &Workspace, mail: &QueuedMail) -> bool {
    match &workspace.settings.alerts.transport {
        MailTransport::Folder(path) => folder::holds(path, mail),
        MailTransport::Smtp { .. } => folder::holds(&workspace.dir.join(SHIPPED_FOLDER), mail),
    }
}

/// The mails that are not composed yet, because their incidents are held.
fn held(workspace: &Workspace, store: &Store) -> Result<Vec<Vec<String>>, CliError> {
    let reader = store.reader()?;
    let tracker = reader.tracker_state()?;
    let mut rows = Vec::new();
    for (incident, quiet) in suppression::of_incidents(&tracker, workspace, clock::now(&reader)?) {
        let Some(until) = quiet.until else {
            continue;
        };
        rows.push(vec![
            String::new(),
            "held".to_owned(),
            String::new(),
            incident_report::compose(workspace, store, incident)?.subject,
            String::new(),
            "0".to_owned(),
            format!("when it fails again from {} on", iso(until)),
            String::new(),
            String::new(),
            quiet.because,
        ]);
    }
    Ok(rows)
}
