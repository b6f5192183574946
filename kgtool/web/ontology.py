"""``/ontology``: the vocabulary, documented for people, or as RDF."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Final, cast

from flask import Blueprint, Response, request, url_for
from pyoxigraph import Triple

from kgtool.errors import KgtoolError
from kgtool.graph import KnowledgeGraph
from kgtool.reasoning.listing import ListedRule
from kgtool.vocabulary import ONTOLOGY_IRI, iri
from kgtool.web import caching, documenting, documents, localising, negotiation, pages
from kgtool.web.examples import listed
from kgtool.web.parameters import Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.source import GraphSource, here
from kgtool.web.views import Table, View, seen

blueprint = Blueprint("ontology", __name__)

_OFFERS: Final = {**negotiation.RDF_FORMATS, "html": negotiation.GRAPH_FORMATS["html"]}
#: Classes and properties that are read for their counts.
_READ: Final = 20_000
#: Pages that are kept: making one reads each term, rule and question of the ontology.
_MOST_KEPT: Final = 8
_KEPT: Final[OrderedDict[tuple[object, ...], bytes]] = OrderedDict()
_LOCK: Final = Lock()


@blueprint.get("/ontology")
def ontology() -> Response:
    """Document the vocabulary, or give its RDF."""
    source = here()
    name = Parameters.of_request(request).one("format")
    wanted = negotiation.choose(request.headers.get("Accept"), _OFFERS) if name is None else name
    if wanted not in _OFFERS:
        raise HttpProblem(406, "no such format", hint=f"one of: {', '.join(_OFFERS)}", headers={"Vary": "Accept"})
    language = pages.language(request)
    tag = caching.entity_tag(source.commit, "ontology", wanted, language, request.args.get("lang"))
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged:
        return unchanged
    if wanted != "html":
        response = documents.answer(documents.document(source.graph, _asserted(source.graph), wanted), wanted)
        return caching.tagged(response, tag, vary=pages.VARY)
    body = _documentation(source, language)
    return caching.tagged(Response(body, content_type="text/html; charset=utf-8"), tag, vary=pages.VARY)


def _documentation(source: GraphSource, language: str) -> bytes:
    """Give the page, made once for a commit: nothing in it depends on anything else."""
    key = (source.commit, source.settings.base, language, request.args.get("lang"), request.query_string)
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    classes, properties = seen(source, [View("term-classes", (), _READ), View("term-properties", (), _READ)], language)
    (relations,) = seen(source, [View("ontology-relations")], language)
    rules = _rules(source.graph)
    counts = {**_counts(classes), **_counts(properties)}
    page = pages.page(
        "ontology.html",
        language,
        header=documenting.header(source.graph, language),
        sections=documenting.terms(source.graph, source.settings.base, language, counts, rules, listed(source.graph)),
        rules=[(each.rule.name, each.rule.labels.get(language, ""), each.as_json()["text"]) for each in rules],
        relations=relations,
        drawing=_drawing(relations),
        formats=[(each, url_for("ontology.ontology", format=each)) for each in negotiation.RDF_FORMATS],
        iri=ONTOLOGY_IRI,
        term_page=_term_page,
    )
    body = page.get_data()
    with _LOCK:
        _KEPT[key] = body
        while len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
    return body


def _asserted(graph: KnowledgeGraph) -> Iterable[Triple]:
    """Give the triples of the graphs that an ontology header stands in."""
    rows = graph.query(
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ ?ontology a {iri('owl', 'Ontology')} }} "
        "GRAPH ?g { ?s ?p ?o } }",
        reasoning=False,
    )
    return cast(Iterable[Triple], rows)


def _rules(graph: KnowledgeGraph) -> Sequence[ListedRule]:
    """Give the store's own rules; those of OWL 2 RL belong to no ontology, and are documented with reasoning."""
    try:
        return graph.own_rules()
    except KgtoolError:  # a store of an older kgtool may keep files of another form
        return ()


def _counts(table: Table) -> dict[str, int]:
    return {row[0].iri: int(row[1].text) for row in table.rows if row[0].iri is not None}


def _term_page(term: str) -> str:
    """Give the address of the page of a class or a property, which says what its count is made of."""
    return localising.in_language(url_for("browsing.terms", term=term))


def _drawing(relations: Table) -> dict[str, object]:
    """Give the main classes and relations as a graph for scripts to draw."""
    rows = list(relations.by_name())
    cells = {cell.iri: cell for row in rows for cell in (row["from"], row["to"])}
    return {
        "nodes": [
            {"id": each, "label": cell.text, "own": str(each).startswith(ONTOLOGY_IRI)} for each, cell in cells.items()
        ],
        "edges": [
            {
                "source": row["from"].iri,
                "target": row["to"].iri,
                "label": row["property"].text,
                "inferred": row["things"].text == row["inferred"].text != "0",
            }
            for row in rows
        ],
    }
