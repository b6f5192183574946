"""Constraints that are SPARQL queries: each is asked once for all nodes (SHACL sections 5 and 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

import rdflib
from pyoxigraph import NamedNode, QuerySolutions, Store
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from rdflib.namespace import SH

from kgtool.validate.bulk.columns import Columns
from kgtool.validate.bulk.partial_stores import PartialStores
from kgtool.validate.bulk.refused import Refused, all_of, pairs
from kgtool.validate.declared import only_with_iris
from kgtool.validate.pattern_reader import read_patterns
from kgtool.validate.shapes import Shape
from kgtool.validate.terms import Term
from kgtool.validate.view import asked_of_all

_Row: TypeAlias = tuple[Term | None, Term | None, Term | None]
_RESULT: Final = ("this", "value", "path")
_SOMETHING: Final = rdflib.URIRef("urn:kgtool:any")
#: A query that may look at everything is asked for so many nodes one after the other.
_FEW: Final = 1_000
#: Up to so many nodes a query that looks at what they say alone is shown that, and not what all nodes say.
_SOME: Final = 20_000


def by_select(columns: Columns, stores: PartialStores, shape: Shape, nodes: str) -> Iterator[Refused]:
    """Give what the ``sh:sparql`` of a shape refuse.

    :param nodes: a table (node).
    :raises Exception: what pySHACL raises for a constraint that is none.
    """
    for helper in sorted(SPARQLBasedConstraint(shape).sparql_constraints, key=lambda helper: str(helper.node)):
        if helper.deactivated:
            continue
        bound, text = helper.pre_bind_variables(_SOMETHING)
        text = helper.apply_prefixes(text)
        asked = asked_of_all(text, {}, ("this",)) if set(bound) == {"this"} else None
        found = _answered(columns, stores, asked, only_with_iris(shape.sg.graph, helper.node), nodes)
        if found is None:
            yield all_of(columns, nodes)
        elif found:
            yield _refused(columns, shape, SH.SPARQLConstraintComponent, text, found, nodes)


def by_component(
    columns: Columns, stores: PartialStores, shape: Shape, component: Any, nodes: str, values: str
) -> Iterator[Refused]:
    """Give what a constraint component refuses that is written in SPARQL.

    :param component: what applies it to the shape, see :class:`~kgtool.validate.compiled.Component`.
    :param nodes: a table (node); ``values`` one of those that have values, and these (focus, value).
    """
    having = columns.make(f"SELECT DISTINCT focus AS node FROM {values}")
    if not columns.size(having):
        return
    question = component.make_validator_for_shape(shape).question()
    asked = None if question is None else asked_of_all(question[0], question[1], ("this", "value"))
    found = _answered(columns, stores, asked, None, nodes)
    if question is None or found is None:
        yield all_of(columns, having)
    elif found:
        refused = _refused(columns, shape, component.component.node, question[0], found, having)
        yield refused if _are_values(columns, refused, values) else Refused(refused.table, certain=False)


def _answered(
    columns: Columns, stores: PartialStores, asked: str | None, beginning: str | None, nodes: str
) -> list[_Row] | None:
    """Give the solutions of a SELECT (this, value, path); None if they are not to be had, or not cheaply."""
    if asked is None:
        return None
    few = columns.size(nodes) <= _SOME
    store: Store | None = stores.said_by(nodes, asked) if few else None
    if store is None:
        store = stores.for_query(asked) if beginning is None else stores.with_iris(beginning)
    if store is None:
        if columns.size(nodes) <= _FEW:
            return None
        store = stores.everything()
    try:
        rows = store.query(asked)
        if not isinstance(rows, QuerySolutions):
            return None
        names = [variable.value for variable in rows.variables]
        places = [names.index(name) if name in names else None for name in _RESULT]
        found = {tuple(None if place is None else row[place] for place in places) for row in rows}
    except (SyntaxError, RuntimeError, ValueError):
        return None
    return list(found) if "failure" not in names else None  # type: ignore[arg-type]


def _refused(
    columns: Columns, shape: Shape, component: rdflib.term.Node, text: str, found: Sequence[_Row], nodes: str
) -> Refused:
    """Say what the solutions of a query refuse among nodes.

    :param text: the query as it is written: a solution says something if it names ``$this`` or anything else.
    """
    noted = columns.note(found, _RESULT)
    among = f"{noted} JOIN terms ON text = this SEMI JOIN {nodes} ON id = node"
    table = columns.make(pairs(f"(SELECT DISTINCT id AS node FROM {among})"))
    query = read_patterns(text)
    tells = query is not None and not query.projected.isdisjoint({"this", "*"})
    if not tells or any(path is not None and not isinstance(path, NamedNode) for _, _, path in found):
        return Refused(table, certain=False)
    value = "value" if shape.is_property_shape else "coalesce(value, this)"
    texts = f"SELECT this AS focus, {value} AS value, path FROM {among}"
    return Refused(table, True, shape.node, component, texts)


def _are_values(columns: Columns, refused: Refused, values: str) -> bool:
    """Tell whether what the results name are values: pySHACL asks for these only."""
    if refused.texts is None:
        return False
    known = f"SELECT f.text, v.text FROM {values} x JOIN terms f ON f.id = x.focus JOIN terms v ON v.id = x.value"
    others = f"SELECT focus, value FROM ({refused.texts}) WHERE value IS NOT NULL EXCEPT {known}"
    return not columns.database.rows(f"SELECT 1 FROM ({others}) LIMIT 1")
