"""Queries of every form give, over a change that no store holds yet, what they give over a copy of everything."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple

from kgtool.store.change import QuadDelta, TripleDelta
from kgtool.store.layout import State
from kgtool.validate import StoredGraphs, memory_of
from kgtool.validate.check import check_shapes
from kgtool.vocabulary import iri

from .oracle import check_slowly
from .packaged import HEAD
from .stores import MemoryStore

CONSTRAINTS = (
    "SELECT $this ?value { $this x:p ?value }",
    "SELECT $this { $this x:p $this }",
    "SELECT $this ?value { $this x:p ?value FILTER NOT EXISTS { ?value x:q ?w } }",
    "SELECT $this ?value { $this x:p ?value OPTIONAL { ?value x:q ?w } FILTER(!BOUND(?w)) }",
    "SELECT $this ?value { $this x:p ?value OPTIONAL { $this x:q ?w OPTIONAL { ?w x:r ?u } } FILTER(!BOUND(?u)) }",
    "SELECT $this ?value { $this x:p ?value OPTIONAL { $this x:q ?w OPTIONAL { ?value x:r ?u } } FILTER(!BOUND(?w)) }",
    "SELECT $this ?value { { $this x:p ?value } UNION { ?value x:q $this . ?value x:r ?w } }",
    "SELECT $this ?value { $this x:p ?w . { ?w x:q ?value } UNION { ?value x:r ?w } }",
    "SELECT $this ?value { $this x:p/x:q ?value }",
    "SELECT $this ?value { ?value (x:p/x:q) $this }",
    "SELECT $this ?value { $this ^x:p ?value }",
    "SELECT $this ?value { $this (x:p|^x:q)+ ?value }",
    "SELECT $this ?value { $this x:p*/x:q ?value }",
    "SELECT $this ?value { $this x:p? ?value . ?value x:q ?w }",
    "SELECT $this ?value { $this !(x:p|x:q) ?value }",
    "SELECT $this ?value { $this x:p ?value ; x:q ?v , ?w . FILTER(?v != ?w) }",
    "SELECT $this ?value { $this ?p ?value . ?value ?p $this }",
    "SELECT $this ?value { $this x:p ?value . ?other x:p ?value FILTER(!sameTerm($this, ?other)) }",
    "SELECT $this ?value { $this x:p ?v . ?value x:r ?any }",
    "SELECT $this ?value { $this x:p ?value . ?s ?p ?o . FILTER(?o = ?value && ?s != $this) }",
    "SELECT $this ?value { $this x:p ?value . FILTER EXISTS { ?value x:q ?w FILTER NOT EXISTS { ?w x:r $this } } }",
    "SELECT $this ?value { $this x:p ?value . BIND(EXISTS { $this x:q ?z } AS ?e) FILTER(!?e) }",
    "SELECT $this ?value { $this x:p ?value . FILTER(COALESCE(EXISTS { ?value x:q ?z }, false) || isLiteral(?value)) }",
    "SELECT $this ?value { $this x:p ?value . ?value a/rdfs:subClassOf* x:C }",
    'SELECT $this ?value { $this x:p "1"^^xsd:integer ; x:q ?value . x:a x:r ?any }',
    "SELECT $this ?value { { SELECT $this ?value { $this x:p ?value } } }",
    "SELECT $this ?value { $this x:p ?value . { SELECT $this ?w { $this x:q ?w . ?w x:r ?hidden } } }",
    "SELECT $this ?value { $this x:p ?value . ?value x:q ?v . { SELECT $this { $this x:q ?v . ?v x:r ?u } } }",
    "SELECT $this ?value { { SELECT $this ?value (COUNT(?w) AS ?n) { $this x:p ?value . ?value x:q ?w }"
    " GROUP BY $this ?value } FILTER(?n > 1) }",
    "SELECT $this (COUNT(?w) AS ?value) { $this x:p ?w } GROUP BY $this HAVING (COUNT(?w) > 1)",
    "SELECT $this ?value { $this x:p ?value FILTER(x:function(?value)) }",
    "SELECT $this ?value { GRAPH ?g { $this x:p ?value } }",
    "SELECT $this ?value { $this x:p [ x:q ?value ] }",
    "SELECT $this ?value { $this x:p _:w . _:w x:q ?value }",
)
TARGETS = (
    "SELECT ?this { ?this x:p ?o FILTER(isIRI(?o)) }",
    "SELECT ?this { ?this ?p x:a }",
    "SELECT ?this { { ?this ?p ?o } FILTER(isLiteral(?o)) }",
    "SELECT ?this { ?o x:p ?this }",
    "SELECT DISTINCT ?this { ?this x:p ?o MINUS { ?this x:q ?z } }",
    "SELECT ?this { VALUES ?o { x:a x:b } ?this x:p ?o }",
    "SELECT ?this { ?this x:p ?o . { SELECT (COUNT(?w) AS ?n) { ?s x:r ?w } } FILTER(?n = 0)"
    " FILTER NOT EXISTS { ?o x:q ?z } }",
    "SELECT ?this { ?this x:p ?o } GROUP BY ?this HAVING (COUNT(?o) > 1)",
    "SELECT ?this { { SELECT ?k { ?n x:p ?k } GROUP BY ?k HAVING (COUNT(?n) > 1) }"
    " { SELECT ?this ?k { ?this x:p ?k } } }",
    "SELECT ?this { { SELECT ?k ?j { ?n x:p ?k ; x:q ?j } GROUP BY ?k ?j HAVING (COUNT(DISTINCT ?n) > 1) }"
    " { SELECT ?this ?k ?j { ?this x:p ?k . OPTIONAL { ?this x:q ?j } } } }",
)
VALIDATORS = (
    "sh:propertyValidator [ a sh:SPARQLSelectValidator ; sh:prefixes x:o ; sh:select '''SELECT $this ?value {"
    " $this $PATH ?value . FILTER EXISTS { $this $other ?w } }''' ]",
    "sh:propertyValidator [ a sh:SPARQLSelectValidator ; sh:prefixes x:o ; sh:select '''SELECT $this ?value {"
    " $this $PATH ?value . FILTER EXISTS { ?w $PATH ?value FILTER(?w != $this) } }''' ]",
    "sh:propertyValidator [ a sh:SPARQLSelectValidator ; sh:prefixes x:o ; sh:select '''SELECT $this ?value {"
    " $this $PATH ?value . { $this x:q ?w FILTER(?w != ?value) } }''' ]",
    "sh:propertyValidator [ a sh:SPARQLSelectValidator ; sh:prefixes x:o ; sh:select '''SELECT $this ?value {"
    " $this $PATH ?value . FILTER(!COALESCE(x:function($value), false)) }''' ]",
    "sh:propertyValidator [ a sh:SPARQLSelectValidator ; sh:prefixes x:o ; sh:select '''SELECT $this {"
    " $this $other ?w }''' ]",
    "sh:validator [ a sh:SPARQLAskValidator ; sh:prefixes x:o ; sh:ask '''ASK { $value $other ?w }''' ]",
    "sh:validator [ a sh:SPARQLAskValidator ; sh:prefixes x:o ; sh:ask '''ASK { FILTER(isIRI($value)) }''' ]",
    "sh:validator [ a sh:SPARQLAskValidator ; sh:prefixes x:o ; sh:ask '''ASK { { $value x:q ?w } UNION"
    " { ?w x:r $value } }''' ]",
)
ONTOLOGY = "".join(
    f'x:o a owl:Ontology . x:o sh:declare [ sh:prefix "{prefix}" ; sh:namespace "{namespace}"^^xsd:anyURI ] .\n'
    for prefix, namespace in (
        *(
            ("x", "urn:x:"),
            ("rdfs", iri("rdfs", "").value),
            ("xsd", iri("xsd", "").value),
            ("rdf", iri("rdf", "").value),
        ),
    )
)
SHAPES = [
    *(
        f'x:S a sh:NodeShape ; sh:targetSubjectsOf x:p, x:q ; sh:sparql [ sh:prefixes x:o ; sh:select """{query}""" ] .'
        for query in CONSTRAINTS
    ),
    *(
        f"x:S a sh:NodeShape ; sh:nodeKind sh:Literal ; sh:target [ a sh:SPARQLTarget ; sh:prefixes x:o ; {grouped}"
        f' sh:select """{query}""" ] .'
        for query in TARGETS
        for grouped in (['kg:groupedBy "k" ;', 'kg:groupedBy "k", "j" ;', ""] if "SELECT ?k" in query else [""])
    ),
    *(
        f"x:C a sh:ConstraintComponent ; sh:parameter [ sh:path kg:other ] ; {validator} ."
        f" x:S a sh:PropertyShape ; sh:path {path} ; sh:targetSubjectsOf x:p ; kg:other x:r ."
        for validator in VALIDATORS
        for path in ("x:p", "[ sh:alternativePath ( x:p x:q ) ]", "[ sh:inversePath x:p ]")
    ),
]
NODES = [NamedNode(f"urn:x:{name}") for name in "abc"]
TRIPLES = st.one_of(
    st.builds(
        Triple,
        st.sampled_from(NODES),
        st.sampled_from([NamedNode(f"urn:x:{name}") for name in "ppqr"]),
        st.sampled_from([*NODES, *NODES, Literal(1), Literal("a")]),
    ),
    st.builds(
        Triple,
        st.sampled_from(NODES),
        st.sampled_from([iri("rdf", "type"), iri("rdfs", "subClassOf")]),
        st.sampled_from([*NODES, NamedNode("urn:x:C")]),
    ),
)
SETS = st.frozensets(TRIPLES, min_size=5, max_size=16)
GRAPH = NamedNode("urn:x:graph")


@pytest.mark.parametrize("number", range(len(SHAPES)))
def test_a_query_over_a_change(number: int, tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(HEAD + ONTOLOGY + SHAPES[number], encoding="utf-8")

    @settings(max_examples=10)
    @given(SETS, SETS, SETS)
    def run(before: frozenset[Triple], added: frozenset[Triple], removed: frozenset[Triple]) -> None:
        store = MemoryStore(Quad(*triple, GRAPH) for triple in before)
        change = TripleDelta(added - before, (removed - added) & before)
        graphs = StoredGraphs(store, (GRAPH,), change)
        after = (before - change.removed) | change.added
        changed = change.added | change.removed
        focus = {t for each in changed for t in (each.subject, each.object) if isinstance(t, NamedNode)}
        state = State(commit=1, store_id="x", sources=(GRAPH,), union=None)
        memory = memory_of(store, state, QuadDelta())
        expected = check_slowly(after, after, shapes, focus)
        assert check_shapes(graphs, shapes, focus=focus, memory=memory) == expected
        assert check_shapes(graphs, shapes, focus=focus) == expected
        assert check_shapes(graphs, shapes) == check_slowly(after, after, shapes)

    run()
