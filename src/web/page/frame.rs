//! What stands around every page: title, navigation, languages, who is signed in.

use super::context::PageContext;
use crate::i18n::dates;
use crate::i18n::mail::texts;
use crate::i18n::pages::PageText;
use crate::model::incident::BrowserResult;
use crate::model::settings::Language;
use crate::web::assets::assets;
use crate::web::role::Role;
use crate::web::visit::Visit;

/// A place in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Today,
    Sources,
    Matrix,
    Incidents,
    Vantages,
    Documents,
    Reports,
    Method,
    /// None of the navigation.
    Elsewhere,
}

/// In the navigation once a document is imported.
const DOCUMENTS: &str = "/documents";

const SECTIONS: &[(Section, &str, PageText)] = &[
    (Section::Today, "/", PageText::NavToday),
    (Section::Sources, "/sources", PageText::NavSources),
    (Section::Matrix, "/matrix", PageText::NavMatrix),
    (Section::Incidents, "/incidents", PageText::NavIncidents),
    (Section::Vantages, "/vantages", PageText::NavVantages),
    (Section::Documents, DOCUMENTS, PageText::NavDocuments),
    (Section::Reports, "/reports", PageText::NavReports),
    (Section::Method, "/method", PageText::NavMethod),
];

/// Languages by their own names.
const LANGUAGES: &[(Language, &str)] = &[
    (Language::En, "English"),
    (Language::Ko, "한국어"),
    (Language::Zh, "中文"),
];

/// Stands for the time in a text that the script fills.
const SCRIPT_TIME: &str = "%TIME%";

/// A link of the frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameLink {
    pub href: String,
    pub text: String,
    /// The language of the text, where it is another.
    pub tag: &'static str,
    pub is_current: bool,
}

/// A piece of a text, in words or as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodedText {
    pub text: String,
    pub is_code: bool,
}

/// The frame.
#[derive(Debug, Clone)]
pub struct Frame {
    language: Language,
    pub tag: &'static str,
    pub title: String,
    pub style: &'static str,
    pub script: &'static str,
    pub icon: &'static str,
    pub nav: Vec<FrameLink>,
    pub languages: Vec<FrameLink>,
    pub demonstration: Option<String>,
    /// The word of the form that signs out.
    pub csrf: Option<String>,
    /// Whether a sign-in is offered.
    pub may_sign_in: bool,
}

impl Frame {
    /// The frame of a page; `can_sign_in` when there is a token.
    pub fn new(visit: &Visit, title: &str, current: Section, can_sign_in: bool) -> Self {
        let language = visit.language;
        let has_role = visit.role > Role::Nobody;
        // Visitors see neither the vantages nor reports.
        let is_hidden = |section| {
            matches!(
                section,
                Section::Vantages | Section::Documents | Section::Reports
            )
        };
        let is_shown =
            |section: Section| has_role && (!is_hidden(section) || visit.role > Role::Visitor);
        let nav = SECTIONS.iter().filter(|(section, ..)| is_shown(*section));
        Self {
            language,
            tag: texts(language).tag,
            title: title.to_owned(),
            style: &assets().style.path,
            script: &assets().script.path,
            icon: &assets().icon.path,
            nav: nav
                .map(|(section, href, text)| FrameLink {
                    href: (*href).to_owned(),
                    text: text.text(language).to_owned(),
                    tag: "",
                    is_current: *section == current,
                })
                .collect(),
            languages: LANGUAGES
                .iter()
                .map(|(other, name)| FrameLink {
                    href: visit.in_language(*other),
                    text: (*name).to_owned(),
                    tag: texts(*other).tag,
                    is_current: *other == language,
                })
                .collect(),
            demonstration: None,
            csrf: visit.csrf.clone(),
            may_sign_in: can_sign_in && visit.session.is_none(),
        }
    }

    /// Leaves the documents out of the navigation, unless there are any.
    pub fn show_documents(&mut self, has_documents: bool) {
        if !has_documents {
            self.nav.retain(|link| link.href != DOCUMENTS);
        }
    }

    /// The frame of a page that shows what the store holds.
    pub fn in_context(context: &PageContext<'_>, title: &str, current: Section) -> Self {
        let can_sign_in = context.config.sessions.has_tokens();
        let mut frame = Self::new(context.visit, title, current, can_sign_in);
        frame.show_documents(context.snapshot.has_documents);
        frame.demonstration = context.snapshot.demonstration.map(|span| {
            let (from, to) = (span.from.date_naive(), span.until.date_naive());
            let (from, to) = dates::span(context.language(), from, to);
            let values = [("from", from.as_str()), ("to", to.as_str())];
            context.fill(PageText::DemoLine, &values)
        });
        frame
    }

    /// A text without placeables.
    pub fn say(&self, text: PageText) -> &'static str {
        text.text(self.language)
    }

    /// A text with one placeable.
    pub fn fill(&self, text: PageText, name: &str, value: &str) -> String {
        text.fill(self.language, &[(name, value)])
    }

    /// What a person may answer about a page, in the words of a form.
    pub fn answers(&self) -> [(&'static str, &'static str); 3] {
        [
            (BrowserResult::Ok, PageText::ActWorks),
            (BrowserResult::Partial, PageText::ActPartial),
            (BrowserResult::Refused, PageText::ActRefused),
        ]
        .map(|(answer, text)| (answer.as_str(), self.say(text)))
    }

    /// A text for the script, which puts the time in.
    pub fn for_script(&self, text: PageText) -> String {
        text.fill(self.language, &[("time", SCRIPT_TIME)])
    }

    /// A text whose back-quoted parts are typed.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    pub fn coded(&self, text: &str) -> Vec<CodedText> {
        let parts = text.split('`').enumerate();
        parts
            .filter(|(_, part)| !part.is_empty())
            .map(|(at, part)| CodedText {
                text: part.to_owned(),
                is_code: at % 2 == 1,
            })
            .collect()
    }
}
