//! Word and `OpenDocument`: runs in notes and targets of links, and nothing else.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use accesswatch::links::read::read;
use accesswatch::links::repair::{RepairOptions, RepairedDocument};
use accesswatch::model::repair::{LeftReason, RepairAction};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::support::{by_name, repaired};

const COPY: &str = "https://web.archive.org/web/20230509031122/";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// An archive; a part whose name begins with `=` is stored.
fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = SimpleFileOptions::default();
        let options = match name.strip_prefix('=') {
            Some(_) => options.compression_method(CompressionMethod::Stored),
            None => options,
        };
        zip.start_file(name.trim_start_matches('='), options)
            .unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Each part: its compressed bytes and its text, in the order of the archive.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>, String)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut raw = Vec::new();
            zip.by_index_raw(index)
                .unwrap()
                .read_to_end(&mut raw)
                .unwrap();
            let mut part = zip.by_index(index).unwrap();
            let name = part.name().unwrap().into_owned();
            let mut text = Vec::new();
            part.read_to_end(&mut text).unwrap();
            (name, raw, String::from_utf8_lossy(&text).into_owned())
        })
        .collect()
}

/// The parts that a repair changes, after it. The others keep their bytes and their order, and a
/// second repair changes nothing.
#[track_caller]
fn changed(name: &str, before: &[u8]) -> (RepairedDocument, BTreeMap<String, String>) {
    let found = repaired(before, name, &RepairOptions::default(), by_name);
    let Some(after) = &found.bytes else {
        return (found, BTreeMap::new());
    };
    read(after, name).unwrap();
    let again = repaired(after, name, &RepairOptions::default(), by_name);
    assert_eq!(again.bytes, None, "{name} changes again");
    let (old, new) = (parts(before), parts(after));
    assert_eq!(old.len(), new.len());
    let mut changed = BTreeMap::new();
    for (old, new) in old.into_iter().zip(new) {
        assert_eq!(old.0, new.0);
        if old.2 == new.2 {
            assert_eq!(old.1, new.1, "{} is compressed again", old.0);
        } else {
            changed.insert(new.0, new.2);
        }
    }
    (found, changed)
}

fn word(body: &str, notes: &str, extra: &[(&str, &str)]) -> Vec<u8> {
    let relations =
        |list: &str| format!("<?xml version=\"1.0\"?><Relationships>{list}</Relationships>");
    let link = |id: &str, target: &str| {
        format!(
            "<Relationship Id=\"{id}\" Type=\"{LINKS}/hyperlink\" Target=\"{target}\" TargetMode=\"External\"/>"
        )
    };
    let main = relations(&format!(
        "<Relationship Id=\"n\" Type=\"{LINKS}/footnotes\" Target=\"footnotes.xml\"/>{}{}",
        link("a", "http://a.example/x?p=1&amp;q"),
        link("m", "http://moves.example/x")
    ));
    let of_notes = relations(&link("a", "http://a.example/x"));
    let body = format!("<w:document><w:body>{body}</w:body></w:document>");
    let notes = format!("\u{feff}<w:footnotes>{notes}</w:footnotes>");
    let mut all = vec![
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", &*body),
        ("word/_rels/document.xml.rels", &*main),
        ("word/footnotes.xml", &*notes),
        ("word/_rels/footnotes.xml.rels", &*of_notes),
    ];
    all.extend_from_slice(extra);
    archive(&all)
}

const REFERENCE: &str =
    "<w:p><w:r><w:t>text</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r></w:p>";

fn note(content: &str) -> String {
    format!("<w:footnote w:id=\"2\">{content}</w:footnote>")
}

fn field(instruction: &str, result: &str) -> String {
    format!(
        "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>{result}</w:t></w:r>\
         <w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
    )
}

#[test]
fn a_note_of_word_gets_a_run_in_its_style() {
    let style = "<w:rPr><w:sz w:val=\"18\"/></w:rPr>";
    let content = format!(
        "<w:p><w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr><w:footnoteRef/></w:r>\
         <w:r>{style}<w:t>See </w:t></w:r><w:hyperlink r:id=\"a\"><w:r><w:rPr><w:rStyle w:val=\"Hyperlink\"/>\
         </w:rPr><w:t>this</w:t></w:r></w:hyperlink></w:p>"
    );
    let before = word(REFERENCE, &note(&content), &[]);
    let (found, changed) = changed("x.docx", &before);
    let run = format!(
        "<w:r>{style}<w:t xml:space=\"preserve\">. Archived at {COPY}http://a.example/x on 2023-05-09.</w:t></w:r></w:p>"
    );
    let want =
        format!("\u{feff}<w:footnotes>{}</w:footnotes>", note(&content)).replace("</w:p>", &run);
    assert_eq!(changed["word/footnotes.xml"], want);
    assert_eq!(changed.len(), 1);
    assert_eq!(found.rows[0].place, "footnote 1");
}

