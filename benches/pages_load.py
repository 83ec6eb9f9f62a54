#!/usr/bin/env python3
"""The pages and the API over a large store, beside one bare handler of axum, in one run.

    cargo build --release && cargo bench --no-run --bench bare_axum
    python3 benches/pages_load.py [--binary PATH] [--peer PATH] [--links N] [--days N] [--keep FOLDER]

Makes a workspace of 200 sources and 5 vantages: one real pass over a server on loopback, whose day of
figures is then copied to 400 days, and 1,000 documents of 100 links each, imported by the program.
Measures the CPU time of each page and of each answer of the API, as the scheduler counts it for all
threads of the server, and that of the bare handler. Then 200 readers ask at once while a pass runs.

Ends with status 1 when a page or an answer takes 50 ms or more, when the median page takes more than
20 times the bare handler's time, when the memory of the server grows by 64 MiB or more, when a page is
over 150 kB, or when a report of all days takes 5 s or more.
"""
import argparse
import http.client
import pathlib
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from import_load import serve as serve_sites  # noqa: E402

SOURCES, VANTAGES = 200, 5
READERS, SECONDS = 200, 20
STATES = ("alive", "alive", "alive", "alive", "alive", "gone", "blocked", "drifted", "moved", "unknown")

CONFIG = """
[politeness]
contact = "load@example.org"
per_host_interval = "0s"
[confirm]
after = ["1ms"]
recover_after = ["1ms"]
hold = "0s"
[alerts]
from = "accesswatch <accesswatch@example.org>"
transport = "folder:data/outbox"
[[alerts.to]]
address = "Librarian <librarian@example.org>"
sources = ["*"]
on = ["regression"]
# The pass beside the readers checks a few links, not the thousands that are due.
[links]
daily = 10
"""


def write(folder, port):
    """A workspace whose sources are all on this computer."""
    shutil.rmtree(folder / "config", ignore_errors=True)
    text = CONFIG
    for n in range(VANTAGES):
        text += (f'[[vantage]]\nid = "v{n}"\nname = "Place {n}"\ncountry = "{("DE", "KR", "SG", "FR", "JP")[n]}"\n'
                 f'via = "direct"\ncontrols = ["http://127.0.0.1:{port}/control"]\n')
    (folder / "config").mkdir(parents=True)
    (folder / "config/accesswatch.toml").write_text(text)
    probes(folder, port, loses=False)


def probes(folder, port, loses):
    """A file for each source; a tenth of them can refuse connections."""
    (folder / "probes/load").mkdir(parents=True, exist_ok=True)
    for n in range(SOURCES):
        at = 9 if loses and n % 10 == 9 else port
        (folder / f"probes/load/s{n:03}.toml").write_text(
            f'[source]\nid = "s{n:03}"\nname = "Source {n}"\nname_zh = "来源{n}"\ngroup = "g{n % 8}"\naccess = "public"\n\n'
            f'[[probe]]\nid = "home"\nname = "Home page"\nlevel = "home"\nurl = "http://127.1.{n // 250}.{1 + n % 250}:{at}/s{n}/"\n\n'
            '[probe.expect]\nstatus = [200]\n')


def columns(database, table):
    return [row[1] for row in database.execute(f"PRAGMA table_info({table})")]


def fill(folder, days, links):
    """Copies the figures of the last day to the days before it, and gives the links their states."""
    database = sqlite3.connect(folder / "data/accesswatch.db")
    names = columns(database, "uptime")
    last, = database.execute("SELECT max(day) FROM uptime").fetchone()
    picked = ", ".join("u.day - n.value" if name == "day" else f"u.{name}" for name in names)
    database.execute("CREATE TEMP TABLE numbers (value INTEGER PRIMARY KEY)")
    database.executemany("INSERT INTO numbers VALUES (?)", ((n,) for n in range(1, days)))
    database.execute(
        f"INSERT INTO uptime ({', '.join(names)}) SELECT {picked} FROM uptime u JOIN numbers n WHERE u.day = ?",
        (last,))
    case = " ".join(f"WHEN {n} THEN '{state}'" for n, state in enumerate(STATES))
    database.execute(f"UPDATE links SET state = CASE id % {len(STATES)} {case} END, since_us = 1780000000000000")
    database.commit()
    count = database.execute("SELECT count(*) FROM uptime").fetchone()[0]
    found = database.execute("SELECT count(*) FROM links").fetchone()[0]
    database.execute("ANALYZE")
    database.close()
    print(f"a store of {count} rows of figures and {found} links, {(folder / 'data/accesswatch.db').stat().st_size / 1e6:.0f} MB", flush=True)
    assert found >= links


