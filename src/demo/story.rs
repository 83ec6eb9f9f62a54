//! The story as data: the participants, the events, and the expected conclusions.
//!
//! The scenes are modelled on events at real sources (`docs/verdicts.md` names the kinds); the
//! names are invented.

use chrono::TimeDelta;

use crate::model::time::from_micros;
use crate::model::{Code, Finding, Time};

/// A vantage of the demo: a source address on loopback.
#[derive(Debug, Clone, Copy)]
pub struct StoryVantage {
    pub id: &'static str,
    pub name: &'static str,
    pub country: &'static str,
    pub address: [u8; 4],
}

/// Three libraries.
pub const VANTAGES: [StoryVantage; 3] = [
    StoryVantage {
        id: "seoul",
        name: "Library in Seoul",
        country: "KR",
        address: [127, 0, 0, 2],
    },
    StoryVantage {
        id: "berlin",
        name: "Library in Berlin",
        country: "DE",
        address: [127, 0, 0, 3],
    },
    StoryVantage {
        id: "singapore",
        name: "Library in Singapore",
        country: "SG",
        address: [127, 0, 0, 4],
    },
];

/// A stand-in site; each has its own loopback address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Site {
    ControlOne,
    ControlTwo,
    /// Like CNKI: records with a full-text button.
    Papers,
    /// Like Wind: rows of data as JSON.
    Market,
    /// Like a customs office's statistics.
    Customs,
    /// Like a court's database.
    Court,
    /// Like a statistics bureau: a dated list of releases.
    Statistics,
    /// Like a company registry.
    Registry,
    /// Like a law database.
    Law,
    /// Like a journal whose pages are cited; no source.
    Review,
}

impl Site {
    pub const ALL: [Site; 10] = [
        Site::ControlOne,
        Site::ControlTwo,
        Site::Papers,
        Site::Market,
        Site::Customs,
        Site::Court,
        Site::Statistics,
        Site::Registry,
        Site::Law,
        Site::Review,
    ];

    /// The last part of the site's address, 127.0.1.x.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Site::ControlOne => 11,
            Site::ControlTwo => 12,
            Site::Papers => 13,
            Site::Market => 14,
            Site::Customs => 15,
            Site::Court => 16,
            Site::Statistics => 17,
            Site::Registry => 18,
            Site::Law => 19,
            Site::Review => 20,
        }
    }
}

/// What happens at a site, or at a vantage's own end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// The record stays, and the full-text button is gone, for dissertations only.
    FullTextWithdrawn,
    /// A page says that this region is not served.
    RegionRefused,
    /// The page asks for a login.
    LoginWall,
    /// The list of releases gets no new line.
    SeriesStops,
    /// 200 with an empty data set.
    DataEmpty,
    /// Rows with today's date and null values.
    ValuesNull,
    /// A script challenge.
    Challenge,
    /// The server does not answer.
    Down,
    /// The vantage's own network is down.
    OwnNetworkDown,
}

/// One event of the story.
#[derive(Debug, Clone, Copy)]
pub struct StoryScene {
    pub what: Happening,
    /// `None`: the vantage's own end.
    pub site: Option<Site>,
    /// Only seen from these vantages; empty: from all.
    pub from: &'static [&'static str],
    /// Hours from the beginning of the story.
    pub begins: i64,
    /// `None`: it continues.
    pub ends: Option<i64>,
    /// One sentence about the event.
    pub says: &'static str,
    /// The expected conclusion.
    pub expect: Expected,
}

/// The expected result of a scene.
#[derive(Debug, Clone, Copy)]
pub struct Expected {
    /// `source/probe`, or a vantage's id for its own end.
    pub subject: &'static str,
    pub code: Code,
    pub finding: Option<Finding>,
    /// The incident has ended by the end of the story.
    pub ended: bool,
    /// A mail was sent at once (otherwise it is in the digest).
    pub mailed: bool,
}

/// The length of the story.
pub const HOURS: i64 = 12 * 24;

/// The interval between passes: the probes' own schedule.
pub const EVERY: i64 = 6;

/// 2 March 2026 at ten in Beijing, in microseconds since 1970.
const BEGINS_US: i64 = 1_772_416_800 * 1_000_000;

const fn expect(subject: &'static str, code: Code, finding: Option<Finding>) -> Expected {
    Expected {
        subject,
        code,
        finding,
        ended: false,
        mailed: true,
    }
}

