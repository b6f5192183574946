"""Who was forgotten, as keyed digests: a list that knows again whom it was told of, and does not say who they are.

Each name by which a person might come back (an IRI, an identifier) is kept as HMAC-SHA-256 (RFC 2104) under a key that
is drawn for the store. The list cannot be read back into names; but whoever has the file has the key too, and can test
a guess, so it is private to the store's user. It lies in the store's folder, outside its generations: a store that is
built anew, or put back from a backup, keeps it.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from kgtool.errors import StoreDamagedError
from kgtool.store.folder import no_space
from kgtool.store.rocksdb import sync_folder


@dataclass(frozen=True)
class Forgotten:
    """A person on the list.

    :param number: eight hexadecimal digits that mean nothing.
    :param on: the day, as ISO 8601.
    :param why: the operator's own words; empty if there are none.
    :param digests: of the names, hexadecimal.
    """

    number: str
    on: str
    why: str
    digests: frozenset[str]


@dataclass(frozen=True)
class _Keyed:
    """The people forgotten under one key; a backup that was made of another store brings its own."""

    key: str
    schemes: frozenset[str]
    people: tuple[Forgotten, ...]

    def digest(self, name: str) -> str:
        return hmac.digest(bytes.fromhex(self.key), name.encode(), "sha256").hex()


@dataclass(frozen=True)
class StopList:
    """All who were forgotten; false if nobody was."""

    keyed: tuple[_Keyed, ...] = ()

    def __bool__(self) -> bool:
        return any(part.people for part in self.keyed)

    @property
    def people(self) -> tuple[Forgotten, ...]:
        """Everybody on it, in the order in which they came."""
        return tuple(person for part in self.keyed for person in part.people)

    @property
    def schemes(self) -> frozenset[str]:
        """The registers (such as ``orcid``) of which it holds identifiers."""
        return frozenset(scheme for part in self.keyed for scheme in part.schemes)

    def holds(self, name: str) -> bool:
        """Tell whether a name is on it."""
        return any(self._by_digest[number].get(part.digest(name)) for number, part in enumerate(self.keyed))

    @property
    def _by_digest(self) -> tuple[dict[str, bool], ...]:
        # A frozen dataclass has no cached_property without a __dict__ of its own; this one has.
        found: tuple[dict[str, bool], ...] | None = self.__dict__.get("_known")
        if found is None:
            found = tuple({d: True for person in part.people for d in person.digests} for part in self.keyed)
            self.__dict__["_known"] = found
        return found

    def with_person(self, names: Collection[str], schemes: Collection[str], *, on: str, why: str = "") -> StopList:
        """Give the list with one more person; whoever is on it under one of the names already is taken together.

        >>> anybody = StopList().with_person(["iri:x"], [], on="2026-11-26")
        >>> anybody.holds("iri:x"), anybody.holds("iri:y"), len(anybody.people)
        (True, False, 1)
        >>> len(anybody.with_person(["iri:x", "orcid:1"], ["orcid"], on="2026-11-27").people)
        1
        """
        first = self.keyed[0] if self.keyed else _Keyed(secrets.token_hex(32), frozenset(), ())
        digests = frozenset(map(first.digest, names))
        same = [person for person in first.people if person.digests & digests]
        person = Forgotten(
            same[0].number if same else secrets.token_hex(4),
            same[0].on if same else on,
            why or (same[0].why if same else ""),
            digests.union(*(each.digests for each in same)),
        )
        people = (*(each for each in first.people if each not in same), person)
        changed = _Keyed(first.key, first.schemes | frozenset(schemes), people)
        return StopList((changed, *self.keyed[1:]))

    def without(self, names: Collection[str]) -> StopList:
        """Give the list without those who are on it under one of the names.

        >>> StopList().with_person(["iri:x"], [], on="2026-11-26").without(["iri:x"]).people
        ()
        """
        parts = []
        for part in self.keyed:
            digests = set(map(part.digest, names))
            parts.append(replace(part, people=tuple(p for p in part.people if not p.digests & digests)))
        return StopList(tuple(parts))

    def joined(self, other: StopList) -> StopList:
        """Give this list with the parts of another that it has no part of; of a part that both have, this one counts.

        So a person who was taken off does not come back onto it with an older backup.
        """
        known = {part.key for part in self.keyed}
        return StopList((*self.keyed, *(part for part in other.keyed if part.key not in known)))


def read_stop_list(file: Path) -> StopList:
    """Read a list; one that is not there is empty.

    :raises StoreDamagedError: if it cannot be read: without it, who was forgotten would come back unseen.
    """
    try:
        found = json.loads(file.read_text("utf-8"))
        return StopList(
            tuple(
                _Keyed(
                    part["key"],
                    frozenset(part["schemes"]),
                    tuple(
                        Forgotten(each["number"], each["on"], each["why"], frozenset(each["digests"]))
                        for each in part["people"]
                    ),
                )
                for part in found["lists"]
            )
        )
    except FileNotFoundError:
        return StopList()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreDamagedError(
            f"{file}, the list of who was forgotten, cannot be read", hint="put it back from a backup of the store"
        ) from error


def write_stop_list(file: Path, people: StopList) -> None:
    """Write a list, for the store's user alone, so that a crash leaves the old one or the new one.

    :raises StoreError: if it cannot be written.
    """
    parts = [
        {
            "key": part.key,
            "schemes": sorted(part.schemes),
            "people": [
                {"number": p.number, "on": p.on, "why": p.why, "digests": sorted(p.digests)} for p in part.people
            ],
        }
        for part in people.keyed
    ]
    staging = file.with_name(file.name + ".new")
    with no_space(file):
        handle = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as text:
            json.dump({"lists": parts}, text, indent=1)
            text.flush()
            os.fsync(text.fileno())
        staging.replace(file)
        sync_folder(file.parent)
