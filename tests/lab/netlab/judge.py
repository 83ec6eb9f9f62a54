"""Compares what a scenario expects with what the product reports."""


def seen(workspace, since_ms):
    """What the product reports now, in the terms of scenarios: the state from each vantage, the
    open incidents, and everything reported about measurements made since (milliseconds since
    1970)."""
    measurements = [m for m in workspace.measurements() if made(m) >= since_ms]
    last = {(m["vantage"], f"{m['source_id']}/{m['probe_id']}"): m for m in measurements}
    lines, incidents = states(workspace), workspace.incidents()
    for line in lines:
        measured = last.get((line.vantage, line.probe))
        line.locus = measured["locus"] if measured and measured["code"] == line.code else ""
    said = {m[key] for m in measurements for key in ("code", "locus")} | {line.code for line in lines}
    said |= {i[key] for i in incidents for key in ("to", "finding")}
    return lines, sorted(incident(i) for i in incidents if i["state"] == "open"), said


def states(workspace):
    """The current status of each probe from each vantage."""
    statuses = sorted(workspace.statuses().items())
    return [Line(vantage, probe, code, "") for (vantage, probe), code in statuses]


def made(measurement):
    """The time in milliseconds: the id begins with it (RFC 9562, version 7)."""
    return int(measurement["measurement_uid"].replace("-", "")[:12], 16)


class Line:
    """`VANTAGE[:PROBE] CODE [LOCUS]`."""

    def __init__(self, vantage, probe, code, locus):
        self.vantage, self.probe, self.code, self.locus = vantage, probe, code, locus

    @classmethod
    def of(cls, text, only):
        where, code, *locus = text.split()
        vantage, _, probe = where.partition(":")
        return cls(vantage, f"source/{probe}" if probe and "/" not in probe else probe or only, code, "".join(locus))

    def __str__(self):
        return f"{self.vantage}:{self.probe.split('/')[-1]} {self.code} {self.locus}".strip()


def incident(row):
    """`PROBE|vantage TO FINDING VANTAGE+VANTAGE`."""
    where = row["probe"] or row["source"] or "vantage"
    return " ".join([where, row["to"], row["finding"], "+".join(sorted(row["vantages"].split(" | ")))])


def differences(scenario, lines, opened, said, mails):
    """The differences, in words; empty when there are none."""
    found = []
    got = {(line.vantage, line.probe): line for line in lines}
    only = next(iter({line.probe for line in lines}), "")
    for text in scenario.expect:
        want = Line.of(text, only)
        have = got.get((want.vantage, want.probe))
        if have is None:
            found.append(f"no status of {want.probe} from {want.vantage}")
        elif have.code != want.code or (want.locus and have.locus != want.locus):
            found.append(f"{have} instead of {want}")
    if opened != sorted(scenario.incidents):
        found.append(f"incidents {opened or 'none'} instead of {sorted(scenario.incidents) or 'none'}")
    found += [f"it says {one}" for word in scenario.never for one in sorted(said) if word in one]
    found += [f"a mail says “{phrase}”" for phrase in scenario.never_in_mails if phrase in mails]
    return found
