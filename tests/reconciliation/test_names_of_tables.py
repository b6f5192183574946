"""Names as tables have them: without articles, with points, behind the name of a register; what is certain of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from kgtool.link.reconciliation.words import likeness, words

REGION = "https://w3id.org/kgtool/id/hauts-de-france/"
LILLE = f"{REGION}institution/chu-de-lille"


def found(service: FlaskClient, text: str, **more: Any) -> list[dict[str, Any]]:
    answer = service.post("/reconcile", data={"queries": json.dumps({"q": {"query": text, **more}})})
    assert answer.status_code == 200, answer.text
    return list(answer.json["q"]["result"])


@pytest.mark.parametrize("text", ["CHU Lille", "CHU Amiens"])
def test_a_hospital_is_not_taken_for_the_unit_that_a_register_made_of_it(service: FlaskClient, text: str) -> None:
    assert not any(each["match"] for each in found(service, text))
    (first, *_) = found(service, text, type="kg:Hospital")
    assert (first["match"], first["score"]) == (True, 96)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("C.N.R.S.", "institution/cnrs"),
        ("I.N.S.E.R.M", "institution/inserm"),
        ("C.H.U. de Lille", "institution/chu-de-lille"),
        ("Institut Pasteur Lille", "institution/institut-pasteur-de-lille"),
        ("ror.org/02ppyfa04", "institution/chu-de-lille"),
        ("ROR: 02ppyfa04", "institution/chu-de-lille"),
        ("RNSR 202023567J", "unit/u1172"),
        ("ISNI: 0000 0004 0471 8845", "institution/chu-de-lille"),
    ],
)
def test_what_is_written_otherwise_is_certain_all_the_same(service: FlaskClient, text: str, place: str) -> None:
    first = found(service, text)[0]
    assert (first["id"], first["match"]) == (REGION + place, True)


def test_an_acronym_before_a_name_is_a_name(service: FlaskClient) -> None:
    assert f"{REGION}unit/metrics" in [each["id"] for each in found(service, "METRICS") if each["score"] == 100]


def test_a_record_that_a_register_has_withdrawn_is_in_nobodys_way(service: FlaskClient) -> None:
    first, second, *_ = found(service, "Université de Lille")
    assert (first["id"], first["match"]) == (f"{REGION}institution/universite-de-lille", True)
    assert (second["id"].rpartition("/")[2], second["match"], second["score"]) == ("0546v5182", False, 100)


def test_a_letter_at_the_end_is_no_article() -> None:
    assert likeness(words("Hépatite D"), words("Hépatite L")) < 0.95
    assert likeness(words("Hôpital de l'Oise"), words("Hôpital Oise")) > 0.95


@pytest.mark.parametrize(
    "text", ["Pr François Pattou", "PR. PATTOU FRANCOIS", "Professeur Pattou, François", "Mme Pattou F"]
)
def test_a_title_before_a_name_costs_next_to_nothing(service: FlaskClient, text: str) -> None:
    untitled = text.partition(" ")[2]
    said, plain = found(service, text)[0], found(service, untitled)[0]
    assert said["id"] == plain["id"] == f"{REGION}person/francois-pattou"
    assert said["score"] >= min(plain["score"], 96)


def test_what_begins_a_name_of_two_words_is_no_title() -> None:
    assert likeness(words("Dr House"), words("House")) < 0.95


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lille, CHU", "CHU de Lille"),
        ("Centre recherche santé", "Centre de recherche en santé"),
        ("Research Institute Health", "Research Institute for Health"),
    ],
)
def test_words_that_tables_leave_out_may_be_missing_in_any_order(one: str, other: str) -> None:
    assert likeness(words(one), words(other)) == 0.96
