#!/usr/bin/env python3
"""Repairs documents that other people's programs made, and opens the results with them again.

    check_repair.py ACCESSWATCH FOLDER

For each format a file is made by the format's own library, by pandoc and by LibreOffice. Its links are
dead, an archive on loopback has copies, and `links repair` writes the repaired file. The file must
differ by what was inserted alone, and open in python-docx, LibreOffice, bibtexparser, rispy, rdflib,
biber and pandoc. The fields of Zotero and EndNote must be as they were.
"""

import csv
import difflib
import http.server
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import zipfile

import bibtexparser
import docx
import rdflib
import rispy

STAMP = "20230509031122"
DATETIME = "Tue, 09 May 2023 03:11:22 GMT"
PAGE = (
    "<title>Rivers</title><h1>Rivers</h1><p>The report on rivers says at some length what is known of rivers, "
    "who measured them in the spring of 2019, by which method, and which of the older figures no longer hold. "
    "A table of all stations follows, with the names of those who keep them.</p>"
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class Web(http.server.BaseHTTPRequestHandler):
    """A site whose links are dead, and an archive that has a copy of each."""

    def do_GET(self):
        status, headers, body = 404, {}, "<h1>Not Found</h1>"
        if self.path == "/control":
            status, body = 200, "<p>works</p>"
        elif match := re.fullmatch(r"/web/(\d{14})(?:id_)?/(.+)", self.path):
            status, body = 200, PAGE
            headers["Memento-Datetime"] = DATETIME
        elif self.path.startswith("/web/http"):
            status, body = 302, ""
            headers["Location"] = f"/web/{STAMP}/{self.path[5:]}"
        data = body.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Library:
    """A workspace that checks links of loopback."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        (folder / "config").mkdir(parents=True, exist_ok=True)
        (folder / "config/accesswatch.toml").write_text(
            f"""
[politeness]
contact = "test@example.org"
per_host_interval = "0s"
robots = false

[[vantage]]
id = "here"
name = "Here"
country = "DE"
via = "direct"
controls = ["{self.base}/control"]

[links]
private = true
per_domain_interval = "0s"

[links.copies]
wayback_api = "{self.base}"

[[links.archive]]
name = "Wayback Machine"
timegate = "{self.base}/web/"
"""
        )

    def link(self, name):
        return f"{self.base}/report/{name}?id=7&lang=zh"

    def copy(self, name):
        return f"{self.base}/web/{STAMP}/{self.link(name)}"

    def repair(self, path, *options):
        """Repairs a file twice; the second time changes nothing. Returns the output and the rows."""
        out = path.with_name(f"{path.stem}-repaired{path.suffix}")
        rows = self.run(path, out, *options)
        again = path.with_name(f"{path.stem}-again{path.suffix}")
        self.run(out, again, *options)
        assert out.read_bytes() == again.read_bytes(), f"{path.name}: a second repair changes it"
        return out, rows

    def run(self, path, out, *options):
        command = [self.binary, "--dir", self.folder, "links", "repair", path, "-o", out, "--force"]
        command += ["--format", "json", *options]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=600)
        assert ran.returncode == 0, f"{path.name}: exit status {ran.returncode}: {ran.stderr}"
        return json.loads(ran.stdout or "[]")


def inserted(old, new, name):
    """The pieces that were inserted; nothing else may differ."""
    pieces = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "insert":
            pieces.append(new[j1:j2])
        else:
            assert tag == "equal", f"{name}: {old[i1:i2]!r} became {new[j1:j2]!r}"
    return pieces


def compare_parts(old, new):
    """Parts of a ZIP: the same order, the untouched ones with their compressed bytes."""
    changed = {}
    with zipfile.ZipFile(old) as before, zipfile.ZipFile(new) as after:
        names = [info.filename for info in before.infolist()]
        assert names == [info.filename for info in after.infolist()], f"{new.name}: other parts"
        assert after.testzip() is None, f"{new.name}: a part is damaged"
        for a, b in zip(before.infolist(), after.infolist()):
            if before.read(a) == after.read(b):
                assert raw(old, a) == raw(new, b), f"{new.name}: {a.filename} was compressed again"
                assert a.compress_type == b.compress_type
            else:
                changed[a.filename] = (before.read(a).decode(), after.read(b).decode())
    for name, (a, b) in changed.items():
        inserted(a, b, f"{new.name}: {name}")
    return changed


def raw(path, info):
    with open(path, "rb") as file:
        file.seek(info.header_offset + 26)
        lengths = file.read(4)
        skip = int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
        file.seek(skip, io.SEEK_CUR)
        return file.read(info.compress_size)


def pandoc(text, source, target, out):
    subprocess.run(["pandoc", "-f", source, "-t", target, "-s", "-M", "pagetitle=Rivers", "-o", out], input=text, text=True, check=True)


def plain(path, source=None):
    command = ["pandoc", "-t", "plain", "--wrap=none", path] + (["-f", source] if source else [])
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def soffice(path, target, folder):
    """Converts a file with LibreOffice."""
    folder.mkdir(exist_ok=True)
    profile = f"-env:UserInstallation=file://{folder.resolve()}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", target, "--outdir", folder, path]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    out = folder / f"{path.stem}.{target.split(':')[0]}"
    assert out.exists(), f"LibreOffice does not open {path.name}"
    return out


def changed_rows(rows, name):
    found = [row for row in rows if row["action"] == "changed"]
    assert found, f"{name}: nothing was changed: {rows}"
    for row in found:
        assert row["archive_time"] == "2023-05-09T03:11:22Z", f"{name}: {row}"
    return found


NOTES = """# Rivers

The level of the river[^1] and of the lake[^2] is reported every year.
The archive [lists them all]({body}).

[^1]: Institute of Rivers, [Annual report]({one}), accessed May 8, 2023.

[^2]: 水利部：《年度报告》，{two}，访问日期：2023年5月8日。
"""


def bibliographies(library, folder):
    one, two = library.link("one"), library.link("two")
    entries = [
        {"ENTRYTYPE": "misc", "ID": "one", "title": "Annual report {2019}", "url": one, "year": "2019"},
        {"ENTRYTYPE": "misc", "ID": "two", "title": "年度报告", "url": two, "note": "Seen in print", "year": "2019"},
    ]
    made = bibtexparser.Library()
    for entry in entries:
        fields = [bibtexparser.model.Field(key, value) for key, value in entry.items() if key.islower()]
        made.add(bibtexparser.model.Entry(entry["ENTRYTYPE"], entry["ID"], fields))
    path = folder / "bibtexparser.bib"
    path.write_text(bibtexparser.write_string(made), encoding="utf-8")
    check_bibtex(library, path, "note")
    items = [
        {"id": key, "type": "webpage", "title": key, "URL": library.link(key), "accessed": {"date-parts": [[2023, 5, 8]]}}
        for key in ("one", "two")
    ]
    path = folder / "pandoc-biblatex.bib"
    pandoc(json.dumps(items), "csljson", "biblatex", path)
    check_bibtex(library, path, "addendum")
    path = folder / "pandoc.json"
    pandoc(json.dumps(items), "csljson", "csljson", path)
    out, rows = library.repair(path)
    changed_rows(rows, path.name)
    inserted(path.read_text(), out.read_text(), out.name)
    for item in json.loads(out.read_text()):
        assert item["archive_location"] == library.copy(item["id"]), f"{out.name}: {item}"
    plain(out, "csljson")
    check_zotero_rdf(library, folder)
    path = folder / "rispy.ris"
    entries = [{"type_of_reference": "ELEC", "id": key, "title": key, "urls": [library.link(key)]} for key in ("one", "two")]
    path.write_text(rispy.dumps(entries), encoding="utf-8")
    out, rows = library.repair(path)
    changed_rows(rows, path.name)
    inserted(path.read_bytes().decode(), out.read_bytes().decode(), out.name)
    for before, after in zip(rispy.loads(path.read_text()), rispy.loads(out.read_text()), strict=True):
        assert any(library.copy(before["id"]) in note for note in after.pop("notes")), f"{out.name}: {after}"
        assert before == after, f"{out.name}: {after}"


Z = rdflib.Namespace("http://www.zotero.org/namespaces/export#")
BIB = rdflib.Namespace("http://purl.org/net/biblio#")
DC = rdflib.Namespace("http://purl.org/dc/elements/1.1/")
DCTERMS = rdflib.Namespace("http://purl.org/dc/terms/")


def check_zotero_rdf(library, folder):
    """A library as Zotero exports it: items with their address, one with an archive of its own."""
    graph = rdflib.Graph()
    for prefix, namespace in (("z", Z), ("bib", BIB), ("dc", DC), ("dcterms", DCTERMS)):
        graph.bind(prefix, namespace)
    for number, key in enumerate(("one", "two", "three")):
        item, address = rdflib.URIRef(f"#item_{number}"), rdflib.BNode()
        graph.add((item, rdflib.RDF.type, BIB.Document))
        graph.add((item, Z.itemType, rdflib.Literal("webpage")))
        graph.add((item, DC.title, rdflib.Literal(f"年度报告 & {key}")))
        graph.add((item, DCTERMS.dateSubmitted, rdflib.Literal("2023-05-08 03:11:22")))
        graph.add((item, DC.identifier, address))
        graph.add((address, rdflib.RDF.type, DCTERMS.URI))
        graph.add((address, rdflib.RDF.value, rdflib.Literal(library.link(key))))
    graph.add((rdflib.URIRef("#item_2"), Z.archive, rdflib.Literal("Box 7")))
    path = folder / "zotero.rdf"
    graph.serialize(path, format="pretty-xml", encoding="utf-8")
    out, rows = library.repair(path)
    changed_rows(rows, path.name)
    inserted(path.read_bytes().decode(), out.read_bytes().decode(), out.name)
    repaired = rdflib.Graph().parse(out, format="xml")
    for number, key in enumerate(("one", "two")):
        item = rdflib.URIRef(out.resolve().as_uri() + f"#item_{number}")
        assert str(repaired.value(item, DC.coverage)) == library.copy(key), f"{out.name}: {key} has no copy"
        assert repaired.value(item, Z.archive), f"{out.name}: {key} has no archive"
    third = rdflib.URIRef(out.resolve().as_uri() + "#item_2")
    assert str(repaired.value(third, Z.archive)) == "Box 7", f"{out.name}: an archive was replaced"
    assert library.copy("three") in str(repaired.value(third, DC.description)), f"{out.name}: no line in Extra"
    before = rdflib.Graph().parse(path, format="xml", publicID=out.resolve().as_uri())
    assert len(repaired) == len(before) + 5, f"{out.name}: {len(before)} statements became {len(repaired)}"


def check_bibtex(library, path, field):
    out, rows = library.repair(path)
    changed_rows(rows, path.name)
    inserted(path.read_bytes().decode(), out.read_bytes().decode(), out.name)
    before, after = bibtexparser.parse_file(str(path)), bibtexparser.parse_file(str(out))
    assert not after.failed_blocks, f"{out.name}: {after.failed_blocks}"
    assert len(before.entries) == len(after.entries)
    for a, b in zip(before.entries, after.entries):
        for known in a.fields:
            if known.key != field:
                assert b.fields_dict[known.key].value == known.value, f"{out.name}: {b}"
        assert library.copy(b.key) in b.fields_dict[field].value, f"{out.name}: {b}"
    plain(out, "biblatex" if "biblatex" in path.name else "bibtex")
    if shutil.which("biber"):
        command = ["biber", "--tool", "--validate-datamodel", "--quiet", "--output-file", f"{out}.biber", out]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=180)
        assert ran.returncode == 0, f"biber does not read {out.name}: {ran.stdout}{ran.stderr}"
        assert library.copy("one") in pathlib.Path(f"{out}.biber").read_text(), f"{out.name}: biber drops the copy"
    else:
        print("SKIPPED: biber is not on this machine")


def texts(library, folder):
    filled = NOTES.format(body=library.link("body"), one=library.link("one"), two=library.link("two"))
    for target, suffix in (("markdown", ".md"), ("commonmark_x", ".md"), ("html", ".html"), ("html4", ".html")):
        path = folder / f"pandoc-{target}{suffix}"
        pandoc(filled, "markdown", target, path)
        out, rows = library.repair(path)
        changed_rows(rows, path.name)
        new = inserted(path.read_bytes().decode(), out.read_bytes().decode(), out.name)
        assert any(STAMP in piece for piece in new), f"{out.name}: {new}"
        text = plain(out, "html" if suffix == ".html" else target)
        for word in ("Institute of Rivers", "水利部", "lists them all"):
            assert word in text, f"{out.name}: {word} is missing"
        if suffix == ".html":
            markup = out.read_text()
            assert markup.count("data-versionurl=") >= 2, f"{out.name}: {markup}"
            assert markup.count("<a ") == path.read_text().count("<a "), out.name
    path = folder / "module.csv"
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "url"])
        writer.writerows([["One, \"quoted\"", library.link("one")], ["两\n行", library.link("two")]])
    out, rows = library.repair(path)
    changed_rows(rows, path.name)
    inserted(path.read_bytes().decode(), out.read_bytes().decode(), out.name)
    table = list(csv.reader(io.StringIO(out.read_bytes().decode("utf-8-sig"), newline="")))
    assert table[0] == ["title", "url", "archive_url", "archive_date"], table[0]
    assert table[2] == ["两\n行", library.link("two"), library.copy("two"), "2023-05-09"], table[2]


FIELDS = """<w:p><w:r><w:t xml:space="preserve">Cited </w:t></w:r>
<w:r><w:fldChar w:fldCharType="begin"/></w:r>
<w:r><w:instrText xml:space="preserve"> ADDIN {field} {{&quot;URL&quot;:&quot;{link}&quot;}} </w:instrText></w:r>
<w:r><w:fldChar w:fldCharType="separate"/></w:r>
<w:r><w:t>(Rivers 2019, {link})</w:t></w:r>
<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>"""


MANAGERS = {"zotero": "ZOTERO_ITEM CSL_CITATION", "endnote": "EN.CITE"}


def with_fields(path, out, library):
    """The document with fields of reference managers, in the body and in a note."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename in ("word/document.xml", "word/footnotes.xml"):
                text = data.decode()
                is_note = "footnotes" in info.filename
                fields = "".join(
                    FIELDS.format(field=field, link=library.link(name).replace("&", "&amp;"))
                    for name, field in MANAGERS.items()
                    if name == "zotero" or not is_note
                )
                end = "</w:footnote>" if is_note else "<w:sectPr"
                at = text.rindex(end) if end in text else text.rindex("</w:body>")
                data = (text[:at] + fields + text[at:]).encode()
            new.writestr(info, data)


def field_runs(path):
    """The text of all fields, of the body and of the notes."""
    found = []
    with zipfile.ZipFile(path) as file:
        for name in ("word/document.xml", "word/footnotes.xml"):
            if name in file.namelist():
                found += re.findall(r'<w:fldChar w:fldCharType="begin"/>.*?fldCharType="end"/>', file.read(name).decode(), re.S)
    return found


def office(library, folder):
    filled = NOTES.format(body=library.link("body"), one=library.link("one"), two=library.link("two"))
    word, text = folder / "pandoc.docx", folder / "pandoc.odt"
    pandoc(filled, "markdown", "docx", word)
    pandoc(filled, "markdown", "odt", text)
    made = docx.Document()
    made.add_heading("Rivers", 1)
    made.add_paragraph(f"A paragraph without a note: {library.link('body')}")
    made.save(folder / "python-docx.docx")
    fields = folder / "fields.docx"
    with_fields(word, fields, library)
    documents = [word, text, fields]
    for source, target in ((word, "odt"), (text, "docx")):
        converted = soffice(source, target, folder / "libreoffice")
        path = folder / f"libreoffice-{source.suffix[1:]}.{target}"
        shutil.copy(converted, path)
        documents.append(path)
    for path in documents:
        out, rows = library.repair(path)
        changed_rows(rows, path.name)
        changed = compare_parts(path, out)
        assert changed, f"{path.name}: no part differs"
        assert_opens(library, path, out)
    out, rows = library.repair(fields)
    before, after = field_runs(fields), field_runs(out)
    assert len(before) == 3 and before == after, f"fields were changed: {after}"
    for name, word in (("zotero", "Zotero"), ("endnote", "EndNote")):
        of_field = [row for row in rows if row["url_as_cited"] == library.link(name)]
        assert of_field and all(row["action"] == "listed" for row in of_field), rows
        assert all(word in row["reason"] and library.copy(name) in row["paste"] for row in of_field), of_field
    # Links of the body are listed, and the document stays as it is.
    out, rows = library.repair(folder / "python-docx.docx")
    assert [row["action"] for row in rows] == ["listed"], rows
    assert out.read_bytes() == (folder / "python-docx.docx").read_bytes()


def assert_opens(library, path, out):
    """Opens the document in other people's programs; nothing of its text is missing."""
    if out.suffix == ".docx":
        before, after = docx.Document(path), docx.Document(out)
        assert [p.text for p in before.paragraphs] == [p.text for p in after.paragraphs], f"{out.name}: the body differs"
    old, new = plain(path), plain(out)
    assert STAMP in new and STAMP not in old, f"{out.name}: pandoc does not see the copies"
    for word in ("Institute of Rivers", "水利部", "lists them all"):
        assert word in new, f"{out.name}: {word} is missing"
    pdf = soffice(out, "pdf", out.parent / "opened")
    assert pdf.read_bytes().startswith(b"%PDF"), out.name
    read = soffice(out, "txt:Text", out.parent / "opened").read_text(encoding="utf-8-sig", errors="replace")
    assert "reported every year" in read, f"{out.name}: LibreOffice reads {read[:200]!r}"


def main(binary, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    library = Library(binary, folder / "workspace")
    bibliographies(library, folder)
    texts(library, folder)
    office(library, folder)
    made = sorted(path.name for path in folder.glob("*-repaired.*") if path.suffix not in (".biber", ".blg"))
    print(f"{len(made)} documents repaired and opened again: {', '.join(made)}")


try:
    main(*sys.argv[1:])
except AssertionError as fault:
    sys.exit(f"error: {fault}")
