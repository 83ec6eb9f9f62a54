//! The users of the broker as a part of nats-server's configuration: each vantage's user publishes
//! to its own subjects, and reads nothing of others.

use std::fmt::Write as _;

use super::names::{
    HOSTS, HUB, RECORDS, TASKS, WORKSPACES, direct_get, hello, inbox, key, records, token,
    workspace,
};
use crate::model::VantageId;

/// A user: its vantage, or `None` for the hub, and its public key.
pub type FleetUser = (Option<VantageId>, String);

/// The part of the configuration, for `include` in nats-server.conf.
#[must_use]
pub fn users(users: &[FleetUser]) -> String {
    let mut text = String::from(
        "# The users of the fleet, as `accesswatch fleet init` printed them. In nats-server.conf:\n\
         #     include \"fleet-users.conf\"\n\
         # Records may be long.\n\
         max_payload: 8MB\n\
         authorization {\n  users = [\n",
    );
    for (vantage, public) in users {
        // Writing to a String cannot fail.
        let _ = match vantage {
            None => writeln!(
                text,
                "    # the hub\n    {{ nkey: {public}, permissions: {{ publish: \">\", subscribe: \">\" }} }}"
            ),
            Some(vantage) => writeln!(
                text,
                "    # {vantage}\n    {{ nkey: {public}, permissions: {{\n        publish: {{ allow: [\n{}        ] }}\n        subscribe: {{ allow: [\n{}        ] }}\n    }} }}",
                lines(&publishes(vantage)),
                lines(&listens(vantage))
            ),
        };
    }
    text += "  ]\n}\n";
    text
}

fn lines(subjects: &[String]) -> String {
    let line = |subject: &String| format!("            \"{subject}\"\n");
    subjects.iter().map(line).collect()
}

/// The subjects that a vantage's user may publish to.
#[must_use]
pub fn publishes(vantage: &VantageId) -> Vec<String> {
    let token = token(vantage);
    let hosts = key(HOSTS, &format!("{token}.>"));
    vec![
        records(vantage),
        hello(vantage),
        hosts.clone(),
        direct_get(WORKSPACES, &workspace(vantage)),
        direct_get(HOSTS, &hosts),
        format!("$JS.API.CONSUMER.INFO.{RECORDS}.{HUB}"),
        format!("$JS.API.CONSUMER.INFO.{TASKS}.{token}"),
        format!("$JS.API.CONSUMER.MSG.NEXT.{TASKS}.{token}"),
        format!("$JS.ACK.{TASKS}.{token}.>"),
    ]
}

/// The subjects that a vantage's user may listen to.
#[must_use]
pub fn listens(vantage: &VantageId) -> Vec<String> {
    vec![format!("{}.>", inbox(vantage)), workspace(vantage)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_subject_of_a_vantage_covers_another_vantage() {
        let (seoul, osaka): (VantageId, VantageId) = ("seoul".into(), "seoul.2".into());
        for subject in publishes(&seoul).iter().chain(&listens(&seoul)) {
            let of_other = subject.contains(&token(&osaka));
            assert!(!of_other && !subject.starts_with('>'), "{subject}");
            let is_own =
                subject.contains("seoul") || subject.ends_with(&format!("{RECORDS}.{HUB}"));
            assert!(is_own, "{subject}");
        }
        assert!(!publishes(&osaka).contains(&records(&seoul)));
    }
}
