"""What speaks for two things being the same, and what against: a confidence, and each reason in words.

Reasons that do not depend on one another add up as 1 - (1 - a)(1 - b): each takes a share of the doubt that the others
leave. What each is worth is in ``linking.toml``. A person is never chosen on a name alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kgtool.link.entities.entity import Entity, Work
from kgtool.link.entities.naming import NameLikeness, WordWeights, unit_numbers
from kgtool.link.entities.rules import Rules
from kgtool.link.folding import folded
from kgtool.link.people import compare, read_name

#: The kind of reason that identifiers of one scheme differ though those of another agree.
DIFFERING = "differing"
#: The kind of reason of an identifier that several things may share.
SHARED = "shared_identifier"
#: Without one of these, what else two things share says nothing.
_FIRST = ("identifier", SHARED, "name", "person_name", "acronym", "unit_number", "homepage")
#: What says which thing it is.
_NAMING = frozenset({"identifier", "name", "person_name", "acronym", "unit_number"})
#: An organisation of more things than this says less of each, and how much less.
_MANY = 15
_OF_MANY = 0.4
#: Of a name: below this two names are those of two things.
_ALIKE = 0.6
#: Of a person's name: up to this only initials or forms of it agree (Michel, Michele), or the spelling is doubtful.
_INITIALS = 0.9


@dataclass(frozen=True)
class Reason:
    """One reason.

    :param kind: as ``linking.toml`` names it under ``weights``.
    :param worth: what it is worth by itself, from 0 to 1; a factor below 1 for what speaks against.
    """

    kind: str
    worth: float
    words: str
    against: bool = False


@dataclass(frozen=True)
class Judgement:
    """What all reasons together say.

    :param conflict: why the two cannot be the same; None if they can.
    """

    confidence: float
    reasons: tuple[Reason, ...]
    conflict: str | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of what speaks for it."""
        return frozenset(reason.kind for reason in self.reasons if not reason.against)

    @property
    def is_exact(self) -> bool:
        """Whether an identifier settles it, and none speaks against."""
        return "identifier" in self.kinds and not any(reason.kind == DIFFERING for reason in self.reasons)

    @property
    def why(self) -> str:
        """The reasons in words."""
        return "; ".join(reason.words for reason in self.reasons)


def judge(one: Entity, other: Entity, rules: Rules, words: WordWeights) -> Judgement:
    """Say whether two things of one kind may be the same."""
    weights = rules.weights
    reasons = list(_identifiers(one, other, rules))
    differing = _differing(one, other, rules)
    if differing and not _settles(one, other, rules):
        return Judgement(0.0, (), differing)
    if differing:  # an authority may have two records of one thing, or the data are wrong: people have to look
        reasons.append(Reason(DIFFERING, weights[DIFFERING], differing, against=True))
    if one.kind == "person":
        reasons += _of_people(one, other, weights, words)
    else:
        reasons += _of_things(one, other, rules, words)
    if not any(reason.kind in _FIRST and not reason.against for reason in reasons):
        return Judgement(0.0, ())
    return Judgement(_together(reasons, weights), tuple(reasons))


def doubted(judgement: Judgement, reason: Reason, weights: Mapping[str, float]) -> Judgement:
    """Add a reason against, unless an identifier settles it."""
    if "identifier" in judgement.kinds:
        return judgement
    reasons = (*judgement.reasons, reason)
    return Judgement(_together(reasons, weights), reasons)


def _together(reasons: Sequence[Reason], weights: Mapping[str, float]) -> float:
    doubt, factor = 1.0, 1.0
    kinds = set()
    for reason in reasons:
        if reason.against:
            factor *= reason.worth
            continue
        doubt *= 1 - reason.worth
        kinds.add(reason.kind)
    if "identifier" in kinds:
        factor = weights[DIFFERING] if any(reason.kind == DIFFERING for reason in reasons) else 1.0
    confidence = (1 - doubt) * factor
    if not kinds & _NAMING:
        confidence = min(confidence, weights["nameless"])
    if kinds == {"person_name"}:
        confidence = min(confidence, weights["name_alone"])
    return round(confidence, 3)


def _differing(one: Entity, other: Entity, rules: Rules) -> str | None:
    """Give the identifiers of one scheme that two things cannot both have."""
    settled = {scheme for scheme, _ in one.identifiers.keys() & other.identifiers.keys()}
    for scheme in sorted({scheme for scheme, _ in one.identifiers} & {scheme for scheme, _ in other.identifiers}):
        if scheme not in settled and rules.scheme(scheme).one:
            return f"{scheme} {_values(one, scheme)} is not {scheme} {_values(other, scheme)}"
    return None


def _settles(one: Entity, other: Entity, rules: Rules) -> bool:
    """Tell whether two things share an identifier that nothing else has."""
    return any(rules.scheme(scheme).one for scheme, _ in one.identifiers.keys() & other.identifiers.keys())


def _values(entity: Entity, scheme: str) -> str:
    return ", ".join(sorted(value for (name, _), value in entity.identifiers.items() if name == scheme))


def _identifiers(one: Entity, other: Entity, rules: Rules) -> Iterable[Reason]:
    for scheme, key in sorted(one.identifiers.keys() & other.identifiers.keys()):
        kind = SHARED if rules.scheme(scheme).shared else "identifier"
        yield Reason(kind, rules.weights[kind], f"{scheme} {one.identifiers[scheme, key]} in both")


