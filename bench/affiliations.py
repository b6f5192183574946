"""What affiliations in time cost: 100,000 memberships in 500 units of 50 institutions.

The data are made up, with dates of every precision. The small institution has about 500 affiliations, others many times
as many: the first question is asked of both, through the API.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from _measuring import KGTOOL, line, median, quantile, report

from kgtool.graph import KnowledgeGraph
from kgtool.vocabulary import PREFIXES

MEMBERSHIPS, UNITS, INSTITUTIONS = 100_000, 500, 50
SEED = 20261126
BASE = "https://w3id.org/kgtool/id/bench/"
#: Units of the small institution, which none of the other supervisions names.
SMALL = 2
ROUNDS = 40
PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("kg", "org", "schema", "xsd"))
ASKED, CHANGED, BUILT = 50.0, 10.0, 200_000.0


def statements(draw: random.Random) -> Iterator[str]:
    """Give the graph as Turtle, a node at a time."""
    yield "".join(f"@prefix {name}: <{PREFIXES[name]}> . " for name in ("kg", "org", "schema", "xsd"))
    yield f"@base <{BASE}> .\n"
    for number in range(INSTITUTIONS + 1):
        yield f"<institution/{number}> a kg:Institution .\n"
    for unit in range(UNITS):
        yield f"<unit/{unit}> a kg:ResearchUnit .\n"
        supervisors = draw.sample(range(1, INSTITUTIONS + 1), 3) + ([0] if unit < SMALL else [])
        for number in supervisors:
            end = f" ; schema:endDate {date(draw, 2015, 2024)}" if draw.random() < 0.3 and number else ""
            yield (
                f"<supervision/{unit}-{number}> a kg:Supervision ; kg:supervisedUnit <unit/{unit}> ;"
                f" kg:supervisingInstitution <institution/{number}> ;"
                f" schema:startDate {date(draw, 1990, 2008)}{end} .\n"
            )
    people = MEMBERSHIPS * 4 // 5
    for number in range(people):
        yield f"<person/{number}> a kg:Researcher .\n"
    for number in range(MEMBERSHIPS):
        end = f" ; schema:endDate {date(draw, 2015, 2024)}" if draw.random() < 0.4 else ""
        seen = f" ; kg:attestedOn {date(draw, 2014, 2014)}" if draw.random() < 0.2 else ""
        yield (
            f"<membership/{number}> a kg:Membership ; org:member <person/{number % people}> ;"
            f" org:organization <unit/{draw.randrange(UNITS)}> ;"
            f" schema:startDate {date(draw, 2000, 2013)}{end}{seen} .\n"
        )


def date(draw: random.Random, first: int, last: int) -> str:
    year, month, day = draw.randint(first, last), draw.randint(1, 12), draw.randint(1, 28)
    kind = draw.random()
    if kind < 0.3:
        return f'"{year}"^^xsd:gYear'
    if kind < 0.5:
        return f'"{year}-{month:02}"^^xsd:gYearMonth'
    return f'"{year}-{month:02}-{day:02}"^^xsd:date'


def asked(kg: KnowledgeGraph, institution: str) -> tuple[int, list[float]]:
    """Ask the first question; give how many affiliations the institution has, and the milliseconds of each time."""
    query = f"SELECT (COUNT(*) AS ?n) {{ ?a kg:institution <{BASE}{institution}> }}"
    (count,) = next(iter(kg.query(PROLOGUE + query)))
    found = []
    for year in range(2005, 2005 + ROUNDS // 2):
        start = time.perf_counter()
        answer = kg.ask(
            "affiliated", {"institution": f"{BASE}{institution}", "date": f"{year}-06-30", "mode": "certain"}
        )
        sum(1 for _ in answer)
        found.append((time.perf_counter() - start) * 1e3)
    return int(count.value), found[2:]


def changes(kg: KnowledgeGraph) -> dict[str, list[float]]:
    """Add memberships, end them, take their ends back, and delete them; give the milliseconds of each."""
    found: dict[str, list[float]] = {"added": [], "ended": [], "end taken back": [], "deleted": []}
    for number in range(ROUNDS):
        node = f"<{BASE}membership/new-{number}>"
        said = (
            f"{node} a kg:Membership ; org:member <{BASE}person/{number * 7}> ; org:organization <{BASE}unit/{number}>"
        )
        end = f"{node} schema:endDate '2019'^^xsd:gYear"
        updates = (
            f"INSERT DATA {{ {said} ; schema:startDate '2010-05'^^xsd:gYearMonth }}",
            f"INSERT DATA {{ {end} }}",
            f"DELETE DATA {{ {end} }}",
            f"DELETE WHERE {{ {node} ?p ?o }}",
        )
        for name, update in zip(found, updates, strict=True):
            start = time.perf_counter()
            kg.update(PROLOGUE + update)
            found[name].append((time.perf_counter() - start) * 1e3)
    return {name: times[3:] for name, times in found.items()}


def main() -> None:
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, store = folder / "affiliations.ttl", folder / "store"
        with data.open("w") as output:
            output.writelines(statements(random.Random(SEED)))
        command = [*KGTOOL, "--store", str(store)]
        start = time.perf_counter()
        done = subprocess.run([*command, "load", "--ontology", "--json", data], check=True, capture_output=True)
        results["load"] = {**json.loads(done.stdout), "wall": time.perf_counter() - start}
        with KnowledgeGraph.open(store) as kg:
            (count,) = next(iter(kg.query(PROLOGUE + "SELECT (COUNT(*) AS ?n) { ?a a kg:Affiliation }")))
        affiliations = int(count.value)
        runs = [json.loads(done.stdout)["seconds"]["reason"]]
        for _ in range(2):
            again = subprocess.run([*command, "reason", "--json"], check=True, capture_output=True)
            runs.append(json.loads(again.stdout)["seconds"]["reason"])
        results["affiliations"], results["reason"] = affiliations, runs
        speed = affiliations / min(runs)
        results["built"] = line("affiliations built a second, reason stage", speed, BUILT, at_least=True, unit="/s")
        with KnowledgeGraph.open(store, write=True) as kg:
            for institution in ("institution/0", "institution/7"):
                size, times = asked(kg, institution)
                results[institution] = {"affiliations": size, "ms": times}
                if institution == "institution/0":
                    label = f"question 1, {size} affiliations, median"
                    results["asked"] = line(label, median(times), ASKED, at_least=False, unit="ms")
                else:
                    print(f"  question 1, {size} affiliations, median: {median(times):.1f} ms")
            for kind, times in changes(kg).items():
                most = quantile(times, 0.95)
                results[kind] = {
                    **line(f"a membership {kind}, median", median(times), CHANGED, at_least=False, unit="ms"),
                    "95 %": most,
                }
    report("affiliations", results)


if __name__ == "__main__":
    sys.exit(main())
