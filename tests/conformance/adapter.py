"""The one place where the suites meet the system that they test: a store on disk behind `KnowledgeGraph`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from kgtool.graph import KnowledgeGraph
from kgtool.ingest import Source, sources_of_bytes, sources_of_files
from kgtool.store.results import QueryResult

from .expected import Answer
from .manifest import Document

#: File name extension to format, what to replace and by what, where relative IRIs resolve against a base: the web
#: gives a document one, a file on disk has none.
BASED = {
    ".ttl": ("turtle", b"", b"@base <%s> .\n"),
    ".trig": ("trig", b"", b"@base <%s> .\n"),
    ".rdf": ("rdfxml", b"<rdf:RDF", b'<rdf:RDF xml:base="%s"'),
}


@dataclass(frozen=True)
class Dataset:
    """What a query is asked on: the store's default graph with or without reasoning, or the graphs given."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    reasoning: bool = True


class Adapter:
    """One store for many tests; a document goes to the source graph of its own IRI."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._held: tuple[Document, ...] | None = ()

    @property
    def commit(self) -> str:
        """The last commit: the same as long as nothing was written."""
        return self._graph.commit

    def clear(self) -> None:
        """Empty the store."""
        self._graph.update("DROP ALL")
        self._held = ()

    def load(self, documents: Sequence[Document]) -> None:
        """Add documents to the store, each in place of what its graph held."""
        self._held = None
        self._graph.load([source for document in documents for source in _sources(document)], replace=True)

    def hold(self, documents: Sequence[Document]) -> None:
        """Let the store hold these documents and nothing else; one without a byte, which `load` refuses, is no data."""
        if self._held != tuple(documents):
            self.clear()
            self.load([document for document in documents if document.path.stat().st_size])
            self._held = tuple(documents)

    def quads(self, document: Document) -> list[Quad]:
        """Read the store back: what stands in a document's own graph is the default graph of that document."""
        own = NamedNode(document.iri)
        quads = []
        for s, p, o, g in self._graph.query("SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }").solutions():
            assert isinstance(s, NamedNode | BlankNode)
            assert isinstance(p, NamedNode)
            assert o is not None
            assert isinstance(g, NamedNode | BlankNode)
            quads.append(Quad(s, p, o, DefaultGraph() if g == own else g))
        return quads

    def query(self, text: str, base: str, dataset: Dataset) -> Answer:
        """Answer a query, as terms."""
        result = self._query(text, base, dataset)
        if result.kind == "ask":
            return Answer(boolean=result.answer)
        if result.kind == "graph":
            return Answer(graph=tuple(result.triples()))
        return Answer(result.variables, tuple(result.solutions()))

    def serialize(self, text: str, base: str, dataset: Dataset, format: str) -> bytes:
        """Answer a query, as a file in a format of results."""
        output = io.BytesIO()
        self._query(text, base, dataset).serialize(format, output)
        return output.getvalue()

    def _query(self, text: str, base: str, dataset: Dataset) -> QueryResult:
        return self._graph.query(
            f"BASE <{base}> {text}",
            reasoning=dataset.reasoning,
            default_graphs=dataset.default_graphs,
            named_graphs=dataset.named_graphs,
        )


def _sources(document: Document) -> list[Source]:
    if document.path.suffix not in BASED:
        return sources_of_files([str(document.path)], graph=document.iri)
    format, start, based = BASED[document.path.suffix]
    data = document.path.read_bytes().replace(start, based % document.iri.encode(), 1)
    return sources_of_bytes(data, name=document.path.name, graph=document.iri, format=format)
