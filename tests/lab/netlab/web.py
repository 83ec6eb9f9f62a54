"""Web servers: one listener for all hosts of the lab, HTTP on port 80 and HTTPS on 443.

A host shows its healthy page unless a `[[scenario.site]]` rule applies; the first rule that fits host,
vantage, scheme and path decides. The README lists what a rule can say.
"""

import pathlib
import socket
import ssl
import struct
import threading
import time

from .world import HOST_AT, SOURCE, VANTAGE_AT

PAGES = pathlib.Path(__file__).parent.parent / "pages"
KEYS = {
    "host", "from", "path", "scheme", "certificate", "tls", "on", "do",
    "status", "headers", "redirect", "page", "body", "charset", "pad", "after_ms",
}  # fmt: skip
PATIENCE = 30.0
HEALTHY = {"page": "home.html"}
SENT = {"alert": bytes.fromhex("15030300020231"), "garbage": b"SSH-2.0-OpenSSH_9.2\r\n"}
"""A TLS alert (access_denied, RFC 8446 section 6.2); another protocol's greeting."""


def validate(rule):
    """Refuses rules that the servers cannot follow."""
    unknown = set(rule) - KEYS
    if unknown:
        raise ValueError(f"a site rule has no {sorted(unknown)}")
    if "page" in rule and not (PAGES / rule["page"]).exists():
        raise ValueError(f"no page {rule['page']}")


class Web:
    """The servers; `rules` can be changed while they run."""

    def __init__(self, certificates):
        self.certificates, self.rules, self.contexts = pathlib.Path(certificates), [], {}

    def start(self):
        """Runs in the servers' namespace."""
        for port in (80, 443):
            listener = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=256)
            threading.Thread(target=self.accept, args=(listener, port == 443), daemon=True).start()

    def accept(self, listener, secure):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=self.guarded, args=(client, secure), daemon=True).start()

    def guarded(self, client, secure):
        """A client that went away does not matter."""
        try:
            client.settimeout(PATIENCE)
            self.serve(client, secure)
        except (OSError, ValueError):
            pass
        finally:
            client.close()

    def serve(self, client, secure):
        host = HOST_AT[plain(client.getsockname()[0])]
        vantage = VANTAGE_AT.get(plain(client.getpeername()[0]), "")
        here = Place(host, vantage, "https" if secure else "http")
        if secure:
            rule = self.rule(here, lambda r: r.get("on") == "hello" or "certificate" in r or "tls" in r)
            if rule.get("on") == "hello":
                client.recv(4096)
                act(client, rule["do"])
                return
            client = self.context(rule).wrap_socket(client, server_side=True)
        try:
            self.exchange(client, here)
        finally:
            end(client)

    def exchange(self, client, here):
        """Reads one request and sends one answer."""
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(4096)
            if not piece or len(head) > 65536:
                return
            head += piece
        path = head.split(b" ", 2)[1].decode("latin-1")
        rule = self.rule(here, lambda r: r.get("on") != "hello" and path.startswith(r.get("path", "/")) and says(r))
        time.sleep(rule.get("after_ms", 0) / 1000)
        if "do" in rule:
            if rule["do"] in ("cut", "stall"):
                client.sendall(answer(rule, here, path)[:-40])
            act(client, rule["do"])
            return
        client.sendall(answer(rule, here, path))

    def rule(self, here, fits):
        """The first rule that fits; an empty rule when none does."""
        return next((r for r in self.rules if here.is_in(r) and fits(r)), {})

    def context(self, rule):
        kind, old = rule.get("certificate", "good"), rule.get("tls") == "old"
        if (kind, old) not in self.contexts:
            made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            made.load_cert_chain(self.certificates / f"{kind}.pem")
            if old:
                made.minimum_version = ssl.TLSVersion.TLSv1
                made.maximum_version = ssl.TLSVersion.TLSv1_1
            self.contexts[(kind, old)] = made
        return self.contexts[(kind, old)]


class Place:
    """The host, the vantage, and the scheme of a request."""

    def __init__(self, host, vantage, scheme):
        self.host, self.vantage, self.scheme = host, vantage, scheme

    def is_in(self, rule):
        host = rule.get("host", SOURCE)
        return (
            host in ("*", self.host)
            and self.vantage in rule.get("from", [self.vantage])
            and rule.get("scheme", self.scheme) == self.scheme
        )


def says(rule):
    """Whether a rule is about the answer."""
    return any(key in rule for key in ("do", "status", "redirect", "page", "body", "headers", "pad", "after_ms"))


def answer(rule, here, path):
    """The whole answer."""
    rule = healthy(here, path) | rule
    body = rule["body"].encode() if "body" in rule else (PAGES / rule["page"]).read_bytes()
    charset = rule.get("charset", "utf-8")
    body = body.decode().encode(charset) + b" " * rule.get("pad", 0)
    status = rule.get("status", 302 if "redirect" in rule else 200)
    kind = "application/json" if rule["page"].endswith(".json") else "text/html"
    headers = {"Content-Type": f"{kind}; charset={charset}", "Content-Length": str(len(body)), "Connection": "close"}
    if "redirect" in rule:
        headers["Location"] = rule["redirect"].replace("{path}", path)
    headers |= rule.get("headers", {})
    lines = [f"HTTP/1.1 {status} Lab", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def healthy(here, path):
    """The answer of a host when nothing is wrong."""
    if here.host == "portal.test":
        return {"page": "success.txt"}
    if path.startswith("/record"):
        return {"page": "record.html"}
    if path.startswith("/data"):
        return {"page": "data.json"}
    return HEALTHY


def act(client, do):
    """What a server does instead of an answer."""
    if do in ("silent", "stall"):
        time.sleep(PATIENCE)
    elif do == "reset":
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Below TLS, so that no close-notify precedes the reset.
        socket.close(client.detach())
    elif do in SENT:
        client.sendall(SENT[do])
    elif do not in ("close", "cut"):
        raise ValueError(do)


def end(client):
    """Closes as servers do; data that the client still sends causes no reset."""
    try:
        client.settimeout(1.0)
        raw = client
        if isinstance(client, ssl.SSLSocket):
            raw = client.unwrap()
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(4096):
            pass
    except (OSError, ValueError):
        pass
    client.close()


def plain(address):
    """Removes the prefix of mapped addresses."""
    return address.removeprefix("::ffff:")
