#!/usr/bin/env python3
"""Cited links in quantity: import, `links status` over a million links, and the disk that checks need.

    cargo build --release && python3 benches/links_load.py [--binary PATH] [--only import,status,checks]

* import: 5,000 documents (BibTeX, Markdown, HTML, RIS) with 100,000 links: less than 60 s and 300 MB
* status: a store with 1,000,000 links of 100,000 documents: `links status` needs less than 100 ms of CPU, and finding
  the due ones less than 20 ms
* checks: 1,000 healthy links on loopback, checked again and again: at most 120 bytes on disk a check

Prints each figure with its bound, and ends with status 1 when one is missed.
"""

import argparse
import asyncio
import os
import pathlib
import sqlite3
import sys
import tempfile
import threading
import time

TEXT = "".join(f"<p>第{n}条 内容若干，仅供测试，编号为{n * 7919 % 10007}。</p>" for n in range(60))

CONFIG = """
[politeness]
contact = "load@example.org"
per_host_interval = "0s"
robots = false

[[vantage]]
id = "reading-room"
name = "Reading room"
country = "DE"
via = "direct"
controls = ["http://127.0.0.1:PORT/control"]

[links]
private = true
per_domain_interval = "0s"
"""


class Workspace:
    def __init__(self, binary, folder, port=9):
        self.binary, self.folder = binary, pathlib.Path(folder)
        (self.folder / "config").mkdir(parents=True)
        (self.folder / "config/accesswatch.toml").write_text(CONFIG.replace("PORT", str(port)))

    def run(self, *args):
        """Wall seconds, CPU seconds and megabytes of one command."""
        began = time.monotonic()
        with open(self.folder / "out", "wb") as out:
            actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, out.fileno(), 2)]
            command = [str(self.binary), "--dir", str(self.folder), *map(str, args)]
            pid = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
            _, status, usage = os.wait4(pid, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"{args} failed: {(self.folder / 'out').read_text()[-2000:]}")
        return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

    def store(self):
        return sqlite3.connect(self.folder / "data/accesswatch.db")


missed = []
# Links that are checked again and again.
LINKS = 1_000


def bound(what, value, most, unit):
    print(f"{what}: {value:.1f} {unit} (at most {most})")
    if value > most:
        missed.append(what)


def document(number):
    """A document with 20 links, in one of four formats."""
    links = [f"https://host{(number * 20 + n) % 4000}.example/report/{number * 20 + n}?id={n}" for n in range(20)]
    if number % 4 == 0:
        return "bib", "".join(f"@online{{e{n},\n  title = {{标题 {n}}},\n  url = {{{u}}},\n  urldate = {{2023-05-08}}\n}}\n"
                              for n, u in enumerate(links))
    if number % 4 == 1:
        return "md", "\n\n".join(f"See [标题 {n}]({u}), accessed May 8, 2023." for n, u in enumerate(links))
    if number % 4 == 2:
        return "html", "<!doctype html><meta charset=utf-8>" + "".join(f"<p><a href='{u}'>标题 {n}</a> 访问日期：2023年5月8日</p>"
                                                                       for n, u in enumerate(links))
    return "ris", "".join(f"TY  - ELEC\nTI  - 标题 {n}\nUR  - {u}\nY2  - 2023/05/08/\nER  - \n\n" for n, u in enumerate(links))


def measure_import(binary, temporary):
    watch = Workspace(binary, temporary / "import")
    folder = temporary / "documents"
    folder.mkdir()
    for number in range(5_000):
        ending, text = document(number)
        (folder / f"{number}.{ending}").write_text(text, encoding="utf-8")
    wall, _, memory = watch.run("links", "import", folder)
    links = watch.store().execute("SELECT count(*) FROM links").fetchone()[0]
    if links != 100_000:
        sys.exit(f"{links} links were imported")
    bound("import of 5,000 documents with 100,000 links", wall, 60, "s")
    bound("memory of that import", memory, 300, "MB")


