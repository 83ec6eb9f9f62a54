//! A part of a workbook, read through the zip file's directory.

use std::io::Read as _;

/// The text of this part, such as `xl/worksheets/sheet1.xml`.
#[track_caller]
pub fn part(workbook: &[u8], wanted: &str) -> String {
    let number = |at: usize, bytes: usize| {
        let slice = &workbook[at..at + bytes];
        slice.iter().rev().fold(0, |n, &b| n << 8 | usize::from(b))
    };
    let end = workbook
        .windows(4)
        .rposition(|w| w == b"PK\x05\x06")
        .unwrap();
    let mut at = number(end + 16, 4);
    for _ in 0..number(end + 10, 2) {
        assert_eq!(&workbook[at..at + 4], b"PK\x01\x02");
        let name = number(at + 28, 2);
        if &workbook[at + 46..at + 46 + name] == wanted.as_bytes() {
            let (size, local) = (number(at + 20, 4), number(at + 42, 4));
            let data = local + 30 + number(local + 26, 2) + number(local + 28, 2);
            let mut text = String::new();
            flate2::read::DeflateDecoder::new(&workbook[data..data + size])
                .read_to_string(&mut text)
                .unwrap();
            return text;
        }
        at += 46 + name + number(at + 30, 2) + number(at + 32, 2);
    }
    panic!("no {wanted} in the workbook");
}
