"""The product under test: a workspace for a scenario, and the binary run in it as a user would."""

import csv
import email
import email.policy
import json
import os
import pathlib
import shutil
import subprocess

from .world import REFERENCE, SOURCE, VANTAGES

REPOSITORY = pathlib.Path(__file__).parent.parent.parent.parent
PATIENCE = 240
SETTINGS = {
    "politeness": {
        "contact": "lab@library.test", "per_host_interval": "0s", "timeout": "6s", "connect_timeout": "3s", "robots": False,
    },
    "confirm": {"after": ["50ms", "100ms"], "recover_after": ["50ms"], "hold": "0s", "night": ""},
    "dns": {"reference": f"udp://{REFERENCE}"},
    "alerts": {
        "from": "accesswatch <watch@library.test>",
        "transport": "folder:data/outbox",
        "to": [{"address": "Librarian <librarian@library.test>", "sources": ["*"]}],
    },
}  # fmt: skip
CONTROLS = [
    "https://control-a.test/",
    "https://control-b.test/",
    {"url": "http://portal.test/success.txt", "body": "success\n"},
]
HOME = {
    "id": "home",
    "level": "home",
    "url": f"https://{SOURCE}/",
    "expect": {"title": ["示范文献库"], "select": ["#index .newest li"]},
}
MAIL_KINDS = ("text/plain", "text/html")


class Workspace:
    """A separate folder for one scenario."""

    def __init__(self, folder, scenario, root, binary):
        self.dir, self.binary, self.root = pathlib.Path(folder), binary, root
        self.tables = settings(scenario)
        self.files = {"config/accesswatch.toml": toml(self.tables)}
        for id_, probes in sources(scenario):
            source = {"id": id_, "name": f"Source {id_}", "name_zh": "示范文献库", "group": "lab", "access": "public"}
            self.files[f"probes/{id_}.toml"] = toml({"source": source, "probe": probes})

    def write(self):
        """Writes its files, before anything is measured."""
        for name, text in self.files.items():
            path = self.dir / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        shutil.copy(self.root, self.dir / "root.pem")
        shutil.copytree(REPOSITORY / "probes" / "signatures", self.dir / "probes" / "signatures")

    def copy(self, other):
        """Copies the state of another workspace with the same files."""
        shutil.copytree(other, self.dir)

    def run(self, *arguments):
        """The binary's standard output and exit status; a mistake in the lab's files (status 2) is
        an error."""
        done = subprocess.run(
            [self.binary, "--dir", self.dir, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env=environment(), timeout=PATIENCE, check=False,
        )  # fmt: skip
        if done.returncode not in (0, 1, 3):
            raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        with open(self.dir / "log.txt", "a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(arguments)}\n{done.stdout if arguments[0] == 'run' else ''}{done.stderr}\n")
        return done.stdout, done.returncode

    def run_well(self):
        """Makes a pass while nothing is wrong; returns what is not well all the same, in words."""
        _, status = self.run("run", "--all", "--exit-code")
        summary = self.log().rsplit(" round", 1)[-1].partition("\n")[0].removeprefix("s").removeprefix(": ")
        odd = [part for part in summary.split(", ") if not part.endswith(" ok")]
        return odd + ([f"it ended with {status}"] if status else [])

    def log(self):
        """What the binary printed so far."""
        return (self.dir / "log.txt").read_text(encoding="utf-8")

    def statuses(self):
        """A map from (vantage, probe) to code; a probe is `source/probe`."""
        return {(row["vantage"], row["probe"]): row["code"] for row in self.json("status")}

    def incidents(self):
        return self.json("incidents")

    def json(self, what):
        text, _ = self.run(what, "--format", "json")
        return json.loads(text) if text.strip() else []

    def measurements(self):
        """The measurements of sources, oldest first."""
        text, _ = self.run("export", "measurements", "--format", "csv")
        return list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))

    def mails(self):
        """The text of all mails in the outbox."""
        words = []
        for path in sorted((self.dir / "data" / "outbox").glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            parts = [p for p in message.walk() if p.get_content_type() in MAIL_KINDS]
            words += [str(message["subject"])] + [p.get_content() for p in parts]
        return "\n".join(words)


def environment():
    """The variables of the binary."""
    return {k: v for k, v in os.environ.items() if not k.startswith("ACCESSWATCH")} | {"NO_COLOR": "1"}


def settings(scenario):
    """The configuration of a scenario."""
    merged = {name: table | scenario.settings.get(name, {}) for name, table in SETTINGS.items()}
    merged |= {name: table for name, table in scenario.settings.items() if name not in SETTINGS}
    merged["vantage"] = [vantage(name, scenario.vantage.get(name, {})) for name in scenario.vantages]
    return merged


def vantage(name, special):
    """One `[[vantage]]`; an empty value removes a key."""
    table = {"id": name, "name": name, "via": "direct", "ca": "root.pem", "controls": CONTROLS}
    if name in VANTAGES:
        known = VANTAGES[name]
        table |= {"country": known["country"], "bind": known["address"], "resolver": f"udp://{known['resolver']}"}
    table |= special
    return {key: value for key, value in table.items() if value != ""}


def sources(scenario):
    """Each source with its probes."""
    if scenario.sources:
        return [(host.removeprefix("www.").removesuffix(".test"), [HOME | {"url": f"https://{host}/"}]) for host in scenario.sources]
    return [("source", [HOME | probe for probe in scenario.probe] or [HOME])]


def toml(tables):
    """TOML of nested tables, with values in JSON's notation, which is valid TOML for the values
    used here."""
    lines = []
    for name, table in tables.items():
        many = isinstance(table, list)
        for one in table if many else [table]:
            lines.append(f"[[{name}]]" if many else f"[{name}]")
            lines += [f"{json.dumps(key)} = {value(v)}" for key, v in one.items()]
    return "\n".join(lines) + "\n"


def value(of):
    if isinstance(of, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {value(v)}" for k, v in of.items()) + "}"
    if isinstance(of, list):
        return "[" + ", ".join(map(value, of)) + "]"
    return json.dumps(of, ensure_ascii=False)
