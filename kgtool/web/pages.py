"""The HTML pages that are not about one resource: the start page, and results for people without scripts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Request, Response, render_template, request, url_for
from markupsafe import Markup
from pyoxigraph import NamedNode

from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import ONTOLOGY_IRI, PREFIXES, iri
from kgtool.web import caching, localising, negotiation
from kgtool.web.examples import listed
from kgtool.web.labels import Label, labels
from kgtool.web.parameters import Parameters
from kgtool.web.sizes import class_sizes, source_sizes
from kgtool.web.source import here
from kgtool.web.tables import CUT_MARK
from kgtool.web.wording import words

blueprint = Blueprint("pages", __name__)

#: The classes that the start page counts.
MAIN_CLASSES = tuple(
    iri("kg", name)
    for name in (
        "Researcher", "Institution", "ResearchUnit", "HospitalDepartment", "Team", "Project", "Programme", "Network",
        "ThirdPlace", "Theme", "Membership", "Supervision",
    )
)  # fmt: skip
#: What stands in the editor before somebody writes there.
_FIRST_QUERY = f"""PREFIX kg: <{PREFIXES["kg"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>

SELECT ?person ?name ?institution WHERE {{
  ?person a kg:Researcher ;
    rdfs:label ?name ;
    kg:affiliatedWith/rdfs:label ?institution .
}}
LIMIT 20
"""
VARY = "Accept, Accept-Language"


@dataclass(frozen=True)
class Counted:
    """Something with a name, a link and a number."""

    label: Label
    link: str | None
    count: int


def language(request: Request, parameters: Parameters | None = None) -> str:
    """Choose the language of a page: ``lang=``, else Accept-Language.

    :raises HttpProblem: 400 for a language that there is not.
    """
    given = (parameters or Parameters.of_request(request)).choice("lang", (*negotiation.LANGUAGES, ""), "")
    return given or negotiation.language(request.headers.get("Accept-Language"))


def page(template: str, language: str, **values: object) -> Response:
    """Render a page in a language."""
    other = "en" if language == "fr" else "fr"
    localising.choose(language)
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    body = render_template(
        template,
        words=words(language),
        language=language,
        other=other,
        in_other=urlencode([*kept, ("lang", other)]),
        commit=here().commit,
        id_base=here().settings.base,
        ontology_iri=ONTOLOGY_IRI,
        **values,
    )
    return Response(body, content_type="text/html; charset=utf-8")


def json_answer(document: object, commit: str | None = None, status: int = 200) -> Response:
    """Answer in JSON, with the commit that it holds for."""
    body = json.dumps(document, ensure_ascii=False).encode()
    response = Response(body, status=status, content_type="application/json")
    if commit:
        response.set_etag(commit, weak=True)
    response.headers["Cache-Control"] = "no-store"
    return response


def results(text: str, table: Markup, *, reasoning: bool, language: str) -> Response:
    """Show the result of a query below the query."""
    return page(
        "results.html",
        language,
        query=text,
        table=table,
        cut=CUT_MARK in table,
        reasoning=reasoning,
        downloads=_downloads(text, reasoning),
    )


def _downloads(text: str, reasoning: bool) -> list[tuple[str, str]]:
    # Which formats fit, the kind of the result decides; the server says so when one does not.
    is_graph = any(word in text.upper() for word in ("CONSTRUCT", "DESCRIBE"))
    asked = "on" if reasoning else "off"
    formats = negotiation.RDF_FORMATS if is_graph else negotiation.SOLUTION_FORMATS
    return [
        (name, url_for("sparql.sparql", query=text, format=name, reasoning=asked)) for name in formats if name != "html"
    ]


@blueprint.get("/")
def start() -> Response:
    """Say what is here, and offer to ask."""
    source = here()
    shown = language(request)
    tag = caching.entity_tag(source.commit, "start", shown)
    unchanged = caching.not_modified(request, tag, vary=VARY)
    if unchanged:
        return unchanged
    response = page(
        "start.html",
        shown,
        counts=_counts(source.graph, shown),
        sources=_sources(source.graph, shown),
        questions=listed(source.graph),
        query=_FIRST_QUERY,
        reasoning=True,
    )
    return caching.tagged(response, tag, vary=VARY)


def _counts(graph: KnowledgeGraph, language: str) -> list[Counted]:
    sizes = class_sizes(graph, MAIN_CLASSES)
    names = labels(graph, MAIN_CLASSES, language)
    return [Counted(names[item.value], item.value, sizes[item.value]) for item in MAIN_CLASSES if item.value in sizes]


def _sources(graph: KnowledgeGraph, language: str) -> list[Counted]:
    sizes = source_sizes(graph)
    names = labels(graph, [name for name, _ in sizes if isinstance(name, NamedNode)], language)
    return [Counted(names.get(name.value, Label(str(name))), name.value, size) for name, size in sizes]
