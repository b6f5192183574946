"""The same terms in rdflib and in Oxigraph."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
import rdflib
from owlrl.Namespaces import ERRNS
from pyoxigraph import Triple

from kgtool.reasoning.owlrl_semantics import Node, RdflibTriple


class RdflibTerms:
    """The same terms in two libraries, without loss: rdflib would write some literals in another form."""

    def __init__(self) -> None:
        self._rdflib: dict[ox.NamedNode | ox.BlankNode | ox.Literal | Triple, Node] = {}
        self._oxigraph: dict[rdflib.term.Node, ox.NamedNode | ox.BlankNode | ox.Literal] = {}

    def to_rdflib(self, triple: Triple) -> RdflibTriple:
        """Give a triple in rdflib's terms."""
        return self._node(triple.subject), self._node(triple.predicate), self._node(triple.object)

    def to_oxigraph(self, triple: tuple[rdflib.term.Node, ...]) -> Triple | None:
        """Give a triple in Oxigraph's terms; None for what RDF cannot write, and for owlrl's error reports."""
        subject, predicate, value = triple
        if (
            isinstance(subject, rdflib.Literal)
            or not isinstance(predicate, rdflib.URIRef)
            or predicate == ERRNS.error
            or value == ERRNS.ErrorMessage
        ):
            return None
        return Triple(self._term(subject), ox.NamedNode(str(predicate)), self._term(value))

    def _node(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | Triple) -> Node:
        node = self._rdflib.get(term)
        if node is None:
            if isinstance(term, ox.NamedNode):
                node = rdflib.URIRef(term.value)
            elif isinstance(term, ox.BlankNode):
                node = rdflib.BNode(term.value)
            elif isinstance(term, ox.Literal):
                datatype = None if term.language else rdflib.URIRef(term.datatype.value)
                node = rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
            else:
                raise TypeError("triple terms are refused at load")
            self._rdflib[term] = node
            self._oxigraph[node] = term
        return node

    def _term(self, node: rdflib.term.Node) -> Any:
        term = self._oxigraph.get(node)
        if term is None:
            if isinstance(node, rdflib.URIRef):
                term = ox.NamedNode(str(node))
            elif isinstance(node, rdflib.BNode):
                term = ox.BlankNode(str(node))
            elif isinstance(node, rdflib.Literal):
                datatype = None if node.language else ox.NamedNode(str(node.datatype or rdflib.XSD.string))
                term = ox.Literal(str(node), language=node.language, datatype=datatype)
            else:
                raise TypeError(f"owlrl made a term that RDF does not have: {node!r}")
            self._oxigraph[node] = term
        return term
