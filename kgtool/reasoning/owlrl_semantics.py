"""owlrl's rules as this project runs them: less what is never kept, with some of its slips mended."""

from __future__ import annotations

from itertools import combinations, permutations, product

import rdflib
from owlrl.AxiomaticTriples import OWLRL_Datatypes_Disjointness
from owlrl.OWLRL import OWLRL_Semantics
from owlrl.XsdDatatypes import OWL_Datatype_Subsumptions, OWL_RL_Datatypes
from rdflib.namespace import OWL, RDF, RDFS

from kgtool.vocabulary import PREFIXES

_OWL, _RDF = PREFIXES["owl"], PREFIXES["rdf"]
_SCHEMA = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range}
Node = rdflib.URIRef | rdflib.BNode | rdflib.Literal
RdflibTriple = tuple[Node, Node, Node]

#: How a class or property is below itself that is so by one step and back.
_BELOW: dict[Node, rdflib.URIRef] = {
    RDFS.subClassOf: RDFS.subClassOf,
    RDFS.subPropertyOf: RDFS.subPropertyOf,
    OWL.equivalentClass: RDFS.subClassOf,
    OWL.equivalentProperty: RDFS.subPropertyOf,
}


class Semantics(OWLRL_Semantics):
    """owlrl's rules, less what costs most and finds nothing that is kept.

    owlrl states ``owl:sameAs`` to itself for every term of every triple, in each round, which the contract leaves out
    of the graph; its only consequence is a clash with ``owl:differentFrom``, looked for here. It also keeps a list of
    blank nodes to drop those that became predicates, which the terms' way back does.
    """

    def __init__(self, graph: rdflib.Graph) -> None:
        super().__init__(graph, axioms=False, daxioms=False)

    def store_triple(self, t: RdflibTriple) -> None:
        """Note a triple for the end of the round, unless it is there."""
        if not isinstance(t[1], rdflib.Literal) and t not in self.graph:
            self.added_triples.add(t)

    def rules(self, t: RdflibTriple, cycle_num: int) -> None:
        """Apply every rule to a triple; owlrl's all start from one with a word of OWL or RDFS."""
        if not (
            t[1] in _SCHEMA or str(t[1]).startswith(_OWL) or (t[1] == RDF.type and str(t[2]).startswith((_OWL, _RDF)))
        ):
            return
        if t[1] == OWL.hasKey:
            self._key(t[0], self._list(t[2]))
        else:
            self._properties(t, cycle_num)
        if t[1] == OWL.members or t[1] == OWL.distinctMembers:
            self._all_different_or_disjoint(t[0], self._list(t[2]))
        self._equality(t, cycle_num)
        self._classes(t, cycle_num)
        self._class_axioms(t, cycle_num)
        self._schema_vocabulary(t, cycle_num)

    def _equality(self, triple: RdflibTriple, cycle_num: int) -> None:
        subject, predicate, value = triple
        if predicate == OWL.differentFrom and subject == value:
            self.add_error(f"{subject} is said to be different from itself (eq-diff1)")
        elif (predicate == OWL.sameAs and subject != value) or (predicate == RDF.type and value == OWL.AllDifferent):
            super()._equality(triple, cycle_num)

    def _key(self, class_: Node, properties: list[Node]) -> None:
        """Apply prp-key; owlrl's own leaves the last property of a key out, and so takes too much for equal."""
        by_values: dict[tuple[Node, ...], list[Node]] = {}
        for subject in self.graph.subjects(RDF.type, class_):
            for values in product(*(list(self.graph.objects(subject, each)) for each in properties)):
                by_values.setdefault(values, []).append(subject)
        for same in by_values.values() if properties else ():
            for one, other in permutations(set(same), 2):
                self.store_triple((one, OWL.sameAs, other))

    def _all_different_or_disjoint(self, axiom: Node, members: list[Node]) -> None:
        """Look for what owlrl's own eq-diff2, eq-diff3 and prp-adp miss: they leave the last member of a list out."""
        for one, other in combinations(members, 2):
            if (axiom, RDF.type, OWL.AllDifferent) in self.graph and (one, OWL.sameAs, other) in self.graph:
                self.add_error(f"{one} and {other} are said to be different and the same (eq-diff2)")
            if (axiom, RDF.type, OWL.AllDisjointProperties) in self.graph:
                for subject, value in self.graph.subject_objects(one):
                    if (subject, other, value) in self.graph:
                        self.add_error(f"{one} and {other} are disjoint, and both link {subject} to {value} (prp-adp)")

    def _one_time_rules_datatypes(self) -> None:
        """Apply dt-type2 and dt-not-type to the literals; owlrl's own converters fail on some, and refuse infinity."""
        kinds = set()
        for literal in {value for value in self.graph.objects() if isinstance(value, rdflib.Literal)}:
            if literal.datatype in OWL_RL_Datatypes:
                if literal.ill_typed:
                    self.add_error(f"{literal.n3()} is no value of its datatype (dt-not-type)")
                for kind in (literal.datatype, *OWL_Datatype_Subsumptions.get(literal.datatype, ())):
                    kinds.add(kind)
                    self.store_triple((literal, RDF.type, kind))
        for one, predicate, other in OWLRL_Datatypes_Disjointness:
            if one in kinds and other in kinds:
                self.store_triple((one, predicate, other))

    def _schema_vocabulary(self, triple: RdflibTriple, cycle_num: int) -> None:
        """Apply the scm rules; owlrl's own leave out that what is below or equal to itself is below itself."""
        super()._schema_vocabulary(triple, cycle_num)
        subject, predicate, value = triple
        if predicate in _BELOW and (value, predicate, subject) in self.graph:
            self.store_triple((subject, _BELOW[predicate], subject))

    def _list(self, head: Node) -> list[Node]:
        """Give a list's items; one that runs in a circle says nothing."""
        try:
            return list(self.graph.items(head))
        except ValueError:
            return []
