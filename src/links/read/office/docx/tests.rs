use super::*;
use crate::links::read::office::testing;

const HYPERLINK: &str =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink";

/// The relationships of the tests: `h1` to `h9` lead to `https://N.example/`, notes are parts.
fn relations() -> String {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let links = (1..10).map(|n| {
        format!(
            "<Relationship Id='h{n}' Type='{HYPERLINK}' Target='https://{n}.example/' \
             TargetMode='External'/>"
        )
    });
    let parts = ["footnotes", "endnotes", "settings"].map(|part| {
        format!("<Relationship Id='{part}' Type='{kind}/{part}' Target='{part}.xml'/>")
    });
    let footer = format!("<Relationship Id='f1' Type='{kind}/footer' Target='footer1.xml'/>");
    let all: Vec<String> = links.chain(parts).chain([footer]).collect();
    format!("<Relationships>{}</Relationships>", all.concat())
}

fn document(body: &str, others: &[(&str, &str)]) -> RawDocument {
    let relations = relations();
    let body = format!("<w:document><w:body>{body}</w:body></w:document>");
    let mut parts = vec![
        ("word/document.xml", body.as_str()),
        ("word/_rels/document.xml.rels", relations.as_str()),
    ];
    parts.extend_from_slice(others);
    read(&testing::archive(&parts)).unwrap()
}

/// Each block as its place and its text, links as `[text](target)`.
fn shown(document: &RawDocument) -> Vec<String> {
    let blocks = document.blocks.iter();
    blocks
        .map(|block| {
            let mut text = block.text.clone();
            for link in block.links.iter().rev() {
                let shown = text[link.range.clone()].to_owned();
                text.replace_range(link.range.clone(), &format!("[{shown}]({})", link.target));
            }
            format!("{}: {text}", block.place)
        })
        .collect()
}

fn run(text: &str) -> String {
    format!("<w:r><w:t>{text}</w:t></w:r>")
}

fn mark(kind: &str) -> String {
    format!("<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>")
}

fn instruction(text: &str) -> String {
    format!("<w:r><w:instrText>{text}</w:instrText></w:r>")
}

#[test]
fn hyperlinks_of_relationships_have_the_text_of_all_their_runs() {
    let body = format!(
        "<w:p>{}<w:hyperlink r:id='h1' w:anchor='p2'>{}{}</w:hyperlink>{}</w:p>\
         <w:p/><w:p><w:hyperlink w:anchor='here'>{}</w:hyperlink></w:p>",
        run("see "),
        run("the re"),
        run("port"),
        run("."),
        run("inner")
    );
    assert_eq!(
        shown(&document(&body, &[])),
        [
            "paragraph 1: see [the report](https://1.example/#p2).",
            "paragraph 2: inner"
        ]
    );
}

#[test]
fn fields_are_links_simple_complex_and_nested() {
    let simple = format!(
        "<w:p><w:fldSimple w:instr=' HYPERLINK \"https://s.example/\" '>{}</w:fldSimple></w:p>",
        run("simple")
    );
    let complex = format!(
        "<w:p>{}{}{}{}{}{}{}</w:p>",
        mark("begin"),
        instruction(" HYPERLINK \"https://c."),
        instruction("example/x\" "),
        mark("separate"),
        run("com"),
        run("plex"),
        mark("end")
    );
    let nested = format!(
        "<w:p>{}{}{}{}{}{}{}{}{}{}{}</w:p>",
        mark("begin"),
        instruction("HYPERLINK \"https://n.example/?id="),
        mark("begin"),
        instruction("REF id"),
        mark("separate"),
        run("42"),
        mark("end"),
        instruction("\""),
        mark("separate"),
        run("nested"),
        mark("end")
    );
    assert_eq!(
        shown(&document(&format!("{simple}{complex}{nested}"), &[])),
        [
            "paragraph 1: [simple](https://s.example/)",
            "paragraph 2: [complex](https://c.example/x)",
            "paragraph 3: [nested](https://n.example/?id=42)"
        ]
    );
}

#[test]
fn a_field_over_two_paragraphs_ends_with_the_first() {
    let body = format!(
        "<w:p>{}{}{}{}</w:p><w:p>{}{}</w:p>",
        mark("begin"),
        instruction("HYPERLINK \"https://a.example/\""),
        mark("separate"),
        run("one"),
        run("two"),
        mark("end")
    );
    assert_eq!(
        shown(&document(&body, &[])),
        ["paragraph 1: [one](https://a.example/)", "paragraph 2: two"]
    );
}

#[test]
fn insertions_are_read_and_deletions_comments_and_fallbacks_are_not() {
    let body = format!(
        "<w:p><w:ins>{}</w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>\
         <w:moveFrom>{}</w:moveFrom><w:moveTo>{}</w:moveTo>\
         <mc:AlternateContent><mc:Choice><w:txbxContent><w:p>{}</w:p></w:txbxContent></mc:Choice>\
         <mc:Fallback><w:txbxContent><w:p>{}</w:p></w:txbxContent></mc:Fallback>\
         </mc:AlternateContent></w:p>",
        run("new "),
        run("from"),
        run("to"),
        run("box"),
        run("old box")
    );
    let comments = "<w:comments><w:comment><w:p><w:r><w:t>c</w:t></w:r></w:p></w:comment>\
                    </w:comments>";
    assert_eq!(
        shown(&document(&body, &[("word/comments.xml", comments)])),
        ["paragraph 1: new to", "paragraph 2: box"]
    );
}

