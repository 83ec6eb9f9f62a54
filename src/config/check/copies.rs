//! `[links.copies]` and `[[links.archive]]`.

use url::Url;

use crate::config::doc::{Problem, problem};
use crate::config::read;
use crate::config::secrets::Secrets;
use crate::config::table::{TomlTable, TomlValue};
use crate::model::copy::{ArchiveSettings, CopySettings, OwnCopies, SaveTarget, is_archive_today};

/// `links` is the table `[links]`.
pub(super) fn copies(links: &TomlTable<'_>, secrets: Secrets<'_>) -> CopySettings {
    let usual = CopySettings::default();
    let table = links.table("copies", "[links.copies]");
    let save = table.values("save", save_target);
    let key = |name: &'static str, target: SaveTarget| {
        let need = secrets.needs.of_copies(save.contains(&target));
        secrets.look_up(&table.value(name)?, need)
    };
    let named = archives(links);
    let settings = CopySettings {
        is_configured: named.is_some(),
        own: table.read("own", own).unwrap_or(usual.own),
        wayback: key("wayback", SaveTarget::Wayback),
        perma: key("perma", SaveTarget::Perma),
        perma_folder: table.read("perma_folder", read::line),
        wayback_api: table
            .read("wayback_api", read::http_url)
            .or(usual.wayback_api),
        perma_api: table.read("perma_api", read::http_url).or(usual.perma_api),
        archives: named.unwrap_or(usual.archives),
        save,
    };
    for (name, target) in [
        ("wayback", SaveTarget::Wayback),
        ("perma", SaveTarget::Perma),
    ] {
        if settings.save.contains(&target)
            && table.value(name).is_none()
            && let Some(save) = table.value("save")
        {
            let message = format!("saving to `{name}` needs a key");
            let help = format!(
                "add `{name} = \"env:{}_KEY\"`, or take `{name}` out",
                name.to_uppercase()
            );
            table.doc.fault(save.span(), problem(message, help));
        }
    }
    table.close();
    settings
}

fn own(value: &TomlValue<'_>) -> Result<OwnCopies, Problem> {
    match read::line(value)?.as_str() {
        "never" => Ok(OwnCopies::Never),
        "first" => Ok(OwnCopies::First),
        "changed" => Ok(OwnCopies::Changed),
        other => Err(problem(
            format!("{} does not say when copies are made", read::quote(other)),
            "write \"never\", \"first\" or \"changed\"",
        )),
    }
}

fn save_target(value: &TomlValue<'_>) -> Result<SaveTarget, Problem> {
    match read::line(value)?.as_str() {
        "wayback" => Ok(SaveTarget::Wayback),
        "perma" => Ok(SaveTarget::Perma),
        other => Err(problem(
            format!("{} is not an archive that saves pages", read::quote(other)),
            "write \"wayback\" or \"perma\"; copies of our own are made by `own`",
        )),
    }
}

/// `None` without any `[[links.archive]]`.
fn archives(links: &TomlTable<'_>) -> Option<Vec<ArchiveSettings>> {
    links.value("archive")?;
    let mut all: Vec<ArchiveSettings> = Vec::new();
    for table in links.tables("archive", "[[links.archive]]") {
        let name = table.need_at("name", "\"Wayback Machine\"", read::line);
        let timegate = table.need("timegate", "\"https://web.archive.org/web/\"", timegate);
        table.close();
        let (Some(name), Some(timegate)) = (name, timegate) else {
            continue;
        };
        if all.iter().any(|known| known.name == name.value) {
            let message = format!("the archive {} is there twice", read::quote(&name.value));
            table
                .doc
                .fault(name.span, problem(message, "give it another name"));
            continue;
        }
        all.push(ArchiveSettings {
            name: name.value,
            timegate,
        });
    }
    Some(all)
}

/// The address that the address of a link follows.
fn timegate(value: &TomlValue<'_>) -> Result<Url, Problem> {
    let url = read::http_url(value)?;
    if is_archive_today(&url) {
        return Err(problem(
            "this archive answers programs with a challenge, and is never asked",
            "take it out",
        ));
    }
    if url.fragment().is_some() {
        return Err(problem(
            "the address of a link cannot follow a fragment",
            "write the address up to where that of the link begins",
        ));
    }
    Ok(url)
}
