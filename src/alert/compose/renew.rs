//! A mail that waits, written anew: what it told of has changed since, and is still going on.

use crate::model::Incident;
use crate::model::mail::{NewMail, QueuedMail};

use super::incident::{self, Members, Step};
use crate::alert::headers::{self, BadAddress};
use crate::alert::thread;
use crate::alert::world::World;

/// The mail as it would be written now; an opening stays one. None when its reader is no longer
/// configured.
pub(in crate::alert) fn renewed(
    world: &World<'_>,
    mail: &QueuedMail,
    incidents: &[&Incident],
) -> Option<Result<NewMail, BadAddress>> {
    let mut readers = world.settings.alerts.to.iter();
    let recipient = readers.find(|r| r.address == mail.recipient)?;
    let leader = incidents.first()?;
    let domain = headers::domain(&world.settings.alerts.from);
    let first = thread::first_id(thread::of(leader), recipient, &domain);
    let open = if mail.message_id == first {
        Step::Opened
    } else {
        Step::Updated
    };
    let mut members = Members::of(leader);
    for incident in incidents {
        let step = if incident.is_open() {
            open
        } else {
            Step::Ended
        };
        members.add(incident, step);
    }
    Some(incident::mail(world, recipient, &members))
}
