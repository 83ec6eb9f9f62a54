//! Verdicts and facts in English.

use accesswatch::i18n::{facts, verdict};
use accesswatch::model::Evidence;
use accesswatch::model::settings::Language::En;
use accesswatch::model::{Fact, Observation, Verdict};

/// The English words of a verdict or fact, for assertions.
pub trait English {
    fn english(&self) -> String;
}

impl English for Fact {
    fn english(&self) -> String {
        facts::fact(En, self)
    }
}

impl English for Evidence {
    fn english(&self) -> String {
        self.fact.english()
    }
}

impl English for Verdict {
    fn english(&self) -> String {
        verdict::sentence(En, self.saying, self.code)
    }
}

impl English for Observation {
    fn english(&self) -> String {
        verdict::sentence(En, self.saying, self.code)
    }
}
