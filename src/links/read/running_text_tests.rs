use super::running_text::find;

fn urls(text: &str) -> Vec<String> {
    find(text).into_iter().map(|link| link.url).collect()
}

/// The only link of a text.
fn one(text: &str) -> String {
    let found = urls(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found[0].clone()
}

#[test]
fn a_link_ends_before_the_punctuation_of_its_sentence() {
    for (text, want) in [
        ("See https://a.example/x.", "https://a.example/x"),
        ("(https://a.example/x)", "https://a.example/x"),
        ("(see https://a.example/x), and", "https://a.example/x"),
        (
            "https://en.wikipedia.org/wiki/Rot_(link)",
            "https://en.wikipedia.org/wiki/Rot_(link)",
        ),
        (
            "(https://en.wikipedia.org/wiki/Rot_(link))",
            "https://en.wikipedia.org/wiki/Rot_(link)",
        ),
        ("\"https://a.example/x?y=1\";", "https://a.example/x?y=1"),
        ("[https://a.example/x]", "https://a.example/x"),
        ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x"),
        ("<https://a.example/路径/x y>", "https://a.example/路径/x y"),
        ("{https://a.example/x}", "https://a.example/x"),
        ("https://a.example/x...", "https://a.example/x"),
        (
            "https://a.example/?q=a+b&c=d!",
            "https://a.example/?q=a+b&c=d",
        ),
        (
            "https://fr.example.org/wiki/Café, et",
            "https://fr.example.org/wiki/Café",
        ),
        ("HTTPS://A.example/X", "HTTPS://A.example/X"),
        ("https://a.example/x\u{200b}y", "https://a.example/xy"),
        ("https://a.example/x\u{2011}y", "https://a.example/x-y"),
        ("https://a.ex\u{ad}ample/x", "https://a.example/x"),
        ("https://a.example/x|y", "https://a.example/x"),
        ("https://a.example/x),(b", "https://a.example/x"),
    ] {
        assert_eq!(one(text), want, "{text}");
    }
}

#[test]
fn a_link_ends_at_scripts_without_white_space() {
    for (text, want) in [
        ("参见https://a.example/x。", "https://a.example/x"),
        ("网址：https://a.example/x，访问", "https://a.example/x"),
        ("（https://a.example/x）", "https://a.example/x"),
        ("《报告》https://a.example/x》", "https://a.example/x"),
        ("https://a.example/x・第2版", "https://a.example/x"),
        ("https://a.example/x·第2版", "https://a.example/x"),
        ("https://a.example/x（访问日期", "https://a.example/x"),
        ("https://a.example/을", "https://a.example/"),
        ("https://a.example/x에서", "https://a.example/x"),
        ("https://a.example/x/에서", "https://a.example/x/"),
        ("https://a.example/x를 참조", "https://a.example/x"),
        ("https://a.example/xを参照", "https://a.example/x"),
        ("https://a.example/x\u{20000}", "https://a.example/x"),
        ("https://a.example中文", "https://a.example"),
        ("https://a.example/中国", "https://a.example/"),
    ] {
        assert_eq!(one(text), want, "{text}");
    }
}

#[test]
fn a_name_in_its_own_script_belongs_to_the_link() {
    for (text, want, short) in [
        (
            "https://baike.baidu.com/item/中国知网",
            "https://baike.baidu.com/item/中国知网",
            Some("https://baike.baidu.com/item/"),
        ),
        (
            "见https://baike.baidu.com/item/中国知网/1234。",
            "https://baike.baidu.com/item/中国知网/1234",
            Some("https://baike.baidu.com/item/"),
        ),
        (
            "https://a.example/s?wd=知网&x=1 下",
            "https://a.example/s?wd=知网&x=1",
            Some("https://a.example/s?wd="),
        ),
        (
            "https://ko.wikipedia.org/wiki/대한민국",
            "https://ko.wikipedia.org/wiki/대한민국",
            Some("https://ko.wikipedia.org/wiki/"),
        ),
        (
            "https://ja.wikipedia.org/wiki/日本（2023年",
            "https://ja.wikipedia.org/wiki/日本",
            Some("https://ja.wikipedia.org/wiki/"),
        ),
        ("http://例え.jp/x", "http://例え.jp/x", None),
    ] {
        let found = find(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].url, want, "{text}");
        assert_eq!(found[0].alternative.as_deref(), short, "{text}");
    }
}

#[test]
fn identifiers_without_a_scheme_are_links() {
    for (text, want) in [
        ("at www.gov.cn/x.htm.", "www.gov.cn/x.htm"),
        ("见www.gov.cn。", "www.gov.cn"),
        ("doi:10.1000/182.", "doi:10.1000/182"),
        ("DOI: 10.1000/182", "doi:10.1000/182"),
        (
            "DOI：10.13334/j.0258-8013.pcsee.2023。",
            "doi:10.13334/j.0258-8013.pcsee.2023",
        ),
        (
            "(10.1002/(SICI)1097-0258(1998)17:1<1>)",
            "10.1002/(SICI)1097-0258(1998)17:1",
        ),
        ("hdl:2027/uc1.b4", "hdl:2027/uc1.b4"),
        ("arXiv:2101.00001v2 [cs]", "arxiv:2101.00001v2"),
        ("arXiv:hep-th/9901001", "arxiv:hep-th/9901001"),
        (
            "CSTR:31253.11.sciencedb.j00001",
            "cstr:31253.11.sciencedb.j00001",
        ),
    ] {
        assert_eq!(one(text), want, "{text}");
    }
}

#[test]
fn what_is_no_link_is_none() {
    for text in [
        "http://",
        "https:///x",
        "xhttp://a.example",
        "ewww.gov.cn",
        "www.",
        "www.x",
        "mail@www.gov.cn",
        "version 10.1000",
        "10.12/x",
        "arXiv: the preprint server",
        "doi:",
        "Section 10.1000 / b",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "",
    ] {
        assert_eq!(urls(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn an_archived_address_holds_the_inner_one() {
    let wrapped = "https://web.archive.org/web/2020/https://a.example/x";
    assert_eq!(one(&format!("see {wrapped}, now")), wrapped);
}

#[test]
fn the_range_is_where_the_link_stands() {
    let text = "见 https://a.ex\u{ad}ample/x。后";
    let link = &find(text)[0];
    assert_eq!(&text[link.range.clone()], "https://a.ex\u{ad}ample/x");
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_within_its_bounds(text in "(http://|https://|www\\.|10\\.1234/|[ -~]|[一-二]|[가-나]|\u{200b}|。){0,40}") {
        let mut end = 0;
        for link in find(&text) {
            proptest::prop_assert!(link.range.start >= end);
            proptest::prop_assert!(text.get(link.range.clone()).is_some());
            end = link.range.end;
        }
    }
}
