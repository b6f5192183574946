"""Questions that count people, or ask what is missing: answers worked out by hand, and known facts of the region."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import ID_BASE, SOURCE_PREFIX
from tests.conftest import ROOT

BASE = "https://example.org/"
REGION = f"{ID_BASE}hauts-de-france/"
PREFIXES = f"""
@base <{BASE}> . @prefix : <{BASE}> . @prefix kg: <https://w3id.org/kgtool/ontology#> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix schema: <https://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def dates(start: str | None, end: str | None) -> str:
    kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
    said = (("startDate", start), ("endDate", end))
    return "".join(f' ; schema:{name} "{day}"^^xsd:{kinds[len(day)]}' for name, day in said if day)


def supervision(unit: str, body: str, start: str | None = None, end: str | None = None) -> str:
    return f"[] a kg:Supervision ; kg:supervisedUnit :{unit} ; kg:supervisingInstitution :{body}{dates(start, end)} .\n"


def membership(name: str, who: str, body: str, start: str | None = None, end: str | None = None) -> str:
    return f":{name} a kg:Membership ; org:member :{who} ; org:organization :{body}{dates(start, end)} .\n"


def participation(project: str, *participants: str) -> str:
    return "".join(f"[] a kg:Participation ; kg:project :{project} ; kg:participant :{one} .\n" for one in participants)


