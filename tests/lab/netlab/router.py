"""The router between the vantages and the servers: a program, so that it can do what a kernel at hand may lack
(delay, loss, forged answers that win their race), the same on every machine.

Each vantage, and the servers, are behind a TUN device. Packets are forwarded by their destination,
after `Tampering` has processed them.
"""

import fcntl
import heapq
import os
import select
import struct
import threading
import time

from .packet import Packet

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
SERVERS = "servers"


def open_tun(name):
    """A TUN device in the calling thread's network namespace."""
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return tun


class Router(threading.Thread):
    """Forwards until the process ends."""

    def __init__(self, links, homes, tampering):
        """`links`: name to descriptor; `homes`: address of a vantage to its link."""
        super().__init__(daemon=True)
        self.links, self.homes, self.tampering = links, homes, tampering
        self.names = {tun: name for name, tun in links.items()}
        self.waiting = []
        self.count = 0

    def run(self):
        while True:
            now = time.monotonic()
            while self.waiting and self.waiting[0][0] <= now:
                self.send(heapq.heappop(self.waiting)[2])
            patience = max(0.0, self.waiting[0][0] - now) if self.waiting else 1.0
            ready, _, _ = select.select(list(self.names), [], [], patience)
            for tun in ready:
                self.drain(tun)

    def drain(self, tun):
        """Reads what a device holds, a bounded number of packets at a time so that the others get
        their turn."""
        for _ in range(64):
            try:
                raw = os.read(tun, 65536)
            except BlockingIOError:
                return
            self.forward(self.names[tun], Packet(raw))

    def forward(self, link, packet):
        outward = link != SERVERS
        vantage = link if outward else self.homes.get(packet.dst)
        if vantage is None:
            return
        for delay, raw in self.tampering.pass_through(packet, vantage, outward):
            self.count += 1
            heapq.heappush(self.waiting, (time.monotonic() + delay, self.count, raw))

    def send(self, raw):
        link = self.homes.get(Packet(raw).dst, SERVERS)
        try:
            os.write(self.links[link], raw)
        except OSError:
            pass  # a full queue or a device that is going down loses packets, as routers do
