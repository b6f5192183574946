"""Links between things: which pairs are the same, which may be, each with its confidence and its evidence."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kgtool.link.entities.candidates import Candidates, by_kind
from kgtool.link.entities.entity import Entity
from kgtool.link.entities.evidence import SHARED, Judgement, Reason, doubted, judge, may_be_one
from kgtool.link.entities.naming import WordWeights
from kgtool.link.entities.rules import Rules

#: What a link is as long as nobody has reviewed it; then it is what the review says.
CHOSEN: Final = "chosen"
CANDIDATE: Final = "candidate"
#: Candidates of one thing in one registry that are kept beside a chosen one, or without.
_KEPT: Final = 3
#: Confidences that differ by less are as good as equal.
_MARGIN: Final = 0.03

Pair = tuple[str, str]


@dataclass(frozen=True)
class Link:
    """A thing of the graph, a thing of a registry, and why they may be the same.

    :param subject: IRI of the thing of the graph; ``object`` of the imported one.
    :param registry: the name of the registry, or the IRI of the graph that it comes from.
    :param status: ``chosen`` or ``candidate``.
    :param exact: whether an identifier says that they are the same.
    :param justification: a term of the Semantic Mapping Vocabulary.
    """

    subject: str
    object: str
    kind: str
    registry: str
    confidence: float
    status: str
    exact: bool
    justification: str
    why: str
    subject_label: str = ""
    object_label: str = ""

    @property
    def id(self) -> str:
        """The name of the link: the same for the same two things, whatever else is known of them."""
        return link_id(self.subject, self.object)


@dataclass(frozen=True)
class Excluded:
    """Two things that look the same and cannot be: their identifiers differ."""

    subject: str
    object: str
    why: str

    def as_json(self) -> dict[str, str]:
        """Give it as JSON."""
        return {"subject": self.subject, "object": self.object, "why": self.why}


def link_id(subject: str, other: str) -> str:
    """Name a link.

    >>> link_id("urn:a", "urn:b")
    '6a009d5ca12f'
    """
    return hashlib.sha256(f"{subject}\n{other}".encode()).hexdigest()[:12]


def find_links(
    subjects: Iterable[Entity],
    targets: Iterable[Entity],
    rules: Rules,
    *,
    registry_of: Callable[[str], str],
    rejected: Collection[Pair] = (),
    accepted: Collection[Pair] = (),
    may_be: Callable[[str, str], bool] = lambda subject, other: True,
    tell: Callable[[int], None] = lambda done: None,
) -> tuple[list[Link], list[Excluded]]:
    """Link things with those of registries, in the order of their IRIs.

    :param registry_of: where an imported thing comes from.
    :param rejected: pairs that a review found not to be the same; they are not proposed again.
    :param accepted: pairs that a review found to be the same; nothing else of their registry is proposed beside them.
    :param may_be: tells of a subject and a target, by their IRIs, whether they are to be compared at all.
    :param tell: told how many subjects are done.
    """
    links: list[Link] = []
    excluded: list[Excluded] = []
    ours, theirs = by_kind(subjects), by_kind(targets)
    done = 0
    for kind, entities in sorted(ours.items()):
        if kind not in theirs:
            continue
        first = len(links)
        words = WordWeights(rules, theirs[kind])
        candidates = Candidates(rules, words, theirs[kind])
        for entity in entities:
            by_registry: dict[str, list[tuple[Judgement, Entity]]] = defaultdict(list)
            for other in candidates.of(entity):
                if not may_be(entity.iri, other.iri):
                    continue
                if (entity.iri, other.iri) in rejected or (other.iri, entity.iri) in rejected:
                    continue
                judgement = judge(entity, other, rules, words)
                if judgement.conflict and _same_name(entity, other, words):
                    excluded.append(Excluded(entity.iri, other.iri, judgement.conflict))
                elif judgement.confidence:
                    by_registry[registry_of(other.iri)].append((judgement, other))
            for registry, judged in sorted(by_registry.items()):
                settled = [each for each in judged if (entity.iri, each[1].iri) in accepted]
                links += _best(entity, registry, settled or judged, rules)
            done += 1
            tell(done)
        links[first:] = _uncontested(links[first:], {entity.iri: entity for entity in entities}, rules, accepted)
    return sorted(links, key=lambda link: (link.subject, link.registry, -link.confidence, link.object)), excluded


def _same_name(one: Entity, other: Entity, words: WordWeights) -> bool:
    if one.kind == "person":
        return bool({name.casefold() for name in one.names} & {name.casefold() for name in other.names})
    return words.compare(one.names, other.names).score == 1


def _best(entity: Entity, registry: str, judged: Sequence[tuple[Judgement, Entity]], rules: Rules) -> list[Link]:
    """Keep the likeliest of a registry: one may be chosen, and none if another is as like."""
    weights = rules.weights
    ranked, number = _ranked(judged)
    first, alike = ranked[0], ranked[:number]
    # Two people of one name in one unit, or with one co-author, are rare: two such records are one person's, unless
    # their own names or identifiers tell them apart.
    rivals = alike[1:]
    if entity.kind == "person" and first[0].confidence >= weights["chosen"]:
        rivals = [each for each in rivals if not may_be_one(first[1], each[1], rules)]
    several = entity.kind == "person" and not rivals
    if rivals and not first[0].is_exact:
        for place, (judgement, other) in enumerate(alike):
            rival = alike[1 if place == 0 else 0][1]
            text = f'"{rival.label}" ({rival.iri}) is as like'
            doubt = Reason("ambiguous", weights["ambiguous"], text, against=True)
            ranked[place] = (doubted(judgement, doubt, weights), other)
        first = ranked[0]
    links = []
    for place, (judgement, other) in enumerate(ranked[:_KEPT]):
        if judgement.confidence < weights["least"]:
            continue
        exact = judgement.is_exact
        one = (place == 0 and not rivals) or (several and may_be_one(first[1], other, rules))
        chosen = judgement.confidence >= weights["chosen"] and (exact or one)
        if place and not exact and first[0].is_exact:
            continue  # the registry's own record is known
        links.append(
            Link(
                subject=entity.iri,
                object=other.iri,
                kind=entity.kind,
                registry=registry,
                confidence=judgement.confidence,
                status=CHOSEN if chosen else CANDIDATE,
                exact=exact,
                justification=_justification(judgement),
                why=judgement.why,
                subject_label=entity.label,
                object_label=other.label,
            )
        )
    return links


def _ranked(judged: Sequence[tuple[Judgement, Entity]]) -> tuple[list[tuple[Judgement, Entity]], int]:
    """Order records, the likeliest first, and say how many are as like as that one.

    What has given way to a record as like, such as one that its registry has withdrawn, comes behind, uncounted.
    """
    ranked = sorted(judged, key=lambda each: (-each[0].confidence, each[1].iri))
    alike = [each for each in ranked if ranked[0][0].confidence - each[0].confidence < _MARGIN]
    known = {other.iri for _, other in alike}
    alike.sort(key=lambda each: (not each[0].is_exact, bool(each[1].successors & known)))
    replaced = [each for each in alike if alike[0][1].iri in each[1].successors]
    kept = [each for each in alike if each not in replaced]
    return [*kept, *replaced, *ranked[len(alike) :]], len(kept)


def _uncontested(
    links: Sequence[Link], entities: Mapping[str, Entity], rules: Rules, accepted: Collection[Pair]
) -> Iterator[Link]:
    """Choose no record for two things that cannot be one, such as twins of whom it gives the initial alone.

    What an identifier or a review settles stays, and the record is nothing else's. Of two organisations, it is that
    one's which is clearly more like it; of two people, nobody's.
    """

    def is_settled(link: Link) -> bool:
        return link.exact or (link.subject, link.object) in accepted

    def is_in_the_way(one: Link, of: Link) -> bool:
        near = of.kind == "person" or is_settled(one) or of.confidence - one.confidence < _MARGIN
        return near and not may_be_one(entities[of.subject], entities[one.subject], rules)

    claims: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        if link.status == CHOSEN:
            claims[link.object].append(link)
    for link in links:
        open_to_doubt = link.status == CHOSEN and not is_settled(link)
        others = [each for each in claims[link.object] if open_to_doubt and is_in_the_way(each, link)]
        if others:
            text = f'"{others[0].subject_label}" ({others[0].subject}) is as like'
            confidence = round(link.confidence * rules.weights["ambiguous"], 3)
            yield replace(link, status=CANDIDATE, confidence=confidence, why=f"{link.why}; {text}")
        else:
            yield link


def _justification(judgement: Judgement) -> str:
    """Name the process by the Semantic Mapping Vocabulary: a chain of identifiers, names, or several things."""
    kinds = judgement.kinds
    if kinds <= {"identifier", SHARED}:
        return "semapv:MappingChaining"
    return "semapv:LexicalMatching" if kinds <= {"name", "person_name", "acronym"} else "semapv:CompositeMatching"
