"""Words for what no data name: terms of common vocabularies, and names read off IRIs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kgtool.vocabulary import SOURCE_PREFIX

_FILE: Final = Path(__file__).with_name("wording.ttl")
#: A part of a name with letters and digits that is longer than this, such as a hash, tells a person nothing.
_LONGEST_MIXTURE: Final = 7
_CAMEL: Final = re.compile(r"[A-Za-z]+")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=1)
def _wording() -> Mapping[tuple[str, str], str]:
    found = {}
    for quad in parse(path=str(_FILE), format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal) and quad.object.language:
            found[quad.subject.value, quad.object.language] = quad.object.value
    return found


def standard_name(iri: str, language: str) -> str | None:
    """Give the words for a term of a common vocabulary; None for others.

    >>> standard_name("http://www.w3.org/ns/org#unitOf", "fr")
    'est une unité de'
    """
    return _wording().get((iri, language))


def source_name(iri: str) -> str | None:
    """Give the file name in the name of a source graph; None for other IRIs.

    >>> source_name("urn:kgtool:source:people.ttl")
    'people.ttl'
    """
    return iri.removeprefix(SOURCE_PREFIX) if iri.startswith(SOURCE_PREFIX) else None


def local_name(iri: str) -> str | None:
    """Give the last part of an IRI where a person can read it, else None.

    >>> local_name("https://example.org/person/ada#me"), local_name("urn:x:luc-buee-u1172-2022")
    ('me', 'luc-buee-u1172-2022')
    >>> local_name("https://ror.org/02vjkv261"), local_name("urn:x:link-f3a9c0b2d1")
    (None, None)
    """
    last = re.split(r"[/#:]", iri.rstrip("/#:"))[-1]
    name = unquote(last)
    return name if _is_readable(name) else None


def _is_readable(name: str) -> bool:
    parts = re.split(r"[\W_]+", name)
    mixtures = (part for part in parts if not part.isalpha() and not part.isdigit())
    return name[:1].isalpha() and all(len(part) <= _LONGEST_MIXTURE for part in mixtures)


def name_in_words(iri: str) -> str:
    """Give the last part of an IRI as words, if it is made of them; the IRI if nobody could read that.

    >>> name_in_words("http://www.w3.org/ns/org#transitiveSubOrganizationOf"), name_in_words("urn:x:U1172")
    ('transitive sub organization of', 'U1172')
    """
    name = local_name(iri) or iri
    return _HUMP.sub(" ", name).lower() if _CAMEL.fullmatch(name) and _HUMP.search(name) else name


def as_inner_word(label: str) -> str:
    """Write a class's label as it stands within a sentence; names and acronyms keep their capitals.

    >>> as_inner_word("Appartenance"), as_inner_word("ORCID record")
    ('appartenance', 'ORCID record')
    """
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def printable(text: str) -> str:
    r"""Write control characters as escapes, so that data can steer no terminal; spaces of any width stay.

    >>> print(printable("a\x1b[2Jb\n\u202e"), printable("Lille\u00a0:") == "Lille\u00a0:")
    a\x1b[2Jb\n\u202e True
    """
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or unicodedata.category(c) == "Zs" else c.encode("unicode_escape").decode() for c in text
    )