JOINT = f"""
{supervision("j1", "a", "2010-01-01", "2015-12-31")} {supervision("j1", "b2", "2015-12-31", "2020-12-31")}
:b owl:sameAs :b2 .
{supervision("j2", "a", "2010-01-01", "2015-12-31")} {supervision("j2", "c", "2016-01-01", "2020-12-31")}
{supervision("j3", "b")} {supervision("j3", "d")} :j3 kg:supervisedBy :e .
:j4 kg:supervisedBy :d , :e .
{supervision("j5", "f", "2020-01-01", "2020-12-31")} {supervision("j5", "g", "2020-01-01", "2020-12-31")}
{participation("p1", "f", "g")}
{supervision("j6", "f", "2020-01-01", "2020-12-31")} {supervision("j6", "h", "2020-01-01", "2020-12-31")}
:t6 a kg:Team ; org:unitOf :j6 .
{participation("p2", "j6", "h")} {participation("p3", "f", "t6")}
{supervision("j7", "g", "2020-01-01", "2020-12-31")} {supervision("j7", "h", "2020-01-01", "2020-12-31")}
:own-of-g kg:supervisedBy :g . {participation("p4", "own-of-g", "h")}
{supervision("j8", "a", "2015", "2020")} {supervision("j8", "c", "2010", "2015-06")}
{membership("of-a", "somebody", "a", "1980-01-01", "1980-12-31")} {participation("p5", "b", "somebody")}
"""
HEADS = f"""
:x a kg:University . :y a kg:Hospital . :z a kg:ResearchBody . :z owl:sameAs :z2 . :club a org:Organization .
{supervision("u", "x", "2010-01-01", "2020-12-31")} {supervision("u", "y", "2010-01-01", "2020-12-31")}
{membership("h1", "p-one", "u", "2012-01-01", "2018-12-31")}
{membership("h2", "p-one", "x", "2012-01-01", "2018-12-31")}
{membership("h3", "p-two", "z", "2015-06-15", "2016-12-31")}
{membership("h4", "p-two", "z2", "2015-06-15", "2016-12-31")}
{membership("h5", "p-two", "club", "2015-01-01", "2016-12-31")} {membership("h6", "p-three", "z", "2015-06-16")}
{membership("h7", "p-four", "x")} {membership("h8", "p-four", "z", "2014-01-01", "2016-12-31")}
{membership("h9", "p-five", "z", "2014-01-01", "2016-12-31")}
{membership("h10", "p-five-too", "y", "2014-01-01", "2016-12-31")} :p-five owl:sameAs :p-five-too .
{membership("h11", "p-six", "y", "2014-01-01", "2015-06-14")} {membership("h12", "p-seven", "z", "2015", "2016")}
{"".join(membership(f"h13{body}", "p-eight", body, "1990-01-01", "1990-12-31") for body in "xyz")}
"""
#: What two sources say: unit v is supervised by the house at every date.
SAYS_A = f"""
:v a kg:ResearchUnit ; kg:supervisedBy :house .
{membership("m1", "q1", "v")} {membership("m2a", "q2", "v", "2010-01-01", "2012-12-31")}
{membership("m3a", "q3", "v", "2010-01-01", "2014-01-01")} {membership("m4a", "q4", "v", "2001-01-01", "2003-12-31")}
{membership("m5a", "q5", "v", "2010-01-01")} :m5a org:role kg:role-director .
{membership("m6", "q6", "v", "2010")} {membership("m7", "q7", "v", "2010")}
:q8 org:memberOf :v . {membership("m9a", "q9", "v")} {membership("m10a", "q10", "v", "2010-01-01", "2013-12-31")}
"""
SAYS_B = f"""
:m2b a kg:Membership ; org:member :q2 ; org:organization :v ; kg:attestedOn "2011"^^xsd:gYear .
{membership("m3b", "q3", "v", "2010-01-01", "2013-12-31")} {membership("m4b", "q4", "v", "2005-01-01", "2006-12-31")}
{membership("m5b", "q5", "v", "2005-01-01", "2012-12-31")} :m5b org:role kg:role-researcher .
{membership("m6", "q6", "v", "2012-05")} {membership("m7", "q7", "v", "2010-05")}
:q8-too org:memberOf :v . :q8 owl:sameAs :q8-too .
{membership("m9b", "q9", "house", "2010-01-01")} {membership("m10b", "q10", "v", "2010-01-01", "2013")}
"""
NAMED = f"""
:r1 a kg:Researcher ; schema:identifier [ schema:propertyID "ORCID" ; schema:value "0000-0002-1825-0097" ] .
:r2 a kg:Researcher ; schema:identifier [ schema:propertyID "IdRef" ; schema:value "026927608" ] .
:r3 a kg:Researcher ; schema:sameAs <https://orcid.org/0000-0001-5109-3700> .
:r4 a kg:Researcher ; owl:sameAs :r4-too .
:r4-too schema:identifier [ schema:propertyID "https://orcid.org" ; schema:value "0000-0002-1694-233X" ] .
:r5 a kg:Researcher ; owl:sameAs :r5-too .
:k1 a kg:ResearchUnit ; schema:identifier [ schema:propertyID "RNSR" ; schema:value "201019111J" ] ,
    [ schema:propertyID "ROR" ; schema:value "02vjkv261" ] .
:k2 a kg:ResearchUnit ; schema:sameAs <https://ror.org/02feahw73> .
:k3 a kg:ResearchFederation ; schema:identifier [ schema:propertyID "RNSR" ; schema:value "202023567J" ] .
{supervision("k4", "k5")} :k5 a kg:Institution .
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    place = tmp_path_factory.mktemp("counts")
    (place / "folder").mkdir()
    for name, text in {"joint": JOINT, "heads": HEADS, "a": SAYS_A, "b": SAYS_B, "named": NAMED}.items():
        (place / "folder" / f"{name}.ttl").write_text(PREFIXES + text, encoding="utf-8")
    KnowledgeGraph.build(place / "store", [place / "folder"])
    with KnowledgeGraph.open(place / "store") as opened:
        yield opened


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    store: Path = tmp_path_factory.mktemp("region") / "store"
    KnowledgeGraph.build(store, [ROOT / "data"])
    with KnowledgeGraph.open(store) as opened:
        yield opened


def asked(graph: KnowledgeGraph, question: str, **values: str) -> list[tuple[str, ...]]:
    """Ask, and give short names; what is not there is an empty text."""
    rows = graph.ask(question, values).solutions()
    texts = ([term.value if term else "" for term in row] for row in rows)
    return [tuple(text.removeprefix(REGION).removeprefix(BASE) for text in row) for row in texts]


def test_pairs_that_meet_in_joint_units_alone(graph: KnowledgeGraph) -> None:
    # j1: both on 2015-12-31. j2: the one ends the day before the other starts. j3: undated. j4: timeless links.
    # f and g are in a project by themselves (p1), g and h by a unit of g alone and h itself (p4). f and h share
    # projects only by what is of both: the unit (p2), and a team of it (p3). j8: in 2015 maybe, on no certain day. The
    # person of a, beside b in a project, does not tie the two.
    assert asked(graph, "only-joint-units") == [
        ("a", "b", "j1", "certain"),
        ("a", "c", "j8", "possible"),
        ("b", "d", "j3", "possible"),
        ("b", "e", "j3", "possible"),
        ("d", "e", "j3", "possible"),
        ("d", "e", "j4", "certain"),
        ("f", "h", "j6", "certain"),
        ("x", "y", "u", "certain"),
    ]
    assert asked(graph, "only-joint-units", mode="certain", institution=f"{BASE}e") == [("d", "e", "j4", "certain")]
    # b2 is b under another name.
    assert [row[:3] for row in asked(graph, "only-joint-units", institution=f"{BASE}b2")] == [
        ("a", "b", "j1"),
        ("b", "d", "j3"),
        ("b", "e", "j3"),
    ]


def test_pairs_of_the_region(region: KnowledgeGraph) -> None:
    # The directory names four supervisors of U1190, in 2022 and no day of it; no two of them are in a known project.
    four = ["chu-de-lille", "inserm", "institut-pasteur-de-lille", "universite-de-lille"]
    rows = asked(region, "only-joint-units")
    assert [row for row in rows if row[2] == "unit/u1190"] == [
        (f"institution/{first}", f"institution/{second}", "unit/u1190", "possible")
        for first, second in combinations(four, 2)
    ]


def test_a_headcount_counts_each_person_once_and_in_shares(graph: KnowledgeGraph) -> None:
    # Certain: one has x twice and y; two has z, by both of its names, and a club that is no institution; four has z;
    # five has y and z under two names. Three starts the day after, six ended the day before. Seven starts in 2015 and
    # so has z maybe, and four x at a date that nothing tells. By hand: x 1/2; y 1/2 + 1/2; z 1 + 1 + 1/2; with what is
    # possible, four has two institutions: x 1/2 + 1/2; z 1 + 1/2 + 1/2 + 1.
    rows = asked(graph, "headcount", date="2015-06-15")
    assert rows == [("z", "3", "2.5", "4", "3"), ("y", "2", "1", "2", "1"), ("x", "1", "0.5", "2", "1")]
    # As many as there are people: one, two, four, five; and seven.
    assert [sum(float(row[column]) for row in rows) for column in (2, 4)] == [4, 5]
    # The day before, two is not there yet, and six still is.
    assert asked(graph, "headcount", date="2015-06-14") == [
        ("y", "3", "2", "3", "2"),
        ("z", "2", "1.5", "3", "2"),
        ("x", "1", "0.5", "2", "1"),
    ]


def test_shares_are_thirds_where_there_are_three_and_none_where_nothing_is_known(graph: KnowledgeGraph) -> None:
    # Eight is with all three; four may be with x, and with x alone.
    third = "0.333333"
    assert asked(graph, "headcount", date="1990-12-31") == [
        ("x", "1", third, "2", "1.333333"),
        ("y", "1", third, "1", third),
        ("z", "1", third, "1", third),
    ]
    assert asked(graph, "headcount", date="1991-01-01") == [("x", "0", "0", "1", "1")]


def test_the_headcount_of_one_institution_still_shares_with_the_others(graph: KnowledgeGraph) -> None:
    for name in ("z", "z2"):
        assert asked(graph, "headcount", date="2015-06-15", of=BASE + name) == [("z", "3", "2.5", "4", "3")]


def test_the_headcount_of_the_region(region: KnowledgeGraph) -> None:
    # One paper, signed that day by one person of U1172, names the CHU as a supervisor; all else is of 2022, or undated.
    rows = asked(region, "headcount", date="2022-09-01")
    assert rows[0][:3] == ("institution/chu-de-lille", "1", "1")
    assert all(row[1:3] == ("0", "0") for row in rows[1:])


WEAK = {
    "q1": {("one-source", f"{SOURCE_PREFIX}a.ttl"), ("undated", "")},
    "q2": set(),  # two sources that agree
    "q3": {("conflict", "m3a"), ("conflict", "m3b")},  # the one is certain of a day after the other's last
    "q4": set(),  # two stays
    "q5": set(),  # two roles
    "q6": {("conflict", "m6")},  # 2010 or May 2012
    "q7": set(),  # 2010, and May of it
    "q8": {("undated", "")},  # plain links, in two sources under two names
    "q9": {("one-source", f"{SOURCE_PREFIX}a.ttl"), ("undated", "")},
    "q10": set(),  # the last day, and the year that it is the last of
}


@pytest.mark.parametrize("person", WEAK)
def test_weak_affiliations_with_a_unit_and_above(graph: KnowledgeGraph, person: str) -> None:
    rows = asked(graph, "weak-affiliations", who=BASE + person)
    assert {row[2:] for row in rows if row[:2] == (person, "v")} == WEAK[person]
    # With the house, too, which supervises the unit; but of q9 another source says that, with a date.
    assert {row[2:] for row in rows if row[:2] == (person, "house")} == (WEAK[person] if person != "q9" else set())
    assert {row[1] for row in rows} <= {"v", "house"}
    assert len(rows) == len(set(rows))


def test_weak_affiliations_are_chosen_by_organisation_finding_and_any_name(graph: KnowledgeGraph) -> None:
    found = {"conflict": ["q3", "q3", "q6"], "undated": ["q1", "q8", "q9"], "one-source": ["q1", "q9"]}
    for finding, people in found.items():
        rows = asked(graph, "weak-affiliations", of=f"{BASE}v", finding=finding)
        assert [row[0] for row in rows] == people
    assert {row[:3] for row in asked(graph, "weak-affiliations", who=f"{BASE}q8-too")} == {
        ("q8", "house", "undated"),
        ("q8", "v", "undated"),
    }


def test_weak_affiliations_of_the_region(region: KnowledgeGraph) -> None:
    # The Region alone makes Bart Staels a founder of EGID, without a date. Both sources on François Pattou's
    # department name him, one of them since 2005.
    rows = set(asked(region, "weak-affiliations"))
    person = "person/bart-staels"
    assert (person, "unit/egid", "one-source", f"{SOURCE_PREFIX}hautsdefrance-fr.ttl") in rows
    assert (person, "unit/egid", "undated", "") in rows
    assert not {row for row in rows if row[:2] == ("person/francois-pattou", "institution/chu-de-lille")}


def test_people_and_units_without_identifiers(graph: KnowledgeGraph) -> None:
    rows = asked(graph, "without-identifier")
    # r1 has an ORCID, r3 a link to it, r4 one under another name; r2 has another identifier. r5 is listed by one name.
    assert [row for row in rows if row[0].startswith("r")] == [("r2", "person", "ORCID"), ("r5", "person", "ORCID")]
    # q1 is of no class, but a member of something. k4 is a unit since it is supervised; k5 supervises it and is none.
    assert ("q1", "person", "ORCID") in rows
    assert [row for row in rows if row[0].startswith("k")] == [
        ("k2", "unit", "RNSR"),
        ("k3", "unit", "ROR"),
        ("k4", "unit", "RNSR"),
        ("k4", "unit", "ROR"),
    ]
    assert asked(graph, "without-identifier", kind="person", missing="ROR") == []
    assert ("k3", "unit", "ROR") in asked(graph, "without-identifier", missing="ROR")


def test_identifiers_of_the_region(region: KnowledgeGraph) -> None:
    rows = set(asked(region, "without-identifier"))
    # No identifier of a person was verified. That of U1190 in the directory was, and ROR has U1190.
    query = f"SELECT DISTINCT ?p {{ ?p a <http://xmlns.com/foaf/0.1/Person> FILTER(STRSTARTS(STR(?p), '{REGION}')) }}"
    people = {row[0].value.removeprefix(REGION) for row in region.query(query).solutions()}
    ours = {row[0] for row in rows if row[1] == "person" and not row[0].startswith("https:")}
    assert ours == people
    assert "unit/u1190" not in {row[0] for row in rows}
    # That of 3i is in the directory's own graph; nobody gives one to the structures that its units came from.
    assert ("unit/3i", "unit", "RNSR") not in rows
