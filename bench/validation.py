"""What checking a change costs: in proportion to the change, beside checking it on a copy of everything.

The region's graph is built, and typical changes are prepared with their consequences. Each is then examined on that
store, and on one with a hundred times the people, memberships, supervisions and projects, all of the same
organisations, which are hubs there. On the region's, the plain way runs beside it: the closure is copied, and the same
nodes of the copy are checked.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from _measuring import line, median, quantile, report, seconds
from pyoxigraph import BlankNode, NamedNode, Quad, QuerySolutions

from kgtool.graph import KnowledgeGraph
from kgtool.store.interface import Term
from kgtool.store.layout import State, asserted_triples, count, inferred_triples, read_state
from kgtool.store.oxigraph import OxigraphStore
from kgtool.store.updates import Scope
from kgtool.transactions import commits
from kgtool.transactions.building import SHAPES
from kgtool.transactions.commits import Prepared
from kgtool.transactions.opening import open_to_write
from kgtool.transactions.updating import net_change
from kgtool.validate import Report
from kgtool.validate.check import check_shapes
from kgtool.vocabulary import ID_BASE, INFERRED, PREFIXES

COPIES = 100
ROUNDS = 60
PLAIN_ROUNDS = 5
#: Milliseconds, and how much longer the same change may take in the larger store.
BUDGET, LARGER = 25.0, 1.5
ID = f"{ID_BASE}hauts-de-france"
PROLOGUE = "".join(f"PREFIX {prefix}: <{namespace}> " for prefix, namespace in PREFIXES.items())
MANY = "foaf:Person, org:Membership, kg:Supervision, kg:Participation, kg:Project"
UPDATES = {
    "insert a person with a dated membership": f"""INSERT DATA {{ GRAPH <urn:bench:g> {{
        <{ID}/person/bench> a kg:Researcher ; rdfs:label "B. Bench"@fr .
        <{ID}/membership/bench> a kg:Membership ; org:member <{ID}/person/bench> ;
            org:organization <{ID}/unit/u1172> ; schema:startDate "2020-01-01"^^xsd:date ;
            schema:endDate "2022"^^xsd:gYear ; dcterms:source "bench" }} }}""",
    "insert a label": f'INSERT DATA {{ GRAPH <urn:bench:g> {{ <{ID}/unit/u1172> rdfs:label "LilNCog"@fr }} }}',
    "delete labels": f"DELETE WHERE {{ GRAPH ?g {{ <{ID}/institution/chu-de-lille> rdfs:label ?label }} }}",
    "change a date": """DELETE { GRAPH ?g { ?m schema:startDate ?date } }
        INSERT { GRAPH ?g { ?m schema:startDate "2019-01-01"^^xsd:date ; schema:endDate "2021"^^xsd:gYear } }
        WHERE { { SELECT ?g ?m ?date { GRAPH ?g { ?m schema:startDate ?date } ?m a kg:Membership } LIMIT 1 } }""",
    "insert an identifier": f"""INSERT DATA {{ GRAPH <urn:bench:g> {{
        <{ID}/unit/u1172> schema:identifier <urn:bench:i> .
        <urn:bench:i> a schema:PropertyValue ; schema:propertyID "ORCID" ; schema:value "0000-0002-1825-0097" ;
            dcterms:source "bench" }} }}""",
    "delete a membership": f"""DELETE {{ GRAPH ?g {{ ?m ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?m ?p ?o }}
        {{ SELECT ?m {{ ?m a kg:Membership ; org:organization <{ID}/unit/u1172> }} ORDER BY ?m LIMIT 1 }} }}""",
}


@dataclass(frozen=True)
class Subject:
    """A store and a change of it."""

    store: OxigraphStore
    state: State
    change: Prepared


def quickly(subject: Subject, shapes: Path) -> Report:
    return commits.examine(subject.store, subject.state, subject.change, shapes)


def plainly(subject: Subject, shapes: Path) -> Report:
    store, state, change = subject.store, subject.state, subject.change
    inferred = change.consequences.inferred
    changed = {*(q.triple for q in change.change.added | change.change.removed), *inferred.added, *inferred.removed}
    nodes = {term for t in changed for term in (t.subject, t.object) if isinstance(term, NamedNode | BlankNode)}
    asserted = {t for t in asserted_triples(store, state) if t not in change.asserted.removed} | change.asserted.added
    closure = asserted | {t for t in inferred_triples(store) if t not in inferred.removed} | inferred.added
    return check_shapes(closure, shapes, focus=nodes, asserted=asserted)


def larger(region: OxigraphStore, folder: Path) -> OxigraphStore:
    """Copy a store with so many times the people, memberships, supervisions, projects, and identifiers of people."""
    many = region.query(
        f"""{PROLOGUE} SELECT ?s {{ {{ ?s a ?many FILTER(?many IN ({MANY})) }}
            UNION {{ ?holder a foaf:Person ; schema:identifier ?s }} }}""",
        default_graph=[*read_state(region).asserted_graphs, INFERRED],
        named_graphs=[],
    )
    multiplied = {row["s"] for row in many} if isinstance(many, QuerySolutions) else set()

    def renamed(term: Term, number: int) -> Term:
        if term not in multiplied:
            return term
        return (
            NamedNode(f"{term.value}/{number}") if isinstance(term, NamedNode) else BlankNode(f"{term.value}x{number}")
        )

    quads = [quad for quad in region.quads() if quad.subject in multiplied or quad.object in multiplied]
    store = OxigraphStore(folder)
    store.fill(region.quads())
    for number in range(1, COPIES):
        store.fill(
            Quad(renamed(q.subject, number), q.predicate, renamed(q.object, number), q.graph_name) for q in quads
        )
    return store


def changes(folder: Path) -> Iterator[tuple[str, Subject, Path]]:
    """Give the updates as changes of the region's store, with the shapes that it keeps."""
    opened = open_to_write(folder)
    try:
        state = read_state(opened.store)
        for name, text in UPDATES.items():
            change, _ = net_change(
                PROLOGUE + text, Scope.within(None, (), ()), opened.store, state, opened.engine, opened.generation
            )
            change_with_consequences = commits.prepare(opened.store, state, opened.engine, change)
            yield name, Subject(opened.store, state, change_with_consequences), opened.ontology / SHAPES
    finally:
        opened.close()


