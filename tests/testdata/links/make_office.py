#!/usr/bin/env python3
"""Makes the office documents and PDFs of this folder, with what they cite.

    python3 make_office.py OUT [--more N]

Each document is written once as data (paragraphs, links, notes) and then by the libraries that
people's files come from: python-docx, odfpy, python-pptx, openpyxl, EbookLib, reportlab, pypdf,
LibreOffice, pandoc and XeLaTeX. A tool that is missing is left out. What each file cites follows
from the data, never from our own readers; it goes to OUT/expected.json.
--more N makes N variants of each document, with other words and addresses.
"""
import argparse
import json
import random
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

DAY = "2023-05-08"

# Words of each language: a sentence before a link, one behind it, what a link is called, a title.
WORDS = {
    "en": ("As the statistical bulletin shows (", "), growth slowed in the second quarter.",
           "the annual report", "A report on access"),
    "zh-Hans": ("参见国家统计局的公报（", "），第二季度增速有所放缓。", "年度统计公报", "关于信息获取的报告"),
    "zh-Hant": ("參見主計總處的公報（", "），第二季度的增速有所放緩。", "年度統計公報", "關於資訊取得的報告"),
    "ko": ("국가통계국 공보 (", ")를 보면 2분기 성장이 둔화되었다.", "연간 통계 보고서", "정보 접근에 관한 보고서"),
    "ja": ("国家統計局の公報（", "）によると、第2四半期の成長は鈍化した。", "年次統計報告", "情報アクセスに関する報告"),
}
NOTE = {"en": "See ", "zh-Hans": "见 ", "zh-Hant": "見 ", "ko": "참조: ", "ja": "参照 "}
HOSTS = ["www.stats.gov.cn", "data.example.org", "kns.example.cn", "press.example.kr",
         "archive.example.jp", "www.example.com.tw"]
PATHS = ["/sj/zxfb/202302/t20230228_1919011.html", "/report-2023/overview.html", "/item?id=1125&lang=zh",
         "/a/b/c_1124.htm", "/doc/2023/05/08/paper.pdf", "/view?cat=3&no=42#top", "/"]


class Text(str):
    """Text, with addresses in it that are not marked."""


class Link:
    def __init__(self, text, url):
        self.text, self.url = text, url


class Note:
    def __init__(self, parts):
        self.parts = parts


def addresses(rng):
    seen = set()
    while True:
        url = "https://" + rng.choice(HOSTS) + rng.choice(PATHS)
        if url.endswith("/"):
            url += f"n{rng.randrange(10 ** 5)}"
        if url not in seen:
            seen.add(url)
            yield url


def sample(language, rng):
    """A document: a title and paragraphs, each a list of parts."""
    before, behind, called, title = WORDS[language]
    url = addresses(rng)
    paragraphs = [
        [Text(before), Text(next(url)), Text(behind)],
        [Text(before), Link(called, next(url)), Text(behind),
         Note([Text(NOTE[language] + next(url) + " ")])],
        [Text(behind[1:])],
        [Text(before), Link(long_url(rng), None), Text(behind),
         Note([Text(NOTE[language]), Link(called, next(url)), Text(" " + next(url) + " ")])],
    ]
    for paragraph in paragraphs:
        for part in paragraph:
            if isinstance(part, Link) and part.url is None:
                part.url = part.text
    return title, paragraphs


def long_url(rng):
    return ("https://www.example.org/publications/annual-reports/2023/"
            f"chapter-{rng.randrange(100)}/statistics-of-access-to-information-sources.html")


def find_urls(text):
    """The addresses in the text of a sample: each ends at a space or a full-width character."""
    found, at = [], text.find("https://")
    while at >= 0:
        end = at
        while end < len(text) and 33 <= ord(text[end]) < 127 and text[end] not in "()":
            end += 1
        found.append(text[at:end])
        at = text.find("https://", end)
    return found


