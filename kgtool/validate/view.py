"""The data that shapes look at, as the rdflib graph that pySHACL wants.

pySHACL runs each SPARQL constraint once for each value, and rdflib parses and evaluates it anew every time; the same
query takes Oxigraph a hundredth of that. So triples are looked up through rdflib and queries are answered by Oxigraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple, Variable
from rdflib.query import Result
from rdflib.store import Store as RdflibStore

from kgtool.validate.terms import Term, from_rdflib, to_rdflib

_PROLOGUE = re.compile(r"(?:\s*(?:PREFIX\s+[^\s:]*:\s*<[^>]*>|BASE\s*<[^>]*>))*\s*", re.IGNORECASE)
_SELECT = re.compile(r"SELECT\b(\s+(?:DISTINCT|REDUCED)\b)?(.*?)(?=\bWHERE\b|\{)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class StoredGraphs:
    """Graphs of a store whose merge is to be checked where it lies, without copying it.

    :param store: an open pyoxigraph store; it is only read.
    :param graphs: the graphs to merge. A triple may stand in several of them.
    """

    store: Store
    graphs: tuple[NamedNode | BlankNode | DefaultGraph, ...]


class DataGraph(rdflib.Graph):
    """An rdflib graph over the data, whose SPARQL queries Oxigraph answers."""

    def __init__(self, data: Iterable[Triple] | StoredGraphs) -> None:
        self._triples: list[Triple] = []
        self._stored: StoredGraphs | None = None
        if isinstance(data, StoredGraphs):
            self._stored = data
            super().__init__(store=_StoredView(data), bind_namespaces="none")
        else:
            super().__init__(bind_namespaces="none")
            self._triples = list(data)
            for triple in self._triples:
                self.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))

    def __bool__(self) -> bool:
        """True, also when empty: pySHACL asks for each result, and the length of a store's graphs takes counting."""
        return True

    @cached_property
    def _queried(self) -> StoredGraphs:
        """The store that answers queries; for plain triples it is filled when first asked."""
        if self._stored is not None:
            return self._stored
        store = Store()
        store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in self._triples)
        return StoredGraphs(store, (DefaultGraph(),))

    def query(
        self,
        query_object: Any,
        processor: Any = "sparql",
        result: Any = "sparql",
        initNs: Mapping[str, Any] | None = None,
        initBindings: Mapping[str, rdflib.term.Identifier] | None = None,
        use_store_provided: bool = True,
        **kwargs: Any,
    ) -> Result:
        """Answer a query with pre-bound variables (SHACL § 5.3.1); what Oxigraph cannot is left to rdflib."""
        bindings = {str(name): from_rdflib(term) for name, term in (initBindings or {}).items()}
        rewritten = with_projection(str(query_object), tuple(sorted(bindings)))
        if rewritten is not None:
            is_ask, text = rewritten
            try:
                rows = self._queried.store.query(
                    text,
                    default_graph=list(self._queried.graphs),
                    substitutions={Variable(name): term for name, term in bindings.items()},
                )
            except (SyntaxError, RuntimeError, ValueError):
                pass
            else:
                if isinstance(rows, QuerySolutions):
                    return _result(rows, is_ask)
        return super().query(query_object, processor, result, initNs, initBindings, use_store_provided, **kwargs)


@lru_cache(maxsize=256)
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


def _result(rows: QuerySolutions, is_ask: bool) -> Result:
    if is_ask:
        answer = Result("ASK")
        answer.askAnswer = next(rows, None) is not None
        return answer
    table = Result("SELECT")
    variables = [rdflib.Variable(variable.value) for variable in rows.variables]
    table.vars = variables
    table.bindings = [
        {variable: to_rdflib(term) for variable, term in zip(variables, row, strict=True) if term is not None}
        for row in rows
    ]
    return table


class _StoredView(RdflibStore):
    """The merge of a store's graphs as an rdflib store, read only."""

    def __init__(self, stored: StoredGraphs) -> None:
        super().__init__()
        self._stored = stored

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:
        terms = [None if term is None else from_rdflib(term) for term in triple_pattern]
        for triple in self._distinct(terms):
            yield (to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)), iter(())

    def _distinct(self, pattern: Sequence[Term | None]) -> Iterator[Triple]:
        subject, predicate, object_ = pattern
        if isinstance(subject, Literal) or not isinstance(predicate, NamedNode | None):
            return
        seen: set[Triple] = set()
        several = len(self._stored.graphs) > 1
        for graph in self._stored.graphs:
            for quad in self._stored.store.quads_for_pattern(subject, predicate, object_, graph):
                if several:
                    if quad.triple in seen:
                        continue
                    seen.add(quad.triple)
                yield quad.triple

    def __len__(self, context: Any = None) -> int:
        return sum(1 for _ in self._distinct((None, None, None)))
