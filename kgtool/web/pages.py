"""What all HTML pages have in common: their language, their frame; and results for people without scripts."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from flask import Request, Response, render_template, request, url_for
from markupsafe import Markup

from kgtool.vocabulary import ONTOLOGY_IRI
from kgtool.web import localising, negotiation
from kgtool.web.parameters import Parameters
from kgtool.web.source import here
from kgtool.web.tables import CUT_MARK

VARY = "Accept, Accept-Language"


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
