"""``/query/vocabulary``: what an editor suggests, of the graph's own: prefixes, classes, properties, and how often."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from flask import Blueprint, Response, request

from kgtool.errors import LimitError
from kgtool.vocabulary import PREFIXES
from kgtool.web import caching, pages, views
from kgtool.web.source import GraphSource, here
from kgtool.web.views import Cell, Table, View

blueprint = Blueprint("vocabulary", __name__)

#: How many terms of a kind are suggested, and of how many classes the properties are known.
_MOST_TERMS: Final = 5_000
_MOST_CLASSES: Final = 200
_MOST_OF_CLASS: Final = 100
#: Things of a class that the view ``class-properties`` looks at.
_SAMPLE: Final = 500
#: Seconds for the properties of all classes; without them the editor suggests those of the whole graph.
_SECONDS: Final = 5.0
_NAMESPACE: Final = re.compile(r"(.*[#/:])[^#/:]*")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
#: Parts of an address that tell nothing of what a namespace is about.
_IDLE: Final = frozenset({"http", "https", "www", "ns", "ontology", "onto", "vocab", "owl", "rdf", "id", "org", "com"})


@blueprint.get("/query/vocabulary")
def vocabulary() -> Response:
    """Give ``prefixes``, ``classes`` with ``things``, ``properties`` with ``triples``, and ``ofClasses``.

    Of each class in ``ofClasses`` a list of pairs: the place of a property in ``properties``, and in how many of a
    hundred things it stands.
    """
    source = here()
    language = pages.language(request)
    tag = caching.entity_tag(source.commit, "vocabulary", language)
    unchanged = caching.not_modified(request, tag, vary="Accept-Language")
    if unchanged:
        return unchanged
    body = json.dumps(_document(source, language), ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body, content_type="application/json")
    return caching.tagged(response, tag, vary="Accept-Language")


def _document(source: GraphSource, language: str) -> dict[str, object]:
    asked = [View("vocabulary-classes", most=_MOST_TERMS), View("vocabulary-properties", most=_MOST_TERMS)]
    classes, properties = views.seen(source, asked, language)
    things = {row[0].iri: int(row[1].text) for row in classes.rows if row[0].iri}
    places = {row[0].iri: place for place, row in enumerate(properties.rows)}
    named = [row[0].iri for table in (classes, properties) for row in table.rows if row[0].iri]
    return {
        "prefixes": [{"prefix": prefix, "namespace": namespace} for prefix, namespace in _prefixes(named)],
        "classes": [_term(row[0], things=int(row[1].text)) for row in classes.rows],
        "properties": [_term(row[0], triples=int(row[1].text)) for row in properties.rows],
        "ofClasses": {
            name: [
                [places[row[0].iri], max(1, round(100 * int(row[1].text) / min(_SAMPLE, things[name])))]
                for row in table.rows
                if row[0].iri in places
            ]
            for name, table in _of_classes(source, list(things)[:_MOST_CLASSES], language)
        },
    }


def _of_classes(source: GraphSource, classes: list[str], language: str) -> Iterable[tuple[str, Table]]:
    """Give the properties of each class; of none where that takes too long."""
    if not classes:
        return ()
    asked = [View("class-properties", (("class", name),), _MOST_OF_CLASS) for name in classes]
    try:
        return zip(classes, views.seen(source, asked, language, timeout=_SECONDS), strict=True)
    except LimitError:
        return ()


def _term(cell: Cell, **counted: int) -> dict[str, object]:
    label = {"label": cell.text, "language": cell.language} if cell.language or ":" not in cell.text else {}
    return {"iri": cell.iri, **label, **counted}


def _prefixes(named: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Give the prefixes that everybody knows, and one for each other namespace, the most used first."""
    yield from PREFIXES.items()
    known, taken = set(PREFIXES.values()), set(PREFIXES)
    found = Counter(match[1] for match in map(_NAMESPACE.fullmatch, named) if match)
    for namespace, _ in found.most_common(100):
        if namespace not in known and namespace.endswith(("#", "/")):
            prefix = _prefix_of(namespace, taken)
            taken.add(prefix)
            yield prefix, namespace


def _prefix_of(namespace: str, taken: set[str] | Mapping[str, str]) -> str:
    """Make a prefix from an address that is not taken.

    >>> _prefix_of("http://swat.cse.lehigh.edu/onto/univ-bench.owl#", set())
    'univ-bench'
    >>> _prefix_of("http://example.org/", {"example"})
    'example2'
    """
    words = [word.lower() for word in _WORD.findall(namespace) if word.lower() not in _IDLE]
    name = words[-1][:12].strip("-") if words else "ns"
    number = 1
    while (prefix := name if number == 1 else f"{name}{number}") in taken:
        number += 1
    return prefix
