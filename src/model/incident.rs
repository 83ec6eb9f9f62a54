//! An incident: the time during which a probe is worse than its baseline, from one or more
//! vantages.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::finding::Finding;
use super::finding_basis::FindingBasis;
pub use super::human_check::{BrowserResult, HumanCheck};
use super::ids::{MeasurementUid, ProbeKey, SourceId, VantageId};
use super::observation::Observation;
use super::phase::Phase;
use super::probe::Level;
use super::round::ControlResult;
use super::time::Time;
use super::verdict::Code;

/// The kind of incident.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum IncidentKind {
    /// A probe of a source.
    Probe,
    /// A vantage's own end.
    Vantage,
    /// A vantage's network: many sources turned at once.
    Network,
    /// Path controls failed together.
    PathToChina,
}

impl IncidentKind {
    /// The name in tables and records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// One vantage's part in an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VantagePart {
    /// The baseline before the turn.
    pub from: Code,
    /// What the vantage sees, or last saw before it left.
    #[serde(flatten)]
    pub observed: Observation,
    pub last_good: Option<Time>,
    pub first_bad: Time,
    /// `None` while the vantage is still worse than its baseline.
    pub back: Option<Time>,
    /// The code when the vantage left: at least as good as the baseline, which need not be `ok`.
    #[serde(default)]
    pub left_as: Option<Code>,
    /// The codes and their periods, oldest first; gaps are times when the vantage was back at its
    /// baseline.
    #[serde(default)]
    pub phases: Vec<Phase>,
}

/// A dated line of an incident's story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryLine {
    pub at: Time,
    pub text: String,
    /// The turn that the text describes, if any; mails word it again.
    #[serde(default)]
    pub turn: Option<VantageTurn>,
    /// Anything else that the text describes, also for mails. `None` in records from before this
    /// was kept.
    #[serde(default)]
    pub remark: Option<StoryRemark>,
}

/// What a line of a story describes when it is not the turn of a vantage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoryRemark {
    Acknowledged {
        by: String,
    },
    Silenced {
        until: Time,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// An acknowledgement was taken back.
    Withdrawn {
        by: String,
    },
    /// Mails come again.
    SilenceEnded {
        by: String,
    },
    /// A person asked to measure again at once.
    LookedAgain {
        by: String,
    },
    /// The finding changed.
    Finding {
        finding: Finding,
    },
    /// The vantage itself is in this state.
    OwnEnd {
        code: Code,
        /// Every control answered with a server error.
        #[serde(default)]
        in_trouble: bool,
        /// No control was asked: the agent of the vantage did not report.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        silent: bool,
    },
    /// A person accepted the code as normal there.
    Accepted {
        vantage: VantageId,
        code: Code,
    },
    /// A probe turned together with others and was folded in.
    Folded {
        probe: ProbeKey,
        code: Code,
    },
    /// The path controls failed together.
    PathToChina,
}

/// A vantage's verdict changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VantageTurn {
    pub vantage: VantageId,
    pub from: Code,
    pub to: Code,
}

impl StoryLine {
    /// A line that is not the turn of a vantage.
    #[must_use]
    pub fn note(at: Time, text: impl Into<String>, remark: StoryRemark) -> Self {
        Self {
            at,
            text: text.into(),
            turn: None,
            remark: Some(remark),
        }
    }
}

/// Whether and when people are notified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// A transport failure or 5xx with locus unknown: held until it fails again after this time.
    Held { until: Time },
    /// Only in the digest (severity 1 and 2, `program_refused`, provisional probes).
    Digest,
    /// The opening was mailed.
    Mailed,
    /// Opening and recovery were mailed, or it ended while held.
    Done,
}

/// How many controls passed, and out of how many. Records spell it `3 of 3`; empty where no control
/// was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PassedControls {
    pub passed: u32,
    pub total: u32,
}

impl fmt::Display for PassedControls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.total {
            0 => Ok(()),
            total => write!(f, "{} of {total}", self.passed),
        }
    }
}

impl Serialize for PassedControls {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PassedControls {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let numbers = text.split_once(" of ");
        let read = numbers.and_then(|(passed, total)| {
            Some(Self {
                passed: passed.parse().ok()?,
                total: total.parse().ok()?,
            })
        });
        Ok(read.unwrap_or_default())
    }
}

/// What keeps all mails of an incident in one thread: their subject and their first Message-ID
/// follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailThread {
    /// The number in the subject: the lowest of the incidents that were opened together.
    pub root: i64,
    /// When it began.
    pub begun: Time,
    /// Several incidents share it.
    pub shared: bool,
}