def cited(paragraphs, place, notes="footnote"):
    """What a document cites: (address, place). `place` gives the place of a paragraph by number."""
    found, note = [], 0
    for number, parts in enumerate(paragraphs, 1):
        queue = [("", parts)]
        text = ""
        for part in parts:
            if isinstance(part, Note):
                note += 1
                where = f"{notes} {note}" if notes else place(number)
                inner = ""
                for piece in part.parts:
                    if isinstance(piece, Link):
                        found.append((piece.url, where))
                    else:
                        inner += piece
                found += [(u, where) for u in find_urls(inner)]
            elif isinstance(part, Link):
                found.append((part.url, place(number)))
            else:
                text += part
        found += [(u, place(number)) for u in find_urls(text)]
    return found


def numbered(number):
    return f"paragraph {number}"


class Set:
    """The files that are made, with what is expected of each."""

    def __init__(self, out):
        self.out, self.expected = out, {}

    def add(self, name, citations, title=None, date=None, error=None):
        counted = {}
        for url, place in citations:
            counted[(url, place)] = counted.get((url, place), 0) + 1
        self.expected[name] = {
            "title": title, "date": date, "error": error,
            "citations": [{"url": u, "place": p, "count": n} for (u, p), n in counted.items()],
        }

    def path(self, name):
        return self.out / name


# --- Word and OpenDocument ---------------------------------------------------------------------

def docx_hyperlink(paragraph, text, url, pieces=1):
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    for run_text in split(text, pieces):
        link.append(docx_run(run_text))
    paragraph._p.append(link)


def docx_run(text):
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    run, node = OxmlElement("w:r"), OxmlElement("w:t")
    node.text = text
    node.set(qn("xml:space"), "preserve")
    run.append(node)
    return run


def split(text, pieces):
    if pieces < 2 or len(text) < pieces:
        return [text]
    step = -(-len(text) // pieces)
    return [text[i:i + step] for i in range(0, len(text), step)]


def docx_field(paragraph, text, url):
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def mark(kind):
        run, node = OxmlElement("w:r"), OxmlElement("w:fldChar")
        node.set(qn("w:fldCharType"), kind)
        run.append(node)
        paragraph._p.append(run)

    mark("begin")
    for piece in split(f' HYPERLINK "{url}" ', 3):
        run, node = OxmlElement("w:r"), OxmlElement("w:instrText")
        node.text = piece
        node.set(qn("xml:space"), "preserve")
        run.append(node)
        paragraph._p.append(run)
    mark("separate")
    paragraph._p.append(docx_run(text))
    mark("end")


def new_docx(title):
    import datetime
    import docx
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.created = datetime.datetime(2023, 5, 8, 1, 2, 3)
    return document


def make_docx(made, name, title, paragraphs):
    """By python-docx: links as relationships and fields in turn, text in runs, a table, margins."""
    document = new_docx(title)
    without_notes = [[p for p in parts if not isinstance(p, Note)] for parts in paragraphs]
    fields = 0
    for parts in without_notes:
        paragraph = document.add_paragraph()
        for part in parts:
            if isinstance(part, Link):
                fields += 1
                if fields % 2:
                    docx_hyperlink(paragraph, part.text, part.url, 3)
                else:
                    docx_field(paragraph, part.text, part.url)
            else:
                for piece in split(part, 4):
                    paragraph._p.append(docx_run(piece))
    cell = document.add_table(rows=1, cols=2).cell(0, 1)
    cell.paragraphs[0].add_run("https://cell.example/x ")
    section = document.sections[0]
    section.header.paragraphs[0].add_run("https://header.example/ ")
    docx_hyperlink(section.footer.paragraphs[0], "footer", "https://footer.example/")
    document.save(made.path(name))
    found = cited(without_notes, numbered)
    found += [("https://cell.example/x", numbered(len(paragraphs) + 1)),
              ("https://header.example/", "header"), ("https://footer.example/", "footer")]
    made.add(name, found, title, DAY)


def make_docx_changes(made, name):
    """Insertions, deletions, breaks and hyphens within an address, a text box with its fallback."""
    from docx.oxml import parse_xml
    w = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
         'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
         'xmlns:v="urn:schemas-microsoft-com:vml" '
         'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"')
    document = new_docx("Changes")
    body = document.element.body

    def add(xml):
        body.insert(len(body) - 1, parse_xml(f"<w:p {w}>{xml}</w:p>"))

    def t(text):
        return f'<w:t xml:space="preserve">{escape(text)}</w:t>'

    author = 'w:id="1" w:author="a" w:date="2023-05-08T00:00:00Z"'
    add(f"<w:r>{t('Kept ')}</w:r><w:ins {author}><w:r>{t('https://inserted.example/x ')}</w:r></w:ins>"
        f"<w:del {author}><w:r><w:delText>https://deleted.example/ </w:delText></w:r></w:del>")
    add(f"<w:r>{t('See https://broken.example/long/')}<w:br/>{t('path/page.html for more')}</w:r>")
    add(f"<w:r>{t('See https://hyphen.example/a')}<w:noBreakHyphen/>{t('b ')}</w:r>")
    box = f"<w:txbxContent><w:p><w:r>{t('https://box.example/ ')}</w:r></w:p></w:txbxContent>"
    old = box.replace("box.example", "fallback.example")
    add(f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:wsp><wps:txbx>{box}</wps:txbx>'
        f'</wps:wsp></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{old}</v:textbox></v:shape>'
        f'</w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r>{t("around")}</w:r>')
    document.save(made.path(name))
    made.add(name, [
        ("https://inserted.example/x", "paragraph 1"),
        ("https://broken.example/long/path/page.html", "paragraph 2"),
        ("https://hyphen.example/a-b", "paragraph 3"),
        ("https://box.example/", "paragraph 5"),
    ], "Changes", DAY)


