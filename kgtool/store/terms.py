"""Terms as people type them: IRIs, prefixed names, literals of Turtle, blank nodes, labels that one thing alone has."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final, TypeAlias
from typing import Literal as OneOf

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from kgtool.errors import InputError
from kgtool.store.canonical import kept
from kgtool.store.interface import Term
from kgtool.store.labels import Queryable
from kgtool.vocabulary import PREFIXES, iri

Role: TypeAlias = OneOf["subject", "property", "object"]

_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_PREFIX: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
#: What a word before a colon may be, besides a prefix.
_SCHEMES: Final = frozenset(
    {"ark", "data", "did", "doi", "file", "ftp", "http", "https", "info", "mailto", "tag", "tel", "urn"}
)
_LITERAL_HINT: Final = 'write "text", "texte"@fr, "2020"^^xsd:gYear, 2024 or true'
#: So many candidates are named, and so many labels or triples are looked at for the nearest name.
_MOST_NAMED: Final = 5
_MOST_COMPARED: Final = 20_000
_MOST_SHOWN: Final = 200
_LABEL: Final = iri("rdfs", "label")
_PROPERTY_KINDS: Final = " ".join(
    map(
        str, (iri("rdf", "Property"), *(iri("owl", f"{kind}Property") for kind in ("Object", "Datatype", "Annotation")))
    )
)


def read_triple(subject: str, predicate: str, value: str, graph: Queryable) -> tuple[Term, NamedNode, Term]:
    """Read the terms of a triple.

    :param graph: where labels are looked up, and names that are nearly the same.
    :raises InputError: naming the term that is wrong, and what it may have been meant to be.
    """
    property_ = read_term(predicate, "property", graph)
    assert isinstance(property_, NamedNode)
    return read_term(subject, "subject", graph), property_, read_term(value, "object", graph)


def read_term(text: str, role: Role, graph: Queryable) -> Term:
    """Read a term.

    :param role: where it stands: a property is an IRI, and may be ``a``.
    :raises InputError: saying what is wrong with it.
    """
    given = text.strip()
    try:
        given.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"the {role} is not UTF-8") from error
    if not given:
        raise InputError(f"the {role} is empty", hint="give an IRI, a prefixed name or a label")
    term = _written(given, role, graph)
    if term is None:
        term = _labelled(given, role, graph)
    if role == "property" and not isinstance(term, NamedNode):
        raise InputError(
            f"{shown(given)} is no property: a property is an IRI", hint="give its IRI or its prefixed name"
        )
    return term


def _written(given: str, role: Role, graph: Queryable) -> Term | None:
    """Read a term that is written as such; None for a text that may be a label."""
    if given.startswith("<"):
        return _iri(given.removeprefix("<").removesuffix(">"), closed=given.endswith(">"))
    if given.startswith("_:"):
        return _blank_node(given)
    if given[0] in "\"'" or given in ("true", "false") or _NUMBER.fullmatch(given):
        return _literal(given)
    if given == "a" and role == "property":
        return iri("rdf", "type")
    prefix, colon, local = given.partition(":")
    if not colon or any(c.isspace() for c in given):
        return None
    if prefix in PREFIXES:
        return _iri(PREFIXES[prefix] + local)
    if prefix.lower() in _SCHEMES:
        return _iri(given)
    return _of_unknown_prefix(given, prefix, local, role, graph)


def _of_unknown_prefix(given: str, prefix: str, local: str, role: Role, graph: Queryable) -> Term:
    """Read a name whose prefix nobody knows: an IRI or a label that the graph has, else an error."""
    if _PREFIX.fullmatch(prefix):
        term = _iri(given)
        if graph.query(f"ASK {{ {{ {term} ?p ?o }} UNION {{ ?s {term} ?o }} UNION {{ ?s ?p {term} }} }}").answer:
            return term
    things = _things_labelled(given, role, graph)
    if len(things) == 1:
        return things[0]
    near = get_close_matches(prefix.lower(), PREFIXES, 1)
    meant = f"did you mean {near[0]}:{shown(local)}? Write" if near else f"known are {', '.join(PREFIXES)}; write"
    raise InputError(f"{shown(given)}: no prefix is called {shown(prefix)}", hint=f"{meant} an IRI in < >")


def _iri(value: str, *, closed: bool = True) -> NamedNode:
    try:
        if not closed:
            raise ValueError("it ends without >")
        return NamedNode(value)
    except ValueError as error:
        raise InputError(
            f"{shown(value)} is no IRI: {error}", hint="give an absolute IRI, such as <https://…>"
        ) from error


def _blank_node(given: str) -> BlankNode:
    try:
        return BlankNode(given.removeprefix("_:"))
    except ValueError as error:
        raise InputError(
            f"{given} is no blank node", hint="give the label that the store shows, such as _:b0"
        ) from error


def _literal(given: str) -> Literal:
    """Read a literal of Turtle in the form in which stores keep it."""
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    try:
        # A full stop after a line end: what follows a # would hide it otherwise.
        quads = list(parse(f"{prefixes}<urn:x:s> <urn:x:p> {given}\n.".encode(), RdfFormat.TURTLE))
    except SyntaxError as error:
        raise InputError(f"{shown(given)} is no literal", hint=_LITERAL_HINT) from error
    if len(quads) != 1 or not isinstance(quads[0].object, Literal):
        raise InputError(f"{shown(given)} is more than one literal", hint=_LITERAL_HINT)
    return kept(quads[0].object)


def _labelled(given: str, role: Role, graph: Queryable) -> NamedNode | BlankNode:
    """Find the one thing with a label."""
    things = _things_labelled(given, role, graph)
    if len(things) == 1:
        return things[0]
    kind = "property" if role == "property" else "thing"
    if things:
        named = ", ".join(map(str, things[:_MOST_NAMED]))
        more = f" and {len(things) - _MOST_NAMED} more" if len(things) > _MOST_NAMED else ""
        raise InputError(f"{len(things)} things are called {shown(given)}", hint=f"say which: {named}{more}")
    near = _near_property(given, graph) if role == "property" else _near_label(given, graph)
    meant = f"did you mean {near}?" if near else 'give an IRI in < >, a prefixed name, or for a text "…"'
    raise InputError(f"no {kind} is called {shown(given)}", hint=meant)


def _things_labelled(given: str, role: Role, graph: Queryable) -> list[NamedNode | BlankNode]:
    text = Literal(given)
    rows = graph.query(f"SELECT DISTINCT ?thing {{ ?thing {_LABEL} ?label FILTER(STR(?label) = {text}) }}").solutions()
    things = sorted((row[0] for row in rows), key=str)
    found = [thing for thing in things if isinstance(thing, NamedNode | BlankNode)]
    return [thing for thing in found if _is_property(thing, graph)] if role == "property" else found


def _is_property(thing: NamedNode | BlankNode, graph: Queryable) -> bool:
    if isinstance(thing, BlankNode):
        return False
    return graph.query(
        f"ASK {{ {{ ?s {thing} ?o }} UNION {{ VALUES ?kind {{ {_PROPERTY_KINDS} }} {thing} a ?kind }} }}"
    ).answer


def unused_property(predicate: NamedNode, graph: Queryable) -> str | None:
    """Give the property with nearly the same name, for one that no triple has and of which nothing is said."""
    if graph.query(f"ASK {{ {{ ?s {predicate} ?o }} UNION {{ {predicate} ?p ?o }} }}").answer:
        return None
    return _near_property(_short(predicate), graph)


def _near_property(given: str, graph: Queryable) -> str | None:
    """Give the prefixed name of the property of the graph that is nearest to a text, by its name or by its label."""
    used = f"SELECT ?p {{ ?s ?p ?o }} LIMIT {_MOST_COMPARED}"
    declared = f"VALUES ?kind {{ {_PROPERTY_KINDS} }} ?p a ?kind"
    rows = graph.query(
        f"SELECT DISTINCT ?p ?label {{ {{ {used} }} UNION {{ {declared} }} OPTIONAL {{ ?p {_LABEL} ?label }} }}"
    ).solutions()
    names: dict[str, str] = {}
    for property_, label in rows:
        if isinstance(property_, NamedNode):
            short = _short(property_)
            names |= {name.lower(): short for name in (short, short.rpartition(":")[2])}
            if isinstance(label, Literal):
                names[label.value.lower()] = short
    near = get_close_matches(given.lower(), names, 1)
    return names[near[0]] if near else None


def _near_label(given: str, graph: Queryable) -> str | None:
    rows = graph.query(f"SELECT DISTINCT ?label {{ ?thing {_LABEL} ?label }} LIMIT {_MOST_COMPARED}").solutions()
    texts = {label.value.lower(): label.value for (label,) in rows if isinstance(label, Literal)}
    near = get_close_matches(given.lower(), texts, 1)
    return shown(texts[near[0]]) if near else None


def shown(text: str) -> str:
    """Write a text for a message: not all of a long one, and nothing that could steer a terminal."""
    short = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)


def _short(node: NamedNode) -> str:
    for prefix, namespace in PREFIXES.items():
        if node.value.startswith(namespace):
            return f"{prefix}:{node.value.removeprefix(namespace)}"
    return str(node)
