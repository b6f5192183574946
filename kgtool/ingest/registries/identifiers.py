"""An identifier of an entity as a node, or as a fault if it is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kgtool.ingest.registries.registry import Fault, Record
from kgtool.ingest.registries.schemes import is_sound
from kgtool.ingest.registries.statements import Statement, Term, cleaned, term, text

_HAS: Final = term("schema:identifier")
_TYPE: Final = term("rdf:type")
_KIND: Final = term("schema:PropertyValue")
_SCHEME: Final = term("schema:propertyID")
_VALUE: Final = term("schema:value")
_SOURCE: Final = term("dcterms:source")
_SHOWN: Final = 60


def identifier(
    entity: Term, node: Term, scheme: str, value: str, evidence: str, record: Record
) -> Iterator[Statement | Fault]:
    """Give the node of an identifier; a fault in its place if the shapes would refuse it.

    :param node: the identifier's own resource, below the record.
    :param evidence: where it was read, in words.
    """
    if not is_sound(scheme, value):
        yield Fault(record.number, f"{cleaned(value)[:_SHOWN]!r} is no {scheme} identifier", record.key, part=True)
        return
    yield entity, _HAS, node
    yield node, _TYPE, _KIND
    yield node, _SCHEME, text(scheme)
    yield node, _VALUE, text(value)
    yield node, _SOURCE, text(evidence)
