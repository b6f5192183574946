"""Who is meant: the nodes that are a person under one of the names by which that person is known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from kgtool.store.interface import Subject
from kgtool.transactions.forgetting import members, names
from kgtool.transactions.forgetting.rules import Rules
from kgtool.transactions.forgetting.statements import Statements


@dataclass(frozen=True)
class Known:
    """The names of people as a test: a stop list, or names as they are.

    :param holds: tells whether a name is one of theirs.
    :param schemes: the registers of their identifiers.
    """

    holds: Callable[[str], bool]
    schemes: Collection[str]


@dataclass(frozen=True)
class Names:
    """Under which names people are known.

    :param names: one spelling of each IRI and identifier, and names with units; ``schemes`` the registers.
    :param texts: their IRIs and long identifiers, as they are written.
    """

    names: set[str]
    schemes: set[str]
    texts: set[str]


def names_of(people: Collection[Subject], statements: Statements, rules: Rules) -> Names:
    """Give every name of people: their IRIs, those that are the same, their identifiers, names with units."""
    found = _identities(people, statements, rules)

    def names_of_unit(unit: Subject) -> Collection[str]:
        return _identities([unit], statements, rules).names

    with_units = {
        name
        for person in people
        for name in members.names_with_units(person, statements, rules, names_of_unit, small=True)
    }
    schemes = found.schemes | ({members.SCHEME} if with_units else set())
    return Names(found.names | with_units, schemes, found.texts)


def _identities(nodes: Iterable[Subject], statements: Statements, rules: Rules) -> Names:
    """Give the IRIs and identifiers of nodes, whatever they are."""
    found: set[str] = set()
    schemes: set[str] = set()
    texts: set[str] = set()
    for node in nodes:
        if isinstance(node, NamedNode):
            found.add(names.of_iri(node.value))
            texts.add(node.value)
        for quad in statements.of(node):
            if quad.predicate in rules.same and isinstance(quad.object, NamedNode | Literal):
                found.add(names.of_iri(quad.object.value))
            elif quad.predicate in rules.identifying:
                pairs = list(_identifiers(quad.object, statements, rules))
                if isinstance(quad.object, NamedNode) and not pairs:
                    found.add(names.of_iri(quad.object.value))
                for register, value in pairs:
                    found.add(names.of_identifier(register, value))
                    schemes.add(names.scheme(register))
                    texts |= {value} if len(value) >= names.LEAST else set()
    return Names(found, schemes, texts)


def people_in(quads: Collection[Quad] | None, statements: Statements, known: Known, rules: Rules) -> set[Subject]:
    """Give the nodes of quads that are one of the people known.

    :param quads: None for all that is said.
    :param statements: all that is said, these quads included.
    """
    tested: dict[str, bool] = {}

    def is_known(iri: str) -> bool:
        if iri not in tested:
            tested[iri] = any(map(known.holds, names.in_iri(iri, known.schemes)))
        return tested[iri]

    found: set[Subject] = set()
    holders: set[Subject] = set()
    asked: set[Subject] = set()

    def look_at_identifier(node: object) -> None:
        if not isinstance(node, Subject) or node in asked:
            return
        asked.add(node)
        pairs = (names.of_identifier(*pair) for pair in _identifiers(node, statements, rules))
        if any(map(known.holds, pairs)):
            holders.update(q.subject for q in statements.to(node) if q.predicate in rules.identifying)  # type: ignore[misc]

    for quad in statements.all() if quads is None else quads:
        subject, predicate, value = quad.triple
        says_same = predicate in rules.same
        if isinstance(subject, NamedNode) and is_known(subject.value):
            found.add(subject)
            if says_same and isinstance(value, NamedNode):
                holders.add(value)
        if isinstance(value, NamedNode):
            if is_known(value.value):
                if predicate in rules.identifying:
                    holders.add(subject)
                else:
                    found.add(value)
                    if says_same:
                        holders.add(subject)
        elif isinstance(value, Literal) and says_same and is_known(value.value):
            holders.add(subject)
        if predicate in rules.identifying:
            look_at_identifier(value)
        elif predicate in rules.value or predicate in rules.register:
            look_at_identifier(subject)
        if isinstance(quad.graph_name, NamedNode) and is_known(quad.graph_name.value):
            found.add(quad.graph_name)
    if members.SCHEME in known.schemes:
        holders |= _members_in(statements.all() if quads is None else quads, statements, known, rules) - found
    return found | {node for node in holders if not statements.is_one_of(node, rules.no_person)}


def _members_in(quads: Iterable[Quad], statements: Statements, known: Known, rules: Rules) -> set[Subject]:
    """Give the nodes of quads that are known by a full name and a unit."""

    def names_of_unit(unit: Subject) -> Collection[str]:
        return _identities([unit], statements, rules).names

    found: set[Subject] = set()
    for node in members.may_be_somebody(quads, statements, known.holds, rules):
        said = members.names_with_units(node, statements, rules, names_of_unit, small=False)
        if any(known.holds(name) for name in said if name.startswith(f"{members.SCHEME}:")):
            found.add(node)
    return found


def _identifiers(node: object, statements: Statements, rules: Rules) -> Iterator[tuple[str, str]]:
    """Give the registers and the values there of an identifier's node."""
    if not isinstance(node, Subject):
        return
    said = list(statements.of(node))
    for register in (q.object for q in said if q.predicate in rules.register):
        for value in (q.object for q in said if q.predicate in rules.value):
            if isinstance(register, NamedNode | Literal) and isinstance(value, NamedNode | Literal):
                yield register.value, value.value
