//! What people do on the page of a cited link: state what a browser shows, accept the page as it is
//! now, stop checking it; and undo.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;

use super::core::{ActError, ActFields, TEXT, named, on_store, refused};
use super::{led_back, refusal, sent};
use crate::model::Time;
use crate::model::link::LinkId;
use crate::model::link_status::PersonSaw;
use crate::store::{Ignore, Store};
use crate::text::clean;
use crate::track::link_status;
use crate::web::form;
use crate::web::page::{PageNotice, notice, number};
use crate::web::site::WebSite;
use crate::web::visit::Visit;

/// What was asked for.
enum LinkAct {
    Observe(PersonSaw),
    Accept,
    Ignore(Option<String>),
    EndIgnore,
}

/// `POST /links/{id}/{act}` and `/links/{id}/{act}/undo`.
pub async fn on_link(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response<Body> {
    let undo = request.uri().path().ends_with("/undo");
    let (id, name) = (form::value(&path, "id"), form::value(&path, "act"));
    let Some(id) = number(id, 'L').map(LinkId) else {
        return notice(&site, &visit, PageNotice::NotFound);
    };
    let (config, fields) = match sent(&site, &visit, request).await {
        Ok(sent) => sent,
        Err(answer) => return answer,
    };
    let read = named(&fields).and_then(|by| Ok((read_act(name, undo, &fields)?, by)));
    let (act, by) = match read {
        Ok(read) => read,
        Err(error) => return refusal(&site, &visit, &error),
    };
    let whom = by.clone();
    let work = move |store: Store, now: Time| carry_out(store, id, act, whom, now);
    match on_store(Arc::clone(&config), site.clock.now(), work).await {
        Ok(()) => led_back(&config, &format!("/links/{id}"), &by),
        Err(error) => refusal(&site, &visit, &error),
    }
}

fn read_act(name: &str, undo: bool, fields: &ActFields) -> Result<LinkAct, ActError> {
    Ok(match (name, undo) {
        ("observe", false) => {
            let saw = form::value(fields, "browser").parse::<PersonSaw>();
            let fix = "`browser` is ok, gone, drifted or refused.";
            LinkAct::Observe(saw.map_err(|_| refused(fix))?)
        }
        ("accept", false) => LinkAct::Accept,
        ("ignore", false) => {
            let why = clean::line(form::value(fields, "why"), TEXT);
            LinkAct::Ignore(Some(why).filter(|why| !why.is_empty()))
        }
        ("ignore", true) => LinkAct::EndIgnore,
        _ => return Err(ActError::Missing),
    })
}

async fn carry_out(
    store: Store,
    id: LinkId,
    act: LinkAct,
    by: String,
    now: Time,
) -> Result<(), ActError> {
    if store.watched_links(vec![id]).await?.is_empty() {
        return Err(ActError::Missing);
    }
    match act {
        LinkAct::Observe(saw) => {
            let edit = move |status: &mut _| link_status::observe(status, saw, now, now);
            let seen = Some((saw.to_string(), now));
            let event = store.edit_link(id, edit, seen, Some(by)).await?;
            event.ok_or(ActError::Missing)?;
        }
        LinkAct::Accept => {
            let event = store.accept_link(id, Some(by), now).await?;
            event.ok_or(ActError::Missing)?;
        }
        LinkAct::Ignore(why) => {
            let why = why.map_or_else(|| by.clone(), |why| format!("{why} ({by})"));
            let ignore = Ignore::Link(id.to_string());
            store.ignore_links(ignore, Some(why), now).await?;
        }
        LinkAct::EndIgnore => {
            let ignore = Ignore::Link(id.to_string());
            let (was_there, _) = store.end_ignore(ignore).await?;
            if !was_there {
                return Err(ActError::Over);
            }
        }
    }
    Ok(())
}
