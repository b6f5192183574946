"""Texts that would bring down the process that reads them, and those at the limit that do not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from kgtool.errors import LimitError, QueryError
from kgtool.store.limits import MAX_DEPTH, MAX_OPERATORS, MAX_PARTS, MAX_QUERY, check_length, check_nesting
from kgtool.store.operations import read_update
from kgtool.store.requests import read_query

Made = Callable[[int], str]


def within(opened: str, middle: str, closed: str, *, around: str = "ASK {{ {} }}") -> Made:
    return lambda levels: around.format(opened * levels + middle + closed * levels)


def in_a_row(first: str, joined: str, *, around: str) -> Made:
    return lambda count: around.format(first + joined * (count - 1))


FILTER, PATH = "ASK {{ FILTER({}) }}", "ASK {{ ?s {} ?o }}"
#: Kind of text, how it is made of a number, and a number that is refused.
KINDS: dict[str, tuple[Made, int]] = {
    "groups": (within("{", "?s ?p ?o", "}"), MAX_DEPTH),
    "optional": (within("OPTIONAL {", "?s ?p ?o", "}"), MAX_DEPTH),
    "exists": (within("FILTER EXISTS {", "?s ?p ?o", "}"), MAX_DEPTH),
    "subqueries": (within("{ SELECT * {", "?s ?p ?o", "} }"), MAX_DEPTH),
    "brackets": (within("(", "1", ")", around=FILTER), MAX_DEPTH),
    "calls": (within("STR(", "1", ")", around=FILTER), MAX_DEPTH),
    "not": (within("!", "true", "", around=FILTER), MAX_DEPTH + 1),
    "not apart": (within("! # no\n", "true", "", around=FILTER), MAX_DEPTH + 1),
    "paths": (within("(", "<urn:p>", ")", around=PATH), MAX_DEPTH + 1),
    "repeated paths": (within("(", "<urn:p>", ")*", around=PATH), MAX_DEPTH + 1),
    "inverse paths": (within("^(", "<urn:p>", ")", around=PATH), MAX_DEPTH + 1),
    "carets": (within("^", "<urn:p>", "", around=PATH), MAX_DEPTH + 1),
    "blank nodes": (within("[ <urn:p> ", "1", "]"), MAX_DEPTH),
    "lists": (within("(", "1", ")", around="ASK {{ {} <urn:p> 1 }}"), MAX_DEPTH),
    "triple terms": (within("<<( <urn:s> <urn:p> ", "1", " )>>", around="ASK {{ ?s ?p {} }}"), MAX_DEPTH),
    "reified": (within("<< <urn:s> <urn:p> ", "1", " >>", around="ASK {{ {} ?p ?o }}"), MAX_DEPTH),
    "or": (in_a_row("?x", " || ?x", around=FILTER), MAX_OPERATORS + 2),
    "sums": (in_a_row("?x", "+?x", around=FILTER), MAX_OPERATORS + 2),
    "products": (in_a_row("?x", "*?x", around=FILTER), MAX_OPERATORS + 2),
    "sequences": (in_a_row("<urn:p>", "/<urn:p>", around=PATH), 100_000),
    "alternatives": (in_a_row("<urn:p>", "|<urn:p>", around=PATH), 100_000),
    "unions": (in_a_row("{}", " UNION {}", around="ASK {{ {} }}"), MAX_PARTS + 2),
    "minus": (in_a_row("MINUS {}", " minus {}", around="ASK {{ {} }}"), MAX_PARTS + 1),
    "named": (in_a_row("(1 AS ?a)", "(1 AS ?b)", around="SELECT {} {{}}"), MAX_PARTS + 1),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_too_deep_or_too_wide_is_refused(kind: str) -> None:
    made, refused = KINDS[kind]
    for number in (refused, 50 * refused):
        with pytest.raises(QueryError, match=r"100 levels|in a row|operators|parts of groups"):
            read_query(made(number))
    update = f"INSERT {{}} WHERE {{ {made(refused).removeprefix('ASK').removeprefix('SELECT')} }}"
    with pytest.raises(QueryError, match=r"100 levels|in a row|operators|parts of groups"):
        read_update(update)


def test_the_place_is_told() -> None:
    with pytest.raises(QueryError) as caught:
        check_nesting('# "{\nASK { ?s ?p "}}}" .\n' + "{" * 150)
    assert str(caught.value.where) == "query:3:100"


def test_what_a_process_is_left_to_read_leaves_it_alive() -> None:
    """Each kind just below its limit, in one process with the usual stack of 8 MiB."""
    slow = {"sequences", "alternatives", "reified", "optional", "blank nodes", "lists", "subqueries", "triple terms"}
    texts = [
        made((number if number < 10_000 else MAX_OPERATORS) - 3) for k, (made, number) in KINDS.items() if k not in slow
    ]
    for text in texts:
        check_nesting(text)
    program = (
        "import sys, resource\n"
        "from pyoxigraph import Store\n"
        "for text in sys.stdin.read().split(chr(0)):\n"
        "    try:\n"
        "        Store().query(text)\n"
        "    except (SyntaxError, RuntimeError):\n"
        "        pass\n"
        "print('alive')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input="\0".join(texts), text=True, capture_output=True, check=False
    )
    assert done.stdout == "alive\n"


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?s ?p '" + "{" * 500 + "' }",
        'ASK { ?s ?p """' + '{ " ' * 500 + '""" }',
        "ASK { } # " + "(" * 500,
        "ASK { <urn:" + "(" * 500 + "> ?p ?o }",
        "ASK { " + "{} " * 500 + "}",
        "ASK { FILTER(" + " && ".join("!(?x)" for _ in range(500)) + ") }",
        "ASK { VALUES ?x { " + "<http://example.org/a/b> " * 3000 + "} }",
        "ASK { ?s ?p " + ", ".join("+1" for _ in range(5000)) + " }",
        "ASK { ?s <urn:filter> " + ", ".join("ex:filter" for _ in range(5000)) + " }",
        "ASK { FILTER(?x IN (" + ", ".join("1" for _ in range(50_000)) + ")) }",
    ],
)
def test_what_only_looks_deep_is_read(text: str) -> None:
    check_nesting(text)


def test_length() -> None:
    check_length("x" * MAX_QUERY)
    with pytest.raises(LimitError, match="1,048,577"):
        check_length("x" * (MAX_QUERY + 1))
