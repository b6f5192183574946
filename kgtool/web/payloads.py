"""RDF in the body of a request: which format it is in, and the same as N-Triples, parsed by a process that may die."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from kgtool.errors import InputError, LimitError
from kgtool.ingest.formats import format_name, format_of_media_type, format_of_path
from kgtool.web import bodies
from kgtool.web.evaluation import ParseTask
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here

_MULTIPART: Final = "multipart/form-data"
#: Media types that bodies may have, for messages.
_READ: Final = "text/turtle, application/n-triples, application/ld+json, application/rdf+xml, multipart/form-data"
#: How many times as long as the limit of a body its triples may be, written out: a long prefix stands in each of them.
_UNFOLDED: Final = 16
_MAX_PARTS: Final = 1000


def as_ntriples(request: Request, folder: Path, base: str, timeout: float) -> Path:
    """Read the body as RDF and write its triples to a file of N-Triples.

    :param folder: where files may be made.
    :param base: what relative IRIs are resolved against.
    :param timeout: seconds that parsing may take.
    :raises HttpProblem: 415 for what is no RDF that is read here, 400 for a form without files.
    :raises KgtoolError: what is wrong with the RDF, or the limit that it hit.
    """
    limit = here().settings.max_body * 2**20
    wanted = None if request.mimetype == _MULTIPART else _format(request.headers.get("Content-Type"))
    received = folder / "received"
    size = bodies.saved(request, limit, received)
    parts = _parts(received, size, request, folder) if wanted is None else iter([(received, wanted)])
    result = folder / "triples.nt"
    written = 0
    with result.open("wb") as output:
        for file, format in parts:
            answer = here().run(ParseTask(file, format, base, limit), timeout=timeout)
            try:
                for piece in answer:
                    written += output.write(piece)
                    if written > _UNFOLDED * limit:
                        raise LimitError("the triples of the body are too long, written out", hint="send it in parts")
            finally:
                answer.close()
    return result


def _format(content_type: str | None) -> str:
    """Give the name of the format that a Content-Type says.

    :raises HttpProblem: 415 for another one, or none.
    """
    kind, parameters = parse_options_header(content_type or "")
    found = format_of_media_type(kind) if kind else None
    if found is None:
        raise HttpProblem(
            415, f"a body of type {kind[:80] or 'unknown'} is not read here", hint=f"send one of: {_READ}",
            headers={"Accept-Post": _READ},
        )  # fmt: skip
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8", "us-ascii") and "xml" not in kind:
        raise UnsupportedMediaType("text must be UTF-8")
    return format_name(found)


def _parts(body: Path, size: int, request: Request, folder: Path) -> Iterator[tuple[Path, str]]:
    """Give the files of a form, each with its format: its own Content-Type, else what its name says."""
    with body.open("rb") as stream:
        parser = FormDataParser(silent=False, max_form_memory_size=size, max_form_parts=_MAX_PARTS)
        try:
            _, _, found = parser.parse(cast(BinaryIO, stream), _MULTIPART, size, dict(request.mimetype_params))
        except RequestEntityTooLarge as error:
            raise LimitError(f"the form has more than {_MAX_PARTS} parts", hint="send fewer at a time") from error
        except ValueError as error:
            raise HttpProblem(400, "the body is not the form that its Content-Type says") from error
    files: list[FileStorage] = [file for _, file in MultiDict(found).items(multi=True)]
    try:
        if not files:
            raise HttpProblem(400, "the form holds no file", hint="send each graph as a part with a file name")
        for number, part in enumerate(files):
            file = folder / f"part{number}"
            part.save(file)
            yield file, _format_of_part(part.content_type, part.filename or "")
    finally:
        for part in files:
            part.close()


def _format_of_part(content_type: str | None, filename: str) -> str:
    if content_type and content_type.partition(";")[0] not in ("application/octet-stream", "text/plain"):
        return _format(content_type)
    try:
        return format_name(format_of_path(filename))
    except InputError as error:
        raise HttpProblem(415, f"the format of the part {filename[:80]!r} is not told", hint="give a type") from error
