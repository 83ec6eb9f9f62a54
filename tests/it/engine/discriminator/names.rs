//! What the reference resolver's answers prove about an answer.

use super::*;

#[tokio::test]
async fn a_certificate_that_holds_only_where_the_reference_leads_proves_the_answer_forged() {
    let street = TamperedSites::new("https").await;
    let engine = street.engine().await;
    pass(&engine).await;
    let true_site = street.elsewhere(&street.authority.good(&[SITE])).await;
    let rogue = Authority::named("Rogue");
    // Here the name now leads to another server; the reference knows the true address.
    let impostor = Ipv4Addr::new(127, 0, 0, 3);
    let _fake = street
        .way
        .secure(
            (impostor, street.site.addr.port()),
            &rogue.good(&[SITE]),
            PAGE,
        )
        .await;
    street.names.lead(SITE, &["127.0.0.3"]);
    street.reference.lead(SITE, &["127.0.0.2"]);
    let ill = pass(&engine).await;
    let made = records(&engine);
    let all = discriminators(made.last().unwrap());
    let real = step(all, DiscriminatorStep::SiteWatched);
    assert_eq!(real.address, true_site.addr.to_string());
    assert_eq!(real.failure, None, "verified");
    assert_eq!(made.last().unwrap().observed.code, Code::DnsForged);
    assert_eq!(made[made.len() - 2].observed.code, Code::TlsUntrusted);
    assert_eq!(status(&ill).observed.code, Code::DnsForged);
    assert_eq!(status(&ill).observed.locus, Locus::Network);
    assert_eq!(finding(&ill), Some(Finding::NetworkInterference));
    // The next round sees only the certificate, and nothing new is suspected.
    let again = pass(&engine).await;
    assert_eq!(records(&engine).len(), made.len() + 1);
    assert_eq!(status(&again).observed.code, Code::DnsForged);
    assert_eq!(status(&again).since, status(&ill).since);
    told_again(&street, engine);
}

#[tokio::test]
async fn another_answer_at_the_reference_proves_nothing_by_itself() {
    let street = TamperedSites::new("https").await;
    let engine = street.engine().await;
    pass(&engine).await;
    street.reference.lead(SITE, &["127.0.0.2"]);
    street.way.cut(SITE, Cut::Reset);
    // The control cannot be reached by name, so only the reference can prove something.
    street.way.cut(NEUTRAL_NAME, Cut::Reset);
    let ill = pass(&engine).await;
    assert_eq!(status(&ill).observed.code, Code::TlsReset);
    assert_eq!(proof(&ill), None);
    assert_eq!(finding(&ill), Some(Finding::Insufficient));
}

#[tokio::test]
async fn every_answer_of_a_raced_question_is_kept() {
    let street = TamperedSites::new("https").await;
    let engine = street.engine().await;
    pass(&engine).await;
    // 93.46.8.89 is a known answer of forged DNS; the true answer comes after it.
    street.reference.lead(SITE, &["93.46.8.89", "127.0.0.1"]);
    street.way.cut(SITE, Cut::Silence);
    street.watch.edit(
        "config/accesswatch.toml",
        "timeout = \"5s\"",
        "timeout = \"1s\"",
    );
    drop(engine);
    let engine = street.engine().await;
    let ill = pass(&engine).await;
    let made = records(&engine);
    let asked = step(
        discriminators(made.last().unwrap()),
        DiscriminatorStep::Reference,
    );
    let a: Vec<_> = asked
        .queries
        .iter()
        .filter(|q| q.query_type == "A")
        .collect();
    assert_eq!(a.len(), 2);
    assert_eq!(a[0].answers[0].ipv4.as_deref(), Some("93.46.8.89"));
    assert_eq!(a[1].answers[0].ipv4.as_deref(), Some("127.0.0.1"));
    assert!(a[1].tags.iter().any(|t| t == "duplicate"));
    assert_eq!(status(&ill).observed.code, Code::TlsTimeout);
    assert_eq!(proof(&ill), Some(Proof::ForgedDns));
    assert_eq!(finding(&ill), Some(Finding::NetworkInterference));
}

