//! Which language a reader gets: asked for in the address, kept in a cookie, asked for by the
//! browser, configured.

use crate::model::settings::Language;

/// The first of these that names a language of ours.
#[must_use]
pub fn choose(
    query: Option<&str>,
    cookie: Option<&str>,
    accepted: Option<&str>,
    configured: Language,
) -> Language {
    query
        .and_then(|text| text.parse().ok())
        .or_else(|| cookie.and_then(|text| text.parse().ok()))
        .or_else(|| accepted.and_then(best_accepted))
        .unwrap_or(configured)
}

/// The language of ours that `Accept-Language` prefers.
fn best_accepted(header: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for part in header.split(',').take(50) {
        let mut fields = part.split(';').map(str::trim);
        let tag = fields.next().unwrap_or_default();
        let quality = fields
            .find_map(|field| field.strip_prefix("q="))
            .map_or(Some(1.0), |q| q.parse::<f32>().ok())
            .filter(|q| (0.0..=1.0).contains(q));
        let primary = tag
            .split('-')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let (Some(quality), Ok(language)) = (quality, primary.parse()) else {
            continue;
        };
        if quality > 0.0 && best.is_none_or(|(most, _)| quality > most) {
            best = Some((quality, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::settings::Language::{En, Ko, Zh};

    #[test]
    fn the_browser_is_heard_by_its_preference() {
        for (header, language) in [
            ("de-DE,de;q=0.9,ko;q=0.4,en;q=0.3", Some(Ko)),
            ("zh-TW", Some(Zh)),
            ("zh-HK;q=0.5, en;q=0.5", Some(Zh)),
            ("en;q=0, ko;q=0.1", Some(Ko)),
            ("en;q=x, fr", None),
            ("*", None),
            ("EN-us", Some(En)),
            ("", None),
        ] {
            assert_eq!(best_accepted(header), language, "{header}");
        }
    }

    #[test]
    fn the_address_counts_before_the_cookie() {
        assert_eq!(choose(Some("ko"), Some("zh"), Some("en"), En), Ko);
        assert_eq!(choose(Some("xx"), Some("zh"), Some("en"), En), Zh);
        assert_eq!(choose(None, None, Some("fr"), Ko), Ko);
    }
}
