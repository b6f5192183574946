"""Entities that are known already, by their official identifiers: a record of the same thing takes their name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from kgtool.ingest.reading import read_quads
from kgtool.ingest.registries.places import slug
from kgtool.ingest.registries.schemes import bare
from kgtool.ingest.sources import sources_of_files, sources_of_folder
from kgtool.vocabulary import iri

Identifier = tuple[str, str]
#: The scheme of a record's own address, which an entity may give as its source (``dcterms:source``).
ADDRESS: Final = "address of the record"

_HAS: Final = iri("schema", "identifier")
_SCHEME: Final = iri("schema", "propertyID")
_VALUE: Final = iri("schema", "value")
_SOURCE: Final = iri("dcterms", "source")
_MEMBER: Final = iri("org", "member")
_ORGANISATION: Final = iri("org", "organization")
_NAMES: Final = (iri("foaf", "name"), iri("skos", "altLabel"))


@dataclass(frozen=True)
class Known:
    """Entities by identifier, where exactly one has it, and the identifiers of each by scheme."""

    holders: Mapping[Identifier, str] = field(default_factory=dict)
    carried: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    #: (organisation, slug of a name) to the one person of that name who has a function there.
    members: Mapping[tuple[str, str], str] = field(default_factory=dict)

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


def known_in(paths: Iterable[Path]) -> Known:
    """Read the entities of RDF files and folders.

    :raises InputError: if one cannot be read.
    """
    holders: defaultdict[str, set[str]] = defaultdict(set)
    schemes: dict[str, str] = {}
    values: dict[str, str] = {}
    by_pair: defaultdict[Identifier, set[str]] = defaultdict(set)
    ends: defaultdict[str, dict[NamedNode, str]] = defaultdict(dict)
    names: defaultdict[str, set[str]] = defaultdict(set)
    for path in paths:
        sources = sources_of_folder(path) if path.is_dir() else sources_of_files([str(path)])
        for source in sources:
            for quad in read_quads(source):
                subject, value = quad.subject, quad.object
                if isinstance(value, NamedNode) and quad.predicate in (_MEMBER, _ORGANISATION):
                    ends[str(subject)][quad.predicate] = value.value
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
    )


def _members(ends: Iterable[Mapping[NamedNode, str]], names: Mapping[str, set[str]]) -> dict[tuple[str, str], str]:
    """Give the people by organisation and name; two of one name in one organisation are nobody."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for node in ends:
        if len(node) > 1:
            for name in names.get(node[_MEMBER], ()):
                found[node[_ORGANISATION], name].add(node[_MEMBER])
    return {place: next(iter(people)) for place, people in found.items() if len(people) == 1}
