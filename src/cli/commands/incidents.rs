//! `incidents`: list, show, acknowledge, silence, observe.

use super::incidents_look;
use crate::cli::args::{About, BrowserArg, IncidentsArgs, IncidentsCommand, ObjectFormat};
use crate::cli::clock;
use crate::cli::context::Context;
use crate::cli::dates;
use crate::cli::edit::edit;
use crate::cli::exit::{CliError, Done};
use crate::cli::messages;
use crate::cli::out::{self, OutputTable};
use crate::cli::suppression;
use crate::cli::table::{self, terminal_width};
use crate::cli::{incident_json, incident_report};
use crate::config::Workspace;
use crate::i18n::verdict;
use crate::model::event::PassOutcome;
use crate::model::incident::{BrowserResult, HumanCheck};
use crate::model::rounded_duration::RoundedDuration;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::tracker_state::TrackerState;
use crate::model::{Incident, Time, VantageId};
use crate::store::{IncidentFilter, Store};
use crate::text::clean;
use crate::track;

/// The most characters of what people write about themselves, and of what they read.
const NAME: usize = 100;
const NETWORK: usize = 200;
const SAW: usize = 500;

/// Runs the verb, or lists incidents without one.
pub fn run(context: &Context, args: IncidentsArgs) -> Result<Done, CliError> {
    if let Some(IncidentsCommand::Look { id, by, wait }) = args.command {
        return incidents_look::run(context, id, &Who::named(by).name, wait);
    }
    let (workspace, store) = match args.command {
        None | Some(IncidentsCommand::Show { .. }) => context.open_read_only()?,
        Some(_) => context.open()?,
    };
    match args.command {
        None | Some(IncidentsCommand::Look { .. }) => list(&workspace, &store, &args),
        Some(IncidentsCommand::Show { id, format }) => {
            show(&workspace, &store, id, format.unwrap_or_default())
        }
        Some(IncidentsCommand::Ack { id, source, by }) => {
            let who = Who::named(by);
            match (id, source) {
                (_, Some(source)) => acknowledge_source(&workspace, &store, &source, &who),
                (id, None) => acknowledge(&workspace, &store, id.unwrap_or_default(), &who),
            }
        }
        Some(IncidentsCommand::Silence { id, until }) => silence(&workspace, &store, id, &until),
        Some(IncidentsCommand::Observe {
            about,
            browser,
            network,
            saw,
            by,
        }) => {
            let check = HumanCheck {
                at: clock::now(&store.reader()?)?,
                browser: result(browser),
                network: clean::line(&network, NETWORK),
                saw: saw.map(|text| clean::line(&text, SAW)),
                by: by.map(|name| clean::line(&name, NAME)),
            };
            observe(&workspace, &store, &about, check)
        }
    }
}

/// The person who acknowledges.
struct Who {
    name: String,
    /// The name was given by `--by`. Otherwise it is the account's name, which replaces no other.
    is_stated: bool,
}

impl Who {
    fn named(by: Option<String>) -> Self {
        let is_stated = by.is_some();
        let name = by
            .or_else(|| std::env::var("USER").ok())
            .unwrap_or_else(|| "someone".to_owned());
        Self {
            name: clean::line(&name, NAME),
            is_stated,
        }
    }
}

fn acknowledge(workspace: &Workspace, store: &Store, id: i64, who: &Who) -> Result<Done, CliError> {
    let by = who.name.as_str();
    let mut before = String::new();
    let mut standing = None;
    edit(workspace, store, |tracker, now| {
        let open = tracker.incidents.get(&id).filter(|i| i.is_open());
        if let Some((known, at)) = open.and_then(Incident::acknowledged) {
            let at = at.map(|at| format!(" at {}", iso(at))).unwrap_or_default();
            let known = clean::line(known, NAME);
            if !who.is_stated {
                standing = Some(format!("{known} acknowledged it{at}"));
                return Ok(PassOutcome::default());
            }
            before = format!("; {known} had acknowledged it{at}, and is replaced");
        }
        let incident = track::acknowledge(tracker, id, by, now)?;
        Ok(PassOutcome {
            incidents: vec![incident],
            ..PassOutcome::default()
        })
    })?;
    match standing {
        Some(known) => say!("incident #{id}: {known}; `--by NAME` puts another name there"),
        None => say!("incident #{id} is looked after by {by}{before}"),
    }
    Ok(Done::Ok)
}

