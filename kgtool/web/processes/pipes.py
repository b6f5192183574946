"""A pipe between a front and a query worker: messages with content, in as few system calls as can be.

In a front with many threads each call that may wait gives Python's lock away and has to get it back. So an end never
waits for a time: whoever wants to wait no longer kills the process at the other end, which ends the pipe.
"""

from __future__ import annotations

import select
import socket
import struct
from typing import Final

_FRAME: Final = struct.Struct("<IQ")
#: Bytes that are read at once.
_READ: Final = 16 * 1024
_GONE: Final = "the other end has gone"


class Pipe:
    """One end, of one process.

    :param end: a connected stream socket that blocks; closed by :meth:`close`.

    >>> ours, theirs = map(Pipe, socket.socketpair())
    >>> ours.send(b"message", b"content")
    >>> theirs.receive()
    (b'message', b'content')
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._held = b""
        self._view = memoryview(bytearray(_READ))  # a fresh one for each message costs more than the message

    def send(self, message: bytes, content: bytes = b"") -> None:
        """Send a message and what belongs to it; waits until the other end has room for it.

        :raises OSError: if the other end has gone.
        """
        frame = _FRAME.pack(len(message), len(content)) + message
        if len(content) <= _READ:
            self._socket.sendall(frame + content)
        else:
            self._socket.sendall(frame)
            self._socket.sendall(content)

    def receive(self) -> tuple[bytes, bytes]:
        """Wait for a message and its content.

        :raises EOFError: if the other end has gone.
        :raises OSError: likewise.
        """
        data = self._held or self._some()
        while len(data) < _FRAME.size:
            data += self._some()
        length, size = _FRAME.unpack_from(data)
        middle = _FRAME.size + length
        end = middle + size
        if len(data) < end:
            parts, missing = [data], end - len(data)
            while missing:
                parts.append(self._socket.recv(missing, socket.MSG_WAITALL))
                if not parts[-1]:
                    raise EOFError(_GONE)
                missing -= len(parts[-1])
            data = b"".join(parts)
        self._held = data[end:]
        return data[_FRAME.size : middle], data[middle:end]

    def has_more(self) -> bool:
        """Tell whether :meth:`receive` finds something at once; the end of the pipe is something too."""
        if self._held:
            return True
        poll = select.poll()  # unlike select, it takes descriptors of any number
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def close(self) -> None:
        """Let go of this end."""
        self._socket.close()

    def _some(self) -> bytes:
        size = self._socket.recv_into(self._view)
        if not size:
            raise EOFError(_GONE)
        return bytes(self._view[:size])
