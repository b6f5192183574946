"""Small data, checked with the packaged shapes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kgtool.validate import Report
from kgtool.validate.check import check_shapes
from kgtool.vocabulary import PREFIXES

ROOT = Path(__file__).resolve().parent.parent.parent
SHAPES = ROOT / "ontology" / "shapes.ttl"
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + "@prefix x: <urn:x:> .\n"
TYPE = NamedNode(PREFIXES["rdf"] + "type")


def triples(turtle: str) -> list[Triple]:
    """Read Turtle that may use every prefix that kgtool knows, and ``x:``."""
    return [quad.triple for quad in parse(HEAD + turtle, format=RdfFormat.TURTLE)]


def checked(turtle: str) -> Report:
    """Check Turtle, all of it asserted."""
    data = triples(turtle)
    return check_shapes(data, SHAPES, asserted=data)


def violations(turtle: str) -> list[tuple[str, str]]:
    """Give the node and the shape of each violation, shortened."""
    return _short(checked(turtle), "violation")


def warnings(turtle: str) -> list[tuple[str, str]]:
    """Give the node and the shape of each warning, shortened."""
    return _short(checked(turtle), "warning")


def refused(data: Iterable[Triple]) -> set[str]:
    """Give the nodes that a violation is about."""
    found = check_shapes(data, SHAPES).findings
    return {finding.focus.value for finding in found if finding.focus and finding.severity == "violation"}


def identifiers(scheme: str, values: Iterable[str]) -> list[Triple]:
    """Make an identifier node for each value, named ``urn:x:`` and its number."""
    return [
        triple
        for number, value in enumerate(values)
        for node in [NamedNode(f"urn:x:{number}")]
        for triple in (
            Triple(node, NamedNode(PREFIXES["schema"] + "propertyID"), Literal(scheme)),
            Triple(node, NamedNode(PREFIXES["schema"] + "value"), Literal(value)),
        )
    ]


def refused_values(scheme: str, values: list[str]) -> set[str]:
    """Give the values of a scheme that are refused."""
    return {values[int(name.removeprefix("urn:x:"))] for name in refused(identifiers(scheme, values))}


def _short(report: Report, severity: str) -> list[tuple[str, str]]:
    return [
        (finding.focus.value.removeprefix("urn:x:"), (finding.shape or "").removeprefix(PREFIXES["kg"]))
        for finding in report.findings
        if finding.severity == severity and finding.focus
    ]
