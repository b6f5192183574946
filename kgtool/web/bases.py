"""The base of relative IRIs in SPARQL texts that declare none: the address of the endpoint.

Source: SPARQL 1.1 Protocol, section 2.1, and RFC 3986, section 5.1.3. A declaration is put before the text, and only
where it may be needed, so that places in errors are counted again.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from kgtool.errors import QueryError

_RELATIVE: Final = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*:)[^<>\"{}|^`\\\x00-\x20]*>")


def declaration(text: str, base: Callable[[], str]) -> str:
    """Give what must stand before a text so that its relative IRIs are read: nothing where there are none.

    >>> base = lambda: "http://example.org/sparql"
    >>> declaration("ASK { <s> ?p ?o }", base), declaration("ASK { <urn:s> ?p ?o }", base)
    ('BASE <http://example.org/sparql> ', '')
    """
    return f"BASE <{base()}> " if _RELATIVE.search(text) else ""


@contextmanager
def places_without(declared: str) -> Iterator[None]:
    """Let errors tell places in the text as its client wrote it.

    :raises QueryError: the one raised within, its column moved.
    """
    try:
        yield
    except QueryError as error:
        where = error.where
        if declared and where and where.line == 1 and where.column:
            error.where = dataclasses.replace(where, column=max(1, where.column - len(declared)))
        raise
