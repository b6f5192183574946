"""Hypothesis strategies for small graphs of memberships and links, and for changes of them.

Pools are small so that things meet, cycles close, and statements stand in several graphs; dates lie within few months,
and in any form that the contract allows. What validation refuses (an end before its start, an attestation outside, two
values of an end) is left out: see ``sound``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kgtool.vocabulary import PREFIXES, iri

from .days import can_be
from .facts import Node, dates_by_node, ends_by_node, names_of_record

GRAPHS = tuple(NamedNode(f"urn:x:graph{number}") for number in range(2))
PEOPLE: list[Node] = [NamedNode("urn:x:p0"), NamedNode("urn:x:p1"), NamedNode("urn:x:p2")]
ORGANISATIONS: list[Node] = [NamedNode(f"urn:x:o{number}") for number in range(4)]
MEMBERSHIPS: list[Node] = [*(NamedNode(f"urn:x:m{number}") for number in range(3)), BlankNode("m3"), BlankNode("m4")]
SUPERVISIONS: list[Node] = [*(NamedNode(f"urn:x:s{number}") for number in range(4)), BlankNode("s4"), BlankNode("s5")]
LABORATORY = NamedNode("urn:x:Laboratory")
PERSON_CLASSES = [iri("kg", "Researcher"), iri("foaf", "Person")]
ORGANISATION_CLASSES = [iri("org", "Organization"), iri("kg", "ResearchUnit"), iri("kg", "Team"), LABORATORY]
STARTS, ENDS, ATTESTED = iri("schema", "startDate"), iri("schema", "endDate"), iri("kg", "attestedOn")
PLAIN = [iri("org", "subOrganizationOf"), iri("org", "unitOf"), iri("kg", "supervisedBy")]
#: The axioms that affiliations look at; those of the whole ontology that these classes need.
AXIOMS = """
    @prefix kg: <https://w3id.org/kgtool/ontology#> . @prefix org: <http://www.w3.org/ns/org#> .
    @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    kg:ResearchUnit rdfs:subClassOf org:OrganizationalUnit . kg:Team rdfs:subClassOf org:OrganizationalUnit .
    org:OrganizationalUnit rdfs:subClassOf org:Organization . kg:Researcher rdfs:subClassOf foaf:Person .
    org:Organization rdfs:subClassOf foaf:Agent . foaf:Person rdfs:subClassOf foaf:Agent .
