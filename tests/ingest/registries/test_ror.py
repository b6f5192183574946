"""What a ROR record says, and what of it is no more than ROR's word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.registries.importing import ID, Made, lines, made, ror

LILLE, INSERM, CHU, EGID, UNIT = "02kzqn938", "02vjkv261", "02ppyfa04", "05n2c8735", "03pbmtd68"
BASE = f"{ID}ror/"


def parent(key: str) -> dict[str, str]:
    return {"type": "parent", "id": f"https://ror.org/{key}", "label": "x"}


@pytest.fixture
def region(tmp_path: Path) -> Made:
    """A unit of a university and an institute, in a federation; a hospital of another one; what is over."""
    records = [
        ror(UNIT, "U1190", types=["facility"], relationships=[parent(LILLE), parent(INSERM), parent(EGID)]),
        ror(LILLE, "Université de Lille", established=2021),
        ror(INSERM, "Inserm", types=["government", "funder"]),
        ror(EGID, "EGID", types=["facility"], relationships=[parent(LILLE)]),
        ror(CHU, "CHU", types=["healthcare"]),
        ror("000z46s85", "Hôpital cardiologique", types=["healthcare"], relationships=[parent(CHU)]),
        ror(
            "00qe7f485",
            "Télécom",
            status="inactive",
            types=["facility"],
            relationships=[parent(LILLE), {"type": "successor", "id": f"https://ror.org/{LILLE}", "label": "x"}],
        ),
    ]
    return made("ror", lines(*records), tmp_path, date="2026-06")


def ends(found: Made, kind: str, low: str, high: str) -> set[tuple[str, str, str]]:
    """Give the nodes of a class: their two ends without the base, and when they were seen."""
    nodes = found.subjects(kind)
    return {
        (
            *(next(iter(found.values(node, end))).removeprefix(BASE) for end in (low, high)),
            next(iter(found.values(node, "attestedOn")), ""),
        )
        for node in nodes
    }


def test_the_parents_of_a_unit_supervise_it_on_the_day_of_the_dump(region: Made) -> None:
    assert ends(region, "#Supervision", "#supervisedUnit", "#supervisingInstitution") == {
        (UNIT, LILLE, "2026-06"),
        (UNIT, INSERM, "2026-06"),
        (EGID, LILLE, "2026-06"),
        ("00qe7f485", LILLE, ""),  # what is over was not seen then
    }


def test_other_parents_are_memberships_and_nothing_is_a_timeless_part(region: Made) -> None:
    assert ends(region, "#Membership", "#member", "#organization") == {
        (UNIT, EGID, "2026-06"),
        ("000z46s85", CHU, "2026-06"),
    }
    assert not [quad for quad in region.quads if "rganizationOf" in quad.predicate.value or "unitOf" in str(quad)]


def test_kinds_follow_the_table(region: Made) -> None:
    kinds = {key: region.values(BASE + key, "#type") for key in (UNIT, LILLE, INSERM, CHU)}
    short = {key: {kind.rpartition("#")[2].rpartition("/")[2] for kind in of} for key, of in kinds.items()}
    assert short == {
        UNIT: {"ResearchUnit", "Organization"},
        LILLE: {"Institution", "EducationalOrganization", "Organization"},
        INSERM: {"Institution", "Funder", "Organization"},
        CHU: {"Hospital", "Organization"},
    }


def test_what_is_over_stays_and_says_so(region: Made) -> None:
    assert len(region.values(f"{BASE}00qe7f485", "registryStatus")) == 2
    (event,) = region.subjects("#ChangeEvent")
    assert region.values(event, "originalOrganization") == {f"{BASE}00qe7f485"}
    assert region.values(event, "resultingOrganization") == {BASE + LILLE}
    assert region.values(event, "startDate") == set()


def test_an_identifier_that_is_none_is_left_out_and_the_rest_stays(tmp_path: Path) -> None:
    ids = [
        {"type": "isni", "preferred": None, "all": ["0000 0004 0471 8845", "0000 0004 0471 8846"]},
        {"type": "wikidata", "preferred": "Q2945741", "all": ["Q2945741"]},
        {"type": "grid", "preferred": None, "all": "grid.410463.4"},
        {"type": "orgref", "preferred": None, "all": ["1"]},
    ]
    found = made("ror", lines(ror(CHU, external_ids=ids), ror("02ppyfa05")), tmp_path)
    values = {value for node in found.subjects("/PropertyValue") for value in found.values(node, "schema.org/value")}
    assert values == {f"https://ror.org/{CHU}", "0000 0004 0471 8845", "Q2945741", "grid.410463.4"}
    assert [(number, what.split(" is ")[1]) for number, what in found.faults] == [
        (2, "no ROR identifier"),
        (1, "no ISNI identifier"),
    ]


def test_what_cannot_be_is_told_of_and_left_out(tmp_path: Path) -> None:
    there = {"geonames_details": {"name": "Lille", "country_code": "FR", "lat": -95.0, "lng": 3.0}, "geonames_id": 7}
    south = {
        "geonames_details": {"name": "Ushuaia", "country_code": "AR", "lat": -54.8, "lng": -68.3},
        "geonames_id": 8,
    }
    record = ror(
        "02ppyfa04",
        locations=[there, south],
        links=[{"type": "website", "value": "javascript:alert(1)"}, {"type": "website", "value": None}],
        relationships=[{"type": "parent", "id": "02PPYFA04", "label": "itself"}],
    )
    found = made("ror", lines(record), tmp_path, date="2026")
    assert [what for _, what in found.faults] == [
        "'javascript:alert(1)' is no address of a web page",
        "-95.0, 3.0 is no place on earth",
        "it names itself as its parent",
    ]
    assert found.values(f"{ID}ror/place/8", "#lat") == {"-54.8"}
    assert found.values(f"{ID}ror/place/7", "#lat") == set()
    assert not found.subjects("#Membership") | found.subjects("#Supervision")


@pytest.mark.parametrize("kind", [{"a": 1}, ["parent"], None, 7])
def test_a_relation_of_no_kind_says_nothing(tmp_path: Path, kind: object) -> None:
    link = {"type": kind, "id": "https://ror.org/02vjkv261", "label": "x"}
    found = made("ror", lines(ror("02ppyfa04", relationships=[link]), ror("02vjkv261")), tmp_path)
    assert found.keys == {"02ppyfa04", "02vjkv261"}
    assert not found.subjects("#Membership")


def test_flat_lines_and_the_dump_say_the_same(tmp_path: Path) -> None:
    place = {"name": "Lille", "lat": 50.63297, "lng": 3.05858, "country_code": "FR"}
    dump = ror(
        CHU,
        locations=[{"geonames_id": 2998324, "geonames_details": {**place, "country_subdivision_code": "HDF"}}],
        external_ids=[{"type": "wikidata", "preferred": "Q2945741", "all": ["Q2945741"]}],
        links=[{"type": "website", "value": "https://www.chu-lille.fr"}],
    )
    flat = ror(
        CHU,
        id=CHU,
        locations=[{"geonames_id": 2998324, **place, "subdivision_code": "HDF"}],
        external_ids={"wikidata": {"preferred": "Q2945741", "all": ["Q2945741"]}},
        links={"website": "https://www.chu-lille.fr"},
    )
    a, b = (made("ror", lines(one), tmp_path / str(n), region="hauts-de-france") for n, one in enumerate((dump, flat)))
    assert {str(q) for q in a.quads if "ni:" not in str(q)} == {str(q) for q in b.quads if "ni:" not in str(q)}
    assert a.values(f"{ID}hauts-de-france/place/lille", "#lat") == {"50.63297"}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("hauts-de-france", {"a", "b", "c", "above"}),
        ("nuts:FRE", {"a", "b", "c", "above"}),
        ("city:Roubaix", {"b"}),
        ("city:Paris", {"above", "far"}),
        ("bretagne", set()),
    ],
)
def test_a_region_keeps_what_touches_it_and_what_stands_above(tmp_path: Path, asked: str, kept: set[str]) -> None:
    keys = {"a": CHU, "b": UNIT, "c": EGID, "above": INSERM, "far": LILLE, "namesake": "02feahw73"}

    def at(name: str, **more: object) -> list[dict[str, object]]:
        return [{"geonames_id": 1, "geonames_details": {"name": name, "country_code": "FR", **more}}]

    records = [
        ror(keys["a"], locations=at("Lille", country_subdivision_code="HDF"), relationships=[parent(INSERM)]),
        ror(keys["b"], locations=at("Roubaix", lat=50.69, lng=3.17)),
        ror(keys["c"], locations=at("Amiens", country_subdivision_code="32")),
        ror(keys["above"], locations=at("Paris", country_subdivision_code="IDF"), relationships=[parent(LILLE)]),
        ror(keys["far"], locations=at("Caen", country_subdivision_code="NOR")),
        ror(keys["namesake"], locations=at("Clermont", lat=45.78, lng=3.08)),
    ]
    found = made("ror", lines(*records), tmp_path, region=asked)
    assert found.keys == {keys[name] for name in kept}
    if "above" in kept and asked != "city:Paris":
        assert not [v for v in found.values(BASE + INSERM, "locatedIn") if "hauts-de-france" in v]


@pytest.mark.shared
def test_the_whole_file_is_read_without_a_bad_record(shared: Path, tmp_path: Path) -> None:
    data = (shared / "open-data" / "ror" / "ror-hauts-de-france.jsonl").read_bytes()
    found = made("ror", data, tmp_path, date="2026-06", region="hauts-de-france")
    assert found.described.read == 240
    assert found.described.faults.records == 0
    assert f"{BASE}{CHU}" in found.described.keys


def test_a_record_of_schema_1_is_told_apart_from_one_without_a_name(tmp_path: Path) -> None:
    old = {"id": f"https://ror.org/{CHU}", "name": "CHU de Lille", "types": ["Healthcare"], "labels": []}
    found = made("ror", lines(old, {**ror(LILLE), "names": []}), tmp_path)
    assert found.faults == [
        (1, "a record of schema 1: give the file of schema 2"),
        (2, "a record without a name"),
    ]
