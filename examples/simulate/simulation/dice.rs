//! Random numbers from a seed, by splitmix64 (Steele, Lea, Flood 2014): a seed always gives the
//! same history.
//!
//! Every question has its own sequence, keyed by what is asked (source, vantage, second). So the
//! same moment looks the same to every program, however often the others looked.

/// One sequence.
#[derive(Debug, Clone)]
pub struct Dice(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Dice {
    /// The sequence of a seed and a key.
    #[must_use]
    pub fn new(seed: u64, key: &[u64]) -> Self {
        Self(
            key.iter()
                .fold(mix(seed.wrapping_add(STEP)), |state, part| {
                    mix(state.wrapping_add(STEP) ^ part.wrapping_mul(STEP))
                }),
        )
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// Uniform from 0 to 1, without 1.
    pub fn unit(&mut self) -> f64 {
        let high = u32::try_from(self.next() >> 32).unwrap_or_default();
        f64::from(high) / 4_294_967_296.0
    }

    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Uniform from 0 to `n`, without `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n.max(1)).unwrap_or(1)).unwrap_or_default()
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Uniform from `from` to `to`, without `to`.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        let width = usize::try_from(to - from).unwrap_or_default();
        from + i64::try_from(self.below(width)).unwrap_or_default()
    }

    /// Exponential with this mean, in whole seconds, at least one.
    #[allow(clippy::cast_possible_truncation)] // at most years, in seconds
    pub fn wait(&mut self, mean: f64) -> i64 {
        let seconds = -mean * (1.0 - self.unit()).ln();
        (seconds as i64).max(1)
    }
}
