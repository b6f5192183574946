"""The schemes of identifiers, as the shapes of the ontology know them: what is no identifier is left out when read.

The shapes say which schemes there are, how a registry's addresses begin, and by which sum an identifier is checked
(``kg:mod11`` and so on); here are the sums. A test holds that both say the same of any text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kgtool.resources import packaged
from kgtool.vocabulary import PREFIXES

_KG: Final = PREFIXES["kg"]
_BLANK: Final = re.compile("[ -]")
#: Crockford's digits of base 32 to those that Python reads.
_BASE_32: Final = str.maketrans("0123456789abcdefghjkmnpqrstvwxyz", "0123456789abcdefghijklmnopqrstuv")
_ROR: Final = re.compile("0[0-9a-hj-km-np-tv-z]{6}[0-9]{2}")
_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(frozen=True)
class Scheme:
    """A scheme that the shapes check.

    :param named: matches the names that it goes by.
    :param registry: matches how an address of its registry begins.
    :param sound: tells whether what remains without that, spaces and hyphens, is an identifier.
    """

    named: re.Pattern[str]
    registry: re.Pattern[str]
    sound: Callable[[str], bool]


def bare(scheme: str, value: str) -> str:
    """Give an identifier without its registry's address, spaces and hyphens, in lower case; others as they are.

    >>> bare("ROR", "https://ror.org/02PPYFA04"), bare("ISNI", "0000 0004 0471 8845"), bare("HAL", "a b")
    ('02ppyfa04', '0000000404718845', 'a b')
    """
    known = _scheme(scheme)
    return _plain(known, value).lower() if known is not None else value


def is_sound(scheme: str, value: str) -> bool:
    """Tell whether a text is an identifier of a scheme; of a scheme that the shapes do not know, any text is.

    >>> is_sound("ROR", "https://ror.org/02ppyfa04"), is_sound("ROR", "02ppyfa05"), is_sound("SIRET", "26590671900017")
    (True, False, True)
    """
    known = _scheme(scheme)
    return known is None or known.sound(_plain(known, value))


def _plain(scheme: Scheme, value: str) -> str:
    return _BLANK.sub("", scheme.registry.sub("", value, count=1))


@lru_cache(maxsize=256)
def _scheme(name: str) -> Scheme | None:
    return next((scheme for scheme in _schemes() if scheme.named.search(name)), None)


@cache
def shapes_of_schemes() -> frozenset[str]:
    """Give the shapes of the packaged ontology that check an identifier, or a link to a registry, by its scheme."""
    parsed = parse(path=str(packaged("ontology") / "shapes.ttl"), format=RdfFormat.TURTLE)
    return frozenset(
        quad.subject.value
        for quad in parsed
        if quad.predicate.value == f"{_KG}scheme" and isinstance(quad.subject, NamedNode)
    )


@cache
def _schemes() -> tuple[Scheme, ...]:
    """Read the schemes of the packaged shapes: those of ``schema:value``, which each name a sum or a form."""
    facts: dict[str, dict[str, str]] = {}
    for quad in parse(path=str(packaged("ontology") / "shapes.ttl"), format=RdfFormat.TURTLE):
        if quad.predicate.value.startswith(_KG) or quad.predicate.value == f"{PREFIXES['sh']}path":
            value = quad.object
            if isinstance(value, Literal | NamedNode):
                facts.setdefault(str(quad.subject), {})[quad.predicate.value.rpartition("#")[2]] = value.value
    checked = [of for of in facts.values() if {"scheme", "registry"} <= of.keys()]
    return tuple(_read(of) for of in checked if of.get("path") == f"{PREFIXES['schema']}value")


def _read(facts: dict[str, str]) -> Scheme:
    named, registry = (re.compile(facts[name], re.IGNORECASE) for name in ("scheme", "registry"))
    if "form" in facts:
        form = re.compile(facts["form"].removesuffix("$") + r"\Z", re.IGNORECASE)
        return Scheme(named, registry, lambda text: form.search(text) is not None)
    name = next(name for name in _SUMS if name in facts)
    length, adds_up = int(facts[name]), _SUMS[name]
    return Scheme(named, registry, lambda text: adds_up(text, length))


def _mod11(text: str, length: int) -> bool:
    """ISO 7064 MOD 11-2."""
    if not re.fullmatch("[0-9]{15}[0-9X]", text, re.IGNORECASE) or length != 16:
        return False
    total = 0
    for digit in text[:15]:
        total = (total + int(digit)) * 2
    return text[15].upper() == "0123456789X"[(12 - total % 11) % 11]


def _mod97(text: str, length: int) -> bool:
    """ISO 7064 MOD 97-10 over Crockford's base 32."""
    lower = text.lower()
    if not _ROR.fullmatch(lower) or len(lower) != length:
        return False
    return int(lower[7:]) == 98 - int(lower[1:7].translate(_BASE_32), 32) * 100 % 97


def _luhn(text: str, length: int) -> bool:
    """Luhn's sum; the branches of La Poste have a digit sum that 5 divides instead."""
    if not re.fullmatch("[0-9]+", text, re.ASCII) or len(text) != length:
        return False
    digits = [int(digit) for digit in reversed(text)]
    doubled = [digit * (1 + place % 2) for place, digit in enumerate(digits)]
    if sum(number - 9 * (number > 9) for number in doubled) % 10 == 0:
        return True
    return text.startswith("356000000") and sum(digits) % 5 == 0


def _mod23(text: str, length: int) -> bool:
    """Digits modulo 23 give a letter."""
    upper = text.upper()
    if not re.fullmatch("[0-9]{7,9}[A-HJ-NPR-Z]", upper) or len(upper) != length + 1:
        return False
    return _LETTERS[int(upper[:-1]) % 23] == upper[-1]


_SUMS: Final = {"mod11": _mod11, "mod97": _mod97, "luhn": _luhn, "mod23": _mod23}
