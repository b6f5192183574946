"""How a graph changes: the part of :class:`kgtool.graph.KnowledgeGraph` that commits, and follows."""

from __future__ import annotations

from collections.abc import Sequence

from kgtool.answering import AnsweringGraph
from kgtool.errors import ForbiddenError
from kgtool.store import layout
from kgtool.store.change import QuadDelta
from kgtool.transactions import commits
from kgtool.transactions.building import SHAPES
from kgtool.transactions.opening import Opened
from kgtool.transactions.progress import Progress
from kgtool.transactions.reports import STAGES, NotFound, Stopwatch, UpdateReport


class CommittingGraph(AnsweringGraph):
    """A graph that may be changed, if it was opened for that."""

    def tidy(self) -> None:
        """Remove what was published of earlier commits, where nobody reads it; who serves does so from time to time."""
        self._opened.folder.tidy()

    def _changed(
        self,
        change: QuadDelta,
        watch: Stopwatch,
        not_found: Sequence[NotFound] = (),
        *,
        allow_inconsistent: bool = False,
        progress: Progress | None = None,
    ) -> UpdateReport:
        """Commit a change, and say what it did."""
        shapes = self._writable().ontology / SHAPES
        place = (self._store, self._state, self._engine)
        done = commits.commit(
            *place, change, watch, shapes=shapes, allow_inconsistent=allow_inconsistent, progress=progress
        )
        self._follow(done.state)
        return done.as_update(not_found, watch.seconds(*STAGES))

    def _writable(self) -> Opened:
        if not self._opened.writes:
            raise ForbiddenError("this graph is open for reading", hint="open it with write=True")
        return self._opened

    def _follow(self, state: layout.State, opened: Opened | None = None) -> None:
        """Take note of a commit, and publish it if this process serves.

        :param opened: the store, which the commit may have made anew.
        """
        self._state = state
        if opened is not None and opened is not self._opened:
            self._store.close()
            self._opened, self._store = opened, opened.store
            self.__dict__.pop("_engine", None)
            opened.folder.publish(opened.store, state.commit)
        if self._url is not None and not self._together:
            self._opened.folder.publish(self._store, state.commit)
            self.tidy()
