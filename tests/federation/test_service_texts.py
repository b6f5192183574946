"""SERVICE in texts: nothing but endpoints changes, places stay true, and no text hides a SERVICE or a LOAD."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from kgtool.errors import KgtoolError, QueryError
from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_bytes
from kgtool.store.operations import read_update
from kgtool.store.services import rewritten
from kgtool.store.syntax import syntax_error
from tests.federation.conftest import running, services

FAR = "{ ?a ?b ?c }"
ALLOWED = replace(services("far.example"), proxy="http://127.0.0.1:65535/secret")
PROXY = "http://127.0.0.1:65535/secret?to=http%3A%2F%2Ffar.example%2Fsparql"
#: Pieces of a group, none of which is an endpoint, each ends where the next may begin.
PIECES = st.sampled_from(
    [
        "?s ?p 'SERVICE <http://far.example/sparql> {}' .",
        '?s ?p """SERVICE\n"x" <http://far.example/sparql>""" .',
        "# SERVICE <http://far.example/sparql> { ?s ?p ?o }\n",
        "?service <http://x.example/service#SERVICE> <urn:service> .",
        "service:service service:p x:service.SERVICE .",
        "?s ?p 'it\\'s' , \"\"\"'\"\"\" , '''\"''' .",
        "FILTER(?x < 3 && ?y > 4)",
        "GRAPH service:g { ?s ?p _:service }",
        "?s x:\\'\\#SERVICE x:é😀 .",
    ]
)
PROLOGUE = "BASE <http://far.example/> PREFIX service: <http://s.example/> PREFIX x: <http://far.example/> "
ENDPOINTS = st.sampled_from(
    ["<http://far.example/sparql>", "x:sparql", "<sparql>", "<http://far.example/\\u0073parql>"]
)


@given(st.lists(st.one_of(PIECES, ENDPOINTS.map(lambda iri: (iri,))), max_size=8), st.sampled_from(["", "silent "]))
def test_only_endpoints_change(pieces: list[str | tuple[str]], silent: str) -> None:
    def whole(endpoint: str | None) -> str:
        group = (
            piece if isinstance(piece, str) else f"SERVICE {silent}{endpoint or piece[0]} {FAR}" for piece in pieces
        )
        return PROLOGUE + "SELECT * { " + " ".join(group) + " }"

    assert rewritten(whole(None), ALLOWED).text == whole(f"<{PROXY}>")


def test_what_is_inside_a_service_is_left_to_it_and_must_be_allowed() -> None:
    inner = "SERVICE <http://far.example/inner> { ?a ?b ?c }"
    text = f"SELECT * {{ SERVICE <http://far.example/sparql> {{ {inner} }} SERVICE <http://far.example/sparql> {FAR} }}"
    done = rewritten(text, ALLOWED).text
    assert done.count(PROXY) == 2
    assert inner in done
    with pytest.raises(QueryError, match=r"else\.example"):
        rewritten(text.replace("far.example/inner", "else.example"), ALLOWED)


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        (f"SELECT * {{\n SERVICE ?x {FAR} }}", "query:2:10", "not known beforehand"),
        (f"SELECT * {{\n SERVICE SILENT <http://else.example/> {FAR} }}", "query:2:17", "else.example"),
        (f"PREFIX : <http://else.example/> SELECT * {{ SERVICE :x {FAR} }}", "query:1:52", "else.example"),
        (f"SELECT * {{ SERVICE 'x' {FAR} }}", "query:1:20", "no endpoint"),
        ("SELECT * { SERVICE", "query:1:12", "no endpoint"),
        (f"SELECT * {{ SERVICE x:y {FAR} }}", "query:1:20", "no endpoint"),
        (f"SELECT * {{ SERVICE <file:///etc/passwd> {FAR} }}", "query:1:20", "http"),
    ],
)
def test_what_is_refused_is_told_with_its_place(text: str, place: str, told: str) -> None:
    with pytest.raises(QueryError) as refused:
        rewritten(text, ALLOWED)
    assert str(refused.value).startswith(f"{place}: ")
    assert told in str(refused.value)
    assert refused.value.hint
    with pytest.raises(QueryError, match="switched off"):
        rewritten(text, None)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    store: Path = tmp_path_factory.mktemp("texts") / "store"
    with KnowledgeGraph.open(store, write=True, create=True, engine="none", services=ALLOWED) as graph:
        graph.load(sources_of_bytes(b"<urn:a> <urn:p> true .", name="x", graph="urn:g", format="turtle"))
        yield graph


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://far.example/> { ?a ?b ?c } ?s ?p }",
        "SELECT * {\n SERVICE <http://far.example/> { ?a ?b }\n}",
        "SELECT * { SERVICE <http://far.example/> { ?a ?b ?c } SERVICE <http://far.example/> { ?a ?b ?c } FILTR(1) }",
        "SELECT * { SERVICE <http://far.example/> { ?a <urn:x#y> ?c } SERVICE <http://far.example/>\n FILTER(1) }",
        "SELECT * { ?s ?p }\n# SERVICE",
        "SELECT * { SERVICE <http://far.example/> }",
    ],
)
def test_wrong_syntax_is_found_where_the_person_wrote_it(graph: KnowledgeGraph, text: str) -> None:
    with pytest.raises(SyntaxError) as theirs:  # a text with a mistake is read, and not run
        Store().query(text)
    with pytest.raises(QueryError) as wrong:
        graph.query(text)
    assert str(wrong.value) == str(syntax_error(theirs.value, text=text))
    place = wrong.value.where
    assert place is not None
    column = (place.column or 0) + (7 if place.line == 1 else 0)
    with pytest.raises(QueryError, match=f"update:{place.line}:{column}:"):
        graph.update(f"INSERT {{ }} WHERE{text[9:]}")


