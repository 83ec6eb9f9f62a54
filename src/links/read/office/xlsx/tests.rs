use super::*;
use crate::links::read::office::testing;

const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fn workbook(sheets: &[&str], shared: &[&str]) -> RawDocument {
    let count = 0..sheets.len();
    let index: Vec<String> = count
        .clone()
        .map(|n| format!("<sheet name='Tab {n}' sheetId='{n}' r:id='w{n}'/>"))
        .collect();
    let index = format!("<workbook><sheets>{}</sheets></workbook>", index.concat());
    let relations: Vec<String> = count
        .map(|n| {
            format!(
                "<Relationship Id='w{n}' Type='{KIND}/worksheet' Target='worksheets/sheet{n}.xml'/>"
            )
        })
        .collect();
    let relations = format!(
        "<Relationships><Relationship Id='s' Type='{KIND}/sharedStrings' \
         Target='sharedStrings.xml'/>{}</Relationships>",
        relations.concat()
    );
    let texts: Vec<String> = shared
        .iter()
        .map(|text| format!("<si><t>{text}</t><rPh><t>read aloud</t></rPh></si>"))
        .collect();
    let texts = format!("<sst>{}</sst>", texts.concat());
    let hyperlinks = format!(
        "<Relationships><Relationship Id='h1' Type='{KIND}/hyperlink' TargetMode='External' \
         Target='https://h.example/'/></Relationships>"
    );
    let names: Vec<(String, String)> = (0..sheets.len())
        .map(|n| {
            (
                format!("xl/worksheets/sheet{n}.xml"),
                format!("xl/worksheets/_rels/sheet{n}.xml.rels"),
            )
        })
        .collect();
    let mut parts = vec![
        ("xl/workbook.xml", index.as_str()),
        ("xl/_rels/workbook.xml.rels", relations.as_str()),
        ("xl/sharedStrings.xml", texts.as_str()),
    ];
    for (sheet, (name, relations)) in sheets.iter().zip(&names) {
        parts.push((name, sheet));
        parts.push((relations, &hyperlinks));
    }
    read(&testing::archive(&parts)).unwrap()
}

fn shown(document: &RawDocument) -> Vec<String> {
    let blocks = document.blocks.iter();
    blocks
        .map(|block| {
            let links: Vec<&str> = block.links.iter().map(|l| l.target.as_str()).collect();
            let title = block.title.as_deref().unwrap_or_default();
            let accessed = block.accessed.map(|d| d.to_string()).unwrap_or_default();
            let text = format!("{}: {:?} {}", block.place, block.text, links.join(" "));
            format!("{text} {title} {accessed}").trim_end().to_owned()
        })
        .collect()
}

#[test]
fn cells_links_and_formulas_are_read_on_all_sheets() {
    let first = "<worksheet><sheetData>\
        <row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c></row>\
        <row r='3'><c r='B3' t='inlineStr'><is><r><t>https://in</t></r><r><t>line.example/</t></r>\
        </is></c><c><v>12</v></c><c t='str'><f>HYPERLINK(B3&amp;\"x\",\"t\")</f><v>t</v></c></row>\
        </sheetData><hyperlinks><hyperlink ref='A1:A2' r:id='h1' location='p'/>\
        <hyperlink ref='F9' r:id='h1'/><hyperlink ref='F8' location='Tab!A1'/></hyperlinks>\
        </worksheet>";
    let second = "<x:worksheet xmlns:x='u'><x:sheetData><x:row><x:c t='s'><x:v>1</x:v></x:c>\
        </x:row></x:sheetData></x:worksheet>";
    assert_eq!(
        shown(&workbook(
            &[first, second],
            &["a title", "https://shared.example/"]
        )),
        [
            "sheet Tab 0, cell A1: \"a title\" https://h.example/#p",
            "sheet Tab 0, cell B1: \"https://shared.example/\"",
            "sheet Tab 0, cell B3: \"https://inline.example/\"",
            "sheet Tab 0, cell D3: \"t\" https://inline.example/x",
            "sheet Tab 0, cell F9: \"\" https://h.example/",
            "sheet Tab 1, cell A1: \"https://shared.example/\"",
        ]
    );
}

#[test]
fn a_row_gives_its_links_the_title_and_the_day_of_citing() {
    let sheet = "<worksheet><sheetData>\
        <row r='1'><c t='s'><v>0</v></c><c t='s'><v>1</v></c><c t='s'><v>2</v></c></row>\
        <row r='2'><c t='s'><v>3</v></c><c t='s'><v>4</v></c><c><v>45054</v></c></row>\
        <row r='3'><c/><c t='s'><v>4</v></c><c t='str'><v>2023/5/8</v></c></row>\
        <row r='4'><c/><c t='s'><v>4</v></c><c><v>7</v></c></row></sheetData></worksheet>";
    let shared = ["标题", "URL", "访问日期", "统计公报", "https://a.example/"];
    assert_eq!(
        shown(&workbook(&[sheet], &shared)),
        [
            "cell B2: \"https://a.example/\"  统计公报 2023-05-08",
            "cell B3: \"https://a.example/\"   2023-05-08",
            "cell B4: \"https://a.example/\"",
        ]
    );
}

#[test]
fn a_formula_that_is_filled_down_has_an_address_a_row() {
    let sheet = "<worksheet><sheetData>\
        <row r='2'><c r='A2' t='s'><v>0</v></c><c r='B2' t='str'><f t='shared' si='0'>\
        HYPERLINK(A2)</f><v>a</v></c></row>\
        <row r='3'><c r='A3' t='s'><v>1</v></c><c r='B3' t='str'><f t='shared' si='0'/><v>b</v></c>\
        </row></sheetData></worksheet>";
    assert_eq!(
        shown(&workbook(
            &[sheet],
            &["https://a.example/2", "https://a.example/3"]
        )),
        [
            "cell A2: \"https://a.example/2\"",
            "cell B2: \"a\" https://a.example/2",
            "cell A3: \"https://a.example/3\"",
            "cell B3: \"b\" https://a.example/3",
        ]
    );
}

#[test]
fn a_sheet_of_more_cells_than_allowed_is_refused() {
    let row = "<row><c t='str'><v>https://a.example/</v></c></row>".repeat(50);
    let sheet = format!("<worksheet><sheetData>{row}</sheetData></worksheet>");
    let bytes = testing::archive(&[
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name='a' r:id='w'/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!("<R><Relationship Id='w' Type='{KIND}/worksheet' Target='s.xml'/></R>"),
        ),
        ("xl/s.xml", &sheet),
    ]);
    let limits = Limits {
        blocks: 20,
        ..Limits::DEFAULT
    };
    let error = read_within(&bytes, limits).unwrap_err();
    assert!(error.to_string().contains("number of its cells"), "{error}");
}
