"""The terms of the ontology, ready for their documentation: texts, links, counts, rules and questions of each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from flask_babel import lazy_gettext
from pyoxigraph import Literal, NamedNode

from kgtool.graph import KnowledgeGraph
from kgtool.questions import Question
from kgtool.reasoning.listing import ListedRule
from kgtool.vocabulary import ONTOLOGY_IRI, iri
from kgtool.web.addresses import address
from kgtool.web.labels import Label, best, labels

_TYPE: Final = iri("rdf", "type")
KINDS: Final = {
    "classes": {iri("owl", "Class"), iri("rdfs", "Class")},
    "properties": {
        iri("owl", "ObjectProperty"), iri("owl", "DatatypeProperty"), iri("owl", "AnnotationProperty"),
        iri("rdf", "Property"),
    },
    "concepts": {iri("skos", "Concept"), iri("skos", "ConceptScheme")},
}  # fmt: skip
_BELOW: Final = (
    iri("rdfs", "subClassOf"), iri("rdfs", "subPropertyOf"), iri("owl", "equivalentClass"),
    iri("owl", "equivalentProperty"),
)  # fmt: skip
#: Links of a term that its documentation shows, by the words that name them.
_LINKS: Final = (
    (lazy_gettext("In the scheme"), (iri("skos", "inScheme"),)),
    (lazy_gettext("Broader"), (iri("skos", "broader"),)),
    (lazy_gettext("Domain"), (iri("rdfs", "domain"),)),
    (lazy_gettext("Range"), (iri("rdfs", "range"),)),
    (lazy_gettext("Inverse"), (iri("owl", "inverseOf"),)),
    (lazy_gettext("Source"), (iri("dcterms", "source"),)),
)
_OWN: Final = f"{ONTOLOGY_IRI}#"

Linked = tuple[Label, str | None]


@dataclass(frozen=True)
class Term:
    """One term of the vocabulary, ready for the page.

    :param other: its label in the other language of the pages.
    :param links: by their names, the terms linked to.
    :param rules: names of the rules that derive it.
    :param questions: those whose query uses it, by name.
    """

    name: str
    iri: str
    label: Label
    other: Label | None
    definition: Label | None
    examples: tuple[str, ...]
    links: tuple[tuple[object, tuple[Linked, ...]], ...]
    count: int | None
    rules: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Header:
    """What the ontology says of itself."""

    title: Label | None
    description: Label | None
    version: str | None
    license: str | None


def header(graph: KnowledgeGraph, language: str) -> Header:
    """Read what the ontology says of itself."""
    rows = graph.query(f"SELECT ?property ?value WHERE {{ <{ONTOLOGY_IRI}> ?property ?value }}", reasoning=False)
    said: dict[NamedNode, list[object]] = defaultdict(list)
    for row in rows:
        predicate, value = cast(tuple[NamedNode, object], row)
        said[predicate].append(value)

    def text(prefix: str, name: str) -> Label | None:
        return best([each for each in said[iri(prefix, name)] if isinstance(each, Literal)], language)

    version = text("owl", "versionInfo")
    licenses = [each.value for each in said[iri("dcterms", "license")] if isinstance(each, NamedNode)]
    return Header(
        text("dcterms", "title"),
        text("dcterms", "description"),
        version.text if version else None,
        min(licenses, default=None),
    )


def terms(
    graph: KnowledgeGraph,
    base: str,
    language: str,
    counts: Mapping[str, int],
    rules: Sequence[ListedRule],
    questions: Sequence[Question],
) -> list[tuple[str, list[Term]]]:
    """Give the terms of the vocabulary by kind, each kind sorted by label, as asserted.

    :param counts: instances of classes and triples of properties, by IRI.
    :param rules: those that derive terms.
    :param questions: those that may use them.
    """
    said = _said(graph)
    shown = [*_BELOW, *(predicate for _, predicates in _LINKS for predicate in predicates)]
    linked = {
        value
        for properties in said.values()
        for predicate in shown
        for value in properties.get(predicate, ())
        if isinstance(value, NamedNode)
    }
    writer = _Writer(
        labels(graph, said.keys() | linked, language),
        labels(graph, said.keys(), "en" if language == "fr" else "fr"),
        base,
        language,
        _narrower(said),
        counts,
        _deriving(rules),
        _using(questions, language),
    )
    sections = []
    for kind, types in KINDS.items():
        members = [
            each for each, properties in said.items() if types.intersection(cast(list[NamedNode], properties[_TYPE]))
        ]
        documented = [writer.term(member, said[member]) for member in members]
        if documented:
            sections.append((kind, sorted(documented, key=lambda term: (term.label.text.casefold(), term.name))))
    return sections


def _said(graph: KnowledgeGraph) -> dict[NamedNode, dict[NamedNode, list[object]]]:
    rows = graph.query(
        f"SELECT ?term ?property ?value WHERE {{ ?term ?property ?value "
        f'FILTER(isIRI(?term) && STRSTARTS(STR(?term), "{_OWN}")) }}',
        reasoning=False,
    )
    said: dict[NamedNode, dict[NamedNode, list[object]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        term, predicate, value = cast(tuple[NamedNode, NamedNode, object], row)
        said[term][predicate].append(value)
    return said


def _narrower(said: Mapping[NamedNode, Mapping[NamedNode, Sequence[object]]]) -> Mapping[NamedNode, list[NamedNode]]:
    found: defaultdict[NamedNode, list[NamedNode]] = defaultdict(list)
    for term, properties in said.items():
        for predicate in (*_BELOW[:2], iri("skos", "broader")):
            for value in properties.get(predicate, ()):
                if isinstance(value, NamedNode):
                    found[value].append(term)
    return found


def _deriving(rules: Sequence[ListedRule]) -> Mapping[str, list[str]]:
    """Give the names of the rules that make triples of a property, or instances of a class, by its IRI."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in rules:
        for atom in each.rule.head:
            made = atom.object if atom.predicate == _TYPE else atom.predicate
            if isinstance(made, NamedNode) and each.rule.name not in found[made.value]:
                found[made.value].append(each.rule.name)
    return found


