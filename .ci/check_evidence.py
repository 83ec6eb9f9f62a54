"""Evidence, read by the programs that others use: warcio, wacz and pywb.

usage: check_evidence.py FOLDER...

Every `.warc.gz` below the folders passes `warcio check` and `warcio index`; every `.wacz` passes
`wacz validate`; and pywb replays the pages of every WARC file, in a pack or by itself, byte for byte.
"""

import base64
import hashlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile

from warcio.archiveiterator import ArchiveIterator

TOOLS = pathlib.Path(sys.executable).parent


def tool(name, *arguments, cwd=None):
    """What a tool prints; ends the check when it fails."""
    ended = subprocess.run([TOOLS / name, *arguments], capture_output=True, text=True, cwd=cwd)
    if ended.returncode != 0:
        sys.exit(f"{name} {' '.join(map(str, arguments))}\n{ended.stdout}{ended.stderr}")
    return ended.stdout + ended.stderr


def check_warc(path):
    """The digests hold, and every record is found by its offset."""
    said = tool("warcio", "check", "-v", path)
    if "digest failed" in said:
        sys.exit(f"{path}: {said}")
    index = tool("warcio", "index", "-f", "offset,warc-type,warc-record-id", path)
    records = [json.loads(line) for line in index.splitlines()]
    if not records or records[0]["warc-type"] != "warcinfo":
        sys.exit(f"{path}: the file does not begin with a warcinfo record")
    return len(records)


def captures(path):
    """The address, the time, the status and the payload digest of each page that pywb can replay."""
    with open(path, "rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type not in ("response", "revisit") or not record.http_headers:
                continue
            of = record.rec_headers.get_header
            stamp = "".join(c for c in of("WARC-Date")[:19] if c.isdigit())
            status = int(record.http_headers.get_statuscode())
            yield of("WARC-Target-URI"), stamp, (status, of("WARC-Payload-Digest"))


def digest(content):
    return "sha1:" + base64.b32encode(hashlib.sha1(content).digest()).decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)


def fetch(address):
    """Status and content, whatever the status is."""
    try:
        with OPENER.open(address, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read()


def replay(warcs):
    """pywb serves the files on loopback, and gives each page back as it was received."""
    with tempfile.TemporaryDirectory() as folder:
        tool("wb-manager", "init", "evidence", cwd=folder)
        for warc in warcs:
            tool("wb-manager", "add", "evidence", warc, cwd=folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = open(pathlib.Path(folder) / "log", "w+")
        server = subprocess.Popen(
            [TOOLS / "wayback", "-b", "127.0.0.1", "-p", str(port)],
            cwd=folder,
            stdout=log,
            stderr=log,
            env={**os.environ, "PATH": f"{TOOLS}:{os.environ['PATH']}"},
        )
        try:
            wait_for(port, server, log)
            return sum(compare(warc, port) for warc in warcs)
        finally:
            server.terminate()
            server.wait()


def wait_for(port, server, log):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.poll() is not None:
            log.seek(0)
            sys.exit(f"pywb did not start:\n{log.read()}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("pywb did not start in 60 s")


def compare(warc, port):
    """How many pages of the file were replayed as they are."""
    wanted = {}
    for address, stamp, capture in captures(warc):
        # Several captures of one second are one to pywb.
        wanted.setdefault((address, stamp), []).append(capture)
    for (address, stamp), kept in wanted.items():
        # `id_`: as received, without pywb's own additions.
        status, content = fetch(f"http://127.0.0.1:{port}/evidence/{stamp}id_/{address}")
        if (status, digest(content)) not in kept:
            shown = f"{status} and {len(content)} bytes: {content[:200]!r}"
            sys.exit(f"{warc}: {address} at {stamp} is replayed with {shown}")
    return len(wanted)


def main():
    folders = [pathlib.Path(name) for name in sys.argv[1:]]
    warcs = sorted(path for folder in folders for path in folder.rglob("*.warc.gz"))
    packs = sorted(path for folder in folders for path in folder.rglob("*.wacz"))
    if not warcs and not packs:
        sys.exit("there is no evidence in " + ", ".join(map(str, folders)))
    records = sum(check_warc(path) for path in warcs)
    pages = replay(warcs) if warcs else 0
    for pack in packs:
        said = tool("wacz", "validate", "-f", pack)
        if "Valid WACZ" not in said and "valid" not in said.lower():
            sys.exit(f"{pack}: {said}")
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(pack) as content:
                names = [n for n in content.namelist() if n.startswith("archive/")]
                for name in names:
                    content.extract(name, folder)
            inner = [pathlib.Path(folder) / name for name in names]
            records += sum(check_warc(path) for path in inner)
            pages += replay(inner)
    print(
        f"{len(warcs)} WARC files and {len(packs)} packs: {records} records hold, "
        f"pywb replays {pages} pages"
    )


main()