#[test]
fn a_note_in_chinese_gets_a_chinese_sentence_for_each_link() {
    let content =
        "<w:p><w:r><w:t>参见 http://a.example/x 和 http://b.example/y。</w:t></w:r></w:p>";
    let before = word(REFERENCE, &note(content), &[]);
    let (_, changed) = changed("x.docx", &before);
    let added = format!(
        "<w:t xml:space=\"preserve\">2023-05-09 的存档：{COPY}http://a.example/x。2023-05-09 \
         的存档：{COPY}http://b.example/y。</w:t>"
    );
    assert!(
        changed["word/footnotes.xml"].contains(&added),
        "{changed:#?}"
    );
}

#[test]
fn a_moved_link_of_word_gets_its_target_and_body_links_are_listed() {
    let body = format!(
        "<w:p><w:hyperlink r:id=\"m\"><w:r><w:t>m</w:t></w:r></w:hyperlink><w:hyperlink r:id=\"a\"><w:r>\
         <w:t>a</w:t></w:r></w:hyperlink><w:r><w:t> http://moves.example/in-text</w:t></w:r></w:p>{REFERENCE}"
    );
    let (found, changed) = changed("x.docx", &word(&body, "", &[]));
    let relations = &changed["word/_rels/document.xml.rels"];
    assert!(relations.contains("Target=\"http://moves.example/moved/x\""));
    assert!(relations.contains("Target=\"http://a.example/x?p=1&amp;q\""));
    assert_eq!(changed.len(), 1);
    let rows: Vec<_> = found.rows.iter().map(|r| (r.action, r.reason)).collect();
    assert_eq!(
        rows,
        [
            (RepairAction::Changed, None),
            (RepairAction::Listed, Some(LeftReason::NoNote)),
            (RepairAction::Listed, Some(LeftReason::InText)),
        ]
    );
}

#[test]
fn fields_of_reference_managers_are_left() {
    for (instruction, reason) in [
        ("ADDIN ZOTERO_ITEM CSL_CITATION {}", LeftReason::Zotero),
        ("ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY", LeftReason::Zotero),
        ("ADDIN EN.CITE &lt;EndNote/&gt;", LeftReason::EndNote),
        ("ADDIN EN.REFLIST", LeftReason::EndNote),
        ("ADDIN CSL_CITATION {}", LeftReason::ReferenceManager),
    ] {
        let managed = field(instruction, "A, http://a.example/x.");
        let simple = format!(
            "<w:fldSimple w:instr=\"{instruction}\"><w:r><w:t>http://b.example/</w:t></w:r></w:fldSimple>"
        );
        let content =
            format!("<w:p>{managed}<w:r><w:t> Mine: http://c.example/ </w:t></w:r>{simple}</w:p>");
        let (found, changed) = changed("x.docx", &word(REFERENCE, &note(&content), &[]));
        let rows: Vec<_> = found.rows.iter().map(|r| (r.action, r.reason)).collect();
        let listed = (RepairAction::Listed, Some(reason));
        assert_eq!(
            rows,
            [listed, (RepairAction::Changed, None), listed],
            "{instruction}"
        );
        let paste = format!("Archived at {COPY}http://a.example/x on 2023-05-09");
        assert_eq!(found.rows[0].paste.as_deref(), Some(&*paste));
        let notes = &changed["word/footnotes.xml"];
        assert!(notes.contains(&managed), "the field is as it was");
        assert!(notes.contains("c.example/ on 2023-05-09"));
        assert_eq!(notes.matches("Archived at").count(), 1);
    }
}

#[test]
fn a_signed_document_is_left() {
    let content = "<w:p><w:r><w:t>http://a.example/x</w:t></w:r></w:p>";
    let signature = [("_xmlsignatures/sig1.xml", "<Signature/>")];
    let signed_word = word(REFERENCE, &note(content), &signature);
    let body = "<text:p>x<text:note text:note-class=\"footnote\"><text:note-body><text:p>http://a.example/x\
                </text:p></text:note-body></text:note></text:p>";
    let signed_text = open_document(body, &[("META-INF/documentsignatures.xml", "<s/>")]);
    for (name, bytes) in [("x.docx", signed_word), ("x.odt", signed_text)] {
        let found = repaired(&bytes, name, &RepairOptions::default(), by_name);
        assert_eq!((found.bytes, found.is_writable), (None, false));
        assert_eq!(found.rows[0].reason, Some(LeftReason::Signed));
        assert_eq!(found.rows[0].action, RepairAction::Left);
    }
}

