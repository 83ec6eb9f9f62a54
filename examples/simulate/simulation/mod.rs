//! A simulated year through the real core (settle, compare, track), scored against what truly happened,
//! beside two other programs' rules on the same histories.
//!
//! * `dice`: numbers from a seed; `truth`: what truly happens to sources; `weather`: what is nobody's
//!   doing: noise, our own outages, networks that fail
//! * `world`: what an attempt sees; `live`: rounds and passes as the engine makes them
//! * `rivals`: three strikes (Nagios) and CUSUM (OONI)
//! * `score`: alarms held against the truth; `all`: several seeds by every rule

pub mod all;
pub mod dice;
pub mod live;
pub mod rivals;
pub mod score;
pub mod truth;
pub mod weather;
pub mod world;

use super::tracking; // the small settings and probes that the tracker's tests have, too
