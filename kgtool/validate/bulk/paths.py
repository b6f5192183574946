"""SHACL property paths as SQL: which nodes lead to which values (SHACL section 2.3.1)."""

from __future__ import annotations

import rdflib
from rdflib.namespace import RDF, SH

from kgtool.validate.bulk.columns import Columns
from kgtool.validate.terms import from_rdflib


def path_query(columns: Columns, shapes: rdflib.Graph, path: rdflib.term.Node) -> str | None:
    """Write a query for a path's pairs of nodes and values (focus, value), each perhaps several times.

    :param shapes: the shapes graph.
    :returns: None for a path that repeats, and for the inverse of another path, where pySHACL goes a way of its own.
    """
    if isinstance(path, rdflib.URIRef):
        return f"SELECT s AS focus, o AS value FROM {columns.table} WHERE p IN {columns.listed([from_rdflib(path)])}"
    if (path, RDF.first, None) in shapes:
        return _sequence(columns, shapes, path)
    choice = shapes.value(path, SH.alternativePath)
    if choice is not None:
        parts = list(shapes.items(choice))
        if all(isinstance(part, rdflib.URIRef) for part in parts):
            listed = columns.listed(map(from_rdflib, parts))
            return f"SELECT s AS focus, o AS value FROM {columns.table} WHERE p IN {listed}"
        queries = [path_query(columns, shapes, part) for part in parts]
        return None if None in queries else " UNION ALL ".join(f"({query})" for query in queries)
    inverted = shapes.value(path, SH.inversePath)
    if not isinstance(inverted, rdflib.URIRef):
        return None
    return f"SELECT value AS focus, focus AS value FROM ({path_query(columns, shapes, inverted)})"


def _sequence(columns: Columns, shapes: rdflib.Graph, path: rdflib.term.Node) -> str | None:
    query: str | None = None
    for part in shapes.items(path):
        step = path_query(columns, shapes, part)
        if step is None:
            return None
        joined = f"SELECT DISTINCT a.focus, b.value FROM ({query}) a JOIN ({step}) b ON b.focus = a.value"
        query = step if query is None else joined
    return query
