"""Who has no identifier is known again by the full name in the same unit, and by a bare name never."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool import KnowledgeGraph
from kgtool.store.stop_list import read_stop_list

from .people import PREFIXES, files_with, forget, turtle

KG = "@prefix kg: <https://w3id.org/kgtool/ontology#> .\n"
SEED = f"""{KG}
:seed-ada a foaf:Person ; rdfs:label "Adélaïde Quennesson-Prévost" .
:m org:member :seed-ada ; org:organization :unit . :m2 org:member :seed-ada ; org:organization :university .
:unit a kg:ResearchUnit ; rdfs:label "Unité de tout"@fr ; schema:identifier :unit-rnsr .
:unit-rnsr schema:propertyID "RNSR" ; schema:value "202012345A" .
:university a kg:University ; rdfs:label "Université de nulle part"@fr .
"""
#: The register's own node of the unit, with the number alone in common, and its director by name alone.
REGISTER = f"""{KG}
:r a kg:ResearchUnit ; schema:identifier [ schema:propertyID "RNSR" ; schema:value "202012345a" ] .
:r-function a org:Membership ; org:member :r-director ; org:organization :r ; rdfs:label "QUENNESSON, head of all" .
:r-director a foaf:Person ; """
NEEDLES = ("Quennesson", "QUENNESSON", "quennesson", "Adélaïde")
FULL = 'foaf:name "QUENNESSON PREVOST Adelaide" .'
PARTS = 'foaf:familyName "Quennesson-Prévost" ; foaf:givenName "Adélaïde" .'


@pytest.fixture
def seeded(tmp_path: Path) -> Path:
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True) as kg:
        kg.load(turtle(SEED, "urn:g:seed"))
    return tmp_path / "store"


def names_of(store: Path) -> set[str]:
    with KnowledgeGraph.open(store) as kg:
        found = kg.query("SELECT DISTINCT ?s { ?s a <http://xmlns.com/foaf/0.1/Person> }")
        return {row[0].value.rpartition("/")[2] for row in found.solutions()}  # type: ignore[union-attr]


@pytest.mark.parametrize("name", [FULL, PARTS])
def test_a_register_without_identifiers_does_not_bring_somebody_back(seeded: Path, name: str) -> None:
    forget(seeded, "https://example.org/seed-ada")
    with KnowledgeGraph.open(seeded, write=True) as kg:
        assert kg.load(turtle(REGISTER + name, "urn:g:register")).left_out > 0
        assert kg.query("ASK { <https://example.org/r> ?p ?o }").answer
    assert names_of(seeded) == set()
    assert files_with(seeded, NEEDLES) == []


def test_who_is_there_under_the_same_name_in_the_same_unit_goes_too(seeded: Path) -> None:
    with KnowledgeGraph.open(seeded, write=True) as kg:
        kg.load(turtle(REGISTER + FULL, "urn:g:register"))
    report = forget(seeded, "https://example.org/seed-ada")
    assert report.people == ("https://example.org/r-director", "https://example.org/seed-ada")
    assert report.namesakes == ()
    assert files_with(seeded, NEEDLES) == []


@pytest.mark.parametrize(
    "data",
    [
        f"{KG} :x foaf:name 'Adélaïde Quennesson-Prévost' .",
        f"{KG} :x foaf:name 'A. Quennesson-Prévost' . :n org:member :x ; org:organization :unit .",
        f"{KG} :x foaf:name 'Quennesson-Prévost' . :n org:member :x ; org:organization :unit .",
        f"{KG} :x foaf:name 'Basile Quennesson-Prévost' . :n org:member :x ; org:organization :unit .",
        f"{KG} :x foaf:name 'Adélaïde Quennesson-Prévost' . :n org:member :x ; org:organization :university .",
        f"{KG} :x foaf:name 'Adélaïde Quennesson-Prévost' . :n org:member :x ; org:organization :other ."
        " :other a kg:ResearchUnit .",
    ],
)
def test_namesakes_elsewhere_and_others_of_the_unit_are_let_in(seeded: Path, data: str) -> None:
    forget(seeded, "https://example.org/seed-ada")
    with KnowledgeGraph.open(seeded, write=True) as kg:
        assert kg.load(turtle(data, "urn:g:more")).left_out == 0
        assert kg.query("ASK { <https://example.org/x> ?p ?o }").answer


def test_who_comes_into_the_unit_later_goes_then(seeded: Path) -> None:
    forget(seeded, "https://example.org/seed-ada")
    with KnowledgeGraph.open(seeded, write=True) as kg:
        kg.load(turtle(":x a foaf:Person ; foaf:name 'Quennesson-Prévost, Adélaïde' .", "urn:g:one"))
        assert kg.load(turtle(":n org:member :x . :n org:organization :unit .", "urn:g:two")).left_out == 2
    assert names_of(seeded) == set()
    assert files_with(seeded, NEEDLES) == []


def test_the_register_need_not_say_of_what_class_the_unit_is(seeded: Path) -> None:
    forget(seeded, "https://example.org/seed-ada")
    data = REGISTER.replace(":r a kg:ResearchUnit ; ", ":r ") + FULL
    with KnowledgeGraph.open(seeded, write=True) as kg:
        assert kg.load(turtle(data, "urn:g:register")).left_out > 0
    assert names_of(seeded) == set()
    assert files_with(seeded, NEEDLES) == []


@pytest.mark.parametrize("name", [FULL, PARTS])
def test_a_first_load_in_one_pass_notices_name_and_unit(tmp_path: Path, seeded: Path, name: str) -> None:
    forget(seeded, "https://example.org/seed-ada")
    data = tmp_path / "data"
    (data / "ontology").mkdir(parents=True)
    (data / "ontology" / "own.ttl").write_text("<urn:A> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <urn:B> .")
    (data / "register.ttl").write_text(PREFIXES + REGISTER + name, "utf-8")
    assert KnowledgeGraph.build(seeded, [data]).load.left_out > 0
    assert names_of(seeded) == set()
    assert files_with(seeded, NEEDLES) == []


def test_the_list_does_not_say_the_name_and_whoever_is_let_back_comes_by_it_too(seeded: Path) -> None:
    forget(seeded, "https://example.org/seed-ada", why="letter of 26 November")
    listed = read_stop_list(seeded / "forgotten.json")
    assert all(len(digest) == 64 for person in listed.people for digest in person.digests)
    assert files_with(seeded, ("adelaide", "prevost", *NEEDLES)) == []
    with KnowledgeGraph.open(seeded, write=True) as kg:
        assert kg.allow(["https://example.org/seed-ada"]) == 1
        assert kg.load(turtle(REGISTER + FULL, "urn:g:register")).left_out == 0
