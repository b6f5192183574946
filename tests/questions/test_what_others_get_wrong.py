"""Issues of VIVO and Scholia about affiliations in time, as questions with the right answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kgtool.graph import KnowledgeGraph
from tests.questions.people import BASE, asked, built, member

SOURCE = f"""
:body a kg:ResearchBody . :sister a kg:ResearchBody . :federation a kg:ResearchFederation ; kg:supervisedBy :body .
:unit a kg:ResearchUnit ; org:subOrganizationOf :federation . :team a kg:Team ; org:unitOf :unit .
{member("old", "body", "2008-09-01", "2012-08-31", "Employment")}
{member("two", "body", "2005", "2009-06", "Employment")}
{member("two", "body", "2015-01-01", "2018-12-31", "Employment")}
{member("undated", "body")} {member("deep", "team", "2010-01-01", "2011-12-31")}
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    yield from built(tmp_path_factory.mktemp("others"), {"people": SOURCE})


def of(graph: KnowledgeGraph, person: str, institution: str = "body", **values: str) -> list[tuple[str, ...]]:
    rows = asked(graph, "affiliated", institution=BASE + institution, **values)
    return [row[1:] for row in rows if row[0] == person]


def test_vivo_2816_an_old_position_is_not_current(graph: KnowledgeGraph) -> None:
    assert of(graph, "old", date="2012-08-31") == [("body", "certain", "2008-09-01", "2012-08-31")]
    assert of(graph, "old", date="2012-09-01") == []
    # Today, which is the date where none is said.
    assert of(graph, "old") == []


def test_vivo_2077_who_holds_a_position_at_a_date_comes_with_its_dates(graph: KnowledgeGraph) -> None:
    # Of two positions, the one that holds on the day, and neither on a day between them.
    assert of(graph, "two", date="2007-03-15") == [("body", "certain", "2005-12-31", "2009-06-01")]
    assert of(graph, "two", date="2009-06-30") == [("body", "possible", "2005-01-01", "2009-06-30")]
    assert of(graph, "two", date="2012-01-01") == []
    assert of(graph, "two", date="2016-01-01") == [("body", "certain", "2015-01-01", "2018-12-31")]


@pytest.mark.parametrize("when", [{}, {"date": "1950-01-01"}, {"date": "2015-01-01"}])
def test_scholia_739_an_undated_affiliation_is_possible_and_never_present(
    graph: KnowledgeGraph, when: dict[str, str]
) -> None:
    assert of(graph, "undated", **when) == [("body", "possible", "", "")]
    assert of(graph, "undated", mode="certain", **when) == []


def test_scholia_30_parts_are_followed_at_any_depth(graph: KnowledgeGraph) -> None:
    for above in ("team", "unit", "federation", "body"):
        assert of(graph, "deep", above, date="2011-12-31") == [("team", "certain", "2010-01-01", "2011-12-31")]
        assert of(graph, "deep", above, date="2012-01-01") == []
    assert of(graph, "deep", "sister", date="2011-12-31") == []
    # Not downwards: who is of the body is not of its parts.
    assert of(graph, "old", "federation", date="2011-12-31") == []
