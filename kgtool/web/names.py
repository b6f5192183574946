"""Asks query workers what ``/reconcile`` and ``/search`` are asked, on an index of names that is as new as the graph.

Reading all names of a large graph takes longer than a query may. So it is a task of its own with the time of an export,
once for each commit that somebody asks about; what is asked then has the time of a query.
"""

from __future__ import annotations

from contextlib import suppress

from kgtool.errors import KgtoolError
from kgtool.web.problems import HttpProblem
from kgtool.web.reconcile_answers import Asked, Prepare, ReconcileTask
from kgtool.web.source import GraphSource


def looked_up(source: GraphSource, asked: Asked, language: str, timeout: float) -> tuple[bytes, str]:
    """Give the JSON of an answer, and the commit that it holds for.

    :param timeout: seconds for the answer, once the names are there.
    :raises KgtoolError: what is wrong with what is asked, or the limit that it hit.
    :raises HttpProblem: 503 when its turn did not come in time.
    """
    if source.names_as_of != source.commit:
        _, source.names_as_of = _run(source, Prepare(), language, source.settings.export_timeout)
    return _run(source, asked, language, timeout)


def follow(source: GraphSource) -> None:
    """Bring the index of names up to date now, if there is one: it holds no name any more that the graph has lost.

    If that fails, whoever asks next does it.
    """
    if source.names.exists():
        with suppress(KgtoolError, HttpProblem):
            _, source.names_as_of = _run(source, Prepare(), "en", source.settings.export_timeout)


def _run(source: GraphSource, asked: Asked, language: str, timeout: float) -> tuple[bytes, str]:
    answer = source.run(ReconcileTask(asked, language, source.names), timeout=timeout)
    try:
        return b"".join(answer), answer.head.commit
    finally:
        answer.close()
