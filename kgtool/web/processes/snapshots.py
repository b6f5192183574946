"""The graph as a front sees it: a snapshot of the last commit, shared by the requests that began on it."""

from __future__ import annotations

import threading
from pathlib import Path

from kgtool.graph import KnowledgeGraph
from kgtool.web.processes.board import is_at_least


class Snapshots:
    """Opens a snapshot when a later commit is asked for, and closes the former one when nobody uses it any more.

    :param store: the store's folder.
    :param published: whether a writer publishes its commits; else the store itself is opened.
    """

    def __init__(self, store: Path, *, published: bool) -> None:
        self._store = store
        self._published = published
        self._lock = threading.Lock()
        self._users: dict[KnowledgeGraph, int] = {}
        self._current: KnowledgeGraph | None = None

    def borrow(self, commit: str) -> KnowledgeGraph:
        """Give the graph as of a commit or a later one; give it back with :meth:`give_back`.

        :raises KgtoolError: if it cannot be opened.
        """
        with self._lock:
            if self._current is None or not is_at_least(self._current.commit, commit):
                newer = KnowledgeGraph.open(self._store, published=self._published)
                former, self._current = self._current, newer
                self._users[newer] = 0
                if former is not None and not self._users[former]:
                    self._close(former)
            self._users[self._current] += 1
            return self._current

    def give_back(self, graph: KnowledgeGraph) -> None:
        """Let go of a graph."""
        with self._lock:
            if graph not in self._users:  # closed in the meantime
                return
            self._users[graph] -= 1
            if graph is not self._current and not self._users[graph]:
                self._close(graph)

    def close(self) -> None:
        """Close every graph."""
        with self._lock:
            for graph in list(self._users):
                self._close(graph)
            self._current = None

    def _close(self, graph: KnowledgeGraph) -> None:
        del self._users[graph]
        graph.close()
