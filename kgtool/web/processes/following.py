"""The follower: what a read-only service has instead of a writer. It tells of the commits of another writer."""

from __future__ import annotations

import contextlib
import os
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from kgtool.config import Settings
from kgtool.errors import KgtoolError
from kgtool.graph import KnowledgeGraph
from kgtool.store.services import Services
from kgtool.web.processes.board import Board
from kgtool.web.processes.lifeline import settle

#: Seconds between two looks for another process's commits.
_LOOK: Final = 0.5


def run_follower(
    settings: Settings,
    url: str,
    address: Path,
    board: Board,
    ready: Connection,
    parent: int,
    services: Services | None = None,
) -> None:
    """Open the store for reading and follow it: the main function of the follower's process; it never returns.

    Alone it shares the store's lock, so that nobody writes; beside a writer it follows what that one publishes. The
    parameters are those of :func:`kgtool.web.processes.writing.run_writer`.
    """
    settle(parent, ends_in_order=True)
    try:
        graph = KnowledgeGraph.open(settings.store)
    except KgtoolError as error:
        ready.send(error)
        os._exit(error.exit_code)
    board.commit = graph.commit
    ready.send(None)
    while not ready.poll(_LOOK):
        if graph.is_last:
            continue
        with contextlib.suppress(KgtoolError):
            newer = KnowledgeGraph.open(settings.store)
            graph.close()
            graph = newer
            board.commit = graph.commit
    graph.close()
    os._exit(0)
