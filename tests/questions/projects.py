"""A small graph of projects and of who is in them, whose answers are worked out by hand."""

from __future__ import annotations

BASE = "https://example.org/"
ONTOLOGY = "https://w3id.org/kgtool/ontology#"
PREFIXES = f"""
@prefix : <{BASE}> . @prefix kg: <{ONTOLOGY}> . @prefix frapo: <http://purl.org/cerif/frapo/> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix schema: <https://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def dates(start: str | None, end: str | None) -> str:
    kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
    said = (("startDate", start), ("endDate", end))
    return "".join(f' ; schema:{name} "{day}"^^xsd:{kinds[len(day)]}' for name, day in said if day)


def supervision(name: str, unit: str, body: str, start: str | None = None, end: str | None = None) -> str:
    ends = f"kg:supervisedUnit :{unit} ; kg:supervisingInstitution :{body}"
    return f":{name} a kg:Supervision ; {ends}{dates(start, end)} .\n"


def member(who: str, body: str, start: str | None = None, end: str | None = None) -> str:
    """A membership that is named after its ends."""
    return f":{who}-{body} a kg:Membership ; org:member :{who} ; org:organization :{body}{dates(start, end)} .\n"


def part(project: str, who: str, start: str | None = None, end: str | None = None) -> str:
    return f"[] a kg:Participation ; kg:project :{project} ; kg:participant :{who}{dates(start, end)} .\n"


def project(name: str, start: str | None = None, end: str | None = None) -> str:
    return f":{name} a kg:Project{dates(start, end)} .\n"


#: Unit u is the institution's at every date, gone was until 2010, alien is another's. The institution has two names.
THROUGH = f"""
:i a kg:University ; owl:sameAs :i-too . :u a kg:ResearchUnit ; kg:supervisedBy :i . :team a kg:Team ; org:unitOf :u .
:alien a kg:ResearchUnit ; kg:supervisedBy :other . :gone a kg:ResearchUnit .
{supervision("sv-gone", "gone", "i", "2000-01-01", "2010-12-31")} {project("p6", "2020-01-01")}
{part("p1", "u")} {part("p2", "team")} {part("p3", "u")} {part("p3", "i")} {member("one", "u")} {part("p4", "one")}
{part("p5", "u")} {part("p5", "i-too")} {part("p6", "gone")} {part("p7", "alien")}
:p8 owl:sameAs :p8-too . {part("p8-too", "u")}
"""
#: The project starts on a day of June 2015. Person a is in it from the month's first day to its last, b from the second
#: day on, c until the first; d left the day before, e came the day after. Unit v is in it as a is, w without a date.
INDIRECT = f"""
{project("q", "2015-06", "2016")} :a a kg:Researcher ; owl:sameAs :a-too . :v a kg:ResearchUnit . :w a kg:ResearchUnit .
{part("q", "a-too", "2015-06-01", "2015-06-30")} {part("q", "b", "2015-06-02", "2016-12-31")}
{part("q", "c", "2015-01-01", "2015-06-01")} {part("q", "d", "2015-01-01", "2015-05-31")} {part("q", "e", "2015-07-01")}
{part("q", "v", "2015-06-01", "2015-06-30")} {part("q", "w")} {part("q", "direct")} :direct a kg:University .
{member("a", "o-all", "2015-06-01", "2015-06-30")} {member("a", "o-most", "2010-01-01", "2015-06-29")}
{member("a", "o-first", "2010-01-01", "2015-06-01")} {member("a", "o-last", "2015-06-30", "2020-12-31")}
{member("a", "o-before", "2010-01-01", "2015-05-31")} {member("a", "o-after", "2015-07-01")}
{member("a", "o-undated")} :a org:memberOf :o-plain . {member("a", "direct", "2010-01-01", "2020-12-31")}
:o-named owl:sameAs :o-named-too . {member("a", "o-named-too", "2010-01-01", "2020-12-31")}
{"".join(member(who, f"o-of-{who}", "2010-01-01", "2020-12-31") for who in "bcde")}
{supervision("sv-all", "v", "s-all", "2010-01-01", "2015-06-30")} {supervision("sv-most", "v", "s-most", "2015-06-02")}
{supervision("sv-before", "v", "s-before", "2010-01-01", "2015-05-31")} {supervision("sv-undated", "v", "s-undated")}
:sv-all owl:sameAs :sv-all-too . :a-o-all owl:sameAs :a-o-all-too .
:v kg:supervisedBy :s-plain ; org:unitOf :s-whole . {supervision("sv-w", "w", "s-w", "2010-01-01", "2020-12-31")}
"""
#: Unit k1 is in l1 in 2012, in l2 in 2016, and in l3, a project of 2018, at a date that nothing tells. Unit k2 is in l4
#: and somebody of it in l5. Two people of k3 are in l6 and l7. The one person of k4 has two names, and is in l8 and l9.
LINKING = f"""
:k1 a kg:ResearchUnit . :k2 a kg:ResearchUnit . :k3 a kg:Team . :k4 a kg:ResearchUnit . :k5 a kg:University .
{project("l3", "2018-01-01", "2018-12-31")}
{part("l1", "k1", "2012-01-01", "2012-12-31")} {part("l2", "k1", "2016-01-01", "2016-12-31")} {part("l3", "k1")}
{member("both", "k1", "2012-12-31", "2016-01-01")} {member("late", "k1", "2013-01-01")}
{member("early", "k1", "2012-01-01", "2015-12-31")} {member("ever", "k1")}
:named owl:sameAs :named-too . {member("named-too", "k1", "2012", "2016")}
{part("l4", "k2")} {part("l5", "doer")} {member("doer", "k2", "2012-01-01")} {member("mate", "k2", "2012-01-01")}
{part("l6", "x", "2012-01-01", "2012-12-31")} {part("l7", "y", "2012-01-01", "2012-12-31")}
{member("x", "k3", "2012-12-31")} {member("y", "k3", "2010-01-01", "2012-01-01")} {member("idle", "k3", "2010-01-01")}
:alone owl:sameAs :alone-too . {member("alone", "k4")} {part("l8", "alone")} {part("l9", "alone")}
{part("l10", "k5")} {part("l11", "k5")} {member("prof", "k5")}
"""
#: The project starts on a day of 2014, and ends on the last one of 2016.
THROUGHOUT = f"""
{project("t", "2014", "2016-12-31")} {project("t-undated")} :crew a kg:Team ; org:unitOf :n .
{member("in", "n", "2014-01-01", "2016-12-31")} {member("second", "n", "2014-01-02", "2016-12-31")}
{member("last", "n", "2014-12-31")} {member("after", "n", "2015-01-01")}
{member("short", "n", "2010-01-01", "2016-12-30")} {member("undated", "n")}
:h1 a kg:Membership ; org:member :halves ; org:organization :n{dates("2014-01-01", "2015-06-30")} .
:h2 a kg:Membership ; org:member :halves ; org:organization :n{dates("2015-07-01", "2016-12-31")} .
{member("twice", "crew", "2014-01-01", "2017-01-01")} {member("twice", "n")}
:same owl:sameAs :same-too . {member("same-too", "n", "2013-12-31", "2016-12-31")} {member("far", "elsewhere", "2010")}
"""
#: Person w1 is in unit xv from 2010 to 2012, w2 without a date; w3 is in the institution itself.
THEMES = f"""
:narrow a kg:Theme ; skos:broader :broad . :broad a kg:Theme . :wide a kg:Theme . :not a kg:Theme .
:h a kg:Hospital ; owl:sameAs :h-too . :xv a kg:ResearchUnit ; kg:supervisedBy :h .
{supervision("sv-xu", "xu", "h", "1990-01-01", "1995-12-31")}
{member("w1", "xv", "2010-01-01", "2012-12-31")} {member("w2", "xv")} {member("w3", "h")}
{part("c1", "xu")} :c1 kg:hasTheme :narrow ; owl:sameAs :c1-too . {part("c2", "h")} :c2 kg:hasTheme :not .
{project("c3", "2012-12-31")} {part("c3", "w1")} :c3 kg:hasTheme :wide .
{project("c4", "2013-01-01")} {part("c4", "w1")} :c4 kg:hasTheme :wide , :not .
{part("c5", "w1", "2009-01-01", "2009-12-31")} :c5 kg:hasTheme :wide , :not .
{part("c6", "w1", "2009-01-01", "2010-01-01")} :c6 kg:hasTheme :wide .
{part("c7", "w3")} :c7 kg:hasTheme :not . {part("c8", "w2", "2020")} :c8 kg:hasTheme :wide .
"""
#: Unit fu lies in the town and so in the land, fo elsewhere. Person z is in fu from 2010 to 2012.
FUNDERS = f"""
:ill a kg:Theme . :flu a kg:Theme ; skos:broader :ill . :well a kg:Theme .
:town a kg:City ; schema:containedInPlace :land . :land a kg:Region . :g1 owl:sameAs :g1-too .
:fu a kg:ResearchUnit ; kg:locatedIn :town . :ft a kg:Team ; org:unitOf :fu . :fo a kg:ResearchUnit .
:uni a kg:University ; kg:locatedIn :town . {member("z", "fu", "2010-01-01", "2012-12-31")}
{part("d1", "fu")} :d1 kg:hasTheme :flu ; frapo:isFundedBy :g1-too .
[] a kg:Participation ; kg:project :d1 ; kg:participant :g-partner ; org:role kg:role-partner .
{part("d2", "ft")} :d2 kg:hasTheme :ill .
[] a kg:Participation ; kg:project :d2 ; kg:participant :g2 ; org:role kg:role-funder .
{part("d3", "fu")} :d3 kg:hasTheme :ill ; frapo:isSupportedBy :g3 .
{part("d4", "fo")} :d4 kg:hasTheme :ill ; frapo:isFundedBy :g1 .
{part("d5", "fu")} :d5 kg:hasTheme :well ; frapo:isFundedBy :g1 .
{project("d6", "2012-12-31")} {part("d6", "z")} :d6 kg:hasTheme :ill ; frapo:isFundedBy :g1 .
{project("d7", "2013-01-01")} {part("d7", "z")} :d7 kg:hasTheme :ill ; frapo:isFundedBy :g1 .
{part("d8", "uni")} :d8 kg:hasTheme :ill ; frapo:isFundedBy :g1 .
{part("d9", "z")} :d9 kg:hasTheme :ill ; frapo:isFundedBy :g1 .
"""
SOURCES = {
    "through": THROUGH,
    "indirect": INDIRECT,
    "linking": LINKING,
    "throughout": THROUGHOUT,
    "themes": THEMES,
    "funders": FUNDERS,
}
