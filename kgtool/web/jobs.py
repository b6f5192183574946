"""What changes the graph over HTTP: each kind of change as data, for whoever holds the store open for writing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat

from kgtool.graph import KnowledgeGraph
from kgtool.ingest import Source
from kgtool.transactions.progress import Progress
from kgtool.vocabulary import DEFAULT_SOURCE


@dataclass(frozen=True)
class UpdateJob:
    """A SPARQL update.

    :param using: the protocol's ``using-graph-uri``; ``using_named`` its ``using-named-graph-uri``.
    :param timeout: seconds that it may take.
    """

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    timeout: float | None = None


@dataclass(frozen=True)
class GraphJob:
    """A change of one graph, as the Graph Store Protocol asks for it.

    :param graph: its IRI; None for the default graph, which is ``<urn:kgtool:default>``.
    :param content: a file of N-Triples that goes in; None for none.
    :param replace: what the graph held before goes.
    :param timeout: seconds that it may take.
    """

    graph: str | None
    content: Path | None
    replace: bool
    timeout: float | None = None


Job = UpdateJob | GraphJob


def perform(graph: KnowledgeGraph, job: Job, *, progress: Progress | None = None) -> dict[str, object]:
    """Carry out a job, and give its report; that of a graph's change also says whether it was there (``existed``).

    :param progress: told ``write`` before anything is written.
    :raises KgtoolError: what is wrong with it; nothing is changed then.
    """
    if isinstance(job, UpdateJob):
        report = graph.update(
            job.text, using=job.using, using_named=job.using_named, timeout=job.timeout, progress=progress
        )
        return report.as_json()
    name = job.graph or DEFAULT_SOURCE.value
    existed = job.graph is None or name in graph.source_names()
    if job.content is None:
        removed = graph.unload([name], progress=progress).as_json() if name in graph.source_names() or job.graph else {}
        return {**removed, "commit": graph.commit, "existed": existed}
    source = Source("the body", NamedNode(name), RdfFormat.N_TRIPLES, None, job.content)
    return {**graph.load([source], replace=job.replace, progress=progress).as_json(), "existed": existed}
