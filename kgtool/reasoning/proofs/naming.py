"""How terms are named in an explanation: by their labels, else by words made of their IRIs; a name means one thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from kgtool.reasoning.clash import short
from kgtool.reasoning.language import Node, Var
from kgtool.reasoning.proofs.dates import date_in_words, day_in_words
from kgtool.reasoning.proofs.phrases import phrase
from kgtool.reasoning.proofs.wording import (
    as_inner_word,
    local_name,
    name_in_words,
    printable,
    source_name,
    standard_name,
)
from kgtool.store.labels import Label, Queryable, classes_of, labels_of
from kgtool.vocabulary import DEFAULT_SOURCE, iri

_TEXTS: Final = frozenset({iri("xsd", "string"), iri("rdf", "langString")})


@dataclass(frozen=True)
class Mention:
    """A thing named in a text.

    :param language: that of its name, where it is not the reader's.
    """

    text: str
    iri: str
    language: str | None = None


#: A piece of a line: words, or the name of a thing.
Piece: TypeAlias = str | Mention


class Labels(Protocol):
    """Where names of things are found, for many at once."""

    def labels(self, things: Collection[NamedNode], language: str) -> Mapping[str, Label]:
        """Give the labels of those that have one, by IRI, in a language or else in any."""
        ...

    def classes(self, things: Collection[NamedNode]) -> Mapping[str, list[NamedNode]]:
        """Give the narrowest classes of those that are in one, by IRI."""
        ...


@dataclass(frozen=True)
class GraphLabels:
    """The labels of a graph."""

    graph: Queryable

    def labels(self, things: Collection[NamedNode], language: str) -> Mapping[str, Label]:
        """Give the labels of those that have one."""
        return labels_of(self.graph, things, language)

    def classes(self, things: Collection[NamedNode]) -> Mapping[str, list[NamedNode]]:
        """Give the narrowest classes of those that are in one."""
        return classes_of(self.graph, things)


class Names:
    """The names of the terms of one explanation.

    :param nodes: all that will be named, in the order in which they come.
    :param predicates: those of them that stand between two others.
    """

    def __init__(self, nodes: Iterable[Node], predicates: Collection[Node], labels: Labels, language: str) -> None:
        self._language = language
        met = list(dict.fromkeys(nodes))
        things = [node for node in met if isinstance(node, NamedNode)]
        found = labels.labels(things, language)
        self._mentions = {thing: self._labelled(thing, found) for thing in things}
        self._name_the_unnamed(things, set(predicates), labels)
        self._tell_apart([thing for thing in things if thing not in predicates])
        self._blanks = {node: place for place, node in enumerate(node for node in met if isinstance(node, BlankNode))}
        self._variables = [node for node in met if isinstance(node, Var)]

    def of(self, node: Node) -> Piece:
        """Give the name of a term, or words for a variable."""
        match node:
            case NamedNode():
                return self._mentions[node] or Mention(printable(node.value), node.value)
            case BlankNode():
                return phrase("unnamed", self._language, letter=_letters(self._blanks[node]))
            case Literal():
                return self._literal(node)
            case _:
                alone = len(self._variables) == 1 and len(node) == 1
                return phrase("something" if alone else "something called", self._language, name=str(node))

    def day(self, time: str) -> str:
        """Give the day of an ``xsd:dateTime`` text in words."""
        return day_in_words(printable(time), self._language)

    def _labelled(self, thing: NamedNode, found: Mapping[str, Label]) -> Mention | None:
        label = found.get(thing.value)
        if label is not None and label.text.strip():
            tag = (label.language or self._language).partition("-")[0]
            return Mention(printable(label.text), thing.value, None if tag == self._language else label.language)
        if thing == DEFAULT_SOURCE:
            return Mention(phrase("updates", self._language), thing.value)
        words = standard_name(thing.value, self._language) or source_name(thing.value)
        return Mention(printable(words), thing.value) if words else None

    def _name_the_unnamed(self, things: Iterable[NamedNode], predicates: Collection[Node], labels: Labels) -> None:
        """Name by their IRIs what has no label: properties in words, things with the name of their class."""
        unnamed = [thing for thing in things if self._mentions[thing] is None]
        others = [thing for thing in unnamed if thing not in predicates]
        kinds = labels.classes(others) if others else {}
        classes = {kind for of_thing in kinds.values() for kind in of_thing}
        found = labels.labels(classes, self._language) if classes else {}
        lettered: Counter[str] = Counter()
        for thing in unnamed:
            names = [self._labelled(kind, found) for kind in kinds.get(thing.value, ())]
            kind = next((as_inner_word(name.text) for name in names if name is not None), None)
            own = local_name(thing.value)
            if kind is not None and own is None:
                own = _letters(lettered[kind])
                lettered[kind] += 1
            words = f"{kind} {own}" if kind else name_in_words(thing.value)
            self._mentions[thing] = Mention(printable(words), thing.value)

    def _tell_apart(self, things: Iterable[NamedNode]) -> None:
        """Add their IRIs to the names that several things have."""
        mentions = [mention for thing in things if (mention := self._mentions[thing]) is not None]
        shared = {text for text, times in Counter(mention.text for mention in mentions).items() if times > 1}
        for mention in mentions:
            if mention.text in shared:
                name = printable(short(NamedNode(mention.iri)))
                text = f"{mention.text} {name if name.startswith('<') else f'({name})'}"
                self._mentions[NamedNode(mention.iri)] = Mention(text, mention.iri, mention.language)

    def _literal(self, literal: Literal) -> str:
        date = date_in_words(literal, self._language)
        if date is not None:
            return date
        text = printable(literal.value)
        if literal.datatype not in _TEXTS:
            return text
        quoted = phrase("quoted", self._language, text=text)
        tag = literal.language
        return f"{quoted} ({tag})" if tag and tag.partition("-")[0] != self._language else quoted


def _letters(number: int) -> str:
    """Give the letters of a number: A to Z, then AA.

    >>> _letters(0), _letters(25), _letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
