//! The dead man's switch is requested after every pass, also when nothing was due, and learns when
//! a pass failed.

use crate::support::cli_fixture::CliFixture;
use crate::support::pages::{Answer, Site};

#[test]
fn the_switch_is_asked_after_every_pass_and_a_dead_one_holds_nothing_up() {
    let switch = Site::start();
    switch.set("/beat", Answer::html("ok"));
    let fixture = CliFixture::new();
    let beat = format!("[alerts]\nheartbeat = \"{}\"", switch.url("/beat"));
    fixture
        .watch
        .edit("config/accesswatch.toml", "[alerts]", &beat);
    fixture.run_all();
    assert_eq!(switch.hits(), 1);
    fixture.breaks();
    fixture.run_all();
    assert_eq!(
        switch.hits(),
        2,
        "a source that is gone is no failure of ours"
    );

    let dead = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}/beat", dead.local_addr().unwrap());
    drop(dead);
    fixture
        .watch
        .edit("config/accesswatch.toml", &switch.url("/beat"), &closed);
    fixture.mends();
    fixture.run_all();
    assert_eq!(fixture.json(&["status"])[0]["code"], "ok");
}