def _of_things(one: Entity, other: Entity, rules: Rules, words: WordWeights) -> list[Reason]:
    weights = rules.weights
    found = words.compare(one.names, other.names)
    reasons = [*_name(found, weights), *_numbers(one, other, rules)]
    if one.homepages & other.homepages:
        address = min(one.homepages & other.homepages)
        reasons.append(Reason("homepage", weights["homepage"], f'home page "{address}" in both'))
    reasons += _places(one, other, weights)
    shared = _shared(one.organisations, other.organisations, words.organisations)
    reasons += _reason("organisation", shared, weights["organisation"], "both belong to")
    return reasons


def _name(found: NameLikeness, weights: Mapping[str, float]) -> Iterable[Reason]:
    if found.score < _ALIKE:
        return
    kind = "acronym" if found.acronym else "name"
    worth = weights[kind] * (found.score if found.score == 1 else found.score**2)
    if found.score == 1:
        same = found.one == found.other
        text = f'{kind} "{found.one}" in both' if same else f'{kind} "{found.one}" has the words of "{found.other}"'
    else:
        text = f'{kind} "{found.one}" is like "{found.other}" ({found.score:.2f})'
    yield Reason(kind, worth, text)


def _numbers(one: Entity, other: Entity, rules: Rules) -> Iterable[Reason]:
    ours = {number for name in one.names for number in unit_numbers(name, rules.unit_labels)}
    theirs = {number for name in other.names for number in unit_numbers(name, rules.unit_labels)}
    if ours & theirs:
        yield Reason("unit_number", rules.weights["unit_number"], f"unit number {min(ours & theirs)} in both")
    elif ours and theirs:
        text = f"unit number {', '.join(sorted(ours))} is not {', '.join(sorted(theirs))}"
        yield Reason("unit_number", 0.2, text, against=True)


def _places(one: Entity, other: Entity, weights: Mapping[str, float]) -> Iterable[Reason]:
    shared = sorted(one.places.keys() & other.places.keys())
    if shared:
        yield Reason("place", weights["place"], f'both in "{one.places[shared[0]]}"')
    elif one.places and other.places:
        ours, theirs = min(one.places.values()), min(other.places.values())
        yield Reason("other_place", weights["other_place"], f'one in "{ours}", the other in "{theirs}"', against=True)


def _shared(one: Mapping[str, str], other: Mapping[str, str], counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Give the names of what two things share, each with how many things of the registry share it, rarest first."""
    found: dict[str, int] = {}
    for key in one.keys() & other.keys():
        found[one[key]] = max(found.get(one[key], 0), counts.get(key, 0))
    return sorted(found.items(), key=lambda each: (each[1], each[0]))


def _reason(kind: str, shared: list[tuple[str, int]], worth: float, verb: str) -> Iterable[Reason]:
    if shared:
        listed = ", ".join(f'"{name}"' for name, _ in shared[:3])
        many = shared[0][1] > _MANY
        of_many = f", as {shared[0][1]} others are" if many else ""
        yield Reason(kind, worth * (_OF_MANY if many else 1), f"{verb} {listed}{of_many}")


def _of_people(one: Entity, other: Entity, weights: Mapping[str, float], words: WordWeights) -> list[Reason]:
    best, ours, theirs = max(
        ((compare(a, b), a.text, b.text) for a in one.printed_names() for b in other.printed_names()),
        key=lambda each: each[0].score,
        default=(None, "", ""),
    )
    reasons: list[Reason] = []
    if best is not None and best.score >= _ALIKE:
        full = best.score > _INITIALS
        worth = weights["person_name" if full else "person_initials"] * best.score
        reasons.append(Reason("person_name", worth, f'names "{ours}" and "{theirs}": {best.why}'))
    organisations = _shared(one.organisations, other.organisations, words.organisations)
    reasons += _reason("organisation", organisations, weights["person_organisation"], "both affiliated with")
    reasons += _reason("work", _same_works(one.works, other.works), weights["person_work"], "both took part in")
    together = sorted(_same_people(one.companions, other.companions))
    if together:
        listed = ", ".join(f'"{name}"' for name in together[:3])
        reasons.append(Reason("companion", weights["person_companion"], f"both worked with {listed}"))
    return reasons


def _same_works(one: Iterable[Work], other: Iterable[Work]) -> list[tuple[str, int]]:
    """Give what two people both took part in; publications that have DOIs are compared by them, whatever the titles."""
    by_key: dict[str, list[Work]] = {}
    for theirs in other:
        for key in theirs.keys | theirs.dois:
            by_key.setdefault(key, []).append(theirs)
    found = {
        ours.title
        for ours in one
        for key in ours.keys | ours.dois
        for theirs in by_key.get(key, ())
        if not ours.dois or not theirs.dois or ours.dois & theirs.dois
    }
    return [(title, 0) for title in sorted(found)]


def may_be_one(one: Entity, other: Entity, rules: Rules) -> bool:
    """Tell whether two records may be of one thing: no identifier excludes it, and people's names agree."""
    if _settles(one, other, rules):
        return True
    if _differing(one, other, rules):
        return False
    if one.kind != "person":
        return True
    return any(compare(a, b).score >= _ALIKE for a in one.printed_names() for b in other.printed_names())


def _same_people(one: Iterable[str], other: Iterable[str]) -> set[str]:
    """Give the names of the one that stand, in full, among the others in whatever order."""
    theirs = {_sorted_words(name) for name in other}
    return {name for name in one if _sorted_words(name) in theirs}


@lru_cache(maxsize=65536)
def _sorted_words(name: str) -> tuple[str, ...]:
    words = read_name(name).words
    return tuple(sorted(words)) if sum(len(word) > 1 for word in words) > 1 else (folded(name), "")
