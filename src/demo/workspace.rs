//! The demo's workspace: ordinary files that also serve as examples.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::cited;
use super::elsewhere;
use super::error::DemoError;
use super::links::REPORT;
use super::sites::Sites;
use super::story::{EVERY, Site, VANTAGES};

/// The signatures for the demo's pages: the shipped files.
const SHIPPED: include_dir::Dir<'_> =
    include_dir::include_dir!("$CARGO_MANIFEST_DIR/probes/signatures");

/// Writes configuration, probes, signatures and the authority into `dir`, which is empty or new.
pub fn write(dir: &Path, sites: &Sites) -> Result<(), DemoError> {
    let taken = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some());
    if taken {
        return Err(DemoError::NotEmpty(dir.to_owned()));
    }
    put(dir, "config/accesswatch.toml", &configuration(sites))?;
    put(dir, "config/demo-authority.pem", sites.ca_pem())?;
    let (review, customs) = (sites.origin(Site::Review), sites.origin(Site::Customs));
    put(dir, REPORT, &cited::report(&review, &customs))?;
    let secret = uuid::Uuid::now_v7().simple().to_string();
    for (file, text) in elsewhere::files(&secret) {
        put(dir, &file.to_string_lossy(), &text)?;
    }
    for (file, text) in sources(sites) {
        put(dir, &format!("probes/demo/{file}.toml"), &text)?;
    }
    for file in SHIPPED.files() {
        if let (Some(name), Some(text)) = (
            file.path().file_name().and_then(|n| n.to_str()),
            file.contents_utf8(),
        ) {
            put(dir, &format!("probes/signatures/{name}"), text)?;
        }
    }
    Ok(())
}

fn put(dir: &Path, file: &str, text: &str) -> Result<(), DemoError> {
    let path = dir.join(file);
    let wrong = |source| DemoError::Write {
        path: path.clone(),
        source,
    };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(wrong)?;
    }
    fs::write(&path, text).map_err(wrong)
}

fn configuration(sites: &Sites) -> String {
    let mut text = format!(
        "# Written by `accesswatch demo`: the sites were on loopback and are gone; the records stay.\n\
         [store]\npath = \"data/accesswatch.db\"\n\n\
         [schedule]\ntimezone = \"Asia/Shanghai\"\ndefault = \"0 */{EVERY} * * *\"\njitter = \"0s\"\n\n\
         [politeness]\ncontact = \"demo@example.org\"\nper_host_interval = \"0s\"\ntimeout = \"5s\"\n\n\
         [links]\nevery = \"20h\"\ndoubtful = \"20h\"\nper_domain_interval = \"0s\"\nprivate = true\n\
         vantages = [\"seoul\", \"berlin\"]\n\n\
         [alerts]\nfrom = \"accesswatch <accesswatch@example.org>\"\ntransport = \"folder:data/outbox\"\n\n\
         [[alerts.to]]\naddress = \"Librarian <librarian@example.org>\"\nlanguage = \"en\"\n\
         sources = [\"*\"]\non = [\"regression\", \"recovery\", \"improvement\", \"vantage\", \"links\"]\ndigest = \"0 8 * * *\"\n"
    );
    let controls = [Site::ControlOne, Site::ControlTwo]
        .map(|s| format!("\"{}/\"", sites.origin(s)))
        .join(", ");
    for vantage in VANTAGES {
        let way = if vantage.id == elsewhere::AGENT.id {
            let (folder, file) = (elsewhere::FOLDER, elsewhere::TOKEN);
            format!("via = \"agent\"\ntoken = \"file:{folder}/{file}\"\n")
        } else {
            let [a, b, c, d] = vantage.address;
            format!(
                "via = \"direct\"\nbind = \"{a}.{b}.{c}.{d}\"\nca = \"config/demo-authority.pem\"\n"
            )
        };
        let _ = write!(
            text,
            "\n[[vantage]]\nid = \"{}\"\nname = \"{}\"\ncountry = \"{}\"\n{way}\
             network = \"campus\"\ncontrols = [{controls}]\n",
            vantage.id, vantage.name, vantage.country
        );
    }
    text
}

