//! A simulated year through the engine's own pass, scored against what truly happened, and compared
//! with two other programs' rules on the same histories.
//!
//! * `dice`: numbers from a seed; `truth`: what truly happens to sources; `weather`: failures that
//!   no source causes: noise, our own outages, networks that fail
//! * `world`: what an attempt sees; `answers`: the record of an attempt; `network`: answers the
//!   engine's measurements from the world; `memory`: what a pass stores; `live`: the passes
//! * `rivals`: three strikes (Nagios) and CUSUM (OONI)
//! * `score`: alarms compared with the truth; `all`: several seeds by every rule

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

use super::timeline; // also the clock of the tests' histories
use super::tracking; // the settings and probes of the tracker's tests
