"""Random expressions of rules, and solutions to evaluate them on: terms that look alike, and terms that look odd."""

from __future__ import annotations

import re

from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from kgtool.reasoning.language import Bind, Call, Expression, Term, Var
from kgtool.reasoning.language.expressions import (
    FIRST_DAY,
    FUNCTIONS,
    INFIX,
    LAST_DAY,
    NAMED_FUNCTIONS,
    WHEN,
)
from kgtool.store.canonical import kept
from kgtool.vocabulary import iri
from tests.strategies import HOSTILE

VARIABLES = tuple(map(Var, "abc"))
_DAYS = ("2020-02-29", "2020-02-28", "2019-12-31", "2020-01-01", "2021-02-03", "9999-12-31", "0999-01-01")
_DATES = (
    *((day, "date") for day in _DAYS),
    *((day + zone, "date") for day in _DAYS[:2] for zone in ("Z", "+02:00", "-11:30")),
    *((text, "gYear") for text in ("2020", "2019", "0999", "-0001", "2020Z", "12020")),
    *((text, "gYearMonth") for text in ("2020-02", "2019-02", "1900-02", "2000-02", "2020-12", "2020-02+01:00")),
    *((text, "dateTime") for text in ("2020-02-29T23:59:59", "2020-02-28T00:00:00Z", "2020-01-01T00:00:00.5-05:00")),
)
_NUMBERS = (("1", "integer"), ("10", "integer"), ("9", "integer"), ("1.5", "decimal"), ("1e0", "double"))
#: Strings that are nearly IRIs, that SQL or SPARQL would write in another way, and what patterns of SQL mean much by.
_STRINGS = (
    *(
        "urn:x:a",
        "http://e.org/",
        "http://e.org/a%20b",
        "http://é.org/",
        "urn:x:a b",
        "a",
        "",
        "A",
        "%",
        "_",
        "____-__-__",
    ),
    *(
        "it's",
        "''",
        "/",
        "~.-_",
        "!*()'",
        "a+b",
        "2020",
        "2020-02",
        "2020-02-29",
        "true",
        "1",
        "$1",
        "\\1",
        "<urn:x:a>",
    ),
    *("e\u0301", "\u0301e", "\U0001f1eb\U0001f1f7", "\u200d", "ﬁ", "ẞ", "İ"),
)

iris = st.sampled_from([NamedNode(name) for name in ("urn:x:a", "urn:x:b", "http://e.org/a%20b", "http://é.org/?q#f")])
#: What tests of their own show to go wrong: controls in constants, and characters that the next one is joined to.
_FAULTS = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\u0600-\u0605\u06dd\u070f\u08e2\u0d4e\U000110bd]")
_any_strings = st.sampled_from([*_STRINGS, *HOSTILE]) | st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
strings = _any_strings.filter(lambda text: not _FAULTS.search(text))
dates = st.sampled_from([Literal(text, datatype=iri("xsd", kind)) for text, kind in _DATES])
numbers = st.sampled_from([kept(Literal(text, datatype=iri("xsd", kind))) for text, kind in _NUMBERS])
literals = st.one_of(
    strings.map(Literal),
    st.builds(lambda text: Literal(text, language="fr"), strings),
    st.builds(lambda text: Literal(text, datatype=NamedNode("urn:x:t")), strings),
    dates,
    numbers,
    st.booleans().map(Literal),
)
terms: st.SearchStrategy[Term] = iris | literals | dates | st.sampled_from("xy").map(BlankNode)
solutions = st.lists(st.dictionaries(st.sampled_from(VARIABLES), terms), min_size=1, max_size=6)


def _call(function: str, *arguments: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.tuples(*arguments).map(lambda found: Call(function, found))


def _calls(functions: tuple[str, ...], *arguments: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of([_call(function, *arguments) for function in functions])


_variables: st.SearchStrategy[Expression] = st.sampled_from(VARIABLES)
_constants: st.SearchStrategy[Expression] = strings.map(Literal) | dates | numbers | iris | st.booleans().map(Literal)
_texts: st.SearchStrategy[Expression] = st.deferred(
    lambda: st.one_of(
        _call("STR", _variables),
        strings.map(Literal),
        _call("CONCAT", _texts, _texts),
        _call("ENCODE_FOR_URI", _texts),
        _call("STR", _days),
        _call("IF", _conditions, _texts, _texts),
        _call("COALESCE", _texts, _texts),
    )
)
_days: st.SearchStrategy[Expression] = st.deferred(
    lambda: st.one_of(
        _calls((FIRST_DAY, LAST_DAY), _variables | dates),
        st.sampled_from([Literal(day, datatype=iri("xsd", "date")) for day in _DAYS]),
        _call("IF", _conditions, _days, _days),
        _call("COALESCE", _days, _days),
        _call(WHEN, _conditions, _days),
    )
)
_COMPARED = ("=", "!=", "<", "<=", ">", ">=")
_conditions: st.SearchStrategy[Expression] = st.deferred(
    lambda: st.one_of(
        _calls(_COMPARED, _days | _variables, _days | _variables),
        _calls(_COMPARED, _texts, _texts),
        _calls(("=", "!="), _variables, _variables | _constants),
        _call("BOUND", _variables),
        _call("!", _conditions),
        _calls(("&&", "||"), _conditions, _conditions),
    )
)
#: What rules look like: each part of a kind that its function takes.
likely = st.one_of(_texts, _days, _conditions, _call("IRI", _texts), _call("COALESCE", _days, _texts, _variables))


def _anything(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    found = [_call("!", parts), *(_call(sign, parts, parts) for sign in sorted(INFIX))]
    for name, (least, most) in {**FUNCTIONS, **NAMED_FUNCTIONS}.items():
        if name != "BOUND":  # BOUND takes a variable only
            counts = range(least, (most or least + 2) + 1)
            found += [_call(name, *[parts] * count) for count in counts]
    return st.one_of(found)


#: Any function of any arguments, sense or nonsense.
wild = st.recursive(_variables | _constants, _anything, max_leaves=4)
#: Filters of these alone can be left to SQL.
conditions = _conditions


@st.composite
def binds(draw: st.DrawFn) -> tuple[Bind, ...]:
    """Give up to three computed values; a later one may look at an earlier one."""
    found: list[Bind] = []
    for name in map(Var, "xyz"[: draw(st.integers(0, 3))]):
        value = draw(likely)
        if found and draw(st.booleans()):
            other = found[-1].variable
            value = draw(
                st.sampled_from(
                    [
                        Call("COALESCE", (other, value)),
                        Call("IF", (Call("<=", (other, value)), other, value)),
                        Call("CONCAT", (Call("STR", (other,)), Call("STR", (value,)))),
                        Call("BOUND", (other,)),
                    ]
                )
            )
        found.append(Bind(name, value))
    return tuple(found)
