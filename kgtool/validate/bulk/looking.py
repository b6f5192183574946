"""Look-ups and queries over triples in columns, as pySHACL makes them of a few nodes at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from pyoxigraph import Triple

from kgtool.store.change import TripleDelta
from kgtool.store.interface import Results
from kgtool.store.ntriples import terms_of_texts
from kgtool.validate.bulk.columns import TYPE, Columns
from kgtool.validate.bulk.partial_stores import PartialStores
from kgtool.validate.graphs import Look, Merged, as_variables
from kgtool.validate.reach import Scratch, reach_of
from kgtool.validate.terms import AnyTerm, Term

#: Look-ups that are remembered; most are the same few.
_MOST_ANSWERS: Final = 20_000


class InColumns:
    """The :class:`~kgtool.validate.graphs.Base` of triples in columns.

    :param near: properties of which much will be asked.
    """

    def __init__(self, columns: Columns, stores: PartialStores, near: Collection[Term]) -> None:
        self._columns = columns
        self._stores = stores
        self._near = frozenset(term for term in (*near, TYPE) if columns.number(term) is not None)
        #: What some nodes say, and with which properties it is all that they say.
        self._said: dict[AnyTerm, dict[AnyTerm, list[Triple]]] = {}
        self._known: dict[AnyTerm, Collection[AnyTerm]] = {}
        self._answers: dict[Look, list[Triple]] = {}

    def read_beforehand(self, nodes: str) -> list[Term]:
        """Read what nodes say with the properties of which much is asked, and the classes of what they say it of.

        A look-up for each would take longer. What was read of other nodes is forgotten.

        :param nodes: a table of nodes (node).
        :returns: the nodes, in the order of their texts.
        """
        columns = self._columns
        facts, near = f"SELECT DISTINCT s, p, o FROM {columns.table}", columns.listed(self._near)
        said = columns.make(f"{facts} WHERE p IN {near} AND s IN (SELECT node FROM {nodes})")
        values = f"SELECT DISTINCT o AS node FROM {said} WHERE o > 0"
        kinds = f"({facts} WHERE p IN {columns.listed([TYPE])} AND s IN ({values}))"
        found = self._terms(f"SELECT text FROM {nodes} JOIN terms ON id = node ORDER BY text")
        self._known = dict.fromkeys(self._terms(f"SELECT text FROM ({values}) JOIN terms ON id = node"), (TYPE,))
        self._known |= dict.fromkeys(found, self._near)
        self._said = {}
        for triple in dict.fromkeys((*self._triples(said), *self._triples(kinds))):
            self._said.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple)
        return found

    def look(self, look: Look) -> Iterable[Triple]:
        """Give the triples that match a pattern, each once."""
        subject, predicate, object_ = look
        if subject is not None and predicate is not None and predicate in self._known.get(subject, ()):
            said = self._said.get(subject, {}).get(predicate, [])
            return said if object_ is None else [triple for triple in said if triple.object == object_]
        if look not in self._answers:
            if len(self._answers) == _MOST_ANSWERS:
                self._answers.clear()
            self._answers[look] = self._read(look)
        return self._answers[look]

    def query(self, text: str, substitutions: Mapping[str, Term]) -> Results:
        """Evaluate a SPARQL query, with values for projected variables, over no more triples than it can look at.

        :raises SyntaxError, RuntimeError, ValueError: if Oxigraph cannot.
        """
        bound = frozenset(substitutions)
        store = self._stores.for_query(text, bound)
        reach = reach_of(text, bound) if store is None and bound else None
        if reach is not None:
            scratch = Scratch(Merged(self, TripleDelta()))
            scratch.fetch(reach, substitutions)
            return scratch.query(text, substitutions)
        store = self._stores.everything() if store is None else store
        return store.query(text, substitutions=as_variables(substitutions))  # type: ignore[arg-type]

    def _read(self, look: Look) -> list[Triple]:
        numbers = [None if term is None else self._columns.number(term) for term in look]
        if any(number is None and term is not None for number, term in zip(numbers, look, strict=True)):
            return []
        conditions = [f"{column} = {n}" for column, n in zip("spo", numbers, strict=True) if n is not None]
        wanted = " AND ".join(conditions) or "true"
        return self._triples(f"(SELECT DISTINCT s, p, o FROM {self._columns.table} WHERE {wanted})")

    def _triples(self, source: str) -> list[Triple]:
        joins = " ".join(f"JOIN terms {column}_ ON {column}_.id = x.{column}" for column in "spo")
        rows = self._columns.database.rows(f"SELECT s_.text, p_.text, o_.text FROM {source} x {joins}")
        texts = list({text for row in rows for text in row})
        terms = dict(zip(texts, terms_of_texts(texts), strict=True))
        return [Triple(terms[s], terms[p], terms[o]) for s, p, o in rows]  # type: ignore[arg-type]

    def _terms(self, select: str) -> list[Term]:
        return terms_of_texts([text for (text,) in self._columns.database.rows(select)])
