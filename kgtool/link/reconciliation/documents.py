"""The answers in the JSON of the API, of either version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pyoxigraph import NamedNode

from kgtool.link.reconciliation.answering import Found, Reconciler
from kgtool.link.reconciliation.index import SAME, Thing
from kgtool.link.reconciliation.listing import with_iris
from kgtool.link.reconciliation.offered import Classes, shortened
from kgtool.link.reconciliation.scoring import Candidate
from kgtool.link.reconciliation.values import Held, held_values
from kgtool.store.labels import best

#: Identifiers that a description shows.
_SHOWN: Final = 2


def old_results(reconciler: Reconciler, found: Mapping[str, Found]) -> dict[str, object]:
    """Word the results of a batch as version 0.2 has it, by the keys of the client."""
    told = descriptions(
        reconciler, [c.thing for each in found.values() for c in each.candidates], _language(found.values())
    )
    return {
        key: {"result": [_candidate(reconciler.classes, c, each.query.language, told) for c in each.candidates]}
        for key, each in found.items()
    }


def new_results(reconciler: Reconciler, found: Sequence[Found]) -> dict[str, object]:
    """Word the results of a batch as version 1.0-draft has it, in the order of the queries."""
    told = descriptions(reconciler, [c.thing for each in found for c in each.candidates], _language(found))
    return {
        "results": [
            {"candidates": [_candidate(reconciler.classes, c, each.query.language, told) for c in each.candidates]}
            for each in found
        ]
    }


def type_document(classes: Classes, type_id: str, language: str) -> dict[str, object]:
    """Word a class with the classes directly above it; ids are prefixed names, which need no encoding in an address."""
    offered = classes.offered[type_id]
    above = classes.narrowest(offered.broader)
    document: dict[str, object] = {"id": shortened(type_id), "name": offered.name(language)}
    if above:
        document["broader"] = [{"id": shortened(each), "name": classes.offered[each].name(language)} for each in above]
    return document


def types_of(classes: Classes, thing: Thing, language: str) -> list[dict[str, str]]:
    """Word the narrowest classes of a thing."""
    found = classes.narrowest(thing.types)
    return [{"id": shortened(each), "name": classes.offered[each].name(language)} for each in found]


def descriptions(
    reconciler: Reconciler, things: Iterable[Thing], language: str, *, identifiers: int = _SHOWN, types: bool = True
) -> dict[str, str]:
    """Say in a line what tells each thing from its namesakes: class, what it is part of or where it is, identifiers.

    :param identifiers: how many of them.
    :param types: whether to name its classes.
    """
    by_iri = {thing.iri: thing for thing in things}
    held = held_values(reconciler.graph, by_iri, reconciler.telling) if reconciler.telling else {}
    values = {each.term.value for found in held.values() for each in found if isinstance(each.term, NamedNode)}
    named = reconciler.index.things(with_iris(reconciler.index, values).values()).values()
    names = {each.iri: each.title(language) for each in named}
    found = {}
    for iri, thing in by_iri.items():
        kinds = ", ".join(each["name"] for each in types_of(reconciler.classes, thing, language)) if types else ""
        lines = [_line(held.get((iri, property), []), language, names) for property in reconciler.telling]
        numbers = [f"{register} {shown}" for register, _, shown in thing.identifiers if register != SAME]
        found[iri] = " · ".join(part for part in (kinds, *dict.fromkeys(lines), *numbers[:identifiers]) if part)
    return found


def _candidate(classes: Classes, candidate: Candidate, language: str, told: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": candidate.thing.iri,
        "name": candidate.thing.name(language),
        "description": told.get(candidate.thing.iri, ""),
        "score": candidate.score,
        "match": candidate.match,
        "type": types_of(classes, candidate.thing, language),
        "features": [{"id": each.id, "name": each.name, "value": each.value} for each in candidate.features],
        "why": "; ".join(candidate.why),
    }


def _line(values: Sequence[Held], language: str, known: Mapping[str, str]) -> str:
    """Name values: what the index knows by the name that it shows, as an abbreviation may be a name too."""
    names = []
    for held in values:
        label = best(held.names, language)
        if held.term.value in known:
            names.append(known[held.term.value])
        elif label is not None:
            names.append(label.text)
    more = f" (+{len(names) - 3})" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _language(found: Iterable[Found]) -> str:
    return next((each.query.language for each in found), "en")
