//! Where each format has the copy and the new address.

use accesswatch::links::repair::{HrefTarget, RepairOptions};
use accesswatch::model::repair::{CopyStyle, LeftReason, RepairAction};
use accesswatch::model::settings::Language;

use crate::support::{by_name, repaired, text, text_with};

const COPY: &str = "https://web.archive.org/web/20230509031122/";

#[track_caller]
fn shows(name: &str, before: &str, after: &str) {
    assert_eq!(text(before, name), after.replace("COPY/", COPY));
}

#[test]
fn bibtex_has_a_field_for_the_copy_written_as_the_others_are() {
    for (before, after) in [
        (
            "@misc{k,\r\n  url = {http://a.example/x},\r\n  year=2020\r\n}\r\n",
            "@misc{k,\r\n  url = {http://a.example/x},\r\n  year=2020,\r\n  note={Archived at \
             \\url{COPY/http://a.example/x} on 2023-05-09}\r\n}\r\n",
        ),
        (
            "@online{k,\n\turl = {http://a.example/x},\n}",
            "@online{k,\n\turl = {http://a.example/x},\n\taddendum = {Archived at \
             \\url{COPY/http://a.example/x} on 2023-05-09},\n}",
        ),
        (
            "@misc{k, url=\"http://a.example/x\"}",
            "@misc{k, url=\"http://a.example/x\", note={Archived at \\url{COPY/http://a.example/x} \
             on 2023-05-09}}",
        ),
        (
            "@misc(k, note=\"Seen.\", url={http://a.example/x})",
            "@misc(k, note=\"Seen. Archived at \\url{COPY/http://a.example/x} on 2023-05-09\", \
             url={http://a.example/x})",
        ),
        (
            "@misc{k, note = a # {b}, url={http://a.example/x}}",
            "@misc{k, note = a # {b} # {. Archived at \\url{COPY/http://a.example/x} on \
             2023-05-09}, url={http://a.example/x}}",
        ),
        (
            "@misc{a, url={http://alive.example/}, archiveurl={http://alive.example/2}}\n\
             @misc{k, url={http://a.example/x}, urldate={2023-05-08}}",
            "@misc{a, url={http://alive.example/}, archiveurl={http://alive.example/2}}\n\
             @misc{k, url={http://a.example/x}, urldate={2023-05-08}, \
             archiveurl={COPY/http://a.example/x}, archivedate={2023-05-09}}",
        ),
        (
            "@misc{k, url={http://moves.example/a\\_b}, urldate={2023-05-08}}",
            "@misc{k, url={http://moves.example/moved/a\\_b}, urldate={2023-05-08}}",
        ),
        (
            "@misc{k, howpublished={See \\url{http://moves.example/a}, http://moves.example/ab}}",
            "@misc{k, howpublished={See \\url{http://moves.example/moved/a}, \
             http://moves.example/moved/ab}}",
        ),
    ] {
        shows("refs.bib", before, after);
    }
}

#[test]
fn ris_has_a_note() {
    shows(
        "refs.ris",
        "TY  - ELEC\r\nUR  - http://a.example/x\r\nER  - \r\n\r\nTY  - ELEC\r\nUR  - \
         http://moves.example/x\r\nER  - \r\n",
        "TY  - ELEC\r\nUR  - http://a.example/x\r\nN1  - Archived at COPY/http://a.example/x on \
         2023-05-09\r\nER  - \r\n\r\nTY  - ELEC\r\nUR  - http://moves.example/moved/x\r\nER  - \r\n",
    );
    shows(
        "refs.ris",
        "TY  - ELEC\nUR  - http://a.example/x",
        "TY  - ELEC\nUR  - http://a.example/x\nN1  - Archived at COPY/http://a.example/x on \
         2023-05-09",
    );
}

#[test]
fn csl_json_has_the_archive_or_a_line_of_the_note() {
    for (before, after) in [
        (
            "[\n  {\n    \"id\": \"a\",\n    \"URL\": \"http://a.example/x\"\n  }\n]\n",
            "[\n  {\n    \"id\": \"a\",\n    \"URL\": \"http://a.example/x\",\n    \"archive\": \
             \"web.archive.org\",\n    \"archive_location\": \"COPY/http://a.example/x\"\n  }\n]\n",
        ),
        (
            "[{\"id\":1,\"URL\":\"http://a.example/x\",\"archive\":\"Box 7\",\"note\":\"n\"}]",
            "[{\"id\":1,\"URL\":\"http://a.example/x\",\"archive\":\"Box 7\",\"note\":\"n\\nArchived \
             at COPY/http://a.example/x on 2023-05-09\"}]",
        ),
        (
            "{\"items\":[{\"itemType\":\"webpage\",\"url\":\"http://a.example/x\"}]}",
            "{\"items\":[{\"itemType\":\"webpage\",\"url\":\"http://a.example/x\",\"archive\":\
             \"web.archive.org\",\"archiveLocation\":\"COPY/http://a.example/x\"}]}",
        ),
        (
            "[{\"id\":1,\"URL\":\"http://moves.example/路\",\"note\":\"see http://moves.example/y.\"}]",
            "[{\"id\":1,\"URL\":\"http://moves.example/moved/%E8%B7%AF\",\"note\":\"see \
             http://moves.example/moved/y.\"}]",
        ),
    ] {
        shows("refs.json", before, after);
    }
}

