"""A person by name and unit: for sources that give no identifier of somebody, but say where that person works.

A bare name identifies nobody; a full name in a unit of some hundred people nearly always does. Classes of what is small
enough are marked in ``erasure.ttl``. A full name alone is listed too, so that it is noticed who has to be looked at; it
decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad

from kgtool.store.interface import Subject
from kgtool.transactions.forgetting.mentions import full_names, words
from kgtool.transactions.forgetting.rules import Rules
from kgtool.transactions.forgetting.statements import Statements

#: What stands among the registers of a list that knows people by name and unit.
SCHEME: Final = "member"


def of_name(name: str) -> str:
    """Give what a full name is in any order, case and spelling of accents; empty where a part is an initial alone.

    >>> of_name("BUÉE, Luc") == of_name("Luc Buee"), of_name("L. Buée"), of_name("Buée")
    (True, '', '')
    """
    said = sorted(words(name))
    return f"name:{' '.join(said)}" if sum(len(word) > 1 for word in said) > 1 else ""


def of_member(name: str, place: str) -> str:
    """Give what a full name is in a unit.

    :param name: as :func:`of_name` gives it.
    :param place: one of the names of the unit.
    """
    return f"{SCHEME}:{name}@{place}"


def places_of(person: Subject, statements: Statements, rules: Rules) -> set[NamedNode]:
    """Give what somebody belongs to, by a node between them or directly."""
    nodes = {q.subject for q in statements.to(person) if q.predicate in rules.subject_goes}
    return {
        quad.object
        for node in (person, *nodes)
        if isinstance(node, Subject)
        for quad in statements.of(node)
        if quad.predicate in rules.belonging and isinstance(quad.object, NamedNode)
    }


def names_with_units(
    person: Subject,
    statements: Statements,
    rules: Rules,
    names_of_unit: Callable[[Subject], Collection[str]],
    *,
    small: bool,
) -> set[str]:
    """Give what a person is known by without identifiers; empty for somebody without a unit or a full name.

    :param names_of_unit: gives the IRIs and identifiers of a unit.
    :param small: whether only places count that are said to be small, as for a list; what is held against a list may
        say of a unit nothing but its number.
    """
    called = {name for text in full_names([person], statements, rules) if (name := of_name(text))}
    units = places_of(person, statements, rules)
    counting = {unit for unit in units if not small or statements.is_one_of(unit, rules.small)}
    places = {name for unit in counting for name in names_of_unit(unit)}
    return (called if places else set()) | {of_member(name, place) for name in called for place in places}


def may_be_somebody(
    quads: Iterable[Quad], statements: Statements, holds: Callable[[str], bool], rules: Rules
) -> Iterator[Subject]:
    """Give the nodes of quads that have a full name which is listed, each once or more often."""
    tested: dict[str, bool] = {}
    looked_at: set[Subject] = set()

    def is_listed(text: str) -> bool:
        if text not in tested:
            name = of_name(text)
            tested[text] = bool(name) and holds(name)
        return tested[text]

    def look_at(node: object) -> Iterator[Subject]:
        if isinstance(node, Subject) and node not in looked_at:
            looked_at.add(node)
            if any(map(is_listed, full_names([node], statements, rules))):
                yield node

    for quad in quads:
        subject, predicate, value = quad.triple
        if predicate in rules.full_names:
            if is_listed(getattr(value, "value", "")):
                yield from look_at(subject)
        elif predicate in rules.family_names or predicate in rules.given_names:
            yield from look_at(subject)
        elif predicate in rules.subject_goes:
            yield from look_at(value)
        elif predicate in rules.belonging and isinstance(subject, Subject):
            yield from look_at(subject)
            for each in statements.of(subject):
                if each.predicate in rules.subject_goes:
                    yield from look_at(each.object)
