"""Wikidata: items as the API gives them, and rows of a query's results."""

from __future__ import annotations

from pathlib import Path

import pytest

from .reading import read, written


def item(key: str) -> dict:
    return {"snaktype": "value", "datavalue": {"value": {"id": key}, "type": "wikibase-entityid"}}


def string(value: str) -> dict:
    return {"mainsnak": {"snaktype": "value", "datavalue": {"value": value}}, "rank": "normal"}


def time(value: str, precision: int) -> dict:
    return {"snaktype": "value", "datavalue": {"value": {"time": value, "precision": precision}}}


PERSON = {
    "id": "Q100",
    "labels": {"fr": {"language": "fr", "value": "Ada"}, "en": {"language": "en", "value": "Ada L."}},
    "claims": {
        "P31": [{"mainsnak": item("Q5"), "rank": "normal"}],
        "P106": [{"mainsnak": item("Q1650915"), "rank": "normal"}],
        "P21": [{"mainsnak": item("Q6581072"), "rank": "normal"}],
        "P569": [{"mainsnak": time("+1970-01-01T00:00:00Z", 11)}],
        "P496": [string("0000-0002-1825-0097"), string("0000-0002-1825-0098")],
        "P108": [
            {
                "mainsnak": item("Q1474517"),
                "rank": "normal",
                "qualifiers": {"P580": [time("+2016-05-00T00:00:00Z", 10)], "P582": [time("+2020-00-00T00:00:00Z", 9)]},
            },
            {"mainsnak": item("Q7"), "rank": "deprecated"},
        ],
    },
}
HOSPITAL = {
    "id": "Q200",
    "labels": {"de": {"language": "de", "value": "Krankenhaus"}},
    "claims": {
        "P31": [{"mainsnak": item("Q16917")}],
        "P6782": [string("02ppyfa04")],
        "P571": [{"mainsnak": time("+1936-00-00T00:00:00Z", 9)}],
        "P749": [{"mainsnak": item("Q300")}],
        "P625": [{"mainsnak": {"datavalue": {"value": {"latitude": 50.6, "longitude": 3.0}}}}],
    },
}


def test_an_employment_has_the_dates_of_its_qualifiers(tmp_path: Path) -> None:
    found = read("wikidata", written(tmp_path, {"entities": {"Q100": PERSON}}))
    assert found.ask(
        """?m a kg:Employment ; org:member [ a kg:Researcher ; rdfs:label "Ada"@fr, "Ada L."@en ] ;
        org:organization <https://w3id.org/kgtool/id/wikidata/Q1474517> ;
        schema:startDate "2016-05"^^xsd:gYearMonth ; schema:endDate "2020"^^xsd:gYear"""
    )
    assert found.rows("SELECT (COUNT(?m) AS ?n) WHERE { ?m a kg:Employment }") == [("1",)]


def test_an_identifier_that_is_none_is_left_out(tmp_path: Path) -> None:
    found = read("wikidata", written(tmp_path, PERSON))
    assert found.ask("?p schema:sameAs <https://orcid.org/0000-0002-1825-0097>")
    assert found.said() == ["'0000-0002-1825-0098' is no ORCID"]


def test_birth_and_sex_are_not_read(tmp_path: Path) -> None:
    found = read("wikidata", written(tmp_path, PERSON))
    assert not found.ask("?s ?p ?o FILTER(CONTAINS(STR(?o), '1970') || CONTAINS(STR(?o), 'Q6581072'))")


def test_an_organisation(tmp_path: Path) -> None:
    found = read("wikidata", written(tmp_path, HOSPITAL))
    assert found.ask(
        """?h a kg:Hospital ; rdfs:label "Krankenhaus"@de ; schema:foundingDate "1936"^^xsd:gYear ;
        schema:sameAs <https://ror.org/02ppyfa04> , <http://www.wikidata.org/entity/Q200> ; geo:lat 50.6 .
        ?m a kg:Membership ; org:member ?h ; org:organization [ a org:Organization ; schema:identifier ?i ]"""
    )
    assert not found.ask("?h org:subOrganizationOf ?o")


def test_rows_about_one_item_are_one_record(tmp_path: Path) -> None:
    def row(employer: str) -> dict:
        return {
            "item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q100"},
            "itemLabel": {"type": "literal", "value": "Ada", "xml:lang": "fr"},
            "orcid": {"type": "literal", "value": "0000-0002-1825-0097"},
            "employer": {"type": "uri", "value": f"http://www.wikidata.org/entity/{employer}"},
        }

    results = {"head": {}, "results": {"bindings": [row("Q1"), row("Q2"), row("Q1")]}}
    found = read("wikidata", written(tmp_path, results))
    assert [(record.number, record.key) for record in found.records] == [(1, "Q100")]
    assert found.faults == []
    assert found.rows("SELECT ?o WHERE { ?m a kg:Employment ; org:organization ?o }") == [
        ("https://w3id.org/kgtool/id/wikidata/Q1",),
        ("https://w3id.org/kgtool/id/wikidata/Q2",),
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"entities": {"Q9": {"id": "Q9", "missing": ""}}}, "there is no such item"),
        ({"id": "P31", "claims": {}}, "no item"),
        ({"id": "Q9", "labels": {}, "claims": {}}, "neither a person nor an organisation"),
        ({"id": "Q9", "claims": {"P31": [{"mainsnak": item("Q5")}, {"mainsnak": item("Q16917")}]}}, "neither a person"),
    ],
)
def test_what_cannot_be_taken_is_told(tmp_path: Path, value: dict, said: str) -> None:
    found = read("wikidata", written(tmp_path, value))
    assert [said in words for words in found.said()] == [True]
    assert len(found.graph) == 0


def test_a_large_answer_of_many_items_is_read(tmp_path: Path) -> None:
    aliases = {"fr": [{"value": "x" * 100_000}] * 30}
    entities = {f"Q{number}": {**HOSPITAL, "id": f"Q{number}", "aliases": aliases} for number in (1, 2, 3)}
    entities["Q4"] = {**HOSPITAL, "id": "Q4", "aliases": {"fr": [{"value": "x" * 5_000_000}]}}
    found = read("wikidata", written(tmp_path, {"entities": entities}))
    assert [record.key for record in found.records] == ["Q1", "Q2", "Q3"]
    assert [fault.number for fault in found.faults] == [4]
