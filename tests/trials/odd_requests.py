"""Requests as nobody should send them: routes, methods, parameters, header fields and bodies, all of them odd."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st
from werkzeug.routing import Rule

from kgtool.config import Settings
from kgtool.web.app import create_app
from kgtool.web.source import GraphSource
from tests.trials.services import TOKEN


def routes() -> list[tuple[str, tuple[str, ...]]]:
    """Give the paths of every route, their variable parts as ``<...>``, with their methods."""
    nothing_to_serve = GraphSource.__new__(GraphSource)  # the routes are there without a graph
    rules: Sequence[Rule] = [*create_app(nothing_to_serve, Settings()).url_map.iter_rules()]
    return sorted((rule.rule, tuple(sorted(rule.methods or ()))) for rule in rules)


METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "get")
_TEXTS: Final = (
    "ASK {}",
    "SELECT * { ?s ?p ?o } LIMIT 3",
    "SELECT",
    "DESCRIBE <urn:n1>",
    "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2",
    "SELECT * { ?s foaf:name ?o }",
    "ASK { <relative> ?p ?o }",
    "INSERT DATA { <urn:f> <urn:p> 1 }",
    "CLEAR GRAPH <urn:f>",
    "DELETE WHERE { <urn:f> ?p ?o }",
    "SELECT (1/0 AS ?x) {}",
    "SELECT * { BIND(IRI('not an iri') AS ?x) }",
    "SELECT * { SERVICE <http://127.0.0.1:9/> {} }",
    "LOAD <file:///etc/passwd>",
    "LOAD SILENT <http://127.0.0.1:9/>",
    "SELECT * FROM <urn:g:numbers> { ?s ?p ?o } LIMIT 1",
    'SELECT ?x { VALUES ?x { "\\u0000" "\\uD800" } }',
    "<urn:a> <urn:p> 1 .",
    '@prefix : <urn:x> . :a :b "',
    '{"@id": "urn:a", "urn:p": 1}',
    '{"@context": 1}',
    "[1, 2",
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
    "<a><b></a>",
    "<!DOCTYPE a [",
    "1.5",
    "0",
    "-1",
    "NaN",
    "1e999",
    "urn:a",
    "urn:kgtool:inferred",
    "http://[",
    "//",
    "on",
    "off",
    "maybe",
    "json",
    "turtle",
    "xml",
    "html",
    "fr",
    "asserted",
    "2020-02-31",
    "𝔘𝔫𝔦",
    "\x00",
    "a\r\nX-Split: 1",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "%",
)
_NAMES: Final = (
    "query",
    "update",
    "default-graph-uri",
    "named-graph-uri",
    "using-graph-uri",
    "using-named-graph-uri",
    "reasoning",
    "timeout",
    "format",
    "graph",
    "default",
    "q",
    "s",
    "p",
    "o",
    "lang",
    "institution",
    "date",
    "mode",
    "limit",
    "queries",
    "only",
    "callback",
    "offset",
    "extend",
    "",
    "é",
)
_TYPES: Final = (
    "application/sparql-query",
    "application/sparql-update",
    "application/x-www-form-urlencoded",
    "text/turtle",
    "application/ld+json",
    "application/rdf+xml",
    "application/n-quads",
    "application/trig",
    "application/n-triples",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain; charset=utf-16",
    "application/json",
    "nonsense",
    'a/b; charset="',
    "application/sparql-query; charset=klingon",
    "",
)
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "Accept": (
        "*/*",
        "text/html",
        "text/turtle;q=0.5, */*;q=x",
        "q=1",
        ",,,;;",
        "application/*",
        "text/turtle;q=0",
        "é" * 50,
        'application/ld+json;profile="',
        ", ".join(f"a/b{n}" for n in range(500)),
    ),
    "Accept-Encoding": ("gzip", "zstd", "br, gzip;q=0", "identity;q=0", "*;q=0", "gzip;q=2"),
    "Accept-Language": ("fr", "en-GB;q=0.3", "*", "x" * 200, ";"),
    "Authorization": (f"Bearer {TOKEN}", f"Bearer {TOKEN}", "Bearer", "Bearer  x", "Basic YTpi", "é", "Digest a=b"),
    "Content-Type": _TYPES,
    "Content-Encoding": ("gzip", "deflate", "zstd", "br", "identity", "gzip, gzip", "", "nonsense"),
    "Range": ("bytes=0-1", "bytes=-", "bytes=9-1", "rows=1"),
    "If-None-Match": ("*", '"x"', 'W/"', "x, y", '"' * 99),
    "If-Match": ("*", '"x"'),
    "If-Modified-Since": ("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT"),
    "Expect": ("100-continue", "the-unexpected"),
    "X-Forwarded-For": ("1.2.3.4", "::1", "é", "unknown, , 1"),
    "X-Forwarded-Proto": ("https", "javascript"),
    "X-Forwarded-Host": ("evil.example", "a b", "[::1"),
    "Forwarded": ("for=1.2.3.4;proto=https", ";;;"),
    "Host": ("localhost", "evil.example", "", "a b", "[::1", "x:99999999"),
    "Origin": ("https://evil.example", "null", "é"),
    "Access-Control-Request-Method": ("PUT", "x"),
    "Cookie": ("a=b; c", "=;="),
    "Slug": ("x",),
    "X-Request-Id": ("x", "a b c", "é" * 300),
    "Traceparent": ("00-0-0-0",),
}


@dataclass(frozen=True)
class OddRequest:
    """One request, ready to be sent on a connection of its own."""

    method: str
    target: bytes
    fields: tuple[tuple[str, str], ...]
    body: bytes

    def raw(self) -> bytes:
        """Give its bytes; the connection is closed after the answer."""
        lines = [f"{self.method} ".encode() + self.target + b" HTTP/1.1"]
        given = {name.lower() for name, _ in self.fields}
        if "host" not in given:
            lines.append(b"Host: localhost")
        lines += [f"{name}: {value}".encode() for name, value in self.fields]
        if (self.body or self.method in ("POST", "PUT", "PATCH")) and not {
            "content-length",
            "transfer-encoding",
        } & given:
            lines.append(f"Content-Length: {len(self.body)}".encode())
        return b"\r\n".join([*lines, b"Connection: close", b"", self.body])


_words = st.one_of(st.sampled_from(_TEXTS), st.text(max_size=20))
_raw_words = st.one_of(_words.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=20))
_names = st.one_of(st.sampled_from(_NAMES), st.text(max_size=5)).map(lambda text: text.encode("utf-8", "surrogatepass"))
_pairs = st.lists(st.tuples(_names, _raw_words), max_size=4)


def _encoded(pairs: Sequence[tuple[bytes, bytes]]) -> bytes:
    return "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs).encode()


_bodies = st.one_of(
    st.just(b""),
    _raw_words,
    _pairs.map(_encoded),
    st.binary(max_size=300),
    _raw_words.map(zlib.compress),
    _raw_words.map(
        lambda text: b'--x\r\nContent-Disposition: form-data; name="query"\r\n\r\n' + text + b"\r\n--x--\r\n"
    ),
)
_field = st.sampled_from([*_FIELDS]).flatmap(
    lambda name: st.tuples(st.just(name), st.one_of(st.sampled_from(_FIELDS[name]), st.sampled_from(_FIELDS[name])))
)


def requests(known: Sequence[tuple[str, tuple[str, ...]]]) -> st.SearchStrategy[OddRequest]:
    """Make odd requests to known routes, and a few to unknown ones."""

    def target(rule: str, values: list[bytes], pairs: list[tuple[bytes, bytes]]) -> bytes:
        path, given = "", iter(values)
        for part in rule.split("/")[1:]:
            path += "/" + (quote_from_bytes(next(given, b"x"), safe="/") if part.startswith("<") else part)
        return path.encode() + (b"?" + _encoded(pairs) if pairs else b"")

    rules = st.one_of(*(st.just(rule) for rule, _ in known), st.just("/<x>"), st.just("/nothing/here"))
    return st.builds(
        lambda method, rule, values, pairs, fields, body: OddRequest(
            method, target(rule, values, pairs), tuple(dict(fields).items()), body
        ),
        st.one_of(st.sampled_from(METHODS[:3]), st.sampled_from(METHODS)),
        rules,
        st.lists(_raw_words, min_size=2, max_size=2),
        _pairs,
        st.lists(_field, max_size=5),
        _bodies,
    )