#[test]
fn runs_breaks_and_hyphens_do_not_cut_an_address() {
    let body = "<w:p><w:r><w:t>https://a.exa</w:t></w:r><w:r><w:t>mple/x</w:t>\
        <w:noBreakHyphen/><w:t>y/</w:t><w:br/><w:t>z.html and</w:t><w:tab/><w:t>b</w:t></w:r></w:p>";
    assert_eq!(
        shown(&document(body, &[])),
        ["paragraph 1: https://a.example/x-y/z.html and\tb"]
    );
}

#[test]
fn notes_have_the_numbers_of_their_marks() {
    let body = format!(
        "<w:p>{}<w:r><w:footnoteReference w:id='7'/></w:r>\
         <w:r><w:footnoteReference w:id='9' w:customMarkFollows='1'/><w:t>*</w:t></w:r>\
         <w:del><w:r><w:footnoteReference w:id='8'/></w:r></w:del>\
         <w:r><w:footnoteReference w:id='2'/></w:r><w:r><w:endnoteReference w:id='3'/></w:r></w:p>",
        run("text")
    );
    let note = |id: u32, text: &str| {
        format!(
            "<w:footnote w:id='{id}'><w:p>{}</w:p></w:footnote>",
            run(text)
        )
    };
    let footnotes = format!(
        "<w:footnotes><w:footnote w:id='-1' w:type='separator'><w:p/></w:footnote>\
         {}{}{}<w:footnote w:id='7'><w:p>{}</w:p><w:p><w:hyperlink r:id='x1'>{}</w:hyperlink></w:p>\
         </w:footnote></w:footnotes>",
        note(2, "second"),
        note(8, "deleted"),
        note(9, "starred"),
        run("first"),
        run("more")
    );
    let endnotes = format!(
        "<w:endnotes><w:endnote w:id='3'><w:p>{}</w:p></w:endnote></w:endnotes>",
        run("e")
    );
    let settings = "<w:settings><w:footnotePr><w:numStart w:val='5'/></w:footnotePr></w:settings>";
    let note_relations = format!(
        "<Relationships><Relationship Id='x1' Type='{HYPERLINK}' TargetMode='External' \
         Target='https://note.example/'/></Relationships>"
    );
    let document = document(
        &body,
        &[
            ("word/footnotes.xml", &footnotes),
            ("word/_rels/footnotes.xml.rels", &note_relations),
            ("word/endnotes.xml", &endnotes),
            ("word/settings.xml", settings),
        ],
    );
    assert_eq!(
        shown(&document),
        [
            "paragraph 1: text*",
            "footnote 5: first\n[more](https://note.example/)",
            "footnote 6: second",
            "footnote 6: starred",
            "endnote 1: e"
        ]
    );
}

#[test]
fn footnotes_restart_where_sections_say_so() {
    let reference = |id: u32| format!("<w:r><w:footnoteReference w:id='{id}'/></w:r>");
    let body = format!(
        "<w:p><w:pPr><w:sectPr/></w:pPr>{}{}</w:p><w:p>{}</w:p><w:sectPr/>",
        reference(1),
        reference(2),
        reference(3)
    );
    let settings =
        "<w:settings><w:footnotePr><w:numRestart w:val='eachSect'/></w:footnotePr></w:settings>";
    let notes: Vec<String> = (1..4)
        .map(|id| {
            format!(
                "<w:footnote w:id='{id}'><w:p>{}</w:p></w:footnote>",
                run("n")
            )
        })
        .collect();
    let notes = format!("<w:footnotes>{}</w:footnotes>", notes.concat());
    let document = document(
        &body,
        &[
            ("word/footnotes.xml", &notes),
            ("word/settings.xml", settings),
        ],
    );
    let mut places: Vec<_> = document.blocks.iter().map(|b| b.place.clone()).collect();
    places.sort();
    assert_eq!(
        places,
        [Place::Footnote(1), Place::Footnote(1), Place::Footnote(2)]
    );
}

#[test]
fn pictures_shapes_footers_and_tables_are_read() {
    let body = format!(
        "<w:p><w:r><w:drawing><wp:docPr id='1'><a:hlinkClick r:id='h2'/></wp:docPr>\
         <pic:cNvPr id='1'><a:hlinkClick r:id='h2'/></pic:cNvPr></w:drawing></w:r></w:p>\
         <w:p><w:r><w:pict><v:shape href='https://v.example/'/></w:pict></w:r></w:p>\
         <w:tbl><w:tr><w:tc><w:p>{}</w:p></w:tc></w:tr></w:tbl>",
        run("cell")
    );
    let footer = format!("<w:ftr><w:p>{}</w:p></w:ftr>", run("foot"));
    assert_eq!(
        shown(&document(&body, &[("word/footer1.xml", &footer)])),
        [
            "paragraph 1: [](https://2.example/)",
            "paragraph 2: [](https://v.example/)",
            "paragraph 3: cell",
            "footer: foot"
        ]
    );
}

#[test]
fn an_instruction_without_end_and_deep_fields_are_refused() {
    let long = format!(
        "<w:p>{}{}</w:p>",
        mark("begin"),
        instruction("HYPERLINK \"") + &instruction(&"x".repeat(100_000))
    );
    let deep = format!("<w:p>{}</w:p>", mark("begin").repeat(400));
    for body in [long, deep] {
        let body = format!("<w:document><w:body>{body}</w:body></w:document>");
        let error = read(&testing::archive(&[("word/document.xml", &body)])).unwrap_err();
        assert!(matches!(error, ReadError::TooLarge { .. }), "{error}");
    }
}
