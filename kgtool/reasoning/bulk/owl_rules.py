"""A rule of the OWL tables in bulk: its queries, over all facts or over the recent ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kgtool.reasoning.bulk.growth import Growth, Present, Query
from kgtool.reasoning.bulk.joins import NumberedRows, join
from kgtool.reasoning.bulk.same_values import SameValues, compares_objects
from kgtool.reasoning.bulk.tables import Kind
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Atom, Var
from kgtool.reasoning.shapes import Shape
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
_SAME_AS: Final = iri("owl", "sameAs")
#: What an atom names in a row: predicate and object, None for anything.
_Named = tuple[int | None, int | None]


class OwlRule:
    """One rule of the OWL tables, with what the axioms make of it.

    :param same_values: which literals have the same value, where rules ask for that.
    """

    def __init__(self, shape: Shape, terms: Terms, same_values: SameValues) -> None:
        self._shape = shape
        self._same_values = same_values if compares_objects(shape.body, shape.rows.columns) else None
        self._number = terms.number
        self._type = terms.number(_TYPE)
        self._rows = [tuple(map(terms.number, row)) for row in shape.rows.rows]
        #: For each row, what each atom of the body asks for.
        self._asked = [[self._named(atom, row) for atom in shape.body] for row in self._rows]

    def queries(self, growth: Growth, *, first: bool) -> Iterator[Query]:
        """Write its queries: one for all facts, or one for each atom that a recent fact may match."""
        shape = self._shape
        for place in range(1 if first else len(shape.body)):
            where = [growth.known] * len(shape.body)
            sources = [growth.everything] * len(shape.body)
            if not first:
                where[place], sources[place] = growth.recent, growth.news
            live = self._live(where)
            if not live:
                continue
            rows: NumberedRows = (shape.rows.columns, live)
            if self._same_values is not None:
                sources = [self._same_values.seen_through(source) for source in sources]
            found = join(shape.body, sources, self._number, rows=rows)
            for atom in shape.head:
                head = [found.written(node, self._number) for node in atom[:3]]
                other = atom.predicate == _SAME_AS and atom.subject != atom.object  # but for eq-ref
                select = found.select(head, [f"{head[0]} <> {head[2]}"] if other else ())
                yield Query(select, self._kinds(atom, live))

    def _kinds(self, head: Atom, rows: Iterable[tuple[int, ...]]) -> frozenset[Kind] | None:
        """Give the kinds of facts that a head makes of rows; None for any."""
        kinds: set[Kind] = set()
        for predicate, value in (self._named(head, row) for row in rows):
            if predicate is None:
                return None
            kinds.add((predicate, value if predicate == self._type else None))
        return frozenset(kinds)

    def _live(self, where: Sequence[Present]) -> list[tuple[int, ...]]:
        """Give the rows for which every atom may match something."""
        return [
            row
            for row, asked in zip(self._rows, self._asked, strict=True)
            if all(present.may_match(*atom, self._type) for present, atom in zip(where, asked, strict=True))
        ]

    def _named(self, atom: Atom, row: tuple[int, ...]) -> _Named:
        """Give predicate and object that an atom names in a row."""
        values = dict(zip(self._shape.rows.columns, row, strict=True))
        predicate, value = (
            values.get(node) if isinstance(node, Var) else self._number(node) for node in (atom.predicate, atom.object)
        )
        return predicate, value
