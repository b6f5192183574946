"""Which hosts SERVICE and LOAD may reach, as far as the text of a URL tells; what a name resolves to is for later.

A URL is read strictly: what two readers could take for two hosts (user names, spellings of addresses, escapes) is
refused, never guessed.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from kgtool.errors import InputError, Location, QueryError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_URL: Final = re.compile(r"(https?)://([^/?#]*)(/?[^#]*)(?:#.*)?", re.IGNORECASE | re.DOTALL)
_AUTHORITY: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@%\\]+)(?::([0-9]{1,5}))?", re.DOTALL)
_ENTRY: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@%/\\?#]+)(?::([0-9]{1,5}))?", re.DOTALL)
_NAME: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DEFAULT_PORT: Final = {"http": 80, "https": 443}
_UNICAST: Final = ipaddress.ip_network("2000::/3")
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE: Final = ipaddress.ip_network("::/96")


@dataclass(frozen=True)
class Target:
    """A URL, read.

    :param scheme: ``http`` or ``https``.
    :param host: in lower case, punycode for what is not ASCII; an address in its usual spelling, without brackets.
    :param path: path and query, as they go over the wire.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        """Give host and port as a person writes them; the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORT[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """Give the URL."""
        return f"{self.scheme}://{self.place}{self.path}"


def address_of(host: str) -> Address | None:
    """Give the address that a host is, or None for a name.

    >>> address_of("::1"), address_of("localhost")
    (IPv6Address('::1'), None)
    """
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the open Internet.

    What is not: RFC 6890 and the IANA registries of special-purpose addresses, as :mod:`ipaddress` has them; and the
    IPv6 forms that hold an IPv4 address lead where that one leads.

    >>> [is_public(ipaddress.ip_address(a)) for a in ("8.8.8.8", "10.0.0.5", "::ffff:127.0.0.1", "100.64.0.1")]
    [True, False, False, False]
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64 or address in _COMPATIBLE:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address not in _UNICAST or address.teredo is not None:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _host(text: str) -> str:
    """Give the one spelling of a host.

    :raises ValueError: saying what is wrong with it.
    """
    if text.startswith("["):
        return str(ipaddress.IPv6Address(text[1:-1]))
    try:
        plain = text.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as error:
        raise ValueError("it is not a host name") from error
    if not _NAME.fullmatch(plain) or len(plain) > 253:
        raise ValueError("it is not a host name")
    if _NUMBER.fullmatch(plain.rpartition(".")[2]):  # other readers take 127.1 and 0x7f000001 for addresses
        try:
            return str(ipaddress.IPv4Address(plain))
        except ValueError as error:
            raise ValueError("an address is written as four numbers") from error
    return plain


def target_of(url: str) -> Target:
    """Read a URL.

    >>> target_of("HTTP://Example.ORG.:8080/sparql?a=é#here")
    Target(scheme='http', host='example.org', port=8080, path='/sparql?a=%C3%A9')
    >>> target_of("http://127.1/")
    Traceback (most recent call last):
    ...
    ValueError: an address is written as four numbers

    :raises ValueError: saying what is wrong with it.
    """
    found = _URL.fullmatch(url)
    if not found:
        raise ValueError("it is no http or https URL")
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise ValueError("it holds white space, control characters or a backslash")
    authority = _AUTHORITY.fullmatch(found[2])
    if not authority:
        raise ValueError("it has a user name, or no host")
    scheme = found[1].lower()
    port = int(authority[2]) if authority[2] else _DEFAULT_PORT[scheme]
    if not 0 < port < 65536:
        raise ValueError("there is no such port")
    path = found[3] if found[3].startswith("/") else f"/{found[3]}"
    return Target(scheme, _host(authority[1]), port, quote(path, safe="!$%&'()*+,/:;=?@[]~"))


@dataclass(frozen=True)
class AllowedHosts:
    """The hosts that may be reached: what ``KGTOOL_FEDERATION`` lists.

    :param entries: host in its one spelling, and port; None for the port that is usual for the scheme.
    """

    entries: frozenset[tuple[str, int | None]] = frozenset()

    @classmethod
    def of(cls, hosts: Iterable[str]) -> AllowedHosts:
        """Read a list of ``HOST``, ``HOST:PORT``, addresses and ``[ADDRESS]:PORT``.

        >>> sorted(AllowedHosts.of(["Example.org", "[::1]:7878"]).entries, key=str)
        [('::1', 7878), ('example.org', None)]

        :raises InputError: for what is none of them.
        """
        entries: set[tuple[str, int | None]] = set()
        for text in hosts:
            try:
                if isinstance(address_of(text), ipaddress.IPv6Address):
                    entries.add((str(address_of(text)), None))
                    continue
                found = _ENTRY.fullmatch(text)
                if not found or (found[2] and not 0 < int(found[2]) < 65536):
                    raise ValueError("it is neither HOST nor HOST:PORT")
                entries.add((_host(found[1]), int(found[2]) if found[2] else None))
            except ValueError as error:
                raise InputError(
                    f"KGTOOL_FEDERATION lists {text!r}: {error}", hint="list HOST or HOST:PORT, separated by commas"
                ) from error
        return cls(frozenset(entries))

    def __bool__(self) -> bool:
        return bool(self.entries)

    def allows(self, target: Target) -> bool:
        """Tell whether host and port are listed."""
        usual = target.port == _DEFAULT_PORT[target.scheme]
        return (target.host, target.port) in self.entries or (usual and (target.host, None) in self.entries)

    def names_address(self, address: Address, port: int) -> bool:
        """Tell whether this address itself is listed, as a private one must be; ``localhost`` lists the loopback."""
        names = [str(address), *(["localhost"] if address.is_loopback else [])]
        return any((name, listed) in self.entries for name in names for listed in (port, None))

    def check(self, url: str, where: Location | None = None) -> Target:
        """Read a URL that shall be reached.

        :raises QueryError: if it is refused; nothing was contacted.
        """
        hint = "KGTOOL_FEDERATION lists the hosts that SERVICE and LOAD may reach"
        try:
            target = target_of(url)
        except ValueError as error:
            raise QueryError(f"<{url[:200]}> cannot be reached: {error}", where=where, hint=hint) from error
        if not self.allows(target):
            raise QueryError(f"the host {target.place} may not be reached", where=where, hint=hint)
        return target
