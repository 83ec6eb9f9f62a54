#!/usr/bin/env python3
"""Reads mails with Python's email package: what another program makes of them.

    .ci/mails.py FOLDER [--html DIR]

Every .eml must parse without a defect, carry the headers of an automatic mail, and hold text first and
HTML second. With --html the HTML parts are written out, to be looked at in a browser.
"""

import email
import email.policy
import pathlib
import sys


def check(path):
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    faults = [str(d) for part in mail.walk() for d in part.defects]
    for name in ("From", "To", "Subject", "Date", "Message-ID", "List-Id"):
        values = mail.get_all(name, [])
        if len(values) != 1:
            faults.append(f"{len(values)} times {name}")
            continue
        faults += [f"{name}: {d}" for d in values[0].defects]
    if mail["Auto-Submitted"] != "auto-generated":
        faults.append("no Auto-Submitted: auto-generated")
    if mail.get_content_type() != "multipart/alternative":
        faults.append(mail.get_content_type())
    kinds = [part.get_content_type() for part in mail.iter_parts()]
    if kinds != ["text/plain", "text/html"]:
        faults.append(f"parts {kinds}")
    if bool(mail["References"]) != bool(mail["In-Reply-To"]):
        faults.append("References without In-Reply-To, or the other way round")
    return mail, faults


def main():
    folder = pathlib.Path(sys.argv[1])
    html = pathlib.Path(sys.argv[3]) if sys.argv[2:3] == ["--html"] else None
    files = sorted(folder.glob("*.eml"))
    failed = not files
    for path in files:
        mail, faults = check(path)
        for fault in faults:
            print(f"{path}: {fault}", file=sys.stderr)
        failed |= bool(faults)
        if html and not faults:
            html.mkdir(parents=True, exist_ok=True)
            text = mail.get_body(("html",)).get_content()
            (html / f"{path.stem}.html").write_text(text, encoding="utf-8")
    print(f"{len(files)} mails read in {folder}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
