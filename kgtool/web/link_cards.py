"""Links as cards to decide on: both sides with what is known of them, what they share, and the reasons in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kgtool.errors import KgtoolError
from kgtool.link.entities.reviewed import ReviewedLink
from kgtool.link.reconciliation.words import bare_identifier, words
from kgtool.web.evidence_words import Told, told_reasons
from kgtool.web.names import looked_up
from kgtool.web.problems import HttpProblem
from kgtool.web.reconcile_answers import Tell
from kgtool.web.source import here

#: Digits of a year, which identifies nothing.
_YEAR: Final = 4


@dataclass(frozen=True)
class Side:
    """One of the two things of a link.

    :param names: other names; ``types``, ``context`` and ``identifiers`` (register, value) as the search shows them.
    """

    iri: str
    label: str
    names: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Card:
    """A link with its sides.

    :param shared: what both sides have, as :meth:`has` compares it.
    """

    reviewed: ReviewedLink
    sides: tuple[Side, Side]
    reasons: tuple[Told, ...]
    shared: frozenset[str]

    def has(self, text: str) -> bool:
        """Tell whether both sides have a name, a class, a place or an identifier."""
        return not _compared(text).isdisjoint(self.shared)


def cards(links: Sequence[ReviewedLink], language: str) -> list[Card]:
    """Make cards of links; needs a request.

    Where the index of names does not answer, they say no more than the links themselves.
    """
    source = here()
    iris = tuple(dict.fromkeys(iri for each in links for iri in (each.link.subject, each.link.object)))
    known: dict[str, Mapping[str, Any]] = {}
    if iris:
        try:
            body, _ = looked_up(source, Tell(iris), language, source.settings.query_timeout)
            known = {each["iri"]: each for each in json.loads(body)}
        except (KgtoolError, HttpProblem):
            known = {}
    found = []
    for each in links:
        link = each.link
        one = _side(link.subject, link.subject_label, known.get(link.subject, {}))
        other = _side(link.object, link.object_label, known.get(link.object, {}))
        found.append(Card(each, (one, other), tuple(told_reasons(link.why)), _of(one) & _of(other)))
    return found


def _side(iri: str, label: str, known: Mapping[str, Any]) -> Side:
    names = [*([known["label"]] if known else []), *known.get("names", ())]
    return Side(
        iri=iri,
        label=label,
        names=tuple(name for name in dict.fromkeys(names) if name != label),
        types=tuple(each["name"] for each in known.get("types", ())),
        context=tuple(part for line in known.get("context", "").split(" · ") for part in line.split(", ") if part),
        identifiers=tuple((register, value) for register, value in known.get("identifiers", ())),
    )


def _of(side: Side) -> frozenset[str]:
    texts = (side.label, *side.names, *side.types, *side.context, *(value for _, value in side.identifiers))
    return frozenset().union(*map(_compared, texts))


def _compared(text: str) -> frozenset[str]:
    """Give what is compared of a text: its words, and what it is as an identifier if it has a number."""
    found = {" ".join(words(text))}
    if sum(character.isdigit() for character in text) > _YEAR:
        found.add(bare_identifier(text))
    return frozenset(found - {""})
