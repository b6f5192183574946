"""The HTTP service beside others: cheap queries, many rows, runaway queries' neighbours, durable writes, the start.

`--quick` takes about a minute, on LUBM-1 alone. Otherwise LUBM-10 is served, but beside rdflib-endpoint, which holds
its graph in Python objects: it and ours serve LUBM-1 there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from _measuring import SHARED, line, median, report
from _serving_data import OXIGRAPH, Data, look_up, path_of, prepare
from _serving_load import GENERATOR
from _serving_neighbours import neighbours
from _serving_processes import kgtool, oxigraph, rdflib_endpoint
from _serving_rounds import cheap, ten_thousand_rows
from _serving_updates import updates

from kgtool.config import Settings

#: Workers beside which four runaway queries leave some for their neighbours, if the default has fewer.
WORKERS_BESIDE_RUNAWAYS = str(max(8, Settings().query_workers))


def beside_oxigraph(data: Data, work: Path, quick: bool) -> dict[str, object]:
    rounds, seconds = (3, 3) if quick else (7, 5)
    with ExitStack() as stack:
        servers = [
            stack.enter_context(kgtool(data.kgtool, work / "kgtool.log")),
            stack.enter_context(oxigraph(data, work / "oxigraph.log")),
        ]
        few = cheap(servers, data, work, rounds=rounds, seconds=seconds)
        many = ten_thousand_rows(servers, work, rounds=rounds, seconds=seconds)
    return {
        "cheap": few.as_json()
        | line("cheap queries, all different, against oxigraph serve-read-only", few.ratio, 0.35, at_least=True),
        "rows": many.as_json()
        | line("10,000 rows as JSON, against oxigraph serve-read-only", many.ratio, 0.8, at_least=True),
    }


def beside_rdflib_endpoint(data: Data, work: Path, quick: bool) -> dict[str, object]:
    rounds, seconds = (1, 2) if quick else (3, 5)
    with ExitStack() as stack:
        servers = [
            stack.enter_context(kgtool(data.kgtool, work / "kgtool.log")),
            stack.enter_context(rdflib_endpoint(data, work / "rdflib-endpoint.log")),
        ]
        found = cheap(servers, data, work, rounds=rounds, seconds=seconds)
    return found.as_json() | line(
        "cheap queries, all different, against rdflib-endpoint", found.ratio, 50, at_least=True
    )


def beside_runaways(data: Data, work: Path, quick: bool) -> dict[str, object]:
    turns, seconds = (2, 3) if quick else (5, 15)
    with kgtool(data.kgtool, work / "kgtool.log", KGTOOL_QUERY_WORKERS=WORKERS_BESIDE_RUNAWAYS) as server:
        found = neighbours(server, data, turns=turns, seconds=seconds)
    return {
        "20 a second": line(
            "neighbours' p99 beside 4 runaway queries, 20 requests a second", found.paced, 2, at_least=False
        ),
        "one after the other": line(
            "neighbours' p99 beside 4 runaway queries, one after the other", found.closed, 2, at_least=False
        ),
        "p99 alone, ms": line(
            "p99 alone, 20 a second", median([one.paced for one in found.alone]), 50, at_least=False, unit="ms"
        ),
        "workers": WORKERS_BESIDE_RUNAWAYS,
        "turns": asdict(found),
    }


def durable_updates(data: Data, work: Path, quick: bool) -> dict[str, object]:
    found = updates(data.kgtool, work / "updates.log", seconds=4 if quick else 20)
    return {
        "rate": line("durable updates of one triple, 16 clients", found.rate, 200, at_least=True, unit="/s"),
        "lost": line("acknowledged updates lost by kill -9", found.lost, 0, at_least=False, unit=""),
        "back": line("start after kill -9 to the first answer", found.back, 1, at_least=False, unit="s"),
        "found": asdict(found),
    }


def start(data: Data, work: Path, quick: bool) -> dict[str, object]:
    times = []
    for _ in range(3 if quick else 7):
        with kgtool(data.kgtool, work / "start.log") as server:
            times.append(server.started)
            status, body = server.get(path_of(server.endpoint, look_up(data.subjects[0])))
            assert status == 200, body
    name = f"store of {data.count / 1e6:.1f} M triples: start to first answer"
    return {"seconds": times, "triples": data.count} | line(name, median(times), 1, at_least=False, unit="s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about a minute, on the small graph")
    quick = parser.parse_args().quick
    if not SHARED.is_dir():
        print("left out: no LUBM in the shared data sets (set KGTOOL_SHARED)", file=sys.stderr)
        return 0
    if not OXIGRAPH.is_file():
        print("left out: no oxigraph beside this Python (see the test extra)", file=sys.stderr)
        return 0
    if GENERATOR != "wrk":
        print("no wrk (a Debian package): a Python client asks, which costs more than the servers", file=sys.stderr)
    results: dict[str, object] = {"quick": quick, "client": GENERATOR, "load average": os.getloadavg()}
    with tempfile.TemporaryDirectory(prefix="kgtool-bench-") as folder:
        work = Path(folder)
        small = prepare(1, work)
        large = small if quick else prepare(10, work)
        results["oxigraph"] = beside_oxigraph(large, work, quick)
        results["rdflib-endpoint"] = beside_rdflib_endpoint(small, work, quick)
        results["neighbours"] = beside_runaways(large, work, quick)
        results["start"] = start(large, work, quick)
        results["updates"] = durable_updates(large, work, quick)  # the last one: it changes the store
        if os.environ.get("BENCH_KEEP_LOGS"):
            for log in work.glob("*.log"):
                shutil.copy(log, Path(os.environ["BENCH_KEEP_LOGS"]))
    report("serving", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
