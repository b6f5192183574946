"""Queries that somebody shared and that name a person go with the person."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool import KnowledgeGraph
from kgtool.errors import MissingError
from kgtool.store.shared_queries import SharedQueries, SharedQuery
from kgtool.transactions.forgetting.forget import Forgetting

from .people import NAME, NEEDLES, ORCID, PERSON

NAMING = (
    f"SELECT * {{ <{PERSON}> ?p ?o }}",
    "PREFIX p: <https://example.org/person/> SELECT * { p:eleonore-quatrefages-lenoir ?p ?o }",
    "BASE <https://example.org/person/> SELECT * { <eleonore-quatrefages-lenoir> ?p ?o }",
    "SELECT * { <https://example.org/person/eleonore-quatr\\u0065fages-lenoir> ?p ?o }",
    f"SELECT * {{ ?s ?p <http://orcid.org/{ORCID}> }}",
    f'SELECT * {{ ?s ?p "{NAME.upper()}" }}',
)
STAYING = SharedQuery("SELECT * { ?s ?p <https://example.org/other> }", title="Of others")


def shared(store: Path) -> tuple[SharedQueries, list[str]]:
    queries = SharedQueries(store / "shared.sqlite")
    kept = [SharedQuery(text) for text in NAMING] + [SharedQuery("ASK {}", title=f"Of {NAME}")]
    return queries, [queries.add(each) for each in kept]


def test_queries_that_name_the_person_go(store: Path) -> None:
    queries, names = shared(store)
    stays = queries.add(STAYING)
    with KnowledgeGraph.open(store, write=True) as graph:
        assert graph.forget(Forgetting((PERSON,), dry_run=True)).shared_queries == 0
        assert queries.get(names[0])
        report = graph.forget(Forgetting((PERSON,)))
    assert report.shared_queries == len(names)
    for name in names:
        with pytest.raises(MissingError):
            queries.get(name)
    assert queries.get(stays) == STAYING
    text = (store / "shared.sqlite").read_bytes()
    assert [needle for needle in NEEDLES if needle.encode() in text] == []


def test_they_do_not_come_back_with_a_backup(store: Path, tmp_path: Path) -> None:
    queries, names = shared(store)
    stays = queries.add(STAYING)
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.backup(tmp_path / "backup")
        graph.forget(Forgetting((PERSON,)))
    (store / "shared.sqlite").unlink()
    KnowledgeGraph.restore(store, tmp_path / "backup")
    assert queries.get(stays) == STAYING
    # A list of digests knows IRIs and identifiers again, but no name in a text.
    for name in names[:5]:
        with pytest.raises(MissingError):
            queries.get(name)
