"""What query workers evaluate: each kind of task as data, and how its answer comes, in pieces."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

from pyoxigraph import RdfFormat, Triple, serialize

from kgtool.errors import InputError
from kgtool.export import export
from kgtool.graph import KnowledgeGraph
from kgtool.ingest import Source, read_quads
from kgtool.ingest.formats import format_of_name
from kgtool.reasoning.proofs.as_json import explanation_document
from kgtool.reasoning.proofs.naming import GraphLabels
from kgtool.reasoning.proofs.prov import explanation_quads
from kgtool.reasoning.proofs.text import as_text, explanation_blocks
from kgtool.store.terms import read_triple, unused_property
from kgtool.vocabulary import DEFAULT_SOURCE, PREFIXES
from kgtool.web import tables
from kgtool.web.check_answers import CheckTask, evaluate_check
from kgtool.web.plans import PlanTask, evaluate_plan
from kgtool.web.question_answers import AskTask, evaluate_question
from kgtool.web.reconcile_answers import ReconcileTask, evaluate_reconciliation
from kgtool.web.view_answers import ViewsTask, evaluate_views

CHUNK_BYTES: Final = 256 * 1024


class QueryTask(NamedTuple):
    """A query, and the formats that its client accepts for each kind of result (``None``: none)."""

    text: str
    solution_format: str | None
    graph_format: str | None
    reasoning: bool = True
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExportTask:
    """An export, as :meth:`kgtool.graph.KnowledgeGraph.export` takes it."""

    format: str
    graph: str | None = None
    only: str = "asserted"


@dataclass(frozen=True)
class ExplainTask:
    """A triple to explain, its terms as a person wrote them (:mod:`kgtool.store.terms`).

    :param format: ``json``, ``turtle``, ``text``, or ``blocks`` for a page.
    :param language: of a text or a page.
    """

    subject: str
    predicate: str
    object: str
    format: str
    language: str = "en"
    limit: int = 3


@dataclass(frozen=True)
class ParseTask:
    """A request's body to read as RDF; the answer is its triples as N-Triples, blank nodes renamed.

    :param file: where the body is, decompressed.
    :param format: a name of :data:`kgtool.ingest.FORMATS`.
    :param base: what relative IRIs are resolved against.
    :param max_bytes: most bytes to read.
    """

    file: Path
    format: str
    base: str | None
    max_bytes: int


#: Tasks whose answer is one JSON document.
DocumentTask = PlanTask | ReconcileTask | ViewsTask | CheckTask
Task = QueryTask | AskTask | ExportTask | ExplainTask | ParseTask | DocumentTask


class Head(NamedTuple):
    """What is known before the first byte of an answer.

    :param kind: ``select``, ``ask``, ``graph``, ``export``, ``explanation``, ``plan``, ``parsed``, ``reconciled``,
        ``checked``, ``views`` or ``query``.
    :param format: the chosen format's name; ``None`` if the client accepts none for this kind, and no bytes follow.
    :param commit: the commit that the answer is computed on.
    """

    kind: str
    format: str | None
    variables: tuple[str, ...]
    commit: str


class Piece(NamedTuple):
    """Bytes of an answer; more follow unless ``last``. The first piece brings the head."""

    head: Head | None
    content: bytes
    last: bool = False


@dataclass(frozen=True)
class Failure:
    """Why there is no answer, or no more of it."""

    error: Exception


Message = Piece | Failure
Send = Callable[[Message], None]


class _Chunks:
    """A binary file that sends what is written to it in pieces of :data:`CHUNK_BYTES`, the head with the first.

    It is not derived from :class:`io.RawIOBase`, whose end alone takes as long as a look-up.
    """

    __slots__ = ("_head", "_held", "_send", "_size")

    def __init__(self, send: Send) -> None:
        self._send = send
        self._held: list[bytes] = []
        self._size = 0
        self._head: Head | None = None

    def begin(self, head: Head) -> None:
        """Say what is known before the first byte."""
        self._head = head

    def write(self, data: bytes, /) -> int:
        """Take bytes."""
        self._held.append(data)
        self._size += len(data)
        if self._size >= CHUNK_BYTES:
            self._give()
        return len(data)

    def flush(self) -> None:
        """Do nothing: who writes does not know when a piece is worth its way."""

    def finish(self) -> None:
        """Send what is left, as the last piece."""
        self._give(last=True)

    def _give(self, *, last: bool = False) -> None:
        held, head = self._held, self._head
        self._held, self._size, self._head = [], 0, None
        self._send(Piece(head, b"".join(held), last))


def evaluate(graph: KnowledgeGraph, task: Task, send: Send) -> None:
    """Evaluate a task and send its head and its bytes.

    :raises KgtoolError: for a query or a term that is wrong, a format that cannot hold the graph, and the like.
    """
    chunks = _Chunks(send)
    output = cast(BinaryIO, chunks)
    if isinstance(task, QueryTask):
        _query(graph, task, chunks, output)
        return
    if isinstance(task, ExportTask):
        chunks.begin(Head("export", task.format, (), graph.commit))
        graph.export(task.format, output, graph=task.graph, only=task.only)
        chunks.finish()
        return
    if isinstance(task, ExplainTask):
        explained = _explanation(graph, task)
        chunks.begin(Head("explanation", task.format, (), graph.commit))
        output.write(explained)
        chunks.finish()
        return
    if isinstance(task, DocumentTask):
        kind, document = _document(graph, task)
        chunks.begin(Head(kind, "json", (), graph.commit))
        output.write(document)
        chunks.finish()
        return
    if isinstance(task, ParseTask):
        chunks.begin(Head("parsed", "ntriples", (), graph.commit))
        serialize(_triples(task), output, format=RdfFormat.N_TRIPLES)
        chunks.finish()
        return
    _ask(graph, task, chunks, output)


def _document(graph: KnowledgeGraph, task: DocumentTask) -> tuple[str, bytes]:
    """Give what a task's answer is called, and its JSON."""
    if isinstance(task, PlanTask):
        return "plan", evaluate_plan(graph, task)
    if isinstance(task, ReconcileTask):
        return "reconciled", evaluate_reconciliation(graph, task)
    if isinstance(task, CheckTask):
        return "checked", evaluate_check(graph, task)
    return "views", evaluate_views(graph, task)


