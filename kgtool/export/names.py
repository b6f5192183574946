"""Short names for IRIs: prefixed names of Turtle, qualified names of XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

# RDF 1.1 Turtle, section 6.5: PN_CHARS_BASE, PN_CHARS, PN_PREFIX. Of PN_LOCAL only what needs no escape and no colon.
_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS: Final = f"{_BASE}0-9_\u00b7\u0300-\u036f\u203f-\u2040-"
_PREFIX: Final = f"(?:[{_BASE}](?:[{_CHARS}.]*[{_CHARS}])?)?"
_LOCAL: Final = f"(?:[{_BASE}_0-9](?:[{_CHARS}.]*[{_CHARS}])?)?"
# Namespaces in XML 1.0, production NCName; the name characters of XML 1.0 are those above.
_NCNAME: Final = f"[{_BASE}_][{_CHARS}.]*"
_NCNAME_END: Final = f"[{_BASE}_][{_CHARS}.]*$"
_OTHERS: Final = f"[^{_CHARS}.]"

#: A pattern, compiled when it is first used: these take long, and who exports nothing does without.
_compiled = cache(re.compile)


class Names:
    """Prefixed names, and which prefixes they use.

    Of several namespaces that fit the longest wins, of several prefixes of one namespace the first in order.

    >>> names = Names({"ex": "urn:x:", "exa": "urn:x:a/"})
    >>> names.short("<urn:x:a/b>"), names.short("<urn:x:a/b/c>"), names.short("<urn:x:c.>"), sorted(names.used)
    ('exa:b', '<urn:x:a/b/c>', '<urn:x:c.>', ['exa'])
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        namespaces: dict[str, str] = {}
        for prefix, namespace in sorted(prefixes.items()):
            if namespace and _compiled(_PREFIX).fullmatch(prefix):
                namespaces.setdefault(namespace, prefix)
        self._namespaces = sorted(namespaces.items(), key=lambda item: (-len(item[0]), item[0]))
        self._prefixes = prefixes
        self._known: dict[str, str] = {}
        self.used: set[str] = set()

    def short(self, token: str) -> str:
        """Give the prefixed name of an IRI token, or the token itself."""
        known = self._known.get(token)
        if known is None:
            known = self._find(token)
            # What is seen once, as most subjects are, must not fill the memory.
            if len(self._known) < 100_000:
                self._known[token] = known
        return known

    def declarations(self) -> list[tuple[str, str]]:
        """Give (prefix, namespace) of the prefixes in use, in order."""
        return [(prefix, self._prefixes[prefix]) for prefix in sorted(self.used)]

    def _find(self, token: str) -> str:
        iri = token[1:-1]
        local = _compiled(_LOCAL)
        for namespace, prefix in self._namespaces:
            if iri.startswith(namespace) and local.fullmatch(iri, len(namespace)):
                self.used.add(prefix)
                return f"{prefix}:{iri[len(namespace) :]}"
        return token


def is_ncname(text: str) -> bool:
    """Tell whether a text is a name without colon of XML.

    >>> is_ncname("a-1"), is_ncname("1a"), is_ncname("")
    (True, False, False)
    """
    return _compiled(_NCNAME).fullmatch(text) is not None


def local_part(iri: str) -> str:
    """Give the longest end of an IRI that XML takes for a name, or "".

    >>> local_part("http://example.org/2024-a"), local_part("http://example.org/")
    ('a', '')
    """
    # From the last character that no name holds: a search from the start would try every position of a long IRI.
    tail = iri[len(iri) - len(_compiled(_OTHERS).split(iri)[-1]) :]
    match = _compiled(_NCNAME_END).search(tail)
    return match.group() if match else ""
