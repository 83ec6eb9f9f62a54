//! What distinguishes this page from the other pages of its site: the name of the record or of the
//! list, in its title and in its text. The part of a title that names the site is also on the home
//! page, and proves nothing.

use regex::Regex;

use super::markers::stands_in_frame;
use crate::text::outline::Element;
use crate::text::title;
use crate::text::tree::Tree;

/// Characters that a name has: titles of papers in English are long.
const NAME: std::ops::RangeInclusive<usize> = 2..=240;
/// Headings that every record of a site has.
const SECTIONS: &[&str] = &[
    "abstract",
    "summary",
    "introduction",
    "references",
    "contents",
    "keywords",
    "摘要",
    "目录",
    "正文",
    "参考文献",
    "关键词",
    "简介",
    "详情",
];
/// Words of classes and ids that stand at a name.
const NAMES: &[&str] = &["title", "tit", "name", "headline", "subject"];
/// How many elements are searched for a name.
const MOST: usize = 3;
/// Names that pages state for programs.
const META: [&str; 2] = [
    r#"(?i)<meta[^>]+(?:name|property)=["']?(?:citation_title|og:title|dc\.title)["']?[^>]+content=["']([^"'<>&]+)"#,
    r#"(?i)<meta[^>]+content=["']([^"'<>&]+)["'][^>]+(?:name|property)=["']?(?:citation_title|og:title|dc\.title)\b"#,
];

/// The names of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Identity {
    /// The expectation for its title.
    pub title: Option<String>,
    /// The expectation for its text.
    pub text: Option<String>,
    /// The page has its own heading that says what it is.
    pub is_named: bool,
}

/// The part of a title that names the site: the last one without a digit.
pub(super) fn site(title: &str) -> Option<String> {
    let parts = title::parts(title);
    let plain = |part: &&&str| {
        (2..=60).contains(&part.chars().count()) && !part.chars().any(|c| c.is_ascii_digit())
    };
    parts.iter().rev().find(plain).map(|p| (**p).to_owned())
}

/// `is_home`: a home page is expected to show the name of the site.
pub(super) fn identity(
    title: &str,
    source: &str,
    elements: &[Element],
    tree: &Tree,
    is_home: bool,
) -> Identity {
    if is_home {
        return Identity {
            title: site(title),
            ..Identity::default()
        };
    }
    let stated = META.iter().find_map(|pattern| {
        let found = Regex::new(pattern).ok()?.captures(source)?;
        Some(found.get(1)?.as_str().trim().to_owned())
    });
    let shown = names(elements, tree);
    let parts = title::parts(title);
    let named = parts.iter().find_map(|part| {
        let names = stated.iter().chain(&shown).map(String::as_str);
        shared(part, names)
    });
    let text = shown
        .iter()
        .find_map(|text| {
            let part = named.filter(|part| text.contains(part));
            part.or_else(|| Some(core(text)))
        })
        .filter(|text| NAME.contains(&text.chars().count()));
    let first = named.or_else(|| first_of(&parts));
    // A name that the site's own name holds is in the title of every page.
    let is_common = |name: &str| {
        let holding = parts.iter().filter(|part| part.contains(name));
        holding.count() > 1
    };
    Identity {
        title: match first {
            Some(name) if is_common(name) => steady(title),
            first => first.and_then(steady),
        },
        text: text.and_then(steady),
        is_named: named.is_some() || !shown.is_empty(),
    }
}

/// The first part of a title that no heading repeats: sites write their own name last, or alone.
fn first_of<'t>(parts: &[&'t str]) -> Option<&'t str> {
    parts.iter().copied().find(|part| steady(part).is_some())
}

/// The headings of a page that are unique in their kind, then elements with a class for titles or
/// names.
fn names(elements: &[Element], tree: &Tree) -> Vec<String> {
    let only = |css: &str| {
        let selector = scraper::Selector::parse(css).ok()?;
        let mut texts = tree.texts(&selector, 2);
        let text = texts.pop().filter(|_| texts.is_empty())?;
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let mut found: Vec<String> = ["h1", "h2"]
        .iter()
        .filter(|name| {
            let mut all = elements
                .iter()
                .enumerate()
                .filter(|(_, e)| e.name == **name);
            all.next()
                .is_some_and(|(at, _)| !stands_in_frame(elements, at))
        })
        .filter_map(|name| only(name))
        .collect();
    let called = elements.iter().enumerate().filter(|(at, e)| {
        let mut own = e.classes.iter().chain(&e.id);
        // An element in every row names a row.
        own.any(|name| is_called_name(name) && is_only(elements, name))
            && !stands_in_frame(elements, *at)
    });
    let called = called.filter(|(_, e)| e.label.chars().count() >= 4 && e.chars < 40);
    found.extend(called.map(|(_, e)| e.label.clone()).take(1));
    let is_section = |text: &str| SECTIONS.contains(&core(text).to_lowercase().as_str());
    found.retain(|text| NAME.contains(&text.chars().count()) && !is_section(text));
    found.truncate(MOST);
    found
}

/// Whether a text is that of a link: the headline of the day, not the name of the page.
pub(super) fn is_item(text: &str, elements: &[Element]) -> bool {
    let text: String = text.split_whitespace().collect();
    let is_it = |e: &&Element| e.label.starts_with(&text) || text.starts_with(&e.label);
    let mut links = elements
        .iter()
        .filter(|e| e.name == "a" && !e.href.is_empty());
    links.any(|e| !e.label.is_empty() && is_it(&e))
}

fn is_only(elements: &[Element], name: &str) -> bool {
    let has = |e: &&Element| e.classes.iter().chain(&e.id).any(|own| own == name);
    elements.iter().filter(has).count() == 1
}

fn is_called_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.split(['-', '_']).any(|word| NAMES.contains(&word))
}

