"""What the contract leaves out of the graph, though it follows: it would only bury the rest.

Literal subjects; ``owl:Thing`` types; ``owl:sameAs`` to itself; reflexive schema triples (scm-cls, scm-op, scm-dp);
axiomatic triples without an asserted premise (prp-ap, cls-thing, cls-nothing1, dt-type1); dt-type2, dt-eq, dt-diff.
They count as premises while a closure is computed, and :func:`holds_though_omitted` says yes to them.

Source: W3C OWL 2 Web Ontology Language Profiles, section 4.3, tables 4 to 9.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pyoxigraph import Literal, Triple

from kgtool.reasoning.language import Fact
from kgtool.reasoning.owl.datatypes import DATATYPES
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
_SAME_AS: Final = iri("owl", "sameAs")
_THING: Final = iri("owl", "Thing")
_NOTHING: Final = iri("owl", "Nothing")
_CLASS: Final = iri("owl", "Class")
_SUB_CLASS: Final = iri("rdfs", "subClassOf")
_DATATYPE: Final = iri("rdfs", "Datatype")
#: Predicates that the graph never holds between a class and itself, nor between built-in datatypes.
REFLEXIVE_CLASS: Final = {_SUB_CLASS, iri("owl", "equivalentClass")}
_REFLEXIVE_PROPERTY: Final = {iri("rdfs", "subPropertyOf"), iri("owl", "equivalentProperty")}
#: Predicates that the graph never holds between a term and itself.
REFLEXIVE: Final = REFLEXIVE_CLASS | _REFLEXIVE_PROPERTY | {_SAME_AS}
_PROPERTY_TYPES: Final = {iri("owl", "ObjectProperty"), iri("owl", "DatatypeProperty")}
_ANNOTATION: Final = iri("owl", "AnnotationProperty")
ANNOTATION_PROPERTIES: Final = {
    *(iri("rdfs", name) for name in ("label", "comment", "seeAlso", "isDefinedBy")),
    *(
        iri("owl", name)
        for name in (
            "deprecated",
            "versionInfo",
            "priorVersion",
            "backwardCompatibleWith",
            "incompatibleWith",
        )
    ),
}

#: Triples that hold in every graph (prp-ap, cls-thing, cls-nothing1, dt-type1).
AXIOMATIC: Final[tuple[Fact, ...]] = (
    *((name, _TYPE, _CLASS) for name in (_THING, _NOTHING)),
    *((name, _TYPE, _ANNOTATION) for name in sorted(ANNOTATION_PROPERTIES, key=str)),
    *((name, _TYPE, _DATATYPE) for name in sorted(DATATYPES, key=str)),
)


def is_omitted(triple: Triple | Fact) -> bool:
    """Tell whether the contract leaves a triple out of the inferred graph, wherever it comes from.

    >>> is_omitted(Triple(iri("kg", "Team"), _SUB_CLASS, iri("kg", "Team")))
    True
    >>> is_omitted(Triple(iri("kg", "Team"), _SUB_CLASS, iri("org", "Organization")))
    False
    """
    subject, predicate, value = triple
    if isinstance(subject, Literal):
        return True
    if predicate == _TYPE:
        return (
            value == _THING
            or (value == _CLASS and subject in (_THING, _NOTHING))
            or (value == _ANNOTATION and subject in ANNOTATION_PROPERTIES)
            or (value == _DATATYPE and subject in DATATYPES)
        )
    if predicate == _SAME_AS or predicate in _REFLEXIVE_PROPERTY:
        return subject == value
    if predicate in REFLEXIVE_CLASS:
        about_all = predicate == _SUB_CLASS and (value == _THING or subject == _NOTHING)
        # between built-in datatypes: XML Schema's own facts, no rule of tables 4 to 9
        return subject == value or about_all or (subject in DATATYPES and value in DATATYPES)
    return False


def holds_though_omitted(triple: Triple, contains: Callable[[Triple], bool]) -> bool:
    """Tell whether an omitted triple follows from a graph.

    :param contains: tells whether a triple is asserted or inferred.
    """
    if not is_omitted(triple):
        return False
    subject, predicate = triple.subject, triple.predicate
    if predicate in REFLEXIVE_CLASS:
        classes = {t for t in (triple.subject, triple.object) if t not in (_THING, _NOTHING)}
        return all(contains(Triple(c, _TYPE, _CLASS)) for c in classes)  # type: ignore[arg-type]
    if predicate in _REFLEXIVE_PROPERTY:
        return any(contains(Triple(subject, _TYPE, kind)) for kind in _PROPERTY_TYPES)
    return predicate in (_TYPE, _SAME_AS)
