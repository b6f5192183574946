"""Identifiers: form and check digit, against arithmetic of their own."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode

from kgtool.vocabulary import PREFIXES

from .packaged import checked, refused_values, violations

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
GOOD = {
    "ORCID": [
        "https://orcid.org/0000-0002-1825-0097",
        "http://orcid.org/0000-0002-1825-0097",
        "0000-0002-1825-0097",
        "0000000218250097",
        "https://orcid.org/0000-0002-1694-233X",
    ],
    "ISNI": ["0000 0001 2104 254X", "000000012104254X", "https://isni.org/isni/000000012104254X"],
    "ROR": ["https://ror.org/02ppyfa04", "02ppyfa04", "ror.org/02ppyfa04".removeprefix("ror.org/")],
    "SIRET": ["26590671900017", "265 906 719 00017", "35600000000048", "35600000049837"],
    "SIREN": ["265906719", "356000000"],
    "RNSR": ["200810693T", "200810693t"],
    "UAI": ["0440100V"],
    "FINESS": ["590000188", "2A0000154"],
    "IdRef": ["026388278", "https://www.idref.fr/02638827X"],
    "Wikidata": ["Q2945741", "http://www.wikidata.org/entity/Q2945741"],
    "GRID": ["grid.410463.4"],
    "FundRef": ["501100015613", "100015872", "https://doi.org/10.13039/501100001665"],
}
BAD = {
    "ORCID": ["0000-0002-1825-0098", "https://orcid.org/0000-0002-1825-009", "X000-0002-1825-0097", "Jane", ""],
    "ISNI": ["0000 0001 2104 2540"],
    "ROR": ["https://ror.org/02ppyfa05", "12ppyfa04", "https://ror.org/02ppyfu04", "https://ror.org/"],
    "SIRET": ["26590671900018", "2659067190001", "A6590671900017", "35600000000049"],
    "SIREN": ["265906718", "26590671900017"],
    "RNSR": ["200810693U", "200810693I", "20081069T"],
    "UAI": ["0440100W", "200810693T"],
    "FINESS": ["59000018", "2C0000154"],
    "IdRef": ["26388278"],
    "Wikidata": ["2945741", "Q0", "P31"],
    "GRID": ["410463.4"],
    "FundRef": ["fund"],
}


@pytest.mark.parametrize("scheme", GOOD)
def test_good_identifiers_pass(scheme: str) -> None:
    assert refused_values(scheme, GOOD[scheme]) == set()
    assert refused_values(scheme.lower(), GOOD[scheme]) == set()


@pytest.mark.parametrize("scheme", BAD)
def test_bad_identifiers_are_refused(scheme: str) -> None:
    assert refused_values(scheme, BAD[scheme]) == set(BAD[scheme])
    assert refused_values("local number", BAD[scheme]) <= {value for value in BAD[scheme] if "://" in value}


def mod_11_2(digits: str) -> str:
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11]


def ror_check(letters: str) -> str:
    number = 0
    for letter in letters:
        number = number * 32 + CROCKFORD.index(letter)
    return f"{98 - number * 100 % 97:02d}"


def is_luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


DIGITS = "0123456789"
MANY = {"min_size": 8, "max_size": 16}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.text(DIGITS, min_size=15, max_size=15), st.sampled_from(DIGITS + "X")), **MANY))
def test_orcid_check_digits(pairs: list[tuple[str, str]]) -> None:
    values = [digits + last for digits, last in pairs] + [digits + mod_11_2(digits) for digits, _ in pairs]
    assert refused_values("ORCID", values) == {value for value in values if mod_11_2(value[:15]) != value[15]}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.text(CROCKFORD, min_size=6, max_size=6), st.integers(0, 99)), **MANY))
def test_ror_check_digits(pairs: list[tuple[str, int]]) -> None:
    values = [f"0{letters}{check:02d}" for letters, check in pairs]
    values += [f"0{letters}{ror_check(letters)}" for letters, _ in pairs]
    assert refused_values("ROR", values) == {value for value in values if ror_check(value[1:7]) != value[7:]}


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.builds("".join, st.tuples(st.sampled_from(["", "356000000"]), st.text(DIGITS, min_size=14, max_size=14))),
        **MANY,
    )
)
def test_siret_check_digits(texts: list[str]) -> None:
    values = [text[:13] + last for text in texts for last in ("0", text[13])]
    expected = {
        value
        for value in values
        if not is_luhn(value) and not (value.startswith("356000000") and sum(map(int, value)) % 5 == 0)
    }
    assert refused_values("SIRET", values) == expected
    sirens = [value[:9] for value in values]
    assert refused_values("SIREN", sirens) == {value for value in sirens if not is_luhn(value)}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.text(DIGITS, min_size=9, max_size=9), st.sampled_from(LETTERS)), **MANY))
def test_rnsr_check_letters(pairs: list[tuple[str, str]]) -> None:
    values = [digits + letter for digits, letter in pairs] + [digits + LETTERS[int(digits) % 23] for digits, _ in pairs]
    assert refused_values("RNSR", values) == {value for value in values if LETTERS[int(value[:9]) % 23] != value[9]}


@pytest.mark.shared
def test_registry_numbers_of_the_2022_file_pass(shared: Path) -> None:
    path = shared / "open-data" / "registries" / "rnsr-structures-actives-2022.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    numbers = {
        "RNSR": [row["numero_national_de_structure"] for row in rows],
        "UAI": [code for row in rows for code in row["uai_des_tutelles"].split(";")],
        "SIRET": [code for row in rows for code in row["siret_des_tutelles"].split(";")],
    }
    for scheme, values in numbers.items():
        some = sorted({value for value in values if value})[::40]
        assert len(some) > 4
        assert refused_values(scheme, some) == set()


@pytest.mark.parametrize(
    "link",
    [
        "schema:sameAs <https://orcid.org/0000-0002-1825-0098>",
        "schema:identifier <https://ror.org/02ppyfa05>",
        'schema:identifier "https://orcid.org/0000-0002-1825-0098"',
        "skos:exactMatch <http://orcid.org/nobody>",
        "owl:sameAs <https://ror.org/02ppyfa05>",
        "vivo:orcidId <https://orcid.org/0000-0002-1825-0098>",
    ],
)
def test_links_to_registries_are_checked(link: str) -> None:
    assert [node for node, _ in violations(f"x:a {link} .")] == ["a"]


@pytest.mark.parametrize(
    ("scheme", "value"), [("ORCID", "0000-0002-1825-0097"), ("SIRET", "26590671900017"), ("HAL", "hal-01234567")]
)
def test_an_identifier_may_be_a_blank_node(scheme: str, value: str) -> None:
    node = f'[ a schema:PropertyValue ; schema:propertyID "{scheme}" ; schema:value "{value}" ]'
    assert violations(f"x:a schema:identifier {node} .") == []


@pytest.mark.parametrize("link", ["schema:identifier", "schema:sameAs", "skos:exactMatch", "owl:sameAs"])
def test_a_link_to_a_blank_node_says_nothing_of_a_registry(link: str) -> None:
    assert violations(f"x:a {link} [] .") == []


@pytest.mark.parametrize(
    ("scheme", "value", "shape"),
    [("ORCID", "0000-0002-1825-0098", "OrcidShape"), ("SIRET", "26590671900018", "SiretShape")],
)
def test_a_bad_identifier_in_a_blank_node_is_refused_there(scheme: str, value: str, shape: str) -> None:
    data = f'x:a schema:identifier _:it . _:it schema:propertyID "{scheme}" ; schema:value "{value}" .'
    findings = [each for each in checked(data).findings if each.severity == "violation"]
    assert [(each.shape, str(each.value)) for each in findings] == [(PREFIXES["kg"] + shape, f'"{value}"')]
    assert isinstance(findings[0].focus, BlankNode)


@pytest.mark.parametrize("scheme", ["ORCID", "ROR", "SIRET", "RNSR", "FINESS", "local"])
def test_a_blank_node_is_no_value(scheme: str) -> None:
    data = f'x:a schema:propertyID "{scheme}" ; schema:value [] .'
    assert violations(data) == [("a", "IdentifierValueShape")]


def test_links_elsewhere_are_left_alone() -> None:
    assert violations('x:a schema:sameAs <https://orcid.org/0000-0002-1825-0097>, x:b ; schema:identifier "42" .') == []


def test_an_identifier_without_scheme_or_value_is_refused() -> None:
    found = violations('x:a a schema:PropertyValue ; schema:value "1" . x:b schema:propertyID "ORCID" .')
    assert sorted(found) == [("a", "IdentifierSchemeShape"), ("b", "IdentifierValueShape")]