def make_odt(made, name, title, paragraphs):
    """By odfpy, with notes."""
    from odf.dc import Title
    from odf.meta import CreationDate
    from odf.opendocument import OpenDocumentText
    from odf.text import A, Note as OdfNote, NoteBody, NoteCitation, P, Span
    document = OpenDocumentText()
    document.meta.addElement(Title(text=title))
    document.meta.addElement(CreationDate(text="2023-05-08T01:02:03"))
    notes = 0

    def fill(element, parts):
        nonlocal notes
        for part in parts:
            if isinstance(part, Note):
                notes += 1
                note = OdfNote(noteclass="footnote", id=f"n{notes}")
                note.addElement(NoteCitation(text=str(notes)))
                body, inner = NoteBody(), P()
                fill(inner, part.parts)
                body.addElement(inner)
                note.addElement(body)
                element.addElement(note)
            elif isinstance(part, Link):
                link = A(href=part.url, type="simple")
                for piece in split(part.text, 2):
                    link.addElement(Span(text=piece))
                element.addElement(link)
            else:
                element.addText(part)

    for parts in paragraphs:
        paragraph = P()
        fill(paragraph, parts)
        document.text.addElement(paragraph)
    document.save(str(made.path(name)))
    made.add(name, cited(paragraphs, numbered), title, DAY)


# --- Converters --------------------------------------------------------------------------------

def soffice(source, kind, folder):
    subprocess.run(
        ["soffice", "-env:UserInstallation=file:///tmp/make_office_profile", "--headless",
         "--convert-to", kind, "--outdir", str(folder), str(source)],
        check=True, capture_output=True, timeout=180)
    return folder / (Path(source).stem + "." + kind.split(":")[0])


def pandoc_inlines(parts):
    inlines = []
    for part in parts:
        if isinstance(part, Note):
            inlines.append({"t": "Note", "c": [{"t": "Para", "c": pandoc_inlines(part.parts)}]})
        elif isinstance(part, Link):
            inlines.append({"t": "Link", "c": [["", [], []], [{"t": "Str", "c": part.text}],
                                               [part.url, ""]]})
        else:
            inlines.append({"t": "Str", "c": part})
    return inlines


