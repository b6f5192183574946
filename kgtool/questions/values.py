"""Values of parameters as people write them, to terms. Nothing here ever becomes a part of a query's text."""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from typing import Final

from pyoxigraph import Literal, NamedNode

from kgtool.errors import InputError
from kgtool.questions.question import TODAY, Parameter
from kgtool.store.interface import Term
from kgtool.store.labels import Queryable
from kgtool.store.terms import read_term, shown
from kgtool.vocabulary import ID_BASE, PREFIXES, iri

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR: Final = re.compile(r"[0-9]{4}")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,30}")
#: What Oxigraph counts with.
_LEAST, _MOST = -(2**63), 2**63 - 1


def term_of(parameter: Parameter, text: str, graph: Queryable, today: date) -> Term:
    """Give the term that a value stands for.

    :param graph: where an IRI's label is looked up, or the end of the IRI of a resource.
    :param today: the day that ``today`` means.
    :raises InputError: if the value is not of the parameter's type; it says what is.
    """
    _refuse_odd_text(parameter, text)
    if parameter.type == "iri":
        return _node(parameter, text.strip(), graph)
    return term_without_graph(parameter, text, today)


def term_without_graph(parameter: Parameter, text: str, today: date) -> Term:
    """Give the term that a value stands for; an IRI is written in full, or with a prefix.

    :raises InputError: if the value is not of the parameter's type.
    """
    _refuse_odd_text(parameter, text)
    given = text.strip()
    match parameter.type:
        case "iri":
            return _written(parameter, given)
        case "date":
            return _date(parameter, given, today)
        case "year":
            if not _YEAR.fullmatch(given) or int(given) == 0:
                raise _wrong(parameter, given, "is no year", "write it as YYYY, from 0001 to 9999")
            return _number(int(given))
        case "integer":
            if not _INTEGER.fullmatch(given) or not _LEAST <= int(given) <= _MOST:
                raise _wrong(parameter, given, "is no integer", f"write a whole number from {_LEAST} to {_MOST}")
            return _number(int(given))
        case "text":
            return Literal(text)
        case _:
            return _choice(parameter, given)


def _refuse_odd_text(parameter: Parameter, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"the value of {parameter.name} is not UTF-8", hint="give it in UTF-8") from error


def _written(parameter: Parameter, given: str) -> NamedNode:
    prefix, colon, local = given.partition(":")
    try:
        return NamedNode(PREFIXES[prefix] + local if colon and prefix in PREFIXES else given.strip("<>"))
    except ValueError:
        raise _wrong(parameter, given, "is no IRI", "write it in full, or with a prefix such as kg:") from None


def _date(parameter: Parameter, given: str, today: date) -> Literal:
    if given == TODAY:
        given = today.isoformat()
    try:
        if not _DATE.fullmatch(given):
            raise ValueError
        date.fromisoformat(given)
    except ValueError:
        hint = f"write a day that exists as YYYY-MM-DD, from 0001-01-01 to 9999-12-31, or {TODAY}"
        raise _wrong(parameter, given, "is no date", hint) from None
    return Literal(given, datatype=iri("xsd", "date"))


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=iri("xsd", "integer"))


def _choice(parameter: Parameter, given: str) -> Literal:
    if given not in parameter.allowed:
        near = get_close_matches(given.lower(), parameter.allowed, 1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise _wrong(parameter, given, "is not allowed", f"{meant}Give one of {', '.join(parameter.allowed)}".strip())
    return Literal(given)


def _node(parameter: Parameter, given: str, graph: Queryable) -> NamedNode:
    known = _below_base(given, graph)
    if known is not None:
        return known
    try:
        term = read_term(given, "subject", graph)
    except InputError as error:
        raise InputError(f"the value of {parameter.name}: {error.what}", hint=error.hint) from error
    if not isinstance(term, NamedNode):
        raise _wrong(parameter, given, "is no IRI", "give an IRI, a prefixed name such as kg:Researcher, or a label")
    return term


def is_known(text: str, graph: Queryable) -> bool:
    """Tell whether an IRI, as an example gives it, is that of something in a graph; no labels are looked up."""
    if "/" in text and ":" not in text:
        return _below_base(text, graph) is not None
    prefix, _, local = text.partition(":")
    try:
        node = NamedNode(PREFIXES[prefix] + local if prefix in PREFIXES else text.strip("<>"))
    except ValueError:
        return False
    return _is_mentioned(node, graph)


def _below_base(given: str, graph: Queryable) -> NamedNode | None:
    """Give the resource whose IRI this ends, if the graph has one: ``hauts-de-france/institution/inserm``."""
    if ":" in given or "/" not in given:
        return None
    try:
        node = NamedNode(ID_BASE + given)
    except ValueError:
        return None
    return node if _is_mentioned(node, graph) else None


def _is_mentioned(node: NamedNode, graph: Queryable) -> bool:
    return graph.query(f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s ?q {node} }} }}").answer


def _wrong(parameter: Parameter, given: str, fact: str, hint: str) -> InputError:
    return InputError(f"the value of {parameter.name}, '{shown(given)}', {fact}", hint=hint)
