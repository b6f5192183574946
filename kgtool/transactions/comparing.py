"""What a graph holds now beside what it is to hold: which statements differ, and which entities these are about."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kgtool.export.spilling import SortedRows
from kgtool.ingest import Source, read_quads
from kgtool.ingest.registries.statements import segment
from kgtool.store.canonical import canonical_quads
from kgtool.store.interface import QuadStore


@dataclass(frozen=True)
class Compared:
    """How a graph changes.

    :param added: records that it did not mention before, by IRI of their entity; ``removed`` and ``changed`` likewise.
    :param new: the quads that come; ``gone`` those that go.
    :param statements: how many it will hold.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    triples_added: int = 0
    triples_removed: int = 0
    new: tuple[Quad, ...] = field(default=(), repr=False)
    gone: tuple[Quad, ...] = field(default=(), repr=False)
    statements: int = 0


def compare(
    source: Source, store: QuadStore, keys: Mapping[str, str], base: str, apart: Container[str] = ()
) -> Compared:
    """Compare a file of triples with what its graph holds; both are sorted on disk where they are large.

    :param keys: IRIs of the entities that the file describes, and the keys of their records.
    :param base: IRI that entities begin with which nobody knew by another name, and the nodes below every entity.
    :param apart: terms of what describes the graph itself.
    :raises InputError: if the file cannot be read.
    """
    names = {segment(key): iri for iri, key in keys.items()}
    entities = frozenset(keys)
    with SortedRows(None) as before, SortedRows(None) as after:
        for quad in canonical_quads(read_quads(source)):
            after.add(str(quad.triple))
        for quad in store.quads(graph=source.graph):
            before.add(str(quad.triple))
        new: list[str] = []
        gone: list[str] = []
        mentioned: tuple[set[str], set[str]] = (set(), set())
        touched: set[str] = set()
        statements = 0
        for row, was, will in _merged(iter(before), iter(after)):
            entity = "" if row[: row.index(" ")] in apart else _entity_of(row, base, names, entities)
            statements += will
            if was:
                mentioned[0].add(entity)
            if will:
                mentioned[1].add(entity)
            if was != will:
                (new if will else gone).append(row)
                touched.add(entity)
    old, now = mentioned
    return Compared(
        added=tuple(sorted((now - old) - {""})),
        removed=tuple(sorted((old - now) - {""})),
        changed=tuple(sorted((touched & old & now) - {""})),
        triples_added=len(new),
        triples_removed=len(gone),
        new=_quads(new, source.graph),
        gone=_quads(gone, source.graph),
        statements=statements,
    )


def _merged(before: Iterator[str], after: Iterator[str]) -> Iterator[tuple[str, bool, bool]]:
    """Give each row of two sorted sequences once, and in which of them it is."""
    old, new = next(before, None), next(after, None)
    while old is not None or new is not None:
        if new is None or (old is not None and old < new):
            assert old is not None
            yield old, True, False
            old = next(before, None)
        elif old is None or new < old:
            yield new, False, True
            new = next(after, None)
        else:
            yield new, True, True
            old, new = next(before, None), next(after, None)


def _entity_of(row: str, base: str, names: Mapping[str, str], entities: Container[str] = ()) -> str:
    """Give the entity of the record that a statement is about: its subject, or what its subject lies below.

    What is no record (a town, an institution that rows name) gives none.

    :param names: IRIs of entities by their keys, as these stand in an IRI.

    >>> _entity_of("<urn:x:ror/0abc/isni> <p> <o>", "urn:x:ror/", {})
    'urn:x:ror/0abc'
    >>> _entity_of("<urn:x:ror/0abc/isni> <p> <o>", "urn:x:ror/", {"0abc": "urn:x:lille"})
    'urn:x:lille'
    >>> _entity_of("<urn:x:ror/place/12> <p> <o>", "urn:x:ror/", {})
    ''
    >>> _entity_of("<urn:x:ror/lille/node/1> <p> <o>", "urn:x:ror/", {}, {"urn:x:ror/lille"})
    'urn:x:ror/lille'
    """
    subject = row[1 : row.index(" ") - 1] if row[0] == "<" else row[: row.index(" ")]
    if not subject.startswith(base):
        return subject if subject in entities else ""
    own, below, _ = subject[len(base) :].partition("/")
    if own in names:
        return names[own]
    # A kind of its own (place, institution) is a word, and always something of that kind stands below it.
    kind = below and own.isalpha() and own.islower() and f"{base}{own}" not in entities
    return "" if kind else f"{base}{own}"


def _quads(rows: Iterable[str], graph: NamedNode) -> tuple[Quad, ...]:
    text = "".join(f"{row} .\n" for row in rows)
    parsed = parse(text.encode(), format=RdfFormat.N_TRIPLES)
    return tuple(Quad(quad.subject, quad.predicate, quad.object, graph) for quad in parsed)
