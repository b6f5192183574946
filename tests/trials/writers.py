"""Clients that write, and the ledger of what they were told: what has to be there, and what may be."""

from __future__ import annotations

import itertools
import random
import threading
import time
from dataclasses import dataclass, field

from tests.trials.services import BEARER, Service

LEFT, RIGHT = "urn:g:left", "urn:g:right"
COUNTER = f"""INSERT DATA {{ GRAPH <{LEFT}> {{ <urn:counter> <urn:value> 0 }}
                            GRAPH <{RIGHT}> {{ <urn:counter> <urn:value> 0 }} }}"""
_BOTH = f"GRAPH <{LEFT}> {{ <urn:counter> <urn:value> %s }} GRAPH <{RIGHT}> {{ <urn:counter> <urn:value> %s }}"
INCREMENT = (
    f"DELETE {{ {_BOTH % ('?v', '?v')} }} INSERT {{ {_BOTH % ('?w', '?w')} }} "
    f"WHERE {{ GRAPH <{LEFT}> {{ <urn:counter> <urn:value> ?v }} BIND(?v + 1 AS ?w) }}"
)
_PLAIN = "GRAPH <urn:g:right> {{ <urn:w:{n}> <urn:within> <urn:home> }}"
#: With the packaged ontology a membership, from which its shapes and rules have something to do.
_PACKAGED = """GRAPH <urn:g:right> {{ <urn:m:{n}> a <https://w3id.org/kgtool/ontology#Membership> ;
    <http://www.w3.org/ns/org#member> <urn:w:{n}> ; <http://www.w3.org/ns/org#organization> <urn:org> ;
    <https://schema.org/startDate> "2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date> }}
  GRAPH <urn:g:left> {{ <urn:w:{n}> a <https://w3id.org/kgtool/ontology#Researcher> }}"""
#: Statuses of a service that is being disturbed; any other than 200 and these is a fault.
_DISTURBED = (503,)


def insertion(number: int, *, packaged: bool = False) -> str:
    """Write the update that inserts a numbered thing: several triples in two graphs."""
    more = (_PACKAGED if packaged else _PLAIN).format(n=number)
    return f"""INSERT DATA {{ GRAPH <{LEFT}> {{ <urn:w:{number}> a <urn:Cat> ; <urn:number> {number} }}
        GRAPH <{RIGHT}> {{ <urn:w:{number}> <urn:check> {number} ; <urn:beside> <urn:home> }} {more} }}"""


@dataclass
class Ledger:
    """What clients sent and what they were told.

    :param tried: numbers sent; ``done``: those whose write was acknowledged.
    :param counted: acknowledged increments; ``open``: those with no answer, which may have happened or not.
    :param put_tried: the last version of each client's own graph that was sent; ``put_done``: acknowledged.
    """

    tried: set[int] = field(default_factory=set)
    done: set[int] = field(default_factory=set)
    counted: int = 0
    open: int = 0
    put_tried: dict[int, int] = field(default_factory=dict)
    put_done: dict[int, int] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Writers:
    """Threads that write to a service until told to stop.

    :param count: how many clients.
    :param packaged: the store has the packaged ontology.
    :param puts: the service has a graph store protocol.
    """

    def __init__(
        self, service: Service, ledger: Ledger, chance: random.Random, *, count: int, packaged: bool, puts: bool
    ) -> None:
        self._service = service
        self._ledger = ledger
        self._packaged = packaged
        self._puts = puts
        self._stop = threading.Event()
        self._numbers = itertools.count(max(ledger.tried, default=0) + 1)
        seeds = [chance.random() for _ in range(count)]
        self._threads = [
            threading.Thread(target=self._run, args=(client, random.Random(seed)), daemon=True)
            for client, seed in enumerate(seeds)
        ]

    def __enter__(self) -> Writers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(90)
        assert not any(thread.is_alive() for thread in self._threads), "a client that never gets an answer"

    def _run(self, client: int, chance: random.Random) -> None:
        while not self._stop.is_set():
            kind = chance.random()
            if kind < 0.6:
                self._insert()
            elif kind < 0.85 or not self._puts:
                self._count()
            else:
                self._put(client)

    def _sent(self, method: str, path: str, body: str, content_type: str) -> bool:
        """Send a write; tell whether it was acknowledged."""
        headers = {"Content-Type": content_type, **BEARER}
        try:
            answer = self._service(method, path, body, headers, timeout=60)
        except OSError as error:  # refused, or broken off before an answer
            if isinstance(error, TimeoutError):
                self._ledger.unexpected.append(f"no answer in 60 s: {body[:200]}")
            time.sleep(0.02)
            return False
        if answer.status in (200, 201, 204) and not answer.cut:
            return True
        if answer.status not in _DISTURBED and not answer.cut:
            self._ledger.unexpected.append(f"{answer.status} {answer.body[:500]!r} for {body[:200]}")
        time.sleep(0.02)
        return False

    def _insert(self) -> None:
        with self._ledger.lock:
            number = next(self._numbers)
            self._ledger.tried.add(number)
        text = insertion(number, packaged=self._packaged)
        if self._sent("POST", "/sparql", text, "application/sparql-update"):
            with self._ledger.lock:
                self._ledger.done.add(number)

    def _count(self) -> None:
        if self._sent("POST", "/sparql", INCREMENT, "application/sparql-update"):
            with self._ledger.lock:
                self._ledger.counted += 1
        else:
            with self._ledger.lock:
                self._ledger.open += 1

    def _put(self, client: int) -> None:
        version = self._ledger.put_tried.get(client, 0) + 1
        self._ledger.put_tried[client] = version
        body = f"<urn:put:{client}> <urn:version> {version} ; <urn:copy> {version} ; a <urn:Cat> ."
        if self._sent("PUT", f"/graphs?graph=urn:g:put:{client}", body, "text/turtle"):
            self._ledger.put_done[client] = version
