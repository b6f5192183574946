"""Bodies that are small on the way and huge, or endless, once they are read."""

from __future__ import annotations

import zlib
from typing import Final

import zstandard

GIGABYTE: Final = 2**30
_BLOCK: Final = 2**20


def deflated_zeros(size: int = GIGABYTE, *, wbits: int = zlib.MAX_WBITS) -> bytes:
    """Compress so many zero bytes; ``wbits`` says which wrapping: zlib, gzip (31) or none (-15)."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, wbits)
    block = bytes(_BLOCK)
    begin = compressor.compress(block) + compressor.flush(zlib.Z_FULL_FLUSH)
    again = compressor.compress(block) + compressor.flush(zlib.Z_FULL_FLUSH)  # after a full flush always the same
    return begin + again * (size // _BLOCK - 1) + compressor.flush()


def zstd_zeros(size: int = GIGABYTE) -> bytes:
    """Compress so many zero bytes, in frames one after another."""
    return zstandard.ZstdCompressor().compress(bytes(64 * _BLOCK)) * (size // (64 * _BLOCK))


#: By coding: the same 1 GB.
PACKED: Final = {
    "gzip": lambda: deflated_zeros(wbits=31),
    "deflate": deflated_zeros,
    "zstd": zstd_zeros,
    "gzip, gzip": lambda: zlib.compress(deflated_zeros(wbits=31), wbits=31),
}

_RDF = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:p='urn:p:'"


def laughs(levels: int = 30) -> str:
    """Write RDF/XML whose entities double at each level."""
    entities = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n + 1} "&l{n};&l{n};">' for n in range(levels))
    return (
        f"<?xml version='1.0'?><!DOCTYPE rdf:RDF [{entities}]><rdf:RDF {_RDF}>"
        f"<rdf:Description rdf:about='urn:a'><p:x>&l{levels};</p:x></rdf:Description></rdf:RDF>"
    )


def quadratic(size: int = 200_000) -> str:
    """Write RDF/XML with one long entity that is used very often."""
    return (
        f"<?xml version='1.0'?><!DOCTYPE rdf:RDF [<!ENTITY a \"{'x' * size}\">]><rdf:RDF {_RDF}>"
        f"<rdf:Description rdf:about='urn:a'><p:x>{'&a;' * size}</p:x></rdf:Description></rdf:RDF>"
    )


def foreign() -> str:
    """Write RDF/XML with an entity that is a file of the server's."""
    return (
        "<?xml version='1.0'?><!DOCTYPE rdf:RDF [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
        f"<rdf:RDF {_RDF}><rdf:Description rdf:about='urn:a'><p:x>&a;</p:x></rdf:Description></rdf:RDF>"
    )


_DEEP: Final = 100_000
#: Levels of what is right though odd, and becomes as many triples.
LEVELS: Final = 20_000
#: By kind: the content type and the body.
DOCUMENTS: Final = {
    "doubling entities": ("application/rdf+xml", laughs),
    "a long entity often": ("application/rdf+xml", quadratic),
    "an entity of a file": ("application/rdf+xml", foreign),
    "nested XML": (
        "application/rdf+xml",
        lambda: (
            f"<rdf:RDF {_RDF}>" + "<rdf:Description><p:x>" * _DEEP + "</p:x></rdf:Description>" * _DEEP + "</rdf:RDF>"
        ),
    ),
    "XML in a literal": (
        "application/rdf+xml",
        lambda: (
            f"<rdf:RDF {_RDF}><rdf:Description><p:x rdf:parseType='Literal'>"
            + "<a>" * _DEEP
            + "</a>" * _DEEP
            + "</p:x></rdf:Description></rdf:RDF>"
        ),
    ),
    "nested JSON": ("application/ld+json", lambda: '{"urn:p:x":' * _DEEP + "1" + "}" * _DEEP),
    "nested JSON lists": ("application/ld+json", lambda: '{"urn:p:x":{"@list":' + "[" * _DEEP + "]" * _DEEP + "}}"),
    "nested JSON graphs": ("application/ld+json", lambda: '{"@graph":[' * _DEEP + "]}" * _DEEP),
    "a remote context": (
        "application/ld+json",
        lambda: '{"@context": "http://127.0.0.1:9/context.jsonld", "@id": "urn:a", "urn:p:x": 1}',
    ),
    "an imported context": (
        "application/ld+json",
        lambda: '{"@context": {"@version": 1.1, "@import": "http://127.0.0.1:9/c"}, "@id": "urn:a", "urn:p:x": 1}',
    ),
    "nested blank nodes": (
        "text/turtle",
        lambda: "<urn:a> <urn:p:x> " + "[ <urn:p:x> " * LEVELS + "1" + "]" * LEVELS + " .",
    ),
    "nested lists": ("text/turtle", lambda: "<urn:a> <urn:p:x> " + "(" * LEVELS + ")" * LEVELS + " ."),
    "nested quoted triples": ("text/turtle", lambda: "<urn:a> <urn:p:x> " + "<<( <urn:a> <urn:p:x> " * _DEEP),
    "a literal of 100 MB": ("text/turtle", lambda: f'<urn:a> <urn:p:x> "{"x" * 100_000_000}" .'),
    "an open literal": ("text/turtle", lambda: '<urn:a> <urn:p:x> """' + "x" * 10_000_000),
    "a long prefix": ("text/turtle", lambda: f"@prefix {'a' * 10_000_000}: <urn:x> ."),
    "a long line": ("application/n-triples", lambda: "<urn:" + "x" * 10_000_000),
}

#: Kinds that are right: a reader which does not go down level by level may take them.
RIGHT: Final = {"nested blank nodes", "nested lists", "a long prefix"}
