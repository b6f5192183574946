"""The graphs of the second region say what the rows of the directory and the records of ROR say, one by one."""

from __future__ import annotations

import csv
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from .second_region import BASE, RNSR, ROR, Ask, ask_the_files, plain

pytestmark = pytest.mark.shared

HEALTH = "Biologie, médecine et santé"
PANELS = {f"LS{number}" for number in range(1, 8)}
ROLE = "https://w3id.org/kgtool/ontology#role-"
KINDS = {
    "fusion": "merger",
    "intégration": "integration",
    "renouvellement": "renewal",
    "essaimage": "hiving-off",
    "éclatement - fusion": "split-merger",
}

Row = dict[str, str]


@pytest.fixture(scope="module")
def ask() -> Ask:
    return ask_the_files()


@pytest.fixture(scope="module")
def table(shared: Path) -> dict[str, Row]:
    """The rows of structures of health research in Ille-et-Vilaine, by number."""
    path = shared / "open-data" / "registries" / "rnsr-structures-actives-2022.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        return {
            row["numero_national_de_structure"]: row
            for row in csv.DictReader(file, delimiter=";")
            if row["code_postal"].startswith("35")
            and row["type_de_structure"] != "Equipe interne"
            and (HEALTH in row["domaine_scientifique"].split(";") or PANELS & set(row["code_panel_erc"].split(";")))
        }


@pytest.fixture(scope="module")
def numbers(ask: Ask) -> dict[str, str]:
    """From the IRI of each structure, earlier ones included, to its number in the directory."""
    found = ask(
        f"""SELECT ?structure ?number WHERE {{ {RNSR} {{ ?structure schema:identifier ?id .
            ?id schema:propertyID "RNSR" ; schema:value ?number }} }}"""
    )
    return {structure or "": number or "" for structure, number in found}


@pytest.fixture(scope="module")
def sirets(ask: Ask) -> dict[str, str]:
    """From the IRI of each institution to its SIRET number."""
    found = ask(
        f"""SELECT ?institution ?number WHERE {{ {RNSR} {{ ?institution schema:identifier ?id .
            ?id schema:propertyID "SIRET" ; schema:value ?number }} }}"""
    )
    return {institution or "": number or "" for institution, number in found}


@pytest.fixture(scope="module")
def records(shared: Path) -> dict[str, dict[str, Any]]:
    """The French records of ROR, by the IRI of the organisation."""
    with gzip.open(shared / "open-data" / "ror" / "ror-france.jsonl.gz", "rt", encoding="utf-8") as file:
        return {f"https://ror.org/{record['id']}": record for record in map(json.loads, file)}


def columns(row: Row, *names: str) -> list[tuple[str, ...]]:
    """Read columns that hold a list each, side by side."""
    return list(zip(*(row[name].split(";") for name in names), strict=True))


def test_the_structures_are_those_of_the_rows(ask: Ask, table: dict[str, Row], numbers: dict[str, str]) -> None:
    units = ask(
        f"SELECT ?unit WHERE {{ {RNSR} {{ ?unit a ?kind FILTER(?kind IN (kg:ResearchUnit, kg:ResearchFederation)) }} }}"
    )
    assert len(table) == 21
    assert {numbers[unit or ""] for (unit,) in units} == table.keys()
    federations = ask(f"SELECT ?unit WHERE {{ {RNSR} {{ ?unit a kg:ResearchFederation }} }}")
    assert {numbers[unit or ""] for (unit,) in federations} == {
        number for number, row in table.items() if row["type_de_structure"] == "Structures Fédératives de Recherche"
    }