HIDDEN = [
    f"PREFIX : <U> SELECT * {{ SERVICE:x {FAR} }}",
    f"PREFIX x: <U> SELECT * {{ SERVICEx:y {FAR} }}",
    f"PREFIX x: <U> SELECT * {{ SERVICESILENTx:y {FAR} }}",
    f"PREFIX : <U> PREFIX SILENT: <http://far.example/> SELECT * {{ SERVICE SILENT:x {FAR} }}",
    f"SELECT * {{ SERVICESILENT<U> {FAR} }}",
    f"SELECT * {{ ?s <urn:p> trueSERVICE<U>{FAR} }}",
    f"PREFIX x: <U> SELECT * {{ ?s <urn:p> trueSERVICEx:y{FAR} }}",
    f'SELECT * {{ BIND(1 AS ?x) BIND(2 AS ?y) FILTER(?x<?y#>"""\n) SERVICE <U> {FAR} #"""\n }}',
    f"SELECT * {{ BIND(1 AS ?x) BIND(2 AS ?y) FILTER(?x<(?y)&&'>'='>') SERVICE <U> {FAR} #'\n }}",
    f'SELECT * {{ ?s <http://x/\\u0041#> """\n""" SERVICE <U> {FAR} #"""\n }}',
    f'SELECT * {{ VALUES ?x {{ """a" }} SERVICE <U> {FAR} }}',
    f'SELECT * {{ VALUES ?x {{ """a" }} SERVICE <U> {FAR} #\\q"""\n }}',
    f'SELECT * {{ VALUES ?x {{ """a" }} SERVICE <U> {FAR} #\\uD800"""\n }}',
    f"PREFIX x: <urn:x:> SELECT * {{ BIND(x:😀\\' AS ?x) SERVICE <U> {FAR} BIND(x:😀\\' AS ?y) }}",
    f"PREFIX x: <urn:x:> SELECT * {{ BIND(x:\u2041\\' AS ?x) SERVICE <U> {FAR} BIND(x:\u3001\\' AS ?y) }}",
    f"PREFIX x: <urn:x:> SELECT * {{ BIND(x:{'.' * 30}\\' AS ?x) SERVICE <U> {FAR} BIND(x:\\' AS ?y) }}",
]


@pytest.fixture(scope="module")
def inside() -> Iterator[ThreadingHTTPServer]:
    with running() as server:
        yield server


@pytest.mark.parametrize("switched_on", [True, False])
def test_no_query_reaches_what_is_not_listed(
    graph: KnowledgeGraph, inside: ThreadingHTTPServer, switched_on: bool
) -> None:
    graph.services = ALLOWED if switched_on else None
    for text in HIDDEN:
        try:
            list(graph.query(text.replace("<U>", f"<http://127.0.0.1:{inside.server_port}/>")))
        except KgtoolError:
            pass
        else:
            pytest.fail(f"answered: {text}")
    assert inside.asked == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("switched_on", [True, False])
def test_no_update_reaches_what_is_not_listed(
    graph: KnowledgeGraph, inside: ThreadingHTTPServer, switched_on: bool
) -> None:
    graph.services = ALLOWED if switched_on else None
    loads = [
        "LOAD <U>",
        "LOAD SILENT <U>",
        "LOADSILENT<U>",
        "PREFIX x: <U> LOADx:y",
        "PREFIX x: <U> LOADSILENTx:y",
        "CLEAR ALL;LOAD<U>INTO GRAPH<urn:x:g>",
        "CLEAR ALL; PREFIX : <U> LOAD:y",
        'INSERT DATA { <urn:a> <urn:p> """a" } ; LOAD <U>',
        'INSERT { } WHERE { BIND(1 AS ?x) BIND(2 AS ?y) FILTER(?x<?y#>"""\n) } ; LOAD <U> #"""\n',
        "LOAD <file:///etc/passwd>",
    ]
    for text in [*loads, *(f"INSERT {{ ?a ?b ?c }} WHERE {h.split('*', 1)[1]}" for h in HIDDEN if h[0] == "S")]:
        try:
            graph.update(text.replace("<U>", f"<http://127.0.0.1:{inside.server_port}/>"))
        except KgtoolError:
            pass
        else:
            pytest.fail(f"done: {text}")
    assert inside.asked == []  # type: ignore[attr-defined]


def test_words_that_only_look_like_it_do_no_harm(graph: KnowledgeGraph) -> None:
    graph.services = None
    text = "PREFIX download: <urn:d#> INSERT DATA { <urn:service#x> download:load 'LOAD', 'SERVICE' } # LOAD <urn:x>"
    assert len(read_update(text)) == 1
    assert graph.update(text).as_json()["added"] == 2
    found = graph.query("PREFIX service: <urn:d#> SELECT * { GRAPH ?g { <urn:service#x> service:load ?o } } # service")
    assert len(list(found)) == 2