def pandoc(made, name, title, paragraphs, found, date=DAY):
    meta = {"title": {"t": "MetaInlines", "c": [{"t": "Str", "c": title}]},
            "date": {"t": "MetaInlines", "c": [{"t": "Str", "c": DAY}]}}
    blocks = [{"t": "Para", "c": pandoc_inlines(parts)} for parts in paragraphs]
    document = {"pandoc-api-version": [1, 22, 1], "meta": meta, "blocks": blocks}
    subprocess.run(["pandoc", "-f", "json", "-o", str(made.path(name))],
                   input=json.dumps(document).encode(), check=True, capture_output=True, timeout=120)
    made.add(name, found, title, date)


def make_converted(made, stem, title, paragraphs, folder):
    """What LibreOffice and pandoc make of a document."""
    if shutil.which("soffice"):
        odt = made.path(f"{stem}-odfpy.odt")
        for kind, found, date in [
            ("docx", cited(paragraphs, numbered), DAY),
            ("pdf", cited(paragraphs, lambda n: "page 1", notes=None), None),
        ]:
            converted = soffice(odt, kind, folder)
            name = f"{stem}-libreoffice.{kind}"
            shutil.copy(converted, made.path(name))
            made.add(name, found, title, date)
    if shutil.which("pandoc"):
        shifted = cited(paragraphs, lambda n: f"paragraph {n + 2}")  # the title and the date come first
        pandoc(made, f"{stem}-pandoc.docx", title, paragraphs, shifted, None)
        pandoc(made, f"{stem}-pandoc.odt", title, paragraphs, shifted, None)
        in_book = cited(paragraphs, lambda n: "text/ch001.xhtml", notes=None)
        pandoc(made, f"{stem}-pandoc.epub", title, paragraphs, in_book)


# --- PDF ---------------------------------------------------------------------------------------

TEX = r"""\documentclass[11pt]{article}
\usepackage[a4paper,margin=3cm]{geometry}
\usepackage{xeCJK}
\setCJKmainfont{WenQuanYi Zen Hei}
\usepackage{hyperref}
\hypersetup{pdftitle={%s},%s}
\begin{document}
%s
\end{document}
"""


def tex_text(text):
    out = ""
    rest = str(text)
    for url in find_urls(rest):
        head, _, rest = rest.partition(url)
        out += tex_escape(head) + r"\url{" + url.replace("%", r"\%").replace("#", r"\#") + "}"
    return out + tex_escape(rest)


def tex_escape(text):
    return "".join("\\" + c if c in "#$%&_{}" else c for c in text)


def tex_parts(parts):
    out = ""
    for part in parts:
        if isinstance(part, Note):
            out += r"\footnote{" + tex_parts(part.parts) + "}"
        elif isinstance(part, Link) and part.text == part.url:
            out += tex_text(part.url)
        elif isinstance(part, Link):
            out += r"\href{" + part.url.replace("#", r"\#") + "}{" + tex_escape(part.text) + "}"
        else:
            out += tex_text(part)
    return out


def make_xelatex(made, name, title, paragraphs, folder, draft=False):
    """By XeLaTeX; `draft` leaves the annotations out, so that only the text has the links."""
    if not shutil.which("xelatex"):
        return
    if draft:
        paragraphs = [[p for p in parts if not isinstance(p, Link) or p.text == p.url]
                      for parts in paragraphs]
        paragraphs = [[Note([q for q in p.parts if not isinstance(q, Link)])
                       if isinstance(p, Note) else p for p in parts] for parts in paragraphs]
    body = "\n\n".join(tex_parts(parts) for parts in paragraphs)
    source = folder / "x.tex"
    source.write_text(TEX % (title, "draft" if draft else "hidelinks", body))
    subprocess.run(["xelatex", "-interaction=batchmode", "x.tex"], cwd=folder, capture_output=True,
                   timeout=180)
    shutil.copy(folder / "x.pdf", made.path(name))
    made.add(name, cited(paragraphs, lambda n: "page 1", notes=None), None if draft else title, None)


