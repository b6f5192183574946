"""How load, closure, changes and memory grow with the graph: LUBM-1, -10 and -50, drawn in docs/growth.svg."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from _measuring import KGTOOL, ONTOLOGY, ROOT, SHARED, as_ntriples, lubm, median, quantile, report
from changes import changes, peak_memory
from closure import load

SIZES = (1, 10, 50)
REPEATS = 3
PICTURE = ROOT / "docs" / "growth.svg"
INK, PALE = "#1f3a5f", "#c2571a"


def measure(size: int, work: Path, ontology: Path) -> dict[str, float]:
    """Load a graph, reason over it, change it; times in seconds, those of changes in milliseconds."""
    store = work / f"store-{size}"
    loaded = load(store, lubm(size, work), ontology)
    reasoned = []
    for _ in range(REPEATS):
        done = subprocess.run([*KGTOOL, "--store", str(store), "reason", "--json"], check=True, capture_output=True)
        reasoned.append(json.loads(done.stdout)["seconds"]["reason"])
    memory = peak_memory(store)
    times = [time for several in changes(store).values() for time in several]
    found = {
        "size": size,
        "quads": loaded["added"],
        "inferred": loaded["inferred"],
        "load": loaded["seconds"]["total"],
        "reason": median(reasoned),
        "change": median(times),
        "change, 95 %": quantile(times, 0.95),
        "memory": memory,
    }
    print(", ".join(f"{name} {value:g}" for name, value in found.items()), flush=True)
    return found


def draw(found: list[dict[str, float]]) -> None:
    """Draw the figures: straight lines from the origin are growth in proportion, level ones are none."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    mpl.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "kgtool", "font.family": "sans-serif", "font.size": 9}
    millions = [one["quads"] / 1e6 for one in found]
    figure, panels = plt.subplots(1, 4, figsize=(12, 3))
    for panel, (title, unit, names) in zip(
        panels,
        [
            ("Loading, end to end", "s", [("load", "load", INK)]),
            ("Its reason stage", "s", [("reason", "closure", INK)]),
            ("One change", "ms", [("change, 95 %", "95 %", PALE), ("change", "median", INK)]),
            ("Memory of a closure", "MiB", [("memory", "peak", INK)]),
        ],
        strict=True,
    ):
        for name, label, colour in names:
            values = [one[name] for one in found]
            panel.plot(millions, values, color=colour, marker="o", markersize=4, linewidth=1.5)
            panel.annotate(label, (millions[-1], values[-1]), (-4, 6), textcoords="offset points", ha="right")
        panel.set_title(title, loc="left", fontsize=10)
        panel.set_xlabel("million quads loaded")
        panel.set_ylabel(unit)
        panel.set_xlim(left=0)
        panel.set_ylim(0, 1.2 * max(one[names[0][0]] for one in found))
        panel.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(PICTURE, metadata={"Date": None})


def main() -> int:
    if not SHARED.is_dir():
        print("left out: no LUBM in the shared data sets (set KGTOOL_SHARED)", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory(prefix="kgtool-bench-") as folder:
        work = Path(folder)
        ontology = as_ntriples(ONTOLOGY, work)
        found = [measure(size, work, ontology) for size in SIZES]
    report("growth", found)
    draw(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
