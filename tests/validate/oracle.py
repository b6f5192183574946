"""The plain way to validate: everything copied into an rdflib graph, each shape run by pySHACL on each node.

It knows nothing of stores, changes or memories, and is what the quick way is compared with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple, Variable
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from rdflib.namespace import RDF, RDFS, SH
from rdflib.query import Result

from kgtool.validate import Finding, Report
from kgtool.validate.check import finding_of, quiet_literals
from kgtool.validate.queries import with_projection
from kgtool.validate.shapes import Shapes, join_query_lines
from kgtool.validate.terms import from_rdflib, to_rdflib
from kgtool.vocabulary import PREFIXES

TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
LOOKS_AT = rdflib.URIRef(PREFIXES["kg"] + "looksAt")


def check_slowly(
    closure: Iterable[Triple],
    asserted: Iterable[Triple],
    shapes: Path,
    focus: Collection[NamedNode | BlankNode | Literal] | None = None,
) -> Report:
    """Check triples, as ``check_shapes`` does.

    :param focus: report on these nodes only; None: on every node.
    """
    compiled = compiled_plainly(shapes)
    nodes = None if focus is None else {to_rdflib(node) for node in focus}
    findings = [
        *run(compiled, list(closure), nodes, asserted=False),
        *run(compiled, list(asserted), nodes, asserted=True),
    ]
    return Report(Report(tuple(findings)).ordered())


@lru_cache
def compiled_plainly(path: Path) -> Shapes:
    plain = rdflib.Graph().parse(path)
    join_query_lines(plain)
    graph = ShapesGraph(plain)
    for shape in graph.shapes:
        shape.set_advanced(True)
    return Shapes(str(path), graph)


def run(
    shapes: Shapes, triples: list[Triple], focus: set[rdflib.term.Identifier] | None, *, asserted: bool
) -> Iterable[Finding]:
    graph = shapes.graph.graph
    with quiet_literals():
        data = PlainData(triples)
        for shape in shapes.graph.shapes:
            looks_at_asserted = (shape.node, LOOKS_AT, None) in graph
            if looks_at_asserted != asserted or not any((shape.node, target, None) in graph for target in TARGETS):
                continue
            nodes = shape.focus_nodes(data) if focus is None else targeted(shape, data, focus)
            if nodes:
                executor = SHACLExecutor(advanced_mode=True)
                for _, node, properties in shape.validate(executor, data, focus=nodes)[1]:
                    yield finding_of(shapes, node, properties)


def targeted(shape: Any, data: PlainData, focus: set[rdflib.term.Identifier]) -> set[rdflib.term.Identifier]:
    """Give the nodes of the focus that are targets, each looked at by itself (a target query that groups, at once)."""
    nodes, classes, implicit, objects_of, subjects_of = (set(each) for each in shape.target())
    found = focus & nodes
    for node in focus:
        types = {
            above for each in data.objects(node, RDF.type) for above in data.transitive_objects(each, RDFS.subClassOf)
        }
        if (
            not types.isdisjoint(classes | implicit)
            or any((node, path, None) in data for path in subjects_of)
            or any((None, path, node) in data for path in objects_of)
        ):
            found.add(node)
    for target in shape.advanced_target().values():
        select = target["qh"].apply_prefixes(target["qh"].select_text)
        if re.search(r"\bGROUP\s+BY\b", select, re.IGNORECASE):
            found |= focus & {row[rdflib.Variable("this")] for row in data.query(select).bindings}
        else:
            found |= {node for node in focus if data.query(select, initBindings={"this": node}).bindings}
    return found


class PlainData(rdflib.Graph):
    """An rdflib graph; its queries are answered by Oxigraph, over all of it."""

    def __init__(self, triples: list[Triple]) -> None:
        super().__init__(bind_namespaces="none")
        self._queried = Store()
        self._queried.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in triples)
        for triple in triples:
            self.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))

    def query(self, query_object: Any, *_: Any, initBindings: Mapping[str, Any] | None = None, **__: Any) -> Result:
        bindings = {str(name): from_rdflib(term) for name, term in (initBindings or {}).items()}
        rewritten = with_projection(str(query_object), tuple(sorted(bindings)))
        assert rewritten is not None
        is_ask, text = rewritten
        try:
            rows = self._queried.query(text, substitutions={Variable(name): term for name, term in bindings.items()})
        except (SyntaxError, RuntimeError):
            return super().query(query_object, initBindings=initBindings)
        assert isinstance(rows, QuerySolutions)
        if is_ask:
            answer = Result("ASK")
            answer.askAnswer = next(rows, None) is not None
            return answer
        table = Result("SELECT")
        variables = [rdflib.Variable(variable.value) for variable in rows.variables]
        table.vars = variables
        table.bindings = [
            {name: to_rdflib(term) for name, term in zip(variables, row, strict=True) if term is not None}
            for row in rows
        ]
        return table
