"""The knowledge graph: the one object that commands and pages talk to.

Every operation that writes is one transaction over what lies below: the change is read, its consequences are computed,
the result is validated, and then all of it is written at once, or nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from kgtool.ingest import Source
from kgtool.linking import LinkingGraph
from kgtool.reasoning.datalog_engine import DEFAULT_MEMORY
from kgtool.reasoning.engines import DEFAULT_ENGINE
from kgtool.resources import packaged
from kgtool.store.change import delta
from kgtool.store.services import Services
from kgtool.store.updates import Scope
from kgtool.transactions import archiving, commits, loading, reasoning
from kgtool.transactions.archiving import CopyReport
from kgtool.transactions.building import SHAPES, sources_of_build
from kgtool.transactions.fetching import fetcher
from kgtool.transactions.forgetting.forget import ForgetReport, Forgetting, allow, forget
from kgtool.transactions.import_reports import ImportReport
from kgtool.transactions.importing import Import, import_into
from kgtool.transactions.insertions import insert_all
from kgtool.transactions.loading import read_all
from kgtool.transactions.opening import open_to_read, open_to_write, replacing
from kgtool.transactions.progress import Progress
from kgtool.transactions.rehearsing import Rehearsal, rehearse
from kgtool.transactions.reports import BuildReport, LoadReport, ReasonReport, Stopwatch, UpdateReport
from kgtool.transactions.updating import net_change, removal
from kgtool.transactions.warming import warm
from kgtool.validate import Report

if TYPE_CHECKING:
    from kgtool.transactions.checking import CheckReport


class KnowledgeGraph(LinkingGraph):
    """A graph in a store on disk: opened with :meth:`open`, made with :meth:`build`, used in a ``with`` block."""

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
        published: bool = False,
        create: bool = False,
        ontology: bool = False,
        engine: str | None = None,
        memory: int = DEFAULT_MEMORY,
        services: Services | None = None,
    ) -> KnowledgeGraph:
        """Open a store.

        :param write: to change it; one process at a time. Readers see the last commit, also beside a writer.
        :param published: to read what a writer has published, and never the store itself.
        :param create: make an empty one if there is none; it goes again if nothing comes into it.
        :param ontology: a store made here gets the packaged ontology with its first load.
        :param engine: engine of a store made here.
        :param memory: MB that a closure from scratch may take before it spills.
        :param services: what SERVICE and LOAD may reach; None for nothing.
        :raises MissingError: if there is no store.
        :raises InputError: if an ontology or another engine is asked for a store that is there.
        :raises StoreError: if it is in use, damaged, or of another version.
        """
        if not write:
            reader = cls(open_to_read(store, memory=memory, published=published))
            reader.services = services
            return reader
        brought = packaged("ontology") if ontology else None
        graph = cls(open_to_write(store, create=create, ontology=brought, engine=engine, memory=memory))
        graph.services = services
        if not graph._opened.fresh:
            graph._opened.folder.publish(graph._store, graph._state.commit)
            graph.tidy()
        return graph

    @classmethod
    def restore(cls, store: Path, backup: Path) -> CopyReport:
        """Put a backup in the place of a store, which may be absent or damaged; all of it is read first.

        :raises InputError: if there is no store in the backup.
        :raises StoreDamagedError: if the backup is damaged.
        :raises StoreError: if the store is in use, or cannot be written; it is then as it was.
        """
        return archiving.restore(store, backup)

    @classmethod
    def check(
        cls, store: Path, *, upgrade: bool = False, memory: int = DEFAULT_MEMORY, progress: Progress | None = None
    ) -> CheckReport:
        """Verify a store, and repair what is derived, unless another process uses it.

        :param upgrade: bring a store of an older format to today's first.
        :raises MissingError: if there is no store.
        :raises StoreDamagedError: if what is not derived cannot be read, or was lost.
        :raises StoreVersionError: if the store is of another format.
        """
        from kgtool.transactions.checking import check  # here, as it brings the library of columns

        return check(store, upgrading=upgrade, memory=memory, progress=progress)

    def serve_at(self, url: str, *, process: int | None = None) -> None:
        """Publish each commit to readers from now on; tell who finds the store in use where changes can be sent.

        :param process: number of the process that is to be named as the holder of the store; None for this one.
        """
        self._url = url
        self._opened.lock.describe_url(url, process)
        self._opened.folder.publish(self._store, self._state.commit)
        self.tidy()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make changes that come to the disk, and before readers, together at the end of the block (group commit).

        Each is a commit of its own, all or nothing; none is to be acknowledged before the end.
        """
        self._together = True
        try:
            with self._store.together():
                yield
        finally:
            self._together = False
        if self._url is not None:
            self._opened.folder.publish(self._store, self._state.commit)

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
        report, after, opened = loading.load(
            sources,
            *place,
            replace=replace,
            allow_inconsistent=allow_inconsistent,
            anew=self._url is None,
            progress=progress,
        )
        self._follow(after, opened)
        return report

    def import_records(
        self, asked: Import, *, allow_inconsistent: bool = False, progress: Progress | None = None
    ) -> ImportReport:
        """Put a registry's records in the place of what its graph holds: :mod:`kgtool.transactions.importing`."""
        place = (self._writable(), self._state, self._engine)
        report, after, opened = import_into(
            asked, *place, allow_inconsistent=allow_inconsistent, anew=self._url is None, progress=progress
        )
        self._follow(after, opened)
        return report

    def unload(self, graphs: Sequence[str], *, progress: Progress | None = None) -> UpdateReport:
        """Remove source graphs with what only they brought.

        :raises MissingError: if one is not there; then none is removed.
        :raises ForbiddenError: if one is reserved.
        """
        return self._changed(removal(graphs, self._store, self._state), Stopwatch(), progress=progress)

    def update(
        self,
        text: str,
        *,
        using: Sequence[str] = (),
        using_named: Sequence[str] = (),
        timeout: float | None = None,
        allow_inconsistent: bool = False,
        progress: Progress | None = None,
    ) -> UpdateReport:
        """Run a SPARQL 1.1 update, atomic with its consequences; each operation sees those of the earlier ones.

        :param using: the protocol's ``using-graph-uri``; ``using_named`` its ``using-named-graph-uri``.
        :param timeout: seconds for finding what changes; noticed between two solutions.
        :raises QueryError: if the text is wrong, or asks for what is switched off.
        :raises LimitError: if it takes longer, or has too many solutions.
        :raises ForbiddenError: if it writes to a reserved graph.
        :raises RefusedError: if validation refuses the result.
        :raises RemoteError: if an endpoint of SERVICE or LOAD fails.
        """
        watch = Stopwatch()
        with watch.stage("read"):
            scope, place = Scope.within(timeout, using, using_named), self._opened.generation
            if self.services is not None:
                scope = replace(scope, services=self.services, fetch=fetcher(self.services, scope.deadline))
            change, not_found = net_change(text, scope, self._store, self._state, self._engine, place)
            change, left_out = loading.keep_out(change, self._writable(), self._opened.stop_list)
        done = self._changed(change, watch, not_found, allow_inconsistent=allow_inconsistent, progress=progress)
        return replace(done, left_out=left_out)

    def forget(self, wanted: Forgetting, *, progress: Progress | None = None) -> ForgetReport:
        """Remove people from everywhere, and keep them out from now on, see :mod:`kgtool.transactions.forgetting`.

        :raises InputError: if an IRI is none, or that of something that is no person.
        """
        opened = self._opened if wanted.dry_run else self._writable()
        report, after = forget(wanted, opened, self._state, self._engine, progress)
        self._follow(after)
        return report

    def allow(self, iris: Sequence[str]) -> int:
        """Let people who were forgotten come back; give how many of them were."""
        return allow(iris, self._writable())

    def insert_all(self, texts: Sequence[str], *, progress: Progress | None = None) -> list[UpdateReport] | None:
        """Carry out updates that only insert data as one commit, see :mod:`kgtool.transactions.insertions`.

        :returns: a report for each; None if they have to be taken one by one, and nothing was changed.
        """
        done = insert_all(texts, self._writable(), self._state, self._engine, progress)
        if done is None:
            return None
        reports, after = done
        self._follow(after)
        return reports

    def warm(self) -> None:
        """Read what the first change needs (rules, shapes, the encoded graph) before it comes; nothing is changed."""
        warm(self._writable(), self._state, self._engine)

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

    def validate(self, sources: Sequence[Source] = ()) -> Report:
        """Check consistency and shapes of the store, or of the store with files; nothing is changed.

        :raises InputError: if a file cannot be read.
        """
        prepared = commits.prepare(self._store, self._state, self._engine, delta(read_all(sources)[1]), anew=True)
        return commits.examine(self._store, self._state, prepared, self.ontology_folder / SHAPES, touched_only=False)

    def rehearse(self, quads: Sequence[Quad], *, replaced: Collection[NamedNode] = ()) -> Rehearsal:
        """Say what a change would do and what validation would find of it; nothing is changed.

        :param quads: what would come in, as the store keeps it.
        :param replaced: graphs whose content would go.
        """
        shapes = self.ontology_folder / SHAPES
        return rehearse(quads, self._store, self._state, self._engine, shapes, replaced=replaced)
