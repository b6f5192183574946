"""Small graphs of two sources that tell why something holds."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from kgtool.reasoning.datalog_engine import DatalogEngine
from kgtool.reasoning.proofs import Explanation, Step, explain_clash, explain_fact
from kgtool.reasoning.proofs.text import as_text, contradiction_blocks, explanation_blocks
from kgtool.reasoning.reading import axioms_of_closure
from kgtool.reasoning.rulefiles import read_rule
from kgtool.store.canonical import canonical_quads
from kgtool.vocabulary import PROVENANCE, iri

from .known_labels import Known
from .worlds import World, quads_of

FAMILY, HEARSAY = (NamedNode(f"urn:kgtool:source:{name}") for name in ("family.ttl", "hearsay.ttl"))


def loaded(graph: NamedNode, when: str) -> list[Quad]:
    """What a store notes of the load of a file."""
    load = NamedNode(f"urn:kgtool:load:{graph.value}")
    return [
        Quad(load, iri("prov", "generated"), graph, PROVENANCE),
        Quad(load, iri("prov", "endedAtTime"), Literal(when, datatype=iri("xsd", "dateTime")), PROVENANCE),
        Quad(load, iri("dcterms", "source"), Literal("a file"), PROVENANCE),
    ]


class Told:
    """A graph of two sources, closed, that tells why."""

    def __init__(self, family: str, hearsay: str = "", *, rule: str = "", names: Known | None = None) -> None:
        self.rules = (read_rule(rule, "rule", "rule.rq"),) if rule else ()
        self.world = world = World(DatalogEngine(self.rules))
        quads = [*quads_of(family, FAMILY), *quads_of(hearsay, HEARSAY)]
        notes = [*loaded(FAMILY, "2026-02-01T10:00:00Z"), *loaded(HEARSAY, "2026-08-31T23:59:59Z")]
        world.change(canonical_quads(quads))
        world.store.fill(notes)
        self.clashes = world.anew().consequences.clashes
        self.names = names or Known()

    def explained(self, question: str, limit: int = 1) -> Explanation:
        (quad,) = quads_of(question)
        fact: Any = (quad.subject, quad.predicate, quad.object)
        axioms = axioms_of_closure(self.world.store, self.world.state)
        return explain_fact(fact, self.world.store, self.world.state, axioms, self.rules, limit=limit)

    def why(self, question: str, language: str, limit: int = 1) -> str:
        return as_text(explanation_blocks(self.explained(question, limit), self.names, language))

    def clashing(self) -> list[Step]:
        axioms = axioms_of_closure(self.world.store, self.world.state)
        found = [explain_clash(clash, self.world.store, self.world.state, axioms, self.rules) for clash in self.clashes]
        return [step for step in found if step is not None]

    def contradictions(self, language: str) -> str:
        return as_text(contradiction_blocks(self.clashing(), self.names, language))


def text(expected: str) -> str:
    return dedent(expected).removeprefix("\n")


UNCLE = """
:uncle owl:propertyChainAxiom ( :parent :brother ) . :uncle rdfs:subPropertyOf :relative .
:ada :parent :ben . :ben :brother :carl .
"""

BORN = """\
# fr: Qui est né en premier est l'aîné
# en: Who was born first is the elder
PREFIX : <urn:x:>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
CONSTRUCT { ?one :elder ?other }
WHERE {
  ?one :born ?day . ?other :born ?later .
  FILTER(?day < ?later)
  FILTER NOT EXISTS { GRAPH ?source { ?one :adoptedBy ?somebody } }
}
"""
DAYS = ':ada :born "1815-12-10"^^xsd:date . :ben :born "1816-08-01"^^xsd:date .'
