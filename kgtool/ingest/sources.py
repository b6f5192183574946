"""What to load: each file, folder entry, request body or standard input as one :class:`Source`."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from pyoxigraph import NamedNode, RdfFormat

from kgtool.errors import ForbiddenError, InputError, Location, MissingError
from kgtool.ingest.formats import EXTENSIONS, FORMATS, extensions_of_path, format_of_name, format_of_path
from kgtool.vocabulary import SOURCE_PREFIX, is_reserved

STDIN = "stdin"


@dataclass(frozen=True)
class Source:
    """One input to load.

    :param name: as shown in messages and provenance: the path as given, or ``stdin``.
    :param graph: where the triples of its default graph go.
    :param format: the RDF format that it is read as.
    :param compression: ``gz``, ``xz``, ``zst``, ``bz2``; None when it is not known to be compressed.
    :param path: the file; None when the bytes come from ``stream``.
    :param stream: the bytes, read once.
    """

    name: str
    graph: NamedNode
    format: RdfFormat
    compression: str | None
    path: Path | None
    stream: BinaryIO | None = None


def graph_of_name(name: str) -> NamedNode:
    """Give the source graph of a file name or relative path; what an IRI cannot hold is percent-encoded.

    Letters beyond ASCII stay, as RFC 3987 lets an IRI hold them.

    >>> graph_of_name("roles/équipe 3.ttl").value
    'urn:kgtool:source:roles/équipe%203.ttl'
    """
    # quote() leaves unreserved characters alone; letters beyond ASCII are the `ucschar` of RFC 3987.
    pieces = (
        character
        if character.isalnum() or character in "/-._~!$&'()*+,;=:@"
        else quote(character, safe="", errors="surrogateescape")
        for character in name
    )
    return NamedNode(SOURCE_PREFIX + "".join(pieces))


def graph_of_iri(iri: str) -> NamedNode:
    """Check the IRI of a graph to load into.

    :raises InputError: when it is not an absolute IRI.
    :raises ForbiddenError: when kgtool keeps that graph for itself.
    """
    try:
        graph = NamedNode(iri)
    except ValueError as error:
        raise InputError(f"{iri!r} is not the IRI of a graph: {error}", hint="give an absolute IRI") from error
    if is_reserved(iri):
        raise ForbiddenError("this graph is not for writing", where=Location(iri=iri), hint="load into another graph")
    return graph


def sources_of_files(
    files: Sequence[str], *, graph: str | None = None, format: str | None = None, stdin: BinaryIO | None = None
) -> list[Source]:
    """Give a source for each file of a ``load``; ``-`` is standard input, and needs a ``format``.

    :param graph: IRI of the graph to load into, instead of ``urn:kgtool:source:`` and the file's name.
    :param format: read every file as this, whatever its extension says.
    :param stdin: the bytes of ``-``.
    :raises MissingError: for a file that is not there.
    :raises InputError: for a folder, an unknown format, a graph that is not an IRI.
    :raises ForbiddenError: for a reserved graph.
    """
    chosen = format_of_name(format) if format else None
    target = graph_of_iri(graph) if graph is not None else None
    if list(files).count("-") > 1:
        raise InputError("standard input (-) is given twice", hint="it can be read once")
    return [
        _source_of_stdin(stdin, target, chosen) if file == "-" else _source_of_file(file, target, chosen)
        for file in files
    ]


def _source_of_stdin(stdin: BinaryIO | None, target: NamedNode | None, chosen: RdfFormat | None) -> Source:
    if stdin is None:
        raise InputError("there is no standard input to read", where=Location(STDIN), hint="give a file")
    if chosen is None:
        raise InputError(
            "standard input has no file name to tell its format",
            where=Location(STDIN),
            hint=f"add --format with one of {', '.join(FORMATS)}",
        )
    return Source(STDIN, target or graph_of_name(STDIN), chosen, None, None, stdin)


def _source_of_file(file: str, target: NamedNode | None, chosen: RdfFormat | None) -> Source:
    path = Path(file)
    check_readable(path, file)
    _, compression = extensions_of_path(path.name)
    format = chosen or format_of_path(file)
    return Source(file, target or graph_of_name(path.name), format, compression, path)


def check_readable(path: Path, name: str) -> None:
    """Check that a path leads to a file that this process may read.

    :raises MissingError: when nothing is there.
    :raises InputError: for a folder, or a file without permission to read it.
    """
    where = Location(name)
    try:
        is_folder, there = path.is_dir(), path.exists()
    except (OSError, ValueError) as error:
        raise InputError(f"this path cannot be used: {error}", where=where) from error
    if is_folder:
        raise InputError("this is a folder, not a file", where=where, hint="give its files, or build with the folder")
    if not there:
        raise MissingError("no such file", where=where, hint="check the path")
    if not os.access(path, os.R_OK):
        raise InputError("no permission to read this file", where=where, hint="change its permissions")


def sources_of_folder(folder: Path, *, name_from: Path | None = None) -> list[Source]:
    """Give a source for each RDF file in a folder and those below it, sorted by path.

    What is hidden, and what has no extension of :data:`kgtool.ingest.formats.EXTENSIONS`, is passed over.

    :param name_from: name the graphs by the paths relative to this folder, instead of ``folder``.
    :raises MissingError: when the folder is not there.
    :raises InputError: when it is a file.
    """
    if not folder.exists():
        raise MissingError("no such folder", where=Location(str(folder)), hint="check the path")
    if not folder.is_dir():
        raise InputError("this is a file, not a folder", where=Location(str(folder)), hint="use load for single files")
    start = name_from or folder
    sources = []
    for path in sorted(_rdf_files(folder), key=lambda path: path.relative_to(folder).as_posix()):
        extension, compression = extensions_of_path(path.name)
        graph = graph_of_name(path.relative_to(start).as_posix())
        check_readable(path, str(path))
        sources.append(Source(str(path), graph, EXTENSIONS[extension], compression, path))
    return sources


def _rdf_files(folder: Path) -> Iterator[Path]:
    for directory, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and extensions_of_path(name)[0] in EXTENSIONS:
                yield Path(directory) / name


def sources_of_bytes(data: bytes, *, name: str, graph: str, format: str) -> list[Source]:
    """Give the one source of bytes in memory, such as the body of a request.

    :param name: as shown in messages and provenance, such as ``body``.
    :param format: name, extension or media type of the format.
    :raises InputError: for an unknown format, a graph that is not an IRI.
    :raises ForbiddenError: for a reserved graph.
    """
    return [Source(name, graph_of_iri(graph), format_of_name(format), None, None, io.BytesIO(data))]