fn sources(sites: &Sites) -> Vec<(&'static str, String)> {
    vec![
        ("papers", papers(&sites.origin(Site::Papers))),
        ("market", market(&sites.origin(Site::Market))),
        (
            "customs",
            simple(
                ("customs", "Demo Customs Statistics", "示范海关统计"),
                ("tables", "Table of imports and exports", "data"),
                &sites.origin(Site::Customs),
                "contains = [\"进出口商品总值表\"]\nselect = [\".tables\"]",
            ),
        ),
        (
            "court",
            simple(
                ("court", "Demo Court Judgments", "示范裁判网"),
                ("judgment", "A judgment", "fulltext"),
                &sites.origin(Site::Court),
                "contains = [\"本院认为\"]\nselect = [\".PDF_title\"]",
            ),
        ),
        ("statistics", statistics(&sites.origin(Site::Statistics))),
        (
            "registry",
            simple(
                ("registry", "Demo Company Registry", "示范企业公示"),
                ("home", "Home page", "home"),
                &sites.origin(Site::Registry),
                "title = [\"企业信用信息公示\"]\nselect = [\"#keyword\"]",
            ),
        ),
        (
            "law",
            simple(
                ("law", "Demo Law Database", "示范法律库"),
                ("home", "Home page", "home"),
                &sites.origin(Site::Law),
                "title = [\"法律法规数据库\"]",
            ),
        ),
    ]
}

fn head((id, name, name_zh): (&str, &str, &str), origin: &str) -> String {
    format!(
        "[source]\nid = \"{id}\"\nname = \"{name}\"\nname_zh = \"{name_zh}\"\ngroup = \"demo\"\n\
         homepage = \"{origin}/\"\naccess = \"public\"\nnote = \"A stand-in on loopback.\"\n"
    )
}

fn simple(
    source: (&str, &str, &str),
    (id, name, level): (&str, &str, &str),
    origin: &str,
    expect: &str,
) -> String {
    format!(
        "{}\n[[probe]]\nid = \"{id}\"\nname = \"{name}\"\nlevel = \"{level}\"\nurl = \"{origin}/\"\n\n\
         [probe.expect]\nstatus = [200]\n{expect}\n",
        head(source, origin)
    )
}

fn papers(origin: &str) -> String {
    let mut text = head(("papers", "Demo Papers", "示范论文网"), origin);
    text += "alternatives = [\"the printed copy, by interlibrary loan\"]\n";
    for (id, name, sibling) in [
        ("journal", "Journal article", "thesis"),
        ("thesis", "Dissertation record", "journal"),
    ] {
        let _ = write!(
            text,
            "\n[[probe]]\nid = \"{id}\"\nname = \"{name}\"\nlevel = \"abstract\"\nurl = \"{origin}/{id}/1\"\n\
             sibling = \"papers/{sibling}\"\n\n[probe.expect]\nstatus = [200]\ncontains = [\"摘要\"]\n\
             select = [\".wx-tit > h1\"]\n\n[probe.expect.level]\nfulltext = [\"#pdfDown\"]\n"
        );
    }
    text
}

fn market(origin: &str) -> String {
    format!(
        "{}\n[[probe]]\nid = \"quotes\"\nname = \"Daily net purchases\"\nlevel = \"api\"\nurl = \"{origin}/quotes.json\"\n\n\
         [probe.expect]\nstatus = [200]\ntype = \"application/json\"\n\n\
         [probe.value.rows]\njson_path = \"$.data[*].date\"\nas = \"count\"\nmin = 1\n\n\
         [probe.value.latest]\njson_path = \"$.data[*].date\"\nas = \"date\"\nformat = \"%Y-%m-%d\"\nmax_age = \"3d\"\n\n\
         [probe.value.nulls]\njson_path = \"$.data[*].net_buy\"\nas = \"null_share\"\nmax = 0.5\n",
        head(("market", "Demo Market Data", "示范行情"), origin)
    )
}

fn statistics(origin: &str) -> String {
    format!(
        "{}\n[[probe]]\nid = \"releases\"\nname = \"List of releases\"\nlevel = \"data\"\nurl = \"{origin}/sj/zxfb/\"\n\n\
         [probe.expect]\nstatus = [200]\nselect = [\".list-content a\"]\n\n\
         [probe.value.newest]\nselect = \".list-content .date\"\nas = \"date\"\nformat = \"%Y-%m-%d\"\nmax_age = \"4d\"\n",
        head(
            ("statistics", "Demo Statistics Bureau", "示范统计局"),
            origin
        )
    )
}
