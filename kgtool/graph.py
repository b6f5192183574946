"""The knowledge graph: the one object that commands and pages talk to.

Every operation that writes is one transaction over what lies below: the change is read, its consequences are computed,
the result is validated, and then all of it is written at once, or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import Triple

from kgtool.errors import ForbiddenError
from kgtool.export import export
from kgtool.ingest import Source
from kgtool.reasoning.closed_graph import ClosedGraph
from kgtool.reasoning.datalog_engine import DEFAULT_MEMORY
from kgtool.reasoning.engines import DEFAULT_ENGINE
from kgtool.reasoning.entailment import EntailmentAnswer
from kgtool.reasoning.listing import ListedRule
from kgtool.reasoning.proofs import Explanation, Step
from kgtool.resources import packaged
from kgtool.store import layout
from kgtool.store.change import QuadDelta, delta
from kgtool.store.dataset import run_query
from kgtool.store.describing import concise_description
from kgtool.store.interface import Term
from kgtool.store.requests import named_node
from kgtool.store.results import QueryResult
from kgtool.store.statistics import statistics
from kgtool.store.updates import Scope
from kgtool.transactions import commits, loading, reasoning
from kgtool.transactions.building import SHAPES, read_context, sources_of_build
from kgtool.transactions.loading import read_all
from kgtool.transactions.opening import Opened, open_to_read, open_to_write, replacing
from kgtool.transactions.progress import Progress
from kgtool.transactions.reports import STAGES, BuildReport, LoadReport, NotFound, ReasonReport, Stopwatch, UpdateReport
from kgtool.transactions.updating import net_change, removal
from kgtool.validate import Report
from kgtool.vocabulary import PREFIXES


class KnowledgeGraph:
    """A graph in a store on disk: opened with :meth:`open`, made with :meth:`build`, used in a ``with`` block."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._store = opened.store
        self._engine = opened.engine
        self._state = layout.read_state(opened.store)
        self._url: str | None = None
        self._known: ClosedGraph | None = None

    @classmethod
    def build(
        cls,
        store: Path,
        folders: Sequence[Path] | None = None,
        *,
        with_data: bool = True,
        engine: str = DEFAULT_ENGINE,
        memory: int = DEFAULT_MEMORY,
        allow_inconsistent: bool = False,
        progress: Progress | None = None,
    ) -> BuildReport:
        """Make a fresh store of ontology and data; an old one is replaced when all of it went well.

        :param folders: folders of data; None for the packaged ones. One may bring an ``ontology/`` of its own.
        :param with_data: False for the ontology alone.
        :param memory: MB that a closure from scratch may take before it spills.
        :raises InputError: if a file cannot be read.
        :raises RefusedError: if validation refuses the data.
        :raises StoreError: if the store is in use, or cannot be written.
        """
        ontology, sources = sources_of_build(folders, with_data=with_data)
        with replacing(store, ontology=ontology, engine=engine, memory=memory) as opened:
            load = cls(opened).load(sources, allow_inconsistent=allow_inconsistent, progress=progress)
        return BuildReport(load, tuple(source.name for source in sources), str(store))

    @classmethod
    def open(
        cls,
        store: Path,
        *,
        write: bool = False,
        create: bool = False,
        ontology: bool = False,
        engine: str | None = None,
        memory: int = DEFAULT_MEMORY,
    ) -> KnowledgeGraph:
        """Open a store.

        :param write: to change it; one process at a time. Readers see the last commit, also beside a writer.
        :param create: make an empty one if there is none; it goes again if nothing comes into it.
        :param ontology: a store made here gets the packaged ontology with its first load.
        :param engine: engine of a store made here.
        :param memory: MB that a closure from scratch may take before it spills.
        :raises MissingError: if there is no store.
        :raises InputError: if an ontology or another engine is asked for a store that is there.
        :raises StoreError: if it is in use, damaged, or of another version.
        """
        if not write:
            return cls(open_to_read(store, memory=memory))
        brought = packaged("ontology") if ontology else None
        graph = cls(open_to_write(store, create=create, ontology=brought, engine=engine, memory=memory))
        if not graph._opened.fresh:
            graph._opened.folder.publish(graph._store, graph._state.commit)
        return graph

    def close(self) -> None:
        """Let go of the store."""
        self._opened.close(remove=self._opened.fresh and self._state.commit == 0)

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def commit(self) -> str:
        """The last commit, such as ``3f9a61c2-17``."""
        return self._state.name

    @property
    def ontology_folder(self) -> Path:
        """The folder of what the store keeps of its ontology (rules, shapes, context, questions); it may be absent."""
        return self._opened.ontology

    def serve_at(self, url: str) -> None:
        """Publish each commit to readers from now on; tell who finds the store in use where changes can be sent."""
        self._url = url
        self._opened.lock.describe_url(url)
        self._opened.folder.publish(self._store, self._state.commit)

    def query(
        self, text: str, *, reasoning: bool = True, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> QueryResult:
        """Evaluate a SPARQL 1.1 query.

        :param reasoning: whether what follows is part of the default graph.
        :param default_graphs: the protocol's ``default-graph-uri``; with ``named_graphs`` it replaces FROM.
        :raises QueryError: if the text is wrong, or asks for what is switched off.
        """
        graphs = {"default_graphs": default_graphs, "named_graphs": named_graphs}
        return run_query(self._store, self._state, text, None, reasoning=reasoning, **graphs)

    def load(
        self,
        sources: Sequence[Source],
        *,
        replace: bool = False,
        allow_inconsistent: bool = False,
        progress: Progress | None = None,
    ) -> LoadReport:
        """Add files with their consequences: all of them, or nothing.

        :param replace: what the graphs that the files name held before goes.
        :raises InputError: if a file cannot be read.
        :raises RefusedError: if validation refuses the result.
        """
        place = (self._writable(), self._state, self._engine)
        report, after = loading.load(
            sources, *place, replace=replace, allow_inconsistent=allow_inconsistent, progress=progress
        )
        self._follow(after)
        return report

    def unload(self, graphs: Sequence[str]) -> UpdateReport:
        """Remove source graphs with what only they brought.

        :raises MissingError: if one is not there; then none is removed.
        :raises ForbiddenError: if one is reserved.
        """
        return self._changed(removal(graphs, self._store, self._state), Stopwatch())

    def update(
        self,
        text: str,
        *,
        using: Sequence[str] = (),
        using_named: Sequence[str] = (),
        timeout: float | None = None,
        allow_inconsistent: bool = False,
    ) -> UpdateReport:
        """Run a SPARQL 1.1 update, atomic with its consequences; each operation sees those of the earlier ones.

        :param using: the protocol's ``using-graph-uri``; ``using_named`` its ``using-named-graph-uri``.
        :param timeout: seconds for finding what changes; noticed between two solutions.
        :raises QueryError: if the text is wrong, or asks for what is switched off.
        :raises LimitError: if it takes longer, or has too many solutions.
        :raises ForbiddenError: if it writes to a reserved graph.
        :raises RefusedError: if validation refuses the result.
        """
        watch = Stopwatch()
        with watch.stage("read"):
            scope, place = Scope.within(timeout, using, using_named), self._opened.generation
            change, not_found = net_change(text, scope, self._store, self._state, self._engine, place)
        return self._changed(change, watch, not_found, allow_inconsistent=allow_inconsistent)

    def reason(self, engine: str | None = None, *, progress: Progress | None = None) -> ReasonReport:
        """Compute the closure from scratch.

        :param engine: use, and keep, this engine; None for the store's own.
        :raises InputError: if there is no such engine.
        """
        chosen = self._engine if engine is None else self._opened.engine_named(engine)
        report, after = reasoning.reason(self._writable(), self._state, chosen, engine, progress)
        self._engine = chosen
        self._follow(after)
        return report

    def rules(self) -> tuple[ListedRule, ...]:
        """List the rules that the graph is closed under: those of OWL 2 RL, and the store's own."""
        return self._closed.rules()

    def validate(self, sources: Sequence[Source] = ()) -> Report:
        """Check consistency and shapes of the store, or of the store with files; nothing is changed.

        :raises InputError: if a file cannot be read.
        """
        prepared = commits.prepare(self._store, self._state, self._engine, delta(read_all(sources)[1]), anew=True)
        return commits.examine(self._store, self._state, prepared, self.ontology_folder / SHAPES, touched_only=False)

    def entails(self, sources: Sequence[Source]) -> EntailmentAnswer:
        """Say whether the closure entails the files' triples, whatever their graphs.

        :raises InputError: if a file cannot be read.
        """
        return self._closed.entails(quad.triple for quad in read_all(sources)[1])

    def explain(self, subject: Term, predicate: Term, value: Term, *, limit: int = 3) -> Explanation:
        """Say why a triple holds: proofs down to what sources say; or why not: what the nearest rules lack.

        :param limit: most proofs, and most near misses.
        :raises LimitError: if that takes too much work.
        """
        return self._closed.explain((subject, predicate, value), limit)

    def explain_clashes(self) -> list[Step]:
        """Say of each contradiction in the graph which rule finds it, with a proof of what clashes."""
        prepared = commits.prepare(self._store, self._state, self._engine, delta(), anew=True)
        return self._closed.explain_clashes(prepared.consequences.clashes)

    @property
    def _closed(self) -> ClosedGraph:
        """The closure as of the last commit."""
        if self._known is None or self._known.state != self._state:
            self._known = ClosedGraph(self._store, self._state, self._opened.rules)
        return self._known

    def export(self, format: str, output: BinaryIO, *, graph: str | None = None, only: str = "asserted") -> int:
        """Write the graph; the same graph gives the same bytes. Gives the number of statements written.

        :param format: ``turtle``, ``trig``, ``ntriples``, ``nquads``, ``jsonld`` or ``rdfxml``.
        :param graph: one source graph, or a reserved one that answers when named; None for all sources.
        :param only: ``asserted``, ``inferred`` or ``all``.
        :raises InputError: if the format cannot hold the graph.
        :raises MissingError: if there is no such graph.
        """
        context = read_context(self.ontology_folder)
        quads = layout.selected(self._store, self._state, named_node(graph) if graph else None, only)
        return export(quads, format, output, prefixes=PREFIXES, context=context)

    def describe(self, iri: str) -> list[Triple]:
        """Give what is known of a resource: its triples, those of its blank nodes, and those that point to it."""
        return concise_description(self._store, self._state, named_node(iri))

    def stats(self) -> dict[str, object]:
        """Count what the store holds, see :func:`~kgtool.store.statistics.statistics`."""
        return statistics(self._store, self._state, self._engine.name)

    def _changed(
        self,
        change: QuadDelta,
        watch: Stopwatch,
        not_found: Sequence[NotFound] = (),
        *,
        allow_inconsistent: bool = False,
    ) -> UpdateReport:
        """Commit a change, and say what it did."""
        shapes = self._writable().ontology / SHAPES
        done = commits.commit(
            self._store, self._state, self._engine, change, watch, shapes=shapes, allow_inconsistent=allow_inconsistent
        )
        self._follow(done.state)
        return done.as_update(not_found, watch.seconds(*STAGES))

    def _writable(self) -> Opened:
        if not self._opened.writes:
            raise ForbiddenError("this graph is open for reading", hint="open it with write=True")
        return self._opened

    def _follow(self, state: layout.State) -> None:
        """Take note of a commit, and publish it if this process serves."""
        self._state = state
        if self._url is not None:
            self._opened.folder.publish(self._store, state.commit)
