"""What is noted of each load in the provenance graph: which file went to which graph, when, how many statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pyoxigraph import Literal, NamedNode, Quad

from kgtool.ingest import Source
from kgtool.vocabulary import PROVENANCE, RESERVED_PREFIX, iri


def of_load(sources: Sequence[Source], counts: Mapping[str, int], store_id: str, commit: int) -> list[Quad]:
    """Describe a load, one ``prov:Activity`` a file.

    :param counts: source name to statements parsed.
    :param commit: number of the commit that writes it.
    """
    now = Literal(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=iri("xsd", "dateTime"))
    quads = []
    for number, source in enumerate(sources):
        node = activity(store_id, commit, number)
        facts: list[tuple[NamedNode, NamedNode | Literal]] = [
            (iri("rdf", "type"), iri("prov", "Activity")),
            (iri("prov", "generated"), source.graph),
            (iri("prov", "endedAtTime"), now),
            (iri("dcterms", "source"), Literal(source.name)),
            (iri("void", "triples"), Literal(counts.get(source.name, 0))),
        ]
        quads += [Quad(node, predicate, value, PROVENANCE) for predicate, value in facts]
    return quads


def activity(store_id: str, commit: int, number: int) -> NamedNode:
    """Give the name of the reading of a file of a load.

    >>> activity("3f9a61c2", 17, 0).value
    'urn:kgtool:load:3f9a61c2-17-0'
    """
    return NamedNode(f"{RESERVED_PREFIX}load:{store_id}-{commit}-{number}")
