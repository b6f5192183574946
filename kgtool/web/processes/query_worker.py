"""What happens inside a query worker: take a task, evaluate it on a read-only store, send the answer in pieces.

A worker is one process with one query at a time, so that a front may kill it: Oxigraph has no way to cancel a query,
and a query's text alone can bring a process down. Nothing here is shared with the front but two pipes.
"""

from __future__ import annotations

import contextlib
import os
import resource
from dataclasses import dataclass
from pathlib import Path

from kgtool.errors import KgtoolError, MemoryLimitError
from kgtool.graph import KnowledgeGraph
from kgtool.store.services import Services
from kgtool.web.evaluation import Failure, Message, evaluate
from kgtool.web.processes import messages
from kgtool.web.processes.board import is_at_least
from kgtool.web.processes.pipes import Pipe


@dataclass(frozen=True)
class Place:
    """What query workers work on, and with how much.

    :param store: the store's folder.
    :param published: whether a writer publishes its commits; else the store itself is opened.
    :param memory: MB of address space that a task may take beyond what the open store takes.
    :param services: what SERVICE may reach; None for nothing.
    """

    store: Path
    published: bool
    memory: int
    services: Services | None = None


def serve_tasks(tasks: Pipe, errors: int, place: Place) -> None:
    """Serve the tasks that come over a pipe until it closes: the main function of a worker process.

    :param tasks: where ``(task, commit)`` come in and messages go out.
    :param errors: the pipe that stands for standard error; the front reads it when this process dies.
    """
    os.environ["RUST_BACKTRACE"] = "0"
    os.dup2(errors, 2)
    with contextlib.suppress(OSError):  # where memory runs out, a worker goes before anything else
        Path("/proc/self/oom_score_adj").write_text("1000")
    graph: KnowledgeGraph | None = None
    with contextlib.suppress(KgtoolError):  # the first task reports it
        graph = _opened(place)

    def send(answer: Message) -> None:
        tasks.send(*messages.of_answer(answer))

    while True:
        try:
            task, commit = messages.read_task(*tasks.receive())
        except (EOFError, ConnectionResetError):
            return
        try:
            if graph is None or not is_at_least(graph.commit, commit):
                if graph is not None:
                    graph.close()
                    graph = None
                graph = _opened(place)
            evaluate(graph, task, send)
        except MemoryError:
            send(Failure(MemoryLimitError(f"the request needs more than {place.memory} MB")))
            return  # what was allocated is gone only with the process
        except BrokenPipeError:  # the front has let go
            return
        except KgtoolError as error:
            send(Failure(error))
        except Exception as error:  # the front logs it and answers 500
            send(Failure(RuntimeError(f"{type(error).__name__}: {error}")))


def _opened(place: Place) -> KnowledgeGraph:
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    graph = KnowledgeGraph.open(place.store, published=place.published, services=place.services)
    # The limit comes after opening: RocksDB's threads and caches reserve address space that no query asked for.
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    limit = pages * resource.getpagesize() + place.memory * 2**20
    with contextlib.suppress(ValueError, OSError):  # a system without this limit
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    return graph
