"""``/id/…``: what the graph says of a resource, as a page for people and as documents for programs.

An address below ``/id/`` names the thing itself, so it answers 303 with the address of a document about it
(https://www.w3.org/TR/cooluris/): ``/page/…`` in HTML, ``/data/….ttl`` and so on in RDF.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from flask import Blueprint, Response, request, url_for
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgtool.errors import Location, MissingError
from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import iri
from kgtool.web import caching, documents, negotiation, pages
from kgtool.web.addresses import address, candidates, raw_path
from kgtool.web.labels import Label, labels
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here

blueprint = Blueprint("linked_data", __name__)

#: How many things that refer to a resource its page shows.
INCOMING: Final = 200
_TYPE: Final = iri("rdf", "type")
#: Formats of a resource, HTML first: who accepts anything is shown something readable only when it asks for it.
_OFFERS: Final = {**negotiation.RDF_FORMATS, "html": negotiation.GRAPH_FORMATS["html"]}


@dataclass(frozen=True)
class Value:
    """One value of a fact, ready for a page: a text, and where it leads."""

    label: Label
    link: str | None = None
    iri: str | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Fact:
    """A property of a resource with its values."""

    label: Label
    link: str | None
    iri: str
    values: tuple[Value, ...] = field(default=())


def found(graph: KnowledgeGraph, base: str, raw: str) -> tuple[NamedNode, list[Triple]]:
    """Find the resource that an address stands for, and what the graph says of it.

    :raises MissingError: if the graph says nothing of any IRI that the address may stand for.
    """
    nodes = candidates(base, raw)
    for node in nodes:
        triples = graph.describe(node.value)
        if triples:
            return node, triples
    raise MissingError(
        "the graph says nothing of this resource",
        where=Location(iri=nodes[0].value) if nodes else None,
        hint="its IRI may be spelt otherwise; look it up by a query",
    )


@blueprint.get("/id/", defaults={"rest": ""})
@blueprint.get("/id/<path:rest>")
def resource(rest: str) -> Response:
    """Send a client on to the document that it can read."""
    source = here()
    raw = raw_path(request, "/id/", rest)
    wanted = negotiation.choose(request.headers.get("Accept"), _OFFERS)
    if wanted is None:
        raise HttpProblem(406, "no such format", hint=f"one of: {', '.join(_OFFERS)}", headers={"Vary": "Accept"})
    found(source.graph, source.settings.base, raw)
    if wanted == "html":
        target = url_for("linked_data.page", rest="") + raw
    else:
        target = f"{url_for('linked_data.data', rest='')}{raw}.{documents.ending_of(wanted)}"
    return Response(status=303, headers={"Location": target, "Vary": "Accept", "Link": _alternates(raw)})


@blueprint.get("/data/", defaults={"rest": ""})
@blueprint.get("/data/<path:rest>")
def data(rest: str) -> Response:
    """Give what the graph says of a resource, in the format of the address's ending."""
    source = here()
    raw, _, ending = raw_path(request, "/data/", rest).rpartition(".")
    name = documents.ENDINGS.get(ending)
    if not raw or name is None:
        raise MissingError(
            f"no document has an address that ends in .{ending}", hint=f"one of: .{', .'.join(documents.ENDINGS)}"
        )
    tag = caching.entity_tag(source.commit, "data", raw, name)
    unchanged = caching.not_modified(request, tag)
    if unchanged:
        return unchanged
    node, triples = found(source.graph, source.settings.base, raw)
    response = documents.answer(documents.document(source.graph, triples, name), name)
    response.headers["Link"] = f'<{address(node.value, source.settings.base)}>; rel="about", {_alternates(raw)}'
    return caching.tagged(response, tag)


