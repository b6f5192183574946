"""Random ontologies and data: axioms of every kind of tables 4 to 9 of OWL 2 RL, plain and odd, over few names.

Statements are Turtle, each whole in itself; ``:`` is ``urn:x:``. One name may be a class, a property and a thing.
"""

from __future__ import annotations

from hypothesis import strategies as st
from pyoxigraph import Quad

from kgtool.store.canonical import canonical_quads

from .worlds import GRAPH, quads_of

Statements = st.SearchStrategy[str]

CLASSES = tuple(f":C{number}" for number in range(4))
PROPERTIES = tuple(f":p{number}" for number in range(4))
THINGS = tuple(f":i{number}" for number in range(4))
LITERALS = ("1", "2", "1.5", '"a"', '"a"@en', '"2020"^^xsd:gYear', "true")

classes = st.sampled_from(CLASSES)
properties = st.sampled_from(PROPERTIES)
things = st.sampled_from(THINGS)
literals = st.sampled_from(LITERALS)
anything = st.sampled_from(CLASSES[:2] + PROPERTIES[:2] + THINGS[:2])


def _list(members: Statements, least: int = 1, most: int = 3, *, unique: bool = False) -> Statements:
    found = st.lists(members, min_size=least, max_size=most, unique=unique)
    return found.map(lambda names: f"( {' '.join(names)} )")


def _said(template: str, *parts: Statements) -> Statements:
    return st.tuples(*parts).map(lambda values: template.format(*values))


_numbers = st.sampled_from([f'"{number}"^^xsd:nonNegativeInteger' for number in (0, 1)] + ["1", '"01"^^xsd:integer'])
#: What a class may be said to be; ``owl:Thing`` and ``owl:Nothing`` are classes like others.
some_class = st.one_of(
    classes,
    st.sampled_from(("owl:Thing", "owl:Nothing")),
    _said("[ owl:onProperty {} ; owl:someValuesFrom {} ]", properties, classes | st.just("owl:Thing")),
    _said("[ owl:onProperty {} ; owl:allValuesFrom {} ]", properties, classes),
    _said("[ owl:onProperty {} ; owl:hasValue {} ]", properties, things | literals),
    _said("[ owl:onProperty {} ; owl:maxCardinality {} ]", properties, _numbers),
    _said(
        "[ owl:onProperty {} ; owl:maxQualifiedCardinality {} ; owl:onClass {} ]",
        *(properties, _numbers, classes | st.just("owl:Thing")),
    ),
    _said("[ owl:intersectionOf {} ]", _list(classes)),
    _said("[ owl:unionOf {} ]", _list(classes)),
    _said("[ owl:complementOf {} ]", classes),
    _said("[ owl:oneOf {} ]", _list(things)),
)
some_property = properties | _said("[ owl:inverseOf {} ]", properties)
_KINDS = ("Functional", "InverseFunctional", "Symmetric", "Asymmetric", "Irreflexive", "Transitive")

