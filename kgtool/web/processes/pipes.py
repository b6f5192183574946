"""A pipe between a front and a query worker: pickled objects, each behind its length, in as few system calls as can be.

In a front with many threads each call that may wait gives Python's lock away and has to get it back.
"""

from __future__ import annotations

import pickle
import socket
import struct
from typing import Any, Final

_LENGTH: Final = struct.Struct("<Q")
_READ: Final = 256 * 1024


class Pipe:
    """One end, of one process.

    :param end: a connected stream socket; closed by :meth:`close`.
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._held = b""

    def send(self, message: object) -> None:
        """Send an object; waits until the other end has room for it.

        :raises OSError: if the other end has gone.
        """
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        self._socket.settimeout(None)
        self._socket.sendall(_LENGTH.pack(len(data)) + data)

    def receive(self, seconds: float | None = None) -> Any:
        """Wait for an object.

        :param seconds: for each part of it; None for ever.
        :raises TimeoutError: if it does not come in time.
        :raises EOFError: if the other end has gone.
        :raises OSError: likewise.
        """
        self._socket.settimeout(seconds)
        data = self._held or self._more()
        while len(data) < _LENGTH.size:
            data += self._more()
        end = _LENGTH.size + _LENGTH.unpack_from(data)[0]
        if len(data) < end:
            parts = [data]
            size = len(data)
            while size < end:
                parts.append(self._more())
                size += len(parts[-1])
            data = b"".join(parts)
        self._held = data[end:]
        return pickle.loads(memoryview(data)[_LENGTH.size : end])

    def close(self) -> None:
        """Let go of this end."""
        self._socket.close()

    def _more(self) -> bytes:
        data = self._socket.recv(_READ)
        if not data:
            raise EOFError("the other end has gone")
        return data
