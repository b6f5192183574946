"""What changes the graph over HTTP: each kind of change as data, for whoever holds the store open for writing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat

from kgtool.errors import ConditionError
from kgtool.graph import KnowledgeGraph
from kgtool.ingest import Source
from kgtool.transactions.forgetting.forget import Forgetting
from kgtool.transactions.progress import Progress
from kgtool.vocabulary import DEFAULT_SOURCE

#: Characters of an update that is small.
_LITTLE: Final = 16 * 1024
#: How an update starts that inserts data, behind its declarations.
_INSERTS: Final = re.compile(r"(?:\s*(?:PREFIX\s+\S*\s*|BASE\s*)<[^>]*>)*\s*INSERT\s+DATA\b", re.IGNORECASE)


@dataclass(frozen=True)
class Condition:
    """What a client makes a condition of its change.

    :param commits: the last commit is one of these; None for any.
    :param exists: the graph that changes is there, or is not; None for either.
    """

    commits: frozenset[str] | None = None
    exists: bool | None = None


@dataclass(frozen=True)
class UpdateJob:
    """A SPARQL update.

    :param using: the protocol's ``using-graph-uri``; ``using_named`` its ``using-named-graph-uri``.
    :param timeout: seconds that it may take.
    :param only_if: else nothing is changed.
    """

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    timeout: float | None = None
    only_if: Condition = field(default=Condition())


@dataclass(frozen=True)
class GraphJob:
    """A change of one graph, as the Graph Store Protocol asks for it.

    :param graph: its IRI; None for the default graph, which is ``<urn:kgtool:default>``.
    :param content: a file of N-Triples that goes in; None for none, which removes the graph.
    :param replace: what the graph held before goes.
    :param timeout: seconds that it may take.
    :param only_if: else nothing is changed.
    """

    graph: str | None
    content: Path | None
    replace: bool
    timeout: float | None = None
    only_if: Condition = field(default=Condition())


@dataclass(frozen=True)
class ReviewJob:
    """A decision on a link to a registry.

    :param link: its name.
    :param decision: ``accepted``, ``rejected`` or ``withdrawn``.
    :param base: what IRIs of this service begin with.
    :param timeout: seconds that it may take.
    :param only_if: else nothing is changed.
    """

    link: str
    decision: str
    by: str
    why: str
    base: str
    timeout: float | None = None
    only_if: Condition = field(default=Condition())


@dataclass(frozen=True)
class ForgetJob:
    """People to be forgotten.

    :param timeout: seconds that it may take; None is without a limit.
    """

    wanted: Forgetting
    timeout: float | None = None


Job = UpdateJob | GraphJob | ReviewJob | ForgetJob


def perform(graph: KnowledgeGraph, job: Job, *, progress: Progress | None = None) -> dict[str, object]:
    """Carry out a job, and give its report; that of a graph's change also says whether it was there (``existed``).

    :param progress: told ``write`` before anything is written.
    :raises ConditionError: if its condition does not hold.
    :raises KgtoolError: what is wrong with it; nothing is changed then.
    """
    if isinstance(job, UpdateJob):
        _check(job.only_if, graph, existed=True)
        done = graph.update(
            job.text, using=job.using, using_named=job.using_named, timeout=job.timeout, progress=progress
        )
        return done.as_json()
    if isinstance(job, ReviewJob):
        _check(job.only_if, graph, existed=True)
        made = graph.review(job.link, job.decision, by=job.by, why=job.why, base=job.base, progress=progress)
        return {"link": job.link, "decision": job.decision, **made.as_json()}
    if isinstance(job, ForgetJob):
        return graph.forget(job.wanted, progress=progress).as_json()
    name = job.graph or DEFAULT_SOURCE.value
    existed = name in graph.source_names()
    _check(job.only_if, graph, existed=existed)
    if job.content is not None and job.content.stat().st_size:
        source = Source("the body", NamedNode(name), RdfFormat.N_TRIPLES, None, job.content)
        return {**graph.load([source], replace=job.replace, progress=progress).as_json(), "existed": existed}
    removes = job.content is None or job.replace
    # An empty file changes nothing but what it replaces; the default graph is always there.
    must_exist = job.content is None and job.graph is not None
    report = graph.unload([name], progress=progress).as_json() if removes and (existed or must_exist) else {}
    return {**report, "commit": graph.commit, "existed": existed}


def perform_together(
    graph: KnowledgeGraph, jobs: Sequence[Job], *, progress: Progress
) -> list[dict[str, object]] | None:
    """Carry out jobs that only insert data, and have nothing to do with one another, as one commit.

    :returns: a report for each; None if they have to be taken one by one, and nothing was changed.
    """
    reports = graph.insert_all([job.text for job in jobs if isinstance(job, UpdateJob)], progress=progress)
    return None if reports is None else [report.as_json() for report in reports]


def may_go_together(job: Job) -> bool:
    """Tell whether a job looks like an insertion of little data, without a condition."""
    if not isinstance(job, UpdateJob) or job.only_if != Condition() or job.using or job.using_named:
        return False
    return len(job.text) <= _LITTLE and _INSERTS.match(job.text) is not None


def _check(condition: Condition, graph: KnowledgeGraph, *, existed: bool) -> None:
    """Refuse a change whose condition does not hold.

    :raises ConditionError: saying why.
    """
    hint = "read it again, and send the change with the new ETag"
    if condition.commits is not None and graph.commit not in condition.commits:
        raise ConditionError(f"the graph has changed: its commit is now {graph.commit}", hint=hint)
    if condition.exists is not None and condition.exists != existed:
        raise ConditionError("the graph is there already" if existed else "there is no such graph")
