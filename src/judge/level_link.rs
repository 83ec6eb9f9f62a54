//! The link to the next level is in its place and leads elsewhere: to a login, a payment page, a
//! message box, nothing.
//!
//! A link is only compared with that of the last healthy page. Sites whose button always asks for a
//! login, or always opens a message box, are not affected.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use super::naming::{self, Named, PageTexts};
use super::page::DecodedPage;
use super::plan::ProbePlan;
use crate::model::fact::DivertedLinkState;
use crate::model::reference::Reference;
use crate::model::{Code, Fact};
use crate::text::blocks::fingerprint;
use crate::text::click_target::{ClickTarget, is_empty_address};
use crate::text::{alerts, clean};

/// How many links of a page are kept.
const MAX_KEPT: usize = 8;
/// How many characters of an address or a label are shown.
const MAX_SHOWN: usize = 120;
/// A number in an address with at least this many digits names a record.
const FEWEST_DIGITS: usize = 3;

/// Names in an address that ask for a login.
const LOGIN: &str = "login signin logon passport sso cas oauth oauth2 auth idp saml register regist signup \
    denglu account accounts authserver wayf shibboleth authorize tologin dologin";
/// Names in an address that ask for money.
const PAY: &str = "pay payment checkout cart buy purchase recharge topup pricing price prices subscribe \
    subscription vip plans membership shop basket";
/// Names that ask for either, when there is no file behind them.
const WEAK_LOGIN: &str = "member members user users uc ucenter usercenter acct my";
const WEAK_PAY: &str = "order orders";
/// Names in an address that leads to a file or a reader.
const FILE: &str = "pdf caj epub zip nh kdh djvu docx doc csv xlsx download downloads down dl \
    file files fulltext read reader view viewer epdf attachment";
/// Those of them that name no reader, which may be the page of a record.
const DOWNLOAD: &str = "pdf caj epub zip nh kdh djvu docx doc csv xlsx download downloads down dl \
    fulltext epdf attachment";
/// Words of labels that offer a file.
const OFFERS: [&str; 4] = ["下载", "下載", "다운로드", "ダウンロード"];
/// Names of handlers that open a message box.
const BOXES: &str =
    "alert dialog modal popup toast layer confirm login signin register vip buy pay tip";

/// The links no longer lead where they led.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DivertedLink {
    /// Where the links lead now, and where they led before.
    pub fact: Fact,
    /// The cause that the link states: a login, a payment.
    pub named: Option<Named>,
    /// The words of the message box that it opens.
    pub says: Option<String>,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq)]
enum Leads {
    To(String),
    /// It calls a script.
    Runs(String),
    Login,
    Pay,
    /// It opens a message box.
    Says,
    Nowhere,
}

/// Where the links to the next level lead that a reader can follow.
pub(super) fn open_ways(page: &DecodedPage<'_>, plan: &ProbePlan) -> Vec<String> {
    let mut open: Vec<String> = ways(page, plan)
        .iter()
        .filter_map(|way| match leads(way) {
            Leads::To(target) | Leads::Runs(target) => Some(target),
            _ => None,
        })
        .collect();
    open.sort_unstable();
    open.dedup();
    open.truncate(MAX_KEPT);
    open
}

/// Whether the page has links that lead nowhere now, while the known page had one that worked.
pub(super) fn find(
    page: &DecodedPage<'_>,
    plan: &ProbePlan,
    known: &Reference,
    address: &Url,
) -> Option<DivertedLink> {
    let ways = ways(page, plan);
    let there = page.tree()?.leads_to_any(&addresses(&known.open_ways));
    if ways.is_empty() || known.open_ways.is_empty() {
        return None;
    }
    let ids = ids(known, address);
    let is_open = |way: &ClickTarget| {
        let open = match leads(way) {
            Leads::To(target) => there || leads_on(&target, known, &ids),
            Leads::Runs(_) => true,
            Leads::Login | Leads::Pay | Leads::Says | Leads::Nowhere => there && !way.is_shut,
        };
        open && demand(way, known).is_none() && (there || !offers_a_part(way, known))
    };
    if ways.iter().any(is_open) {
        return None;
    }
    let way = ways.first()?;
    let earlier = known.open_ways.first()?;
    let (state, target) = state(way);
    let fact = Fact::LinkDiverted {
        label: clean::line(&way.label, MAX_SHOWN),
        state,
        target,
        earlier: clean::line(earlier, MAX_SHOWN),
    };
    Some(DivertedLink {
        fact,
        named: ways.iter().find_map(|way| cause(way, known)),
        says: ways.iter().find_map(says),
    })
}

/// Words of labels that offer a part of what there is.
const PARTS: &str = "试读|試讀|试看|試看|试阅|試閱|样章|樣章|样张|樣張|节选|節選|选读|先看|前(?:[0-9]+|[一二三四五六七八九十百]+)(?:页|頁|叶|葉|章|节)|部分内容|미리\\s?보기|맛보기|발췌|일부\\s?보기|試し読み|抜粋|\\bsample\\b|\\bexcerpts?\\b|look inside|\\bteaser\\b|\\bfirst (?:\\d+|few) pages\\b";

