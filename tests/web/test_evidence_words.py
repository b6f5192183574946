"""The reasons of links: each phrase that linking makes is known in French, and data in them stay as they are."""

from __future__ import annotations

import pytest
from flask import Flask

from kgtool.link.people import compare, read_name
from kgtool.web import localising
from kgtool.web.evidence_words import Told, told_reasons


@pytest.fixture
def french() -> Flask:
    app = Flask("kgtool.web")
    localising.register(app)
    return app


def told(app: Flask, why: str, language: str = "fr") -> list[Told]:
    with app.test_request_context(f"/?lang={language}"):
        return told_reasons(why)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("ROR https://ror.org/02ppyfa04 in both", "ROR https://ror.org/02ppyfa04 des deux côtés"),
        ("ORCID 1 is not ORCID 2", "ORCID 1 n'est pas ORCID 2"),
        ('name "CHU, de Lille" in both', 'le nom "CHU, de Lille" des deux côtés'),
        ('name "A" is like "B" (0.87)', 'le nom "A" ressemble à "B" (0.87)'),
        ('both belong to "A", "B", as 20 others are', 'l\'un et l\'autre relèvent de "A", "B", comme 20 autres'),
        ('one in "Lille", the other in "%(a)s"', 'l\'un à "Lille", l\'autre à "%(a)s"'),
        ('"A" (urn:a) is as like', '"A" (urn:a) ressemble autant'),
    ],
)
def test_reasons_are_in_the_readers_language(french: Flask, reason: str, words: str) -> None:
    assert told(french, reason) == [Told(words)]
    assert told(french, reason, "en") == [Told(reason)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Pattou, François", "F. PATTOU"), ("Jean-François Martin", "J.F. Martin"), ("Anne Dupont", "Dupont"),
     ("Kate Smith", "Katherine Smith"), ("Marie Anne Durand", "Marie Durand"), ("Paul Durant", "Paul Durand")],
)  # fmt: skip
def test_what_is_said_of_peoples_names_is_known(french: Flask, one: str, other: str) -> None:
    found = told(french, f'names "{one}" and "{other}": {compare(read_name(one), read_name(other)).why}')
    assert all(each.is_translated for each in found), found
    assert found[0].text.startswith("noms ")


def test_a_reason_that_is_not_known_stays_in_english(french: Flask) -> None:
    assert told(french, "the moon is full; <b>x</b>") == [
        Told("the moon is full", is_translated=False),
        Told("<b>x</b>", is_translated=False),
    ]
