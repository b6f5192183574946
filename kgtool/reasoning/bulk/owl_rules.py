"""A rule of the OWL tables in bulk: its queries, over all facts or over the recent ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgtool.reasoning.bulk.growth import Growth, Present
from kgtool.reasoning.bulk.joins import NumberedRows, join
from kgtool.reasoning.bulk.same_values import SameValues, compares_objects
from kgtool.reasoning.bulk.tables import Kind
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Atom, Var
from kgtool.reasoning.matching.patterns import keys_of
from kgtool.reasoning.shapes import Shape
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
_SAME_AS: Final = iri("owl", "sameAs")
#: What an atom asks for in each row: predicate and object, None for anything.
_Asked = tuple[int | None, int | None]


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
        self._asked = [[self._asked_by(atom, row) for atom in shape.body] for row in self._rows]

    def kinds(self) -> set[Kind] | None:
        """Give the kinds of facts that it concludes; None for any."""
        keys = [key for atom in self._shape.head for key in keys_of(atom, self._shape.rows)]
        if any(predicate is None for predicate, _ in keys):
            return None
        return {
            (self._number(predicate), None if kind is None else self._number(kind))
            for predicate, kind in keys
            if predicate is not None
        }

    def selects(self, growth: Growth, *, first: bool) -> Iterator[str]:
        """Write its queries: one for all facts, or one for each atom that a recent fact may match."""
        shape = self._shape
        for place in range(1 if first else len(shape.body)):
            where = [growth.known] * len(shape.body)
            sources = [growth.everything] * len(shape.body)
            if not first:
                where[place], sources[place] = growth.recent, growth.news
            rows = self._live_rows(where)
            if rows is None:
                continue
            if self._same_values is not None:
                sources = [self._same_values.seen_through(source) for source in sources]
            found = join(shape.body, sources, self._number, rows=rows)
            for atom in shape.head:
                head = [found.written(node, self._number) for node in atom[:3]]
                other = atom.predicate == _SAME_AS and atom.subject != atom.object  # but for eq-ref
                yield found.select(head, [f"{head[0]} <> {head[2]}"] if other else ())

    def _live_rows(self, where: list[Present]) -> NumberedRows | None:
        """Give the rows for which every atom may match something; None if there are none."""
        live = [
            row
            for row, asked in zip(self._rows, self._asked, strict=True)
            if all(present.may_match(*atom, self._type) for present, atom in zip(where, asked, strict=True))
        ]
        return (self._shape.rows.columns, live) if live else None

    def _asked_by(self, atom: Atom, row: tuple[int, ...]) -> _Asked:
        values = dict(zip(self._shape.rows.columns, row, strict=True))
        predicate, value = (
            values.get(node) if isinstance(node, Var) else self._number(node) for node in (atom.predicate, atom.object)
        )
        return predicate, value
