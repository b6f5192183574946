"""``/``: the start page: a question to ask at once, ways in, and what is here in figures."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Blueprint, Response, request

from kgtool.web import caching, pages
from kgtool.web.examples import listed
from kgtool.web.source import GraphSource, here
from kgtool.web.views import Cell, Table, View, seen

blueprint = Blueprint("starting", __name__)

#: The question that can be asked right there, and what its first parameter is chosen from.
_FIRST: Final = "affiliated"
_CHOICES: Final = 30
#: Classes that are counted where the graph has none of the main ones.
_CLASSES: Final = 12


@blueprint.get("/")
def start() -> Response:
    """Let a newcomer ask at once, and say what is here."""
    source = here()
    language = pages.language(request)
    today = date.today().isoformat()
    tag = caching.entity_tag(source.commit, "start", language, today)
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged:
        return unchanged
    questions = listed(source.graph)
    institutions, counts = seen(source, [View("largest-institutions", most=_CHOICES), View("main-classes")], language)
    response = pages.page(
        "start.html",
        language,
        first=_choices(institutions) if any(each.name == _FIRST for each in questions) else [],
        today=today,
        questions=questions,
        counts=counts if counts.rows else _all_classes(source, language),
    )
    return caching.tagged(response, tag, vary=pages.VARY)


def _choices(institutions: Table) -> list[Cell]:
    found = [row["institution"] for row in institutions.by_name()]
    return sorted(found, key=lambda cell: cell.text.casefold())


def _all_classes(source: GraphSource, language: str) -> Table:
    (found,) = seen(source, [View("all-classes", most=_CLASSES)], language)
    return found
