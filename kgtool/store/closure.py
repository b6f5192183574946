"""The closure of a state as a set of triples that answers questions."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import Quad, Triple, Variable

from kgtool.store.dataset import run_query
from kgtool.store.interface import QuadStore, Term
from kgtool.store.layout import State
from kgtool.vocabulary import INFERRED


class Closure:
    """What is asserted and what follows from it, as of a state."""

    def __init__(self, store: QuadStore, state: State) -> None:
        self._store = store
        self._state = state
        self._graphs = (*state.asserted_graphs, INFERRED)

    def __contains__(self, triple: Triple) -> bool:
        subject, predicate, value = triple
        return any(Quad(subject, predicate, value, graph) in self._store for graph in self._graphs)

    def ask(self, text: str, values: Mapping[Variable, Term]) -> bool:
        """Answer a SPARQL ASK, with variables bound to terms."""
        return run_query(self._store, self._state, text, substitutions=values).answer
