"""The axioms among the facts of a closure under way, with the lists that they lead to."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from kgtool.reasoning.bulk.dialect import Database, one_of
from kgtool.reasoning.bulk.tables import FACTS
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Var
from kgtool.reasoning.owl.axioms import Axioms, axiom_patterns
from kgtool.reasoning.owl.reader import list_predicates
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
_FIRST: Final = iri("rdf", "first")
_REST: Final = iri("rdf", "rest")
_LEADING: Final = tuple(sorted((p for p in list_predicates() if not isinstance(p, Var)), key=str))


class StoredAxioms:
    """The axioms in the table of facts."""

    def __init__(self, database: Database, terms: Terms) -> None:
        self._database = database
        self._terms = terms
        self._number = terms.number

    def read(self) -> Axioms:
        """Read the axioms as they are known now, and close them."""
        rows = self._database.rows(self._whole)
        return Axioms(self._terms.facts(rows + self._database.rows(self._parts_of_lists)))

    def grew(self, predicates: frozenset[int], types: frozenset[int], known: Axioms) -> bool:
        """Tell whether facts with these predicates and types hold axioms, or new parts of the lists of known ones.

        :param predicates: of facts that were not known before, as ``types`` are their types.
        """
        if predicates & self._predicates or types & self._types:
            return True
        if not predicates & {self._number(_FIRST), self._number(_REST)}:
            return False
        parts = {fact for node in known.list_nodes for fact in known.list_facts(node)}
        return any(fact not in parts for fact in self._terms.facts(self._database.rows(self._parts_of_lists)))

    @cached_property
    def with_lists(self) -> str:
        """The query for the axioms and the parts of their lists."""
        return f"{self._whole} UNION ({self._parts_of_lists})"

    @cached_property
    def _whole(self) -> str:
        """The query for the axioms; in two parts, as facts lie by predicate."""
        facts = f"SELECT s, p, o FROM {FACTS} WHERE"
        by_type = f"p = {self._number(_TYPE)} AND {one_of('o', self._types)}"
        return f"{facts} {one_of('p', self._predicates)} UNION ALL {facts} {by_type}"

    @cached_property
    def _predicates(self) -> frozenset[int]:
        return frozenset(self._number(predicate) for predicate, value in axiom_patterns() if value is None)

    @cached_property
    def _types(self) -> frozenset[int]:
        return frozenset(self._number(value) for _, value in axiom_patterns() if value is not None)

    @cached_property
    def _parts_of_lists(self) -> str:
        """The query for the parts of the lists that axioms lead to; a graph may have many others."""
        leading, first, rest = ", ".join(map(str, map(self._number, _LEADING))), *map(self._number, (_FIRST, _REST))
        return (
            f"WITH RECURSIVE nodes(n) AS (SELECT o FROM {FACTS} WHERE p IN ({leading})"
            f" UNION SELECT f.o FROM {FACTS} f JOIN nodes ON f.s = n WHERE f.p = {rest})"
            f" SELECT s, p, o FROM {FACTS} JOIN nodes ON s = n WHERE p IN ({first}, {rest})"
        )