fn open_document(body: &str, extra: &[(&str, &str)]) -> Vec<u8> {
    let content = format!("<office:document-content>{body}</office:document-content>");
    let mut all = vec![
        ("=mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", &*content),
        ("styles.xml", "<office:document-styles/>"),
    ];
    all.extend_from_slice(extra);
    archive(&all)
}

#[test]
fn a_note_of_open_document_gets_text_in_the_style_of_its_last_span() {
    let body = "<text:p>x<text:span text:style-name=\"Out\">y<text:note text:note-class=\"endnote\"><text:note-body>\
                <text:p><text:span text:style-name=\"T1\">See <text:a xlink:href=\"http://a.example/x\">a</text:a>\
                </text:span></text:p></text:note-body></text:note></text:span>\
                <text:a xlink:href='http://moves.example/x?a&amp;b'>m</text:a></text:p>";
    let before = open_document(body, &[]);
    let (found, changed) = changed("x.odt", &before);
    let added = format!(
        "<text:span text:style-name=\"T1\">. Archived at {COPY}http://a.example/x on 2023-05-09.</text:span>"
    );
    let want = body
        .replace(
            "</text:p></text:note-body>",
            &format!("{added}</text:p></text:note-body>"),
        )
        .replace(
            "'http://moves.example/x?a&amp;b'",
            "\"http://moves.example/moved/x?a&amp;b\"",
        );
    assert_eq!(
        changed["content.xml"],
        format!("<office:document-content>{want}</office:document-content>")
    );
    assert_eq!(changed.len(), 1);
    assert!(
        found
            .rows
            .iter()
            .all(|row| row.action == RepairAction::Changed)
    );
    let after = found.bytes.unwrap();
    assert_eq!(after[..60], before[..60], "mimetype is first and stored");
}

#[test]
fn marks_of_zotero_in_open_document_are_left() {
    let inside = "A, http://a.example/x";
    let marks = [
        (
            "<text:reference-mark-start text:name=\"ZOTERO_ITEM CSL_CITATION {} RND1\"/>",
            "<text:reference-mark-end text:name=\"ZOTERO_ITEM CSL_CITATION {} RND1\"/>",
        ),
        (
            "<text:bookmark-start text:name=\"ZOTERO_BREF_1\"/>",
            "<text:bookmark-end text:name=\"ZOTERO_BREF_1\"/>",
        ),
    ];
    for (begin, end) in marks {
        let body = format!(
            "<text:p>x<text:note text:note-class=\"footnote\"><text:note-body><text:p>{begin}{inside}{end} \
             Mine: http://c.example/</text:p></text:note-body></text:note></text:p>"
        );
        let (found, changed) = changed("x.odt", &open_document(&body, &[]));
        assert_eq!(found.rows[0].reason, Some(LeftReason::Zotero));
        assert_eq!(found.rows[1].action, RepairAction::Changed);
        assert_eq!(changed["content.xml"].matches("Archived at").count(), 1);
    }
    let section = format!(
        "<text:section text:name=\"ZOTERO_BIBL {{}} CSL_BIBLIOGRAPHY RND2\"><text:p>{inside}</text:p></text:section>"
    );
    let (found, changed) = changed("x.odt", &open_document(&section, &[]));
    assert_eq!(found.rows[0].reason, Some(LeftReason::Zotero));
    assert!(changed.is_empty());
}

#[test]
fn an_archive_that_cannot_be_rewritten_is_listed() {
    let content = "<w:p><w:r><w:t>http://a.example/x</w:t></w:r></w:p>";
    let mut bytes = word(REFERENCE, &note(content), &[]);
    // Two parts of one name.
    let other = word(REFERENCE, &note(content), &[("WORD/footnotes.xml", "<x/>")]);
    let found = repaired(&other, "x.docx", &RepairOptions::default(), by_name);
    assert_eq!(found.bytes, None);
    // Behind other bytes, as a program that unpacks itself.
    bytes.splice(0..0, b"PK\x03\x04 not the archive".iter().copied());
    if let Ok(found) = accesswatch::links::repair::repair(
        &bytes,
        "x.docx",
        &RepairOptions::default(),
        &|written| crate::support::facts(written, by_name),
    ) {
        assert_eq!(found.bytes, None);
    }
}
