"""Rule files mean as data what they mean as SPARQL: random rules over random graphs, by look-ups and by Oxigraph."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QueryTriples, Store

from kgtool import ParseError
from kgtool.reasoning.language import Fact, Rule, Term
from kgtool.reasoning.language.rule import is_plain
from kgtool.reasoning.matching.rulefiles import solutions_of
from kgtool.reasoning.matching.solve import instantiate
from kgtool.reasoning.rulefiles import read_rule


def x(name: str) -> NamedNode:
    return NamedNode(f"urn:x:{name}")


variables = st.sampled_from(("?a", "?b", "?c", "?d"))
terms = variables | st.sampled_from((":a", ":b", "1"))
triples = st.builds("{} :{} {} .".format, variables, st.sampled_from("pqr"), terms)
graph_blocks = st.builds(
    lambda graph, found: f"GRAPH {graph} {{ {' '.join(found)} }}",
    st.sampled_from(("?g", "?h", ":g")),
    st.lists(triples, min_size=1, max_size=2),
)
conditions = st.one_of(
    st.builds("{} = {}".format, variables, terms),
    st.builds("{} != {}".format, variables, terms),
    st.builds("BOUND({}) && STR({}) < 'urn:x:c'".format, variables, variables),
    st.builds("!BOUND({}) || {} IN ({}, :c)".format, variables, variables, terms),
)
filtered = graph_blocks | st.builds("{} FILTER({})".format, graph_blocks, conditions)
aggregates = st.builds(
    "{{ SELECT {0} ({1}(STR(?k)) AS ?v) WHERE {{ GRAPH ?s {{ {0} :{2} ?k }} }} GROUP BY {0} }}".format,
    variables,
    st.sampled_from(("MIN", "MAX", "COUNT")),
    st.sampled_from("pqr"),
)
parts = st.one_of(
    triples,
    graph_blocks,
    conditions.map("FILTER({})".format),
    filtered.map("FILTER NOT EXISTS {{ {} }}".format),
    filtered.map("OPTIONAL {{ {} }}".format),
    st.builds("BIND({}({}) AS ?{})".format, st.sampled_from(("STR", "COALESCE", "DATATYPE")), variables, st.just("n")),
    aggregates,
    aggregates.map("OPTIONAL {}".format),
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Give rules, with heads of all that their bodies bind."""
    body = f"?a :p ?b . {' '.join(draw(st.lists(parts, min_size=1, max_size=4)))}"
    head = " ; ".join(f":{name} ?{name}" for name in "bcdghnv" if f"?{name}" in body)
    text = f"# fr: a\n# en: b\nPREFIX : <urn:x:> CONSTRUCT {{ ?a {head} }} WHERE {{ {body} }}"
    try:
        return read_rule(text, "random", "random.rq")
    except ParseError:
        assume(False)
        raise


nodes = st.sampled_from("abcd").map(x)
values = nodes | st.sampled_from((Literal(1), Literal("x")))
quads = st.builds(Quad, nodes, st.sampled_from("pqr").map(x), values, st.sampled_from("gh").map(x))


class Asserted:
    """Quads, and nothing else that holds."""

    def __init__(self, found: Iterable[Quad]) -> None:
        self._quads = list(found)
        self._facts = {(quad.subject, quad.predicate, quad.object) for quad in self._quads}

    def holds(self, fact: Fact) -> bool:
        return fact in self._facts

    def match(self, *pattern: Term | None) -> list[Fact]:
        return [fact for fact in self._facts if all(p in (None, t) for p, t in zip(pattern, fact, strict=True))]

    def asserted(self, *pattern: Term | None) -> list[Quad]:
        return [quad for quad in self._quads if all(p in (None, t) for p, t in zip(pattern, quad, strict=True))]


@given(rules(), st.lists(quads, max_size=12, unique=True))
def test_a_rule_means_as_data_what_it_means_as_sparql(rule: Rule, found: list[Quad]) -> None:
    store = Store()
    store.extend([*found, *(Quad(*quad.triple, DefaultGraph()) for quad in found)])
    results = store.query(rule.text)
    assert isinstance(results, QueryTriples)
    concluded = {
        fact
        for solution in solutions_of(rule, {}, Asserted(found))
        for atom in rule.head
        if (fact := instantiate(atom, solution)) is not None and is_plain(fact)
    }
    assert concluded == {tuple(triple) for triple in results}
