"""Query results as an HTML table, for people without a script running. Everything from the data is escaped."""

from __future__ import annotations

from itertools import islice
from typing import BinaryIO, Final

from markupsafe import Markup, escape
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgtool.store.results import QueryResult
from kgtool.vocabulary import PREFIXES

#: How many rows a page shows; a client that wants all asks for another format.
ROWS: Final = 1000
#: Stands in the fragment when there are more rows. No text from the data can hold it: there it would be escaped.
CUT_MARK: Final = '<p class="rows cut">'
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"


def shortened(iri: str) -> str:
    """Write an IRI with a known prefix, if one fits.

    >>> shortened("https://schema.org/name"), shortened("urn:x:a")
    ('schema:name', 'urn:x:a')
    """
    for prefix, namespace in PREFIXES.items():
        rest = iri.removeprefix(namespace)
        if rest != iri and rest and not set(rest) & set("/#?"):
            return f"{prefix}:{rest}"
    return iri


def is_link(iri: str) -> bool:
    """Tell whether a page may link to an IRI: only the web's own schemes, never ``javascript:``.

    >>> is_link("https://example.org/"), is_link("javascript:alert(1)")
    (True, False)
    """
    return iri.lower().startswith(("http://", "https://"))


def cell(term: object) -> Markup:
    """Write a term as HTML.

    >>> cell(NamedNode("https://schema.org/name"))
    Markup('<a href="https://schema.org/name">schema:name</a>')
    >>> cell(Literal("<b>", language="fr"))
    Markup('<span lang="fr">&lt;b&gt;</span>')
    """
    if isinstance(term, NamedNode):
        text = escape(shortened(term.value))
        return Markup('<a href="{}">{}</a>').format(term.value, text) if is_link(term.value) else text
    if isinstance(term, Literal):
        if term.language:
            return Markup('<span lang="{}">{}</span>').format(term.language, term.value)
        if term.datatype.value == _STRING:
            return escape(term.value)
        return Markup('<span title="{}">{}</span>').format(shortened(term.datatype.value), term.value)
    if isinstance(term, BlankNode):
        return escape(f"_:{term.value}")
    return escape("" if term is None else str(term))


def write(result: QueryResult, output: BinaryIO) -> None:
    """Write a result as an HTML fragment, its first :data:`ROWS` rows and whether there are more."""
    if result.kind == "ask":
        output.write(f'<p class="answer">{"true" if result.answer else "false"}</p>'.encode())
        return
    columns = result.variables if result.kind == "select" else ("subject", "predicate", "object")
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in columns)
    output.write(f"<table><thead><tr>{head}</tr></thead><tbody>".encode())
    rows = iter(result)
    shown = 0
    for row in islice(rows, ROWS):
        terms = (row.subject, row.predicate, row.object) if isinstance(row, Triple) else row
        cells = Markup("").join(Markup("<td>{}</td>").format(cell(term)) for term in terms)
        output.write(f"<tr>{cells}</tr>".encode())
        shown += 1
    cut = next(rows, None) is not None
    mark = CUT_MARK if cut else '<p class="rows">'
    output.write(f"</tbody></table>{mark}{shown}{'+' if cut else ''}</p>".encode())
