"""Decisions on links: what they make of a link, that they survive linking anew, and how one is taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kgtool.errors import ConditionError, InputError, MissingError
from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.link.entities.links import link_id
from kgtool.vocabulary import ID_BASE, PREFIXES
from tests.link.registries import HERE, PROLOGUE, ROR

CHU = link_id(f"{HERE}chu", f"{ID_BASE}ror/02ppyfa04")
LONE = link_id(f"{HERE}lone", f"{ID_BASE}hal/jeanne")
PASTEUR = [link_id(f"{HERE}institute", f"{ID_BASE}ror/{key}") for key in ("0000paste", "0000pastr")]
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
SAME = f"ASK {{ <{HERE}chu> <{PREFIXES['owl']}sameAs> <{ID_BASE}ror/02ppyfa04> }}"
MATCH = f"ASK {{ <{HERE}chu> <{PREFIXES['skos']}exactMatch> <{ID_BASE}ror/02ppyfa04> }}"
#: What only the registry says, of the thing of the graph: a consequence of their being the same.
MERGED = f'ASK {{ <{HERE}chu> <{PREFIXES["rdfs"]}label> "Centre Hospitalier Universitaire de Lille"@fr }}'


def statuses(graph: KnowledgeGraph) -> dict[str, str]:
    return {each.link.id: each.status for each in graph.links()}


def test_an_accepted_link_merges_and_survives_linking_anew(store: Path) -> None:
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.link()
        assert not graph.query(MERGED).answer
        graph.review(CHU, "accepted", by="A. Reviewer", why="same SIRET", now=NOON)
        for _ in range(2):
            assert graph.query(SAME).answer
            assert graph.query(MERGED).answer
            assert statuses(graph)[CHU] == "accepted"
            graph.link()
        (reviewed,) = [each for each in graph.links() if each.link.id == CHU]
        assert reviewed.review is not None
        assert (reviewed.review.by, reviewed.review.at, reviewed.review.why) == (
            "A. Reviewer", "2026-11-03T12:00:00Z", "same SIRET",
        )  # fmt: skip
        assert graph.same_as() == f"<{HERE}chu> <{PREFIXES['owl']}sameAs> <https://ror.org/02ppyfa04> .\n"


def test_decisions_survive_an_import_that_replaces_the_registry(store: Path) -> None:
    univ = link_id(f"{HERE}univ", f"{ID_BASE}ror/0000lille")
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.link()
        graph.review(CHU, "accepted", by="A. Reviewer", why="same SIRET")
        graph.review(univ, "rejected", by="A. Reviewer", why="another one")
        data = (PROLOGUE + ROR.replace("Centre Hospitalier Universitaire de Lille", "CHRU Lille")).encode()
        source = sources_of_bytes(data, name="ror", graph="urn:kgtool:source:ror", format="turtle")
        graph.load(source, replace=True)
        graph.link()
        assert (statuses(graph)[CHU], statuses(graph)[univ]) == ("accepted", "rejected")
        assert graph.query(SAME).answer
        assert graph.query(MERGED.replace("Centre Hospitalier Universitaire de Lille", "CHRU Lille")).answer
        assert not graph.query(MERGED).answer


def test_a_rejected_link_is_never_proposed_again_and_a_withdrawal_brings_it_back(store: Path) -> None:
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.link()
        graph.review(CHU, "rejected", by="A. Reviewer", why="another site")
        assert not graph.query(MATCH).answer
        assert f"{HERE}chu" not in {link.subject for link in graph.link().links}
        assert statuses(graph)[CHU] == "rejected"
        assert {each.link.kind for each in graph.links()} == {"organisation", "person"}
        graph.review(CHU, "withdrawn", by="B. Reviewer")
        graph.link()
        assert graph.query(MATCH).answer
        assert statuses(graph)[CHU] == "chosen"


def test_an_acceptance_that_is_withdrawn_merges_no_more(store: Path) -> None:
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.link()
        graph.review(CHU, "accepted", by="A. Reviewer")
        graph.review(CHU, "withdrawn", by="A. Reviewer")
        assert not graph.query(SAME).answer
        assert not graph.query(MERGED).answer
        assert graph.query(MATCH).answer
        (reviewed,) = [each for each in graph.links() if each.link.id == CHU]
        assert [each.decision for each in reviewed.history] == ["accepted", "withdrawn"]


def test_beside_an_accepted_link_nothing_else_of_its_registry_is_proposed(store: Path) -> None:
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.link()
        graph.review(PASTEUR[0], "accepted", by="A. Reviewer")
        with pytest.raises(ConditionError, match="says already what"):
            graph.review(PASTEUR[1], "accepted", by="A. Reviewer")
        graph.link()
        assert {id for id in statuses(graph) if id in PASTEUR} == {PASTEUR[0]}


@pytest.mark.parametrize(
    ("link", "decision", "by", "why", "error"),
    [
        (CHU, "perhaps", "A", "", InputError),
        (CHU, "accepted", " ", "", InputError),
        (CHU, "rejected", "A", " ", InputError),
        (CHU, "accepted", "A", "x" * 5000, InputError),
        ("nothing", "accepted", "A", "", MissingError),
        (CHU, "withdrawn", "A", "", ConditionError),
    ],
)
def test_a_review_that_says_too_little_changes_nothing(
    store: Path, link: str, decision: str, by: str, why: str, error: type[Exception]
) -> None:
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.link()
        commit = graph.commit
        with pytest.raises(error):
            graph.review(link, decision, by=by, why=why)
        assert graph.commit == commit


def test_people_may_accept_what_linking_only_proposed(store: Path) -> None:
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.link()
        graph.review(LONE, "accepted", by="A. Reviewer", why="her page lists the paper")
        assert graph.query(f"ASK {{ <{HERE}lone> <{PREFIXES['owl']}sameAs> <{ID_BASE}hal/jeanne> }}").answer
