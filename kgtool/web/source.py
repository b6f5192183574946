"""What the routes work on: snapshots of the graph, the workers that evaluate on it, the writer, and the settings."""

from __future__ import annotations

import os
from typing import cast

from flask import Flask, current_app, g, has_request_context, request

from kgtool.config import Settings
from kgtool.errors import KgtoolError
from kgtool.graph import KnowledgeGraph
from kgtool.web import observing
from kgtool.web.access_log import BEGUN
from kgtool.web.evaluation import Task
from kgtool.web.jobs import Job
from kgtool.web.processes.board import Board
from kgtool.web.processes.household import Meeting
from kgtool.web.processes.leases import Client, Ended
from kgtool.web.processes.pool import Answer, WorkerPool
from kgtool.web.processes.snapshots import Snapshots
from kgtool.web.processes.writer_client import WriterClient
from kgtool.web.slow_queries import SlowQueries

_EXTENSION = "kgtool"


class GraphSource:
    """What one front has of a service: everything that it answers from.

    :param settings: the limits of queries.
    :param meeting: where the other processes of the service are.
    :param watches: whether to look at the connections of this process for clients that have left.
    """

    def __init__(self, settings: Settings, meeting: Meeting, *, watches: bool = True) -> None:
        self.settings = settings
        self.watches = watches
        #: The file of the names that ``/reconcile`` and ``/search`` look in; query workers make it.
        self.names = meeting.names
        #: The commit that this file was last brought to, as far as this front knows.
        self.names_as_of = ""
        self._board = Board(meeting.board)
        self._snapshots = Snapshots(settings.store, published=not settings.read_only)
        self._writer = WriterClient(meeting.writer, self._board, settings.query_timeout)
        fronts = fronts_of(settings)
        self.pool = WorkerPool(
            meeting.nursery,
            size=max(1, settings.query_workers // fronts),
            memory=settings.query_memory,
            wait=settings.query_wait,
            lines=max(1, (os.cpu_count() or 1) // fronts),
            told=self._note,
        )
        self._slow_queries: SlowQueries | None = None

    @property
    def graph(self) -> KnowledgeGraph:
        """Give the graph as of the last commit, in this process, for as long as the request lasts."""
        if not has_request_context():
            return self._snapshots.borrow(self.commit)
        if "graph" not in g:
            g.graph = self._snapshots.borrow(self.commit)
        return cast(KnowledgeGraph, g.graph)

    @property
    def commit(self) -> str:
        """Give the last commit."""
        return self._board.commit

    def perform(self, job: Job) -> dict[str, object]:
        """Have a change carried out, and give its report.

        :raises KgtoolError: what is wrong with it, or the limit that it hit; nothing is changed then.
        :raises HttpProblem: 503 if its turn does not come, or nobody knows what became of it.
        """
        return self._writer.perform(job, observing.current_author())

    def run(self, task: Task, *, timeout: float) -> Answer:
        """Evaluate what a client asks, in a process that may be killed, on the last commit.

        :param timeout: seconds from the start of the evaluation to the last byte.
        :raises KgtoolError: what is wrong with it, or the limit that it hit.
        :raises HttpProblem: 503 when its turn did not come in time.
        """
        client = Client()
        if has_request_context():
            address = request.remote_addr if self.watches else None
            since = request.environ.get(BEGUN)
            client = Client(observing.current_client(), address, observing.current_request_id(), since)
        return self.pool.run(task, commit=self.commit, timeout=timeout, client=client)

    def observed_by(self, slow_queries: SlowQueries) -> None:
        """Tell of every task that ends."""
        self._slow_queries = slow_queries

    def _note(self, ended: Ended) -> None:
        if self._slow_queries is not None:
            task, outcome, seconds, client, size = ended
            self._slow_queries.ended(task, outcome, seconds, client=client.name, request=client.request, size=size)

    def answers(self) -> bool:
        """Tell whether the store answers."""
        try:
            return self.graph.query("ASK {}").answer
        except KgtoolError:
            return False

    def give_back(self, error: BaseException | None = None) -> None:
        """Let go of what a request has borrowed."""
        graph = g.pop("graph", None)
        if graph is not None:
            self._snapshots.give_back(graph)

    def close(self) -> None:
        """End the workers and let go of the store."""
        self.pool.close()
        self._snapshots.close()


class LoneSource(GraphSource):
    """A front that brings the other processes of the service along: for another WSGI server, or for none.

    They are started in a fresh interpreter, as this one may have threads, or the store open.

    :raises KgtoolError: if the store cannot be opened.
    """

    def __init__(self, settings: Settings) -> None:
        from kgtool.web.processes.alone import start

        self._household = start(settings)
        try:
            super().__init__(settings, self._household.meeting, watches=False)
        except BaseException:
            self._household.close()
            raise

    def close(self) -> None:
        """End every process of the service."""
        super().close()
        self._household.close()


def fronts_of(settings: Settings) -> int:
    """Give the number of fronts: each has at least one query worker."""
    return min(settings.fronts, settings.query_workers)


def attach(app: Flask, source: GraphSource) -> None:
    """Let the app's routes find their source."""
    app.extensions[_EXTENSION] = source
    app.teardown_request(source.give_back)


def here() -> GraphSource:
    """Give the source of the app that answers the current request."""
    return cast(GraphSource, current_app.extensions[_EXTENSION])
