"""Which network addresses may be called: public ones, and those the installation names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.(?!-)[a-z0-9_-]{1,63})*\Z")

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The only part of IPv6 that is handed out for the public internet (IANA IPv6 Address Space)."""
NAT64 = IPv6Network("64:ff9b::/96")
"""Where a translating network puts IPv4 addresses (RFC 6052 §2.1); the address behind it decides."""
SPECIAL = (
    IPv4Network("192.0.0.0/24"),  # IETF protocol assignments; Python calls some of them global
    IPv4Network("192.88.99.0/24"),  # 6to4 relays, deprecated by RFC 7526
    IPv6Network("2001::/23"),  # IETF protocol assignments, Teredo among them
    IPv6Network("2001:db8::/32"),  # documentation (RFC 3849)
    IPv6Network("3fff::/20"),  # documentation (RFC 9637), unknown to older Pythons
)
"""Parts of the public space that no platform lives in."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether ``address`` belongs to a server on the public internet.

    An IPv4 address wrapped into IPv6 (mapped, 6to4, NAT64) is judged by the address inside.
    """
    if isinstance(address, IPv6Address):
        if (inside := _ipv4_inside(address)) is not None:
            return is_public(inside)
        if address not in GLOBAL_UNICAST:
            return False
    if any(address.version == network.version and address in network for network in SPECIAL):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _ipv4_inside(address: IPv6Address) -> IPv4Address | None:
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


@dataclass(frozen=True)
class AllowList:
    """What may be called although it is not public, and without TLS: for development and private networks."""

    hosts: frozenset[str] = frozenset()
    """Host names and addresses, lower case, any port."""
    sockets: frozenset[tuple[str, int]] = frozenset()
    """Host and port."""
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks, any host name that resolves into them."""

    @classmethod
    def parse(cls, entries: str | Iterable[str]) -> "AllowList":
        """Read ``LMSSOCIAL_OUTBOUND_ALLOW``: ``localhost:8001, lms.intern, 10.20.0.0/16, [::1]:8001``.

        :raises ValueError: naming every entry that is none of host, host:port and network.
        """
        hosts: set[str] = set()
        sockets: set[tuple[str, int]] = set()
        networks: list[IPv4Network | IPv6Network] = []
        wrong: list[str] = []
        for entry in _split(entries):
            try:
                read = _read(entry)
            except ValueError:
                wrong.append(entry)
                continue
            match read:
                case str():
                    hosts.add(read)
                case tuple():
                    sockets.add(read)
                case _:
                    networks.append(read)
        if wrong:
            raise ValueError(f"not a host, host:port or network: {', '.join(wrong)}")
        return cls(frozenset(hosts), frozenset(sockets), tuple(networks))

    def names(self, host: str, port: int) -> bool:
        """Whether this host is allowed by name, whatever it resolves to."""
        return host in self.hosts or (host, port) in self.sockets

    def covers(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether this address lies in an allowed network; a mapped IPv4 address counts as what it is."""
        real = _ipv4_inside(address) if isinstance(address, IPv6Address) else None
        return any(
            one.version == network.version and one in network
            for network in self.networks
            for one in (address, real)
            if one is not None
        )


def host_name(host: str) -> str:
    """``host`` as it is compared everywhere: lower case, no final dot, no brackets."""
    return host.lower().strip("[]").removesuffix(".")


def _split(entries: str | Iterable[str]) -> list[str]:
    parts = entries.split(",") if isinstance(entries, str) else entries
    return [part.strip().lower() for part in parts if part.strip()]


def _read(entry: str) -> str | tuple[str, int] | IPv4Network | IPv6Network:
    if "/" in entry:
        return ip_network(entry, strict=False)
    if is_address(entry) or is_address(entry.strip("[]")):
        return host_name(entry)
    host, colon, port = entry.rpartition(":")
    if not colon:
        return _checked_host(entry)
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(entry)
    return _checked_host(host), int(port)


def _checked_host(text: str) -> str:
    host = host_name(text)
    if not is_address(host) and not HOST_NAME.match(host):
        raise ValueError(text)
    return host


def is_address(text: str) -> bool:
    """Whether ``text`` is an address and no name, so that nobody has to be asked."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
