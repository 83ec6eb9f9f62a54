//! The result of a name at an address. It passed when anything came back from the other side, even
//! an alert or a certificate for another name. It failed when the exchange was cut off before.

use crate::judge::last_hop::LastHop;
use crate::model::Measurement;
use crate::model::discriminator::{Discriminator, PlainAnswer};
use crate::model::failure::Failure as F;

/// The result of a name at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NameOutcome {
    /// The other side answered in TLS.
    Passed,
    /// The other side answered over plain HTTP.
    Answered(PlainAnswer),
    /// Cut off before any answer.
    Failed(F),
    /// Not asked, or the exchange failed before the name was sent.
    Unknown,
}

impl NameOutcome {
    pub(super) fn passed(&self) -> bool {
        matches!(self, NameOutcome::Passed | NameOutcome::Answered(_))
    }

    pub(super) fn failure(&self) -> Option<&F> {
        match self {
            NameOutcome::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// The result of one step.
    pub(super) fn from_step(step: &Discriminator) -> Self {
        let connected = step.tcp_connect.as_ref().is_some_and(|c| c.status.success);
        if step.not_asked.is_some() || !connected {
            return NameOutcome::Unknown;
        }
        if let Some(handshake) = &step.tls_handshake {
            return of_handshake(handshake.failure.as_ref());
        }
        match &step.answer {
            Some(answer) => NameOutcome::Answered(answer.clone()),
            None => cut(step.failure.as_ref()),
        }
    }

    /// The result of the last hop of the fetch itself.
    pub(super) fn real(m: &Measurement, hop: &LastHop<'_>) -> Self {
        if !hop.connects.iter().any(|(_, c)| c.status.success) {
            return NameOutcome::Unknown;
        }
        if let Some((_, handshake)) = hop.handshake {
            return of_handshake(handshake.failure.as_ref());
        }
        let Some(request) = hop.request else {
            return NameOutcome::Unknown;
        };
        if request.request.url.starts_with("https:") {
            return NameOutcome::Unknown;
        }
        if request.response.code == 0 {
            return cut(request.failure.as_ref());
        }
        match m.extra().and_then(|x| x.body_sha256.clone()) {
            None => NameOutcome::Unknown,
            Some(body_sha256) => NameOutcome::Answered(PlainAnswer {
                status: request.response.code,
                location: request.response.header("location").map(str::to_owned),
                body_sha256,
                body_bytes: m.extra().map_or(0, |x| x.body_bytes),
            }),
        }
    }
}

fn of_handshake(failure: Option<&F>) -> NameOutcome {
    match failure {
        None => NameOutcome::Passed,
        Some(f) if f.as_str().starts_with("ssl_") => NameOutcome::Passed,
        other => cut(other),
    }
}

fn cut(failure: Option<&F>) -> NameOutcome {
    match failure {
        Some(f) if matches!(f.as_str(), F::RESET | F::ABORTED | F::EOF | F::TIMEOUT) => {
            NameOutcome::Failed(f.clone())
        }
        _ => NameOutcome::Unknown,
    }
}

/// Whether both answers are the same page: a redirect to one place, or the same body.
pub(super) fn same_page(a: &PlainAnswer, b: &PlainAnswer) -> bool {
    a.status == b.status
        && match (&a.location, &b.location) {
            (Some(to), Some(other)) => to == other,
            (None, None) => {
                let filled = a.body_bytes > 0 && a.body_bytes == b.body_bytes;
                filled && a.body_sha256 == b.body_sha256
            }
            _ => false,
        }
}
