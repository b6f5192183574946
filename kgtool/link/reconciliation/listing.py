"""What an index of names gives beside the things that a name finds: those of IRIs, of begun identifiers, by name."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Final

from kgtool.link.reconciliation.index import Index
from kgtool.link.reconciliation.words import bare_identifier

#: Digits from which the beginning of an identifier tells something.
_TELLING: Final = 4


def with_identifier_begun(index: Index, text: str, most: int) -> list[int]:
    """Give the things that have an identifier of which this is the beginning, if it has digits enough to tell."""
    bare = bare_identifier(text)
    if sum(character.isdigit() for character in bare) < _TELLING:
        return []
    rows = index.connection.execute(
        "SELECT DISTINCT thing FROM identifier WHERE bare >= ? AND bare < ? LIMIT ?",
        (bare, bare + "\U0010ffff", most),
    )
    return [row[0] for row in rows]


def with_iris(index: Index, iris: Collection[str]) -> dict[str, int]:
    """Give the things of these IRIs."""
    rows = index.connection.execute(
        "SELECT iri, id FROM thing WHERE iri IN (SELECT value FROM json_each(?))", (json.dumps(list(iris)),)
    )
    return dict(rows)


def by_name(index: Index, most: int, types: frozenset[str] | None, among: Collection[int] | None) -> list[int]:
    """Give things in the order of their first names.

    :param types: of which they have to be, one of them at least; None for any.
    :param among: the things that may be given; None for all.
    """
    within = "" if among is None else "AND thing IN (SELECT value FROM json_each(:among))"
    rows = index.connection.execute(
        f"SELECT thing, types FROM name JOIN thing ON thing.id = name.thing WHERE words > '' {within} ORDER BY words",
        {"among": json.dumps(list(among or ()))},
    )
    numbers = None if types is None else index.numbers(types)
    found: dict[int, None] = {}
    for thing, kinds in rows:
        if numbers is None or not numbers.isdisjoint(kinds.split()):
            found[thing] = None
            if len(found) == most:
                break
    return list(found)
