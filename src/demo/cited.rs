//! The pages that a report of the demo cites, and what happens to them: they die, move, change and
//! come back.

use std::fmt::Write as _;

use chrono::TimeDelta;

use crate::model::Time;
use crate::model::link::LinkState;

use super::pages::{DemoReply, not_there, page};
use super::story::Story;

/// What happens to a cited page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageFate {
    /// Nothing.
    Stays,
    /// The page is not there.
    Dies { begins: i64 },
    /// The page is not there for some days.
    Returns { begins: i64, ends: i64 },
    /// The page stands at another address, to which the old one leads.
    Moves { begins: i64 },
    /// The page says something else than what was cited.
    Changes { begins: i64 },
    /// The page belongs to a source that is closed to some vantages for some days.
    SharesScene,
}

/// A page that the report cites.
#[derive(Debug, Clone, Copy)]
pub struct CitedScene {
    /// Of the demo's review; `None`: the tables of customs.
    pub path: Option<&'static str>,
    pub title: &'static str,
    /// The passage that is cited.
    pub passage: &'static str,
    pub fate: PageFate,
    /// One sentence about it.
    pub says: &'static str,
    /// The states that its link must have had, one after the other.
    pub expect: &'static [LinkState],
}

/// The address to which a page moves.
const NEW_ADDRESS: &str = "/archive/2026/railways";

/// The cited pages, in the order of the report.
pub const CITED: [CitedScene; 6] = [
    CitedScene {
        path: Some("/articles/archives"),
        title: "地方档案的整理与利用",
        passage: "县级档案馆共保存清代文书十二万卷",
        fate: PageFate::Stays,
        says: "An article on local archives stays as it is.",
        expect: &[LinkState::Alive],
    },
    CitedScene {
        path: Some("/articles/land"),
        title: "土地改革研究综述",
        passage: "五十年代的土地登记资料最为完整",
        fate: PageFate::Dies { begins: 74 },
        says: "A survey of land reform is taken down.",
        expect: &[LinkState::Alive, LinkState::Gone],
    },
    CitedScene {
        path: Some("/articles/press"),
        title: "近代报刊目录",
        passage: "上海一地出版的报刊有一千余种",
        fate: PageFate::Returns {
            begins: 32,
            ends: 180,
        },
        says: "A list of newspapers is taken down, and comes back after six days.",
        expect: &[LinkState::Alive, LinkState::Gone, LinkState::Alive],
    },
    CitedScene {
        path: Some("/articles/railways"),
        title: "铁路与区域贸易",
        passage: "铁路通车后沿线粮价的差异缩小了一半",
        fate: PageFate::Moves { begins: 98 },
        says: "An article on railways moves to another address.",
        expect: &[LinkState::Alive, LinkState::Moved],
    },
    CitedScene {
        path: Some("/articles/water"),
        title: "全国用水情况说明",
        passage: "全国用水总量为5906.5亿立方米",
        fate: PageFate::Changes { begins: 122 },
        says: "A page on the use of water shows another figure than the one that is cited.",
        expect: &[LinkState::Alive, LinkState::Drifted],
    },
    CitedScene {
        path: None,
        title: "海关统计数据",
        passage: "进出口商品总值表",
        fate: PageFate::SharesScene,
        says: "The customs tables are closed to Seoul and Berlin for almost six days.",
        expect: &[LinkState::Alive, LinkState::Blocked, LinkState::Alive],
    },
];

/// The answer of the review to `path` at `now`.
#[must_use]
pub fn answer(story: Story, path: &str, now: Time) -> DemoReply {
    let is_past = |hours| now >= story.at(0) + TimeDelta::hours(hours);
    let named = |scene: &&CitedScene| scene.path == Some(path);
    let Some(scene) = CITED.iter().find(named) else {
        let moved = CITED
            .iter()
            .find(|scene| matches!(scene.fate, PageFate::Moves { .. }));
        return match moved {
            Some(scene) if path == NEW_ADDRESS => article(scene, false),
            _ => not_there(),
        };
    };
    match scene.fate {
        PageFate::Dies { begins } if is_past(begins) => not_there(),
        PageFate::Returns { begins, ends } if is_past(begins) && !is_past(ends) => not_there(),
        PageFate::Moves { begins } if is_past(begins) => DemoReply {
            status: 301,
            headers: vec![("location", NEW_ADDRESS)],
            body: Vec::new(),
        },
        PageFate::Changes { begins } => article(scene, is_past(begins)),
        _ => article(scene, false),
    }
}

/// The article of a scene. The sentences around the passage are of the scene too, so that no two
/// articles are alike.
fn article(scene: &CitedScene, is_changed: bool) -> DemoReply {
    let passage = if is_changed {
        scene.passage.replace("5906.5", "5810.2")
    } else {
        scene.passage.to_owned()
    };
    let title = scene.title;
    let body = format!(
        "<article><p>本文围绕“{title}”展开，先说明{title}所依据的资料，再讨论这些资料的来源与限度。</p>\
         <p>{passage}。这一数字取自{title}的附录，并与各地的记载逐一核对。</p>\
         <p>关于{title}的进一步讨论，见本刊其他各期。</p></article>"
    );
    DemoReply::html(page(&format!("{title} - 示范评论"), &body))
}

/// The report, with a note for each page. `review` and `customs` are where the sites stand.
#[must_use]
pub fn report(review: &str, customs: &str) -> String {
    let mut text =
        "---\ntitle: \"Land, rail and water: a reading list\"\ndate: 2026-02-27\n---\n\n\
                    # Land, rail and water: a reading list\n\n\
                    The figures of this report rest on six pages.\n\n"
            .to_owned();
    for scene in &CITED {
        let quote = urlencoded(scene.passage);
        let url = scene.path.map_or_else(
            || format!("{customs}/"),
            |path| format!("{review}{path}#:~:text={quote}"),
        );
        let _ = writeln!(
            text,
            "- [{}]({url}), accessed 27 February 2026.",
            scene.title
        );
    }
    text
}

fn urlencoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_die_return_move_and_change_at_their_hours() {
        let story = Story::of_march();
        let at = |path, hours| answer(story, path, story.at(hours));
        assert_eq!(at("/articles/land", 73).status, 200);
        assert_eq!(at("/articles/land", 74).status, 404);
        assert_eq!(at("/articles/press", 100).status, 404);
        assert_eq!(at("/articles/press", 180).status, 200);
        assert_eq!(at("/articles/railways", 98).status, 301);
        assert_eq!(
            at(NEW_ADDRESS, 98).body,
            at("/articles/railways", 0).body,
            "the page is the same at its new address"
        );
        assert_ne!(
            at("/articles/water", 121).body,
            at("/articles/water", 122).body
        );
        assert_eq!(at("/articles/none", 0).status, 404);
    }
}
