"""Who was where, under whom, and what changed: answers worked out by hand, and known facts of the region."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kgtool.graph import KnowledgeGraph
from tests.conftest import ROOT
from tests.questions.people import BASE, REGION, SOURCES, asked, built

INST, BODY, INSERM = f"{BASE}inst", f"{BASE}body", f"{REGION}institution/inserm"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    yield from built(tmp_path_factory.mktemp("people"), SOURCES)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    store = tmp_path_factory.mktemp("region") / "store"
    KnowledgeGraph.build(store, [ROOT / "data"])
    with KnowledgeGraph.open(store) as opened:
        yield opened


def how(graph: KnowledgeGraph, person: str, date: str) -> list[tuple[str, ...]]:
    """Mode, from and until of a person's rows for the institution."""
    return [row[2:] for row in asked(graph, "affiliated", institution=INST, date=date) if row[0] == person]


@pytest.mark.parametrize(
    ("person", "date", "rows"),
    [
        # Known to the day.
        ("day", "2010-02-28", []),
        ("day", "2010-03-01", [("certain", "2010-03-01", "2012-06-30")]),
        ("day", "2012-06-30", [("certain", "2010-03-01", "2012-06-30")]),
        ("day", "2012-07-01", []),
        # From some day of 2010 to some day of June 2012.
        ("part", "2009-12-31", []),
        ("part", "2010-01-01", [("possible", "2010-01-01", "2012-06-30")]),
        ("part", "2010-12-30", [("possible", "2010-01-01", "2012-06-30")]),
        ("part", "2010-12-31", [("certain", "2010-12-31", "2012-06-01")]),
        ("part", "2012-06-01", [("certain", "2010-12-31", "2012-06-01")]),
        ("part", "2012-06-02", [("possible", "2010-01-01", "2012-06-30")]),
        ("part", "2012-06-30", [("possible", "2010-01-01", "2012-06-30")]),
        ("part", "2012-07-01", []),
        # Seen on some day of 2010 and on some day of 2012.
        ("seen", "2010-12-30", [("possible", "", "")]),
        ("seen", "2010-12-31", [("certain", "2010-12-31", "2012-01-01")]),
        ("seen", "2012-01-01", [("certain", "2010-12-31", "2012-01-01")]),
        ("seen", "2012-01-02", [("possible", "", "")]),
        # A membership without dates, and a plain link.
        ("undated", "2011-01-01", [("possible", "", "")]),
        ("plain", "1900-01-01", [("possible", "", "")]),
        # In the team before the lab had its supervisor, and after.
        ("in-team", "2004-12-31", []),
        ("in-team", "2005-01-01", [("certain", "2005-01-01", "2020-12-31")]),
        ("in-team", "2020-12-31", [("certain", "2005-01-01", "2020-12-31")]),
        ("in-team", "2021-01-01", []),
    ],
)
def test_affiliated_at_the_edges(graph: KnowledgeGraph, person: str, date: str, rows: list[tuple[str, ...]]) -> None:
    assert how(graph, person, date) == rows


def test_affiliated_with_a_mode_and_without(graph: KnowledgeGraph) -> None:
    certain = [
        ("day", "inst", "certain", "2010-03-01", "2012-06-30"),
        ("in-team", "team", "certain", "2005-01-01", "2020-12-31"),
        ("part", "inst", "certain", "2010-12-31", "2012-06-01"),
        ("seen", "inst", "certain", "2010-12-31", "2012-01-01"),
    ]
    possible = [("plain", "inst", "possible", "", ""), ("undated", "inst", "possible", "", "")]
    # The person of elsewhere is in none of them.
    assert asked(graph, "affiliated", institution=INST, date="2011-01-01") == sorted(certain + possible)
    assert asked(graph, "affiliated", institution=INST, date="2011-01-01", mode="certain") == certain
    assert asked(graph, "affiliated", institution=INST, date="2011-01-01", mode="possible") == possible
    # With the lab, at a date when nobody supervised it: the team's person, and none of the institution's.
    rows = [("in-team", "team", "certain", "2004-01-01", "2030-12-31")]
    assert asked(graph, "affiliated", institution=f"{BASE}lab", date="2004-01-01") == rows


def test_affiliated_under_two_names_is_one_person(graph: KnowledgeGraph) -> None:
    # One of the two memberships is said of zed, the other of ann; both hold on the last day of May.
    may, june = ("certain", "2011-05-01", "2011-05-31"), ("certain", "2011-05-31", "2011-06-30")
    assert how(graph, "ann", "2011-05-30") == [may]
    assert how(graph, "ann", "2011-05-31") == [may, june]
    assert how(graph, "ann", "2011-06-01") == [june]
    assert how(graph, "ann", "2011-07-01") == []
    assert how(graph, "zed", "2011-05-31") == []


def test_affiliated_in_the_region(region: KnowledgeGraph) -> None:
    # The directory saw the director of CIIL, and Inserm above it, on days of 2022 that it does not tell.
    rows = asked(region, "affiliated", institution=INSERM, date="2022-09-01")
    assert ("person/jean-dubuisson", "unit/ciil", "possible", "", "") in rows
    assert asked(region, "affiliated", institution=INSERM, date="2022-09-01", mode="certain") == []


