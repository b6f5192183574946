"""Hypothesis strategies for RDF: terms, triples, quads, lists; small pools, so that nodes meet, and hostile text."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
ID = "https://w3id.org/kgtool/id/hauts-de-france/"

#: Text that breaks writers: quotes, escapes, every line end, controls, direction marks, non-characters, astral signs.
HOSTILE = (
    "",
    " ",
    '"',
    '"""',
    "'''",
    "\\",
    "\\n",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "a\nb\\\nc",
    '"\n"',
    "\n\\",
    "\x00\x01\x07\x0b\x1f\x7f",
    "\x80\x85\u2028\u2029",
    "\u202eleft\u202c\u200f",
    "\ufeff\ufffd\ufffe\uffff",
    "\U0001f9ec\U0010ffff",
    "e\u0301é",
    "]]><!-- & &amp; --> <a/>",
    "@prefix",
    "@id",
    "_:b",
    "http://example.org/",
    "L’unité « œuvre »",
    "x" * 5000,
)
#: The ends of IRIs that look like something else in one syntax or another.
LOCAL_NAMES = (
    *("a", "b", "A1", "name", "-a", "a-", "a.", ".a", "a.b", "1a", "2024", "a/b", "a#b", "é", "a:b", "a%20b", "a,b"),
    *("a'b", "(a)", "a;b", "a&b", "~a", "_a", "__", "\u200ea", "a@b", "*", "$a", "//a", "../a", "./a", "a=b&c", ""),
)
NAMESPACES = (ID, "https://w3id.org/kgtool/ontology#", "http://example.org/", "urn:x:", "geo:", "x:", f"{RDF}_", XSD)
XML_TEXT = st.characters(
    exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff", include_characters="\t\n\r"
)

#: Labels of blank nodes, few, so that they are shared.
blank_nodes = st.sampled_from("abcde").map(BlankNode)
iris = st.sampled_from(
    [NamedNode(start + end) for start in NAMESPACES[:6] for end in LOCAL_NAMES if not ("#" in start and "#" in end)]
)
#: Predicates that every format can write.
name_predicates = st.builds(
    lambda namespace, name: NamedNode(namespace + name),
    st.sampled_from(NAMESPACES[:4]),
    st.sampled_from(("name", "a.b", "é", "a-", "label", "b/c", "2a")),
) | st.sampled_from((NamedNode(f"{RDF}type"), NamedNode(f"{RDF}_1"), NamedNode(f"{RDF}value")))
predicates = iris | name_predicates
texts = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
xml_texts = st.text(XML_TEXT, max_size=20) | st.sampled_from(
    [text for text in HOSTILE if "\x00" not in text and "\ufffe" not in text]
)
languages = st.sampled_from(("fr", "en", "fr-fr", "de-ch-1996", "x-klingon", "zh-hant"))
_numbers = st.sampled_from(
    (
        "0",
        "1",
        "-1",
        "+1",
        "01",
        "-0",
        "1.",
        ".5",
        "1.50",
        "0.0000001",
        "1e3",
        "1.5E0",
        "INF",
        "true",
        "True",
        "9" * 30,
        " 1",
        "x",
    )
)
_datatypes = st.sampled_from(
    [NamedNode(f"{XSD}{name}") for name in ("boolean", "integer", "decimal", "double", "date", "gYear", "anyURI")]
    + [NamedNode("urn:x:type"), NamedNode(f"{RDF}JSON"), NamedNode(f"{RDF}XMLLiteral"), NamedNode(f"{RDF}HTML")]
)


def literals_of(text: st.SearchStrategy[str]) -> st.SearchStrategy[Literal]:
    """Give literals of every kind whose text comes from a strategy."""
    return (
        text.map(Literal)
        | st.builds(lambda value, language: Literal(value, language=language), text, languages)
        | st.builds(lambda value, kind: Literal(value, datatype=kind), _numbers | text, _datatypes)
    )


literals = literals_of(texts)
xml_literals = literals_of(xml_texts)
subjects = iris | blank_nodes
graph_names = st.just(DefaultGraph()) | iris | blank_nodes


def list_quads(
    owner: NamedNode | BlankNode,
    members: Sequence[NamedNode | BlankNode | Literal],
    label: str,
    graph: NamedNode | BlankNode | DefaultGraph,
) -> list[Quad]:
    """Give the quads of an RDF list (RDF Schema 1.1, section 5.2) that a subject refers to."""
    first, rest, nil = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
    cells = [BlankNode(f"{label}{index}") for index in range(len(members))]
    quads = [Quad(owner, NamedNode("urn:x:list"), cells[0] if cells else nil, graph)]
    for index, member in enumerate(members):
        following = cells[index + 1] if index + 1 < len(cells) else nil
        quads += [Quad(cells[index], first, member, graph), Quad(cells[index], rest, following, graph)]
    return quads


@st.composite
def graphs(
    draw: st.DrawFn,
    predicates: st.SearchStrategy[NamedNode] = predicates,
    literals: st.SearchStrategy[Literal] = literals,
    names: st.SearchStrategy[NamedNode | BlankNode | DefaultGraph] | None = None,
) -> list[Quad]:
    """Give small graphs with shared, nested and cyclic blank nodes, and lists; with ``names``, datasets."""
    names = st.just(DefaultGraph()) if names is None else names
    objects = subjects | literals
    quads = draw(st.lists(st.builds(Quad, subjects, predicates, objects, names), max_size=12))
    for number in range(draw(st.integers(0, 2))):
        members = draw(st.lists(objects | st.just(BlankNode("l0_0")), max_size=4))
        quads += list_quads(draw(subjects), members, f"l{number}_", draw(names))
    return quads


datasets = graphs(names=graph_names)
xml_graphs = graphs(predicates=name_predicates, literals=xml_literals)
