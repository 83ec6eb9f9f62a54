#!/usr/bin/env python3
"""The disk that a healthy unchanged measurement needs, by what it is made of.

    cargo build --release && python3 benches/record_size.py [--binary PATH] [--probes N] [--passes N]

A server on loopback answers on addresses of 127.0.0.0/8 with pages that do not change, and with the
headers that a web server sends. The pages are probed again and again; the growth of each table and
index (SQLite's dbstat) after the first passes is divided by the measurements that were added. Ends
with status 1 when a measurement needs more than `--most` bytes.
"""

import argparse
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

from import_load import CONFIG, serve

# The half of what a measurement needed before records were compressed with a dictionary.
MOST = 825


def pages_by_name(path):
    """Bytes in use of each table and index."""
    dbstat = "SELECT name, sum(payload + unused) AS bytes, sum(pgsize) FROM dbstat GROUP BY name"
    try:
        with sqlite3.connect(path) as store:
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return {name: size for name, _, size in store.execute(dbstat)}
    except sqlite3.OperationalError:  # Python's SQLite has no dbstat; the shell of Debian has it
        out = subprocess.run(["sqlite3", path, dbstat], check=True, capture_output=True, text=True).stdout
        return {line.split("|")[0]: int(line.split("|")[2]) for line in out.splitlines()}


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=root / "target/release/accesswatch", type=pathlib.Path)
    parser.add_argument("--probes", type=int, default=1_000)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--most", type=int, default=MOST)
    options = parser.parse_args()
    port = serve()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "config").mkdir()
        config = CONFIG.replace("PORT", str(port)).replace("[politeness]", '[politeness]\nper_host_interval = "0s"\nrobots = false')
        (folder / "config/accesswatch.toml").write_text(config)
        rows = ["url,category_code,category_description,date_added,source,notes"]
        rows += [f"http://127.0.{n // 250}.{1 + n % 250}:{port}/site/{n}/,GOVT,Government,2026-01-01,load,site {n}"
                 for n in range(options.probes)]
        (folder / "sites.csv").write_text("\n".join(rows) + "\n")
        store = folder / "data/accesswatch.db"

        def run(*args):
            command = [str(options.binary.resolve()), "--dir", str(folder), *args]
            subprocess.run(command, check=True, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def count():
            with sqlite3.connect(store) as connection:
                sql = "SELECT count(*) FROM measurements m JOIN series s ON s.id = m.series_id WHERE s.control = 0"
                return connection.execute(sql).fetchone()[0]

        run("source", "import", str(folder / "sites.csv"))
        for _ in range(2):
            run("run", "--all")
        before, first = pages_by_name(store), count()
        for _ in range(options.passes):
            run("run", "--all")
        after, last = pages_by_name(store), count()
    made = last - first
    if made < options.probes * options.passes:
        sys.exit(f"{made} measurements were made in {options.passes} passes")
    grown = {name: (after[name] - before.get(name, 0)) / made for name in after}
    for name, size in sorted(grown.items(), key=lambda item: -item[1]):
        if size >= 0.5:
            print(f"{name:40} {size:7.1f}")
    total = sum(grown.values())
    print(f"{'together':40} {total:7.1f} bytes a measurement (at most {options.most})")
    sys.exit(0 if total <= options.most else 1)


if __name__ == "__main__":
    main()
