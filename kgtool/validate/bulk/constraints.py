"""What the constraints of a shape refuse among some nodes, by SQL wherever that can tell (SHACL section 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import rdflib
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from rdflib.namespace import SH

from kgtool.validate.bulk.by_query import by_component, by_select
from kgtool.validate.bulk.by_value import DATATYPE, LOOK_AT_A_VALUE, by_value
from kgtool.validate.bulk.columns import Columns
from kgtool.validate.bulk.partial_stores import PartialStores
from kgtool.validate.bulk.paths import path_query
from kgtool.validate.bulk.refused import Refused, all_of, pairs
from kgtool.validate.shapes import Shape
from kgtool.validate.terms import from_rdflib
from kgtool.validate.view import DataGraph

#: The kinds of node that each value of ``sh:nodeKind`` lets be: IRI, blank node, literal.
_KINDS: Final[Mapping[object, str]] = {
    SH.IRI: "i",
    SH.BlankNode: "b",
    SH.Literal: "l",
    SH.BlankNodeOrIRI: "bi",
    SH.BlankNodeOrLiteral: "bl",
    SH.IRIOrLiteral: "il",
}


class Constraints:
    """Finds what shapes refuse.

    A value of a node is a pair (focus, value) in a table ``values``; of a node shape, each node is its own value.

    :param stores: of the same triples as the columns; so is ``data``.
    """

    def __init__(self, columns: Columns, stores: PartialStores, data: DataGraph) -> None:
        self._columns = columns
        self._stores = stores
        self._data = data
        self._under_way: list[rdflib.term.Node] = []
        self._ways: Mapping[object, Callable[[Shape, str, str], Iterator[Refused]]] = {
            SH.minCount: self._min_count,
            SH.maxCount: self._max_count,
            SH.nodeKind: self._node_kind,
            SH["class"]: self._class,
            SH["or"]: self._or,
            SH["and"]: self._and,
            SH["not"]: self._not,
            SH.node: self._node,
            SH.property: self._property,
            SH.qualifiedValueShape: self._qualified,
            SH.sparql: self._select,
        }

    def refused(self, shape: Shape, nodes: str, *, once: bool = False) -> Iterator[Refused]:
        """Give what each constraint of a shape refuses among nodes.

        :param nodes: a table (node) that the columns made.
        :param once: a node that one constraint refuses need not be refused by the others too.
        """
        if shape.deactivated or not self._columns.size(nodes):
            return
        if shape.node in self._under_way:
            yield all_of(self._columns, nodes)
            return
        self._under_way.append(shape.node)
        try:
            yield from self._by_constraint(shape, nodes, once=once)
        finally:
            self._under_way.remove(shape.node)

    def _by_constraint(self, shape: Shape, nodes: str, *, once: bool) -> Iterator[Refused]:
        values = self._values(shape, nodes)
        if values is None:
            yield all_of(self._columns, nodes)
            return
        for component in _components(shape):
            parameter = None if component is None else component.constraint_parameters()[0]
            if parameter in self._ways:
                found = list(self._ways[parameter](shape, nodes, values))
            elif parameter in LOOK_AT_A_VALUE:
                found = [by_value(self._columns, self._data, shape, component, values)]
            else:
                found = [all_of(self._columns, nodes)]
            yield from found
            if once and not shape.is_property_shape:
                refused = " UNION ALL ".join(f"SELECT focus FROM {each.table}" for each in found if each.certain)
                if refused:
                    nodes = self._columns.make(f"SELECT node FROM {nodes} WHERE node NOT IN ({refused})")
                    values = _themselves(nodes)
        for custom in shape.find_custom_constraints():
            yield from by_component(self._columns, self._stores, shape, custom, nodes, values)

    def _values(self, shape: Shape, nodes: str) -> str | None:
        if not shape.is_property_shape:
            return _themselves(nodes)
        query = path_query(self._columns, shape.sg.graph, shape.path())
        if query is None:
            return None
        return self._columns.make(f"SELECT DISTINCT focus, value FROM ({query}) SEMI JOIN {nodes} ON focus = node")

    def _not_conforming(self, shape: Shape | None, nodes: str) -> tuple[str, bool]:
        """Make a table (node) of the nodes that do not conform to a shape; tell whether that is certain."""
        if shape is None or not self._columns.size(nodes):
            return nodes, not self._columns.size(nodes)
        found = list(self.refused(shape, nodes, once=True))
        queries = " UNION ".join(f"SELECT focus AS node FROM {each.table}" for each in found)
        table = self._columns.make(queries or f"SELECT node FROM {nodes} WHERE false")
        return table, all(each.certain for each in found)

    def _distinct(self, values: str) -> str:
        return self._columns.make(f"SELECT DISTINCT value AS node FROM {values}")

    def _having(self, values: str, nodes: str) -> str:
        return self._columns.make(f"SELECT focus, value FROM {values} WHERE value IN (SELECT node FROM {nodes})")

    def _min_count(self, shape: Shape, nodes: str, values: str) -> Iterator[Refused]:
        least = max(int(each) for each in shape.objects(SH.minCount))
        table = self._counted(nodes, values, f"count(value) < {least}")
        yield Refused(table, True, shape.node, SH.MinCountConstraintComponent)

    def _max_count(self, shape: Shape, nodes: str, values: str) -> Iterator[Refused]:
        most = min(int(each) for each in shape.objects(SH.maxCount))
        table = self._counted(nodes, values, f"count(value) > {most}")
        yield Refused(table, True, shape.node, SH.MaxCountConstraintComponent)

    def _counted(self, nodes: str, values: str, condition: str) -> str:
        joined = f"SELECT node FROM {nodes} LEFT JOIN {values} ON focus = node GROUP BY node HAVING {condition}"
        return self._columns.make(pairs(f"({joined})"))

    def _node_kind(self, shape: Shape, nodes: str, values: str) -> Iterator[Refused]:
        kinds = [_KINDS.get(each, "") for each in shape.objects(SH.nodeKind)]
        wrong = {kind for kind in "ibl" if any(kind not in allowed for allowed in kinds)}
        blank = f"value IN (SELECT node FROM {self._columns.blank_nodes()})"
        conditions = {"l": "value < 0", "b": blank, "i": f"value > 0 AND NOT {blank}"}
        refused = "value > 0" if wrong == {"i", "b"} else " OR ".join(conditions[kind] for kind in sorted(wrong))
        table = self._columns.make(f"SELECT focus, value FROM {values} WHERE {refused or 'false'}")
        yield Refused(table, True, shape.node, SH.NodeKindConstraintComponent)

    def _class(self, shape: Shape, nodes: str, values: str) -> Iterator[Refused]:
        conditions = [
            f"value NOT IN ({self._columns.instances([from_rdflib(each)])})" for each in shape.objects(SH["class"])
        ]
        table = self._columns.make(f"SELECT focus, value FROM {values} WHERE {' OR '.join(conditions)}")
        yield Refused(table, True, shape.node, SH.ClassConstraintComponent)

    def _or(self, shape: Shape, nodes: str, values: str) -> Iterator[Refused]:
        for listed in shape.objects(SH["or"]):
            left, certain = self._distinct(values), True
            for member in shape.sg.graph.items(listed):
                left, sure = self._not_conforming(shape.get_other_shape(member), left)
                certain = certain and sure
            yield Refused(self._having(values, left), certain, shape.node, SH.OrConstraintComponent)

    def _and(self, shape: Shape, nodes: str, values: str) -> Iterator[Refused]:
        distinct = self._distinct(values)
        for listed in shape.objects(SH["and"]):
            parts = [
                self._not_conforming(shape.get_other_shape(each), distinct) for each in shape.sg.graph.items(listed)
            ]
            wrong = self._columns.make(" UNION ".join(f"SELECT node FROM {part}" for part, _ in parts))
            certain = all(sure for _, sure in parts)
            yield Refused(self._having(values, wrong), certain, shape.node, SH.AndConstraintComponent)

    def _not(self, shape: Shape, nodes: str, values: str) -> Iterator[Refused]:
        distinct = self._distinct(values)
        for other in shape.objects(SH["not"]):
            wrong, certain = self._not_conforming(shape.get_other_shape(other), distinct)
            if certain:
                wrong = self._columns.make(f"SELECT node FROM {distinct} WHERE node NOT IN (SELECT node FROM {wrong})")
            refused = self._having(values, wrong if certain else distinct)
            yield Refused(refused, certain, shape.node, SH.NotConstraintComponent)

    def _node(self, shape: Shape, nodes: str, values: str) -> Iterator[Refused]:
        distinct = self._distinct(values)
        for other in shape.objects(SH.node):
            wrong, certain = self._not_conforming(shape.get_other_shape(other), distinct)
            yield Refused(self._having(values, wrong), certain, shape.node, SH.NodeConstraintComponent)

    def _property(self, shape: Shape, nodes: str, values: str) -> Iterator[Refused]:
        distinct = self._distinct(values) if shape.is_property_shape else nodes
        for other in map(shape.get_other_shape, shape.objects(SH.property)):
            for found in self.refused(other, distinct) if other is not None else [all_of(self._columns, distinct)]:
                if not shape.is_property_shape:
                    yield found
                    continue
                having = f"(SELECT DISTINCT focus AS node FROM {values} WHERE value IN (SELECT focus FROM {found.table}))"
                yield Refused(self._columns.make(pairs(having)), found.certain)

    def _qualified(self, shape: Shape, nodes: str, values: str) -> Iterator[Refused]:
        least, most = (list(shape.objects(each)) for each in (SH.qualifiedMinCount, SH.qualifiedMaxCount))
        distinct = self._distinct(values)
        for other in map(shape.get_other_shape, shape.objects(SH.qualifiedValueShape)):
            wrong, certain = self._not_conforming(other, distinct)
            if not certain or not shape.is_property_shape or any(shape.objects(SH.qualifiedValueShapesDisjoint)):
                yield all_of(self._columns, nodes)
                continue
            right = f"(SELECT focus, value FROM {values} WHERE value NOT IN (SELECT node FROM {wrong}))"
            for bounds, sign, name in ((least, "<", "Min"), (most, ">", "Max")):
                for bound in bounds:
                    table = self._counted(nodes, right, f"count(value) {sign} {int(bound)}")
                    yield Refused(table, True, shape.node, SH[f"Qualified{name}CountConstraintComponent"])

    def _select(self, shape: Shape, nodes: str, values: str) -> Iterator[Refused]:
        return by_select(self._columns, self._stores, shape, nodes)


def _themselves(nodes: str) -> str:
    return f"(SELECT node AS focus, node AS value FROM {nodes})"


def _components(shape: Shape) -> list[Any]:
    """Give the constraint components of a shape, those that take long last; None for what is unknown here."""
    found = dict.fromkeys(CONSTRAINT_PARAMETERS_MAP.get(each) for each, _ in shape.sg.predicate_objects(shape.node))

    def rank(component: Any) -> tuple[bool, bool]:
        parameter = None if component is None else component.constraint_parameters()[0]
        return parameter in LOOK_AT_A_VALUE or parameter == SH.sparql, parameter != DATATYPE

    return sorted(found, key=rank)
