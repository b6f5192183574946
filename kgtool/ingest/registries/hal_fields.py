"""The flat fields of HAL's documents: authors, titles, days, and where each author signed from as far as they tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kgtool.ingest.registries.describing import Path, day_of
from kgtool.ingest.registries.registry import Fault, Record
from kgtool.ingest.registries.statements import cleaned

#: What HAL puts between the parts of a facet.
FACET: Final = "_FacetSep_"
_JOIN: Final = "_JoinSep_"
#: Authors with the structures that they named, and with these and all that stand above them.
_NAMED: Final = "authIdHasPrimaryStructure_fs"
_ALL: Final = "authIdHasStructure_fs"
_TITLE: Final = re.compile(r"([a-z]{2})_title_s")


@dataclass(frozen=True)
class Author:
    """An author of the flat fields.

    :param number: place among the authors, from 1.
    :param form: number of the form of the name and number of the person, as HAL writes them: ``17861-10227``.
    :param doubtful: whether another author of the document has the same number of a person: one of the two is wrong.
    """

    number: int
    name: str
    given: str
    family: str
    form: str
    id_hal: str
    role: str
    doubtful: bool = False

    def path(self, key: str) -> Path:
        """Give where the person is: one of HAL's people, or of this document only."""
        person = self.form.rpartition("-")[2]
        known = person.isdigit() and int(person) and not self.doubtful
        return ("author", person) if known else (key, "author", str(self.number))


def titles(record: Record) -> list[tuple[str | None, str]]:
    """Give the titles of a document with their languages."""
    found = [(match[1], name) for name in sorted(record.fields) if (match := _TITLE.fullmatch(name))]
    given: list[tuple[str | None, str]] = []
    for language, name in [*found, *([] if found else [(None, "title_s")])]:
        value = record.fields.get(name)
        first = next(iter(value), "") if isinstance(value, list) else value
        if words := cleaned(first):
            given.append((language, words))
    return given


def published_on(record: Record) -> str | Fault | None:
    """Give when a document was published; a fault where HAL contradicts itself by years: then nobody was seen then."""
    said = day_of(record.fields.get("publicationDate_s")) or day_of(record.fields.get("producedDate_s"))
    other = record.fields.get("publicationDate_tdate")
    if said and isinstance(other, str) and day_of(other) and other[:4] != said[:4]:
        what = f"published {said} and {other[:10]}: the affiliations are left without a date"
        return Fault(record.number, what, record.key, part=True)
    return said


def authors(record: Record) -> Iterator[Author]:
    """Give the authors; the parts of their names only where HAL has one for each."""
    forms, names = texts(record, "authFullNameFormIDPersonIDIDHal_fs"), texts(record, "authFullName_s")
    given, family, roles = (texts(record, f"auth{name}_s") for name in ("FirstName", "LastName", "Quality"))
    count = len(forms) or len(names)
    parts = [[*form.split(FACET), "", ""][:3] for form in forms]
    persons = Counter(form.rpartition("-")[2] for _, form, _ in parts)
    for place in range(count):
        name, form, id_hal = parts[place] if forms else (names[place], "", "")
        parted = len(given) == len(family) == count
        yield Author(
            place + 1,
            cleaned(name),
            cleaned(given[place]) if parted else "",
            cleaned(family[place]) if parted else "",
            form,
            "" if id_hal.strip().isdigit() else cleaned(id_hal),  # where there is none, HAL repeats the person's number
            roles[place] if len(roles) == count else "aut",
            persons[form.rpartition("-")[2]] > 1,
        )


def signed_from(record: Record, author: Author) -> tuple[str, ...]:
    """Give an author's structures from the flat fields.

    Those that the author named, where HAL tells them apart; else laboratories, where there are any; else all.
    """
    if found := _structures(record, _NAMED, author):
        return tuple(dict.fromkeys(found))
    named = _structures(record, _ALL, author)
    numbers = record.fields.get("labStructId_i")
    laboratories = {str(number) for number in numbers} if isinstance(numbers, list) else set()
    found = [number for number in named if number in laboratories] or named
    return tuple(dict.fromkeys(found))


def named_structures(record: Record) -> Iterator[tuple[str, str]]:
    """Give number and name of each structure that the fields name."""
    for pair in map(_pair, texts(record, _ALL) + texts(record, _NAMED)):
        if pair:
            yield pair[2], cleaned(pair[3])


def _structures(record: Record, field: str, author: Author) -> list[str]:
    """Give the numbers of the structures that a field names beside an author."""
    pairs = map(_pair, texts(record, field))
    return [pair[2] for pair in pairs if pair and pair[0] == author.form and author.form]


@lru_cache(maxsize=1 << 12)
def _pair(facet: str) -> tuple[str, str, str, str] | None:
    """Read an author with a structure: form and person, name, number of the structure, its name."""
    author, join, structure = facet.partition(_JOIN)
    form, cut, name = author.partition(FACET)
    number, also, title = structure.partition(FACET)
    return (form, name, number, title) if join and cut and also and number.isdigit() else None


def texts(record: Record, name: str) -> list[str]:
    """Give the texts of a field, one for each of its values: fields go together by place."""
    value = record.fields.get(name)
    return [one if isinstance(one, str) else "" for one in value] if isinstance(value, list) else []