#[test]
fn zotero_rdf_has_the_archive_or_a_line_of_extra() {
    let file = |item: &str| {
        format!(
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
             xmlns:z=\"http://www.zotero.org/namespaces/export#\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n  {item}\n</rdf:RDF>\n"
        )
    };
    let address = |url: &str| {
        format!(
            "<dc:identifier><dcterms:URI><rdf:value>{url}</rdf:value></dcterms:URI></dc:identifier>"
        )
    };
    let old = address("http://a.example/?x=1&amp;y");
    let copy = "COPY/http://a.example/?x=1&amp;y";
    shows(
        "refs.rdf",
        &file(&format!(
            "<bib:Document rdf:about=\"#1\">\n    {old}\n  </bib:Document>"
        )),
        &file(&format!(
            "<bib:Document rdf:about=\"#1\">\n    {old}\n    <z:archive>web.archive.org</z:archive>\n    \
             <dc:coverage>{copy}</dc:coverage>\n  </bib:Document>"
        )),
    );
    shows(
        "refs.rdf",
        &file(&format!(
            "<bib:Document>{old}<z:archive>Box</z:archive><dc:description>e</dc:description></bib:Document>"
        )),
        &file(&format!(
            "<bib:Document>{old}<z:archive>Box</z:archive><dc:description>e\nArchived at {copy} on \
             2023-05-09</dc:description></bib:Document>"
        )),
    );
    let moved = |url: &str| file(&format!("<bib:Document>{}</bib:Document>", address(url)));
    shows(
        "refs.rdf",
        &moved("http://moves.example/a"),
        &moved("http://moves.example/moved/a"),
    );
}

#[test]
fn tables_have_two_columns_at_the_end() {
    for (before, after) in [
        (
            "title,url\r\nA,http://a.example/x\r\n\"B, c\",http://alive.example/\r\nD\r\n",
            "title,url,archive_url,archive_date\r\nA,http://a.example/x,COPY/http://a.example/x,\
             2023-05-09\r\n\"B, c\",http://alive.example/,,\r\nD,,,\r\n",
        ),
        (
            "url\tarchive_url\tarchive_date\nhttp://a.example/x\t\t\nhttp://alive.example/\t\t",
            "url\tarchive_url\tarchive_date\nhttp://a.example/x\tCOPY/http://a.example/x\t2023-05-09\n\
             http://alive.example/\t\t",
        ),
        (
            "url,n\nhttp://moves.example/x,1\nhttp://alive.example/,2\n",
            "url,n\nhttp://moves.example/moved/x,1\nhttp://alive.example/,2\n",
        ),
        (
            "url,n\n\"http://a.example/x,y\",1\n",
            "url,n,archive_url,archive_date\n\"http://a.example/x,y\",1,\"COPY/http://a.example/x,y\",\
             2023-05-09\n",
        ),
    ] {
        let name = if before.contains('\t') {
            "links.tsv"
        } else {
            "links.csv"
        };
        shows(name, before, after);
    }
}

#[test]
fn markdown_has_the_copy_behind_each_use() {
    let words = |url: &str| format!(" ([archived](COPY/{url}) on 2023-05-09)");
    let x = words("http://a.example/x");
    for (before, after) in [
        (
            "See **[x](http://a.example/x)**, http://a.example/x. End.\n".to_owned(),
            format!("See **[x](http://a.example/x){x}**, http://a.example/x{x}. End.\n"),
        ),
        (
            "[a][1] and [b][1]\n\n[1]: http://a.example/x \"t\"\n".to_owned(),
            format!("[a][1]{x} and [b][1]{x}\n\n[1]: http://a.example/x \"t\"\n"),
        ),
        (
            "<http://a.example/x> [p](http://alive.example/)".to_owned(),
            format!("<http://a.example/x>{x} [p](http://alive.example/)"),
        ),
        (
            "[x](http://a.example/x_(y))[^1]\n\n[^1]: http://a.example/n_o_p".to_owned(),
            format!(
                "[x](http://a.example/x_(y)){}[^1]\n\n[^1]: http://a.example/n_o_p{}",
                words("http://a.example/x_%28y%29"),
                words("http://a.example/n_o_p")
            ),
        ),
        (
            "[a][1] [b](http://moves.example/y) <http://moves.example/z>\n\n[1]: <http://moves.example/x>\n"
                .to_owned(),
            "[a][1] [b](http://moves.example/moved/y) <http://moves.example/moved/z>\n\n[1]: \
             <http://moves.example/moved/x>\n"
                .to_owned(),
        ),
        (
            "A <a href=\"http://a.example/x\">x</a>.".to_owned(),
            "A <a href=\"http://a.example/x\" data-originalurl=\"http://a.example/x\" \
             data-versionurl=\"COPY/http://a.example/x\" data-versiondate=\"2023-05-09\">x</a>."
                .to_owned(),
        ),
        ("`http://a.example/x`\n".to_owned(), "`http://a.example/x`\n".to_owned()),
    ] {
        shows("notes.md", &before, &after);
    }
}

