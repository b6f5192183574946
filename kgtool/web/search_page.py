"""The page of ``/search``: results with what tells them apart, facets that can be chosen, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, request, url_for
from flask_babel import lazy_gettext

from kgtool.link.reconciliation.browsing import POOL, Browsed
from kgtool.web import pages

#: Facets, by the names that they have in an address, in the order of the page.
FACETS: Final = {
    "class": lazy_gettext("Kind"),
    "theme": lazy_gettext("Theme"),
    "place": lazy_gettext("Place"),
    "institution": lazy_gettext("Institution"),
}
#: Results on a page.
SIZE: Final = 20
#: Values of a facet that are open to see; the others unfold.
_OPEN: Final = 8


def rendered(asked: Browsed, found: Mapping[str, Any], language: str) -> Response:
    """Render what was found.

    :param found: of :func:`kgtool.link.reconciliation.browsing.browse`.
    """
    chosen = [(name, value) for name, values in asked.chosen for value in values]
    lang = [("lang", request.args["lang"])] if request.args.get("lang") else []
    given = [("q", asked.text), *chosen]

    def at(pairs: list[tuple[str, str]], start: int = 0) -> str:
        more = [("start", str(start))] if start else []
        return f"{url_for('searching.search')}?{urlencode([*pairs, *more, *lang])}"

    facets = []
    for name, title in FACETS.items():
        values = found["facets"].get(name, [])
        # What is chosen is told by its name; a class may be told by a prefixed one.
        held = next((each for each_name, each in asked.chosen if each_name == name), ())
        if values or held:
            facets.append((name, title, values[:_OPEN], values[_OPEN:]))
    removable = [
        (value["label"], at([pair for pair in given if pair not in _names_of(name, value["iri"], chosen)]))
        for name, values in found["facets"].items()
        for value in values
        if value["chosen"]
    ]
    total, start = int(found["total"]), asked.start
    return pages.page(
        "search.html",
        language,
        text=asked.text,
        results=found["results"],
        total=total,
        bounded=found["bounded"],
        pool=POOL,
        first=start + 1,
        last=min(total, start + SIZE),
        facets=facets,
        chosen=removable,
        cleared=at([("q", asked.text)]),
        before=at(given, max(0, start - SIZE)) if start else None,
        after=at(given, start + SIZE) if start + SIZE < total else None,
    )


def _names_of(name: str, iri: str, chosen: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give the pairs of an address that mean a value; a class is meant by its prefixed name or its name too."""
    if (name, iri) in chosen:
        return [(name, iri)]
    return [pair for pair in chosen if pair[0] == name and not pair[1].startswith(("http:", "https:"))]
