"""The operation: a person out of the graph, onto the list, and out of the store's files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from kgtool.errors import InputError, Location
from kgtool.ingest.web.keeping import forget_pages
from kgtool.reasoning.engine import Engine
from kgtool.store.change import QuadDelta
from kgtool.store.interface import Subject
from kgtool.store.layout import State
from kgtool.store.requests import named_node
from kgtool.store.shared_queries import SharedQueries
from kgtool.store.stop_list import StopList, read_stop_list, write_stop_list
from kgtool.transactions import commits
from kgtool.transactions.building import SHAPES
from kgtool.transactions.forgetting import names
from kgtool.transactions.forgetting.erasing import Erasure, nodes_below
from kgtool.transactions.forgetting.logs import erase_from_logs
from kgtool.transactions.forgetting.mentions import REMOVED, Mention, find_mentions, full_names, pattern_of, words
from kgtool.transactions.forgetting.queries import forget_shared
from kgtool.transactions.forgetting.recognising import Known, Names, names_of, people_in
from kgtool.transactions.forgetting.rules import Rules, rules_of
from kgtool.transactions.forgetting.statements import Statements
from kgtool.transactions.interruption import held_back
from kgtool.transactions.opening import Opened
from kgtool.transactions.progress import Progress, of_rounds
from kgtool.transactions.rewriting import mark
from kgtool.vocabulary import PROVENANCE, iri


@dataclass(frozen=True)
class Forgetting:
    """Who is to be forgotten.

    :param iris: of the people.
    :param why: the operator's own words, kept on the list; names of the people do not get into it.
    :param texts: take their names out of every text, and not only of those that tell where facts come from.
    :param dry_run: change nothing, and say what would go.
    :param pages: folder of the pages that registries gave, which go too: nobody knows who is on them.
    """

    iris: tuple[str, ...]
    why: str = ""
    texts: bool = False
    dry_run: bool = False
    pages: Path | None = None


@dataclass(frozen=True)
class ForgetReport:
    """What forgetting people did, or would do.

    :param people: the nodes that they were, those under other names included.
    :param doubtful: nodes with an identifier or an IRI of theirs, and quite another name: not forgotten.
    :param namesakes: other nodes of the same name: not forgotten, and because of them no text was touched.
    :param nodes: how many nodes existed only for them.
    :param removed: quads of sources and provenance; ``rewritten`` texts that lost a name.
    :param shared_queries: queries that were shared by a short address and named them.
    :param still_named: where a name still stands.
    :param violations: what validation finds wrong in what is left; forgetting is not refused for it.
    :param commit: of the change; that the files are written anew is one more.
    """

    people: tuple[str, ...]
    doubtful: tuple[str, ...]
    namesakes: tuple[str, ...]
    nodes: int
    removed: int
    rewritten: int
    no_longer_inferred: int
    log_lines: int
    shared_queries: int
    still_named: tuple[Mention, ...]
    violations: int
    commit: str
    done: bool = True

    def as_json(self) -> dict[str, object]:
        """Give the report as JSON."""
        return {
            "people": list(self.people),
            "nodes": self.nodes,
            "removed": self.removed,
            "rewritten": self.rewritten,
            "noLongerInferred": self.no_longer_inferred,
            "logLines": self.log_lines,
            "sharedQueries": self.shared_queries,
            "violations": self.violations,
            "commit": self.commit,
            "done": self.done,
            "doubtful": list(self.doubtful),
            "namesakes": list(self.namesakes),
            "stillNamed": [mention.as_json() for mention in self.still_named],
        }


@dataclass(frozen=True)
class _Found:
    """Who is meant, and what goes.

    :param called: full names, unless others bear them, too.
    """

    people: set[Subject]
    doubtful: set[Subject]
    known: Names
    called: set[str]
    erasure: Erasure
    removed: frozenset[Quad]
    added: frozenset[Quad]
    rewritten: int = 0
    still_named: tuple[Mention, ...] = ()
    namesakes: tuple[str, ...] = field(default=())


def forget(
    wanted: Forgetting, opened: Opened, state: State, engine: Engine, progress: Progress | None = None
) -> tuple[ForgetReport, State]:
    """Take people out of the graph with what exists only for them, and put them on the stop list.

    The list comes first, then the change in one transaction: whenever the process is killed, who is not on the list is
    in the store as before, and doing it again completes it. The store's files are written anew when it is closed.

    :returns: what was done, and the state of the store after it.
    :raises InputError: if an IRI is none, or that of something that is no person.
    :raises StoreError: if it cannot be written.
    """
    tell = progress or (lambda stage, amount: None)
    rules = rules_of(opened.ontology)
    statements = Statements(opened.store)
    tell("look", 0)
    found = _find(_checked(wanted.iris, statements, rules), statements, rules, texts=wanted.texts)
    sources, provenance = _parted(found.removed)
    change = QuadDelta(frozenset(q for q in found.added if q.graph_name != PROVENANCE), sources)
    notes = [quad for quad in found.added if quad.graph_name == PROVENANCE]
    tell("reason", 0)
    prepared = commits.prepare(opened.store, state, engine, change, progress=progress)
    tell("validate", 0)
    findings = commits.examine(opened.store, state, prepared, opened.ontology / SHAPES).findings
    log_lines = shared_queries = 0
    if not wanted.dry_run:
        tell("write", 0)
        mark(opened.generation)
        _put_on_list(opened, found, wanted.why)
        with held_back():
            if prepared.change or provenance or prepared.consequences.inferred:
                before, state = state, commits.write(opened.store, state, prepared, notes, provenance)
                engine.follow(before, state, prepared.change, prepared.consequences)
            log_lines = erase_from_logs(opened.folder.audit_logs(), found.called, found.known.texts)
            known, named = found.known, pattern_of(found.called, found.known.texts)
            queries = SharedQueries(opened.folder.shared_file)
            shared_queries = forget_shared(queries, known.names.__contains__, known.schemes, named)
            if wanted.pages is not None:
                forget_pages(wanted.pages)
    return (
        ForgetReport(
            people=tuple(sorted(_text(node) for node in found.people)),
            doubtful=tuple(sorted(_text(node) for node in found.doubtful)),
            namesakes=found.namesakes,
            nodes=len(found.erasure.gone) - len(found.people),
            removed=len(found.removed) - found.rewritten,
            rewritten=found.rewritten,
            no_longer_inferred=len(prepared.consequences.inferred.removed),
            log_lines=log_lines,
            shared_queries=shared_queries,
            still_named=found.still_named,
            violations=sum(finding.severity == "violation" for finding in findings),
            commit=state.name,
            done=not wanted.dry_run,
        ),
        state,
    )


def allow(iris: Sequence[str], opened: Opened) -> int:
    """Take people off the stop list, so that they may come back; give how many that were.

    :raises InputError: if an IRI is none.
    """
    before = opened.stop_list
    wanted = {name for text in iris for name in names.in_iri(named_node(text).value, before.schemes)}
    after = before.without(wanted)
    if len(after.people) < len(before.people):
        write_stop_list(opened.folder.stop_list_file, after)
    return len(before.people) - len(after.people)


def forgotten_in(opened: Opened, stop_list: StopList, state: State, engine: Engine) -> tuple[int, State]:
    """Take those on a stop list out of a store that comes back, such as an old backup.

    :returns: how many statements that were, and the state after it.
    """
    rules = rules_of(opened.ontology)
    statements = Statements(opened.store)
    people = people_in(None, statements, Known(stop_list.holds, stop_list.schemes), rules)
    if not people:
        return 0, state
    found = _erased(people, set(), statements, rules, texts=False)
    sources, provenance = _parted(found.removed)
    change = QuadDelta(frozenset(q for q in found.added if q.graph_name != PROVENANCE), sources)
    prepared = commits.prepare(opened.store, state, engine, change, progress=of_rounds(None))
    mark(opened.generation)
    notes = [quad for quad in found.added if quad.graph_name == PROVENANCE]
    return len(found.removed), commits.write(opened.store, state, prepared, notes, provenance)


def _checked(iris: Sequence[str], statements: Statements, rules: Rules) -> set[Subject]:
    people: set[Subject] = set()
    for text in iris:
        node = named_node(text)
        if statements.is_one_of(node, rules.no_person):
            raise InputError(
                "this is no person", where=Location(iri=text), hint="remove other things with update, or with unload"
            )
        people.add(node)
    return people


def _find(start: set[Subject], statements: Statements, rules: Rules, *, texts: bool) -> _Found:
    """Find everybody who is one of the people under another name, and what goes with all of them."""
    people, doubtful = set(start), set[Subject]()
    while True:
        known = names_of(people, statements, rules)
        others = people_in(None, statements, Known(known.names.__contains__, known.schemes), rules)
        others |= {same for node in people for same in _same_as(node, statements)}
        others -= people
        called = {word for name in full_names(people, statements, rules) for word in words(name)}
        strangers = {node for node in others if _is_called_otherwise(node, called, statements, rules)}
        doubtful |= strangers
        if not others - strangers:
            break
        people |= others - strangers
    return _erased(people, doubtful - people, statements, rules, texts=texts)


def _same_as(node: Subject, statements: Statements) -> Iterator[Subject]:
    """Give the nodes of which it follows that they are the same, as the closure says it both ways."""
    for same in statements.follows(node, iri("owl", "sameAs")):
        if isinstance(same, Subject):
            yield same


def _is_called_otherwise(node: Subject, called: set[str], statements: Statements, rules: Rules) -> bool:
    """Tell whether a node has full names, and none of their words is one of these."""
    own = {word for name in full_names([node], statements, rules) for word in words(name)}
    return bool(own and called) and own.isdisjoint(called)


def _erased(
    people: set[Subject], doubtful: set[Subject], statements: Statements, rules: Rules, *, texts: bool
) -> _Found:
    known, called = names_of(people, statements, rules), full_names(people, statements, rules)
    erasure = Erasure(people | nodes_below(people, statements.all()), statements, rules)
    stays = (quad for quad in statements.all() if quad not in erasure.removed)
    mentions = find_mentions(stays, called, known.texts, erasure.gone, statements, rules, texts=texts)
    removed = erasure.removed | mentions.removed
    return _Found(
        people=people,
        doubtful=doubtful,
        known=known,
        called=called if not mentions.namesakes else set(),
        erasure=erasure,
        removed=frozenset(removed),
        added=frozenset((erasure.added - erasure.removed) | mentions.added) - removed,
        rewritten=mentions.rewritten,
        still_named=mentions.left,
        namesakes=mentions.namesakes,
    )


def _parted(quads: Iterable[Quad]) -> tuple[frozenset[Quad], list[Quad]]:
    """Part quads of sources from those of provenance."""
    provenance = [quad for quad in quads if quad.graph_name == PROVENANCE]
    return frozenset(quads) - frozenset(provenance), provenance


def _put_on_list(opened: Opened, found: _Found, why: str) -> None:
    hidden = pattern_of(found.called, found.known.texts)
    words_of_operator = hidden.sub(REMOVED, why) if hidden is not None else why
    file = opened.folder.stop_list_file
    on = datetime.now(UTC).strftime("%Y-%m-%d")
    listed = read_stop_list(file).with_person(found.known.names, found.known.schemes, on=on, why=words_of_operator)
    write_stop_list(file, listed)


def _text(node: Subject) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)