def run(binary, folder, *words):
    start = time.monotonic()
    done = subprocess.run([binary, "--dir", str(folder), *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"{words} ended with {done.returncode}: {done.stderr[-2000:]}")
    return time.monotonic() - start


def make(binary, folder, days, links):
    port = serve_sites()
    write(folder, port)
    print(f"a pass over {SOURCES} sources from {VANTAGES} vantages: {run(binary, folder, 'run', '--all'):.1f} s", flush=True)
    probes(folder, port, loses=True)
    run(binary, folder, "run", "--all")
    documents = folder / "documents"
    documents.mkdir()
    for n in range(links // 100):
        lines = [f"- [Work {n} {m}](https://h{(n * 100 + m) % 997}.example/works/{n}/{m})" for m in range(100)]
        (documents / f"guide-{n:04}.md").write_text(f"# Guide {n}\n\n" + "\n".join(lines) + "\n")
    print(f"import of {links} links: {run(binary, folder, 'links', 'import', str(documents)):.1f} s", flush=True)
    fill(folder, days, links)
    return port


def listening(command, stream):
    """Starts a server; the process, and the host with the port that it names."""
    pipes = {stream: subprocess.PIPE}
    other = "stdout" if stream == "stderr" else "stderr"
    process = subprocess.Popen(command, text=True, **pipes, **{other: subprocess.DEVNULL})
    for line in getattr(process, stream):
        found = re.search(r"http://([\d.:]+)/", line)
        if found:
            threading.Thread(target=lambda: [None for _ in getattr(process, stream)], daemon=True).start()
            return process, found.group(1)
    sys.exit(f"{command} did not listen")


def cpu(pid):
    """Nanoseconds that all threads ran."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total


def rss(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) * 1024


def fetch(connection, path, accept="*/*"):
    connection.request("GET", path, headers={"Accept": accept, "Accept-Language": "en"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def measure(process, address, path, accept="*/*"):
    """Milliseconds of CPU a request, milliseconds until it was there (p50, p95), and bytes."""
    connection = http.client.HTTPConnection(address, timeout=60)
    status, body = fetch(connection, path, accept)
    if status != 200:
        sys.exit(f"{path}: {status} {body[:300]}")
    took, count, start = [], 0, cpu(process.pid)
    while count < 10 or (sum(took) < 0.5 and count < 400):
        begun = time.perf_counter()
        fetch(connection, path, accept)
        took.append(time.perf_counter() - begun)
        count += 1
    spent = (cpu(process.pid) - start) / 1e6 / count
    took.sort()
    return spent, took[len(took) // 2] * 1e3, took[int(len(took) * 0.95)] * 1e3, len(body)


PAGES = (
    "/", "/sources", "/sources?page=2", "/sources/s009", "/sources/s009/home", "/matrix", "/incidents", "/incidents/1",
    "/vantages", "/vantages/v0", "/documents", "/documents?page=7", "/documents/D500", "/links", "/links?page=900",
    "/links?state=gone", "/links?host=h500.example", "/links/L50000", "/reports", "/method", "/health",
)
ANSWERS = tuple("/api/v1/" + path for path in (
    "sources?limit=1000", "status?limit=1000", "vantages", "incidents", "incidents/1", "uptime", "uptime?limit=1000",
    "freshness", "measurements", "links", "links?limit=1000", "links?document=D500", "links?host=h500.example",
    "citations", "citations?document=D500", "documents", "copies",
))
TABLES = tuple("/api/v1/" + path for path in ("uptime.csv", "links.csv", "citations.csv", "documents.csv"))
OTHERS = ("/feed.atom", "/calendar.ics", "/badge/s009.svg", "/metrics", "/livez", "/healthz")


def crowd(address, process, binary, folder):
    """Readers at once while a pass runs; answers, seconds of each, and how much the memory grew."""
    before, most, took, bad = rss(process.pid), [0], [], []
    until = time.monotonic() + SECONDS

    def reader(number):
        connection = http.client.HTTPConnection(address, timeout=60)
        paths = PAGES[number % len(PAGES):] + PAGES[:number % len(PAGES)]
        while time.monotonic() < until:
            for path in paths:
                begun = time.perf_counter()
                try:
                    status, _ = fetch(connection, path)
                except OSError as error:
                    bad.append(f"{path}: {error}")
                    connection = http.client.HTTPConnection(address, timeout=60)
                    continue
                took.append(time.perf_counter() - begun)
                if status != 200:
                    bad.append(f"{path}: {status}")
                most[0] = max(most[0], rss(process.pid))
                if time.monotonic() >= until:
                    break

    readers = [threading.Thread(target=reader, args=(n,)) for n in range(READERS)]
    for one in readers:
        one.start()
    passed = run(binary, folder, "run", "--all")
    for one in readers:
        one.join()
    took.sort()
    print(f"{READERS} readers in {SECONDS} s: {len(took)} answers, p50 {took[len(took) // 2] * 1e3:.0f} ms, "
          f"p95 {took[int(len(took) * 0.95)] * 1e3:.0f} ms, {len(bad)} failed; a pass beside them took {passed:.0f} s; "
          f"memory {before / 1e6:.0f} MB, then at most {most[0] / 1e6:.0f} MB", flush=True)
    return (most[0] - before) / 2**20, bad


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/release/accesswatch")
    parser.add_argument("--peer", help="the bench bare_axum; without it, nothing is compared")
    parser.add_argument("--links", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder to make the workspace in, or one that is made")
    given = parser.parse_args()
    binary = str(pathlib.Path(given.binary).resolve())
    faults = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = given.keep or pathlib.Path(temporary) / "load"
        if not (folder / "data").exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(binary, folder, given.days, given.links)
        spent = 0.0
        if given.peer:
            peer, at = listening([given.peer, "0"], "stdout")
            spent, p50, p95, size = measure(peer, at, "/")
            peer.terminate()
            print(f"{'bare handler':40} {spent:7.2f} ms CPU, p50 {p50:7.2f}, p95 {p95:7.2f} ms, {size:8} bytes")
        server, at = listening([binary, "--dir", str(folder), "serve", "--listen", "127.0.0.1:0"], "stderr")
        try:
            pages = []
            for kind, paths in (("page", PAGES), ("answer", ANSWERS + OTHERS), ("table", TABLES)):
                for path in paths:
                    one, p50, p95, size = measure(server, at, path)
                    print(f"{path:40} {one:7.2f} ms CPU, p50 {p50:7.2f}, p95 {p95:7.2f} ms, {size:8} bytes", flush=True)
                    if kind != "table" and one >= 50:
                        faults.append(f"{path} takes {one:.1f} ms of CPU")
                    if kind == "page":
                        pages.append(one)
                        if size > (40_000 if path == "/" else 150_000):
                            faults.append(f"{path} has {size} bytes")
            middle = statistics.median(pages)
            print(f"the median page takes {middle:.2f} ms of CPU", flush=True)
            if spent:
                print(f"that is {middle / spent:.1f} times the bare handler's", flush=True)
                if middle > 20 * spent:
                    faults.append("the median page takes more than 20 times the bare handler's CPU")
            grown, bad = crowd(at, server, binary, folder)
            faults += sorted(set(bad))[:10]
            if grown >= 64:
                faults.append(f"the memory grew by {grown:.0f} MiB")
        finally:
            server.terminate()
            server.wait()
        day = time.gmtime(time.time() - (given.days - 1) * 86_400)
        seconds = run(binary, folder, "report", "--from", time.strftime("%Y-%m-%d", day), "--to",
                      time.strftime("%Y-%m-%d", time.gmtime()), "-o", str(pathlib.Path(temporary) / "report.html"))
        print(f"a report of {given.days} days: {seconds:.1f} s")
        if seconds >= 5:
            faults.append(f"a report of {given.days} days takes {seconds:.1f} s")
    for fault in faults:
        print(f"FAULT: {fault}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
