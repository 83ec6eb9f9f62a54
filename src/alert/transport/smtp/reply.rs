//! What a mail server says: replies of one or more lines, and the features that it offers.

/// One reply: a code and the text of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpReply {
    pub code: u16,
    pub lines: Vec<String>,
}

impl SmtpReply {
    /// Whether the code is 2xx or 3xx.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        (200..400).contains(&self.code)
    }

    /// Whether the code is 4xx: another attempt may help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        (400..500).contains(&self.code)
    }

    /// All of its text as one line.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines.join(" ")
    }

    /// The code and the text.
    #[must_use]
    pub fn whole(&self) -> String {
        format!("{} {}", self.code, self.text())
    }

    /// The enhanced status code (RFC 3463) that the text begins with, such as `5.7.1`.
    #[must_use]
    pub fn enhanced(&self) -> Option<&str> {
        let word = self.lines.first()?.split_whitespace().next()?;
        let mut parts = word.split('.');
        let class = parts.next()?;
        let numbers: Vec<&str> = parts.collect();
        let sound = matches!(class, "2" | "4" | "5")
            && numbers.len() == 2
            && numbers
                .iter()
                .all(|n| (1..=3).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
        sound.then_some(word)
    }
}

/// The parts of a line: code, whether more lines follow, text. `None` when it is not a line of a
/// reply.
#[must_use]
pub fn parse_line(line: &str) -> Option<(u16, bool, &str)> {
    let code = line.get(..3)?;
    if !code.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let code: u16 = code.parse().ok().filter(|c| (200..600).contains(c))?;
    let rest = &line[3..];
    match rest.bytes().next() {
        None => Some((code, false, "")),
        Some(b' ') => Some((code, false, &rest[1..])),
        Some(b'-') => Some((code, true, &rest[1..])),
        Some(_) => None,
    }
}

/// The features that the server lists in its reply to EHLO.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EhloFeatures {
    pub starttls: bool,
    /// Log-in mechanisms, in upper case.
    pub auth: Vec<String>,
    pub smtputf8: bool,
    pub eight_bit: bool,
}

impl EhloFeatures {
    /// Parses the reply to EHLO; its first line is a greeting.
    #[must_use]
    pub fn from_reply(reply: &SmtpReply) -> Self {
        let mut features = Self::default();
        for line in reply.lines.iter().skip(1) {
            let line = line.trim().to_ascii_uppercase();
            let mut words = line.split([' ', '\t']).filter(|w| !w.is_empty());
            match words.next() {
                Some("STARTTLS") => features.starttls = true,
                Some("SMTPUTF8") => features.smtputf8 = true,
                Some("8BITMIME") => features.eight_bit = true,
                Some("AUTH") => features.offer(words),
                // The form from before RFC 4954, the only one that some servers use.
                Some(word) => {
                    if let Some(first) = word.strip_prefix("AUTH=") {
                        features.offer(std::iter::once(first).chain(words));
                    }
                }
                None => {}
            }
        }
        features
    }

    fn offer<'w>(&mut self, mechanisms: impl Iterator<Item = &'w str>) {
        for mechanism in mechanisms.filter(|m| !m.is_empty()) {
            if !self.auth.iter().any(|known| known == mechanism) {
                self.auth.push(mechanism.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(lines: &[&str]) -> SmtpReply {
        SmtpReply {
            code: 250,
            lines: lines.iter().map(|&l| l.to_owned()).collect(),
        }
    }

    #[test]
    fn lines_are_told_apart() {
        assert_eq!(parse_line("250 ok"), Some((250, false, "ok")));
        assert_eq!(parse_line("250-more"), Some((250, true, "more")));
        assert_eq!(parse_line("354"), Some((354, false, "")));
        for rubbish in [
            "",
            "25",
            "HTTP/1.1 400",
            "2500 x",
            "999 x",
            "２５０ x",
            "250\u{e9}",
        ] {
            assert_eq!(parse_line(rubbish), None, "{rubbish}");
        }
    }

    #[test]
    fn both_forms_of_auth_are_read() {
        let both =
            EhloFeatures::from_reply(&reply(&["hi", "AUTH PLAIN login", "AUTH=LOGIN", "size 10"]));
        assert_eq!(both.auth, ["PLAIN", "LOGIN"]);
        let old = EhloFeatures::from_reply(&reply(&["hi", "auth=login  plain", "STARTTLS"]));
        assert_eq!(
            (old.auth, old.starttls),
            (vec!["LOGIN".to_owned(), "PLAIN".to_owned()], true)
        );
        assert_eq!(
            EhloFeatures::from_reply(&reply(&["AUTH PLAIN"])),
            EhloFeatures::default()
        );
    }

    #[test]
    fn enhanced_codes() {
        assert_eq!(reply(&["5.7.1 no"]).enhanced(), Some("5.7.1"));
        for none in ["no", "5.7 no", "5.7.1234 no", "192.168.2.1", "3.1.1 x"] {
            assert_eq!(reply(&[none]).enhanced(), None, "{none}");
        }
    }
}
