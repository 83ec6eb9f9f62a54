#!/usr/bin/env python3
"""What evidence costs a healthy pass, and what its newest healthy exchanges add to the database.

    cargo build --release && python3 benches/evidence_cost.py [--binary PATH] [--probes N] [--turns N]

Two workspaces watch the same pages of about 45 KB, which say something else at each request: one as it
is, one whose database throws every exchange away. Both make `run --all` in turn, and the order changes
with every turn. Prints the median CPU time (user and system, of the whole process) and wall time of
each, their ratios turn by turn, and the bytes that the exchanges of one series take, for pages that
come plain and for pages that come as gzip. The first pass of each is not counted: it writes files.

Ends with status 1 when the median ratio of the CPU times is above --limit, or when a healthy pass wrote
to a file of evidence.
"""
import argparse
import gzip
import http.server
import multiprocessing
import os
import pathlib
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

WORDS = "研究 制度 社会 经济 统计 数据 历史 文献 地方 变化 来源 方法 结论 分析 材料 年鉴 论文 期刊 图书 档案".split()
OFF = """
DELETE FROM exchanges;
CREATE TRIGGER no_exchanges BEFORE INSERT ON exchanges BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER no_bodies BEFORE INSERT ON wire_bodies BEGIN SELECT RAISE(IGNORE); END;
"""


def page(number, size):
    """A page of about `size` bytes, without what changes."""
    chosen = random.Random(number)
    rows = []
    length = 0
    while length < size:
        row = (f'<tr class="row"><td><a href="/{number}/{len(rows)}.html">{"".join(chosen.choices(WORDS, k=12))}</a></td>'
               f"<td>{chosen.randint(1, 10**6)}</td></tr>\n")
        rows.append(row)
        length += len(row.encode())
    return (f'<!doctype html><html><head><meta charset="utf-8"><title>第{number}号</title></head><body>'
            f"<h1>目录 {number}</h1><table>{''.join(rows)}</table><p>时间 %s</p></body></html>")


def serve(pipe, probes, size):
    """Serves `/plain/N` and `/gzip/N` until it is stopped; sends its port."""
    pages = [page(number, size) for number in range(probes)]
    sent = [0]

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            _, form, number = (self.path.split("/") + ["", ""])[:3]
            sent[0] += 1
            text = pages[int(number)] % sent[0] if number.isdigit() else "<p>works</p>"
            body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if form == "gzip":
                body = gzip.compress(body, 5)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        request_queue_size = 512
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    pipe.send(server.server_address[1])
    server.serve_forever()


def workspace(folder, port, form, probes):
    (folder / "config").mkdir(parents=True)
    (folder / "probes/bench").mkdir(parents=True)
    (folder / "config/accesswatch.toml").write_text(f"""
[politeness]
contact = "bench@example.org"
per_host_interval = "0s"
per_host_connections = 8
concurrency = 8
robots = false
[[vantage]]
id = "here"
name = "Bench"
country = "DE"
via = "direct"
exit = ["203.0.113.9"]
controls = ["http://127.0.0.1:{port}/control"]
[alerts]
from = "accesswatch <accesswatch@example.org>"
transport = "folder:data/outbox"
[[alerts.to]]
address = "Librarian <librarian@example.org>"
sources = ["*"]
on = ["regression"]
""")
    text = '[source]\nid = "bench"\nname = "Bench"\ngroup = "bench"\naccess = "public"\n'
    for number in range(probes):
        text += (f'\n[[probe]]\nid = "p{number}"\nname = "Page {number}"\nlevel = "data"\n'
                 f'url = "http://127.0.0.1:{port}/{form}/{number}"\n[probe.expect]\nstatus = [200]\ncontains = ["目录"]\n')
    (folder / "probes/bench/bench.toml").write_text(text)


def measure(binary, folder):
    """CPU and wall seconds of one pass."""
    start = time.monotonic()
    process = subprocess.Popen([binary, "--dir", str(folder), "run", "--all"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"run --all ended with {os.waitstatus_to_exitcode(status)}: {errors[-2000:]}")
    return usage.ru_utime + usage.ru_stime, wall


def statement(folder, sql):
    database = sqlite3.connect(folder / "data/accesswatch.db")
    try:
        return database.execute(sql).fetchone()[0]
    finally:
        database.close()


def files(folder):
    return {path: path.stat().st_size for path in (folder / "data/evidence").rglob("*.warc.gz")}


def compare(binary, folder, port, form, options):
    """Prints the figures of one form of the pages; returns the median ratio of the CPU times."""
    places = {name: folder / f"{form}-{name}" for name in ("on", "off")}
    for name, place in places.items():
        workspace(place, port, form, options.probes)
        measure(binary, place)
        if name == "off":
            database = sqlite3.connect(place / "data/accesswatch.db")
            database.executescript(OFF)
            database.close()
        measure(binary, place)
    before = files(places["on"])
    taken = {name: [] for name in places}
    for turn in range(options.turns):
        for name in sorted(places, reverse=turn % 2 == 0):
            taken[name].append(measure(binary, places[name]))
    if files(places["on"]) != before:
        sys.exit("a healthy pass wrote to a file of evidence")
    count = statement(places["on"], "SELECT count(*) FROM exchanges")
    assert count >= options.probes, count
    assert statement(places["off"], "SELECT count(*) FROM exchanges") == 0
    assert statement(places["on"], "SELECT count(*) FROM measurements WHERE code <> 'ok'") == 0
    ratios = []
    for kind, at in (("CPU", 0), ("wall", 1)):
        on, off = ([turn[at] for turn in taken[name]] for name in ("on", "off"))
        by_turn = sorted(a / b for a, b in zip(on, off))
        ratios.append(statistics.median(by_turn))
        print(f"{form}: {kind} with evidence {statistics.median(on):.3f} s, without {statistics.median(off):.3f} s; "
              f"ratio {ratios[-1]:.3f} (median of {options.turns} turns, {by_turn[0]:.3f} to {by_turn[-1]:.3f})", flush=True)
    row = "length(uid) + length(wire) + coalesce(length(wire_sha256), 0) + coalesce(length(body_sha256), 0) + length(code) + length(locus)"
    rows = statement(places["on"], f"SELECT sum({row}) FROM exchanges")
    bodies = statement(places["on"], "SELECT coalesce(sum(length(sha256) + length(data)), 0) FROM wire_bodies")
    size = statement(places["on"], "SELECT sum(body_bytes) / count(*) FROM measurements WHERE body_bytes > 1000")
    print(f"{form}: a page of {size} bytes; the newest healthy exchange of a series takes {(rows + bodies) / count:.0f} bytes "
          f"in the database, {bodies / count:.0f} of them for its body as it was sent, after {options.turns + 2} passes", flush=True)
    return ratios[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/release/accesswatch")
    parser.add_argument("--probes", type=int, default=500)
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--size", type=int, default=45_000, help="bytes of a page")
    parser.add_argument("--limit", type=float, default=1.05, help="the highest median ratio of the CPU times")
    options = parser.parse_args()
    binary = str(pathlib.Path(options.binary).resolve())
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(there, options.probes, options.size), daemon=True)
    server.start()
    port = here.recv()
    try:
        with tempfile.TemporaryDirectory(prefix="accesswatch-bench-") as folder:
            worst = max(compare(binary, pathlib.Path(folder), port, form, options) for form in ("plain", "gzip"))
    finally:
        server.terminate()
    if worst > options.limit:
        sys.exit(f"the ratio {worst:.3f} is above {options.limit}")


if __name__ == "__main__":
    main()
