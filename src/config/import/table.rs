//! Tables of addresses, as spreadsheets and citizenlab write them, and bare lists.

use super::row::{RawEntry, is_bare_host};
use super::{ImportError, ImportList, ListFormat, problem};

/// How many lines are read to distinguish a table without a header from a bare list.
const LOOKED_AT: usize = 50;
/// A row with more lines has a quotation mark that is never closed.
const MAX_LINES: u64 = 20;

const URL: [&str; 9] = [
    "url",
    "urls",
    "link",
    "address",
    "homepage",
    "title_url",
    "链接",
    "网址",
    "주소",
];
const NAME: [&str; 7] = [
    "name",
    "title",
    "label",
    "publication_title",
    "名称",
    "标题",
    "이름",
];
/// How many lines may precede the header of a table: its title, a date, an empty line.
const MAX_ABOVE: usize = 10;
const REMARK: [&str; 5] = ["notes", "note", "remark", "备注", "비고"];

/// The meaning of each column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Columns {
    url: usize,
    name: Option<usize>,
    level: Option<usize>,
    remark: Option<usize>,
}

/// The kind of table in a text.
pub(super) fn found(text: &str) -> Option<ListFormat> {
    if let Some((_, header)) = begin(text) {
        let tested = header.iter().any(|name| name == "category_code");
        return Some(if tested {
            ListFormat::Citizenlab
        } else {
            ListFormat::Csv
        });
    }
    let first = lines(text).next()?.1;
    if !is_address(first.split_whitespace().next()?) {
        return None;
    }
    let headless = delimiter_without_header(text).is_some();
    Some(if headless {
        ListFormat::Csv
    } else {
        ListFormat::Urls
    })
}

/// Reads a table.
pub(super) fn read(text: &str, list: &mut ImportList) -> Result<(), ImportError> {
    let begun = begin(text);
    let (above, named) = begun.map_or((0, None), |(above, names)| (above, Some(names)));
    let columns = named.as_deref().map_or_else(headless, columns);
    let text = after_lines(text, above);
    let delimiter = match named {
        Some(_) => delimiter(first_line(text)),
        None => delimiter_without_header(text).unwrap_or(b','),
    };
    // A space before a quotation mark would make the mark part of the field.
    let mark = format!("{} \"", char::from(delimiter));
    let text = &text.replace(&mark, &mark.replace(' ', ""));
    let mut reader = reader(text, delimiter);
    let mut record = csv::StringRecord::new();
    let mut is_header = named.is_some();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(e) => return Err(ImportError::Table(e.to_string())),
        }
        if std::mem::take(&mut is_header) {
            continue;
        }
        let from = record.position().map_or(0, |at| begins(text, at));
        let lines = reader.position().line().saturating_sub(from);
        let line = usize::try_from(from).unwrap_or_default() + above;
        let at = |column: Option<usize>| column.and_then(|c| record.get(c)).unwrap_or_default();
        let url = at(Some(columns.url));
        if lines > MAX_LINES {
            let message = format!("this row goes on for {lines} lines");
            list.refuse(line, &problem(message, "is a quotation mark not closed?"));
            continue;
        }
        if record.iter().all(|field| field.trim().is_empty()) || url.starts_with('#') {
            continue;
        }
        let entry = RawEntry {
            line,
            url,
            name: at(columns.name),
            level: at(columns.level),
            remark: at(columns.remark),
        };
        if !list.add(entry) {
            return Err(ImportError::TooLong);
        }
    }
}

/// Reads a bare list: one address per line, optionally followed by a name; `#` begins a remark.
pub(super) fn read_lines(text: &str, list: &mut ImportList) -> Result<(), ImportError> {
    for (line, text) in lines(text) {
        let (url, name) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        if goes_on(url, name) {
            let message = "an address with blanks in it, or a name behind it?";
            let help = "write %20 for a blank in an address, and two blanks before a name";
            list.refuse(line, &problem(message, help));
            continue;
        }
        let entry = RawEntry {
            line,
            url,
            name,
            ..RawEntry::default()
        };
        if !list.add(entry) {
            return Err(ImportError::TooLong);
        }
    }
    Ok(())
}

/// Whether the text after a space is probably the rest of the address: one space after a path,
/// followed by lower-case letters, digits or signs of addresses.
fn goes_on(url: &str, rest: &str) -> bool {
    let path = url.split_once("//").map_or(url, |(_, rest)| rest);
    let has_path = path
        .split_once('/')
        .is_some_and(|(_, path)| !path.is_empty());
    let of_address =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || " -_.~/?=&%+".contains(c);
    has_path
        && !rest.is_empty()
        && !rest.starts_with(char::is_whitespace)
        && rest.chars().all(of_address)
}

