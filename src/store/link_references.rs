//! What links are compared with: references and quoted passages.

use std::collections::HashMap;

use crate::judge::drift::LinkReference;
use crate::model::Time;
use crate::store::error::StoreError;
use crate::store::handle::Store;
use crate::store::rows::link_references;
use crate::store::write::writer::Durability;
use crate::text::page_text::PageContent;

/// How many passages of one link are read.
const MAX_PASSAGES: usize = 32;

/// What was cited of a link, as the store knows it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CitedPage {
    pub passages: Vec<String>,
    pub reference: Option<LinkReference>,
    /// The newest page that differs from the reference.
    pub other: Option<PageContent>,
}

/// What a check found out about a link's page.
#[derive(Debug, Clone, PartialEq)]
pub enum PageFinding {
    /// A page that may serve as the reference.
    Reference(Box<LinkReference>),
    /// Whether the page changes by itself, as its second healthy check shows.
    Living(bool),
    /// The page differs from its reference so that it is shown.
    Differs(Box<PageContent>),
    /// The page is as it was cited.
    Same,
}

impl Store {
    /// What was cited of these links; links of which nothing is known are left out.
    pub async fn cited_pages(
        &self,
        links: Vec<i64>,
    ) -> Result<HashMap<i64, CitedPage>, StoreError> {
        self.with_reader(move |reader| {
            reader.read(|c| {
                let mut all = HashMap::new();
                for link in links {
                    let page = CitedPage {
                        passages: link_references::passages(c, link, MAX_PASSAGES)?,
                        reference: link_references::reference(c, link)?,
                        other: link_references::other(c, link)?.map(|(text, _)| text),
                    };
                    if page != CitedPage::default() {
                        all.insert(link, page);
                    }
                }
                Ok(all)
            })
        })
        .await
    }

    /// Keeps what checks at `at` found out about the pages of links, in one transaction.
    pub async fn keep_page_findings(
        &self,
        findings: Vec<(i64, PageFinding)>,
        at: Time,
    ) -> Result<(), StoreError> {
        if findings.is_empty() {
            return Ok(());
        }
        self.write(Durability::Soon, move |session| {
            let c = &session.connection;
            for (link, finding) in &findings {
                match finding {
                    PageFinding::Reference(reference) => {
                        link_references::put(c, *link, reference)?;
                    }
                    PageFinding::Living(is_living) => {
                        link_references::set_living(c, *link, *is_living)?;
                    }
                    PageFinding::Differs(text) => {
                        link_references::set_other(c, *link, Some(text), at)?;
                    }
                    PageFinding::Same => link_references::set_other(c, *link, None, at)?,
                }
            }
            Ok(())
        })
        .await
    }

    /// Makes the page of a link as it was last seen the reference; `false` when none was seen.
    pub async fn accept_page(&self, link: i64, at: Time) -> Result<bool, StoreError> {
        self.write(Durability::Now, move |session| {
            link_references::accept(&session.connection, link, at)
        })
        .await
    }

    /// The newest page of a link that differs from its reference, and when it was seen.
    pub async fn differing_page(
        &self,
        link: i64,
    ) -> Result<Option<(PageContent, Time)>, StoreError> {
        self.with_reader(move |reader| reader.read(|c| link_references::other(c, link)))
            .await
    }
}
