"""The watch over leases: over their time, over slow queries and slow clients, and over clients that have left."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from kgtool.web import metrics
from kgtool.web.processes.leases import Lease
from kgtool.web.processes.presence import connections, has_left

if TYPE_CHECKING:
    from kgtool.web.processes.pool import WorkerPool

#: Seconds between two looks.
LOOK: Final = 0.1
#: Seconds after which a query is a slow one.
_SLOW: Final = 0.3


def look(pool: WorkerPool) -> None:
    """Look at every lease once, and do what is due."""
    now = time.monotonic()
    busy, slow, queued, idle = pool.busy()
    metrics.workers_changed(busy, slow, idle)
    metrics.queue_changed(queued)
    waiting = []
    for lease in pool.holding.all():
        if now > lease.deadline:
            pool.end(lease, "time", owner=False)
            continue
        if lease.offered is not None and now - lease.offered > LOOK:
            pool.holding.park(lease)
        elif not lease.slow and now - lease.started > _SLOW:
            pool.holding.slow_down(lease)
        if not lease.answering and lease.client.address is not None and now - lease.asked > LOOK:
            waiting.append(lease)
    if waiting:
        _look_for_clients(pool, waiting)
    pool.idle.settle()
    pool.idle.replenish()


def _look_for_clients(pool: WorkerPool, waiting: list[Lease]) -> None:
    """End the queries whose clients have left without a byte of an answer."""
    known = connections()
    for lease in waiting:
        if has_left(lease.client.address or "", time.monotonic() - lease.asked, known) and not lease.answering:
            lease.left = True
            pool.end(lease, "left", owner=False)
