//! What a page says, read again from a copy of it that is kept.

use super::page::DecodedPage;
use super::page_diagnosis;
use crate::model::measurement::Request;
use crate::text::{alerts, clean};

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
