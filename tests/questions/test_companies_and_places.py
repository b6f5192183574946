"""Companies and third places: who founded them where, what they came out of, who is in them, what they share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kgtool.graph import KnowledgeGraph

BASE = "https://example.org/"
REGION = "https://w3id.org/kgtool/id/hauts-de-france/"
PREFIXES = f"""
@prefix : <{BASE}> . @prefix kg: <https://w3id.org/kgtool/ontology#> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix schema: <https://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""

#: Person a is in a unit of the town from 2010-03-01 to 2012-06-30, b in its team without a date, c in a department of a
#: hospital of the town from 2010 on, d in a unit elsewhere of a university of the town.
FOUNDERS = """
:town a kg:City ; schema:containedInPlace :county . :county a kg:Region . :far a kg:City .
:lab a kg:ResearchUnit ; kg:locatedIn :town . :team a kg:Team ; org:unitOf :lab .
:hospital a kg:Hospital ; kg:locatedIn :town . :ward a kg:HospitalDepartment ; org:unitOf :hospital .
:university a kg:University ; kg:locatedIn :town .
:branch a kg:ResearchUnit ; org:unitOf :university ; kg:locatedIn :far . :cell a kg:Team ; org:unitOf :branch .
:a a foaf:Person ; owl:sameAs :zed . :b a foaf:Person . :c a foaf:Person . :d a foaf:Person .
:m-a a kg:Membership ; org:member :a ; org:organization :lab ;
  schema:startDate "2010-03-01"^^xsd:date ; schema:endDate "2012-06-30"^^xsd:date .
:m-b a kg:Membership ; org:member :b ; org:organization :team .
:m-c a kg:Membership ; org:member :c ; org:organization :ward ;
  schema:startDate "2010"^^xsd:gYear ; kg:attestedOn "2020"^^xsd:gYear .
:m-d a kg:Membership ; org:member :d ; org:organization :cell .
:c-first-day a kg:Company ; schema:founder :zed ; schema:foundingDate "2010-03-01"^^xsd:date .
:c-eve a kg:Company ; schema:founder :a ; schema:foundingDate "2010-02-28"^^xsd:date .
:c-last-month a kg:Company ; schema:founder :a ; schema:foundingDate "2012-06"^^xsd:gYearMonth ; owl:sameAs :z-month .
:c-last-year a kg:Company ; schema:founder :a ; schema:foundingDate "2012"^^xsd:gYear .
:c-after a kg:Company ; schema:founder :a ; schema:foundingDate "2012-07"^^xsd:gYearMonth .
:c-two-dates a kg:Company ; schema:founder :a ;
  schema:foundingDate "2012-06-01"^^xsd:date , "2012-07-01"^^xsd:date .
:c-undated a kg:Company . :f a kg:Membership ; org:member :a ; org:organization :c-undated ; org:role kg:role-co-founder .
:c-of-b a kg:Company ; schema:founder :b ; schema:foundingDate "2015"^^xsd:gYear .
:c-of-c a kg:Company ; schema:founder :c ; schema:foundingDate "2011"^^xsd:gYear .
:c-of-d a kg:Company ; schema:founder :d .
:no-company a kg:Network ; schema:founder :a ; schema:foundingDate "2011"^^xsd:gYear .
"""
SOURCES = {"founders": FOUNDERS}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    place = tmp_path_factory.mktemp("places")
    folder = place / "folder"
    folder.mkdir()
    for name, text in SOURCES.items():
        (folder / f"{name}.ttl").write_text(PREFIXES + text, encoding="utf-8")
    KnowledgeGraph.build(place / "store", [folder])
    with KnowledgeGraph.open(place / "store") as opened:
        yield opened


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    store: Path = tmp_path_factory.mktemp("region") / "store"
    KnowledgeGraph.build(store)
    with KnowledgeGraph.open(store) as opened:
        yield opened


def asked(graph: KnowledgeGraph, name: str, **values: str) -> list[tuple[str, ...]]:
    """Rows with the names of the test's things, or of the region's, without what comes before; "" where unbound."""
    rows = graph.ask(name, values).solutions()
    return [
        tuple("" if term is None else term.value.removeprefix(BASE).removeprefix(REGION) for term in row)
        for row in rows
    ]


def test_founders_count_who_were_then_in_a_unit_of_the_city(graph: KnowledgeGraph) -> None:
    june, year = ("2012-06-01", "2012-06-30"), ("2012-01-01", "2012-12-31")
    certain = [
        ("c-first-day", "a", "lab", "certain", "2010-03-01", "2010-03-01"),
        ("c-last-month", "a", "lab", "certain", *june),
        # The start of c's membership is some day of 2010, so that all of 2011 is certain.
        ("c-of-c", "c", "ward", "certain", "2011-01-01", "2011-12-31"),
    ]
    possible = [
        # a left in the middle of 2012; one of the two days that sources give is after that.
        ("c-last-year", "a", "lab", "possible", *year),
        # b is in the team, and so in the unit; both are in the city.
        ("c-of-b", "b", "lab", "possible", "2015-01-01", "2015-12-31"),
        ("c-of-b", "b", "team", "possible", "2015-01-01", "2015-12-31"),
        ("c-two-dates", "a", "lab", "possible", "2012-06-01", "2012-07-01"),
        ("c-undated", "a", "lab", "possible", "", ""),
    ]
    town = f"{BASE}town"
    assert asked(graph, "companies-from-units", city=town) == sorted(certain + possible)
    assert asked(graph, "companies-from-units", city=town, mode="certain") == certain
    assert asked(graph, "companies-from-units", city=town, mode="possible") == possible


def test_a_unit_is_where_the_nearest_whole_with_a_place_is(graph: KnowledgeGraph) -> None:
    """The university of the cell is in the town, but the unit between the two is elsewhere."""
    rows = [("c-of-d", "d", "branch", "possible", "", ""), ("c-of-d", "d", "cell", "possible", "", "")]
    assert asked(graph, "companies-from-units", city=f"{BASE}far") == rows
    assert len(asked(graph, "companies-from-units", city=f"{BASE}county")) == 8  # what is in the town is in its county


def test_companies_of_the_region_founded_by_people_of_its_units(region: KnowledgeGraph) -> None:
    rows = asked(region, "companies-from-units", city=f"{REGION}place/lille")
    assert (
        "company/inbrain-pharma",
        "person/david-devos",
        "unit/u1172",
        "possible",
        "2018-01-01",
        "2018-12-31",
    ) in rows
    assert {row[0] for row in rows} == {"company/inbrain-pharma", "company/invenis-biotherapies"}
    assert asked(region, "companies-from-units", city=f"{REGION}place/amiens") == []
