#!/usr/bin/env python3
"""Reads exported tables with other people's libraries, and compares the formats with each other.

    check_tables.py TABLE.csv [TABLE.xlsx TABLE.jsonl]
    check_tables.py --empty TABLE.csv        a header and no rows is right
"""

import csv
import datetime
import io
import json
import pathlib
import re
import sys

UTC = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
GUARDED = tuple("=+-@\t")


def read_csv(path):
    raw = pathlib.Path(path).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), f"{path}: no byte order mark"
    text = raw.decode("utf-8-sig")
    assert "\x00" not in text and "\x1b" not in text, f"{path}: control characters"
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    head, body = rows[0], rows[1:]
    assert len(set(head)) == len(head), f"{path}: columns twice: {head}"
    for number, row in enumerate(body, 2):
        assert len(row) == len(head), f"{path}:{number}: {len(row)} cells, {len(head)} columns"
        for name, cell in zip(head, row):
            number_like = re.fullmatch(r"-?\d+(\.\d+)?", cell)
            assert not cell.startswith(GUARDED) or number_like, f"{path}:{number}: {name} is {cell!r}: a formula"
            if name.endswith("_utc") and cell:
                assert UTC.fullmatch(cell), f"{path}:{number}: {name} is {cell!r}"
    return head, body


def plain(value):
    """One cell, independent of the format's spelling."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " | ".join(map(plain, value))
    if isinstance(value, (int, float)):
        return repr(round(float(value), 6))
    text = str(value)
    if re.fullmatch(r"-?\d+(\.\d+)?", text) and len(text) < 16:
        return repr(round(float(text), 6))
    return text.removeprefix("'")


def as_text(value, shape):
    """A spreadsheet's date or time, written as the CSV writes it; its zone is in the column's name."""
    if not isinstance(value, datetime.datetime):
        return value
    if "T" not in str(shape):
        return value.date().isoformat()
    return value.isoformat(timespec="seconds") + str(shape)[19:]


def compare(name, head, body, other_head, other_body):
    assert other_head == head, f"{name}: columns differ: {other_head} / {head}"
    assert len(other_body) == len(body), f"{name}: {len(other_body)} rows, the CSV has {len(body)}"
    for number, (ours, theirs) in enumerate(zip(body, other_body), 2):
        for column, a, b in zip(head, ours, theirs):
            b = as_text(b, a)
            if column == "duration_hours" and a and b not in (None, ""):
                # An open incident lasts until the export, and the three exports run one after another.
                assert abs(float(a) - float(b)) < 0.1, f"{name}, row {number}: {column} is {b!r}, the CSV has {a!r}"
                continue
            assert plain(a) == plain(b), f"{name}, row {number}: {column} is {b!r}, the CSV has {a!r}"


def main(arguments):
    empty = "--empty" in arguments
    paths = [a for a in arguments if a != "--empty"]
    head, body = read_csv(paths[0])
    assert body or empty, f"{paths[0]}: no rows"
    for path in paths[1:]:
        if path.endswith(".xlsx"):
            import openpyxl

            book = openpyxl.load_workbook(path, read_only=True)
            rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
            compare(path, head, body, list(rows[0]), rows[1:])
        elif path.endswith("measurements.jsonl"):
            # The whole records: as many as the table has rows, with the same keys.
            records = [json.loads(line) for line in open(path, encoding="utf-8")]
            column = head.index("measurement_uid")
            keys = {row[column] for row in body}
            assert keys <= {r["measurement_uid"] for r in records}, f"{path}: records are missing"
            for record in records:
                assert record["test_keys"]["x_accesswatch"]["vantage"], f"{path}: a record without a vantage"
        else:
            rows = [json.loads(line) for line in open(path, encoding="utf-8")]
            for row in rows:
                assert list(row) == head, f"{path}: keys differ: {list(row)}"
            compare(path, head, body, head, [list(row.values()) for row in rows])
    print(f"{', '.join(pathlib.Path(p).name for p in paths)}: {len(body)} rows, {len(head)} columns")


try:
    main(sys.argv[1:])
except AssertionError as fault:
    sys.exit(f"error: {fault}")