def make_reportlab(made, name, font, title, paragraphs, pages=2):
    """By reportlab, with fonts that are not embedded; each page holds half of the paragraphs."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate
    if font != "Helvetica":
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    style = ParagraphStyle("x", fontName=font, fontSize=11, leading=15,
                           wordWrap=None if font == "Helvetica" else "CJK")
    plain = [[p for p in parts if not isinstance(p, Note)] for parts in paragraphs]
    flow, at, page = [], [], 1
    for number, parts in enumerate(plain):
        if number and number % -(-len(plain) // pages) == 0:
            flow.append(PageBreak())
            page += 1
        at.append(page)
        markup = "".join(
            f'<link href="{escape(p.url)}">{escape(p.text)}</link>' if isinstance(p, Link)
            else escape(p) for p in parts)
        flow.append(Paragraph(markup, style))
    SimpleDocTemplate(str(made.path(name)), pagesize=A4, title=title).build(flow)
    made.add(name, cited(plain, lambda n: f"page {at[n - 1]}"), title, None)


def make_pdf_variants(made, source):
    """Encrypted with the empty password, with another one, cut, and as object streams."""
    import pikepdf
    from pypdf import PdfReader, PdfWriter
    expected = made.expected[source]
    rows = [(c["url"], c["place"]) for c in expected["citations"] for _ in range(c["count"])]

    def encrypted(name, user, algorithm):
        writer = PdfWriter(clone_from=PdfReader(made.path(source)))
        writer.encrypt(user_password=user, owner_password="owner", algorithm=algorithm)
        writer.write(made.path(name))

    encrypted("pdf-encrypted-empty-rc4.pdf", "", "RC4-128")
    made.add("pdf-encrypted-empty-rc4.pdf", rows, expected["title"])
    encrypted("pdf-encrypted-password.pdf", "secret", "RC4-128")
    made.add("pdf-encrypted-password.pdf", [], error="encrypted")
    with pikepdf.open(made.path(source)) as pdf:
        pdf.save(made.path("pdf-encrypted-empty-aes256.pdf"),
                 encryption=pikepdf.Encryption(user="", owner="owner", R=6))
        made.add("pdf-encrypted-empty-aes256.pdf", rows, expected["title"])
        pdf.save(made.path("pdf-object-streams.pdf"),
                 object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)
        made.add("pdf-object-streams.pdf", rows, expected["title"])
    whole = made.path(source).read_bytes()
    end = whole.rindex(b"xref\n")
    made.path("pdf-without-xref.pdf").write_bytes(whole[:end])
    made.add("pdf-without-xref.pdf", rows)


def make_scan(made, name):
    """A page that is a picture and nothing else."""
    from PIL import Image
    image = Image.new("L", (200, 280), 230)
    image.save(made.path(name), "PDF")
    made.add(name, [], error="scanned")


# --- Slides, sheets, Hangul, books -------------------------------------------------------------

def make_pptx(made, name, title, paragraphs):
    import datetime
    from pptx import Presentation
    from pptx.util import Inches
    deck = Presentation()
    deck.core_properties.title = title
    deck.core_properties.created = datetime.datetime(2023, 5, 8)
    found = []
    for number, parts in enumerate(paragraphs, 1):
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        frame = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(8), Inches(4)).text_frame
        paragraph = frame.paragraphs[0]
        for part in parts:
            if isinstance(part, Note):
                text = "".join(p.url + " " if isinstance(p, Link) else p for p in part.parts)
                slide.notes_slide.notes_text_frame.text = text
                found += [(u, f"notes of slide {number}") for u in find_urls(text)]
            elif isinstance(part, Link):
                for piece in split(part.text, 3):
                    run = paragraph.add_run()
                    run.text = piece
                    run.hyperlink.address = part.url
                found.append((part.url, f"slide {number}"))
            else:
                for piece in split(part, 2):
                    paragraph.add_run().text = piece
        text = "".join(p for p in parts if isinstance(p, Text))
        found += [(u, f"slide {number}") for u in find_urls(text)]
    shape = deck.slides[0].shapes.add_shape(1, Inches(1), Inches(5), Inches(2), Inches(1))
    shape.click_action.hyperlink.address = "https://shape.example/"
    found.append(("https://shape.example/", "slide 1"))
    deck.save(made.path(name))
    made.add(name, found, title, DAY)


def make_xlsx(made, name, title, paragraphs, library):
    """Cells with addresses, hyperlinks and formulas on two sheets."""
    urls = [url for url, _ in cited(paragraphs, numbered)]
    found = []
    if library == "openpyxl":
        import datetime
        import openpyxl
        book = openpyxl.Workbook()
        book.properties.title = title
        book.properties.created = datetime.datetime(2023, 5, 8)
        first, second = book.active, book.create_sheet("表2")
        first.title = "Links"
        first.append(["title", "url", "accessed"])
        for row, url in enumerate(urls, 2):
            first.cell(row, 1, f"Title {row}")
            first.cell(row, 2, url)
            first.cell(row, 3, datetime.date(2023, 5, 8))
            found.append((url, f"sheet Links, cell B{row}"))
        second["B3"] = "linked"
        second["B3"].hyperlink = "https://cell.example/a?b=1&c=2"
        second["B4"] = '=HYPERLINK("https://formula.example/"&"x","here")'
        second["B5"] = f"{WORDS['en'][0]}https://text.example/y )"
        found += [("https://cell.example/a?b=1&c=2", "sheet 表2, cell B3"),
                  ("https://formula.example/x", "sheet 表2, cell B4"),
                  ("https://text.example/y", "sheet 表2, cell B5")]
        book.save(made.path(name))
    else:
        import datetime
        import xlsxwriter
        book = xlsxwriter.Workbook(str(made.path(name)))
        book.set_properties({"title": title, "created": datetime.datetime(2023, 5, 8)})
        sheet = book.add_worksheet("Links")
        for row, url in enumerate(urls):
            sheet.write_url(row, 2, url, string=f"link {row}")
            found.append((url, f"cell C{row + 1}"))
        sheet.write_formula("A20", 'HYPERLINK("https://formula.example/z")', None, "here")
        found.append(("https://formula.example/z", "cell A20"))
        book.close()
    made.add(name, found, title, DAY)


def make_hwpx(made, name, title, paragraphs):
    """Written by hand after KS X 6101, as no library of ours makes it."""
    fields = notes = 0

    def runs(parts):
        nonlocal fields, notes
        xml = ""
        for part in parts:
            if isinstance(part, Note):
                notes += 1
                number = notes
                xml += (f'<hp:run><hp:ctrl><hp:footNote number="{number}"><hp:subList><hp:p>'
                        f"{runs(part.parts)}</hp:p></hp:subList></hp:footNote></hp:ctrl></hp:run>")
            elif isinstance(part, Link):
                fields += 1
                command = part.url.replace(":", "\\:").replace("?", "\\?") + ";1;0;0;"
                path = f'<hp:stringParam name="Path">{escape(part.url)}</hp:stringParam>'
                xml += (f'<hp:run><hp:ctrl><hp:fieldBegin id="{fields}" type="HYPERLINK">'
                        f'<hp:parameters><hp:stringParam name="Command">{escape(command)}'
                        f"</hp:stringParam>{path if fields % 2 else ''}</hp:parameters>"
                        f"</hp:fieldBegin></hp:ctrl></hp:run>")
                number = fields
                for piece in split(part.text, 2):
                    xml += f"<hp:run><hp:t>{escape(piece)}</hp:t></hp:run>"
                xml += (f'<hp:run><hp:ctrl><hp:fieldEnd beginIDRef="{number}"/></hp:ctrl></hp:run>')
            else:
                for piece in split(part, 3):
                    xml += f"<hp:run><hp:t>{escape(piece)}</hp:t></hp:run>"
        return xml

    body = "".join(f"<hp:p>{runs(parts)}</hp:p>" for parts in paragraphs)
    section = ('<?xml version="1.0" encoding="UTF-8"?><hs:sec '
               'xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section" '
               f'xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph">{body}</hs:sec>')
    package = ('<?xml version="1.0" encoding="UTF-8"?><opf:package '
               'xmlns:opf="http://www.idpf.org/2007/opf/"><opf:metadata>'
               f"<opf:title>{escape(title)}</opf:title>"
               '<opf:meta name="CreatedDate" content="text">2023-05-08T01:02:03Z</opf:meta>'
               "</opf:metadata></opf:package>")
    with zipfile.ZipFile(made.path(name), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/hwp+zip")
        archive.writestr("Contents/content.hpf", package)
        archive.writestr("Contents/section0.xml", section)
    made.add(name, cited(paragraphs, numbered), title, DAY)


def html_of(parts):
    return "".join(
        f'<a href="{escape(p.url)}">{escape(p.text)}</a>' if isinstance(p, Link) else escape(p)
        for p in parts if not isinstance(p, Note))


def make_epub(made, name, title, paragraphs):
    from ebooklib import epub
    book = epub.EpubBook()
    book.set_identifier("x")
    book.set_title(title)
    book.add_metadata("DC", "date", DAY)
    chapters, found = [], []
    for number, parts in enumerate(paragraphs, 1):
        chapter = epub.EpubHtml(title=f"c{number}", file_name=f"c{number}.xhtml")
        chapter.content = f"<p>{html_of(parts)} <a href='c1.xhtml'>back</a></p>"
        book.add_item(chapter)
        chapters.append(chapter)
        plain = [[p for p in parts if not isinstance(p, Note)]]
        found += cited(plain, lambda n, at=number: f"c{at}.xhtml")
    book.toc, book.spine = chapters, chapters
    book.add_item(epub.EpubNcx())
    epub.write_epub(str(made.path(name)), book)
    made.add(name, found, title, DAY)


def make_refused(made):
    """Files of closed formats, by what they begin with."""
    compound = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    for name, content in [
        ("closed.doc", compound + "WordDocument".encode("utf-16-le")),
        ("closed.hwp", compound + "HwpSummaryInformation".encode("utf-16-le")),
        ("closed.wps", compound + "WordDocument".encode("utf-16-le")),
        ("closed.caj", b"CAJ\0" + bytes(60)),
        ("closed.enl", b"\xfe\xfe\x03\0" + bytes(60)),
    ]:
        made.path(name).write_bytes(content)
        made.add(name, [], error="unsupported")
    made.path("protected.docx").write_bytes(compound + "EncryptedPackage".encode("utf-16-le"))
    made.add("protected.docx", [], error="encrypted")


def make_language(made, stem, language, rng, folder):
    title, paragraphs = sample(language, rng)
    make_docx(made, f"{stem}-python.docx", title, paragraphs)
    make_odt(made, f"{stem}-odfpy.odt", title, paragraphs)
    make_pptx(made, f"{stem}-python.pptx", title, paragraphs)
    make_xlsx(made, f"{stem}-openpyxl.xlsx", title, paragraphs, "openpyxl")
    make_hwpx(made, f"{stem}-written.hwpx", title, paragraphs)
    make_epub(made, f"{stem}-ebooklib.epub", title, paragraphs)
    make_converted(made, stem, title, paragraphs, folder)
    make_xelatex(made, f"{stem}-xelatex.pdf", title, paragraphs, folder)
    make_xelatex(made, f"{stem}-xelatex-unmarked.pdf", title, paragraphs, folder, draft=True)
    font = {"en": "Helvetica", "zh-Hans": "STSong-Light", "zh-Hant": "MSung-Light",
            "ko": "HYSMyeongJo-Medium", "ja": "HeiseiMin-W3"}[language]
    make_reportlab(made, f"{stem}-reportlab.pdf", font, title, paragraphs)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--more", type=int, default=1)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    made = Set(arguments.out)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for variant in range(arguments.more):
            for language in WORDS:
                rng = random.Random(f"{language} {variant}")
                stem = language if variant == 0 else f"{language}-{variant}"
                make_language(made, stem, language, rng, folder)
        title, paragraphs = sample("en", random.Random(7))
        make_xlsx(made, "en-xlsxwriter.xlsx", title, paragraphs, "xlsxwriter")
        make_docx_changes(made, "changes.docx")
        make_pdf_variants(made, "en-reportlab.pdf")
        make_scan(made, "scan.pdf")
        make_refused(made)
    (arguments.out / "expected.json").write_text(
        json.dumps(made.expected, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
