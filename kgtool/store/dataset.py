"""Queries as the contract means them: which graphs are the default graph, which names ``GRAPH`` may bind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store, Variable

from kgtool.errors import QueryError
from kgtool.store.interface import GraphName, QuadStore, Results, SourceName, Term
from kgtool.store.layout import State
from kgtool.store.narrowing import narrowed
from kgtool.store.requests import QueryRequest, hide_from_variables, in_text_order, read_query
from kgtool.store.results import QueryResult, evaluation_error
from kgtool.store.services import Services, failure_of
from kgtool.store.syntax import syntax_error
from kgtool.vocabulary import INFERRED, PROVENANCE


def run_query(
    store: QuadStore,
    state: State,
    text: str,
    substitutions: Mapping[Variable, Term] | None = None,
    *,
    reasoning: bool = True,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    columns: Sequence[str] | None = None,
    services: Services | None = None,
) -> QueryResult:
    """Evaluate a query on the dataset of a state.

    :param substitutions: values of variables, bound safely. Oxigraph wants a SELECT to name each of these variables.
    :param reasoning: whether the default graph holds what follows, and the inferred graph answers.
    :param default_graphs, named_graphs: the dataset of the protocol; it takes the place of FROM and FROM NAMED
        (SPARQL 1.1 Protocol, section 2.1.4).
    :param columns: of a SELECT's variables, those that are asked for; None for all.
    :param services: what SERVICE may reach; None for nothing.
    :raises QueryError: if the text is not SPARQL, or asks for what is switched off.
    :raises RemoteError: if an endpoint fails; also while the result is read.
    """
    request = _request(text, default_graphs, named_graphs, services)
    text, default, named = _Visible(store, state, reasoning).dataset_of(request)
    evaluate: Callable[..., Results] = store.query
    if not _may_name_graphs(text):
        named = []  # no pattern looks there, and Oxigraph takes as long for a score of names as for a look-up
    if isinstance(default, Store):
        evaluate, default = default.query, [DefaultGraph()]
    try:
        results = evaluate(text, default_graph=default, named_graphs=named, substitutions=substitutions)
        if request.star is not None:
            by_name = list(QueryResult(results, state.name).variables)
            ordered = in_text_order(text, by_name)
            if ordered != by_name:
                text = _with_columns(text, request.star, ordered)
                results = evaluate(text, default_graph=default, named_graphs=named, substitutions=substitutions)
    except SyntaxError as error:
        if request.written is None or request.written.text != text:
            raise syntax_error(error, text=text) from error
        raise syntax_error(request.written.placed(error), text=request.written.original) from error
    except RuntimeError as error:
        raise evaluation_error(error) from error
    except OSError as error:
        raise (failure_of(error) or error) from error
    if columns is not None and isinstance(results, QuerySolutions):
        results = narrowed(results, columns)
    return QueryResult(results, state.name)


@dataclass(frozen=True)
class Rewritten:
    """A query as it is put to the store.

    :param text: its text, with what keeps reserved graphs from variables, and the columns of ``SELECT *`` in order.
    :param default: the graphs whose union is its default graph.
    :param named: the graphs that ``GRAPH`` may bind.
    :param merged: whether graphs of the dataset clause overlap, and are copied into one to be asked.
    :param clause: the default and the named graphs of its dataset clause, or None if it has none.
    """

    text: str
    default: tuple[str, ...]
    named: tuple[str, ...]
    merged: bool
    clause: tuple[tuple[str, ...], tuple[str, ...]] | None


def rewrite(
    store: QuadStore,
    state: State,
    text: str,
    *,
    reasoning: bool = True,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    services: Services | None = None,
) -> Rewritten:
    """Give a query as :func:`run_query` puts it to the store.

    :param services: what SERVICE may reach; None for nothing.
    :raises QueryError: if the text is not SPARQL, or asks for what is switched off.
    """
    request = _request(text, default_graphs, named_graphs, services)
    text, default, named = _Visible(store, state, reasoning).dataset_of(request)
    if request.star is not None:
        given = [graph.value for graph in request.default_graphs or ()], [g.value for g in request.named_graphs or ()]
        # The columns, as planned; nothing is evaluated before the first row is asked for.
        planned = run_query(store, state, text, reasoning=reasoning, default_graphs=given[0], named_graphs=given[1])
        text = _with_columns(text, request.star, planned.variables)
    clause = None
    if request.default_graphs is not None and request.named_graphs is not None:
        clause = (_texts(request.default_graphs), _texts(request.named_graphs))
    merged = isinstance(default, Store)
    shown = _texts(request.default_graphs or ()) if isinstance(default, Store) else _texts(default)
    return Rewritten(text, shown, _texts(named), merged, clause)


def _request(
    text: str, default_graphs: Sequence[str], named_graphs: Sequence[str], services: Services | None
) -> QueryRequest:
    """Read a query; a dataset of the protocol takes the place of its own."""
    request = read_query(text, services)
    if not default_graphs and not named_graphs:
        return request
    return request._replace(default_graphs=_names(default_graphs), named_graphs=_names(named_graphs))


def _may_name_graphs(text: str) -> bool:
    """Tell whether a text may have a GRAPH pattern; one with an escape may be written in many ways."""
    return "graph" in text.lower() or "\\" in text


def _with_columns(text: str, star: int, columns: Sequence[str]) -> str:
    star = text.index("*", star)
    return text[:star] + " ".join(f"?{name}" for name in columns) + text[star + 1 :]


def _texts(graphs: Sequence[GraphName]) -> tuple[str, ...]:
    return tuple(getattr(graph, "value", str(graph)) for graph in graphs)


class _Visible:
    """The graphs that a query on one state may see."""

    def __init__(self, store: QuadStore, state: State, reasoning: bool) -> None:
        self._store = store
        self._state = state
        self._on_request: tuple[NamedNode, ...] = (PROVENANCE, INFERRED) if reasoning else (PROVENANCE,)
        self._default: list[GraphName] = [*state.asserted_graphs, *((INFERRED,) if reasoning else ())]

    def dataset_of(self, request: QueryRequest) -> tuple[str, Sequence[GraphName] | Store, Sequence[SourceName]]:
        """Give the text to run, its default graph (or a scratch store that holds it merged), and its named graphs."""
        sources: Sequence[SourceName] = self._state.sources
        if request.default_graphs is None or request.named_graphs is None:
            if not request.reserved:
                return request.text, self._default, sources
            text = hide_from_variables(request.text, self._on_request)
            return text, self._default, [*sources, *self._on_request]
        allowed = {*sources, *self._on_request}
        default = [g for g in request.default_graphs if g in allowed]
        named: list[SourceName] = [g for g in request.named_graphs if g in allowed]
        return request.text, self._merge(default, named), named

    def _merge(self, graphs: Sequence[NamedNode], named: Sequence[SourceName]) -> Sequence[GraphName] | Store:
        """Give graphs whose union holds each triple once: these, where they are disjoint, else a merged copy."""
        distinct = list(dict.fromkeys(graphs))
        if self._state.union is not None and set(distinct) == set(self._state.sources):
            return self._state.asserted_graphs
        if all(self._disjoint(one, other) for one, other in combinations(distinct, 2)):
            return distinct
        merged = Store()
        for graph in distinct:
            merged.extend(
                Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in self._store.quads(graph=graph)
            )
        for name in named:
            merged.extend(self._store.quads(graph=name))
        return merged

    def _disjoint(self, one: NamedNode, other: NamedNode) -> bool:
        return all(
            Quad(q.subject, q.predicate, q.object, other) not in self._store for q in self._store.quads(graph=one)
        )


def _names(graphs: Sequence[str]) -> tuple[NamedNode, ...]:
    try:
        return tuple(NamedNode(graph) for graph in graphs)
    except ValueError as error:
        raise QueryError(f"a graph of the dataset is no IRI: {error}", hint="give an absolute IRI") from error
