"""The first engine: owlrl's closure and the rule files, each run until neither finds anything new.

owlrl reads an rdflib graph and knows nothing of changes, so every change costs a whole closure. It is the oracle that
quicker engines are held against.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, permutations, product
from typing import Any

import pyoxigraph as ox
import rdflib
from owlrl.AxiomaticTriples import OWLRL_Datatypes_Disjointness
from owlrl.Namespaces import ERRNS
from owlrl.OWLRL import OWLRL_Semantics
from owlrl.XsdDatatypes import OWL_Datatype_Subsumptions, OWL_RL_Datatypes
from pyoxigraph import DefaultGraph, Quad, QueryTriples, Store, Triple
from rdflib.namespace import OWL, RDF, RDFS

from kgtool.errors import LimitError
from kgtool.reasoning.clash import Clash
from kgtool.reasoning.engine import Consequences, Facts, Tell
from kgtool.reasoning.language import Rule
from kgtool.reasoning.omitted import is_omitted
from kgtool.store.change import QuadDelta, TripleDelta
from kgtool.store.layout import State
from kgtool.vocabulary import PREFIXES, iri

#: A rule that builds new IRIs from its own results would never end.
_MAX_ROUNDS = 1_000
_SCHEMA_PREDICATES = {iri("rdfs", name) for name in ("subClassOf", "subPropertyOf", "domain", "range")}

_OWL, _RDF = PREFIXES["owl"], PREFIXES["rdf"]
_SCHEMA = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range}

Node = rdflib.URIRef | rdflib.BNode | rdflib.Literal
RdflibTriple = tuple[Node, Node, Node]


class OwlrlEngine:
    """An :class:`~kgtool.reasoning.engine.Engine` that computes everything again at each change.

    :param rules: run on the closure and on the source graphs, to a common fixpoint with OWL 2 RL.
    """

    name = "owlrl"

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)

    def consequences(
        self, change: QuadDelta, asserted: TripleDelta, facts: Facts, *, anew: bool = False, tell: Tell | None = None
    ) -> Consequences:
        """Say what a change brings, see :class:`~kgtool.reasoning.engine.Engine`; every contradiction, always."""
        triples = set(facts.asserted())
        closure, clashes = _Closure(self._rules, triples, facts.quads()).close()
        inferred = {triple for triple in closure if triple not in triples and not is_omitted(triple)}
        before = set(facts.inferred())
        change_of_inferred = TripleDelta(frozenset(inferred - before), frozenset(before - inferred))
        return Consequences(change_of_inferred, QuadDelta(removed=frozenset(facts.premises())), clashes)

    def follow(self, before: State, after: State, change: QuadDelta, consequences: Consequences) -> None:
        """Do nothing: each change is computed from all facts."""

    def elsewhere(self) -> OwlrlEngine:
        """Give this engine."""
        return self


class _Closure:
    """One computation: the same triples in rdflib's terms for owlrl, and in Oxigraph for the rules."""

    def __init__(self, rules: Sequence[Rule], triples: set[Triple], quads: Iterable[Quad]) -> None:
        self._rules = rules
        self._terms = _Terms()
        self._graph = rdflib.Graph(store="SimpleMemory", bind_namespaces="none")
        self._store = Store()
        self._all: set[Triple] = set()
        self._owl = any(map(_means_something_in_owl, triples))
        self._messages: list[str] = []
        if rules:
            self._store.bulk_extend(quads)
            self._graph_names = list(self._store.named_graphs())
        self._add(triples)

    def close(self) -> tuple[set[Triple], tuple[Clash, ...]]:
        """Give every triple of the closure that RDF can write, and the clashes."""
        for _ in range(_MAX_ROUNDS):
            self._run_owlrl()
            if not self._run_rules():
                return self._all, tuple(
                    Clash("", labels={"en": text, "fr": text}) for text in sorted(set(self._messages))
                )
        raise LimitError(
            f"the rules still find new triples after {_MAX_ROUNDS} rounds",
            hint="look for a rule that builds IRIs from its own results",
        )

    def _add(self, triples: Iterable[Triple]) -> None:
        for triple in triples:
            self._all.add(triple)
            self._graph.add(self._terms.to_rdflib(triple))
            if self._rules:
                self._store.add(Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()))

    def _run_owlrl(self) -> None:
        """Close under OWL 2 RL. A graph without a word of OWL or RDFS has nothing to close."""
        if not self._owl:
            return
        closure = _Semantics(self._graph)
        closure.closure()
        self._messages = list(closure.error_messages)
        new = set()
        for triple in self._graph:
            written = self._terms.to_oxigraph(triple)
            if written is not None and written not in self._all:
                new.add(written)
        self._add(new)

    def _run_rules(self) -> set[Triple]:
        """Run the rules until none finds anything; give what is new."""
        found: set[Triple] = set()
        for _ in range(_MAX_ROUNDS):
            new: set[Triple] = set()
            for rule in self._rules:
                results = self._store.query(rule.text, default_graph=[DefaultGraph()], named_graphs=self._graph_names)
                if isinstance(results, QueryTriples):
                    new.update(triple for triple in results if triple not in self._all)
            if not new:
                break
            self._add(new)
            found |= new
        self._owl = self._owl or any(map(_means_something_in_owl, found))
        return found


class _Semantics(OWLRL_Semantics):
    """owlrl's rules, less what costs most and finds nothing that is kept.

    owlrl states ``owl:sameAs`` to itself for every term of every triple, in each round, which the contract leaves out
    of the graph; its only consequence is a clash with ``owl:differentFrom``, looked for here. It also keeps a list of
    blank nodes to drop those that became predicates, which :meth:`_Terms.to_oxigraph` does.
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

    def _list(self, head: Node) -> list[Node]:
        """Give a list's items; one that runs in a circle says nothing."""
        try:
            return list(self.graph.items(head))
        except ValueError:
            return []


class _Terms:
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


def _means_something_in_owl(triple: Triple) -> bool:
    """Tell whether a triple can be a premise of a rule that finds more than what the contract leaves out.

    Every other rule of tables 4 to 9 has a premise with one of these predicates, or with a term of OWL.
    """
    owl = PREFIXES["owl"]
    value = triple.object
    return (
        triple.predicate in _SCHEMA_PREDICATES
        or triple.predicate.value.startswith(owl)
        or (isinstance(value, ox.NamedNode) and value.value.startswith(owl))
    )
