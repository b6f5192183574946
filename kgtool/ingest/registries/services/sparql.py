"""Any SPARQL endpoint, by a CONSTRUCT query: page by page where its solutions are in order, else in one answer.

An endpoint may cut its answer off without a word. A query with ORDER BY and without LIMIT is asked in pages, each with
LIMIT and OFFSET. What pages hold does not say which is the last: solutions may make no triples, or the same again. So
at a page that is empty, or like one before, the endpoint is asked how many solutions there are, and an empty page is
the last one only if it has them behind it. Without an order pages would overlap, so there are none.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import BlankNode, NamedNode, Quad

from kgtool.errors import InputError, KgtoolError, Location, ParseError, QueryError, RemoteError
from kgtool.ingest.reading import read_quads
from kgtool.ingest.registries.constructed import record_of
from kgtool.ingest.registries.registry import Fault, Record
from kgtool.ingest.registries.services.solutions import counting
from kgtool.ingest.registries.services.visit import Service, Visit, query_of
from kgtool.ingest.sources import sources_of_bytes
from kgtool.ingest.web import Following, Request
from kgtool.ingest.web.json_pages import at, json_body
from kgtool.store.tokens import tokens

#: Solutions a page; common endpoints give at most ten thousand.
PAGE: Final = 5000
_ACCEPT: Final = "application/n-triples, text/turtle;q=0.9"
_COUNTED: Final = "application/sparql-results+json"
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


def _number(content: bytes) -> int:
    """Read an answer that counts.

    :raises ParseError: if it is none: nobody knows then whether the pages are all.
    """
    rows = at(json_body(content), "results", "bindings")
    number = at(rows[0], "n", "value") if isinstance(rows, list) and rows else None
    if not isinstance(number, str) or not re.fullmatch("[0-9]{1,15}", number):
        raise ParseError("it does not say how many solutions there are")
    return int(number)


_COUNT: Final = Following(_number, lambda request, number: None, lambda number: [number])
_WHOLE: Final = Following(triples_of, lambda request, triples: None, lambda triples: triples)


def _records(visit: Visit, base: str) -> Iterator[Record | Fault]:
    query = query_of(visit.asked, "the endpoint", "'CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } ORDER BY ?s'")
    if not base:
        raise InputError("there is no endpoint to ask", hint="give its address: --url https://example.org/sparql")
    words = [word.text.upper() for word in tokens(query)]
    if not {"CONSTRUCT", "DESCRIBE"} & set(words):
        raise QueryError("only triples can be imported", hint="write CONSTRUCT { … } WHERE { … }")
    ordered = any(one == "ORDER" and other == "BY" for one, other in pairwise(words))
    paged = ordered and "LIMIT" not in words and "OFFSET" not in words and counting(query) is not None
    if not paged:
        visit.client.note("asked in one piece: an endpoint may cut its answer off; ORDER BY without LIMIT has pages")

    found: defaultdict[str, dict[Quad, None]] = defaultdict(dict)
    first, following = _paging(visit, base, query) if paged else (_request(base, query, _ACCEPT), _WHOLE)
    for page in visit.pages(first, following, told=query, limited=False):
        for quad in _kept_apart(page.content, page.number):
            found[quad.subject.value if isinstance(quad.subject, NamedNode) else str(quad.subject)][quad] = None
    if paged and visit.asked.limit is not None:
        for subject in [key for key in found if not key.startswith("_:")][visit.asked.limit :]:
            del found[subject]  # pages that were not asked for may say more of it
    # Blank nodes stand with the first subject that leads to them, so that their names are the same in every run.
    subjects = itertools.islice(_with_their_nodes(found), visit.asked.limit)
    for number, (subject, quads) in enumerate(subjects, 1):
        yield record_of(number, subject[:300], quads)


def _request(base: str, query: str, accept: str) -> Request:
    """Ask by GET, and by a form what would make a long address."""
    asked = Request(base, (("query", query),), accept=accept)
    if len(asked.full_url) <= _LONGEST:
        return asked
    body = urlencode({"query": query}).encode()
    return replace(asked, parameters=(), body=body, media_type="application/x-www-form-urlencoded")


def _paging(visit: Visit, base: str, query: str) -> tuple[Request, Following[list[Quad]]]:
    """Give the first page of a query's solutions, and the way from each to the next."""
    offsets: dict[str, int] = {}
    seen: dict[bytes, int] = {}
    wanted: set[NamedNode] = set()
    limit = visit.asked.limit

    def page(offset: int) -> Request:
        request = _request(base, f"{query}\nLIMIT {PAGE} OFFSET {offset}", _ACCEPT)
        offsets[request.key] = offset
        return request

    @cache
    def solutions() -> int:
        return _solutions(visit, base, query)

    def is_behind(triples: list[Quad]) -> bool:
        """Tell whether a page says nothing of the first subjects, of which there are as many as may be."""
        if limit is None:
            return False
        subjects = dict.fromkeys(quad.subject for quad in triples if isinstance(quad.subject, NamedNode))
        behind = len(wanted) >= limit and wanted.isdisjoint(subjects)
        wanted.update(itertools.islice((one for one in subjects if one not in wanted), limit - len(wanted)))
        return behind

    def after(before: Request, triples: list[Quad]) -> Request | None:
        if is_behind(triples):
            return None
        offset = offsets[before.key]
        like = seen.setdefault(hashlib.sha256(repr(triples).encode("utf-8", "surrogatepass")).digest(), offset)
        if triples and (like == offset or offset < solutions()):
            return page(offset + PAGE)
        if triples:
            raise ParseError(f"behind all {solutions():,} solutions a page comes again: the endpoint heeds no OFFSET")
        return page(offset + PAGE) if offset + PAGE < solutions() else None

    return page(0), Following(triples_of, after, lambda triples: triples, may_repeat=True)


def _solutions(visit: Visit, base: str, query: str) -> int:
    """Ask how many solutions a query has.

    :raises RemoteError: if the endpoint does not say.
    """
    found = visit.one(_request(base, counting(query) or query, _COUNTED), _COUNT)
    if found is None:
        raise RemoteError("it does not say how many solutions there are", where=Location(iri=base))
    return found


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
