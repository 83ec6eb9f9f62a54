//! What an agent says that its hub does not take, and what the hub says about it.

use crate::authority::Authority;
use crate::harness::{AgentFolder, Hub, OTHER, TOKEN, TlsFront, hub_workspace, site};

/// Runs `agent check`: the status, and what it said.
fn check(folder: &AgentFolder, vantage: &str) -> (Option<i32>, String) {
    let done = folder.command(Some("check"), vantage).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    (done.status.code(), said)
}

#[test]
fn a_wrong_token_another_vantage_and_a_wrong_certificate_are_each_one_sentence() {
    let site = site();
    let watch = hub_workspace(&site);
    let authority = Authority::new();
    let front = TlsFront::start(&authority);
    let mut hub = Hub::start(&watch);
    front.lead_to(&hub);

    let stranger = AgentFolder::new(&front, &authority, "a-token-of-nobody-at-all");
    let (status, said) = check(&stranger, "seoul");
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("does not take the token"), "{said}");

    let osaka = AgentFolder::new(&front, &authority, OTHER);
    let (status, said) = check(&osaka, "seoul");
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("the hub sends vantage `osaka`"), "{said}");

    let impostor = AgentFolder::new(&front, &Authority::named("Another"), TOKEN);
    let (status, said) = check(&impostor, "seoul");
    assert_eq!(status, Some(3), "{said}");
    assert!(
        said.contains("is not trusted") && said.contains("--ca"),
        "{said}"
    );

    // An agent that has measured nothing yet ends with the same sentence.
    let (status, said) = stranger.start().end();
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("does not take the token"), "{said}");
    hub.process.kill();
}

#[test]
fn agent_toml_is_heeded_and_its_faults_are_named() {
    let site = site();
    let watch = hub_workspace(&site);
    let authority = Authority::new();
    let front = TlsFront::start(&authority);
    let hub = Hub::start(&watch);
    front.lead_to(&hub);
    let folder = AgentFolder::new(&front, &authority, TOKEN);
    std::fs::write(
        folder.file("agent.toml"),
        "resolver = \"udp://192.0.2.1:53\"\n",
    )
    .unwrap();
    let done = folder.command(Some("check"), "seoul").output().unwrap();
    let out = String::from_utf8_lossy(&done.stdout);
    assert!(out.contains("resolver   udp://192.0.2.1:53"), "{out}");
    std::fs::write(folder.file("agent.toml"), "country = \"US\"\n").unwrap();
    let (status, said) = check(&folder, "seoul");
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("`country` is no key here"), "{said}");
    drop(hub);
}

#[test]
fn a_vantage_in_the_mainland_needs_the_word_of_whoever_runs_the_agent() {
    let site = site();
    let watch = hub_workspace(&site);
    let here = "country = \"KR\"";
    let there = "country = \"CN\"\naccept_local_risk = true";
    watch.edit("config/accesswatch.toml", here, there);
    let authority = Authority::new();
    let front = TlsFront::start(&authority);
    let hub = Hub::start(&watch);
    front.lead_to(&hub);
    let folder = AgentFolder::new(&front, &authority, TOKEN);
    let (status, said) = check(&folder, "seoul");
    assert_eq!(status, Some(2), "{said}");
    assert!(said.contains("accept_local_risk = true"), "{said}");
    std::fs::write(folder.file("agent.toml"), "accept_local_risk = true\n").unwrap();
    assert_eq!(check(&folder, "seoul").0, Some(0));
    drop(hub);
}
