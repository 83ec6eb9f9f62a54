//! What a page says, read again from a copy of it that is kept.

use super::page::{BodyKind, DecodedPage};
use super::page_diagnosis;
use super::reading::Reading;
use super::rule_match::evidence;
use crate::model::measurement::Request;
use crate::model::verdict::Layer;
use crate::model::{Code, Evidence, Fact, Measurement, Verdict};
use crate::text::{alerts, clean, content};

/// How many characters are quoted.
const MAX_WORDS: usize = 200;
/// With fewer letters outside its links, the links of a page are what it shows.
const FEWEST_LETTERS: usize = 12;
/// The letters of the words in the place of a button.
const FEWEST_OF_BUTTON: usize = 4;
const MAX_OF_BUTTON: usize = 60;
/// Verdicts on content with a lower severity are no loss.
const LOSS: u8 = 3;

/// A kept answer, decoded.
pub struct KeptPage<'a> {
    page: DecodedPage<'a>,
}

impl<'a> KeptPage<'a> {
    /// Decodes the answer of `request`; `charset` is that of the probe, if it states one.
    #[must_use]
    pub fn read(request: &'a Request, charset: Option<&str>) -> Self {
        let page = DecodedPage::read(request, charset, false);
        Self { page }
    }

    /// Whether the page contains each of `words`: in its text, its title, its message boxes or its
    /// source.
    #[must_use]
    pub fn holds(&self, words: &str) -> bool {
        let seen = &self.page.seen;
        let mut texts = vec![clean::line(self.page.text(), usize::MAX)];
        texts.extend(
            seen.title
                .iter()
                .map(|title| clean::line(title, usize::MAX)),
        );
        texts.extend(alerts::alerts(self.page.source()));
        texts.push(clean::line(self.page.source(), usize::MAX));
        // A cut text ends with a mark; separate texts have one between them.
        let words = words
            .split_whitespace()
            .map(|word| word.trim_end_matches('…'));
        let mut words = words.filter(|word| !matches!(*word, "" | "|"));
        words.all(|word| texts.iter().any(|text| text.contains(word)))
    }

    /// The first words that a reader of the page sees.
    #[must_use]
    pub fn first_words(&self) -> String {
        page_diagnosis::first_words(&self.page)
    }

    /// The first words of what the page shows for itself, without the site's menus and footers;
    /// those of the whole page, unless `own`, where that is next to nothing.
    fn shown_words(&self, own: bool) -> String {
        if self.page.kind == BodyKind::Html {
            let said = clean::line(&content::outside_links(self.page.source()), MAX_WORDS);
            let letters = said.chars().filter(|c| c.is_alphabetic());
            if letters.take(FEWEST_LETTERS).count() == FEWEST_LETTERS {
                return said;
            }
            if own {
                return String::new();
            }
        }
        let of_json = page_diagnosis::json_says(&self.page);
        if of_json.is_empty() {
            self.first_words()
        } else {
            of_json
        }
    }
}

/// What the page of a loss says, when its rule quotes nothing: new sentences, or else the first
/// words that it shows.
pub(super) fn of_loss(
    verdict: &Verdict,
    reading: &Reading,
    m: &Measurement,
    charset: Option<&str>,
) -> Option<Evidence> {
    let is_loss = verdict.code.layer() == Layer::Content
        && verdict
            .code
            .severity()
            .is_some_and(|severity| severity >= LOSS);
    let answer = m.last_request().filter(|r| !r.response.body.0.is_empty());
    let answer = answer.filter(|_| is_loss && verdict.words().is_none())?;
    let difference = reading.diagnosis.difference.as_ref();
    let letters = |new: &str| new.chars().filter(|c| c.is_alphabetic()).count();
    let new = difference.and_then(|d| d.new_sentences.as_deref());
    let new = new.filter(|new| letters(new) >= FEWEST_LETTERS);
    // A few new words stand in the place of a button.
    let is_way = verdict.code == Code::ContentWithdrawn;
    let few = difference.and_then(|d| d.new_words.as_deref());
    let few =
        few.filter(|new| is_way && (FEWEST_OF_BUTTON..=MAX_OF_BUTTON).contains(&letters(new)));
    let new = new.or(few);
    // The menu of an emptied page says nothing of it.
    let own = verdict.code == Code::ContentEmpty;
    let words = new.map_or_else(
        || KeptPage::read(answer, charset).shown_words(own),
        |new| clean::line(new, MAX_WORDS),
    );
    (!words.is_empty()).then(|| evidence(Fact::Says { words }, "requests[0].response.body"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::measurement::{Body, HeaderText, RequestSent, Response};

    fn answer(body: &[u8], media: &str) -> Request {
        let header = |text: &str| HeaderText(text.to_owned());
        Request {
            request: RequestSent {
                url: "https://a.example/".to_owned(),
                ..RequestSent::default()
            },
            response: Response {
                code: 200,
                headers_list: vec![(header("Content-Type"), header(media))],
                body: Body(body.to_vec().into()),
                ..Response::default()
            },
            ..Request::default()
        }
    }

    #[test]
    fn words_are_found_where_a_page_has_them_and_nowhere_else() {
        let page = "<title>通知</title><p>本资源 已下架</p><script>alert('请联系管理员')</script>";
        let gbk = encoding_rs::GBK.encode(page).0;
        let request = answer(&gbk, "text/html; charset=gb2312");
        let kept = KeptPage::read(&request, None);
        for words in [
            "本资源 已下架",
            "通知 本资源",
            "本资源 | 请联系管理员",
            "已下…",
            "",
        ] {
            assert!(kept.holds(words), "{words}");
        }
        assert!(!kept.holds("本资源 仍可访问"));
        assert_eq!(kept.first_words(), "本资源 已下架 | 请联系管理员");
        let json = answer(b"{\"msg\": \"no permission\"}", "application/json");
        assert!(KeptPage::read(&json, None).holds("no permission"));
    }
}
