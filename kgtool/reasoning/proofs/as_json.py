"""Explanations as JSON. ``docs/explanation.schema.json`` describes it, ``docs/explaining.md`` shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from kgtool.reasoning.language import Atom, Fact, Node
from kgtool.reasoning.proofs.explanation import Explanation
from kgtool.reasoning.proofs.outline import OutlinedProof, Reference, Told, outline
from kgtool.reasoning.proofs.proof import NearMiss, Origin, Said, Step
from kgtool.vocabulary import iri

#: Steps that stand one on the other before the rest goes elsewhere: parsers do not take any depth.
_DEEPEST: Final = 100
_STRING: Final = iri("xsd", "string")

Document: TypeAlias = dict[str, Any]


def explanation_document(explanation: Explanation, *, meant: str | None = None) -> Document:
    """Give an explanation as a JSON object.

    :param meant: a property that may have been meant in place of one that the graph does not use.
    """
    outlined = outline(explanation.proofs, _DEEPEST)
    return {
        "triple": triple_document(explanation.fact),
        "holds": explanation.holds,
        "said": _said(explanation.said),
        **_proofs("proofs", outlined),
        "missing": [_miss(miss) for miss in explanation.missing],
        "meant": meant,
    }


def contradictions_document(steps: Sequence[Step]) -> Document:
    """Give contradictions as a JSON object; their steps conclude no triple."""
    document = {"consistent": not steps, **_proofs("contradictions", outline(steps, _DEEPEST))}
    for contradiction in document["contradictions"]:
        del contradiction["triple"]
    return document


def triple_document(triple: Fact | Atom) -> Document:
    """Give a triple, or the pattern of one, as a JSON object."""
    subject, predicate, value = triple[:3]
    return {
        "subject": term_document(subject),
        "predicate": term_document(predicate),
        "object": term_document(value),
    }


def term_document(node: Node) -> Document:
    """Give a term as SPARQL 1.1 Query Results JSON (section 3.2.2) does; variables likewise.

    >>> term_document(Literal("Lille", language="fr"))
    {'type': 'literal', 'value': 'Lille', 'xml:lang': 'fr'}
    """
    match node:
        case NamedNode():
            return {"type": "uri", "value": node.value}
        case BlankNode():
            return {"type": "bnode", "value": node.value}
        case Literal():
            more = {"xml:lang": node.language} if node.language else {}
            if not node.language and node.datatype != _STRING:
                more = {"datatype": node.datatype.value}
            return {"type": "literal", "value": node.value, **more}
        case _:
            return {"type": "variable", "value": str(node)}


def _proofs(name: str, proofs: Sequence[OutlinedProof]) -> Document:
    return {
        name: [_step(proof.parts[0]) for proof in proofs],
        "continued": [_step(part) for proof in proofs for part in proof.parts[1:]],
    }


def _step(told: Told) -> Document:
    step = told.step
    return {
        "triple": triple_document(step.fact),
        "step": told.number,
        "rule": _rule(step.rule, step.labels, step.source),
        "size": told.size,
        "depth": told.depth,
        "premises": [_premise(premise) for premise in told.premises],
        "denied": [[triple_document(atom) for atom in denied.atoms] for denied in step.denied],
        "lists": [
            {"head": term_document(head), "members": [term_document(member) for member in members]}
            for head, members in step.lists
        ],
        **_values(step),
    }


def _values(step: Step) -> Document:
    """Give the values that a rule's sentence speaks of, such as the ends of the intervals."""
    if step.in_words is None:
        return {}
    return {"values": {str(name): term_document(term) for name, term in sorted(step.in_words.values.items())}}


def _premise(premise: Told | Reference | Said) -> Document:
    match premise:
        case Told():
            return _step(premise)
        case Reference():
            return {"triple": triple_document(premise.fact), "see": premise.number}
        case Said():
            return {"triple": triple_document(premise.fact), "said": _said(premise.origins)}


def _said(origins: Iterable[Origin]) -> list[Document]:
    return [{"graph": term_document(o.graph), "source": o.source, "when": o.when} for o in origins]


def _rule(name: str, labels: Mapping[str, str], source: str) -> Document:
    return {"name": name, "labels": dict(labels), "source": source}


def _miss(miss: NearMiss) -> Document:
    return {
        "rule": _rule(miss.rule, miss.labels, miss.source),
        "holding": [triple_document(fact) for fact in miss.holding],
        "missing": [triple_document(atom) for atom in miss.missing],
        "denying": [triple_document(fact) for fact in miss.denying],
    }
