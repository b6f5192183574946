"""Reading the W3C test manifests: every entry of a suite as one `Case`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

#: Where the suites stand on the web, by the folder that holds their copy: their relative IRIs resolve against it.
BASES = {
    "sparql/": "https://w3c.github.io/rdf-tests/sparql/",
    "rdf/": "https://w3c.github.io/rdf-tests/rdf/rdf11/",
}

PROLOGUE = """
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
INCLUDED = PROLOGUE + "SELECT ?file { ?manifest mf:include/rdf:rest*/rdf:first ?file }"
ENTRIES = (
    PROLOGUE
    + """
SELECT ?test ?kind ?action ?query ?result {
    ?manifest mf:entries/rdf:rest*/rdf:first ?test .
    OPTIONAL { ?test a ?kind ; mf:action ?action . OPTIONAL { ?action qt:query ?query } }
    OPTIONAL { ?test mf:result ?result }
}"""
)
DATA = (
    PROLOGUE
    + "SELECT ?test ?role ?file { ?test mf:action ?a . ?a ?role ?file FILTER(?role IN (qt:data, qt:graphData)) }"
)
GRAPH_DATA = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#graphData"


@dataclass(frozen=True)
class Document:
    """A file of a suite: where its copy is, and the IRI that it has."""

    path: Path
    iri: str


@dataclass(frozen=True)
class Case:
    """One test: its IRI, its class (the local name), the file it acts on, what it expects, and its dataset."""

    iri: str
    kind: str
    action: Document
    result: Document | None
    data: tuple[Document, ...]
    named: tuple[Document, ...]


def document(suites: Path, iri: str) -> Document:
    """Find the copy of a file below ``suites``.

    :raises ValueError: when no suite of `BASES` holds the IRI.
    """
    for folder, base in BASES.items():
        if iri.startswith(base):
            return Document(suites / folder / iri.removeprefix(base), iri)
    raise ValueError(f"<{iri}> belongs to no suite")


def read_cases(suites: Path, manifests: Iterable[str]) -> list[Case]:
    """Read the entries of manifests (paths relative to ``suites``), and of those that they include.

    :raises ValueError: when an entry is listed without being described.
    """
    cases: list[Case] = []
    waiting = [_iri(name) for name in manifests]
    while waiting:
        manifest = document(suites, waiting.pop(0))
        store = Store()
        store.load(path=manifest.path, format=RdfFormat.TURTLE, base_iri=manifest.iri)
        waiting += [file for (file,) in _rows(store, INCLUDED) if file]
        cases += _cases(suites, store)
    return cases


def _iri(name: str) -> str:
    for folder, base in BASES.items():
        if name.startswith(folder):
            return base + name.removeprefix(folder)
    raise ValueError(f"{name} belongs to no suite")


def _cases(suites: Path, store: Store) -> list[Case]:
    data: dict[str, list[Document]] = {}
    named: dict[str, list[Document]] = {}
    for test, role, file in _rows(store, DATA):
        if test and file:
            (named if role == GRAPH_DATA else data).setdefault(test, []).append(document(suites, file))
    cases = []
    for test, kind, action, query, result in _rows(store, ENTRIES):
        if test is None or kind is None or (query or action) is None:
            raise ValueError(f"<{test}> is listed and not described")
        cases.append(
            Case(
                iri=test,
                kind=kind.rpartition("#")[2],
                action=document(suites, query or action or ""),
                result=document(suites, result) if result else None,
                data=_sorted(data.get(test, ())),
                named=_sorted(named.get(test, ())),
            )
        )
    return cases


def _sorted(documents: Iterable[Document]) -> tuple[Document, ...]:
    return tuple(sorted(documents, key=lambda found: found.iri))


def _rows(store: Store, query: str) -> list[Sequence[str | None]]:
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [
        [term.value if isinstance(term := solution[name], NamedNode) else None for name in names]
        for solution in solutions
    ]
