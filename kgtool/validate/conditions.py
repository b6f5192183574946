"""What must hold of a node before a constraint component can find anything in it.

Several shapes may use one component, each with parameters of its own, and most find nothing in most nodes: a dozen
registries have identifiers of their own form, and an identifier is of one of them. Where the component says so with
``kg:onlyWhere``, one short query tells for all these shapes whether the component's own, long query is worth asking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import rdflib
from pyoxigraph import BlankNode, Literal
from pyshacl.helper.path_helper import shacl_path_to_sparql_path

from kgtool.store.tokens import tokens
from kgtool.validate.terms import Term, from_rdflib
from kgtool.vocabulary import PREFIXES

_ONLY_WHERE = rdflib.URIRef(PREFIXES["kg"] + "onlyWhere")
#: Asking beforehand is worth it for so many shapes.
_SEVERAL = 4


@dataclass(frozen=True)
class Condition:
    """A query for the nodes in which a component may find something, and for which shapes.

    :param text: a SELECT of ``?this`` and ``?row``.
    :param rows: the parameters of shapes that it looks at, by number.
    """

    text: str
    names: tuple[str, ...]
    rows: tuple[tuple[Term, ...], ...]

    def row_of(self, parameters: Mapping[str, Any]) -> Literal:
        """Give the row of a shape with these parameters."""
        return Literal(self.rows.index(_values(parameters, self.names)))


def condition_of(bound: Any, others: Iterable[Any]) -> Condition | None:
    """Read the condition of a constraint component on a shape.

    :param bound: pySHACL's validator for component and shape.
    :param others: those of all shapes; where few have the same condition, it is not worth asking.
    """
    patterns = _patterns(bound)
    if patterns is None:
        return None
    alike = [each for each in others if _patterns(each) == patterns and _path(each) == _path(bound)]
    parameters = [each.query_helper.param_bind_map for each in alike]
    mentioned = {word.text[1:] for word in tokens(patterns) if word.kind == "variable"}
    names = tuple(sorted(mentioned.intersection(*parameters)))
    rows = tuple(sorted({_values(each, names) for each in parameters}, key=str))
    if len(rows) < _SEVERAL or any(isinstance(term, BlankNode) for row in rows for term in row):
        return None
    values = " ".join(f"({number} {' '.join(map(str, row))})" for number, row in enumerate(rows))
    variables = " ".join(f"?{name}" for name in ("row", *names))
    helper = bound.query_helper
    body = helper.bind_path_regex.sub(lambda found: found[1] + _path(bound), patterns)
    select = f"SELECT DISTINCT ?this ?row WHERE {{ VALUES ({variables}) {{ {values} }} {body} }}"
    return Condition(helper.apply_prefixes(select), names, rows)


def _values(parameters: Mapping[str, Any], names: Iterable[str]) -> tuple[Term, ...]:
    return tuple(from_rdflib(parameters[name]) for name in names)


def _patterns(bound: Any) -> str | None:
    patterns = bound.shape.sg.graph.value(bound.constraint.node, _ONLY_WHERE)
    return None if patterns is None else str(patterns)


def _path(bound: Any) -> str:
    path, prefixes = bound.shape.path(), bound.query_helper.prefixes
    return "" if path is None else str(shacl_path_to_sparql_path(bound.shape.sg, path, prefixes=prefixes))
