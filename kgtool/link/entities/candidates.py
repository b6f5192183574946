"""Which things of a registry a thing may be: found by what they share, so that not every pair is compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest

from kgtool.link.entities.entity import Entity
from kgtool.link.entities.naming import WordWeights, forms, unit_numbers
from kgtool.link.entities.rules import Rules

#: Things that share rare words with one, of which no more are compared.
_BY_WORDS = 40
#: A word or key of more things than this finds none of them.
_FREQUENT = 2000


class Candidates:
    """The things of one kind that others may be, with an index of what they share."""

    def __init__(self, rules: Rules, words: WordWeights, entities: Sequence[Entity]) -> None:
        self._rules, self._words = rules, words
        self._entities = entities
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for number, entity in enumerate(entities):
            for key in set(self._keys(entity)):
                self._by_key[key].append(number)
            for word in self._all_words(entity):
                self._by_word[word].append(number)

    def of(self, entity: Entity) -> Iterator[Entity]:
        """Give those that share an identifier, a whole name, a unit number or a home page, and the nearest by words."""
        found: set[int] = set()
        for key in self._keys(entity):
            if key.startswith("id ") or len(self._by_key.get(key, ())) <= _FREQUENT:
                found.update(self._by_key.get(key, ()))
        weights: dict[int, float] = defaultdict(float)
        for word in sorted(self._all_words(entity)):
            numbers = self._by_word.get(word, ())
            if len(numbers) <= _FREQUENT:
                for number in numbers:
                    weights[number] += self._words.weight(word)
        found.update(nlargest(_BY_WORDS, weights, key=lambda number: (weights[number], -number)))
        for number in sorted(found):
            if self._entities[number].iri != entity.iri:
                yield self._entities[number]

    def _keys(self, entity: Entity) -> Iterator[str]:
        for scheme, value in entity.identifiers:
            yield f"id {scheme} {value}"
        for address in entity.homepages:
            yield f"page {address}"
        if entity.kind == "person":
            for printed in entity.printed_names():
                for reading in printed.readings:
                    yield f"family {' '.join(reading.family)}"
            return
        for name in forms(entity.names, self._rules.unit_labels):
            yield f"name {' '.join(self._words.words(name))}"
        for name in entity.names:
            for number in unit_numbers(name, self._rules.unit_labels):
                yield f"unit {number}"

    def _all_words(self, entity: Entity) -> set[str]:
        if entity.kind == "person":
            return {word for name in entity.printed_names() for word in name.words if len(word) > 1}
        return {word for name in entity.names for word in self._words.words(name)}


def by_kind(entities: Iterable[Entity]) -> dict[str, list[Entity]]:
    """Sort things by their kind, each kind by IRI."""
    kinds: dict[str, list[Entity]] = defaultdict(list)
    for entity in sorted(entities, key=lambda each: each.iri):
        kinds[entity.kind].append(entity)
    return kinds
