"""What would make no affiliation that makes sense is refused when it is loaded, with node, value and rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kgtool import KnowledgeGraph, RefusedError
from kgtool.ingest import Source, sources_of_bytes
from kgtool.validate import Report
from kgtool.vocabulary import PREFIXES

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + "@prefix x: <urn:x:> .\n"
PROLOGUE = HEAD.replace("@prefix", "PREFIX").replace(" .\n", "\n")
MEMBERSHIP = "x:m a kg:Membership ; org:member x:p ; org:organization x:o"
SUPERVISION = "x:m a kg:Supervision ; kg:supervisedUnit x:o ; kg:supervisingInstitution x:b"
#: Dates of one node that cannot be, the value that is to blame, and the rule.
DATES = {
    "an end before the start": (
        'schema:startDate "2021"^^xsd:gYear ; schema:endDate "2020-12"^^xsd:gYearMonth',
        "2020-12",
        "IntervalShape",
    ),
    "an end on the day before": (
        'schema:startDate "2020-02-29"^^xsd:date ; schema:endDate "2020-02-28T23:59:59-12:00"^^xsd:dateTime',
        "2020-02-28T23:59:59-12:00",
        "IntervalShape",
    ),
    "seen before the start": (
        'schema:startDate "2021"^^xsd:gYear ; kg:attestedOn "2020-12-31"^^xsd:date',
        "2020-12-31",
        "AttestedFromStartShape",
    ),
    "seen after the end": (
        'schema:endDate "2021"^^xsd:gYear ; kg:attestedOn "2022"^^xsd:gYear, "2021"^^xsd:gYear',
        "2022",
        "AttestedUntilEndShape",
    ),
    "31 February": ('schema:startDate "2020-02-31"^^xsd:date', "2020-02-31", "StartDateShape"),
    "29 February of a common year": ('schema:endDate "2023-02-29"^^xsd:date', "2023-02-29", "EndDateShape"),
    "a month that is none": ('kg:attestedOn "2020-13"^^xsd:gYearMonth', "2020-13", "AttestationDateShape"),
    "text": ('schema:startDate "spring 2020"', "spring 2020", "StartDateShape"),
    "text with a language": ('schema:endDate "2020"@fr', "2020", "EndDateShape"),
    "text that calls itself a date": ('kg:attestedOn "soon"^^xsd:date', "soon", "AttestationDateShape"),
    "a number": ("schema:startDate 2020", "2020", "StartDateShape"),
    "year 0": ('schema:startDate "0000"^^xsd:gYear', "0000", "StartDateShape"),
    "a day of year 0": ('schema:endDate "0000-12-31"^^xsd:date', "0000-12-31", "EndDateShape"),
    "a year of five digits": ('schema:endDate "10000"^^xsd:gYear', "10000", "EndDateShape"),
    "a leap second": ('schema:endDate "2016-12-31T23:59:60Z"^^xsd:dateTime', "2016-12-31T23:59:60Z", "EndDateShape"),
}
#: Midnight at the end of a day: stored as the day after, so that an end would move by a day unseen.
MIDNIGHT = {
    "24:00": ('schema:endDate "2020-12-31T24:00:00"^^xsd:dateTime', "2020-12-31T24:00:00", "EndDateShape"),
    "24:00 with a zone": (
        'kg:attestedOn "2020-12-31T24:00:00Z"^^xsd:dateTime',
        "2020-12-31T24:00:00Z",
        "AttestationDateShape",
    ),
}
#: Nodes that lack an end, or have one too many.
ENDS = {
    "no person": ("x:m a kg:Membership ; org:organization x:o .", "MemberEndShape"),
    "no organisation": ("x:m org:member x:p .", "OrganizationEndShape"),
    "no person in an employment": ("x:m a kg:Employment ; org:organization x:o .", "MemberEndShape"),
    "two people": (f"{MEMBERSHIP} . x:m org:member x:q .", "MemberEndShape"),
    "two organisations": (f"{MEMBERSHIP} . x:m org:organization x:b .", "OrganizationEndShape"),
    "no unit": ("x:m a kg:Supervision ; kg:supervisingInstitution x:b .", "SupervisedUnitEndShape"),
    "no institution": ("x:m kg:supervisedUnit x:o .", "SupervisingInstitutionEndShape"),
    "two institutions": (f"{SUPERVISION} . x:m kg:supervisingInstitution x:c .", "SupervisingInstitutionEndShape"),
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """A graph of the ontology alone."""
    store = tmp_path_factory.mktemp("bad") / "store"
    KnowledgeGraph.build(store, [], with_data=False)
    with KnowledgeGraph.open(store, write=True) as opened:
        yield opened


def source(turtle: str, graph: str = "urn:x:g") -> list[Source]:
    return sources_of_bytes((HEAD + turtle).encode(), name=graph, graph=graph, format="turtle")


def refused(graph: KnowledgeGraph, turtle: str) -> set[tuple[str, str | None, str]]:
    """Give node, value and shape of what is refused; see to it that nothing changed."""
    before = graph.commit, graph.stats()
    with pytest.raises(RefusedError) as caught:
        graph.load(source(turtle))
    assert (graph.commit, graph.stats()) == before
    assert "x:m" in str(caught.value)
    assert "nothing was changed" in str(caught.value)
    return {
        (
            finding.focus.value,
            finding.value.value if finding.value else None,
            finding.shape.removeprefix(PREFIXES["kg"]),
        )
        for finding in caught.value.report.findings
        if finding.severity == "violation" and finding.focus and finding.shape
    }


@pytest.mark.parametrize("node", [MEMBERSHIP, SUPERVISION], ids=["membership", "supervision"])
@pytest.mark.parametrize("name", DATES)
def test_dates_that_cannot_be_are_refused(graph: KnowledgeGraph, node: str, name: str) -> None:
    dates, value, shape = DATES[name]
    assert refused(graph, f"{node} ; {dates} .") == {("urn:x:m", value, shape)}


@pytest.mark.parametrize("name", MIDNIGHT)
def test_midnight_at_the_end_of_a_day_is_refused(graph: KnowledgeGraph, name: str) -> None:
    dates, value, shape = MIDNIGHT[name]
    try:
        assert refused(graph, f"{MEMBERSHIP} ; {dates} .") == {("urn:x:m", value, shape)}
    finally:
        graph.update("DROP SILENT GRAPH <urn:x:g>")


@pytest.mark.parametrize("name", MIDNIGHT)
@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { GRAPH <urn:x:g> { @ } }",
        "INSERT { GRAPH <urn:x:g> { @ } } WHERE {}",
        "INSERT DATA { <urn:x:a> <urn:x:p> 1 } ; INSERT { GRAPH <urn:x:g> { @ } } WHERE { <urn:x:a> <urn:x:p> ?o }",
    ],
)
def test_midnight_at_the_end_of_a_day_is_refused_in_an_update(graph: KnowledgeGraph, name: str, update: str) -> None:
    dates, value, shape = MIDNIGHT[name]
    before = graph.commit
    with pytest.raises(RefusedError) as caught:
        graph.update(PROLOGUE + update.replace("@", f"{MEMBERSHIP} ; {dates} ."))
    assert graph.commit == before
    report = caught.value.report
    assert isinstance(report, Report)
    (found,) = (finding for finding in report.findings if finding.severity == "violation")
    assert (str(found.focus), found.value.value, found.shape) == ("<urn:x:m>", value, PREFIXES["kg"] + shape)  # type: ignore[union-attr]


def test_midnight_elsewhere_is_the_next_day_and_can_be_removed(graph: KnowledgeGraph) -> None:
    said = '<urn:x:a> <urn:x:seen> "2020-12-31T24:00:00"^^xsd:dateTime'
    graph.update(f"{PROLOGUE} INSERT DATA {{ {said} }}")
    (row,) = graph.query("SELECT ?v { ?a <urn:x:seen> ?v }")
    assert row[0].value == "2021-01-01T00:00:00"
    assert graph.update(f"{PROLOGUE} DELETE DATA {{ {said} }}").deleted == 1


@pytest.mark.parametrize("name", ENDS)
def test_a_node_without_its_ends_is_refused(graph: KnowledgeGraph, name: str) -> None:
    turtle, shape = ENDS[name]
    found = refused(graph, turtle)
    assert {(node, rule) for node, _, rule in found} == {("urn:x:m", shape)}


def test_dates_are_judged_together_with_what_other_sources_say(graph: KnowledgeGraph) -> None:
    graph.load(source(f'{MEMBERSHIP} ; schema:startDate "2020"^^xsd:gYear .', "urn:x:first"))
    try:
        found = refused(graph, 'x:m schema:endDate "2019"^^xsd:gYear .')
        assert found == {("urn:x:m", "2019", "IntervalShape")}
        before = graph.commit
        with pytest.raises(RefusedError, match="before the start"):
            graph.update(PROLOGUE + 'INSERT DATA { x:m kg:attestedOn "2019-12-31"^^xsd:date }')
        with pytest.raises(RefusedError, match="exactly one member"):
            graph.update(PROLOGUE + "DELETE DATA { GRAPH <urn:x:first> { x:m org:member x:p } }")
        assert graph.commit == before
    finally:
        graph.unload(["urn:x:first"])


@pytest.mark.parametrize(
    ("start", "end", "bounds"),
    [
        ('"2020-03-01T23:59:59"^^xsd:dateTime', '"2020-03-02T00:00:00Z"^^xsd:dateTime', ("2020-03-01", "2020-03-02")),
        ('"2020-03-01T00:00:00+14:00"^^xsd:dateTime', '"2020-03-01-12:00"^^xsd:date', ("2020-03-01", "2020-03-01")),
        ('"2020+13:00"^^xsd:gYear', '"2020-02-11:00"^^xsd:gYearMonth', ("2020-01-01", "2020-02-29")),
        (
            '"0001-01-01T00:00:00+14:00"^^xsd:dateTime',
            '"9999-12-31T23:00:00-14:00"^^xsd:dateTime',
            ("0001-01-01", "9999-12-31"),
        ),
    ],
)
def test_a_time_or_a_zone_leaves_the_calendar_day(
    graph: KnowledgeGraph, start: str, end: str, bounds: tuple[str, str]
) -> None:
    graph.load(source(f"{MEMBERSHIP} ; schema:startDate {start} ; schema:endDate {end} ."))
    asked = PROLOGUE + "SELECT ?from ?until { ?a kg:membership x:m ; kg:possibleFrom ?from ; kg:possibleUntil ?until }"
    try:
        assert [tuple(term.value for term in row) for row in graph.query(asked).solutions()] == [bounds]  # type: ignore[union-attr]
    finally:
        graph.unload(["urn:x:g"])
