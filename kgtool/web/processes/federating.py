"""The proxy's process: what SERVICE asks of other servers goes through it, and it evaluates nothing itself."""

from __future__ import annotations

from multiprocessing.connection import Connection

from kgtool.federation import Proxy
from kgtool.web.processes.lifeline import settle


def run_proxy(proxy: Proxy, end: Connection, parent: int) -> None:
    """Serve the proxy: the main function of its process.

    :param proxy: made by the supervisor, whose children all know its address.
    :param end: told when it is enough.
    :param parent: the supervisor's process number.
    """
    settle(parent, ends_in_order=False)
    proxy.start()
    end.poll(None)
