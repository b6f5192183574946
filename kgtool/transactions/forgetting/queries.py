"""Shared queries that name a person: they go as a whole, as a query without whom it asks about is another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Final

from kgtool.store.shared_queries import SharedQueries, SharedQuery
from kgtool.store.tokens import tokens
from kgtool.transactions.forgetting import names
from kgtool.vocabulary import ID_BASE, PREFIXES

_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LOCAL_ESCAPE: Final = re.compile(r"\\(.)")


def forget_shared(
    queries: SharedQueries,
    holds: Callable[[str], bool],
    schemes: Collection[str],
    named: re.Pattern[str] | None = None,
) -> int:
    """Remove the shared queries that name people; give how many these were.

    :param holds: tells whether a name (:mod:`kgtool.transactions.forgetting.names`) is one of theirs.
    :param schemes: the registers of their identifiers.
    :param named: finds their names in a text.
    :raises StoreError: if the queries cannot be written.
    """

    def names_somebody(shared: SharedQuery) -> bool:
        text = _unescaped(shared.query)
        if named is not None and (named.search(text) or named.search(shared.title)):
            return True
        return any(holds(name) for iri in iris_in(text) for name in names.in_iri(iri, schemes))

    return queries.remove(names_somebody)


def iris_in(text: str) -> Iterator[str]:
    """Give the IRIs that a SPARQL text names, in full or by its prefixes and its base.

    >>> list(iris_in("PREFIX p: <urn:x:> SELECT * { p:ada ?p <https://example.org/ben> }"))
    ['urn:x:', 'urn:x:ada', 'https://example.org/ben']
    """
    prefixes, base, declared = dict(PREFIXES), ID_BASE, ""
    words = list(tokens(text))
    for index, word in enumerate(words):
        if word.kind == "pname":
            if index and words[index - 1].is_word("PREFIX"):
                declared = word.text[:-1]
                continue
            prefix, _, local = word.text.partition(":")
            if prefix in prefixes:
                yield prefixes[prefix] + _LOCAL_ESCAPE.sub(r"\1", local)
        elif word.kind == "iri":
            iri = word.text[1:-1] if ":" in word.text else base + word.text[1:-1]
            if index and words[index - 1].is_word("BASE"):
                base = iri
            elif index > 1 and words[index - 2].is_word("PREFIX"):
                prefixes[declared] = iri
            yield iri


def _unescaped(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code < 0x110000 else match[0]

    return _ESCAPE.sub(letter, text)
