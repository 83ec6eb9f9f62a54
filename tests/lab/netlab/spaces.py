"""A running lab: two network namespaces, the router between them, and all servers.

The process starts in a fresh user, network and mount namespace (`unshare -Urnm`), which is the vantages' side: the
product runs there and chooses its way out by source address. The servers' side is the namespace of one thread.
"""

import ctypes
import os
import subprocess
import threading

from .dns import Resolvers
from .proxy import Proxies
from .router import SERVERS, Router, open_tun
from .tamper import Tampering
from .web import Web
from .world import HOST_AT, VANTAGES

CLONE_NEWNET = 0x40000000
MS_BIND = 0x1000


class Lab:
    """One lab; its parts are changed between scenarios and never restarted."""

    def __init__(self, certificates):
        self.tampering, self.resolvers, self.proxies = Tampering(), Resolvers(), Proxies()
        self.web = Web(certificates)
        self.links = {}

    def up(self):
        """Brings everything up. Fails when the kernel refuses."""
        fault = []
        thread = threading.Thread(target=self.servers_side, args=(fault,))
        thread.start()
        thread.join()
        if fault:
            raise fault[0]
        self.vantages_side()
        homes = {v[key]: name for name, v in VANTAGES.items() for key in ("address", "six") if key in v}
        Router(self.links, homes, self.tampering).start()

    def servers_side(self, fault):
        """What this thread starts stays in its namespace, threads and programs alike."""
        try:
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.unshare(CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "unshare of the servers' network namespace")
            self.links[SERVERS] = open_tun("servers")
            lines = ["link set lo up", "link set servers up"]
            for address in HOST_AT:
                lines.append(f"address add {whole(address)} dev servers nodad")
            lines += ["route add default dev servers", "route add ::/0 dev servers"]
            configure(lines)
            self.resolvers.start()
            self.web.start()
            self.proxies.start()
        except Exception as error:  # noqa: BLE001: the waiting thread reports it
            fault.append(error)

    def vantages_side(self):
        lines = ["link set lo up"]
        for number, (name, vantage) in enumerate(VANTAGES.items(), start=101):
            self.links[name] = open_tun(name)
            lines += [f"link set {name} up", f"address add {whole(vantage['address'])} dev {name}"]
            if "six" in vantage:
                lines += [f"address add {whole(vantage['six'])} dev {name} nodad", f"route add ::/0 dev {name}"]
            lines.append(f"route add default dev {name} src {vantage['address']} table {number}")
            lines.append(f"rule add from {vantage['address']} lookup {number}")
        first = next(iter(VANTAGES))
        lines.append(f"route add default dev {first} src {VANTAGES[first]['address']}")
        configure(lines)
        self.resolver_of_the_system(VANTAGES[first]["resolver"])

    @staticmethod
    def resolver_of_the_system(address):
        """`/etc/resolv.conf` as the first vantage's provider hands it out, only in this mount
        namespace."""
        path = f"/tmp/lab-resolv.{os.getpid()}"
        with open(path, "w", encoding="ascii") as file:
            file.write(f"nameserver {address}\noptions timeout:1 attempts:1\n")
        libc = ctypes.CDLL(None, use_errno=True)
        failed = libc.mount(path.encode(), b"/etc/resolv.conf", None, MS_BIND, None)
        os.unlink(path)
        if failed:
            raise OSError(ctypes.get_errno(), "mount of /etc/resolv.conf")

    def set(self, scenario=None):
        """Sets the scenario's conditions; without a scenario, all is well."""
        self.tampering.set(scenario.network if scenario else [])
        self.web.rules = scenario.site if scenario else []
        self.proxies.rules = scenario.proxy if scenario else []
        self.resolvers.says = {(d["at"], d["name"]): d["answer"] for d in scenario.dns} if scenario else {}


def whole(address):
    return f"{address}/{128 if ':' in address else 32}"


def configure(lines):
    """Runs many `ip` commands at once."""
    done = subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, capture_output=True, check=False)
    if done.returncode:
        raise OSError(f"ip: {done.stderr.strip()}")
