"""The targets of a shape by SQL (SHACL section 2.1.3, SHACL-AF section 3.1)."""

from __future__ import annotations

from collections.abc import Iterator

import rdflib
from pyoxigraph import QuerySolutions

from kgtool.validate.bulk.columns import Columns
from kgtool.validate.bulk.partial_stores import PartialStores
from kgtool.validate.declared import TargetQuery, declared_targets
from kgtool.validate.shapes import Shape
from kgtool.validate.terms import AnyTerm, from_rdflib
from kgtool.validate.view import DataGraph

_THIS = rdflib.Variable("this")


def targets_of(shape: Shape, columns: Columns, stores: PartialStores, data: DataGraph, mentioned: str) -> str:
    """Make a table of a shape's targets (node), and give its name.

    :param data: the same triples as the columns.
    :param mentioned: a table of triples; targets are subject or object of one, and no literals.
    :raises Exception: whatever pySHACL raises for a target that is none.
    """
    declared = declared_targets(shape)
    table = columns.table
    queries = ["SELECT s AS node FROM (SELECT 1 AS s) WHERE false"]
    if declared.classes:
        queries.append(columns.instances(declared.classes))
    if declared.subjects_of:
        queries.append(f"SELECT s AS node FROM {table} WHERE p IN {columns.listed(declared.subjects_of)}")
    if declared.objects_of:
        queries.append(f"SELECT o AS node FROM {table} WHERE p IN {columns.listed(declared.objects_of)} AND o > 0")
    named: set[AnyTerm] = set(declared.nodes).union(*(_selected(query, stores, data) for query in declared.queries))
    if declared.otherwise:
        named |= set(map(from_rdflib, shape.focus_nodes(data)))
    if named:
        texts = columns.note(((term,) for term in named), ("text",))
        known = columns.make(f"SELECT id FROM terms WHERE text IN (SELECT text FROM {texts}) AND id > 0")
        among = f"IN (SELECT id FROM {known})"
        queries += (f"SELECT {column} AS node FROM {mentioned} WHERE {column} {among}" for column in "so")
    return columns.make(f"SELECT DISTINCT node FROM ({' UNION ALL '.join(queries)})")


def _selected(query: TargetQuery, stores: PartialStores, data: DataGraph) -> Iterator[AnyTerm]:
    if query.only_with_iris is not None:
        try:
            rows = stores.with_iris(query.only_with_iris).query(query.text)
        except (SyntaxError, RuntimeError, ValueError):
            pass  # what Oxigraph cannot answer is left to the graph
        else:
            yield from (row["this"] for row in rows if row["this"]) if isinstance(rows, QuerySolutions) else ()
            return
    yield from (from_rdflib(row[_THIS]) for row in data.query(query.text).bindings if _THIS in row)
