"""What a graph offers for reconciliation: its classes of things that have names, and its properties, with their names.

Which classes these are the graph says itself (``kg:isReconciled``). One that says nothing of the kind offers whatever
has a name and is no term of a vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, cast

from pyoxigraph import NamedNode

from kgtool.link.reconciliation.words import words
from kgtool.store.labels import labels_of
from kgtool.store.results import QueryResult
from kgtool.vocabulary import PREFIXES, iri

_RECONCILED: Final = iri("kg", "isReconciled")
_NAMESAKES: Final = iri("kg", "hasNamesakes")
_TELLS_APART: Final = iri("kg", "tellsApart")
_BELOW: Final = iri("rdfs", "subClassOf")
#: Members of these namespaces' classes are terms, and no things that a table names.
_SCHEMAS: Final = ("owl", "rdf", "rdfs", "sh", "void", "dcat", "prov")
LANGUAGES: Final = ("fr", "en")


class Graph(Protocol):
    """A graph that answers queries, as of a commit."""

    @property
    def commit(self) -> str:
        """The last commit."""
        ...

    def query(self, text: str, *, reasoning: bool = True) -> QueryResult:
        """Evaluate a query."""
        ...


@dataclass(frozen=True)
class Offered:
    """A class or a property.

    :param names: by language.
    :param broader: of a class, all offered classes above it.
    """

    iri: str
    names: tuple[tuple[str, str], ...]
    broader: frozenset[str] = frozenset()

    def name(self, language: str) -> str:
        """Give its name in a language, else in any."""
        known = dict(self.names)
        return known.get(language) or known.get("en") or next(iter(known.values()), shortened(self.iri))


@dataclass(frozen=True)
class Classes:
    """The classes of a graph whose members are found.

    :param marked: whether the graph says which these are; otherwise all named things are found.
    :param with_namesakes: those whose members no name alone identifies.
    """

    offered: Mapping[str, Offered]
    with_namesakes: frozenset[str]
    marked: bool

    def meant(self, type_id: str) -> str:
        """Give the IRI of a class by its IRI, its prefixed name, or its name."""
        full = expanded(type_id)
        if full in self.offered:
            return full
        asked = words(type_id)
        named = (each.iri for each in self.offered.values() if any(words(name) == asked for _, name in each.names))
        return next(named, full)

    def narrowest(self, types: Iterable[str]) -> list[str]:
        """Leave out the classes that are above another of them, and those that mean the same."""
        held = [each for each in types if each in self.offered]
        above = {wide for each in held for wide in self.offered[each].broader if each not in self.offered[wide].broader}
        return sorted(each for each in held if each not in above)


def classes_of_graph(graph: Graph) -> Classes:
    """Read which classes a graph offers: those that it marks, and what lies below them."""
    roots = _iris(graph, f"SELECT ?x {{ ?x {_RECONCILED} ?yes FILTER(?yes = true) }}")
    namesakes = _iris(graph, f"SELECT ?x {{ ?x {_NAMESAKES} ?yes FILTER(?yes = true) }}")
    if roots:
        listed = " ".join(f"<{root}>" for root in roots)
        below = _iris(
            graph, f"SELECT DISTINCT ?x {{ VALUES ?root {{ {listed} }} ?x {_BELOW} ?root FILTER(isIRI(?x)) }}"
        )
        found = {*roots, *below}
    else:
        outside = "".join(f" && !STRSTARTS(STR(?x), '{PREFIXES[prefix]}')" for prefix in _SCHEMAS)
        found = set(_iris(graph, f"SELECT DISTINCT ?x {{ ?thing a ?x FILTER(isIRI(?x){outside}) }}"))
    above: dict[str, set[str]] = {each: set() for each in found}
    values = " ".join(f"<{each}>" for each in sorted(found))
    for row in graph.query(f"SELECT ?x ?y {{ VALUES ?x {{ {values} }} ?x {_BELOW} ?y }}"):
        narrow, wide = cast(tuple[NamedNode, NamedNode], row)
        if wide.value in found and wide != narrow:
            above[narrow.value].add(wide.value)
    names = _names(graph, found)
    # What has no name in the graph is another vocabulary's word for a class that has one.
    shown = {each for each in found if each in names} or found
    offered = {each: Offered(each, names.get(each, ()), frozenset(above[each] & shown)) for each in sorted(shown)}
    among = set(namesakes)
    return Classes(offered, frozenset(each for each in shown if among & {each, *above[each]}), bool(roots))


def properties_of_graph(graph: Graph) -> dict[str, Offered]:
    """Give the properties that the graph uses of things and has names for."""
    used = _iris(
        graph,
        "SELECT DISTINCT ?x { { ?x a <http://www.w3.org/2002/07/owl#ObjectProperty> } UNION "
        "{ ?x a <http://www.w3.org/2002/07/owl#DatatypeProperty> } FILTER(isIRI(?x)) FILTER EXISTS { ?s ?x ?o } }",
    )
    names = _names(graph, used)
    return {each: Offered(each, names[each]) for each in sorted(names)}


def telling_apart(graph: Graph) -> list[str]:
    """Give the properties whose values tell namesakes apart."""
    return sorted(_iris(graph, f"SELECT ?x {{ ?x {_TELLS_APART} ?yes FILTER(?yes = true) }}"))


def expanded(name: str) -> str:
    """Give the IRI of a prefixed name; anything else stays as it is.

    >>> expanded("kg:Hospital"), expanded("urn:a")
    ('https://w3id.org/kgtool/ontology#Hospital', 'urn:a')
    """
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES and not local.startswith("//") else name


def shortened(full: str) -> str:
    """Give the prefixed name of an IRI, else the IRI.

    >>> shortened("https://schema.org/Place")
    'schema:Place'
    """
    for prefix, namespace in PREFIXES.items():
        if full.startswith(namespace) and len(full) > len(namespace):
            return f"{prefix}:{full.removeprefix(namespace)}"
    return full


def is_iri(text: str) -> bool:
    """Tell whether a text can be an IRI."""
    if ":" not in text:
        return False
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _names(graph: Graph, things: Iterable[str]) -> dict[str, tuple[tuple[str, str], ...]]:
    nodes = [NamedNode(each) for each in things]
    found: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        for thing, label in labels_of(graph, nodes, language).items():
            found.setdefault(thing, {})[language] = label.text
    return {thing: tuple(sorted(names.items())) for thing, names in found.items()}


def _iris(graph: Graph, text: str) -> list[str]:
    return [node.value for (node,) in cast(Iterable[tuple[object]], graph.query(text)) if isinstance(node, NamedNode)]
