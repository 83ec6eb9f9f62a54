//! `mail`: test, preview, queue.

use std::collections::BTreeMap;

use crate::alert::transport::folder;
use crate::alert::{World, send_test};
use crate::cli::args::{Format, MailCommand};
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::letter;
use crate::cli::out::{self, Records};
use crate::cli::quiet;
use crate::cli::table;
use crate::config::{Needs, Workspace};
use crate::model::book::Book;
use crate::model::mail::QueuedMail;
use crate::model::settings::Transport;
use crate::model::time::iso;
use crate::store::Store;
use crate::text::clean;

/// `mail queue` shows so many of the mails that were sent, the newest first.
const SENT_SHOWN: u32 = 50;

/// Runs the verb.
pub fn run(context: &Context, command: &MailCommand) -> Result<Done, CliError> {
    match *command {
        MailCommand::Test => test(context),
        MailCommand::Preview { incident, html } => preview(context, incident, html),
        MailCommand::Queue { format } => queue(context, format),
    }
}

fn test(context: &Context) -> Result<Done, CliError> {
    let workspace = context.workspace_for(&Needs::none().and_mail())?;
    let alerts = &workspace.settings.alerts;
    if alerts.to.is_empty() {
        return Err(CliError::Usage(
            "no [[alerts.to]] in config/accesswatch.toml: there is nobody to write to".to_owned(),
        ));
    }
    let world = World {
        book: &Book::default(),
        outcome: None,
        catalogue: &workspace.catalogue,
        settings: &workspace.settings,
        notes: &[],
        hashes: &BTreeMap::new(),
        now: chrono::Utc::now(),
    };
    let report = runtime()?.block_on(send_test(&world));
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
    let (workspace, store) = context.look()?;
    let incident = letter::find(&store, id)?;
    let mail = letter::of(&workspace, &store, &incident)?;
    if html {
        out::put(&mail.html)?;
    } else {
        out::put(&format!("Subject: {}\n\n{}", mail.subject, mail.text))?;
    }
    Ok(Done::Ok)
}

fn queue(context: &Context, format: Option<Format>) -> Result<Done, CliError> {
    let (workspace, store) = context.look()?;
    let mut records = Records::new(&[
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
    ]);
    // For people: the same, in words that are true of a folder.
    let mut shown = Vec::new();
    let reader = store.reader()?;
    for held in held(&workspace, &store)? {
        shown.push(held.clone());
        records.push(held);
    }
    for mail in reader.queue()?.into_iter().chain(reader.sent(SENT_SHOWN)?) {
        let in_folder = mail.sent.is_some() && lies_in_folder(&workspace, &mail);
        let row = vec![
            mail.id.to_string(),
            match (mail.sent, mail.behind, mail.last_error.is_some()) {
                (Some(_), _, _) => "sent",
                (None, Some(_), _) => "behind",
                (None, None, true) => "failing",
                (None, None, false) => "waiting",
            }
            .to_owned(),
            mail.recipient,
            mail.subject,
            iso(mail.created),
            mail.attempts.to_string(),
            if mail.sent.is_some() {
                String::new()
            } else {
                iso(mail.next_attempt)
            },
            mail.sent.map(iso).unwrap_or_default(),
            mail.last_error.unwrap_or_default(),
            mail.behind
                .map(|id| format!("mail {id} about the same incident goes first"))
                .unwrap_or_default(),
        ];
        let mut said = row.clone();
        if in_folder {
            "in the folder".clone_into(&mut said[STATE]);
        }
        shown.push(said);
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
        table::wrapped(&columns, &shown, table::terminal_width())
    })?;
    Ok(Done::Ok)
}

/// The column of a mail's state.
const STATE: usize = 1;

/// Written to the folder of the configuration, and sent to nobody.
fn lies_in_folder(workspace: &Workspace, mail: &QueuedMail) -> bool {
    match &workspace.settings.alerts.transport {
        Transport::Folder(path) => folder::holds(path, mail),
        Transport::Smtp { .. } => false,
    }
}

/// The mails that are not written yet, because their incidents are held.
fn held(workspace: &Workspace, store: &Store) -> Result<Vec<Vec<String>>, CliError> {
    let reader = store.reader()?;
    let book = reader.book()?;
    let mut rows = Vec::new();
    for (incident, quiet) in quiet::all(&book, workspace, chrono::Utc::now()) {
        let Some(until) = quiet.until else {
            continue;
        };
        rows.push(vec![
            String::new(),
            "held".to_owned(),
            String::new(),
            letter::of(workspace, store, incident)?.subject,
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
