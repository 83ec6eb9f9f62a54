#!/usr/bin/env python3
"""A store of ten million measurements, and what commands take on it.

    cargo build --release && python3 benches/store_ten_million.py [--binary PATH] [--measurements N] [--folder FOLDER]

Probes pages on loopback in three passes, so that the store holds real rows, and repeats the rows of the last pass every six
hours back over the past: 400 days of 125 sources with 50 probes each for ten million. Prints the size by table, and the CPU,
wall time and memory of `status`, `incidents`, a source's 400 days, a purge of 100,000 measurements and a backup. Needs about 8 GB of disk for the
store and as much for its backup; with --folder the store is kept and used again.
"""

import argparse
import os
import pathlib
import sqlite3
import sys
import tempfile
import time

from import_load import CONFIG, serve
from record_size import pages_by_name

SOURCES = 125
PROBES = 50
# Rounds of each probe: four a day over 400 days.
ROUNDS = 1_600
STEP_US = 6 * 3600 * 1_000_000


class Workspace:
    def __init__(self, binary, folder):
        self.binary, self.folder = str(binary.resolve()), folder
        self.store = folder / "data/accesswatch.db"

    def run(self, *args):
        """Wall seconds, CPU seconds and megabytes of one command."""
        began = time.monotonic()
        with open(self.folder / "out", "wb") as out:
            actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, out.fileno(), 2)]
            command = [self.binary, "--dir", str(self.folder), *map(str, args)]
            pid = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
            _, status, usage = os.wait4(pid, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"{args} failed: {(self.folder / 'out').read_bytes()[-2000:].decode(errors='replace')}")
        return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

    def show(self, *args):
        wall, cpu, memory = self.run(*args)
        print(f"{' '.join(map(str, args[:4])):60} {cpu:7.2f} s CPU {wall:7.2f} s wall {memory:6.0f} MB", flush=True)


def prepare(watch):
    """A store with the rows of three passes."""
    port = serve()
    folder = watch.folder
    (folder / "config").mkdir(parents=True)
    config = CONFIG.replace("PORT", str(port)).replace("[politeness]", '[politeness]\nper_host_interval = "0s"\nrobots = false')
    (folder / "config/accesswatch.toml").write_text(config)
    for source in range(SOURCES):
        rows = ["url,category_code,category_description,date_added,source,notes"]
        for probe in range(PROBES):
            n = source * PROBES + probe
            rows.append(f"http://127.{1 + n // 62500}.{n // 250 % 250}.{1 + n % 250}:{port}/site/{n}/,GOVT,Government,2026-01-01,load,site {n}")
        path = folder / f"sites{source}.csv"
        path.write_text("\n".join(rows) + "\n")
        watch.run("source", "import", path)
    for _ in range(3):
        watch.show("run", "--all")


def grow(watch, wanted):
    """Repeats the newest measurement of each probe over the past."""
    store = sqlite3.connect(watch.store, isolation_level=None)
    # Each round changes a page of an index for each pair: many rounds are written together.
    for pragma in ["journal_mode = OFF", "synchronous = OFF", "cache_size = -3000000"]:
        store.execute(f"PRAGMA {pragma}").fetchall()
    store.execute("CREATE TEMP TABLE newest AS SELECT max(m.id) AS id FROM measurements m JOIN series s ON s.id = m.series_id "
                  "WHERE s.control = 0 GROUP BY m.series_id")
    columns = [row[1] for row in store.execute("PRAGMA table_info(measurements)")]
    own = {"id": "NULL", "uid": "printf('%016x-%s', m.started_us - :back, substr(m.uid, 18))", "started_us": "m.started_us - :back",
           "round": "printf('%016x%s', m.started_us - :back, substr(m.round, 17))", "entered_day": "(m.started_us - :back) / 86400000000"}
    chosen = ", ".join(own.get(name, f"m.{name}") for name in columns)
    record_columns = [row[1] for row in store.execute("PRAGMA table_info(records)")]
    record_chosen = ", ".join(f"r.{name}" for name in record_columns if name != "id")
    record_names = ", ".join(name for name in record_columns if name != "id")
    (pairs,) = store.execute("SELECT count(*) FROM newest").fetchone()
    began = time.monotonic()
    rounds = min(ROUNDS, wanted // pairs)
    store.execute("BEGIN")
    for back in range(rounds, 0, -1):
        place = {"back": back * STEP_US}
        store.execute(f"INSERT INTO measurements SELECT {chosen} FROM newest n JOIN measurements m ON m.id = n.id", place)
        (last,) = store.execute("SELECT max(id) FROM measurements").fetchone()
        # The rows of both tables are made in the order of `newest`.
        store.execute(f"INSERT INTO records (id, {record_names}) SELECT :last - :pairs + n.rowid, {record_chosen} "
                      "FROM newest n JOIN records r ON r.id = n.id", {"last": last, "pairs": pairs})
        store.execute("INSERT INTO leaves SELECT entered_day, uid, randomblob(32) FROM measurements WHERE id > :first",
                      {"first": last - pairs})
        if back % 4 == 0:
            store.execute("INSERT OR IGNORE INTO uptime SELECT m.series_id, (m.started_us - :back) / 86400000000, 4, 4, 0, 0, 0, 0, 0, 0, 0, "
                          "20.0, 80.0, 0, 0, 0, 0, 4, 0, 0, 0 FROM newest n JOIN measurements m ON m.id = n.id", place)
        if back % 100 == 1:
            store.execute("COMMIT")
            store.execute("BEGIN")
    store.execute("COMMIT")
    store.execute("DROP TABLE newest")
    store.execute("PRAGMA journal_mode = WAL").fetchall()
    (all_rows,) = store.execute("SELECT count(*) FROM measurements").fetchone()
    store.close()
    print(f"{all_rows} measurements of {pairs} pairs, grown in {time.monotonic() - began:.0f} s", flush=True)
    return all_rows


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=root / "target/release/accesswatch", type=pathlib.Path)
    parser.add_argument("--measurements", type=int, default=10_000_000)
    parser.add_argument("--folder", type=pathlib.Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        watch = Workspace(options.binary, options.folder or pathlib.Path(temporary) / "workspace")
        if not watch.store.exists():
            prepare(watch)
            rows = grow(watch, options.measurements)
            sizes = pages_by_name(watch.store)
            for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
                if size / rows >= 1:
                    print(f"  {name:40} {size / rows:7.1f} bytes a measurement")
            print(f"  {watch.store.stat().st_size / 1e9:.2f} GB, {watch.store.stat().st_size / rows:.0f} bytes a measurement", flush=True)
        for _ in range(2):
            watch.show("status")
        watch.show("incidents")
        watch.show("export", "uptime", "--source", "sites7", "-o", watch.folder / "uptime.csv")
        watch.show("export", "measurements", "--source", "sites7", "-o", watch.folder / "measurements.csv")
        with sqlite3.connect(watch.store) as store:
            oldest = "SELECT date(started_us / 1000000, 'unixepoch') FROM measurements ORDER BY started_us LIMIT 1 OFFSET 100000"
            (before,) = store.execute(oldest).fetchone()
        watch.show("backup", watch.folder / "backup.db")
        os.remove(watch.folder / "backup.db")
        watch.show("purge", "--before", before)
        print((watch.folder / "out").read_text().strip())


if __name__ == "__main__":
    main()
