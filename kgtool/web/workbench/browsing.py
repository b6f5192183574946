"""``/explore/terms``: the classes and properties of the graph with their counts, and a page of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from kgtool.vocabulary import iri
from kgtool.web import caching, pages
from kgtool.web.labels import Label, labels
from kgtool.web.parameters import Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.source import GraphSource, here
from kgtool.web.tables import shortened
from kgtool.web.views import Cell, Table, View, seen
from kgtool.web.workbench import terms as arranging
from kgtool.web.workbench.exploring import behind
from kgtool.web.workbench.terms import Counted, Shown

blueprint = Blueprint("browsing", __name__)

#: Terms that are read of a graph, beyond which a page says that there are more.
_READ: Final = 20_000
#: Sample things, and rows of what a term is used with.
_SAMPLES: Final = 12
_USES: Final = 40
#: Texts that say what a term means, the best first.
_DEFINING: Final = (
    iri("skos", "definition"), iri("rdfs", "comment"), iri("dcterms", "description"), iri("schema", "description")
)  # fmt: skip
_DECLARED: Final = (
    iri("rdfs", "domain"), iri("rdfs", "range"), iri("owl", "inverseOf"), iri("owl", "equivalentClass"),
    iri("owl", "equivalentProperty"), iri("owl", "disjointWith"), iri("rdf", "type"),
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """The classes and properties of a graph, and how they stand to each other."""

    classes: Mapping[str, Counted]
    properties: Mapping[str, Counted]
    above: Mapping[str, list[str]]
    tables: tuple[Table, Table]
    more: bool

    def below(self, term: str) -> list[str]:
        """Give the terms directly below one."""
        return sorted(narrow for narrow, broad in self.above.items() if term in broad)


@blueprint.get("/explore/terms")
def terms() -> Response:
    """Show the classes and properties, or one of them."""
    source = here()
    parameters = Parameters.of_request(request)
    language = pages.language(request, parameters)
    term, searched = parameters.one("term") or "", (parameters.one("q") or "").strip()[:200]
    tag = caching.entity_tag(source.commit, "terms", language, term, searched, parameters.one("lang"))
    unchanged = caching.not_modified(request, tag, vary=pages.VARY)
    if unchanged:
        return unchanged
    known = _known(source, language)
    response = _term(source, known, term, language) if term else _list(source, known, searched, language)
    return caching.tagged(response, tag, vary=pages.VARY)


def _known(source: GraphSource, language: str) -> Known:
    names = ("term-classes", "term-properties", "term-parents", "term-property-parents")
    classes, properties, parents, others = seen(source, [View(name, (), _READ) for name in names], language)
    above = {**arranging.broader(parents), **arranging.broader(others)}
    return Known(
        arranging.counted(classes),
        arranging.counted(properties),
        above,
        (classes, properties),
        classes.more or properties.more,
    )


def _list(source: GraphSource, known: Known, searched: str, language: str) -> Response:
    parts = []
    for kind, members, table in zip(
        ("classes", "properties"), (known.classes, known.properties), known.tables, strict=True
    ):
        shown = arranging.found(members, searched) if searched else arranging.tree(members, known.above)
        parts.append((kind, shown, table.query, len(members)))
    others = _in_other_language(source, (shown for _, shown, _, _ in parts), language)
    return pages.page(
        "terms.html", language, parts=parts, searched=searched, others=others, more=known.more, shortened=shortened,
        behind=behind, empty=not known.classes and not known.properties,
    )  # fmt: skip


def _in_other_language(source: GraphSource, parts: Iterable[Shown], language: str) -> dict[str, Label]:
    """Name terms in the language that the page is not in, where that says something else."""
    other = "en" if language == "fr" else "fr"
    lines = {line.counted.term.iri or "": line.counted.term for shown in parts for line in shown.lines}
    names = labels(source.graph, [NamedNode(each) for each in lines if each], other)
    return {each: name for each, name in names.items() if name.language == other and name.text != lines[each].text}


def _term(source: GraphSource, known: Known, term: str, language: str) -> Response:
    is_class, is_property = term in known.classes, term in known.properties
    if not is_class and not is_property:
        raise HttpProblem(404, f"no class or property of the graph is {term}", hint="see the list at /explore/terms")
    views = [View("term-said", (("term", term),), 200)]
    if is_class:
        views += [View("term-instances", (("class", term),), _SAMPLES), View("term-used-with", (("class", term),), 200)]
    if is_property:
        views += [View("term-triples", (("property", term),), _SAMPLES), View("term-sides", (("property", term),), 200)]
    answers = dict(zip((view.name for view in views), seen(source, views, language), strict=True))
    said = answers["term-said"]
    above, below = known.above.get(term, []), known.below(term)
    names = labels(source.graph, [NamedNode(each) for each in (term, *above, *below)], language)
    others = labels(source.graph, [NamedNode(term)], "en" if language == "fr" else "fr")
    return pages.page(
        "term.html",
        language,
        term=term,
        short=shortened(term),
        label=names[term],
        other_label=others[term] if others[term].language != names[term].language else None,
        definitions=_definitions(said, language),
        declared=_declared(said),
        above=[(each, names[each]) for each in above],
        below=[(each, names[each]) for each in below],
        as_class=known.classes.get(term),
        as_property=known.properties.get(term),
        samples=answers.get("term-instances"),
        triples=answers.get("term-triples"),
        used=_by_side(answers.get("term-used-with"), "property"),
        sides=_by_side(answers.get("term-sides"), "class"),
        answers=answers,
        behind=behind,
        known=known,
    )


def _definitions(said: Table, language: str) -> list[Cell]:
    """Give what a term means, in the page's language first; one text a language."""
    for wanted in _DEFINING:
        texts: dict[str | None, Cell] = {}
        for row in said.by_name():
            if row["property"].iri == wanted.value and row["value"].iri is None:
                texts.setdefault(row["value"].language, row["value"])
        if texts:
            return sorted(texts.values(), key=lambda cell: (cell.language != language, cell.language or ""))[:2]
    return []


def _declared(said: Table) -> list[tuple[Cell, list[Cell]]]:
    """Give what the ontology says of a term beside its texts and what is above it."""
    found: dict[str, tuple[Cell, list[Cell]]] = {}
    wanted = {each.value for each in _DECLARED}
    for row in said.by_name():
        name = row["property"].iri
        if name in wanted and row["value"].iri:
            found.setdefault(name, (row["property"], []))[1].append(row["value"])
    return list(found.values())


def _by_side(table: Table | None, column: str) -> dict[str, list[tuple[Cell, int]]]:
    """Group the rows of a view by side, the first ones of each."""
    found: dict[str, list[tuple[Cell, int]]] = {}
    for row in table.by_name() if table else ():
        rows = found.setdefault(row["side"].text, [])
        if len(rows) < _USES:
            rows.append((row[column], int(row["things"].text)))
    return found
