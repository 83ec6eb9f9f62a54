use super::*;
use crate::links::read::office::testing;

fn document(body: &str, others: &[(&str, &str)]) -> RawDocument {
    let content = format!("<office:document-content>{body}</office:document-content>");
    let mut parts = vec![("content.xml", content.as_str())];
    parts.extend_from_slice(others);
    read(&testing::archive(&parts)).unwrap()
}

fn shown(document: &RawDocument) -> Vec<String> {
    let blocks = document.blocks.iter();
    blocks
        .map(|block| {
            let links: Vec<String> = block
                .links
                .iter()
                .map(|link| format!("[{}]({})", &block.text[link.range.clone()], link.target))
                .collect();
            format!("{}: {:?} {}", block.place, block.text, links.join(" "))
        })
        .collect()
}

#[test]
fn text_links_and_notes_are_read_with_their_places() {
    let body = "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>\
        <text:p/><text:h>Head</text:h><text:p>see <text:a xlink:href='https://a.example/x'>\
        the <text:span>rep</text:span>ort</text:a><text:note text:note-class='footnote'>\
        <text:note-citation>7</text:note-citation><text:note-body><text:p>one</text:p>\
        <text:p><text:a xlink:href='https://b.example/'>two</text:a></text:p></text:note-body>\
        </text:note> now<office:annotation><text:p>c</text:p></office:annotation>\
        <text:s text:c='3'/>x\n  y<text:a xlink:href='#inner'>z</text:a></text:p>";
    assert_eq!(
        shown(&document(body, &[])),
        [
            "paragraph 1: \"Head\" ",
            "paragraph 2: \"see the report now   x yz\" [the report](https://a.example/x)",
            "footnote 7: \"one\\ntwo\" [two](https://b.example/)"
        ]
    );
}

#[test]
fn pictures_boxes_headers_and_footers_are_read() {
    let body = "<draw:a xlink:href='https://page.example/'><draw:frame/></draw:a>\
        <text:p>a<draw:a xlink:href='https://p.example/'><draw:frame><svg:title>t</svg:title>\
        </draw:frame></draw:a><draw:text-box><text:p>box</text:p></draw:text-box></text:p>";
    let styles = "<office:document-styles><text:p>not shown</text:p><style:header><text:p>top\
        </text:p></style:header><style:footer-left><text:p>end</text:p></style:footer-left>\
        </office:document-styles>";
    assert_eq!(
        shown(&document(body, &[("styles.xml", styles)])),
        [
            "paragraph 1: \"\" [](https://page.example/)",
            "paragraph 2: \"a\" [](https://p.example/)",
            "paragraph 3: \"box\" ",
            "header: \"top\" ",
            "footer: \"end\" "
        ]
    );
}

#[test]
fn slides_and_their_notes_are_places() {
    let body = "<draw:page><text:p>one</text:p><presentation:notes><text:p>said</text:p>\
        </presentation:notes></draw:page><draw:page><text:p>two</text:p></draw:page>";
    assert_eq!(
        shown(&document(body, &[])),
        [
            "slide 1: \"one\" ",
            "notes of slide 1: \"said\" ",
            "slide 2: \"two\" "
        ]
    );
}

#[test]
fn metadata_and_encryption_are_seen() {
    let meta = "<m><dc:title>题</dc:title><meta:creation-date>2023-05-08T10:00:00\
                </meta:creation-date></m>";
    let read_document = document("", &[("meta.xml", meta)]);
    assert_eq!(read_document.title.as_deref(), Some("题"));
    assert_eq!(read_document.date.unwrap().to_string(), "2023-05-08");
    let bytes = testing::archive(&[(
        "META-INF/manifest.xml",
        "<manifest:manifest><manifest:encryption-data/></manifest:manifest>",
    )]);
    assert_eq!(read(&bytes), Err(ReadError::Encrypted));
}
