"""Whether the physical quads of a store are readable, and in agreement with each other.

Each index is read to its end: RocksDB compares the checksum of every block that it reads.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, Literal, QuerySolutions, Triple

from kgtool.errors import StoreDamagedError
from kgtool.store.archive import copy_quads
from kgtool.store.change import QuadDelta, TripleDelta, delta
from kgtool.store.interface import GraphName, QuadStore, SourceName
from kgtool.store.layout import UNION, State, Union, notes_of
from kgtool.store.oxigraph import OxigraphStore
from kgtool.store.rocksdb import store_errors
from kgtool.vocabulary import META, iri

#: By which term a quad is found; each has an index of its own, among all graphs and within one.
_PATHS: Final = "spo"
_HINT: Final = "restore a backup, or build it again"
#: What RocksDB says as it passes over a part of a log. One that ends too early is what a killed process leaves.
_DROPPED: Final = re.compile(r"([^ /]+): dropping (\d+) bytes; Corruption: (?!truncated record body)")


def read_everything(store: QuadStore, place: Path) -> int:
    """Decode every quad, and count the quads by each access path; give their number.

    :param place: the folder that an error names.
    :raises StoreDamagedError: if one cannot be read, or two paths lead to different numbers.
    """
    with store_errors(place), _no_panic(place):
        sizes: dict[GraphName, int] = {}
        for quad in store.quads():
            sizes[quad.graph_name] = sizes.get(quad.graph_name, 0) + 1
        named = [graph for graph in sizes if not isinstance(graph, DefaultGraph)]
        for graph, size in sizes.items():
            for path in _PATHS:
                _compare(place, f"of {graph}", path, size, _count(store, "?s ?p ?o", path, [graph], []))
        for path in _PATHS:
            _compare(
                place,
                "in named graphs",
                path,
                sum(sizes[graph] for graph in named),
                _count(store, "GRAPH ?g { ?s ?p ?o }", path, [], named),
            )
        return sum(sizes.values())


def _compare(place: Path, what: str, path: str, size: int, found: int) -> None:
    if size != found:
        raise StoreDamagedError(
            f"the store in {place} is damaged: {size} quads {what}, and {found} of them by index {path}", hint=_HINT
        )


def _count(store: QuadStore, pattern: str, path: str, default: list[GraphName], named: list[SourceName]) -> int:
    """Count quads by an index: in the order of subjects, or by looking up each other term that one of them has."""
    renamed = re.sub(rf"\?(?!{path}\b)(\w)", r"?other_\1", pattern)
    each = f"{{ SELECT DISTINCT ?{path} {{ {renamed} }} }} LATERAL {{ {pattern} }}" if path != "s" else pattern
    answer = store.query(
        f"SELECT (COUNT(*) AS ?n) {{ {each} }}",
        default_graph=default,
        named_graphs=named,
    )
    assert isinstance(answer, QuerySolutions)
    return sum(int(number.value) for solution in answer for number in solution if isinstance(number, Literal))


@contextmanager
def _no_panic(place: Path) -> Iterator[None]:
    """Say of a panic, which is what Oxigraph does about a quad that makes no sense, that the store is damaged."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise StoreDamagedError(f"the store in {place} is damaged: {error}", hint=_HINT) from error


def dropped_by_recovery(generation: Path) -> str | None:
    """Tell what RocksDB would leave out of its logs when it opens them; None if that is nothing.

    Without a word, it takes a log only up to where that is damaged. It says so in its diary, of which a copy is opened
    here to have it written.

    :raises StoreError: if the copy cannot be made.
    """
    if not any(log.stat().st_size for log in (generation / "quads").glob("*.log")):
        return None
    with tempfile.TemporaryDirectory(prefix="check-", dir=generation) as folder:
        copy = Path(folder) / "quads"
        copy_quads(generation / "quads", copy, link=True)
        OxigraphStore(copy).close()
        found = _DROPPED.search((copy / "LOG").read_text("utf-8", "replace"))
    return f"{found[1]} cannot be read after some place, {found[2]} bytes or more" if found else None


def true_union(state: State) -> Union | None:
    """Say what the union has to hold: it is kept from when on a second source is there."""
    return state.union or (Union() if len(state.sources) > 1 else None)


def union_difference(store: QuadStore, state: State) -> TripleDelta:
    """Give what the union lacks, and what it holds too much, see :mod:`kgtool.store.layout`."""
    union = true_union(state)
    if union is None:
        return TripleDelta(removed=frozenset(quad.triple for quad in store.quads(graph=UNION)))
    beside: list[SourceName] = [graph for graph in state.sources if graph == union.beside]
    others = [graph for graph in state.sources if graph not in beside]
    lacking = _triples(store, "GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?s ?p ?o }", [UNION, *beside], others)
    unfounded = _triples(store, "?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } }", [UNION], others)
    twice = _triples(store, "?s ?p ?o FILTER EXISTS { GRAPH ?g { ?s ?p ?o } }", [UNION], beside) if beside else ()
    return TripleDelta(frozenset(lacking), frozenset((*unfounded, *twice)))


def _triples(store: QuadStore, where: str, default: list[GraphName], named: list[SourceName]) -> Iterable[Triple]:
    answer = store.query(f"SELECT ?s ?p ?o {{ {where} }}", default_graph=default, named_graphs=named)
    assert isinstance(answer, QuerySolutions)
    return (Triple(row["s"], row["p"], row["o"]) for row in answer)


def true_state(store: QuadStore, state: State) -> State:
    """Give a state as it has to be, where the store's notes were read as something else.

    What the notes lack or say twice cannot be known: the largest number of a commit counts, and one was made if there
    is any quad.
    """
    said = [quad.object for quad in store.quads(META, None, None, META) if isinstance(quad.object, Literal)]
    numbers = [each.value for each in said if each.datatype == iri("xsd", "integer")]  # a store's id may be all digits
    commit = max((int(number) for number in numbers if number.isascii() and number.isdigit()), default=0)
    some = next(iter(store.quads()), None) is not None
    return replace(state, commit=max(state.commit, commit, int(some)), union=true_union(state))


def notes_difference(store: QuadStore, state: State) -> QuadDelta:
    """Give what the notes lack, and what they hold too much, of a state."""
    wanted, present = notes_of(state), set(store.quads(graph=META))
    return delta(wanted - present, present - wanted)
