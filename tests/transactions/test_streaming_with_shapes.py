"""A first load with shapes ends alike in one pass, as large ones go, and in memory."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest
from pyoxigraph import Literal

from kgtool import KnowledgeGraph, RefusedError
from kgtool.ingest import Source, sources_of_bytes
from kgtool.transactions import streaming
from kgtool.transactions.commits import refuse_violations
from kgtool.transactions.reports import LoadReport
from kgtool.validate import NOT_ALL, Finding, Report
from kgtool.vocabulary import PREFIXES, iri

from ..validate.packaged import HEAD
from .test_streaming import everything

PEOPLE = """
x:p a kg:Researcher . x:q a kg:Researcher ; rdfs:label "Q"@fr .
x:u a kg:ResearchUnit ; kg:supervisedBy x:i . x:i a kg:Institution ; rdfs:label "I"@fr .
x:m a kg:Membership ; org:member x:p ; org:organization x:u ; schema:startDate "2020"^^xsd:gYear ; org:role "chef" .
x:n a kg:Employment ; org:member x:q ; org:organization x:nowhere ; kg:attestedOn "2020-01"^^xsd:gYearMonth .
x:i rdfs:seeAlso [ rdfs:label "L" ] .
x:o a kg:Membership ; org:member x:q ; org:organization x:i ; schema:endDate "2021-12-31"^^xsd:date .
x:t a kg:Theme ; skos:prefLabel "T"@fr . x:1 schema:propertyID "HAL" ; schema:value "1" .
x:z a <http://schema.org/Person> .
"""
REFUSED = {
    "a date": 'x:m schema:startDate "2020-02-30"^^xsd:gYear .',
    "a midnight": 'x:m schema:endDate "2021-12-31T24:00:00"^^xsd:dateTime .',
    "an interval": 'x:m schema:endDate "2019"^^xsd:gYear .',
    "an end": "x:bad a kg:Membership ; org:member x:p .",
    "an asserted affiliation": "x:bad kg:through x:u .",
    "a contradiction": "x:C owl:disjointWith x:D . x:c a x:C, x:D .",
    "much": "".join(f"x:bad{n} a kg:Supervision ; kg:supervisedUnit x:u, x:v{n} . " for n in range(220)),
}


def sources(*texts: str) -> list[Source]:
    return [
        source
        for number, text in enumerate(texts)
        for source in sources_of_bytes(
            (HEAD + text).encode(), name=f"{number}", graph=f"urn:x:{number}", format="turtle"
        )
    ]


def loaded(path: Path, *texts: str, in_one_pass: bool, **options: bool) -> tuple[LoadReport, bytes]:
    """Load into a new store with the packaged ontology, in one way or the other."""
    with (
        pytest.MonkeyPatch.context() as patched,
        KnowledgeGraph.open(path, write=True, create=True, ontology=True) as kg,
    ):
        patched.setattr(streaming, "LARGE", 0 if in_one_pass else 1 << 40)
        report = kg.load(sources(*texts), **options)
        return dataclasses.replace(report, seconds={}, commit=""), everything(kg)


@pytest.mark.parametrize("texts", [[PEOPLE], [PEOPLE, 'x:p foaf:name "P" ; a kg:Researcher .']], ids=["one", "two"])
def test_both_ways_end_alike(tmp_path: Path, texts: Sequence[str]) -> None:
    one, other = (loaded(tmp_path / str(way), *texts, in_one_pass=way) for way in (True, False))
    assert one == other
    assert one[0].warnings > 5


def test_a_midnight_that_is_no_bound_is_kept_as_the_next_day(tmp_path: Path) -> None:
    said = 'x:p x:seen "2021-12-31T24:00:00"^^xsd:dateTime .'
    one, other = (loaded(tmp_path / str(way), PEOPLE, said, in_one_pass=way) for way in (True, False))
    assert one == other
    assert b"2022-01-01T00:00:00" in one[1]


#: The kinds that are found in different ways; the others are found like an interval, or like an end.
DIFFERENT = ("a midnight", "an interval", "an end", "a contradiction", "much")


@pytest.mark.parametrize(
    "name", [name if name in DIFFERENT else pytest.param(name, marks=pytest.mark.long) for name in REFUSED]
)
def test_both_ways_refuse_alike_and_leave_nothing(tmp_path: Path, name: str) -> None:
    reports = []
    for way in (True, False):
        with pytest.raises(RefusedError) as caught:
            loaded(tmp_path / str(way), PEOPLE, REFUSED[name], in_one_pass=way)
        assert not (tmp_path / str(way)).exists()
        reports.append((str(caught.value), caught.value.report))
    assert reports[0] == reports[1]


def test_a_refused_load_in_one_pass_leaves_the_store_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "LARGE", 0)
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True, ontology=True) as kg:
        with pytest.raises(RefusedError, match=r'^<urn:x:m>: the end "2019" comes before the start') as caught:
            kg.load(sources(PEOPLE, REFUSED["an interval"]))
        assert isinstance(caught.value.report, Report)
        (violation,) = (f for f in caught.value.report.findings if f.severity == "violation")
        assert (str(violation.focus), violation.path, violation.value) == (
            "<urn:x:m>",
            PREFIXES["schema"] + "endDate",
            Literal("2019", datatype=iri("xsd", "gYear")),
        )
        assert (violation.shape, violation.rule) == (
            PREFIXES["kg"] + "IntervalShape",
            PREFIXES["kg"] + "LatestNotBeforeConstraintComponent",
        )
        assert everything(kg) == b""
        kg.load(sources(PEOPLE))
        assert everything(kg) == loaded(tmp_path / "other", PEOPLE, in_one_pass=False)[1]


def test_contradictions_may_be_taken_and_are_counted_alike(tmp_path: Path) -> None:
    clash = "x:C owl:disjointWith x:D . x:c a x:C, x:D ."
    one, other = (
        loaded(tmp_path / str(way), PEOPLE, clash, in_one_pass=way, allow_inconsistent=True) for way in (True, False)
    )
    assert one == other


def test_that_not_all_was_looked_at_is_said() -> None:
    wrong = Finding("violation", None, None, None, {"en": "wrong"})
    left = Finding("info", None, None, None, {"en": "more"}, rule=NOT_ALL)
    with pytest.raises(RefusedError, match=r"wrong \(and 1 more\)"):
        refuse_violations(Report((wrong, wrong)))
    with pytest.raises(RefusedError, match=r"wrong \(and at least 1 more\)"):
        refuse_violations(Report((wrong, wrong, left)))
