"""Whatever an answer holds, a module gives triples that can be read, or faults; it never raises and never steers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtool.ingest.registries import registry_named
from kgtool.ingest.registries.registry import Fault

from .reading import described, read, written
from .test_hal import DOC
from .test_openalex import AUTHOR
from .test_orcid import RECORD
from .test_wikidata import HOSPITAL, PERSON

WORK = {
    "id": "https://openalex.org/W1",
    "title": "T",
    "doi": "https://doi.org/10.1000/x",
    "publication_date": "2020-01-02",
    "primary_location": {"source": {"id": "https://openalex.org/S1", "display_name": "J", "issn": ["1234-5678"]}},
    "authorships": [
        {
            "author": {"id": "https://openalex.org/A1", "display_name": "A"},
            "institutions": [
                {"id": "https://openalex.org/I1", "display_name": "U", "ror": "https://ror.org/02ppyfa04"}
            ],
            "countries": ["FR"],
            "raw_affiliation_strings": ["59000 Lille"],
        }
    ],
}
INSTITUTION = {
    "id": "https://openalex.org/I1",
    "display_name": "U",
    "geo": {"city": "Lille", "country_code": "FR", "latitude": 50.6, "longitude": 3.0},
    "associated_institutions": [{"id": "https://openalex.org/I2", "display_name": "P", "relationship": "parent"}],
    "international": {"display_name": {"fr": "U"}},
}
SCANR_PERSON = {
    "id": "idref122796527",
    "lastName": "Reymond",
    "firstName": "David",
    "affiliations": [{"structure": {"id": "200815499S", "label": {"fr": "I"}}, "sources": [{"year": "2018"}]}],
    "externalIds": [{"type": "orcid", "id": "0000-0003-2071-6594"}],
}
SCANR_STRUCTURE = {
    "id": "200815499S",
    "label": "L",
    "institutions": [{"id": "130015332", "label": "U", "type": "Etablissement tutelle", "year": 2018}],
    "leaders": [{"firstname": "A", "lastname": "B", "title": "Directeur"}],
    "address": {"city": "Lille", "postcode": "59000", "gps": {"lat": 50.6, "lon": 3.0}},
    "links": [{"type": "main", "url": "https://example.org/"}],
}
SCANR_PROJECT = {
    "id": "ANR-1",
    "label": {"fr": "P"},
    "call": {"id": "1", "label": "C"},
    "participants": [{"structure": "200815499S", "role": "participant"}],
    "persons": [{"person": "idref1", "role": "Coordinateur"}],
    "startDate": "2016-01-01T00:00:00",
}
SCANR_WORK = {
    "id": "doi10.1/x",
    "title": {"default": "T"},
    "publicationDate": "2019-12-06T00:00:00",
    "authors": [
        {"fullName": "A B", "person": "idref1", "affiliations": [{"ids": [{"id": "200815499S", "type": "rnsr"}]}]}
    ],
    "domains": [{"code": "Q1", "type": "wikidata", "label": {"default": "d"}}],
    "keywords": {"fr": ["k"]},
}
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("hal", DOC),
    ("openalex", AUTHOR),
    ("openalex", WORK),
    ("openalex", INSTITUTION),
    ("orcid", RECORD),
    ("scanr", SCANR_PERSON),
    ("scanr", SCANR_STRUCTURE),
    ("scanr", SCANR_PROJECT),
    ("scanr", SCANR_WORK),
    ("wikidata", PERSON),
    ("wikidata", HOSPITAL),
]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        [
            "",
            "\x00",
            "=cmd|' /C calc'!A0",
            "\u202egnihtyna",
            "\ud800",
            '"> <urn:x:evil> "',
            "javascript:alert(1)",
            "http://[",
            "http://a/ b",
            "99999-99-99",
            "2024-02-30",
            "0000",
            "x" * 5000,
            [],
            {},
            [[]],
            [None, 1, "a", {}],
            {"value": {"value": None}},
            {"id": {"id": 3}},
        ]
    ),
)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the path of every value inside a value."""
    if at:
        yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*at, key))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    whole = json.loads(json.dumps(value))
    inner = whole
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return whole


