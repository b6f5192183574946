"""What an import of ROR's detailed records costs, with reasoning and validation, beside the bare load of its quads.

Both fill a store that was not there: the import reads, surveys, describes, reasons, validates and writes; Oxigraph's
bulk loader is given the quads that the import made. Rounds take turns, and the ratio is that of the medians.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from _measuring import KGTOOL, ROOT, SHARED, line, median, report, seconds

DUMP = SHARED.parent / "open-data" / "ror" / "ror-detailed-51k.jsonl.gz"
ROUNDS = 3
MOST = 3.0
#: A process of its own, as the import is one.
BULK = """import sys, pyoxigraph as ox
store = ox.Store(sys.argv[1])
store.bulk_load(path=sys.argv[2], format=ox.RdfFormat.N_QUADS)
store.flush()
"""


def imported(store: Path) -> None:
    shutil.rmtree(store, ignore_errors=True)
    command = [*KGTOOL, "--store", str(store), "import", "ror", str(DUMP), "--date", "2026-06", "--json"]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)


def loaded(store: Path, quads: Path) -> None:
    shutil.rmtree(store, ignore_errors=True)
    subprocess.run([sys.executable, "-c", BULK, str(store), str(quads)], check=True)


def main() -> int:
    if not DUMP.is_file():
        print("left out: no records of ROR in the shared data sets (set KGTOOL_SHARED)", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory(prefix="kgtool-bench-") as folder:
        store, bare, quads = (Path(folder) / name for name in ("store", "bare", "quads.nq"))
        imported(store)
        command = [*KGTOOL, "--store", str(store), "export", "-f", "nquads", "--graph", "urn:kgtool:source:ror"]
        subprocess.run([*command, "-o", str(quads)], check=True, cwd=ROOT)
        imports, loads = [], []
        for _ in range(ROUNDS):
            imports.append(seconds(lambda: imported(store)))
            loads.append(seconds(lambda: loaded(bare, quads)))
        ratio = median(imports) / median(loads)
        results = {
            "import": imports,
            "bare load": loads,
            "ratio": line(
                "ROR's 51,000 records: import beside the bare load of its quads", ratio, MOST, at_least=False
            ),
        }
    report("importing", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
