//! `source import`: turns a list of pages into a probe file.

use std::io::Read as _;

use crate::cli::context::Context;
use crate::cli::exit::{CliError, Done};
use crate::cli::messages::count;
use crate::cli::source_args::{ImportArgs, ListKind};
use crate::config::import::{
    self, ImportError, ImportList, ImportPlan, ImportTarget, ListFormat, MAX_BYTES,
};
use crate::text::clean;

/// The most bad rows that are reported one by one.
const TOLD: usize = 20;

/// Reads, plans, writes, and reports what was left out.
pub fn run(context: &Context, args: &ImportArgs) -> Result<Done, CliError> {
    let workspace = context.workspace()?;
    let shown = clean::line(&args.file.to_string_lossy(), 200);
    let list = import::read(&bytes(args)?, args.format.map(format))
        .map_err(|e| CliError::Work(format!("{shown}: {e}")))?;
    let name = args.file.file_name().unwrap_or_default().to_string_lossy();
    let target = ImportTarget {
        file_name: &name,
        id: args.id.as_deref(),
        group: &args.group,
        today: chrono::Local::now().date_naive(),
    };
    let plan = import::plan(&workspace, &list, &target).map_err(refused)?;
    let is_written = !args.dry_run && !plan.added.is_empty();
    if is_written {
        plan.write(&workspace.dir).map_err(refused)?;
    }
    print_plan(&list, &plan, args.dry_run);
    bad_rows(&list, &shown);
    if list.rows.is_empty() {
        return Err(CliError::Work(format!("{shown}: no page in it")));
    }
    Ok(if list.bad_rows > 0 {
        Done::Partly
    } else {
        Done::Ok
    })
}

/// The file, up to the size limit.
fn bytes(args: &ImportArgs) -> Result<Vec<u8>, CliError> {
    let what = || clean::line(&args.file.to_string_lossy(), 200);
    let file = std::fs::File::open(&args.file).map_err(CliError::io(what()))?;
    let mut bytes = Vec::new();
    let mut file = file.take(MAX_BYTES + 1);
    file.read_to_end(&mut bytes).map_err(CliError::io(what()))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(refused(ImportError::TooLarge));
    }
    Ok(bytes)
}

/// A name that is taken is for the user to change; every other error is work that could not be
/// done.
fn refused(error: ImportError) -> CliError {
    match error {
        ImportError::SourceThere { .. } | ImportError::FileThere(_) | ImportError::BadId(_) => {
            CliError::Usage(error.to_string())
        }
        other => CliError::Work(other.to_string()),
    }
}

fn print_plan(list: &ImportList, plan: &ImportPlan, dry_run: bool) {
    let path = clean::line(&plan.path.to_string_lossy(), 200);
    let rows = list.rows.len() + list.bad_rows;
    say!("{}: {}", list.format.words(), count(rows as u64, "row"));
    let added = count(plan.added.len() as u64, "probe");
    match (plan.added.len(), dry_run) {
        (0, _) => say!("nothing to add to {path}"),
        (_, true) => say!("{path}: {added} would be added; nothing is written"),
        (_, false) => say!("{path}: {added} added"),
    }
    let left = plan.twice + plan.same_page + plan.configured;
    if left > 0 {
        let twice = plan.twice;
        let configured = plan.configured;
        let same_page = match plan.same_page {
            0 => String::new(),
            n => format!(
                ", {n} the same page but for what stands behind `#`, which no server is sent"
            ),
        };
        say!("{left} left out: {twice} twice in the list, {configured} probed already{same_page}");
    }
    if let Some(first) = plan.added.first().filter(|_| !dry_run) {
        let source = &plan.source;
        say!(
            "`accesswatch source test {source}/{first}` tries one; `accesswatch source disable {source}` switches all of them off"
        );
    }
}

fn bad_rows(list: &ImportList, shown: &str) {
    for row in list.bad.iter().take(TOLD) {
        say!("{shown}:{}: {}", row.line, row.what);
    }
    if list.bad_rows > TOLD {
        say!(
            "and {} more",
            count((list.bad_rows - TOLD) as u64, "bad row")
        );
    }
}

fn format(kind: ListKind) -> ListFormat {
    match kind {
        ListKind::Citizenlab => ListFormat::Citizenlab,
        ListKind::Csv => ListFormat::Csv,
        ListKind::Urls => ListFormat::Urls,
        ListKind::Opml => ListFormat::Opml,
        ListKind::Bookmarks => ListFormat::Bookmarks,
        ListKind::Sitemap => ListFormat::Sitemap,
        ListKind::Urlwatch => ListFormat::Urlwatch,
        ListKind::UptimeKuma => ListFormat::UptimeKuma,
    }
}
