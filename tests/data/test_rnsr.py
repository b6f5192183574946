"""The graph of the national directory says what its rows of 2022 say, row by row."""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
from pathlib import Path

import pytest

from .conftest import BASE, Holds, Rows

GRAPH = "GRAPH <urn:kgtool:source:rnsr-2022.ttl>"
ROLE = "https://w3id.org/kgtool/ontology#role-"

#: The directory's short names of institutions.
INSTITUTIONS = {
    "AMIENS": "universite-de-picardie-jules-verne",
    "ARTOIS": "universite-d-artois",
    "CHU AMIENS-PICARDIE": "chu-amiens-picardie",
    "CHUL": "chu-de-lille",
    "CLI": "centrale-lille-institut",
    "CNRS": "cnrs",
    "GUYANE": "universite-de-la-guyane",
    "IMT Lille Douai": "imt-lille-douai",
    "INERIS": "ineris",
    "INRIA": "inria",
    "INSERM": "inserm",
    "INST PASTEUR LILLE": "institut-pasteur-de-lille",
    # the foundation in Paris, not the one in Lille
    "INSTITUT PASTEUR": "institut-pasteur",
    "LILLE": "universite-de-lille",
    "UPHF": "universite-polytechnique-hauts-de-france",
}
HOSPITALS = {"26590671900017", "78369734500016", "26800014800018"}
#: Rows of the hospitals themselves, which the directory lists as structures of their own.
OF_HOSPITALS = {"202023560B", "195823326S"}
#: Teams and units that people of the page work in, or that their federation EGID groups.
OF_PEOPLE = {
    "201019111J",
    "202023567J",
    "199213318R",
    "201019064H",
    "200212749D",
    "201220468A",
    "201023797C",
    "202024027J",
}
PLATFORMS = {"202023463W"}

Row = dict[str, str]


def _plain(text: str | None) -> str:
    """Letters and digits alone, lower case, without accents: the directory writes in capitals."""
    decomposed = unicodedata.normalize("NFKD", text or "")
    return re.sub(r"[^a-z0-9]+", " ", decomposed.encode("ascii", "ignore").decode().lower()).strip()


@pytest.fixture(scope="module")
def table(shared: Path) -> dict[str, Row]:
    path = shared / "open-data" / "registries" / "rnsr-structures-actives-2022.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        return {row["numero_national_de_structure"]: row for row in csv.DictReader(file, delimiter=";")}


@pytest.fixture(scope="module")
def structures(rows: Rows) -> dict[str, str]:
    """From the number of a structure to its IRI: the number stands in the address of its record."""
    found = rows(
        f"""SELECT ?structure ?record WHERE {{ {GRAPH} {{
            ?structure schema:foundingDate ?year ; dcterms:source ?record }} }}"""
    )
    return {re.findall(r"numNatStruct=(\w+)", record or "")[0]: structure or "" for structure, record in found}


@pytest.mark.shared
def test_the_rows_are_those_that_people_and_hospitals_touch(table: dict[str, Row], structures: dict[str, str]) -> None:
    of_hospitals = {
        number
        for number, row in table.items()
        if row["code_de_niveau_de_structure"] in {"2", "3"} and HOSPITALS & set(row["siret_des_tutelles"].split(";"))
    }
    assert structures.keys() == (of_hospitals - OF_HOSPITALS) | OF_PEOPLE | PLATFORMS


@pytest.mark.shared
def test_names_years_and_towns(rows: Rows, table: dict[str, Row], structures: dict[str, str]) -> None:
    for number, structure in structures.items():
        row = table[number]
        names = rows(f"SELECT ?name WHERE {{ {GRAPH} {{ <{structure}> rdfs:label|skos:altLabel ?name }} }}")
        # One name of the rows has a letter missing.
        official = f" {_plain(row['libelle'])} ".replace(" adaptions ", " adaptations ")
        assert any(f" {_plain(name)} " in official for (name,) in names), (number, official, names)
        assert rows(f"SELECT ?y WHERE {{ {GRAPH} {{ <{structure}> schema:foundingDate ?y }} }}") == [
            (row["annee_de_creation"],)
        ]
        ((place,),) = rows(f"SELECT ?place WHERE {{ {GRAPH} {{ <{structure}> kg:locatedIn ?place }} }}")
        town = re.sub(r"\s*cedex( \d+)?$", "", row["commune"], flags=re.IGNORECASE)
        assert place == f"{BASE}place/{_plain(town).replace(' ', '-')}"


