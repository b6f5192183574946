"""Reading the W3C tests of protocols: each is a list of HTTP requests with what their answers must be.

Two kinds of manifest: those of the protocol and of the graph store protocol describe requests in RDF; that of
http-rdf-update, which is deprecated, has them as text in comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
STATUS = {"OK": (200,), "Created": (201,), "NoContent": (204,), "NotFound": (404,)}
CLASSES = {f"StatusCode{n}xx": tuple(range(100 * n, 100 * n + 100)) for n in range(1, 6)}

Node = NamedNode | BlankNode | Literal


@dataclass(frozen=True)
class Request:
    """One request and what must come back.

    :param statuses: any of these.
    :param location: what later requests call the answer's Location.
    :param kind: ``boolean``, ``tabular`` or ``RDF``.
    :param body: the graph that must come back, as Turtle.
    """

    method: str
    path: str
    headers: dict[str, str] = field(hash=False)
    content: str | None
    statuses: tuple[int, ...]
    location: str | None = None
    kind: str | None = None
    boolean: bool | None = None
    content_type: str | None = None
    body: str | None = None


@dataclass(frozen=True)
class Exchange:
    """One test: graphs to load before (name and file), and its requests in order."""

    iri: str
    requests: tuple[Request, ...]
    graphs: tuple[tuple[str, Path], ...] = ()


@cache
def exchanges(manifest: Path) -> tuple[Exchange, ...]:
    """Read a manifest whose requests are RDF."""
    store = Store()
    store.load(path=manifest, format=RdfFormat.TURTLE, base_iri=f"file://{manifest}")
    (listed,) = [quad.object for quad in store.quads_for_pattern(None, NamedNode(MF + "entries"), None)]
    return tuple(_exchange(store, test, manifest.parent) for test in _list(store, listed))


def _exchange(store: Store, test: Node, folder: Path) -> Exchange:
    (action,) = _values(store, test, MF + "action")
    (requests,) = _values(store, action, HT + "requests")
    graphs = []
    for given in _values(store, test, UT + "graphData"):
        (file,), (label,) = _values(store, given, UT + "graph"), _values(store, given, RDFS + "label")
        graphs.append((label.value, folder / file.value.rpartition("/")[2]))
    return Exchange(test.value, tuple(_request(store, node) for node in _list(store, requests)), tuple(graphs))


def _request(store: Store, node: Node) -> Request:
    (answer,) = _values(store, node, HT + "resp")
    statuses: list[int] = []
    for status in _values(store, answer, MF + "expectedStatus"):
        name = status.value.rpartition("#")[2]
        statuses += STATUS.get(name) or CLASSES[name]
    boolean = _text(store, answer, MF + "expectedBoolean")
    return Request(
        _text(store, node, HT + "methodName") or "",
        _text(store, node, HT + "absolutePath") or "",
        _headers(store, node),
        _content(store, node),
        tuple(statuses),
        _text(store, answer, MF + "expectedLocation"),
        _text(store, answer, MF + "expectedFormat"),
        None if boolean is None else boolean == "true",
        _headers(store, answer).get("content-type"),
        _content(store, answer),
    )


def _headers(store: Store, node: Node) -> dict[str, str]:
    fields = [field for headers in _values(store, node, HT + "headers") for field in _list(store, headers)]
    return {
        (_text(store, field, HT + "fieldName") or "").lower(): _text(store, field, HT + "fieldValue") or ""
        for field in fields
    }


def _content(store: Store, node: Node) -> str | None:
    bodies = _values(store, node, HT + "body")
    return _text(store, bodies[0], CNT + "chars") if bodies else None


def _values(store: Store, subject: Node, predicate: str) -> list[Node]:
    return [quad.object for quad in store.quads_for_pattern(subject, NamedNode(predicate), None)]  # type: ignore[arg-type, misc]


def _text(store: Store, subject: Node, predicate: str) -> str | None:
    values = _values(store, subject, predicate)
    return values[0].value if values else None


def _list(store: Store, node: Node) -> Iterator[Node]:
    while node != NamedNode(RDF + "nil"):
        yield _values(store, node, RDF + "first")[0]
        (node,) = _values(store, node, RDF + "rest")


@cache
def commented_requests(manifest: Path) -> tuple[tuple[str, Request], ...]:
    """Read the deprecated manifest: name and request of each test, in order, since each builds on those before."""
    store = Store()
    store.load(path=manifest, format=RdfFormat.TURTLE, base_iri=f"file://{manifest}")
    (listed,) = [quad.object for quad in store.quads_for_pattern(None, NamedNode(MF + "entries"), None)]
    found = []
    for test in _list(store, listed):
        (text,) = [v.value for v in _values(store, test, RDFS + "comment") if "#### Request" in v.value]
        found.append((test.value, _commented(text)))
    return tuple(found)


def _commented(text: str) -> Request:
    asked, _, answered = re.sub(r"^    ", "", text, flags=re.MULTILINE).partition("#### Response")
    (first, *fields), content = _message(asked.partition("#### Request")[2])
    (status, *returned), body = _message(answered)
    method, path, _ = first.split()
    kept = dict(line.split(": ", 1) for line in fields)
    kept.pop("Host", None)
    headers = {name.lower(): value for name, value in kept.items()}
    if "multipart" in headers.get("content-type", ""):
        content = content.replace("\n", "\r\n") + "\r\n"
    answer = {name.lower(): value for name, value in (line.split(": ", 1) for line in returned)}
    return Request(
        method, path, headers, content or None, (int(status.split()[0]),),
        location=answer.get("location"), content_type=answer.get("content-type"), body=body or None,
    )  # fmt: skip


def _message(text: str) -> tuple[list[str], str]:
    head, _, body = text.strip("\n").partition("\n\n")
    return [line.strip() for line in head.splitlines() if line.strip()], body.strip("\n")
