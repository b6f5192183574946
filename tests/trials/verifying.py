"""What a store has to hold by a ledger, and whether its inferred graph is the closure of what it asserts."""

from __future__ import annotations

import io
from pathlib import Path

from kgtool.graph import KnowledgeGraph
from tests.trials.services import Service
from tests.trials.writers import LEFT, RIGHT, Ledger


def verify(service: Service, ledger: Ledger) -> None:
    """Compare a service's graph with a ledger: nothing acknowledged is missing, no write is there by half.

    Then take what it holds as the ledger's new ground: what had no answer has now happened or not.
    """
    assert ledger.unexpected == []
    _verify_numbers(service, ledger)
    _verify_counter(service, ledger)
    _verify_puts(service, ledger)


def _verify_numbers(service: Service, ledger: Ledger) -> None:
    parts = {
        "number": f"GRAPH <{LEFT}> {{ ?w <urn:number> ?n }}",
        "type": f"GRAPH <{LEFT}> {{ ?w a <urn:Cat> ; <urn:number> ?n }}",
        "check": f"GRAPH <{RIGHT}> {{ ?w <urn:check> ?n }}",
        "beside": f"GRAPH <{RIGHT}> {{ ?w <urn:check> ?n ; <urn:beside> <urn:home> }}",
        "consequence": "<urn:home> <urn:beside> ?w . ?w <urn:check> ?n",
    }
    found = {}
    for name, pattern in parts.items():
        rows = service.rows(f"SELECT ?w ?n {{ {pattern} }}")
        found[name] = {int(row["n"]) for row in rows if row["w"] == f"urn:w:{row['n']}"}
    present = set.union(*found.values())
    assert ledger.done - present == set(), "acknowledged and not there"
    assert present - ledger.tried == set(), "there and never sent"
    for name, numbers in found.items():
        assert present - numbers == set(), f"writes without their part {name}"
    ledger.done = present


def _verify_counter(service: Service, ledger: Ledger) -> None:
    rows = service.rows("SELECT ?g ?v { GRAPH ?g { <urn:counter> <urn:value> ?v } }")
    values = {row["g"]: int(row["v"]) for row in rows}
    assert len(rows) == 2, rows
    assert values[LEFT] == values[RIGHT], rows
    assert ledger.counted <= values[LEFT] <= ledger.counted + ledger.open, (values, ledger.counted, ledger.open)
    ledger.counted, ledger.open = values[LEFT], 0


def _verify_puts(service: Service, ledger: Ledger) -> None:
    for client, tried in ledger.put_tried.items():
        pattern = f"GRAPH <urn:g:put:{client}> {{ ?s <urn:version> ?v ; <urn:copy> ?c ; a <urn:Cat> }}"
        versions = [(int(row["v"]), int(row["c"])) for row in service.rows(f"SELECT ?v ?c {{ {pattern} }}")]
        done = ledger.put_done.get(client, 0)
        if not versions:
            assert done == 0, f"the graph of client {client} is gone"
            continue
        ((version, copy),) = versions
        assert version == copy
        assert done <= version <= tried
        ledger.put_done[client] = version


def verify_closure(store: Path) -> None:
    """Compute the closure from scratch, and compare it with the one that the store had; no service may run on it."""
    with KnowledgeGraph.open(store, write=True) as graph:
        before = _inferred(graph)
        assert before
        graph.reason()
        after = _inferred(graph)
    assert before - after == set(), "inferred and not following"
    assert after - before == set(), "following and not inferred"


def _inferred(graph: KnowledgeGraph) -> set[bytes]:
    output = io.BytesIO()
    graph.export("ntriples", output, only="inferred")
    return set(output.getvalue().splitlines())
