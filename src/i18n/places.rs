//! Places of citations in the reader's language.

use super::pages::PageText as P;
use crate::model::citation::Place;
use crate::model::settings::Language;

/// A place as it is stored, in words.
#[must_use]
pub fn place(language: Language, stored: &str) -> String {
    let numbered = |text: P, n: u32| text.fill(language, &[("n", &n.to_string())]);
    match Place::parse(stored) {
        Place::Line(n) => numbered(P::PlaceLine, n),
        Place::Page(n) => numbered(P::PlacePage, n),
        Place::Paragraph(n) => numbered(P::PlaceParagraph, n),
        Place::Footnote(n) => numbered(P::PlaceFootnote, n),
        Place::Endnote(n) => numbered(P::PlaceEndnote, n),
        Place::Slide(n) => numbered(P::PlaceSlide, n),
        Place::SpeakerNotes(n) => numbered(P::PlaceSpeakerNotes, n),
        Place::Header => P::PlaceHeader.text(language).to_owned(),
        Place::Footer => P::PlaceFooter.text(language).to_owned(),
        Place::Entry(key) => P::PlaceEntry.fill(language, &[("key", &key)]),
        Place::Cell { sheet: None, cell } => P::PlaceCell.fill(language, &[("cell", &cell)]),
        Place::Cell {
            sheet: Some(sheet),
            cell,
        } => P::PlaceSheetCell.fill(language, &[("sheet", &sheet), ("cell", &cell)]),
        Place::Part(name) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_and_worded_in_each_language() {
        let cell = |sheet: Option<&str>| Place::Cell {
            sheet: sheet.map(str::to_owned),
            cell: "B7".to_owned(),
        };
        for (stored, ko, zh) in [
            (Place::Line(11), "11행", "第 11 行"),
            (Place::Page(3), "3쪽", "第 3 页"),
            (Place::Paragraph(4), "4번째 문단", "第 4 段"),
            (Place::Footnote(2), "각주 2", "脚注 2"),
            (Place::Endnote(2), "미주 2", "尾注 2"),
            (Place::Slide(5), "슬라이드 5", "第 5 张幻灯片"),
            (
                Place::SpeakerNotes(5),
                "슬라이드 5의 메모",
                "第 5 张幻灯片的备注",
            ),
            (Place::Header, "머리글", "页眉"),
            (Place::Footer, "바닥글", "页脚"),
            (
                Place::Entry("MWR2022".to_owned()),
                "항목 MWR2022",
                "条目 MWR2022",
            ),
            (cell(None), "셀 B7", "单元格 B7"),
            (
                cell(Some("数据, 1")),
                "시트 数据, 1, 셀 B7",
                "工作表 数据, 1，单元格 B7",
            ),
            (
                Place::Part("line up.xhtml".to_owned()),
                "line up.xhtml",
                "line up.xhtml",
            ),
        ] {
            let text = stored.to_string();
            assert_eq!(Place::parse(&text), stored);
            assert_eq!(place(Language::En, &text), text);
            assert_eq!(place(Language::Ko, &text), ko);
            assert_eq!(place(Language::Zh, &text), zh);
        }
    }
}
