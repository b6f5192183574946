"""What goes with people: what is said of them and refers to them, and the nodes that exist only for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad

from kgtool.store.interface import Subject
from kgtool.transactions.forgetting.rules import Rules
from kgtool.transactions.forgetting.statements import Statements
from kgtool.vocabulary import iri

_FIRST: Final = iri("rdf", "first")
_REST: Final = iri("rdf", "rest")
_BELOW: Final = ("/", "#", "?")


def nodes_below(people: Collection[Subject], quads: Iterable[Quad]) -> set[Subject]:
    """Give the nodes of quads whose IRI goes on where that of a person ends: they name the person."""
    starts = tuple(p.value.rstrip("/") + end for p in people if isinstance(p, NamedNode) for end in _BELOW)
    if not starts:
        return set()
    return {
        term
        for quad in quads
        for term in quad
        if isinstance(term, NamedNode) and term.value.startswith(starts) and term not in people
    }


class Erasure:
    """The change that takes nodes out of what is said, with what exists only for them.

    :param nodes: people, and what is named below them.
    """

    def __init__(self, nodes: Iterable[Subject], statements: Statements, rules: Rules) -> None:
        self._statements = statements
        self._rules = rules
        self.gone: set[Subject] = set(nodes)
        self.removed: set[Quad] = set()
        self.added: set[Quad] = set()
        self._cells: list[Subject] = []
        self._take(list(self.gone))
        self._close_lists()

    def _take(self, left: list[Subject]) -> None:
        """Take nodes out, and those that nothing needs then, until there is none."""
        hanging: set[Subject] = set()
        while left:
            node = left.pop()
            for quad in self._statements.of(node):
                self.removed.add(quad)
                value = quad.object
                if isinstance(value, BlankNode) or (isinstance(value, NamedNode) and self._goes_with(quad)):
                    hanging.add(value)
            for quad in self._statements.to(node):
                self.removed.add(quad)
                self._look_at_subject(quad, left)
            if not isinstance(node, BlankNode):
                self.removed.update(quad for quad in self._statements.in_graph(node))
            if not left:
                left += self._unheld(hanging)

    def _goes_with(self, quad: Quad) -> bool:
        return quad.predicate in self._rules.object_goes

    def _look_at_subject(self, quad: Quad, left: list[Subject]) -> None:
        """Take the subject of a reference out, too, if it exists only for what is referred to."""
        subject, predicate = quad.subject, quad.predicate
        assert isinstance(subject, Subject)
        if subject in self.gone:
            return
        if predicate in self._rules.subject_goes:
            if all(q.object in self.gone for q in self._statements.of(subject, predicate)):
                self.gone.add(subject)
                left.append(subject)
        elif predicate == _FIRST and subject not in self._cells:
            self._cells.append(subject)

    def _unheld(self, hanging: set[Subject]) -> list[Subject]:
        """Give the nodes that only what is gone refers to; a node may also hang by one that hangs itself."""
        held = hanging - self.gone
        while True:
            free = held - self.gone
            kept = {n for n in held if all(q.subject in self.gone | free for q in self._statements.to(n))}
            if kept == held:
                break
            held = kept
        self.gone |= held
        return list(held)

    def _close_lists(self) -> None:
        """Let a list go on where one of its cells held what is gone."""
        out = {cell for cell in self._cells if cell not in self.gone}
        for cell in out:
            self.removed.update(self._statements.of(cell))
            for before in self._statements.to(cell):
                self.removed.add(before)
                if before.subject in out or before.subject in self.gone:
                    continue
                for rest in self._rests(cell, out):
                    self.added.add(Quad(before.subject, before.predicate, rest, before.graph_name))
        self.gone |= out

    def _rests(self, cell: Subject, out: Collection[Subject]) -> set[Subject]:
        """Give what stands behind a cell, and behind those that follow it and go as well."""
        found: set[Subject] = set()
        seen: set[Subject] = set()
        left = [cell]
        while left:
            for quad in self._statements.of(left.pop(), _REST):
                rest = quad.object
                if isinstance(rest, Subject) and rest in out:
                    if rest not in seen:
                        seen.add(rest)
                        left.append(rest)
                elif isinstance(rest, Subject):
                    found.add(rest)
        return found