static PART: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("(?i){PARTS}")).ok());

/// Whether a link offers a part in words that the known page did not have.
fn offers_a_part(way: &ClickTarget, known: &Reference) -> bool {
    let says_so = |label: &str| PART.as_ref().is_some_and(|part| part.is_match(label));
    let print = fingerprint(&way.label);
    let is_new = print.is_some_and(|print| known.pieces.binary_search(&print).is_err());
    is_new && says_so(&way.label) && !known.link_labels.iter().any(|label| says_so(label))
}

/// The words in the code of a link that leads nowhere.
fn says(way: &ClickTarget) -> Option<String> {
    let is_box = matches!(leads(way), Leads::Says | Leads::Runs(_) | Leads::Nowhere);
    let code = [&way.script, &way.href].into_iter().flatten();
    let mut words = code.flat_map(|code| alerts::words_in_code(code));
    words.next().filter(|_| is_box)
}

/// Where a link leads, for a comparison with the known ones.
pub(super) struct LinkPlace {
    /// To this record.
    pub leads_on: bool,
    /// To a file or a reader.
    pub has_file: bool,
}

/// Where a link leads that no label closes: not to a login, a payment or a message box.
pub(super) fn place(way: &ClickTarget, known: &Reference, address: &Url) -> LinkPlace {
    let target = match leads(way) {
        Leads::To(target) if demand(way, known).is_none() => target,
        _ => String::new(),
    };
    let ids = ids(known, address);
    let names = names(&target);
    let mut all = names.iter().cloned().chain(values(&target));
    LinkPlace {
        leads_on: all.any(|name| ids.contains(&name)),
        has_file: is_among(&names, FILE),
    }
}

/// The links to the next level, as written.
pub(super) fn ways(page: &DecodedPage<'_>, plan: &ProbePlan) -> Vec<ClickTarget> {
    let Some(tree) = page.tree() else {
        return Vec::new();
    };
    let css = plan.level.iter().flat_map(|(_, list)| list);
    let selectors = css.filter_map(|css| css.selector.as_ref());
    selectors
        .flat_map(|selector| tree.links_of(selector))
        .collect()
}

/// Only addresses: a script call may be that of a counter, wherever the link leads.
fn addresses(ways: &[String]) -> Vec<String> {
    let is_address = |way: &&String| !way.contains(['(', ';']);
    ways.iter().filter(is_address).cloned().collect()
}

fn state(way: &ClickTarget) -> (DivertedLinkState, Option<String>) {
    let shown = |target: &String| Some(clean::line(target, MAX_SHOWN));
    match (&way.href, &way.script) {
        _ if way.is_shut => (DivertedLinkState::Shut, None),
        (Some(href), _) if !is_empty_address(href) => (DivertedLinkState::Leads, shown(href)),
        (_, Some(script)) => (DivertedLinkState::Runs, shown(script)),
        _ => (DivertedLinkState::Nowhere, None),
    }
}

fn leads(way: &ClickTarget) -> Leads {
    if way.is_shut {
        return Leads::Nowhere;
    }
    if way.script.as_deref().is_some_and(opens_a_box) {
        return Leads::Says;
    }
    let href = way.href.as_deref().filter(|href| !is_empty_address(href));
    if let Some(href) = href {
        return of_address(href);
    }
    if opens_a_box(&way.data) {
        return Leads::Says;
    }
    let script = way
        .script
        .as_deref()
        .filter(|script| runs_something(script));
    match script {
        Some(script) => Leads::Runs(script.to_owned()),
        // A script may use these attributes.
        None if !way.data.is_empty() => Leads::Runs(way.data.clone()),
        None => Leads::Nowhere,
    }
}

fn of_address(href: &str) -> Leads {
    let script = href.strip_prefix("javascript:");
    if let Some(script) = script {
        return if opens_a_box(script) {
            Leads::Says
        } else {
            Leads::Runs(script.to_owned())
        };
    }
    if href.starts_with('#') {
        return if opens_a_box(href) {
            Leads::Says
        } else {
            Leads::To(href.to_owned())
        };
    }
    let names = names(href);
    let has = |list: &str| is_among(&names, list);
    let is_file = has(FILE);
    if has(LOGIN) {
        Leads::Login
    } else if has(PAY) || has(WEAK_PAY) && !is_file {
        Leads::Pay
    } else if has(WEAK_LOGIN) && !is_file {
        Leads::Login
    } else {
        Leads::To(href.to_owned())
    }
}

/// What the address of a link asks for: a login, a payment.
pub(super) fn demanded_by(target: &str) -> Option<Code> {
    match of_address(target) {
        Leads::Login => Some(Code::SiteLogin),
        Leads::Pay => Some(Code::SitePaywall),
        _ => None,
    }
}

/// Whether an address leads to a file or a reader, by its names.
pub(super) fn names_file(target: &str) -> bool {
    is_among(&names(target), FILE)
}

/// Whether an address leads to a file and to no page, by its names.
pub(super) fn names_download(target: &str) -> bool {
    is_among(&names(target), DOWNLOAD)
}