"""

DAYS = st.sampled_from([date(2019, 12, 22) + timedelta(days=number) for number in range(48)])
EXTREMES = st.sampled_from((date(1, 1, 1), date(1, 12, 31), date(9999, 1, 1), date(9999, 12, 31), date(2020, 2, 29)))
_TIMES = {"gYear": ("",), "gYearMonth": ("",), "date": ("", ""), "dateTime": ("T00:00:00", "T23:59:59.999")}
#: Datatype, time and zone of a date.
FORMS = st.sampled_from(
    [
        (kind, time, zone)
        for kind, times in _TIMES.items()
        for time in times
        for zone in ("", "", "Z", "+14:00", "-11:30")
    ]
)

Part = tuple[Triple, ...]


@dataclass(frozen=True)
class Edit:
    """A change: statements that go into some graphs, and which of the quads there are go, by their place in order."""

    added: Part = ()
    graphs: tuple[NamedNode, ...] = GRAPHS[:1]
    removed: tuple[int, ...] = ()

    def apply(self, quads: frozenset[Quad]) -> frozenset[Quad]:
        """Give the quads after the change, or the same ones where it would leave something unsound."""
        there = sorted(quads, key=str)
        gone = {there[number % len(there)] for number in self.removed if there}
        come = {Quad(*triple, graph) for triple in self.added for graph in self.graphs}
        after = (quads - gone) | come
        return after if sound(after) else quads


def sound(quads: Iterable[Quad]) -> bool:
    """Say whether validation would take the quads: one value for each end, and dates that can be."""
    triples = {quad.triple for quad in quads}
    names = names_of_record(triples)
    return all(len(values) == 1 for values in ends_by_node(triples, names).values()) and all(
        map(can_be, dates_by_node(triples, names).values())
    )


def quads_after(edits: Sequence[Edit], quads: frozenset[Quad] = frozenset()) -> frozenset[Quad]:
    """Apply changes one after the other."""
    for edit in edits:
        quads = edit.apply(quads)
    return quads


def dated(day: date, form: tuple[str, str, str]) -> Literal:
    """Give a day, its month or its year as a literal: its datatype, time and zone."""
    kind, time, zone = form
    text = day.isoformat()[: {"gYear": 4, "gYearMonth": 7}.get(kind, 10)]
    return Literal(text + time + zone, datatype=NamedNode(PREFIXES["xsd"] + kind))


@st.composite
def dates(draw: st.DrawFn, node: Node) -> Part:
    """Give starts, attestations and ends of a node, several of each or none, in an order that can be."""
    days = sorted(draw(st.lists(DAYS, min_size=draw(st.sampled_from((0, 2, 4))), max_size=5)))
    first = draw(st.integers(0, min(2, len(days))))
    last = draw(st.integers(max(first, len(days) - 2), len(days)))
    predicates = [STARTS] * first + [ATTESTED] * (last - first) + [ENDS] * (len(days) - last)
    return tuple(
        Triple(node, predicate, dated(day, draw(FORMS))) for predicate, day in zip(predicates, days, strict=True)
    )


@st.composite
def memberships(draw: st.DrawFn) -> Part:
    node, organisation = draw(st.sampled_from(MEMBERSHIPS)), draw(st.sampled_from(ORGANISATIONS))
    person = draw(st.sampled_from([*PEOPLE, *PEOPLE, *PEOPLE, ORGANISATIONS[0]]))
    ends = (Triple(node, iri("org", "member"), person), Triple(node, iri("org", "organization"), organisation))
    return ends + draw(dates(node))


@st.composite
def supervisions(draw: st.DrawFn) -> Part:
    node = draw(st.sampled_from(SUPERVISIONS))
    unit, institution = draw(st.sampled_from(ORGANISATIONS)), draw(st.sampled_from(ORGANISATIONS))
    ends = (
        Triple(node, iri("kg", "supervisedUnit"), unit),
        Triple(node, iri("kg", "supervisingInstitution"), institution),
    )
    return ends + draw(dates(node))


def statements(
    subjects: Sequence[Node], predicates: Sequence[NamedNode], objects: st.SearchStrategy[Node | Literal]
) -> st.SearchStrategy[Part]:
    """Give single statements."""
    one = st.builds(Triple, st.sampled_from(subjects), st.sampled_from(predicates), objects)
    return one.map(lambda triple: (triple,))


plain_memberships = statements(PEOPLE, [iri("org", "memberOf")], st.sampled_from(ORGANISATIONS))
plain_links = statements(ORGANISATIONS, PLAIN, st.sampled_from(ORGANISATIONS))
more_dates = statements(
    [*MEMBERSHIPS, *SUPERVISIONS], [STARTS, ENDS, ATTESTED], st.builds(dated, DAYS | DAYS | DAYS | EXTREMES, FORMS)
)
types = statements(PEOPLE, [iri("rdf", "type")], st.sampled_from(ORGANISATION_CLASSES + PERSON_CLASSES)) | statements(
    ORGANISATIONS, [iri("rdf", "type")], st.sampled_from(ORGANISATION_CLASSES)
)
class_axioms = statements([LABORATORY], [iri("rdfs", "subClassOf")], st.sampled_from(ORGANISATION_CLASSES[:3]))
parts = st.one_of(
    *(memberships(), memberships(), supervisions(), supervisions(), supervisions(), plain_links, plain_links),
    *(plain_memberships, more_dates, types),
)
#: The pools whose things may have further names: some come before all others, some after; blank nodes name nothing.
POOLS = {"person": PEOPLE, "organisation": ORGANISATIONS, "membership": MEMBERSHIPS, "supervision": SUPERVISIONS}
ALIASES: dict[str, list[Node]] = {
    kind: [NamedNode(f"urn:a:{kind}"), NamedNode(f"urn:x:é{kind}"), BlankNode(kind)] for kind in POOLS
}


def same_of(*kinds: str) -> st.SearchStrategy[Part]:
    """Give statements that two names are of one thing of some kind."""
    names = [[*POOLS[kind], *ALIASES[kind]] for kind in kinds]
    return st.one_of(*(statements(pool, [iri("owl", "sameAs")], st.sampled_from(pool)) for pool in names))


same = same_of(*POOLS)
#: The same as ``parts``, said under further names.
aliased_parts = parts | same | same


def edits(
    parts: st.SearchStrategy[Part] = parts, *, least: int = 0, most: int = 2, removals: int = 3
) -> st.SearchStrategy[Edit]:
    """Give changes that add and remove a few statements."""
    return st.builds(
        Edit,
        st.lists(parts, min_size=least, max_size=most).map(lambda several: tuple(chain.from_iterable(several))),
        st.sampled_from((GRAPHS[:1], GRAPHS[:1], GRAPHS[1:], GRAPHS)),
        st.lists(st.integers(0, 500), max_size=removals).map(tuple),
    )


def graphs(
    parts: st.SearchStrategy[Part] = parts, *, least: int = 12, most: int = 40
) -> st.SearchStrategy[frozenset[Quad]]:
    """Give the quads of a small graph."""
    return st.lists(edits(parts, least=1, most=1, removals=0), min_size=least, max_size=most).map(quads_after)
