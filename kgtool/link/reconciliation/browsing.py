"""Looks through the things of a graph by name and by facets: classes, places, themes, institutions.

What a text finds is bounded: facets are counted on the first :data:`POOL` things, and an answer says when there are
more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from pyoxigraph import NamedNode

from kgtool.link.reconciliation.answering import Reconciler
from kgtool.link.reconciliation.documents import descriptions, types_of
from kgtool.link.reconciliation.filling import NAMES
from kgtool.link.reconciliation.index import SAME, Thing
from kgtool.link.reconciliation.listing import by_name, with_iris
from kgtool.link.reconciliation.offered import is_iri, shortened
from kgtool.link.reconciliation.suggesting import suggested, told_by
from kgtool.link.reconciliation.values import Held, held_values
from kgtool.link.reconciliation.words import words

#: Things that are looked at for one answer.
POOL: Final = 500
#: Things that may have a value that somebody chose.
_MOST_HAVING: Final = 20_000
#: Values that a facet lists.
_MOST_VALUES: Final = 100
_CLASS: Final = "class"
_SHOWN: Final = 4
_MOST_NAMES: Final = 6
_AT_A_TIME: Final = 200
_Row = tuple[NamedNode, NamedNode, NamedNode]


@dataclass(frozen=True)
class Use:
    """What a property is for: a facet, or a date of a result.

    :param of: the class that its values have to be of; None for any.
    """

    name: str
    property: str
    of: str | None = None


@dataclass(frozen=True)
class Browsed:
    """What somebody looks for.

    :param text: the beginning of a name, or an identifier; empty for everything.
    :param chosen: for each facet the values of which things have to have one, classes under ``class``.
    :param start: results to leave out.
    :param size: results to give.
    """

    text: str
    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    start: int = 0
    size: int = 20


def browse(
    reconciler: Reconciler, wanted: Browsed, facets: Sequence[Use], dates: Sequence[Use], language: str
) -> dict[str, object]:
    """Find things.

    ``results``: a part of what is found, as :func:`told` has it; ``total``: how many there are of the first
    :data:`POOL`; ``bounded``: whether there may be more; ``facets``: their values, each with its number of things.
    """
    chosen = dict(wanted.chosen)
    pool, bounded = _pool(reconciler, wanted.text, (), None, language)
    if bounded and chosen:
        among = _having(reconciler, facets, chosen)
        pool, bounded = _pool(reconciler, wanted.text, chosen.get(_CLASS, ()), among, language)
    of_things = _values(reconciler, pool, facets)
    meant = {
        name: set(map(reconciler.classes.meant, values)) if name == _CLASS else set(values)
        for name, values in chosen.items()
    }
    missed = {
        thing.iri: {name for name in meant if meant[name].isdisjoint(of_things[thing.iri][name])} for thing in pool
    }
    found = [thing for thing in pool if not missed[thing.iri]]
    counts: dict[str, Counter[str]] = {
        name: Counter() for name in (_CLASS, *dict.fromkeys(each.name for each in facets))
    }
    for thing in pool:
        for name, counted in counts.items():
            if missed[thing.iri] <= {name}:
                counted.update(of_things[thing.iri][name])
    shown = found[wanted.start : wanted.start + wanted.size]
    return {
        "results": told(reconciler, shown, dates, language, wanted.text),
        "total": len(found),
        "bounded": bounded,
        "facets": {
            name: _facet(reconciler, name, counted, meant.get(name, set()), language)
            for name, counted in counts.items()
        },
    }


def told(
    reconciler: Reconciler, things: Sequence[Thing], dates: Sequence[Use], language: str, text: str = ""
) -> list[dict[str, object]]:
    """Say of each thing what tells it from others.

    ``iri``, ``label``, ``types``, ``context`` (a line), ``identifiers`` (register, value), ``from`` and ``until``,
    ``named``: the name that a text found it by, if that is another than its label; ``names``: its other names.
    """
    lines = descriptions(reconciler, things, language, identifiers=0, types=False)
    held = held_values(reconciler.graph, {thing.iri for thing in things}, {each.property for each in dates})
    answer: list[dict[str, object]] = []
    for thing in things:
        label = thing.title(language)
        named = told_by(text, thing) if text else ""
        answer.append(
            {
                "iri": thing.iri,
                "label": label,
                "types": types_of(reconciler.classes, thing, language),
                "context": lines[thing.iri],
                "identifiers": [[register, value] for register, _, value in thing.identifiers if register != SAME][
                    :_SHOWN
                ],
                "named": named if named != label else "",
                "names": _names(thing, label),
                "from": _first(held, thing.iri, "from", dates),
                "until": _first(held, thing.iri, "until", dates),
            }
        )
    return answer


def _names(thing: Thing, label: str) -> list[str]:
    """Give what else a thing is called; parts of names are no names."""
    named = dict.fromkeys(each.text for each in thing.names if each.place < len(NAMES) and each.text != label)
    return list(named)[:_MOST_NAMES]


def _identifiers(thing: Thing) -> list[list[str]]:
    return [[register, value] for register, _, value in thing.identifiers if register != SAME]


def _first(held: Mapping[tuple[str, str], Sequence[Held]], thing: str, name: str, dates: Sequence[Use]) -> str | None:
    """Give the first date of a kind."""
    found = [each.term.value for use in dates if use.name == name for each in held.get((thing, use.property), ())]
    return min(found, default=None)


def _pool(
    reconciler: Reconciler, text: str, types: Sequence[str], among: Collection[int] | None, language: str
) -> tuple[list[Thing], bool]:
    """Give the things that a text finds, and whether there may be more."""
    if text.strip():
        found = suggested(reconciler, text, types, most=POOL + 1, among=among)
    else:
        index = reconciler.index
        classes = frozenset(map(reconciler.classes.meant, types)) or None
        ids = by_name(index, POOL + 1, classes, among)
        things = index.things(ids)
        found = [things[id] for id in ids]
        return sorted(found[:POOL], key=lambda thing: (words(thing.title(language)), thing.iri)), len(found) > POOL
    return found[:POOL], len(found) > POOL


def _having(reconciler: Reconciler, facets: Sequence[Use], chosen: Mapping[str, Collection[str]]) -> set[int] | None:
    """Give the things that have one of the chosen values of each facet; None where classes alone are chosen."""
    among: set[int] | None = None
    for name, values in chosen.items():
        if name == _CLASS:
            continue
        pairs = " ".join(
            f"(<{each.property}> <{value}>)"
            for each in facets
            if each.name == name
            for value in values
            if is_iri(value)
        )
        rows = reconciler.graph.query(
            f"SELECT DISTINCT ?s {{ VALUES (?p ?o) {{ {pairs} }} ?s ?p ?o }} LIMIT {_MOST_HAVING}"
        )
        iris = [node.value for (node,) in cast(Iterable[tuple[object]], rows) if isinstance(node, NamedNode)]
        having = set(with_iris(reconciler.index, iris).values())
        among = having if among is None else among & having
    return among


def _values(reconciler: Reconciler, things: Sequence[Thing], facets: Sequence[Use]) -> dict[str, dict[str, set[str]]]:
    """Give what each thing has of each facet."""
    held = _held(reconciler, [thing.iri for thing in things], {each.property for each in facets})
    kinds = {each.iri: set(each.types) for each in _things(reconciler, {value for _, _, value in held})}
    uses: dict[str, list[Use]] = {}
    for use in facets:
        uses.setdefault(use.property, []).append(use)
    answer: dict[str, dict[str, set[str]]] = {
        thing.iri: {_CLASS: set(thing.types), **{use.name: set() for use in facets}} for thing in things
    }
    for thing_iri, property, value in held:
        for use in uses[property]:
            if use.of is None or use.of in kinds.get(value, ()):
                answer[thing_iri][use.name].add(value)
    return answer


def _held(reconciler: Reconciler, things: Sequence[str], properties: Collection[str]) -> list[tuple[str, str, str]]:
    """Give the things, properties and values of properties whose values are things."""
    found = []
    asked = sorted(each for each in properties if is_iri(each))
    for start in range(0, len(things), _AT_A_TIME):
        part = [each for each in things[start : start + _AT_A_TIME] if is_iri(each)]
        # Pairs, as Oxigraph would look at every triple for two lists.
        pairs = " ".join(f"(<{thing}> <{property}>)" for thing in part for property in asked)
        rows = reconciler.graph.query(f"SELECT ?s ?p ?o {{ VALUES (?s ?p) {{ {pairs} }} ?s ?p ?o FILTER(isIRI(?o)) }}")
        found += [(thing.value, of.value, value.value) for thing, of, value in cast(Iterable[_Row], rows)]
    return found


def _things(reconciler: Reconciler, iris: Collection[str]) -> list[Thing]:
    return list(reconciler.index.things(with_iris(reconciler.index, iris).values()).values())


def _facet(
    reconciler: Reconciler, name: str, counted: Counter[str], chosen: Collection[str], language: str
) -> list[dict[str, object]]:
    """Give the values of a facet, those that most things have first; a chosen one is always among them."""
    if name == _CLASS:
        offered = reconciler.classes.offered
        labels = {each: offered[each].name(language) for each in {*counted, *chosen} if each in offered}
        counted = Counter({each: number for each, number in counted.items() if _tells(each, counted, offered)})
    else:
        labels = {each.iri: each.title(language) for each in _things(reconciler, {*counted, *chosen})}
    ordered = sorted(counted, key=lambda each: (-counted[each], labels.get(each, each), each))
    listed = [each for place, each in enumerate(ordered) if place < _MOST_VALUES or each in chosen]
    listed += sorted(each for each in chosen if each not in counted)
    return [
        {"iri": each, "label": labels.get(each) or shortened(each), "count": counted[each], "chosen": each in chosen}
        for each in listed
    ]


def _tells(kind: str, counted: Counter[str], offered: Mapping[str, object]) -> bool:
    """Leave out a class that says nothing beside one below it that all of its things are of."""
    return not any(
        number == counted[kind] and kind in getattr(offered[other], "broader", ())
        for other, number in counted.items()
        if other != kind and other in offered
    )