def test_not_stated_leaves_out_who_may_be_a_member_of_the_body_itself(graph: KnowledgeGraph) -> None:
    dated = ("u", "certain", "2010-01-01", "2012-12-31")
    in_team = ("n-team", "u-team", "possible", "", "")
    # n-both is with the body in 2011; n-undated and n-job may be with it at any date; n-left was until 2010.
    rows = [("n-left", *dated), in_team, ("n-unit", *dated)]
    assert asked(graph, "not-stated", institution=BODY, date="2011-06-01") == rows
    assert asked(graph, "not-stated", institution=BODY, date="2011-06-01", mode="possible") == [in_team]
    rows = [("n-both", *dated), in_team, ("n-unit", *dated)]
    assert asked(graph, "not-stated", institution=BODY, date="2010-12-31") == rows
    # On the day after, whose membership with the unit ended is out.
    assert asked(graph, "not-stated", institution=BODY, date="2013-01-01") == [
        in_team,
        ("n-unit", "u-team", "possible", "", ""),
    ]


def test_not_stated_in_the_region(region: KnowledgeGraph) -> None:
    # A page says that Joel Haas works at Inserm itself; nothing says it of the director of CIIL.
    rows = asked(region, "not-stated", institution=INSERM, date="2022-09-01")
    assert ("person/jean-dubuisson", "unit/ciil", "possible", "", "") in rows
    assert "person/joel-haas" not in {row[0] for row in rows}


def test_through_units_only_says_what_may_tie_a_person_to_the_body(graph: KnowledgeGraph) -> None:
    rows = [
        ("n-job", "u", "possible", "certain", "employment"),
        ("n-left", "u", "certain", "certain", "none"),
        ("n-team", "u-team", "possible", "possible", "none"),
        ("n-undated", "u", "possible", "certain", "membership"),
        # Certain by the unit, so that what is possible by the team is not said.
        ("n-unit", "u", "certain", "certain", "none"),
    ]
    assert asked(graph, "through-units-only", institution=BODY, date="2011-01-01") == rows
    for mode in ("certain", "possible"):
        found = asked(graph, "through-units-only", institution=BODY, date="2011-01-01", mode=mode)
        assert found == [row for row in rows if row[2] == mode]
    # n-both is not of the body yet, n-left still is; n-direct is in no unit.
    eve = {row[0] for row in asked(graph, "through-units-only", institution=BODY, date="2010-12-31", mode="certain")}
    assert eve == {"n-both", "n-unit"}


def test_through_units_only_in_the_region(region: KnowledgeGraph) -> None:
    rows = asked(region, "through-units-only", institution=INSERM, date="2022-09-01")
    assert ("person/jean-dubuisson", "unit/ciil", "possible", "possible", "none") in rows
    # A researcher at Inserm and a research fellow of it, by pages without dates; only the second is employed.
    assert ("person/david-devos", "unit/u1172", "possible", "possible", "membership") in rows
    assert ("person/joel-haas", "unit/u1011", "possible", "possible", "employment") in rows
    assert "institution/inserm" not in {row[1] for row in rows}


def joint(graph: KnowledgeGraph, **values: str) -> list[tuple[str, ...]]:
    return [row for row in asked(graph, "jointly-supervised", **values) if row[0].startswith("j")]


def test_jointly_supervised_on_a_day(graph: KnowledgeGraph) -> None:
    # The two of j4 are one under two names.
    both = {
        unit: [(unit, "certain", "a", "certain"), (unit, "certain", "b", "certain")]
        for unit in ("j1", "j3", "j5", "j6", "j7")
    }
    j2 = [("j2", "possible", "a", "certain"), ("j2", "possible", "b", "possible")]
    j6 = [*both["j6"], ("j6", "certain", "c", "possible")]
    rows = [*both["j1"], *j2, *both["j3"], *both["j5"], *j6, *both["j7"]]
    assert joint(graph, date="2015-12-31") == rows
    assert joint(graph, date="2015-12-31", mode="possible") == j2
    # On the eve, j1 has one, and a came to j7 on some day of 2015.
    j7 = [("j7", "possible", "a", "possible"), ("j7", "possible", "b", "certain")]
    assert joint(graph, date="2015-12-30") == [*j2, *both["j3"], *both["j5"], *j6, *j7]


def test_jointly_supervised_in_a_role(graph: KnowledgeGraph) -> None:
    # A plain link has no role, b takes part in j5, and c takes part in j6.
    rows = [("j6", "certain", "a", "certain"), ("j6", "certain", "b", "certain")]
    assert joint(graph, date="2015-12-31", role="kg:role-supervisor") == rows


