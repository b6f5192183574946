"""Names of people: what a printed name may mean, and how like two of them are, whatever their order and accents."""

from __future__ import annotations

import csv
import gzip
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtool.link.people import NameIndex, Person, compare, read_name

GIVEN = st.sampled_from(["François", "Marie-Claire", "Jean Paul", "Zoé", "Hélène", "Søren", "Anne"])
FAMILY = st.sampled_from(["Pattou", "L'Hôte", "de La Tour", "Caillat-Zucman", "Le Néel", "van Dijk", "Łukasz", "Haas"])
ANY_TEXT = st.text(max_size=60)


def score(one: str, other: str) -> float:
    return compare(read_name(one), read_name(other)).score


@given(ANY_TEXT, ANY_TEXT)
def test_any_two_texts_compare_and_the_order_of_the_two_does_not_matter(one: str, other: str) -> None:
    assert score(one, other) == score(other, one)
    assert 0 <= score(one, other) <= 1


@given(GIVEN, FAMILY)
def test_a_name_is_itself_in_any_order_case_and_accents(given_name: str, family: str) -> None:
    name = f"{given_name} {family}"
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    forms = [
        f"{family}, {given_name}", f"{given_name.lower()} {family.lower()}", plain, f"{family.upper()} {given_name}",
        name.replace("-", "\u2010").replace("'", "\u2019"), name.replace(" ", "\xa0"), f"Dr. {name}, MD",
        f"{family} ({given_name})", f"\u202e{name}",
    ]  # fmt: skip
    for form in forms:
        assert score(name, form) >= 0.95, form


@given(GIVEN, FAMILY, GIVEN, FAMILY)
def test_another_family_name_is_another_name(one: str, family: str, other: str, others: str) -> None:
    if family != others:
        assert score(f"{family}, {one}", f"{others}, {other}") < 0.5


@given(GIVEN, FAMILY)
def test_initials_fit_less_than_the_names_they_stand_for(given_name: str, family: str) -> None:
    letters = [part[0] for part in given_name.replace("-", " ").split()]
    for initials in (".".join(letters) + ".", "-".join(letters), "".join(letters)):
        like = score(f"{given_name} {family}", f"{family} {initials}")
        assert 0.5 < like < score(f"{given_name} {family}", f"{family} {given_name}"), initials


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Philippe de Lara", "Lara P."),
        ("Philip van de Perre", "Van de Perre, Philippe"),
        ("Jf Delfraissy", "Jean-François Delfraissy"),
        ("J.F. Delfraissy", "DELFRAISSY Jean François"),
        ("Ekaterina Melnik-Olive", "Melnik Ekaterina"),
        ("Marie Durand (née Martin)", "Marie Martin"),
        ("Djoher Nora Abrous ,", "Nora Abrous"),
        ("Abrous D Nora", "D. Nora Abrous"),
        ("Prof.\u2005Dr. Núria Aliaga\u2010Alcalde", "N. Aliaga-Alcalde"),
        ("S. Arbab Chirani", "Chirani Shabnam Arbab"),
        ("Fred Dupont", "Frédéric Dupont"),
        ("Courtioux (Pierre)", "P. Courtioux"),
        ("Anne L'Hôte", "L'HOTE A."),
        ("Dhoher Abrous", "Djoher Abrous"),
        ("Ben Zola", "Zola, Ben"),
        ("Isabelle Van Seuningen", "Vansuiningen, Isabelle"),
        ("Paul Ledoux", "LE DOUX Paul"),
        ("Yves Ben Ali", "BEN ALI Yves"),
    ],
)
def test_forms_of_one_name(one: str, other: str) -> None:
    assert score(one, other) >= 0.55


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paul Martin", "Pierre Martin"),
        ("P. Martin", "M. Martin"),
        ("Daniel Roche", "Daniela Roche"),
        ("François Pattou", "Françoise Petit"),
        ("Jean-Paul Dubois", "Jean-Marc Dubois"),
        ("A. B. Leroy", "A. C. Leroy"),
    ],
)
def test_names_of_two_people(one: str, other: str) -> None:
    assert score(one, other) < 0.55


def test_the_reasons_quote_what_was_compared() -> None:
    likeness = compare(read_name("PATTOU F."), read_name("François Pattou"))
    assert likeness.why == 'family name "pattou" in both; initial "f" of "francois"'


def test_a_misspelled_family_name_is_found() -> None:
    index = NameIndex([Person.of("a", ["Cédric Thaury"]), Person.of("b", ["Cédric Durand"])])
    assert [match.id for match in index.find(read_name("C. Thauri"))] == ["a"]


def test_nobody_is_found_for_a_text_without_a_name() -> None:
    index = NameIndex([Person.of("a", ["Cédric Thaury"])])
    assert index.find(read_name("42, ...")) == []
    assert index.find(read_name("Zzyzx Qwfp")) == []


@pytest.mark.shared
def test_printed_names_find_their_person_though_that_form_is_not_known(shared: Path) -> None:
    file = shared / "open-data" / "person-gold" / "dataesr_manual_matches.dev.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8") as rows:
        forms: dict[str, list[str]] = defaultdict(list)
        for row in csv.DictReader(rows):
            forms[row["person_id"]].append(row["full_name"])
    found = asked = 0
    people = {person: Person.of(person, names) for person, names in forms.items()}
    for person, names in list(forms.items())[::4]:  # a fourth of them: the whole is in bench/person_names.py
        for form in sorted({*names} - {""}):
            rest = [name for name in names if name != form]
            if rest:
                known = {**people, person: Person.of(person, rest)}
                asked += 1
                found += person in {match.id for match in NameIndex(known.values()).find(read_name(form))}
    assert asked > 100
    assert found / asked >= 0.95
