"""The score of a candidate, from 0 to 100, what it is made of, and whether it may be taken without a look.

A name is worth what :func:`~kgtool.link.reconciliation.words.likeness` says. An identifier decides: the same one makes
at least 95 unless the names contradict it, another one in the same register halves the score. Other properties have a
quarter of the say, as far as the candidate has values. A candidate that should be of another class loses a fifth.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kgtool.link.reconciliation.asked import Condition, Query
from kgtool.link.reconciliation.index import SAME, Name, Thing
from kgtool.link.reconciliation.offered import Classes, shortened
from kgtool.link.reconciliation.values import AGREES, Agreement, Property
from kgtool.link.reconciliation.words import bare_identifier, likeness, looks_like_identifier, words

#: From which score on a candidate may be taken without a look, and how far behind all others have to be.
SURE: Final = 95.0
AHEAD: Final = 5.0
_OF_PROPERTIES: Final = 0.25
_UNKNOWN: Final = 0.97
_OTHER_TYPE: Final = 0.8
_CONTRADICTED: Final = 0.5
#: What is left of a value that does not agree: that two towns are spelt alike says little.
_DISAGREES: Final = 0.3
#: Names less alike than this contradict an identifier that is the same.
_NAMES_DIFFER: Final = 0.6
#: What is then left of the identifier.
_TO_BE_LOOKED_AT: Final = 0.7
#: An alternative name of fewer letters is an acronym that others have too.
_ACRONYM: Final = 5
_LABELS: Final = 5
_NONE: Final[Mapping[str, Collection[str]]] = {}
#: What the features that compare an identifier begin with.
_IDENTIFIER: Final = "identifier:"


@dataclass(frozen=True)
class Feature:
    """A part of a score: a number from 0 to 100, or whether something holds."""

    id: str
    name: str
    value: float | bool


@dataclass(frozen=True)
class Candidate:
    """A thing that a query may mean.

    :param sure: whether nothing about the candidate itself keeps it from being taken without a look.
    :param why: in words, with the strings of the data.
    """

    thing: Thing
    score: float
    features: tuple[Feature, ...]
    why: tuple[str, ...]
    sure: bool
    match: bool = False


@dataclass(frozen=True)
class Evidence:
    """What is known of a candidate before it is scored: how well it agrees with each condition on a property."""

    agreements: Sequence[tuple[Condition, Property, Agreement]]


def scored(
    query: Query, thing: Thing, evidence: Evidence, classes: Classes, weights: Mapping[str, float]
) -> Candidate | None:
    """Score a thing as the answer to a query; None where a condition that is required says no.

    :param weights: of the words of all names; what many names have says little.
    """
    if any(c.required and (a.worth is None or a.worth < AGREES) for c, _, a in evidence.agreements):
        return None
    types = {classes.meant(each) for each in query.types}
    features: list[Feature] = []
    why: list[str] = []
    by_id = _by_id(query, thing, why)
    given, name, worth = _best_name(query.names, thing, weights)
    if any(c.required and not _holds(c, by_id, worth) for c in query.conditions):
        return None
    if given:
        features.append(Feature("name", "likeness of the names", round(100 * worth, 1)))
        if not by_id and name is not None:
            why.append(_of_names(given, name, worth))
    identified, contradicted = by_id, False
    shares: list[float] = []
    supported = False
    for condition, asked, found in evidence.agreements:
        feature = f"{_IDENTIFIER}{asked.register}" if asked.register else f"property:{shortened(asked.iri) or asked.id}"
        if found.worth is None:
            shares.append(_UNKNOWN * worth if given else 0.0)
            continue
        features.append(Feature(feature, asked.name("en"), round(100 * found.worth, 1)))
        why.append(_of_values(condition, asked, found))
        if asked.register and condition.quantifier == "any":
            identified |= found.worth == 1.0
            contradicted |= found.worth < 1.0
        else:
            shares.append(found.worth if found.worth >= AGREES else _DISAGREES * found.worth)
            supported |= found.worth >= 0.9
    score = _together(worth if given else None, shares)
    if identified:
        differs = bool(given) and not by_id and worth < _NAMES_DIFFER
        score = (
            max(score, _TO_BE_LOOKED_AT)
            if differs
            else max(score, 0.95 + 0.05 * (worth if given and not by_id else 1.0))
        )
        if differs:
            why.append("the names differ, so the identifier needs a look")
            identified = False
    if contradicted:
        score *= _CONTRADICTED
    has_type = not types or bool(types & set(thing.types))
    if types:
        features.append(Feature("type", "whether it is of the class", has_type))
        if not has_type:
            score *= _OTHER_TYPE
            why.append("it is of another class")
    alone = (
        worth >= SURE / 100
        and name is not None
        and (name.place < _LABELS or len("".join(name.words)) >= _ACRONYM or bool(types))
    )
    namesakes = bool(classes.with_namesakes & set(thing.types))
    if namesakes and alone and not identified and not supported:
        why.append("a name alone identifies nobody")
    sure = identified or (alone and (supported or not namesakes))
    return Candidate(
        thing,
        round(100 * score, 2),
        tuple(features),
        tuple(why),
        sure and not contradicted and has_type and score >= SURE / 100,
    )


def decided(
    candidates: Sequence[Candidate], successors: Callable[[], Mapping[str, Collection[str]]] = lambda: _NONE
) -> list[Candidate]:
    """Order candidates, and say which may be taken: the best, if it is sure and nothing else comes near.

    Nodes of several sources for one thing do not stand in each other's way: those that share an identifier, or are
    linked as the same. Nor does a name stand in the way of an identifier that was asked for and agrees;
    but where that is another thing's, no name is taken. What has given way to another thing, such as a record that its
    register has withdrawn, comes behind it, and is in nobody's way.

    :param successors: asked when several come near: IRIs of things to those of what took their place.
    """
    ordered = sorted(
        candidates, key=lambda each: (-each.score, not each.sure, -len(each.thing.identifiers), each.thing.iri)
    )
    if not ordered or not ordered[0].sure:
        return ordered
    first = ordered[0]
    near = [each for each in ordered[1:] if each.score > first.score - AHEAD and not same(first.thing, each.thing)]
    if near:
        after = successors()
        taking = [e for e in near if e.score == first.score and e.thing.iri in after.get(first.thing.iri, ())]
        if taking and taking[0].sure:
            first = taking[0]
            ordered = [first, *(each for each in ordered if each is not first)]
    rivals = [
        each
        for each in ordered[1:]
        if each.score > first.score - AHEAD
        and not same(first.thing, each.thing)
        and not (near and first.thing.iri in after.get(each.thing.iri, ()))
    ]
    identified = [each for each in ordered if _has_identifier(each)]
    if identified:
        rivals = [each for each in identified if each in rivals] if first in identified else identified
    return [_taken(first), *ordered[1:]] if not rivals else ordered


def same(one: Thing, other: Thing) -> bool:
    """Tell whether two nodes are linked as the same, or have an identifier in common."""
    links = [{(register, bare) for register, bare, _ in thing.identifiers} for thing in (one, other)]
    if links[0] & links[1]:
        return True
    shown = [{shown for register, _, shown in thing.identifiers if register == SAME} for thing in (one, other)]
    return one.iri in shown[1] or other.iri in shown[0]


def _has_identifier(candidate: Candidate) -> bool:
    """Tell whether a candidate has an identifier that the query gives."""
    return any(feature.id.startswith(_IDENTIFIER) and feature.value == 100 for feature in candidate.features)


def _taken(first: Candidate) -> Candidate:
    return Candidate(first.thing, first.score, first.features, first.why, first.sure, match=True)


def _together(name: float | None, shares: Sequence[float]) -> float:
    if name is None:
        return sum(shares) / len(shares) if shares else 0.0
    if not shares:
        return name
    return (1 - _OF_PROPERTIES) * name + _OF_PROPERTIES * sum(shares) / len(shares)


def _by_id(query: Query, thing: Thing, why: list[str]) -> bool:
    """Tell whether the query gives the thing's own id, or an identifier of it in the place of a name."""
    for condition in query.conditions:
        for value in condition.values:
            if condition.kind == "id" and thing.iri in (value.text, value.id):
                why.append(f'the id is "{thing.iri}"')
                return True
            if condition.kind == "name" and looks_like_identifier(value.text):
                if value.text.strip() == thing.iri:
                    why.append(f'what is looked for is its IRI "{thing.iri}"')
                    return True
                bare = bare_identifier(value.text)
                for register, held, shown in thing.identifiers:
                    if bare == held:
                        why.append(
                            f'what is looked for, "{value.text.strip()}", is its identifier: {register} "{shown}"'
                        )
                        return True
    return False


