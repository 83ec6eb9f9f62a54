//! Classes of characters that decide where a link ends.

/// Characters that RFC 3986 allows in an address.
pub(in crate::links) fn is_address_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c)
}

/// A CJK ideograph (also beyond the BMP), kana or Hangul: text of these scripts runs on without
/// white space.
pub(in crate::links) fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11FF      // Hangul Jamo
        | 0x2E80..=0x2FDF    // radicals
        | 0x3005..=0x3007
        | 0x3021..=0x3029
        | 0x3031..=0x3035
        | 0x3040..=0x30FA    // kana, without the middle dot
        | 0x30FC..=0x318F
        | 0x31A0..=0x31FF
        | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF
        | 0xA960..=0xA97F
        | 0xAC00..=0xD7FF    // Hangul
        | 0xF900..=0xFAFF
        | 0x1B000..=0x1B16F
        | 0x20000..=0x3FFFF)
}

pub(in crate::links) fn is_hangul(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x11FF | 0x3130..=0x318F | 0xA960..=0xA97F | 0xAC00..=0xD7FF)
}

/// A letter of a script that parts its words by white space: it belongs to an address as written.
pub(super) fn is_spaced_letter(c: char) -> bool {
    !c.is_ascii() && c.is_alphabetic() && !is_cjk(c) && !is_wide(c)
}

/// Full-width and half-width forms.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0xFF00..=0xFFEF)
}

/// Characters that are not seen: they part no link, and none belongs to one.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
    )
}

/// What may follow a link before the end of a Korean particle.
const PARTICLES: &[&str] = &[
    "을",
    "를",
    "은",
    "는",
    "이",
    "가",
    "에",
    "의",
    "로",
    "으로",
    "와",
    "과",
    "도",
    "만",
    "에서",
    "에는",
    "에도",
    "에서는",
    "에서도",
    "까지",
    "부터",
    "에게",
    "라고",
    "이라고",
    "라는",
    "이라는",
    "이다",
    "입니다",
    "이며",
    "이고",
    "및",
    "등",
    "나",
    "이나",
    "보다",
    "처럼",
    "로부터",
    "으로부터",
    "에서의",
    "란",
    "이란",
    "참조",
    "참고",
];

/// Whether a run is nothing but a Korean particle.
pub(super) fn is_particle(run: &str) -> bool {
    PARTICLES.contains(&run)
}

/// Full-width ASCII (`１`, `／`) in ASCII, as links and dates are compared. One character each.
pub(super) fn folded(c: char) -> char {
    match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        0x3000 | 0xA0 => ' ',
        _ => c,
    }
}
