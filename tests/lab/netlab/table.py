"""The table of scenarios: expected, seen, time."""

import sys


def expected(scenario):
    return "; ".join([", ".join(scenario.expect), *scenario.incidents])


def show(scenario, outcome):
    """Prints one line as soon as the result is known."""
    mark = verdict(scenario, outcome)
    print(f"{mark:9} {scenario.name} ({outcome['seconds']:.1f} s)", file=sys.stderr, flush=True)


def verdict(scenario, outcome):
    if outcome["differences"]:
        return "known gap" if scenario.known_gap else "DIFFERS"
    return "MENDED" if scenario.known_gap else "ok"


def print_table(chosen, outcomes, seconds):
    """Prints all results, the differences last; returns the exit status."""
    family = None
    bad = gaps = 0
    for scenario in chosen:
        outcome = outcomes.get(scenario.name, {"seen": "", "differences": ["not played"], "seconds": 0.0})
        if scenario.family != family:
            family = scenario.family
            print(f"\n{family}")
        mark = verdict(scenario, outcome)
        gaps += mark == "known gap"
        bad += mark in ("DIFFERS", "MENDED")
        print(f"  {mark:9} {scenario.name:42} {outcome['seconds']:5.1f} s  expected  {expected(scenario)}")
        print(f"  {'':9} {'':42} {'':7}  seen      {outcome['seen']}")
        for difference in outcome["differences"]:
            print(f"  {'':9} {difference}")
        if scenario.known_gap:
            print(f"  {'':9} known gap: {scenario.known_gap}")
        if mark == "MENDED":
            print(f"  {'':9} it is as expected now: take `known_gap` out")
    total = len(chosen)
    print(f"\n{total} scenarios in {seconds:.0f} s: {total - bad - gaps} as expected, {gaps} known gaps, {bad} to look at")
    return 1 if bad else 0
