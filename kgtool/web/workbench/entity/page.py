"""The page of a thing: what its parts find, put together."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Response, request, url_for
from pyoxigraph import NamedNode

from kgtool.web import caching, documents, localising, negotiation, pages
from kgtool.web.parameters import Parameters
from kgtool.web.source import here
from kgtool.web.workbench.entity import affiliations, elsewhere, facts, linked, picture, reading, relations, sources
from kgtool.web.workbench.entity.dates import day_of
from kgtool.web.workbench.entity.head import head
from kgtool.web.workbench.entity.naming import plain

#: Groups of facts that stand open, and those that are folded.
_OPEN: Final = ("description", "relation", "date", "elsewhere", "incoming")
_FOLDED: Final = ("name", "identifier", "technical", "also")


def show(node: NamedNode, raw: str) -> Response:
    """Show what the graph says of a thing.

    :param raw: the end of the page's address, as the client wrote it.
    :raises HttpProblem: 400 for a language or a day that there is not.
    :raises KgtoolError: if a limit is hit.
    """
    source = here()
    iri, base = node.value, source.settings.base
    parameters = Parameters.of_request(request)
    language = pages.language(request, parameters)
    day = day_of(parameters.one("date"))
    tag = caching.entity_tag(source.commit, "page", raw, language, day, date.today(), request.query_string)
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged:
        return unchanged
    localising.choose(language)
    tables = reading.read(source, iri, day, language)
    told = sources.sources(tables)
    groups = facts.groups(iri, tables, {each.graph.iri or "": each.number for each in told})
    related = relations.relations(tables)
    top = head(iri, base, tables, groups, related, language)
    known = elsewhere.identifiers(tables)
    places = elsewhere.places(iri, top.name.text, tables)
    own = affiliations.of_person(iri, tables)
    data_address = url_for("linked_data.data", rest="") + raw
    response = pages.page(
        "entity.html",
        language,
        node=iri,
        plain=plain,
        canonical=url_for("linked_data.page", rest="") + raw,
        top=top,
        identifiers=known,
        affiliations=own,
        people=affiliations.of_organisation(iri, tables, day, source),
        relations=related,
        open_groups=[groups[key] for key in _OPEN if key in groups],
        folded_groups=[groups[key] for key in _FOLDED if key in groups],
        links=elsewhere.links_of(source, iri),
        statuses=elsewhere.statuses(),
        places=places,
        picture=picture.picture(iri, base, top, groups, related),
        sources=told,
        sources_query=tables["sources"].query,
        linked_data=linked.document(iri, tables, top, groups, related, own, known, places),
        documents=[
            (name, negotiation.RDF_FORMATS[name][0], f"{data_address}.{ending}")
            for ending, name in documents.ENDINGS.items()
        ],
    )
    return caching.tagged(response, tag, vary=pages.VARY)
