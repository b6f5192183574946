"""Sentences that a rule says of what it concludes, with the values of its variables in their places.

``?name`` is the name of a thing, ``{?from - ?to}`` the days from one to the other. Of ``[one|other]`` the first part
is said whose variables have values (of an interval, either end), or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from kgtool.reasoning.language.expressions import Var


@dataclass(frozen=True)
class Days:
    """The days from one variable's value to another's; where one is unbound, without limit."""

    start: Var
    stop: Var


#: Words, the name of a value, or the days of an interval.
Part: TypeAlias = str | Var | Days


@dataclass(frozen=True)
class Choice:
    """What is said depends on what has a value."""

    alternatives: tuple[tuple[Part, ...], ...]


_TOKEN: Final = re.compile(
    r"\{\?(?P<start>\w+) - \?(?P<stop>\w+)\}|\?(?P<name>\w+)|(?P<words>[^?{}\[\]|]+)|(?P<mark>[\[\]|])"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence, in order."""

    parts: tuple[Part | Choice, ...]

    def variables(self) -> Iterator[Var]:
        """Give the variables that it names."""
        for part in self.parts:
            for one in (one for parts in part.alternatives for one in parts) if isinstance(part, Choice) else (part,):
                yield from _variables(one)

    def said_of(self, bound: Collection[Var]) -> Iterator[Part]:
        """Give what is said where some variables have values."""
        for part in self.parts:
            if isinstance(part, Choice):
                fitting = (parts for parts in part.alternatives if all(_has_value(one, bound) for one in parts))
                yield from next(fitting, ())
            else:
                yield part


def read_sentence(text: str) -> Sentence:
    """Read a sentence.

    :raises ValueError: saying what cannot be read.

    >>> sentence = read_sentence("?a knew ?b[ {?f - ?u}| once]")
    >>> list(sentence.said_of({"a", "b"})), list(sentence.said_of({"a", "b", "f"}))[-1]
    ([?a, ' knew ', ?b, ' once'], Days(start=?f, stop=?u))
    """
    parts: list[Part | Choice] = []
    choice: list[list[Part]] | None = None
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        mark = found["mark"] if found else None
        if found is None or (mark is not None and (mark == "[") is (choice is not None)):
            raise ValueError(f"{text[position : position + 20]!r} cannot be read")
        position = found.end()
        if mark == "[":
            choice = [[]]
        elif mark == "|" and choice is not None:
            choice.append([])
        elif mark == "]" and choice is not None:
            parts.append(Choice(tuple(map(tuple, choice))))
            choice = None
        elif choice is not None:
            choice[-1].append(_part(found))
        else:
            parts.append(_part(found))
    if choice is not None:
        raise ValueError("“[” is not closed")
    return Sentence(tuple(parts))


def _part(found: re.Match[str]) -> Part:
    if found["start"]:
        return Days(Var(found["start"]), Var(found["stop"]))
    return Var(found["name"]) if found["name"] else found["words"]


def _variables(part: Part) -> tuple[Var, ...]:
    if isinstance(part, Days):
        return part.start, part.stop
    return (part,) if isinstance(part, Var) else ()


def _has_value(part: Part, bound: Collection[Var]) -> bool:
    names = _variables(part)
    return not names or any(name in bound for name in names)
