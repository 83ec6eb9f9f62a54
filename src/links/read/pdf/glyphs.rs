//! The characters of a page with their places, in the order in which they are drawn.

use hayro_interpret::font::{Glyph as DrawnGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, RenderContent, SoftMask, interpret_page,
};

use super::bounds::Deadline;
use crate::links::read::error::{Limits, ReadError};

/// Most characters of a page.
const CHARACTERS: u64 = 1_000_000;

/// How many drawing operations pass between two looks at the clock.
const OPERATIONS_BETWEEN_CHECKS: u32 = 512;

/// A character where it stands on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// What it shows; U+FFFD when the font does not say.
    pub text: String,
    /// Where it begins, in the direction of writing: `x` along the line, `y` across, upwards.
    pub x: f64,
    pub y: f64,
    /// How far it reaches along the line.
    pub width: f64,
    /// The size of its font.
    pub size: f64,
    /// The direction of writing, in quarters of a turn.
    pub turn: u8,
    /// The middle of the character on the page, which annotations are compared with.
    pub middle: Point,
}

/// The characters of a page.
pub fn of_page<'a>(
    page: &Page<'a>,
    cache: &InterpreterCache<'a>,
    deadline: Deadline,
) -> Result<Vec<Glyph>, ReadError> {
    let settings = InterpreterSettings {
        render_content: RenderContent::PAGE,
        ..InterpreterSettings::default()
    };
    let bounds = Rect::new(0.0, 0.0, 1.0, 1.0);
    let mut context = Context::new(Affine::IDENTITY, bounds, cache, page.xref(), settings);
    let mut collected = Collected {
        glyphs: Vec::new(),
        too_many: false,
        operations: 0,
        deadline,
    };
    deadline.check();
    interpret_page(page, &mut context, &mut collected);
    if collected.too_many {
        return Err(ReadError::TooLarge {
            what: "the number of characters on a page",
            limit: CHARACTERS,
        });
    }
    Limits::bound(
        "the number of characters on a page",
        collected.glyphs.len() as u64,
        CHARACTERS,
    )?;
    Ok(collected.glyphs)
}

struct Collected {
    glyphs: Vec<Glyph>,
    too_many: bool,
    operations: u32,
    deadline: Deadline,
}

impl Collected {
    fn count_operation(&mut self) {
        self.operations = self.operations.wrapping_add(1);
        if self.operations.is_multiple_of(OPERATIONS_BETWEEN_CHECKS) {
            self.deadline.check();
        }
    }
}

impl<'a> Device<'a> for Collected {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.count_operation();
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        // Forms clip before they draw, and a form may draw another: each is a look at the clock.
        self.deadline.check();
    }

    fn push_clip_rect(&mut self, _: &Rect) {
        self.deadline.check();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.count_operation();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        self.count_operation();
        if self.glyphs.len() as u64 > CHARACTERS {
            self.too_many = true;
            return;
        }
        let is_vertical = run.writing_mode() == WritingMode::Vertical;
        for glyph in run.glyphs() {
            let transform = props.transform * glyph.transform();
            self.glyphs.extend(placed(glyph, transform, is_vertical));
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.count_operation();
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

/// A glyph in the units of the page; `None` when it has no size.
fn placed(glyph: &DrawnGlyph<'_>, transform: Affine, is_vertical: bool) -> Option<Glyph> {
    // The images of the unit vectors along and across the line, and of the origin.
    let [along_x, along_y, across_x, across_y, left, bottom] = transform.as_coeffs();
    if !transform.is_finite() {
        return None;
    }
    let size = across_x.hypot(across_y) * 1000.0;
    let advance = match glyph {
        DrawnGlyph::Outline(outline) => outline.advance_width(),
        DrawnGlyph::Type3(drawn) => drawn.advance_width(),
    };
    let advance = f64::from(advance.unwrap_or(500.0));
    let turn = turn(along_x, along_y, is_vertical);
    let width = if is_vertical {
        size
    } else {
        along_x.hypot(along_y) * advance.abs()
    };
    if size <= 0.0 || !width.is_finite() {
        return None;
    }
    let (x, y) = match turn {
        0 => (left, bottom),
        1 => (bottom, -left),
        2 => (-left, -bottom),
        _ => (-bottom, left),
    };
    let middle = if is_vertical {
        Point::new(left + size / 2.0, bottom + size / 3.0)
    } else {
        transform * Point::new(advance / 2.0, 300.0)
    };
    Some(Glyph {
        text: shown(glyph),
        x,
        y,
        width,
        size,
        turn,
        middle,
    })
}

/// The direction in quarters of a turn to the left. Vertical writing goes down the page.
fn turn(x: f64, y: f64, is_vertical: bool) -> u8 {
    if is_vertical {
        3
    } else if x.abs() >= y.abs() {
        if x >= 0.0 { 0 } else { 2 }
    } else if y > 0.0 {
        1
    } else {
        3
    }
}

fn shown(glyph: &DrawnGlyph<'_>) -> String {
    let mut text = String::new();
    let mut push = |c: char| match c {
        '\0' => text.push('\u{fffd}'),
        '\u{a0}' | '\t' | '\r' | '\n' => text.push(' '),
        // Ligatures, and tildes as TeX sets them.
        '\u{fb00}' => text.push_str("ff"),
        '\u{fb01}' => text.push_str("fi"),
        '\u{fb02}' => text.push_str("fl"),
        '\u{fb03}' => text.push_str("ffi"),
        '\u{fb04}' => text.push_str("ffl"),
        '\u{2dc}' | '\u{223c}' => text.push('~'),
        c if c.is_control() => {}
        c => text.push(c),
    };
    match glyph.as_unicode() {
        Some(BfString::Char(c)) => push(c),
        Some(BfString::String(several)) => several.chars().for_each(push),
        None => push('\0'),
    }
    text
}
