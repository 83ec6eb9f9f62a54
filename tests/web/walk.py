#!/usr/bin/env python3
"""Walks every page of a demonstration in headless Chromium and keeps the pictures.

    tests/web/walk.py BINARY OUT [--axe axe.min.js]

BINARY is the accesswatch program. The walk plays the demonstration into a folder of its own, serves it on a free port
of loopback, and opens every page in three languages, at 360 and 1200 px, light and dark. It fails when a page logs to
the console, asks another host for anything, scrolls sideways at 320 px, or (with --axe) has a violation of axe-core.
It needs Chromium and the standard library alone: it speaks the DevTools protocol over a pipe.
"""

import argparse
import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

LANGUAGES = ("en", "ko", "zh")
WIDTHS = (1200, 360)
SCHEMES = ("light", "dark")
CHROMIUM = os.environ.get("CHROMIUM", "chromium")


class Browser:
    """Chromium with one tab, over `--remote-debugging-pipe`."""

    def __init__(self, profile):
        to_read, self.to_write = os.pipe()
        self.from_read, from_write = os.pipe()
        saved = [os.dup(to_read), os.dup(from_write)]

        def place():
            os.dup2(saved[0], 3)
            os.dup2(saved[1], 4)

        self.process = subprocess.Popen(
            [
                CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--remote-debugging-pipe", f"--user-data-dir={profile}", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "about:blank",
            ],
            preexec_fn=place, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for end in (to_read, from_write, *saved):
            os.close(end)
        self.buffer = b""
        self.number = 0
        self.events = []
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def receive(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.from_read, 1 << 16)
            if not piece:
                raise SystemExit("Chromium ended")
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, url):
        self.events.clear()
        self.call("Page.navigate", url=url)
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            self.events.append(self.receive())

    def evaluate(self, script):
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise SystemExit(f"script: {result['exceptionDetails']}")
        return result["result"].get("value")

    def size(self, width):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=900, deviceScaleFactor=1, mobile=width < 600,
        )

    def scheme(self, scheme):
        self.call(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def scripts(self, enabled):
        self.call("Emulation.setScriptExecutionDisabled", value=not enabled)

    def picture(self, path):
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True, format="png")
        path.write_bytes(base64.b64decode(shot["data"]))

    def end(self):
        self.process.terminate()
        self.process.wait()


def serve(binary, folder):
    """The demonstration and its server: the process and the address."""
    subprocess.run([binary, "demo", folder], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = subprocess.Popen(
        [binary, "--dir", folder, "serve", "--listen", "127.0.0.1:0"],
        stderr=subprocess.PIPE, text=True,
    )
    for line in server.stderr:
        found = re.search(r"http://\S+?/", line)
        if found:
            return server, found.group().rstrip("/")
    raise SystemExit("the server did not start")


def paths(base):
    """Every page that links lead to from `/`, one of each kind of path, in a fixed order."""
    seen, waiting = {}, ["/"]
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"(?<=/)[DL]?(\d+)$", "N", path)
        if kind in seen:
            continue
        seen[kind] = path
        with urllib.request.urlopen(base + path) as answer:
            text = answer.read().decode()
        main = text.split("<main", 1)[-1] + text.split("<header", 1)[-1].split("</header", 1)[0]
        for link in re.findall(r'href="(/[^"#?]*)', main):
            if not link.startswith("/assets/") and not re.search(r"\.(csv|atom|ics|svg|json)$", link):
                waiting.append(link)
    return list(seen.values()) + ["/no-such-page", "/sign-in"]


def name_of(path):
    return re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "today"


def faults_of(browser, base, path):
    """What the console and the network say of the page that was opened last."""
    for event in browser.events:
        method, params = event.get("method"), event.get("params", {})
        if method == "Runtime.consoleAPICalled" or method == "Runtime.exceptionThrown":
            yield f"{path}: console: {json.dumps(params)[:300]}"
        if method == "Log.entryAdded":
            entry = params["entry"]
            if not (path.startswith("/no-such-page ") and "404" in entry["text"]):
                yield f"{path}: log: {entry['text']} {entry.get('url', '')}"
        if method == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if not url.startswith((base, "data:")):
                yield f"{path}: asks for {url}"


def walk(browser, base, out, axe):
    faults = []
    for path in paths(base):
        for language in LANGUAGES:
            for width in WIDTHS:
                browser.size(width)
                for scheme in SCHEMES:
                    browser.scheme(scheme)
                    browser.open(f"{base}{path}?lang={language}")
                    faults += faults_of(browser, base, f"{path} {language} {width} {scheme}")
                    browser.picture(out / f"{name_of(path)}-{language}-{width}-{scheme}.png")
                    if axe:
                        browser.evaluate(axe)
                        found = browser.evaluate(
                            "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map("
                            "v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).slice(0, 3).join(' | ')))"
                        )
                        faults += [f"{path} {language} {width} {scheme}: {one}" for one in found]
        browser.size(320)
        browser.open(f"{base}{path}?lang=en")
        wide = browser.evaluate("document.documentElement.scrollWidth")
        if wide > 320:
            faults.append(f"{path}: scrolls sideways at 320 px: {wide}")
        browser.scripts(False)
        browser.open(f"{base}{path}?lang=en")
        browser.scripts(True)
        if not browser.evaluate("document.querySelector('h1') !== null"):
            faults.append(f"{path}: shows nothing without scripts")
    return faults


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary")
    arguments.add_argument("out", type=pathlib.Path)
    arguments.add_argument("--axe", type=pathlib.Path)
    arguments.add_argument("--base", help="a server that runs already")
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    axe = given.axe.read_text() if given.axe else None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server, base = (None, given.base) if given.base else serve(given.binary, f"{folder}/demo")
        browser = Browser(f"{folder}/profile")
        start = time.monotonic()
        try:
            faults = walk(browser, base, given.out, axe)
        finally:
            browser.end()
            if server:
                server.terminate()
                server.wait()
    for fault in sorted(set(faults)):
        print(fault)
    print(f"{len(list(given.out.glob('*.png')))} pictures in {time.monotonic() - start:.0f} s, {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
