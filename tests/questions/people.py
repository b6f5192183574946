"""A small graph of people and units, whose answers are worked out by hand, and the words that it is written with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import ID_BASE

BASE = "https://example.org/"
REGION = f"{ID_BASE}hauts-de-france/"
PREFIXES = f"""
@prefix : <{BASE}> . @prefix kg: <https://w3id.org/kgtool/ontology#> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix schema: <https://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def typed(*days: str) -> str:
    """The days as literals, each of the type that its length tells."""
    kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
    return " , ".join(f'"{day}"^^xsd:{kinds[len(day)]}' for day in days)


def dates(start: str = "", end: str = "") -> str:
    said = (("startDate", start), ("endDate", end))
    return "".join(f" ; schema:{name} {typed(day)}" for name, day in said if day)


def member(who: str, body: str, start: str = "", end: str = "", kind: str = "Membership") -> str:
    return f"[] a kg:{kind} ; org:member :{who} ; org:organization :{body}{dates(start, end)} .\n"


def supervision(unit: str, body: str, start: str = "", end: str = "", role: str = "") -> str:
    said = (f" ; org:role kg:role-{role}" if role else "") + dates(start, end)
    return f"[] a kg:Supervision ; kg:supervisedUnit :{unit} ; kg:supervisingInstitution :{body}{said} .\n"


def event(name: str, before: str, after: str, day: str = "") -> str:
    ends = f"org:originalOrganization :{before} ; org:resultingOrganization :{after}"
    return f":{name} a org:ChangeEvent ; {ends}{dates(day)} .\n"


STAYS = ("k-moved", "k-lost", "k-part", "k-became", "k-stays", "k-two")

#: Institution inst supervises the lab of the team from 2005 to 2020.
AFFILIATED = f"""
:inst a kg:ResearchBody . :elsewhere a kg:ResearchBody . :lab a kg:ResearchUnit . :team a kg:Team ; org:unitOf :lab .
{supervision("lab", "inst", "2005-01-01", "2020-12-31")}
{member("day", "inst", "2010-03-01", "2012-06-30")} {member("part", "inst", "2010", "2012-06")}
{member("undated", "inst")} :plain org:memberOf :inst . {member("away", "elsewhere", "2000-01-01", "2030-12-31")}
{member("in-team", "team", "2004-01-01", "2030-12-31")}
[] a kg:Membership ; org:member :seen ; org:organization :inst ; kg:attestedOn {typed("2010", "2012")} .
{member("zed", "inst", "2011-05-01", "2011-05-31")} :zed owl:sameAs :ann .
{member("ann", "inst", "2011-05-31", "2011-06-30")}
"""

