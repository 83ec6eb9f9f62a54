//! Measures the accuracy of judgement over time: a simulated year at several levels of noise,
//! compared with the rules of two other programs. `docs/accuracy.md` says what is claimed, and
//! holds the printed table.
//!
//! ```text
//! cargo run --release --example simulate
//! cargo run --release --example simulate -- \
//!     --seeds 1-3 --noise 3 --sources 20 --days 90 --hiccups 1
//! ```
//!
//! Seeds below 300 were used while the simulation was written and while noise and counting were
//! settled. The claim is reported on seeds 301 to 303, which were not used before.

mod simulation;
mod table;
#[allow(clippy::unwrap_used)] // the tests' histories panic
#[path = "../../tests/support/timeline.rs"]
mod timeline;
#[allow(dead_code, clippy::unwrap_used)] // the tracker's tests use the rest of it, and panic
#[path = "../../tests/support/tracked.rs"]
mod tracked;
#[allow(dead_code, clippy::unwrap_used)]
#[path = "../../tests/support/tracking.rs"]
mod tracking;

use simulation::all::simulate;
use simulation::weather::Noise;
use simulation::world::Size;
use table::{HEAD, details, rows};

struct Asked {
    seeds: Vec<u64>,
    /// Per cent of attempts that fail.
    noise: Vec<f64>,
    /// Per cent of the noise that comes in hiccups.
    hiccups: f64,
    size: Size,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            seeds: (301..=303).collect(),
            noise: vec![1.0, 3.0, 5.0, 10.0],
            hiccups: 1.0,
            size: Size {
                sources: 100,
                days: 365,
            },
        }
    }
}

fn main() -> Result<(), String> {
    let asked = read(std::env::args().skip(1))?;
    println!(
        "{} sources, {} days, 3 vantages, seeds {:?}, {} % of the noise in hiccups\n",
        asked.size.sources, asked.size.days, asked.seeds, asked.hiccups
    );
    let mut told = String::new();
    print!("{HEAD}");
    std::thread::scope(|scope| {
        let asked = &asked;
        let level = |percent: &f64| {
            let noise = Noise {
                per_attempt: percent / 100.0,
                in_hiccups: asked.hiccups / 100.0,
            };
            let made = scope.spawn(move || simulate(&asked.seeds, asked.size, noise));
            (noise, made)
        };
        let levels: Vec<_> = asked.noise.iter().map(level).collect();
        for (noise, made) in levels {
            let line = made.join().map_err(|_| "a level stopped".to_owned())?;
            let line = line.map_err(|e| e.to_string())?;
            print!("{}", rows(noise, &line));
            told += &details(noise, &line);
        }
        Ok::<(), String>(())
    })?;
    println!("\n{told}");
    Ok(())
}

fn read(mut args: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut asked = Asked::default();
    while let Some(name) = args.next() {
        let value = args.next().ok_or(format!("{name} needs a value"))?;
        let wrong = |e: &dyn std::fmt::Display| format!("{name} {value}: {e}");
        match name.as_str() {
            "--seeds" => asked.seeds = seeds(&value).map_err(|e| wrong(&e))?,
            "--noise" => {
                let parts = value.split(',').map(str::parse);
                asked.noise = parts.collect::<Result<_, _>>().map_err(|e| wrong(&e))?;
            }
            "--hiccups" => asked.hiccups = value.parse().map_err(|e| wrong(&e))?,
            "--sources" => asked.size.sources = value.parse().map_err(|e| wrong(&e))?,
            "--days" => asked.size.days = value.parse().map_err(|e| wrong(&e))?,
            _ => {
                return Err(format!(
                    "{name}: known are --seeds, --noise, --hiccups, --sources, --days"
                ));
            }
        }
    }
    Ok(asked)
}

/// `7`, or `101-105`.
fn seeds(text: &str) -> Result<Vec<u64>, std::num::ParseIntError> {
    match text.split_once('-') {
        Some((from, to)) => Ok((from.parse()?..=to.parse()?).collect()),
        None => Ok(vec![text.parse()?]),
    }
}
