"""What the servers serve: LUBM with all that follows from it, the same triples in each server's own store."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from _measuring import KGTOOL, ONTOLOGY, as_ntriples, lubm
from closure import load
from pyoxigraph import RdfFormat, Store

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
UB = "http://swat.cse.lehigh.edu/onto/univ-bench.owl#"
ROWS = 10_000


@dataclass(frozen=True)
class Data:
    """The same triples thrice.

    :param kgtool: a store of ours, which may be written to.
    :param oxigraph: a store of Oxigraph's, everything in its default graph; it is only read.
    :param triples: a file of N-Triples.
    :param count: how many there are.
    :param subjects: IRIs that stand as subjects, in an order without meaning.
    """

    kgtool: Path
    oxigraph: Path
    triples: Path
    count: int
    subjects: tuple[str, ...]


def prepare(universities: int, work: Path) -> Data:
    """Load LUBM, and give what our store then holds to the others, so that all answer alike."""
    ours, theirs, file = (work / f"{kind}-{universities}" for kind in ("kgtool", "oxigraph", "all"))
    file = file.with_suffix(".nt")
    load(ours, lubm(universities, work), as_ntriples(ONTOLOGY, work))
    everything = [*KGTOOL, "--store", str(ours), "export", "--only", "all", "-f", "ntriples", "-o", str(file)]
    subprocess.run(everything, check=True, capture_output=True)
    store = Store(str(theirs))
    store.bulk_load(path=str(file), format=RdfFormat.N_TRIPLES)
    store.flush()
    count = len(store)
    rows = store.query("SELECT DISTINCT ?s { ?s ?p ?o FILTER(isIRI(?s)) }")
    subjects = sorted((row["s"].value for row in rows), key=hash_of)  # type: ignore[index,union-attr]
    return Data(ours, theirs, file, count, tuple(subjects))


def hash_of(text: str) -> int:
    """Give a number that depends on nothing but the text, to put texts out of their order."""
    number = 0
    for character in text.encode():
        number = (number * 1_000_003 ^ character) & 0xFFFFFFFF
    return number


def look_up(subject: str) -> str:
    """Ask for all that is said of a subject: some index entries, some rows."""
    return f"SELECT ?p ?o {{ <{subject}> ?p ?o }}"


def many_rows(number: int) -> str:
    """Ask for 10,000 rows; each number gives another text, so that nobody can remember an answer."""
    return f"SELECT ?s{number} ?o{number} {{ ?s{number} <{UB}takesCourse> ?o{number} }} LIMIT {ROWS}"


def path_of(endpoint: str, query: str) -> str:
    """Give the path of a GET request."""
    return f"{endpoint}?query={quote(query, safe='')}"
