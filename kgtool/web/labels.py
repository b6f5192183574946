"""Names of things for people, in the reader's language."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, cast

from pyoxigraph import Literal, NamedNode

from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import ID_BASE, iri
from kgtool.web.tables import shortened

#: Where a name may stand, the best place first.
NAMING: Final = (
    iri("skos", "prefLabel"),
    iri("rdfs", "label"),
    iri("schema", "name"),
    iri("foaf", "name"),
    iri("dcterms", "title"),
)
#: What names an identifier: the register, and the value there.
_IDENTIFYING: Final = (iri("schema", "propertyID"), iri("schema", "value"))
_AT_A_TIME: Final = 500


@dataclass(frozen=True)
class Label:
    """A text with its language, which is ``None`` where the data name none."""

    text: str
    language: str | None = None

    def __str__(self) -> str:
        """Give the text alone."""
        return self.text


def best(literals: Iterable[Literal], language: str) -> Label | None:
    """Choose the text in the reader's language, else one without a language, else French or English, else any.

    >>> best([Literal("Hospital", language="en"), Literal("Hôpital", language="fr")], "fr")
    Label(text='Hôpital', language='fr')
    """

    def rank(literal: Literal) -> tuple[int, str, str]:
        tag = (literal.language or "").partition("-")[0]
        order = {"": 1, "en": 2, "fr": 2, language: 0}.get(tag, 3)
        return order, tag, literal.value

    first = min(literals, key=rank, default=None)
    return Label(first.value, first.language) if first is not None else None


def short_name(value: str, base: str = ID_BASE) -> Label:
    """Give the name of something that the data do not name: its prefixed IRI, or for our own the end of it.

    >>> short_name("https://schema.org/startDate").text, short_name(f"{ID_BASE}region/a/b-c").text
    ('schema:startDate', 'b-c')
    >>> short_name("https://ror.org/02vjkv261").text
    'https://ror.org/02vjkv261'
    """
    rest = value.removeprefix(base)
    return Label(shortened(value) if rest == value else rest.rstrip("/#").rpartition("/")[2] or value)


def labels(
    graph: KnowledgeGraph, things: Collection[NamedNode], language: str, base: str = ID_BASE
) -> dict[str, Label]:
    """Give the name of each thing, by IRI.

    Identifiers go by their register and value; what the graph does not name goes by :func:`short_name`.
    """
    found: dict[str, dict[str, list[Literal]]] = {}
    ordered = sorted(things, key=lambda thing: thing.value)
    properties = " ".join(map(str, (*NAMING, *_IDENTIFYING)))
    for start in range(0, len(ordered), _AT_A_TIME):
        values = " ".join(map(str, ordered[start : start + _AT_A_TIME]))
        rows = graph.query(
            f"SELECT ?thing ?property ?label WHERE {{ VALUES ?thing {{ {values} }} VALUES ?property {{ {properties} }} "
            "?thing ?property ?label FILTER(isLiteral(?label)) }",
            reasoning=False,
        )
        for row in rows:
            thing, naming, label = cast(tuple[NamedNode, NamedNode, Literal], row)
            found.setdefault(thing.value, {}).setdefault(naming.value, []).append(label)
    return {
        thing.value: _named(found.get(thing.value, {}), language) or short_name(thing.value, base) for thing in ordered
    }


def _named(by_property: dict[str, list[Literal]], language: str) -> Label | None:
    for naming in NAMING:
        label = best(by_property.get(naming.value, ()), language)
        if label is not None:
            return label
    register, value = (best(by_property.get(part.value, ()), language) for part in _IDENTIFYING)
    return Label(f"{register} {value}") if register and value else None
