//! Several seeds at one level of noise, judged by every rule.

use std::sync::Arc;

use accesswatch::engine::EngineError;

use super::live::live;
use super::rivals;
use super::score::{OwnEnd, Score, alarms, own_end, score};
use super::weather::Noise;
use super::world::{Size, World};

/// The results at one level of noise, over its seeds.
#[derive(Debug, Default)]
pub struct Line {
    pub rounds: u64,
    pub own: Score,
    pub own_end: OwnEnd,
    pub three_strikes: Score,
    pub cusum: Score,
}

/// Runs every seed at one level of noise.
///
/// # Errors
/// A pass that could not be made.
pub fn simulate(seeds: &[u64], size: Size, noise: Noise) -> Result<Line, EngineError> {
    let mut line = Line::default();
    for &seed in seeds {
        let world = Arc::new(World::new(seed, size, noise));
        let lived = live(&world)?;
        line.rounds += lived.rounds;
        line.own.add(score(&world, &alarms(&lived)));
        line.own_end.add(own_end(&world, &lived));
        line.three_strikes
            .add(score(&world, &rivals::three_strikes(&world)));
        line.cusum.add(score(&world, &rivals::cusum(&world)));
    }
    Ok(line)
}
