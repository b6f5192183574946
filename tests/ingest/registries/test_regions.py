"""The regions that an import keeps to."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from kgtool.ingest.registries.places import Place, department_of, region_named
from kgtool.resources import packaged
from tests.ingest.registries.importing import lines, made, ror

REGIONS = tomllib.loads((packaged("ontology") / "regions.toml").read_text(encoding="utf-8"))


def test_every_department_lies_in_one_region_and_every_part_in_its_own() -> None:
    for (_, one), (_, other) in combinations(REGIONS.items(), 2):
        assert not set(one["departments"]) & set(other["departments"])
        assert not set(one["subdivisions"]) & set(other["subdivisions"])
    metropolitan = {f"{number:02}" for number in range(1, 96)} - {"20"} | {"2A", "2B"}
    overseas = {"971", "972", "973", "974", "976"}
    assert {code for region in REGIONS.values() for code in region["departments"]} == metropolitan | overseas
    for region in REGIONS.values():
        parts = region.get("parts", {})
        assert {code for part in parts.values() for code in part} in (set(), set(region["departments"]))


@pytest.mark.parametrize(
    ("asked", "inside", "outside"),
    [
        ("Île-de-France", Place("Paris", "FR", subdivision="IDF"), Place("Paris", "US")),
        ("nuts:FRJ", Place("Toulouse", "FR", subdivision="76"), Place("Rouen", "FR", subdivision="28")),
        ("nuts:frj2", Place("Toulouse", "FR", "31"), Place("Montpellier", "FR", "34")),
        ("la-reunion", Place("Saint-Denis", "RE"), Place("Saint-Denis", "FR", "93")),
        ("corse", Place("Ajaccio", "FR", "2A"), Place("Nice", "FR", "06")),
        (
            "departments:2b",
            Place("Bastia", "FR", department_of("20200")),
            Place("Ajaccio", "FR", department_of("20090")),
        ),
        ("departments:20", Place("Ajaccio", "FR", department_of("20303")), Place("Nice", "FR", "06")),
        ("departments:2A,2B", Place("Ajaccio", "FR", department_of("20303")), Place("Nice", "FR", "06")),
        ("departments:2A", Place("Ajaccio", "FR", "2A"), Place("Ajaccio", "FR", department_of("20303"))),
        ("departments:2B", Place("Bastia", "FR", "2B"), Place("Ajaccio", "FR", department_of("20303"))),
        ("departments:1", Place("Viriat", "FR", department_of("01440")), Place("Paris", "FR", "75")),
    ],
)
def test_what_lies_in_a_region(asked: str, inside: Place, outside: Place) -> None:
    region = region_named(asked)
    assert region.holds(inside)
    assert not region.holds(outside)


def test_a_town_of_any_region_has_one_name(tmp_path: Path) -> None:
    there = {"geonames_id": 1, "geonames_details": {"name": "Toulouse", "country_code": "FR", "lat": 43.6, "lng": 1.44}}
    there["geonames_details"]["country_subdivision_code"] = "OCC"  # type: ignore[index]
    found = made("ror", lines(ror("02ppyfa04", locations=[there])), tmp_path, region="occitanie")
    place = "https://w3id.org/kgtool/id/occitanie/place/toulouse"
    assert found.values("https://w3id.org/kgtool/id/ror/02ppyfa04", "locatedIn") == {place}