def test_names_years_and_towns(ask: Ask, table: dict[str, Row], numbers: dict[str, str]) -> None:
    named = ask(f"SELECT ?unit ?name WHERE {{ {RNSR} {{ ?unit a ?kind ; rdfs:label|skos:altLabel ?name }} }}")
    other = ask(
        f"SELECT ?unit ?year ?town WHERE {{ {RNSR} {{ ?unit schema:foundingDate ?year ; kg:locatedIn ?town }} }}"
    )
    assert len(other) == len(table)
    for unit, year, town in other:
        row = table[numbers[unit or ""]]
        names = {plain(name) for thing, name in named if thing == unit}
        official, short = plain(row["libelle"]), {plain(row["sigle"]), *map(plain, row["label_numero"].split(";"))}
        # Every name is the row's, in whole or, where it stands in brackets, in part; and the whole is there.
        assert all(name in official or name in short for name in names), (official, names)
        assert official in names or any(official.startswith(name) for name in names), (official, names)
        assert year == row["annee_de_creation"]
        assert town == f"{BASE}place/" + plain(re.sub(r"(?i) cedex.*", "", row["commune"])).replace(" ", "-")


def test_supervisors_and_participants(
    ask: Ask, table: dict[str, Row], numbers: dict[str, str], sirets: dict[str, str]
) -> None:
    role = {"établissement tutelle": ROLE + "supervisor", "établissement participant": ROLE + "participant"}
    stated = [
        (number, siret, role[kind], "2022")
        for number, row in table.items()
        for siret, kind in columns(row, "siret_des_tutelles", "type_de_tutelle")
    ]
    found = ask(
        f"""SELECT ?unit ?institution ?role ?when WHERE {{ {RNSR} {{ ?node a kg:Supervision ; kg:supervisedUnit ?unit ;
            kg:supervisingInstitution ?institution ; org:role ?role ; kg:attestedOn ?when }} }}"""
    )
    assert sorted((numbers[unit or ""], sirets[top or ""], *rest) for unit, top, *rest in found) == sorted(stated)
    nodes = ask(f"SELECT ?node WHERE {{ {RNSR} {{ ?node a kg:Supervision }} }}")
    assert len(nodes) == len(stated) == 60


def test_institutions_are_named_as_in_the_rows(ask: Ask, table: dict[str, Row], sirets: dict[str, str]) -> None:
    stated: dict[str, tuple[str, str, str]] = {}
    for row in table.values():
        for siret, uai, full, short in columns(
            row, "siret_des_tutelles", "uai_des_tutelles", "tutelles", "sigles_des_tutelles"
        ):
            stated[siret] = (uai, plain(full), plain(short))
    assert sorted(sirets.values()) == sorted(stated)
    for institution, siret in sirets.items():
        uai, full, short = stated[siret]
        names = ask(f"SELECT ?name WHERE {{ {RNSR} {{ <{institution}> rdfs:label|skos:altLabel ?name }} }}")
        ours = {plain(name) for (name,) in names}
        assert full in ours, (full, ours)
        assert [name for name in ours if name != short and not full.endswith(name)] == []
        found = ask(
            f"""SELECT ?value WHERE {{ {RNSR} {{ <{institution}> schema:identifier ?id .
                ?id schema:propertyID "UAI" ; schema:value ?value }} }}"""
        )
        assert found == ([(uai,)] if uai else [])


def test_who_is_at_the_head(ask: Ask, table: dict[str, Row], numbers: dict[str, str]) -> None:
    stated = sorted(
        (number, plain(given), plain(family), ROLE + "director", "2022")
        for number, row in table.items()
        for given, family, title in columns(row, "prenom_du_responsable", "nom_du_responsable", "titre_du_responsable")
        if "adj" not in title.lower()
    )
    found = ask(
        f"""SELECT ?unit ?given ?family ?role ?when WHERE {{ {RNSR} {{ ?node a kg:Membership ; org:organization ?unit ;
            org:role ?role ; kg:attestedOn ?when ; org:member ?person .
            ?person foaf:givenName ?given ; foaf:familyName ?family }} }}"""
    )
    assert [number for number, *_ in stated] == sorted(table)
    assert sorted((numbers[u or ""], plain(given), plain(family), *rest) for u, given, family, *rest in found) == stated