/// Lines that are neither empty nor remarks, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate();
    numbered
        .map(|(n, line)| (n + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// The line where a record begins: the parser skips empty lines before it silently.
fn begins(text: &str, at: &csv::Position) -> u64 {
    let from = usize::try_from(at.byte()).unwrap_or_default();
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let blank = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n'));
    at.line() + blank.filter(|b| **b == b'\n').count() as u64
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
}

/// Spreadsheets use `,`, `;` or a tab, depending on the country setting.
fn delimiter(line: &str) -> u8 {
    let count = |d: u8| line.bytes().filter(|b| *b == d).count();
    let most = [b',', b';', b'\t']
        .into_iter()
        .rev()
        .max_by_key(|d| count(*d));
    most.filter(|d| count(*d) > 0).unwrap_or(b',')
}

/// How many lines precede the header, and the names of the columns. Excel's `sep=;` is one of those
/// lines.
fn begin(text: &str) -> Option<(usize, Vec<String>)> {
    for (above, line) in text.lines().take(MAX_ABOVE + 1).enumerate() {
        if let Some(names) = header(line) {
            return Some((above, names));
        }
        if line
            .split([',', ';', '\t'])
            .any(|field| is_address(field.trim()))
        {
            return None;
        }
    }
    None
}

/// The text without its first lines.
fn after_lines(text: &str, lines: usize) -> &str {
    let mut rest = text;
    for _ in 0..lines {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest
}

/// The names of the columns, if the line has one for addresses.
fn header(line: &str) -> Option<Vec<String>> {
    let mut record = csv::StringRecord::new();
    reader(line, delimiter(line))
        .read_record(&mut record)
        .ok()?;
    let names: Vec<String> = record.iter().map(|f| f.trim().to_lowercase()).collect();
    let is_url = |name: &String| URL.contains(&name.as_str());
    names.iter().any(is_url).then_some(names)
}

fn columns(header: &[String]) -> Columns {
    let find = |names: &[&str]| header.iter().position(|h| names.contains(&h.as_str()));
    Columns {
        url: find(&URL).unwrap_or_default(),
        name: find(&NAME),
        level: find(&["level"]),
        remark: find(&REMARK),
    }
}

/// Without a header: the address, then its name.
fn headless() -> Columns {
    Columns {
        name: Some(1),
        ..Columns::default()
    }
}

/// The delimiter of a table without a header: its first lines all have the same number of fields,
/// more than one, with an address first. A single line is not enough, because addresses may contain
/// commas.
fn delimiter_without_header(text: &str) -> Option<u8> {
    let delimiter = delimiter(lines(text).next()?.1);
    let mut fields = None;
    let mut rows = 0;
    let mut record = csv::StringRecord::new();
    let mut reader = reader(text, delimiter);
    while rows < LOOKED_AT && reader.read_record(&mut record).ok()? {
        if record
            .get(0)
            .is_none_or(|f| f.trim().is_empty() || f.starts_with('#'))
        {
            continue;
        }
        let same = *fields.get_or_insert(record.len()) == record.len();
        if !same || record.len() < 2 || !is_address(record.get(0)?.trim()) {
            return None;
        }
        rows += 1;
    }
    (rows > 1).then_some(delimiter)
}

fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://") || is_bare_host(text)
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn taken(text: &str) -> ImportList {
        read(text.as_bytes(), None).unwrap()
    }

    fn urls(list: &ImportList) -> Vec<&str> {
        list.rows.iter().map(|r| r.url.as_str()).collect()
    }

    #[test]
    fn a_citizenlab_list() {
        let list = taken(
            "url,category_code,category_description,date_added,source,notes\n\
             http://www.cac.gov.cn/,GOVT,Government,2021-01-02,somebody,\"The regulator, in Beijing\"\n\
             ,GOVT,,,,\n",
        );
        assert_eq!(list.format, ListFormat::Citizenlab);
        assert_eq!(urls(&list), ["http://www.cac.gov.cn/"]);
        assert_eq!(list.rows[0].name, "www.cac.gov.cn");
        assert_eq!(list.rows[0].remark, "The regulator, in Beijing");
        assert_eq!((list.bad_rows, list.bad[0].line), (1, 3));
    }

    #[test]
    fn columns_are_found_by_name_in_any_order_and_any_spreadsheet() {
        let list = taken("Level;\"Name\";URL\ndata;\"甲; 乙\";a.cn\n\n;B;https://b.cn/\n");
        assert_eq!(urls(&list), ["https://a.cn/", "https://b.cn/"]);
        assert_eq!(list.rows[0].name, "甲; 乙");
        assert_eq!(list.rows[0].level, crate::model::Level::Data);
        assert_eq!(list.rows[1].line, 4);
        let tabs = taken("url\tname\nhttps://a.cn/?x=1,2\tA, of sorts\n");
        assert_eq!(urls(&tabs), ["https://a.cn/?x=1,2"]);
        let (gbk, _, _) = encoding_rs::GBK.encode("url,名称\nhttps://a.cn/,国家统计局与知网\n");
        assert_eq!(read(&gbk, None).unwrap().rows[0].name, "国家统计局与知网");
    }

    #[test]
    fn bare_lists_and_tables_without_a_header() {
        let bare = taken("# mine\nhttps://a.cn/?x=1,2\n\nb.cn  The second\n");
        assert_eq!(urls(&bare), ["https://a.cn/?x=1,2", "https://b.cn/"]);
        assert_eq!(
            (bare.rows[1].line, bare.rows[1].name.as_str()),
            (4, "The second")
        );
        let table = taken("https://a.cn/,A\nhttps://b.cn/,B\n");
        assert_eq!(table.rows[1].name, "B");
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_and_loses_nothing_silently() {
        let rest = "https://b.cn/,B\n".repeat(100);
        let list = taken(&format!("url,name\nhttps://a.cn/,\"A\n{rest}"));
        assert!(list.rows.is_empty());
        assert_eq!(list.bad[0].line, 2);
        assert!(
            list.bad[0].what.contains("quotation mark"),
            "{:?}",
            list.bad
        );
    }

    proptest::proptest! {
        #[test]
        fn any_table_is_read_or_refused(text in "(url|,|;|\"|\n|\r|http://a.cn/|<|\\PC| ){0,40}") {
            let _ = read(text.as_bytes(), None);
            for format in [ListFormat::Csv, ListFormat::Urls, ListFormat::Opml, ListFormat::Bookmarks] {
                if let Ok(list) = read(text.as_bytes(), Some(format)) {
                    proptest::prop_assert!(list.rows.iter().all(|r| !r.name.is_empty()));
                }
            }
        }
    }
}
