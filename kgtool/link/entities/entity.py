"""A thing that may be linked: what the graph says of it that can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kgtool.link.entities.rules import Rules
from kgtool.link.folding import folded
from kgtool.link.people import PrintedName, read_name

_OTHER_THAN_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Work:
    """Something that a person took part in.

    :param title: as it is shown.
    :param keys: what it is recognised by, unless it has a DOI and the other one too.
    :param dois: in one spelling.
    """

    title: str
    keys: frozenset[str]
    dois: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entity:
    """A thing with what is known of it.

    Where a mapping has keys, they are what is compared, and its values what a person reads.

    :param kind: ``person``, ``organisation``, ``project`` or ``theme``, as ``linking.toml`` names them.
    :param names: every name, the first one to be shown.
    :param apart: family names and given names, of a person whose source has them apart.
    :param identifiers: (scheme, key of the value) to the value as written.
    :param places: folded names to the names of the towns and areas where it is.
    :param organisations: keys to the names of organisations that it belongs to.
    :param works: what a person took part in.
    :param companions: the names of those who took part too.
    :param successors: IRIs of what took its place.
    :param homepages: addresses without scheme, ``www.`` and last slash.
    """

    iri: str
    kind: str
    names: tuple[str, ...] = ()
    apart: tuple[str, str] | None = None
    identifiers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    works: tuple[Work, ...] = ()
    companions: tuple[str, ...] = ()
    successors: frozenset[str] = frozenset()
    homepages: frozenset[str] = frozenset()

    def printed_names(self) -> tuple[PrintedName, ...]:
        """Give the names of a person, each with what it may mean."""
        apart = self.apart
        told = (read_name(f"{apart[1]} {apart[0]}", *apart),) if apart else ()
        return (*told, *(read_name(name) for name in self.names))

    @property
    def label(self) -> str:
        """The name to show; the IRI where there is none."""
        return self.names[0] if self.names else self.iri


def identifier_key(rules: Rules, scheme: str, value: str) -> tuple[str, str]:
    """Give what two spellings of one identifier have in common.

    >>> from kgtool.link.entities.rules import rules
    >>> identifier_key(rules(), "orcid", "https://orcid.org/0000-0002-1825-0097")
    ('ORCID', '0000000218250097')
    """
    found = rules.identifier_of(value) if ":" in value else None
    bare = found[1] if found else value
    return rules.scheme(scheme).name, _OTHER_THAN_LETTERS.sub("", folded(bare))


def homepage_key(address: str) -> str:
    """Give an address as it is compared; empty for one that is no web page.

    >>> homepage_key("https://www.univ-lille.fr/")
    'univ-lille.fr'
    """
    scheme, _, rest = address.strip().casefold().partition("://")
    return rest.removeprefix("www.").rstrip("/") if scheme in ("http", "https") else ""
