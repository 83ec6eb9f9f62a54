//! The answers of the stand-in sites: our own pages, similar in form to real ones.

use chrono::TimeDelta;
use encoding_rs::GBK;

use crate::model::Time;
use crate::model::time::BEIJING;

use super::story::{Happening, Site, Story};

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoReply {
    pub status: u16,
    pub headers: Vec<(&'static str, &'static str)>,
    pub body: Vec<u8>,
}

impl DemoReply {
    pub(super) fn html(body: String) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type", "text/html; charset=utf-8")],
            body: body.into_bytes(),
        }
    }
}

/// The answer of `site` to `path` at `now` during `happening`.
#[must_use]
pub fn answer(
    (site, story): (Site, Story),
    path: &str,
    happening: Option<Happening>,
    now: Time,
) -> DemoReply {
    if path == "/robots.txt" {
        return DemoReply {
            status: 404,
            headers: vec![("content-type", "text/plain")],
            body: b"no rules here\n".to_vec(),
        };
    }
    match (site, happening) {
        (_, Some(Happening::RegionRefused)) => region_refused(),
        (_, Some(Happening::LoginWall)) => login_wall(),
        (_, Some(Happening::Challenge)) => challenge(),
        (Site::ControlOne | Site::ControlTwo, _) => DemoReply::html(page(
            "Control",
            "<p>This page only shows that the way out works.</p>",
        )),
        (Site::Papers, happening) => papers(path, happening),
        (Site::Market, happening) => market(happening, now),
        (Site::Customs, _) => customs(),
        (Site::Court, _) => court(),
        (Site::Statistics, happening) => statistics(story, happening, now),
        (Site::Registry, _) => registry(),
        (Site::Review, _) => not_there(),
        (Site::Law, _) => DemoReply::html(page(
            "法律法规数据库",
            "<p class=\"intro\">收录宪法、法律、行政法规与司法解释，供公众查询。</p>",
        )),
    }
}

/// The answer where no page is.
pub(super) fn not_there() -> DemoReply {
    DemoReply {
        status: 404,
        headers: vec![("content-type", "text/html; charset=utf-8")],
        body: page("页面不存在", "<p>您访问的页面不存在或已被删除。</p>").into_bytes(),
    }
}

pub(super) fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"zh\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\
         <body><h1>{title}</h1>{body}</body></html>"
    )
}

fn papers(path: &str, happening: Option<Happening>) -> DemoReply {
    let thesis = path.starts_with("/thesis");
    let title = if thesis {
        "农村土地制度研究（博士论文）"
    } else {
        "近代报刊与地方社会（期刊论文）"
    };
    let withdrawn = thesis && happening == Some(Happening::FullTextWithdrawn);
    let button = if withdrawn {
        ""
    } else {
        "<a id=\"pdfDown\" href=\"/order\">PDF下载</a>"
    };
    DemoReply::html(page(
        &format!("{title} - 示范论文网"),
        &format!(
            "<div class=\"wx-tit\"><h1>{title}</h1></div>\
             <p><b>摘要：</b><span class=\"abstract-text\">本文利用地方档案讨论制度的形成与变化，\
             并说明资料的来源与限度。</span></p>{button}\
             <div style=\"display:none\" class=\"verify\">请完成安全验证</div>"
        ),
    ))
}

fn market(happening: Option<Happening>, now: Time) -> DemoReply {
    let today = now.with_timezone(&BEIJING).date_naive();
    let rows: Vec<String> = match happening {
        Some(Happening::DataEmpty) => Vec::new(),
        _ => (0..5)
            .map(|back| {
                let day = today - TimeDelta::days(back);
                let value = if happening == Some(Happening::ValuesNull) {
                    "null".to_owned()
                } else {
                    format!(
                        "{}.5",
                        3100 + (day - chrono::NaiveDate::MIN).num_days() % 97
                    )
                };
                format!("{{\"date\":\"{day}\",\"net_buy\":{value}}}")
            })
            .collect(),
    };
    DemoReply {
        status: 200,
        headers: vec![("content-type", "application/json")],
        body: format!("{{\"error_code\":0,\"data\":[{}]}}", rows.join(",")).into_bytes(),
    }
}

/// A page in GBK, like many old sites.
fn customs() -> DemoReply {
    let text = "<!doctype html><html><head><meta charset=\"gb2312\"><title>海关统计数据</title></head>\
                <body><h1>海关统计数据</h1><table class=\"tables\"><tr><td>进出口商品总值表</td></tr></table></body></html>";
    let (body, _, _) = GBK.encode(text);
    DemoReply {
        status: 200,
        headers: vec![("content-type", "text/html")],
        body: body.into_owned(),
    }
}

fn region_refused() -> DemoReply {
    DemoReply {
        status: 403,
        headers: vec![("content-type", "text/html; charset=utf-8")],
        body: page(
            "访问受限",
            "<p>您所在的国家或地区无法访问本网站。This service is not available in your region.</p>",
        )
        .into_bytes(),
    }
}

fn court() -> DemoReply {
    DemoReply::html(page(
        "民事判决书 - 示范裁判网",
        "<div class=\"PDF_title\">民事判决书</div><p>本院认为，原告的诉讼请求有事实依据。</p>",
    ))
}

fn login_wall() -> DemoReply {
    DemoReply::html(page(
        "用户登录",
        "<form action=\"/login\" method=\"post\"><p>请登录后查看</p>\
         <input type=\"text\" name=\"user\" placeholder=\"用户名\">\
         <input type=\"password\" name=\"password\" placeholder=\"密码\"><button>登录</button></form>",
    ))
}

fn statistics(story: Story, happening: Option<Happening>, now: Time) -> DemoReply {
    let newest = if happening == Some(Happening::SeriesStops) {
        story.series_stopped()
    } else {
        now
    };
    let newest = newest.with_timezone(&BEIJING).date_naive();
    let lines: Vec<String> = (0..10)
        .map(|back| {
            let day = newest - TimeDelta::days(back);
            format!(
                "<li><a href=\"/sj/zxfb/{}/t{}_1.html\">主要经济指标</a> <span class=\"date\">{day}</span></li>",
                day.format("%Y%m"),
                day.format("%Y%m%d"),
            )
        })
        .collect();
    DemoReply::html(page(
        "最新发布 - 示范统计局",
        &format!("<ul class=\"list-content\">{}</ul>", lines.join("")),
    ))
}

fn registry() -> DemoReply {
    DemoReply::html(page(
        "企业信用信息公示",
        "<form><input id=\"keyword\" placeholder=\"请输入企业名称\"></form><p>公示系统首页</p>",
    ))
}

/// Similar to a well-known challenge: status 521, its header, only a script.
fn challenge() -> DemoReply {
    DemoReply {
        status: 521,
        headers: vec![
            ("content-type", "text/html"),
            ("x-via-jsl", "2a3b4c5,-"),
            ("set-cookie", "__jsluid_s=0123456789abcdef0123456789abcdef; path=/"),
        ],
        body: b"<script>document.cookie=('_')+('_')+('jsl_clearance_s=1')+';path=/';location.href=location.pathname</script>"
            .to_vec(),
    }
}
