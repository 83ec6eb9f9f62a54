//! Working and trading days: the shipped ones, those that a workspace adds, and the warning before
//! they run out.

use accesswatch::config;
use accesswatch::schedule::calendar::Calendar;
use chrono::{Datelike as _, Days, NaiveDate, Utc};

use crate::support::workspace::TestWorkspace;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn shipped() -> config::Workspace {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    config::load_with(dir, &|_| None).unwrap_or_else(|e| panic!("{e}"))
}

fn is_open(calendar: &Calendar, date: NaiveDate) -> bool {
    let before = date.checked_sub_days(Days::new(1)).unwrap();
    calendar.count(before, date).open == 1
}

fn in_year(calendar: &Calendar, year: i32) -> i64 {
    let last = |year: i32| NaiveDate::from_ymd_opt(year, 12, 31).unwrap();
    calendar.count(last(year - 1), last(year)).open
}

/// Totals that others publish or use: working days of the mainland (`chinesecalendar` 1.11),
/// sessions of Shanghai and Hong Kong (`exchange_calendars` 4.13, and the two days of September
/// 2023 without trading in Hong Kong).
#[test]
fn the_years_have_as_many_days_as_others_count() {
    let calendars = shipped().calendars;
    for (name, want) in [
        ("cn-workday", [249, 251, 248, 248]),
        ("cn-trading", [242, 242, 243, 242]),
        ("hk-trading", [243, 246, 246, 247]),
        ("stock-connect", [233, 233, 237, 236]),
    ] {
        let calendar = calendars.get(name).unwrap();
        let got = [2023, 2024, 2025, 2026].map(|year| in_year(calendar, year));
        assert_eq!(got, want, "{name}");
        assert_eq!(
            (calendar.begins(), calendar.ends()),
            (day("2023-01-01"), day("2027-12-31")),
            "{name}"
        );
    }
}

#[test]
fn known_days() {
    let calendars = shipped().calendars;
    for (name, date, open) in [
        ("cn-workday", "2024-02-18", true), // a working Sunday
        ("cn-trading", "2024-02-18", false),
        ("cn-workday", "2024-02-09", true), // New Year's Eve: leave was only encouraged
        ("cn-trading", "2024-02-09", false),
        ("cn-workday", "2026-02-16", false),
        ("cn-workday", "2026-09-20", true),
        ("cn-trading", "2023-12-25", true), // Christmas
        ("hk-trading", "2023-12-25", false),
        ("stock-connect", "2023-12-25", false),
        ("hk-trading", "2023-09-01", false), // a typhoon
        ("hk-trading", "2025-10-02", true),
        ("stock-connect", "2025-10-02", false), // the mainland's Golden Week
        ("stock-connect", "2026-11-25", true),
    ] {
        let calendar = calendars.get(name).unwrap();
        assert_eq!(is_open(calendar, day(date)), open, "{name} {date}");
    }
}

/// A year that is not announced yet may close days, but never open any.
#[test]
fn the_estimated_year_only_ever_closes_days() {
    let calendars = shipped().calendars;
    for name in ["cn-workday", "cn-trading", "hk-trading", "stock-connect"] {
        let calendar = calendars.get(name).unwrap();
        assert_eq!(calendar.estimated_from(), Some(day("2027-01-01")), "{name}");
        let year = day("2027-01-01").iter_days().take(365);
        for date in year.filter(|d| d.weekday().number_from_monday() > 5) {
            assert!(!is_open(calendar, date), "{name} {date}");
        }
    }
}

const SOURCE: &str = "[source]\nid = \"own\"\nname = \"Own\"\ngroup = \"test\"\naccess = \"public\"\n\n[[probe]]\nid = \"list\"\nlevel = \"data\"\nurl = \"http://127.0.0.1:9/list\"\n\n[probe.value.newest]\nselect = \"li\"\nas = \"date\"\nmax_age = \"3d\"\n";

