//! Made-up pages of many kinds (`tests/testdata/drafts/`), and what becomes of each. The page is a
//! template that is filled with rows, dates around today and figures; a case changes the template
//! or the filling.

use chrono::{Datelike, Days, Months, NaiveDate};
use regex::Regex;
use serde::Deserialize;

/// Words for the rows; no two rows of a page are alike.
const SUBJECTS: [&str; 8] = [
    "清代河工",
    "城市更新",
    "数字档案",
    "乡村教育",
    "海洋贸易",
    "农业保险",
    "家族企业",
    "古籍修复",
];
const OBJECTS: [&str; 7] = [
    "的制度变迁",
    "与区域经济",
    "的量化分析",
    "研究述评",
    "的地方实践",
    "政策效果评估",
    "史料新证",
];
const NAMES: [&str; 9] = [
    "陈思齐",
    "罗望舒",
    "叶知秋",
    "冯既白",
    "孟南山",
    "苏九如",
    "蒋云开",
    "贺兰溪",
    "丁若谷",
];
const PLACES: [&str; 8] = [
    "临江", "安原", "河阳", "云岭", "东陵", "宁川", "白沙", "青浦",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    #[serde(skip)]
    pub name: String,
    pub path: String,
    #[serde(default = "html")]
    pub r#type: String,
    pub site: String,
    #[serde(default)]
    pub top: String,
    #[serde(default)]
    pub foot: String,
    #[serde(default)]
    pub title: String,
    pub page: String,
    #[serde(default)]
    pub row: String,
    #[serde(default)]
    pub count: usize,
    /// The text between two rows.
    #[serde(default)]
    pub sep: String,
    /// Days from one row back to the next; `unit = "month"` counts months.
    #[serde(default)]
    pub step: u64,
    #[serde(default)]
    pub unit: String,
    pub case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub id: String,
    pub expect: Expected,
    pub title: Option<String>,
    pub page: Option<String>,
    pub row: Option<String>,
    pub count: Option<usize>,
    pub type_after: Option<String>,
    /// Days by which all dates are moved back.
    #[serde(default)]
    pub shift: u64,
    /// Selects other rows and figures.
    #[serde(default)]
    pub seed: usize,
    /// Regular expressions and their replacements, for all matches in the template and in its row.
    #[serde(default)]
    pub edit: Vec<(String, String)>,
    /// The same in the filled page, for the first `times` matches.
    #[serde(default)]
    pub edit_page: Vec<(String, String)>,
    #[serde(default = "once")]
    pub times: usize,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Expected {
    Incident,
    Quiet,
}

fn html() -> String {
    "text/html; charset=utf-8".to_owned()
}

fn once() -> usize {
    1
}

/// Every kind of page, by file name in a folder of `tests/testdata`.
pub fn kinds(folder: &str) -> Vec<Kind> {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/testdata")
        .join(folder);
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|x| x == "toml"));
    files.sort();
    let kind = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let mut kind: Kind =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        kind.name = path.file_stem().unwrap().to_string_lossy().into_owned();
        kind
    };
    files.into_iter().map(kind).collect()
}

impl Kind {
    /// The healthy page.
    pub fn healthy(&self, today: NaiveDate) -> String {
        let rows = self.rows(&self.row, self.count, today, 0);
        self.filled(&self.page, &rows, &self.title, today, 0)
    }

    /// The page that a case describes.
    pub fn after(&self, case: &Case, today: NaiveDate) -> String {
        let today = today - Days::new(case.shift);
        let mut page = case.page.clone().unwrap_or_else(|| self.page.clone());
        let mut row = case.row.clone().unwrap_or_else(|| self.row.clone());
        for (pattern, by) in &case.edit {
            let regex = Regex::new(pattern).unwrap();
            let by = by.as_str();
            assert!(
                regex.is_match(&page) || regex.is_match(&row),
                "{}/{}: nothing matches {pattern}",
                self.name,
                case.id
            );
            page = regex.replace_all(&page, by).into_owned();
            row = regex.replace_all(&row, by).into_owned();
        }
        let count = case.count.unwrap_or(self.count);
        let rows = self.rows(&row, count, today, case.seed);
        let title = case.title.as_ref().unwrap_or(&self.title);
        let mut page = self.filled(&page, &rows, title, today, case.seed);
        for (pattern, by) in &case.edit_page {
            let regex = Regex::new(pattern).unwrap();
            assert!(
                regex.is_match(&page),
                "{}/{}: {pattern}",
                self.name,
                case.id
            );
            page = regex.replacen(&page, case.times, by.as_str()).into_owned();
        }
        page
    }

    /// The front page of its site.
    pub fn home(&self) -> String {
        let links: Vec<String> = SUBJECTS
            .iter()
            .map(|s| format!("<p><a href=\"/{}\">{s}专题</a></p>", s.len()))
            .collect();
        let links = links.concat();
        let body = format!("{{top}}<div class=\"portal\"><h2>欢迎</h2>{links}</div>{{foot}}");
        self.filled(&body, "", &self.site, chrono::Local::now().date_naive(), 0)
    }

    fn rows(&self, row: &str, count: usize, today: NaiveDate, seed: usize) -> String {
        let rows: Vec<String> = (0..count)
            .map(|n| {
                let back = self.step * u64::try_from(n).unwrap();
                let months = if self.unit == "month" {
                    u32::try_from(n).unwrap() + 1
                } else {
                    0
                };
                let day = today - Days::new(back) - Months::new(months);
                figures(row, n + seed, n + 1, day)
            })
            .collect();
        rows.join(&self.sep)
    }

    fn filled(&self, page: &str, rows: &str, title: &str, today: NaiveDate, seed: usize) -> String {
        let page = page
            .replace("{top}", &self.top)
            .replace("{foot}", &self.foot)
            .replace("{title}", title);
        figures(&page, 97 + seed, 1, today).replace("{rows}", rows)
    }
}

/// Fills a template: names and figures are made from `k`, and `n` is the position of the row.
fn figures(template: &str, k: usize, n: usize, day: NaiveDate) -> String {
    let figure = |factor: usize, modulus: usize| (k * factor + 31) % modulus + 100;
    let cents = |of: usize| format!("{}.{:02}", of / 100, of % 100);
    let words = format!(
        "{}{}",
        SUBJECTS[k % SUBJECTS.len()],
        OBJECTS[k % OBJECTS.len()]
    );
    let place = format!(
        "{}{}",
        PLACES[k % PLACES.len()],
        if (k / 8).is_multiple_of(2) {
            "市"
        } else {
            "州"
        }
    );
    let (year, month, date) = (day.year(), day.month(), day.day());
    let rfc = day.and_hms_opt(8, 0, 0).unwrap().and_utc().to_rfc2822();
    template
        .replace("{n}", &n.to_string())
        .replace("{v}", &cents(figure(7919, 89_989)))
        .replace("{v2}", &cents(figure(6007, 79_979)))
        .replace("{i}", &figure(5003, 9_973).to_string())
        .replace("{i2}", &figure(3001, 8_971).to_string())
        .replace("{w}", &words)
        .replace("{p}", NAMES[k % NAMES.len()])
        .replace("{c}", &place)
        .replace("{day}", &day.to_string())
        .replace("{today}", &day.to_string())
        .replace("{zh}", &format!("{year}年{month:02}月{date:02}日"))
        .replace("{ymd}", &format!("{year}{month:02}{date:02}"))
        .replace("{ym}", &format!("{year}-{month:02}"))
        .replace("{rfc}", &rfc)
}
