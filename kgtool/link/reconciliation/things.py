"""Things with their names and identifiers, as an index of names knows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """A name of a thing.

    :param place: 0 for the best property that names; alternative names come last.
    :param words: of the text.
    """

    text: str
    language: str
    place: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Thing:
    """A thing with what the index knows of it.

    :param types: classes, as IRIs; what follows included.
    :param identifiers: register, value as compared, value as shown.
    """

    iri: str
    types: tuple[str, ...]
    names: tuple[Name, ...]
    identifiers: tuple[tuple[str, str, str], ...]

    def name(self, language: str) -> str:
        """Give the name to show: the best one in the reader's language, else one without a language, else any."""
        order = {language: 0, "": 1, "en": 2, "fr": 2}
        ranked = sorted(
            self.names, key=lambda each: (each.place > 4, order.get(each.language, 3), each.place, each.text)
        )
        return ranked[0].text if ranked else self.iri

    def title(self, language: str) -> str:
        """Give the name by which pages call it: the label in the reader's language, whatever else tables match."""
        order = {"": 1, language: 0}
        ranked = min(
            self.names, key=lambda each: (each.place > 4, order.get(each.language, 2), each.place), default=None
        )
        return ranked.text if ranked else self.iri
