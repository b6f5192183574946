"""On the region's graph, with its rules: what is found in a change is what checking a copy of everything finds."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kgtool.store.change import QuadDelta, delta
from kgtool.store.layout import State, asserted_quads, read_state
from kgtool.store.updates import Scope
from kgtool.transactions.building import SHAPES
from kgtool.transactions.commits import examine, prepare
from kgtool.transactions.opening import Opened, open_to_write
from kgtool.transactions.updating import net_change
from kgtool.vocabulary import ID_BASE, PREFIXES, iri
from tests.hand_written import build_hand_written

from .changes import CLASSES, DATED, DATES, REGISTRY, SCHEMES, TEXTS, VALUES, closure_and_asserted, mentioned
from .oracle import check_slowly

PROLOGUE = "".join(f"PREFIX {prefix}: <{namespace}> " for prefix, namespace in PREFIXES.items())
ID = f"{ID_BASE}hauts-de-france"
GRAPH = NamedNode("urn:x:graph")
UNIT = f"<{ID}/unit/u1172>"
#: What is done, and a shape that then finds something.
UPDATES = {
    "a person comes": (
        f"""INSERT DATA {{ GRAPH <urn:x:graph> {{
            <urn:x:p> a kg:Researcher ; rdfs:label "P"@fr .
            <urn:x:m> a kg:Membership ; org:member <urn:x:p> ; org:organization {UNIT} ; dcterms:source "s" ;
                schema:startDate "2020-01-01"^^xsd:date ; schema:endDate "2019"^^xsd:gYear }} }}""",
        "IntervalShape",
    ),
    "a label comes": (f'INSERT DATA {{ GRAPH <urn:x:graph> {{ {UNIT} rdfs:label "U"@fr }} }}', None),
    "labels go": (
        f"DELETE WHERE {{ GRAPH ?g {{ <{ID}/institution/chu-de-lille> rdfs:label ?label }} }}",
        "NameShape",
    ),
    "a date changes": (
        """DELETE { GRAPH ?g { ?m schema:startDate ?date } }
        INSERT { GRAPH ?g { ?m schema:startDate "2019-01-01"^^xsd:date ; schema:endDate "2018"^^xsd:gYear } }
        WHERE { { SELECT ?g ?m ?date { GRAPH ?g { ?m schema:startDate ?date } ?m a kg:Membership } LIMIT 1 } }""",
        "IntervalShape",
    ),
    "an identifier comes that another thing has": (
        f"""INSERT {{ GRAPH <urn:x:graph> {{ {UNIT} schema:identifier <urn:x:i> .
            <urn:x:i> schema:propertyID ?scheme ; schema:value ?value }} }}
        WHERE {{ {{ SELECT ?scheme ?value {{ ?i schema:propertyID ?scheme ; schema:value ?value }} ORDER BY ?i LIMIT 1
            }} }}""",
        "OneHolderShape",
    ),
    "an ORCID comes that is wrong": (
        f"""INSERT DATA {{ GRAPH <urn:x:graph> {{ {UNIT} schema:identifier <urn:x:i> .
            <urn:x:i> a schema:PropertyValue ; schema:propertyID "ORCID" ; schema:value "0000-0002-1825-0098" }} }}""",
        "OrcidShape",
    ),
    "a membership goes": (
        f"""DELETE {{ GRAPH ?g {{ ?m ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?m ?p ?o }}
            {{ SELECT ?m {{ ?m a kg:Membership ; org:organization {UNIT} }} ORDER BY ?m LIMIT 1 }} }}""",
        None,
    ),
    "every member goes": ("DELETE WHERE { GRAPH ?g { ?m org:member ?o } }", "MemberEndShape"),
    "a hub loses its class": (
        f"DELETE WHERE {{ GRAPH ?g {{ <{ID}/institution/inserm> a ?class }} }}",
        None,
    ),
    "a class moves": ("INSERT DATA { GRAPH <urn:x:graph> { kg:Membership rdfs:subClassOf foaf:Person } }", None),
}


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Give the region's store; changes of it are examined, not written."""
    opened = open_to_write(build_hand_written(tmp_path_factory.mktemp("region")))
    yield opened
    opened.close()


def compare(opened: Opened, state: State, change: QuadDelta) -> set[str | None]:
    """Examine a change in both ways; give the shapes that find something."""
    prepared = prepare(opened.store, state, opened.engine, change)
    shapes = opened.ontology / SHAPES
    clashes = len(prepared.consequences.clashes)
    closure, asserted = closure_and_asserted(opened.store, state, prepared)
    found = examine(opened.store, state, prepared, shapes).findings[clashes:]
    assert found == check_slowly(closure, asserted, shapes, mentioned(prepared)).findings
    return {finding.shape for finding in found}


@pytest.mark.parametrize("name", UPDATES)
def test_an_update(region: Opened, name: str) -> None:
    state = read_state(region.store)
    scope = Scope.within(None, (), ())
    text, shape = UPDATES[name]
    change, _ = net_change(PROLOGUE + text, scope, region.store, state, region.engine, region.generation)
    assert change
    found = compare(region, state, change)
    assert shape is None or PREFIXES["kg"] + shape in found


def drawn(draw: random.Random, quads: list[Quad]) -> QuadDelta:
    """Change some of what is there, and some of what may be: ends, classes, dates, identifiers, labels."""
    one, other = draw.choice(quads), draw.choice(quads)
    nodes = [term for term in (one.subject, other.subject, other.object) if isinstance(term, NamedNode | BlankNode)]
    nodes.append(NamedNode("urn:x:new"))
    pairs: list[tuple[NamedNode, NamedNode | BlankNode | Literal]] = [
        (iri("rdf", "type"), draw.choice(CLASSES)),
        (draw.choice(DATED), draw.choice(DATES)),
        (iri("schema", "sameAs"), draw.choice(REGISTRY)),
        (iri("owl", "sameAs"), draw.choice(nodes)),
        (iri("schema", "propertyID"), draw.choice(SCHEMES)),
        (iri("schema", "value"), draw.choice(VALUES)),
        (iri("rdfs", "label"), draw.choice(TEXTS)),
        (other.predicate, draw.choice(nodes)),
    ]
    added = [Quad(draw.choice(nodes), *pair, GRAPH) for pair in draw.sample(pairs, draw.randint(0, 5))]
    removed = [quad for quad in quads if quad.subject == one.subject and draw.random() < 0.6]
    return delta(added, removed if draw.random() < 0.6 else ())


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 200))])
def test_a_random_change(region: Opened, seed: int) -> None:
    draw = random.Random(seed)
    state = read_state(region.store)
    quads = sorted(asserted_quads(region.store, state), key=str)
    for _ in range(2):
        compare(region, state, drawn(draw, quads))
