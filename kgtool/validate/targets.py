"""Which nodes a shape is about (SHACL section 2.1.3), among all nodes or among a few."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import rdflib

from kgtool.validate.declared import declared_targets
from kgtool.validate.memory import Memory
from kgtool.validate.selected import selected
from kgtool.validate.shapes import Shape
from kgtool.validate.terms import AnyTerm, Term, to_rdflib
from kgtool.validate.view import DataGraph
from kgtool.vocabulary import iri

_TYPE, _BELOW = iri("rdf", "type"), iri("rdfs", "subClassOf")


class Targets:
    """The focus nodes of shapes in one data graph.

    :param focus: look at these nodes alone; the cost is then theirs, not the graph's. None: look everywhere.
    :param memory: what is known of the store that the data are in.
    """

    def __init__(self, data: DataGraph, focus: Collection[Term] | None, memory: Memory | None = None) -> None:
        self._data = data
        self._focus = None if focus is None else frozenset(focus)
        self._memory = memory
        self._above: dict[AnyTerm, frozenset[AnyTerm]] = {}
        self._instances: dict[AnyTerm, set[Term]] | None = None
        self._saying: dict[AnyTerm | None, set[Term]] | None = None
        self._hubs: list[Term] = []
        if memory is not None:
            self._forget_what_changes(memory)

    def of(self, shape: Shape) -> list[rdflib.term.Identifier]:
        """Give a shape's focus nodes, in a fixed order."""
        if self._focus is None:
            return sorted(shape.focus_nodes(self._data), key=str)
        declared = declared_targets(shape)
        found = set(self._focus & declared.nodes)
        for each in declared.classes:
            found |= self._instances_of(each)
        for each in declared.subjects_of:
            found |= self._subjects_of(each)
        for each in declared.objects_of:
            found |= self._objects_of(each)
        for query in declared.queries:
            found |= selected(query, self._focus, self._data, self._memory)
        nodes = {to_rdflib(node) for node in found}
        if declared.otherwise:
            nodes |= {to_rdflib(node) for node in self._focus}.intersection(shape.focus_nodes(self._data))
        return sorted(nodes, key=str)

    def _subjects_of(self, predicate: Term) -> set[Term]:
        """The nodes of the focus that a property starts from."""
        facts = self._data.facts
        if self._saying is None:
            self._saying = {}
            for node in self._focus or ():
                said = facts.said_by(node)
                if said is None:
                    self._hubs.append(node)
                for each in said or ():
                    self._saying.setdefault(each, set()).add(node)
        return self._saying.get(predicate, set()) | {hub for hub in self._hubs if self._starts(hub, predicate)}

    def _starts(self, hub: Term, predicate: Term) -> bool:
        """Tell whether a property starts from a node that says much; what it does not say is remembered."""
        facts = self._data.facts
        known = set() if self._memory is None else self._memory.untargeted.setdefault((predicate, facts.graphs), set())
        if hub in known:
            return False
        if facts.holds(hub, predicate, None):
            return True
        if (hub, predicate) not in self._removed:  # the store may keep what this change removes, if it is refused
            known.add(hub)
        return False

    @cached_property
    def _removed(self) -> set[tuple[AnyTerm, AnyTerm]]:
        return {(triple.subject, triple.predicate) for triple in self._data.facts.change.removed}

    def _forget_what_changes(self, memory: Memory) -> None:
        """Forget what the change may make wrong, whether it is then committed or refused."""
        facts = self._data.facts
        for triple in facts.change.added:
            memory.untargeted.get((triple.predicate, facts.graphs), set()).discard(triple.subject)
        if any(triple.predicate == _BELOW for triple in (*facts.change.added, *facts.change.removed)):
            memory.above.clear()
            self._above = {}
        else:
            self._above = memory.above.setdefault(facts.graphs, {})

    def _objects_of(self, predicate: Term) -> set[Term]:
        """The nodes of the focus that a property leads to."""
        return {node for node in self._focus or () if self._data.facts.holds(None, predicate, node)}

    def _instances_of(self, wanted: Term) -> set[Term]:
        """The nodes of the focus that are SHACL instances of a class."""
        if self._instances is None:
            self._instances = {}
            for node in self._focus or ():
                for triple in self._data.facts.match(node, _TYPE, None):
                    for each in self._with_superclasses(triple.object):
                        self._instances.setdefault(each, set()).add(node)
        return self._instances.get(wanted, set())

    def _with_superclasses(self, start: AnyTerm) -> frozenset[AnyTerm]:
        if start not in self._above:
            found, left = {start}, [start]
            while left:
                for triple in self._data.facts.match(left.pop(), _BELOW, None):
                    if triple.object not in found:
                        found.add(triple.object)
                        left.append(triple.object)
            self._above[start] = frozenset(found)
        return self._above[start]