/// The common text of a part of the title and the first matching name: the shorter of both.
fn shared<'t>(part: &'t str, mut names: impl Iterator<Item = &'t str>) -> Option<&'t str> {
    let part = core(part);
    let name = names.find_map(|name| {
        let name = core(name);
        (name.contains(part) || part.contains(name)).then_some(name)
    })?;
    let shorter = if name.contains(part) { part } else { name };
    (shorter.chars().count() >= 2).then_some(shorter)
}

/// A text without the punctuation around it.
fn core(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The part of a text that stays from day to day: all of it, or the longest part between its
/// figures.
fn steady(text: &str) -> Option<String> {
    let parts = text.split(|c: char| c.is_ascii_digit()).enumerate();
    let (at, longest) = parts.max_by_key(|(_, part)| part.chars().count())?;
    let part = longest.trim_matches(|c: char| !c.is_alphanumeric());
    // Behind a figure they are units.
    let units: &[char] = if at > 0 { &['年', '月', '日'] } else { &[] };
    let part = part.trim_start_matches(units).trim();
    NAME.contains(&part.chars().count())
        .then(|| part.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::outline::outline;

    #[test]
    fn a_headline_is_no_name_of_a_page() {
        let is_item = |html: &str| is_item("要闻一则", &outline(&Tree::parse(html), 100));
        assert!(is_item("<h2><a href=/1>要闻 一则</a></h2>"));
        assert!(!is_item("<h2>要闻一则</h2><a href=/2>另一则</a>"));
    }

    fn found(title: &str, body: &str) -> (Option<String>, Option<String>) {
        let source = format!("<title>{title}</title>{body}");
        let tree = Tree::parse(&source);
        let found = identity(title, &source, &outline(&tree, 1000), &tree, false);
        (found.title, found.text)
    }

    fn both(title: &str, text: &str) -> (Option<String>, Option<String>) {
        (Some(title.to_owned()), Some(text.to_owned()))
    }

    #[test]
    fn the_part_of_a_title_that_names_this_page_is_expected() {
        for (title, body) in [
            ("宋代漕运研究 - 某知网", "<h1>宋代漕运研究</h1>"),
            ("某知网 :: 宋代漕运研究", "<h2>宋代漕运研究</h2>"),
            (
                "《宋代漕运研究》- 某知网",
                "<h1>宋代漕运研究 <i>认领</i></h1>",
            ),
            (
                "某知网 - 宋代漕运研究",
                "<p class=article-title>宋代漕运研究</p>",
            ),
        ] {
            assert_eq!(
                found(title, body),
                both("宋代漕运研究", "宋代漕运研究"),
                "{title}"
            );
        }
        let long = "Stepwise incision of tributary gullies on the southern Plateau during the last two centuries of farming";
        let body = format!("<h1>{long}</h1><h2>Abstract</h2>");
        assert_eq!(found(&format!("{long} | Annals"), &body), both(long, long));
        let (title, _) = found("公报_某市政府公报室", "<h2>公报</h2>");
        assert_eq!(title.as_deref(), Some("公报_某市政府公报室"));
        let stated = "<meta name=\"citation_title\" content=\"Shadow Bills\">";
        assert_eq!(
            found("IAMS | Shadow Bills", stated).0.as_deref(),
            Some("Shadow Bills")
        );
    }

    #[test]
    fn figures_of_the_day_are_left_out() {
        let (title, _) = found("江城日报 2026年11月29日 第01版：要闻", "");
        assert_eq!(title.as_deref(), Some("江城日报"));
        assert_eq!(
            found("3-1 地区生产总值", "").0.as_deref(),
            Some("地区生产总值")
        );
        assert_eq!(found("2026", "").0, None);
    }

    #[test]
    fn a_home_page_is_named_by_its_site() {
        let tree = Tree::parse("<h1>欢迎</h1>");
        let found = identity("首页 - 国家某局", "", &outline(&tree, 10), &tree, true);
        assert_eq!(found.title.as_deref(), Some("国家某局"));
        assert_eq!(site("Report 2026"), None);
    }
}
