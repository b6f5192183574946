"""What is found in strings over a small registry with the model that kgtool brings; and strings that nobody writes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgtool.errors import InputError, MissingError
from kgtool.link.affiliations import Matcher
from kgtool.link.affiliations.matcher import BATCH, identifiers
from kgtool.link.affiliations.strings import LONGEST


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("University of Lille, France", "02kzqn938"),
        ("Univ. Lille, F-59000 Lille", "02kzqn938"),
        ("UNIVERSITE DE LILLE", "02kzqn938"),
        ("Dept. of Physics, Oxford University, UK", "052gg0110"),
        ("Department of Biology, Northumbira University, UK", "04v2twj65"),
        ("C.N.R.S., France", "02feahw73"),
        ("ofNorthumbria University", "04v2twj65"),
    ],
)
def test_a_name_is_found_in_its_spellings(matcher, text, key):
    assert key in identifiers(matcher.match(text))


def test_hospital_and_university_of_one_city_are_told_apart(matcher):
    assert identifiers(matcher.match("Centre Hospitalier Universitaire de Lille, France"))[0] == "02ppyfa04"
    assert identifiers(matcher.match("CHU Lille")) == ["02ppyfa04"]
    assert "02ppyfa04" not in identifiers(matcher.match("Université de Lille, France"))


def test_a_unit_is_found_by_its_number_and_says_so(matcher):
    found = matcher.match("CNRS, UMR 8199, Univ. Lille, F-59000 Lille, France")
    unit = next(m for m in found if m.id.endswith("/201019131Y"))
    assert unit.decision == "chosen"
    assert unit.text == "UMR 8199"
    assert "number" in unit.why


def test_a_unit_is_found_without_its_number(matcher):
    text = (
        "Centre de Recherche en Informatique, Signal et Automatique de Lille, Centrale Lille, Villeneuve d'Ascq, France"
    )
    assert identifiers(matcher.match(text), units=True) == ["201521249L"]


def test_institutions_that_only_supervise_a_unit_are_not_chosen(matcher):
    found = matcher.match("Génomique et maladies métaboliques, 59045 Lille, France")
    assert identifiers(found, units=True) == ["201019131Y"]
    assert not {"02feahw73", "02vjkv261"} & set(identifiers(found))


def test_nothing_is_chosen_where_nothing_is_named(matcher):
    for text in ("", "   ", "12345", "Retired", "12 Main Street, Springfield"):
        assert identifiers(matcher.match(text)) == []


@given(st.lists(st.text(max_size=120), max_size=6))
@settings(max_examples=60)
def test_any_text_is_answered_and_spans_are_its_own(matcher, texts):
    for text, matches in zip(texts, matcher.match_batch(texts), strict=True):
        for match in matches:
            start, end = match.span
            assert text[start:end] == match.text
            assert 0 <= start < end <= len(text)
            assert 0 <= match.score <= 1
            assert match.decision in ("chosen", "candidate")
            assert match.why


def test_company_in_a_batch_changes_nothing(matcher):
    texts = ["University of Lille, France", "", "CNRS, UMR 8199, Lille", "BNL, Upton, NY, USA"] * 3
    alone = [matcher.match(text) for text in texts]
    assert matcher.match_batch(texts) == alone
    assert list(matcher.match_all(iter(texts * (BATCH // 4)))) == alone * (BATCH // 4)


def test_a_huge_string_is_cut_and_the_reason_says_so(matcher):
    (match, *_) = matcher.match("University of Oxford, UK. " + "x" * 1_000_000)
    assert match.id.endswith("052gg0110")
    assert str(LONGEST) in match.why
    assert matcher.match("word " * 200_000) == ()


def test_invisible_characters_hide_nothing(matcher):
    assert "052gg0110" in identifiers(matcher.match("\u202eUniversity\u200b of\u00ad Oxford\u202c, UK\x00"))


def test_an_index_that_is_not_there_or_not_one_is_refused(tmp_path, index):
    with pytest.raises(MissingError, match="no index"):
        Matcher.open(tmp_path)
    (tmp_path / "meta.json").write_text('{"version": 0}')
    with pytest.raises(InputError, match="version"):
        Matcher.open(tmp_path)
    (tmp_path / "meta.json").write_text((index / "meta.json").read_text())
    for file in index.glob("*.npy"):
        (tmp_path / file.name).write_bytes(file.read_bytes()[: 40 if file.stem == "org_key" else None])
    with pytest.raises(InputError, match="damaged"):
        Matcher.open(tmp_path)
