"""What a row of the directory of units says."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from kgtool.ingest.registries.known import known_in
from tests.ingest.registries.importing import GRAPH, ID, Made, known, made

BASE = f"{ID}rnsr/"
HEAD = (
    "numero_national_de_structure;libelle;sigle;type_de_structure;code_postal;commune;nom_du_responsable;"
    "prenom_du_responsable;titre_du_responsable;label_numero;tutelles;code_de_nature_de_tutelle;uai_des_tutelles;"
    "siret_des_tutelles;code_de_type_de_tutelle;numero_de_structure_parent;numero_de_structure_historique;"
    "type_de_succession;annee_d_effet_historique;code_domaine_scientifique\n"
)
UNIT = (
    '202023567J;Lille Neuroscience;LilNCog;Unité mixte;59045;LILLE CEDEX;BUÉE;Luc;DIR;"U 1172;U 1172";'
    '"Inserm;Université de Lille";"EPST;UNIV";"0755364Y;0597065J";"18003604800015;13002358300011";"TUTE;PART";'
    "201220468A;200716489X;renouvellement;2020;5\n"
)
FEDERATION = "201220468A;Génomique;EGID;Structures Fédératives de Recherche;59045;LILLE;;;;;;;;;;;;;;\n"
TEAM = '201023797C;Une équipe;;Equipe interne;59045;LILLE;"D\'ARC;ROY";"Anne;Bo";";Dir Adjoint";;;;;;;202023567J;;;;\n'


@pytest.fixture
def units(tmp_path: Path) -> Made:
    return made("rnsr", (HEAD + TEAM + UNIT + FEDERATION).encode(), tmp_path, date="2022")


def test_supervisors_and_participants_with_their_roles_and_the_year(units: Made) -> None:
    node = f"{BASE}202023567J/supervision/"
    assert units.values(f"{node}0755364y", "#role") == {"https://w3id.org/kgtool/ontology#role-supervisor"}
    assert units.values(f"{node}0597065j", "#role") == {"https://w3id.org/kgtool/ontology#role-participant"}
    assert units.values(f"{node}0597065j", "attestedOn") == {"2022"}
    assert units.values(f"{node}0597065j", "supervisingInstitution") == {f"{BASE}institution/0597065j"}
    assert units.values(f"{node}0755364y", "terms/identifier") == {"U 1172"}


def test_a_team_is_supervised_by_its_unit_and_a_unit_belongs_to_its_federation(units: Made) -> None:
    assert units.values(f"{BASE}201023797C/parent/202023567J", "supervisingInstitution") == {f"{BASE}202023567J"}
    group = f"{BASE}202023567J/group/201220468A"
    assert units.values(group, "#member") == {f"{BASE}202023567J"}
    assert units.values(group, "#organization") == {f"{BASE}201220468A"}
    assert not [
        quad for quad in units.quads if "rganizationOf" in str(quad.predicate) or "unitOf" in str(quad.predicate)
    ]


def test_people_in_charge_have_a_function_and_no_more(units: Made) -> None:
    roles = {
        node.removeprefix(BASE): {role.rpartition("role-")[2] for role in units.values(node, "#role")}
        for node in units.subjects("#Membership")
        if "/function/" in node
    }
    assert roles == {
        "202023567J/function/luc-buee": {"director"},
        "201023797C/function/anne-d-arc": {"team-leader"},
        "201023797C/function/bo-roy": {"deputy-director"},
    }
    assert units.values(f"{BASE}201023797C/person/anne-d-arc", "/name") == {"Anne D'Arc"}
    said = {
        q.predicate.value.rpartition("/")[2].rpartition("#")[2] for q in units.quads if "/person/" in str(q.subject)
    }
    assert said == {"type", "label", "name", "familyName", "givenName"}


def test_what_a_unit_came_from_is_an_event_of_a_year(units: Made) -> None:
    event = f"{BASE}202023567J/succession/2020-renouvellement"
    assert units.values(event, "originalOrganization") == {f"{BASE}200716489X"}
    assert units.values(event, "startDate") == {"2020"}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("nuts:FRE1", {"202023567J"}),
        ("nuts:fre2", set()),
        ("departments:59", {"202023567J"}),
        ("departments:60,80", set()),
    ],
)
def test_departments_and_nuts_codes_go_by_the_postcode(tmp_path: Path, asked: str, kept: set[str]) -> None:
    assert made("rnsr", (HEAD + UNIT).encode(), tmp_path, region=asked).keys == kept


def test_what_an_import_made_before_does_not_tell_it_what_is_known(tmp_path: Path) -> None:
    file = tmp_path / "before.nq"
    first = made("rnsr", (HEAD + UNIT).encode(), tmp_path / "a", date="2022")
    file.write_text("".join(f"{quad.triple} <{GRAPH}> .\n" for quad in first.quads), encoding="utf-8")
    again = made("rnsr", (HEAD + UNIT).encode(), tmp_path / "b", date="2022", known=known_in([file], apart=GRAPH))
    assert set(again.quads) == set(first.quads)


def test_without_a_date_nothing_is_attested(tmp_path: Path) -> None:
    found = made("rnsr", (HEAD + UNIT).encode(), tmp_path)
    assert not [quad for quad in found.quads if quad.predicate.value.endswith("attestedOn")]


def test_cells_whose_lists_differ_in_number_are_told_of(tmp_path: Path) -> None:
    broken = UNIT.replace('"TUTE;PART"', "TUTE").replace('"0755364Y;0597065J"', '"0755364Y;0597065K"')
    found = made("rnsr", (HEAD + broken).encode(), tmp_path, date="2022")
    assert [what.split(":")[0] for _, what in found.faults] == [
        "2 supervisors, but 1 in code_de_type_de_tutelle",
        "'0597065K' is no UAI identifier",
    ]
    assert len(found.subjects("#Supervision")) == 2
    assert not [q for q in found.quads if "supervision" in str(q.subject) and q.predicate.value.endswith("role")]


KNOWN = f"""@prefix : <{ID}r/> . @prefix schema: <https://schema.org/> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix kg: <https://w3id.org/kgtool/ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
:u1172 schema:identifier :i1 . :i1 schema:propertyID "RNSR" ; schema:value "202023567J" .
:inserm schema:identifier :i2 . :i2 schema:propertyID "SIRET" ; schema:value "18003604800015" .
:m org:member :luc ; org:organization :u1172 . :luc foaf:name "Luc Buée" .
:s kg:supervisedUnit :u1172 ; kg:supervisingInstitution :ulille . :ulille rdfs:label "Université Lille"@fr .
:elsewhere foaf:name "Anne d'Arc" .
"""


def test_a_row_takes_the_names_of_what_is_known_by_its_identifiers(tmp_path: Path) -> None:
    file = tmp_path / "known.ttl"
    file.write_text(KNOWN, encoding="utf-8")
    found = made("rnsr", (HEAD + TEAM + UNIT).encode(), tmp_path / "x", date="2022", known=known([file]))
    node = f"{BASE}202023567J/supervision/"
    assert found.values(f"{node}0755364y", "supervisedUnit") == {f"{ID}r/u1172"}
    assert found.values(f"{node}0755364y", "supervisingInstitution") == {f"{ID}r/inserm"}
    # by its name at the same unit
    assert found.values(f"{node}0597065j", "supervisingInstitution") == {f"{ID}r/ulille"}
    assert found.values(f"{BASE}202023567J/function/luc-buee", "#member") == {f"{ID}r/luc"}
    # a name alone makes nobody the same
    assert found.values(f"{BASE}201023797C/function/anne-d-arc", "#member") == {f"{BASE}201023797C/person/anne-d-arc"}
    # who is known has a label already
    assert found.values(f"{ID}r/u1172", "#label") == set()


#: As the portal answers, with a list in each column that may hold several things.
ANSWER = {
    "total_count": 1,
    "results": [
        {
            "numero_national_de_structure": "202023567J",
            "libelle": "Lille Neuroscience",
            "sigle": None,
            "annee_de_creation": "2020",
            "type_de_structure": "Unité mixte",
            "code_postal": "59045",
            "commune": "LILLE CEDEX",
            "nom_du_responsable": ["BUÉE"],
            "prenom_du_responsable": ["Luc"],
            "titre_du_responsable": ["Directeur"],
            "label_numero": ["U 1172", "U 1172"],
            "tutelles": ["Institut pour l'agriculture, l'alimentation", "Université de Lille"],
            "code_de_nature_de_tutelle": ["EPST", "UNIV"],
            "uai_des_tutelles": ["0755364Y", "0597065J"],
            "siret_des_tutelles": ["18003604800015", "13002358300011"],
            "code_de_type_de_tutelle": ["TUTE", "PART"],
            "numero_de_structure_parent": None,
            "numero_de_structure_historique": ["200716489X"],
            "type_de_succession": ["renouvellement"],
            "annee_d_effet_historique": [2020],
            "code_domaine_scientifique": ["5"],
        }
    ],
}


def as_table(row: dict[str, object], parted: str, separator: str) -> bytes:
    """Write a row as the portal's table, its lists parted so."""
    cells = [parted.join(map(str, value)) if isinstance(value, list) else str(value or "") for value in row.values()]
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter=separator)
    writer.writerow([name.capitalize().replace("_", " ") for name in row])
    writer.writerow(cells)
    return output.getvalue().encode()


