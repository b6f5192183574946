"""Whether the client of a long query is still there.

WSGI has no word for it, and granian gives neither the socket nor the client's port. But it closes the connection of a
client that leaves, and Linux tells of each connection of this process how long ago data came and went (tcp(7),
TCP_INFO). The request came on a connection on which nothing was sent since and nothing came before it; when no such
connection is left, the client has gone. Where two requests came at the same time and one client left, both count as
there: then only the time limit ends the query.
"""

from __future__ import annotations

import contextlib
import math
import os
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

#: struct tcp_info of linux/tcp.h: eight bytes, then numbers of four; the tenth and twelfth are milliseconds since data
#: were sent and received. At 156 stands how many segments with data were sent.
_TCP_INFO: Final = struct.Struct("<8x12I96xI")
#: Seconds by which a request may be taken up after its data came.
_TOLERANCE: Final = 0.25
_DESCRIPTORS: Final = "/proc/self/fd"


@dataclass(frozen=True)
class Connection:
    """A connection of this process.

    :param sent: seconds since the last data went to the client, endless if none ever did; ``received``: since the last
        came.
    """

    address: str
    sent: float
    received: float

    def may_await(self, age: float) -> bool:
        """Tell whether this may be the connection of a request that is some seconds old and has no answer yet.

        >>> Connection("127.0.0.1", sent=9.0, received=2.0).may_await(2.0)
        True
        >>> Connection("127.0.0.1", sent=9.0, received=9.0).may_await(2.0)  # answered long ago, and idle
        False
        >>> Connection("127.0.0.1", sent=1.0, received=2.0).may_await(2.0)  # answered in the meantime
        False
        """
        nothing_sent = self.sent >= age - _TOLERANCE
        return nothing_sent and (self.received <= age + _TOLERANCE or self.received < self.sent)


def connections() -> list[Connection] | None:
    """Give the connections of clients to this process, or ``None`` where that cannot be known."""
    if sys.platform != "linux":
        return None
    return list(_connections())


def _connections() -> Iterator[Connection]:
    for name in os.listdir(_DESCRIPTORS):  # noqa: PTH208  # many a second: paths as objects take three times as long
        with contextlib.suppress(OSError):
            if not os.readlink(f"{_DESCRIPTORS}/{name}").startswith("socket:"):  # noqa: PTH115
                continue
            with socket.socket(fileno=os.dup(int(name))) as handle:
                if handle.family not in (socket.AF_INET, socket.AF_INET6) or handle.type != socket.SOCK_STREAM:
                    continue
                address = str(handle.getpeername()[0])
                told = handle.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
                if len(told) < _TCP_INFO.size:  # a kernel before Linux 4.6
                    yield Connection(_plain(address), math.inf, 0.0)
                    continue
                numbers = _TCP_INFO.unpack(told)
                yield Connection(_plain(address), numbers[9] / 1000 if numbers[12] else math.inf, numbers[11] / 1000)


def _plain(address: str) -> str:
    """Give an IPv4 address that came over an IPv6 socket as such."""
    return address.removeprefix("::ffff:")


def has_left(address: str, age: float, known: list[Connection] | None) -> bool:
    """Tell whether the client of a request has gone.

    :param address: the client's own address, as the server sees it (a proxy's, if there is one).
    :param age: seconds since the request was read.
    :param known: what :func:`connections` gave.
    """
    if known is None:
        return False
    return not any(one.may_await(age) for one in known if one.address == _plain(address))
