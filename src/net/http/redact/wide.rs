//! ASCII text within UTF-16 and UTF-32, of either byte order: each character takes two or four
//! bytes, of which all but one are zero.

use std::ops::Range;

/// Fewer characters in a row are not looked at: nothing that is looked for is shorter.
const MIN_CHARACTERS: usize = 4;

/// How wide a character is, and which of its bytes is not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WideForm {
    pub(super) width: usize,
    place: usize,
}

/// UTF-16 and UTF-32, little endian and big endian.
pub(super) const FORMS: [WideForm; 4] = [
    WideForm { width: 2, place: 0 },
    WideForm { width: 2, place: 1 },
    WideForm { width: 4, place: 0 },
    WideForm { width: 4, place: 3 },
];

/// A run of ASCII characters in a wide form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WideRun {
    pub(super) at: Range<usize>,
    pub(super) form: WideForm,
    /// Its characters, a byte each.
    pub(super) narrow: Vec<u8>,
}

impl WideForm {
    /// The ASCII character at `at`.
    fn character(self, text: &[u8], at: usize) -> Option<u8> {
        let unit = text.get(at..at.checked_add(self.width)?)?;
        let is_padded = (0..self.width).all(|i| i == self.place || unit[i] == 0);
        Some(unit[self.place]).filter(|byte| is_padded && (1..0x80).contains(byte))
    }

    /// `text`, which is ASCII, in this form.
    pub(super) fn widen(self, text: &str) -> Vec<u8> {
        let mut wide = vec![0; text.len() * self.width];
        for (unit, byte) in wide.chunks_exact_mut(self.width).zip(text.bytes()) {
            unit[self.place] = byte;
        }
        wide
    }

    /// A character in this form; a character beyond the first plane takes two units of UTF-16.
    pub(super) fn write(self, c: char) -> Vec<u8> {
        let mut units = [0; 2];
        let codes: Vec<u32> = if self.width == 2 {
            let units = c.encode_utf16(&mut units);
            units.iter().map(|unit| u32::from(*unit)).collect()
        } else {
            vec![u32::from(c)]
        };
        let mut bytes = Vec::with_capacity(4);
        for code in codes {
            let big = code.to_be_bytes();
            let unit = &big[4 - self.width..];
            if self.place == 0 {
                bytes.extend(unit.iter().rev());
            } else {
                bytes.extend_from_slice(unit);
            }
        }
        bytes
    }

    /// `text` with a byte for each whole character; one that is not ASCII becomes 0xFF.
    pub(super) fn narrow(self, text: &[u8]) -> Vec<u8> {
        let starts = (0..text.len()).step_by(self.width);
        starts
            .map(|at| self.character(text, at).unwrap_or(0xff))
            .collect()
    }

    /// Overwrites the characters within `at` with `x`.
    pub(super) fn overwrite(self, text: &mut [u8], at: Range<usize>) {
        for unit in text[at].chunks_exact_mut(self.width) {
            unit[self.place] = b'x';
        }
    }

    fn runs(self, text: &[u8], runs: &mut Vec<WideRun>) {
        let mut at = 0;
        while let Some(zero) = text.get(at..).and_then(|rest| memchr::memchr(0, rest)) {
            let zero = at + zero;
            let start = if self.place == 0 {
                zero.max(at + 1) - 1
            } else {
                zero
            };
            let characters = (start..).step_by(self.width);
            let narrow: Vec<u8> = characters
                .map_while(|at| self.character(text, at))
                .collect();
            at = zero + 1;
            if narrow.len() >= MIN_CHARACTERS {
                let end = start + narrow.len() * self.width;
                at = at.max(end);
                runs.push(WideRun {
                    at: start..end,
                    form: self,
                    narrow,
                });
            }
        }
    }
}

/// The runs of ASCII characters in `text`. A text without zero bytes has none.
pub(super) fn runs(text: &[u8]) -> Vec<WideRun> {
    let mut runs = Vec::new();
    if memchr::memchr(0, text).is_some() {
        for form in FORMS {
            form.runs(text, &mut runs);
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `text` in UTF-16 or UTF-32.
    fn written(text: &str, form: WideForm) -> Vec<u8> {
        let mut bytes = Vec::new();
        for c in text.chars() {
            let code = u32::from(c);
            let big = code.to_be_bytes();
            let mut unit = big[4 - form.width..].to_vec();
            if form.place == 0 {
                unit.reverse();
            }
            bytes.extend_from_slice(&unit);
        }
        bytes
    }

    #[test]
    fn ascii_text_is_found_in_every_wide_form_between_any_characters() {
        // Bytes of these characters are digits, letters and zeros.
        let characters = ['中', '一', '㄰', '〰', 'Ā', 'é', '\u{feff}', '㈲'];
        for form in FORMS {
            for before in characters {
                for after in characters {
                    let text = format!("{before}{before}203.0.113.9{after}{after}");
                    let bytes = written(&text, form);
                    let all = runs(&bytes);
                    let is_it = |run: &&WideRun| run.form == form && run.narrow == b"203.0.113.9";
                    let run = all.iter().find(is_it);
                    let run = run.unwrap_or_else(|| panic!("{form:?} {text}: {all:?}"));
                    assert_eq!(bytes[run.at.clone()], form.widen("203.0.113.9"));
                }
            }
        }
    }

    #[test]
    fn plain_text_and_noise_have_no_runs() {
        assert_eq!(runs("no zero in 203.0.113.9".as_bytes()), []);
        assert_eq!(runs(b"a\0b\0c\0"), []);
        assert_eq!(runs(&[0; 4096]), []);
        assert_eq!(runs(b"\x01\0\0\0"), []);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_within_their_bounds(bytes: Vec<u8>) {
            for run in runs(&bytes) {
                proptest::prop_assert_eq!(run.at.len(), run.narrow.len() * run.form.width);
                let text = String::from_utf8(run.narrow.clone()).unwrap();
                proptest::prop_assert_eq!(&bytes[run.at.clone()], run.form.widen(&text));
            }
        }
    }
}