@pytest.mark.parametrize("shape", ["answer", "array", "older", "; in ,", ", in ;", "; in ;", ", in \t"])
def test_the_shapes_in_which_the_portal_gives_the_directory_say_the_same(tmp_path: Path, shape: str) -> None:
    row = ANSWER["results"][0]
    shapes = {"answer": ANSWER, "array": [row], "older": {"records": [{"recordid": "x", "fields": row}]}}
    parted, _, separator = shape.partition(" in ")
    content = json.dumps(shapes[shape]).encode() if shape in shapes else as_table(row, parted, separator)
    found = made("rnsr", content, tmp_path, date="2026")
    assert found.faults == []
    node = f"{BASE}202023567J/supervision/"
    assert {node.rpartition("/")[2] for node in found.subjects("#Supervision")} == {"0755364y", "0597065j"}
    assert found.values(f"{BASE}institution/0755364y", "#label") == {"Institut pour l'agriculture, l'alimentation"}
    assert found.values(f"{node}0597065j", "#role") == {"https://w3id.org/kgtool/ontology#role-participant"}
    assert found.values(f"{BASE}202023567J/succession/2020-renouvellement", "startDate") == {"2020"}
    assert found.values(f"{BASE}202023567J/function/luc-buee", "attestedOn") == {"2026"}


@pytest.mark.shared
def test_every_unit_of_the_region_is_there_with_its_supervisors(shared: Path, tmp_path: Path) -> None:
    file = shared / "open-data" / "registries" / "rnsr-structures-actives-2022.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as text:
        table = {row["numero_national_de_structure"]: row for row in csv.DictReader(text, delimiter=";")}
    here = {n: row for n, row in table.items() if row["code_postal"][:2] in {"02", "59", "60", "62", "80"}}
    found = made("rnsr", file.read_bytes(), tmp_path, date="2022", region="hauts-de-france")
    assert len(here) == 406
    assert here.keys() <= found.keys
    nodes = found.subjects("#Supervision")
    for number, row in here.items():
        supervisors = [node for node in nodes if node.startswith(f"{BASE}{number}/supervision/")]
        assert len(supervisors) == len(set(filter(None, row["tutelles"].split(";")))), number
