"""``/explain``: why a triple holds, or what it lacks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, request, url_for

from kgtool.web import caching, negotiation, pages
from kgtool.web.answers import respond
from kgtool.web.evaluation import ExplainTask
from kgtool.web.parameters import Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here

blueprint = Blueprint("explaining", __name__)

_OFFERS: Final[negotiation.Formats] = {
    "json": ("application/json",),
    "turtle": ("text/turtle", "application/x-turtle"),
    "text": ("text/plain",),
    "html": ("text/html",),
}
#: The parameters of the triple's terms, with what they are called in a message.
_TERMS: Final[Mapping[str, str]] = {"s": "the subject", "p": "the property", "o": "the object"}
_DEFAULT_LIMIT: Final = 3
#: Most proofs that may be asked for; each further one takes as long as all before it.
_MOST: Final = 20


@blueprint.get("/explain")
def explain() -> Response:
    """Explain the triple ``s``, ``p``, ``o``; a page that is asked for none of them offers to."""
    source = here()
    parameters = Parameters.of_request(request)
    name = parameters.one("format") or negotiation.choose(request.headers.get("Accept"), _OFFERS)
    if name is None or name not in _OFFERS:
        raise HttpProblem(
            406, f"the format {name or 'that Accept asks for'} is not on offer", hint=f"one of: {', '.join(_OFFERS)}",
            headers={"Vary": pages.VARY},
        )  # fmt: skip
    language = pages.language(request, parameters)
    terms = {term: parameters.one(term) or "" for term in _TERMS}
    if name == "html" and not any(terms.values()):
        return _page(language, terms)
    for term, meaning in _TERMS.items():
        if not terms[term].strip():
            raise HttpProblem(400, f"{meaning} is missing", hint=f"give {term}=, an IRI, a prefixed name or a label")
    limit = _limit(parameters)
    timeout = parameters.seconds("timeout", source.settings.query_timeout)
    task = ExplainTask(terms["s"], terms["p"], terms["o"], "blocks" if name == "html" else name, language, limit)
    unchanged = caching.not_modified(request, caching.entity_tag(source.commit, "explain", task), vary=pages.VARY)
    if unchanged:
        return unchanged
    answer = source.run(task, timeout=timeout)
    tag = caching.entity_tag(answer.head.commit, "explain", task)
    if name == "html":
        blocks = json.loads(b"".join(answer))
        answer.close()
        return caching.tagged(_page(language, terms, blocks), tag, vary=pages.VARY)
    media_type = _OFFERS[name][0]
    response = respond(
        request, answer, f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    )
    return caching.tagged(response, tag, vary=pages.VARY)


def _limit(parameters: Parameters) -> int:
    text = parameters.one("limit")
    if text is None:
        return _DEFAULT_LIMIT
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(_MOST)) else 0
    if not 1 <= number <= _MOST:
        raise HttpProblem(400, f"limit={text} is not a number from 1 to {_MOST}")
    return number


def _page(language: str, terms: dict[str, str], blocks: object | None = None) -> Response:
    """Show an explanation, if there is one yet, and ask for a triple."""
    asked = "&".join(f"{name}={quote(text)}" for name, text in terms.items())
    here_is = url_for("explaining.explain")
    return pages.page(
        "explanation.html",
        language,
        terms=terms,
        blocks=blocks,
        formats=[(name, f"{here_is}?{asked}&format={name}&lang={language}") for name in _OFFERS if name != "html"],
    )
