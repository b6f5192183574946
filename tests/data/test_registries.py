"""The graphs of registries beside the hand-written ones: what the region has, and under which names."""

from __future__ import annotations

import csv
import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QueryBoolean, RdfFormat, Store

from kgtool.vocabulary import SOURCE_PREFIX

from .conftest import HEADER, ROOT, data_files, solutions

REGISTRIES = ("finess", "rnsr", "ror")
FOLDER = ROOT / "data" / "registries"
ID = "https://w3id.org/kgtool/id/"
RNSR = "GRAPH <urn:kgtool:source:rnsr>"


@pytest.fixture(scope="module")
def region() -> Store:
    store = Store()
    for file in data_files():
        store.load(path=str(file), format=RdfFormat.TURTLE, to_graph=NamedNode(SOURCE_PREFIX + file.name))
    for name in REGISTRIES:
        store.load(path=str(FOLDER / f"{name}.trig"), format=RdfFormat.TRIG)
    return store


def ask(store: Store, query: str) -> bool:
    answer = store.query(HEADER + query, use_default_graph_as_union=True)
    assert isinstance(answer, QueryBoolean)
    return bool(answer)


def rows(store: Store, query: str) -> list[tuple[str | None, ...]]:
    return sorted(set(solutions(store, query)), key=str)


def test_they_are_compact() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 3_000_000


@pytest.mark.parametrize("name", REGISTRIES)
def test_a_graph_has_the_name_that_an_import_gives_it_and_tells_its_provenance(region: Store, name: str) -> None:
    graph = f"urn:kgtool:source:{name}"
    assert ask(
        region,
        f"""ASK {{ GRAPH <{graph}> {{ <{graph}> a prov:Entity, dcat:Dataset ; prov:wasDerivedFrom ?source ;
            prov:wasGeneratedBy ?reading ; dcterms:title ?french, ?english ; dcterms:license|dcterms:rights ?rights .
            ?reading a prov:Activity ; prov:used ?source ; prov:endedAtTime "2026-11-23T00:00:00Z"^^xsd:dateTime .
            ?source schema:sha256 ?sum FILTER(STRLEN(?sum) = 64)
            FILTER(LANG(?french) = "fr" && LANG(?english) = "en") }} }}""",
    )


def test_the_units_of_the_region_are_there_with_supervisors_and_people_in_charge(region: Store) -> None:
    units = rows(region, f"SELECT ?u {{ {RNSR} {{ ?u schema:identifier/schema:propertyID 'RNSR' }} }}")
    assert len(units) >= 406
    supervised = rows(
        region, f"SELECT ?u {{ {RNSR} {{ ?n a kg:Supervision ; kg:supervisedUnit ?u ; kg:attestedOn ?d }} }}"
    )
    assert len(supervised) > 390
    people = f"SELECT ?u {{ {RNSR} {{ ?n a kg:Membership ; org:member ?p ; org:organization ?u . ?p a foaf:Person }} }}"
    assert len(rows(region, people)) > 390


@pytest.mark.shared
def test_each_unit_has_the_supervisors_of_its_row(region: Store, shared: Path) -> None:
    file = shared / "open-data" / "registries" / "rnsr-structures-actives-2022.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as text:
        table = {row["numero_national_de_structure"]: row for row in csv.DictReader(text, delimiter=";")}
    found = rows(
        region,
        f"""SELECT ?number ?node ?siret {{ {RNSR} {{ ?n a kg:Supervision ; kg:supervisedUnit ?u ;
            kg:supervisingInstitution ?node .
            ?u schema:identifier ?i . ?i schema:propertyID "RNSR" ; schema:value ?number
            OPTIONAL {{ ?node schema:identifier ?s . ?s schema:propertyID "SIRET" ; schema:value ?siret }}
            FILTER(CONTAINS(STR(?n), "/supervision/")) }} }}""",
    )
    for number, row in table.items():
        if row["code_postal"][:2] in {"02", "59", "60", "62", "80"}:
            told = {siret for n, _, siret in found if n == number and siret}
            assert told >= {s for s in row["siret_des_tutelles"].split(";") if s and s != "18007003901804"}, number


