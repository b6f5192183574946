"""What a query worker does with a file that somebody wants to add: reads it and validates it with the store.

Nothing is changed. The answer says, by line, what is wrong, and what the file would bring.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad

from kgtool.errors import ParseError
from kgtool.graph import KnowledgeGraph
from kgtool.ingest import TRIPLES_ONLY, Source, read_quads
from kgtool.ingest.decompression import Unpacked
from kgtool.ingest.formats import format_of_name
from kgtool.ingest.placing import Places
from kgtool.store.canonical import canonical_quads
from kgtool.validate.report import Finding
from kgtool.web.labels import labels
from kgtool.web.tables import shortened

#: Findings that a report lists.
_MOST: Final = 300
#: Bytes of a file in which lines are looked for.
_LOOKED_THROUGH: Final = 16 * 2**20
_WIDEST: Final = 500
_IRI: Final = re.compile(r"<([^<>\s]+)>")


@dataclass(frozen=True)
class CheckTask:
    """A file to check.

    :param file: where it is.
    :param name: what it is called, for messages.
    :param format: a name of :data:`kgtool.ingest.FORMATS`.
    :param compression: as :class:`kgtool.ingest.Source` has it.
    :param graph: where its triples would go.
    :param replace: whether what the graph holds would go.
    :param max_bytes: most bytes to read, decompressed.
    :param language: of names and messages.
    """

    file: Path
    name: str
    format: str
    compression: str | None
    graph: str
    replace: bool
    max_bytes: int
    language: str


def evaluate_check(graph: KnowledgeGraph, task: CheckTask) -> bytes:
    """Check a file, as JSON.

    ``read``: statements; ``graphs``: those that they are for; ``error``: what the parser says, or null; ``added``,
    ``removed``, ``inferred``, ``no_longer_inferred``; ``conforms``, ``violations``, ``warnings``, ``infos``;
    ``findings``: each with ``severity``, ``message``, ``focus``, ``path``, ``value``, ``line`` and ``lines``, and
    ``more`` where there are more of them.

    :raises KgtoolError: for what is no question of syntax: a limit, a graph that is not for writing.
    """
    format = format_of_name(task.format)
    source = Source(task.name, NamedNode(task.graph), format, task.compression, task.file)
    document: dict[str, object] = {"name": task.name, "format": task.format, "graph": task.graph, "error": None}
    try:
        given = read_quads(source, base=task.graph, max_bytes=task.max_bytes, allow_empty=True)
        quads = list(canonical_quads(given))
    except ParseError as error:
        line = error.where.line if error.where else None
        document["error"] = {
            "message": error.what,
            "hint": error.hint,
            "line": line,
            "column": error.where.column if error.where else None,
            "lines": _places(source, task).excerpt(line) if line else [],
        }
        return _written({**document, "conforms": False})
    replaced = {source.graph, *_graphs(quads)} if task.replace else set()
    done = graph.rehearse(quads, replaced=replaced)
    found = done.report.ordered()
    places = _places(source, task) if found else None
    terms = {each.focus for each in found[:_MOST] if isinstance(each.focus, NamedNode)}
    names = {iri: label.text for iri, label in labels(graph, terms, task.language).items()}
    graphs = sorted({node.value for node in _graphs(quads)} | ({task.graph} if format in TRIPLES_ONLY else set()))
    return _written(
        {
            **document,
            "conforms": done.report.conforms,
            "read": len(quads),
            "graphs": graphs,
            "added": done.added,
            "removed": done.removed,
            "inferred": done.inferred,
            "no_longer_inferred": done.no_longer_inferred,
            "violations": sum(each.severity == "violation" for each in found),
            "warnings": sum(each.severity == "warning" for each in found),
            "infos": sum(each.severity == "info" for each in found),
            "findings": _by_line([_finding(each, places, names, task.language) for each in found[:_MOST] if places]),
            "more": max(0, len(found) - _MOST),
        }
    )


def _by_line(findings: list[dict[str, object]]) -> list[dict[str, object]]:
    """Put findings, which come gravest first, in the order of the file among those as grave; others follow."""
    order = ("violation", "warning", "info")
    return sorted(findings, key=lambda each: (order.index(str(each["severity"])), int(str(each["line"] or 10**9))))


def _finding(finding: Finding, places: Places, names: dict[str, str], language: str) -> dict[str, object]:
    focus = finding.focus
    iri = focus.value if isinstance(focus, NamedNode) else None
    value = getattr(finding.value, "value", None)
    line = places.line_of(iri, finding.path, value) if iri else _first_line(finding.text("en"), places)
    return {
        "severity": finding.severity,
        "message": finding.text(language)[:_WIDEST],
        "focus": iri,
        "label": names.get(iri, iri)[:_WIDEST] if iri else None,
        "path": _shown(finding.path) if finding.path else None,
        "value": str(value)[:_WIDEST] if value is not None else None,
        "line": line,
        "lines": places.excerpt(line, around=0) if line else [],
    }


def _first_line(message: str, places: Places) -> int | None:
    """Give the line of the first IRI of a message that the file speaks of: contradictions have no focus."""
    lines = (places.line_of(iri) for iri in _IRI.findall(message))
    return next((line for line in lines if line is not None), None)


def _shown(path: str) -> str:
    short = _IRI.sub(lambda found: shortened(found[1]), path) if "<" in path else shortened(path)
    return short[:_WIDEST]


def _graphs(quads: list[Quad]) -> set[NamedNode]:
    return {quad.graph_name for quad in quads if isinstance(quad.graph_name, NamedNode)}


def _places(source: Source, task: CheckTask) -> Places:
    """Read the lines of the file, as far as they are looked through."""

    def pieces() -> Iterator[bytes]:
        left = _LOOKED_THROUGH
        for piece in Unpacked(source, max_bytes=task.max_bytes):
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                return

    return Places(b"".join(pieces()).decode("utf-8", "replace"), source.format, task.graph)


def _written(document: dict[str, object]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
