#!/usr/bin/env python3
"""Serves a copy of a workspace and lets other people's programs read it.

    check_api.py BINARY DEMO SCHEMATHESIS

schemathesis tries the API against its own description; feedparser reads the feed, icalendar the
calendar, promtool (where it is installed) the metrics.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

TOKEN = "a-token-of-the-check-that-writes"


def serve(binary, folder):
    """The program on a free port, and its address."""
    command = [binary, "--dir", folder, "serve", "--listen", "127.0.0.1:0"]
    program = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    for line in program.stderr:
        found = re.search(r"serves (http://\S+?)/?$", line.strip())
        if found:
            return program, found.group(1)
    sys.exit("error: the program prints no address")


def get(address):
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def check_feed(base):
    import feedparser

    feed = feedparser.parse(get(f"{base}/feed.atom"))
    assert not feed.bozo, f"the feed is no well-formed Atom: {feed.bozo_exception}"
    assert feed.version == "atom10", feed.version
    assert len(feed.entries) >= 10, f"{len(feed.entries)} entries"
    for entry in feed.entries:
        assert entry.id.startswith("tag:") and entry.title and entry.summary and entry.link, entry
        assert entry.published_parsed and entry.updated == entry.published, entry
    times = [entry.updated_parsed for entry in feed.entries]
    assert times == sorted(times, reverse=True), "the entries are not newest first"
    print(f"feedparser: {len(feed.entries)} entries")


def check_calendar(base):
    import icalendar

    calendar = icalendar.Calendar.from_ical(get(f"{base}/calendar.ics"))
    events = calendar.walk("VEVENT")
    assert events, "no event: the check adds one"
    for event in events:
        assert not event.errors, event.errors
        assert event["UID"] and event["SUMMARY"] and event["DTSTAMP"], event
        assert event.decoded("DTSTART") < event.decoded("DTEND"), event
    print(f"icalendar: {len(events)} events")


def check_metrics(base):
    promtool = shutil.which("promtool")
    if promtool is None:
        print("promtool is not on this machine: the tests read the metrics alone")
        return
    told = subprocess.run([promtool, "check", "metrics"], input=get(f"{base}/metrics"), capture_output=True)
    said = (told.stdout + told.stderr).decode()
    assert told.returncode == 0 and not said.strip(), f"promtool: {said}"
    print("promtool: nothing to object")


def run_schemathesis(base, schemathesis, *options):
    command = [
        schemathesis,
        "run",
        f"{base}/api/v1/openapi.json",
        "--header",
        f"Authorization: Bearer {TOKEN}",
        "--seed",
        "1",
        "--no-color",
        *options,
    ]
    # It writes caches into the folder in which it runs.
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    print(ran.stdout[-6000:])
    assert ran.returncode == 0, ran.stderr[-3000:]
    return ran.stdout


def check_api(base, schemathesis):
    # A table and an act, with wrong tokens: more than four a minute are answered with 429.
    for operation in ("list_sources", "ack"):
        run_schemathesis(
            base, schemathesis, "--phases", "fuzzing", "--max-examples", "1", "--checks", "ignored_auth",
            "--include-operation-id", operation,
        )
    run_schemathesis(
        base,
        schemathesis,
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        os.environ.get("ACCESSWATCH_API_EXAMPLES", "40"),
        "--checks",
        "all",
        # An act can be refused because of what happened, whatever its fields: an incident ended.
        "--exclude-checks",
        "positive_data_acceptance,ignored_auth",
        # It writes no lines of JSON; tests/web/agents.rs tries that address.
        "--exclude-operation-id",
        "send_measurements",
    )


def main(binary, demo, schemathesis):
    with tempfile.TemporaryDirectory() as folder:
        workspace = pathlib.Path(folder) / "watch"
        shutil.copytree(demo, workspace)
        (workspace / "token").write_text(TOKEN)
        with open(workspace / "config/accesswatch.toml", "a", encoding="utf-8") as config:
            # With a `base_url` nobody reads without a token, not even on this computer.
            config.write('\n[web]\ntoken = "file:token"\nbase_url = "http://localhost:8080"\n')
        note = ["note", "add", "--source", "papers", "--from", "2026-03-20", "--to", "2026-03-22"]
        note += ["--text", "Maintenance, announced; 维护", "--planned"]
        subprocess.run([binary, "--dir", workspace, *note], check=True)
        program, base = serve(binary, workspace)
        try:
            check_feed(base)
            check_calendar(base)
            check_metrics(base)
            check_api(base, schemathesis)
            assert program.poll() is None, "the program ended"
        finally:
            program.terminate()
            program.wait()


try:
    main(*sys.argv[1:])
except AssertionError as fault:
    sys.exit(f"error: {fault}")
