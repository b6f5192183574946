"""Companies and third places: who founded them where, what they came out of, who is in them, what they share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgtool.graph import KnowledgeGraph
from tests.questions.companies import BASE, MORE, PREFIXES, REGION, SOURCES


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
def region_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store: Path = tmp_path_factory.mktemp("region") / "store"
    KnowledgeGraph.build(store)
    return store


@pytest.fixture(scope="module")
def region(region_store: Path) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph.open(region_store) as opened:
        yield opened


@pytest.fixture(scope="module")
def larger(region_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    store = tmp_path_factory.mktemp("larger") / "store"
    shutil.copytree(region_store, store)
    with KnowledgeGraph.open(store, write=True) as opened:
        opened.update(MORE)
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


def test_spin_offs_trace_to_what_their_unit_became_or_was(graph: KnowledgeGraph) -> None:
    """s-sib came out of a sister of the unit, s-keeper out of the keeper itself: neither counts for the keeper."""
    assert asked(graph, "spin-offs", institution=f"{BASE}keeper") == [
        ("s-crew", "crew", "now", "later"),
        ("s-next", "next", "now", "earlier"),
        ("s-now", "now", "now", "none"),
        ("s-old", "old", "now", "later"),
    ]
    assert asked(graph, "spin-offs", institution=f"{BASE}starter") == [
        ("s-crew", "crew", "old", "none"),
        ("s-next", "next", "old", "earlier"),
        ("s-now", "now", "old", "earlier"),
        ("s-old", "old", "old", "none"),
        ("s-sib", "sib", "old", "earlier"),
    ]


def test_spin_offs_of_the_region(region: KnowledgeGraph) -> None:
    rows = [
        ("company/inbrain-pharma", "unit/u1172", "unit/u1172", "none"),
        ("company/invenis-biotherapies", "unit/u1172", "unit/u1172", "none"),
    ]
    assert asked(region, "spin-offs", institution=f"{REGION}institution/inserm") == rows
    assert asked(region, "spin-offs", institution=f"{REGION}institution/taipei-medical-university") == []


@pytest.mark.parametrize(
    ("day", "in_day", "in_months", "in_part"),
    [
        # Of p-day, hospital and unit are there on one day together. The hospital came to p-months on a day of June
        # 2020. The unit was seen in p-part on a day of 2019 and one of 2021.
        ("2020-06-14", "", "possible", "certain"),
        ("2020-06-15", "certain", "possible", "certain"),
        ("2020-06-16", "", "possible", "certain"),
        ("2020-06-30", "", "certain", "certain"),
        ("2020-05-31", "", "", "certain"),
        ("2021-01-01", "", "possible", "certain"),
        ("2021-01-02", "", "possible", "possible"),
        ("2019-12-31", "", "", "certain"),
        ("2019-12-30", "", "", "possible"),
    ],
)
def test_a_third_place_has_both_on_a_day(
    graph: KnowledgeGraph, day: str, in_day: str, in_months: str, in_part: str
) -> None:
    rows = [
        ("p-day", "h", "u", in_day),
        ("p-months", "h", "x", in_months),
        ("p-part", "g", "u", in_part),
        ("p-undated", "h", "u", "possible"),
    ]
    assert asked(graph, "third-places", date=day) == [row for row in rows if row[-1]]
    assert asked(graph, "third-places", date=day, mode="certain") == [row for row in rows if row[-1] == "certain"]


def test_who_is_in_the_third_places_of_the_region_is_not_said(region: KnowledgeGraph, larger: KnowledgeGraph) -> None:
    assert asked(region, "third-places") == []
    rows = [("third-place/in-citu", "institution/chu-de-lille", "unit/u1190", "possible")]
    assert asked(larger, "third-places") == rows


def test_companies_of_a_cluster_share_a_project_with_a_unit_on_some_day(graph: KnowledgeGraph) -> None:
    """n1 came to the cluster on the last day of the unit's time, n2 the day after; n4's project began later;
    n10's too, and who supervises its partner had ceased to.
    """
    cluster = f"{BASE}k"
    rows = [
        ("n1", "p1", "v", "certain"),
        ("n3", "p1", "v", "possible"),
        ("n5", "p3", "w", "possible"),
        ("n6", "p4", "v-team", "certain"),
    ]
    assert asked(graph, "companies-of-cluster", cluster=cluster, institution=f"{BASE}body") == rows
    certain = asked(graph, "companies-of-cluster", cluster=cluster, institution=f"{BASE}body", mode="certain")
    assert certain == [rows[0], rows[3]]


def test_a_plain_supervision_holds_at_every_date(graph: KnowledgeGraph) -> None:
    assert asked(graph, "companies-of-cluster", cluster=f"{BASE}k", institution=f"{BASE}peer") == [
        ("n1", "p1", "v", "certain"),
        ("n3", "p1", "v", "possible"),
        ("n4", "p2", "v", "possible"),
        ("n6", "p4", "v-team", "certain"),
    ]


def test_no_source_of_the_region_names_the_members_of_a_cluster(region: KnowledgeGraph, larger: KnowledgeGraph) -> None:
    values = {"cluster": f"{REGION}institution/eurasante", "institution": f"{REGION}institution/inserm"}
    assert asked(region, "companies-of-cluster", **values) == []
    rows = [("company/sanofi", "project/precinash", "unit/u1190", "possible")]
    assert asked(larger, "companies-of-cluster", **values) == rows
