//! The links that annotations mark on a page.

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, Rect, String as PdfString};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::Point;

use crate::links::read::error::{Limits, ReadError};

/// Most annotations of a page.
const ANNOTATIONS: usize = 50_000;

/// How far outside its area an annotation still marks a character: areas are drawn narrowly.
const MARGIN: f64 = 1.0;

/// A link and the areas of the page that it covers.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkedLink {
    pub target: String,
    pub areas: Vec<Area>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub left: f64,
    pub bottom: f64,
    pub right: f64,
    pub top: f64,
}

impl Area {
    pub fn holds(&self, point: Point) -> bool {
        point.x >= self.left - MARGIN
            && point.x <= self.right + MARGIN
            && point.y >= self.bottom - MARGIN
            && point.y <= self.top + MARGIN
    }
}

/// What relative addresses of the document begin with, where its catalog says so.
pub fn base_address(pdf: &Pdf) -> Option<String> {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())?;
    let base = catalog
        .get::<Dict<'_>>("URI")?
        .get::<PdfString<'_>>("Base")?;
    Some(text_string(base.as_bytes())).filter(|base| base.contains("://"))
}

/// The links of a page in the order of its annotations.
pub fn links(page: &Page<'_>, base: Option<&str>) -> Result<Vec<MarkedLink>, ReadError> {
    let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else {
        return Ok(Vec::new());
    };
    let mut links = Vec::new();
    let annotations = annotations.iter::<Dict<'_>>().take(ANNOTATIONS);
    for annotation in annotations {
        let Some(target) = target(&annotation) else {
            continue;
        };
        let limit = Limits::DEFAULT.value_bytes;
        Limits::bound("the address of an annotation", target.len() as u64, limit)?;
        links.push(MarkedLink {
            target: absolute(target, base),
            areas: areas(&annotation),
        });
    }
    Ok(links)
}

/// The address of an annotation's action; `None` for places within the document and other files.
fn target(annotation: &Dict<'_>) -> Option<String> {
    let action = annotation.get::<Dict<'_>>("A")?;
    let kind = action.get::<Name<'_>>("S")?;
    if &*kind != b"URI".as_slice() {
        return None;
    }
    let address = match action.get::<Object<'_>>("URI")? {
        Object::String(address) => text_string(address.as_bytes()),
        _ => return None,
    };
    let address: String = address.trim().to_owned();
    (!address.is_empty() && !address.starts_with('#')).then_some(address)
}

fn absolute(target: String, base: Option<&str>) -> String {
    let has_scheme = target
        .split(['/', '?', '#'])
        .next()
        .is_some_and(|begin| begin.contains(':'));
    match base.and_then(|base| url::Url::parse(base).ok()) {
        Some(base) if !has_scheme && !target.starts_with("www.") => {
            base.join(&target).map_or(target, String::from)
        }
        _ => target,
    }
}

/// The lines that an annotation covers, or all of it.
fn areas(annotation: &Dict<'_>) -> Vec<Area> {
    let quads: Vec<f64> = annotation
        .get::<Array<'_>>("QuadPoints")
        .map(|points| points.iter::<f64>().take(8 * 64).collect())
        .unwrap_or_default();
    let areas: Vec<Area> = quads.chunks_exact(8).map(around).collect();
    if !areas.is_empty() {
        return areas;
    }
    let rect = annotation.get::<Rect>("Rect");
    rect.into_iter()
        .map(|rect| around(&[rect.x0, rect.y0, rect.x1, rect.y1]))
        .collect()
}

/// The area around points that are given as x, y, x, y ….
fn around(points: &[f64]) -> Area {
    let mut area = Area {
        left: f64::INFINITY,
        bottom: f64::INFINITY,
        right: f64::NEG_INFINITY,
        top: f64::NEG_INFINITY,
    };
    for point in points.chunks_exact(2) {
        area.left = area.left.min(point[0]);
        area.right = area.right.max(point[0]);
        area.bottom = area.bottom.min(point[1]);
        area.top = area.top.max(point[1]);
    }
    area
}

/// A text of the document: UTF-16 or UTF-8 with a mark, else nearly Latin-1.
pub fn text_string(bytes: &[u8]) -> String {
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding
            .decode_without_bom_handling(&bytes[mark..])
            .0
            .into_owned(),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding_rs::mem::decode_latin1(bytes).into_owned(),
        },
    };
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_are_completed_where_the_document_gives_a_base() {
        let base = Some("https://a.example/dir/");
        for (target, expected) in [
            ("x.html", "https://a.example/dir/x.html"),
            ("/x.html", "https://a.example/x.html"),
            ("https://b.example/", "https://b.example/"),
            ("mailto:x@a.example", "mailto:x@a.example"),
            ("www.b.example", "www.b.example"),
        ] {
            assert_eq!(absolute(target.to_owned(), base), expected);
            assert_eq!(absolute(target.to_owned(), None), target);
        }
    }

    #[test]
    fn an_area_is_drawn_around_its_points_in_any_order() {
        let area = around(&[10.0, 30.0, 0.0, 20.0]);
        assert!(area.holds(Point::new(5.0, 25.0)));
        assert!(area.holds(Point::new(-0.5, 20.0)));
        assert!(!area.holds(Point::new(5.0, 35.0)));
        assert!(!around(&[]).holds(Point::new(0.0, 0.0)));
    }
}
