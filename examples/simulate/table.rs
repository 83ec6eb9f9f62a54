//! The printed table of a simulation, and the details of its lines.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::simulation::all::Line;
use super::simulation::score::{Score, share};
use super::simulation::weather::Noise;

/// The head of the table.
pub const HEAD: &str = "\
| noise | rule | events | recall | dated right | false / 1,000 source-days | of these mailed | by a network | delay, median | delay, 95 % | findings right |
| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
";

/// The three lines of a level.
#[must_use]
pub fn rows(noise: Noise, line: &Line) -> String {
    let mut text = String::new();
    for (rule, score) in [
        ("accesswatch", &line.own),
        ("three strikes", &line.three_strikes),
        ("CUSUM", &line.cusum),
    ] {
        let ours = rule == "accesswatch";
        let only = |text: String| if ours { text } else { "-".to_owned() };
        let _ = writeln!(
            text,
            "| {:.0} % | {rule} | {} | {:.4} | {:.4} | {:.3} | {} | {:.3} | {} | {} | {} |",
            noise.per_attempt * 100.0,
            score.events,
            score.recall(),
            score.dated(),
            score.per_1000(score.false_alarms),
            only(format!("{:.3}", score.per_1000(score.false_mailed))),
            score.per_1000(score.false_by_network),
            span(score.delay(50)),
            span(score.delay(95)),
            only(format!("{:.4}", score.right_findings())),
        );
    }
    text
}

/// The details of the line of a level.
#[must_use]
pub fn details(noise: Noise, line: &Line) -> String {
    let ratio = |rival: &Score| {
        let (theirs, ours) = (rival.false_alarms, line.own.false_alarms);
        if ours == 0 {
            return format!("{theirs} false to none");
        }
        format!("{:.1} times as many false", share(theirs, ours))
    };
    let own = &line.own_end;
    let mut text = format!(
        "{:.0} %: {} rounds, {} source-days. Beside ours, three strikes: {}; CUSUM: {}.\n\
         Our own end: {} of {} outages and {} of {} failing networks told as what they are, {} such told without cause.\n",
        noise.per_attempt * 100.0,
        line.rounds,
        line.own.source_days,
        ratio(&line.three_strikes),
        ratio(&line.cusum),
        own.outages_found,
        own.outages,
        own.networks_found,
        own.networks,
        own.false_alarms,
    );
    let mut wrong: BTreeMap<String, usize> = BTreeMap::new();
    for (truth, told) in line.own.findings.iter().filter(|(t, f)| Some(*t) != *f) {
        let told = told.map_or("none", |f| f.as_str());
        *wrong
            .entry(format!("{} told as {told}", truth.as_str()))
            .or_default() += 1;
    }
    for missed in &line.own.missed {
        *wrong
            .entry(format!("{} missed", missed.as_str()))
            .or_default() += 1;
    }
    for (what, count) in wrong {
        let _ = writeln!(text, "  {count} x {what}");
    }
    text
}

fn span(seconds: i64) -> String {
    if seconds < 3600 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60)
    }
}