def test_changes_have_the_numbers_kinds_and_years_of_the_rows(
    ask: Ask, table: dict[str, Row], numbers: dict[str, str]
) -> None:
    stated = {
        (before, number, f"{BASE}succession/{KINDS[kind]}", year)
        for number, row in table.items()
        if row["numero_de_structure_historique"]
        for before, kind, year in columns(
            row, "numero_de_structure_historique", "type_de_succession", "annee_d_effet_historique"
        )
    }
    found = ask(
        f"""SELECT ?before ?after ?kind ?year WHERE {{ {RNSR} {{ ?event a ?kind ; org:originalOrganization ?before ;
            org:resultingOrganization ?after ; schema:startDate ?year }} }}"""
    )
    assert {(numbers[before or ""], numbers[after or ""], *rest) for before, after, *rest in found} == stated


def test_a_record_of_ror_is_that_of_the_organisation(
    ask: Ask, table: dict[str, Row], numbers: dict[str, str], records: dict[str, dict[str, Any]]
) -> None:
    linked = ask(f"SELECT ?thing ?record WHERE {{ {ROR} {{ ?thing schema:sameAs ?record }} }}")
    assert len(linked) == 23 + 2 + 12
    for thing, iri in linked:
        assert thing is not None
        record = records[iri or ""]
        theirs = {re.sub(r"\b(d|de|des|l) ", "", plain(name["value"])) for name in record["names"]}
        ours = ask(f"SELECT ?name WHERE {{ GRAPH ?g {{ <{thing}> rdfs:label|skos:altLabel ?name }} }}")
        assert theirs & {re.sub(r"\b(d|de|des|l) ", "", plain(name)) for (name,) in ours}, thing
        if thing in numbers:
            row = table[numbers[thing]]
            official = {plain(row["libelle"]), *map(plain, row["label_numero"].split(";"))} - {""}
            assert official & {plain(name["value"]) for name in record["names"]}, thing
            town = plain(re.sub(r"(?i) cedex.*", "", row["commune"]))
            assert [plain(place["name"]) for place in record["locations"]] == [town]
            assert record["locations"][0]["subdivision"] == "Brittany"
        towns = ask(f"SELECT ?town WHERE {{ {ROR} {{ <{thing}> kg:locatedIn ?place . ?place rdfs:label ?town }} }}")
        assert {plain(town) for (town,) in towns} == {plain(place["name"]) for place in record["locations"]}
        years = ask(f"SELECT ?year WHERE {{ {ROR} {{ <{thing}> schema:foundingDate ?year }} }}")
        assert years == ([(str(record["established"]),)] if record["established"] else [])


def test_the_identifiers_of_ror_are_the_links(ask: Ask, records: dict[str, dict[str, Any]]) -> None:
    linked = ask(f"SELECT ?thing ?record WHERE {{ {ROR} {{ ?thing schema:sameAs ?r BIND(STR(?r) AS ?record) }} }}")
    found = ask(
        f"""SELECT ?thing ?value ?evidence WHERE {{ {ROR} {{ ?thing schema:identifier ?id .
            ?id schema:propertyID "ROR" ; schema:value ?value ; dcterms:source ?evidence }} }}"""
    )
    assert [(thing, value) for thing, value, _ in found] == linked
    for _, value, evidence in found:
        record = records[value or ""]
        release = ".".join(record["release"].split(".")[:2])
        assert evidence == f"ror-community/ror-records@d93fc667 {release}/{record['id']}.json"


def test_successors_are_those_of_the_records(ask: Ask, records: dict[str, dict[str, Any]]) -> None:
    found = ask(
        f"""SELECT ?old ?new WHERE {{ {ROR} {{ ?event org:originalOrganization ?before ;
            org:resultingOrganization ?after . ?before schema:sameAs ?old . ?after schema:sameAs ?new }} }}"""
    )
    linked = {iri for (iri,) in ask(f"SELECT ?record WHERE {{ {ROR} {{ ?thing schema:sameAs ?record }} }}")}
    stated = {
        (iri, f"https://ror.org/{other['id']}")
        for iri in linked
        for other in records[iri or ""]["relationships"]
        if other["type"] == "successor"
    }
    assert len(stated) == 2
    assert set(found) == stated
