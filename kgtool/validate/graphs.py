"""The triples that shapes look at: graphs of a store where they lie, as they will be after a change.

Nothing is copied. A look-up asks the store, leaves out what the change removes and adds what it adds, and is remembered
for as long as the data are looked at: shapes ask the same of a node again and again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import Protocol, TypeAlias

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple, Variable

from kgtool.store.change import TripleDelta
from kgtool.store.interface import GraphName, Reads, Results
from kgtool.validate.terms import AnyTerm, Term

#: Subject, predicate, object; None matches everything.
Look: TypeAlias = tuple[AnyTerm | None, AnyTerm | None, AnyTerm | None]

#: Up to so many triples, what a node says is read at once; a look-up of each predicate would take longer.
_FEW = 64
_SUBJECT = (NamedNode, BlankNode, type(None))
_PREDICATE = (NamedNode, type(None))


@dataclass(frozen=True)
class StoredGraphs:
    """Graphs of a store whose merge is to be checked where it lies, as it will be after a change.

    :param store: it is only read.
    :param graphs: the graphs to merge. A triple may stand in several of them.
    :param change: triples that the merge will have, or no longer have; the store does not know of it.
    """

    store: Reads
    graphs: tuple[GraphName, ...]
    change: TripleDelta = field(default_factory=TripleDelta)


class Base(Protocol):
    """Triples before a change."""

    def look(self, look: Look) -> Iterable[Triple]:
        """Give the triples that match a pattern, each once."""
        ...

    def query(self, text: str, substitutions: Mapping[str, Term]) -> Results:
        """Evaluate a SPARQL query, with values for projected variables.

        :raises SyntaxError, RuntimeError, ValueError: if Oxigraph cannot.
        """
        ...


class InMemory:
    """Triples in memory, literals as they are written."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._triples = list(dict.fromkeys(triples))
        self._indexes: dict[tuple[bool, ...], dict[Look, list[Triple]]] = {}

    def look(self, look: Look) -> Iterable[Triple]:
        """Give the triples that match a pattern, each once."""
        given = tuple(term is not None for term in look)
        index = self._indexes.get(given)
        if index is None:
            index = self._indexes[given] = {}
            for triple in self._triples:
                subject, predicate, object_ = (
                    term if wanted else None for term, wanted in zip(triple, given, strict=True)
                )
                index.setdefault((subject, predicate, object_), []).append(triple)
        return index.get(look, ())

    def query(self, text: str, substitutions: Mapping[str, Term]) -> Results:
        """Evaluate a SPARQL query, with values for projected variables."""
        return self._store.query(text, substitutions=as_variables(substitutions))  # type: ignore[arg-type]

    @cached_property
    def _store(self) -> Store:
        store = Store()
        store.extend(Quad(triple.subject, triple.predicate, triple.object) for triple in self._triples)
        return store


class InStore:
    """The merge of graphs of a store, where they lie."""

    def __init__(self, store: Reads, graphs: tuple[GraphName, ...]) -> None:
        self._store = store
        self.graphs = graphs

    def look(self, look: Look) -> Iterator[Triple]:
        """Give the triples that match a pattern, each once."""
        subject, predicate, object_ = look
        if not isinstance(subject, _SUBJECT) or not isinstance(predicate, _PREDICATE) or isinstance(object_, Triple):
            return
        if len(self.graphs) == 1:
            for quad in self._store.quads(subject, predicate, object_, self.graphs[0]):
                yield quad.triple
            return
        seen: set[Triple] = set()
        for graph in self.graphs:
            for quad in self._store.quads(subject, predicate, object_, graph):
                triple = quad.triple
                if triple not in seen:
                    seen.add(triple)
                    yield triple

    def query(self, text: str, substitutions: Mapping[str, Term]) -> Results:
        """Evaluate a SPARQL query, with values for projected variables."""
        return self._store.query(
            text, default_graph=self.graphs, named_graphs=[], substitutions=as_variables(substitutions)
        )


class Merged:
    """Triples as they will be after a change; they remember what they were asked.

    :param change: triples that are added, and triples that are no longer there.
    :param closely: nodes of which much will be asked.
    """

    def __init__(self, base: Base, change: TripleDelta, closely: Collection[Term] = ()) -> None:
        self.base = base
        #: The graphs that they lie in, if they lie in a store.
        self.graphs = base.graphs if isinstance(base, InStore) else ()
        self.change = change
        self._added = InMemory(change.added)
        self._replaced = change.added | change.removed
        self._closely = frozenset(closely)
        self._matches: dict[Look, list[Triple]] = {}
        self._said: dict[AnyTerm | None, dict[AnyTerm | None, list[Triple]] | None] = {}

    def match(self, subject: AnyTerm | None, predicate: AnyTerm | None, object_: AnyTerm | None) -> list[Triple]:
        """Give the triples that match a pattern, each once."""
        look = (subject, predicate, object_)
        found = self._matches.get(look)
        if found is None:
            said = None if predicate is None or object_ is not None else self.said_by(subject)
            found = list(self._read(look)) if said is None else said.get(predicate, [])
            self._matches[look] = found
        return found

    def holds(self, subject: AnyTerm | None, predicate: AnyTerm | None, object_: AnyTerm | None) -> bool:
        """Tell whether a triple matches a pattern, without looking for more than one."""
        if predicate is not None and object_ is None:
            said = self.said_by(subject)
            if said is not None:
                return predicate in said
        found = self._matches.get((subject, predicate, object_))
        return bool(found) if found is not None else next(self._read((subject, predicate, object_)), None) is not None

    def said_by(self, subject: AnyTerm | None) -> Mapping[AnyTerm | None, list[Triple]] | None:
        """Give the triples of a node by predicate; None if they are many, or not much is asked of it."""
        if subject not in self._closely:
            return None
        if subject not in self._said:
            few = list(islice(self._read((subject, None, None)), _FEW + 1))
            said: dict[AnyTerm | None, list[Triple]] | None = None
            if len(few) <= _FEW:
                said = {}
                for triple in few:
                    said.setdefault(triple.predicate, []).append(triple)
            self._said[subject] = said
        return self._said[subject]

    def _read(self, look: Look) -> Iterator[Triple]:
        if not self.change:
            return iter(self.base.look(look))
        kept = (triple for triple in self.base.look(look) if triple not in self._replaced)
        return chain(kept, self._added.look(look))


def merged(data: Iterable[Triple] | StoredGraphs, closely: Collection[Term] = ()) -> Merged:
    """Give plain triples, or graphs of a store, the form in which they are looked at.

    >>> triple = Triple(NamedNode("urn:x:a"), NamedNode("urn:x:p"), NamedNode("urn:x:b"))
    >>> merged([triple]).match(NamedNode("urn:x:a"), None, None) == [triple]
    True
    """
    if isinstance(data, StoredGraphs):
        return Merged(InStore(data.store, data.graphs), data.change, closely)
    return Merged(InMemory(data), TripleDelta(), closely)


def as_variables(substitutions: Mapping[str, Term]) -> dict[Variable, Term]:
    """Give substitutions the form that Oxigraph wants."""
    return {Variable(name): term for name, term in substitutions.items()}
