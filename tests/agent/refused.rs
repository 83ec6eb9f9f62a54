//! What an agent says that its hub does not take, and what the hub says about it.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use crate::authority::Authority;
use crate::harness::{AgentFolder, Hub, OTHER, TOKEN, TlsFront, hub_workspace, open, site, until};

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
fn a_check_that_fails_beside_a_running_agent_leaves_nothing() {
    let authority = Authority::new();
    let front = TlsFront::start(&authority);
    let folder = AgentFolder::new(&front, &authority, TOKEN);
    let mut agent = folder.start();
    until("the agent", || folder.file("spool").is_dir().then_some(()));
    let no_certificate = "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n";
    std::fs::write(folder.file("ca.pem"), no_certificate).unwrap();
    let (status, said) = check(&folder, "seoul");
    assert_ne!(status, Some(0), "{said}");
    assert!(!said.contains("cannot be reached"), "{said}");
    assert!(!folder.file("check").exists(), "{said}");
    agent.kill();
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

/// A hub of another version, which refuses everything.
fn other_hub(detail: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let body = format!("{{\"status\": 426, \"detail\": \"{detail}\"}}");
            let _ = write!(
                stream,
                "HTTP/1.1 426 Upgrade Required\r\nContent-Type: application/problem+json\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    format!("http://{at}")
}

#[test]
fn an_agent_that_is_too_old_says_which_version_to_install() {
    let detail = "The agent writes format 1, and this hub reads format 2: install accesswatch 9.9.9 \
                  at the agent.";
    let folder = AgentFolder::at(other_hub(detail), &Authority::new(), TOKEN);
    let (status, said) = check(&folder, "seoul");
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("install accesswatch 9.9.9"), "{said}");
    let (status, said) = folder.start().end();
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("install accesswatch 9.9.9"), "{said}");
}

#[test]
fn a_check_beside_a_running_agent_changes_nothing_of_it() {
    let site = site();
    let watch = hub_workspace(&site);
    let authority = Authority::new();
    let front = TlsFront::start(&authority);
    let hub = Hub::start(&watch);
    front.lead_to(&hub);
    let folder = AgentFolder::new(&front, &authority, TOKEN);
    let mut agent = folder.start();
    let state = until("the end of its pass", || {
        let state = std::fs::read_to_string(folder.file("state.json")).ok()?;
        state.contains("papers/article\":\"").then_some(state)
    });
    let done = folder.command(Some("check"), "seoul").output().unwrap();
    let out = String::from_utf8_lossy(&done.stdout);
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(0), "{out}\n{said}");
    assert!(out.contains("seoul (Seoul), KR"), "{out}");
    assert!(!folder.file("check").exists(), "its own folder is gone");
    let rounds = |text: &str| {
        let state: serde_json::Value = serde_json::from_str(text).unwrap();
        state["last_checked"].clone()
    };
    let after = std::fs::read_to_string(folder.file("state.json")).unwrap();
    assert_eq!(rounds(&after), rounds(&state));
    let store = open(&watch.file("data/accesswatch.db")).unwrap();
    let known = store.reader().unwrap().agent(&"seoul".into()).unwrap();
    assert!(
        known.unwrap().last_round.is_some(),
        "the hub still knows it"
    );
    agent.kill();
    drop(hub);
}