def _holds(condition: Condition, by_id: bool, worth: float) -> bool:
    """Tell whether a condition on the id or the name holds; those on properties are looked at elsewhere."""
    if condition.kind == "property":
        return True
    return (by_id or (condition.kind == "name" and worth >= AGREES)) is (condition.quantifier != "none")


def _best_name(names: Sequence[str], thing: Thing, weights: Mapping[str, float]) -> tuple[str, Name | None, float]:
    """Give which of the names that are looked for the thing has best, its name for it, and how alike they are."""
    found = [(given, *_best_of(given, thing, weights)) for given in names]
    return max(found, key=lambda each: each[2], default=("", None, 0.0))


def _best_of(given: str, thing: Thing, weights: Mapping[str, float]) -> tuple[Name | None, float]:
    asked = words(given)
    if not asked:
        return None, 0.0
    compared = ((likeness(asked, name.words, weights), -name.place, name) for name in thing.names)
    worth, _, name = max(compared, key=lambda each: each[:2], default=(0.0, 0, None))
    return name, worth


def _of_names(given: str, name: Name, worth: float) -> str:
    held = f'"{name.text}"'
    if worth == 1.0:
        return f"its name is {held}" if given == name.text else f'"{given}" and its name {held} are the same words'
    if worth > 0.97:
        return f'"{given}" and its name {held} are the same words in another order'
    return f'"{given}" resembles its name {held} ({100 * worth:.0f} of 100)'


def _of_values(condition: Condition, asked: Property, found: Agreement) -> str:
    property = asked.name("en")
    if condition.quantifier == "none":
        return (
            f'none of the values is its {property} "{found.held}"'
            if found.worth and found.worth >= AGREES
            else f'its {property} is "{found.held}"'
        )
    if found.worth == 1.0:
        return f'its {property} is "{found.held}"'
    if found.worth and found.worth >= AGREES:
        return f'its {property} "{found.held}" resembles "{found.given}"'
    return f'its {property} is "{found.held}", not "{found.given}"'
