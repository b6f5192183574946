"""Reads a source: bytes in, quads with their final graph out."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

import zstandard
from pyoxigraph import DefaultGraph, NamedNode, Quad, parse

from kgtool.errors import ForbiddenError, InputError, Location, ParseError
from kgtool.ingest.sources import Source
from kgtool.vocabulary import is_reserved


def _open(path: Path, compression: str | None) -> BinaryIO:
    if compression == "gz":
        return cast(BinaryIO, gzip.open(path))
    if compression == "xz":
        return cast(BinaryIO, lzma.open(path))
    if compression == "bz2":
        return cast(BinaryIO, bz2.open(path))
    if compression == "zst":
        return cast(BinaryIO, zstandard.open(path, "rb"))
    return path.open("rb")


def read_quads(
    source: Source,
    *,
    base: str | None = None,
    progress: Callable[[int], None] | None = None,
    max_bytes: int | None = None,
) -> Iterator[Quad]:
    """Yield the quads of a source with their final graph."""
    stream = source.stream if source.path is None else _open(source.path, source.compression)
    graph = source.graph
    try:
        for quad in parse(stream, source.format, base_iri=base, rename_blank_nodes=True):
            named = quad.graph_name
            if isinstance(named, DefaultGraph):
                yield Quad(quad.subject, quad.predicate, quad.object, graph)
            elif isinstance(named, NamedNode) and is_reserved(named.value):
                raise ForbiddenError("this graph is not for writing", where=Location(source.name, iri=named.value))
            else:
                yield quad
    except SyntaxError as error:
        _, line, column, *_ = error.args[1]
        raise ParseError(error.args[0], where=Location(source.name, line, column)) from error
    except (EOFError, OSError, lzma.LZMAError, zstandard.ZstdError) as error:
        raise InputError(f"cannot be read: {error}", where=Location(source.name)) from error
