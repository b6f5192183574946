"""Reads a source: bytes in, quads with their final graph out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Final, cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kgtool.errors import ForbiddenError, KgtoolError, Location, MemoryLimitError, ParseError
from kgtool.ingest.decompression import Unpacked
from kgtool.ingest.feed import Feed
from kgtool.ingest.json_checks import json_checked
from kgtool.ingest.sources import Source
from kgtool.ingest.syntax_errors import limit_of_memory_error, parse_error
from kgtool.ingest.text_checks import TripleTermWatch, checked_text
from kgtool.ingest.xml_checks import xml_checked
from kgtool.vocabulary import is_reserved

#: Formats that hold triples only: they go to the graph of the source.
TRIPLES_ONLY: Final = (RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML)
#: JSON-LD drops relative IRIs in silence when it has no base. This one makes them show.
_NO_BASE: Final = "kgtool-no-base://none/none/"
_NO_BASE_SCHEME: Final = "kgtool-no-base:"


def read_quads(
    source: Source,
    *,
    base: str | None = None,
    progress: Callable[[int], None] | None = None,
    max_bytes: int | None = None,
    allow_empty: bool = False,
) -> Iterator[Quad]:
    """Yield the quads of a source with their final graph, as the file is read; blank nodes are renamed.

    Triples of the default graph go to ``source.graph``; named graphs keep their names. Literals come as written.

    >>> from kgtool.ingest import sources_of_bytes
    >>> [source] = sources_of_bytes(b"<urn:a> <urn:b> 1 .", name="body", graph="urn:g", format="turtle")
    >>> [str(quad) for quad in read_quads(source)]
    ['<urn:a> <urn:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <urn:g>']

    :param base: IRI that relative ones are resolved against; without it they are errors.
    :param progress: called with the bytes read so far of the source as it is stored, compressed.
    :param max_bytes: most bytes to read, after decompression.
    :param allow_empty: take a file of no bytes, or of white space, for an empty graph (where its format does).
    :raises MissingError: when the file is not there.
    :raises InputError: when it cannot be read.
    :raises ParseError: with line and column, where it is not what its format asks for, holds relative IRIs without a
        base, or what only RDF 1.2 has (triple terms, base directions).
    :raises ForbiddenError: for a named graph that kgtool keeps for itself.
    :raises LimitError: for more than ``max_bytes``, nesting above 200 levels, tokens above 16 MiB.
    """
    quads = _of_source(source, base=base, progress=progress, max_bytes=max_bytes, allow_empty=allow_empty)
    if source.format in TRIPLES_ONLY:
        graph = source.graph
        return (Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads)
    return quads


def read_triples(source: Source, *, progress: Callable[[int], None] | None = None) -> Iterator[Quad]:
    """Yield what a source in a format of triples says, as quads of the default graph.

    See :func:`read_quads`; this spares the making of a quad for each.

    :raises ValueError: for a format that has named graphs.
    """
    if source.format not in TRIPLES_ONLY:
        raise ValueError("a format with named graphs says more than triples")
    return _of_source(source, progress=progress)


def _of_source(
    source: Source,
    *,
    base: str | None = None,
    progress: Callable[[int], None] | None = None,
    max_bytes: int | None = None,
    allow_empty: bool = False,
) -> Iterator[Quad]:
    """Yield the quads of a source; those of a format of triples are in the default graph."""
    unpacked = Unpacked(source, progress=progress, max_bytes=max_bytes)
    try:
        yield from _quads(source, checked_text(unpacked, source.name, allow_empty=allow_empty), base)
    except KgtoolError as error:
        damage = unpacked.damage()
        if damage is not None:  # the text is wrong because what it was packed in is
            raise damage from error
        raise


def _quads(source: Source, content: Iterator[bytes], base: str | None) -> Iterator[Quad]:
    watch = TripleTermWatch()
    feed = _feed(source, content, watch)
    resolve = base
    if source.format == RdfFormat.JSON_LD and base is None:
        resolve = _NO_BASE
    try:
        parser = parse(cast(IO[bytes], feed), source.format, base_iri=resolve, rename_blank_nodes=True)
    except ValueError as error:
        raise ParseError(f"the base {base!r} is not an absolute IRI: {error}", where=Location(source.name)) from error
    try:
        if source.format in TRIPLES_ONLY:
            for quad in parser:
                term = quad.object
                kind = type(term)
                if kind is Triple or (kind is Literal and term.direction is not None):
                    raise _rdf12_error(term, feed)
                watch.opened = watch.angles = 0
                yield quad
        else:
            yield from _quads_in_graphs(parser, source, feed, watch, check_base=resolve is _NO_BASE)
        feed.drain()
    except SyntaxError as error:
        raise parse_error(error, source, feed) from error
    except MemoryError as error:
        raise limit_of_memory_error(error, source) from error
    except RecursionError as error:
        raise MemoryLimitError("nested too deep to be read", where=Location(source.name)) from error


def _feed(source: Source, content: Iterator[bytes], watch: TripleTermWatch) -> Feed:
    name = source.name
    if source.format == RdfFormat.RDF_XML:
        return Feed(xml_checked(content, name), name, piece_end=b">")
    if source.format == RdfFormat.JSON_LD:
        return Feed(json_checked(content, name), name)
    reified = source.format in (RdfFormat.TURTLE, RdfFormat.TRIG)
    return Feed(watch.watched(content, name, reified=reified), name)


def _quads_in_graphs(
    parser: Iterator[Quad], source: Source, feed: Feed, watch: TripleTermWatch, *, check_base: bool
) -> Iterator[Quad]:
    allowed = set()
    for quad in parser:
        term = quad.object
        if isinstance(term, Triple) or (isinstance(term, Literal) and term.direction is not None):
            raise _rdf12_error(term, feed)
        watch.opened = watch.angles = 0
        if check_base and _NO_BASE_SCHEME in str(quad):
            _refuse_relative(quad, feed)
        named = quad.graph_name
        if isinstance(named, DefaultGraph):
            yield Quad(quad.subject, quad.predicate, term, source.graph)
            continue
        if named not in allowed:
            if isinstance(named, NamedNode) and is_reserved(named.value):
                place = feed.location_of(f"<{named.value}>", f'"{named.value}"')
                raise ForbiddenError(
                    "this graph is not for writing",
                    where=Location(place.file, place.line, place.column, named.value),
                    hint="kgtool keeps it for itself: name the graph otherwise",
                )
            allowed.add(named)
        yield quad


def _rdf12_error(term: Triple | Literal, feed: Feed) -> ParseError:
    if isinstance(term, Triple):
        return ParseError(
            "a triple inside a triple (RDF 1.2, RDF-star) is not read",
            where=feed.location_of("<<", "{|", "Triple"),
            hint="describe the statement with a node of its own",
        )
    return ParseError(
        f"the base direction of {term} (RDF 1.2) is not read",
        where=feed.location_of(f"--{term.direction}", "direction", "dir="),
        hint="leave the direction out",
    )


def _refuse_relative(quad: Quad, feed: Feed) -> None:
    terms = [quad.subject, quad.predicate, quad.object, quad.graph_name]
    if isinstance(quad.object, Literal):
        terms.append(quad.object.datatype)
    for term in terms:
        if isinstance(term, NamedNode) and term.value.startswith(_NO_BASE_SCHEME):
            relative = term.value.removeprefix(_NO_BASE)
            raise ParseError(
                f"relative IRI {relative!r} without a base",
                where=feed.location_of(f'"{relative}"'),
                hint='write the whole IRI, or add "@base" to the @context',
            )
