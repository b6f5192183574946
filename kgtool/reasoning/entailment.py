"""Whether a closure entails a graph: simple entailment, blank nodes existential and matched jointly.

Source: W3C RDF 1.1 Semantics, section 5 (interpolation lemma).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from kgtool.reasoning.omitted import holds_though_omitted, is_omitted
from kgtool.store.interface import Term

Ask = Callable[[str, dict[Variable, Term]], bool]


@dataclass(frozen=True)
class EntailmentAnswer:
    """Whether a graph is entailed, and what is not.

    :param missing: groups of triples that do not follow; a triple without blank nodes is a group of its own, triples
        tied by blank nodes are one.
    """

    missing: tuple[tuple[Triple, ...], ...]

    @property
    def entailed(self) -> bool:
        """Whether everything follows."""
        return not self.missing

    def as_json(self) -> dict[str, object]:
        """Give the answer as JSON: ``{"entailed": bool, "missing": [[triple as N-Triples, …], …]}``."""
        return {"entailed": self.entailed, "missing": [[f"{t} ." for t in group] for group in self.missing]}


def entails(triples: Iterable[Triple], contains: Callable[[Triple], bool], ask: Ask) -> EntailmentAnswer:
    """Say whether a closure entails triples.

    :param contains: tells whether a triple is asserted or inferred.
    :param ask: answers a SPARQL ASK on the closure, with variables bound to terms.
    """
    missing = []
    for group in _groups(sorted(set(triples), key=str)):
        if _is_ground(group[0]):
            holds = contains(group[0]) or holds_though_omitted(group[0], contains)
        else:
            holds = _matches(group, ask)
        if not holds:
            missing.append(tuple(group))
    return EntailmentAnswer(tuple(missing))


def _matches(group: Sequence[Triple], ask: Ask) -> bool:
    """Match triples tied by blank nodes: those left out of the graph hold for whatever the others bind."""
    needed = [triple for triple in group if not is_omitted(triple)] or list(group)
    constants: dict[Variable, Term] = {}
    names: dict[object, str] = {}

    def write(term: object) -> str:
        if isinstance(term, NamedNode):
            return str(term)
        if term not in names:
            names[term] = f"?{'b' if isinstance(term, BlankNode) else 'c'}{len(names)}"
            if isinstance(term, Literal):
                constants[Variable(names[term][1:])] = term
        return names[term]

    patterns = " . ".join(f"{write(t.subject)} {t.predicate} {write(t.object)}" for t in needed)
    return ask(f"ASK {{ {patterns} }}", constants)


def _is_ground(triple: Triple) -> bool:
    return not isinstance(triple.subject, BlankNode) and not isinstance(triple.object, BlankNode)


def _groups(triples: Sequence[Triple]) -> list[list[Triple]]:
    """Split into connected components by shared blank nodes."""
    root: dict[BlankNode, BlankNode] = {}

    def find(node: BlankNode) -> BlankNode:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for triple in triples:
        if isinstance(triple.subject, BlankNode) and isinstance(triple.object, BlankNode):
            root[find(triple.subject)] = find(triple.object)
    groups: dict[object, list[Triple]] = {}
    for triple in triples:
        blank = next((t for t in (triple.subject, triple.object) if isinstance(t, BlankNode)), None)
        groups.setdefault(find(blank) if blank is not None else triple, []).append(triple)
    return list(groups.values())
