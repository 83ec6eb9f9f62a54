#!/usr/bin/env python3
"""Reads the outbox as a mail program does: every file is a whole, well-formed mail.

    check_mails.py FOLDER [--samples]

Uses only Python's own email package, which knows nothing of accesswatch.
"""

import email
import email.policy
import email.utils
import html
import html.parser
import pathlib
import re
import sys


class Text(html.parser.HTMLParser):
    """What a reader sees of an HTML part."""

    def __init__(self):
        super().__init__()
        self.parts = []
        self.silent = 0
        self.tags = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.silent += tag in ("style", "script", "head")
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                raise ValueError(f"active content: {name}={value!r}")

    def handle_endtag(self, tag):
        self.silent -= tag in ("style", "script", "head")

    def handle_data(self, data):
        if self.silent <= 0:
            self.parts.append(data)


def words(text):
    """The facts in a text: numbers, codes, names, without layout. Chinese by pairs: a line may end anywhere in it."""
    pairs = re.findall(r"(?=([\u4e00-\u9fff]{2}))", text)
    return {*re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[a-z]+\.[a-z_0-9]+", text), *pairs}


# What belongs below the line for the technician: codes, levels, attempts, selectors, hashes.
JARGON = re.compile(
    r"\b(?:content|site|http|tls|tcp|dns|vantage|skipped)\.[a-z_0-9]+|attempts?\b|selectors?\b|\blevels?\b|SHA-256|\bHTTP \d|[0-9a-f]{32}|#[a-z]+[A-Z]"
)
TECHNICIAN = ("For the technician", "기술 담당자용", "供技术人员参考")
OPENING, REMINDER = 40, 10


def check_form(subject, plain, page):
    """Mails of a report are short, begin with what matters, and can be answered by a click."""
    lines = plain.replace("\r\n", "\n").rstrip("\n").split("\n")
    for line in lines[:3]:
        assert not JARGON.search(line), f"jargon in the first lines: {line!r}"
    is_report = re.search(r"\((?:reports?|보고) #|（报告 #", subject)
    if not is_report:
        return
    assert len(lines) <= OPENING, f"{len(lines)} lines"
    assert all(lines[:3]), "fewer than three first lines"
    below = [at for at, line in enumerate(lines) if line.startswith(TECHNICIAN)]
    if not below:
        assert len(lines) <= REMINDER, f"a reminder of {len(lines)} lines"
        return
    for line in lines[: below[0]]:
        if not line.startswith("    "):
            assert not JARGON.search(line), f"jargon above the line for the technician: {line!r}"
    # When there is an `admin`, each answer has its link; a failure at our own end has only `ack`.
    links = [html.unescape(link) for link in re.findall(r'href="(mailto:[^"]*)"', page)]
    answers = re.findall(r"(ok|refused|partial|ack)(?=&|$)", "\n".join(links), re.M)
    if answers:
        wanted = {"ok", "refused", "partial", "ack"} if "observe" in plain else {"ack"}
        assert set(answers) == wanted, f"answers: {answers}"


def check(path, seen):
    raw = path.read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for part in message.walk():
        assert not part.defects, f"defects: {part.defects}"
    for name in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Id"):
        assert message[name], f"no {name}"
        assert "\ufffd" not in str(message[name]), f"{name} does not decode"
    assert message["Auto-Submitted"] == "auto-generated", message["Auto-Submitted"]
    assert re.fullmatch(r"<[^<>\s@]+@[^<>\s@]+>", message["Message-ID"].strip()), message["Message-ID"]
    assert email.utils.parsedate_to_datetime(message["Date"]).tzinfo, "no zone in Date"
    assert email.utils.parseaddr(str(message["To"]))[1].count("@") == 1, message["To"]
    for line in raw.split(b"\r\n"):
        assert len(line) <= 998, "a line is over 998 bytes"
        assert b"\n" not in line, "a bare line feed"
    assert message.get_content_type() == "multipart/alternative", message.get_content_type()
    parts = list(message.iter_parts())
    kinds = [part.get_content_type() for part in parts]
    assert kinds == ["text/plain", "text/html"], kinds
    plain, page = (part.get_content() for part in parts)
    assert plain.strip(), "the text part is empty"
    for what in (plain, str(message["Subject"])):
        bad = [c for c in what if ord(c) < 32 and c not in "\t\r\n" or 0x7F <= ord(c) < 0xA0 or c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"]
        assert not bad, f"control characters: {bad!r}"
    reader = Text()
    reader.feed(page)
    assert not reader.tags & {"script", "iframe", "object", "form", "img", "link"}, reader.tags
    missing = words(plain) - words(" ".join(reader.parts)) - words(page)
    assert not missing, f"in the text and not in the HTML: {sorted(missing)[:10]}"
    check_form(str(message["Subject"]), plain, page)
    seen.setdefault(message["Message-ID"].strip(), []).append(path.name)
    return message


def main():
    folder = pathlib.Path(sys.argv[1])
    paths = sorted(folder.glob("*.eml"))
    assert paths, f"no mails in {folder}"
    seen, messages, faults = {}, [], []
    for path in paths:
        try:
            messages.append(check(path, seen))
        except (AssertionError, ValueError, LookupError) as fault:
            faults.append(f"{path.name}: {fault}")
    faults += [f"{name} in {files}" for name, files in seen.items() if len(files) > 1]
    threads = 0
    firsts = {}
    for message in messages:
        name, parent = message["Message-ID"].strip(), (message["In-Reply-To"] or "").strip()
        thread = (name.split(".")[0], str(message["To"]))
        if parent:
            threads += 1
            if parent not in seen or parent.split(".")[0] != thread[0]:
                faults.append(f"{name} answers {parent}, which was not sent in its thread")
            if parent not in str(message["References"] or ""):
                faults.append(f"{name}: References lacks {parent}")
        elif message["References"]:
            faults.append(f"{name} has References and answers nothing")
        elif name.startswith("<incident-"):
            firsts.setdefault(thread, []).append(name)
    # Samples of kinds of mail are of one incident, and of no history.
    if "--samples" not in sys.argv[2:]:
        begun = ((thread, names) for thread, names in firsts.items() if len(names) > 1)
        faults += [f"{thread} begins more than once: {names}" for thread, names in begun]
    of_threads = {(m["Message-ID"].strip().split(".")[0], str(m["To"])) for m in messages if m["In-Reply-To"]}
    faults += [f"{thread} has no first mail" for thread in of_threads - firsts.keys()]
    if not threads:
        faults.append("no mail threads under another: the demo's recoveries should")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(messages)} mails read, {threads} of them answers within a thread")
    sys.exit(bool(faults))


main()
