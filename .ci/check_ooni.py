#!/usr/bin/env python3
"""Reads records with OONI's own reader (oonidata), as OONI's tools would.

    check_ooni.py RECORDS.jsonl ...          JSON lines of ours or OONI's
    check_ooni.py RECORD.json ...            one record per file

The reader knows test names: for ours it checks only the envelope. So each record is read twice, the
second time as a `web_connectivity`, whose steps have types. What the reader reads lazily (bodies,
headers) is requested, and certificates are decoded.
"""

import base64
import json
import pathlib
import sys

from oonidata.dataclient import load_measurement
from oonidata.models.nettests import BaseMeasurement, WebConnectivity


def records(path):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    lines = text.splitlines() if path.endswith(".jsonl") else [text]
    return [(number, json.loads(line)) for number, line in enumerate(lines, 1) if line.strip()]


def check(record):
    plain = load_measurement(msmt=record)
    assert isinstance(plain, BaseMeasurement), type(plain)
    typed = load_measurement(msmt={**record, "test_name": "web_connectivity"})
    assert isinstance(typed, WebConnectivity), type(typed)
    keys, given = typed.test_keys, record["test_keys"]
    for name in ("queries", "tcp_connect", "tls_handshakes", "requests"):
        assert len(getattr(keys, name) or []) == len(given.get(name) or []), f"{name}: some were lost"
    for transaction in keys.requests or []:
        transaction.response.body_bytes
        transaction.response.headers_list_bytes
        assert transaction.request.url, "a request without an address"
    for handshake in keys.tls_handshakes or []:
        for certificate in handshake.peer_certificates or []:
            assert base64.b64decode(certificate.data, validate=True)[:1] == b"\x30", "no certificate"
    return sum(len(given.get(name) or []) for name in ("queries", "tcp_connect", "tls_handshakes", "requests"))


def refuses_what_is_broken(record):
    """The check must be able to fail."""
    for place, value in (("queries", [{"hostname": 1}]), ("tcp_connect", [{"ip": "192.0.2.1", "port": "abc"}]), ("requests", "none")):
        broken = {**record, "test_keys": {**record["test_keys"], place: value}}
        try:
            check(broken)
        except Exception:
            continue
        sys.exit(f"error: a record with broken {place} was taken")


def main(paths):
    refuses_what_is_broken(records(paths[0])[0][1])
    taken = steps = 0
    for path in paths:
        for number, record in records(path):
            try:
                steps += check(record)
            except Exception as fault:  # whatever the reader raises is a refusal
                sys.exit(f"error: {path}:{number}: {type(fault).__name__}: {fault}")
            taken += 1
    assert steps, "nothing was read"
    print(f"{taken} records with {steps} steps, read by oonidata")


main(sys.argv[1:])
