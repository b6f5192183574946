"""Suggestions while somebody types: entities, classes and properties whose names begin so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Final

from kgtool.link.reconciliation.answering import Reconciler
from kgtool.link.reconciliation.documents import descriptions, type_document, types_of
from kgtool.link.reconciliation.index import COMPARED, Thing
from kgtool.link.reconciliation.listing import with_identifier_begun
from kgtool.link.reconciliation.offered import Offered, shortened
from kgtool.link.reconciliation.values import Property
from kgtool.link.reconciliation.words import likeness, words

#: Suggestions that are given at once.
AT_ONCE: Final = 20


def entities(
    reconciler: Reconciler, prefix: str, cursor: int, language: str, types: Sequence[str] = ()
) -> dict[str, object]:
    """Suggest things: by the beginning of a name's words, an identifier, or an IRI.

    :param cursor: how many to leave out.
    :param types: classes of which things have to be one; empty for any.
    """
    found = suggested(reconciler, prefix, types)[cursor : cursor + AT_ONCE]
    told = descriptions(reconciler, found, language)
    return {
        "result": [
            {
                "id": thing.iri,
                "name": thing.name(language),
                "description": told[thing.iri],
                "notable": types_of(reconciler.classes, thing, language),
            }
            for thing in found
        ]
    }


def suggested(
    reconciler: Reconciler,
    prefix: str,
    types: Sequence[str] = (),
    *,
    most: int = COMPARED,
    among: Collection[int] | None = None,
) -> list[Thing]:
    """Give the things that a text may be the beginning of, the likeliest first.

    :param types: classes of which they have to be one; empty for any.
    :param most: things with its words that are compared with it.
    :param among: the things that may be given, as numbers of the index; None for all.
    """
    wanted = frozenset(map(reconciler.classes.meant, types)) or None
    index, asked = reconciler.index, words(prefix)
    ids = [*index.with_iri(prefix.strip()), *index.with_identifier(prefix), *index.with_key(asked)]
    ids += with_identifier_begun(index, prefix, AT_ONCE)
    if among is not None:
        ids = [id for id in ids if id in among]
    begun = index.with_words(asked, wanted, begun=True, most=most, among=among) if asked else ()
    things = index.things([*ids, *begun])
    first = set(ids)

    @cache
    def rank(id: int) -> tuple[bool, float, str]:
        worth = max((_begins(asked, name.words) for name in things[id].names), default=0.0)
        return id not in first, -worth, things[id].iri

    fitting = [id for id in things if wanted is None or not wanted.isdisjoint(things[id].types)]
    return [things[id] for id in sorted(fitting, key=rank) if id in first or rank(id)[1] < 0]


def told_by(prefix: str, thing: Thing) -> str:
    """Give the name of a thing that a text is most likely the beginning of; empty where none is."""
    asked = words(prefix)
    worth, text = max(((_begins(asked, name.words), name.text) for name in thing.names), default=(0.0, ""))
    return text if worth else ""


def types(reconciler: Reconciler, prefix: str, cursor: int, language: str) -> dict[str, object]:
    """Suggest classes."""
    classes = reconciler.classes
    found = _matching(classes.offered.values(), prefix, language)[cursor : cursor + AT_ONCE]
    return {"result": [type_document(classes, each.iri, language) for each in found]}


def properties(reconciler: Reconciler, prefix: str, cursor: int, language: str) -> dict[str, object]:
    """Suggest registers of identifiers, then properties."""
    asked = prefix.strip().casefold()
    registers = [_register(each) for each in reconciler.registers if each.casefold().startswith(asked)]
    named = [property_document(each, language) for each in _matching(reconciler.properties.values(), prefix, language)]
    return {"result": [*registers, *named][cursor : cursor + AT_ONCE]}


def proposed(reconciler: Reconciler, type_id: str, limit: int | None, language: str) -> dict[str, object]:
    """Propose properties to fetch of the members of a class: those that most of them have, registers first.

    :param type_id: a class; empty for any.
    """
    meant = reconciler.classes.meant(type_id) if type_id else ""
    used = _used(reconciler, meant)
    found = [_register(each) for each in (reconciler.registers if not meant or used else ())]
    found += [property_document(reconciler.properties[each], language) for each in used]
    document: dict[str, object] = {"properties": found if limit is None else found[:limit]}
    if type_id:
        document["type"] = type_id
    if limit is not None:
        document["limit"] = limit
    return document


def property_document(property: Offered, language: str) -> dict[str, object]:
    """Word a property, which goes by its prefixed name."""
    return {"id": shortened(property.iri), "name": property.name(language), "description": property.iri}


def meta_of(asked: Property, language: str) -> dict[str, object]:
    """Word a property that was asked for, by the id that was given."""
    return {"id": asked.id, "name": asked.name(language) or asked.id}


def _register(name: str) -> dict[str, object]:
    return {"id": name, "name": name, "description": f"{name} identifier"}


def _used(reconciler: Reconciler, type_iri: str) -> list[str]:
    """Give the named properties that members of a class have, the most used first."""
    if type_iri and type_iri not in reconciler.classes.offered:
        return []
    kind = f"?s a <{type_iri}> . " if type_iri else ""
    rows = reconciler.graph.query(
        f"SELECT ?p (COUNT(DISTINCT ?s) AS ?n) {{ {kind}?s ?p ?o }} GROUP BY ?p ORDER BY DESC(?n) ?p"
    )
    return [row[0].value for row in rows if getattr(row[0], "value", "") in reconciler.properties]  # type: ignore[union-attr]


def _matching(offered: Iterable[Offered], prefix: str, language: str) -> list[Offered]:
    """Give what has a name with words that begin with those asked for, in any language; an IRI is a name."""
    asked = words(prefix)
    shown = prefix.strip()
    scores = {
        each: max(
            [_begins(asked, words(name)) for _, name in each.names]
            + [1.0 if shown and shown in (each.iri, shortened(each.iri)) else 0.0]
        )
        for each in offered
    }
    ordered = sorted(scores, key=lambda each: (-scores[each], each.name(language), each.iri))
    return [each for each in ordered if scores[each] or not asked]


def _begins(asked: Sequence[str], held: Sequence[str]) -> float:
    """Say how much of a name a text is the beginning of; 0 where a word of it is missing."""
    if not asked or not held:
        return 0.0
    *whole, last = asked
    left = list(held)
    for word in whole:
        near = next((other for other in left if other == word or other.startswith(word)), None)
        if near is None:
            return likeness(asked, held) / 4 if likeness(asked, held) > 0.8 else 0.0
        left.remove(near)
    if not any(other.startswith(last) for other in left):
        return likeness(asked, held) / 4 if likeness(asked, held) > 0.8 else 0.0
    return 0.5 + 0.5 * len(asked) / len(held) if held[0].startswith(asked[0]) else 0.4 + 0.4 * len(asked) / len(held)
