//! Links and buttons as a reader sees them: where one leads, what it says, and whether it is
//! usable.

use scraper::{ElementRef, Selector};

use super::clean;
use super::tree::Tree;

/// How many matching elements are read.
const MAX_WAYS: usize = 8;
/// How many elements inside one are searched for its link.
const MAX_WITHIN: usize = 16;
/// How many elements around one are searched for its link and its form.
const MAX_AROUND: usize = 2;
const MAX_TO_FORM: usize = 12;
/// How many elements around one are checked for hiding it.
const MAX_TO_HIDING: usize = 24;
/// How many characters of an address, a handler and a label are kept.
const MAX_TARGET: usize = 500;
const MAX_LABEL: usize = 120;

/// Attributes with an address for a script.
const ADDRESSES: [&str; 5] = [
    "data-href",
    "data-url",
    "data-link",
    "data-src",
    "data-file",
];

/// A link or a button.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClickTarget {
    /// The address of the link, of the button's form, or in an attribute for scripts.
    pub href: Option<String>,
    /// What a click runs.
    pub script: Option<String>,
    /// The values of other `data-` attributes, which a script may use.
    pub data: String,
    /// Its visible text.
    pub label: String,
    /// It is disabled or hidden.
    pub is_shut: bool,
}

impl Tree {
    /// The links and buttons that match.
    #[must_use]
    pub fn links_of(&self, selector: &Selector) -> Vec<ClickTarget> {
        let found = self.html().select(selector).take(MAX_WAYS);
        found.map(|element| way(&element)).collect()
    }
}

impl Tree {
    /// The links, buttons and fields of a page, at most `max`.
    #[must_use]
    pub fn controls(&self, max: usize) -> Vec<ClickTarget> {
        let is_control = |e: &ElementRef<'_>| matches!(e.value().name(), "a" | "button" | "input");
        let all = self.html().root_element().descendent_elements();
        all.filter(is_control).take(max).map(|e| way(&e)).collect()
    }
}

fn way(element: &ElementRef<'_>) -> ClickTarget {
    let within = || element.descendent_elements().take(MAX_WITHIN);
    let around = || {
        let links = element.ancestors().filter_map(ElementRef::wrap);
        links.take(MAX_AROUND).filter(|e| e.value().name() == "a")
    };
    let first = |name: &'static str| {
        let of = |e: ElementRef<'_>| e.attr(name).map(str::to_owned);
        within().chain(around()).find_map(of)
    };
    let address = || ADDRESSES.iter().find_map(|name| first(name));
    let href = first("href").filter(|href| !is_empty_address(href));
    let clean = |text: String| clean::line(text.trim(), MAX_TARGET);
    let full = |text: &String| !text.is_empty();
    ClickTarget {
        href: href
            .or_else(address)
            .or_else(|| first("formaction"))
            .or_else(|| form_of(element))
            .or_else(|| first("href"))
            .map(clean)
            .filter(full),
        script: first("onclick").map(clean).filter(full),
        data: clean::line(&data(element), MAX_TARGET),
        label: clean::line(&label(element), MAX_LABEL),
        is_shut: is_shut(element),
    }
}

/// Whether an address leads nowhere by itself.
#[must_use]
pub fn is_empty_address(href: &str) -> bool {
    let href = href.trim();
    let script = href.strip_prefix("javascript:").map(|code| {
        let code = code.trim().trim_end_matches(';').trim();
        code.is_empty() || code.starts_with("void") || code == "false" || code == "return false"
    });
    href.is_empty()
        || matches!(href, "#" | "#!" | "#none" | "#nogo" | "#void")
        || script == Some(true)
}

/// The target of the form that a button submits.
fn form_of(element: &ElementRef<'_>) -> Option<String> {
    let is_button = |e: &ElementRef<'_>| match e.value().name() {
        "button" => e
            .attr("type")
            .is_none_or(|t| t.eq_ignore_ascii_case("submit")),
        "input" => matches!(e.attr("type"), Some("submit" | "image")),
        _ => false,
    };
    let mut within = element.descendent_elements().take(MAX_WITHIN);
    if !within.any(|e| is_button(&e)) {
        return None;
    }
    let around = element.ancestors().filter_map(ElementRef::wrap);
    let form = around
        .take(MAX_TO_FORM)
        .find(|e| e.value().name() == "form")?;
    form.attr("action").map(str::to_owned)
}

