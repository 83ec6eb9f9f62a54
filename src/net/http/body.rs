//! Reads a body frame by frame, so that its size can be limited.

use std::future::Future;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};

use super::drive::{ConnectionDriver, DeadlineExceeded};
use crate::model::Failure;
use crate::net::failure;

/// How much room is allocated at once for a body with an announced length.
const MAX_ROOM: u64 = 256 * 1024;

/// A body as sent, before decoding.
#[derive(Debug, Default)]
pub(super) struct WireBody {
    pub(super) bytes: Bytes,
    /// The body exceeded the limit; the rest was not read.
    pub(super) over: bool,
    /// The announced length.
    pub(super) announced: Option<u64>,
    pub(super) failure: Option<Failure>,
}

/// Reads up to `limit` bytes. An error ends the body and is kept with the data before it.
pub(super) async fn read<C: Future>(
    mut body: Incoming,
    limit: usize,
    drive: &mut ConnectionDriver<'_, C>,
) -> WireBody {
    let announced = body.size_hint().exact();
    let mut pieces = Pieces::new(announced);
    let (mut over, mut fault) = (false, None);
    while !body.is_end_stream() {
        match drive.step(body.frame()).await {
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    pieces.push(data);
                }
                if pieces.len() > limit {
                    over = true;
                    break;
                }
            }
            Ok(Some(Err(error))) => {
                fault = Some(failure::from_hyper(&error));
                break;
            }
            Ok(None) => break,
            Err(DeadlineExceeded) => {
                fault = Some(failure::timeout());
                break;
            }
        }
    }
    WireBody {
        bytes: pieces.into_bytes(),
        over,
        announced,
        failure: fault,
    }
}

/// Joins frames; a single frame is used without a copy.
struct Pieces {
    first: Bytes,
    rest: BytesMut,
    room: usize,
}

impl Pieces {
    fn new(announced: Option<u64>) -> Self {
        let room = announced.unwrap_or(0).min(MAX_ROOM);
        Self {
            first: Bytes::new(),
            rest: BytesMut::new(),
            room: usize::try_from(room).unwrap_or(0),
        }
    }

    fn push(&mut self, data: Bytes) {
        if self.first.is_empty() && self.rest.is_empty() {
            self.first = data;
            return;
        }
        if self.rest.is_empty() {
            self.rest
                .reserve(self.room.max(self.first.len() + data.len()));
            self.rest.extend_from_slice(&self.first);
            self.first.clear();
        }
        self.rest.extend_from_slice(&data);
    }

    fn len(&self) -> usize {
        self.first.len() + self.rest.len()
    }

    fn into_bytes(self) -> Bytes {
        if self.rest.is_empty() {
            self.first
        } else {
            self.rest.freeze()
        }
    }
}
