"""Small graphs about people and organisations, and random changes of them, good and bad."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kgtool.reasoning.engine import Consequences
from kgtool.store.change import TripleDelta, delta
from kgtool.store.interface import QuadStore
from kgtool.store.layout import State, asserted_change, asserted_triples, effective, inferred_triples
from kgtool.transactions.commits import Prepared
from kgtool.validate.terms import Term
from kgtool.vocabulary import iri

NODES = [*(NamedNode(f"urn:x:{name}") for name in "abcdef"), BlankNode("m"), BlankNode("n")]
GRAPHS = [NamedNode("urn:x:g1"), NamedNode("urn:x:g2")]
XSD = "http://www.w3.org/2001/XMLSchema#"
CLASSES = [
    iri(*name.split(":"))
    for name in (
        *("kg:Researcher", "foaf:Person", "org:Organization", "kg:ResearchUnit", "kg:Institution", "kg:Membership"),
        *("org:Membership", "kg:Supervision", "schema:PropertyValue", "kg:Theme", "kg:Project", "kg:Participation"),
        *("kg:Statistic", "kg:Affiliation", "org:Role"),
    )
]
DATED = [iri("schema", "startDate"), iri("schema", "endDate"), iri("kg", "attestedOn"), iri("schema", "foundingDate")]
DATES = [
    Literal(text, datatype=NamedNode(XSD + kind))
    for text, kind in (
        *(("2020-01-01", "date"), ("2021-12-31", "date"), ("2020", "gYear"), ("2021-05", "gYearMonth")),
        *(("2019-02-30", "date"), ("2020-01-01T10:00:00Z", "dateTime"), ("2020", "string"), ("0000", "gYear")),
    )
]
LINKS = [
    iri(*name.split(":"))
    for name in (
        *("org:member", "org:organization", "org:role", "kg:supervisedUnit", "kg:supervisingInstitution", "kg:person"),
        *("kg:project", "kg:participant", "kg:hasTheme", "schema:identifier", "owl:sameAs", "schema:sameAs"),
        *("rdfs:subClassOf", "kg:locatedIn"),
    )
]
REGISTRY = [
    NamedNode("https://orcid.org/0000-0002-1825-0097"),
    NamedNode("https://orcid.org/0000-0002-1825-0098"),
    NamedNode("https://ror.org/02ppyfa04"),
    NamedNode("http://schema.org/Person"),
]
SCHEMES = [Literal("ORCID"), Literal("orcid.org"), Literal("ROR"), Literal("SIRET"), Literal("x")]
VALUES = [
    *map(Literal, ("0000-0002-1825-0097", "0000 0002 18250097", "0000-0002-1825-0098", "02ppyfa04", "26590671900017")),
    *map(Literal, ("26590671900018", "abc", "ABC")),
    REGISTRY[0],
    BlankNode("n"),
]
TEXTS = [Literal("a"), Literal("a", language="fr"), Literal("a", language="en")]


def _triples(
    subjects: Iterable[object], predicates: Iterable[NamedNode], objects: Iterable[object]
) -> st.SearchStrategy[Triple]:
    return st.builds(Triple, *(st.sampled_from(list(each)) for each in (subjects, predicates, objects)))


TRIPLES = st.one_of(
    _triples(NODES, [iri("rdf", "type")], CLASSES),
    _triples(NODES, DATED, DATES),
    _triples(NODES, LINKS, [*NODES, *TEXTS[:1]]),
    _triples(NODES, [iri("schema", "sameAs"), iri("schema", "identifier"), iri("owl", "sameAs")], REGISTRY),
    _triples(NODES, [iri("schema", "propertyID")], SCHEMES),
    _triples(NODES, [iri("schema", "value")], VALUES),
    _triples(NODES, [iri("rdfs", "label"), iri("skos", "prefLabel"), iri("dcterms", "source")], TEXTS),
    _triples(NODES, [NamedNode("http://schema.org/name"), iri("rdf", "type")], [TEXTS[0], REGISTRY[3]]),
    _triples(CLASSES, [iri("rdfs", "subClassOf")], CLASSES),
)


def _identifier(holder: Term, node: Term, scheme: Term, value: Term) -> list[Triple]:
    return [
        Triple(holder, iri("schema", "identifier"), node),
        Triple(node, iri("schema", "propertyID"), scheme),
        Triple(node, iri("schema", "value"), value),
    ]


def _membership(node: Term, member: Term, organization: Term, dates: list[tuple[NamedNode, Term]]) -> list[Triple]:
    ends = [(iri("org", "member"), member), (iri("org", "organization"), organization), *dates]
    return [Triple(node, predicate, value) for predicate, value in ends]


_nodes = st.sampled_from(NODES)
_dates = st.lists(st.tuples(st.sampled_from(DATED[:3]), st.sampled_from(DATES[:5])), max_size=4)
#: Triples that belong together: alone, few of them would meet.
BUNDLES = st.one_of(
    st.builds(_identifier, _nodes, _nodes, st.sampled_from(SCHEMES[:2]), st.sampled_from(VALUES[:3])),
    st.builds(_identifier, _nodes, _nodes, st.sampled_from(SCHEMES), st.sampled_from(VALUES)),
    st.builds(_membership, _nodes, _nodes, _nodes, _dates),
    st.builds(
        lambda one, other, entry: [Triple(each, iri("schema", "sameAs"), entry) for each in (one, other)],
        *(_nodes, _nodes, st.sampled_from(REGISTRY)),
    ),
    TRIPLES.map(lambda triple: [triple]),
    TRIPLES.map(lambda triple: [triple]),
)


@dataclass(frozen=True)
class Step:
    """A change in terms of what may be there: triples by source graph, and triples that an engine would infer.

    :param committed: whether it is written after it was examined.
    :param examined: whether it is examined; if not, what sources say stays the same, as when a closure is made anew.
    """

    added: frozenset[tuple[Triple, NamedNode]]
    removed: frozenset[tuple[Triple, NamedNode]]
    inferred: frozenset[Triple]
    committed: bool
    examined: bool


def steps(least: int, most: int) -> st.SearchStrategy[Step]:
    """Give changes that add so many bundles of triples, and remove as many triples at most."""
    graphs = st.sampled_from(GRAPHS)
    added, removed = (
        st.lists(st.tuples(BUNDLES, graphs), min_size=size, max_size=most).map(
            lambda bundles: frozenset((triple, graph) for bundle, graph in bundles for triple in bundle)
        )
        for size in (least, 0)
    )
    return st.builds(
        Step,
        added,
        removed,
        st.frozensets(TRIPLES, max_size=most // 2),
        st.booleans(),
        st.sampled_from((True, True, True, False)),
    )


def prepared(store: QuadStore, state: State, step: Step) -> Prepared:
    """Make a change of a store, what follows from it included: some triples are inferred, some no longer."""
    sourced = (step.added, step.removed) if step.examined else ((), ())
    wanted = delta(*((Quad(*triple, graph) for triple, graph in placed) for placed in sourced))
    change = effective(store, wanted)
    asserted = asserted_change(store, change)
    before = set(inferred_triples(store))
    said = (set(asserted_triples(store, state)) - asserted.removed) | asserted.added
    after = (before ^ step.inferred) - said
    inferred = TripleDelta(frozenset(after - before), frozenset(before - after))
    return Prepared(change, asserted, Consequences(inferred))


def closure_and_asserted(store: QuadStore, state: State, change: Prepared) -> tuple[set[Triple], set[Triple]]:
    """Give the triples as after a change, all of them and those that sources state."""
    asserted = (set(asserted_triples(store, state)) - change.asserted.removed) | change.asserted.added
    inferred = change.consequences.inferred
    return asserted | (set(inferred_triples(store)) - inferred.removed) | inferred.added, asserted


def mentioned(change: Prepared) -> set[NamedNode | BlankNode]:
    """Give the nodes that a change or what follows from it mentions."""
    quads, inferred = change.change, change.consequences.inferred
    triples = {*(quad.triple for quad in quads.added | quads.removed), *inferred.added, *inferred.removed}
    return {term for triple in triples for term in (triple.subject, triple.object) if not isinstance(term, Literal)}