def measure_status(binary, temporary):
    watch = Workspace(binary, temporary / "status")
    (temporary / "one.md").write_text("[x](https://a.example/x)")
    watch.run("links", "import", temporary / "one.md")
    with watch.store() as store:
        for pragma in ["cache_size = -400000", "synchronous = OFF"]:
            store.execute(f"PRAGMA {pragma}")
        # The triggers that keep the counts cost minutes for so many rows; the counts are filled in at once.
        of_links = "FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('links', 'citations')"
        triggers = store.execute(f"SELECT name, sql {of_links}").fetchall()
        for name, _ in triggers:
            store.execute(f"DROP TRIGGER {name}")
        store.executescript("""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
            INSERT INTO documents (path, title, watched, sha256, imported_us)
                SELECT '/d/' || i, 'Document ' || i, 0, randomblob(32), 1790000000000000 FROM n;
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
            INSERT INTO links (identity, url, host, state, due_us, last_checked_us)
                SELECT printf('i%07d', i), 'https://h' || (i % 5000) || '.example/' || i, 'h' || (i % 5000) || '.example',
                    CASE WHEN i % 20 = 0 THEN 'gone' ELSE 'alive' END, 1790000000000000 + i * 604800, 1789000000000000 FROM n;
            INSERT INTO citations (document, link, place, url, occurrences)
                SELECT 2 + (id % 100000), id, 'line 1', url, 1 FROM links WHERE id > 1;
            CREATE TEMP TABLE counts (document INTEGER PRIMARY KEY, citations INTEGER, gone INTEGER, alive INTEGER);
            INSERT INTO counts SELECT c.document, count(*), sum(l.state = 'gone'), sum(l.state = 'alive')
                FROM citations c CROSS JOIN links l ON l.id = c.link GROUP BY c.document;
            UPDATE documents SET (citations, gone, alive) =
                (SELECT citations, gone, alive FROM counts WHERE document = documents.id) WHERE id > 1;
            INSERT OR REPLACE INTO link_totals (state, links)
                SELECT state, count(*) FROM links WHERE due_us IS NOT NULL AND ignored = 0 GROUP BY state;
        """)
        for _, sql in triggers:
            store.execute(sql)
        store.execute("ANALYZE")
    watch.run("links", "status")
    # The second time the pages of the file are in memory.
    _, cpu, memory = watch.run("links", "status")
    bound("`links status` over a million links", cpu * 1000, 100, "ms of CPU")
    print(f"its memory: {memory:.0f} MB")
    with watch.store() as store:
        # As `store::rows::link_status` asks; 50,000 is what a batch looks through at most.
        due = ("SELECT id, host FROM links WHERE due_us IS NOT NULL AND ignored = 0 AND due_us <= ? "
               "ORDER BY due_us, host LIMIT 50000")
        latest = 1790000000000000 + 200_000 * 604800
        store.execute(due, (latest,)).fetchall()
        began = time.thread_time()
        found = len(store.execute(due, (latest,)).fetchall())
    bound(f"finding {found} due links", (time.thread_time() - began) * 1000, 20, "ms of CPU")


async def answer(reader, writer):
    """A page at each address below /page/, and nothing at made-up ones."""
    try:
        while True:
            path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
            is_page = path == "/control" or path.startswith("/page/")
            body = f"<!doctype html><meta charset=utf-8><title>{path}</title><p>{path}</p>{TEXT}".encode()
            writer.write((b"HTTP/1.1 200 OK" if is_page else b"HTTP/1.1 404 Not Found")
                         + b"\r\nContent-Type: text/html\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body)
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


def measure_checks(binary, temporary):
    port = serve()
    watch = Workspace(binary, temporary / "checks", port)
    count = LINKS
    links = (f"http://127.0.{n // 250 + 1}.{n % 250 + 1}:{port}/page/{n}" for n in range(count))
    (temporary / "links.txt").write_text("\n\n".join(links))
    watch.run("links", "import", temporary / "links.txt")

    def size():
        with watch.store() as store:
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            pages, free, page = (store.execute(f"PRAGMA {name}").fetchone()[0]
                                 for name in ("page_count", "freelist_count", "page_size"))
            checks = store.execute("SELECT count(*) FROM link_checks").fetchone()[0]
        return (pages - free) * page, checks

    # The first checks leave records and references.
    for _ in range(3):
        watch.run("links", "check", "--all")
    before, checks = size()
    for _ in range(5):
        watch.run("links", "check", "--all")
    after, all_checks = size()
    if all_checks - checks != 5 * count:
        sys.exit(f"{all_checks - checks} checks were kept of {5 * count}")
    bound("a healthy unchanged check", (after - before) / (all_checks - checks), 120, "bytes on disk")


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default=root / "target/release/accesswatch", type=pathlib.Path)
    parser.add_argument("--only", default="import,status,checks")
    parser.add_argument("--links", type=int, default=LINKS, help="that are checked again and again")
    options = parser.parse_args()
    globals()["LINKS"] = options.links
    with tempfile.TemporaryDirectory() as temporary:
        for name in options.only.split(","):
            {"import": measure_import, "status": measure_status, "checks": measure_checks}[name](
                options.binary, pathlib.Path(temporary))
    sys.exit(1 if missed else 0)


main()
