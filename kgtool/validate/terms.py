"""Terms from pyoxigraph's model to rdflib's and back, lexical forms kept as they are written."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

if TYPE_CHECKING:
    import rdflib

#: What a triple of RDF 1.1 is made of.
Term: TypeAlias = NamedNode | BlankNode | Literal
#: What pyoxigraph's types let a triple be made of.
AnyTerm: TypeAlias = Term | Triple


@lru_cache(maxsize=16384)
def to_rdflib(term: object) -> rdflib.term.Identifier:
    """Give rdflib's form of a term; a literal keeps its lexical form, well-formed or not.

    >>> to_rdflib(Literal("2020-01-01+00:00", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date"))).toPython()
    datetime.date(2020, 1, 1)
    >>> str(to_rdflib(Literal("01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))))
    '01'

    :raises TypeError: for a triple term, which RDF 1.1 does not have.
    """
    import rdflib  # here, as it is slow to import, and most changes are validated without it

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
    raise TypeError(f"not a term of RDF 1.1: {term}")


def from_rdflib(term: object) -> Term:
    """Give pyoxigraph's form of a term.

    >>> import rdflib
    >>> from_rdflib(rdflib.Literal("Lille", lang="fr"))
    <Literal value=Lille language=fr>

    :raises TypeError: for what is no term (a variable, a formula).
    """
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return BlankNode(str(term))
    if isinstance(term, rdflib.Literal):
        if term.language:
            return Literal(str(term), language=term.language)
        return Literal(str(term), datatype=NamedNode(str(term.datatype))) if term.datatype else Literal(str(term))
    raise TypeError(f"not an RDF term: {term!r}")
