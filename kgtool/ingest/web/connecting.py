"""Which addresses a client connects to: public ones, and the host that the user named, wherever that is.

The check is on the address that is then connected to, so a name cannot lead elsewhere between check and connection.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError

from kgtool.errors import RemoteError
from kgtool.ingest.web.timing import TimedConnection, TimedTlsConnection
from kgtool.store.hosts import Address, is_public

#: Told host, port and address, says whether to connect.
Allowed = Callable[[str, int, Address], bool]


class Homes:
    """The hosts that the user named: a private address is fine there, if it was one from the start."""

    def __init__(self) -> None:
        self._private: dict[tuple[str, int], bool | None] = {}

    def add(self, host: str, port: int) -> None:
        """Take a host that the user named."""
        self._private.setdefault((host, port), None)

    def allow(self, host: str, port: int, address: Address) -> bool:
        """Tell whether to connect; what a host's first address was, its others must be.

        >>> homes, here, there = Homes(), ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("8.8.8.8")
        >>> homes.add("example.org", 80)
        >>> homes.allow("example.org", 80, there), homes.allow("example.org", 80, here), homes.allow("b", 80, here)
        (True, False, False)
        """
        private = not is_public(address)
        if not private:
            if self._private.get((host, port), False) is None:
                self._private[host, port] = False
            return True
        if self._private.get((host, port), False) is None:
            self._private[host, port] = True
        return bool(self._private.get((host, port)))


def pools_of_proxy(proxy: str, longest: float) -> PoolManager:
    """Give connection pools that lead through a proxy, which looks up names and decides where it connects.

    :param longest: seconds for a whole answer.
    """

    class Plain(TimedConnection):
        whole = longest

    class Encrypted(TimedTlsConnection):
        whole = longest

    return _of(ProxyManager(proxy, num_pools=4, maxsize=1, retries=False), Plain, Encrypted)


def pools(allowed: Allowed, longest: float) -> PoolManager:
    """Give connection pools that connect only where it is allowed; without retries and redirects of their own.

    :param longest: seconds for a whole answer.
    """

    def connected(connection: HTTPConnection) -> socket.socket:
        host, port = connection.host, connection.port
        try:
            places = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            failure = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(host, connection, failure) from error
        addresses = list(dict.fromkeys(ipaddress.ip_address(str(place[0]).partition("%")[0]) for *_, place in places))
        for address in addresses:
            if not allowed(host.strip("[]"), port, address):
                raise RemoteError(
                    f"the host {host} leads to {address}, which is no public address",
                    hint="give that address itself with --url if it is yours",
                )
        failed: OSError | None = None
        for address in addresses:
            try:
                timeout = connection.timeout if isinstance(connection.timeout, (int, float)) else None
                return socket.create_connection((str(address), port), timeout)
            except OSError as error:
                failed = error
        raise NewConnectionError(connection, str(failed)) from failed

    class Plain(TimedConnection):
        whole = longest

        def _new_conn(self) -> socket.socket:
            return connected(self)

    class Encrypted(TimedTlsConnection):
        whole = longest

        def _new_conn(self) -> socket.socket:
            return connected(self)

    return _of(PoolManager(num_pools=4, maxsize=1, retries=False), Plain, Encrypted)


def _of(manager: PoolManager, plain: type[TimedConnection], encrypted: type[TimedTlsConnection]) -> PoolManager:
    """Let the pools of a manager make these connections."""

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = encrypted

    manager.pool_classes_by_scheme = {"http": PlainPool, "https": EncryptedPool}
    return manager