def test_nothing_of_the_registries_is_a_timeless_part(region: Store) -> None:
    for name in REGISTRIES:
        query = (
            f"ASK {{ GRAPH <urn:kgtool:source:{name}> {{ ?a org:unitOf|org:subOrganizationOf|kg:supervisedBy ?b }} }}"
        )
        assert not ask(region, query)


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("ror", "institution/chu-de-lille"),
        ("ror", "unit/u1172"),
        ("rnsr", "unit/u1172"),
        ("rnsr", "unit/prism"),
        ("rnsr", "institution/inserm"),
        ("rnsr", "institution/universite-de-picardie-jules-verne"),
        ("rnsr", "person/luc-buee"),
        ("finess", "institution/centre-oscar-lambret"),
    ],
)
def test_records_of_what_is_known_have_its_name(region: Store, name: str, entity: str) -> None:
    assert ask(region, f"ASK {{ GRAPH <urn:kgtool:source:{name}> {{ <{entity}> ?p ?o }} }}")


def test_one_official_identifier_is_on_one_entity_of_a_registry(region: Store) -> None:
    """The registry's own numbers; a SIRET is shared by the sites of a hospital."""
    for scheme in ("ROR", "RNSR", "FINESS"):
        holders = rows(
            region, f"SELECT ?v ?h {{ ?h schema:identifier ?i . ?i schema:propertyID '{scheme}' ; schema:value ?v }}"
        )
        assert len({value for value, _ in holders}) == len(holders), scheme


def test_towns_have_one_name_in_all_graphs_and_coordinates(region: Store) -> None:
    lille = f"<{ID}hauts-de-france/place/lille>"
    for name in REGISTRIES:
        assert ask(region, f"ASK {{ GRAPH <urn:kgtool:source:{name}> {{ ?x kg:locatedIn {lille} }} }}")
    assert ask(region, f"ASK {{ {lille} geo:lat ?lat ; geo:long ?long FILTER(?lat > 50.6 && ?lat < 50.7) }}")
    labels = rows(region, "SELECT ?p ?l { ?p a kg:City ; rdfs:label ?l FILTER(LANG(?l) = 'fr') }")
    assert len({place for place, _ in labels}) == len(labels)


def test_people_of_the_directory_have_a_name_and_a_function(region: Store) -> None:
    said = rows(region, f"SELECT ?p {{ {RNSR} {{ ?person a foaf:Person ; ?p ?o }} }}")
    assert {(p or "").rpartition("/")[2].rpartition("#")[2] for (p,) in said} == {
        "type",
        "label",
        "name",
        "givenName",
        "familyName",
    }


@pytest.mark.long
@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "file", "more"),
    [
        ("ror", "ror/ror-detailed-51k.jsonl.gz", ["--date", "2026-06"]),
        ("finess", "registries/finess-dataesr-hospitals.jsonl.gz", []),
        ("rnsr", "registries/rnsr-structures-actives-2022.csv.gz", ["--onto", str(FOLDER / "finess.trig")]),
    ],
)
def test_the_files_are_what_the_command_makes(
    shared: Path, tmp_path: Path, name: str, file: str, more: list[str]
) -> None:
    made = tmp_path / "made.trig"
    seed = [part for path in data_files() for part in ("--onto", str(path))]
    command = [sys.executable, "-m", "kgtool", "import", name, str(shared / "open-data" / file), *seed, *more]
    options = ["--region", "hauts-de-france", "--retrieved", "2026-11-23", "-o", str(made)]
    subprocess.run([*command, *options], check=True, cwd=ROOT, capture_output=True)
    assert made.read_bytes() == (FOLDER / f"{name}.trig").read_bytes()
