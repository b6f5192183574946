"""Who of many people may be meant by a printed name: candidates by shared words, ranked by how like the names are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest
from math import log
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kgtool.link.people.comparing import compare
from kgtool.link.people.printed_names import PrintedName, read_name

#: People that are compared in full with one name.
_COMPARED: Final = 300
#: Below this the best candidate is no reason not to look for words spelled otherwise.
_GOOD: Final = 0.6
#: Below this the names are those of two people.
_LEAST: Final = 0.1
#: Words like a misspelled one that are looked at.
_NEAR: Final = 8


@dataclass(frozen=True)
class Person:
    """Somebody who may be meant.

    :param id: what the person is called where it comes from.
    :param names: the forms of the name that are known, with how often each was seen.
    """

    id: str
    names: tuple[tuple[PrintedName, int], ...]

    @classmethod
    def of(cls, id: str, names: Iterable[str]) -> Person:
        """Make a person of printed names; one that comes twice was seen twice."""
        return cls(id, tuple((read_name(name), seen) for name, seen in Counter(names).items()))


@dataclass(frozen=True)
class NameMatch:
    """Somebody whose name is like the one that was asked for.

    :param name: the form of the name that is most alike.
    :param why: what the two have in common, in words.
    """

    id: str
    score: float
    name: str
    why: str


class NameIndex:
    """The people to choose from."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._people = tuple(people)
        self._by_word: dict[str, list[int]] = {}
        for number, person in enumerate(self._people):
            for word in {word for name, _ in person.names for word in _keys(name)}:
                self._by_word.setdefault(word, []).append(number)
        self._vocabulary = [word for word in self._by_word if len(word) > 3]

    def __len__(self) -> int:
        return len(self._people)

    def find(self, name: PrintedName, *, top: int = 3) -> list[NameMatch]:
        """Give the people whose names are most like a name, best first; of two alike the one seen more often."""
        keys = _keys(name)
        found = self._ranked(name, keys, top)
        if not found or found[0].score < _GOOD:
            near = {word for key in keys if len(key) > 3 for word in self._like(key)}
            if near - keys:
                found = self._ranked(name, keys | near, top)
        return found

    def _ranked(self, name: PrintedName, keys: set[str], top: int) -> list[NameMatch]:
        ranked = []
        for number in self._candidates(keys):
            person = self._people[number]
            likenesses = [(compare(name, form), form, seen) for form, seen in person.names]
            best, form, _ = max(likenesses, key=lambda each: (each[0].score, each[2]))
            if best.score >= _LEAST:
                support = sum(likeness.score * seen for likeness, _, seen in likenesses)
                match = NameMatch(person.id, best.score, form.text, best.why)
                ranked.append(((-best.score, -support, person.id), match))
        return [match for _, match in sorted(ranked, key=lambda each: each[0])[:top]]

    def _candidates(self, keys: set[str]) -> list[int]:
        """Give the people who share the rarest words with the name."""
        weights: dict[int, float] = {}
        for key in sorted(keys, key=lambda word: (len(self._by_word.get(word, ())), word)):
            people = self._by_word.get(key, ())
            weight = log(1 + len(self._people) / (1 + len(people)))
            full = len(weights) >= _COMPARED  # from then on a frequent word only ranks those whom a rarer one found
            for number in people:
                if number in weights:
                    weights[number] += weight
                elif not full:
                    weights[number] = weight
        return nlargest(_COMPARED, weights, key=lambda number: (weights[number], -number))

    def _like(self, word: str) -> list[str]:
        found = process.extract(
            word, self._vocabulary, scorer=OSA.normalized_similarity, score_cutoff=0.75, limit=_NEAR
        )
        return [str(each[0]) for each in found]


def _keys(name: PrintedName) -> set[str]:
    """Give the words by which a name is found: each of two letters or more, and neighbours written as one."""
    keys = {word for word in name.words if len(word) > 1}
    for reading in name.readings:
        if len(reading.family) > 1:
            keys.add("".join(reading.family))
    return keys or set(name.words)
