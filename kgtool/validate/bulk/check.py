"""Run SHACL shapes over a closure that lies in columns."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import rdflib
from pyshacl.pytypes import SHACLExecutor

from kgtool.reasoning.bulk.dialect import Database
from kgtool.reasoning.bulk.tables import ASSERTED, FACTS
from kgtool.store.change import TripleDelta
from kgtool.validate.bulk.alike import Result, alike
from kgtool.validate.bulk.columns import Columns
from kgtool.validate.bulk.constraints import Constraints
from kgtool.validate.bulk.looking import InColumns
from kgtool.validate.bulk.partial_stores import PartialStores
from kgtool.validate.bulk.targets import targets_of
from kgtool.validate.check import blamed, finding_with, properties_of, quiet_literals
from kgtool.validate.graphs import Merged
from kgtool.validate.report import NOT_ALL, Finding, Report
from kgtool.validate.shapes import Shape, Shapes, read_shapes
from kgtool.validate.terms import from_rdflib, to_rdflib
from kgtool.validate.view import DataGraph

#: What a constraint refuses is shown to pySHACL node by node up to so many nodes.
_MANY: Final = 200
#: Nodes that are shown to pySHACL together.
_BATCH: Final = 500
#: Violations after which a shape is left: the data are refused, and few people read more.
_ENOUGH: Final = 500


def check_columns(database: Database, shapes: Path, workplace: Path, *, checked: Container[str] = ()) -> Report:
    """Check a closure against SHACL shapes, as :func:`~kgtool.validate.check.check_shapes` does with no focus.

    Where a shape finds very many violations, the report holds the first of them, and says that there are more.

    :param database: with the tables of a closure, see :mod:`kgtool.reasoning.bulk.tables`.
    :param workplace: a folder for what is on its way to memory.
    :param checked: shapes, by IRI, to which the data are known to conform.
    :raises MissingError: if the shapes file is not there.
    :raises ParseError: with line and column, if the shapes are not Turtle.
    :raises InputError: if they are not SHACL shapes.
    """
    compiled = read_shapes(shapes)
    findings: list[Finding] = []
    with quiet_literals():
        for table, asserted in ((FACTS, False), (ASSERTED, True)):
            chosen = compiled.with_targets(asserted=asserted)
            if chosen:
                data = _data(database, table, compiled, workplace)
                for shape in chosen:
                    if compiled.named(shape.node) in checked:
                        continue
                    with blamed(compiled, shape):
                        findings += _checked(compiled, shape, data)
                    data.columns.drop_made()
    return Report(Report(tuple(findings)).ordered())


@dataclass(frozen=True)
class _Data:
    """The same triples in each form in which they are looked at."""

    columns: Columns
    stores: PartialStores
    base: InColumns

    def graph(self) -> DataGraph:
        """Give the form that pySHACL wants; it remembers what it was asked, so one is made for a few nodes."""
        return DataGraph(Merged(self.base, TripleDelta()), whole=False)


def _data(database: Database, table: str, shapes: Shapes, workplace: Path) -> _Data:
    terms = {term for triple in shapes.graph.graph for term in triple if isinstance(term, rdflib.URIRef)}
    named = [from_rdflib(term) for term in terms]
    columns = Columns(database, table, named)
    stores = PartialStores(columns, workplace)
    return _Data(columns, stores, InColumns(columns, stores, named))


def _checked(shapes: Shapes, shape: Shape, data: _Data) -> Iterator[Finding]:
    columns = data.columns
    targets = targets_of(shape, columns, data.stores, data.graph(), FACTS)
    if not columns.size(targets):
        return
    # One target is looked at in any case, so that a shape that cannot be run is told of, in pySHACL's words.
    for result in _results(shape, data, columns.make(_first(targets))):
        yield finding_with(shapes, result)
    suspects = []
    for each in Constraints(columns, data.stores, data.graph()).refused(shape, targets):
        nodes = f"(SELECT focus AS node FROM {each.table})"
        found = None
        if each.certain and each.shape is not None and columns.size(each.table) > _MANY:
            samples = columns.make(f"{_first(nodes)} UNION {_last(nodes)}")
            found = alike(columns, shapes, each, list(_results(shape, data, samples)))
        if found is not None:
            yield from found
        elif columns.size(each.table):
            suspects.append(f"SELECT node FROM {nodes}")
    if suspects:
        yield from _found(shapes, shape, data, columns.make(" UNION ".join(suspects)))


def _first(nodes: str) -> str:
    """Write a query for the node of a table (node) whose text is the least."""
    return f"SELECT arg_min(id, text) AS node FROM terms WHERE id IN (SELECT node FROM {nodes})"


def _last(nodes: str) -> str:
    """Write a query for the node of a table (node) whose text is the greatest."""
    return f"SELECT arg_max(id, text) AS node FROM terms WHERE id IN (SELECT node FROM {nodes})"


def _found(shapes: Shapes, shape: Shape, data: _Data, suspects: str) -> Iterator[Finding]:
    """Give pySHACL's findings for nodes, in the order of their texts until there are enough violations."""
    columns, violations = data.columns, 0
    ordered = columns.make(
        f"SELECT node, row_number() OVER (ORDER BY text) AS n FROM {suspects} JOIN terms ON id = node"
    )
    count = columns.size(ordered)
    for start in range(0, count, _BATCH):
        batch = columns.make(f"SELECT node FROM {ordered} WHERE n > {start} AND n <= {start + _BATCH}")
        for result in _results(shape, data, batch):
            finding = finding_with(shapes, result)
            violations += finding.severity == "violation"
            yield finding
        if violations >= _ENOUGH and start + _BATCH < count:
            yield _not_all(shapes.named(shape.node), violations)
            return


def _results(shape: Shape, data: _Data, nodes: str) -> Iterator[Result]:
    focus = [to_rdflib(node) for node in data.base.read_beforehand(nodes)]
    results = shape.validate(SHACLExecutor(advanced_mode=True), data.graph(), focus=focus)[1] if focus else []
    for _, node, properties in results:
        yield properties_of(node, properties)


def _not_all(shape: str | None, violations: int) -> Finding:
    return Finding(
        severity="info",
        focus=None,
        path=None,
        value=None,
        message={
            "en": f"more nodes may be refused: no other was looked at after {violations} violations",
            "fr": f"d'autres nœuds sont peut-être refusés : aucun n'a été regardé après {violations} violations",
        },
        shape=shape,
        rule=NOT_ALL,
    )
