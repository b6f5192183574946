"""SPARQL 1.1 Update as changes: each operation of a request becomes the source quads it adds and removes.

Oxigraph does the work on scratch stores, because an operation must not touch the real one before its consequences are
known and its data accepted: DATA blocks are inserted into an empty store and read back; a template is instantiated by
inserting it, for the solutions of the WHERE group, into an empty store. Only where the parts stand is read here.

Source: SPARQL 1.1 Update, sections 3.1 and 3.2; the contract says what the default graph of each part is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kgtool.errors import ForbiddenError, InputError, KgtoolError, LimitError, MissingError, QueryError, TimeLimitError
from kgtool.store.change import QuadDelta, delta
from kgtool.store.dataset import run_query
from kgtool.store.declarations import resolve
from kgtool.store.interface import QuadStore, SourceName, Term
from kgtool.store.layout import State
from kgtool.store.midnights import as_written, marked
from kgtool.store.operations import Operation
from kgtool.store.services import Services, endpoint
from kgtool.store.tokens import Token, closing, tokens
from kgtool.vocabulary import DEFAULT_SOURCE, is_reserved

#: Solutions that one operation may have; one of three IRIs and literals takes half a kilobyte of memory.
MAX_SOLUTIONS = 2_000_000
_SOLUTION = NamedNode("urn:kgtool:function:solution")


@dataclass(frozen=True)
class Scope:
    """What WHERE may see, and until when.

    :param default_graphs: the protocol's ``using-graph-uri``; ``named_graphs`` its ``using-named-graph-uri``.
    :param deadline: on the monotonic clock, in seconds; None is without a limit.
    :param services: what SERVICE and LOAD may reach; None for nothing.
    :param fetch: gives the quads behind a URL, those of its default graph in ``<urn:kgtool:default>``; raises
        RemoteError, ParseError and LimitError.
    """

    default_graphs: Sequence[str] = field(default=())
    named_graphs: Sequence[str] = field(default=())
    deadline: float | None = None
    services: Services | None = None
    fetch: Callable[[str], Iterable[Quad]] | None = None

    def __bool__(self) -> bool:
        return bool(self.default_graphs or self.named_graphs)

    @classmethod
    def within(cls, seconds: float | None, default_graphs: Sequence[str], named_graphs: Sequence[str]) -> Scope:
        """Make a scope that ends in some seconds, counted from now."""
        return cls(default_graphs, named_graphs, None if seconds is None else monotonic() + seconds)


def evaluate(operation: Operation, store: QuadStore, state: State, scope: Scope | None = None) -> QuadDelta:
    """Say which source quads an operation adds and removes, on a store in a state.

    The change is not yet reduced to what differs from the store.

    :raises QueryError: if the operation is wrong.
    :raises ForbiddenError: if it writes to a reserved graph.
    :raises MissingError: if it needs a graph that is not there.
    """
    first = operation.words[0]
    if first.is_word("CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"):
        change = _graph_operation(operation, store, state)
    elif first.is_word("LOAD"):
        change = _load(operation, scope if scope is not None else Scope())
    elif not operation.reads:
        body = operation.text[operation.words[2].start : operation.words[-1].end]
        if operation.deletes_data:
            change = delta(removed=_data(operation.prologue, body))
        else:
            change = delta(added=as_written(_data(operation.prologue, marked(body, operation.prologue))))
    else:
        change = _modify(operation, store, state, scope if scope is not None else Scope())
    for quad in (*change.added, *change.removed):
        refuse_reserved(quad.graph_name)
        _refuse_rdf12(quad)
    return change


def refuse_reserved(graph: SourceName | DefaultGraph) -> None:
    """Refuse to write to a graph that is kgtool's own.

    :raises ForbiddenError: naming it.
    """
    if isinstance(graph, NamedNode) and is_reserved(graph.value):
        raise ForbiddenError(f"<{graph.value}> is not for writing", hint="write to a source graph")


def _refuse_rdf12(quad: Quad) -> None:
    value = quad.object
    if isinstance(value, Triple) or (isinstance(value, Literal) and value.direction is not None):
        raise QueryError(f"{value} is RDF 1.2; this store holds RDF 1.1", hint="leave triple terms and directions out")


def _modify(operation: Operation, store: QuadStore, state: State, scope: Scope) -> QuadDelta:
    """Evaluate ``[WITH] [DELETE] [INSERT] [USING] WHERE`` and ``DELETE WHERE``."""
    words = operation.words
    target, with_graph = DEFAULT_SOURCE, None
    templates: dict[str, str] = {}
    using: list[str] = []
    using_named: list[str] = []
    where = ""
    index = 0
    while index < len(words):
        word = words[index]
        if word.is_word("WITH"):
            index += 1
            target = with_graph = resolve(words[index], operation.prologue)
        elif word.is_word("USING"):
            named = words[index + 1].is_word("NAMED")
            index += 2 if named else 1
            (using_named if named else using).append(resolve(words[index], operation.prologue).value)
        elif word.is_word("DELETE", "INSERT") and words[index + 1].is_mark("{"):
            end = closing(words, index + 1)
            templates[word.text.upper()] = operation.between(index + 1, end)
            index = end
        elif word.is_mark("{"):
            where = operation.between(index, len(words) - 1)
            if words[0].is_word("DELETE") and words[1].is_word("WHERE"):
                templates["DELETE"] = where
            break
        index += 1
    if scope and (using or using_named or with_graph):
        raise QueryError(
            "an update with WITH or USING may not have using-graph-uri",
            hint="say the dataset in one place (SPARQL 1.1 Protocol, section 2.2.3)",
        )
    default_graphs = scope.default_graphs or using or ([with_graph.value] if with_graph else [])
    named_graphs = list(scope.named_graphs or using_named)
    if with_graph and not (using or using_named):
        named_graphs = [g.value for g in state.sources if isinstance(g, NamedNode)]
    variables = sorted({w.text[1:] for t in templates.values() for w in tokens(t) if w.kind == "variable"})
    asked = replace(scope, default_graphs=default_graphs, named_graphs=named_graphs)
    rows = _solutions(operation.prologue, where, variables, store, state, asked)
    if "INSERT" in templates:
        templates["INSERT"] = marked(templates["INSERT"], operation.prologue)
    changes = {
        verb: _instantiate(operation.prologue, template, variables, rows, target)
        for verb, template in templates.items()
    }
    return delta(as_written(changes.get("INSERT", ())), changes.get("DELETE", ()))


def _solutions(
    prologue: str, where: str, variables: Sequence[str], store: QuadStore, state: State, scope: Scope
) -> list[Mapping[str, Term]]:
    """Give the solutions of a WHERE group, reduced to these variables.

    :raises TimeLimitError: after the deadline; noticed between two solutions, as Oxigraph cannot be interrupted.
    :raises LimitError: for more solutions than are good for the memory.
    """
    projection = " ".join(f"?{name}" for name in variables) or "(1 AS ?kgtool_one)"
    text = f"{prologue} SELECT {projection} WHERE {where}"
    result = run_query(
        store,
        state,
        text,
        default_graphs=scope.default_graphs,
        named_graphs=scope.named_graphs,
        services=scope.services,
    )
    names = result.variables
    rows: list[Mapping[str, Term]] = []
    for row in result.solutions():
        rows.append({name: term for name, term in zip(names, row, strict=True) if term is not None})
        if len(rows) % 1_000 == 0 and scope.deadline is not None and monotonic() > scope.deadline:
            raise TimeLimitError("the update ran out of time", hint="change less at a time, or allow more time")
        if len(rows) > MAX_SOLUTIONS:
            raise LimitError(f"the update has more than {MAX_SOLUTIONS:,} solutions", hint="change less at a time")
    return rows


def _load(operation: Operation, scope: Scope) -> QuadDelta:
    """Evaluate LOAD (SPARQL 1.1 Update, section 3.1.4).

    :raises QueryError: if it is switched off.
    :raises InputError: if what is loaded names graphs of its own.
    """
    words, source = operation.words, operation.loaded
    if source is None or scope.services is None or scope.fetch is None:
        raise QueryError("LOAD is switched off on this store", hint="use kgtool load, or send the data")
    target = resolve(words[-1], operation.prologue) if words[-2].is_word("GRAPH") else DEFAULT_SOURCE
    refuse_reserved(target)
    url = endpoint(source, operation.text, operation.prologue, scope.services, "update")
    try:
        loaded = list(scope.fetch(url))
        if any(quad.graph_name != DEFAULT_SOURCE for quad in loaded):
            raise InputError(f"<{url}> holds graphs of its own", hint="LOAD takes one graph; use kgtool load")
    except KgtoolError:
        if not words[1].is_word("SILENT"):
            raise
        return delta()
    return delta(Quad(quad.subject, quad.predicate, quad.object, target) for quad in loaded)


def _data(prologue: str, block: str) -> list[Quad]:
    """Give the quads of a DATA block; those that name no graph are in ``<urn:kgtool:default>``."""
    scratch = Store()
    scratch.update(f"{prologue} INSERT DATA {block}")
    return list(_in_target(scratch, DEFAULT_SOURCE))


def _instantiate(
    prologue: str, template: str, variables: Sequence[str], rows: Sequence[Mapping[str, Term]], target: NamedNode
) -> list[Quad]:
    """Give the quads of a template for some solutions; those that name no graph are in ``target``."""
    if not rows:
        return []

    def solution(number: Literal, name: Literal) -> Term | None:
        return rows[int(number.value)].get(name.value)

    scratch = Store()
    numbers = " ".join(map(str, range(len(rows))))
    binds = " ".join(f'BIND({_SOLUTION}(?kgtool_row, "{name}") AS ?{name})' for name in variables)
    text = f"{prologue} INSERT {template} WHERE {{ VALUES ?kgtool_row {{ {numbers} }} {binds} }}"
    scratch.update(text, custom_functions={_SOLUTION: solution})
    return list(_in_target(scratch, target))


def _in_target(quads: Iterable[Quad], target: NamedNode) -> Iterator[Quad]:
    for quad in quads:
        in_default = isinstance(quad.graph_name, DefaultGraph)
        yield Quad(quad.subject, quad.predicate, quad.object, target) if in_default else quad


def _graph_operation(operation: Operation, store: QuadStore, state: State) -> QuadDelta:
    """Evaluate CLEAR, DROP, CREATE, ADD, MOVE and COPY."""
    verb, *rest = operation.words
    silent = bool(rest) and rest[0].is_word("SILENT")
    names: Iterable[SourceName]
    if silent:
        del rest[0]
    if verb.is_word("CLEAR", "DROP"):
        if rest[0].is_word("ALL", "NAMED"):
            names = state.sources
        else:
            names = [_graph_reference(rest, operation.prologue)[0]]
        for name in names:
            refuse_reserved(name)
        return delta(removed=(quad for name in names for quad in store.quads(graph=name)))
    source, following = _graph_reference(rest, operation.prologue)
    refuse_reserved(source)
    if verb.is_word("CREATE"):
        if source in state.sources and not silent:
            raise InputError(f"the graph {source} is there already", hint="use CREATE SILENT")
        return delta()
    target, _ = _graph_reference(following[1:], operation.prologue)
    refuse_reserved(target)
    if source == target:
        return delta()
    if source not in state.sources and source != DEFAULT_SOURCE:
        if silent:
            return delta()
        raise MissingError(f"no graph {source}", hint="see kgtool stats for the graphs, or use SILENT")
    moved = list(store.quads(graph=source))
    removed = list(store.quads(graph=target)) if verb.is_word("COPY", "MOVE") else []
    removed += moved if verb.is_word("MOVE") else []
    return delta((Quad(q.subject, q.predicate, q.object, target) for q in moved), removed)


def _graph_reference(words: Sequence[Token], prologue: str) -> tuple[NamedNode, Sequence[Token]]:
    """Read ``DEFAULT`` or ``[GRAPH] iri``; give the graph and the words that follow."""
    if words[0].is_word("DEFAULT"):
        return DEFAULT_SOURCE, words[1:]
    skip = 1 if words[0].is_word("GRAPH") else 0
    return resolve(words[skip], prologue), words[skip + 1 :]
