"""``/ontology``: the vocabulary, documented for people, or as RDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, cast

from flask import Blueprint, Response, request, url_for
from pyoxigraph import Literal, NamedNode, Triple

from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import ONTOLOGY_IRI, iri
from kgtool.web import caching, documents, negotiation, pages
from kgtool.web.addresses import address
from kgtool.web.labels import Label, best, labels
from kgtool.web.parameters import Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here

blueprint = Blueprint("ontology", __name__)

_OFFERS: Final = {**negotiation.RDF_FORMATS, "html": negotiation.GRAPH_FORMATS["html"]}
_TYPE: Final = iri("rdf", "type")
_KINDS: Final = {
    "classes": {iri("owl", "Class"), iri("rdfs", "Class")},
    "properties": {
        iri("owl", "ObjectProperty"), iri("owl", "DatatypeProperty"), iri("owl", "AnnotationProperty"),
        iri("rdf", "Property"),
    },
    "concepts": {iri("skos", "Concept"), iri("skos", "ConceptScheme")},
}  # fmt: skip
#: Links of a term that its documentation shows, by the word that names them.
_LINKS: Final = {
    "below": (iri("rdfs", "subClassOf"), iri("rdfs", "subPropertyOf"), iri("skos", "inScheme"), iri("skos", "broader")),
    "domain": (iri("rdfs", "domain"),),
    "range": (iri("rdfs", "range"),),
    "inverse": (iri("owl", "inverseOf"),),
    "source": (iri("dcterms", "source"),),
}


@dataclass(frozen=True)
class Term:
    """One term of the vocabulary, ready for the page."""

    name: str
    iri: str
    label: Label
    definition: Label | None
    examples: tuple[str, ...]
    links: tuple[tuple[str, tuple[tuple[Label, str | None], ...]], ...]


@blueprint.get("/ontology")
def ontology() -> Response:
    """Document the vocabulary, or give its RDF."""
    source = here()
    name = Parameters.of_request(request).one("format")
    wanted = negotiation.choose(request.headers.get("Accept"), _OFFERS) if name is None else name
    if wanted not in _OFFERS:
        raise HttpProblem(406, "no such format", hint=f"one of: {', '.join(_OFFERS)}", headers={"Vary": "Accept"})
    language = pages.language(request)
    tag = caching.entity_tag(source.commit, "ontology", wanted, language)
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged:
        return unchanged
    if wanted != "html":
        response = documents.answer(documents.document(source.graph, _asserted(source.graph), wanted), wanted)
        return caching.tagged(response, tag, vary=pages.VARY)
    sections = terms(source.graph, source.settings.base, language)
    response = pages.page(
        "ontology.html",
        language,
        sections=sections,
        formats=[(each, url_for("ontology.ontology", format=each)) for each in negotiation.RDF_FORMATS],
        iri=ONTOLOGY_IRI,
    )
    return caching.tagged(response, tag, vary=pages.VARY)


def _asserted(graph: KnowledgeGraph) -> Iterable[Triple]:
    """Give the triples of the graphs that an ontology header stands in."""
    rows = graph.query(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ ?ontology a {iri('owl', 'Ontology')} }} "
        "GRAPH ?g { ?s ?p ?o } }",
        reasoning=False,
    )
    return cast(Iterable[Triple], rows)


def terms(graph: KnowledgeGraph, base: str, language: str) -> list[tuple[str, list[Term]]]:
    """Give the terms of the vocabulary by kind, each kind sorted by label, as asserted."""
    rows = graph.query(
        f"SELECT ?term ?property ?value WHERE {{ ?term ?property ?value "
        f'FILTER(isIRI(?term) && STRSTARTS(STR(?term), "{ONTOLOGY_IRI}#")) }}',
        reasoning=False,
    )
    said: dict[NamedNode, dict[NamedNode, list[object]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        term, predicate, value = cast(tuple[NamedNode, NamedNode, object], row)
        said[term][predicate].append(value)
    shown = [predicate for predicates in _LINKS.values() for predicate in predicates]
    linked = {
        value
        for properties in said.values()
        for predicate in shown
        for value in properties.get(predicate, ())
        if isinstance(value, NamedNode)
    }
    names = labels(graph, said.keys() | linked, language)
    sections = []
    for kind, types in _KINDS.items():
        members = [
            term for term, properties in said.items() if types.intersection(cast(list[NamedNode], properties[_TYPE]))
        ]
        documented = [_term(member, said[member], names, base, language) for member in members]
        if documented:
            sections.append((kind, sorted(documented, key=lambda term: (term.label.text.casefold(), term.name))))
    return sections


def _term(
    term: NamedNode, said: dict[NamedNode, list[object]], names: dict[str, Label], base: str, language: str
) -> Term:
    def texts(prefix: str, name: str) -> list[Literal]:
        return [value for value in said.get(iri(prefix, name), ()) if isinstance(value, Literal)]

    links = []
    for word, predicates in _LINKS.items():
        values = {value for each in predicates for value in said.get(each, ()) if isinstance(value, NamedNode)}
        if values:
            ordered = sorted(values, key=lambda value: (names[value.value].text.casefold(), value.value))
            links.append((word, tuple((names[value.value], address(value.value, base)) for value in ordered)))
    return Term(
        term.value.removeprefix(f"{ONTOLOGY_IRI}#"),
        term.value,
        names[term.value],
        best(texts("skos", "definition") or texts("rdfs", "comment"), language),
        tuple(sorted(literal.value for literal in texts("skos", "example"))),
        tuple(links),
    )
