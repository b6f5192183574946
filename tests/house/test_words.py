"""The words of pages and scripts: each is gathered, each has its French, with the same places for values."""

from __future__ import annotations

import re

import pytest
from babel.messages import pofile
from babel.messages.catalog import Catalog

from kgtool.web.translations.__main__ import file_of, gathered

DOMAINS = ("pages", "scripts")
PLACES = re.compile(r"\{\w+\}|%\(\w+\)[sd]")


def french(domain: str) -> Catalog:
    with file_of(domain, "fr").open("rb") as lines:
        return pofile.read_po(lines, locale="fr")


def texts(message: object) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)  # type: ignore[arg-type]


@pytest.mark.parametrize("domain", DOMAINS)
def test_all_words_are_gathered(domain: str) -> None:
    """``make words`` brings them up to date."""
    assert {str(each.id) for each in gathered(domain)} == {str(each.id) for each in french(domain)}


@pytest.mark.parametrize("domain", DOMAINS)
def test_all_words_are_translated(domain: str) -> None:
    assert [each.id for each in french(domain) if each.id and not all(texts(each.string))] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_translations_have_the_same_places_for_values(domain: str) -> None:
    wrong = []
    for each in french(domain):
        wanted = {place for text in texts(each.id) for place in PLACES.findall(text)}
        for text in texts(each.string):
            if each.id and not set(PLACES.findall(text)) <= wanted:
                wrong.append((each.id, text))
    assert wrong == []
