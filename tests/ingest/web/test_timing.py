"""An answer has an end, at whatever place of it a server dribbles."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from kgtool.errors import RemoteError
from kgtool.ingest.web import Client, Manners, Request

#: Bytes that come one by one, each within the time for one read; together they take longer than a whole answer may.
DRIPS = 150
BRISK = Manners(gap=0, attempts=1, read=1.0, whole=0.3)

HEAD = b"HTTP/1.1 200 OK\r\n"
PLACES = {
    "the status": (b"HTTP/1.1 200 ", b"\r\nContent-Length: 2\r\n\r\n{}"),
    "a header": (HEAD + b"X-A: ", b"\r\nContent-Length: 2\r\n\r\n{}"),
    "a body with a length": (HEAD + b"Content-Length: %d\r\n\r\n{}" % (DRIPS + 2), b""),
    "a body without a length": (HEAD + b"Connection: close\r\n\r\n{}", b""),
    "a chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n{}" % (DRIPS + 2), b"\r\n0\r\n\r\n"),
    "what is said of a failure": (b"HTTP/1.1 403 No\r\nContent-Length: %d\r\n\r\n" % DRIPS, b""),
}


@contextmanager
def dribbling(before: bytes, after: bytes, drip: bytes = b"x", heard: list[str] | None = None) -> Iterator[str]:
    """Answer each connection with what comes before, then drip by drip, then with the rest.

    :param heard: told of each answer that was waited for to its end.
    """
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection, suppress(OSError):
                    connection.recv(1 << 16)
                    connection.sendall(before)
                    for _ in range(DRIPS):
                        time.sleep(0.01)
                        connection.sendall(drip)
                    connection.sendall(after)
                    if heard is not None:
                        heard.append("to the end")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


@pytest.mark.parametrize("place", PLACES)
def test_an_answer_has_an_end_wherever_it_dribbles(place: str) -> None:
    heard: list[str] = []
    with dribbling(*PLACES[place], heard=heard) as host:
        client = Client("kgtool/test", BRISK)
        with pytest.raises(RemoteError) as caught:
            client.get(Request(f"http://{host}/"))
        client.close()
    said = "answered 403" if place == "what is said of a failure" else "took longer than 0.3 s for a page"
    assert said in str(caught.value)
    assert heard == []


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_dribbles_is_waited_for_no_longer(scheme: str) -> None:
    with dribbling(b"HTTP/1.1 200 OK\r\nX-A: ", b"\r\n\r\n") as host:
        client = Client("kgtool/test", BRISK, proxy=f"http://{host}")
        with pytest.raises(RemoteError, match=r"took longer than 0\.3 s for a page"):
            client.get(Request(f"{scheme}://registry.example/"))
        client.close()


def test_a_handshake_that_dribbles_is_held_to_the_time_for_connecting() -> None:
    record = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"  # the beginning of a long server hello
    with dribbling(record, b"", drip=b"\x00") as host:
        client = Client("kgtool/test", Manners(gap=0, attempts=1, connect=0.3))
        with pytest.raises(RemoteError, match="Timeout"):
            client.get(Request(f"https://{host}/"))
        client.close()


def test_a_slow_answer_within_its_time_is_an_answer() -> None:
    before, after = PLACES["a body with a length"]
    with dribbling(before, after) as host:
        client = Client("kgtool/test", Manners(gap=0, attempts=1, read=5.0, whole=60.0))
        assert client.get(Request(f"http://{host}/")).content.startswith(b"{}xx")
        client.close()
