"""What happens to packets on the path: the conditions of a scenario, one `[[scenario.network]]`
table each.

A rule is in force at some vantages, towards some hosts and ports, for packets whose payload holds a text, or for all.
The first rule that fits a packet decides; the README lists what `do` can be.
"""

import time

from . import dns
from .packet import ACK, FIN, PSH, RST, SYN, TCP, UDP, onward_reset, readdress, reply, udp, unreachable
from .world import LATE, ROUTER, addresses

KEYS = {"at", "do", "to", "port", "text", "family", "every", "ms", "rate", "code", "answer", "page", "box", "times", "armed_by"}


class Rule:
    """One condition."""

    def __init__(self, table):
        unknown = set(table) - KEYS
        if unknown or table.get("do") not in ACTIONS:
            raise ValueError(f"a network rule cannot be {table} (unknown: {sorted(unknown)})")
        self.at = table.get("at")
        self.action = ACTIONS[table["do"]]
        to = table.get("to")
        hosts = [to] if isinstance(to, str) else to
        self.to = None if hosts is None else {ip for host in hosts for ip in addresses(host)}
        self.port, self.family = table.get("port"), table.get("family")
        text = table.get("text")
        self.text = text.encode() if text else None
        self.table = table
        self.left = table.get("times", float("inf"))
        self.armed_by = set(addresses(table["armed_by"])) if "armed_by" in table else None
        self.seen = {True: 0, False: 0}
        self.free = 0.0

    def fits(self, packet, vantage, outward):
        """Whether the packet is on a path that this rule watches."""
        server, port = (packet.dst, packet.dport) if outward else (packet.src, packet.sport)
        return (
            (self.at is None or vantage in self.at)
            and (self.to is None or server in self.to)
            and (self.port is None or port == self.port)
            and (self.family is None or packet.version == self.family)
        )

    def arm(self, packet, vantage):
        """Arms a waiting rule once a packet went to a certain host."""
        if self.armed_by and packet.dst in self.armed_by and (self.at is None or vantage in self.at):
            self.armed_by = None

    def triggers(self, packet, outward):
        return self.text is None or (outward and self.text in packet.payload)


def flow(packet, outward):
    """The connection that a packet belongs to, the client first."""
    ends = (packet.src, packet.sport, packet.dst, packet.dport)
    return (packet.protocol, ends if outward else ends[2:] + ends[:2])


class Tampering:
    """The rules in force."""

    def __init__(self):
        self.set([])

    def set(self, tables):
        """Replaces the conditions."""
        self.dead, self.diverted = set(), {}
        self.rules = [Rule(table) for table in tables]

    def pass_through(self, packet, vantage, outward):
        """What is sent instead of the packet: pairs of a delay in seconds and the bytes."""
        key = flow(packet, outward)
        if key in self.dead:
            return []
        if not outward and key in self.diverted:
            return [(0, readdress(packet, src=self.diverted[key]))]
        for rule in self.rules:
            rule.arm(packet, vantage)
            if rule.armed_by or rule.left <= 0 or not rule.fits(packet, vantage, outward):
                continue
            done = rule.action(self, rule, packet, key, outward)
            if done is not None:
                rule.left -= 1
                return done
        return [(0, packet.raw)]


def drop(tampering, rule, packet, key, outward):
    """Silence: for the address, or from the matching packet on."""
    if not rule.triggers(packet, outward):
        return None
    if rule.text:
        tampering.dead.add(key)
    return []


def reset(tampering, rule, packet, key, outward):
    """A reset: of the connect, or of both ends at the matching packet."""
    if packet.protocol != TCP or not outward or not rule.triggers(packet, outward):
        return None
    if rule.text is None:
        return [(0, reply(packet, RST | ACK))] if packet.flags & SYN else []
    tampering.dead.add(key)
    return [(0, reply(packet, RST | ACK)), (0, onward_reset(packet))]


def close(tampering, rule, packet, key, outward):
    """Ends the connection in the server's name at the matching packet."""
    if packet.protocol != TCP or not packet.payload or not rule.triggers(packet, outward) or not outward:
        return None
    tampering.dead.add(key)
    return [(0, reply(packet, FIN | ACK)), (0, onward_reset(packet))]


def refuse(_tampering, rule, packet, _key, outward):
    """ICMP "unreachable", with `code` (13: by administration)."""
    if not outward or packet.version != 4:
        return [] if packet.version == 6 else None
    return [(0, unreachable(packet, ROUTER, rule.table.get("code", 13)))]


def lose(_tampering, rule, packet, _key, outward):
    """Loses every `every`th packet of each direction: a share without chance, so that a run can be
    repeated."""
    rule.seen[outward] += 1
    return [] if rule.seen[outward] % rule.table["every"] == 0 else None


def delay(_tampering, rule, packet, _key, outward):
    """Delays each packet so that the round trip takes `ms` longer."""
    return [(rule.table["ms"] / 2000, packet.raw)]


def throttle(_tampering, rule, packet, _key, outward):
    """Lets `rate` bytes per second come back; what would wait longer than a second is lost."""
    if outward:
        return None
    now = time.monotonic()
    if rule.free - now > 1.0:
        return []
    rule.free = max(rule.free, now) + len(packet.raw) / rule.table["rate"]
    return [(rule.free - now, packet.raw)]


def divert(tampering, rule, packet, key, outward):
    """Diverts the packets to a box on the path, which answers in the server's name."""
    if not outward:
        return None
    box = addresses(rule.table.get("box", "box.test"))[0]
    protocol, (client, sport, _, port) = key
    tampering.diverted[(protocol, (client, sport, box, port))] = packet.dst
    return [(0, readdress(packet, dst=box))]


def forge(_tampering, rule, packet, _key, outward):
    """Sends a forged answer to a DNS question before the true one, which is not stopped."""
    if packet.protocol != UDP or not outward:
        return None
    forged = dns.forged(packet.payload, rule.text, rule.table["answer"])
    if forged is None:
        return None
    false = udp(packet.dst, packet.dport, packet.src, packet.sport, forged)
    return [(0, false), (LATE, packet.raw)]


def page(tampering, rule, packet, key, outward):
    """Answers in the server's name, and then cuts the connection."""
    if packet.protocol != TCP or not outward or not rule.triggers(packet, outward):
        return None
    tampering.dead.add(key)
    body = rule.table["page"].encode()
    return [(0, reply(packet, PSH | FIN | ACK, body)), (0, onward_reset(packet))]


ACTIONS = {
    "drop": drop,
    "reset": reset,
    "close": close,
    "unreachable": refuse,
    "lose": lose,
    "delay": delay,
    "throttle": throttle,
    "divert": divert,
    "forge": forge,
    "page": page,
}
