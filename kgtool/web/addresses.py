"""From IRIs to addresses of this service and back, whatever is percent-encoded."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote_to_bytes

from flask import Request, url_for
from pyoxigraph import NamedNode

from kgtool.vocabulary import ONTOLOGY_IRI
from kgtool.web.tables import is_link

#: What may stand in a path as it is: RFC 3986's pchar, the slash, and the percent sign of what is encoded already.
_PATH: Final = "%/:@!$&'()*+,;=~-._"


def raw_path(request: Request, prefix: str, decoded: str) -> str:
    """Give what follows a prefix in a request's path as the client wrote it: ``%2F`` is not ``/`` in an IRI.

    :param decoded: the same as WSGI decoded it, for servers that do not hand on the original.
    """
    original = request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or ""
    path = original.partition("?")[0].partition("#")[0]
    _, found, rest = path.partition(prefix)
    return quote(rest if found else quote(decoded), safe=_PATH)


def candidates(base: str, raw: str) -> list[NamedNode]:
    """Give the IRIs that an address may stand for: as written, and with its percent-encoding undone or done anew.

    >>> [node.value for node in candidates("https://example.org/", "caf%C3%A9")]
    ['https://example.org/caf%C3%A9', 'https://example.org/café']
    >>> candidates("https://example.org/", "%ff")
    [<NamedNode value=https://example.org/%ff>]
    """
    written = [raw]
    try:
        decoded = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        pass
    else:
        written += [decoded, quote(decoded, safe=_PATH.replace("%", ""))]
    found: list[NamedNode] = []
    for rest in written:
        try:
            node = NamedNode(base + rest)
        except ValueError:  # spaces and the like stand in no IRI
            continue
        if node not in found:
            found.append(node)
    return found


def address(iri: str, base: str) -> str | None:
    """Give the address to link to for an IRI: of this service where it has one; ``None`` for what no page may link to.

    Needs an application context.
    """
    rest = iri.removeprefix(base)
    if rest != iri and rest:
        return url_for("linked_data.resource", rest="") + quote(rest, safe=_PATH)
    term = iri.removeprefix(f"{ONTOLOGY_IRI}#")
    if term != iri:
        return f"{url_for('ontology.ontology')}#{quote(term)}"
    return iri if is_link(iri) else None
