"""Identifiers: only verified ones, each with its evidence, each with a sound check digit."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import BASE, Holds, Rows

IDENTIFIERS = """SELECT ?holder ?scheme ?value ?evidence WHERE {
    ?holder schema:identifier ?node . GRAPH ?graph { ?node schema:propertyID ?scheme ; schema:value ?value ;
        dcterms:source ?evidence } }"""

#: Rows of the table of verified identifiers, by the name that the table uses.
ENTITIES = {
    "ANR (funder)": "institution/anr",
    "CHU Amiens-Picardie": "institution/chu-amiens-picardie",
    "CHU de Lille": "institution/chu-de-lille",
    "CNRS": "institution/cnrs",
    "Centre Oscar Lambret": "institution/centre-oscar-lambret",
    "EGID": "unit/egid",
    "Eurasanté": "institution/eurasante",
    "F-CRIN (parent network of StrokeLink)": "network/f-crin",
    "Inria": "institution/inria",
    "Inserm": "institution/inserm",
    "Institut Pasteur de Lille": "institution/institut-pasteur-de-lille",
    "UMR 1011 / U1011 Récepteurs nucléaires": "unit/u1011",
    "UMR 1011 team: Inter-organ cross-talk in cardiometabolic diseases": "unit/u1011-inter-organ-cross-talk",
    "UMR 1172 / U1172 Lille Neuroscience & Cognition": "unit/u1172",
    "UMR 1190 / U1190 Recherche translationnelle sur le diabète": "unit/u1190",
    "UMR 1283/8199": "unit/umr-1283-8199",
    "Université de Lille": "institution/universite-de-lille",
    "Université de Picardie Jules Verne": "institution/universite-de-picardie-jules-verne",
}
#: Organisations of the table that no fact of the graph is about.
LEFT_OUT = {"Alzprotect", "Genfit", "Onco Lille", "SATT Nord", "Université Catholique de Lille"}
SCHEMES = {"FUNDREF": "FundRef", "FINESS ET": "FINESS"}


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 * (number > 9) for number in doubled) % 10 == 0


def _ror(iri: str) -> bool:
    """Crockford base 32, check digits of ISO 7064 mod 97-10."""
    name = iri.removeprefix("https://ror.org/")
    number = 0
    for letter in name[:7]:
        number = number * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(letter)
    return len(name) == 9 and int(name[7:]) == 98 - number * 100 % 97


def _isni(text: str) -> bool:
    """ISO 7064 mod 11-2."""
    digits = text.replace(" ", "")
    total = 0
    for digit in digits[:15]:
        total = (total + int(digit)) * 2
    return len(digits) == 16 and digits[15] == "0123456789X"[(12 - total % 11) % 11]


def _letter(text: str) -> bool:
    """The key of RNSR and UAI numbers: the number modulo 23, as a letter without I, O and Q."""
    return "ABCDEFGHJKLMNPRSTUVWXYZ"[int(text[:-1]) % 23] == text[-1]


CHECKS: dict[str, Callable[[str], bool]] = {
    "ROR": _ror,
    "SIRET": lambda text: len(text) == 14 and _luhn(text),
    "FINESS": lambda text: len(text) == 9 and _luhn(text),
    "ISNI": _isni,
    "RNSR": lambda text: len(text) == 10 and _letter(text),
    "UAI": lambda text: len(text) == 8 and _letter(text),
    "Wikidata": lambda text: text.startswith("Q") and text[1:].isdecimal(),
    "GRID": lambda text: text.startswith("grid."),
    "FundRef": str.isdecimal,
}


def test_check_digits_are_sound(rows: Rows) -> None:
    found = {(scheme, value) for _, scheme, value, _ in rows(IDENTIFIERS) if scheme is not None and value is not None}
    assert len(found) > 60
    assert [pair for pair in sorted(found) if not CHECKS[pair[0]](pair[1])] == []


@pytest.mark.parametrize(
    ("scheme", "wrong"),
    [("ROR", "https://ror.org/02ppyfa05"), ("SIRET", "26590671900018"), ("ISNI", "0000 0004 0471 8846")],
)
def test_the_checks_refuse_a_wrong_digit(scheme: str, wrong: str) -> None:
    assert not CHECKS[scheme](wrong)


@pytest.mark.shared
def test_identifiers_are_those_of_the_table(rows: Rows, shared: Path) -> None:
    with (shared / "open-data" / "seed-identifiers.tsv").open(encoding="utf-8", newline="") as file:
        table = [row for row in csv.DictReader(file, delimiter="\t") if row["status"] == "verified"]
    assert {row["entity"] for row in table} == ENTITIES.keys() | LEFT_OUT
    verified = {
        (BASE + ENTITIES[row["entity"]], SCHEMES.get(row["scheme"], row["scheme"]), row["value"], row["evidence"])
        for row in table
        if row["entity"] in ENTITIES
    }
    assert set(rows(IDENTIFIERS)) == verified


def test_every_identifier_has_evidence_and_one_holder(rows: Rows) -> None:
    nodes = rows("SELECT ?node WHERE { ?node a schema:PropertyValue }")
    with_evidence = rows("SELECT ?node WHERE { ?node a schema:PropertyValue ; dcterms:source ?evidence }")
    holders = rows("SELECT ?node ?holder WHERE { ?holder schema:identifier ?node }")
    assert with_evidence == nodes
    assert [(node,) for node, _ in holders] == nodes


def test_one_identifier_is_one_node(rows: Rows) -> None:
    nodes = rows("SELECT ?scheme ?value ?node WHERE { ?node schema:propertyID ?scheme ; schema:value ?value }")
    assert len({(scheme, value) for scheme, value, _ in nodes}) == len(nodes)


@pytest.mark.parametrize(
    "thing",
    [
        "person/francois-pattou",
        "person/charlotte-cordonnier",
        "person/paolo-giacobini",
        "person/david-devos",
        "person/joel-haas",
        "project/precise",
        "project/precinash",
        "project/precidiab",
        "third-place/in-citu",
        "third-place/greco-exper",
        "company/inbrain-pharma",
        "company/invenis-biotherapies",
        "network/strokelink",
        "platform/diabinnov",
    ],
)
def test_what_was_not_found_has_no_identifier(holds: Holds, thing: str) -> None:
    assert holds(f"ASK {{ <{thing}> rdfs:label ?label }}")
    assert not holds(f"ASK {{ <{thing}> schema:identifier|schema:sameAs|owl:sameAs|skos:exactMatch ?other }}")


@pytest.mark.parametrize("text", ["00b4yme84", "ANR-16-RHUS-0006", "ANR-18-IBHU-0001", "ANR-10-LABX-0046"])
def test_a_homonym_and_the_unverified_appear_nowhere(holds: Holds, text: str) -> None:
    assert not holds(
        f"""ASK {{ ?s ?p ?o BIND(LCASE(CONCAT(STR(?s), " ", STR(?o))) AS ?said)
            FILTER(CONTAINS(?said, LCASE("{text}"))) }}"""
    )
