"""Who has which query worker, for what, and how it ended."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import NamedTuple

from kgtool.web.evaluation import Task
from kgtool.web.processes.lines import Line
from kgtool.web.processes.nursery import Worker


class Client(NamedTuple):
    """Who asks.

    :param name: whose queries take turns with whose.
    :param address: where its connection comes from; None if nobody is to look whether it is still there.
    :param request: the id of its request in the logs.
    :param since: when its request came, on the monotonic clock; None for now.
    """

    name: str = ""
    address: str | None = None
    request: str = ""
    since: float | None = None


class Ended(NamedTuple):
    """A task that ended.

    :param outcome: one of :data:`kgtool.web.metrics.OUTCOMES`.
    :param seconds: that it had a worker; of one refused, that it waited.
    :param size: bytes of its answer that came from the worker.
    """

    task: Task
    outcome: str
    seconds: float
    client: Client
    size: int


@dataclass(eq=False, slots=True)
class Lease:
    """One task's hold on a worker. Whoever takes it out of the pool's set decides what becomes of the worker.

    :param deadline: when its time is over; ``asked``: when its request came; ``started``: when it got the worker. All
        on the monotonic clock, in seconds.
    :param slow: it takes long, and goes on at low priority.
    :param answering: its client has been sent something.
    :param offered: when a piece of its answer was given to the client, who has not taken it yet; None if the worker is
        at work.
    :param parked: it waits for a slow client, and is not counted among those that run.
    :param left: its client has gone.
    :param released: the worker is another task's, or idle.
    :param size: bytes of its answer that came from the worker.
    :param line: that which it is at the head of; None for one by itself.
    """

    worker: Worker
    task: Task
    client: Client
    deadline: float
    asked: float
    started: float = field(default_factory=time.monotonic)
    slow: bool = False
    answering: bool = False
    offered: float | None = None
    parked: bool = False
    left: bool = False
    released: bool = False
    size: int = 0
    line: Line | None = None
