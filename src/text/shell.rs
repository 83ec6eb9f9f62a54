//! Pages that are empty until a script has run.

/// Elements that a script fills: their page is the same for every address until it runs.
const SHELLS: &[&str] = &[
    "id=\"app\"",
    "id='app'",
    "id=app",
    "id=\"root\"",
    "id='root'",
    "id=root",
    "id=\"__next\"",
    "id=\"__nuxt\"",
];
/// A page with as many visible characters says something of its own.
const SHORT: usize = 300;

/// Whether a page has next to no text, and an element that a script is to fill. `text`: what a reader sees of `source`.
#[must_use]
pub fn is_shell(source: &str, text: &str) -> bool {
    text.chars().take(SHORT).count() < SHORT && SHELLS.iter().any(|shell| source.contains(shell))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_has_no_text_and_a_place_for_some() {
        let source = "<div id=\"app\"></div><script src=/a.js></script>";
        assert!(is_shell(source, ""));
        assert!(!is_shell(source, &"文".repeat(SHORT)));
        assert!(!is_shell("<div id=main></div>", ""));
    }
}
