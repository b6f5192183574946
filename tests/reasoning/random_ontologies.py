"""Random small ontologies: axioms of every kind that OWL 2 RL reads, over few classes, properties and individuals."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

CLASSES = ("A", "B", "C", "D")
PROPERTIES = ("p", "q", "r")
THINGS = ("a", "b", "c")
_KINDS = ("Symmetric", "Transitive", "Functional", "InverseFunctional", "Asymmetric", "Irreflexive")

_class = st.sampled_from([f":{name}" for name in CLASSES])
_property = st.sampled_from([f":{name}" for name in PROPERTIES])
_thing = st.sampled_from([f":{name}" for name in THINGS])
_value = _thing | st.sampled_from(["1", "2", '"x"'])


def _list(of: st.SearchStrategy[str], least: int = 1) -> st.SearchStrategy[str]:
    return st.lists(of, min_size=least, max_size=3, unique=True).map(lambda members: f"( {' '.join(members)} )")


def _said(template: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda values: template.format(*values))


_restriction = st.one_of(
    _said("owl:someValuesFrom {}", _class | st.just("owl:Thing")),
    _said("owl:allValuesFrom {}", _class),
    _said("owl:hasValue {}", _value),
    st.sampled_from([f'owl:maxCardinality "{number}"^^xsd:nonNegativeInteger' for number in (0, 1)]),
    _said('owl:maxQualifiedCardinality "1"^^xsd:nonNegativeInteger ; owl:onClass {}', _class),
)
AXIOMS = st.one_of(
    _said("{} rdfs:subClassOf {} .", _class, _class),
    _said("{} owl:equivalentClass {} .", _class, _class),
    _said("{} rdfs:subPropertyOf {} .", _property, _property),
    _said("{} owl:inverseOf {} .", _property, _property),
    _said("{} rdfs:domain {} .", _property, _class),
    _said("{} rdfs:range {} .", _property, _class),
    _said("{} a owl:{}Property .", _property, st.sampled_from(_KINDS)),
    _said("{} owl:propertyChainAxiom {} .", _property, _list(_property)),
    _said("{} owl:propertyDisjointWith {} .", _property, _property),
    _said("{} owl:hasKey {} .", _class, _list(_property)),
    _said("{} owl:intersectionOf {} .", _class, _list(_class)),
    _said("{} owl:unionOf {} .", _class, _list(_class)),
    _said("{} owl:oneOf {} .", _class, _list(_thing)),
    _said("{} owl:complementOf {} .", _class, _class),
    _said("[] a owl:AllDisjointClasses ; owl:members {} .", _list(_class, 2)),
    _said("[] a owl:AllDifferent ; owl:members {} .", _list(_thing, 2)),
    _said("{} owl:onProperty {} ; {} .", _class, _property, _restriction),
)
FACTS = st.one_of(
    _said("{} a {} .", _thing, _class),
    _said("{} {} {} .", _thing, _property, _value),
    _said("{} {} {} .", _thing, _property, _thing),
    _said("{} owl:sameAs {} .", _thing, _thing),
    _said("{} owl:differentFrom {} .", _thing, _thing),
)
#: Turtle, a statement a line; ``:`` is ``urn:x:``.
ONTOLOGIES = st.tuples(st.lists(AXIOMS, min_size=1, max_size=5), st.lists(FACTS, min_size=1, max_size=5)).map(
    lambda parts: "\n".join((*parts[0], *parts[1]))
)


def questions() -> Iterator[tuple[str, str, str]]:
    """Give the triples that an ontology of these names may be asked about, in Turtle."""
    for thing in THINGS:
        yield from ((f":{thing}", "a", f":{name}") for name in CLASSES)
        for other in THINGS:
            yield from ((f":{thing}", f":{name}", f":{other}") for name in PROPERTIES)
            if thing != other:
                yield f":{thing}", "owl:sameAs", f":{other}"
    for one in CLASSES:
        yield from ((f":{one}", "rdfs:subClassOf", f":{other}") for other in CLASSES if one != other)
    for one in PROPERTIES:
        yield from ((f":{one}", "rdfs:subPropertyOf", f":{other}") for other in PROPERTIES if one != other)