def _using(questions: Sequence[Question], language: str) -> Mapping[str, list[tuple[str, str]]]:
    """Give the questions whose query names a term, by its IRI, as their names and titles."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for question in questions:
        # A prefix can be declared otherwise; our own questions never do that.
        names = set(re.findall(r"\bkg:([\w-]*\w)", question.text))
        names.update(re.findall(re.escape(f"<{_OWN}") + r"([^>]+)>", question.text))
        for name in names:
            found[_OWN + name].append((question.name, question.title[language]))
    return found


@dataclass(frozen=True)
class _Writer:
    names: Mapping[str, Label]
    others: Mapping[str, Label]
    base: str
    language: str
    narrower: Mapping[NamedNode, Sequence[NamedNode]]
    counts: Mapping[str, int]
    rules: Mapping[str, Sequence[str]]
    questions: Mapping[str, Sequence[tuple[str, str]]]

    def term(self, term: NamedNode, said: Mapping[NamedNode, Sequence[object]]) -> Term:
        """Document a term."""

        def texts(prefix: str, name: str) -> list[Literal]:
            return [value for value in said.get(iri(prefix, name), ()) if isinstance(value, Literal)]

        def things(predicates: Sequence[NamedNode]) -> set[NamedNode]:
            return {value for each in predicates for value in said.get(each, ()) if isinstance(value, NamedNode)}

        below = things(_BELOW)
        own = {each for each in below if each.value.startswith(_OWN)}
        links: list[tuple[object, Collection[NamedNode]]] = [
            (lazy_gettext("Below"), own),
            (lazy_gettext("Above"), self.narrower.get(term, ())),
            (lazy_gettext("In other vocabularies"), below - own),
            *((word, things(predicates)) for word, predicates in _LINKS),
        ]
        other = self.others[term.value]
        return Term(
            term.value.removeprefix(_OWN),
            term.value,
            self.names[term.value],
            other if other.text != self.names[term.value].text else None,
            best(texts("skos", "definition") or texts("rdfs", "comment"), self.language),
            tuple(sorted(literal.value for literal in texts("skos", "example"))),
            tuple((word, self._linked(values)) for word, values in links if values),
            self.counts.get(term.value),
            tuple(self.rules.get(term.value, ())),
            tuple(self.questions.get(term.value, ())),
        )

    def _linked(self, values: Collection[NamedNode]) -> tuple[Linked, ...]:
        ordered = sorted(values, key=lambda value: (self.names[value.value].text.casefold(), value.value))
        return tuple((self.names[value.value], address(value.value, self.base)) for value in ordered)
