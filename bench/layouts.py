"""Store layouts side by side: what it costs to hold sources, the asserted triples once, and the inferred ones.

LUBM-1 or -10 (an argument) with 68 % of its triples taken as asserted in one source and the rest as inferred. Each
layout is loaded by one bulk load; ratios are against loading every triple once into Oxigraph's default graph. Look-ups
are of a subject, over the graphs that the layout makes a query's default graph.
"""

from __future__ import annotations

import json
import lzma
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT / os.environ.get("KGTOOL_SHARED", "../shared") / "lubm"
SOURCE, UNION, INFERRED = NamedNode("urn:x:source"), NamedNode("urn:x:union"), NamedNode("urn:x:inferred")
PLAIN = DefaultGraph()
ASSERTED_PERCENT = 68
Graph = NamedNode | DefaultGraph

#: name: (graphs of an asserted triple, graphs of an inferred one, graphs of a query's default graph)
LAYOUTS: dict[str, tuple[Sequence[Graph], Sequence[Graph], Sequence[Graph]]] = {
    "each triple once": ([PLAIN], [PLAIN], [PLAIN]),
    "source; inferred (one source: kgtool)": ([SOURCE], [INFERRED], [SOURCE, INFERRED]),
    "source; closure in default graph": ([SOURCE, PLAIN], [PLAIN], [PLAIN]),
    "source; union in default graph; inferred (kgtool)": ([SOURCE, PLAIN], [INFERRED], [PLAIN, INFERRED]),
    "source; union named; inferred": ([SOURCE, UNION], [INFERRED], [UNION, INFERRED]),
}


def quads(triples: Sequence[Quad], layout: str) -> Iterator[Quad]:
    asserted, inferred, _ = LAYOUTS[layout]
    for number, triple in enumerate(triples):
        for graph in asserted if number % 100 < ASSERTED_PERCENT else inferred:
            yield Quad(triple.subject, triple.predicate, triple.object, graph)


def load(triples: Sequence[Quad], layout: str, folder: Path) -> Store:
    store = Store(str(folder))
    store.bulk_extend(quads(triples, layout))
    store.flush()
    return store


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def lookups(store: Store, layout: str, subjects: Sequence[str]) -> None:
    graphs = list(LAYOUTS[layout][2])
    for subject in subjects:
        for _ in store.query(f"SELECT ?p ?o {{ <{subject}> ?p ?o }}", default_graph=graphs):
            pass


def main() -> int:
    size = sys.argv[1] if len(sys.argv) > 1 else "1"
    file = SHARED / f"lubm-{size}.nt.xz"
    if not file.is_file():
        print(f"left out: no {file.name} in the shared data sets (set KGTOOL_SHARED)", file=sys.stderr)
        return 0
    with lzma.open(file) as content:
        triples = list(parse(content, RdfFormat.N_TRIPLES))
    subjects = sorted({t.subject.value for t in triples})[:: max(1, len(triples) // 1000)]
    times: dict[str, list[float]] = {layout: [] for layout in LAYOUTS}
    asked: dict[str, list[float]] = {layout: [] for layout in LAYOUTS}
    sizes: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="kgtool-bench-") as folder:
        for turn in range(3):
            for number, layout in enumerate(LAYOUTS):
                place = Path(folder) / f"{number}-{turn}"
                times[layout].append(seconds(lambda p=place, name=layout: load(triples, name, p)))
                sizes[layout] = sum(f.stat().st_size for f in place.iterdir() if f.suffix == ".sst")
        stores = {name: Store.read_only(str(Path(folder) / f"{n}-0")) for n, name in enumerate(LAYOUTS)}
        for layout, store in stores.items():  # warm
            lookups(store, layout, subjects)
        for _ in range(9):
            for layout, store in stores.items():
                asked[layout].append(seconds(lambda s=store, name=layout: lookups(s, name, subjects)))
    base = next(iter(LAYOUTS))
    results = {}
    print(f"LUBM-{size}, {len(triples):,} triples".ljust(52), "load   size   look-up")
    for layout in LAYOUTS:
        ratios = {
            "load": statistics.median(times[layout]) / statistics.median(times[base]),
            "size": sizes[layout] / sizes[base],
            "look-up": statistics.median(asked[layout]) / statistics.median(asked[base]),
        }
        results[layout] = {name: round(value, 2) for name, value in ratios.items()}
        print(layout.ljust(52), "  ".join(f"{value:5.2f}" for value in ratios.values()))
    target = ROOT / "bench" / "results" / f"layouts-{size}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
