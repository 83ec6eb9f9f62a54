#!/usr/bin/env python3
"""Compares the golden figures of survival with what lifelines computes from the same lifetimes.

`--write` makes the golden file anew. The test `survival_agrees_with_lifelines` compares the program
with the golden file, so that the program, the file and lifelines agree.
"""

import json
import math
import random
import sys
import warnings
from pathlib import Path

from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.datasets import load_leukemia, load_multicenter_aids_cohort_study, load_waltons

GOLDEN = Path(__file__).parent.parent / "tests/testdata/survival/lifelines.json"
HORIZONS = [1.0, 3.0, 5.0]


def simulated(seed, count, late, ties):
    """Lifetimes of links: they enter late, drift or go, and are censored."""
    rng = random.Random(seed)
    lives = []
    while len(lives) < count:
        entry = rng.uniform(0.1, 6.0) if late and rng.random() < 0.8 else 0.0
        gone, drifted = rng.expovariate(1 / 9), rng.expovariate(1 / 14)
        censored = entry + rng.uniform(0.2, 5.0)
        until = min(gone, drifted, censored)
        if ties:
            entry, until = round(entry * 4) / 4, round(until * 4) / 4 + 0.125
        if until <= entry:
            continue
        event = 0 if until == censored or (ties and censored < min(gone, drifted)) else 1 + (drifted < gone)
        lives.append([entry, until, event])
    return lives


def shipped():
    waltons = load_waltons()
    yield "waltons", [[0.0, t / 10, int(e)] for t, e in zip(waltons["T"], waltons["E"])]
    leukemia = load_leukemia()
    yield "leukemia", [[0.0, t / 10, int(e)] for t, e in zip(leukemia["t"], leukemia["status"])]
    aids = load_multicenter_aids_cohort_study()
    lives = zip(aids["W"], aids["T"], aids["D"])
    yield "multicenter_aids", [[float(w), float(t), int(d)] for w, t, d in lives if t > w]


def data_sets():
    yield from shipped()
    yield "no_late_entry", simulated(1, 150, late=False, ties=False)
    yield "late_entry", simulated(2, 200, late=True, ties=False)
    yield "late_entry_with_ties", simulated(3, 200, late=True, ties=True)
    yield "few", simulated(4, 12, late=False, ties=False)
    yield "no_event", [[0.0, 1.0, 0], [0.5, 2.0, 0]]
    yield "all_end", [[0.0, 1.0, 1], [0.0, 2.0, 1], [0.0, 3.0, 2]]


def finite(number):
    return number if math.isfinite(number) else None


def kaplan_meier(lives):
    entry, until, event = zip(*lives)
    fitter = KaplanMeierFitter().fit(until, [e > 0 for e in event], entry=entry)
    band = fitter.confidence_interval_survival_function_
    steps = []
    for at in sorted({u for u, e in zip(until, event) if e > 0}):
        survival = float(fitter.survival_function_.loc[at].iloc[0])
        low, high = (float(x) for x in band.loc[at])
        # At zero the band is not defined.
        edges = [low, high] if survival > 1e-12 else None
        steps.append({"at": at, "survival": survival, "band": edges})
    horizons = {str(h): float(fitter.predict(h)) for h in HORIZONS if h <= max(until)}
    return {"steps": steps, "horizons": horizons, "median": finite(float(fitter.median_survival_time_))}


def aalen_johansen(lives, cause):
    entry, until, event = zip(*lives)
    fitter = AalenJohansenFitter(calculate_variance=False)
    fitter.fit(until, event, event_of_interest=cause, entry=entry)
    density = fitter.cumulative_density_
    ats = sorted({u for u, e in zip(until, event) if e == cause})
    return [{"at": at, "incidence": float(density.loc[at].iloc[0])} for at in ats]


def figures():
    found = {}
    for name, lives in data_sets():
        found[name] = {"lives": lives, "kaplan_meier": kaplan_meier(lives)}
        # With ties lifelines moves the times at random: only data without ties are comparable.
        times = [u for _, u, _ in lives]
        if len(set(times)) == len(times) and any(e > 0 for _, _, e in lives):
            causes = sorted({e for _, _, e in lives if e > 0})
            found[name]["aalen_johansen"] = {str(c): aalen_johansen(lives, c) for c in causes}
    return found


def differences(path, ours, theirs):
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        for key in ours:
            yield from differences(f"{path}/{key}", ours[key], theirs[key])
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for at, (one, other) in enumerate(zip(ours, theirs)):
            yield from differences(f"{path}/{at}", one, other)
    elif isinstance(ours, float) and isinstance(theirs, float):
        if abs(ours - theirs) > 1e-6:
            yield f"{path}: {ours} in the golden file, {theirs} by lifelines"
    elif ours != theirs:
        yield f"{path}: {ours!r} in the golden file, {theirs!r} by lifelines"


def main():
    warnings.simplefilter("ignore")
    computed = json.loads(json.dumps(figures()))
    if "--write" in sys.argv:
        sets = ",\n".join(f"{json.dumps(name)}: {json.dumps(found)}" for name, found in computed.items())
        GOLDEN.write_text("{\n" + sets + "\n}\n", encoding="utf-8")
        return 0
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    found = list(differences("", golden, computed))
    print("\n".join(found[:20]) or f"{len(golden)} data sets agree with lifelines to 1e-6")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
