"""Imports of real answers and of odd ones into a store: what a module says, the shapes accept."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kgtool.graph import KnowledgeGraph
from kgtool.ingest.registries import registry_named
from kgtool.ingest.registries.constructed import registry_of
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.mapping import RowMapping, mapped
from kgtool.ingest.registries.passes import Wanted
from kgtool.ingest.registries.registry import Origin
from kgtool.transactions.import_reports import ImportReport
from kgtool.transactions.importing import Import

from .reading import every_file, prologue, written
from .test_hostile import GOOD, changed, places

ORIGIN = Origin("answer", "https://example.org/answer")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """One store for all tests here: each import takes the place of what its graph held."""
    with KnowledgeGraph.open(
        tmp_path_factory.mktemp("imported") / "store", write=True, create=True, ontology=True
    ) as graph:
        yield graph


def imported(graph: KnowledgeGraph, name: str, *files: Path, date: str | None = "2024-01-01") -> ImportReport:
    registry = registry_named(name)
    records = (found for file in files for found in registry.read(Input(file.name, file)))
    wanted = Wanted(f"urn:kgtool:source:{name}", date=date)
    return graph.import_records(Import(registry, records, lambda: [ORIGIN], wanted))


def count(graph: KnowledgeGraph, pattern: str) -> int:
    result = graph.query(f"{prologue()} SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}", reasoning=True)
    ((found,),) = result.solutions()
    return int(found.value)


def test_real_answers_of_all_registries_stand_beside_one_another(
    graph: KnowledgeGraph, samples: Path, scanr_files: Path
) -> None:
    for name, files in (
        ("hal", every_file(samples / "hal_api")),
        ("openalex", every_file(samples / "open_alex_api")),
        ("scanr", [*every_file(samples / "scanr_api"), *every_file(scanr_files / "v2")]),
        ("idref", [*every_file(samples / "idref_people_rdf"), *every_file(samples / "idref_concepts_rdf")]),
    ):
        assert imported(graph, name, *files).described > 2
    assert count(graph, "?w schema:author ?p") > 50


def test_the_same_answers_again_change_nothing(graph: KnowledgeGraph, samples: Path) -> None:
    files = list(every_file(samples / "open_alex_api"))
    first, second = (imported(graph, "openalex", *files) for _ in range(2))
    assert first.described > 2
    assert (second.triples_added, second.triples_removed, second.commit) == (0, 0, first.commit)


def test_a_record_that_comes_again_is_told_and_left_out(graph: KnowledgeGraph, tmp_path: Path) -> None:
    document = next(value for kind, value in GOOD if kind == "hal")
    first, second = (written(tmp_path, document, f"{name}.json") for name in ("a", "b"))
    report = imported(graph, "hal", first, second)
    assert (report.described, report.faults.records) == (1, 1)
    assert "the same record" in report.faults.kept[0].what


def inner(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value[name]
    return value


def odd(value: Any, chance: random.Random) -> Any:
    """Change a few values of a record to what other records, or nobody, would write there."""
    kinds = ["2020-13-01", "1999", "2024-01-01", "0000-0002-1825-0098", "https://orcid.org/0000-0002-1825-0097", "x", 5]
    for _ in range(chance.randint(1, 4)):
        path = chance.choice(list(places(value)))
        value = changed(value, path, chance.choice([*kinds, None, [], {}, [{}], 2020, 1990]))
    return value


def odd_lines(name: str, many: int) -> list[str]:
    """Give records of a registry, many for each good one; each is one of its own where it has a key to be known by."""
    chance = random.Random(name)
    records = [odd(value, chance) for kind, value in GOOD if kind == name for _ in range(many)]
    good = next(value for kind, value in GOOD if kind == name)
    path = {"hal": ("halId_s",), "orcid": ("orcid-identifier", "path")}.get(name, ("id",))
    lines = [json.dumps(good)]
    for number, record in enumerate(records):
        key = str(inner(good, path))
        own = key[: len(key) - 1] + str(number) if key[-1:].isdigit() else key + str(number)
        named = path in set(places(record)) and name != "orcid"
        lines.append(json.dumps(changed(record, path, own) if named else record))
    return lines


@pytest.mark.parametrize("many", [4, pytest.param(80, marks=pytest.mark.long)])
def test_odd_records_never_refuse_the_rest(graph: KnowledgeGraph, many: int, tmp_path: Path) -> None:
    for name in sorted({name for name, _ in GOOD}):
        report = imported(graph, name, written(tmp_path, "\n".join(odd_lines(name, many)), "odd.jsonl"))
        assert report.described > 0


def test_a_table_in_a_store(graph: KnowledgeGraph, tmp_path: Path) -> None:
    text = """CONSTRUCT { ?m a kg:Membership ; org:member ?p ; org:organization ?u ; schema:startDate ?d .
        ?p a foaf:Person ; rdfs:label ?name . ?u a org:Organization ; rdfs:label ?unit }
        WHERE { BIND(IRI(CONCAT("urn:p:", ?id)) AS ?p) BIND(IRI(CONCAT("urn:u:", ?unit)) AS ?u)
        BIND(IRI(CONCAT("urn:m:", ?id)) AS ?m) BIND(STRDT(?since, xsd:gYear) AS ?d) }"""

    def load(rows: str) -> ImportReport:
        path = written(tmp_path, f"id;name;unit;since\n{rows}", "staff.csv")
        registry = registry_of("table", path.name)
        records = mapped(Input(path.name, path), RowMapping(text))
        wanted = Wanted("urn:kgtool:source:staff")
        return graph.import_records(Import(registry, records, lambda: [ORIGIN], wanted))

    first = load("1;Ada;U1;2019\n2;Bo;U1;2020\n3;Cy;U2;soon\n")
    assert (first.described, first.faults.parts) == (3, 1)
    assert "'soon' is no gYear" in first.faults.kept[0].what
    assert count(graph, "?p kg:affiliatedWith <urn:u:U1>") == 2
    again = load("1;Ada;U1;2019\n")
    assert again.described == 1
    assert count(graph, "?p kg:affiliatedWith <urn:u:U1>") == 1


def test_a_row_that_the_shapes_refuse_is_left_out_alone(graph: KnowledgeGraph, tmp_path: Path) -> None:
    text = """CONSTRUCT { ?p a foaf:Person ; rdfs:label ?name . ?m a kg:Membership ; org:member ?p ;
        org:organization <urn:u:1> ; schema:startDate ?from ; schema:endDate ?to }
        WHERE { BIND(IRI(CONCAT("urn:p:", ?name)) AS ?p) BIND(IRI(CONCAT("urn:m:", ?name)) AS ?m)
        BIND(STRDT(?start, xsd:gYear) AS ?from) BIND(STRDT(?end, xsd:gYear) AS ?to) }"""
    path = written(tmp_path, "name,start,end\nAda,2019,2020\nBo,2020,2019\nCy,2018,2019\n", "staff.csv")
    records = mapped(Input(path.name, path), RowMapping(text))
    wanted = Wanted("urn:kgtool:source:others")
    report = graph.import_records(Import(registry_of("table", path.name), records, lambda: [ORIGIN], wanted))
    assert [(fault.number, fault.key) for fault in report.faults.kept] == [(3, "3")]
    assert count(graph, "?m org:organization <urn:u:1>") == 2


def test_an_affiliation_on_a_paper_is_certain_on_its_day_only(graph: KnowledgeGraph, tmp_path: Path) -> None:
    document = next(value for kind, value in GOOD if kind == "hal") | {"publicationDate_s": "2019-05-02"}
    imported(graph, "hal", written(tmp_path, document))
    assert (
        count(
            graph,
            """?a a kg:Affiliation ; kg:person [ rdfs:label "Ada Lovelace" ] ; kg:certainFrom "2019-05-02"^^xsd:date ;
        kg:certainUntil "2019-05-02"^^xsd:date""",
        )
        == 1
    )
    assert count(graph, '?a kg:person [ rdfs:label "Ada Lovelace" ] ; kg:possibleFrom ?day') == 0