@st.composite
def odd_records(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    name, value = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(places(value))))
        value = changed(value, path, draw(ODD)) if path in set(places(value)) else value
    return name, value


def survives(name: str, value: dict[str, Any]) -> None:
    registry = registry_named(name)
    module = __import__(f"kgtool.ingest.registries.{name}", fromlist=["records"])
    found = described(registry, module.records(iter([(1, value)])))  # its lines are parsed, so each is N-Triples
    assert all(isinstance(fault, Fault) for fault in found.faults)
    for (text,) in found.rows("SELECT ?o WHERE { ?s ?p ?o FILTER(isLiteral(?o)) }"):
        assert not set(text) & set("\x00\x1b\u202e\u2066\n\r")
    assert not found.ask("?s ?p ?o FILTER(isIRI(?o) && (STRSTARTS(STR(?o), 'javascript') || ?o = <urn:x:evil>))")


@given(odd_records())
def test_odd_values_anywhere(record: tuple[str, dict[str, Any]]) -> None:
    survives(*record)


@pytest.mark.parametrize(("name", "value"), GOOD, ids=[f"{name}-{n}" for n, (name, _) in enumerate(GOOD)])
def test_each_value_missing_in_turn(name: str, value: dict[str, Any]) -> None:
    for path in places(value):
        for new in (None, True, 7, [], {}, "", [{}], [7], "\x1b[2J\u202e"):
            survives(name, changed(value, path, new))


def test_a_formula_stays_a_text(tmp_path: Path) -> None:
    found = read("hal", written(tmp_path, DOC | {"en_title_s": ["=1+1"]}))
    assert found.ask('?d rdfs:label "=1+1"@en')


@pytest.mark.parametrize("name", ["hal", "openalex", "orcid", "scanr", "wikidata"])
@pytest.mark.parametrize(
    "text", ["[" * 50_000, '{"a":' * 50_000, '{"response": {"docs": [', "[1, 2]", "{}", '{"a": NaN}']
)
def test_broken_json_is_told_and_never_a_crash(tmp_path: Path, name: str, text: str) -> None:
    found = read(name, written(tmp_path, text))
    assert found.records == []
    assert found.faults


@pytest.mark.parametrize("name", ["hal", "openalex", "orcid", "scanr", "wikidata"])
def test_a_huge_field_is_left_out_with_its_record(tmp_path: Path, name: str) -> None:
    lines = '{"id": "' + "x" * 5_000_000 + '"}\n' + "{}\n"
    found = read(name, written(tmp_path, lines, "in.jsonl"))
    assert found.records == []
    assert [fault.number for fault in found.faults] == [1, 2]


@pytest.mark.parametrize("field", ["x" * 5_000_000, [{"a": "b" * 10}] * 500_000])
def test_a_huge_record_of_an_answer_is_left_out_alone(tmp_path: Path, field: object) -> None:
    answer = {"response": {"docs": [DOC, DOC | {"halId_s": "hal-2", "en_title_s": field}]}}
    found = read("hal", written(tmp_path, answer))
    assert [record.key for record in found.records] == ["hal-01234567"]
    assert [(fault.number, fault.part) for fault in found.faults] == [(2, False)]


@pytest.mark.parametrize(("name", "value"), GOOD, ids=[f"{name}-{n}" for n, (name, _) in enumerate(GOOD)])
def test_the_order_of_members_and_records_says_nothing(tmp_path: Path, name: str, value: dict[str, Any]) -> None:
    def turned(one: Any) -> Any:
        return {key: turned(one[key]) for key in reversed(one)} if isinstance(one, dict) else one

    others = [other for kind, other in GOOD if kind == name and other is not value]
    first = read(name, written(tmp_path, [value, *others]))
    second = read(name, written(tmp_path, [*map(turned, reversed(others)), turned(value)]))
    assert {str(quad) for quad in first.graph} == {str(quad) for quad in second.graph}
