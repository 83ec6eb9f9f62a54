//! A simulated year through the engine's own pass, scored against what truly happened, beside two other programs'
//! rules on the same histories.
//!
//! * `dice`: numbers from a seed; `truth`: what truly happens to sources; `weather`: what is nobody's
//!   doing: noise, our own outages, networks that fail
//! * `world`: what an attempt sees; `answers`: the record that it brings back; `network`: what the engine measures
//!   is answered from there; `memory`: what it stores; `live`: its passes
//! * `rivals`: three strikes (Nagios) and CUSUM (OONI)
//! * `score`: alarms held against the truth; `all`: several seeds by every rule

pub mod all;
pub mod answers;
pub mod dice;
pub mod live;
pub mod memory;
pub mod network;
pub mod rivals;
pub mod score;
pub mod truth;
pub mod weather;
pub mod world;

use super::timeline; // the clock of the tests' histories, too
use super::tracking; // the small settings and probes that the tracker's tests have, too
