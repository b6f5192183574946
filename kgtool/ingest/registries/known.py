"""Entities that are known already, by their official identifiers: a record of the same thing takes their name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from kgtool.ingest.reading import read_quads
from kgtool.ingest.registries.places import slug
from kgtool.ingest.registries.schemes import bare
from kgtool.ingest.sources import sources_of_files, sources_of_folder
from kgtool.vocabulary import iri

Identifier = tuple[str, str]
#: A name with the identifiers beside it.
Named = tuple[str, Sequence[Identifier]]
#: The scheme of a record's own address, which an entity may give as its source (``dcterms:source``).
ADDRESS: Final = "address of the record"

_HAS: Final = iri("schema", "identifier")
_SCHEME: Final = iri("schema", "propertyID")
_VALUE: Final = iri("schema", "value")
_SOURCE: Final = iri("dcterms", "source")
#: Words of so many letters (de, d, la) make no name.
_SMALL: Final = 2
#: The two ends of the nodes that tie a person, or a supervisor, to an organisation.
_ENDS: Final = {
    iri("org", "member"): 0,
    iri("kg", "supervisingInstitution"): 0,
    iri("org", "organization"): 1,
    iri("kg", "supervisedUnit"): 1,
}
_EVENT: Final = (iri("org", "originalOrganization"), iri("org", "resultingOrganization"))
_NAMES: Final = (iri("foaf", "name"), iri("rdfs", "label"), iri("skos", "altLabel"))


@dataclass(frozen=True)
class Known:
    """Entities by identifier, where exactly one has it, and the identifiers of each by scheme."""

    holders: Mapping[Identifier, str] = field(default_factory=dict)
    carried: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    #: Organisation to slug of a name to the one person of that name who has a function there, or the one supervisor.
    members: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Slug of a name to the one thing of that name: for names that hold an official number, as nobody is a name alone.
    named: Mapping[str, str] = field(default_factory=dict)
    #: Organisations before and after a reorganisation that is told of already: who counts them counts each once.
    successions: frozenset[tuple[str, str]] = frozenset()

    def find(self, identifiers: Sequence[Identifier]) -> str | None:
        """Give the one entity that a record is by its identifiers, the registry's own first.

        An entity that has another identifier of the registry's own scheme is another record's: a hospital's sites share
        the number of their company, and are not each other.
        """
        found = {holder for pair in identifiers if (holder := self.holders.get((pair[0], bare(*pair)))) is not None}
        if len(found) != 1 or not identifiers:
            return None
        (entity,) = found
        own, value = identifiers[0]
        others = self.carried.get(entity, {}).get(own, frozenset())
        return entity if not others or bare(own, value) in others else None

    def learning(self, named: Iterable[tuple[str, Sequence[Named]]]) -> Known:
        """Add the identifiers by which records name what is known already at the same organisation.

        :param named: an organisation, and what a record of it names there.
        """
        found: defaultdict[Identifier, set[str]] = defaultdict(set)
        for organisation, there in named:
            for name, pairs in there:
                other = self._named_alike(organisation, name, [slug(each) for each, _ in there])
                if other is not None and not any((pair[0], bare(*pair)) in self.holders for pair in pairs):
                    for pair in pairs:
                        found[pair[0], bare(*pair)].add(other)
        learnt = {pair: next(iter(others)) for pair, others in found.items() if len(others) == 1}
        return replace(self, holders={**learnt, **self.holders})

    def _named_alike(self, organisation: str, name: str, names: Sequence[str]) -> str | None:
        """Give who is known at an organisation by this name, or by one whose words this one has, or the reverse.

        Words count as alike only where no other name in the record, and nobody else who is known there, has them.
        """
        there = self.members.get(organisation, {})
        exact = there.get(slug(name))
        if exact is not None:
            return exact
        taken = {there[each] for each in names if each in there}
        alike = {other for each, other in there.items() if other not in taken and _contained(slug(name), each)}
        if len(alike) != 1:
            return None
        (other,) = alike
        known = [each for each, holder in there.items() if holder == other]
        rivals = [each for each in names if each not in there and any(_contained(each, one) for one in known)]
        return other if rivals == [slug(name)] else None


def _contained(one: str, other: str) -> bool:
    """Tell whether one name has all the words of the other, small ones aside.

    >>> _contained("universite-picardie-jules-verne-amiens", "universite-de-picardie-jules-verne")
    True
    """
    mine, others = ({word for word in name.split("-") if len(word) > _SMALL} for name in (one, other))
    return min(len(mine), len(others)) > 1 and (mine <= others or others <= mine)


def known_in(paths: Iterable[Path], *, apart: str = "") -> Known:
    """Read the entities of RDF files and folders.

    :param apart: graph that is passed over: what an import made before does not tell it what is known.
    :raises InputError: if one cannot be read.
    """
    holders: defaultdict[str, set[str]] = defaultdict(set)
    schemes: dict[str, str] = {}
    values: dict[str, str] = {}
    by_pair: defaultdict[Identifier, set[str]] = defaultdict(set)
    ends: defaultdict[str, dict[int, str]] = defaultdict(dict)
    names: defaultdict[str, set[str]] = defaultdict(set)
    events: defaultdict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for path in paths:
        sources = sources_of_folder(path) if path.is_dir() else sources_of_files([str(path)])
        for source in sources:
            for quad in read_quads(source):
                if getattr(quad.graph_name, "value", "") == apart:
                    continue
                subject, value = quad.subject, quad.object
                if isinstance(value, NamedNode) and quad.predicate in _ENDS:
                    ends[str(subject)][_ENDS[quad.predicate]] = value.value
                elif isinstance(value, NamedNode) and quad.predicate in _EVENT:
                    events[str(subject)][_EVENT.index(quad.predicate)].add(value.value)
                elif isinstance(value, NamedNode) and quad.predicate == _SOURCE and isinstance(subject, NamedNode):
                    by_pair[ADDRESS, value.value].add(subject.value)
                elif isinstance(value, Literal) and quad.predicate in _NAMES and isinstance(subject, NamedNode):
                    names[subject.value].add(slug(value.value))
                if quad.predicate == _HAS and isinstance(subject, NamedNode):
                    holders[str(value)].add(subject.value)
                elif quad.predicate == _SCHEME and isinstance(value, Literal):
                    schemes[str(subject)] = value.value
                elif quad.predicate == _VALUE and isinstance(value, Literal):
                    values[str(subject)] = value.value
    carried: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for node, scheme in schemes.items():
        if node in values:
            plain = bare(scheme, values[node])
            by_pair[scheme, plain] |= holders[node]
            for holder in holders[node]:
                carried[holder][scheme].add(plain)
    return Known(
        {pair: next(iter(found)) for pair, found in by_pair.items() if len(found) == 1},
        {holder: {s: frozenset(v) for s, v in found.items()} for holder, found in carried.items()},
        _members(ends.values(), names),
        _named(names),
        frozenset(pair for before, after in events.values() for pair in product(before, after)),
    )


def _named(names: Mapping[str, set[str]]) -> dict[str, str]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for thing, slugs in names.items():
        for name in slugs:
            found[name].add(thing)
    return {name: next(iter(things)) for name, things in found.items() if len(things) == 1}


def _members(ends: Iterable[Mapping[int, str]], names: Mapping[str, set[str]]) -> dict[str, dict[str, str]]:
    """Give people and supervisors by organisation and name; two of one name at one organisation are nobody."""
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for node in ends:
        if len(node) > 1:
            for name in names.get(node[0], ()):
                found[node[1]][name].add(node[0])
    return {
        organisation: {name: next(iter(who)) for name, who in there.items() if len(who) == 1}
        for organisation, there in found.items()
    }
