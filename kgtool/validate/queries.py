"""Queries with pre-bound variables (SHACL section 5.3.1), answered by Oxigraph.

pySHACL runs each SPARQL constraint once for each value, and rdflib parses and evaluates it anew every time; the same
query takes Oxigraph a hundredth of that.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, lru_cache

from pyoxigraph import QuerySolutions

from kgtool.store.interface import Results
from kgtool.store.tokens import tokens
from kgtool.validate.graphs import Base, InMemory, Merged
from kgtool.validate.reach import Scratch, may_match, reach_of
from kgtool.validate.terms import AnyTerm, Term

_PROLOGUE = re.compile(r"(?:\s*(?:PREFIX\s+[^\s:]*:\s*<[^>]*>|BASE\s*<[^>]*>))*\s*", re.IGNORECASE)
_SELECT = re.compile(r"SELECT\b(\s+(?:DISTINCT|REDUCED)\b)?(.*?)(?=\bWHERE\b|\{)", re.IGNORECASE | re.DOTALL)


class Queries:
    """Answers queries over triples as they will be after a change.

    Without a change they are answered where the triples lie. With one, over those that they can look at, fetched from
    there; a query for which these cannot be foreseen sees a copy of everything, made when first needed.

    :param whole: whether every node is going to be asked about, so that asking of all at once takes less.
    """

    def __init__(self, data: Merged, *, whole: bool) -> None:
        self._data = data
        self._whole = whole
        self._scratch = Scratch(data)
        self._answers: dict[tuple[str, tuple[str, ...]], tuple[set[Term], set[tuple[AnyTerm, ...]]]] = {}

    def solutions(self, text: str, bindings: Mapping[str, Term]) -> QuerySolutions | None:
        """Give the solutions of a SELECT; None if it surely has none.

        :param bindings: values of projected variables.
        :raises SyntaxError, RuntimeError, ValueError: if Oxigraph cannot answer it.
        """
        reach = reach_of(text, frozenset(bindings))
        if reach is not None and not may_match(reach, bindings, self._data):
            return None
        if self._whole or reach is None or not self._data.change:
            rows = self._everything.query(text, bindings)
        else:
            self._scratch.fetch(reach, bindings)
            rows = self._scratch.query(text, bindings)
        return rows if isinstance(rows, QuerySolutions) else None

    def rows(self, text: str, columns: tuple[str, ...], nodes: Collection[Term]) -> Collection[tuple[AnyTerm, ...]]:
        """Give what the solutions of a SELECT for some nodes hold in some columns; those of other nodes may be there.

        :param columns: names of projected variables; the first is that of the nodes.
        :raises RuntimeError, ValueError: if Oxigraph cannot answer it.
        """
        asked, rows = self._answers.setdefault((text, columns), (set(), set()))
        if self._whole:
            if not asked:
                rows.update(_cells(self._everything.query(text, {}), columns))
                asked.update(nodes)
            return rows
        unknown = [node for node in nodes if node not in asked]
        reach = reach_of(text, frozenset(columns[:1]))
        if reach is None or not self._data.change:
            for node in unknown:
                rows.update(_cells(self.solutions(text, {columns[0]: node}), columns))
        else:
            scratch = Scratch(self._data)
            if [node for node in unknown if scratch.fetch(reach, {columns[0]: node})]:
                rows.update(_cells(scratch.query(text, {}), columns))
        asked.update(unknown)
        return rows

    @cached_property
    def _everything(self) -> Base:
        return InMemory(self._data.match(None, None, None)) if self._data.change else self._data.base


def _cells(rows: Results | None, columns: tuple[str, ...]) -> Iterator[tuple[AnyTerm, ...]]:
    if isinstance(rows, QuerySolutions):
        for row in rows:
            yield tuple(row[name] for name in columns)


@lru_cache(maxsize=512)
def with_projection(query: str, names: tuple[str, ...]) -> tuple[bool, str] | None:
    """Rewrite a query so that Oxigraph, which substitutes projected variables only, can pre-bind the names.

    :returns: whether it was an ASK, and the SELECT to run; None for another kind of query.

    >>> with_projection("ASK { FILTER(?value > 1) }", ("value",))
    (True, 'SELECT ?value { FILTER(?value > 1) } LIMIT 1')
    >>> with_projection("SELECT $this WHERE { $this ?p ?o }", ("limit", "this"))
    (False, 'SELECT $this ?limit WHERE { $this ?p ?o }')
    >>> with_projection("DESCRIBE <urn:x>", ())
    """
    prologue = _PROLOGUE.match(query)
    start = prologue.end() if prologue else 0
    head, body = query[:start], query[start:]
    if re.match(r"ASK\b", body, re.IGNORECASE):
        projection = " ".join(f"?{name}" for name in names) or "*"
        return True, f"{head}SELECT {projection}{body[3:]} LIMIT 1"
    select = _SELECT.match(body)
    if select is None:
        return None
    if select[2].strip() == "*":
        return False, query
    missing = "".join(f"?{name} " for name in names if not re.search(rf"[?$]{name}\b", select[2]))
    return False, f"{head}{select[0]}{missing}{body[select.end() :]}"


@lru_cache(maxsize=512)
def with_constants(query: str, constants: tuple[tuple[str, str], ...]) -> str:
    """Write constants in the place of variables: Oxigraph then compiles a regular expression once, not for each value.

    :param constants: names, and terms as they are written in N-Triples.

    >>> with_constants("SELECT $this { $this $p ?v FILTER(REGEX(?v, $form)) }", (("form", '"^a"'), ("p", "<urn:x:p>")))
    'SELECT $this { $this <urn:x:p> ?v FILTER(REGEX(?v, "^a")) }'
    """
    values = dict(constants)
    parts: list[str] = []
    end = 0
    for word in tokens(query):
        if word.kind == "variable" and word.text[1:] in values:
            parts += query[end : word.start], values[word.text[1:]]
            end = word.end
    return "".join(parts) + query[end:]
