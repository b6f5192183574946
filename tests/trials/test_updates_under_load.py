"""Updates from many clients at once, and what readers see of them."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.trials.neighbour import Neighbour
from tests.trials.processes import eventually
from tests.trials.services import Service
from tests.trials.stores import NUMBERS, make_store
from tests.trials.writers import INCREMENT, LEFT, RIGHT

LIMIT = 2.0
#: Seconds in which a writer that was stopped takes changes again, on a busy machine.
REPAIR = 8.0
_CROSS = "?a <urn:number> ?b . ?c <urn:number> ?d . ?e <urn:number> ?f . ?g <urn:number> ?h"
RUNAWAY_UPDATES = {
    "counts": f"INSERT {{ <urn:late> <urn:n> ?n }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ {_CROSS} }} }}",
    "inserts": f"INSERT {{ ?a <urn:late> ?d . ?c <urn:late> ?f }} WHERE {{ {_CROSS} }}",
    "deletes": f"DELETE {{ ?a <urn:text> ?t }} INSERT {{ <urn:late> <urn:p> ?h }} "
    f"WHERE {{ ?a <urn:text> ?t . {_CROSS} }}",
    "second operation": f"INSERT DATA {{ <urn:late> <urn:p> 1 }} ; INSERT {{ ?a <urn:late> ?h }} WHERE {{ {_CROSS} }}",
    "memory": "INSERT { <urn:late> <urn:p> ?x30 } WHERE { BIND('0123456789' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(30))
    + " }",
    "nesting": "INSERT { <urn:late> <urn:p> 1 } WHERE " + "{" * 5000 + "}" * 5000,
    "patterns": "INSERT { <urn:late> <urn:p> 1 } WHERE { "
    + " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(300))
    + " }",
}


@pytest.fixture
def writable(tmp_path: Path, service: Callable[..., Service]) -> Service:
    store = make_store(tmp_path / "store", numbers=NUMBERS)
    return service(store, KGTOOL_QUERY_TIMEOUT=f"{LIMIT:g}", KGTOOL_QUERY_MEMORY="256", KGTOOL_QUERY_WORKERS="2")


def test_runaway_updates_end_and_change_nothing(writable: Service) -> None:
    for kind, text in RUNAWAY_UPDATES.items():
        before = writable("GET", "/ready").body
        with Neighbour(writable) as neighbour:
            answer = writable.update(text, timeout=60)
        neighbour.check()
        assert answer.status in (400, 413, 504), (kind, answer.status, answer.body[:300])
        assert answer["Content-Type"] == "application/problem+json"
        if kind in ("counts", "inserts", "deletes", "second operation"):
            assert answer.status == 504, (kind, answer.body[:300])
        assert answer.seconds < LIMIT + 1 + max(neighbour.seconds), kind
        assert writable("GET", "/ready").body == before, f"{kind}: another commit"
        assert not writable.asked("ASK { { <urn:late> ?p ?o } UNION { ?s <urn:late> ?o } }")
        assert taken(writable, f'INSERT DATA {{ <urn:done> <urn:p> "{kind}" }}'), kind
    assert len(writable.rows("SELECT ?k { <urn:done> <urn:p> ?k }")) == len(RUNAWAY_UPDATES)


def taken(service: Service, text: str) -> bool:
    """Send an update that may find the writer busy, or started again: told so by 503, it comes back."""

    def is_done() -> bool:
        answer = service.update(text)
        assert answer.status == 200 or (answer.status == 503 and int(answer["Retry-After"]) > 0), answer.body[:300]
        return answer.status == 200

    return eventually(is_done, REPAIR)


def test_a_runaway_update_does_not_hold_up_another_for_long(writable: Service) -> None:
    with ThreadPoolExecutor() as pool:
        late = pool.submit(writable.update, RUNAWAY_UPDATES["counts"])
        time.sleep(0.2)
        assert taken(writable, "INSERT DATA { <urn:after> <urn:p> 1 }")
        assert late.result().status == 504
    assert writable.asked("ASK { <urn:after> <urn:p> 1 }")


def test_read_modify_write_from_eight_clients_adds_up(writable: Service) -> None:
    both = f"GRAPH <{LEFT}> {{ <urn:counter> <urn:value> 0 }} GRAPH <{RIGHT}> {{ <urn:counter> <urn:value> 0 }}"
    assert writable.update(f"INSERT DATA {{ {both} }}").status == 200
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: writable.update(INCREMENT).status, range(48)))
    assert set(statuses) == {200}
    for graph in (LEFT, RIGHT):
        rows = writable.rows(f"SELECT ?v {{ GRAPH <{graph}> {{ <urn:counter> <urn:value> ?v }} }}")
        assert [row["v"] for row in rows] == ["48"]


def test_readers_see_all_of_an_update_or_nothing_and_never_wait(writable: Service) -> None:
    pair = f"GRAPH <{LEFT}> {{ <urn:pair> <urn:is> %s }} GRAPH <{RIGHT}> {{ <urn:pair> <urn:is> %s }}"
    swap = f"DELETE {{ {pair % ('?v', '?v')} }} INSERT {{ {pair % ('?w', '?w')} }} "
    swap += f"WHERE {{ GRAPH <{LEFT}> {{ <urn:pair> <urn:is> ?v }} BIND(?v + 1 AS ?w) }}"
    assert writable.update(f"INSERT DATA {{ {pair % (0, 0)} }}").status == 200
    stop, seen, broken = threading.Event(), set[str](), list[object]()

    def read() -> None:
        while not stop.is_set():
            rows = writable.rows("SELECT ?g ?v { GRAPH ?g { <urn:pair> <urn:is> ?v } }")
            if len(rows) != 2 or rows[0]["v"] != rows[1]["v"]:
                broken.append(rows)
            seen.add(rows[0]["v"])

    with ThreadPoolExecutor() as pool, Neighbour(writable) as neighbour:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            statuses = {writable.update(swap).status for _ in range(40)}
        finally:
            stop.set()
        for reader in readers:
            reader.result()
    assert statuses == {200}
    assert broken == []
    assert len(seen) > 5, "the readers saw hardly any of the writes"
    neighbour.check()


def test_who_wrote_sees_it_in_the_next_request(writable: Service, chance: random.Random) -> None:
    """200 times, from four clients, each request on a new connection and so on any process."""

    def write_and_read(client: int) -> list[int]:
        missed = []
        for number in range(50):
            name = f"<urn:mine:{client}:{number}>"
            assert writable.update(f"INSERT DATA {{ {name} a <urn:Cat> }}").status == 200
            if not writable.asked(f"ASK {{ {name} a <urn:Animal> }}"):  # with its consequences
                missed.append(number)
        return missed

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(write_and_read, range(4))) == [[]] * 4
