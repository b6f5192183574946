"""Where a query computes, or lists, what a variable with a value is: there the value becomes a test.

A term cannot stand behind AS, nor in the head of VALUES. So ``BIND(… AS ?mode)`` becomes a FILTER that what is computed
is the value; an expression of SELECT moves to HAVING, or to a FILTER of its group; and VALUES lists the values of
another variable, which a FILTER compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kgtool.questions.query import Select, opening_bracket, selects
from kgtool.store.tokens import Token, closing


@dataclass(frozen=True)
class Change:
    """A part of a text, by offsets, and what comes in its place."""

    start: int
    end: int
    put: str


def tests(text: str, words: Sequence[Token], terms: Mapping[str, str]) -> Iterator[Change]:
    """Give the changes that make tests of what is computed; variables within them are written out already.

    :param words: the tokens of the text.
    :param terms: the values of variables, by name, as they are written.
    """
    for index, word in enumerate(words[:-1]):
        following = words[index + 1]
        if word.is_word("AS") and _has_value(following, terms):
            yield from _of_expression(text, words, index, terms)
        elif word.is_word("VALUES"):
            yield from _of_values(words, index, terms)


def given_name(name: str, select: int) -> str:
    """Give the name that a SELECT gives a value: within another one not its own, as the other gives it, too.

    :param select: its number in the text.
    """
    return f"{name}_given{select}" if select else name


def _of_expression(text: str, words: Sequence[Token], at: int, terms: Mapping[str, str]) -> Iterator[Change]:
    variable = words[at + 1]
    term = terms[variable.text[1:]]
    opening = opening_bracket(words, at)
    if opening < 1:
        return
    computed = f"sameTerm({_written(text, words[opening + 1 : at], terms)}, {term})"
    if words[opening - 1].is_word("BIND"):
        yield Change(words[opening - 1].start, words[at + 2].end, f"FILTER({computed})")
        return
    around = [
        (number, each)
        for number, each in enumerate(selects(words))
        if each.start < words[opening].start < each.names_end
    ]
    if not around:
        return
    number, select = around[-1]
    put = f"{term} AS ?{given_name(variable.text[1:], number)}"
    yield Change(words[opening + 1].start, variable.end, put)
    yield _condition(words, select, computed)


def _condition(words: Sequence[Token], select: Select, computed: str) -> Change:
    """Put a condition behind what a SELECT groups, or at the end of its group."""
    modifiers = words[select.modifiers : select.last]
    having = next((word for word in modifiers if word.is_word("HAVING")), None)
    end = words[select.modifiers - 1]
    if having is not None:
        return Change(having.end, having.end, f" ({computed})")
    if select.group_end is not None:
        return Change(select.group_end, select.group_end, f" HAVING ({computed})")
    if select.aggregates:
        return Change(end.end, end.end, f" HAVING ({computed})")
    return Change(end.start, end.start, f"FILTER({computed}) ")


def _of_values(words: Sequence[Token], at: int, terms: Mapping[str, str]) -> Iterator[Change]:
    block = next((index for index in range(at, len(words)) if words[index].is_mark("{")), None)
    if block is None:
        return
    end = words[closing(words, block)].end
    for word in words[at + 1 : block]:
        if _has_value(word, terms):
            listed = f"{word.text}_listed"
            yield Change(word.start, word.end, listed)
            yield Change(end, end, f" FILTER(!BOUND({listed}) || sameTerm({listed}, {terms[word.text[1:]]}))")


def _written(text: str, words: Sequence[Token], terms: Mapping[str, str]) -> str:
    """Give a part of a text with the values of its variables."""
    parts, place = [], words[0].start
    for index, word in enumerate(words):
        if word.start < place:
            continue
        asked = words[index + 2] if word.is_word("BOUND") and index + 3 < len(words) else None
        if asked is not None and _has_value(asked, terms):
            parts += [text[place : word.start], "true"]
            place = words[index + 3].end
        elif _has_value(word, terms):
            parts += [text[place : word.start], terms[word.text[1:]]]
            place = word.end
    return "".join([*parts, text[place : words[-1].end]])


def _has_value(word: Token, terms: Mapping[str, str]) -> bool:
    return word.kind == "variable" and word.text[1:] in terms
