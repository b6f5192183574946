"""From quads in any order to the bytes of a file: gather, label, sort, write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

from pyoxigraph import BlankNode, DefaultGraph, Quad, Triple

from kgtool.errors import InputError, Location
from kgtool.export.canonical import canonical
from kgtool.export.jsonld import write_jsonld
from kgtool.export.names import Names
from kgtool.export.nesting import Nesting, nest
from kgtool.export.rdfxml import write_rdfxml
from kgtool.export.spilling import RUN_ROWS, SortedRows, body
from kgtool.export.tokens import is_blank
from kgtool.export.turtle import turtle_prefixes, write_turtle

#: Name of a format, as the command line and ``/export?format=`` take it, to its media type.
FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "turtle": "text/turtle",
        "trig": "application/trig",
        "ntriples": "application/n-triples",
        "nquads": "application/n-quads",
        "jsonld": "application/ld+json",
        "rdfxml": "application/rdf+xml",
    }
)
_WITH_GRAPHS: Final = frozenset({"trig", "nquads"})
#: Time for canonical labels, in seconds of wall clock.
CANONICAL_SECONDS: Final = 20.0


def export(
    quads: Iterable[Quad],
    format: str,
    output: BinaryIO,
    *,
    prefixes: Mapping[str, str],
    context: Mapping[str, object] | None = None,
    spill: Path | None = None,
    canonical_seconds: float = CANONICAL_SECONDS,
    run_rows: int = RUN_ROWS,
) -> int:
    """Write quads, so that the same graph gives the same bytes: in any order, with any blank node labels, anywhere.

    ``turtle``, ``ntriples``, ``rdfxml`` and ``jsonld`` write the merge of the graphs, each triple once; ``trig`` and
    ``nquads`` keep the named graphs. Blank nodes get the labels of RDFC-1.0. Quads that mention blank nodes are held
    in memory, and so is what is said about one subject; the rest is sorted on disk beyond ``run_rows``. Nothing
    reaches the output before all quads were read, and for the formats with prefixes nothing before all were written.

    >>> import io
    >>> from pyoxigraph import Literal, NamedNode
    >>> output = io.BytesIO()
    >>> quad = Quad(NamedNode("urn:x:lille"), NamedNode("urn:x:label"), Literal("Lille", language="fr"))
    >>> export([quad, quad], "turtle", output, prefixes={"x": "urn:x:"})
    1
    >>> print(output.getvalue().decode(), end="")
    @prefix x: <urn:x:> .
    <BLANKLINE>
    x:lille
        x:label "Lille"@fr .

    :param format: a name of ``FORMATS``.
    :param prefixes: prefix to namespace; those in use are declared.
    :param context: for ``jsonld``: what a ``context.jsonld`` holds, ``{"@context": {…}}``.
    :param spill: folder for sorted runs; None: the system's temporary folder.
    :param canonical_seconds: time for canonical labels.
    :param run_rows: distinct statements held in memory before a sorted run goes to disk.
    :returns: the number of statements written, each once.
    :raises InputError: unknown format; a term that the format cannot hold; a context that is not inline.
    :raises LimitError: too many blank nodes look alike to be labelled within the work, time and memory allowed.
    :raises StoreFullError: no space left for the sorted runs.
    """
    if format not in FORMATS:
        raise InputError(f"unknown export format {format!r}", hint=f"choose one of {', '.join(FORMATS)}")
    with SortedRows(spill, run_rows=run_rows) as rows:
        row = _nquads_row if format == "nquads" else _ntriples_row if format == "ntriples" else _grouped_row
        blanks = _gather(quads, rows, row, with_graphs=format in _WITH_GRAPHS, seconds=canonical_seconds)
        if format in ("ntriples", "nquads"):
            return _write_lines(rows, output)
        with body(spill) as kept:
            if format == "jsonld":
                head, count = write_jsonld(rows, _triples(blanks), prefixes, context, kept.write)
            elif format == "rdfxml":
                head, count = write_rdfxml(rows, nest(_triples(blanks), literal_members=False), prefixes, kept.write)
            else:
                names = Names(prefixes)
                count = write_turtle(rows, _nestings(blanks), names, kept.write)
                head = turtle_prefixes(names)
            output.write(head.encode())
            kept.copy_to(output)
            return count


def _gather(
    quads: Iterable[Quad], rows: SortedRows, row: Callable[[Quad], str], *, with_graphs: bool, seconds: float
) -> list[Quad]:
    """Fill the rows, and give the quads that mention blank nodes under their canonical labels."""
    held: set[Quad] = set()
    for quad in quads:
        subject, value, graph = quad.subject, quad.object, quad.graph_name
        if isinstance(value, Triple) or isinstance(subject, Triple):
            raise InputError(
                "a triple term cannot be exported: the formats are those of RDF 1.1",
                where=Location(iri=quad.predicate.value),
                hint="state the triple and describe it by a node of its own",
            )
        if not with_graphs and not isinstance(graph, DefaultGraph):
            quad = Quad(subject, quad.predicate, value)
        if isinstance(subject, BlankNode) or isinstance(value, BlankNode) or isinstance(quad.graph_name, BlankNode):
            held.add(quad)
        else:
            rows.add(row(quad))
    labelled = canonical(held, seconds=seconds)
    held.clear()
    for quad in labelled:
        rows.add(row(quad))
    return labelled


def _ntriples_row(quad: Quad) -> str:
    return f"{quad.triple} ."


def _nquads_row(quad: Quad) -> str:
    return f"{quad} ."


def _grouped_row(quad: Quad) -> str:
    return f"{_graph(quad)} {quad.triple}"


def _graph(quad: Quad) -> str:
    return "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)


def _write_lines(rows: Iterable[str], output: BinaryIO) -> int:
    count = 0
    for row in rows:
        output.write(f"{row}\n".encode())
        count += 1
    return count


def _triples(quads: Iterable[Quad]) -> list[tuple[str, str, str]]:
    return sorted((str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads)


def _nestings(quads: Iterable[Quad]) -> dict[str, Nesting]:
    """Work out the nesting graph by graph; a blank node of several graphs, or that names one, keeps its label."""
    graphs: defaultdict[str, list[Quad]] = defaultdict(list)
    homes: dict[str, str] = {}
    apart: set[str] = set()
    for quad in quads:
        graph = _graph(quad)
        graphs[graph].append(quad)
        for node in _blank_tokens(quad):
            if homes.setdefault(node, graph) != graph or node == graph:
                apart.add(node)
    # A graph's name may itself be described in one graph alone, where it would look like any other node.
    apart.update(graph for graph in graphs if is_blank(graph or "<"))
    return {graph: nest(_triples(held), apart=apart) for graph, held in graphs.items()}


def _blank_tokens(quad: Quad) -> Iterator[str]:
    for term in (quad.subject, quad.object, quad.graph_name):
        if isinstance(term, BlankNode):
            yield str(term)
