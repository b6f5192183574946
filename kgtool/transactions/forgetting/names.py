"""Under which names a person may come back: IRIs and identifiers, in one spelling each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import unquote

_SCHEME: Final = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
_PARTS: Final = re.compile(r"[/#?&=:]+")
#: What may stand between the name of a register and the identifier there, and behind it.
_BETWEEN: Final = frozenset({"entity", "wiki", "id"})
#: Fewer characters are an identifier of its register only, and not one that an address gives away.
LEAST: Final = 8


def of_iri(iri: str) -> str:
    """Give the name that an IRI is, however its scheme and its end are written.

    >>> of_iri("http://www.idref.fr/123456789/") == of_iri("https://idref.fr/123456789")
    True
    """
    return "iri:" + unquote(_SCHEME.sub("//", iri)).rstrip("/")


def of_identifier(register: str, value: str) -> str:
    """Give the name that an identifier of a register is.

    >>> of_identifier("ORCID", "0000-0002-1825-0097")
    'orcid:0000000218250097'
    >>> of_identifier("https://orcid.org/", "https://orcid.org/0000-0002-1825-0097")
    'orcid:0000000218250097'
    """
    return f"{scheme(register)}:{_bare(_value(value))}"


def scheme(register: str) -> str:
    """Give the short name of a register.

    >>> scheme("IdRef"), scheme("https://www.wikidata.org/"), scheme("orcid.org")
    ('idref', 'wikidata', 'orcid')
    """
    host = _SCHEME.sub("", register.strip()).partition("/")[0]
    return "".join(c for c in host.partition(".")[0].casefold() if c.isalnum())


def in_iri(iri: str, schemes: Collection[str]) -> Iterator[str]:
    """Give every name that an IRI is or holds: itself, and an identifier that stands behind the name of its register.

    >>> list(in_iri("https://w3id.org/kgtool/id/orcid/0000-0002-1825-0097", {"orcid"}))[1:]
    ['orcid:0000000218250097']
    >>> list(in_iri("http://www.idref.fr/123456789/id", {"orcid", "idref"}))[1:]
    ['idref:123456789']
    """
    yield of_iri(iri)
    if not schemes:
        return
    parts = [part for part in _PARTS.split(unquote(iri)) if part]
    while parts and parts[-1] in _BETWEEN:
        parts.pop()
    if not parts:
        return
    value = _bare(parts.pop())
    while parts and parts[-1] in _BETWEEN:
        parts.pop()
    if (parts and len(value) >= LEAST) or (parts and value[:1] == "q" and value[1:].isdigit()):
        labels = {"".join(c for c in label.casefold() if c.isalnum()) for label in parts[-1].split(".")}
        yield from (f"{label}:{value}" for label in labels if label in schemes)


def _value(text: str) -> str:
    parts = [part for part in _PARTS.split(text.strip()) if part]
    if not _SCHEME.match(text.strip()) or not parts:
        return text
    while len(parts) > 1 and parts[-1] in _BETWEEN:
        parts.pop()
    return parts[-1]


def _bare(value: str) -> str:
    return "".join(c for c in value.casefold() if c.isalnum())
