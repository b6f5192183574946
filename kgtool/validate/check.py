"""Run SHACL shapes over triples."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import rdflib
from pyoxigraph import Triple
from pyshacl.pytypes import SHACLExecutor
from rdflib.namespace import SH

from kgtool.errors import InputError, KgtoolError, Location
from kgtool.validate.graphs import StoredGraphs, merged
from kgtool.validate.memory import Memory
from kgtool.validate.report import Finding, Report, Severity
from kgtool.validate.shapes import Shape, Shapes, read_shapes
from kgtool.validate.targets import Targets
from kgtool.validate.terms import Term, from_rdflib
from kgtool.validate.view import DataGraph

#: For more shapes, all that a node says is read at once: that is quicker than looking for each thing they want of it.
_MANY = 4
_SEVERITIES: dict[rdflib.term.Node, Severity] = {SH.Warning: "warning", SH.Info: "info"}


def check_shapes(
    triples: Iterable[Triple] | StoredGraphs,
    shapes: bytes | Path,
    *,
    focus: Collection[Term] | None = None,
    asserted: Iterable[Triple] | StoredGraphs | None = None,
    memory: Memory | None = None,
) -> Report:
    """Check triples against SHACL shapes (SHACL core, SPARQL constraints, SPARQL targets; no functions, no rules).

    :param triples: the data: the closure where shapes look at what follows too. Triples, or graphs of a store, which
        are then read in place.
    :param shapes: Turtle, or a file of it. Shapes marked ``kg:looksAt kg:assertedTriples`` look at ``asserted``,
        the others at ``triples``.
    :param focus: report on these nodes only; the work is then in proportion to them. None: on every node.
    :param asserted: what sources state, without consequences. None: the shapes that look at it are left out.
    :param memory: what is known of the store in which the data are. None: nothing may be taken as known.
    :raises MissingError: if the shapes file is not there.
    :raises ParseError: with line and column, if the shapes are not Turtle.
    :raises InputError: if they are not SHACL shapes.

    >>> shapes = b'''@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <urn:x:> .
    ... x:Named a sh:NodeShape ; sh:targetSubjectsOf x:age ; sh:property x:Name .
    ... x:Name a sh:PropertyShape ; sh:path x:name ; sh:minCount 1 ; sh:message "no name"@en .'''
    >>> import pyoxigraph as ox
    >>> data = [ox.Triple(ox.NamedNode("urn:x:a"), ox.NamedNode("urn:x:age"), ox.Literal(7))]
    >>> [(finding.severity, finding.path, finding.text("en")) for finding in check_shapes(data, shapes).findings]
    [('violation', 'urn:x:name', 'no name')]
    >>> check_shapes(data, shapes, focus=[]).conforms
    True
    """
    compiled = read_shapes(shapes)
    known = None if memory is None else memory.of(compiled)
    findings = _run(compiled, compiled.with_targets(asserted=False), triples, focus, known)
    if asserted is not None:
        findings += _run(compiled, compiled.with_targets(asserted=True), asserted, focus, known)
    return Report(Report(tuple(findings)).ordered())


def _run(
    shapes: Shapes,
    chosen: Sequence[Shape],
    triples: Iterable[Triple] | StoredGraphs,
    focus: Collection[Term] | None,
    memory: Memory | None,
) -> list[Finding]:
    if not chosen or (focus is not None and not focus):
        return []
    findings: list[Finding] = []
    with quiet_literals():
        closely = focus or () if len(chosen) > _MANY else ()
        data = DataGraph(merged(triples, closely), whole=focus is None)
        targets = Targets(data, focus, memory)
        executor = SHACLExecutor(advanced_mode=True)
        for shape in chosen:
            with blamed(shapes, shape):
                nodes = targets.of(shape)
                results = shape.validate(executor, data, focus=nodes)[1] if nodes else []
                findings += [finding_of(shapes, node, properties) for _, node, properties in results]
    return findings


@contextmanager
def blamed(shapes: Shapes, shape: Shape) -> Iterator[None]:
    """Say of which shape an error comes.

    :raises InputError: in the place of what pySHACL and rdflib raise on shapes that are no shapes, which is anything
        from KeyError to bare Exception.
    """
    try:
        yield
    except KgtoolError:
        raise
    except Exception as error:
        raise InputError(
            f"the shape {shapes.named(shape.node) or 'without a name'} cannot be run: {error}",
            where=Location(shapes.name),
            hint="correct the shape",
        ) from error


def finding_of(shapes: Shapes, result: Any, properties: Iterable[tuple[Any, Any, Any]]) -> Finding:
    """Make a finding of a ``sh:ValidationResult``, whose triples pySHACL lists with those of its ``sh:detail``."""
    return finding_with(shapes, properties_of(result, properties))


def properties_of(result: Any, properties: Iterable[tuple[Any, Any, Any]]) -> dict[Any, Any]:
    """Give the properties of a ``sh:ValidationResult``, out of the triples that pySHACL lists."""
    return {
        predicate: value[1] if isinstance(value, tuple) else value
        for subject, predicate, value in properties
        if subject == result
    }


def finding_with(shapes: Shapes, of: Mapping[Any, Any]) -> Finding:
    """Make a finding of the properties of a ``sh:ValidationResult``."""
    shape, component = of[SH.sourceShape], of[SH.sourceConstraintComponent]
    focus, value, path = of.get(SH.focusNode), of.get(SH.value), of.get(SH.resultPath)
    graph = shapes.graph.graph
    values: dict[str, object] = {
        str(predicate).replace("/", "#").rpartition("#")[2]: each for predicate, each in graph.predicate_objects(shape)
    }
    values |= {"this": focus, "value": "" if value is None else value}
    values["path"] = path_text = shapes.path_text(path)
    validators = [
        validator
        for kind in (SH.validator, SH.nodeValidator, SH.propertyValidator)
        for validator in graph.objects(component, kind)
    ]
    message = shapes.messages(of.get(SH.sourceConstraint), shape, component, *validators, values=values)
    name = str(component).rpartition("#")[2]
    return Finding(
        severity=_SEVERITIES.get(of[SH.resultSeverity], "violation"),
        focus=None if focus is None else from_rdflib(focus),
        path=path_text,
        value=None if value is None else from_rdflib(value),
        message=message or {"en": f"does not satisfy {name}", "fr": f"ne satisfait pas {name}"},
        shape=shapes.named(shape),
        rule=str(component),
    )


@contextmanager
def quiet_literals() -> Iterator[None]:
    """Keep rdflib from logging each ill-formed literal with a traceback: the shapes report them."""
    logger = logging.getLogger("rdflib.term")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
