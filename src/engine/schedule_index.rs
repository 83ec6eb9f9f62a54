//! When each probe is due: every schedule is compiled once, and evaluated once for all probes that
//! share it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use chrono::TimeDelta;
use chrono_tz::Tz;

use crate::config::Workspace;
use crate::model::{Probe, Time};
use crate::schedule::{Cron, plan};

/// The schedules of a workspace. Built again when the configuration changes.
#[derive(Debug)]
pub struct ScheduleIndex {
    zone: Tz,
    jitter: Duration,
    lines: Vec<Line>,
    by_text: HashMap<String, usize>,
    digests: Vec<Cron>,
}

/// One schedule, and the start delays of its probes' hosts after a fire.
#[derive(Debug)]
struct Line {
    cron: Cron,
    offsets: BTreeSet<TimeDelta>,
}

/// A probe's slot in the schedule index.
#[derive(Debug, Clone, Copy)]
pub struct Slot<'a> {
    pub cron: &'a Cron,
    /// The delay from the fire to the start of this probe's host.
    pub offset: TimeDelta,
    line: usize,
}

impl ScheduleIndex {
    /// The schedules of the enabled probes and the digests; `jitter` staggers hosts (a run from a
    /// crontab has none).
    #[must_use]
    pub fn new(workspace: &Workspace, jitter: Duration) -> Self {
        let mut table = Self {
            zone: workspace.settings.schedule.timezone,
            jitter,
            lines: Vec::new(),
            by_text: HashMap::new(),
            digests: Vec::new(),
        };
        for (probe, _) in super::pairs::pairs(workspace) {
            table.add(text_of(workspace, probe), probe);
        }
        let digests = workspace.settings.alerts.to.iter();
        table.digests = digests
            .flat_map(|recipient| [&recipient.digest, &recipient.links_digest])
            .filter_map(|text| Cron::parse(text.as_deref()?).ok())
            .collect();
        table
    }

    /// The configuration was checked, so the text parses; an invalid text would have no effect.
    fn add(&mut self, text: &str, probe: &Probe) {
        let place = if let Some(&place) = self.by_text.get(text) {
            place
        } else {
            let Ok(cron) = Cron::parse(text) else { return };
            self.lines.push(Line {
                cron,
                offsets: BTreeSet::new(),
            });
            self.by_text.insert(text.to_owned(), self.lines.len() - 1);
            self.lines.len() - 1
        };
        let offset = self.offset(probe);
        if let Some(line) = self.lines.get_mut(place) {
            line.offsets.insert(offset);
        }
    }

    fn offset(&self, probe: &Probe) -> TimeDelta {
        let offset = plan::jitter(probe.host().unwrap_or(""), self.jitter);
        TimeDelta::from_std(offset).unwrap_or_default()
    }

    /// The probe's slot; `None` when its schedule is not in the index.
    #[must_use]
    pub fn slot(&self, workspace: &Workspace, probe: &Probe) -> Option<Slot<'_>> {
        let line = *self.by_text.get(text_of(workspace, probe))?;
        Some(Slot {
            cron: &self.lines.get(line)?.cron,
            offset: self.offset(probe),
            line,
        })
    }

    /// The newest starts at or before `now`, for [`RecentStarts::start`].
    #[must_use]
    pub fn recent(&self, now: Time) -> RecentStarts<'_> {
        RecentStarts {
            table: self,
            now,
            fires: BTreeMap::new(),
        }
    }

    /// The first start of any probe later than `t`; `None` when nothing ever fires again.
    #[must_use]
    pub fn next_start(&self, t: Time) -> Option<Time> {
        let starts = self.lines.iter().filter_map(|line| self.next_of(line, t));
        starts.min()
    }

    /// The longest time between two starts in the week after `t`; `None` with fewer than two
    /// starts.
    #[must_use]
    pub fn longest_pause(&self, t: Time) -> Option<TimeDelta> {
        let mut starts = vec![self.next_start(t)?];
        while let Some(next) = starts.last().and_then(|last| self.next_start(*last)) {
            starts.push(next);
            if next - t > TimeDelta::days(7) {
                break;
            }
        }
        starts.windows(2).map(|pair| pair[1] - pair[0]).max()
    }

    /// The first digest later than `t`.
    #[must_use]
    pub fn next_digest(&self, t: Time) -> Option<Time> {
        let digests = self.digests.iter();
        digests
            .filter_map(|cron| cron.next_after(t, self.zone))
            .min()
    }

    fn next_of(&self, line: &Line, t: Time) -> Option<Time> {
        let longest = *line.offsets.last()?;
        let mut fire = line.cron.next_after(t - longest, self.zone)?;
        let mut first: Option<Time> = None;
        loop {
            let start = line.offsets.iter().map(|o| fire + *o).find(|s| *s > t);
            first = first.into_iter().chain(start).min();
            if fire > t || first.is_some_and(|first| first <= fire) {
                return first;
            }
            let Some(next) = line.cron.next_after(fire, self.zone) else {
                return first;
            };
            fire = next;
        }
    }

    /// The starts of a slot earlier than `start` and later than `next_start_after`, newest first.
    pub fn starts_before(
        &self,
        slot: Slot<'_>,
        start: Time,
        after: Time,
    ) -> impl Iterator<Item = Time> {
        let cron = slot.cron.clone();
        let zone = self.zone;
        let before = move |fire: &Time| cron.last_at_or_before(*fire - TICK, zone);
        std::iter::successors(Some(start - slot.offset), before)
            .skip(1)
            .map(move |fire| fire + slot.offset)
            .take_while(move |start| *start > after)
    }

    /// The first start of a slot later than `t`.
    #[must_use]
    pub fn next_start_after(&self, slot: Slot<'_>, t: Time) -> Option<Time> {
        let fire = slot.cron.next_after(t - slot.offset, self.zone)?;
        Some(fire + slot.offset)
    }

    /// The time zone of the schedules.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }
}

/// The smallest step of time.
const TICK: TimeDelta = TimeDelta::nanoseconds(1);

/// The newest start of each slot at one moment; each schedule is evaluated once.
pub struct RecentStarts<'a> {
    table: &'a ScheduleIndex,
    now: Time,
    /// Fires up to `now`, newest first, back to the one before the longest offset.
    fires: BTreeMap<usize, Vec<Time>>,
}

impl RecentStarts<'_> {
    /// When this slot last started; `None` when it never did.
    pub fn start(&mut self, slot: Slot<'_>) -> Option<Time> {
        let (table, now) = (self.table, self.now);
        let fires = self.fires.entry(slot.line).or_insert_with(|| {
            let longest = table.lines.get(slot.line).and_then(|l| l.offsets.last());
            let until = now - longest.copied().unwrap_or_default();
            let mut fires = Vec::new();
            let mut next = slot.cron.last_at_or_before(now, table.zone);
            while let Some(fire) = next {
                fires.push(fire);
                if fire <= until {
                    break;
                }
                next = slot.cron.last_at_or_before(fire - TICK, table.zone);
            }
            fires
        });
        let fire = fires.iter().find(|fire| **fire + slot.offset <= now)?;
        Some(*fire + slot.offset)
    }
}

/// The probe's schedule, or the default.
fn text_of<'a>(workspace: &'a Workspace, probe: &'a Probe) -> &'a str {
    let default = &workspace.settings.schedule.default;
    probe.schedule.as_ref().unwrap_or(default)
}
