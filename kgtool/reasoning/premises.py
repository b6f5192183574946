"""Facts that RDF cannot write or that the graph does not show, as quads of a graph that never answers.

A literal as a subject, or a blank node as a predicate, is written as an IRI that holds it.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kgtool.reasoning.language import Fact, Term
from kgtool.store.ntriples import terms_of_texts
from kgtool.vocabulary import PREMISES

_TERM: Final = "urn:kgtool:term:"


def premise_quad(fact: Fact) -> Quad:
    """Write a fact as a quad of the graph of premises.

    >>> a = NamedNode("urn:x:a")
    >>> str(premise_quad((Literal(1), a, a)).subject)[:40]
    '<urn:kgtool:term:%221%22%5E%5E%3Chttp%3A'
    """
    subject, predicate, value = fact
    held = _held(subject) if isinstance(subject, Literal) else subject
    named = predicate if isinstance(predicate, NamedNode) else _held(predicate)
    return Quad(held, named, value, PREMISES)


def fact_of_premise(quad: Quad) -> Fact:
    """Read what :func:`premise_quad` wrote.

    >>> fact = (Literal("café", language="fr"), BlankNode("p"), NamedNode("urn:x:a"))
    >>> fact_of_premise(premise_quad(fact)) == fact
    True
    """
    return _term(quad.subject), _term(quad.predicate), quad.object  # type: ignore[return-value]


def held_term(term: Term) -> Term:
    """Give the term to look for in the graph of premises in the place of a subject or predicate."""
    return term if isinstance(term, NamedNode | BlankNode) else _held(term)


def held_predicate(term: Term) -> NamedNode:
    """Give the predicate to look for in the graph of premises."""
    return term if isinstance(term, NamedNode) else _held(term)


def term_text(held: str) -> str:
    """Give the N-Triples text of the term that an IRI holds, itself given as N-Triples text."""
    return unquote(held.removeprefix(f"<{_TERM}").removesuffix(">"))


def _held(term: Term) -> NamedNode:
    return NamedNode(_TERM + quote(str(term), safe=""))


def _term(term: object) -> Term:
    if isinstance(term, NamedNode) and term.value.startswith(_TERM):
        return terms_of_texts([unquote(term.value.removeprefix(_TERM))])[0]
    return term  # type: ignore[return-value]
