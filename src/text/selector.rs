//! The cost of CSS selectors on a page, estimated beforehand: lists, nested brackets and sibling
//! combinators can take minutes on an ordinary page.
//!
//! The estimate reads the selector's text. It is rough, and grows with everything that the cost
//! grows with.

/// The measures of a page that the cost depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PageShape {
    pub nodes: u64,
    /// The depth of the average node, rounded up.
    pub depth: u64,
    pub deepest: u64,
    /// The sum of the squares of all parents' numbers of children.
    pub siblings: u64,
}

/// The cost of a list of selectors.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SelectorCost {
    list: Vec<Complex>,
}

/// Compounds with combinators between them; the last is tried on every node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Complex {
    last: Compound,
    before: Vec<Compound>,
    /// A `~`, or a position counted from the end: each node looks at its siblings.
    siblings: bool,
}

/// Simple selectors that one node must all match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Compound {
    simple: u64,
    /// The lists of `:is()` and similar ones; `true` for `:has()`, which looks below the node.
    nested: Vec<(bool, SelectorCost)>,
}

/// Deeper brackets count as this deep: the estimate then exceeds every limit anyway.
const DEEPEST: usize = 40;

impl SelectorCost {
    /// Reads the text of a selector list.
    #[must_use]
    pub fn of_selector(css: &str) -> Self {
        let chars: Vec<char> = css.chars().collect();
        let mut at = 0;
        Self::read(&chars, &mut at, 0)
    }

    /// Whether the list has no selector.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds another list to this one.
    pub fn add(&mut self, other: SelectorCost) {
        self.list.extend(other.list);
    }

    /// The steps on a page of this shape: one step tries one simple selector on one node.
    #[must_use]
    pub fn steps(&self, shape: &PageShape) -> u64 {
        self.list
            .iter()
            .map(|complex| {
                let (each, siblings) = complex.each(shape, shape.depth);
                let all = each.saturating_mul(shape.nodes.max(1));
                all.saturating_add(siblings.saturating_mul(shape.siblings))
            })
            .fold(0, u64::saturating_add)
    }

    /// The steps for one node as part of a larger selector, and how often siblings are visited.
    fn each(&self, shape: &PageShape) -> (u64, u64) {
        let sums = self.list.iter().map(|c| c.each(shape, shape.deepest));
        sums.fold((0, 0), |(a, b), (c, d)| {
            (a.saturating_add(c), b.saturating_add(d))
        })
    }

    fn read(chars: &[char], at: &mut usize, level: usize) -> Self {
        let mut list = Self::default();
        let mut complex = Complex::default();
        let mut compound = Compound::default();
        while let Some(&c) = chars.get(*at) {
            *at += 1;
            match c {
                ')' if level > 0 => break,
                ',' => {
                    complex.last = std::mem::take(&mut compound);
                    list.list.push(std::mem::take(&mut complex));
                }
                '"' | '\'' => skip_to(chars, at, c),
                '[' => {
                    compound.simple += 1;
                    skip_to(chars, at, ']');
                }
                '\\' => *at += 1,
                '(' => compound.enter(chars, at, level, &mut complex.siblings),
                '.' | '#' | ':' | '*' => compound.simple += 1,
                '~' | '>' | '+' => {
                    complex.siblings |= c == '~';
                    complex.push(&mut compound);
                }
                c if c.is_whitespace() => complex.push(&mut compound),
                // An element name begins a compound; for all other names the sign before was
                // counted.
                _ => compound.simple = compound.simple.max(1),
            }
        }
        if compound == Compound::default() {
            compound = complex.before.pop().unwrap_or_default();
        }
        complex.last = compound;
        list.list.push(complex);
        list
    }
}

impl Complex {
    fn push(&mut self, compound: &mut Compound) {
        if *compound != Compound::default() {
            self.before.push(std::mem::take(compound));
        }
    }

    fn each(&self, shape: &PageShape, depth: u64) -> (u64, u64) {
        let (mut steps, mut siblings) = self.last.each(shape);
        for compound in &self.before {
            let (more, beside) = compound.each(shape);
            steps = steps.saturating_add(more.saturating_mul(depth.max(1)));
            siblings = siblings.saturating_add(beside.saturating_mul(depth.max(1)));
        }
        let own = if self.siblings { steps } else { 0 };
        (steps, siblings.saturating_add(own))
    }
}

impl Compound {
    fn each(&self, shape: &PageShape) -> (u64, u64) {
        let (mut steps, mut siblings) = (self.simple.max(1), 0_u64);
        for (below, load) in &self.nested {
            // All nodes together have as many descendants as ancestors.
            let times = if *below { shape.depth.max(1) } else { 1 };
            let (more, beside) = load.each(shape);
            steps = steps.saturating_add(more.saturating_mul(times));
            siblings = siblings.saturating_add(beside.saturating_mul(times));
        }
        (steps, siblings)
    }

    /// Reads the brackets after a pseudo-class.
    fn enter(&mut self, chars: &[char], at: &mut usize, level: usize, siblings: &mut bool) {
        let name_from = at.saturating_sub(20);
        let name: String = chars[name_from..*at - 1].iter().collect();
        let name = name.to_ascii_lowercase();
        *siblings |= name.ends_with("-last-child") || name.ends_with("-last-of-type");
        if level >= DEEPEST {
            self.simple = u64::MAX / 2;
            skip_to(chars, at, ')');
            return;
        }
        let load = SelectorCost::read(chars, at, level + 1);
        if !name.contains("nth-") && !name.ends_with("lang") {
            self.nested.push((name.ends_with(":has"), load));
        }
    }
}

fn skip_to(chars: &[char], at: &mut usize, end: char) {
    while let Some(&c) = chars.get(*at) {
        *at += 1;
        if c == '\\' {
            *at += 1;
        } else if c == end {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: PageShape = PageShape {
        nodes: 3_000,
        depth: 12,
        deepest: 30,
        siblings: 60_000,
    };

    fn steps(css: &str) -> u64 {
        SelectorCost::of_selector(css).steps(&PAGE)
    }

    #[test]
    fn what_people_write_is_cheap() {
        for css in [
            "#pdfDown",
            ".wx-tit > h1",
            "table.list tr:nth-child(2) td:nth-child(3)",
            "a[href*=\"x,y(z\"]:not(.off)",
            ".row ~ .row",
            "ul:has(> li.open) a",
        ] {
            assert!(steps(css) < 2_000_000, "{css}: {}", steps(css));
        }
        assert_eq!(steps("p"), 3_000);
        assert_eq!(steps("p, q"), 6_000);
        assert_eq!(steps("a b"), 3_000 * 13);
    }

    #[test]
    fn what_takes_minutes_is_dear() {
        let nested =
            |unit: &str, n: usize| (0..n).fold("p".to_owned(), |s, _| unit.replace('%', &s));
        for css in [
            nested(":is(% *)", 12),
            nested(":not(.x %, .y % > b)", 12),
            format!("{}p", ":has(* * *) * ".repeat(400)),
            nested(":is(% ~ *)", 9),
            vec![".a .b .c .d"; 5_000].join(","),
        ] {
            assert!(steps(&css) > 200_000_000, "{css:.60}: {}", steps(&css));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_a_load(css in "[a-c.#:*,>~+ ()\\[\\]\"'\\\\]{0,80}") {
            let _ = SelectorCost::of_selector(&css).steps(&PAGE);
        }
    }
}
