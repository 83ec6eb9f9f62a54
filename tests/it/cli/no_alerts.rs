//! `run --no-alerts` mails nothing, and the next run still mails what it should.

use crate::support::pages::{Answer, Site};
use crate::support::workspace::TestWorkspace;

const GOOD: &str = "<title>目录</title><p>正常页面</p>";

#[test]
fn what_a_quiet_run_saw_is_told_by_the_next_one() {
    let site = Site::start();
    site.set("/control", Answer::html("works"));
    site.set("/page", Answer::html(GOOD));
    let watch = TestWorkspace::new(&site.url("/control"));
    watch.source("papers", &[site.url("/page")], "contains = [\"正常页面\"]");
    watch.run(&["run", "--all", "--no-alerts"]).ends(0);
    assert!(watch.mails().is_empty());
    watch.run(&["run", "--all"]).ends(0);
    assert_eq!(watch.mails().len(), 1, "the first letter");

    site.set("/page", Answer::html(GOOD).with_status(410));
    watch.run(&["run", "--all", "--no-alerts"]).ends(0);
    assert_eq!(watch.mails().len(), 1);
    watch.run(&["run", "--all"]).ends(0);
    let opened = |mails: &[String]| mails.iter().filter(|m| m.contains("report #1")).count();
    assert_eq!(opened(&watch.mails()), 1, "the opening");
    watch.run(&["run", "--all"]).ends(0);
    assert_eq!(opened(&watch.mails()), 1, "once");
}