fn data(element: &ElementRef<'_>) -> String {
    let within = element.descendent_elements().take(MAX_WITHIN);
    let values = within.flat_map(|e| {
        let attributes = e.value().attrs();
        attributes.filter(|(name, value)| name.starts_with("data-") && !value.trim().is_empty())
    });
    let shown: Vec<String> = values
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    shown.join(" ")
}

fn label(element: &ElementRef<'_>) -> String {
    let said: String = element.text().collect();
    if !said.trim().is_empty() {
        return said;
    }
    let names = ["value", "title", "aria-label", "alt"];
    let mut within = element.descendent_elements().take(MAX_WITHIN);
    let found = within.find_map(|e| names.iter().find_map(|name| e.attr(name)));
    found.unwrap_or_default().to_owned()
}

fn is_shut(element: &ElementRef<'_>) -> bool {
    let is_true = |value: &str| value.is_empty() || value.eq_ignore_ascii_case("true");
    let disabled = |e: &ElementRef<'_>| {
        e.attr("disabled").is_some()
            || e.attr("aria-disabled").is_some_and(is_true)
            || e.value().classes().any(is_class_of_disabled)
            || e.attr("style").is_some_and(takes_no_click)
    };
    let around = || element.ancestors().filter_map(ElementRef::wrap);
    disabled(element)
        || around().take(MAX_AROUND).any(|e| disabled(&e))
        || is_hidden(element)
        || around().take(MAX_TO_HIDING).any(|e| is_hidden(&e))
}

fn is_class_of_disabled(class: &str) -> bool {
    let class = class.to_ascii_lowercase();
    class == "disabled" || class.ends_with("-disabled") || class.ends_with("_disabled")
}

fn takes_no_click(style: &str) -> bool {
    compact(style).contains("pointer-events:none")
}

fn is_hidden(element: &ElementRef<'_>) -> bool {
    let by_style = |style: &str| {
        let style = compact(style);
        style.contains("display:none") || style.contains("visibility:hidden")
    };
    element.attr("hidden").is_some() || element.attr("style").is_some_and(by_style)
}

fn compact(style: &str) -> String {
    let chars = style.chars().filter(|c| !c.is_whitespace());
    chars.map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(html: &str) -> ClickTarget {
        let selector = Selector::parse(".x").unwrap();
        Tree::parse(html).links_of(&selector).swap_remove(0)
    }

    #[test]
    fn where_a_button_leads() {
        let leads =
            |html: &str, to: Option<&str>| assert_eq!(first(html).href.as_deref(), to, "{html}");
        leads("<a class=x href=/a.pdf>PDF</a>", Some("/a.pdf"));
        leads("<p class=x><i></i><a href=/a>PDF</a></p>", Some("/a"));
        leads("<a href=/a><b class=x>PDF</b></a>", Some("/a"));
        leads("<a class=x href=# data-url=/a.pdf>PDF</a>", Some("/a.pdf"));
        leads(
            "<form action=/get><p><button class=x>PDF</button></form>",
            Some("/get"),
        );
        leads(
            "<form action=/get><button type=button class=x>PDF</button></form>",
            None,
        );
        leads(
            "<a class=x href='javascript:void(0)'>PDF</a>",
            Some("javascript:void(0)"),
        );
        leads("<span class=x>PDF</span>", None);
        let way = first("<a class=x onclick='get(7)' data-id=7><img alt=PDF></a>");
        assert_eq!(
            (way.script.as_deref(), way.data.as_str()),
            (Some("get(7)"), "data-id=7")
        );
        assert_eq!(way.label, "PDF");
    }

    #[test]
    fn which_buttons_cannot_be_used() {
        for html in [
            "<button class=x disabled>a",
            "<a class=x aria-disabled=true>a",
            "<a class='x btn disabled' href=/a>a",
            "<div style='display: none'><a class=x href=/a>a</a></div>",
            "<p hidden><a class=x href=/a>a",
            "<a class=x href=/a style='pointer-events: none'>a",
        ] {
            assert!(first(html).is_shut, "{html}");
        }
        for html in [
            "<a class=x href=/a>a",
            "<a class='x enabled' aria-disabled=false>a",
        ] {
            assert!(!first(html).is_shut, "{html}");
        }
    }

    #[test]
    fn addresses_that_lead_nowhere() {
        for href in [
            "",
            "#",
            " # ",
            "javascript:;",
            "javascript:void(0);",
            "javascript:void 0",
        ] {
            assert!(is_empty_address(href), "{href}");
        }
        for href in ["/", "#top", "javascript:get(7)", "a"] {
            assert!(!is_empty_address(href), "{href}");
        }
    }
}
