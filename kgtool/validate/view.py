"""The data that shapes look at, as the rdflib graph that pySHACL wants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import rdflib
from pyoxigraph import QuerySolutions
from rdflib.query import Result

from kgtool.validate.conditions import Condition
from kgtool.validate.graphs import Merged
from kgtool.validate.pattern_reader import read_patterns
from kgtool.validate.queries import Queries, with_constants, with_projection
from kgtool.validate.remembering import Remembering
from kgtool.validate.terms import from_rdflib, to_rdflib


class DataGraph(Remembering):
    """An rdflib graph over the data, read only, whose SPARQL queries Oxigraph answers.

    :param whole: whether every node is going to be looked at.
    """

    def __init__(self, facts: Merged, *, whole: bool) -> None:
        super().__init__()
        self.facts = facts
        self.whole = whole
        self._queries = Queries(facts, whole=whole)

    def __bool__(self) -> bool:
        """True, also when empty: pySHACL asks for each result, and the length of a store's graphs takes counting."""
        return True

    def __len__(self) -> int:
        return len(self.facts.match(None, None, None))

    def predicates(self, *_: Any, **__: Any) -> Any:
        """Give none: pySHACL asks to describe a blank node at length, in a text that nobody reads."""
        return iter(())

    def _look(self, triple: Any) -> Iterator[Any]:
        subject, predicate, object_ = (None if term is None else from_rdflib(term) for term in triple)
        for found in self.facts.match(subject, predicate, object_):
            yield to_rdflib(found.subject), to_rdflib(found.predicate), to_rdflib(found.object)

    def nodes_where(
        self,
        condition: Condition,
        parameters: Mapping[str, rdflib.term.Identifier],
        nodes: Iterable[rdflib.term.Identifier],
    ) -> set[rdflib.term.Identifier]:
        """Give the nodes in which a constraint component with these parameters may find something."""
        terms = {from_rdflib(node): node for node in nodes}
        row = condition.row_of(parameters)
        try:
            rows = self._queries.rows(condition.text, ("this", "row"), terms)
        except (SyntaxError, RuntimeError, ValueError):
            return set(terms.values())
        return {node for term, node in terms.items() if (term, row) in rows}

    def nodes_with_solutions(
        self, text: str, parameters: Mapping[str, rdflib.term.Identifier], nodes: Iterable[rdflib.term.Identifier]
    ) -> set[rdflib.term.Identifier] | None:
        """Give the nodes for which a SELECT has a solution, with ``$this`` the node and ``$value`` any of its values.

        None if that cannot be told without asking for each of them, as where the value is not one that a pattern binds.
        """
        asked = asked_of_all(text, parameters, ("this", "value"))
        if asked is None:
            return None
        terms = {from_rdflib(node): node for node in nodes}
        try:
            rows = self._queries.rows(asked, ("this",), terms)
        except (SyntaxError, RuntimeError, ValueError):
            return None
        return {node for term, node in terms.items() if (term,) in rows}

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
        """Answer a query with pre-bound variables (SHACL section 5.3.1); what Oxigraph cannot is left to rdflib."""
        bindings = {str(name): from_rdflib(term) for name, term in (initBindings or {}).items()}
        rewritten = with_projection(str(query_object), tuple(sorted(bindings)))
        if rewritten is not None:
            is_ask, text = rewritten
            try:
                rows = self._queries.solutions(text, bindings)
            except (SyntaxError, RuntimeError, ValueError):
                pass
            else:
                return _result(rows, is_ask=is_ask)
        return super().query(query_object, processor, result, initNs, initBindings, use_store_provided, **kwargs)


def asked_of_all(
    text: str, parameters: Mapping[str, rdflib.term.Identifier], bound: Collection[str]
) -> str | None:
    """Write a SELECT that is asked with variables pre-bound so that it can be asked once for all their values.

    None if that is not the same, as where a pattern does not bind one of them.

    :param parameters: variables that have one value.
    :param bound: variables of which each solution is to have a value, ``this`` among them.
    """
    if any(isinstance(term, rdflib.BNode) for term in parameters.values()):
        return None
    constants = tuple(sorted((name, str(from_rdflib(term))) for name, term in parameters.items()))
    rewritten = with_constants(text, constants)
    query = read_patterns(rewritten)
    if query is None or query.aggregated or not query.flat or "this" not in query.named:
        return None
    projected = with_projection(rewritten, ("this",))
    return projected[1] if projected and query.named.intersection(bound) <= query.group.variables() else None


def _result(rows: QuerySolutions | None, *, is_ask: bool) -> Result:
    if is_ask:
        answer = Result("ASK")
        answer.askAnswer = rows is not None and next(rows, None) is not None
        return answer
    table = Result("SELECT")
    variables = [] if rows is None else [rdflib.Variable(variable.value) for variable in rows.variables]
    table.vars = variables
    table.bindings = [
        {variable: to_rdflib(term) for variable, term in zip(variables, row, strict=True) if term is not None}
        for row in rows or ()
    ]
    return table
