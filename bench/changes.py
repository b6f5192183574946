"""What a change and an explanation cost, in process, on graphs of different sizes.

A change is one SPARQL update with its consequences, on disk when it returns: somebody new comes with seven triples,
goes again, a publication loses an author, a department loses its head. None of it may grow with the graph.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from _measuring import KGTOOL, ONTOLOGY, SHARED, as_ntriples, line, lubm, median, quantile, report
from closure import load
from pyoxigraph import NamedNode

from kgtool.graph import KnowledgeGraph
from kgtool.reasoning.language import Fact
from kgtool.reasoning.proofs import Step

UB = "http://swat.cse.lehigh.edu/onto/univ-bench.owl#"
ROUNDS = 60
SEED = 20261125
MEDIAN, MOST = 10.0, 30.0
EXPLAINED, DEEP = 50.0, 5
#: Two chains on top of those of univ-bench-ext.ttl: what their heads follow from is five steps away from sources.
DEEPER = f"""@prefix : <{UB}> . @prefix x: <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
x:headedBy owl:inverseOf :headOf . x:knowsHead owl:propertyChainAxiom ( x:collaboratesWithOrg x:headedBy ) .
x:knowsDegreeFrom owl:propertyChainAxiom ( x:knowsHead :doctoralDegreeFrom ) .
"""
PROLOGUE = f"PREFIX : <{UB}> "


def rows(kg: KnowledgeGraph, query: str) -> list[list[str]]:
    return [[str(getattr(term, "value", "")) for term in row] for row in kg.query(PROLOGUE + query)]


def newcomers(kg: KnowledgeGraph, draw: random.Random) -> Iterator[str]:
    courses = rows(kg, "SELECT ?c { ?c a :GraduateCourse } LIMIT 500")
    advisors = rows(kg, "SELECT ?p ?d { ?p :worksFor ?d } LIMIT 2000")
    for number in range(ROUNDS):
        (advisor, place), (course,) = draw.choice(advisors), draw.choice(courses)
        yield (
            f"<urn:bench:{number}> a :GraduateStudent ; :memberOf <{place}> ; :advisor <{advisor}> ;"
            f" :takesCourse <{course}> ; :name 'New {number}' ; :emailAddress '{number}@example.org' ;"
            f" :undergraduateDegreeFrom <http://www.University{draw.randrange(10)}.edu>"
        )


def timed(kg: KnowledgeGraph, updates: Sequence[str]) -> list[float]:
    """Run updates, and give the milliseconds of each; the first ones warm up."""
    found = []
    for update in updates:
        start = time.perf_counter()
        kg.update(PROLOGUE + update)
        found.append((time.perf_counter() - start) * 1e3)
    return found[3:]


def changes(store: Path) -> dict[str, list[float]]:
    draw = random.Random(SEED)
    with KnowledgeGraph.open(store, write=True) as kg:
        news = list(newcomers(kg, draw))
        authors = rows(kg, "SELECT ?p ?a { ?p :publicationAuthor ?a } LIMIT 2000")
        heads = rows(kg, "SELECT ?p ?d { GRAPH ?g { ?p :headOf ?d } }")
        found = {
            "somebody comes": timed(kg, [f"INSERT DATA {{ {text} }}" for text in news]),
            "somebody goes": timed(kg, [f"DELETE DATA {{ {text} }}" for text in news]),
            "a publication loses an author": timed(
                kg,
                [
                    f"DELETE WHERE {{ GRAPH ?g {{ <{p}> :publicationAuthor <{a}> }} }}"
                    for p, a in draw.sample(authors, ROUNDS)
                ],
            ),
            "a department loses its head": timed(
                kg, [f"DELETE WHERE {{ GRAPH ?g {{ <{p}> :headOf <{d}> }} }}" for p, d in heads[: max(6, ROUNDS // 2)]]
            ),
        }
    return found


def explanations(store: Path) -> list[float]:
    """Give the milliseconds of explaining triples whose shortest proof is deep."""
    found = []
    with KnowledgeGraph.open(store) as kg:
        for fact in _deep_facts(kg):
            start = time.perf_counter()
            explanation = kg.explain(*fact, limit=1)
            found.append((time.perf_counter() - start) * 1e3)
            assert explanation.proofs[0].depth >= DEEP, "this is not as deep as it should be"
    return found


def _deep_facts(kg: KnowledgeGraph) -> Iterator[Fact]:
    query = "SELECT ?a ?o { ?a <urn:x:knowsDegreeFrom> ?o } LIMIT 4000"
    number = 0
    for subject, value in rows(kg, query):
        fact = (NamedNode(subject), NamedNode("urn:x:knowsDegreeFrom"), NamedNode(value))
        proofs = kg.explain(*fact, limit=1).proofs
        if proofs and isinstance(proofs[0], Step) and proofs[0].depth >= DEEP:
            number += 1
            yield fact
            if number == 20:
                return


def peak_memory(store: Path) -> float:
    """Give the MiB that a closure from scratch takes at most."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    subprocess.run([*KGTOOL, "--store", str(store), "reason"], check=True, capture_output=True)
    return max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def main() -> int:
    if not SHARED.is_dir():
        print("left out: no LUBM in the shared data sets (set KGTOOL_SHARED)", file=sys.stderr)
        return 0
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="kgtool-bench-") as folder:
        work = Path(folder)
        ontology, more = as_ntriples(ONTOLOGY, work), as_ntriples(SHARED / "univ-bench-ext.ttl", work)
        for size in (1, 10):
            load(work / f"{size}", lubm(size, work), ontology)
            for what, times in changes(work / f"{size}").items():
                name = f"LUBM-{size}: {what}"
                results[name] = {
                    "milliseconds": times,
                    "median": line(f"{name}, median", median(times), MEDIAN, at_least=False, unit="ms"),
                    "95 %": line(f"{name}, 95 %", quantile(times, 0.95), MOST, at_least=False, unit="ms"),
                }
        results["memory"] = line(
            "LUBM-10: memory of a closure", peak_memory(work / "10"), 2048, at_least=False, unit="MiB"
        )
        deeper = work / "deeper.ttl"
        deeper.write_text(DEEPER)
        load(work / "extended", lubm(10, work), ontology, more, deeper)
        times = explanations(work / "extended")
        results["explain"] = line(
            f"LUBM-10: a proof {DEEP} steps deep, median", median(times), EXPLAINED, at_least=False, unit="ms"
        )
    report("changes", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