/// The events, in the order in which they begin.
pub const SCENES: [StoryScene; 9] = [
    StoryScene {
        what: Happening::FullTextWithdrawn,
        site: Some(Site::Papers),
        from: &[],
        begins: 38,
        ends: None,
        says: "Demo Papers no longer shows the full-text button of dissertations; journal articles keep theirs.",
        expect: expect(
            "papers/thesis",
            Code::ContentWithdrawn,
            Some(Finding::Withdrawn),
        ),
    },
    StoryScene {
        what: Happening::RegionRefused,
        site: Some(Site::Customs),
        from: &["seoul", "berlin"],
        begins: 62,
        ends: Some(200),
        says: "Demo Customs Statistics refuses Seoul and Berlin and names their region, for almost six days.",
        expect: Expected {
            ended: true,
            ..expect(
                "customs/tables",
                Code::SiteGeoBlock,
                Some(Finding::GeoRestricted),
            )
        },
    },
    StoryScene {
        what: Happening::LoginWall,
        site: Some(Site::Court),
        from: &[],
        begins: 80,
        ends: None,
        says: "Demo Court Judgments asks for a log-in.",
        expect: expect(
            "court/judgment",
            Code::SiteLogin,
            Some(Finding::AccessControl),
        ),
    },
    StoryScene {
        what: Happening::SeriesStops,
        site: Some(Site::Statistics),
        from: &[],
        begins: 86,
        ends: None,
        says: "Demo Statistics Bureau publishes nothing new any more.",
        expect: expect(
            "statistics/releases",
            Code::ContentStale,
            Some(Finding::Withdrawn),
        ),
    },
    StoryScene {
        what: Happening::DataEmpty,
        site: Some(Site::Market),
        from: &[],
        begins: 104,
        ends: Some(152),
        says: "Demo Market Data answers without any rows, for two days.",
        expect: Expected {
            ended: true,
            ..expect(
                "market/quotes",
                Code::ContentEmpty,
                Some(Finding::Withdrawn),
            )
        },
    },
    StoryScene {
        what: Happening::Challenge,
        site: Some(Site::Registry),
        from: &[],
        begins: 128,
        ends: None,
        says: "Demo Company Registry puts a check before its page that programs do not pass.",
        expect: Expected {
            mailed: false,
            ..expect(
                "registry/home",
                Code::SiteChallenge,
                Some(Finding::ProgramRefused),
            )
        },
    },
    StoryScene {
        what: Happening::Down,
        site: Some(Site::Law),
        from: &[],
        begins: 158,
        ends: Some(182),
        says: "Demo Law Database is down for a day.",
        expect: Expected {
            ended: true,
            ..expect("law/home", Code::TcpRefused, Some(Finding::Unreachable))
        },
    },
    StoryScene {
        what: Happening::OwnNetworkDown,
        site: None,
        from: &["berlin"],
        begins: 206,
        ends: Some(224),
        says: "The network of the library in Berlin is down: no source may be blamed.",
        expect: Expected {
            ended: true,
            ..expect("berlin", Code::VantageOffline, None)
        },
    },
    StoryScene {
        what: Happening::ValuesNull,
        site: Some(Site::Market),
        from: &[],
        begins: 230,
        ends: None,
        says: "Demo Market Data gives rows of the day whose values are empty.",
        expect: expect(
            "market/quotes",
            Code::ContentNulls,
            Some(Finding::Withdrawn),
        ),
    },
];

/// The story at its position in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Story {
    begins: Time,
}

impl Story {
    /// The story of twelve days of March 2026. It begins at ten in the morning in Beijing.
    #[must_use]
    pub fn of_march() -> Self {
        Self {
            begins: from_micros(BEGINS_US),
        }
    }

    /// The time after this many hours.
    #[must_use]
    pub fn at(self, hours: i64) -> Time {
        self.begins + TimeDelta::hours(hours)
    }

    /// The event at `site` for `vantage` at `now`: the first matching scene.
    #[must_use]
    pub fn happening(self, site: Site, vantage: Option<&str>, now: Time) -> Option<Happening> {
        let goes_on = |scene: &&StoryScene| {
            let is_over = scene.ends.is_some_and(|ends| now >= self.at(ends));
            let here = scene.site.is_none_or(|s| s == site);
            let seen = scene.from.is_empty() || vantage.is_some_and(|v| scene.from.contains(&v));
            self.at(scene.begins) <= now && !is_over && here && seen
        };
        SCENES.iter().find(goes_on).map(|scene| scene.what)
    }

    /// Since when the list of releases has had no new line.
    #[must_use]
    pub fn series_stopped(self) -> Time {
        let scene = SCENES.iter().find(|s| s.what == Happening::SeriesStops);
        self.at(scene.map_or(0, |s| s.begins))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_story_is_of_two_to_thirteen_march() {
        let story = Story::of_march();
        assert_eq!(story.at(0).to_rfc3339(), "2026-03-02T02:00:00+00:00");
        let last = story.at(HOURS - EVERY);
        assert_eq!(last.date_naive().to_string(), "2026-03-13");
    }

    #[test]
    fn scenes_begin_in_order_and_end_after_they_begin() {
        for pair in SCENES.windows(2) {
            assert!(pair[0].begins <= pair[1].begins);
        }
        for scene in SCENES {
            assert!(scene.begins < HOURS);
            assert!(scene.ends.is_none_or(|e| e > scene.begins && e < HOURS));
        }
    }

    #[test]
    fn only_the_vantages_of_a_scene_see_it() {
        let story = Story::of_march();
        let at = |vantage| story.happening(Site::Customs, Some(vantage), story.at(100));
        assert_eq!(at("berlin"), Some(Happening::RegionRefused));
        assert_eq!(at("singapore"), None);
    }
}
