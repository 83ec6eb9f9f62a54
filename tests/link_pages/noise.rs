//! Healthy pages in a network with noise: 5,000 checks, of which one in twenty goes wrong, call no
//! page gone.

use accesswatch::config;
use accesswatch::judge::{Judge, similarity};
use accesswatch::model::link::{LinkObservation, LinkState};
use accesswatch::model::reference::ReferenceKind;
use accesswatch::model::{Catalogue, Code, Failure, Measurement};
use accesswatch::track::links::{LinkView, observation, state_now};

use crate::labelled::{Page, pages, record};

const CHECKS: usize = 5_000;
/// One check of so many goes wrong.
const NOISE: u64 = 20;

/// Pseudo-random numbers (splitmix64), the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}

/// A check that goes wrong on its way or at an overloaded host.
fn noisy(page: &Page, dice: &mut Dice) -> Measurement {
    let answer = |status: u16, body: &str| record(&page.url, None, status, body);
    match dice.below(9) {
        0 => answer(503, "<title>503 Service Temporarily Unavailable</title>"),
        1 => answer(502, "<h1>502 Bad Gateway</h1><hr>nginx"),
        2 => answer(429, "<title>Too Many Requests</title>"),
        3 => answer(412, "<html><script src=/c.js></script></html>"),
        4 => answer(200, ""),
        5 => answer(
            200,
            "<title>系统维护</title><p>系统正在维护中，请稍后再试。</p>",
        ),
        6 => answer(
            200,
            "<title>提示</title><p>当前访问人数过多，请稍后刷新重试。</p>",
        ),
        7 => {
            let mut cut = answer(
                200,
                &page.body[..page.body.floor_char_boundary(page.body.len() / 3)],
            );
            cut.test_keys.requests[0].response.body_is_truncated = true;
            cut
        }
        _ => {
            let mut reset = answer(200, "");
            let last = &mut reset.test_keys.requests[0];
            last.response.code = 0;
            last.failure = Some(Failure::from("connection_reset"));
            reset
        }
    }
}

/// A good page with another counter, date and order of what it recommends.
fn healthy(page: &Page, dice: &mut Dice) -> Measurement {
    let views = format!("{}", 10 + dice.below(99_000));
    let body = page
        .body
        .replacen("2018", &format!("20{}", 10 + dice.below(15)), 1);
    let body = body.replacen(
        "</body>",
        &format!("<p class=counter>{views}</p></body>"),
        1,
    );
    record(&page.url, page.final_url.as_deref(), page.status, &body)
}

#[test]
fn no_healthy_page_is_called_gone() {
    let judge = Judge::new(
        &Catalogue::default(),
        &config::shipped().unwrap().signatures,
    );
    let mut good = pages("tuning");
    good.extend(pages("test"));
    good.retain(|page| page.kind == "alive");
    let mut dice = Dice(13);
    let (mut gone, mut noise) = (Vec::new(), 0_u32);
    for n in 0..CHECKS {
        let page = &good[n % good.len()];
        let is_noise = dice.below(NOISE) == 0;
        noise += u32::from(is_noise);
        let m = if is_noise {
            noisy(page, &mut dice)
        } else {
            healthy(page, &mut dice)
        };
        let (own, code) = judge.link_page(ReferenceKind::Healthy, &m);
        let is_known = own.sketch.is_empty() && !judge.read(&m, None).hits.is_empty();
        let mut seen = observation(code, m.http_status(), is_known);
        let mut code = code;
        if let Some(sibling) = page
            .sibling
            .as_ref()
            .filter(|_| seen == Some(LinkObservation::Served))
        {
            let made_up = record(&page.url.replace("/t", "/xq"), None, 200, sibling);
            let (nothing, _) = judge.link_page(ReferenceKind::MadeUp, &made_up);
            if similarity::says_the_same(&own, &nothing).is_some() {
                (seen, code) = (Some(LinkObservation::Rot), Code::ContentSoft404);
            }
        }
        let views: Vec<LinkView> = seen
            .map(|observation| LinkView { code, observation })
            .into_iter()
            .collect();
        if state_now(&views).0 == LinkState::Gone {
            gone.push(format!("{} {code}", page.url));
        }
    }
    println!(
        "{CHECKS} checks, {noise} with noise, {} false gone",
        gone.len()
    );
    assert!((200..300).contains(&noise));
    assert!(gone.is_empty(), "{gone:?}");
}
