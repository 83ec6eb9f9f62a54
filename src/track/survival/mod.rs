//! How long cited links last: survival by Kaplan and Meier, and the cumulative incidence of each
//! way to be lost by Aalen and Johansen. Links enter late, at their first check.
//!
//! * `estimate`: the two estimators, over lifetimes
//! * `lifetimes`: from what the checks of links saw to lifetimes

mod estimate;
mod lifetimes;

pub use estimate::{
    CumulativeIncidence, IncidenceStep, Lifetime, SurvivalCurve, SurvivalStep, cumulative_incidence,
};
pub use lifetimes::{LeftOut, LinkLoss, StateSpell, lifetime_until_gone, lifetime_until_lost};