/// Acknowledges all open incidents of a source.
fn acknowledge_source(
    workspace: &Workspace,
    store: &Store,
    source: &str,
    who: &Who,
) -> Result<Done, CliError> {
    let by = who.name.as_str();
    let known = workspace.catalogue.sources.keys();
    crate::engine::due::named("source", source, known.map(crate::model::SourceId::as_str))?;
    let outcome = edit(workspace, store, |tracker, now| {
        let of_source =
            |i: &&Incident| i.is_open() && i.source.as_ref().is_some_and(|s| s.as_str() == source);
        let open: Vec<i64> = tracker
            .incidents
            .values()
            .filter(of_source)
            .filter(|i| who.is_stated || i.acknowledged().is_none())
            .map(|i| i.id)
            .collect();
        let incidents = open
            .into_iter()
            .map(|id| track::acknowledge(tracker, id, by, now))
            .collect::<Result<_, _>>()?;
        Ok(PassOutcome {
            incidents,
            ..PassOutcome::default()
        })
    })?;
    let ids: Vec<String> = outcome
        .incidents
        .iter()
        .map(|i| format!("#{}", i.id))
        .collect();
    match ids.as_slice() {
        [] => say!("no incident of {source} waits for somebody to look after it"),
        [one] => say!("incident {one} is looked after by {by}"),
        more => say!("incidents {} are looked after by {by}", more.join(", ")),
    }
    Ok(Done::Ok)
}

fn silence(workspace: &Workspace, store: &Store, id: i64, until: &str) -> Result<Done, CliError> {
    let typed = until;
    let until = dates::end(typed)?;
    let now = clock::now(&store.reader()?)?;
    if until <= now {
        return Err(CliError::Usage(format!(
            "`--until {typed}` is over: no mail would be kept back; give a day from {} on",
            now.date_naive()
        )));
    }
    edit(workspace, store, |tracker, now| {
        let incident = track::silence(tracker, id, until, None, now)?;
        Ok(PassOutcome {
            incidents: vec![incident],
            ..PassOutcome::default()
        })
    })?;
    say!(
        "incident #{id}: no mails until {}; its end is still mailed",
        iso(until)
    );
    Ok(Done::Ok)
}

fn result(browser: BrowserArg) -> BrowserResult {
    match browser {
        BrowserArg::Ok => BrowserResult::Ok,
        BrowserArg::Refused => BrowserResult::Refused,
        BrowserArg::Partial => BrowserResult::Partial,
    }
}

/// An observation of a probe is added to its open incident. Without one it becomes an event, which
/// the digest shows.
fn observe(
    workspace: &Workspace,
    store: &Store,
    about: &About,
    check: HumanCheck,
) -> Result<Done, CliError> {
    let (catalogue, settings) = (&workspace.catalogue, &workspace.settings);
    let mut noted_for = String::new();
    edit(workspace, store, |tracker, _| {
        let id = match about {
            About::Incident(id) => Some(*id),
            About::Probe(probe) => tracker.open_incident_of(probe).map(|i| i.id),
        };
        match (id, about) {
            (Some(id), _) => {
                noted_for = format!("incident #{id}");
                track::observe(tracker, id, check, catalogue, settings)
            }
            (None, About::Probe(probe)) => {
                noted_for = format!("{probe}: no incident is open");
                track::observe_probe(probe, &check, catalogue)
            }
            (None, About::Incident(id)) => track::observe(tracker, *id, check, catalogue, settings),
        }
    })?;
    say!("{noted_for}: noted; thank you");
    Ok(Done::Ok)
}

fn list(workspace: &Workspace, store: &Store, args: &IncidentsArgs) -> Result<Done, CliError> {
    let since = args.since.as_deref().map(dates::instant).transpose()?;
    if let Some(id) = &args.source {
        let known = workspace
            .catalogue
            .sources
            .keys()
            .map(crate::model::ids::SourceId::as_str);
        crate::engine::due::named("source", id, known)?;
    }
    let reader = store.reader()?;
    let mut incidents = reader.incidents(&IncidentFilter::default())?;
    incidents.retain(|i| {
        (!args.open || i.is_open())
            && since.is_none_or(|since| i.ended.is_none_or(|ended| ended >= since))
            && args
                .source
                .as_ref()
                .is_none_or(|s| i.source.as_ref().is_some_and(|x| x.as_str() == s))
    });
    incidents.sort_by_key(|i| (!i.is_open(), std::cmp::Reverse(i.first_bad), i.id));
    let mut records = OutputTable::new(&[
        "id",
        "state",
        "source",
        "probe",
        "finding",
        "from",
        "to",
        "vantages",
        "first_bad",
        "ended",
        "acknowledged_by",
        "mail",
        "since",
    ]);
    let tracker = reader.tracker_state()?;
    let now = clock::now(&reader)?;
    for incident in &incidents {
        records.push(row(workspace, &tracker, incident, now));
    }
    let width = terminal_width();
    records.print_or(args.format, "no incidents", || {
        table(workspace, &incidents, width)
    })?;
    for incident in &incidents {
        if let Some(quiet) = suppression::of_incident(incident, &tracker, workspace, now) {
            say!("#{}: {}", incident.id, quiet.sentence());
        }
    }
    let letters = messages::letters(workspace);
    messages::remind(workspace, reader.unsent_mails()?, letters);
    Ok(Done::Ok)
}

