"""Proxies for vantages, which can be made to fail: SOCKS5 (RFC 1928) and HTTP CONNECT.

`[[scenario.proxy]]`: `reply` (the SOCKS code, or the status of CONNECT) or `do` (`close`, `silent`, `garbage`,
`login`), for one `host` or for all.
"""

import socket
import threading
import time

from .world import HOSTS, PROXY

KEYS = {"host", "reply", "do"}
SUCCEEDED, HOST_UNREACHABLE, REFUSED = 0, 4, 5
PATIENCE = 30.0


class Proxies:
    """Both proxies; `rules` can be changed while they run."""

    def __init__(self):
        self.rules = []

    def start(self):
        """Runs in the servers' namespace."""
        for port, serve in ((1080, self.socks), (3128, self.connect)):
            listener = socket.create_server((PROXY, port), backlog=256)
            threading.Thread(target=self.accept, args=(listener, serve), daemon=True).start()

    def accept(self, listener, serve):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=self.guarded, args=(client, serve), daemon=True).start()

    def guarded(self, client, serve):
        try:
            client.settimeout(PATIENCE)
            serve(client)
        except (OSError, ValueError, IndexError):
            pass
        finally:
            client.close()

    def rule(self, host=None):
        """The first rule for this host, or (before the host is known) for all hosts."""
        return next((r for r in self.rules if r.get("host", host) == host), {})

    def socks(self, client):
        greeting = client.recv(512)
        do = self.rule().get("do")
        if do == "silent":
            time.sleep(PATIENCE)
        if do == "garbage":
            client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        if do == "login":
            client.sendall(b"\x05\xff")
        if do or greeting[:1] != b"\x05":
            return
        client.sendall(b"\x05\x00")
        request = client.recv(512)
        if request[3] == 3:
            host, rest = request[5:5 + request[4]].decode(), request[5 + request[4]:]
        else:
            host, rest = socket.inet_ntop(socket.AF_INET, request[4:8]), request[8:]
        code, server = self.reach(host, int.from_bytes(rest[:2], "big"))
        client.sendall(bytes([5, code, 0, 1, 0, 0, 0, 0, 0, 0]))
        if server:
            relay(client, server)

    def connect(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096) or b"\r\n\r\n"
        host, _, port = head.split(b" ")[1].decode().rpartition(":")
        rule = self.rule(host)
        if "reply" in rule:
            client.sendall(b"HTTP/1.1 %d Lab\r\nContent-Length: 0\r\n\r\n" % rule["reply"])
            return
        code, server = self.reach(host, int(port))
        if not server:
            client.sendall(b"HTTP/1.1 502 Code %d\r\nContent-Length: 0\r\n\r\n" % code)
            return
        client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        relay(client, server)

    def reach(self, host, port):
        """The reply code, and the connection when there is one."""
        rule = self.rule(host)
        if "reply" in rule:
            return rule["reply"], None
        if host not in HOSTS:
            return HOST_UNREACHABLE, None
        try:
            server = socket.create_connection((HOSTS[host][-1], port), 5, source_address=(PROXY, 0))
        except OSError:
            return REFUSED, None
        return SUCCEEDED, server


def relay(one, other):
    """Copies both ways, until both are done."""
    back = threading.Thread(target=pump, args=(other, one), daemon=True)
    back.start()
    pump(one, other)
    back.join()
    other.close()


def pump(source, sink):
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass
