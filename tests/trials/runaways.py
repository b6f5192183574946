"""Queries that a server does not survive unless it takes care: one of each kind, on the graphs of ``stores``."""

from __future__ import annotations

from typing import Final

_CROSS = "?a <urn:number> ?b . ?c <urn:number> ?d . ?e <urn:number> ?f . ?g <urn:number> ?h"
_PAIRS = " ".join(f"({n} {n})" for n in range(60_000))
_LIST = ", ".join(map(str, range(3000, 53_000)))
_EACH = "?a <urn:number> ?b"


def _braces(depth: int) -> str:
    return "SELECT * " + "{" * depth + " ?s ?p ?o " + "}" * depth


def _doubling(times: int, function: str) -> str:
    steps = " ".join(f"BIND({function.format(x=f'?x{n}')} AS ?x{n + 1})" for n in range(times))
    return f'SELECT (STRLEN(?x{times}) AS ?n) {{ BIND("0123456789" AS ?x0) {steps} }}'


def _not_exists(depth: int) -> str:
    inner = "?z0 <urn:number> ?y0"
    for n in range(1, depth):
        inner = f"?z{n} <urn:number> ?y{n} FILTER NOT EXISTS {{ {inner} FILTER(?y{n} + ?y{n - 1} < 0) }}"
    return f"SELECT (COUNT(*) AS ?n) {{ {inner} }}"


def _tower(height: int) -> str:
    inner = "?a <urn:knows> ?b0"
    for n in range(height):
        pattern = f"{{ SELECT ?a ?b{n} {{ {inner} }} }} ?b{n} <urn:knows> ?b{n + 1}"
        inner = pattern
    return f"SELECT (COUNT(*) AS ?n) {{ {inner} }}"


#: By kind. Each would run for hours, take all memory or end the process that evaluates it.
RUNAWAYS: Final[dict[str, str]] = {
    "cross product counted": f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} }}",
    "cross product sent": f"SELECT * {{ {_CROSS} }}",
    "cross product sorted": f"SELECT * {{ {_CROSS} }} ORDER BY DESC(?b + ?d + ?f + ?h)",
    "cross product distinct": f"SELECT DISTINCT ?b ?d ?f ?h {{ {_CROSS} }} ORDER BY ?b",
    "cross product constructed": f"CONSTRUCT {{ ?a ?c ?e . ?g <urn:x> ?h }} WHERE {{ {_CROSS} }}",
    "cross product concatenated": f'SELECT (GROUP_CONCAT(STR(?a); separator=" ") AS ?t) {{ {_CROSS} }}',
    "cross product grouped": f"SELECT ?b ?d ?f (SUM(?h) AS ?n) {{ {_CROSS} }} GROUP BY ?b ?d ?f",
    "optional crosses": "SELECT (COUNT(*) AS ?n) { ?a <urn:number> ?b "
    + " ".join(f"OPTIONAL {{ ?x{n} <urn:number> ?y{n} }}" for n in range(4))
    + " }",
    "minus of a cross": f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} MINUS {{ {_EACH} . ?c <urn:text> ?t }} }}",
    "walks in a crowd": "SELECT (COUNT(*) AS ?n) { "
    + " . ".join(f"?k{n} <urn:knows> ?k{n + 1}" for n in range(9))
    + " }",
    "transitive paths": "SELECT (COUNT(*) AS ?n) { ?a <urn:knows>+/<urn:knows>* ?b . "
    "?b (<urn:knows>|^<urn:knows>)* ?c . "
    "?c !<urn:none>+ ?d . ?d (<urn:knows>/<urn:knows>)+ ?e }",
    "nested paths": "SELECT (COUNT(*) AS ?n) { ?a " + "(" * 400 + "<urn:knows>" + "+)" * 400 + " ?b }",
    "regular expression": "SELECT (COUNT(*) AS ?n) { ?a <urn:text> ?t . ?b <urn:text> ?u . ?c <urn:text> ?v "
    'BIND(CONCAT(?t, ?u, ?v, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!") AS ?s) FILTER(!REGEX(?s, "^(a+)+$")) }',
    "regular expression in thousands": 'SELECT ?a { ?a <urn:text> ?t FILTER(REGEX(?t, "((a{1,900}){1,900}){1,900}")) }',
    "concat doubling": _doubling(32, "CONCAT({x}, {x})"),
    "replace doubling": _doubling(32, 'REPLACE({x}, "(.)", "$1$1")'),
    "encoding growth": _doubling(24, "ENCODE_FOR_URI(CONCAT({x}, '%', {x}))"),
    "star of 300 patterns": "SELECT * { " + " ".join(f"?s <urn:p{n}> ?o{n} ." for n in range(300)) + " }",
    "5,000 patterns": "SELECT * { " + " ".join(f"?s{n} <urn:p{n % 7}> ?s{n + 1} ." for n in range(5000)) + " }",
    "4,000 unions": "SELECT * { " + " UNION ".join(f"{{ ?s <urn:p{n}> ?o }}" for n in range(4000)) + " }",
    "1,000 optionals": "SELECT * { ?s ?p ?o "
    + " ".join(f"OPTIONAL {{ ?s <urn:p{n}> ?o{n} }}" for n in range(1000))
    + " }",
    "3,000 nested braces": _braces(3000),
    "100,000 nested braces": _braces(100_000),
    "nested functions": "SELECT * { ?s ?p ?o FILTER(" + "STR(" * 5000 + "?o" + ")" * 5000 + ' = "x") }',
    "nested brackets": "SELECT (" + "(" * 20_000 + "1" + ")" * 20_000 + " AS ?n) {}",
    "long sum": "SELECT (" + "+".join(["1"] * 50_000) + " AS ?n) {}",
    "nested lists": "SELECT * { ?s ?p " + "(" * 5000 + "1" + ")" * 5000 + " }",
    "huge values": f"SELECT (COUNT(*) AS ?n) {{ VALUES (?x ?y) {{ {_PAIRS} }} {_CROSS} }}",
    "huge list of terms": f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} FILTER(?b + ?d NOT IN ({_LIST})) }}",
    "huge literal": f'SELECT (COUNT(*) AS ?n) {{ {_CROSS} FILTER(?a != "{"x" * 4_000_000}") }}',
    "nested not exists": _not_exists(8),
    "tower of sub-selects": _tower(12),
    "300 nested sub-selects": "SELECT * { " * 300 + _CROSS + " }" * 300,
    "describe of everything": f"DESCRIBE ?a ?c ?e ?g {{ {_CROSS} }}",
    "bind growth in rows": "SELECT (MAX(STRLEN(?t)) AS ?n) { ?a <urn:number> ?b . "
    "?c <urn:number> ?d . ?e <urn:number> ?f "
    "BIND(CONCAT(STR(?a), STR(?c), STR(?e), SHA512(STR(?b)), SHA512(STR(?d)), SHA512(STR(?f))) AS ?t) }",
    "random numbers sorted": f"SELECT * {{ {_CROSS} }} ORDER BY RAND()",
}

#: Four kinds of burning a processor without an answer before the end.
BURNING: Final = tuple(
    RUNAWAYS[kind] for kind in ("cross product counted", "walks in a crowd", "optional crosses", "nested not exists")
)
