//! Addresses that say nothing: a token that the site gives each visitor anew. Where the entry that
//! cites one also names a DOI, the DOI is the link.

use std::collections::HashMap;

use url::Url;

use crate::model::document::ImportedCitation;

/// What identities by DOI begin with.
const DOI: &str = "doi:";

/// What places of bibliography entries begin with. A page or a line may hold several works.
const ENTRY: &str = "entry ";

/// Gives citations with an opaque address the link of the DOI that the same entry cites. An entry
/// with several DOIs does not say which one it is.
pub fn known_by_doi(citations: &mut [ImportedCitation]) {
    let mut dois: HashMap<String, Option<ImportedCitation>> = HashMap::new();
    let is_entry = |c: &ImportedCitation| c.place.starts_with(ENTRY);
    let is_doi = |c: &&ImportedCitation| is_entry(c) && c.identity.starts_with(DOI);
    for citation in citations.iter().filter(is_doi) {
        dois.entry(citation.place.clone())
            .and_modify(|known| {
                if known
                    .as_ref()
                    .is_some_and(|k| k.identity != citation.identity)
                {
                    *known = None;
                }
            })
            .or_insert_with(|| Some(citation.clone()));
    }
    let is_opaque = |c: &&mut ImportedCitation| is_entry(c) && is_opaque(&c.url);
    for citation in citations.iter_mut().filter(is_opaque) {
        if let Some(Some(doi)) = dois.get(&citation.place) {
            citation.identity.clone_from(&doi.identity);
            citation.url.clone_from(&doi.url);
            citation.host.clone_from(&doi.host);
            citation.alternative = None;
        }
    }
}

/// CNKI's `kcms2/article/abstract?v=`.
fn is_opaque(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    let is_cnki = host == "cnki.net" || host.ends_with(".cnki.net");
    let path = url.path().to_ascii_lowercase();
    let has_token = url.query_pairs().any(|(name, _)| name == "v");
    is_cnki && path.trim_end_matches('/') == "/kcms2/article/abstract" && has_token
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::identity;
    use crate::links::rules::LinkRules;

    fn citation(place: &str, written: &str) -> ImportedCitation {
        let target = identity::resolve(written, LinkRules::shipped(), &[]).unwrap();
        ImportedCitation {
            identity: target.identity,
            host: target.url.host_str().unwrap().to_owned(),
            url: target.url.into(),
            alternative: None,
            place: place.to_owned(),
            url_as_cited: written.to_owned(),
            fragment: None,
            title: None,
            quote: None,
            cited_on: None,
            occurrences: 1,
            copy: None,
        }
    }

    #[test]
    fn an_entry_with_a_doi_is_known_by_it_whatever_its_token() {
        let token = |v: &str| format!("https://kns.cnki.net/kcms2/article/abstract?v={v}");
        let mut all = [
            citation("entry a", "doi:10.1234/same"),
            citation("entry a", &token("1")),
            citation("entry b", &token("2")),
            citation("entry b", "https://doi.org/10.1234/SAME"),
            citation("entry c", &token("3")),
            citation("entry d", &token("4")),
            citation("entry d", "doi:10.1234/one"),
            citation("entry d", "doi:10.1234/two"),
            citation("entry a", "https://kns.cnki.net/kcms2/other?v=1"),
            citation("page 7", "doi:10.1234/other"),
            citation("page 7", &token("5")),
        ];
        known_by_doi(&mut all);
        let identity = |n: usize| all[n].identity.as_str();
        let doi = identity(0).to_owned();
        assert!(doi.starts_with(DOI), "{doi}");
        assert_eq!([identity(1), identity(2), identity(3)], [doi.as_str(); 3]);
        assert_eq!(all[2].host, "doi.org");
        assert_eq!(all[2].url_as_cited, token("2"));
        // A page cites several works: what stands beside a DOI is not that work.
        for n in [4, 5, 8, 10] {
            assert!(identity(n).starts_with("kns.cnki.net/"), "{}", identity(n));
        }
    }
}
