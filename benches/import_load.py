#!/usr/bin/env python3
"""13,000 rows: import, check, and one full pass over them, on this computer alone.

    cargo build --release && python3 benches/import_load.py [--binary PATH] [--rows N]

Makes a workspace in a temporary folder, a citizenlab list whose rows each name another address of 127.0.0.0/8, and a
server on loopback that answers all of them. Prints the seconds and the most memory (ru_maxrss of the whole process) of each
step, and ends with status 1 when the import takes 10 s or more, or the pass 200 MB or more.
"""
import argparse
import asyncio
import os
import pathlib
import sys
import tempfile
import threading
import time

BODY = ("<!DOCTYPE html><html lang=zh><head><meta charset=utf-8><title>某某网站</title></head><body>"
        + "".join(f"<p>第{n}条 内容若干，仅供测试。</p>" for n in range(600)) + "</body></html>").encode()

CONFIG = """
[politeness]
contact = "load@example.org"
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
[[vantage]]
id = "here"
name = "Here"
country = "DE"
via = "direct"
controls = ["http://127.0.0.1:PORT/control"]
"""


async def answer(reader, writer):
    """One request a connection is all that a pass makes of a host, beside its robots.txt."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1]
            status, body = (b"404 Not Found", b"none") if path == b"/robots.txt" else (b"200 OK", BODY)
            writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Type: text/html\r\nContent-Length: "
                         + str(len(body)).encode() + b"\r\n\r\n" + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def serve():
    """The port of a server that answers on every address of 127.0.0.0/8, in a thread of its own."""
    started, port = threading.Event(), []

    async def main():
        server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1024)
        port.append(server.sockets[0].getsockname()[1])
        started.set()
        await server.serve_forever()

    threading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()
    started.wait()
    return port[0]


def run(binary, folder, *args):
    """Seconds and megabytes of one command."""
    start = time.monotonic()
    quiet = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_WRONLY, 0) for fd in (1, 2)]
    pid = os.posix_spawn(binary, [binary, "--dir", str(folder), *args], os.environ, file_actions=quiet)
    _, status, usage = os.wait4(pid, 0)
    seconds, megabytes = time.monotonic() - start, usage.ru_maxrss / 1000
    code = os.waitstatus_to_exitcode(status)
    print(f"{' '.join(args[:2]):15} status {code}, {seconds:6.1f} s, {megabytes:6.1f} MB", flush=True)
    if code:
        sys.exit(f"{args} ended with {code}")
    return seconds, megabytes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="target/release/accesswatch")
    parser.add_argument("--rows", type=int, default=13_000)
    options = parser.parse_args()
    port = serve()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "config").mkdir()
        (folder / "config/accesswatch.toml").write_text(CONFIG.replace("PORT", str(port)))
        rows = ["url,category_code,category_description,date_added,source,notes"]
        for n in range(options.rows):
            address = f"127.{1 + n // 62500}.{n // 250 % 250}.{1 + n % 250}"
            rows.append(f"http://{address}:{port}/site/{n}/,GOVT,Government,2026-01-01,load,site number {n}")
        (folder / "gov.csv").write_text("\n".join(rows) + "\n")
        binary = str(pathlib.Path(options.binary).resolve())
        seconds, _ = run(binary, folder, "source", "import", str(folder / "gov.csv"))
        run(binary, folder, "check")
        _, megabytes = run(binary, folder, "run", "--all")
        run(binary, folder, "export", "measurements", "--format", "csv", "-o", str(folder / "m.csv"))
        made = sum(1 for _ in open(folder / "m.csv", encoding="utf-8-sig")) - 1
        run(binary, folder, "source", "import", str(folder / "gov.csv"))
    print(f"{options.rows} rows imported in {seconds:.1f} s; {made} measurements in a pass of {megabytes:.0f} MB")
    if seconds >= 10 or megabytes >= 200 or made < options.rows:
        sys.exit(1)


if __name__ == "__main__":
    main()
