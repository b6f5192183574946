"""Questions about projects: answers worked out by hand, and known facts of the region."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import ID_BASE
from tests.questions.projects import BASE, ONTOLOGY, PREFIXES, SOURCES

REGION = f"{ID_BASE}hauts-de-france/"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    place = tmp_path_factory.mktemp("projects")
    (place / "folder").mkdir()
    for name, text in SOURCES.items():
        (place / "folder" / f"{name}.ttl").write_text(PREFIXES + text, encoding="utf-8")
    KnowledgeGraph.build(place / "store", [place / "folder"])
    with KnowledgeGraph.open(place / "store") as opened:
        yield opened


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    store: Path = tmp_path_factory.mktemp("region") / "store"
    KnowledgeGraph.build(store)
    with KnowledgeGraph.open(store) as opened:
        yield opened


def asked(graph: KnowledgeGraph, question: str, **values: str) -> list[tuple[str, ...]]:
    """Ask, and give short names; what is not there is an empty text."""
    rows = graph.ask(question, values).solutions()
    texts = ([term.value if term else "" for term in row] for row in rows)
    return [tuple(text.removeprefix(REGION).removeprefix(BASE).removeprefix(ONTOLOGY) for text in row) for row in texts]


@pytest.mark.parametrize("name", ["i", "i-too"])
def test_projects_that_a_unit_alone_brings_to_an_institution(graph: KnowledgeGraph, name: str) -> None:
    # The institution is in p3 and, by its other name, in p5. A person of the unit is in p4. The supervision of the unit
    # in p6 ended before that project: any date counts.
    rows = [("p1", "u"), ("p2", "team"), ("p6", "gone"), ("p8", "u")]
    assert asked(graph, "projects-through-units", institution=BASE + name) == rows


def test_indirect_participants_at_the_start(graph: KnowledgeGraph) -> None:
    # Out: o-before, o-after, s-before; o-of-d and o-of-e, whose people left before and came after; and direct, which
    # takes part itself. The plain links of a and v have no link to show, and their rows are there.
    rows = [
        ("o-all", "certain", "a", "affiliation", "a-o-all"),
        ("o-first", "possible", "a", "affiliation", "a-o-first"),
        ("o-last", "possible", "a", "affiliation", "a-o-last"),
        ("o-most", "possible", "a", "affiliation", "a-o-most"),
        ("o-named", "certain", "a", "affiliation", "a-o-named-too"),
        ("o-of-b", "possible", "b", "affiliation", "b-o-of-b"),
        ("o-of-c", "possible", "c", "affiliation", "c-o-of-c"),
        ("o-plain", "possible", "a", "affiliation", ""),
        ("o-undated", "possible", "a", "affiliation", "a-o-undated"),
        ("s-all", "certain", "v", "supervision", "sv-all"),
        ("s-most", "possible", "v", "supervision", "sv-most"),
        ("s-plain", "certain", "v", "supervision", ""),
        ("s-undated", "possible", "v", "supervision", "sv-undated"),
        ("s-w", "possible", "w", "supervision", "sv-w"),
        ("s-whole", "certain", "v", "part", ""),
    ]
    assert asked(graph, "indirect-participants", project=f"{BASE}q") == rows
    for mode in ("certain", "possible"):
        some = [row for row in rows if row[1] == mode]
        assert asked(graph, "indirect-participants", project=f"{BASE}q", mode=mode) == some


def test_researchers_who_link_two_projects(graph: KnowledgeGraph) -> None:
    # Early left the day before l2, late came the day after l1; nobody known is in k1 in 2018 but those two and ever may
    # be. Mate and idle are in no project. A university is no unit.
    rows = [
        ("both", "k1", "l1", "l2", "certain"),
        ("ever", "k1", "l1", "l2", "possible"),
        ("named", "k1", "l1", "l2", "certain"),
        ("ever", "k1", "l1", "l3", "possible"),
        ("ever", "k1", "l2", "l3", "possible"),
        ("late", "k1", "l2", "l3", "possible"),
    ]
    doer, pair = [("doer", "k2", "l4", "l5", "possible")], [(who, "k3", "l6", "l7", "certain") for who in "xy"]
    of_these = ("k1", "k2", "k3", "k5")
    assert [row for row in asked(graph, "linking-researchers") if row[1] in of_these] == [*rows, *doer, *pair]
    assert asked(graph, "linking-researchers", mode="certain") == [rows[0], rows[2], *pair]
    assert asked(graph, "linking-researchers", project=f"{BASE}l3") == rows[3:]


def test_a_researcher_of_two_names_is_nobody_else(graph: KnowledgeGraph) -> None:
    assert asked(graph, "linking-researchers", project=f"{BASE}l8") == []


def test_who_is_with_a_unit_throughout_a_project(graph: KnowledgeGraph) -> None:
    # After came when it had started for sure, short left the day before its end, and neither half of halves is enough.
    certain = [
        ("in", "n", "certain", "2014-01-01", "2016-12-31"),
        ("same", "n", "certain", "2013-12-31", "2016-12-31"),
        ("twice", "crew", "certain", "2014-01-01", "2017-01-01"),
    ]
    possible = [
        ("last", "n", "possible", "2014-12-31", ""),
        ("second", "n", "possible", "2014-01-02", "2016-12-31"),
        ("undated", "n", "possible", "", ""),
    ]
    values = {"project": f"{BASE}t", "unit": f"{BASE}n"}
    assert asked(graph, "throughout-project", **values) == sorted(certain + possible)
    assert asked(graph, "throughout-project", **values, mode="certain") == certain
    assert asked(graph, "throughout-project", **values, mode="possible") == possible


def test_throughout_a_project_without_dates_everybody_may_be(graph: KnowledgeGraph) -> None:
    values = {"project": f"{BASE}t-undated", "unit": f"{BASE}n"}
    rows = asked(graph, "throughout-project", **values)
    people = {"in", "second", "last", "after", "short", "undated", "halves", "twice", "same"}
    assert {row[0] for row in rows} == people
    assert {row[2] for row in rows} == {"possible"}


@pytest.mark.parametrize("name", ["h", "h-too"])
def test_themes_that_the_projects_of_units_cover(graph: KnowledgeGraph, name: str) -> None:
    # C2 and c7 are the institution's own, c4 began the day after w1 had left, who left c5 the day before coming.
    wide = [("wide", "c3", "xv"), ("wide", "c6", "xv"), ("wide", "c8", "xv")]
    values = {"institution": BASE + name}
    assert asked(graph, "themes-covered", **values) == [("broad", "c1", "xu"), ("narrow", "c1", "xu"), *wide]
    assert asked(graph, "themes-covered", **values, theme=f"{BASE}broad") == [("broad", "c1", "xu")]


def test_funders_of_projects_with_a_unit_of_the_region(graph: KnowledgeGraph) -> None:
    # A partner (of d1) and a supporter (of d3) are no funders; d4 is elsewhere, d5 on something else, d7 began the day
    # after z had left, and d8 has a university that is no unit.
    rows = [("g1", "d1", "fu"), ("g1", "d6", "fu"), ("g1", "d9", "fu"), ("g2", "d2", "fu")]
    for place in ("town", "land"):
        assert asked(graph, "funders", theme=f"{BASE}ill", region=BASE + place) == rows
    assert asked(graph, "funders", theme=f"{BASE}flu", region=f"{BASE}land") == [rows[0]]


def test_no_unit_of_the_region_is_itself_said_to_be_in_a_project(region: KnowledgeGraph) -> None:
    # Two people, the CHU and Sanofi are.
    for body in ("inserm", "chu-de-lille"):
        assert asked(region, "projects-through-units", institution=f"{REGION}institution/{body}") == []


def test_indirect_participants_of_the_region(region: KnowledgeGraph) -> None:
    # The CHU takes part in PreciNASH itself. No source dates the project, nor its participations.
    rows = asked(region, "indirect-participants", project=f"{REGION}project/precinash")
    person, link = "person/francois-pattou", "membership/francois-pattou-u1190-director"
    assert ("institution/inserm", "possible", person, "affiliation", link) in rows
    assert ("unit/u1190", "possible", person, "affiliation", link) in rows
    assert {row[1:4] for row in rows} == {("possible", person, "affiliation")}
    assert "institution/chu-de-lille" not in {row[0] for row in rows}


def test_two_founders_of_a_federation_link_two_projects_of_the_region(region: KnowledgeGraph) -> None:
    # Bart Staels is a founder of EGID too, but in neither project.
    assert asked(region, "linking-researchers", project=f"{REGION}project/precinash") == [
        (f"person/{who}", "unit/egid", "project/precidiab", "project/precinash", "possible")
        for who in ("francois-pattou", "philippe-froguel")
    ]


def test_who_may_be_with_a_unit_of_the_region_throughout_a_project(region: KnowledgeGraph) -> None:
    values = {"project": f"{REGION}project/precinash", "unit": f"{REGION}unit/u1190"}
    rows = asked(region, "throughout-project", **values)
    assert ("person/francois-pattou", "unit/u1190", "possible", "", "") in rows
    assert "person/philippe-froguel" not in {row[0] for row in rows}
    assert asked(region, "throughout-project", **values, mode="certain") == []


def test_themes_of_the_region(region: KnowledgeGraph) -> None:
    # PreciNASH is about steatohepatitis and PreciDIAB about diabetes, both metabolic diseases.
    inserm, metabolic = f"{REGION}institution/inserm", "theme-metabolic-diseases"
    rows = asked(region, "themes-covered", institution=inserm, theme=ONTOLOGY + metabolic)
    assert (metabolic, "project/precinash", "unit/u1190") in rows
    assert (metabolic, "project/precidiab", "unit/umr-1283-8199") in rows
    assert (metabolic, "project/precidiab", "unit/u1190") not in rows
    assert {row[0] for row in rows} == {metabolic}
    assert asked(region, "themes-covered", institution=inserm, theme=f"{ONTOLOGY}theme-oncology") == []


def test_funders_of_the_region(region: KnowledgeGraph) -> None:
    # The ANR is said to support PreciDIAB, and not to fund it.
    values = {"theme": f"{ONTOLOGY}theme-metabolic-diseases", "region": f"{REGION}region/hauts-de-france"}
    rows = asked(region, "funders", **values)
    assert ("programme/programme-d-investissements-d-avenir", "project/precinash", "unit/u1190") in rows
    assert "project/precidiab" not in {row[1] for row in rows}
