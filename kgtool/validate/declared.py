"""What a shape declares to be its targets (SHACL section 2.1.3, SHACL-AF section 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import rdflib
from rdflib.namespace import SH

from kgtool.validate.shapes import Shape
from kgtool.validate.terms import Term, from_rdflib
from kgtool.vocabulary import PREFIXES

_GROUPED_BY = rdflib.URIRef(PREFIXES["kg"] + "groupedBy")
_ONLY_WITH_IRIS = rdflib.URIRef(PREFIXES["kg"] + "onlyWithIris")


@dataclass(frozen=True)
class TargetQuery:
    """A SPARQL target.

    :param node: the target's node in the shapes graph.
    :param text: its SELECT, prefixes declared.
    :param grouped_by: names of the variables by which nodes count as alike.
    :param only_with_iris: see :func:`only_with_iris`.
    """

    node: rdflib.term.Identifier
    text: str
    grouped_by: frozenset[str] = frozenset()
    only_with_iris: str | None = None


@dataclass(frozen=True)
class Declared:
    """The targets of a shape.

    :param classes: of which every SHACL instance is one; the shape itself if it is a class too.
    :param queries: SPARQL targets.
    :param otherwise: whether it has advanced targets of yet another kind.
    """

    nodes: frozenset[Term]
    classes: frozenset[Term]
    subjects_of: frozenset[Term]
    objects_of: frozenset[Term]
    queries: tuple[TargetQuery, ...]
    otherwise: bool


@lru_cache(maxsize=1024)
def declared_targets(shape: Shape) -> Declared:
    """Read the targets of a shape.

    :raises Exception: whatever pySHACL raises for a target that is none.
    """
    nodes, classes, implicit, objects_of, subjects_of = shape.target()
    queries: list[TargetQuery] = []
    otherwise = False
    for node, target in shape.advanced_target().items():
        if target["type"] != SH.SPARQLTarget:
            otherwise = True
            continue
        text = target["qh"].apply_prefixes(target["qh"].select_text)
        names = frozenset(str(name) for name in shape.sg.graph.objects(node, _GROUPED_BY))
        queries.append(TargetQuery(node, text, names, only_with_iris(shape.sg.graph, node)))
    return Declared(
        nodes=_terms(nodes),
        classes=_terms(classes) | _terms(implicit),
        subjects_of=_terms(subjects_of),
        objects_of=_terms(objects_of),
        queries=tuple(queries),
        otherwise=otherwise,
    )


def only_with_iris(shapes: rdflib.Graph, query: rdflib.term.Node) -> str | None:
    """Give the text with which an IRI begins in each triple that a query looks at; None if it does not say so.

    :param query: the node that holds the query.
    """
    beginning = shapes.value(query, _ONLY_WITH_IRIS)
    return None if beginning is None else str(beginning)


def _terms(nodes: Iterable[rdflib.term.Node]) -> frozenset[Term]:
    return frozenset(from_rdflib(node) for node in nodes)
