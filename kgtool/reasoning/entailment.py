"""Whether a closure entails a graph: simple entailment, blank nodes existential and matched jointly.

Source: W3C RDF 1.1 Semantics, section 5 (interpolation lemma). What the contract leaves out of the graph is entailed
all the same: a blank node may stand for a literal of which something follows. But for that, nothing is taken for
granted: ontology headers and declarations are triples like others, as OWL's RDF-based semantics has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from kgtool.errors import LimitError
from kgtool.reasoning.incremental.stored import TooMuchWork
from kgtool.reasoning.language import Atom, Node, Var
from kgtool.reasoning.matching.solve import Binding, match_atom
from kgtool.reasoning.omitted import REFLEXIVE, holds_though_omitted, is_omitted
from kgtool.reasoning.owl.datatypes import DATATYPES, variants
from kgtool.reasoning.whole import AXIOMATIC_TYPES, WholeClosure
from kgtool.store.interface import Term
from kgtool.vocabulary import iri

__all__ = ["EntailmentAnswer", "WholeClosure", "entails"]

Ask = Callable[[str, dict[Variable, Term]], bool]

_TYPE: Final = iri("rdf", "type")
_SAME_AS: Final = iri("owl", "sameAs")
_THING: Final = iri("owl", "Thing")
#: Predicates of what holds of everything, of classes, or of literals, though the graph does not have it.
_OF_ANYTHING: Final = frozenset({*REFLEXIVE, iri("owl", "differentFrom")})
#: Ways to match that are tried before a question is given up: seconds, not minutes.
_MOST_STEPS: Final = 100_000


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


def entails(
    triples: Iterable[Triple],
    contains: Callable[[Triple], bool],
    ask: Ask,
    whole: Callable[[], WholeClosure] | None = None,
) -> EntailmentAnswer:
    """Say whether a closure entails triples.

    :param contains: tells whether a triple is asserted or inferred.
    :param ask: answers a SPARQL ASK on the closure, with variables bound to terms.
    :param whole: gives the closure with what the graph leaves out, where that may matter; None looks at the graph only.
    :raises LimitError: if there are too many ways to match blank nodes.
    """
    closure: WholeClosure | None = None
    missing = []
    for group in _groups(sorted(set(triples), key=str)):
        needed = [triple for triple in group if not _always_holds(triple)]
        is_ground = _is_ground(group[0])
        holds = not needed or (_holds(needed[0], contains) if is_ground else _matches(needed, ask))
        if not holds and whole is not None and (is_omitted(needed[0]) or not is_ground):
            closure = closure or whole()
            holds = _matches_whole(needed, closure)
        if not holds:
            missing.append(tuple(group))
    return EntailmentAnswer(tuple(missing))


def _holds(triple: Triple, contains: Callable[[Triple], bool]) -> bool:
    """Look for a triple without blank nodes, in every way to write its object (dt-eq)."""
    subject, predicate, value = triple
    ways = (value, *variants(value)) if isinstance(value, Literal) else (value,)
    return any(contains(Triple(subject, predicate, way)) for way in ways) or holds_though_omitted(triple, contains)


def _always_holds(triple: Triple) -> bool:
    """Tell whether a triple holds whatever its blank nodes stand for."""
    subject, predicate, value = triple
    return bool((predicate == _SAME_AS and subject == value) or (predicate == _TYPE and value == _THING))


class _Sparql:
    """Triples as SPARQL: blank nodes as variables ``?b0``, ``?b1``, …; literals bound to variables, as they are."""

    def __init__(self, triples: Sequence[Triple]) -> None:
        self.values: dict[Variable, Term] = {}
        self.names: dict[object, str] = {}
        self.patterns = " . ".join(f"{self._write(t.subject)} {t.predicate} {self._write(t.object)}" for t in triples)

    def _write(self, term: object) -> str:
        if isinstance(term, NamedNode):
            return str(term)
        if term not in self.names:
            self.names[term] = f"?{'b' if isinstance(term, BlankNode) else 'c'}{len(self.names)}"
            if isinstance(term, Literal):
                self.values[Variable(self.names[term][1:])] = term
        return self.names[term]


def _matches(group: Sequence[Triple], ask: Ask) -> bool:
    """Match triples tied by blank nodes in the graph as it is."""
    asked = _Sparql(group)
    return ask(f"ASK {{ {asked.patterns} }}", asked.values)


def _matches_whole(group: Sequence[Triple], closure: WholeClosure) -> bool:
    """Match triples, at least one of them by what the graph leaves out.

    What only the graph can have is left to SPARQL; its solutions are completed one by one.

    :raises LimitError: if there are too many ways.
    """
    said: dict[BlankNode, list[Triple]] = {}
    for triple in group:
        if isinstance(triple.subject, BlankNode):
            said.setdefault(triple.subject, []).append(triple)
    literals = {
        node
        for node, triples in said.items()
        if all(closure.may_be_said_of_literals(t.predicate, _known(t.object)) for t in triples)
    }
    of_anything = [triple for triple in group if _is_of_anything(triple)]
    rest = [triple for triple in group if triple not in of_anything]
    of_literals = [triple for triple in rest if triple.subject in literals]
    # Where several triples lead to one literal, each may have it in a way of its own.
    leads: dict[object, Triple] = {}
    for triple in rest:
        if isinstance(triple.object, BlankNode) and triple not in of_literals:
            first = leads.setdefault(triple.object, triple)
            if first != triple:
                of_literals.append(triple)
                literals.add(triple.object)
    left_out = [*of_anything, *of_literals]
    if not left_out:
        return False
    plain = _Sparql([triple for triple in rest if triple not in of_literals])
    test = ""
    if not of_anything and literals <= set(plain.names):
        test = f"FILTER({' || '.join(sorted(f'isLiteral({plain.names[node]})' for node in literals))})"
    shared = [node for triple in left_out for node in (triple.subject, triple.object) if node in plain.names]
    nodes = [node for node in dict.fromkeys(shared) if isinstance(node, BlankNode)]
    names = {node: Var(f"b{number}") for number, node in enumerate(_blanks(left_out))}
    atoms = [Atom(_node(t.subject, names), t.predicate, _node(t.object, names)) for t in left_out]
    solutions: Iterable[tuple[Term | None, ...]] = [()]
    if plain.patterns:
        # Oxigraph binds only variables that are columns, so literals are columns too, after the nodes.
        bound = [name for term, name in plain.names.items() if isinstance(term, Literal)]
        columns = " ".join([*(plain.names[node] for node in nodes), *bound]) or "(1 AS ?there)"
        limit = "" if nodes else "LIMIT 1"
        solutions = closure.select(f"SELECT DISTINCT {columns} {{ {plain.patterns} {test} }} {limit}", plain.values)
    steps = _Steps()
    try:
        for solution in solutions:
            known: Binding = {
                names[node]: term for node, term in zip(nodes, solution, strict=False) if term is not None
            }
            if _search(atoms, known, closure, steps):
                return True
    except TooMuchWork as error:
        raise LimitError(
            "there are too many ways to match the blank nodes", hint="ask about fewer of them at once, or name some"
        ) from error
    return False


def _is_of_anything(triple: Triple) -> bool:
    """Tell whether a triple may hold though the graph does not have it, whatever its subject is."""
    predicate, value = triple.predicate, triple.object
    if predicate == _TYPE:
        return isinstance(value, BlankNode) or value in AXIOMATIC_TYPES
    return predicate in _OF_ANYTHING or (isinstance(value, Literal) and bool(variants(value))) or is_omitted(triple)


class _Steps:
    """Counts what is tried."""

    def __init__(self) -> None:
        self._left = _MOST_STEPS

    def take(self) -> None:
        """Count one.

        :raises TooMuchWork: if there were too many.
        """
        self._left -= 1
        if self._left < 0:
            raise TooMuchWork("too many ways")


def _search(atoms: list[Atom], binding: Binding, closure: WholeClosure, steps: _Steps) -> bool:
    """Match triples one after the other, going back where one cannot be matched."""
    steps.take()
    stack = [_ways(atoms, binding, closure)]
    while stack:
        way = next(stack[-1], None)
        if way is None:
            stack.pop()
        elif not way[0]:
            return True
        else:
            steps.take()
            stack.append(_ways(*way, closure))
    return False


def _ways(atoms: list[Atom], binding: Binding, closure: WholeClosure) -> Iterator[tuple[list[Atom], Binding]]:
    """Match the triple that leaves least to choose; give the others with what each match settles."""
    place = min(range(len(atoms)), key=lambda number: _choice(atoms[number], binding))
    rest = atoms[:place] + atoms[place + 1 :]
    for extended in match_atom(atoms[place], binding, closure):
        yield rest, extended


def _choice(atom: Atom, binding: Binding) -> int:
    """Estimate how much there is to choose from; what may hold of any literal or of everything is matched last."""
    subject, predicate, value = (binding.get(node, node) if isinstance(node, Var) else node for node in atom[:3])
    open_subject, open_value = isinstance(subject, Var), isinstance(value, Var)
    if not open_subject and not open_value:
        return 0
    of_anything = predicate in _OF_ANYTHING or (
        predicate == _TYPE and (open_value or (open_subject and value in DATATYPES))
    )
    if open_subject and open_value:
        return 8 if of_anything else 5
    if of_anything:
        return 6
    return 1 if not open_subject else 3 if predicate == _TYPE else 2


def _node(term: object, names: dict[BlankNode, Var]) -> Node:
    return names[term] if isinstance(term, BlankNode) else term  # type: ignore[return-value]


def _known(term: object) -> Term | None:
    return None if isinstance(term, BlankNode) else term  # type: ignore[return-value]


def _blanks(triples: Iterable[Triple]) -> list[BlankNode]:
    return list(dict.fromkeys(n for t in triples for n in (t.subject, t.object) if isinstance(n, BlankNode)))


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
