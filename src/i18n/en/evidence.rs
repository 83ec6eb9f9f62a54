//! The English of what discriminators say.

use crate::i18n::evidence::Table;
use crate::model::discriminator::{NotAsked, Said, Step};
use crate::model::incident::BrowserResult;

/// English.
pub(in crate::i18n) const TABLE: Table = Table {
    row,
    step,
    why,
    vantage: "{who}: {what}.",
    served: "{who}: {what}, as is normal there.",
    person,
};

#[rustfmt::skip] // a table, one row a line
fn row(said: &Said) -> &'static str {
    match said {
        Said::ReferenceAgrees { .. } => "The reference resolver {resolver} gives an address that was given here too.",
        Said::ReferenceDiffers { .. } => "Here the name leads to {here}, at the reference resolver {resolver} to {there}; that alone proves nothing.",
        Said::ReferenceFails { .. } => "The reference resolver {resolver} has no address either ({failure}).",
        Said::ReferenceSilent { .. } => "The reference resolver {resolver} did not answer ({failure}); that says nothing of the name.",
        Said::ReferenceForged { .. } => "Asked of the reference resolver {resolver}, the name has a forged answer among these: {answers}.",
        Said::ReferenceVerifies { .. } => "At {here}, which was given here, the certificate does not hold; at {there}, which others give, it does.",
        Said::SiteAnswersElsewhere { .. } => "At {there}, which was not given here, the site's certificate holds.",
        Said::ResolverDenies { .. } => "The resolver used here ({own}) gives no address for the name; at {there}, which the reference resolver {resolver} gives, the site answers as expected: that resolver stands in the way.",
        Said::ResolverMisleads { .. } => "The resolver used here ({own}) leads the name to {here}; at {there}, which the reference resolver {resolver} gives, the site answers as expected: that resolver stands in the way.",
        Said::NoBetterThere { .. } => "At {there}, which the reference resolver gives, the same request fares no better.",
        Said::ControlFailsAlike { .. } => "Sent to {control}, which is not the site's, the name fails in the same way ({failure}), and a neutral name passes there: it happens before the site.",
        Said::ControlAnswersAlike { .. } => "Sent to {control}, which is not the site's, the name gets the same page ({status}), and a neutral name does not: it comes from before the site.",
        Said::ControlPasses { .. } => "Sent to {control}, which is not the site's, the name passes.",
        Said::ControlUnclear { .. } => "What {control} did with the name and with a neutral one does not tell.",
        Said::SiteNameFails { .. } => "At the site's address {address} a neutral name passes and the site's own fails ({failure}): consistent with something that acts on the name, on the way or at the site's edge.",
        Said::SitePasses { .. } => "At the site's address {address} both the site's name and a neutral one pass.",
        Said::SiteUnclear { .. } => "What the site's address {address} did with its own name and with a neutral one does not tell.",
        Said::NotAsked { .. } => "{step} was not asked: {why}.",
    }
}

#[rustfmt::skip]
fn step(step: Step) -> &'static str {
    match step {
        Step::Reference => "The reference resolver",
        Step::AtReference => "The address that the reference resolver gives",
        Step::ControlWatched | Step::ControlNeutral => "A control's address",
        Step::SiteNeutral | Step::SiteWatched => "The site's address",
    }
}

#[rustfmt::skip]
fn why(why: NotAsked) -> &'static str {
    match why {
        NotAsked::Silence => "it is left alone for 240 seconds after the last such question",
        NotAsked::NoControl => "no control of this vantage speaks the same protocol at an address elsewhere that is known now",
        NotAsked::NoAddress => "no address is known",
        NotAsked::LocalName => "the name belongs to a local network",
        NotAsked::NoReference => "it cannot be used as it is configured",
        NotAsked::BackOff => "the site asked to be left alone",
        NotAsked::Robots => "robots.txt forbids it",
    }
}

fn person(browser: BrowserResult) -> &'static str {
    match browser {
        BrowserResult::Ok => "A person in {network} saw the page ({at}).",
        BrowserResult::Refused => "A person in {network} was refused too ({at}).",
        BrowserResult::Partial => "A person in {network} saw only part of the page ({at}).",
    }
}
