"""Names of things as the data give them, and the classes of what they do not name, looked up for many at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, cast

from pyoxigraph import Literal, NamedNode

from kgtool.store.results import QueryResult
from kgtool.vocabulary import iri

#: Where a name may stand, the best place first.
NAMING: Final = (
    iri("rdfs", "label"),
    iri("skos", "prefLabel"),
    iri("foaf", "name"),
    iri("schema", "name"),
    iri("dcterms", "title"),
)
#: What names an identifier: the register, and the value there.
_IDENTIFYING: Final = (iri("schema", "propertyID"), iri("schema", "value"))
_BELOW: Final = iri("rdfs", "subClassOf")
_AT_A_TIME: Final = 500


@dataclass(frozen=True)
class Label:
    """A text with its language, which is ``None`` where the data name none."""

    text: str
    language: str | None = None

    def __str__(self) -> str:
        """Give the text alone."""
        return self.text


class Queryable(Protocol):
    """A graph that answers queries."""

    def query(self, text: str, *, reasoning: bool = True) -> QueryResult:
        """Evaluate a query."""
        ...


def best(literals: Iterable[Literal], language: str) -> Label | None:
    """Choose the text in the reader's language, else one without a language, else French or English, else any.

    >>> best([Literal("Hospital", language="en"), Literal("Hôpital", language="fr")], "fr")
    Label(text='Hôpital', language='fr')
    """
    first = min(literals, key=_rank(language), default=None)
    return Label(first.value, first.language) if first is not None else None


def labels_of(graph: Queryable, things: Collection[NamedNode], language: str) -> dict[str, Label]:
    """Give the name of each thing that the graph names, by IRI: in the reader's language wherever it stands.

    Identifiers go by their register and value.
    """
    found: dict[str, dict[str, list[Literal]]] = {}
    properties = (*NAMING, *_IDENTIFYING)
    for part in _batches(things):
        # Pairs, as Oxigraph would look at every triple for two lists.
        pairs = " ".join(f"({thing} {property})" for thing in part for property in properties)
        rows = graph.query(
            f"SELECT ?thing ?property ?label WHERE {{ VALUES (?thing ?property) {{ {pairs} }} "
            "?thing ?property ?label FILTER(isLiteral(?label)) }",
            reasoning=False,
        )
        for row in rows:
            thing, naming, label = cast(tuple[NamedNode, NamedNode, Literal], row)
            found.setdefault(thing.value, {}).setdefault(naming.value, []).append(label)
    named = ((thing, _named(by_property, language)) for thing, by_property in found.items())
    return {thing: label for thing, label in named if label is not None}


def classes_of(graph: Queryable, things: Collection[NamedNode]) -> dict[str, list[NamedNode]]:
    """Give the classes of each thing, by IRI: the narrowest ones, what follows included, in a steady order."""
    found: dict[str, list[NamedNode]] = {}
    for part in _batches(things):
        values = " ".join(map(str, part))
        rows = graph.query(
            f"SELECT DISTINCT ?thing ?class {{ VALUES ?thing {{ {values} }} ?thing a ?class FILTER(isIRI(?class)) "
            f"FILTER NOT EXISTS {{ ?thing a ?narrower . ?narrower {_BELOW} ?class FILTER(?narrower != ?class) "
            f"FILTER NOT EXISTS {{ ?class {_BELOW} ?narrower }} }} }}"
        )
        for row in rows:
            thing, kind = cast(tuple[NamedNode, NamedNode], row)
            found.setdefault(thing.value, []).append(kind)
    return {thing: sorted(kinds, key=lambda kind: kind.value) for thing, kinds in found.items()}


def _batches(things: Collection[NamedNode]) -> Iterator[Sequence[NamedNode]]:
    ordered: Sequence[NamedNode] = sorted(things, key=lambda thing: thing.value)
    for start in range(0, len(ordered), _AT_A_TIME):
        yield ordered[start : start + _AT_A_TIME]


def _rank(language: str) -> Callable[[Literal], tuple[int, str, str]]:
    def rank(literal: Literal) -> tuple[int, str, str]:
        tag = (literal.language or "").partition("-")[0]
        order = {"": 1, "en": 2, "fr": 2, language: 0}.get(tag, 3)
        return order, tag, literal.value

    return rank


def _named(by_property: Mapping[str, Sequence[Literal]], language: str) -> Label | None:
    rank = _rank(language)
    texts = [
        (rank(literal)[0], place, rank(literal), literal)
        for place, naming in enumerate(NAMING)
        for literal in by_property.get(naming.value, ())
    ]
    if texts:
        literal = min(texts, key=lambda text: text[:3])[3]
        return Label(literal.value, literal.language)
    register, value = (best(by_property.get(part.value, ()), language) for part in _IDENTIFYING)
    return Label(f"{register} {value}") if register and value else None
