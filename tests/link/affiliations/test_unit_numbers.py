"""The spellings of unit numbers, and what only looks like one."""

from __future__ import annotations

import pytest

from kgtool.link.affiliations.unit_numbers import unit_numbers


@pytest.mark.parametrize(
    "text",
    [
        "UMR 8199",
        "UMR8199",
        "CNRS-UMR 8199",
        "CNRS UMR8199",
        "UMR CNRS 8199",
        "UMR-8199",
        "UMR_8199",
        "UMR n°8199",
        "(UMR 8199)",
        "umr: UMR 8199",
    ],
)
def test_a_mixed_unit_is_read_in_every_spelling(text):
    assert [u.key for u in unit_numbers(text)] == ["UMR8199"]


@pytest.mark.parametrize(
    "text",
    [
        "UMR_S 1190",
        "UMR-S1190",
        "UMR S 1190",
        "UMRS 1190",
        "Inserm U1190",
        "INSERM U 1190",
        "U1190",
        "unité 1190".capitalize(),
        "Inserm 1190",
        "UMR-S 1190",
    ],
)
def test_a_unit_of_inserm_is_one_however_it_is_called(text):
    assert [u.key for u in unit_numbers(text)] == ["U1190"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("EA 4483", ["EA4483"]),
        ("ULR 4483", ["EA4483"]),
        ("UPRES EA4483", ["EA4483"]),
        ("ERL 9188", ["ERL9188"]),
        ("FRE3377", ["FRE3377"]),
        ("UAR 2014", ["UMS2014"]),
        ("UMS 2014", ["UMS2014"]),
        ("CIC 1403", ["CIC1403"]),
        ("UPR 8011", ["UPR8011"]),
        ("UMR 1283/8199", ["UMR1283", "UMR8199"]),
        ("UMR CNRS 8199 - Inserm U1283", ["UMR8199", "U1283"]),
    ],
)
def test_other_labels_and_several_at_once(text, keys):
    assert [u.key for u in unit_numbers(text)][: len(keys)] == keys


@pytest.mark.parametrize(
    "text",
    [
        "F-59000 Lille",
        "75005 Paris",
        "4 rue UMR",
        "Boeing 747",
        "FR-59655 Villeneuve",
        "CSUMR 1234",
        "U.S.A.",
        "tel. 03 20 44",
    ],
)
def test_postcodes_streets_and_words_are_no_units(text):
    assert [u.key for u in unit_numbers(text) if u.family != "FR"] == []


def test_offsets_are_those_of_the_number_in_the_text():
    text = "Univ. Lille, CNRS-UMR 8199, Lille"
    (unit,) = unit_numbers(text)
    assert text[unit.start : unit.end] == "UMR 8199"
