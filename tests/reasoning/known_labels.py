"""Labels and classes that a test gives, as explanations look them up."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from kgtool.store.labels import Label

LABELS = {
    "ada": {"": "Ada"},
    "ben": {"": "Ben"},
    "carl": {"": "Carl"},
    "parent": {"en": "has the parent", "fr": "a pour parent"},
    "brother": {"en": "has the brother", "fr": "a pour frère"},
    "uncle": {"en": "has the uncle", "fr": "a pour oncle"},
    "relative": {"en": "is a relative of", "fr": "est parent de"},
}


@dataclass
class Known:
    """Labels and classes that a test gives, by local name."""

    names: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: LABELS)
    kinds: Mapping[str, str] = field(default_factory=dict)

    def labels(self, things: Collection[NamedNode], language: str) -> Mapping[str, Label]:
        found = {}
        for thing in things:
            texts = self.names.get(thing.value.removeprefix("urn:x:"), {})
            tags = [tag for tag in (language, "", "en", "fr", "de") if tag in texts]
            if tags:
                found[thing.value] = Label(texts[tags[0]], tags[0] or None)
        return found

    def classes(self, things: Collection[NamedNode]) -> Mapping[str, list[NamedNode]]:
        local = {thing: thing.value.removeprefix("urn:x:") for thing in things}
        return {thing.value: [x(self.kinds[name])] for thing, name in local.items() if name in self.kinds}


def x(name: str) -> NamedNode:
    return NamedNode(f"urn:x:{name}")