def compare(name: str, region: Subject, large: Subject, shapes: Path) -> dict[str, object]:
    assert quickly(region, shapes) == plainly(region, shapes), name  # both find the same, or the times mean nothing
    quickly(large, shapes)
    quick, there, plain = [], [], []
    for number in range(ROUNDS):
        quick.append(seconds(lambda: quickly(region, shapes)) * 1e3)
        there.append(seconds(lambda: quickly(large, shapes)) * 1e3)
        if number < PLAIN_ROUNDS:
            plain.append(seconds(lambda: plainly(region, shapes)) * 1e3)
    return {
        "milliseconds": quick,
        "median": line(f"{name}, median", median(quick), BUDGET, at_least=False, unit="ms"),
        "95 %": line(f"{name}, 95 %", quantile(quick, 0.95), 2 * BUDGET, at_least=False, unit="ms"),
        "larger": line(f"{name}, {COPIES} times larger", median(there) / median(quick), LARGER, at_least=False),
        "copied": line(f"{name}, copying everything", median(plain) / median(quick), 1, at_least=True),
    }


def bench(work: Path) -> dict[str, object]:
    KnowledgeGraph.build(work / "region")
    results: dict[str, object] = {}
    large: OxigraphStore | None = None
    for name, subject, shapes in changes(work / "region"):
        if large is None:
            large = larger(subject.store, work / "large")
            results["triples"] = [triples_in(store) for store in (subject.store, large)]
            print(f"triples: {results['triples']}")
        results[name] = compare(name, subject, Subject(large, read_state(large), subject.change), shapes)
    return results


def triples_in(store: OxigraphStore) -> int:
    return count(store, *read_state(store).asserted_graphs, INFERRED)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="kgtool-bench-") as folder:
        report("validation", bench(Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
