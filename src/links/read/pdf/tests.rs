use super::*;

/// A file of these objects, the first of which is the catalog and the second the pages.
fn file(objects: &[&str]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (object, number) in objects.iter().zip(1..) {
        offsets.push(bytes.len());
        bytes.extend(format!("{number} 0 obj\n{object}\nendobj\n").into_bytes());
    }
    let start = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let trailer = format!(
        "trailer\n<</Size {}/Root 1 0 R/Info {} 0 R>>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1,
        objects.len()
    );
    bytes.extend(trailer.into_bytes());
    bytes
}

fn stream(dictionary: &str, content: &str) -> String {
    format!(
        "<</Length {}{dictionary}>>\nstream\n{content}\nendstream",
        content.len()
    )
}

/// A page with this content, this font and these annotations.
fn page(content: &str, font: &str, annotations: &str) -> Vec<u8> {
    file(&[
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        &format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R\
             /Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>/Annots[{annotations}]>>"
        ),
        &stream("", content),
        font,
        &stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X 6 0 R>>>>",
            "/X Do /X Do",
        ),
        "<</Title(A title)/CreationDate(D:20230508111213+08'00')>>",
    ])
}

const HELVETICA: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";

/// A font that is not embedded, with a predefined `CMap` and without a map to Unicode.
fn cjk_font(encoding: &str, ordering: &str) -> String {
    format!(
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/{encoding}/DescendantFonts[\
         <</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)\
         /Ordering({ordering})/Supplement 2>>/FontDescriptor<</Type/FontDescriptor/FontName\
         /STSong-Light/Flags 6/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 800/Descent -200\
         /CapHeight 800/StemV 80>>>>]>>"
    )
}

#[test]
fn text_annotations_title_and_date_are_read() {
    let content = "BT /F1 12 Tf 100 700 Td (See the report at ) Tj (https://a.example/x) Tj \
                   0 -14 Td (and that) Tj ET";
    let annotation = "<</Type/Annot/Subtype/Link/Rect[100 683 160 698]\
        /A<</S/URI/URI(https://b.example/)>>>> <</Type/Annot/Subtype/Link/Rect[0 0 1 1]\
        /A<</S/GoTo/D[3 0 R/Fit]>>>>";
    let document = read(&page(content, HELVETICA, annotation)).unwrap();
    assert_eq!(document.title.as_deref(), Some("A title"));
    assert_eq!(document.date.unwrap().to_string(), "2023-05-08");
    let block = &document.blocks[0];
    assert_eq!(
        block.text,
        "See the report at https://a.example/x\nand that"
    );
    assert_eq!(block.place, Place::Page(1));
    assert_eq!(block.links.len(), 1);
    assert_eq!(&block.text[block.links[0].range.clone()], "and that");
    assert_eq!(block.links[0].target, "https://b.example/");
}

#[test]
fn predefined_cmaps_of_cjk_fonts_are_read_without_a_map_to_unicode() {
    // The text is 中国统计 in each encoding.
    for (encoding, ordering, text) in [
        ("GBK-EUC-H", "GB1", "<D6D0B9FACDB3BCC6>"),
        ("GB-EUC-H", "GB1", "<D6D0B9FACDB3BCC6>"),
        ("UniGB-UCS2-H", "GB1", "<4E2D56FD7EDF8BA1>"),
        ("UniGB-UTF16-H", "GB1", "<4E2D56FD7EDF8BA1>"),
    ] {
        let content = format!("BT /F1 12 Tf 100 700 Td {text} Tj ET");
        let document = read(&page(&content, &cjk_font(encoding, ordering), ""));
        let shown = document.map(|document| document.blocks[0].text.clone());
        assert_eq!(shown.as_deref(), Ok("中国统计"), "{encoding}");
    }
}

#[test]
fn a_page_without_text_is_a_scan() {
    assert_eq!(read(&page("q Q", HELVETICA, "")), Err(ReadError::Scanned));
}

#[test]
fn forms_that_draw_themselves_end() {
    let document = read(&page(
        "/X Do BT /F1 12 Tf 9 9 Td (text) Tj ET",
        HELVETICA,
        "",
    ));
    match document {
        Ok(document) => assert_eq!(document.blocks[0].text, "text"),
        Err(error) => assert!(matches!(error, ReadError::TooLarge { .. }), "{error}"),
    }
}

#[test]
fn what_is_no_pdf_or_is_cut_is_damaged_and_never_panics() {
    let whole = page("BT /F1 12 Tf 9 9 Td (some text) Tj ET", HELVETICA, "");
    for length in [0, 4, 9, 100, 300] {
        let error = read(&whole[..length]).unwrap_err();
        assert!(
            matches!(error, ReadError::Damaged { .. }),
            "{length}: {error}"
        );
    }
    for length in (0..whole.len()).step_by(37) {
        let _ = read(&whole[..length]);
    }
}

#[test]
fn loops_of_objects_end() {
    let bytes = file(&[
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2/Parent 3 0 R>>",
        "<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2/Parent 2 0 R>>",
        "4 0 R",
        "<</Title 4 0 R>>",
    ]);
    assert!(read(&bytes).is_err());
}

#[test]
fn many_pages_of_one_big_stream_are_refused() {
    let kids: Vec<String> = (4..1004).map(|n| format!("{n} 0 R")).collect();
    let pages = format!("<</Type/Pages/Kids[{}]/Count 1000>>", kids.join(" "));
    let content = stream("", &" ".repeat(2000));
    let mut objects = vec!["<</Type/Catalog/Pages 2 0 R>>", &pages, &content];
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R>>";
    objects.extend([page; 1000]);
    objects.push("<</Title(t)>>");
    let bytes = file(&objects);
    let limits = Limits {
        unpacked_bytes: 1_000_000,
        ..Limits::DEFAULT
    };
    let error = read_within(&bytes, limits).unwrap_err();
    assert!(matches!(error, ReadError::TooLarge { .. }), "{error}");
}
