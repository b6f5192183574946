"""An import is one transaction: the registry's graph is replaced with its consequences, or nothing is changed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from kgtool.errors import InputError, RefusedError
from kgtool.graph import KnowledgeGraph
from kgtool.transactions.importing import import_to_file
from tests.ingest.registries.importing import GRAPH, ID, asked, imported, lines, ror, rows

LILLE, INSERM, UNIT = "02kzqn938", "02vjkv261", "03pbmtd68"
BASE = f"{ID}ror/"
KG = "https://w3id.org/kgtool/ontology#"


def unit(*parents: str, **more: object) -> dict[str, object]:
    links = [{"type": "parent", "id": f"https://ror.org/{key}", "label": "x"} for key in parents]
    return ror(UNIT, "U1190", types=["facility"], relationships=links, **more)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def supervised(store: Path) -> list[tuple[str, ...]]:
    return rows(store, f"SELECT ?o {{ <{BASE}{UNIT}> <{KG}supervisedBy> ?o }}")


def test_what_follows_from_the_records_is_there_and_goes_with_them(store: Path) -> None:
    first = imported(store, "ror", lines(unit(LILLE, INSERM), ror(LILLE), ror(INSERM)), date="2026-06")
    assert supervised(store) == [(BASE + LILLE,), (BASE + INSERM,)]
    second = imported(store, "ror", lines(unit(LILLE), ror(LILLE, "Another name")), date="2026-06")
    assert supervised(store) == [(BASE + LILLE,)]
    assert set(first.added) == {BASE + key for key in (UNIT, LILLE, INSERM)}
    assert (first.removed, first.changed) == ((), ())
    assert second.removed == (BASE + INSERM,)
    assert {BASE + LILLE, BASE + UNIT} <= set(second.changed)
    assert rows(store, f"SELECT ?o {{ <{BASE}{INSERM}> ?p ?o }}") == []


def test_the_same_input_again_changes_nothing(store: Path) -> None:
    content = lines(unit(LILLE), ror(LILLE, established=2021))
    first = imported(store, "ror", content, date="2026-06")
    again = imported(store, "ror", content, date="2026-06")
    assert (again.added, again.removed, again.changed) == ((), (), ())
    assert (again.triples_added, again.triples_removed) == (0, 0)
    assert again.commit == first.commit
    assert again.inferred == first.inferred


def test_what_was_loaded_when_is_noted_apart_from_the_graph(store: Path) -> None:
    imported(store, "ror", lines(ror(LILLE)), date="2026-06")
    imported(store, "ror", lines(ror(INSERM)), date="2026-06")
    ended = "SELECT ?t { GRAPH <%s> { ?a <http://www.w3.org/ns/prov#endedAtTime> ?t } }"
    noted = rows(
        store, f"SELECT ?a {{ GRAPH <urn:kgtool:provenance> {{ ?a <http://www.w3.org/ns/prov#generated> <{GRAPH}> }} }}"
    )
    assert len(noted) == 2
    assert rows(store, ended % GRAPH) == []
    source = f"SELECT ?s {{ GRAPH <{GRAPH}> {{ <{GRAPH}> <http://www.w3.org/ns/prov#wasDerivedFrom> ?s }} }}"
    assert len(rows(store, source)) == 1


def test_a_record_that_only_validation_refuses_is_left_out_alone(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first check is switched off, so that a wrong check digit comes as far as the shapes."""
    monkeypatch.setattr("kgtool.ingest.registries.identifiers.is_sound", lambda scheme, value: True)
    wrong = ror(INSERM, external_ids=[{"type": "isni", "preferred": None, "all": ["0000 0004 0471 8846"]}])
    report = imported(store, "ror", lines(unit(LILLE, INSERM), ror(LILLE), wrong), date="2026-06")
    assert set(report.added) == {BASE + UNIT, BASE + LILLE}
    assert supervised(store) == [(BASE + LILLE,)]
    (fault,) = [fault for fault in report.faults.kept if not fault.part]
    assert (fault.number, fault.key) == (3, INSERM)
    assert "ISNI" in fault.what


def test_strict_refuses_all_for_one_and_the_store_stays_as_it_was(store: Path) -> None:
    imported(store, "ror", lines(ror(LILLE)), date="2026-06")
    before = rows(store, f"SELECT ?s ?p ?o {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}")
    for bad in (ror("02ppyfa05"), ror(INSERM, established="long ago"), {"id": None}):
        with pytest.raises(RefusedError) as raised:
            imported(store, "ror", lines(ror(INSERM, "New"), bad), strict=True, date="2026-06")
        assert "row " in raised.value.report.as_text()  # type: ignore[attr-defined]
    assert rows(store, f"SELECT ?s ?p ?o {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}") == before


def test_a_region_that_nothing_touches_leaves_the_graph_as_it_was(store: Path) -> None:
    imported(store, "ror", lines(ror(LILLE)), date="2026-06")
    with pytest.raises(InputError, match="none of the 1 records of ror touches the region"):
        imported(store, "ror", lines(ror(INSERM)), date="2026-06", region="departments:59")
    assert rows(store, f"SELECT ?o {{ <{BASE}{LILLE}> ?p ?o }}")


def test_an_interruption_in_the_middle_changes_nothing(store: Path) -> None:
    imported(store, "ror", lines(ror(LILLE)), date="2026-06")
    request = asked("ror", store.with_name("input"), date="2026-06")

    def cut_short() -> object:
        yield from request.records
        raise KeyboardInterrupt

    broken = type(request)(request.registry, cut_short(), request.origins, request.wanted)  # type: ignore[arg-type]
    with KnowledgeGraph.open(store, write=True) as kg, pytest.raises(KeyboardInterrupt):
        kg.import_records(broken)
    assert rows(store, f"SELECT ?o {{ <{BASE}{LILLE}> <http://www.w3.org/2000/01/rdf-schema#label> ?o }}")


def test_other_graphs_keep_what_they_say_of_the_same_entity(store: Path) -> None:
    imported(store, "ror", lines(ror(LILLE)), date="2026-06")
    with KnowledgeGraph.open(store, write=True) as kg:
        kg.update(f'INSERT DATA {{ GRAPH <urn:x:own> {{ <{BASE}{LILLE}> <urn:x:note> "mine" }} }}')
    imported(store, "ror", lines(ror(INSERM)), date="2026-06")
    assert rows(store, f"SELECT ?p ?o {{ <{BASE}{LILLE}> ?p ?o }}", reasoning=False) == [("urn:x:note", "mine")]


@pytest.mark.parametrize("format_", ["turtle", "trig", "ntriples"])
def test_a_file_has_the_same_bytes_each_time(tmp_path: Path, format_: str) -> None:
    file = tmp_path / "input"
    file.write_bytes(lines(unit(LILLE), ror(LILLE), ror("02ppyfa05")))
    outputs = [BytesIO(), BytesIO()]
    reports = [import_to_file(asked("ror", file, date="2026-06"), output, format_) for output in outputs]
    assert outputs[0].getvalue() == outputs[1].getvalue()
    read = {"turtle": RdfFormat.TURTLE, "trig": RdfFormat.TRIG, "ntriples": RdfFormat.N_TRIPLES}[format_]
    quads = list(parse(outputs[0].getvalue(), format=read))
    assert len(quads) == reports[0].triples_added
    assert {str(quad.graph_name) for quad in quads} == ({f"<{GRAPH}>"} if format_ == "trig" else {"DEFAULT"})
    assert reports[0].faults.records == 1
