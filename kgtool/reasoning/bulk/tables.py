"""The tables of a closure under way, and which of its conclusions go where.

===========  =======================================================================================
``facts``    the closure as far as it is known: asserted triples, and those inferred that the graph shows
``derived``  the inferred ones among them
``hidden``   what is inferred and left out of the graph, though a rule looks at it
``quads``    the quads of source graphs (s, p, o, g), where they came from
``found``    what the rules of a round find, before it is known whether it is new
``fresh``    what was new in it
``fresh_hidden``  likewise for ``hidden``
===========  =======================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from kgtool.reasoning.bulk.dialect import ID
from kgtool.reasoning.language import Term
from kgtool.reasoning.omitted import ANNOTATION_PROPERTIES, REFLEXIVE
from kgtool.reasoning.owl.datatypes import DATATYPES
from kgtool.reasoning.program import Place, Program
from kgtool.vocabulary import iri

FACTS: Final = "facts"
DERIVED: Final = "derived"
HIDDEN: Final = "hidden"
FRESH: Final = "fresh"
FRESH_HIDDEN: Final = "fresh_hidden"
FOUND: Final = "found"
COLUMNS: Final = f"s {ID}, p {ID}, o {ID}"

_TYPE: Final = iri("rdf", "type")
_SAME_AS: Final = iri("owl", "sameAs")


#: Terms that the conditions here look for, to be numbered at once.
LOOKED_FOR: Final = frozenset(
    {_TYPE, _SAME_AS, *DATATYPES, *ANNOTATION_PROPERTIES, *REFLEXIVE}
    | {iri("owl", name) for name in ("Thing", "Nothing", "Class", "AnnotationProperty")}
    | {iri("rdfs", "Datatype")}
)


def place_of(program: Program, number: Callable[[Term], int], unwritable: Iterable[int]) -> str:
    """Write the SQL of where a fact (s, p, o) goes: the value of a :class:`~kgtool.reasoning.program.Place`.

    :param unwritable: predicates that RDF cannot write, blank nodes and literals.
    """
    omitted = [_omitted(number), *(f"p = {predicate}" for predicate in sorted(unwritable))]
    needed = f"CASE WHEN {_needed(program, number)} THEN {Place.HIDDEN.value} ELSE {Place.NOWHERE.value} END"
    return f"CASE WHEN {' OR '.join(omitted)} THEN {needed} ELSE {Place.GRAPH.value} END"


def _omitted(number: Callable[[Term], int]) -> str:
    """Write the condition that the contract leaves a fact out of the graph, see :mod:`kgtool.reasoning.omitted`.

    Most facts pass by its first line: nothing but two comparisons and a look into short lists.
    """
    thing, nothing = number(iri("owl", "Thing")), number(iri("owl", "Nothing"))
    class_, annotation = number(iri("owl", "Class")), number(iri("owl", "AnnotationProperty"))
    datatype, type_, below = number(iri("rdfs", "Datatype")), number(_TYPE), number(iri("rdfs", "subClassOf"))
    datatypes = _listed(DATATYPES, number)
    return (
        f"s < 0 OR p < 0 OR (s = o AND p IN {_listed(REFLEXIVE, number)})"
        f" OR (p = {type_} AND o IN ({thing}, {class_}, {annotation}, {datatype}) AND (o = {thing}"
        f" OR (o = {class_} AND s IN ({thing}, {nothing}))"
        f" OR (o = {annotation} AND s IN {_listed(ANNOTATION_PROPERTIES, number)})"
        f" OR (o = {datatype} AND s IN {datatypes})))"
        f" OR (p = {below} AND (o = {thing} OR s = {nothing}))"
        f" OR (p <> {type_} AND o IN {datatypes} AND s IN {datatypes})"
    )


def _needed(program: Program, number: Callable[[Term], int]) -> str:
    """Write the condition that some rule looks at a fact that the graph leaves out, see ``Program.place``."""
    type_, same_as = number(_TYPE), number(_SAME_AS)
    in_datatype = f"(s < 0 AND o IN {_listed(DATATYPES, number)})"
    types = "true" if _TYPE in program.predicates_looked_at else f"o IN {_listed(program.types_looked_at, number)}"
    return (
        f"p > 0 AND ((p = {type_} AND NOT {in_datatype} AND {types})"
        f" OR (p = {same_as} AND s <> o) OR p IN {_listed(program.predicates_looked_at - {_TYPE}, number)})"
    )


def _listed(terms: Iterable[Term], number: Callable[[Term], int]) -> str:
    return "(" + (", ".join(str(number(term)) for term in sorted(terms, key=str)) or "NULL") + ")"
