"""Resolvers: the true one, and each provider's resolver, whose answers can be changed."""

import socket
import struct
import threading

from .packet import pack
from .world import HOSTS, REFERENCE, VANTAGES

A, CNAME, AAAA = 1, 5, 28
CODES = {"SERVFAIL": 2, "NXDOMAIN": 3, "REFUSED": 5}
RESPONSE, RECURSION = 0x8000, 0x0180


def question(message):
    """Id, name, type and the question's bytes; None when it is not a question."""
    if len(message) < 17 or message[2] & 0x80:
        return None
    labels, at = [], 12
    while at < len(message) and message[at]:
        labels.append(message[at + 1:at + 1 + message[at]])
        at += 1 + message[at]
    name = b".".join(labels).decode("ascii", "replace").lower()
    kind = struct.unpack("!H", message[at + 1:at + 3])[0]
    return struct.unpack("!H", message[:2])[0], name, kind, message[12:at + 5]


def encode(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def record(kind, data):
    return struct.pack("!HHHIH", 0xC00C, kind, 1, 60, len(data)) + data


def answer(asked, says):
    """The reply: `says` is a code, `NODATA`, `CNAME:name`, or a list of addresses."""
    number, _, kind, copy = asked
    code, records = 0, []
    if isinstance(says, list):
        wanted = {A: 4, AAAA: 16}.get(kind)
        records = [record(kind, data) for data in map(pack, says) if len(data) == wanted]
    elif says.startswith("CNAME:"):
        records = [record(CNAME, encode(says.removeprefix("CNAME:")))]
    elif says != "NODATA":
        code = CODES[says]
    head = struct.pack("!HHHHHH", number, RESPONSE | RECURSION | code, 1, len(records), 0, 0)
    return head + copy + b"".join(records)


def forged(message, name, says):
    """The reply that an injector gives to a question about `name`; None for other questions."""
    asked = question(message)
    if asked is None or asked[1].encode() != name:
        return None
    return answer(asked, says)


class Resolvers:
    """All resolvers; `says` maps a resolver (a vantage, or `everywhere`) and a name to its
    answer."""

    def __init__(self):
        self.says = {}

    def start(self):
        """Runs in the servers' namespace."""
        self.listen(REFERENCE, None)
        for name, vantage in VANTAGES.items():
            self.listen(vantage["resolver"], name)

    def listen(self, address, owner):
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind((address, 53))
        threading.Thread(target=self.serve, args=(server, owner), daemon=True).start()

    def serve(self, server, owner):
        while True:
            message, client = server.recvfrom(4096)
            asked = question(message)
            if asked is None:
                continue
            says = self.lookup(owner, asked[1])
            if says != "DROP":
                server.sendto(answer(asked, says), client)

    def lookup(self, owner, name):
        for whom in (owner, "everywhere"):
            if (whom, name) in self.says:
                return self.says[(whom, name)]
        if (owner, "*") in self.says:
            return self.says[(owner, "*")]
        return HOSTS.get(name, "NXDOMAIN")