@pytest.mark.shared
def test_supervisors_and_participants(rows: Rows, table: dict[str, Row], structures: dict[str, str]) -> None:
    role = {"TUTE": ROLE + "supervisor", "PART": ROLE + "participant"}
    stated: set[tuple[str | None, ...]] = set()
    for number, structure in structures.items():
        row = table[number]
        if row["code_de_niveau_de_structure"] == "1":
            continue  # a team is in the graph as part of its unit
        for name, kind in zip(
            row["sigles_des_tutelles"].split(";"), row["code_de_type_de_tutelle"].split(";"), strict=True
        ):
            stated.add((structure, f"{BASE}institution/{INSTITUTIONS[name]}", role[kind], "2022"))
    found = rows(
        f"""SELECT ?unit ?institution ?role ?when WHERE {{ {GRAPH} {{ ?node a kg:Supervision ; kg:supervisedUnit ?unit ;
            kg:supervisingInstitution ?institution ; org:role ?role ; kg:attestedOn ?when }} }}"""
    )
    assert set(found) == stated


@pytest.mark.shared
def test_directors_and_team_leaders(rows: Rows, table: dict[str, Row], structures: dict[str, str]) -> None:
    stated: set[tuple[str | None, ...]] = set()
    for number, structure in structures.items():
        row = table[number]
        role = ROLE + ("team-leader" if row["code_de_niveau_de_structure"] == "1" else "director")
        for given, family in zip(
            row["prenom_du_responsable"].split(";"), row["nom_du_responsable"].split(";"), strict=True
        ):
            if family:
                person = f"{BASE}person/{_plain(given + ' ' + family).replace(' ', '-')}"
                stated.add((structure, person, role, "2022"))
    found = rows(
        f"""SELECT ?unit ?person ?role ?when WHERE {{ {GRAPH} {{ ?node a kg:Membership ; org:organization ?unit ;
            org:member ?person ; org:role ?role ; kg:attestedOn ?when }} }}"""
    )
    assert set(found) == stated


@pytest.mark.shared
def test_names_of_people_are_those_of_the_rows(rows: Rows, table: dict[str, Row], structures: dict[str, str]) -> None:
    stated = {
        _plain(f"{given} {family}")
        for number in structures
        for given, family in zip(
            table[number]["prenom_du_responsable"].split(";"),
            table[number]["nom_du_responsable"].split(";"),
            strict=True,
        )
    } - {""}
    names = rows(f"SELECT ?given ?family WHERE {{ {GRAPH} {{ ?p foaf:givenName ?given ; foaf:familyName ?family }} }}")
    assert {_plain(f"{given} {family}") for given, family in names} == stated


@pytest.mark.shared
def test_teams_are_part_of_their_unit(rows: Rows, table: dict[str, Row], structures: dict[str, str]) -> None:
    parents = {
        (structure, structures[table[number]["numero_de_structure_parent"]])
        for number, structure in structures.items()
        if table[number]["numero_de_structure_parent"] in structures
    }
    assert set(rows(f"SELECT ?team ?unit WHERE {{ {GRAPH} {{ ?team org:unitOf ?unit }} }}")) == parents


@pytest.mark.shared
def test_reorganisations(rows: Rows, table: dict[str, Row], structures: dict[str, str]) -> None:
    """An event is of one row, kind of succession and year; its label names the kind in the words of the row."""
    columns = ("numero_de_structure_historique", "type_de_succession", "annee_d_effet_historique")
    stated: set[tuple[str, ...]] = set()
    for number, structure in structures.items():
        for before, kind, year in zip(*(table[number][column].split(";") for column in columns), strict=True):
            if before:
                original = structures.get(before, f"{BASE}unit/rnsr-{before.lower()}")
                stated.add((original, structure, kind.replace(" - ", "-").replace("-", " et "), year))
    found = rows(
        f"""SELECT ?before ?after ?label ?year WHERE {{ {GRAPH} {{ ?event a org:ChangeEvent ; rdfs:label ?label ;
            org:originalOrganization ?before ; org:resultingOrganization ?after ; schema:startDate ?year
            FILTER(LANG(?label) = "fr") }} }}"""
    )
    assert len(found) > 10
    assert {(b, a, (label or "").split(",")[0].lower(), year) for b, a, label, year in found} == stated


def test_the_directory_names_no_director_of_u1190(holds: Holds) -> None:
    assert holds(f"ASK {{ {GRAPH} {{ <unit/u1190> a kg:ResearchUnit }} }}")
    assert not holds(f"ASK {{ {GRAPH} {{ ?node org:organization <unit/u1190> }} }}")


@pytest.mark.parametrize(
    ("person", "unit"),
    [
        ("luc-buee", "u1172"),
        ("bart-staels", "u1011"),
        ("philippe-froguel", "egid"),
        ("philippe-froguel", "umr-1283-8199"),
    ],
)
def test_known_directors(holds: Holds, person: str, unit: str) -> None:
    assert holds(
        f"""ASK {{ {GRAPH} {{ ?node org:member <person/{person}> ; org:organization <unit/{unit}> ;
            org:role kg:role-director ; kg:attestedOn "2022"^^xsd:gYear }} }}"""
    )
