//! Losses of cited links: discriminators ask about them too, once a host, vantage and day.

use accesswatch::engine::link_watch::{LinkBatch, LinkWatcher};
use accesswatch::model::document::LinkFilter;
use accesswatch::model::link::LinkId;

use super::*;

/// Cites two pages of the site.
async fn citing(street: &TamperedSites) -> Arc<Engine> {
    street.watch.append(
        "config/accesswatch.toml",
        "\n[links]\nprivate = true\nper_domain_interval = \"0s\"\n",
    );
    let port = street.site.addr.port();
    let links = format!("https://{SITE}:{port}/1\n\nhttps://{SITE}:{port}/2\n");
    street.watch.write("links.txt", &links);
    let document = street.watch.file("links.txt");
    let import = ["links", "import", document.to_str().unwrap()];
    street.watch.run(&import).ends(0);
    street.engine().await
}

async fn watcher(engine: &Engine) -> LinkWatcher {
    let (store, clock) = (engine.store.clone(), Arc::clone(&engine.clock));
    let watcher = LinkWatcher::new(&engine.workspace, None, store, clock);
    watcher.await.unwrap()
}

async fn check(engine: &Engine, watcher: &mut LinkWatcher) -> LinkBatch {
    let links = engine.store.links(LinkFilter::default()).await.unwrap();
    let ids = links.iter().map(|link| LinkId(link.id)).collect();
    let links = engine.store.watched_links(ids).await.unwrap();
    watcher.check(links).await.unwrap()
}

/// The steps of each record of a link that has any.
fn asked(engine: &Engine) -> Vec<Vec<DiscriminatorStep>> {
    let made = records(engine);
    let of_links = made.iter().filter(|r| r.measurement.link().is_some());
    let steps = of_links.map(|record| discriminators(record).iter().map(|d| d.step).collect());
    steps.filter(|steps: &Vec<_>| !steps.is_empty()).collect()
}

#[tokio::test]
async fn the_loss_of_a_link_is_asked_about_once_a_day_and_nothing_waits_for_the_silence() {
    let street = TamperedSites::new("https").await;
    let engine = citing(&street).await;
    let mut first = watcher(&engine).await;
    assert_eq!(check(&engine, &mut first).await.checked, 2);
    assert!(asked(&engine).is_empty());
    let _true_site = street.elsewhere(&street.authority.good(&[SITE])).await;
    let rogue = Authority::named("Rogue").good(&[SITE]);
    let impostor = Ipv4Addr::new(127, 0, 0, 3);
    let port = street.site.addr.port();
    let _fake = street.way.secure((impostor, port), &rogue, PAGE).await;
    street.names.lead(SITE, &["127.0.0.3"]);
    street.reference.lead(SITE, &["127.0.0.2"]);
    // The resolver of the vantage is asked anew by a new process.
    let second = LinkWatcher::for_engine(&engine, None).await;
    let mut second = second.unwrap();
    let host = format!("https://{SITE}:{port}/").parse().unwrap();
    assert!(!engine.measurer.is_left_alone(&host, &"here".into()));
    assert_eq!(check(&engine, &mut second).await.checked, 2);
    // Passes leave the host alone, too.
    assert!(engine.measurer.is_left_alone(&host, &"here".into()));
    let steps = asked(&engine);
    assert_eq!(steps.len(), 1, "{steps:?}");
    assert!(steps[0].contains(&DiscriminatorStep::SiteWatched));
    let links = engine.store.links(LinkFilter::default()).await.unwrap();
    let mut seen: Vec<&str> = links.iter().map(|l| l.vantages[0].as_str()).collect();
    seen.sort_unstable();
    assert_eq!(seen, ["here=dns.forged", "here=tls.untrusted"]);
    // The host is left alone; its links are put off, and stay due.
    let heard = street.way.heard_at((impostor, port).into()).len();
    let left = check(&engine, &mut second).await;
    assert_eq!((left.checked, left.put_off), (0, 2));
    assert_eq!(street.way.heard_at((impostor, port).into()).len(), heard);
    let due = engine.store.next_link_due().await.unwrap().unwrap();
    assert!(due - engine.clock.now() < chrono::TimeDelta::minutes(6));
    // After a restart the links are checked, and nobody is asked again on this day.
    let mut third = watcher(&engine).await;
    assert_eq!(check(&engine, &mut third).await.checked, 2);
    assert_eq!(asked(&engine).len(), 1);
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_no_ones_doing() {
    let street = TamperedSites::new("https").await;
    let engine = citing(&street).await;
    let mut first = watcher(&engine).await;
    check(&engine, &mut first).await;
    street.names.deny(SITE);
    street.reference.deny(SITE);
    let mut second = watcher(&engine).await;
    check(&engine, &mut second).await;
    let links = engine.store.links(LinkFilter::default()).await.unwrap();
    let seen: Vec<&str> = links.iter().map(|l| l.vantages[0].as_str()).collect();
    assert_eq!(seen, ["here=dns.nxdomain"; 2]);
    assert!(asked(&engine).is_empty());
}
