"""How like two names of people are: a score from 0 to 1, and the reasons in words.

A name is no evidence of identity: many people share one. What is said here is only whether two names may be those of
one person, and how much of them agrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

from rapidfuzz.distance import OSA, JaroWinkler

from kgtool.link.people.printed_names import PARTICLES, PrintedName
from kgtool.link.people.short_names import are_variants

#: Scores of two words, by what they have in common.
_INITIALS: Final = 0.9
_INITIAL: Final = 0.85
_SHORT: Final = 0.9
_SPELLING: Final = 0.85
#: Scores of two family names.
_SWAPPED: Final = 0.92
_PART: Final = 0.85
#: Score of given names of which one is not told, and of those that contradict each other.
_UNTOLD: Final = 0.5
_OTHER: Final = 0.12
_SECOND: Final = 0.8
_TURNED: Final = 0.98


@dataclass(frozen=True)
class Likeness:
    """How like two names are.

    :param score: 1 for the same words, 0 for other names.
    :param why: what agrees and what does not, in words.
    """

    score: float
    why: str


#: What the name of a woman may have behind that of a man: Daniel and Daniela are two people.
_FEMININE: Final = ("a", "e", "le", "ne", "te", "tte", "lle", "ine", "ette", "elle", "nne")
NO_WORD: Final = Likeness(0.0, "")
NOTHING: Final = Likeness(0.0, "the family names differ")


def compare(one: PrintedName, other: PrintedName) -> Likeness:
    """Compare two names, in the readings in which they are most alike; the order of the two does not matter.

    >>> from kgtool.link.people import read_name
    >>> compare(read_name("Pattou, François"), read_name("F. PATTOU")).why
    'family name "pattou" in both; initial "f" of "francois"'
    >>> compare(read_name("Martin, Paul"), read_name("Durand, Paul")).score
    0.0
    """
    best = NOTHING
    for ours, theirs in product(one.readings, other.readings):
        family = _family(ours.family, theirs.family)
        if not family.score and ours.whole and theirs.whole:
            family = _spelled(ours.whole, theirs.whole)
        if family.score <= best.score:
            continue
        given = compare_given(ours.given, theirs.given)
        score = family.score * given.score
        guessed = (ours.inverted and not one.told) or (theirs.inverted and not other.told)
        if guessed and (given.score == _OTHER or family.score < _PART):
            continue  # an order that is only guessed has to make the names agree
        if ours.inverted != theirs.inverted and not (one.told and other.told):
            score *= _TURNED
        if score > best.score:
            best = Likeness(round(score, 4), f"{family.why}; {given.why}")
    return best


def _family(one: tuple[str, ...], other: tuple[str, ...]) -> Likeness:
    one, other = min(one, other), max(one, other)
    ours, theirs = "".join(one), "".join(other)
    if ours == theirs:
        return Likeness(1.0, f'family name "{" ".join(one)}" in both')
    if sorted(one) == sorted(other):
        return Likeness(_SWAPPED, f'family name "{" ".join(one)}" in another order')
    shared = [word for word in one if word in other and len(word) > 1]
    if shared and (len(shared) == len(one) or len(shared) == len(other)):
        longer = one if len(one) > len(other) else other
        return Likeness(_PART, f'family name "{" ".join(shared)}" is a part of "{" ".join(longer)}"')
    return _spelled(ours, theirs)


def _spelled(one: str, other: str) -> Likeness:
    """Compare two family names, each in one piece, letter by letter."""
    one, other = sorted((one, other))
    like = OSA.normalized_similarity(one, other)
    if one == other:
        return Likeness(1.0, f'family name "{one}" in both')
    if min(len(one), len(other)) >= 4 and like >= 0.8:
        return Likeness(_SPELLING * like, f'family names "{one}" and "{other}" spelled nearly alike')
    return NOTHING


@lru_cache(maxsize=65536)
def compare_given(one: tuple[str, ...], other: tuple[str, ...]) -> Likeness:
    """Compare given names, as folded words; one letter is an initial.

    >>> compare_given(("jean", "francois"), ("jf",))
    Likeness(score=0.85, why='initials "jf" of "jean francois"')
    >>> compare_given(("marie",), ("marc",)).score < 0.2
    True
    """
    one, other = sorted((one, other), key=lambda words: (len(words), words))
    if not one:
        why = "no given name on either side" if not other else f'given name "{" ".join(other)}" on one side alone'
        return Likeness(_UNTOLD, why)
    if one == other or "".join(one) == "".join(other):
        score = _INITIALS if all(len(word) == 1 for word in one) else 1.0
        kind = "initials" if score < 1 else "given name"
        return Likeness(score, f'{kind} "{" ".join(one)}" in both')
    for short, long in ((one, other), (other, one)):
        if len(short) == 1 and 1 < len(short[0]) <= 4 and len(long) > 1 and _initials(long) == short[0]:
            return Likeness(_INITIAL, f'initials "{short[0]}" of "{" ".join(long)}"')
    first = _words(one[0], other[0])
    if first.score:
        return _with_others(first, one[1:], other[1:])
    for short, long in ((one, other), (other, one)):  # called by a second given name
        for place, word in enumerate(long[1:], 1):
            likeness = _words(short[0], word)
            if likeness.score and len(short[0]) > 1:
                rest = _with_others(likeness, short[1:], long[place + 1 :])
                return Likeness(rest.score * _SECOND, f'{rest.why}, which is not the first of "{" ".join(long)}"')
    return Likeness(_OTHER, f'given names "{" ".join(one)}" and "{" ".join(other)}" differ')


def _with_others(first: Likeness, one: tuple[str, ...], other: tuple[str, ...]) -> Likeness:
    """Take account of the given names behind the first: they may be left out, and must not contradict."""
    score, reasons = first.score, [first.why]
    one, other = sorted((one, other), key=lambda words: (len(words), words))
    rest = list(other)
    for word in one:
        found = next((place for place, theirs in enumerate(rest) if _words(word, theirs).score), None)
        if found is None:
            score *= 0.5
            reasons.append(f'further given names "{" ".join(one)}" and "{" ".join(other)}" differ')
            break
        score *= 0.97 + 0.03 * _words(word, rest[found]).score
        rest = rest[found + 1 :]
    else:
        if len(one) != len(other):
            score *= 0.96
            reasons.append(f'"{" ".join(other)}" on one side alone')
    return Likeness(score, ", ".join(reasons))


@lru_cache(maxsize=65536)
def _words(one: str, other: str) -> Likeness:
    """Compare two given names, each one word."""
    one, other = sorted((one, other), key=lambda word: (len(word), word))
    if one == other:
        return Likeness(1.0 if len(one) > 1 else _INITIALS, f'given name "{one}" in both')
    if len(one) == 1:
        return Likeness(_INITIAL if other.startswith(one) else 0.0, f'initial "{one}" of "{other}"')
    if are_variants(one, other):
        return Likeness(_SHORT, f'"{one}" is a form of "{other}"')
    if other.startswith(one) and len(one) > 2 and one not in PARTICLES:
        if other[len(one) :] in _FEMININE:
            return NO_WORD
        return Likeness(_SHORT, f'"{one}" begins "{other}"')
    near = len(one) > 3 and OSA.distance(one, other) == 1
    near = near or (len(one) > 5 and JaroWinkler.similarity(one, other) > 0.94)
    if near and one[0] == other[0] and (one[-1] in "ae") == (other[-1] in "ae"):
        return Likeness(_SPELLING, f'"{one}" and "{other}" spelled nearly alike')
    return NO_WORD


def _initials(words: tuple[str, ...]) -> str:
    return "".join(word[0] for word in words)