fn counting_in(calendar: &str) -> TestWorkspace {
    let watch = TestWorkspace::new("http://127.0.0.1:9/control");
    let text = format!("{SOURCE}calendar = \"{calendar}\"\n");
    watch.write("probes/test/own.toml", &text);
    watch
}

#[test]
fn a_workspace_without_the_folder_counts_in_what_is_shipped() {
    let ran = counting_in("cn-workday").run(&["check"]).ends(0);
    assert!(!ran.err.contains("warning"), "{}", ran.err);
    let ran = counting_in("cn-workdays").run(&["check"]).ends(2);
    assert!(
        ran.err
            .contains("probes/test/own.toml:16:12: error: there is no calendar `cn-workdays`"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("did you mean `cn-workday`?"),
        "{}",
        ran.err
    );
}

#[test]
fn a_calendar_that_runs_out_is_told_sixty_days_before_where_a_probe_counts_in_it() {
    const HEADER: &str = "from,to,day,name,status,source\n";
    let ending_in = |days: u64| {
        let last = Utc::now().date_naive() + Days::new(days);
        format!("{HEADER}2026-01-01,{last},covers,Our own days,,\n")
    };
    let watch = counting_in("library");
    for (days, told) in [(70, false), (50, true), (0, true)] {
        watch.write("probes/calendars/library.csv", &ending_in(days));
        let ran = watch.run(&["check"]).ends(0);
        let says = ran.err.contains("warning: the calendar `library` ends on");
        assert_eq!(says, told, "{days} days ahead: {}", ran.err);
        let ran = watch.run(&["doctor", "--offline"]);
        let said = format!("{}{}", ran.out, ran.err);
        assert_eq!(
            said.contains("the calendar `library` ends on"),
            told,
            "{said}"
        );
        assert_eq!(said.contains("(own/list)"), told, "{said}");
    }
    // A calendar that no probe uses may end.
    let watch = counting_in("cn-workday");
    watch.write("probes/calendars/library.csv", &ending_in(5));
    assert!(!watch.run(&["check"]).ends(0).err.contains("library"));
}

#[test]
fn every_fault_of_a_calendar_has_its_place_and_its_mend() {
    let watch = counting_in("own");
    watch.write(
        "probes/calendars/own.csv",
        "from,to,day,name,status,source\n\
         2026-01-01,2026-12-31,covers,Own,,\n\
         2026-13-01,,off,x,announced,\n\
         2026-02-01,2026-01-01,off,x,announced,\n\
         2026-02-01,2062-02-03,off,x,announced,\n\
         2026-02-07,,work,x,estimated,\n\
         2026-02-08,,closed,x,announced,\n\
         2026-02-08,,off,x,maybe,\n\
         ,,open-with,cn-tradin,,\n\
         ,,open-with,own,,\n\
         2026-01-01,2026-12-31,covers,Own,,\n",
    );
    let ran = watch.run(&["check"]).ends(2);
    for (line, message) in [
        (3, "`2026-13-01` is not a date"),
        (4, "`to` lies before `from`"),
        (5, "more than 40 days in one row"),
        (6, "only estimated to be worked"),
        (7, "`closed` is not a kind of day"),
        (8, "`maybe` is not a status"),
        (9, "there is no calendar `cn-tradin`"),
        (10, "in a circle"),
        (11, "what it covers is there twice"),
    ] {
        let place = format!("probes/calendars/own.csv:{line}:1: error: ");
        let found = ran.err.lines().find(|l| l.starts_with(&place));
        assert!(
            found.is_some_and(|l| l.contains(message)),
            "{line} {message}: {}",
            ran.err
        );
    }
    watch.write("probes/calendars/own.csv", "date,day\n2026-01-01,off\n");
    assert!(watch.run(&["check"]).ends(2).err.contains("not a calendar"));
    watch.write(
        "probes/calendars/own.csv",
        "from,to,day,name,status,source\n",
    );
    let ran = watch.run(&["check"]).ends(2);
    assert!(
        ran.err.contains("it does not say what it covers"),
        "{}",
        ran.err
    );
}
