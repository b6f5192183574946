"""Stores in memory that hold no more triples of a table than a query can look at."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kgtool.reasoning.bulk.dialect import quoted
from kgtool.reasoning.columns.encoding import write_lines
from kgtool.validate.bulk.columns import Columns
from kgtool.validate.pattern_reader import read_patterns
from kgtool.validate.patterns import Group
from kgtool.validate.patterns import Path as PropertyPath
from kgtool.validate.reach import reach_of

#: Triples of all stores together, above which those used longest ago go.
_MOST_TRIPLES: Final = 1_000_000


class PartialStores:
    """Makes stores of triples in columns when a query first needs them, and keeps the latest.

    :param workplace: a folder for what is on its way to them.
    """

    def __init__(self, columns: Columns, workplace: Path) -> None:
        self._columns = columns
        self._workplace = workplace
        #: By the condition of their triples, with how many these are; the latest used comes last.
        self._stores: dict[str, tuple[Store, int]] = {}

    def for_query(self, text: str, bound: frozenset[str] = frozenset()) -> Store | None:
        """Give a store that is to a query as if it held everything; None if the query might look at everything.

        :param bound: names of variables that are pre-bound.
        """
        predicates = predicates_of(text, bound)
        return None if predicates is None else self._holding(f"p IN {self._columns.listed(predicates)}")

    def said_by(self, nodes: str, text: str) -> Store | None:
        """Give a store of what nodes say, for a query that looks at what ``?this`` says and at nothing else.

        :param nodes: a table (node).
        :returns: None for other queries.
        """
        predicates = _said_of_this(text)
        if predicates is None:
            return None
        of = f"p IN {self._columns.listed(predicates)} AND s IN (SELECT node FROM {nodes})"
        return self._made(of)[0]  # not kept: the table of nodes is soon another one under this name

    def with_iris(self, beginning: str) -> Store:
        """Give a store of the triples in which an IRI begins with a text."""
        named = f"(SELECT id FROM terms WHERE starts_with(text, {quoted('<' + beginning)}))"
        return self._holding(" OR ".join(f"{column} IN {named}" for column in "spo"))

    def everything(self) -> Store:
        """Give a store of all triples."""
        return self._holding("true")

    def _holding(self, condition: str) -> Store:
        found = self._stores.pop(condition, None) or self._made(condition)
        self._stores[condition] = found
        while len(self._stores) > 1 and sum(size for _, size in self._stores.values()) > _MOST_TRIPLES:
            del self._stores[next(iter(self._stores))]
        return found[0]

    def _made(self, condition: str) -> tuple[Store, int]:
        store, columns = Store(), self._columns
        held = columns.make(f"SELECT s, p, o FROM {columns.table} WHERE {condition}")
        if columns.size(held):
            with tempfile.TemporaryDirectory(prefix="check-", dir=self._workplace) as folder:
                file = Path(folder) / "lines"
                write_lines(columns.database, held, file)
                if columns.names_blank_nodes(held):  # loading would give them other names
                    store.extend(parse(path=file, format=RdfFormat.N_TRIPLES, lenient=True, rename_blank_nodes=False))
                else:
                    store.load(path=file, format=RdfFormat.N_TRIPLES, lenient=True)
        return store, columns.size(held)


@lru_cache(maxsize=512)
def predicates_of(text: str, bound: frozenset[str] = frozenset()) -> frozenset[NamedNode] | None:
    """Give the properties of the triples that a query looks at; None if it may look at any triple.

    >>> found = predicates_of("SELECT ?v { ?this <urn:x:p>+ ?v FILTER NOT EXISTS { ?v ^<urn:x:q>|<urn:x:r> ?w } }")
    >>> sorted(predicate.value for predicate in found)
    ['urn:x:p', 'urn:x:q', 'urn:x:r']
    >>> predicates_of("SELECT ?v { ?this ?p ?v }") is None
    True

    A path that also leads from a node to itself would begin at any node, were the node not known:

    >>> predicates_of("SELECT ?v { ?this <urn:x:p>* ?v }") is None
    True
    >>> predicates_of("SELECT ?v { ?this <urn:x:p>* ?v }", frozenset({"this"})) is None
    False
    """
    query = read_patterns(text)
    if query is None or reach_of(text, bound) is None:
        return None
    found = set(_predicates(query.group))
    return None if None in found else frozenset(found)  # type: ignore[arg-type]


@lru_cache(maxsize=512)
def _said_of_this(text: str) -> frozenset[NamedNode] | None:
    """Give the properties of which a query looks at the triples of ``?this`` alone; None if it looks at others too.

    >>> [predicate.value for predicate in _said_of_this("SELECT * { ?this <urn:x:p> ?v FILTER(?v > 1) }")]
    ['urn:x:p']
    >>> _said_of_this("SELECT * { ?this <urn:x:p> ?v . ?v <urn:x:p> ?w }") is None
    True
    """
    query = read_patterns(text)
    if query is None or query.aggregated or not query.flat or query.group.inner:
        return None
    found: set[NamedNode] = set()
    for pattern in query.group.patterns:
        if pattern.subject != "this" or isinstance(pattern.path, str) or pattern.path.iri is None:
            return None
        found.add(pattern.path.iri)
    return frozenset(found) if found else None


def _predicates(group: Group) -> Iterator[NamedNode | None]:
    for pattern in group.patterns:
        yield from (None,) if isinstance(pattern.path, str) else _links(pattern.path)
    for inner in group.inner:
        yield from _predicates(inner.group)


def _links(path: PropertyPath) -> Iterator[NamedNode]:
    if path.iri is not None:
        yield path.iri
    for part in path.parts:
        yield from _links(part)
