"""What the rules about literals need to know of them: dt-type1, dt-type2, dt-eq, dt-diff, dt-not-type.

Source: W3C OWL 2 Profiles, section 4.3, table 8; OWL 2 Structural Specification, section 4.

Some terms only come close to a store: it keeps ``"1"^^xsd:byte`` as ``"1"^^xsd:integer``, whether or not it is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kgtool.reasoning.language import Fact
from kgtool.reasoning.owl.lexical import INTEGER_RANGES, is_in_range, is_of_pattern, is_string, is_well_formed
from kgtool.reasoning.owl.obvious import OBVIOUSLY_WELL_FORMED
from kgtool.reasoning.owl.values import STRINGS, TAGGED, DataValue, value_of
from kgtool.store.canonical import canonical_quads
from kgtool.vocabulary import iri

__all__ = [
    "DATATYPES",
    "OBVIOUSLY_WELL_FORMED",
    "as_told",
    "differ",
    "equal_in_value",
    "is_in",
    "is_outside",
    "is_well_formed",
    "variants",
    "ways_told",
]

_LITERAL: Final = iri("rdfs", "Literal")
_PLAIN_LITERAL: Final = iri("rdf", "PlainLiteral")
_LANG_STRING: Final = iri("rdf", TAGGED).value
#: As which a store keeps numbers of 64 bits.
_NUMBERS: Final = {iri("xsd", "integer").value, iri("xsd", "decimal").value}
#: Both hold pieces of documents, and whether two texts are the same piece only a reader of HTML could tell.
_DOCUMENTS: Final = {"HTML", "XMLLiteral"}


def _is_anything(_: DataValue) -> bool:
    return True


def _is_plain(value: DataValue) -> bool:
    return is_string(value.text)


def _has_offset(value: DataValue) -> bool:
    return value.text.endswith("Z") or value.text[-6] in "+-"


def _is_integer(bounds: tuple[int | None, int | None]) -> Callable[[DataValue], object]:
    return lambda value: is_in_range(value.text, bounds)


def _matches(name: str) -> Callable[[DataValue], object]:
    return lambda value: is_of_pattern(name)(value.text)


def _memberships() -> Iterator[tuple[NamedNode, str, Callable[[DataValue], object]]]:
    """Give, for each datatype but ``rdfs:Literal``, which values of which spaces it holds."""
    for name in ("decimal", "float", "double", "string", "boolean", "hexBinary", "base64Binary", "anyURI", "dateTime"):
        yield iri("xsd", name), name, _is_anything
    for name in ("date", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"):
        yield iri("xsd", name), name, _is_anything
    yield iri("xsd", "dateTimeStamp"), "dateTime", _has_offset
    for name, bounds in INTEGER_RANGES.items():
        yield iri("xsd", name), "decimal", _is_integer(bounds)
    for name in STRINGS[1:]:
        yield iri("xsd", name), "string", _matches(name)
    for name in ("XMLLiteral", "HTML", TAGGED):
        yield iri("rdf", name), name, _is_anything
    yield _PLAIN_LITERAL, "string", _is_anything
    yield _PLAIN_LITERAL, TAGGED, _is_plain


_MEMBERSHIPS: Final[Mapping[tuple[str, str], Callable[[DataValue], object]]] = {
    (datatype.value, space): test for datatype, space, test in _memberships()
}
#: The datatypes of OWL 2 RL (OWL 2 Profiles, section 4.2), and those that owlrl adds to them: ``rdf:HTML``,
#: ``rdf:langString``, and the dates and times of XML Schema that are no moments.
DATATYPES: Final[frozenset[NamedNode]] = frozenset({_LITERAL, *(datatype for datatype, _, _ in _memberships())})


def is_in(literal: Literal, datatype: NamedNode) -> bool:
    """Tell whether the data value of a literal is certainly in the value space of a datatype (dt-type2).

    Never for ill-formed literals, which have no value. The value of a literal whose datatype is unknown is in
    ``rdfs:Literal``, and what else it is in is unknown.

    >>> five = Literal("5", datatype=iri("xsd", "integer"))
    >>> [is_in(five, iri("xsd", name)) for name in ("byte", "negativeInteger", "decimal", "double")]
    [True, False, True, False]
    """
    if datatype == _LITERAL:
        return is_well_formed(literal)
    value = value_of(literal)
    if value is None:
        return False
    test = _MEMBERSHIPS.get((datatype.value, value.space))
    return test is not None and bool(test(value))


def is_outside(literal: Literal, datatype: NamedNode) -> bool:
    """Tell whether a literal certainly has no data value in the value space of a datatype (dt-not-type).

    So it is with ill-formed literals, wherever they are said to be. Never both this and :func:`is_in`; neither where
    the datatype or the literal's own one is unknown.

    >>> is_outside(Literal("5"), iri("xsd", "integer")), is_outside(Literal("5"), iri("schema", "Number"))
    (True, False)
    """
    if datatype not in DATATYPES:
        return False
    if not is_well_formed(literal):
        return True
    value = value_of(literal)
    if value is None or {value.space, datatype.value.rpartition("#")[2]} == _DOCUMENTS:
        return False
    return not is_in(literal, datatype)


def equal_in_value(one: Literal, other: Literal) -> bool:
    """Tell whether two literals certainly have the same data value, or are the same term (dt-eq).

    >>> equal_in_value(Literal("1", datatype=iri("xsd", "integer")), Literal("1.0", datatype=iri("xsd", "decimal")))
    True
    """
    if one == other:
        return True
    value = value_of(one)
    return value is not None and value == value_of(other)


def differ(one: Literal, other: Literal) -> bool:
    """Tell whether two literals certainly have different data values (dt-diff).

    Never if one is ill-formed or its datatype is unknown: it may mean what the other means.

    >>> differ(Literal("chat", language="fr"), Literal("chat", language="en"))
    True
    >>> differ(Literal("1", datatype=iri("schema", "Number")), Literal("2", datatype=iri("schema", "Number")))
    False
    """
    value, other_value = value_of(one), value_of(other)
    if value is None or other_value is None:
        return False
    if value.space in _DOCUMENTS and other_value.space in _DOCUMENTS and "HTML" in (value.space, other_value.space):
        return False
    return value != other_value


@lru_cache(maxsize=4_096)
def variants(literal: Literal) -> tuple[Literal, ...]:
    """Give the other terms with the same data value, as a store keeps them.

    All there are, but for values that a store keeps however they are written: only the usual ways to write binary data
    are given, tags in ``rdf:PlainLiteral``, and what is too large or too fine for it to reckon with (an integer of more
    than 64 bits); none to write XML and HTML.

    >>> [str(term).partition("#")[2] for term in variants(Literal("1", datatype=iri("xsd", "integer")))]
    ['decimal>']
    """
    value = value_of(literal)
    if value is None:
        return ()
    terms: Iterator[object] = _written(value)
    if value.space not in ("string", TAGGED):
        predicate = iri("rdf", "value")
        quads = canonical_quads(Quad(predicate, predicate, term, DefaultGraph()) for term in _written(value))
        terms = (quad.object for quad in quads)
    return tuple(term for term in dict.fromkeys(terms) if isinstance(term, Literal) and term != literal)


def ways_told(fact: Fact, is_told: Callable[[Fact], bool]) -> list[Fact]:
    """Give the ways in which a fact is told: as it is, and with other literals of the same value (dt-eq)."""
    subject, predicate, value = fact
    if not isinstance(value, Literal):
        return [fact] if is_told(fact) else []
    return [way for literal in (value, *variants(value)) if is_told(way := (subject, predicate, literal))]


def as_told(fact: Fact, is_told: Callable[[Fact], bool]) -> Fact:
    """Give a fact as it is told, which may be with another literal of the same value; itself if nobody tells it.

    >>> one, two = iri("schema", "one"), iri("schema", "two")
    >>> told = {(one, two, Literal("1", datatype=iri("xsd", "decimal")))}
    >>> str(as_told((one, two, Literal(1)), told.__contains__)[2]).partition("#")[2]
    'decimal>'
    """
    return next(iter(ways_told(fact, is_told)), fact) if isinstance(fact[2], Literal) else fact


def _written(value: DataValue) -> Iterator[Literal]:
    """Give ways to write a value, one for each datatype that it is in and a store tells from others."""
    if value.space in _DOCUMENTS:
        return
    if value.space == TAGGED:
        yield Literal(value.text, language=value.tag)
    small = value.space == "decimal" and is_in_range(value.text, INTEGER_RANGES["long"])
    for (datatype, space), test in _MEMBERSHIPS.items():
        if space != value.space or datatype == _LANG_STRING or (small and datatype not in _NUMBERS) or not test(value):
            continue
        text = f"{value.text}@{value.tag}" if datatype == _PLAIN_LITERAL.value else value.text
        yield Literal(text, datatype=NamedNode(datatype))
    if value.space == "hexBinary":
        yield Literal(value.text.lower(), datatype=iri("xsd", "hexBinary"))
