"""Who a client is: its address, seen through the proxies that the operator trusts."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from flask import Request

#: What stands for a client whose address cannot be read.
UNKNOWN: Final = "unknown"
#: Hops of a chain of proxies that are read, from the right.
_MAX_HOPS: Final = 20
_FORWARDED: Final = re.compile(r'(?:^|;)\s*for\s*=\s*(?:"([^"]*)"|([^;"\s]+))', re.IGNORECASE)
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


@dataclass(frozen=True)
class Author:
    """Who asks for a change.

    :param client: as :func:`client_of` gives it.
    :param token: the fingerprint of its token, see :func:`fingerprint`; empty for none.
    """

    client: str
    token: str = ""


def client_of(request: Request, trusted: Sequence[str] = ()) -> str:
    """Give the client of a request: an IPv4 address, or the /64 network of an IPv6 one, which is one household.

    :param trusted: the addresses and networks of the operator's own proxies (``KGTOOL_TRUSTED_PROXIES``).
    """
    return client_of_environ(request.environ, trusted)


def client_of_environ(environ: Mapping[str, Any], trusted: Sequence[str] = ()) -> str:
    """Give the client of a WSGI request.

    A request that comes from a trusted proxy is of the right-most address of ``X-Forwarded-For``, or of ``Forwarded``
    (RFC 7239) where that is absent, which is not a trusted proxy itself: what stands further left may be made up.
    An address that cannot be read ends the search at the proxy that passed it on.

    >>> client_of_environ({"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "198.51.100.1"})
    '192.0.2.7'
    >>> client_of_environ({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 198.51.100.1"}, ["10.0.0.0/8"])
    '198.51.100.1'
    >>> client_of_environ({"REMOTE_ADDR": "2001:db8::9"})
    '2001:db8::/64'
    """
    remote = environ.get("REMOTE_ADDR") or ""
    if not trusted:
        return _shown(remote)
    networks = _networks(tuple(trusted))
    nearest = _address(remote)
    for hop in _hops(environ):
        if nearest is None or not _is_trusted(nearest, networks):
            break
        further = _address(hop)
        if further is None:
            break
        nearest = further
    return UNKNOWN if nearest is None else _shown(str(nearest))


def is_loopback(client: str) -> bool:
    """Tell whether a client is on this machine, as :func:`client_of` names it.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("192.0.2.7")
    (True, True, False)
    """
    return client.startswith("127.") or client == "::1"


def fingerprint(authorization: str | None) -> str:
    """Give the first 8 hexadecimal digits of a bearer token's SHA-256, which tell tokens apart and give none away.

    >>> fingerprint("Bearer secret"), fingerprint(None)
    ('2bb80d53', '')
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return ""
    return hashlib.sha256(token.strip().encode("latin-1", errors="replace")).hexdigest()[:8]


@lru_cache(maxsize=16)
def _networks(names: tuple[str, ...]) -> _Networks:
    return tuple(ipaddress.ip_network(name, strict=False) for name in names)


def _is_trusted(address: _Address, networks: _Networks) -> bool:
    return any(address in network for network in networks)


def _hops(environ: Mapping[str, Any]) -> Iterator[str]:
    """Give the addresses that proxies wrote, nearest first."""
    chain = environ.get("HTTP_X_FORWARDED_FOR")
    if chain is not None:
        yield from reversed(chain.rsplit(",", _MAX_HOPS)[-_MAX_HOPS:])
        return
    for element in reversed(environ.get("HTTP_FORWARDED", "").rsplit(",", _MAX_HOPS)[-_MAX_HOPS:]):
        found = _FORWARDED.search(element)
        yield (found.group(1) or found.group(2) or "") if found else ""


def _address(text: str) -> _Address | None:
    """Read an address, which may carry a port and brackets."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


@lru_cache(maxsize=4096)
def _shown(remote: str) -> str:
    address = _address(remote)
    if address is None:
        return UNKNOWN
    if address.version == 4 or address.is_loopback:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))