/// Whether a label offers a file.
pub(super) fn says_file(label: &str) -> bool {
    is_among(&words(label), FILE) || OFFERS.iter().any(|offer| label.contains(offer))
}

/// `return false;` runs nothing.
fn runs_something(script: &str) -> bool {
    let code = script.trim().trim_start_matches("javascript:");
    !is_empty_address(&format!("javascript:{code}"))
}

fn opens_a_box(code: &str) -> bool {
    let words = words(code);
    is_among(&words, BOXES)
}

/// Whether one of the words is in a list.
fn is_among(words: &[String], list: &str) -> bool {
    list.split(' ')
        .any(|listed| words.iter().any(|word| word == listed))
}

/// The names in an address's path and in its host's first label, in lower case.
fn names(href: &str) -> Vec<String> {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    // Of a host only the first label: `passport.example.cn`, but not `www.cas.cn`.
    let of_host = |(_, rest): (&str, &str)| {
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        format!("{}/{path}", host.split('.').next().unwrap_or_default())
    };
    let path = &path
        .split_once("//")
        .map_or_else(|| path.to_owned(), of_host);
    let parts = path.split(|c: char| !c.is_ascii_alphanumeric());
    let whole = parts.map(str::to_ascii_lowercase);
    let mut names = words(path);
    names.extend(whole.filter(|part| !part.is_empty()));
    names
}

/// `needLogin_now` has three words.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in text.chars() {
        let begins = c.is_ascii_uppercase() && small;
        if !c.is_ascii_alphanumeric() || begins {
            words.push(String::new());
        }
        if c.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
        small = c.is_ascii_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether an address still leads to a similar place as the known links: to this record, or to a
/// file.
fn leads_on(target: &str, known: &Reference, ids: &BTreeSet<String>) -> bool {
    let like = known
        .open_ways
        .iter()
        .any(|way| shape(way) == shape(target));
    let names = names(target);
    let is_file = is_among(&names, FILE);
    let of_record = names
        .iter()
        .chain(&values(target))
        .any(|name| ids.contains(name));
    like || is_file || of_record || target.starts_with('#')
}

/// The pattern of an address without its numbers: its host, its first name, and its number of
/// names.
fn shape(target: &str) -> (String, usize) {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let first = path
        .split('/')
        .find(|part| !part.is_empty())
        .unwrap_or_default();
    let first = first.chars().filter(|c| !c.is_ascii_digit()).collect();
    (
        first,
        path.split('/').filter(|part| !part.is_empty()).count(),
    )
}

/// The values of an address's query that are not addresses themselves.
fn values(target: &str) -> Vec<String> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let values = pairs.map(|(_, value)| value.to_lowercase());
    values
        .filter(|value| !value.contains('/'))
        .flat_map(|value| words(&value))
        .collect()
}

/// What identifies this record in the address of its page and in the known links.
fn ids(known: &Reference, address: &Url) -> BTreeSet<String> {
    let own = std::iter::once(address.as_str());
    let all = own.chain(known.open_ways.iter().map(String::as_str));
    let digits = |word: &String| word.bytes().filter(u8::is_ascii_digit).count() >= FEWEST_DIGITS;
    all.flat_map(|target| names(target).into_iter().chain(values(target)))
        .filter(digits)
        .collect()
}

/// What the label demands, if the known page did not demand it.
fn demand(way: &ClickTarget, known: &Reference) -> Option<Named> {
    let print = fingerprint(&way.label)?;
    if known.pieces.is_empty() || known.pieces.binary_search(&print).is_ok() {
        return None;
    }
    let said = [way.label.clone()];
    let named = naming::name(&PageTexts {
        alerts: &said,
        ..PageTexts::default()
    })?;
    let demands = [
        Code::SiteLogin,
        Code::SitePhone,
        Code::SitePaywall,
        Code::SiteNotEntitled,
        Code::SiteGeoBlock,
    ];
    demands.contains(&named.code).then_some(named)
}

fn cause(way: &ClickTarget, known: &Reference) -> Option<Named> {
    if let Some(named) = demand(way, known) {
        return Some(named);
    }
    let boxes = alerts::alerts(way.script.as_deref().unwrap_or_default());
    let said = naming::name(&PageTexts {
        alerts: &boxes,
        ..PageTexts::default()
    });
    if said.is_some() {
        return said;
    }
    let code = match leads(way) {
        Leads::Login => Code::SiteLogin,
        Leads::Pay => Code::SitePaywall,
        Leads::Says => {
            let code = |text: &Option<String>| text.clone().unwrap_or_default();
            let script = format!("{} {} {}", code(&way.script), code(&way.href), way.data);
            let words = words(&script);
            match (is_among(&words, LOGIN), is_among(&words, PAY)) {
                (true, _) => Code::SiteLogin,
                (_, true) => Code::SitePaywall,
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(Named {
        code,
        phrase: match state(way) {
            (_, Some(target)) => clean::line(&format!("{} ({target})", way.label), MAX_SHOWN * 2),
            (_, None) => clean::line(&way.label, MAX_SHOWN * 2),
        },
        bare: false,
    })
}