def _ask(graph: KnowledgeGraph, task: AskTask, chunks: _Chunks, output: BinaryIO) -> None:
    made = evaluate_question(graph, task)
    if made is not None:
        content, kind, columns = made
        chunks.begin(Head(kind, task.format, columns, graph.commit))
        output.write(content)
    else:
        answer = graph.ask(task.name, dict(task.values))
        chunks.begin(Head(answer.kind, task.format, answer.variables, graph.commit))
        answer.serialize(task.format, output)
    chunks.finish()


def _query(graph: KnowledgeGraph, task: QueryTask, chunks: _Chunks, output: BinaryIO) -> None:
    result = graph.query(
        task.text, reasoning=task.reasoning, default_graphs=task.default_graphs, named_graphs=task.named_graphs
    )
    name = task.graph_format if result.kind == "graph" else task.solution_format
    chunks.begin(Head(result.kind, name, result.variables, graph.commit))
    if name == "html":
        tables.write(result, output)
    elif name is not None:
        result.serialize(name, output)
    chunks.finish()


def _triples(task: ParseTask) -> Iterator[Triple]:
    """Read a body.

    :raises ParseError: if it is not what its format asks for.
    :raises InputError: if it names graphs of its own.
    """
    source = Source("body", DEFAULT_SOURCE, format_of_name(task.format), None, task.file)
    for quad in read_quads(source, base=task.base, max_bytes=task.max_bytes, allow_empty=True):
        if quad.graph_name != DEFAULT_SOURCE:
            raise InputError(f"the body names a graph of its own, {quad.graph_name}", hint="send one graph")
        yield quad.triple


def _explanation(graph: KnowledgeGraph, task: ExplainTask) -> bytes:
    """Explain a triple, and write the explanation."""
    fact = read_triple(task.subject, task.predicate, task.object, graph)
    found = graph.explain(*fact, limit=task.limit)
    if task.format == "turtle":
        output = io.BytesIO()
        export(explanation_quads(found), "turtle", output, prefixes=PREFIXES)
        return output.getvalue()
    meant = None if found.holds else unused_property(fact[1], graph)
    if task.format == "json":
        return json.dumps(explanation_document(found, meant=meant), ensure_ascii=False).encode()
    blocks = explanation_blocks(found, GraphLabels(graph), task.language, meant=meant)
    if task.format == "text":
        return as_text(blocks).encode()
    return json.dumps([dataclasses.asdict(block) for block in blocks]).encode()
