//! The letters on cited links: the weekly one with every kind of change, and the one on watched
//! documents.

use accesswatch::alert::MailContext;
use accesswatch::alert::compose::{LinkLetter, compose_links};
use accesswatch::model::Code;
use accesswatch::model::link::{LinkId, LinkState};
use accesswatch::model::link_news::{ChangedLink, LinkNews, NewsCitation};
use accesswatch::model::link_status::{HostEvent, LinkEventKind};
use accesswatch::model::mail::NewMail;

use chrono::TimeDelta;

use super::letters::Setting;
use super::mail_fixture::time;

fn citation(document: i64, place: &str, title: Option<&str>) -> NewsCitation {
    let (path, name) = match document {
        1 => ("/srv/reports/water-2024.docx", Some("水资源报告（2024）")),
        _ => ("/srv/reports/notes.md", None),
    };
    NewsCitation {
        document,
        path: path.to_owned(),
        document_title: name.map(str::to_owned),
        group: Some("reports".to_owned()),
        is_watched: document == 1,
        place: place.to_owned(),
        title: title.map(str::to_owned),
    }
}

fn link(id: i64, url: &str, state: LinkState, code: Code, citation: NewsCitation) -> ChangedLink {
    ChangedLink {
        id: LinkId(id),
        url: url.to_owned(),
        state,
        kind: LinkEventKind::Changed,
        code: Some(code),
        since: Some(time("2026-11-18T04:10:00Z")),
        moved_to: None,
        copy: None,
        citations: vec![citation],
    }
}

/// A change of every kind, in two documents.
fn news() -> LinkNews {
    use LinkState::{Alive, Blocked, Declines, Drifted, Gone, Moved};
    let mut gone = link(
        3,
        "http://www.mwr.gov.cn/sj/tjgb/szygb/202306/t20230630_1672556.html",
        Gone,
        Code::ContentSoft404,
        citation(1, "MWR2022", Some("2022年《中国水资源公报》")),
    );
    let copy = format!("https://web.archive.org/web/20230705031122/{}", gone.url);
    gone.copy = Some((copy, Some(time("2023-07-05T03:11:22Z"))));
    gone.citations.push(citation(2, "MWR2022", None));
    let blocked = link(
        5,
        "https://data.stats.gov.cn/easyquery.htm?cn=C01",
        Blocked,
        Code::SiteGeoBlock,
        citation(1, "NBS-C01", Some("《国家数据》")),
    );
    let drifted = link(
        8,
        "https://www.gov.cn/xinwen/2019-03/12/content_5373019.htm",
        Drifted,
        Code::Ok,
        citation(1, "GOV2019", Some("《政府工作报告》")),
    );
    let mut moved = link(
        9,
        "http://old.institute.example/rivers",
        Moved,
        Code::Ok,
        citation(2, "R12", Some("河流")),
    );
    moved.moved_to = Some("https://www.institute.example/research/rivers".to_owned());
    let mut back = link(
        11,
        "https://www.nlc.cn/report",
        Alive,
        Code::Ok,
        citation(2, "NLC2021", Some("国家图书馆年报")),
    );
    back.kind = LinkEventKind::Back;
    let mut already = link(
        13,
        "http://dead.example/",
        Gone,
        Code::DnsNxdomain,
        citation(2, "X90", None),
    );
    already.kind = LinkEventKind::Already;
    let by_hand = link(
        21,
        "https://mp.weixin.qq.com/s/AbCdEfGhIjK",
        Declines,
        Code::SiteChallenge,
        citation(1, "WX2", None),
    );
    LinkNews {
        changes: vec![gone, blocked, drifted, moved, back, already],
        hosts: vec![HostEvent {
            at: time("2026-11-20T02:00:00Z"),
            host: "kjs.mof.gov.cn".to_owned(),
            worse: 14,
            checked: 17,
        }],
        by_hand: vec![by_hand],
        declining: 31,
        robots: 2,
    }
}

/// The weekly letter, the one of a week in which nothing changed, and the one on watched documents,
/// for the first reader of a setting.
pub fn link_letters(setting: &Setting) -> [(&'static str, NewMail); 3] {
    let context = setting.context();
    let reader = &setting.settings.alerts.to[0];
    let since = time("2026-11-16T01:30:00Z");
    // The quiet week is the one after.
    let later = MailContext {
        now: context.now + TimeDelta::days(7),
        ..setting.context()
    };
    let mail = |context: &MailContext<'_>, news: &LinkNews, letter| {
        let mail = compose_links(context, reader, news, letter).unwrap();
        mail.map_err(|_| "the address").unwrap()
    };
    let mut quiet = news();
    (quiet.changes, quiet.hosts) = (Vec::new(), Vec::new());
    assert!(compose_links(&context, reader, &quiet, LinkLetter::Watched).is_none());
    let nothing = LinkNews {
        by_hand: Vec::new(),
        ..quiet.clone()
    };
    let weekly = LinkLetter::Weekly { since };
    let next = LinkLetter::Weekly {
        since: since + TimeDelta::days(7),
    };
    assert!(compose_links(&context, reader, &nothing, weekly).is_none());
    [
        ("links-weekly", mail(&context, &news(), weekly)),
        ("links-quiet", mail(&later, &quiet, next)),
        (
            "links-watched",
            mail(&context, &news(), LinkLetter::Watched),
        ),
    ]
}
