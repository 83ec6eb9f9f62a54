"""The product as a hub with agents: one process serves and judges, and one process a vantage
measures and sends."""

import json
import re
import subprocess

from .product import PATIENCE, Workspace, environment, toml

SENT = "records sent"
PASS = "pass done"


class Fleet(Workspace):
    """A workspace whose vantages are measured by agents."""

    def __init__(self, folder, scenario, root, binary):
        super().__init__(folder, scenario, root, binary)
        self.vantages = scenario.vantages
        tokens = {name: f"a-token-of-the-agent-{name}" for name in self.vantages}
        self.files |= {f"token-{name}": token for name, token in tokens.items()}
        for table in self.tables["vantage"]:
            table |= {"via": "agent", "token": f"file:token-{table['id']}"}
        self.files["config/accesswatch.toml"] = toml(self.tables)

    def run(self, *arguments):
        """A pass is made by every agent; any other command is the hub's."""
        if arguments[:2] != ("run", "--all"):
            return super().run(*arguments)
        hub = self.start("serve", "--listen", "127.0.0.1:0")
        try:
            address = re.search(r"http://\S+", until(hub, "serves http://")).group()
            agents = [self.agent(name, address) for name in self.vantages]
            try:
                for agent in agents:
                    until(agent, PASS)
                    until(agent, SENT)
            finally:
                stop(*agents)
        finally:
            stop(hub)
        super().run("mail", "send")
        return "", 0

    def run_well(self):
        self.run("run", "--all")
        codes = self.statuses()
        odd = [f"{vantage} {probe} {code}" for (vantage, probe), code in codes.items() if code != "ok"]
        return odd if codes else ["nothing is known"]

    def agent(self, name, address):
        """An agent for which every probe is due."""
        folder = self.dir / f"agent-{name}"
        state = folder / "state.json"
        if state.exists():
            state.write_text(json.dumps(json.loads(state.read_text()) | {"last_checked": {}}))
        token = self.dir / f"token-{name}"
        options = ("--vantage", name, "--hub", address, "--token-file", token)
        return self.start("agent", *options, folder=folder)

    def start(self, *arguments, folder=None):
        return subprocess.Popen(
            [self.binary, "--dir", folder or self.dir, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, env=environment(),
        )  # fmt: skip



def until(process, part):
    """Reads what a process says up to the line with this part."""
    said = []
    for line in process.stderr:
        said.append(line)
        if part in line:
            return line
    raise RuntimeError(f"it ended without `{part}`:\n{''.join(said)}")


def stop(*processes):
    """Ends processes."""
    for process in processes:
        process.terminate()
    for process in processes:
        process.communicate(timeout=PATIENCE)
