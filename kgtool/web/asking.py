"""``/ask``: the questions with a name, and ``/ask/NAME``: the answer to one, or a page that asks for its parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from kgtool.questions import TODAY, Parameter, Question, given_values, refuse_unknown
from kgtool.web import caching, negotiation, pages
from kgtool.web.answers import respond
from kgtool.web.evaluation import AskTask
from kgtool.web.examples import address_of, listed
from kgtool.web.negotiation import SOLUTION_FORMATS, Formats
from kgtool.web.parameters import Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here

blueprint = Blueprint("asking", __name__)

_LISTS: Final[Formats] = {"json": ("application/json",), "html": ("text/html",)}
#: The parameters of a request that are none of the question's.
_OWN: Final = frozenset({"format", "lang", "timeout"})
#: What the field of a parameter is, by its type.
_FIELDS: Final[Mapping[str, str]] = {"date": "date", "integer": "number", "year": "number"}
#: Words of these pages alone.
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "lead": {
        "fr": "Chaque question a un nom, et des paramètres à choisir.",
        "en": "Each question has a name, and parameters to choose.",
    },
    "none": {"fr": "Ce graphe n'a pas de questions.", "en": "This graph has no questions."},
    "answer": {"fr": "Réponse", "en": "Answer"},
    "sparql": {"fr": "La requête", "en": "The query"},
    "any": {"fr": "(indifférent)", "en": "(any)"},
    "example": {"fr": "Un exemple", "en": "An example"},
    "required": {"fr": "obligatoire", "en": "required"},
}


@dataclass(frozen=True)
class Field:
    """A parameter as a field of a form, with its value so far."""

    parameter: Parameter
    kind: str
    value: str


@blueprint.get("/ask")
def questions() -> Response:
    """List the questions."""
    source = here()
    parameters = Parameters.of_request(request)
    wanted = _wanted(parameters, _LISTS)
    language = pages.language(request, parameters)
    tag = caching.entity_tag(source.commit, "questions", wanted, language, request.url_root)
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged:
        return unchanged
    known = listed(source.graph)
    if wanted == "html":
        response = pages.page("questions.html", language, own=_words(language), questions=known)
    else:
        document = {"questions": [{**each.as_json(), "address": address_of(each)} for each in known]}
        body = json.dumps(document, ensure_ascii=False).encode()
        response = Response(body, content_type="application/json")
    return caching.tagged(response, tag, vary=pages.VARY)


@blueprint.get("/ask/<name>")
def ask(name: str) -> Response:
    """Answer a question; a page that lacks its parameters asks for them."""
    source = here()
    question = source.graph.question(name)
    parameters = Parameters.of_request(request)
    wanted = _wanted(parameters, SOLUTION_FORMATS)
    language = pages.language(request, parameters)
    timeout = parameters.seconds("timeout", source.settings.query_timeout)
    given = {key: parameters.one(key) or "" for key in parameters.names() if key not in _OWN}
    refuse_unknown(question, given)
    today = date.today()
    fields = _fields(question, given, today)
    if wanted == "html" and _lacks(question, given):
        tag = caching.entity_tag(source.commit, "form", name, language, fields)
        unchanged = caching.not_modified(request, tag, vary=pages.VARY)
        return unchanged or caching.tagged(_page(question, language, fields), tag, vary=pages.VARY)
    values = given_values(question, given, today)
    if wanted == "html":
        task, shown, vary = AskTask(name, tuple(values.items()), "cells", language), fields, pages.VARY
    else:
        task, shown, vary = AskTask(name, tuple(values.items()), wanted), None, "Accept"
    media_type = SOLUTION_FORMATS[wanted][0]
    if parameters.one("format") is None:
        media_type = negotiation.sent_type(request.headers.get("Accept"), SOLUTION_FORMATS[wanted])
    volatile = caching.is_volatile(question.text)
    asked = (task, media_type, shown)
    if not volatile:
        unchanged = caching.not_modified(request, caching.entity_tag(source.commit, asked), vary=vary)
        if unchanged:
            return unchanged
    answer = source.run(task, timeout=timeout)
    tag = caching.entity_tag(answer.head.commit, asked)
    if shown is None:
        response = respond(request, answer, negotiation.with_charset(media_type))
    else:
        table = json.loads(b"".join(answer))
        answer.close()
        response = _page(question, language, shown, table, values)
    caching.tagged(response, tag, vary=vary)
    if volatile:
        response.headers["Cache-Control"] = "no-store"
    return response


def _wanted(parameters: Parameters, offers: Formats) -> str:
    name = parameters.one("format")
    if name is None:
        wanted = negotiation.choose(request.headers.get("Accept"), offers)
    else:
        wanted = negotiation.named(name, offers)
    if wanted is None:
        what = f"the format {name}" if name else "what Accept asks for"
        raise HttpProblem(
            406, f"{what} is not on offer", hint=f"one of: {', '.join(offers)}", headers={"Vary": pages.VARY}
        )
    return wanted


def _lacks(question: Question, given: Mapping[str, str]) -> bool:
    return any(parameter.required and not given.get(parameter.name) for parameter in question.parameters)


def _fields(question: Question, given: Mapping[str, str], today: date) -> list[Field]:
    fields = []
    for parameter in question.parameters:
        value = given.get(parameter.name) or parameter.default or ""
        if parameter.type == "date" and value == TODAY:
            value = today.isoformat()
        kind = "choice" if parameter.allowed else _FIELDS.get(parameter.type, "text")
        fields.append(Field(parameter, kind, value))
    return fields


def _page(
    question: Question,
    language: str,
    fields: list[Field],
    table: object = None,
    values: Mapping[str, str] | None = None,
) -> Response:
    """Show a question: its form, and the answer if there is one."""
    here_is = url_for("asking.ask", name=question.name)
    asked = urlencode(values or {})
    return pages.page(
        "question.html",
        language,
        own=_words(language),
        question=question,
        fields=fields,
        table=table,
        column_texts={column.name: column.description[language] for column in question.columns},
        example=f"{here_is}?{urlencode({**question.example, 'lang': language})}" if question.example else None,
        downloads=[(name, f"{here_is}?{asked}&format={name}") for name in SOLUTION_FORMATS if name != "html"],
    )


def _words(language: str) -> dict[str, str]:
    return {name: texts[language] for name, texts in _WORDS.items()}
