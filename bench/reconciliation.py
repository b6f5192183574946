"""How quickly ``/reconcile`` answers the batches of OpenRefine, and how often its first candidate is the right one.

Two sets of a thousand real names, drawn by a hash, looked up in the region's graph as ``kgtool build`` makes it:

* *names of others*: names that ROR's records have of French organisations, most of which are not in the region: what a
  table from anywhere looks like. They are for speed alone.
* *misspelt*: names of the region's organisations that have a ROR, each with one letter left out, in small letters and
  without accents. Right is whoever has that name in full; the figure for what is certain counts ``match: true``.

By HTTP, one client, one batch after another, as OpenRefine sends them (ten or, as the manifest advises, fifty queries
in a form). Beside it in the same rounds: rapidfuzz's ``process.extract`` with ``WRatio`` over the same names, ten best,
which is what one has in a notebook, without types, properties, reasons or the way over HTTP.
"""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import os
import sys
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from _measuring import ROOT, line, median, report, seconds
from _serving_processes import HOST, Server, kgtool
from rapidfuzz import fuzz, process, utils

from kgtool.graph import KnowledgeGraph

RECORDS = ROOT / os.environ.get("KGTOOL_SHARED", "../shared") / "open-data" / "ror" / "ror-detailed-51k.jsonl.gz"
NUMBER = 1000
ROUNDS = 3
#: Names that rapidfuzz is asked in a round: it is too slow for all.
ASKED_OF_RAPIDFUZZ = 200
NAMED = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX org: <http://www.w3.org/ns/org#> PREFIX schema: <https://schema.org/>
SELECT DISTINCT ?thing ?name ?ror {
  VALUES ?p { rdfs:label skos:prefLabel skos:altLabel foaf:name schema:name schema:alternateName }
  { ?thing a org:Organization } UNION { ?thing a foaf:Person } ?thing ?p ?name
  OPTIONAL { ?thing schema:identifier ?node . ?node schema:propertyID "ROR" ; schema:value ?ror }
}"""


def by_hash(names: Iterable[str]) -> list[str]:
    return sorted(set(names), key=lambda name: hashlib.sha256(name.encode()).digest())[:NUMBER]


def names_of_others() -> list[str]:
    with gzip.open(RECORDS, "rt", encoding="utf-8") as file:
        records = [json.loads(text) for text in file]
    french = [r for r in records if any(place.get("country_code") == "FR" for place in r["locations"])]
    return by_hash(name["value"] for record in french for name in record["names"])


def misspelt(name: str) -> str:
    """Leave out one letter, drawn by a hash, and capitals and accents."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    letters = [place for place, c in enumerate(plain) if c.isalpha()]
    gone = letters[hashlib.sha256(name.encode()).digest()[0] * len(letters) // 256]
    return plain[:gone] + plain[gone + 1 :]


def names_of_region(store: Path) -> tuple[dict[str, set[str]], list[str]]:
    """Give the things that have each name, and the names, longer than acronyms, of those that have a ROR."""
    things: dict[str, set[str]] = defaultdict(set)
    known: set[str] = set()
    with KnowledgeGraph.open(store) as graph:
        for thing, name, ror in graph.query(NAMED):  # type: ignore[misc]
            things[name.value].add(thing.value)  # type: ignore[union-attr]
            if ror is not None and len(name.value) >= 12:  # type: ignore[union-attr]
                known.add(name.value)  # type: ignore[union-attr]
    return things, by_hash(known)


class Client:
    """One client, over one connection, as OpenRefine is."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection(HOST, server.port, timeout=60)

    def ask(self, names: Sequence[str]) -> dict[str, Any]:
        batch = {f"q{number}": {"query": name} for number, name in enumerate(names)}
        body = urlencode({"queries": json.dumps(batch)})
        self._connection.request("POST", "/reconcile", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = self._connection.getresponse()
        assert answer.status == 200, answer.read()
        return dict(json.loads(answer.read()))

    def all(self, names: Sequence[str], size: int) -> list[list[dict[str, Any]]]:
        found = []
        for start in range(0, len(names), size):
            part = names[start : start + size]
            answers = self.ask(part)
            found += [answers[f"q{number}"]["result"] for number in range(len(part))]
        return found


def main() -> None:
    if not RECORDS.is_file():
        sys.exit("the shared data sets are not there: set KGTOOL_SHARED")
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        KnowledgeGraph.build(store)
        things, known = names_of_region(store)
        labels = list(things)
        plain = {label: utils.default_process(label) for label in labels}
        others = names_of_others()
        with kgtool(store, Path(folder) / "log") as server:
            client = Client(server)
            client.ask(others[:1])  # the names are read once
            rates: dict[str, list[float]] = defaultdict(list)
            for round_ in range(ROUNDS):
                for size in (10, 50):
                    took = seconds(lambda size=size: client.all(others, size))  # type: ignore[misc]
                    rates[f"batches of {size}"].append(len(others) / took)
                some = others[round_ * ASKED_OF_RAPIDFUZZ :][:ASKED_OF_RAPIDFUZZ]
                took = seconds(lambda some=some: [nearest(name, plain) for name in some])  # type: ignore[misc]
                rates["rapidfuzz"].append(len(some) / took)
            print(f"  {len(labels)} names in the graph, {len(others)} names asked, {ROUNDS} rounds; medians:")
            for kind, found in rates.items():
                print(f"  {kind}: {median(found):.0f} queries a second")
            results["queries a second"] = {kind: round(median(found), 1) for kind, found in rates.items()}
            results["speed"] = [
                line(
                    f"{kind} a second, to rapidfuzz", median(rates[kind]) / median(rates["rapidfuzz"]), 1, at_least=True
                )
                for kind in ("batches of 10", "batches of 50")
            ]
            answers = client.all([misspelt(name) for name in known], 50)
        first = [bool(a) and a[0]["id"] in things[name] for name, a in zip(known, answers, strict=True)]
        certain = [(name, a[0]["id"]) for name, a in zip(known, answers, strict=True) if a and a[0]["match"]]
        wrong = [(name, id) for name, id in certain if id not in things[name]]
        beside = [name in nearest(misspelt(name), plain)[:1] for name in known]
    share, other = sum(first) / len(first), sum(beside) / len(beside)
    results["misspelt"] = {"names": len(known), "first": share, "certain": len(certain), "wrong": wrong}
    print(f"  {len(known)} names misspelt: certain {len(certain)}, of them wrong {len(wrong)}")
    print(f"  rapidfuzz, the right one is first: {other:.4f}")
    line("the right one is first, of names misspelt", share, 0.95, at_least=True, unit=" ")
    results["rapidfuzz first"] = other
    report("reconciliation", results)


def nearest(name: str, plain: dict[str, str]) -> list[str]:
    found = process.extract(utils.default_process(name), plain, scorer=fuzz.WRatio, limit=10)
    return [key for _, _, key in found]


if __name__ == "__main__":
    sys.exit(main())
