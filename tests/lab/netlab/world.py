"""The hosts of the lab and their addresses. Addresses are from the ranges for documentation (RFC
5737, RFC 3849) and benchmarks (RFC 2544), which the product takes for ordinary ones; names are
under `.test` (RFC 6761)."""

LATE = 0.06
"""The seconds by which a true answer arrives after a forged one."""

ROUTER = "203.0.113.1"
REFERENCE = "203.0.113.53"
"""The true resolver, which the configuration names as its reference."""

VANTAGES = {
    "us": {"address": "198.51.100.2", "six": "2001:db8:1::2", "resolver": "198.51.100.1", "country": "US"},
    "hk": {"address": "192.0.2.2", "resolver": "192.0.2.1", "country": "HK"},
    "campus": {"address": "198.18.5.2", "resolver": "198.18.5.1", "country": "US"},
}
"""Each vantage with its provider's resolver."""

PROXY = "203.0.113.90"
"""A SOCKS5 proxy on port 1080 and an HTTP proxy on port 3128. What goes through it leaves from
here."""

SOURCE = "www.source.test"
"""The site that scenarios watch by default."""

HOSTS = {
    SOURCE: ["203.0.113.10"],
    "intl.source.test": ["203.0.113.11"],
    "login.source.test": ["203.0.113.12"],
    "short.source.test": ["203.0.113.13"],
    "target.source.test": ["203.0.113.14"],
    "www.elsewhere.test": ["203.0.113.15"],
    "both.source.test": ["2001:db8:3::16", "203.0.113.16"],
    "xn--d1acpjx3f.test": ["203.0.113.17"],
    "box.test": ["203.0.113.66"],
    "control-a.test": ["203.0.113.100"],
    "control-b.test": ["203.0.113.101"],
    "portal.test": ["203.0.113.102"],
    "path-a.test": ["203.0.113.110"],
    "path-b.test": ["203.0.113.111"],
    "proxy.test": [PROXY],
    "reference.test": [REFERENCE],
    **{f"www.many-{n}.test": [f"203.0.113.{120 + n}"] for n in range(1, 9)},
    **{f"resolver-{name}.test": [vantage["resolver"]] for name, vantage in VANTAGES.items()},
}
"""The true zone. An address has one host."""

HOST_AT = {address: host for host, all_of in HOSTS.items() for address in all_of}
VANTAGE_AT = {v[key]: name for name, v in VANTAGES.items() for key in ("address", "six") if key in v} | {PROXY: "proxy"}


def addresses(host):
    """The addresses of a name of the zone; an address stands for itself."""
    if host in HOSTS:
        return HOSTS[host]
    if host[0].isdigit():
        return [host]
    raise ValueError(f"no host of the lab is called {host}")
