//! Rewrites a waiting mail when what it reports has changed since and is still open.

use crate::model::Incident;
use crate::model::mail::{NewMail, QueuedMail};

use super::incident;
use super::incident_group::{IncidentStep, ThreadMembers};
use crate::alert::headers::{self, BadAddress};
use crate::alert::mail_context::MailContext;
use crate::alert::thread;

/// The mail as it would be written now; an opening stays an opening. `None` when its reader is no
/// longer configured.
pub(in crate::alert) fn renewed(
    context: &MailContext<'_>,
    mail: &QueuedMail,
    incidents: &[&Incident],
) -> Option<Result<NewMail, BadAddress>> {
    let mut readers = context.settings.alerts.to.iter();
    let recipient = readers.find(|r| r.address == mail.recipient)?;
    let leader = incidents.first()?;
    let domain = headers::domain(&context.settings.alerts.from);
    let first = thread::first_id(thread::thread_of(leader), recipient, &domain);
    let open = if mail.message_id == first {
        IncidentStep::Opened
    } else {
        IncidentStep::Updated
    };
    let mut members = ThreadMembers::led_by(leader);
    for incident in incidents {
        let step = if incident.is_open() {
            open
        } else {
            IncidentStep::Ended
        };
        members.add(incident, step);
    }
    Some(incident::mail(context, recipient, &members))
}