#[test]
fn html_has_the_attributes_of_robust_links() {
    let robust = "data-originalurl=\"http://a.example/?x=1&amp;y=2\" \
                  data-versionurl=\"COPY/http://a.example/?x=1&amp;y=2\"";
    for (before, after) in [
        (
            "<p><a class=x href='http://a.example/?x=1&amp;y=2'>a</a> (accessed May 8, 2023)"
                .to_owned(),
            format!(
                "<p><a class=x href='http://a.example/?x=1&amp;y=2' {robust} \
                 data-versiondate=\"2023-05-08\">a</a> (accessed May 8, 2023)"
            ),
        ),
        (
            "<p><A HREF=http://a.example/?x=1&y=2>a</A><area href=\"http://a.example/?x=1&y=2\" />"
                .to_owned(),
            format!(
                "<p><A HREF=http://a.example/?x=1&y=2 {robust} data-versiondate=\"2023-05-09\">a</A>\
                 <area href=\"http://a.example/?x=1&y=2\" {robust} data-versiondate=\"2023-05-09\" />"
            ),
        ),
        (
            "<a href=\"http://moves.example/x\" id=a>http://moves.example/x</a>".to_owned(),
            "<a href=\"http://moves.example/moved/x\" id=a>http://moves.example/moved/x</a>"
                .to_owned(),
        ),
    ] {
        shows("page.html", &before, &after);
    }
    let to_copy = RepairOptions {
        href: HrefTarget::Copy,
        ..RepairOptions::default()
    };
    let page = "<a href='http://a.example/x'>a</a>";
    let found = repaired(page.as_bytes(), "x.html", &to_copy, by_name);
    let text = String::from_utf8(found.bytes.unwrap()).unwrap();
    assert!(text.starts_with(&format!(
        "<a href=\"{COPY}http://a.example/x\" data-originalurl=\"http://a.example/x\""
    )));
    let again = repaired(text.as_bytes(), "x.html", &to_copy, by_name);
    assert_eq!(again.bytes, None);
    assert_eq!(again.rows[0].reason, Some(LeftReason::IsCopy));
}

#[test]
fn the_style_and_the_language_follow_the_citation_or_the_options() {
    let note = "@misc{k, title={报告}, url={http://a.example/x}}";
    assert!(text(note, "x.bib").contains("2023-05-09 的存档：\\url{"));
    let options = RepairOptions {
        style: Some(CopyStyle::Chicago),
        language: Some(Language::En),
        ..RepairOptions::default()
    };
    assert!(text_with(note, "x.bib", &options).contains("Archived May 9, 2023, at \\url{"));
}

#[test]
fn what_cannot_be_written_is_listed_with_the_line_to_paste() {
    for (name, before, reason) in [
        ("x.txt", "See http://a.example/x.", LeftReason::Format),
        ("x.html", "<p>See http://a.example/x.", LeftReason::InText),
        (
            "x.md",
            "[![p](http://a.example/x)](http://alive.example/)",
            LeftReason::Unsafe,
        ),
        (
            "x.bib",
            "@misc{k, url={http://a.example/x}",
            LeftReason::Unsafe,
        ),
    ] {
        let found = repaired(before.as_bytes(), name, &RepairOptions::default(), by_name);
        assert_eq!(found.bytes, None, "{before}");
        let row = &found.rows[0];
        assert_eq!(
            (row.action, row.reason),
            (RepairAction::Listed, Some(reason)),
            "{before}"
        );
        let paste = format!("Archived at {COPY}http://a.example/x on 2023-05-09");
        assert_eq!(row.paste.as_deref(), Some(&*paste));
    }
}

#[test]
fn a_copy_that_is_cited_is_not_cited_twice() {
    let cited =
        "http://a.example/x}, note={\\url{https://web.archive.org/web/2019/http://a.example/x}";
    let before = format!("@misc{{k, url={{{cited}}}}}");
    let found = repaired(
        before.as_bytes(),
        "x.bib",
        &RepairOptions::default(),
        by_name,
    );
    assert_eq!(found.bytes, None);
    let reasons: Vec<_> = found.rows.iter().map(|row| row.reason).collect();
    assert_eq!(
        reasons,
        [Some(LeftReason::HasCopy), Some(LeftReason::IsCopy)]
    );
}

#[test]
fn a_cnki_link_with_a_token_gets_the_permalink() {
    let before =
        "@article{k, doi={10.1000/x}, url={https://kns.cnki.net/kcms2/article/abstract?v=abc}}";
    assert!(text(before, "x.bib").contains("url={https://link.cnki.net/doi/10.1000/x}"));
}
