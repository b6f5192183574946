"""``/explore``: an overview of the region on a day; ``/explore/query``: the query behind one of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, url_for
from pyoxigraph import NamedNode

from kgtool.web import caching, localising, pages
from kgtool.web.labels import labels
from kgtool.web.parameters import Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here
from kgtool.web.views import Table, View, seen
from kgtool.web.workbench import overview

blueprint = Blueprint("exploring", __name__)

#: Views whose query a page may lead to, by how their names begin.
_OPEN: Final = ("region-", "term-")
#: Cells of the matrix that are read: the largest of each row and column are chosen from them.
_READ: Final = 2000
#: What the matrix counts unless a reader chooses otherwise.
_FIRST: Final = "units"


@dataclass(frozen=True)
class Asked:
    """What a reader chose."""

    day: date
    theme: str | None
    institution: str | None
    counted: str

    def address(self, **changes: str | None) -> str:
        """Give the address of the page with some of the choices changed; None takes one away."""
        values = {
            "date": self.day.isoformat(),
            "theme": self.theme,
            "institution": self.institution,
            "count": self.counted if self.counted != _FIRST else None,
            **changes,
        }
        given = {name: value for name, value in values.items() if value}
        return localising.in_language(f"{url_for('exploring.explore')}?{urlencode(given)}")

    def behind(self, view: str, **values: str | None) -> str:
        """Give the address of the query behind a number of this day."""
        given = {name: value for name, value in values.items() if value}
        return behind(view, date=self.day.isoformat(), **given)


def behind(view: str, **values: str) -> str:
    """Give the address that leads to a view's query, in the editor."""
    return localising.in_language(f"{url_for('exploring.query_behind')}?{urlencode({'view': view, **values})}")


@blueprint.get("/explore")
def explore() -> Response:
    """Show what the region is on a day."""
    source = here()
    parameters = Parameters.of_request(request)
    language = pages.language(request, parameters)
    today = date.today()
    asked = _asked(parameters, today)
    tag = caching.entity_tag(source.commit, "explore", language, asked, today, parameters.one("lang"))
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged:
        return unchanged
    day = ("date", asked.day.isoformat())
    chosen = _given(theme=asked.theme, institution=asked.institution)
    # What stays the same on every day is asked for apart, and so kept for all of them.
    classes, days = seen(source, [View("region-classes", (), 100), View("region-days")], language)
    totals, people, themes, places, shared = seen(
        source,
        [
            View("region-totals", (day, *chosen)),
            View("region-institutions", (day, *_given(theme=asked.theme)), 200),
            View("region-themes", (day,), _READ),
            View("region-places", (day,)),
            View("region-collaborations", (day, *_given(of=asked.institution)), overview.MOST_PAIRS),
        ],
        language,
    )
    names = labels(source.graph, [NamedNode(iri) for _, iri in chosen], language)
    first, last = overview.known_years(days, today.year)
    spots, pairs = overview.spots(places), overview.pairs(shared)
    response = pages.page(
        "explore.html",
        language,
        asked=asked,
        day=asked.day,
        chosen=[(name, names[iri], asked.address(**{name: None})) for name, iri in chosen],
        steps=_steps(asked, today),
        years=(min(first, asked.day.year), max(last, asked.day.year)),
        totals=overview.totals(totals),
        totals_query=totals.query,
        ranked=overview.ranked(people),
        people=people,
        matrix=overview.matrix(themes, asked.counted, asked.theme, asked.institution),
        themes=themes,
        spots=spots,
        places=places,
        pairs=pairs,
        shared=shared,
        classes=classes,
        kinds=overview.KINDS,
        drawings=_drawings(spots, pairs, people),
        has_region=bool(totals.rows or people.rows or themes.rows or places.rows or shared.rows),
    )
    return caching.tagged(response, tag, vary=pages.VARY)


@blueprint.get("/explore/query")
def query_behind() -> Response:
    """Lead to the query of a view with values, in the editor.

    :raises HttpProblem: 400 for a view that no page of exploring shows.
    """
    parameters = Parameters.of_request(request)
    name = parameters.one("view") or ""
    if not name.startswith(_OPEN) or not name.replace("-", "").isalpha():
        raise HttpProblem(400, "view names no view of these pages", hint="follow a link of /explore")
    values = {each: parameters.one(each) or "" for each in parameters.names() if each not in ("view", "lang")}
    text = here().graph.view_query(name, values, today=date.today())
    answer = redirect(localising.in_language(f"/query?{urlencode({'query': text})}"), 302)
    return Response(answer.get_data(), status=302, headers=[("Location", answer.location)])


def _asked(parameters: Parameters, today: date) -> Asked:
    given = parameters.one("date")
    try:
        day = date.fromisoformat(given) if given and given != "today" else today
    except ValueError as error:
        raise HttpProblem(400, f"date={given} is not a day", hint="write YYYY-MM-DD") from error
    iris = {name: parameters.one(name) or None for name in ("theme", "institution")}
    for name, value in iris.items():
        _check(name, value)
    counted = parameters.choice("count", overview.KINDS, _FIRST)
    return Asked(day, iris["theme"], iris["institution"], counted)


def _check(name: str, iri: str | None) -> None:
    try:
        if iri:
            NamedNode(iri)
    except ValueError as error:
        raise HttpProblem(400, f"{name}={iri} is not an IRI", hint="write it whole, such as https://…") from error


def _given(**values: str | None) -> list[tuple[str, str]]:
    return [(name, value) for name, value in values.items() if value]


def _steps(asked: Asked, today: date) -> list[tuple[str, str | None]]:
    """Give the addresses of today and of the days a year and a month around; None where there is none."""
    day = asked.day
    moves = {
        "year-back": _moved(day, -12),
        "month-back": _moved(day, -1),
        "today": today,
        "month-on": _moved(day, 1),
        "year-on": _moved(day, 12),
    }
    return [(name, asked.address(date=to.isoformat()) if to else None) for name, to in moves.items()]


def _moved(day: date, months: int) -> date | None:
    """Move a day by months; the last day of the month where that is shorter.

    >>> _moved(date(2024, 1, 31), 1), _moved(date(1, 1, 1), -1)
    (datetime.date(2024, 2, 29), None)
    """
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    if not 1 <= year < 9999:
        return None
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _drawings(spots: list[overview.Spot], pairs: list[overview.Pair], people: Table) -> dict[str, object]:
    """Give what scripts draw: the places of the map, the nodes and edges of the graph."""
    sizes = {row["institution"].iri: int(row["all"].text) for row in people.by_name()}
    cells = {each.iri: each for pair in pairs for each in (pair.one, pair.other)}
    largest = max((sizes.get(iri, 0) for iri in cells), default=0) or 1
    return {
        "places": [
            {
                "iri": spot.place.iri,
                "label": spot.place.text,
                "latitude": spot.latitude,
                "longitude": spot.longitude,
                "kinds": [[kind.text, count] for kind, count in spot.kinds],
            }
            for spot in spots
        ],
        "nodes": [
            {"iri": iri, "label": cell.text, "weight": round(1 + 9 * sizes.get(iri, 0) / largest, 1)}
            for iri, cell in cells.items()
        ],
        "edges": [
            {"source": pair.one.iri, "target": pair.other.iri, "units": pair.units, "projects": pair.projects}
            for pair in pairs
        ],
    }
