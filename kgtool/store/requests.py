"""What a SPARQL query asks of its dataset, read off its text: FROM, SERVICE, reserved graphs, SELECT *."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from kgtool.errors import InputError
from kgtool.store.ambiguity import reaches_out
from kgtool.store.declarations import prologue, resolve
from kgtool.store.limits import check_nesting
from kgtool.store.services import Rewritten, Services, rewritten
from kgtool.store.tokens import Token, closing, tokens
from kgtool.vocabulary import RESERVED_PREFIX

_WORDS = ("from", RESERVED_PREFIX)
_STAR = re.compile(r"\b(?:select|distinct|reduced)\s*\*", re.IGNORECASE)


class QueryRequest(NamedTuple):
    """A query's text and what it says of its dataset.

    :param text: the text for the store, without its dataset clauses' effect.
    :param default_graphs: the graphs of FROM, or None when there is no dataset clause.
    :param named_graphs: the graphs of FROM NAMED, likewise.
    :param star: the character offset of ``*`` in a top-level ``SELECT *``, or None.
    :param reserved: whether the text names a graph that starts with ``urn:kgtool:``.
    :param written: how the text came to differ from what a person wrote, if it does.
    """

    text: str
    default_graphs: tuple[NamedNode, ...] | None = None
    named_graphs: tuple[NamedNode, ...] | None = None
    star: int | None = None
    reserved: bool = False
    written: Rewritten | None = None


def _needs_a_look(text: str) -> bool:
    """Tell whether a text may hold what :func:`read_query` looks for; most queries end here, in a microsecond."""
    lowered = text.lower()
    return any(word in lowered for word in _WORDS) or ("*" in text and _STAR.search(text) is not None)


def read_query(text: str, services: Services | None = None) -> QueryRequest:
    """Read what a query says of its dataset; let each SERVICE ask our proxy.

    :param services: what SERVICE may reach; None for nothing.
    :raises QueryError: for a SERVICE that may not be, and for a text that is too deeply nested.

    >>> read_query("SELECT ?s FROM <urn:x:g> WHERE { ?s ?p ?o }").default_graphs
    (<NamedNode value=urn:x:g>,)
    >>> read_query("ASK { ?from ?p 'SERVICE' }").default_graphs is None
    True
    """
    check_nesting(text)
    written = None
    if reaches_out(text, "service"):
        written = rewritten(text, services)
        text = written.text
    if not _needs_a_look(text):
        return QueryRequest(text, written=written)
    words = list(tokens(text))
    default_graphs, named_graphs = _dataset_clause(words, text)
    return QueryRequest(text, default_graphs, named_graphs, _star(words), RESERVED_PREFIX in text, written)


def _dataset_clause(
    words: Sequence[Token], text: str
) -> tuple[tuple[NamedNode, ...] | None, tuple[NamedNode, ...] | None]:
    """Read FROM and FROM NAMED; they stand outside every brace, before the WHERE group (grammar rule [13])."""
    default_graphs: list[NamedNode] = []
    named_graphs: list[NamedNode] = []
    found = False
    index = 0
    while index < len(words):
        word = words[index]
        if word.is_mark("{"):
            index = closing(words, index)
        elif word.is_word("FROM") and index + 1 < len(words):
            found = True
            named = words[index + 1].is_word("NAMED")
            index += 2 if named else 1
            if index < len(words):
                graph = resolve(words[index], prologue(words, text))
                (named_graphs if named else default_graphs).append(graph)
        index += 1
    return (tuple(default_graphs), tuple(named_graphs)) if found else (None, None)


def _star(words: Sequence[Token]) -> int | None:
    """Give the offset of the star of a top-level SELECT *."""
    for index, word in enumerate(words):
        if word.is_mark("{"):
            return None
        if word.is_word("SELECT"):
            following = index + 1
            while following < len(words) and words[following].is_word("DISTINCT", "REDUCED"):
                following += 1
            starred = following < len(words) and words[following].is_mark("*")
            return words[following].start if starred else None
    return None


def in_text_order(text: str, variables: Sequence[str]) -> list[str]:
    """Sort variables by their first place in the text, as people expect of SELECT * (Oxigraph sorts by name).

    >>> in_text_order("SELECT * { ?s ?p ?o }", ["o", "p", "s"])
    ['s', 'p', 'o']
    """
    places: dict[str, int] = {}
    for word in tokens(text):
        if word.kind == "variable":
            places.setdefault(word.text[1:], word.start)
    return sorted(variables, key=lambda name: places.get(name, len(text)))


def hide_from_variables(text: str, hidden: Sequence[NamedNode]) -> str:
    """Keep ``GRAPH ?g`` from binding graphs that answer only when named.

    Each ``GRAPH ?g { … }`` becomes ``{ GRAPH ?g { … } FILTER(?g NOT IN (…)) }``.

    >>> print(hide_from_variables("ASK { GRAPH ?g { ?s ?p ?o } }", [NamedNode("urn:kgtool:inferred")]))
    ASK { { GRAPH ?g { ?s ?p ?o } FILTER(?g NOT IN (<urn:kgtool:inferred>)) } }
    """
    words = list(tokens(text))
    names = ", ".join(f"<{graph.value}>" for graph in hidden)
    insertions: list[tuple[int, str]] = []
    for index, word in enumerate(words[:-2]):
        if word.is_word("GRAPH") and words[index + 1].kind == "variable" and words[index + 2].is_mark("{"):
            end = words[closing(words, index + 2)].end
            insertions.append((word.start, "{ "))
            insertions.append((end, f" FILTER({words[index + 1].text} NOT IN ({names})) }}"))
    for offset, inserted in sorted(insertions, key=lambda item: item[0], reverse=True):
        text = text[:offset] + inserted + text[offset:]
    return text


def named_node(text: str) -> NamedNode:
    """Give the node of an IRI that a person typed.

    :raises InputError: if it is no absolute IRI.

    >>> named_node("urn:x:g")
    <NamedNode value=urn:x:g>
    """
    try:
        return NamedNode(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no IRI", hint="give an absolute IRI, without < >") from error
