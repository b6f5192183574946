"""What the routes work on: the open graph, the workers that evaluate on it, and the settings."""

from __future__ import annotations

import threading
from typing import cast

from flask import Flask, current_app

from kgtool.config import Settings
from kgtool.errors import KgtoolError
from kgtool.graph import KnowledgeGraph
from kgtool.web.evaluation import Task
from kgtool.web.jobs import Job, perform
from kgtool.web.problems import HttpProblem
from kgtool.web.workers import Answer, WorkerPool

_EXTENSION = "kgtool"


class GraphSource:
    """The graph of one store, open for as long as the service runs.

    :param settings: where the store is, and the limits of queries.
    :raises kgtool.errors.MissingError: if there is no store.
    :raises kgtool.errors.StoreError: if another process writes to it, or it cannot be read.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._graph = KnowledgeGraph.open(settings.store, write=not settings.read_only, memory=settings.reason_memory)
        if not settings.read_only:
            self.serve_at(f"http://{settings.host}:{settings.port}")
        self._pool: WorkerPool | None = None

    @property
    def graph(self) -> KnowledgeGraph:
        """Give the open graph, in this process: for what the service itself asks."""
        return self._graph

    @property
    def commit(self) -> str:
        """Give the last commit."""
        return self._graph.commit

    def serve_at(self, url: str) -> None:
        """Tell other processes, which find the store in use, where this service is; the workers see each commit."""
        if not self.settings.read_only:
            self._graph.serve_at(url)

    def perform(self, job: Job) -> dict[str, object]:
        """Carry out a change and give its report; one after the other, as Oxigraph does not isolate them.

        :raises KgtoolError: what is wrong with it, or the limit that it hit; nothing is changed then.
        :raises HttpProblem: 503 if another one does not end.
        """
        # Once it is found out what changes, nothing cancels an update; those that wait must not take every thread.
        wait = self.settings.query_timeout
        if not self._writing.acquire(timeout=wait):
            raise HttpProblem(
                503,
                f"another change is under way, and did not end within {wait:g} s",
                hint="try again later",
                headers={"Retry-After": "5"},
            )
        try:
            return perform(self._graph, job)
        finally:
            self._writing.release()

    def start(self) -> WorkerPool:
        """Start the workers, if they are not there yet."""
        with self._lock:
            if self._pool is None:
                settings = self.settings
                self._pool = WorkerPool(
                    settings.store,
                    size=settings.query_workers,
                    memory=settings.query_memory,
                    wait=settings.query_wait,
                )
            return self._pool

    def run(self, task: Task, *, timeout: float) -> Answer:
        """Evaluate what a client asks, in a process that may be killed, on the last commit."""
        return self.start().run(task, commit=self.commit, timeout=timeout)

    def answers(self) -> bool:
        """Tell whether the store is open and answers."""
        try:
            return self._graph.query("ASK {}").answer
        except KgtoolError:
            return False

    def close(self) -> None:
        """End the workers and let go of the store."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()
                self._pool = None
        self._graph.close()


def attach(app: Flask, source: GraphSource) -> None:
    """Let the app's routes find their source."""
    app.extensions[_EXTENSION] = source


def here() -> GraphSource:
    """Give the source of the app that answers the current request."""
    return cast(GraphSource, current_app.extensions[_EXTENSION])
