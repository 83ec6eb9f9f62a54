#!/usr/bin/env python3
"""The network lab: plays scenarios against the real binary in network namespaces, and prints the
results.

    python3 tests/lab/run.py                     all scenarios
    python3 tests/lab/run.py NAME… | FAMILY…     some (a part of a name suffices)
    python3 tests/lab/run.py --list              the names of the scenarios
    python3 tests/lab/run.py --keep DIR NAME     keep the workspaces, with a log of each run

Exits with 0 when the product gives the expected results, 1 when not, 77 when this machine has no
namespaces.
"""

import argparse
import json
import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from netlab import play, scenario, spaces  # noqa: E402
from netlab.certificates import Authority  # noqa: E402
from netlab.table import print_table, show  # noqa: E402

BINARY = HERE.parent.parent / "target" / "debug" / "accesswatch"
SKIPPED = 77
SPACES = (["unshare", "-Urnm", "--propagation", "private"], ["unshare", "-nm", "--propagation", "private"])


def main():
    options = arguments()
    if options.worker:
        return work(options)
    chosen = select(options.what)
    if options.list:
        for one in chosen:
            print(f"{one.name:44} {one.about}")
        return 0
    if not options.binary.exists():
        raise SystemExit(f"{options.binary} is not there: cargo build")
    way_in = first_that_works()
    if way_in is None:
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        place = options.keep or pathlib.Path(folder) / "work"
        Authority(pathlib.Path(folder) / "certificates").make()
        began = time.monotonic()
        outcomes = play_all(chosen, options, way_in, pathlib.Path(folder), place)
    return print_table(chosen, outcomes, time.monotonic() - began)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", help="parts of names, or families")
    parser.add_argument("--list", action="store_true", help="print names and what they are about")
    parser.add_argument("--jobs", type=int, default=6, help="labs side by side (most of the time they wait)")
    parser.add_argument("--keep", type=pathlib.Path, help="leave the workspaces here")
    parser.add_argument("--binary", type=pathlib.Path, default=BINARY)
    parser.add_argument("--worker", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--place", type=pathlib.Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def select(what):
    known = scenario.load()
    chosen = [s for s in known if not what or any(w in s.name or w == s.family for w in what)]
    if not chosen:
        raise SystemExit(f"no scenario is called {' or '.join(what)}; --list shows them")
    return chosen


def first_that_works():
    """The command that enters fresh namespaces; prints why and returns None when no command
    works."""
    reasons = []
    for way_in in SPACES:
        trial = f"import sys; sys.path.insert(0, {str(HERE)!r}); from netlab.router import open_tun; open_tun('trial')"
        try:
            tried = subprocess.run([*way_in, sys.executable, "-c", trial], capture_output=True, text=True, check=False)
        except FileNotFoundError as error:
            reasons.append(str(error))
            continue
        if tried.returncode == 0:
            return way_in
        reasons.append(f"{' '.join(way_in[:2])}: {(tried.stderr.strip() or 'refused').splitlines()[-1]}")
    print(f"SKIPPED: the network lab needs network namespaces and /dev/net/tun: {'; '.join(reasons)}")
    return None


def play_all(chosen, options, way_in, folder, place):
    """Labs in parallel, each taking the next scenario when it is done with one."""
    waiting, outcomes = queue.SimpleQueue(), {}
    for one in chosen:
        waiting.put(one)
    command = [
        *way_in, sys.executable, str(HERE / "run.py"), "--worker", str(folder), "--place", str(place),
        "--binary", str(options.binary.resolve()),
    ]  # fmt: skip
    labs = [
        threading.Thread(target=feed, args=(command, waiting, outcomes))
        for _ in range(min(options.jobs, len(chosen)))
    ]
    for lab in labs:
        lab.start()
    for lab in labs:
        lab.join()
    return outcomes


def feed(command, waiting, outcomes):
    """Gives a lab its scenarios, one at a time."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as lab:
        while True:
            try:
                one = waiting.get_nowait()
            except queue.Empty:
                break
            lab.stdin.write(one.name + "\n")
            lab.stdin.flush()
            line = lab.stdout.readline()
            lost = {"name": one.name, "seen": "", "differences": ["the lab ended"], "seconds": 0.0}
            outcomes[one.name] = json.loads(line) if line else lost
            show(one, outcomes[one.name])
            if not line:
                break
        lab.stdin.close()


def work(options):
    """The process inside the namespaces: a lab, and the scenarios that it is given."""
    certificates = options.worker / "certificates"
    lab = spaces.Lab(certificates)
    lab.up()
    player = play.Player(lab, options.place, certificates / "root.crt", options.binary)
    known = {s.name: s for s in scenario.load()}
    for line in sys.stdin:
        name = line.strip()
        try:
            outcome = vars(player.play(known[name]))
        except Exception:  # noqa: BLE001: reported as this scenario's result, and the others go on
            fault = traceback.format_exc().strip().splitlines()
            outcome = {"name": name, "seen": "", "differences": fault[-12:], "seconds": 0.0}
        print(json.dumps(outcome), flush=True)
    sys.stdout.flush()
    os._exit(0)  # there is no need to wait for threads that wait on sockets


if __name__ == "__main__":
    sys.exit(main())