#: Axioms as ontologies have them.
plain_axioms = st.one_of(
    _said("{} rdfs:subClassOf {} .", classes, some_class),
    _said("{} owl:equivalentClass {} .", classes, some_class),
    _said("{} rdfs:subClassOf {} .", some_class.filter(lambda text: text.startswith("[")), classes),
    _said("{} owl:disjointWith {} .", classes, classes),
    _said("{} owl:complementOf {} .", classes, classes),
    _said("[] a owl:AllDisjointClasses ; owl:members {} .", _list(classes, 2)),
    _said("{} owl:intersectionOf {} .", classes, _list(some_class)),
    _said("{} owl:unionOf {} .", classes, _list(some_class)),
    _said("{} owl:oneOf {} .", classes, _list(things)),
    _said("{} rdfs:subPropertyOf {} .", some_property, some_property),
    _said("{} owl:equivalentProperty {} .", properties, properties),
    _said("{} owl:inverseOf {} .", properties, properties),
    _said("{} rdfs:domain {} .", some_property, some_class),
    _said("{} rdfs:range {} .", some_property, some_class),
    _said("{} a owl:{}Property .", properties, st.sampled_from(_KINDS)),
    _said("{} owl:propertyChainAxiom {} .", properties, _list(some_property)),
    _said("{} owl:propertyDisjointWith {} .", properties, properties),
    _said("[] a owl:AllDisjointProperties ; owl:members {} .", _list(properties, 2)),
    _said("{} owl:hasKey {} .", classes, _list(properties, 1, 2)),
    # owlrl does not see that a thing which is listed twice is not different from itself
    _said(
        "[] a owl:AllDifferent ; owl:{} {} .",
        *(st.sampled_from(("members", "distinctMembers")), _list(things, 2, unique=True)),
    ),
    _said(
        "[] owl:sourceIndividual {} ; owl:assertionProperty {} ; owl:{} .",
        *(things, properties, _said("targetIndividual {}", things) | _said("targetValue {}", literals)),
    ),
    _said("{} a owl:Class .", classes),
    _said("{} a owl:{}Property .", properties, st.sampled_from(("Object", "Datatype"))),
)
#: Axioms that few would write, and that the rules hold for all the same.
odd_axioms = st.one_of(
    _said("{} owl:sameAs {} .", anything, anything),
    _said("owl:Thing rdfs:subClassOf {} .", classes),
    _said("owl:Thing owl:{} {} .", st.sampled_from(("equivalentClass", "sameAs", "disjointWith")), classes),
    _said("rdf:type rdfs:{} {} .", st.sampled_from(("domain", "range")), classes),
    _said("rdf:type rdfs:subPropertyOf {} .", properties),
    _said("{} rdfs:subPropertyOf rdf:type .", properties),
    _said("{} rdfs:subPropertyOf rdfs:{} .", properties, st.sampled_from(("subClassOf", "domain", "subPropertyOf"))),
    _said("{} rdfs:subPropertyOf owl:{} .", properties, st.sampled_from(("sameAs", "differentFrom", "inverseOf"))),
    _said("{} rdfs:subClassOf owl:TransitiveProperty .", classes),
    _said("{} a {} .", properties, classes),
    _said("{} {} {} .", classes, properties, classes),
    _said("owl:sameAs a owl:TransitiveProperty . {} a {} .", things, classes),
)
#: Axioms that owlrl takes too little from, or too much: it says of some things only that they are below, or the same
#: as, themselves.
axioms_on_axioms = st.one_of(
    _said("rdfs:subClassOf rdfs:subPropertyOf {} .", properties),
    _said("owl:equivalentClass rdfs:subPropertyOf {} .", properties),
    _said("owl:sameAs rdfs:subPropertyOf {} .", properties),
    _said("rdfs:subPropertyOf rdfs:{} {} .", st.sampled_from(("domain", "range")), classes),
)
facts = st.one_of(
    _said("{} {} {} .", things, properties, things),
    _said("{} {} {} .", things, properties, things),
    _said("{} a {} .", things, classes),
    _said("{} a {} .", things, classes),
    _said("{} {} {} .", things, properties, literals),
    _said("{} owl:sameAs {} .", things, things),
    _said("{} owl:differentFrom {} .", things, things),
)

#: Values that others have too, written otherwise; owlrl does not compare them.
other_ways = _said("{} {} {} .", things, properties, st.sampled_from(("1.0", "2.0", '"a"^^xsd:token')))


def _together(axioms: Statements, least: int, most: int) -> Statements:
    return st.tuples(
        st.lists(axioms, min_size=least, max_size=most), st.lists(facts, min_size=least, max_size=most + 3)
    ).map(lambda parts: "\n".join((*parts[0], *parts[1])))


plain_ontologies = _together(plain_axioms, 1, 5)
odd_ontologies = _together(plain_axioms | odd_axioms, 1, 4)
large_ontologies = _together(plain_axioms | odd_axioms, 4, 14)


def stored(text: str) -> list[Quad]:
    """Give a text's quads as a store keeps them; its blank nodes are these ones, whoever reads the list."""
    return list(canonical_quads(quads_of(text, GRAPH)))
