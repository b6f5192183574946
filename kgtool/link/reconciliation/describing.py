"""An entity in a few lines, for a small page beside a table, and anything in one, for what opens at a pointer."""

from __future__ import annotations

from html import escape
from typing import Final

from kgtool.link.reconciliation.answering import Reconciler
from kgtool.link.reconciliation.documents import descriptions, types_of
from kgtool.link.reconciliation.index import SAME
from kgtool.link.reconciliation.offered import expanded

#: Other names that are shown.
_NAMES: Final = 6


def described(reconciler: Reconciler, id: str, language: str) -> dict[str, object] | None:
    """Give what a small page shows of an entity: its names, classes and identifiers; None where there is none."""
    ids = reconciler.index.with_iri(id)
    if not ids:
        return None
    thing = reconciler.index.things(ids)[ids[0]]
    name = thing.name(language)
    others = dict.fromkeys(each.text for each in sorted(thing.names, key=lambda each: (each.place, each.text)))
    return {
        "id": thing.iri,
        "name": name,
        "description": descriptions(reconciler, [thing], language)[thing.iri],
        "types": types_of(reconciler.classes, thing, language),
        "names": [each for each in others if each != name][:_NAMES],
        "identifiers": [[register, shown] for register, _, shown in thing.identifiers if register != SAME],
    }


def flyout(reconciler: Reconciler, what: str, id: str, language: str) -> dict[str, object] | None:
    """Give one line of HTML about an entity, a class or a property; None where there is none of this id.

    Whatever the data say is text there, and no markup.
    """
    if what == "entity":
        shown = described(reconciler, id, language)
        text = f"{shown['name']}: {shown['description']}" if shown else None
    elif what == "type":
        offered = reconciler.classes.offered.get(reconciler.classes.meant(id))
        text = f"{offered.name(language)}: {offered.iri}" if offered else None
    else:
        property = reconciler.properties.get(expanded(id))
        known = id in reconciler.registers
        text = f"{property.name(language)}: {property.iri}" if property else f"{id} identifier" if known else None
    return None if text is None else {"id": id, "html": f"<p>{escape(text)}</p>"}
