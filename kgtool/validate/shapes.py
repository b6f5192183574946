"""A shapes graph, read once and ready to run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph as ox
import rdflib
from pyshacl.constraints.sparql.sparql_based_constraint_components import SPARQLConstraintComponentValidator
from pyshacl.helper.path_helper import shacl_path_to_sparql_path
from pyshacl.shapes_graph import ShapesGraph
from rdflib.namespace import RDF, SH

from kgtool.errors import InputError, Location, MissingError, ParseError
from kgtool.validate.compiled import CompiledGraph
from kgtool.validate.remembering import Remembering
from kgtool.validate.terms import to_rdflib
from kgtool.vocabulary import PREFIXES

#: pySHACL's Shape, most of whose methods have no types.
Shape: TypeAlias = Any

_LOOKS_AT = rdflib.URIRef(PREFIXES["kg"] + "looksAt")
_ASSERTED = rdflib.URIRef(PREFIXES["kg"] + "assertedTriples")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_PLACEHOLDER = re.compile(r"\{[$?](\w+)\}")


@dataclass(frozen=True)
class Shapes:
    """A shapes graph in pySHACL's form.

    :param name: what messages call it: the file's name, or ``shapes``.
    """

    name: str
    graph: ShapesGraph

    def with_targets(self, *, asserted: bool) -> Sequence[Shape]:
        """Give the shapes that have targets and look at the closure, or those that look at asserted triples only."""
        return self._targeted[asserted]

    @cached_property
    def _targeted(self) -> tuple[list[Shape], list[Shape]]:
        graph = self.graph.graph
        targets = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
        shapes: tuple[list[Shape], list[Shape]] = ([], [])
        for shape in sorted(self.graph.shapes, key=lambda shape: str(shape.node)):
            if any((shape.node, target, None) in graph for target in targets):
                shapes[(shape.node, _LOOKS_AT, _ASSERTED) in graph].append(shape)
        return shapes

    def named(self, shape: rdflib.term.Node | None) -> str | None:
        """Give the IRI of a shape, or of the nearest shape with an IRI that a blank one is part of."""
        seen: set[object] = set()
        while isinstance(shape, rdflib.BNode) and shape not in seen:
            seen.add(shape)
            shape = next(iter(sorted(self.graph.graph.subjects(None, shape), key=str)), None)
        return str(shape) if isinstance(shape, rdflib.URIRef) else None

    def path_text(self, path: object) -> str | None:
        """Give a path as SPARQL writes it, an IRI as it is; None for none."""
        if path is None or isinstance(path, rdflib.URIRef):
            return None if path is None else str(path)
        if path not in self._path_texts:
            self._path_texts[path] = str(shacl_path_to_sparql_path(self.graph, path))
        return self._path_texts[path]

    @cached_property
    def _path_texts(self) -> dict[object, str]:
        return {}

    def messages(self, *holders: object, values: Mapping[str, object]) -> dict[str, str]:
        """Give the messages of the first holder that has some, language to text, with ``{$name}`` filled in.

        Not taken from pySHACL's results: those repeat the messages of earlier results and lose the language of
        texts that hold a variable.
        """
        graph = self.graph.graph
        for holder in holders:
            texts = list(graph.objects(holder, SH.message)) if isinstance(holder, rdflib.term.Node) else []
            if texts:
                return {
                    str(getattr(text, "language", None) or ""): _PLACEHOLDER.sub(
                        lambda found: str(values.get(found[1], found[0])), str(text)
                    )
                    for text in sorted(texts, key=str)
                }
        return {}


def read_shapes(shapes: bytes | Path) -> Shapes:
    """Read shapes in Turtle.

    :raises MissingError: if there is no such file.
    :raises ParseError: with line and column, if it is not Turtle.
    :raises InputError: if it is not a shapes graph, or one that needs SHACL functions.
    """
    if isinstance(shapes, bytes):
        return _compiled(shapes, "shapes")
    try:
        return _compiled(shapes.read_bytes(), str(shapes))
    except OSError as error:
        raise MissingError(
            f"the shapes cannot be read: {error.strerror}",
            where=Location(str(shapes)),
            hint="give a Turtle file of SHACL shapes",
        ) from error


@lru_cache(maxsize=4)
def _compiled(turtle: bytes, name: str) -> Shapes:
    graph = Remembering()
    try:
        for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE):
            graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    except SyntaxError as error:
        raise ParseError(
            f"the shapes are not Turtle: {error.msg}", where=Location(name, error.lineno, error.offset)
        ) from error
    except TypeError as error:
        raise ParseError(f"the shapes are not RDF 1.1: {error}", where=Location(name)) from error
    for kind in (SH.SPARQLFunction, SH.JSFunction):
        if (None, RDF.type, kind) in graph:
            raise InputError(
                f"the shapes define a function ({kind.fragment}), which this validator does not run",
                where=Location(name),
                hint="write its text where it is called",
            )
    join_query_lines(graph)
    # pySHACL keeps validators by the id of their shapes graph for ever, and ids come back.
    SPARQLConstraintComponentValidator.validator_cache.clear()
    compiled = CompiledGraph(graph)
    _harvest(compiled, name)
    return Shapes(name, compiled)


def join_query_lines(graph: rdflib.Graph) -> None:
    """Write queries on one line: pySHACL searches them again for each value, in time that grows with their lines."""
    for predicate in (SH.ask, SH.select):
        for holder, query in list(graph.subject_objects(predicate)):
            text = re.sub(r"<[^>]*>", "", str(query))
            if not re.search(r"[#\\]", text) and not any(
                re.search(r"\s\s|\n", quoted) for quoted in _QUOTED.findall(text)
            ):
                graph.set((holder, predicate, rdflib.Literal(" ".join(str(query).split()))))


def _harvest(graph: ShapesGraph, name: str) -> None:
    try:
        graph.shapes  # noqa: B018 (reading it builds the shapes)
        graph.custom_constraints  # noqa: B018 (reading it checks the constraint components)
    # pySHACL and rdflib raise anything, from KeyError to bare Exception, on shapes that are no shapes.
    except Exception as error:
        raise InputError(
            f"these are not SHACL shapes: {error}", where=Location(name), hint="correct the shapes"
        ) from error
