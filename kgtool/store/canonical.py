"""Literals by value: the form in which Oxigraph keeps them, given before they are stored.

Oxigraph stores ``"01"^^xsd:integer`` and gives back ``"1"``. Whatever compares statements that are on their way in with
those that are there must know that form first, so literals make the round trip through a store in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

_ANY = NamedNode("urn:kgtool:any")
_DATE_TIME = NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
_PLAIN = {
    "http://www.w3.org/2001/XMLSchema#string",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
}


def canonical_quads(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Give quads with their literals as the store will keep them.

    A midnight written as 24:00 stays: the store makes it the next day, and who checks dates must be able to refuse it.
    See :func:`settled`.

    >>> number = Literal("01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    >>> [q.object.value for q in canonical_quads([Quad(_ANY, _ANY, number)])]
    ['1']
    """
    known: dict[Literal, Literal] = {}
    for quad in quads:
        value = quad.object
        if isinstance(value, Literal) and value.datatype.value not in _PLAIN:
            if value not in known:
                known[value] = value if _ends_a_day(value) else kept(value)
            if known[value] != value:
                yield Quad(quad.subject, quad.predicate, known[value], quad.graph_name)
                continue
        yield quad


def settled(quads: Iterable[Quad]) -> dict[Quad, Quad]:
    """Give those of some quads whose midnight is written as 24:00, by what the store makes of them."""
    return {
        Quad(quad.subject, quad.predicate, kept(quad.object), quad.graph_name): quad
        for quad in quads
        if isinstance(quad.object, Literal) and _ends_a_day(quad.object)
    }


def _ends_a_day(value: Literal) -> bool:
    return value.datatype == _DATE_TIME and "T24:" in value.value


def kept(value: Literal) -> Literal:
    """Give the form in which the store keeps a literal."""
    store = Store()
    store.add(Quad(_ANY, _ANY, value, DefaultGraph()))
    form = next(iter(store)).object
    return form if isinstance(form, Literal) else value
