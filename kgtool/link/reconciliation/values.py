"""Values of properties of many things at once, and how well they agree with what a client gives."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final, cast

from pyoxigraph import BlankNode, Literal, NamedNode

from kgtool.errors import LimitError
from kgtool.link.reconciliation.asked import Condition, Value
from kgtool.link.reconciliation.filling import NAMES
from kgtool.link.reconciliation.index import SAME, Thing
from kgtool.link.reconciliation.offered import Graph, Offered, expanded, is_iri
from kgtool.link.reconciliation.words import bare_identifier, likeness, words

#: Values that one request may lead to.
MAX_VALUES: Final = 100_000
_AT_A_TIME: Final = 200
_DATE: Final = re.compile(r"-?\d{4,}(?:-\d\d(?:-\d\d)?)?(?=T|$|Z|[+-]\d\d:)")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")
#: What a date is worth that is less precise than the other.
_LESS_PRECISE: Final = 0.95
#: How alike a value has to be to agree.
AGREES: Final = 0.8


@dataclass(frozen=True)
class Held:
    """A value that a thing has.

    :param names: of a node, in all languages.
    """

    term: NamedNode | Literal
    names: tuple[Literal, ...] = ()


@dataclass(frozen=True)
class Property:
    """A property as a client names it: a register of identifiers, or a property of the graph.

    :param id: as the client wrote it.
    """

    id: str
    register: str = ""
    iri: str = ""
    names: tuple[tuple[str, str], ...] = field(default=())

    def name(self, language: str) -> str:
        """Give its name in a language."""
        return self.register or (Offered(self.iri, self.names).name(language) if self.iri else self.id)


def property_of(id: str, registers: Collection[str], properties: Mapping[str, Offered]) -> Property:
    """Find what a client means: the name of a register, an IRI, a prefixed name, or a property's name.

    What is neither is a property that nothing has.
    """
    for register in registers:
        if register.casefold() == id.strip().casefold():
            return Property(id, register=register)
    full = expanded(id)
    if full in properties:
        return Property(id, iri=full, names=properties[full].names)
    asked = words(id)
    for each in properties.values():
        if any(words(name) == asked for _, name in each.names):
            return Property(id, iri=each.iri, names=each.names)
    return Property(id, iri=full if is_iri(full) else "")


def held_values(
    graph: Graph, things: Collection[str], properties: Collection[str]
) -> dict[tuple[str, str], list[Held]]:
    """Give the values of properties of things, what follows included, by thing and property.

    :param properties: as IRIs.
    :raises LimitError: for more than :data:`MAX_VALUES`.
    """
    found: dict[tuple[str, str], list[NamedNode | Literal]] = {}
    asked = [f"<{each}>" for each in sorted(properties) if is_iri(each)]
    number = 0
    for part in _parts(sorted(thing for thing in things if is_iri(thing))) if asked else ():
        # Pairs, as Oxigraph would look at every triple for two lists.
        pairs = " ".join(f"(<{thing}> {property})" for thing in part for property in asked)
        rows = graph.query(f"SELECT ?s ?p ?o {{ VALUES (?s ?p) {{ {pairs} }} ?s ?p ?o }}")
        for subject, predicate, value in cast(Iterable[tuple[NamedNode, NamedNode, object]], rows):
            if isinstance(value, BlankNode):
                continue
            number += 1
            if number > MAX_VALUES:
                raise LimitError(
                    f"more than {MAX_VALUES} values", hint="ask for fewer properties or entities at a time"
                )
            found.setdefault((subject.value, predicate.value), []).append(cast(NamedNode | Literal, value))
    names = all_names(
        graph, {value.value for values in found.values() for value in values if isinstance(value, NamedNode)}
    )
    return {
        place: sorted(
            (Held(value, names.get(value.value, ()) if isinstance(value, NamedNode) else ()) for value in values),
            key=lambda each: str(each.term),
        )
        for place, values in found.items()
    }


def all_names(graph: Graph, things: Collection[str]) -> dict[str, tuple[Literal, ...]]:
    """Give all names of things, labels first."""
    found: dict[str, list[tuple[int, str, Literal]]] = {}
    order = {naming.value: place for place, naming in enumerate(NAMES)}
    for part in _parts(sorted(thing for thing in things if is_iri(thing))):
        pairs = " ".join(f"(<{thing}> {naming})" for thing in part for naming in NAMES)
        rows = graph.query(
            f"SELECT ?s ?p ?o {{ VALUES (?s ?p) {{ {pairs} }} ?s ?p ?o FILTER(isLiteral(?o)) }}",
            reasoning=False,
        )
        for subject, naming, text in cast(Iterable[tuple[NamedNode, NamedNode, Literal]], rows):
            found.setdefault(subject.value, []).append((order[naming.value], text.value, text))
    return {
        thing: tuple(dict.fromkeys(text for _, _, text in sorted(texts, key=lambda each: each[:2])))
        for thing, texts in found.items()
    }


@dataclass(frozen=True)
class Agreement:
    """How well a thing agrees with a condition.

    :param worth: 0 to 1; None where the thing has no such value, so that nothing is known.
    :param given, held: the values that agree best, as texts; what the thing has where none does.
    """

    worth: float | None
    given: str = ""
    held: str = ""


def agreement(condition: Condition, asked: Property, thing: Thing, held: Sequence[Held]) -> Agreement:
    """Say how well what a thing has agrees with a condition on a property."""
    if asked.register:
        texts = [shown for register, _, shown in thing.identifiers if register == asked.register]
        if not texts and asked.register.casefold() != SAME:
            texts = [
                shown for register, _, shown in thing.identifiers if register == SAME and _of(asked.register, shown)
            ]
        pairs = [(float(_same_identifier(value, text)), value, text) for value in condition.values for text in texts]
    else:
        pairs = [_compared(condition, value, each) for value in condition.values for each in held]
        texts = [_text(each) for each in held]
    if not texts:
        return Agreement(None)
    by_value: dict[Value, tuple[float, str]] = {}
    for worth, value, text in pairs:
        if value not in by_value or worth > by_value[value][0]:
            by_value[value] = (worth, text)
    ordered = sorted(
        ((worth, value.text or value.id or "", text) for value, (worth, text) in by_value.items()), reverse=True
    )
    if condition.quantifier == "all":
        ordered.reverse()
    if not ordered:
        return Agreement(None)
    worth, given, text = ordered[0]
    if condition.quantifier == "none":  # another value that is spelt alike is another one
        worth = 1.0 if worth < AGREES else 1 - worth
    return Agreement(worth, given, text)


def _same_identifier(value: Value, text: str) -> bool:
    return bare_identifier(value.text or value.id or "") == bare_identifier(text)


def _of(register: str, link: str) -> bool:
    """Tell whether a link goes to a register: its name stands in the host's.

    >>> _of("ROR", "https://ror.org/02ppyfa04"), _of("RNSR", "https://ror.org/02ppyfa04")
    (True, False)
    """
    return register.casefold() in link.partition("://")[2].partition("/")[0].casefold()


def _compared(condition: Condition, value: Value, held: Held) -> tuple[float, Value, str]:
    if value.id and isinstance(held.term, NamedNode) and expanded(value.id) == held.term.value:
        return 1.0, value, _text(held)
    if value.id and not value.text:
        return 0.0, value, _text(held)
    if isinstance(held.term, NamedNode):
        if value.text == held.term.value or expanded(value.text) == held.term.value:
            return 1.0, value, _text(held)
        texts = [name.value for name in held.names]
    else:
        texts = [held.term.value]
    best = max(((_alike(condition.qualifier, value.text, text), text) for text in texts), default=(0.0, _text(held)))
    return best[0], value, best[1]


def _alike(qualifier: str, given: str, text: str) -> float:
    if qualifier == "ExactMatch":
        return float(words(given) == words(text) and bool(words(given)))
    if qualifier == "WildcardMatch":
        return float(fnmatchcase(" ".join(words(text)), " ".join(words(given.replace("*", "zqz"))).replace("zqz", "*")))
    dates = _DATE.match(given.strip()), _DATE.match(text)
    if dates[0] and dates[1]:
        short, long = sorted((dates[0].group(), dates[1].group()), key=len)
        return 0.0 if not long.startswith(short) else 1.0 if short == long else _LESS_PRECISE
    if _NUMBER.fullmatch(given.strip()) and _NUMBER.fullmatch(text):
        return float(float(given) == float(text))
    return likeness(words(given), words(text))


def _text(held: Held) -> str:
    return held.names[0].value if held.names else held.term.value


def _parts(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + _AT_A_TIME] for start in range(0, len(items), _AT_A_TIME))
