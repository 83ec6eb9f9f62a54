"""Scenarios are data: every table of `scenarios/*.toml`, read and checked against what the lab can
do, so that a mistake is reported with its place and not ignored."""

import pathlib
import tomllib
from dataclasses import dataclass, field

from . import proxy, tamper, web
from .world import HOSTS, VANTAGES

FOLDER = pathlib.Path(__file__).parent.parent / "scenarios"
DNS_KEYS = {"at", "name", "answer"}


@dataclass
class Scenario:
    """One family's row; the README explains each key."""

    family: str
    name: str
    about: str
    expect: list
    incidents: list = field(default_factory=list)
    never: list = field(default_factory=list)
    never_in_mails: list = field(default_factory=list)
    vantages: list = field(default_factory=lambda: ["us", "hk"])
    vantage: dict = field(default_factory=dict)
    settings: dict = field(default_factory=dict)
    probe: list = field(default_factory=list)
    sources: list = field(default_factory=list)
    dns: list = field(default_factory=list)
    network: list = field(default_factory=list)
    site: list = field(default_factory=list)
    proxy: list = field(default_factory=list)
    agents: bool = False
    healthy_first: bool = True
    passes: int = 1
    recovers: bool = False
    known_gap: str = ""

    def check(self):
        """Refuses what the lab cannot do."""
        for rule in self.network:
            tamper.Rule(rule)
        for rule in self.site:
            web.validate(rule)
        for rule in self.dns:
            if set(rule) != DNS_KEYS:
                raise ValueError(f"a dns rule has {sorted(DNS_KEYS)}, not {rule}")
        for rule in self.proxy:
            if set(rule) - proxy.KEYS:
                raise ValueError(f"a proxy rule cannot be {rule}")
        places = {v for rule in self.network for v in rule.get("at", [])}
        places |= {v for rule in self.site for v in rule.get("from", [])} - {"proxy"}
        if places - set(VANTAGES):
            raise ValueError(f"no vantage {sorted(places - set(VANTAGES))}")
        for rule in self.site:
            if rule.get("host", "*") not in {"*", *HOSTS}:
                raise ValueError(f"no host {rule['host']}")


def load():
    """All scenarios, in the order of files and lines."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        for table in tables["scenario"]:
            name = table.get("name", "?")
            try:
                scenario = Scenario(family=tables["family"], **table)
                scenario.check()
            except (TypeError, ValueError, KeyError) as error:
                raise SystemExit(f"{path}: {name}: {error}") from error
            found.append(scenario)
    names = [s.name for s in found]
    twice = {n for n in names if names.count(n) > 1}
    if twice:
        raise SystemExit(f"two scenarios are called {', '.join(sorted(twice))}")
    return found
