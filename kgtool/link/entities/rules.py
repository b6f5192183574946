"""What is linked with what, by which properties, read from ``linking.toml`` beside this file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kgtool.vocabulary import PREFIXES


@dataclass(frozen=True)
class Scheme:
    """A scheme of identifiers.

    :param iri: where its identifiers lead, with ``{value}``; None if nowhere.
    :param curie: its prefix in CURIEs; None if it has none.
    :param one: whether a thing has one of them alone, so that two that differ are two things.
    :param shared: whether several things may have the same one.
    """

    name: str
    iri: str | None
    curie: str | None
    one: bool
    shared: bool = False

    def iri_of(self, value: str) -> str | None:
        """Give the IRI of an identifier, if the scheme has any."""
        return self.iri.replace("{value}", value) if self.iri else None


@dataclass(frozen=True)
class Rules:
    """All that ``linking.toml`` says.

    :param kinds: a kind of things to the IRIs of its classes.
    :param evidence: a kind of evidence to the IRIs of its properties.
    :param paths: SPARQL property paths, with prefixes.
    :param schemes: by their folded names.
    :param doi: what a DOI looks like in any spelling; the group is what is compared.
    :param registries: the name of a registry to its scheme (or "") and its address.
    """

    kinds: Mapping[str, tuple[str, ...]]
    evidence: Mapping[str, tuple[str, ...]]
    paths: Mapping[str, tuple[str, ...]]
    schemes: Mapping[str, Scheme]
    registries: Mapping[str, tuple[str, str]]
    stop: frozenset[str]
    unit_labels: frozenset[str]
    weights: Mapping[str, float]
    doi: re.Pattern[str]

    def dois_in(self, text: str) -> frozenset[str]:
        """Read a DOI off a text that is one, in whatever spelling.

        >>> sorted(rules().dois_in("https://doi.org/10.1000/ABC")) == sorted(rules().dois_in("doi:10.1000/abc"))
        True
        >>> rules().dois_in("https://hal.science/hal-10.1000")
        frozenset()
        """
        found = self.doi.search(text.strip())
        return frozenset([found[1].casefold()]) if found else frozenset()

    def scheme(self, name: str) -> Scheme:
        """Give the scheme of a name; one that is not listed is a scheme like any other.

        >>> rules().scheme("idref").name, rules().scheme("Sudoc").one
        ('IdRef', False)
        """
        return self.schemes.get(name.casefold()) or Scheme(name, None, None, False)

    def registry_of(self, iri: str, base: str) -> str | None:
        """Give the name of the registry that an imported thing comes from, by its IRI; None for others.

        >>> rules().registry_of("https://w3id.org/kgtool/id/ror/02ppyfa04", "https://w3id.org/kgtool/id/")
        'ror'
        """
        name = iri.removeprefix(base).partition("/")[0] if iri.startswith(base) else ""
        return name if name in self.registries else None

    def identifier_of(self, iri: str) -> tuple[str, str] | None:
        """Read an identifier off the IRI of its registry.

        >>> rules().identifier_of("http://www.idref.fr/057571236/id")
        ('IdRef', '057571236')
        """
        for scheme, pattern in _patterns(self):
            if found := pattern.fullmatch(iri):
                return scheme, found[1]
        return None


@cache
def rules() -> Rules:
    """Read the packaged rules."""
    text = files("kgtool.link.entities").joinpath("linking.toml").read_text(encoding="utf-8")
    given = tomllib.loads(text)
    schemes = [
        Scheme(name, facts.get("iri"), facts.get("curie"), facts["one"], facts.get("shared", False))
        for name, facts in given["schemes"].items()
    ]
    return Rules(
        kinds=_iris(given["kinds"]),
        evidence=_iris(given["evidence"]),
        paths={name: tuple(paths) for name, paths in given["paths"].items()},
        schemes={scheme.name.casefold(): scheme for scheme in schemes},
        registries={name: (facts.get("scheme", ""), facts["source"]) for name, facts in given["registries"].items()},
        stop=frozenset(given["names"]["stop"].split()),
        unit_labels=frozenset(given["names"]["unit_labels"].split()),
        weights=given["weights"],
        doi=re.compile(given["works"]["doi"], re.IGNORECASE),
    )


def _iris(named: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(_iri(each) for each in prefixed) for name, prefixed in named.items()}


def _iri(prefixed: str) -> str:
    prefix, _, local = prefixed.partition(":")
    return PREFIXES[prefix] + local


@cache
def _patterns_of(texts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile("https?:" + re.escape(iri.split(":", 1)[1]).replace(re.escape("{value}"), r"([^/]+)") + "/?"))
        for name, iri in texts
    )


def _patterns(known: Rules) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return _patterns_of(tuple((scheme.name, scheme.iri) for scheme in known.schemes.values() if scheme.iri))