def test_jointly_supervised_in_the_region(region: KnowledgeGraph) -> None:
    # Five supervisors of CIIL in the directory of 2022; the university of Guyane takes part.
    rows = asked(region, "jointly-supervised", date="2022-09-01", role="kg:role-supervisor")
    five = ["chu-de-lille", "cnrs", "inserm", "institut-pasteur-de-lille", "universite-de-lille"]
    expected = [("unit/ciil", "possible", f"institution/{name}", "possible") for name in five]
    assert [row for row in rows if row[0] == "unit/ciil"] == expected


def test_moved_and_kept(graph: KnowledgeGraph) -> None:
    # k-lost is with another body then; k-part and k-became stay; k-at-once never moves; nothing dates k-undated.
    rows = [
        ("k-also", "keep", "m1", "m2", "certain"),
        ("k-moved", "keep", "m1", "m2", "certain"),
        ("k-start", "keep", "m1", "m2", "possible"),
        ("k-stays", "keep", "m1", "m3", "certain"),
        ("k-years", "keep", "m1", "m2", "certain"),
    ]
    assert [row for row in asked(graph, "moved-and-kept") if row[0].startswith("k-")] == rows
    assert asked(graph, "moved-and-kept", mode="possible", institution=f"{BASE}keep") == [rows[2]]
    assert asked(graph, "moved-and-kept", person=f"{BASE}k-lost", order="any") == []


def test_two_parts_of_one_whole_are_two_units(graph: KnowledgeGraph) -> None:
    # From one ward to another of the same hospital.
    rows = [("in-wards", "h", "ward-1", "ward-2", "certain")]
    assert asked(graph, "moved-and-kept", person=f"{BASE}in-wards") == rows


def test_moved_and_kept_in_any_order(graph: KnowledgeGraph) -> None:
    assert asked(graph, "moved-and-kept", person=f"{BASE}k-undated") == []
    assert asked(graph, "moved-and-kept", person=f"{BASE}k-undated", order="any") == [
        ("k-undated", "keep", "m1", "m2", "possible"),
        ("k-undated", "keep", "m2", "m1", "possible"),
    ]


def test_moved_and_kept_in_the_region(region: KnowledgeGraph) -> None:
    # No two dates of its sources put units in order. In any order, Bart Staels may have gone from EGID to U1011, but
    # not from U1011 to a team of it.
    assert asked(region, "moved-and-kept") == []
    rows = asked(region, "moved-and-kept", order="any", person=f"{REGION}person/bart-staels", institution=INSERM)
    team = "unit/u1011-inter-organ-cross-talk"
    pairs = [("unit/egid", "unit/u1011"), ("unit/egid", team), ("unit/u1011", "unit/egid"), (team, "unit/egid")]
    assert [row[2:] for row in rows] == [(*pair, "possible") for pair in pairs]


def gained(graph: KnowledgeGraph, since: str, **values: str) -> list[tuple[str, ...]]:
    return asked(graph, "gained-and-lost", unit=f"{BASE}g0", since=since, **values)


def test_gained_and_lost(graph: KnowledgeGraph) -> None:
    undated = ("e4", "", "", "lost", "gc", "possible")
    gc = ("e1", "2016-01-01", "2016-01-01", "gained", "gc", "possible")
    gb = ("e1", "2016-01-01", "2016-01-01", "lost", "gb", "certain")
    gd = ("e2", "2019-01-01", "2019-12-31", "gained", "gd", "certain")
    # ga is there throughout; gz went in 2014; e0 led to the unit; of what came out of e3 nothing is known.
    assert gained(graph, "2015") == [undated, gc, gb, gd]
    assert gained(graph, "2015", mode="certain") == [gb, gd]
    assert gained(graph, "2015", mode="possible") == [undated, gc]
    assert gained(graph, "2017") == [undated, gd]
    gz = ("e1", "2016-01-01", "2016-01-01", "lost", "gz", "certain")
    assert gained(graph, "2014") == [undated, gc, gb, gz, gd]


def test_gained_and_lost_on_the_first_day_of_the_year(graph: KnowledgeGraph) -> None:
    rows = asked(graph, "gained-and-lost", unit=f"{BASE}r0", since="2020")
    assert [row[3:5] for row in rows] == [("lost", "rl")]


def test_who_was_lost_is_seen_from_a_year_before(graph: KnowledgeGraph) -> None:
    rows = asked(graph, "gained-and-lost", unit=f"{BASE}r0", since="2019")
    assert rows == [("renewal", "2020-01-01", "2020-01-01", "lost", "rl", "certain")]


def test_gained_and_lost_in_the_region(region: KnowledgeGraph) -> None:
    # Part of CIIL went into CANTHER in 2020. In 2022 CNRS, Inserm, the university and the CHU are over both.
    rows = asked(region, "gained-and-lost", unit=f"{REGION}unit/ciil", since="2015")
    canther = ("event/canther-2020-eclatement-fusion", "2020-01-01", "2020-12-31")
    assert rows == [
        (*canther, "gained", "institution/institut-pasteur", "possible"),
        (*canther, "lost", "institution/institut-pasteur-de-lille", "possible"),
        (*canther, "lost", "institution/universite-de-la-guyane", "possible"),
    ]
