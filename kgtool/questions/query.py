"""A question's query under values: the same text, in which every part sees the variables that have one.

Oxigraph binds values to variables as terms, but only to those that the outermost SELECT names; a sub-SELECT sees those
that it names itself; and what it plans beforehand takes a variable that no pattern binds for unbound. So a text is
changed here, in the same way whatever the values are: each SELECT names the variables with values that stand inside
it, in GROUP BY, too, if there is one; ``BOUND`` of such a variable is true. What cannot be mended so is refused when
the question is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from kgtool.store.tokens import Token, closing, tokens

_AGGREGATES: Final = ("AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM")
_AFTER_GROUP: Final = ("HAVING", "LIMIT", "OFFSET", "ORDER", "VALUES")


@dataclass(frozen=True)
class Select:
    """A SELECT of a query with its group, by places in the text.

    :param start: offset of the word itself; ``first``: its token; ``last``: that behind its modifiers.
    :param names: the variables that it gives, in order; ``*`` for all; ``bare``: those that it does not compute.
    :param names_end: where another one can be added.
    :param modifiers: the token behind its group, where GROUP BY, HAVING and ORDER BY begin.
    :param group_end: where a variable can be added to its GROUP BY; None without one.
    :param grouped: the variables of GROUP BY.
    :param aggregates: whether it counts or adds up.
    """

    start: int
    first: int
    last: int
    names: tuple[str, ...]
    bare: tuple[str, ...]
    names_end: int
    modifiers: int
    group_end: int | None
    grouped: frozenset[str]
    aggregates: bool


@dataclass(frozen=True)
class Fault:
    """What would not work with values, and where: an offset in the text, or a parameter."""

    what: str
    hint: str
    offset: int = 0
    parameter: str | None = None


def selects(words: Sequence[Token]) -> Iterator[Select]:
    """Give every SELECT of a query, the outermost first."""
    for index, word in enumerate(words):
        if word.is_word("SELECT"):
            yield _select(words, index)


def widened(text: str, names: Collection[str]) -> str:
    """Let every part of a query see variables that have values.

    >>> print(widened("SELECT (COUNT(?p) AS ?n) { ?p ?q ?v FILTER(?v < ?most) } GROUP BY ?q", {"most"}))
    SELECT (COUNT(?p) AS ?n) ?most { ?p ?q ?v FILTER(?v < ?most) } GROUP BY ?q ?most
    >>> print(widened("SELECT ?p { ?p ?q ?v FILTER(!BOUND(?most) || ?v < ?most) }", {"most"}))
    SELECT ?p ?most { ?p ?q ?v FILTER(!(true) || ?v < ?most) }
    """
    return _widened(text, frozenset(names))


@lru_cache(maxsize=1024)
def _widened(text: str, names: frozenset[str]) -> str:
    words = list(tokens(text))
    changes: list[tuple[int, int, str]] = []
    for select in selects(words):
        for name in _mentioned(words[select.first : select.last], names):
            if name not in select.names:
                changes.append((select.names_end, select.names_end, f" ?{name}"))
            if select.group_end is not None and name not in select.grouped and name not in select.names:
                changes.append((select.group_end, select.group_end, f" ?{name}"))
    for index in range(len(words) - 3):
        word, bracket, variable, end = words[index : index + 4]
        if word.is_word("BOUND") and bracket.is_mark("(") and _name(variable) in names:
            changes.append((word.start, end.end, "(true)"))
    for start, end_, inserted in sorted(changes, key=lambda change: change[0], reverse=True):
        text = text[:start] + inserted + text[end_:]
    return text


def faults(text: str, parameters: Sequence[str]) -> Iterator[Fault]:
    """Give what would not work in a query whose variables of these names have values."""
    words = list(tokens(text))
    known = set(parameters)
    first = next((word for word in words if word.is_word("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")), None)
    if first is None or not first.is_word("SELECT"):
        yield Fault("a question is a SELECT", "write SELECT with the columns", first.start if first else 0)
        return
    for select in selects(words):
        if "*" in select.names:
            yield Fault("SELECT * in a question", "name the variables", select.start)
        uses = _mentioned(words[select.first : select.last], known)
        if select.aggregates and select.group_end is None and uses:
            yield Fault(
                f"a SELECT that counts or adds up all, and uses the parameter {uses[0]}, has no GROUP BY",
                "group by something that is the same for all rows, such as a variable of BIND(1 AS ?all)",
                select.start,
            )
    for index, word in enumerate(words):
        if word.is_word("AS"):
            start = opening_bracket(words, index)
            if _is_bare(words[start + 1 : index], known):
                what = f"{_shown(words[start + 1 : index])} gives a parameter a second name, which stays unbound"
                yield Fault(what, "use the parameter itself", words[start].start)
    told = [name for name in map(_name, words) if name in known]
    for name in parameters:
        if told.count(name) == next(selects(words)).bare.count(name):
            hint = "use it in a pattern or a FILTER, or leave the parameter out"
            yield Fault(f"the query never uses the parameter {name}", hint, parameter=name)


def columns(text: str) -> tuple[str, ...]:
    """Give the variables that a query selects, in order."""
    return next((select.names for select in selects(list(tokens(text)))), ())


def _select(words: Sequence[Token], first: int) -> Select:
    index = first + 1
    while index < len(words) and words[index].is_word("DISTINCT", "REDUCED"):
        index += 1
    projection = index
    depth = 0
    names: list[str] = []
    bare: list[str] = []
    while index < len(words) and not (depth == 0 and (words[index].is_mark("{") or words[index].is_word(*_BODY))):
        word = words[index]
        depth += word.is_mark("(") - word.is_mark(")")
        if word.kind == "variable" and (depth == 0 or (depth == 1 and words[index - 1].is_word("AS"))):
            names.append(word.text[1:])
            bare += [word.text[1:]] if depth == 0 else []
        elif word.is_mark("*") and depth == 0:
            names.append("*")
        index += 1
    names_end = words[index - 1].end
    own = list(words[projection:index])
    while index < len(words) and not words[index].is_mark("{"):
        index += 1
    after = closing(words, index) + 1
    last = _end(words, after)
    modifiers = words[after:last]
    group_end, grouped = _group(modifiers)
    counting = [*own, *modifiers]
    pairs = pairwise(counting)
    aggregates = any(word.is_word(*_AGGREGATES) and following.is_mark("(") for word, following in pairs)
    return Select(
        words[first].start, first, last, tuple(names), tuple(bare), names_end, after, group_end, grouped, aggregates
    )


_BODY: Final = ("FROM", "WHERE")


def _end(words: Sequence[Token], start: int) -> int:
    """Give the index behind the modifiers that begin here: of the brace that closes the group around, or the end."""
    depth = 0
    for index in range(start, len(words)):
        depth += words[index].is_mark("{") - words[index].is_mark("}")
        if depth < 0:
            return index
    return len(words)


def _group(modifiers: Sequence[Token]) -> tuple[int | None, frozenset[str]]:
    """Give where GROUP BY ends, and its variables."""
    start = next((index for index, word in enumerate(modifiers) if word.is_word("GROUP")), None)
    if start is None:
        return None, frozenset()
    depth, end, names = 0, start, set()
    for index in range(start, len(modifiers)):
        word = modifiers[index]
        if depth == 0 and word.is_word(*_AFTER_GROUP):
            break
        depth += word.is_mark("(") - word.is_mark(")")
        if word.kind == "variable" and (depth == 0 or modifiers[index - 1].is_word("AS")):
            names.add(word.text[1:])
        end = index
    return modifiers[end].end, frozenset(names)


def _mentioned(words: Sequence[Token], names: Collection[str]) -> list[str]:
    """Give those of the names that stand here as variables, in a steady order."""
    return sorted({_name(word) for word in words}.intersection(names))


def _name(word: Token) -> str:
    return word.text[1:] if word.kind == "variable" else ""


def opening_bracket(words: Sequence[Token], index: int) -> int:
    """Give the index of the bracket that opens what stands before here; -1 if none does."""
    depth = 0
    for place in range(index - 1, -1, -1):
        depth += words[place].is_mark(")") - words[place].is_mark("(")
        if depth < 0:
            return place
    return -1


def _is_bare(words: Sequence[Token], names: Collection[str]) -> bool:
    """Tell whether the value of an expression can only be that of a parameter, as it is."""
    if len(words) == 1:
        return _name(words[0]) in names
    if len(words) < 3 or not words[-1].is_mark(")"):
        return False
    if words[0].is_mark("(") and _closing_bracket(words, 0) == len(words) - 1:
        return _is_bare(words[1:-1], names)
    if not words[0].is_word("IF", "COALESCE") or _closing_bracket(words, 1) != len(words) - 1:
        return False
    arguments = _arguments(words[2:-1])
    return all(_is_bare(each, names) for each in arguments[words[0].is_word("IF") :])


def _closing_bracket(words: Sequence[Token], opening: int) -> int:
    depth = 0
    for index in range(opening, len(words)):
        depth += words[index].is_mark("(") - words[index].is_mark(")")
        if depth == 0:
            return index
    return -1


def _arguments(words: Sequence[Token]) -> list[Sequence[Token]]:
    """Cut what stands in brackets at its outermost commas."""
    depth, start, found = 0, 0, []
    for index, word in enumerate(words):
        depth += word.is_mark("(") - word.is_mark(")")
        if word.is_mark(",") and depth == 0:
            found.append(words[start:index])
            start = index + 1
    return [*found, words[start:]]


def _shown(words: Sequence[Token]) -> str:
    return " ".join(word.text for word in words)[:80]
