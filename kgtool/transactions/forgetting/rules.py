"""What goes with a person, and how one is told from another, as ``erasure.ttl`` of the ontology says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from kgtool.errors import Location, ParseError
from kgtool.resources import packaged
from kgtool.transactions.building import ERASURE
from kgtool.vocabulary import iri


@dataclass(frozen=True)
class Rules:
    """Properties and classes by what they mean for a person who is forgotten.

    :param subject_goes: properties whose subject exists for their value; ``object_goes`` whose value for their subject.
    :param same: properties with a value that tells two nodes to be one person.
    :param identifying: properties with an identifier's node, which has a ``register`` and a ``value``.
    :param belonging: properties that lead from somebody, or from a node between, to where that person belongs.
    :param small: classes of those places in which a full name is one person's.
    :param full_names, given_names, family_names: properties with a person's name.
    :param tells_origin: classes of what tells where facts come from; ``no_person`` of what no person is.
    """

    subject_goes: frozenset[NamedNode]
    object_goes: frozenset[NamedNode]
    same: frozenset[NamedNode]
    identifying: frozenset[NamedNode]
    register: frozenset[NamedNode]
    value: frozenset[NamedNode]
    belonging: frozenset[NamedNode]
    small: frozenset[NamedNode]
    full_names: frozenset[NamedNode]
    given_names: frozenset[NamedNode]
    family_names: frozenset[NamedNode]
    tells_origin: frozenset[NamedNode]
    no_person: frozenset[NamedNode]


def rules_of(ontology: Path) -> Rules:
    """Read the rules that a store keeps in the folder of its ontology, or the packaged ones if it keeps none.

    :raises ParseError: if the file is no Turtle.
    """
    file = ontology / ERASURE
    return _read(file if file.is_file() else packaged("ontology") / ERASURE)


@cache
def _read(file: Path) -> Rules:
    marked: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    try:
        for quad in parse(path=str(file), format=RdfFormat.TURTLE):
            if quad.predicate == iri("rdf", "type") and isinstance(quad.subject, NamedNode):
                marked[quad.object].add(quad.subject)
    except (SyntaxError, OSError) as error:
        raise ParseError(str(error), where=Location(str(file)), hint="correct the ontology's file") from error

    def of(name: str) -> frozenset[NamedNode]:
        return frozenset(marked[iri("kg", name)])

    return Rules(
        subject_goes=of("SubjectGoesToo"),
        object_goes=of("ObjectGoesToo"),
        same=of("SamePerson"),
        identifying=of("Identifying"),
        register=of("Register"),
        value=of("ValueThere"),
        belonging=of("PlaceThere"),
        small=of("SmallPlace"),
        full_names=of("PersonName"),
        given_names=of("GivenName"),
        family_names=of("FamilyName"),
        tells_origin=of("TellsOrigin"),
        no_person=of("NoPerson"),
    )
