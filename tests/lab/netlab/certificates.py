"""Certificates of every kind that the lab's servers show, made by openssl once for all labs."""

import pathlib
import subprocess
from datetime import datetime, timedelta, timezone

from .world import HOSTS

ISSUED_AT = "http://ca.test/intermediate.crt"

CONFIG = """
[ca]
default_ca = lab
[lab]
database = {dir}/index
serial = {dir}/serial
new_certs_dir = {dir}
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[leaf]
subjectAltName = {names}
[other]
subjectAltName = DNS:cdn-default.test
[short]
subjectAltName = {names}
authorityInfoAccess = caIssuers;URI:{issued}
"""


class Authority:
    """A folder with roots, an intermediate, and `KIND.pem` (chain and key) for each kind."""

    def __init__(self, folder):
        self.dir = pathlib.Path(folder)
        self.dir.mkdir(parents=True, exist_ok=True)
        names = ", ".join(f"DNS:{host}" for host in HOSTS)
        text = CONFIG.format(dir=self.dir, names=names, issued=ISSUED_AT)
        (self.dir / "ca.conf").write_text(text)
        (self.dir / "index").write_text("")
        (self.dir / "serial").write_text("1000\n")

    def make(self):
        """Creates all of them."""
        self.root("root", "Lab Root")
        self.root("foreign", "Filter Box Root")
        self.sign("intermediate", "root", "root")
        self.sign("good", "root", "leaf")
        self.sign("expired", "root", "leaf", begin=-60, end=-2)
        self.sign("early", "root", "leaf", begin=300, end=400)
        self.sign("wrong-name", "root", "other")
        self.sign("untrusted", "foreign", "leaf")
        self.sign("incomplete", "intermediate", "short")
        self.sign("self-signed", None, "leaf")

    def openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], cwd=self.dir, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.strip()}")

    def root(self, name, subject):
        self.openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "400",
            "-config", "ca.conf", "-extensions", "root", "-subj", f"/CN={subject}",
            "-keyout", f"{name}.key", "-out", f"{name}.crt",
        )  # fmt: skip

    def sign(self, kind, issuer, extensions, begin=-1, end=300):
        """A certificate valid from `begin` to `end` (days from now); self-signed without an
        issuer."""
        self.openssl(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "ca.conf",
            "-subj", f"/CN=Lab {kind}", "-keyout", f"{kind}.key", "-out", f"{kind}.csr",
        )  # fmt: skip
        now = datetime.now(timezone.utc)
        day = lambda days: (now + timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")
        by = ["-cert", f"{issuer}.crt", "-keyfile", f"{issuer}.key"] if issuer else ["-selfsign", "-keyfile", f"{kind}.key"]
        self.openssl(
            "ca", "-batch", "-notext", "-config", "ca.conf", "-extensions", extensions, *by, "-preserveDN",
            "-startdate", day(begin), "-enddate", day(end), "-in", f"{kind}.csr", "-out", f"{kind}.crt",
        )  # fmt: skip
        chain = (self.dir / f"{kind}.crt").read_text() + (self.dir / f"{kind}.key").read_text()
        (self.dir / f"{kind}.pem").write_text(chain)
