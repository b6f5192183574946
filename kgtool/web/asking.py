"""``/ask``: the questions with a name, and ``/ask/NAME``: the answer to one, or a page that asks for its parameters."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from kgtool.questions import TODAY, Parameter, Question, given_values, refuse_unknown
from kgtool.web import caching, localising, negotiation, pages
from kgtool.web.answers import respond
from kgtool.web.examples import address_of, listed
from kgtool.web.negotiation import SOLUTION_FORMATS, Formats
from kgtool.web.parameters import Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.question_answers import CELLS, SPARQL, AskTask
from kgtool.web.source import here

blueprint = Blueprint("asking", __name__)

_LISTS: Final[Formats] = {"json": ("application/json",), "html": ("text/html",)}
#: An answer in any format of solutions, or the query with its values in it.
_ANSWERS: Final[Formats] = {**SOLUTION_FORMATS, SPARQL: ("application/sparql-query",)}
#: The parameters of a request that are none of the question's.
_OWN: Final = frozenset({"format", "lang", "timeout"})
#: What the field of a parameter is, by its type.
_FIELDS: Final[Mapping[str, str]] = {"date": "date", "integer": "number", "year": "number", "iri": "thing"}
_LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})
_DOWNLOADS: Final = tuple(name for name in SOLUTION_FORMATS if name != "html")


@dataclass(frozen=True)
class Field:
    """A parameter as a field of a form, with its value so far, and the name of the thing that this is."""

    parameter: Parameter
    kind: str
    value: str
    shown: str


@blueprint.get("/ask")
def questions() -> Response:
    """List the questions: all of them, or those whose texts hold the words of ``q``."""
    source = here()
    parameters = Parameters.of_request(request)
    wanted = _wanted(parameters, _LISTS)
    language = pages.language(request, parameters)
    sought = (parameters.one("q") or "")[:200]
    tag = caching.entity_tag(source.commit, "questions", wanted, language, request.url_root, sought)
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged:
        return unchanged
    known = listed(source.graph)
    found = [each for each in known if _is_about(each, sought)]
    if wanted == "html":
        response = pages.page("questions.html", language, questions=known, found=found, sought=sought)
    else:
        document = {"questions": [{**each.as_json(), "address": address_of(each)} for each in found]}
        body = json.dumps(document, ensure_ascii=False).encode()
        response = Response(body, content_type="application/json")
    return caching.tagged(response, tag, vary=pages.VARY)


@blueprint.get("/ask/<name>")
def ask(name: str) -> Response:
    """Answer a question; a page that lacks its parameters asks for them."""
    source = here()
    question = source.graph.question(name)
    parameters = Parameters.of_request(request)
    wanted = _wanted(parameters, _ANSWERS)
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
        task, shown, vary = AskTask(name, tuple(values.items()), CELLS, language), fields, pages.VARY
    else:
        task, shown, vary = AskTask(name, tuple(values.items()), wanted), None, "Accept"
    media_type = _ANSWERS[wanted][0]
    if parameters.one("format") is None:
        media_type = negotiation.sent_type(request.headers.get("Accept"), _ANSWERS[wanted])
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
        response = _page(question, language, _fields(question, given, today, table["named"]), table, values)
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


def _is_about(question: Question, sought: str) -> bool:
    """Tell whether the texts of a question, in any language, hold every word that is sought."""
    texts = [question.name, *question.title.values(), *question.description.values()]
    text = _folded(" ".join(texts))
    return all(word in text for word in _folded(sought).split())


def _folded(text: str) -> str:
    """Give a text without accents and capitals, as the page's script does.

    >>> _folded("Établissements, Œuvres")
    'etablissements, oeuvres'
    """
    letters = unicodedata.normalize("NFD", text.translate(_LIGATURES))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()


def _lacks(question: Question, given: Mapping[str, str]) -> bool:
    return any(parameter.required and not given.get(parameter.name) for parameter in question.parameters)


def _fields(
    question: Question,
    given: Mapping[str, str],
    today: date,
    named: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Field]:
    """Give the fields of a question's form.

    :param named: the things that values are, by parameter: ``text`` and ``iri``.
    """
    fields = []
    for parameter in question.parameters:
        value = given.get(parameter.name) or parameter.default or ""
        if parameter.type == "date" and value == TODAY:
            value = today.isoformat()
        thing = (named or {}).get(parameter.name)
        kind = "choice" if parameter.allowed else _FIELDS.get(parameter.type, "text")
        if thing:
            fields.append(Field(parameter, kind, thing["iri"], thing["text"]))
        else:
            fields.append(Field(parameter, kind, value, ""))
    return fields


def _page(
    question: Question,
    language: str,
    fields: Sequence[Field],
    table: Mapping[str, object] | None = None,
    values: Mapping[str, str] | None = None,
) -> Response:
    """Show a question: its form, and the answer if there is one."""
    here_is = url_for("asking.ask", name=question.name)
    asked = urlencode(values or {})
    downloads = [(name, f"{here_is}?{asked}{'&' if asked else ''}format={name}") for name in _DOWNLOADS]
    query = str(table["query"]) if table else question.text
    return pages.page(
        "question.html",
        language,
        question=question,
        fields=fields,
        table=table,
        columns={column.name: column.description[language] for column in question.columns},
        example=f"{here_is}?{urlencode(question.example)}" if question.example else None,
        downloads=downloads,
        query=query,
        editor=localising.in_language(f"/query?{urlencode({'query': query})}"),
    )
