"""The syntax of OWL 2 RL (OWL 2 Profiles, 4.2) and OWL's global restrictions on properties, checked on triples."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kgtool.vocabulary import PREFIXES

Thing = OWL.Thing

#: Table of 4.2.3: predicates of the two vocabularies that an RL ontology may hold at all.
ALLOWED_PREDICATES = frozenset(
    {
        RDF.type, RDF.first, RDF.rest,
        RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range,
        RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso,
        OWL.equivalentClass, OWL.disjointWith, OWL.members, OWL.intersectionOf, OWL.unionOf, OWL.complementOf,
        OWL.oneOf, OWL.onProperty, OWL.someValuesFrom, OWL.allValuesFrom, OWL.hasValue, OWL.onClass,
        OWL.maxCardinality, OWL.maxQualifiedCardinality,
        OWL.equivalentProperty, OWL.propertyDisjointWith, OWL.inverseOf, OWL.propertyChainAxiom, OWL.hasKey,
        OWL.sameAs, OWL.differentFrom, OWL.distinctMembers,
        OWL.versionInfo, OWL.versionIRI, OWL.priorVersion, OWL.imports, OWL.deprecated,
    }
)  # fmt: skip

ALLOWED_TYPES = frozenset(
    {
        OWL.Ontology, OWL.Class, OWL.Restriction, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty,
        OWL.NamedIndividual, OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.IrreflexiveProperty,
        OWL.SymmetricProperty, OWL.AsymmetricProperty, OWL.TransitiveProperty, OWL.AllDisjointClasses,
        OWL.AllDisjointProperties, OWL.AllDifferent, RDFS.Datatype, RDF.List,
    }
)  # fmt: skip

#: Section 4.2.2, less those that only differ in length limits: no owl:real, owl:rational.
FORBIDDEN_DATATYPES = frozenset({OWL.real, OWL.rational})

SIMPLE_ONLY = (OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.IrreflexiveProperty, OWL.AsymmetricProperty)


def breaches(graph: Graph) -> list[str]:
    """List what keeps the axioms of a graph from being an OWL 2 RL ontology."""
    return sorted({*_vocabulary(graph), *_axioms(graph), *_declarations(graph), *_chains(graph)})


def is_subclass_expression(graph: Graph, node: Node | None) -> bool:
    """Tell whether a node is a class expression that may stand on the left of a sub-class axiom."""
    if isinstance(node, URIRef):
        return node != Thing and node not in FORBIDDEN_DATATYPES
    if (some := graph.value(node, OWL.someValuesFrom)) is not None:
        return some == Thing or is_subclass_expression(graph, some)
    for joiner in (OWL.unionOf, OWL.intersectionOf):
        if (items := graph.value(node, joiner)) is not None:
            return all(is_subclass_expression(graph, item) for item in Collection(graph, items))
    return (node, OWL.oneOf, None) in graph or (node, OWL.hasValue, None) in graph


def is_superclass_expression(graph: Graph, node: Node) -> bool:
    """Tell whether a node is a class expression that may stand on the right of a sub-class axiom."""
    if isinstance(node, URIRef):
        return node != Thing and node not in FORBIDDEN_DATATYPES
    if (items := graph.value(node, OWL.intersectionOf)) is not None:
        return all(is_superclass_expression(graph, item) for item in Collection(graph, items))
    if (negated := graph.value(node, OWL.complementOf)) is not None:
        return is_subclass_expression(graph, negated)
    if (every := graph.value(node, OWL.allValuesFrom)) is not None:
        return is_superclass_expression(graph, every)
    for limit in (OWL.maxCardinality, OWL.maxQualifiedCardinality):
        if (count := graph.value(node, limit)) is not None:
            of = graph.value(node, OWL.onClass)
            return int(str(count)) in (0, 1) and (of in (None, Thing) or is_subclass_expression(graph, of))
    return (node, OWL.hasValue, None) in graph


def _is_equivalence_expression(graph: Graph, node: Node) -> bool:
    if isinstance(node, URIRef):
        return node != Thing
    if (items := graph.value(node, OWL.intersectionOf)) is not None:
        return all(_is_equivalence_expression(graph, item) for item in Collection(graph, items))
    return (node, OWL.hasValue, None) in graph


def _vocabulary(graph: Graph) -> Iterator[str]:
    for _, predicate, object_ in graph:
        if predicate == RDF.type and str(object_).startswith((str(OWL), str(RDFS), str(RDF))):
            if object_ not in ALLOWED_TYPES:
                yield f"type outside the profile: {object_}"
        elif str(predicate).startswith((str(OWL), str(RDFS), str(RDF))) and predicate not in ALLOWED_PREDICATES:
            yield f"predicate outside the profile: {predicate}"


def _axioms(graph: Graph) -> Iterator[str]:
    for sub, super_ in graph.subject_objects(RDFS.subClassOf):
        if not is_subclass_expression(graph, sub) or not is_superclass_expression(graph, super_):
            yield f"sub-class axiom outside the profile: {sub} below {super_}"
    for left, right in graph.subject_objects(OWL.equivalentClass):
        if not (_is_equivalence_expression(graph, left) and _is_equivalence_expression(graph, right)):
            yield f"class equivalence outside the profile: {left} and {right}"
    for left, right in graph.subject_objects(OWL.disjointWith):
        if not (is_subclass_expression(graph, left) and is_subclass_expression(graph, right)):
            yield f"disjointness outside the profile: {left} and {right}"
    for list_ in graph.objects(None, OWL.members):
        members = list(Collection(graph, list_))
        if len(members) < 2 or not all(is_subclass_expression(graph, member) for member in members):
            yield f"disjointness outside the profile: {members}"
    for end in (RDFS.domain, RDFS.range):
        for of, class_ in graph.subject_objects(end):
            if not is_superclass_expression(graph, class_):
                yield f"{end} outside the profile: {class_} of {of}"


def _declarations(graph: Graph) -> Iterator[str]:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    properties = {node for kind in kinds for node in graph.subjects(RDF.type, kind)}
    for node in properties:
        if sum((node, RDF.type, kind) in graph for kind in kinds) > 1:
            yield f"declared as properties of two kinds: {node}"
    classes = set(graph.subjects(RDF.type, OWL.Class)) | set(graph.subjects(RDF.type, RDFS.Datatype))
    for node in _named(graph, (RDFS.subClassOf, OWL.disjointWith, OWL.equivalentClass)) | _listed(graph, OWL.members):
        if node not in classes:
            yield f"class without a declaration: {node}"
    for node in set(graph.objects(None, RDFS.domain)) | set(graph.objects(None, RDFS.range)):
        if isinstance(node, URIRef) and node not in classes and not str(node).startswith(PREFIXES["xsd"]):
            yield f"class without a declaration: {node}"
    used = _named(graph, (RDFS.subPropertyOf, OWL.inverseOf, OWL.equivalentProperty))
    for node in used | _listed(graph, OWL.propertyChainAxiom) | set(graph.subjects(RDFS.domain)):
        if isinstance(node, URIRef) and node not in properties:
            yield f"property without a declaration: {node}"
    for sub, super_ in graph.subject_objects(RDFS.subPropertyOf):
        if all((sub, RDF.type, kind) not in graph or (super_, RDF.type, kind) not in graph for kind in kinds):
            yield f"sub-property axiom between two kinds: {sub} below {super_}"


def _named(graph: Graph, predicates: tuple[URIRef, ...]) -> set[Node]:
    ends = (end for predicate in predicates for pair in graph.subject_objects(predicate) for end in pair)
    return {end for end in ends if isinstance(end, URIRef)}


def _listed(graph: Graph, predicate: URIRef) -> set[Node]:
    return {item for head in graph.objects(None, predicate) for item in Collection(graph, head)}


def _chains(graph: Graph) -> Iterator[str]:
    """Composite properties: never functional and the like, and in a regular order (OWL 2 syntax, section 11.2)."""
    below: dict[Node, set[Node]] = {}
    composite: set[Node] = set(graph.subjects(RDF.type, OWL.TransitiveProperty))
    for head, list_ in graph.subject_objects(OWL.propertyChainAxiom):
        composite.add(head)
        chain = list(Collection(graph, list_))
        if len(chain) < 2:
            yield f"chain of fewer than two: {head}"
        recursive = chain == [head, head] or chain[0] == head or chain[-1] == head
        rest = set(chain) - {head} if recursive else set(chain)
        if head in rest or (chain.count(head) > 1 and chain != [head, head]):
            yield f"chain that is not regular: {head}"
        below.setdefault(head, set()).update(rest)
    for sub, super_ in graph.subject_objects(RDFS.subPropertyOf):
        below.setdefault(super_, set()).add(sub)
        if sub in composite:
            composite.add(super_)
    for node in composite:
        if any((node, RDF.type, kind) in graph for kind in SIMPLE_ONLY):
            yield f"composite property used where OWL wants a simple one: {node}"
        if node in _reachable(below, node):
            yield f"chains go round in a circle: {node}"


def _reachable(below: dict[Node, set[Node]], start: Node) -> set[Node]:
    found: set[Node] = set()
    todo = list(below.get(start, ()))
    while todo:
        node = todo.pop()
        if node not in found:
            found.add(node)
            todo.extend(below.get(node, ()))
    return found