@blueprint.get("/page/", defaults={"rest": ""})
@blueprint.get("/page/<path:rest>")
def page(rest: str) -> Response:
    """Show what the graph says of a resource."""
    source = here()
    base = source.settings.base
    raw = raw_path(request, "/page/", rest)
    language = pages.language(request)
    tag = caching.entity_tag(source.commit, "page", raw, language)
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged:
        return unchanged
    node, triples = found(source.graph, base, raw)
    incoming = _incoming(node, triples)
    shown = incoming[:INCOMING]
    named = {term for triple in triples for term in _terms(triple)} | {term for pair in shown for term in pair} | {node}
    names = labels(source.graph, [term for term in named if isinstance(term, NamedNode)], language, base)
    facts = _facts(node, triples, names, base, language)
    by_property: dict[NamedNode, list[Value]] = defaultdict(list)
    for subject, predicate in shown:
        by_property[predicate].append(_value(subject, [], names, base, language, frozenset()))
    data_address = url_for("linked_data.data", rest="") + raw
    response = pages.page(
        "resource.html",
        language,
        node=node.value,
        label=names[node.value],
        types=[value for fact in facts if fact.iri == _TYPE.value for value in fact.values],
        facts=[fact for fact in facts if fact.iri != _TYPE.value],
        incoming=_grouped(by_property, names, base),
        more=len(incoming) > INCOMING,
        documents=[
            (name, negotiation.RDF_FORMATS[name][0], f"{data_address}.{ending}")
            for ending, name in documents.ENDINGS.items()
        ],
    )
    response.headers["Link"] = _alternates(raw)
    return caching.tagged(response, tag, vary=pages.VARY)


def _alternates(raw: str) -> str:
    """Give the Link field that names the documents about a resource, one in each format."""
    data_address = url_for("linked_data.data", rest="") + raw
    links = [
        f'<{data_address}.{ending}>; rel="alternate"; type="{negotiation.RDF_FORMATS[name][0]}"'
        for ending, name in documents.ENDINGS.items()
    ]
    page_address = url_for("linked_data.page", rest="") + raw
    return ", ".join([*links, f'<{page_address}>; rel="alternate"; type="text/html"'])


def _terms(triple: Triple) -> tuple[object, object, object]:
    return triple.subject, triple.predicate, triple.object


def _incoming(node: NamedNode, triples: list[Triple]) -> list[tuple[NamedNode, NamedNode]]:
    """Give subject and property of each triple that refers to a resource, in a steady order."""
    pairs = [
        (triple.subject, triple.predicate)
        for triple in triples
        if triple.object == node and isinstance(triple.subject, NamedNode)
    ]
    return sorted(pairs, key=lambda pair: (pair[1].value, pair[0].value))


def _facts(
    subject: object,
    triples: list[Triple],
    names: dict[str, Label],
    base: str,
    language: str,
    above: frozenset[object] = frozenset(),
) -> list[Fact]:
    """Group what is said of a subject by property; blank nodes bring their own facts, each once on a way down."""
    by_property: dict[NamedNode, list[Value]] = defaultdict(list)
    for triple in triples:
        if triple.subject == subject:
            value = _value(triple.object, triples, names, base, language, above | {subject})
            by_property[triple.predicate].append(value)
    return _grouped(by_property, names, base)


def _grouped(by_property: dict[NamedNode, list[Value]], names: dict[str, Label], base: str) -> list[Fact]:
    facts = [
        Fact(
            names[predicate.value],
            address(predicate.value, base),
            predicate.value,
            tuple(sorted(values, key=lambda value: (value.label.text.casefold(), value.iri or ""))),
        )
        for predicate, values in by_property.items()
    ]
    return sorted(facts, key=lambda fact: (fact.label.text.casefold(), fact.iri))


def _value(
    term: object, triples: list[Triple], names: dict[str, Label], base: str, language: str, above: frozenset[object]
) -> Value:
    if isinstance(term, NamedNode):
        return Value(names[term.value], address(term.value, base), term.value)
    if isinstance(term, Literal):
        return Value(Label(term.value, term.language))
    if isinstance(term, BlankNode) and term not in above:
        return Value(Label(""), facts=tuple(_facts(term, triples, names, base, language, above)))
    return Value(Label("…"))
