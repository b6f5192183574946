"""A store's closure with everything that the graph leaves out, as what a question is matched against.

What holds of every thing and of every literal is given by examples: equality of a thing with itself, ``owl:Thing``, the
datatypes of literals and their differences (OWL 2 Profiles, section 4.3, eq-ref and table 8), axiomatic triples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Variable

from kgtool.reasoning.incremental.stored import Budget
from kgtool.reasoning.language import Fact, Rule, Var
from kgtool.reasoning.matching.solve import Binding, instantiate, solve
from kgtool.reasoning.omitted import AXIOMATIC
from kgtool.reasoning.owl.axioms import Axioms, is_about_axioms
from kgtool.reasoning.owl.datatypes import DATATYPES, differ, equal_in_value, is_in, variants
from kgtool.reasoning.owl.reader import owl_rules
from kgtool.reasoning.owl.specialise import with_members
from kgtool.reasoning.premises import fact_of_premise
from kgtool.reasoning.proofs.instances import Reasons
from kgtool.store.dataset import run_query
from kgtool.store.interface import QuadStore, Term
from kgtool.store.layout import State
from kgtool.vocabulary import PREMISES, iri

_TYPE: Final = iri("rdf", "type")
_SAME_AS: Final = iri("owl", "sameAs")
_DIFFERENT: Final = iri("owl", "differentFrom")
_THING: Final = iri("owl", "Thing")
#: What holds of everything is seen without looking for anything.
_REFLEXIVE: Final = "eq-ref"
#: Types that something has by an axiomatic triple, or everything has.
AXIOMATIC_TYPES: Final = frozenset({_THING, *(kind for _, _, kind in AXIOMATIC)})
#: Some literal of each datatype, as all literals are there.
_LITERALS: Final = (
    Literal("a", language="en"),
    *(
        Literal(text, datatype=iri(*name.split(":")))
        for name, text in (
            *(("xsd:string", "a"), ("xsd:integer", "1"), ("xsd:integer", "0"), ("xsd:integer", "-1")),
            *(("xsd:decimal", "1.5"), ("xsd:float", "1"), ("xsd:double", "1"), ("xsd:boolean", "true")),
            *(("xsd:anyURI", "a"), ("xsd:hexBinary", "00"), ("xsd:base64Binary", "AA=="), ("xsd:date", "2000-01-01")),
            *(("xsd:dateTime", "2000-01-01T00:00:00Z"), ("xsd:time", "00:00:00"), ("xsd:gYear", "2000")),
            *(("xsd:gYearMonth", "2000-01"), ("xsd:gMonth", "--01"), ("xsd:gMonthDay", "--01-01")),
            *(("xsd:gDay", "---01"), ("rdf:XMLLiteral", "a"), ("rdf:HTML", "a")),
        )
    ),
)
_MOST_LOOK_UPS: Final = 1_000_000
#: So many hidden facts are looked through for those about literals.
_MOST_HIDDEN: Final = 200_000


class WholeClosure:
    """The closure of a store, what the graph leaves out included.

    :param axioms: those of the closure.
    """

    def __init__(self, store: QuadStore, state: State, axioms: Axioms) -> None:
        self._store = store
        self._state = state
        self._axioms = axioms
        self._reasons = Reasons(store, state, axioms, (), Budget(_MOST_LOOK_UPS))
        self._facts = self._reasons.owl
        self._of_literals: dict[tuple[Term, Term | None], bool] = {}

    def forget(self) -> None:
        """Forget what was looked up."""
        self._reasons.stored.forget()

    def select(self, text: str, values: Mapping[Variable, Term]) -> Iterator[tuple[Term | None, ...]]:
        """Answer a SPARQL SELECT on the graph, with variables bound to terms."""
        return run_query(self._store, self._state, text, substitutions=values).solutions()

    def match(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Fact]:
        """Give facts that match a pattern; of those about any literal or about everything, examples.

        :raises TooMuchWork: if that takes too many look-ups.
        """
        assert predicate is not None, "no predicate of a question is a blank node"
        if isinstance(subject, Literal) and predicate == _TYPE and value in DATATYPES:
            if is_in(subject, value):  # type: ignore[arg-type]
                yield subject, predicate, value
            return
        for one, other in product(_ways_to_write(subject), _ways_to_write(value)):
            for fact in self._facts.match(one, predicate, other):
                yield fact[0] if subject is None else subject, predicate, fact[2] if value is None else value
        yield from _of_everything(subject, predicate, value)
        if (subject is None or isinstance(subject, Literal)) and self.may_be_said_of_literals(predicate, value):
            for one, other in product(_ways_to_write(subject), _ways_to_write(value)):
                for fact in self._concluded(one, predicate, other):
                    yield fact[0] if subject is None else subject, predicate, fact[2] if value is None else value

    def holds(self, fact: Fact) -> bool:
        """Tell whether something follows."""
        return any(True for _ in self.match(*fact))

    def asserted(self, *_: object) -> Iterable[Quad]:
        """Give nothing: a question does not ask who says what."""
        return ()

    def may_be_said_of_literals(self, predicate: Term, value: Term | None) -> bool:
        """Tell whether something of this kind may follow of a literal; where not, nobody need look for it.

        :param value: the class where the predicate is ``rdf:type``; None for any.
        """
        key = (predicate, value if predicate == _TYPE else None)
        if key not in self._of_literals:
            always = predicate in (_SAME_AS, _DIFFERENT) or (
                predicate == _TYPE and (value is None or value in DATATYPES or value in AXIOMATIC_TYPES)
            )
            self._of_literals[key] = always or (
                (value is not None and self._may_have_literals(value))
                if predicate == _TYPE
                else self._may_lead_from_literals(predicate)
            )
        return self._of_literals[key]

    @cached_property
    def _hidden_kinds(self) -> frozenset[tuple[Term, Term | None]] | None:
        """Predicates, and classes, of what the closure kept out of sight about literals; None if it is too much."""
        kinds: set[tuple[Term, Term | None]] = set()
        for number, quad in enumerate(self._store.quads(graph=PREMISES)):
            if number == _MOST_HIDDEN:
                return None
            subject, predicate, value = fact_of_premise(quad)
            if isinstance(subject, Literal):
                kinds.add((predicate, value if predicate == _TYPE else None))
        # what is the same as a literal shares all that is said of it
        return None if (_SAME_AS, None) in kinds else frozenset(kinds)

    def _may_lead_from_literals(self, predicate: Term) -> bool:
        """Tell whether a property may lead from a literal."""
        kinds = self._hidden_kinds
        if not kinds:
            return kinds is None
        match, holds = self._axioms.match, self._axioms.holds
        return (
            (predicate, None) in kinds
            or any(holds((narrow, iri("rdfs", "subPropertyOf"), predicate)) for narrow, _ in kinds)
            or any(True for _ in match(predicate, iri("owl", "propertyChainAxiom"), None))
            or any(True for _ in match(None, iri("owl", "onProperty"), predicate))
        )

    def _may_have_literals(self, kind: Term) -> bool:
        """Tell whether a class may have literals as members."""
        match, holds = self._axioms.match, self._axioms.holds
        kinds = self._hidden_kinds
        if kinds is None or (_TYPE, kind) in kinds:
            return True
        classes = [*DATATYPES, *(value for _, value in kinds if value is not None)]
        if any(holds((narrow, iri("rdfs", "subClassOf"), kind)) for narrow in classes):
            return True
        leading = [fact[0] for fact in match(None, iri("rdfs", "domain"), kind)]
        leading += [fact[2] for fact in match(kind, iri("owl", "onProperty"), None)]
        if any((predicate, None) in kinds for predicate in leading):
            return True
        if any(True for name in ("intersectionOf", "oneOf") for _ in match(kind, iri("owl", name), None)):
            return True
        into = [fact[0] for fact in match(None, iri("rdfs", "range"), kind)]
        for restriction, _, _ in match(None, iri("owl", "allValuesFrom"), kind):
            into += [fact[2] for fact in match(restriction, iri("owl", "onProperty"), None)]
        texts = sorted({str(term) for term in into if isinstance(term, NamedNode)})
        questions = (f"ASK {{ ?s {text} ?o FILTER isLiteral(?o) }}" for text in texts)
        return any(run_query(self._store, self._state, question).answer for question in questions)

    def _concluded(self, *pattern: Term | None) -> Iterator[Fact]:
        """Give what follows of literals in one step: what no rule looks at is kept nowhere."""
        for rule in owl_rules():
            for head in rule.head if rule.name != _REFLEXIVE else ():
                known = [(node, term) for node, term in zip(head, pattern, strict=False) if term is not None]
                if any(term != node for node, term in known if not isinstance(node, Var)):
                    continue
                binding = {node: term for node, term in known if isinstance(node, Var)}
                if all(binding[node] == term for node, term in known if isinstance(node, Var)):
                    for solution in self._solutions(rule, binding):
                        fact = instantiate(head, solution)
                        if fact is not None and isinstance(fact[0], Literal):
                            yield fact

    def _solutions(self, rule: Rule, binding: Binding) -> Iterator[Binding]:
        """Solve a rule's body; lists first, as they settle how many atoms there are."""
        axioms = [atom for atom in rule.body if is_about_axioms(atom)] if rule.lists else []
        data = [atom for atom in rule.body if atom not in axioms]
        for solution in solve(axioms, {}, self._axioms):
            for _, known, atoms in with_members(rule, solution, self._axioms):
                if all(known.get(name, term) == term for name, term in binding.items()):
                    yield from solve([*data, *atoms], {**known, **binding}, self._facts)


def _ways_to_write(term: Term | None) -> tuple[Term | None, ...]:
    return (term, *variants(term)) if isinstance(term, Literal) else (term,)


def _of_everything(subject: Term | None, predicate: Term, value: Term | None) -> Iterator[Fact]:
    """Give what holds in every graph and matches a pattern: of everything, of literals, and axiomatic."""
    if predicate == _SAME_AS:
        one, other = (term if term is not None else _THING for term in (subject or value, value or subject))
        if one == other or (isinstance(one, Literal) and isinstance(other, Literal) and equal_in_value(one, other)):
            yield one, predicate, other
    elif predicate == _DIFFERENT:
        for one, other in product(*((term,) if term is not None else _LITERALS for term in (subject, value))):
            if isinstance(one, Literal) and isinstance(other, Literal) and differ(one, other):
                yield one, predicate, other
    elif predicate == _TYPE:
        if value in (None, _THING):
            yield _THING if subject is None else subject, predicate, _THING
        for fact in AXIOMATIC:
            if subject in (None, fact[0]) and value in (None, fact[2]):
                yield fact
        if subject is None and isinstance(value, NamedNode):
            yield from ((literal, predicate, value) for literal in _LITERALS if is_in(literal, value))
