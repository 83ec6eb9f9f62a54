//! Bombs and loops: each is refused, with little memory and in little time.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use accesswatch::links::read::{ReadError, block::RawDocument};
use zip::write::SimpleFileOptions;

/// What reading of any file may take at most, in this build without optimisation.
const TIME: Duration = Duration::from_secs(60);

type Part<'a> = (&'a str, &'a dyn Fn(&mut dyn Write));

fn archive(parts: &[Part<'_>]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, write) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        write(&mut zip);
    }
    zip.finish().unwrap().into_inner()
}

fn repeat(text: &'static str, times: usize) -> impl Fn(&mut dyn Write) {
    move |out| {
        let many = text.repeat(1000);
        for _ in 0..times / 1000 {
            out.write_all(many.as_bytes()).unwrap();
        }
    }
}

fn read_in_time(bytes: &[u8]) -> Result<RawDocument, ReadError> {
    let start = Instant::now();
    let read = accesswatch::links::read::read(bytes, "x");
    assert!(start.elapsed() < TIME, "{:?}", start.elapsed());
    read
}

fn is_refused(bytes: &[u8]) {
    let error = read_in_time(bytes).unwrap_err();
    let is_expected = matches!(
        error,
        ReadError::TooLarge { .. } | ReadError::Damaged { .. }
    );
    assert!(is_expected, "{error}");
}

#[test]
fn a_part_that_unpacks_to_very_much_is_refused() {
    is_refused(&archive(&[("word/document.xml", &|out| {
        out.write_all(b"<w:document><w:p><w:r><w:t>").unwrap();
        for _ in 0..100 {
            out.write_all(&vec![b'a'; 1024 * 1024]).unwrap();
        }
    })]));
}

#[test]
fn an_attribute_that_fills_a_part_is_refused() {
    is_refused(&archive(&[("content.xml", &|out| {
        out.write_all(b"<x><text:p><text:a xlink:href='https://a.example/")
            .unwrap();
        for _ in 0..60 {
            out.write_all(&vec![b'a'; 1024 * 1024]).unwrap();
        }
        out.write_all(b"'>x</text:a></text:p></x>").unwrap();
    })]));
}

#[test]
fn entities_are_not_expanded() {
    let bytes = archive(&[("content.xml", &|out| {
        out.write_all(
            b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>\
              <!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><x><text:p>left&c;right</text:p></x>",
        )
        .unwrap();
    })]);
    let document = read_in_time(&bytes).unwrap();
    assert_eq!(document.blocks[0].text, "leftright");
}

#[test]
fn deep_nesting_and_very_many_elements_are_refused() {
    is_refused(&archive(&[(
        "word/document.xml",
        &repeat("<w:p>", 1_000_000),
    )]));
    is_refused(&archive(&[("content.xml", &|out| {
        out.write_all(b"<x>").unwrap();
        repeat("<text:p>a</text:p>", 600_000)(out);
        out.write_all(b"</x>").unwrap();
    })]));
}

#[test]
fn an_archive_of_too_many_parts_is_refused() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..12_000 {
        zip.start_file(format!("word/{n}.xml"), SimpleFileOptions::default())
            .unwrap();
    }
    is_refused(&zip.finish().unwrap().into_inner());
}

#[test]
fn a_pdf_whose_streams_are_bombs_is_refused() {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    for _ in 0..80 {
        packed.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    }
    let mut bytes = b"%PDF-1.7\n1 0 obj\n<</Type/ObjStm/Filter/FlateDecode>>\nstream\n".to_vec();
    bytes.extend(packed.finish().unwrap());
    bytes.extend(b"\nendstream\nendobj\n");
    assert!(bytes.len() < 1_000_000);
    is_refused(&bytes);
}

/// Each form draws the next one ten times: ten thousand million drawings of the last.
#[test]
fn a_pdf_whose_forms_multiply_ends_in_time() {
    let mut bytes = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n\
        2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n\
        3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R\
        /Resources<</XObject<</X 5 0 R>>>>>>\nendobj\n\
        4 0 obj\n<</Length 5>>\nstream\n/X Do\nendstream\nendobj\n"
        .to_vec();
    let content = "/X Do ".repeat(10);
    for number in 5..15 {
        let next = number + 1;
        let length = content.len();
        bytes.extend(
            format!(
                "{number} 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length {length}\
                 /Resources<</XObject<</X {next} 0 R>>>>>>\nstream\n{content}\nendstream\nendobj\n"
            )
            .into_bytes(),
        );
    }
    bytes.extend(
        b"15 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 1>>\nstream\n \nendstream\n\
          endobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n",
    );
    is_refused(&bytes);
}
