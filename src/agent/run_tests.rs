use super::*;
use crate::agent::setup::AgentAccess;
use crate::engine::SystemClock;
use crate::model::link::LinkId;
use crate::model::link_task::LinkTask;
use crate::model::vantage::Secret;

#[tokio::test]
async fn links_wait_while_nothing_can_be_measured() {
    let folder = tempfile::tempdir().unwrap();
    let options = AgentOptions {
        vantage: "seoul".into(),
        hub: "https://hub.example".parse().unwrap(),
        access: AgentAccess::Token(Secret("a-token-of-the-agent-in-seoul".to_owned())),
        dir: folder.path().to_owned(),
        roots: None,
    };
    let overrides = Overrides::read(folder.path()).unwrap();
    let contact = connect(options.clone(), &overrides, Arc::new(SystemClock)).unwrap();
    let mut agent = Agent::new(options, overrides, Arc::new(contact));
    let now = chrono::Utc::now();
    let task = LinkTask {
        link: LinkId(1),
        url: "https://a.example/paper".to_owned(),
        alternative: None,
        seen: None,
    };
    let sent = AgentTasks {
        links: vec![task.clone()],
        lease_seconds: 600,
        ..AgentTasks::default()
    };
    agent.leased.add(sent, now);
    assert!(!agent.may_measure(now), "there is no workspace yet");
    assert!(!agent.check_links().await);
    assert_eq!(agent.leased.take_links(now), [task]);
}
