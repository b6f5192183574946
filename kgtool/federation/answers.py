"""What endpoints answer, checked before Oxigraph reads it: a whole result of SELECT, in a format that it knows.

Oxigraph takes what it can from an answer that breaks off, and runs out of stack on one that nests; so both end here.

Source: SPARQL 1.1 Query Results JSON and XML Formats.
"""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from kgtool.errors import RemoteError
from kgtool.federation.fetching import Fetched

ACCEPT: Final = "application/sparql-results+json, application/sparql-results+xml;q=0.9"
_FORMATS: Final = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
}
_MAX_DEPTH: Final = 32
#: To the end where it is not closed; possessive, so that no text takes more than linear time.
_JSON_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


def checked(answer: Fetched) -> str:
    """Check an answer, and give its media type as Oxigraph knows it.

    :raises RemoteError: if it is no whole result of SELECT.
    """
    format = _FORMATS.get(answer.media_type)
    if format is None:
        raise _wrong(answer, f"as {answer.media_type or 'no media type'}, which holds no solutions")
    depth = _json_depth(answer.content) if format == QueryResultsFormat.JSON else _xml_depth(answer)
    if depth > _MAX_DEPTH:
        raise _wrong(answer, "nested too deep")
    try:
        results = parse_query_results(answer.content, format)
        if not isinstance(results, QuerySolutions):
            raise _wrong(answer, "with yes or no instead of solutions")
        for _ in results:
            pass
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        raise _wrong(answer, f"with what is no result of SPARQL: {error}") from error
    return format.media_type


def _json_depth(content: bytes) -> int:
    """Give how deep brackets nest, strings aside.

    >>> _json_depth(b'{"[[[": [{}]}')
    3
    """
    depth = deepest = 0
    for bracket in _JSON_STRING.sub(b"", content).translate(None, _NOT_BRACKETS):
        if bracket in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def _xml_depth(answer: Fetched) -> int:
    """Give how deep elements nest.

    :raises RemoteError: for a document type, which may hold entities without end.
    """
    depth = deepest = 0

    def start(*_: object) -> None:
        nonlocal depth, deepest
        depth += 1
        deepest = max(deepest, depth)

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_: object) -> None:
        raise _wrong(answer, "with a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(answer.content, True)
    except expat.ExpatError as error:
        raise _wrong(answer, f"with what is no XML: {error}") from error
    return deepest


def _wrong(answer: Fetched, how: str) -> RemoteError:
    return RemoteError(f"{answer.url} answered {how}", hint="check that it is a SPARQL endpoint")
