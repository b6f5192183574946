"""How like the names of two organisations, projects or themes are; rare words count more than frequent ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Final

from rapidfuzz.distance import OSA

from kgtool.link.entities.entity import Entity
from kgtool.link.entities.rules import Rules
from kgtool.link.folding import folded, words_of

_NUMBERED: Final = re.compile(r"([a-z_]+)[\s_.-]*(?:[smt]\b[\s_.-]*)?(\d{2,5})\b")
_ONLY_NUMBER: Final = re.compile(r"(?:[a-z_]{1,6}[\s_.-]*)?[a-z_]{1,6}[\s_.-]*(?:[smt][\s_.-]*)?\d{2,5}")
_PARTS: Final = re.compile(r"(?P<short>\S{2,12})\s+[-–:]\s+(?P<rest>\S.{4,})")
_IN_PARENTHESES: Final = re.compile(r"(\S.{2,}?)\s*\(([^()]{2,})\)\s*$")


@dataclass(frozen=True)
class NameLikeness:
    """The two names of two things that are most alike, as printed.

    :param score: from 0 to 1; 1 for the same words, whatever their order.
    :param acronym: whether the one name is a short one, in capitals.
    """

    score: float
    one: str = ""
    other: str = ""
    acronym: bool = False


class WordWeights:
    """How much each word tells, from how many things of a kind have it in a name."""

    def __init__(self, rules: Rules, entities: Iterable[Entity]) -> None:
        self._stop, self._labels = rules.stop, rules.unit_labels
        counts: Counter[str] = Counter()
        #: How many things belong to each organisation, by its keys.
        self.organisations: Counter[str] = Counter()
        total = 0
        for entity in entities:
            total += 1
            self.organisations.update(entity.organisations.keys())
            counts.update({word for name in entity.names for word in words_of(name)})
        self._counts, self._total = counts, max(total, 1)

    def words(self, name: str) -> tuple[str, ...]:
        """Give the words of a name that tell something, sorted; all of them if none does."""
        words = words_of(name)
        kept = sorted({word for word in words if word not in self._stop})
        return tuple(kept or sorted(set(words)))

    def weight(self, word: str) -> float:
        """Give how much a word tells: 1 for one that is everywhere, more for a rare one."""
        return 1 + log((self._total + 1) / (self._counts[word] + 1))

    def compare(self, one: Iterable[str], other: Iterable[str]) -> NameLikeness:
        """Give the two names that are most alike."""
        best = NameLikeness(0.0)
        others = [(name, self.words(name)) for name in forms(other, self._labels)]
        for ours in forms(one, self._labels):
            words = self.words(ours)
            for theirs, their_words in others:
                score = self._likeness(words, their_words)
                short = is_acronym(ours) or is_acronym(theirs)
                better = (score, not short) > (best.score, not best.acronym)
                if score > 0 and (not best.one or better):
                    best = NameLikeness(score, ours, theirs, short)
        return best

    def _likeness(self, one: tuple[str, ...], other: tuple[str, ...]) -> float:
        """Give the share of weight that two sets of words have in common; a misspelled word counts almost in full."""
        if one == other:
            return 1.0
        shared = [word for word in one if word in other]
        left, right = [w for w in one if w not in other], [w for w in other if w not in one]
        common = sum(self.weight(word) for word in shared)
        missing = sum(self.weight(word) for word in (*left, *right))
        for word in left:
            near = max(right, key=lambda theirs: _spelling(word, theirs), default="")
            if near and _spelling(word, near) >= 0.8:
                right.remove(near)
                pair = (self.weight(word) + self.weight(near)) / 2
                common += 0.9 * pair
                missing -= 1.9 * pair
        return round(2 * common / (2 * common + max(missing, 0.0)), 4) if common else 0.0


def is_acronym(name: str) -> bool:
    """Tell whether a name is a short one: one word, in capitals.

    >>> is_acronym("CNRS"), is_acronym("Inserm"), is_acronym("CHU de Lille")
    (True, False, False)
    """
    return " " not in name and len(name) <= 12 and sum(c.isupper() for c in name) > len(name) / 2


def acronym_and_rest(name: str) -> tuple[str, str] | None:
    """Give the two names of which one is made that begins with an acronym; None for others.

    >>> acronym_and_rest("METRICS : évaluation des pratiques"), acronym_and_rest("Lille - Nord de France")
    (('METRICS', 'évaluation des pratiques'), None)
    """
    parts = _PARTS.match(name)
    return (parts["short"], parts["rest"]) if parts and is_acronym(parts["short"]) else None


def forms(names: Iterable[str], unit_labels: frozenset[str]) -> list[str]:
    """Give names with the parts that stand as names too, and without those that are only the number of a unit.

    >>> forms(["CIIL - Center for Infection", "UMR 9017"], frozenset({"umr"}))
    ['CIIL - Center for Infection', 'CIIL', 'Center for Infection']
    >>> forms(["CHU de Lille (Lille University Hospital)"], frozenset())
    ['CHU de Lille (Lille University Hospital)', 'CHU de Lille', 'Lille University Hospital']
    """
    found: dict[str, None] = {}
    for name in names:
        if _ONLY_NUMBER.fullmatch(folded(name)) and unit_numbers(name, unit_labels):
            continue
        found[name] = None
        parts = acronym_and_rest(name)
        if parts:
            found |= dict.fromkeys(parts)
        elif (held := _IN_PARENTHESES.match(name)) is not None:
            found |= dict.fromkeys([held[1], held[2]])
    return list(found)


@lru_cache(maxsize=65536)
def _spelling(one: str, other: str) -> float:
    if min(len(one), len(other)) < 4 or any(c.isdigit() for c in one + other):
        return 0.0  # a number that differs by a digit is another number
    return OSA.normalized_similarity(one, other)


@lru_cache(maxsize=65536)
def unit_numbers(name: str, labels: frozenset[str]) -> frozenset[str]:
    """Give the numbers by which a name says which research unit it is.

    >>> labels = frozenset({"umr", "u", "umrs"})
    >>> sorted(unit_numbers("UMR_S 1172 et UMR 8199, rue 59000", labels))
    ['1172', '8199']
    """
    found = set()
    for label, number in _NUMBERED.findall(folded(name)):
        if label.strip("_") in labels or label.replace("_", "") in labels:
            found.add(number.lstrip("0"))
    return frozenset(found)
