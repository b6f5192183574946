"""Linking the things of a store with those of registries, and reviews of links: what each changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgtool.errors import ConditionError, InputError, MissingError
from kgtool.link.entities.links import CHOSEN, Excluded, Link, find_links
from kgtool.link.entities.links_graph import LINKS, links_quads, plain_quad, read_links
from kgtool.link.entities.reading import Ask, entities_of_graphs, read_entities
from kgtool.link.entities.reviewed import ReviewedLink, labelled, with_reviews
from kgtool.link.entities.reviews import (
    ACCEPTED,
    REJECTED,
    REVIEWS,
    WITHDRAWN,
    Review,
    checked,
    description_of_reviews,
    last_reviews,
    read_reviews,
    review_quads,
    same_as,
)
from kgtool.link.entities.rules import Rules, rules
from kgtool.link.people import Person
from kgtool.store.canonical import canonical_quads
from kgtool.store.change import QuadDelta, delta
from kgtool.store.dataset import run_query
from kgtool.store.interface import QuadStore
from kgtool.store.layout import State
from kgtool.store.requests import named_node
from kgtool.transactions.progress import Progress
from kgtool.vocabulary import PREFIXES, PROVENANCE


@dataclass(frozen=True)
class Linked:
    """What linking found.

    :param links: the links that were found.
    :param reviewed: the same with their reviews, and what reviews say of others.
    :param excluded: pairs of one name whose identifiers differ.
    :param subjects, targets: how many things were linked, with how many.
    :param day: of the state that was linked.
    """

    links: tuple[Link, ...]
    reviewed: tuple[ReviewedLink, ...]
    excluded: tuple[Excluded, ...]
    subjects: int
    targets: int
    day: str

    def as_json(self) -> dict[str, object]:
        """Give the counts as JSON, with the pairs that were excluded."""
        chosen = [link for link in self.links if link.status == CHOSEN]
        return {
            "subjects": self.subjects,
            "targets": self.targets,
            "links": len(self.links),
            "chosen": len(chosen),
            "candidates": len(self.links) - len(chosen),
            "excluded": [pair.as_json() for pair in self.excluded],
            "date": self.day,
        }


def asking(store: QuadStore, state: State) -> Ask:
    """Give what evaluates the queries of linking on a store."""

    def ask(text: str, reasoning: bool) -> Iterator[Sequence[NamedNode | BlankNode | Literal | Triple | None]]:
        for row in run_query(store, state, text, reasoning=reasoning):
            if not isinstance(row, Triple):
                yield row

    return ask


def link(
    store: QuadStore,
    state: State,
    base: str,
    *,
    against: Sequence[str] = (),
    among: bool = False,
    day: date | None = None,
    progress: Progress | None = None,
) -> tuple[Linked, QuadDelta]:
    """Link the things of a store with those that were imported.

    :param base: what the IRIs of imported things begin with, before the name of their registry.
    :param against: graphs whose things are those to link with; none for all that have such IRIs.
    :param among: whether things of one registry are linked with those of another too.
    :param day: the date of the links; None for that of the last load.
    :returns: what was found, and the change that puts it in the place of earlier links.
    :raises MissingError: if a graph is not there.
    :raises InputError: if there is nothing to link with.
    """
    known, ask = rules(), asking(store, state)
    tell = progress or (lambda stage, done: None)
    tell("read", 0)
    graphs = [_source(name, state) for name in against]
    entities = read_entities(ask, known, base)
    if graphs:
        there = entities_of_graphs(ask, graphs)
        targets = [entity for iri, entity in entities.items() if iri in there]
    else:
        targets = [entity for iri, entity in entities.items() if known.registry_of(iri, base)]
    if not targets:
        raise InputError(
            "there is nothing to link with", hint="import a registry first (kgtool import), or name a graph: --against"
        )
    chosen = {entity.iri for entity in targets}
    subjects = [e for iri, e in entities.items() if among or (iri not in chosen and not known.registry_of(iri, base))]

    def may_be(subject: str, other: str) -> bool:
        ours, theirs = known.registry_of(subject, base), known.registry_of(other, base)
        if subject in chosen and other in chosen and (not ours or not theirs):
            return False  # things of one graph
        return ours is None or theirs is None or ours < theirs

    every_review = read_reviews(ask)
    reviews = last_reviews(every_review)
    links, excluded = find_links(
        subjects,
        targets,
        known,
        registry_of=partial(_registry, known, base, ",".join(against)),
        rejected={pair for pair, review in reviews.items() if review.decision == REJECTED},
        accepted={pair for pair, review in reviews.items() if review.decision == ACCEPTED},
        may_be=may_be,
        tell=partial(tell, "link"),
    )
    at = day.isoformat() if day else _last_load(ask)
    used = {source.value for source in state.sources if isinstance(source, NamedNode)} - {LINKS.value, REVIEWS.value}
    quads = canonical_quads(links_quads(links, used, base, at))
    reviewed = tuple(_labelled(ask, with_reviews(links, every_review, known, base)))
    found = Linked(tuple(links), reviewed, tuple(excluded), len(subjects), len(targets), at)
    return found, delta(quads, store.quads(graph=LINKS))


def stored_links(store: QuadStore, state: State, base: str) -> tuple[list[ReviewedLink], str]:
    """Give the links that a store holds, with their reviews, and the day that they are of."""
    ask = asking(store, state)
    links, day = read_links(ask)
    return _labelled(ask, with_reviews(links, read_reviews(ask), rules(), base)), day


def registry_iris(links: Iterable[ReviewedLink], base: str) -> dict[str, str]:
    """Give the addresses that registries have for what was imported from them, where its IRI holds the identifier."""
    known, found = rules(), {}
    for each in links:
        name = known.registry_of(each.link.object, base)
        scheme = known.registries[name][0] if name else ""
        key = each.link.object.removeprefix(f"{base}{name}/")
        address = known.scheme(scheme).iri_of(key) if scheme and "/" not in key else None
        if address:
            found[each.link.object] = address
    return found


def review(
    store: QuadStore, state: State, base: str, id: str, decision: str, *, by: str, why: str = "", now: datetime
) -> tuple[Review, QuadDelta]:
    """Decide of a link.

    :param id: the name of the link.
    :param decision: ``accepted``, ``rejected`` or ``withdrawn``, which takes the last decision back.
    :returns: the review, and the change that keeps it.
    :raises InputError: if the review does not say what it has to.
    :raises MissingError: if there is no such link.
    :raises ConditionError: if nothing is there to withdraw, or the link was decided so already.
    """
    checked(decision, by, why)
    links, _ = stored_links(store, state, base)
    found = next((each for each in links if each.link.id == id), None)
    if found is None:
        raise MissingError(f"no link {id[:40]!r}", hint="see kgtool link review --list")
    before = found.review.decision if found.review else WITHDRAWN
    if decision == before:
        what = "no decision to withdraw" if decision == WITHDRAWN else f"the link is {decision} already"
        raise ConditionError(what, hint="see kgtool link review --list")
    if decision == ACCEPTED:
        _refuse_second(found, links, base)
    link, last = found.link, found.history[-1] if found.history else None
    made = Review(
        subject=link.subject,
        object=link.object,
        number=last.number + 1 if last else 1,
        decision=decision,
        by=" ".join(by.split()),
        at=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        why=why.strip(),
        confidence=link.confidence,
        evidence=link.why,
        kind=link.kind,
    )
    added = [*review_quads(made, base), *description_of_reviews()]
    if decision != REJECTED and link.status == CHOSEN:
        added.append(plain_quad(link))
    removed = [same_as(link.subject, link.object)] if decision != ACCEPTED else []
    if decision == REJECTED:  # what was chosen is no longer said; linking anew proposes it no more
        removed.append(plain_quad(link))
    return made, delta(canonical_quads(added), removed)


def people(store: QuadStore, state: State, base: str) -> Iterator[Person]:
    """Give the people of a store with the forms of their names."""
    for iri, entity in sorted(read_entities(asking(store, state), rules(), base).items()):
        if entity.kind == "person" and entity.names:
            yield Person.of(iri, entity.names)


def _refuse_second(found: ReviewedLink, links: Iterable[ReviewedLink], base: str) -> None:
    """Refuse that a thing is the same as two that their registry tells apart, which would make these the same.

    :raises ConditionError: naming the link that was accepted before.
    """
    for each in links:
        same = each.link.subject == found.link.subject and each.link.registry == found.link.registry
        if each.status == ACCEPTED and same and len(registry_iris([each, found], base)) == 2:
            raise ConditionError(
                f"the link {each.link.id} says already what {found.link.subject_label} is in this registry",
                hint="withdraw that one first, or reject this one",
            )


def _source(name: str, state: State) -> NamedNode:
    graph = named_node(name)
    if graph not in state.sources:
        raise MissingError(f"no source graph <{name}>", hint="see kgtool stats for the graphs")
    return graph


def _registry(known: Rules, base: str, graphs: str, iri: str) -> str:
    return known.registry_of(iri, base) or graphs or iri


def _last_load(ask: Ask) -> str:
    """Give the day of the last load, so that linking the same state again gives the same links."""
    text = f"SELECT ?at WHERE {{ GRAPH {PROVENANCE} {{ ?load <{PREFIXES['prov']}endedAtTime> ?at }} }}"
    days = [row[0].value[:10] for row in ask(text, False) if isinstance(row[0], Literal)]
    return max(days, default=datetime.now(UTC).date().isoformat())


def _labelled(ask: Ask, links: list[ReviewedLink]) -> list[ReviewedLink]:
    """Give links that linking no longer finds the labels that the graph has."""
    bare = {iri for each in links if not each.link.subject_label for iri in (each.link.subject, each.link.object)}
    if not bare:
        return links
    things, names = (" ".join(f"<{iri}>" for iri in sorted(iris)) for iris in (bare, rules().evidence["name"]))
    text = f"SELECT ?thing ?name WHERE {{ VALUES ?thing {{ {things} }} VALUES ?p {{ {names} }} ?thing ?p ?name }}"
    labels: dict[str, str] = {}
    for thing, name in ask(text, False):
        if isinstance(thing, NamedNode) and isinstance(name, Literal):
            labels[thing.value] = min(labels.get(thing.value, name.value), name.value)
    return [labelled(each, labels) for each in links]
