"""Any SPARQL endpoint, by a CONSTRUCT query: page by page where its solutions are in order, else in one answer.

An endpoint may cut its answer off without a word. A query with ORDER BY and without LIMIT is asked in pages, each with
LIMIT and OFFSET, until one is empty: then nothing is missing. Without an order pages would overlap, so there are none.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import BlankNode, NamedNode, Quad

from kgtool.errors import InputError, KgtoolError, ParseError, QueryError
from kgtool.ingest.reading import read_quads
from kgtool.ingest.registries.constructed import record_of
from kgtool.ingest.registries.registry import Fault, Record
from kgtool.ingest.registries.services.visit import Service, Visit, query_of
from kgtool.ingest.sources import sources_of_bytes
from kgtool.ingest.web import Following, Request
from kgtool.store.tokens import tokens

#: Solutions a page; common endpoints give at most ten thousand.
PAGE: Final = 5000
_ACCEPT: Final = "application/n-triples, text/turtle;q=0.9"
#: A query that makes a longer address is sent as a form.
_LONGEST: Final = 1800


def triples_of(content: bytes) -> list[Quad]:
    """Read an answer: Turtle, of which N-Triples are a part.

    :raises ParseError: if it is not.
    """
    try:
        (source,) = sources_of_bytes(content, name="answer", graph="urn:kgtool:default", format="turtle")
        return list(read_quads(source, allow_empty=True))
    except ParseError:
        raise
    except KgtoolError as error:
        raise ParseError(error.what) from error


def _records(visit: Visit, base: str) -> Iterator[Record | Fault]:
    query = query_of(visit.asked, "the endpoint", "'CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } ORDER BY ?s'")
    if not base:
        raise InputError("there is no endpoint to ask", hint="give its address: --url https://example.org/sparql")
    words = [word.text.upper() for word in tokens(query)]
    if not {"CONSTRUCT", "DESCRIBE"} & set(words):
        raise QueryError("only triples can be imported", hint="write CONSTRUCT { … } WHERE { … }")
    ordered = any(one == "ORDER" and other == "BY" for one, other in pairwise(words))
    paged = ordered and "LIMIT" not in words and "OFFSET" not in words
    if not paged:
        visit.client.note("asked in one piece: an endpoint may cut its answer off; ORDER BY without LIMIT has pages")

    def request(offset: int) -> Request:
        text = f"{query}\nLIMIT {PAGE} OFFSET {offset}" if paged else query
        asked = Request(base, (("query", text),), accept=_ACCEPT)
        if len(asked.full_url) <= _LONGEST:
            return asked
        body = urlencode({"query": text}).encode()
        return replace(asked, parameters=(), body=body, media_type="application/x-www-form-urlencoded")

    offsets = {request(0).key: 0}

    def after(before: Request, triples: list[Quad]) -> Request | None:
        if not paged:
            return None
        offset = offsets[before.key] + PAGE
        following = request(offset)
        offsets[following.key] = offset
        return following

    found: defaultdict[str, dict[Quad, None]] = defaultdict(dict)
    following = Following(triples_of, after, lambda triples: triples)
    for page in visit.pages(request(0), following, told=query):
        for quad in _kept_apart(page.content, page.number):
            found[quad.subject.value if isinstance(quad.subject, NamedNode) else str(quad.subject)][quad] = None
    # Blank nodes stand with the first subject that leads to them, so that their names are the same in every run.
    subjects = itertools.islice(_with_their_nodes(found), visit.asked.limit)
    for number, (subject, quads) in enumerate(subjects, 1):
        yield record_of(number, subject[:300], quads)


def _kept_apart(quads: list[Quad], number: int) -> Iterator[Quad]:
    """Keep the blank nodes of one page apart from those of another, where the same label is another node."""

    def own(node: object) -> object:
        return BlankNode(f"p{number}{node.value}") if isinstance(node, BlankNode) else node

    for quad in quads:
        yield Quad(own(quad.subject), quad.predicate, own(quad.object))  # type: ignore[arg-type]


def _with_their_nodes(found: dict[str, dict[Quad, None]]) -> Iterator[tuple[str, list[Quad]]]:
    taken: set[str] = set()
    starts = sorted((key for key in found if not key.startswith("_:")), key=str) + [
        key for key in found if key.startswith("_:")
    ]
    for subject in starts:
        if subject in taken:
            continue
        quads: list[Quad] = []
        waiting = [subject]
        while waiting:
            key = waiting.pop(0)
            if key in taken:
                continue
            taken.add(key)
            for quad in found.get(key, ()):
                quads.append(quad)
                if isinstance(quad.object, BlankNode):
                    waiting.append(str(quad.object))
        yield subject, quads


SERVICE: Final = Service("", _records, lambda text: False)
