"""Explanations as RDF: each step an activity that used its premises and generated its conclusion (PROV-O).

Triples are spoken of as ``rdf:Statement``, so that nothing here asserts them. Names are made of what they stand for, so
the same proof has the same names.

Source: W3C PROV-O: The PROV Ontology, 2013; RDF Schema 1.1, section 5.3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Variable

from kgtool.reasoning.language import Atom, Fact, Node, Term, Var
from kgtool.reasoning.proofs.explanation import Explanation
from kgtool.reasoning.proofs.proof import Denied, Origin, Said, Step
from kgtool.reasoning.proofs.terms import distinct_steps
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
_LABEL: Final = iri("rdfs", "label")
_NAMES: Final = "urn:kgtool:"


def explanation_quads(explanation: Explanation) -> Iterator[Quad]:
    """Give an explanation as RDF. What does not hold is a statement that nothing generated and no source said."""
    yield from _statement(explanation.fact, explanation.said)
    yield from _proofs(explanation.proofs, conclude=True)


def contradiction_quads(steps: Sequence[Step]) -> Iterator[Quad]:
    """Give contradictions as RDF: activities that generated nothing."""
    yield from _proofs(steps, conclude=False)


def statement_name(fact: Fact) -> NamedNode:
    """Give the name of a statement."""
    return _name("statement", *map(str, fact))


def _proofs(proofs: Iterable[Step], *, conclude: bool) -> Iterator[Quad]:
    lists: dict[Term, Sequence[Term]] = {}
    for proof in proofs:
        for step in distinct_steps(proof):
            yield from _step(step, concludes=conclude or step is not proof)
            for head, members in step.lists:
                lists.setdefault(head, members)
    # A list that a statement's object leads to: without it that statement would say nothing.
    for head, read in lists.items():
        yield from _list(head, read)


def _step(step: Step, *, concludes: bool) -> Iterator[Quad]:
    used = [statement_name(premise.fact) for premise in step.premises]
    denied = [_denied(part) for part in step.denied]
    conclusion = [statement_name(step.fact)] if concludes else []
    activity = _name("step", step.rule, *map(str, (*conclusion, *used)), *denied)
    association = NamedNode(f"{activity.value}:association")
    rule = NamedNode(f"{_NAMES}rule:{step.rule}")
    yield _quad(activity, _TYPE, iri("prov", "Activity"))
    yield from (_quad(activity, iri("prov", "used"), statement) for statement in used)
    yield from (_quad(activity, iri("prov", "generated"), statement) for statement in conclusion)
    yield _quad(activity, iri("prov", "qualifiedAssociation"), association)
    yield from (_quad(activity, iri("rdfs", "comment"), Literal(text)) for text in denied)
    yield _quad(association, _TYPE, iri("prov", "Association"))
    yield _quad(association, iri("prov", "hadPlan"), rule)
    yield _quad(rule, _TYPE, iri("prov", "Plan"))
    yield _quad(rule, iri("dcterms", "source"), Literal(step.source))
    yield from (_quad(rule, _LABEL, Literal(text, language=tag)) for tag, text in step.labels.items())
    if concludes:
        yield from _statement(step.fact)
    for premise in step.premises:
        yield from _statement(premise.fact, premise.origins if isinstance(premise, Said) else ())


def _statement(fact: Fact, origins: Iterable[Origin] = ()) -> Iterator[Quad]:
    name = statement_name(fact)
    yield from (_quad(name, _TYPE, kind) for kind in (iri("rdf", "Statement"), iri("prov", "Entity")))
    for part, term in zip(("subject", "predicate", "object"), fact, strict=True):
        yield _quad(name, iri("rdf", part), term)
    for origin in origins:
        yield _quad(name, iri("prov", "hadPrimarySource"), origin.graph)
        yield _quad(origin.graph, _TYPE, iri("prov", "Entity"))
        if origin.when is not None:
            when = Literal(origin.when, datatype=iri("xsd", "dateTime"))
            yield _quad(origin.graph, iri("prov", "generatedAtTime"), when)


def _list(head: Term, members: Sequence[Term]) -> Iterator[Quad]:
    cells = [head, *(BlankNode(f"{_digest(str(head))}{place}") for place in range(1, len(members)))]
    for place, member in enumerate(members):
        yield _quad(cells[place], iri("rdf", "first"), member)
        rest = cells[place + 1] if place + 1 < len(cells) else iri("rdf", "nil")
        yield _quad(cells[place], iri("rdf", "rest"), rest)


def _denied(denied: Denied) -> str:
    """Write what no source says as SPARQL does."""
    return f"FILTER NOT EXISTS {{ {' . '.join(map(_pattern, denied.atoms))} }}"


def _pattern(atom: Atom) -> str:
    triple = " ".join(map(_node, atom[:3]))
    return triple if atom.graph is None else f"GRAPH {_node(atom.graph)} {{ {triple} }}"


def _node(node: Node) -> str:
    return str(Variable(node)) if isinstance(node, Var) else str(node)


def _name(kind: str, *parts: str) -> NamedNode:
    return NamedNode(f"{_NAMES}{kind}:{_digest(*parts)}")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _quad(subject: Any, predicate: NamedNode, value: Any) -> Quad:
    return Quad(subject, predicate, value, DefaultGraph())
