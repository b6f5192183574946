"""Data extension: values of properties of entities, in the JSON of either version."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pyoxigraph import NamedNode

from kgtool.link.reconciliation.answering import Reconciler
from kgtool.link.reconciliation.asked import Extension, Wanted
from kgtool.link.reconciliation.index import Thing
from kgtool.link.reconciliation.suggesting import meta_of
from kgtool.link.reconciliation.values import Held, Property, held_values
from kgtool.store.labels import best
from kgtool.vocabulary import PREFIXES

#: What the schemas of the API take for a date.
_DATE: Final = re.compile(
    r"(-?(?:[1-9][0-9]*)?[0-9]{4})-(1[0-2]|0[1-9])-(3[01]|0[1-9]|[12][0-9])T(2[0-3]|[01][0-9]):([0-5][0-9]):([0-5][0-9])"
    r"(\.[0-9]+)?(Z|[+-](?:2[0-3]|[01][0-9]):[0-5][0-9])?"
)
_XSD: Final = PREFIXES["xsd"]
_INTEGERS: Final = frozenset(
    _XSD + name for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger")
)
_NUMBERS: Final = frozenset(_XSD + name for name in ("decimal", "double", "float"))


def extended(reconciler: Reconciler, asked: Extension, language: str, *, old: bool) -> dict[str, object]:
    """Fetch values. An id that nothing has, and a property that nothing has, have no values.

    :param old: in the form of version 0.2.
    :raises LimitError: for too many values.
    """
    meant = [(wanted, reconciler.property(wanted.property)) for wanted in asked.properties]
    held = held_values(reconciler.graph, set(asked.ids), {each.iri for _, each in meant if each.iri})
    numbers = {id: found for id in asked.ids for found in reconciler.index.with_iri(id)}
    things = reconciler.index.things(numbers.values())
    rows: dict[str, dict[str, list[dict[str, object]]]] = {}
    for id in asked.ids:
        thing = things.get(numbers[id]) if id in numbers else None
        rows[id] = {
            wanted.property: _values(thing, wanted, each, held.get((id, each.iri), []), language, old=old)
            for wanted, each in meant
        }
    meta = [meta_of(each, language) for _, each in meant]
    if old:
        return {"meta": meta, "rows": rows}
    listed = [
        {"id": id, "properties": [{"id": property, "values": values} for property, values in rows[id].items()]}
        for id in dict.fromkeys(asked.ids)
    ]
    return {"meta": meta, "rows": listed}


def _values(
    thing: Thing | None, wanted: Wanted, asked: Property, held: Sequence[Held], language: str, *, old: bool
) -> list[dict[str, object]]:
    if asked.register:
        found: list[dict[str, object]] = [
            {"str": shown} for register, _, shown in (thing.identifiers if thing else ()) if register == asked.register
        ]
    else:
        found = [_value(each, wanted, language, old=old) for each in held]
    return found[: wanted.limit] if wanted.limit else found


def _value(held: Held, wanted: Wanted, language: str, *, old: bool) -> dict[str, object]:
    term = held.term
    if isinstance(term, NamedNode):
        label = best(held.names, language)
        if label is None or wanted.content == "id":
            return {"str": term.value}
        return {"id": term.value, "name": label.text}
    kind = term.datatype.value
    if kind in _INTEGERS and len(term.value) < 300:
        return {"int": int(term.value)}
    if kind in _NUMBERS and abs(number := float(term.value)) < float("inf"):
        return {"float": number}
    if kind == _XSD + "date" and _DATE.fullmatch(f"{term.value[:10]}T00:00:00Z"):
        return {"date": f"{term.value[:10]}T00:00:00Z"}
    if kind == _XSD + "dateTime" and _DATE.fullmatch(term.value):
        return {"date": term.value}
    if term.language and not old:
        return {"str": term.value, "lang": term.language}
    return {"str": term.value}