/// One incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// `#12`, from 1 up, never used again.
    pub id: i64,
    pub kind: IncidentKind,
    /// `None` for incidents of a vantage or network.
    pub source: Option<SourceId>,
    pub probe: Option<ProbeKey>,
    pub level: Option<Level>,
    /// Every vantage that took part.
    pub vantages: BTreeMap<VantageId, VantagePart>,
    pub finding: Finding,
    /// What the finding rests on.
    #[serde(default)]
    #[serde(rename = "grounds")]
    pub finding_basis: Vec<FindingBasis>,
    pub from: Code,
    /// The most common code over the vantages.
    pub to: Code,
    pub severity: u8,
    /// The last good time of the vantage that was bad first: always before `first_bad`.
    pub last_good: Option<Time>,
    pub first_bad: Time,
    pub confirmed: Time,
    pub ended: Option<Time>,
    pub checks: u32,
    pub checks_bad: u32,
    /// How many attempts of these rounds were bad, confirmations included; 0 where they were not
    /// counted.
    #[serde(default)]
    pub attempts_bad: u32,
    /// The controls of a vantage that does not work, from the newest check.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<ControlResult>,
    /// Controls of the vantages that worked while the incident was confirmed, such as `3 of 3`.
    pub controls_ok: PassedControls,
    /// Sibling probes and levels that still work.
    pub still_works: Vec<String>,
    pub changes: Vec<StoryLine>,
    pub evidence: Vec<MeasurementUid>,
    /// The probes of folded sources, for incidents of a network.
    pub folded: Vec<ProbeKey>,
    pub acknowledged_by: Option<String>,
    pub silenced_until: Option<Time>,
    pub human_checks: Vec<HumanCheck>,
    pub mail: MailState,
    /// The newest round that failed; a held mail is sent once this is later than the hold.
    #[serde(default)]
    pub last_bad: Option<Time>,
    /// The network incident that this one is folded into; it then has no row in tables.
    #[serde(default)]
    pub folded_into: Option<i64>,
    /// The thread of its mails; set when the opening is mailed (`alert::assign_threads`).
    #[serde(default)]
    pub thread: Option<MailThread>,
}

impl Incident {
    /// An incident that has just begun, without vantages yet.
    #[must_use]
    pub fn new(id: i64, kind: IncidentKind, first_bad: Time, confirmed: Time) -> Self {
        Self {
            id,
            kind,
            source: None,
            probe: None,
            level: None,
            vantages: BTreeMap::new(),
            finding: Finding::Insufficient,
            finding_basis: Vec::new(),
            from: Code::Ok,
            to: Code::Insufficient,
            severity: 0,
            last_good: None,
            first_bad,
            confirmed,
            ended: None,
            checks: 0,
            checks_bad: 0,
            attempts_bad: 0,
            controls: Vec::new(),
            controls_ok: PassedControls::default(),
            still_works: Vec::new(),
            changes: Vec::new(),
            evidence: Vec::new(),
            folded: Vec::new(),
            acknowledged_by: None,
            silenced_until: None,
            human_checks: Vec::new(),
            mail: MailState::Digest,
            last_bad: None,
            folded_into: None,
            thread: None,
        }
    }

    /// Still going on.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// It reports that the agent of a vantage is silent.
    #[must_use]
    pub fn is_of_silence(&self) -> bool {
        let own_end = |line: &StoryLine| match line.remark {
            Some(StoryRemark::OwnEnd { silent, .. }) => Some(silent),
            _ => None,
        };
        self.changes.iter().rev().find_map(own_end) == Some(true)
    }

    /// Recovery has started: at least one vantage is back.
    #[must_use]
    pub fn is_recovering(&self) -> bool {
        self.vantages.values().any(|part| part.back.is_some())
    }

    /// Who acknowledged it last, and when; old records have no time.
    #[must_use]
    pub fn acknowledged(&self) -> Option<(&str, Option<Time>)> {
        let by = self.acknowledged_by.as_deref()?;
        let acknowledged =
            |c: &&StoryLine| matches!(c.remark, Some(StoryRemark::Acknowledged { .. }));
        let last = self.changes.iter().rev().find(acknowledged);
        Some((by, last.map(|change| change.at)))
    }

    /// Whether a person silenced it at this time.
    #[must_use]
    pub fn is_silenced(&self, now: Time) -> bool {
        self.silenced_until.is_some_and(|until| now < until)
    }

    /// The vantages that are still worse than their baseline.
    pub fn worsened(&self) -> impl Iterator<Item = (&VantageId, &VantagePart)> {
        self.vantages.iter().filter(|(_, part)| part.back.is_none())
    }

    /// Whether everything was as before or better when it ended.
    #[must_use]
    pub fn ended_well(&self) -> bool {
        self.ended_as().severity().unwrap_or(0) <= self.from.severity().unwrap_or(0)
    }

    /// The code that its vantages had when they left: the worst, or `from` when none left with
    /// another code.
    #[must_use]
    pub fn ended_as(&self) -> Code {
        self.vantages
            .values()
            .filter_map(|part| part.left_as)
            .max_by_key(|code| code.severity())
            .unwrap_or(self.from)
    }
}
