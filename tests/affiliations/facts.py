"""What the contract's section "Affiliation in time" reads from asserted quads: memberships and links, with their dates.

Nothing here knows the rules of ``ontology/rules/``: it is written from the contract alone, as the oracle's eyes.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kgtool.vocabulary import PREFIXES

Node = NamedNode | BlankNode
#: First and last day that one value allows, as ordinals.
Range = tuple[int, int]
#: By predicate, what sources say: subjects to objects, by their names of record.
Said = Mapping[str, Mapping[Node, set[Node]]]

ENDS = ("org:member", "org:organization", "kg:supervisedUnit", "kg:supervisingInstitution")
PLAIN = ("org:subOrganizationOf", "org:unitOf", "kg:supervisedBy")
NAMES = {
    name: NamedNode(PREFIXES[name.split(":")[0]] + name.split(":")[1])
    for name in (
        *("rdf:type", "rdfs:subClassOf", "owl:sameAs", "org:Organization", "org:memberOf"),
        *("schema:startDate", "schema:endDate", "kg:attestedOn", *ENDS, *PLAIN),
    )
}
#: How many characters of a literal say the calendar day, month or year; what follows is a time or a zone.
PRECISION = {"gYear": 4, "gYearMonth": 7, "date": 10, "dateTime": 10}


@dataclass(frozen=True)
class Dates:
    """What sources say of when a node holds: each value as the first and last day it allows."""

    starts: frozenset[Range] = frozenset()
    ends: frozenset[Range] = frozenset()
    attested: frozenset[Range] = frozenset()


@dataclass(frozen=True)
class Membership:
    """A person in an organisation; ``node`` is None for a plain ``org:memberOf``."""

    person: Node
    organisation: Node
    node: Node | None
    dates: Dates


@dataclass(frozen=True)
class Link:
    """A unit below an institution; without dates it is a plain link, certain at every date."""

    unit: Node
    institution: Node
    dates: Dates | None


@dataclass(frozen=True)
class Facts:
    """All that affiliations are made of."""

    memberships: frozenset[Membership]
    links: frozenset[Link]
    #: The name of record of each name in an ``owl:sameAs`` statement.
    names: Mapping[Node, Node]

    def name(self, node: Node) -> Node:
        """Give a node's name of record: the least IRI of its class."""
        return self.names.get(node, node)


def allowed(value: Literal) -> Range:
    """Give the first and last day that a date literal allows, in its own calendar, whatever its zone."""
    kind = value.datatype.value.removeprefix(PREFIXES["xsd"])
    year, *rest = (int(part) for part in value.value[: PRECISION[kind]].split("-"))
    months = rest[:1] or [1, 12]
    days = rest[1:] or [1, calendar.monthrange(year, months[-1])[1]]
    return date(year, months[0], days[0]).toordinal(), date(year, months[-1], days[-1]).toordinal()


def facts_of(quads: Iterable[Quad]) -> Facts:
    """Read what sources say; a statement of several graphs counts once.

    Names of one individual are one: what is said of any of them is said of their name of record.
    """
    triples = {quad.triple for quad in quads}
    names = names_of_record(triples)
    said = {name: _said(triples, names, name) for name in (*ENDS, *PLAIN, "org:memberOf")}
    dates = dates_by_node(triples, names)
    memberships = _memberships(said, dates, _organisations(triples, names))
    return Facts(frozenset(memberships), frozenset(_links(said, dates)), names)


def names_of_record(triples: Iterable[Triple]) -> dict[Node, Node]:
    """Group what is the same, and name each group by its least IRI by code points; without one, by a blank node."""
    groups: dict[Node, set[Node]] = {}
    for triple in triples:
        if triple.predicate == NAMES["owl:sameAs"]:
            one, other = triple.subject, triple.object
            joined = groups.get(one, {one}) | groups.get(other, {other})
            groups |= dict.fromkeys(joined, joined)
    return {name: min(group, key=lambda n: (isinstance(n, BlankNode), n.value)) for name, group in groups.items()}


def ends_by_node(triples: Set[Triple], names: Mapping[Node, Node]) -> dict[tuple[Node, str], set[Node]]:
    """Give the members, organisations, units and institutions that sources give each node."""
    return {(node, end): values for end in ENDS for node, values in _said(triples, names, end).items()}


def dates_by_node(triples: Set[Triple], names: Mapping[Node, Node]) -> dict[Node, Dates]:
    """Give what sources say of when each node holds; nodes of which they say nothing are left out."""
    several = [_said(triples, names, path) for path in ("schema:startDate", "schema:endDate", "kg:attestedOn")]
    return {
        node: Dates(*(frozenset(map(allowed, values.get(node, ()))) for values in several))
        for node in set().union(*several)
    }


def _said(triples: Set[Triple], names: Mapping[Node, Node], name: str) -> dict[Node, set]:
    found = defaultdict(set)
    for triple in triples:
        if triple.predicate == NAMES[name]:
            found[names.get(triple.subject, triple.subject)].add(names.get(triple.object, triple.object))
    return found


def _organisations(triples: Set[Triple], names: Mapping[Node, Node]) -> set[Node]:
    """Give what has an asserted type that is ``org:Organization`` or below it."""
    below = {(t.subject, t.object) for t in triples if t.predicate == NAMES["rdfs:subClassOf"]}
    classes, before = {NAMES["org:Organization"]}, 0
    while len(classes) > before:
        before = len(classes)
        classes |= {one for one, other in below if other in classes}
    typed = {t.subject for t in triples if t.predicate == NAMES["rdf:type"] and t.object in classes}
    return {names.get(node, node) for node in typed}


def _memberships(said: Said, dates: Mapping[Node, Dates], organisations: set[Node]) -> set[Membership]:
    found = {
        Membership(person, organisation, node, dates.get(node, Dates()))
        for node, people in said["org:member"].items()
        for person in people - organisations
        for organisation in said["org:organization"].get(node, ())
    }
    linked = {(membership.person, membership.organisation) for membership in found}
    return found | {
        Membership(person, organisation, None, Dates())
        for person, several in said["org:memberOf"].items()
        if person not in organisations
        for organisation in several
        if (person, organisation) not in linked
    }


def _links(said: Said, dates: Mapping[Node, Dates]) -> set[Link]:
    found = {
        Link(unit, institution, dates.get(node, Dates()))
        for node, units in said["kg:supervisedUnit"].items()
        for unit in units
        for institution in said["kg:supervisingInstitution"].get(node, ())
    }
    linked = {(link.unit, link.institution) for link in found}
    plain = {(unit, institution) for path in PLAIN for unit, several in said[path].items() for institution in several}
    return found | {Link(unit, institution, None) for unit, institution in plain - linked}