#: Unit u, with a team, is under body at every date; unit v is not.
BELOW = f"""
:body a kg:ResearchBody . :u a kg:ResearchUnit ; kg:supervisedBy :body . :u-team a kg:Team ; org:unitOf :u .
:v a kg:ResearchUnit ; kg:supervisedBy :elsewhere .
{"".join(member(who, "u", "2010-01-01", "2012-12-31") for who in ("n-unit", "n-both", "n-undated", "n-job", "n-left"))}
{member("n-unit", "u-team")} {member("n-team", "u-team")} {member("n-away", "v", "2010-01-01", "2012-12-31")}
{member("n-both", "body", "2011-01-01", "2011-12-31")} {member("n-undated", "body")}
{member("n-job", "body", kind="Employment")} {member("n-left", "body", end="2010-12-31")}
{member("n-direct", "body", "2010-01-01", "2012-12-31")}
"""
JOINT = f"""
:a a kg:University . :b a kg:ResearchBody . :c a kg:Hospital . :a owl:sameAs :a-too .
{supervision("j1", "a", "2010-01-01", "2015-12-31")} {supervision("j1", "b", "2015-12-31", "2020-12-31")}
{supervision("j2", "a", "2010-01-01", "2020-12-31")} {supervision("j2", "b")}
:j3 kg:supervisedBy :a , :b .
{supervision("j4", "a", "2010-01-01", "2020-12-31")} {supervision("j4", "a-too", "2010-01-01", "2020-12-31")}
{supervision("j5", "a", "2010", "2020", "supervisor")} {supervision("j5", "b", "2010", "2020", "participant")}
{supervision("j6", "a", "2010", "2020", "supervisor")} {supervision("j6", "b", "2010", "2020", "supervisor")}
{supervision("j6", "c", role="participant")}
{supervision("j7", "a", "2015", "2020")} {supervision("j7", "b", "2010", "2020")}
"""
#: Units m1 and m2 are under keep, m3 is under other. Unit m1 has a team and became m4. The wards are of one hospital.
MOVED = f"""
:keep a kg:ResearchBody . :other a kg:ResearchBody . :m1 a kg:ResearchUnit ; kg:supervisedBy :keep .
:m2 a kg:ResearchUnit ; kg:supervisedBy :keep . :m3 a kg:ResearchUnit ; kg:supervisedBy :other .
:m4 a kg:ResearchUnit ; kg:supervisedBy :keep . {event("became", "m1", "m4", "2013")}
:m1-team a kg:Team ; org:unitOf :m1 . :h a kg:Hospital .
:ward-1 a kg:HospitalDepartment ; org:unitOf :h . :ward-2 a kg:HospitalDepartment ; org:unitOf :h .
{"".join(member(who, "m1", "2010-01-01", "2012-12-31") for who in STAYS)}
{member("k-moved", "m2", "2013-01-01", "2015-12-31")} {member("k-lost", "m3", "2013-01-01", "2015-12-31")}
{member("k-part", "m1-team", "2013-01-01", "2015-12-31")} {member("k-became", "m4", "2013-01-01", "2015-12-31")}
{member("k-stays", "m3", "2013-01-01", "2015-12-31")} {member("k-stays", "keep", "2010-01-01", "2015-12-31")}
:k-two owl:sameAs :k-also . {member("k-also", "m2", "2013-01-01", "2015-12-31")}
{member("k-undated", "m1")} {member("k-undated", "m2")}
{member("k-start", "m1", end="2012")} {member("k-start", "m2", "2013-01-01")}
{member("k-years", "m1", "2010", "2012")} {member("k-years", "m2", "2012", "2014")}
{member("k-at-once", "m1", "2010-01-01", "2015-12-31")} {member("k-at-once", "m2", "2010-01-01", "2015-12-31")}
{member("in-wards", "ward-1", "2010-01-01", "2012-12-31")} {member("in-wards", "ward-2", "2013-01-01", "2015-12-31")}
"""
#: Unit g0 became g1 in 2016; g1 became g2 in 2019, and g4 at a date that nothing tells. Of g3 nothing is known.
CHANGED = f"""
{"".join(f":{name} a kg:ResearchBody . " for name in ("ga", "gb", "gc", "gd", "gz"))}
{"".join(f":{name} a kg:ResearchUnit . " for name in ("g-old", "g0", "g1", "g2", "g3", "g4"))}
{event("e0", "g-old", "g0", "2017-01-01")} :g-old kg:supervisedBy :gd .
{event("e1", "g0", "g1", "2016-01-01")} {event("e2", "g1", "g2", "2019")} {event("e3", "g2", "g3", "2021")}
{event("e4", "g1", "g4")}
{supervision("g0", "ga", "2010-01-01", "2015-12-31")} {supervision("g0", "gb", "2010-01-01", "2015-12-31")}
{supervision("g0", "gz", "2012-01-01", "2014-12-31")}
{supervision("g1", "ga", "2016-01-01", "2018-12-31")} {supervision("g1", "gc")}
:g2 kg:supervisedBy :ga , :gc , :gd . :g4 kg:supervisedBy :ga .
"""
#: Unit r0 became r1 on the first day of 2020; rk supervised both, rl only r0, until the eve.
RENEWED = f"""
:rk a kg:ResearchBody . :rl a kg:ResearchBody . :r0 a kg:ResearchUnit . :r1 a kg:ResearchUnit .
{event("renewal", "r0", "r1", "2020-01-01")} {supervision("r0", "rk", "2015-01-01", "2019-12-31")}
{supervision("r0", "rl", "2015-01-01", "2019-12-31")} {supervision("r1", "rk", "2020-01-01", "2024-12-31")}
"""
SOURCES = {
    "affiliated": AFFILIATED,
    "below": BELOW,
    "joint": JOINT,
    "moved": MOVED,
    "changed": CHANGED,
    "renewed": RENEWED,
}


def built(place: Path, sources: dict[str, str]) -> Iterator[KnowledgeGraph]:
    """Build a store of the sources in a folder, and open it."""
    (place / "folder").mkdir()
    for name, text in sources.items():
        (place / "folder" / f"{name}.ttl").write_text(PREFIXES + text, encoding="utf-8")
    KnowledgeGraph.build(place / "store", [place / "folder"])
    with KnowledgeGraph.open(place / "store") as opened:
        yield opened


def asked(graph: KnowledgeGraph, question: str, **values: str) -> list[tuple[str, ...]]:
    """Ask, and give short names; what is not there is an empty text."""
    rows = graph.ask(question, values).solutions()
    texts = ([term.value if term else "" for term in row] for row in rows)
    return [tuple(text.removeprefix(REGION).removeprefix(BASE) for text in row) for row in texts]
