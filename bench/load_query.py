"""Loading and cheap queries through KnowledgeGraph, beside raw pyoxigraph doing the same in the same run.

Ratios, not seconds: both run on the same machine, repetitions interleaved, and medians are compared. Loading is of
LUBM-1 (103,074 triples) without reasoning into a fresh store on disk, until it would survive a power cut. The query
looks one subject up and reads every row.
"""

from __future__ import annotations

import json
import lzma
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from kgtool.graph import KnowledgeGraph
from kgtool.ingest import sources_of_files

ROOT = Path(__file__).resolve().parent.parent
LUBM = ROOT / os.environ.get("KGTOOL_SHARED", "../shared") / "lubm" / "lubm-1.nt.xz"
GRAPH = NamedNode("urn:bench:lubm")
LOADS = 7
ROUNDS = 15
SUBJECTS = 300
TARGET = 1.5


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def load_raw(file: Path, folder: Path) -> None:
    store = Store(str(folder))
    store.bulk_load(path=str(file), format=RdfFormat.N_TRIPLES, to_graph=GRAPH)
    store.flush()


def load_kgtool(file: Path, folder: Path) -> None:
    with KnowledgeGraph.open(folder, write=True, create=True, engine="none") as kg:
        kg.load(sources_of_files([str(file)], graph=GRAPH.value))


def lookup(subject: str) -> str:
    return f"SELECT ?p ?o WHERE {{ <{subject}> ?p ?o }}"


def compare(name: str, raw: list[float], ours: list[float]) -> dict[str, object]:
    ratio = statistics.median(ours) / statistics.median(raw)
    print(
        f"{name:<14} raw {statistics.median(raw) * 1e3:10.3f} ms   kgtool {statistics.median(ours) * 1e3:10.3f} ms   "
        f"ratio {ratio:5.2f}   target {TARGET}   {'met' if ratio <= TARGET else 'MISSED'}"
    )
    return {"raw_seconds": raw, "kgtool_seconds": ours, "ratio": ratio, "target": TARGET, "met": ratio <= TARGET}


def bench(work: Path) -> dict[str, object]:
    file = work / "lubm-1.nt"
    with lzma.open(LUBM) as packed, file.open("wb") as plain:
        shutil.copyfileobj(packed, plain)

    raw, ours = [], []
    for turn in range(LOADS):
        raw.append(seconds(lambda turn=turn: load_raw(file, work / f"raw-{turn}")))
        ours.append(seconds(lambda turn=turn: load_kgtool(file, work / f"kgtool-{turn}")))
    results = {"load": compare("load", raw, ours)}

    store = Store.read_only(str(work / "raw-0"))
    subjects = sorted({quad.subject.value for quad in store.quads_for_pattern(None, None, None, GRAPH)})
    queries = [lookup(subject) for subject in subjects[:: len(subjects) // SUBJECTS]]
    with KnowledgeGraph.open(work / "kgtool-0") as kg:
        for query in queries:  # both give the same rows, or the times mean nothing
            expected = {tuple(row) for row in store.query(query, default_graph=GRAPH)}
            assert set(kg.query(query)) == expected, query

        def query_raw() -> None:
            for query in queries:
                for _ in store.query(query, default_graph=GRAPH):
                    pass

        def query_kgtool() -> None:
            for query in queries:
                for _ in kg.query(query):
                    pass

        raw, ours = [], []
        for _ in range(ROUNDS):
            raw.append(seconds(query_raw) / len(queries))
            ours.append(seconds(query_kgtool) / len(queries))
    results["query"] = compare("look-up query", raw, ours)
    return results


def main() -> int:
    if not LUBM.is_file():
        print(f"left out: no {LUBM.name} in the shared data sets (set KGTOOL_SHARED)", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory(prefix="kgtool-bench-") as folder:
        results = bench(Path(folder))
    report = {
        "benchmark": "load_query",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "pyoxigraph": version("pyoxigraph"),
        "cores": os.cpu_count(),
        "results": results,
    }
    target = ROOT / "bench" / "results" / "load_query.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
