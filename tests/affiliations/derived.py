"""The ``kg:Affiliation`` nodes that a closure holds, read as strictly as a client may read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from pyoxigraph import Literal, Triple

from kgtool.vocabulary import PREFIXES, iri

from .facts import Facts, Node
from .oracle import Affiliation

ENDS = ("person", "institution", "through")
BOUNDS = ("possibleFrom", "possibleUntil", "certainFrom", "certainUntil")
ATTRIBUTES = {iri("kg", name): name for name in (*ENDS, "membership", *BOUNDS)}
TYPE, AFFILIATION = iri("rdf", "type"), iri("kg", "Affiliation")


def derived(inferred: Iterable[Triple], facts: Facts) -> set[Affiliation]:
    """Give the affiliations of a closure, each thing by its name of record.

    :raises AssertionError: if a node lacks its type or an end, has two values, or says the same as another one.
    """
    nodes: dict[Node, dict[str, set]] = defaultdict(lambda: defaultdict(set))
    typed = set()
    for triple in inferred:
        if (name := ATTRIBUTES.get(triple.predicate)) is not None:
            nodes[triple.subject][name].add(_value(triple.object, facts))
        elif triple.predicate == TYPE and triple.object == AFFILIATION:
            typed.add(triple.subject)
    assert typed == nodes.keys(), f"type and attributes differ: {typed ^ nodes.keys()}"
    found = [_affiliation(node, attributes) for node, attributes in nodes.items()]
    assert len(found) == len(set(found)), f"two nodes say the same: {found}"
    return set(found)


def affiliated_with(inferred: Iterable[Triple], facts: Facts) -> set[tuple[Node, Node]]:
    """Give the pairs of ``kg:affiliatedWith``, each thing by its name of record."""
    shortcut = iri("kg", "affiliatedWith")
    return {(facts.name(t.subject), facts.name(t.object)) for t in inferred if t.predicate == shortcut}


def _value(value: Node | Literal, facts: Facts) -> Node | date:
    if not isinstance(value, Literal):
        return facts.name(value)
    assert value.datatype.value == PREFIXES["xsd"] + "date", value
    return date.fromisoformat(value.value)


def _affiliation(node: Node, attributes: dict[str, set]) -> Affiliation:
    assert all(len(values) == 1 for values in attributes.values()), f"{node}: {dict(attributes)}"
    assert all(end in attributes for end in ENDS), f"{node}: {dict(attributes)}"
    return Affiliation(*(next(iter(attributes.get(name, {None}))) for name in ATTRIBUTES.values()))