/// The table for people: it fits the terminal and shows the most important incidents first.
fn table(workspace: &Workspace, incidents: &[Incident], width: u16) -> String {
    let mut columns = vec!["id", "state", "probe", "what", "since"];
    if width >= 110 {
        columns.extend(["ended", "vantages"]);
    }
    if width >= 140 {
        columns.push("acknowledged_by");
    }
    let rows: Vec<Vec<String>> = incidents
        .iter()
        .map(|incident| {
            let mut cells = brief(workspace, incident);
            cells.truncate(columns.len());
            cells
        })
        .collect();
    table::wrapped(&columns, &rows, width)
}

fn brief(workspace: &Workspace, incident: &Incident) -> Vec<String> {
    let vantages: Vec<&str> = incident.vantages.keys().map(VantageId::as_str).collect();
    let vantages = vantages.join(", ");
    let probe = incident.probe.as_ref();
    let known = probe.and_then(|key| workspace.catalogue.probe(key));
    vec![
        format!("#{}", incident.id),
        if incident.is_open() { "open" } else { "ended" }.to_owned(),
        probe.map_or_else(|| format!("vantage {vantages}"), ToString::to_string),
        known
            .map_or_else(
                || verdict::short(Language::En, incident.to),
                |p| messages::short(p, incident.to),
            )
            .to_owned(),
        // The start of the verdict that is shown, not of the first one.
        iso(incident.since()),
        incident.ended.map(iso).unwrap_or_default(),
        vantages,
        incident.acknowledged_by.clone().unwrap_or_default(),
    ]
}

fn row(
    workspace: &Workspace,
    tracker: &TrackerState,
    incident: &Incident,
    now: Time,
) -> Vec<String> {
    let source = incident
        .source
        .as_ref()
        .and_then(|s| workspace.catalogue.source(s))
        .map_or_else(
            || incident.kind.as_str().to_owned(),
            crate::model::source::Source::full_name,
        );
    vec![
        incident.id.to_string(),
        if incident.is_open() { "open" } else { "ended" }.to_owned(),
        source,
        incident
            .probe
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        incident.finding.to_string(),
        incident.from.to_string(),
        incident.to.to_string(),
        incident
            .vantages
            .keys()
            .map(crate::model::ids::VantageId::as_str)
            .collect::<Vec<_>>()
            .join(" | "),
        iso(incident.first_bad),
        incident.ended.map(iso).unwrap_or_default(),
        incident.acknowledged_by.clone().unwrap_or_default(),
        suppression::of_incident(incident, tracker, workspace, now)
            .map_or_else(String::new, |quiet| quiet.sentence()),
        iso(incident.since()),
    ]
}

fn show(
    workspace: &Workspace,
    store: &Store,
    id: i64,
    format: ObjectFormat,
) -> Result<Done, CliError> {
    let incident = incident_report::find(store, id)?;
    if format == ObjectFormat::Json {
        let object = incident_json::object(workspace, store, &incident)?;
        out::put(&format!("{object:#}\n"))?;
        return Ok(Done::Ok);
    }
    let mail = incident_report::compose(workspace, store, &incident)?;
    out::put(&format!("{}\n\n{}\n", mail.subject, mail.whole.trim_end()))?;
    let reader = store.reader()?;
    let (tracker, now) = (reader.tracker_state()?, clock::now(&reader)?);
    if let Some(quiet) = suppression::of_incident(&incident, &tracker, workspace, now) {
        out::put(&format!("\nMail: {}\n", quiet.sentence()))?;
    }
    // As in the tables: an open phase is counted up to the newest pass.
    let as_of = store.reader()?.as_of()?;
    put_phases(workspace, &incident, as_of.unwrap_or_else(chrono::Utc::now))?;
    if !incident.changes.is_empty() {
        out::put("\nStory:\n")?;
        for change in &incident.changes {
            let text = clean::line(&change.text, 400);
            out::put(&format!("  {}  {text}\n", iso(change.at)))?;
        }
    }
    Ok(Done::Ok)
}

/// Which verdict stood from when to when, for each vantage.
fn put_phases(workspace: &Workspace, incident: &Incident, as_of: Time) -> Result<(), CliError> {
    out::put("\nPhases:\n")?;
    let probe = incident.probe.as_ref();
    let known = probe.and_then(|key| workspace.catalogue.probe(key));
    for (vantage, part) in &incident.vantages {
        for phase in &part.phases {
            let what = known.map_or_else(
                || verdict::short(Language::En, phase.code),
                |p| messages::short(p, phase.code),
            );
            let lasted = RoundedDuration::between(phase.from, phase.to.unwrap_or(as_of));
            let until = match phase.to {
                Some(to) => format!("to {}, {lasted}", iso(to)),
                None => format!("on, {lasted} so far"),
            };
            let checks = match phase.checks {
                0 => String::new(),
                n => format!("; {} of {}", phase.checks_bad, messages::count(n, "check")),
            };
            let said = phase
                .words
                .as_deref()
                .map_or_else(String::new, |w| format!("\n    “{}”", clean::line(w, 400)));
            out::put(&format!(
                "  {}: {what} ({}), from {} {until}{checks}{}\n",
                clean::line(vantage.as_str(), 40),
                phase.code,
                iso(phase.from),
                said
            ))?;
        }
    }
    Ok(())
}
