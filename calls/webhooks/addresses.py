"""Which addresses a webhook may reach. A form asks early; what counts is asked at the moment of connecting.

Whoever types an address must not make the portal's own machine talk to its neighbours: the database, the
broker, the metadata service of a cloud. So the name is resolved once, every address it gives is looked at,
and the connection goes to an address that was looked at: a name that answers differently the second time
(DNS rebinding) changes nothing. Source: OWASP, Server-Side Request Forgery Prevention.
"""

import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST = 500  # characters
# IPv4 addresses in IPv6 clothes, translated on the way: RFC 6052.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
# Where clouds answer with their keys, besides the link-local addresses: Azure's, Oracle's, Amazon's.
METADATA = {ipaddress.ip_address(number) for number in ("168.63.129.16", "192.0.0.192", "fd00:ec2::254")}


class Why(StrEnum):
    """Why an address is not reached; worded by `calls.queries.webhooks`."""

    UNREADABLE = "unreadable"
    SCHEME = "scheme"
    PERSON = "person"
    PORT = "port"
    PRIVATE = "private"
    UNKNOWN = "unknown"


class NotReachable(Exception):
    """The address is not one that webhooks go to; `why` says the reason."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else str(why))
        self.why, self.detail = why, detail


@dataclass(frozen=True)
class Reach:
    """What this portal lets webhooks reach: plain http or not, addresses of an intranet or not, ports."""

    plain: bool = False
    private: bool = False
    ports: Collection[int] = (443,)


@dataclass(frozen=True)
class Target:
    """An address, taken apart. `path` holds the query, too."""

    tls: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.tls else 80) else f"{name}:{self.port}"


def target_of(url: str, reach: Reach) -> Target:
    """The address taken apart. Raises NotReachable for one that no webhook goes to, without resolving it."""
    if len(url) > LONGEST or not url.isascii() or any(sign <= " " or sign == "\x7f" for sign in url):
        raise NotReachable(Why.UNREADABLE)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NotReachable(Why.UNREADABLE) from error
    if parts.scheme not in ("https", "http") or (parts.scheme == "http" and not reach.plain):
        raise NotReachable(Why.SCHEME)
    if not host or parts.fragment or "\\" in url:
        raise NotReachable(Why.UNREADABLE)
    if parts.username is not None or parts.password is not None:
        raise NotReachable(Why.PERSON)
    tls = parts.scheme == "https"
    port = port or (443 if tls else 80)
    if port not in reach.ports:
        raise NotReachable(Why.PORT, str(port))
    if _is_number(host) and not is_reachable(host, reach):
        raise NotReachable(Why.PRIVATE, host)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(tls, host, port, path)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def addresses_of(target: Target, reach: Reach) -> list[str]:
    """The numbers behind the name, all of them looked at. Raises NotReachable when one is out of bounds."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReachable(Why.UNKNOWN, target.host) from error
    numbers = list(dict.fromkeys(str(row[4][0]) for row in found))
    for number in numbers:
        if not is_reachable(number, reach):
            raise NotReachable(Why.PRIVATE, number)
    return numbers


def is_reachable(number: str, reach: Reach) -> bool:
    """Whether an IP address is of the open internet, or of an intranet where that is allowed.

    Where clouds answer with their keys, such as link-local addresses, is never reached.
    """
    try:
        address = _behind(ipaddress.ip_address(number.partition("%")[0]))
    except ValueError:
        return False
    if address.is_link_local or address.is_multicast or address.is_unspecified or address in METADATA:
        return False
    intranet = address.is_private and (address.is_loopback or not address.is_reserved)
    # some of what nobody has given out counts as global, such as IPv4 addresses in the oldest IPv6 clothes
    return (address.is_global and not address.is_reserved) or (reach.private and intranet)


def _behind(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for; else itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address
