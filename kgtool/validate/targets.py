"""Which nodes a shape is about (SHACL § 2.1.3), among all nodes or among a few."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import rdflib
from rdflib.namespace import RDF, RDFS, SH

from kgtool.validate.shapes import Shape
from kgtool.validate.view import DataGraph


class Targets:
    """The focus nodes of shapes in one data graph.

    :param focus: look at these nodes alone; the cost is then theirs, not the graph's. None: look everywhere.
    """

    def __init__(self, data: DataGraph, focus: Collection[rdflib.term.Identifier] | None) -> None:
        self._data = data
        self._focus = None if focus is None else set(focus)
        self._classes: dict[rdflib.term.Identifier, frozenset[rdflib.term.Node]] = {}

    def of(self, shape: Shape) -> list[rdflib.term.Identifier]:
        """Give a shape's focus nodes, in a fixed order."""
        if self._focus is None:
            return sorted(shape.focus_nodes(self._data), key=str)
        nodes, classes, implicit, objects_of, subjects_of = (frozenset(each) for each in shape.target())
        wanted = classes | implicit
        found = self._focus & nodes
        for node in self._focus - found:
            if (
                (wanted and not wanted.isdisjoint(self._classes_of(node)))
                or any((node, path, None) in self._data for path in subjects_of)
                or any((None, path, node) in self._data for path in objects_of)
            ):
                found.add(node)
        if (shape.node, SH.target, None) in shape.sg.graph:
            found |= self._by_query(shape)
        return sorted(found, key=str)

    def _classes_of(self, node: rdflib.term.Identifier) -> frozenset[rdflib.term.Node]:
        """The classes that a node is a SHACL instance of."""
        if node not in self._classes:
            self._classes[node] = frozenset(_with_superclasses(self._data, self._data.objects(node, RDF.type)))
        return self._classes[node]

    def _by_query(self, shape: Shape) -> set[rdflib.term.Identifier]:
        """The targets that a query selects (SHACL-AF § 3.1), asked for each node of the focus.

        A query that groups is asked once for all nodes: what it groups has to be gone through whichever node is meant.
        """
        focus = self._focus or set()
        found: set[rdflib.term.Identifier] = set()
        for target in shape.advanced_target().values():
            if target["type"] != SH.SPARQLTarget:
                return focus & set(shape.focus_nodes(self._data))
            select = target["qh"].apply_prefixes(target["qh"].select_text)
            if re.search(r"\bGROUP\s+BY\b", select, re.IGNORECASE):
                this = rdflib.Variable("this")
                found |= focus & {row[this] for row in self._data.query(select).bindings if this in row}
            else:
                found |= {node for node in focus if len(self._data.query(select, initBindings={"this": node}).bindings)}
        return found


def _with_superclasses(data: DataGraph, classes: Iterable[rdflib.term.Node]) -> set[rdflib.term.Node]:
    found: set[rdflib.term.Node] = set()
    for each in classes:
        if each not in found:
            found.update(node for node in data.transitive_objects(each, RDFS.subClassOf) if node is not None)
    return found
