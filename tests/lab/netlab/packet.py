"""IP packets of the lab: read, answered in another host's name, and readdressed. No state, no
sockets."""

import socket
import struct

TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def pack(address):
    """The bytes of an address of either family."""
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


def text(address):
    """The reverse of `pack`."""
    return socket.inet_ntop(socket.AF_INET6 if len(address) == 16 else socket.AF_INET, address)


def checksum(data):
    """The checksum of RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Packet:
    """The parts of a packet that the router needs."""

    def __init__(self, raw):
        self.raw = raw
        self.version = raw[0] >> 4
        if self.version == 4:
            self.head = (raw[0] & 15) * 4
            self.protocol, self.src, self.dst = raw[9], text(raw[12:16]), text(raw[16:20])
        else:
            self.head = 40
            self.protocol, self.src, self.dst = raw[6], text(raw[8:24]), text(raw[24:40])
        self.sport = self.dport = self.seq = self.ack = self.flags = 0
        self.payload = b""
        body = raw[self.head:]
        if self.protocol == TCP and len(body) >= 20:
            self.sport, self.dport, self.seq, self.ack, offset, self.flags = struct.unpack("!HHIIBB", body[:14])
            self.payload = body[(offset >> 4) * 4:]
        elif self.protocol == UDP and len(body) >= 8:
            self.sport, self.dport = struct.unpack("!HH", body[:4])
            self.payload = body[8:]

    def end(self):
        """The sequence number after this segment."""
        return (self.seq + len(self.payload) + bool(self.flags & SYN) + bool(self.flags & FIN)) & 0xFFFFFFFF


def ip(src, dst, protocol, body):
    """A packet around `body`, with the checksum filled in (zero until now, at the protocol's
    place)."""
    a, b = pack(src), pack(dst)
    if protocol != ICMP:
        pseudo = a + b + struct.pack("!IHBB", len(body), 0, 0, protocol)
        at = {TCP: 16, UDP: 6, ICMP6: 2}[protocol]
        total = checksum(pseudo + body) or 0xFFFF
        body = body[:at] + struct.pack("!H", total) + body[at + 2:]
    if len(a) == 16:
        return struct.pack("!IHBB", 0x60000000, len(body), protocol, 64) + a + b + body
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(body), 0, 0x4000, 64, protocol, 0) + a + b
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def tcp(src, sport, dst, dport, seq, ack, flags, payload=b""):
    """A TCP segment."""
    body = struct.pack("!HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, flags, 64240, 0, 0)
    return ip(src, dst, TCP, body + payload)


def udp(src, sport, dst, dport, payload):
    """A UDP datagram."""
    return ip(src, dst, UDP, struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload)


def reply(packet, flags, payload=b""):
    """A segment that seems to come from the receiver of `packet`."""
    seq = packet.ack if packet.flags & ACK else 0
    return tcp(packet.dst, packet.dport, packet.src, packet.sport, seq, packet.end(), flags, payload)


def onward_reset(packet):
    """The reset for the far end, in the sender's name."""
    return tcp(packet.src, packet.sport, packet.dst, packet.dport, packet.seq, packet.ack, RST | ACK)


def unreachable(packet, router, code):
    """ICMP "destination unreachable", with the head of the undelivered packet (RFC 792)."""
    body = struct.pack("!BBHI", 3, code, 0, 0) + packet.raw[:packet.head + 8]
    return ip(router, packet.src, ICMP, body[:2] + struct.pack("!H", checksum(body)) + body[4:])


def readdress(packet, src=None, dst=None):
    """The packet with another source or destination."""
    return ip(src or packet.src, dst or packet.dst, packet.protocol, clear(packet))


def clear(packet):
    """The body with its checksum zeroed."""
    body = packet.raw[packet.head:]
    at = {TCP: 16, UDP: 6, ICMP6: 2}.get(packet.protocol)
    return body if at is None else body[:at] + b"\0\0" + body[at + 2:]
