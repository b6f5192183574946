"""A closure from scratch beside other reasoners, and a load end to end beside Oxigraph's bare bulk load.

The reason stage alone is compared: from a graph in the reasoner's own memory or columns to all that follows, known but
not written. owlrl runs once, as it takes minutes; the others in turn, ours before and after each, and medians are
compared. For the load, both write the same quads to disk: those that the store holds in the end.
"""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rdflib
from _measuring import KGTOOL, ONTOLOGY, SHARED, as_ntriples, line, lubm, median, report, seconds
from owlrl import OWLRL_Semantics
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, serialize

REPEATS = 5
SLOW_REPEATS = 3
LOADS = 3
GRAPH = "urn:bench:lubm"


def load(store: Path, *files: Path) -> dict[str, Any]:
    shutil.rmtree(store, ignore_errors=True)
    command = [*KGTOOL, "--store", str(store), "load", "--json", "--graph", GRAPH, *map(str, files)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))


def reason(store: Path) -> float:
    done = subprocess.run([*KGTOOL, "--store", str(store), "reason", "--json"], check=True, capture_output=True)
    return float(json.loads(done.stdout)["seconds"]["reason"])


def owlrl_seconds(files: list[Path]) -> float:
    graph = rdflib.Graph()
    for file in files:
        graph.parse(str(file), format="nt")
    start = time.perf_counter()
    OWLRL_Semantics(graph, axioms=False, daxioms=False).closure()
    return time.perf_counter() - start


def sparq_seconds(file: Path) -> Callable[[], float] | None:
    sparq = _optional("sparq")
    if sparq is None:
        return None
    graph = sparq.Graph.load(str(file), format="ntriples")

    def once() -> float:
        copy = graph.copy()
        return seconds(lambda: copy.reason("owl"))

    return once


def reasonable_seconds(file: Path) -> Callable[[], float] | None:
    reasonable = _optional("reasonable")
    if reasonable is None:
        return None

    def once() -> float:
        reasoner = reasonable.PyReasoner()
        reasoner.load_file(str(file))
        return seconds(reasoner.reason)

    return once


def _optional(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"left out: {name} is not installed (see the bench extra)", file=sys.stderr)
        return None


def closures(work: Path) -> dict[str, object]:
    ontology = as_ntriples(ONTOLOGY, work)
    results: dict[str, object] = {}
    one = lubm(1, work)
    load(work / "one", one, ontology)
    ours = median([reason(work / "one") for _ in range(REPEATS)])
    results["LUBM-1, against owlrl"] = line(
        "closure of LUBM-1: owlrl's time against ours", owlrl_seconds([one, ontology]) / ours, 300, at_least=True
    )
    ten = lubm(10, work)
    load(work / "ten", ten, ontology)
    everything = work / "all.n3"  # an ending that every one of them reads as Turtle, which N-Triples are
    with everything.open("wb") as output:
        for file in (ten, ontology):
            with file.open("rb") as lines:
                shutil.copyfileobj(lines, output)
    others = (("sparq-rdf", sparq_seconds, 5, REPEATS), ("reasonable", reasonable_seconds, 50, SLOW_REPEATS))
    for name, make, target, repeats in others:
        once = make(everything)
        if once is not None:
            theirs, own = [], []
            for _ in range(repeats):
                own.append(reason(work / "ten"))
                theirs.append(once())
                own.append(reason(work / "ten"))
            results[f"seconds beside {name}"] = {name: theirs, "kgtool": own}
            results[f"LUBM-10, against {name}"] = line(
                f"closure of LUBM-10: {name}'s time against ours", median(theirs) / median(own), target, at_least=True
            )
    return results


def loads(work: Path) -> dict[str, object]:
    ontology, ten = as_ntriples(ONTOLOGY, work), lubm(10, work)
    load(work / "kept", ten, ontology)
    (folder,) = (work / "kept" / "generations").glob("*/quads")
    held = Store.read_only(str(folder))
    held.dump(str(work / "held.nq"), RdfFormat.N_QUADS)
    with (work / "once.nt").open("wb") as output:
        triples = (Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in _closure(held))
        serialize(triples, output, RdfFormat.N_TRIPLES)
    del held

    def bare(file: Path, kind: RdfFormat) -> float:
        shutil.rmtree(work / "bare", ignore_errors=True)

        def fill() -> None:
            store = Store(str(work / "bare"))
            store.bulk_load(path=str(file), format=kind)
            store.flush()

        return seconds(fill)

    ours, same, once = [], [], []
    for _ in range(LOADS):
        same.append(bare(work / "held.nq", RdfFormat.N_QUADS))
        ours.append(seconds(lambda: load(work / "ours", ten, ontology)))
        once.append(bare(work / "once.nt", RdfFormat.N_TRIPLES))
    return {
        "same quads": line(
            "load of LUBM-10 against a bare bulk load of the same quads",
            median(ours) / median(same),
            1.3,
            at_least=False,
        ),
        "each triple once": line(
            "load of LUBM-10 against a bare bulk load of each triple once",
            median(ours) / median(once),
            2.6,
            at_least=False,
        ),
        "seconds": {"kgtool": ours, "same quads": same, "each triple once": once},
    }


def _closure(held: Store) -> Any:
    for name in (GRAPH, "urn:kgtool:inferred"):
        yield from held.quads_for_pattern(None, None, None, NamedNode(name))


def main() -> int:
    if not SHARED.is_dir():
        print("left out: no LUBM in the shared data sets (set KGTOOL_SHARED)", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory(prefix="kgtool-bench-") as folder:
        report("closure", {"closures": closures(Path(folder)), "loads": loads(Path(folder))})
    return 0


if __name__ == "__main__":
    sys.exit(main())
