"""The tables of a closure under way, and which of its conclusions go where.

===========  =======================================================================================
``asserted`` what sources say; a triple that several graphs hold may be there several times
``derived``  what is inferred, and the graph shows
``facts``    both: the closure as far as it is known
``hidden``   what is inferred and left out of the graph, though a rule looks at it
``quads``    the quads of source graphs (s, p, o, g), where they came from
``found``    what the rules of a round find, before it is known whether it is new
``fresh``    what was new in it
``fresh_hidden``  likewise for ``hidden``
===========  =======================================================================================

All hold triples (s, p, o); ``derived`` and ``hidden`` say as well in which round (r) each was found.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, TypeAlias

from kgtool.reasoning.bulk.dialect import ID
from kgtool.reasoning.language import Term
from kgtool.reasoning.omitted import ANNOTATION_PROPERTIES, REFLEXIVE, REFLEXIVE_CLASS
from kgtool.reasoning.owl.datatypes import DATATYPES
from kgtool.reasoning.program import Program
from kgtool.vocabulary import iri

ASSERTED: Final = "asserted"
FACTS: Final = "facts"
DERIVED: Final = "derived"
HIDDEN: Final = "hidden"
FRESH: Final = "fresh"
FRESH_HIDDEN: Final = "fresh_hidden"
FOUND: Final = "found"
COLUMNS: Final = f"s {ID}, p {ID}, o {ID}"
ROUND: Final = f"r {ID}"

_TYPE: Final = iri("rdf", "type")
_SAME_AS: Final = iri("owl", "sameAs")
_SUB_CLASS: Final = iri("rdfs", "subClassOf")
_THING: Final = iri("owl", "Thing")
_NOTHING: Final = iri("owl", "Nothing")
#: Types that the graph does not show, and of what; of anything if that is empty.
_OMITTED_TYPES: Final[Mapping[Term, Collection[Term]]] = {
    _THING: (),
    iri("owl", "Class"): (_THING, _NOTHING),
    iri("owl", "AnnotationProperty"): ANNOTATION_PROPERTIES,
    iri("rdfs", "Datatype"): DATATYPES,
}
#: The number of a predicate, and for types that of a class; None is any class.
Kind: TypeAlias = tuple[int, int | None]

#: Terms that the conditions here look for, to be numbered at once.
LOOKED_FOR: Final = frozenset(
    {_TYPE, _SAME_AS, _SUB_CLASS, _NOTHING, *DATATYPES, *ANNOTATION_PROPERTIES, *REFLEXIVE, *_OMITTED_TYPES}
)


def omitted(number: Callable[[Term], int], among: Iterable[Kind] | None = None) -> str:
    """Write the condition that the contract leaves a fact out of the graph, see :mod:`kgtool.reasoning.omitted`.

    :param among: the kinds that the facts may be of; None for any. The condition is the shorter, as most need no look.
    """
    conditions = ["s < 0"]
    predicates = None if among is None else {predicate for predicate, _ in among}
    types = None if among is None else {kind for _, kind in among}

    def may_be(predicate: Term, kind: Term | None = None) -> bool:
        if predicates is None or types is None:
            return True
        return number(predicate) in predicates and (kind is None or None in types or number(kind) in types)

    if predicates is None:
        conditions.append("p < 0")
    if any(map(may_be, REFLEXIVE)):
        conditions.append(f"(s = o AND p IN {_listed(REFLEXIVE, number)})")
    for kind, subjects in _OMITTED_TYPES.items():
        if may_be(_TYPE, kind):
            whose = f" AND s IN {_listed(subjects, number)}" if subjects else ""
            conditions.append(f"(p = {number(_TYPE)} AND o = {number(kind)}{whose})")
    if may_be(_SUB_CLASS):
        thing, nothing = number(_THING), number(_NOTHING)
        conditions.append(f"(p = {number(_SUB_CLASS)} AND (o = {thing} OR s = {nothing}))")
    if any(map(may_be, REFLEXIVE_CLASS)):
        datatypes = _listed(DATATYPES, number)
        conditions.append(f"(p IN {_listed(REFLEXIVE_CLASS, number)} AND o IN {datatypes} AND s IN {datatypes})")
    return " OR ".join(conditions)


def needed(program: Program, number: Callable[[Term], int]) -> str:
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
