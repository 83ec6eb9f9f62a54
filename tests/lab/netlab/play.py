"""Plays one scenario: all is well, then the conditions, then what the product reports."""

import copy
import json
import os
import pathlib
import shutil
import time
from dataclasses import dataclass, field

from . import judge
from .fleet import Fleet
from .product import Workspace


@dataclass
class Outcome:
    """The result of a scenario."""

    name: str
    seen: str = ""
    differences: list = field(default_factory=list)
    seconds: float = 0.0


class Player:
    """Plays scenarios in one lab. Scenarios with the same configuration share a first pass in which
    all is well."""

    def __init__(self, lab, folder, root, binary):
        self.lab, self.folder, self.root, self.binary = lab, pathlib.Path(folder), root, binary
        self.well = {}

    def play(self, scenario):
        """Sets the conditions, has them measured, and compares."""
        began = time.monotonic()
        outcome = Outcome(scenario.name)
        kind = Fleet if scenario.agents else Workspace
        workspace = kind(self.folder / scenario.name, scenario, self.root, self.binary)
        self.lab.set()
        if scenario.healthy_first:
            outcome.differences += self.begin_well(workspace)
        else:
            workspace.write()
        since = int(time.time() * 1000)
        self.lab.set(scenario)
        for _ in range(scenario.passes):
            workspace.run("run", "--all")
        lines, opened, said = judge.seen(workspace, since)
        outcome.seen = "; ".join([", ".join(map(str, lines)), *opened])
        outcome.differences += judge.differences(scenario, lines, opened, said, workspace.mails())
        self.lab.set()
        if scenario.recovers:
            outcome.differences += [f"after the end: {fault}" for fault in workspace.run_well()]
        outcome.seconds = time.monotonic() - began
        return outcome

    def begin_well(self, workspace):
        """Brings the workspace to the state after a good pass; returns what was not well in it."""
        key = json.dumps(workspace.files, sort_keys=True)
        if key not in self.well:
            first = copy.copy(workspace)
            first.dir = self.folder / f"well-{os.getpid()}-{len(self.well)}"
            first.write()
            faults = first.run_well()
            if faults:
                shutil.copytree(first.dir, workspace.dir)
                return [f"not well to begin with: {fault}" for fault in faults]
            self.well[key] = first.dir
        workspace.copy(self.well[key])
        return []
