//! How much a page shows, without reading all of a long one.

use super::html::{Scan, VisiblePage};
use super::normalise::for_matching;
use super::token::Tokens;

/// More characters than can join across the place where reading stops.
const JOINING: usize = 64;

/// What a page shows, as [`super::html::read`] has it; `None` when its text has more than `most`
/// characters. A long page is read no further than needed.
pub(super) fn at_most(html: &str, most: usize) -> Option<VisiblePage> {
    let mut scan = Scan::default();
    let mut next_look = most;
    for token in Tokens::new(html) {
        scan.token(&token);
        let shown = &scan.body.out;
        if shown.len() > next_look {
            if for_matching(shown).chars().count() > most + JOINING {
                return None;
            }
            next_look = 2 * shown.len();
        }
    }
    Some(scan.end()).filter(|page| page.text.chars().count() <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::html;
    use proptest::prelude::*;

    fn is_longer(html: &str, most: usize) -> bool {
        at_most(html, most).is_none()
    }

    #[test]
    fn hidden_text_and_markup_do_not_count() {
        let hidden = format!(
            "<div hidden>{}</div><script>{0}</script>短",
            "长".repeat(900)
        );
        assert!(!is_longer(&hidden, 600));
        assert!(is_longer(&"<p>长".repeat(700), 600));
        assert!(!is_longer("", 0));
        assert!(is_longer("一", 0));
    }

    proptest! {
        /// The same answer as from the whole page, around the limit and with what NFKC changes.
        #[test]
        fn agrees_with_the_whole_page(
            piece in "[中a ｱ\u{301}\u{1100}\u{1161}\u{11a8}\u{fdfa}´]{1,6}",
            times in 0_usize..60,
            tag in prop::sample::select(vec!["<p>", "", "<b>", "<div hidden>", "</div>"]),
        ) {
            let page = format!("{tag}{piece}").repeat(times);
            let shown = html::read(&page).text.chars().count();
            for most in [0, 5, 40, 100, shown.saturating_sub(1), shown, shown + 1] {
                prop_assert_eq!(is_longer(&page, most), shown > most, "{} of {}", most, shown);
            }
        }
    }
}