#[tokio::test]
async fn a_resolver_that_denies_a_name_which_the_reference_knows_stands_in_the_way() {
    for scheme in ["https", "http"] {
        let street = TamperedSites::new(scheme).await;
        let engine = street.engine().await;
        pass(&engine).await;
        street.names.deny(SITE);
        let ill = pass(&engine).await;
        let made = records(&engine);
        let all = discriminators(made.last().unwrap());
        let there = step(all, DiscriminatorStep::AtReference);
        assert_eq!(there.address, street.site.addr.to_string(), "{scheme}");
        assert_eq!(there.code, Some(Code::Ok), "{scheme}");
        assert!(there.tcp_connect.as_ref().unwrap().status.success);
        let status = status(&ill);
        assert!(
            matches!(status.observed.code, Code::DnsNxdomain | Code::DnsNoAnswer),
            "{}",
            status.observed.code
        );
        assert_eq!(status.observed.locus, Locus::Network);
        assert_eq!(proof(&ill), Some(Proof::ByTheResolver));
        assert_eq!(finding(&ill), Some(Finding::NetworkInterference));
        let text = serde_json::to_string(&made.last().unwrap().measurement).unwrap();
        assert!(text.contains("at_reference"));
        told_again(&street, engine);
    }
}

#[tokio::test]
async fn a_resolver_that_leads_to_a_page_of_its_own_stands_in_the_way() {
    let street = TamperedSites::new("http").await;
    let engine = street.engine().await;
    pass(&engine).await;
    let port = street.site.addr.port();
    let notice = "<title>Notice</title><p>This address is not available on this network.</p>";
    let _page = street.way.plain((THERE, port), notice).await;
    street.names.lead(SITE, &["127.0.0.2"]);
    let ill = pass(&engine).await;
    let made = records(&engine);
    let all = discriminators(made.last().unwrap());
    assert_eq!(
        step(all, DiscriminatorStep::AtReference).code,
        Some(Code::Ok)
    );
    assert_eq!(status(&ill).observed.locus, Locus::Network);
    assert_eq!(proof(&ill), Some(Proof::ByTheResolver));
    assert_eq!(status(&ill).observed.code, Code::ContentReplaced);
    assert_eq!(finding(&ill), Some(Finding::NetworkInterference));
    let said = status(&ill).attribution.unwrap().statements;
    let misleads = |s: &Statement| matches!(s, Statement::ResolverMisleads { here, .. } if here == "127.0.0.2");
    assert!(said.iter().any(misleads), "{said:?}");
    told_again(&street, engine);
}

#[tokio::test]
async fn a_site_that_fails_at_the_references_address_too_is_not_the_resolvers_doing() {
    let street = TamperedSites::new("http").await;
    let engine = street.engine().await;
    pass(&engine).await;
    // Both answers are wrong: here the name leads to another page, and at the reference to nothing.
    let port = street.site.addr.port();
    let _page = street
        .way
        .plain((THERE, port), "<title>Other</title>")
        .await;
    street.names.lead(SITE, &["127.0.0.2"]);
    street.reference.lead(SITE, &["127.0.0.9"]);
    let ill = pass(&engine).await;
    let made = records(&engine);
    let there = step(
        discriminators(made.last().unwrap()),
        DiscriminatorStep::AtReference,
    );
    assert_eq!(there.code, Some(Code::TcpRefused));
    assert_eq!(proof(&ill), None);
    assert_ne!(finding(&ill), Some(Finding::NetworkInterference));
}

#[tokio::test]
async fn where_both_resolvers_agree_nothing_more_is_asked() {
    let street = TamperedSites::new("http").await;
    let engine = street.engine().await;
    pass(&engine).await;
    street.way.cut(SITE, Cut::Reset);
    pass(&engine).await;
    let made = records(&engine);
    let all = discriminators(made.last().unwrap());
    assert!(all.iter().all(|d| d.step != DiscriminatorStep::AtReference));
}
