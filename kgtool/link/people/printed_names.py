"""What a printed name may mean: which of its words are the family name, which are given names.

A name is printed in either order, with a comma or without, in capitals, with initials in front or behind, with titles,
with a name in parentheses, with the name before a marriage. Where the print does not tell the order, every order that
it allows is kept as a reading; comparing two names then takes the best pair of readings.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final

from kgtool.link.folding import folded, plain_signs

#: Characters of a name that are looked at: the longest name of a person is far below it.
_LONGEST: Final = 200
#: Parts of a name (between blanks) of which every order is looked at.
_MOST_PARTS: Final = 7
_WORDS: Final = tomllib.loads(files("kgtool.link.people").joinpath("name_words.toml").read_text(encoding="utf-8"))
#: Words that stand before a family name and belong to it.
PARTICLES: Final = frozenset(_WORDS["particles"].split())
#: Words that stand before a whole name and are no part of it.
HONORIFICS: Final = frozenset(_WORDS["honorifics"].split())
_TITLES: Final = HONORIFICS | frozenset(_WORDS["titles"].split())
_BORN: Final = re.compile(
    r"\b(?:née?|nee|born|épouse|epouse|ép\.|ep\.|épx?|formerly)\s+([^\s,()]+(?:-[^\s,()]+)*)", re.I
)
_PARENTHESES: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]?")
_PIECES: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Reading:
    """One meaning of a printed name.

    :param family: the words of the family name, folded, without particles if something else is left.
    :param given: the words of the given names, folded; one letter is an initial.
    :param inverted: whether the family name is printed first.
    """

    family: tuple[str, ...]
    given: tuple[str, ...]
    inverted: bool = False
    #: The family name with its particles, in one piece.
    whole: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True)
class PrintedName:
    """A name as printed, with what it may mean.

    :param text: the name, with plain hyphens and blanks.
    :param words: all its words, folded, titles and particles left out.
    :param readings: the likeliest first; none for a text that holds no name.
    :param told: whether the print tells the order: then there is one reading for each family name.
    """

    text: str
    words: frozenset[str]
    readings: tuple[Reading, ...]
    told: bool


@lru_cache(maxsize=65536)
def read_name(text: str, family: str | None = None, given: str | None = None) -> PrintedName:
    """Read a printed name.

    :param family: the family name, where the source has it apart; ``given`` the given names.

    >>> read_name("PATTOU F.").readings
    (Reading(family=('pattou',), given=('f',), inverted=True),)
    >>> read_name("de Lara, Philippe").readings
    (Reading(family=('lara',), given=('philippe',), inverted=True),)
    >>> [(r.family, r.given) for r in read_name("Crépin Laurent").readings]
    [(('laurent',), ('crepin',)), (('crepin',), ('laurent',))]
    >>> read_name("42").readings
    ()
    """
    shown = plain_signs(text[:_LONGEST])
    if family and _pieces(family[:_LONGEST]):
        first = _pieces((given or "")[:_LONGEST])
        return _named(shown or plain_signs(f"{given or ''} {family}"), (_read([family[:_LONGEST]], first),), told=True)
    born = [_without_particles(_pieces(found)) for found in _BORN.findall(shown)]
    bare, in_parentheses = _apart(_BORN.sub(" ", shown))
    readings, told = _readings(bare, in_parentheses)
    others = [Reading(name, reading.given) for name in born if name for reading in readings[:1]]
    return _named(shown, (*readings, *others), told=told)


def _named(shown: str, readings: tuple[Reading, ...], *, told: bool) -> PrintedName:
    words = frozenset(word for reading in readings for word in (*reading.family, *reading.given))
    return PrintedName(shown, words, tuple(dict.fromkeys(readings)), told)


def _apart(text: str) -> tuple[str, str]:
    """Give a name without its parentheses, and what they hold if it may be a name: ``Courtioux (Pierre)``."""
    held = [found for found in _PARENTHESES.findall(text) if any(piece not in _TITLES for piece in _pieces(found))]
    return _PARENTHESES.sub(" ", text), " ".join(held)


def _readings(bare: str, in_parentheses: str) -> tuple[tuple[Reading, ...], bool]:
    parts = [part for part in (_parts(piece) for piece in bare.split(",")) if part]
    if not parts:
        return (), False
    if len(parts) == 1 and in_parentheses:
        return (_read(parts[0], _pieces(in_parentheses), True),), True
    if len(parts) > 1:
        return (_read(parts[0], _flat(parts[1]), True),), True
    capitals, (readings, told) = _by_capitals(parts[0]), _by_order(parts[0])
    if capitals is None:
        return readings, told
    # Some print the given name in capitals: then the usual order holds.
    usual = [reading for reading in readings if not reading.inverted]
    return (capitals, *(usual if capitals.inverted else ())), True


def _by_capitals(parts: list[str]) -> Reading | None:
    """Read a name whose family name alone is in capitals: ``PATTOU François``, ``François PATTOU``."""
    upper = [part.isupper() and len(_pieces(part)[0]) > 1 and len(part.replace(".", "")) > 2 for part in parts]
    lower = [not part.isupper() and part.lower() not in PARTICLES for part in parts]
    if not any(upper) or not any(lower):
        return None
    first, last = upper.index(True), len(upper) - upper[::-1].index(True)
    if any(lower[first:last]) or (any(lower[:first]) and any(lower[last:])):
        return None
    start = first
    while start and parts[start - 1].lower() in PARTICLES:
        start -= 1
    given = (*_flat(parts[:start]), *_flat(parts[last:]))
    return _read(parts[start:last], given, not parts[:start])


def _by_order(parts: list[str]) -> tuple[tuple[Reading, ...], bool]:
    """Give every order in which the parts may be given names and family name."""
    if len(parts) == 1:
        return (_read(parts, ()),), True
    if len(parts) > _MOST_PARTS:  # the outermost words tell most
        parts = [*parts[: _MOST_PARTS - 2], *parts[-2:]]
    usual, inverted = [], []
    for cut in range(1, len(parts)):
        if cut > 1 and _is_particle(parts[cut - 1]):  # Ben may be a given name
            continue
        usual.append((parts[cut:], parts[:cut], False))
        inverted.append((parts[:cut], parts[cut:], True))
    # The shortest family name is the likeliest, but for one that begins with a particle.
    orders = [*reversed(usual), *inverted]
    fitting = [order for order in orders if not any(_is_initial(part) for part in order[0])]
    initials = [order for order in fitting if _is_initial(order[1][0])]
    chosen = initials if initials and all(_is_initial(part) for part in initials[0][1]) else fitting or orders
    found = tuple(_read(family, _flat(given), turned) for family, given, turned in chosen)
    if all(_is_particle(part) for part in parts[:-1]):  # Le Gall
        found = (*found, _read(parts, ()))
    return found, len({reading.inverted for reading in found}) == 1


def _is_initial(part: str) -> bool:
    return all(len(piece) == 1 for piece in _pieces(part))


def _is_particle(part: str) -> bool:
    return folded(part) in PARTICLES and not part.endswith(".") and len(part) > 1


def _parts(text: str) -> list[str]:
    """Cut a text at its blanks, without titles and what holds no letter."""
    parts = []
    for part in text.split():
        bare = folded(part).strip(".:;")
        if _pieces(part) and bare.replace(".", "") not in _TITLES:
            parts.append(part)
    return parts


def _flat(parts: list[str]) -> tuple[str, ...]:
    return tuple(piece for part in parts for piece in _pieces(part))


def _read(family: list[str], given: tuple[str, ...], inverted: bool = False) -> Reading:
    words = _flat(family)
    return Reading(_without_particles(words), given, inverted, "".join(words))


def _without_particles(words: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(word for word in words if word not in PARTICLES)
    return kept or words


def _pieces(text: str) -> tuple[str, ...]:
    """Give the folded words of a part: ``J.-F.`` is two of them, ``D'Amico`` is one."""
    return tuple(_PIECES.findall(folded(plain_signs(text)).replace("'", "")))
