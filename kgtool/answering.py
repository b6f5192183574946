"""What a graph answers: the half of :class:`kgtool.graph.KnowledgeGraph` that changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Self

from pyoxigraph import NamedNode, Triple

from kgtool.export import export
from kgtool.ingest import Source
from kgtool.questions import QUESTIONS, VIEWS, Bound, Question, bound, find_question, read_questions, written_out
from kgtool.reasoning.closed_graph import ClosedGraph
from kgtool.reasoning.engine import Engine
from kgtool.reasoning.entailment import EntailmentAnswer
from kgtool.reasoning.listing import ListedRule
from kgtool.reasoning.proofs import Explanation, Step
from kgtool.resources import packaged
from kgtool.store import layout
from kgtool.store.change import delta
from kgtool.store.dataset import Rewritten, rewrite, run_query
from kgtool.store.describing import concise_description
from kgtool.store.interface import Term
from kgtool.store.limits import check_length
from kgtool.store.requests import named_node
from kgtool.store.results import QueryResult
from kgtool.store.services import Services
from kgtool.store.statistics import statistics
from kgtool.store.stop_list import Forgotten
from kgtool.transactions import commits
from kgtool.transactions.archiving import CopyReport, backup
from kgtool.transactions.building import read_context
from kgtool.transactions.loading import read_all
from kgtool.transactions.opening import Opened
from kgtool.transactions.rewriting import is_marked
from kgtool.vocabulary import PREFIXES


class AnsweringGraph:
    """An open graph, as of its last commit, used in a ``with`` block."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._store = opened.store
        self._state = layout.read_state(opened.store)
        self._url: str | None = None
        self._together = False
        self._known: ClosedGraph | None = None
        #: What SERVICE and LOAD may reach; None for nothing.
        self.services: Services | None = None

    @cached_property
    def _engine(self) -> Engine:
        return self._opened.engine

    def close(self) -> None:
        """Let go of the store."""
        self._opened.close(remove=self._opened.fresh and self._state.commit == 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def commit(self) -> str:
        """The last commit, such as ``3f9a61c2-17``."""
        return self._state.name

    @property
    def ontology_folder(self) -> Path:
        """The folder of what the store keeps of its ontology (rules, shapes, questions, views, …); it may be absent."""
        return self._opened.ontology

    @property
    def is_last(self) -> bool:
        """Whether no writer has published a later commit than the one that this graph was opened on."""
        published = self._opened.folder.published()
        return published is None or published <= self._state.commit

    def source_names(self) -> tuple[str, ...]:
        """Give the IRIs of the source graphs that hold quads, sorted."""
        return tuple(name.value for name in self._state.sources if isinstance(name, NamedNode))

    @property
    def is_to_be_rewritten(self) -> bool:
        """Whether something was erased that goes from the store's files only when whoever writes to it closes it."""
        return is_marked(self._opened.generation)

    def forgotten(self) -> tuple[Forgotten, ...]:
        """Give the people whom the store has forgotten: their numbers, when and why, and not who they are."""
        return self._opened.stop_list.people

    def query(
        self, text: str, *, reasoning: bool = True, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> QueryResult:
        """Evaluate a SPARQL 1.1 query.

        :param reasoning: whether what follows is part of the default graph.
        :param default_graphs: the protocol's ``default-graph-uri``; with ``named_graphs`` it replaces FROM.
        :raises QueryError: if the text is wrong, or asks for what is switched off.
        :raises LimitError: if it is too long.
        :raises RemoteError: if an endpoint of SERVICE fails; also while the result is read.
        """
        check_length(text)
        return run_query(
            self._store,
            self._state,
            text,
            reasoning=reasoning,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            services=self.services,
        )

    def rewritten(
        self, text: str, *, reasoning: bool = True, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> Rewritten:
        """Give a query as :meth:`query` puts it to the store, with the graphs that it sees.

        :raises QueryError: if the text is wrong, or asks for what is switched off.
        """
        graphs = {"default_graphs": default_graphs, "named_graphs": named_graphs}
        return rewrite(self._store, self._state, text, reasoning=reasoning, services=self.services, **graphs)

    def questions(self) -> tuple[Question, ...]:
        """Give the questions that the store keeps, in the order of their names.

        :raises ParseError: if a file is no question.
        """
        return read_questions(self.ontology_folder / QUESTIONS)

    def question(self, name: str) -> Question:
        """Give the question of this name.

        :raises MissingError: if there is none; it tells the nearest name.
        :raises ParseError: if its file is no question.
        """
        return find_question(self.ontology_folder / QUESTIONS, name)

    def ask(self, name: str, parameters: Mapping[str, str] | None = None, *, today: date | None = None) -> QueryResult:
        """Answer a question that the store keeps, with what follows.

        :param parameters: values by name, as a person writes them; an empty one counts as left out.
        :param today: the day that ``today`` means; None for that of the clock.
        :raises MissingError: if there is no such question.
        :raises InputError: if a parameter is unknown, missing or not of its type.
        """
        return self.answer(bound(self.question(name), parameters or {}, self, today or date.today()))

    def answer(self, asked: Bound) -> QueryResult:
        """Answer a question whose parameters have terms."""
        return run_query(self._store, self._state, asked.text, asked.values, columns=asked.columns)

    def view(
        self, name: str, parameters: Mapping[str, str] | None = None, *, today: date | None = None
    ) -> tuple[QueryResult, str]:
        """Answer a question that pages show, with its query as one that stands alone, values and all.

        A store that keeps none of this name has that of the packaged ontology.

        :param parameters: values by name; ``today`` as in :meth:`ask`.
        :raises MissingError: if there is no such view.
        :raises InputError: if a parameter is unknown, missing or not of its type.
        """
        view, asked = self._asked_view(name, parameters, today)
        return self.answer(asked), written_out(view.text, asked.values, asked.columns)

    def view_query(self, name: str, parameters: Mapping[str, str] | None = None, *, today: date | None = None) -> str:
        """Give the query of a view as one that stands alone, without answering it; parameters as in :meth:`view`.

        :raises MissingError: if there is no such view.
        :raises InputError: if a parameter is unknown, missing or not of its type.
        """
        view, asked = self._asked_view(name, parameters, today)
        return written_out(view.text, asked.values, asked.columns)

    def _asked_view(
        self, name: str, parameters: Mapping[str, str] | None, today: date | None
    ) -> tuple[Question, Bound]:
        own = self.ontology_folder / VIEWS
        folder = own if (own / f"{name}.rq").is_file() else packaged("ontology") / VIEWS
        view = find_question(folder, name)
        return view, bound(view, parameters or {}, self, today or date.today())

    def rules(self) -> tuple[ListedRule, ...]:
        """List the rules that the graph is closed under: those of OWL 2 RL, and the store's own."""
        return self._closed.rules()

    def own_rules(self) -> tuple[ListedRule, ...]:
        """List the store's own rules alone, which costs no look at its axioms.

        :raises ParseError: if a file is no rule.
        """
        return tuple(ListedRule(rule, None) for rule in self._opened.rules)

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

    def backup(self, folder: Path, *, link: bool = True) -> CopyReport:
        """Copy the store, as of the commit that is open, to a folder that is a store itself; all of it, or nothing.

        :param folder: one that does not exist, or is empty.
        :param link: share files that are never written to again, where the file system can.
        :raises InputError: if the folder holds something.
        :raises StoreError: if it cannot be written, or the store is damaged.
        """
        return backup(self._opened, folder, link=link)

    def describe(self, iri: str) -> list[Triple]:
        """Give what is known of a resource: its triples, those of its blank nodes, and those that point to it."""
        return concise_description(self._store, self._state, named_node(iri))

    def stats(self) -> dict[str, object]:
        """Count what the store holds, see :func:`~kgtool.store.statistics.statistics`."""
        return statistics(self._store, self._state, self._engine.name)
