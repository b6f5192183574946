"""SERVICE in a SPARQL text: who may be asked, and the text in which a proxy of ours takes their place.

Oxigraph asks the endpoint of a SERVICE by itself and cannot be told how. So the text that it gets names, instead of the
endpoint, an address of our proxy (:mod:`kgtool.federation`), which holds to the limits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from kgtool.errors import KgtoolError, QueryError, RemoteError
from kgtool.store.ambiguity import Edit, made_certain, reaches_out
from kgtool.store.declarations import prologue, resolve
from kgtool.store.hosts import AllowedHosts
from kgtool.store.tokens import Token, closing, place_in, tokens

_FAILED: Final = re.compile(r"returned by http://127\.0\.0\.1:\S+ with payload:\n(\{.*\})\s*", re.DOTALL)
_UNREACHED: Final = re.compile(r"Connection \w+ \(os error \d+\)")
_IRI: Final = "give the endpoint's IRI, as <http://…> or by a declared prefix"
#: Stands for an endpoint where a text is only read; Oxigraph cannot reach it.
NOWHERE: Final = "<urn:kgtool:service>"


@dataclass(frozen=True)
class Services:
    """What SERVICE and LOAD may reach, and through what.

    :param hosts: those that are allowed.
    :param proxy: the URL of the proxy, its secret included; empty where SERVICE is switched off.
    :param timeout: seconds that one answer may take.
    :param max_bytes: of one answer, after decompression.
    """

    hosts: AllowedHosts
    proxy: str = ""
    timeout: float = 10.0
    max_bytes: int = 16 * 2**20

    def through(self, url: str) -> str:
        """Give the address under which the proxy passes a query on to a URL."""
        return f"{self.proxy}?to={quote(url, safe='')}"


@dataclass(frozen=True)
class Rewritten:
    """A text for Oxigraph, and the one that it was made of.

    :param edits: in the order of the original.
    """

    text: str
    original: str
    edits: tuple[Edit, ...] = ()

    def placed(self, error: SyntaxError) -> SyntaxError:
        """Give Oxigraph's error with its place in the original."""
        message = str(error.msg or error)
        found = re.match(r"error at (\d+):(\d+):", message)
        if not found or not self.edits:
            return error
        line, column = int(found[1]), int(found[2])
        shift = 0  # how much longer the line became before the place
        for edit in self.edits:
            place = place_in(self.original, edit.start)
            start = (place.column or 1) + shift
            if place.line != line or start > column:
                continue
            if column < start + len(edit.text):
                column = start
                break
            shift += len(edit.text) - (edit.end - edit.start)
        return SyntaxError(f"error at {line}:{column - shift}:{message[found.end() :]}")


def rewritten(
    text: str,
    services: Services | None,
    name: str = "query",
) -> Rewritten:
    """Give the text in which each SERVICE asks our proxy; the text itself if it has none.

    :raises QueryError: for a variable, a host that is not allowed, and for any SERVICE without ``services``.

    >>> rewritten("ASK { ?s ?p 'SERVICE' }", None).text
    "ASK { ?s ?p 'SERVICE' }"
    """
    if not reaches_out(text, "service"):
        return Rewritten(text, text)
    words = list(tokens(text))
    refuse_service(words, text, services, name)
    edits = made_certain(words, text, name)
    if services is not None:
        edits = merged(edits, service_edits(words, text, services, prologue(words, text), name))
    return Rewritten(applied(edits, text), text, tuple(edits))


def service_edits(
    words: Sequence[Token],
    text: str,
    services: Services,
    declarations: str,
    name: str = "query",
    *,
    only_read: bool = False,
) -> list[Edit]:
    """Give the edits that put our proxy in the place of each endpoint.

    A SERVICE inside another one is the other endpoint's business; its host must be allowed all the same.

    :param declarations: the prologue that names are under.
    :param only_read: put :data:`NOWHERE` there instead, as the text is only checked.
    :raises QueryError: for a variable, and a host that is not allowed.
    """
    edits = []
    inside = 0  # where the outermost SERVICE ends
    for index, word in enumerate(words):
        if not word.is_word("SERVICE"):
            continue
        at = index + 1
        if at < len(words) and words[at].is_word("SILENT"):
            at += 1
        named = words[at] if at < len(words) else word
        url = endpoint(named, text, declarations, services, name)
        if word.start >= inside:
            if at + 1 < len(words) and words[at + 1].is_mark("{"):
                inside = words[closing(words, at + 1)].end
            edits.append(Edit(named.start, named.end, NOWHERE if only_read else f"<{services.through(url)}>"))
    return edits


def merged(certain: Sequence[Edit], others: Sequence[Edit]) -> list[Edit]:
    """Put edits in order; the others win where two are of one word."""
    starts = {edit.start for edit in others}
    return sorted([*others, *(e for e in certain if e.start not in starts)], key=lambda edit: edit.start)


def applied(edits: Sequence[Edit], text: str) -> str:
    """Carry out edits, which are in order and do not overlap.

    >>> applied([Edit(0, 1, "xx"), Edit(2, 2, "-")], "abc")
    'xxb-c'
    """
    pieces, end = [], 0
    for edit in edits:
        pieces += [text[end : edit.start], edit.text]
        end = edit.end
    return "".join([*pieces, text[end:]])


def refuse_service(words: Sequence[Token], text: str, services: Services | None, name: str = "query") -> None:
    """Refuse federation where it is switched off: a SERVICE would reach whatever the server's network reaches.

    :raises QueryError: naming the place.
    """
    if services is not None and services.hosts and services.proxy:
        return
    for word in words:
        if word.is_word("SERVICE"):
            raise QueryError(
                "SERVICE is switched off on this store",
                where=place_in(text, word.start, name),
                hint="load the data instead; KGTOOL_FEDERATION lists the hosts that may be reached",
            )


def endpoint(named: Token, text: str, declarations: str, services: Services, name: str = "query") -> str:
    """Give the URL that a word after SERVICE or LOAD names.

    :raises QueryError: if it is none, or may not be reached.
    """
    where = place_in(text, named.start, name)
    if named.kind == "variable":
        raise QueryError(f"SERVICE {named.text} asks an endpoint that is not known beforehand", where=where, hint=_IRI)
    if named.kind not in ("iri", "pname"):
        raise QueryError(f"{named.text[:40]!r} is no endpoint", where=where, hint=_IRI)
    try:
        url = resolve(named, declarations).value
    except QueryError as error:
        raise QueryError(f"{named.text} is no endpoint", where=where, hint=_IRI) from error
    services.hosts.check(url, where)
    return url


def failure_of(error: Exception) -> KgtoolError | None:
    """Give what went wrong at an endpoint, if that is what Oxigraph's error tells of; the proxy said it in JSON."""
    if _UNREACHED.search(str(error)):
        return RemoteError("what passes SERVICE on does not answer", hint="try again later")
    found = _FAILED.search(str(error))
    if not found:
        return None
    try:
        said = json.loads(found[1])
        kind = QueryError if said["refused"] else RemoteError
        return kind(str(said["what"]), hint=said["hint"])
    except (ValueError, KeyError, TypeError):
        return RemoteError("an endpoint failed", hint="use SERVICE SILENT to go on without it")
