"""The questions of a service: where each is answered, and what RDF says of them to clients that look for examples.

The terms are those of SHACL's SPARQL executables and schema:target, as at https://github.com/sib-swiss/sparql-examples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import url_for
from pyoxigraph import Literal, NamedNode, Triple

from kgtool.errors import ParseError
from kgtool.graph import KnowledgeGraph
from kgtool.questions import Question
from kgtool.vocabulary import iri


def listed(graph: KnowledgeGraph) -> tuple[Question, ...]:
    """Give the questions that pages list: none where a store of an older kgtool keeps files of another form."""
    try:
        return graph.questions()
    except ParseError:
        return ()


def address_of(question: Question) -> str:
    """Give the address at which a question is answered."""
    return url_for("asking.ask", name=question.name, _external=True)


def example_triples(questions: Iterable[Question], endpoint: NamedNode) -> Iterator[Triple]:
    """Describe each question at its own address: titles, descriptions, the query, and the endpoint.

    Needs a request. A parameter is a variable of the query, which stands for anything when nothing is put in its place.
    """
    for question in questions:
        node = NamedNode(address_of(question))
        yield Triple(node, iri("rdf", "type"), iri("sh", "SPARQLExecutable"))
        yield Triple(node, iri("rdf", "type"), iri("sh", "SPARQLSelectExecutable"))
        yield Triple(node, iri("dcterms", "identifier"), Literal(question.name))
        for language, title in question.title.items():
            yield Triple(node, iri("dcterms", "title"), Literal(title, language=language))
        for language, text in question.description.items():
            yield Triple(node, iri("rdfs", "comment"), Literal(text, language=language))
        yield Triple(node, iri("sh", "select"), Literal(question.text))
        yield Triple(node, iri("schema", "target"), endpoint)
