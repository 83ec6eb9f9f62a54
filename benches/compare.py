#!/usr/bin/env python3
"""Whole-process comparison: accesswatch's full pass and a bare client, over the same pages.

Makes 10,000 pages of about 8 KB (a third in GBK), serves them with a local nginx over HTTP and
HTTPS, and runs in turn, at concurrency 50: benches/bare.rs, benches/with_reqwest.rs, and
`accesswatch run --all` (measure, decode, parse, judge, signatures, values, store with raw record,
roll-up). Prints CPU seconds per 1,000 checks, peak memory and the ratios to the bare client of the
same turn. Needs nginx, openssl and a release build of the benches; politeness limits are off here.

    cargo build --release --benches --bin accesswatch && python3 benches/compare.py
"""

import argparse
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time
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


def newest(name: str) -> str:
    found = [p for p in (ROOT / "target/release/deps").glob(f"{name}-*") if p.suffix == "" and os.access(p, os.X_OK)]
    if not found:
        raise SystemExit(f"{name} is not built; cargo build --release --benches --bin accesswatch")
    return str(max(found, key=lambda p: p.stat().st_mtime))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="accesswatch-bench-"))
    pages(folder / "pages", options.count)
    authority(folder)
    server = nginx(folder, 18080, 18443)
    accesswatch = str(ROOT / "target/release/accesswatch")
    per = options.count / 1000
    try:
        for scheme, origin in [("http", "http://127.0.0.1:18080"), ("https", "https://127.0.0.1:18443")]:
            env = {"BENCH_CA": str(folder / "ca.pem")} if scheme == "https" else {}
            ratios: dict[str, list[float]] = {}
            for turn in range(options.turns):
                bare = None
                for name in ["bare", "with_reqwest", "accesswatch"]:
                    if name == "accesswatch":
                        place = folder / f"w-{scheme}-{turn}"
                        workspace(place, origin, options.count, folder / "ca.pem" if env else None)
                        command = [accesswatch, "--dir", str(place), "run", "--all"]
                    else:
                        command = [newest(name), str(options.count), "50", origin + "/"]
                    cpu, peak, wall = measure(command, env)
                    bare = bare or cpu
                    ratios.setdefault(name, []).append(cpu / bare)
                    print(f"{scheme:5} turn {turn}  {name:13} {cpu / per:.3f} CPU s per 1,000  peak {peak:5.0f} MB  "
                          f"wall {wall:5.1f} s  x{cpu / bare:.2f} of bare", flush=True)
            for name, values in ratios.items():
                print(f"{scheme:5} median  {name:13} x{statistics.median(values):.2f} of bare")
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
