"""OpenAlex: works with where they were signed from, authors with the years in which they were seen, topics."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kgtool.ingest.registries.openalex import REGISTRY
from kgtool.ingest.registries.places import region_named

from .reading import every_file, read, written

UNIVERSITY = {"id": "https://openalex.org/I2", "display_name": "University", "ror": "https://ror.org/02ppyfa04"}
AUTHOR = {
    "id": "https://openalex.org/A1",
    "display_name": "Ada Lovelace",
    "orcid": "https://orcid.org/0000-0002-1825-0097",
    "affiliations": [{"institution": UNIVERSITY, "years": [2021, 2019, 2020, 2015]}],
    "topics": [
        {
            "id": "https://openalex.org/T9",
            "display_name": "Islets",
            "field": {"id": "https://openalex.org/fields/27", "display_name": "Medicine"},
        }
    ],
}


def test_years_that_do_not_follow_each_other_are_no_unbroken_time(tmp_path: Path) -> None:
    found = read("openalex", written(tmp_path, AUTHOR))
    nodes = found.rows(
        """SELECT (MIN(?y) AS ?a) (MAX(?y) AS ?b) WHERE { ?m a kg:Membership ; kg:attestedOn ?d . BIND(STR(?d) AS ?y) }
        GROUP BY ?m"""
    )
    assert nodes == [("2015", "2015"), ("2019", "2021")]


def test_themes_have_what_stands_above_them(tmp_path: Path) -> None:
    found = read("openalex", written(tmp_path, AUTHOR))
    assert found.ask(
        '?p kg:hasTheme [ rdfs:label "Islets"@en ; skos:broader [ a kg:Theme ; rdfs:label "Medicine"@en ] ]'
    )


def test_a_work_is_signed_on_its_day(samples: Path) -> None:
    found = read("openalex", samples / "open_alex_api/open_alex_work_response.json")
    assert found.faults == []
    rows = found.rows(
        """SELECT ?who ?where ?day WHERE { ?m a kg:Membership ; org:member/rdfs:label ?who ;
        org:organization/rdfs:label ?where ; kg:attestedOn ?day }"""
    )
    authors = ["Chengteh Lee", "Robert G. Parr", "Weitao Yang"]
    assert rows == [(who, "University of North Carolina at Chapel Hill", "1988-01-15") for who in authors]
    assert found.ask("?person schema:sameAs <https://orcid.org/0000-0001-5576-2828>")
    assert found.ask("?where schema:sameAs <https://ror.org/0130frc33>")


def test_an_author_without_a_number_is_of_one_work(tmp_path: Path) -> None:
    work = {"id": "https://openalex.org/W1", "title": "T", "authorships": [{"raw_author_name": "B. Li", "author": {}}]}
    other = {**work, "id": "https://openalex.org/W2"}
    found = read("openalex", written(tmp_path, {"results": [work, other]}))
    assert found.rows('SELECT (COUNT(?p) AS ?n) WHERE { ?p rdfs:label "B. Li" }') == [("2",)]


@pytest.mark.parametrize("key", ["", "https://openalex.org/X1", "W", "https://openalex.org/W1; DROP", None, 5])
def test_what_is_no_entity_is_told(tmp_path: Path, key: object) -> None:
    found = read("openalex", written(tmp_path, {"id": key, "display_name": "x"}))
    assert found.records == []
    assert [fault.part for fault in found.faults] == [False]


def test_a_work_lies_where_its_affiliations_say(tmp_path: Path) -> None:
    def work(*strings: str) -> dict:
        authorship = {"countries": ["FR"], "raw_affiliation_strings": list(strings), "author": {"display_name": "A"}}
        return {"id": "https://openalex.org/W1", "title": "T", "authorships": [authorship]}

    region = region_named("hauts-de-france")

    def inside(*strings: str) -> bool:
        (record,) = read("openalex", written(tmp_path, work(*strings))).records
        return any(map(region.holds, REGISTRY.survey(record).places))

    assert inside("Inserm U1190, CHU Lille, F-59000 Lille, France")
    assert inside("Univ. Lille, Amiens, France")
    assert not inside("CNRS, 75005 Paris, France", "Lyon, France")


def test_every_stored_work_is_read(samples: Path) -> None:
    files = list(every_file(samples / "open_alex_api"))
    found = read("openalex", *files)
    assert len(found.records) == len(files)
    titles = {json.loads(file.read_text(encoding="utf-8"))["title"] for file in files}
    labels = {label for (label,) in found.rows("SELECT DISTINCT ?t WHERE { ?w schema:author ?a ; rdfs:label ?t }")}
    assert labels <= titles
