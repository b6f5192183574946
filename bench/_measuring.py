"""What the benchmarks share: the data sets, interleaved repetitions, ratios against a target, the report."""

from __future__ import annotations

import json
import lzma
import os
import platform
import re
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pyoxigraph import RdfFormat, parse, serialize

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT / os.environ.get("KGTOOL_SHARED", "../shared") / "lubm"
ONTOLOGY = SHARED / "univ-bench.ttl"
KGTOOL = [str(Path(sys.executable).with_name("kgtool"))]
_UNIVERSITY = re.compile(rb"University(\d+)")


def lubm(universities: int, folder: Path) -> Path:
    """Give LUBM as N-Triples without its ontology: as stored, or made of copies of LUBM-10 under other names."""
    file = folder / f"lubm-{universities}.nt"
    if file.is_file():
        return file
    stored = SHARED / f"lubm-{universities}.nt.xz"
    if stored.is_file():
        with lzma.open(stored) as packed, file.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        return file
    ten = lubm(10, folder)
    with file.open("wb") as output:
        for copy in range(universities // 10):
            # The generator draws the universities where people took their degrees from a thousand.
            def renamed(found: re.Match[bytes], copy: int = copy) -> bytes:
                return b"University%d" % (int(found[1]) + 1_000 * copy)

            with ten.open("rb") as lines:
                output.writelines(_UNIVERSITY.sub(renamed, line) if copy else line for line in lines)
    return file


def as_ntriples(turtle: Path, folder: Path) -> Path:
    """Give a Turtle file as N-Triples."""
    file = folder / f"{turtle.stem}.nt"
    with file.open("wb") as output:
        serialize(parse(path=str(turtle), format=RdfFormat.TURTLE), output, RdfFormat.N_TRIPLES)
    return file


def seconds(work: Callable[[], object]) -> float:
    """Time a piece of work."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def quantile(values: Sequence[float], share: float) -> float:
    """Give the value that a share of values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def line(name: str, found: float, target: float, *, at_least: bool, unit: str = "×") -> dict[str, object]:
    """Print a figure beside its target, and give both for the report."""
    met = found >= target if at_least else found <= target
    word = "at least" if at_least else "at most"
    print(f"{name:<68} {found:10.2f} {unit}  {word} {target:g}  {'met' if met else 'MISSED'}", flush=True)
    return {"found": found, "target": target, "at_least": at_least, "unit": unit, "met": met}


def report(name: str, results: object) -> None:
    """Write a benchmark's results to bench/results/."""
    packages = {}
    for package in ("pyoxigraph", "duckdb", "owlrl", "sparq-rdf", "reasonable"):
        try:
            packages[package] = version(package)
        except PackageNotFoundError:
            packages[package] = "not installed"
    found = {
        "benchmark": name,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "packages": packages,
        "results": results,
    }
    target = ROOT / "bench" / "results" / f"{name}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(found, indent=2) + "\n")


def median(values: Sequence[float]) -> float:
    """Give the median."""
    return statistics.median(values)
