"""The files of ``ontology/`` that reasoning reads, and Turtle snippets in their words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from rdflib import DCTERMS, RDFS, Graph, Literal, Namespace

from kgtool.vocabulary import PREFIXES

FOLDER: Final = Path(__file__).resolve().parents[2] / "ontology"
TERM_FILES: Final = ("kg.ttl", "alignments.ttl", "themes.ttl", "roles.ttl", "indicators.ttl")
RULE_FILES: Final = tuple(sorted((FOLDER / "rules").glob("*.rq")))

BASE: Final = "https://w3id.org/kgtool/id/hauts-de-france/"
KG: Final = Namespace(PREFIXES["kg"])
ORG: Final = Namespace(PREFIXES["org"])
FOAF: Final = Namespace(PREFIXES["foaf"])
SCHEMA: Final = Namespace(PREFIXES["schema"])


def read(*names: str) -> Graph:
    """Merge the named files of ``ontology/``; without names, all that reasoning reads."""
    graph = Graph()
    for name in names or TERM_FILES:
        graph.parse(FOLDER / name, format="turtle")
    return graph


@cache
def axioms() -> Graph:
    """Give the ontology without its documentation, from which nothing follows."""
    documentation = {DCTERMS.source, RDFS.isDefinedBy}
    graph = Graph()
    for triple in read():
        if triple[1] not in documentation and not isinstance(triple[2], Literal):
            graph.add(triple)
    return graph


def with_prefixes(turtle: str) -> str:
    """Put the base of the data and every known prefix before a snippet of Turtle."""
    head = [f"@base <{BASE}> .", *(f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items())]
    return "\n".join([*head, turtle])


def snippet(turtle: str) -> Graph:
    """Read a snippet of Turtle that uses the known prefixes, relative to the base of the data."""
    return Graph().parse(data=with_prefixes(turtle), format="turtle", publicID=BASE)
