"""The API as its specification has it: answers fit the schemas, valid examples are answered, invalid ones refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from jsonschema import ValidationError

from tests.reconciliation.conftest import Validate

OLD, NEW = "0.2", "1.0-draft"
LILLE = "https://w3id.org/kgtool/id/hauts-de-france/institution/chu-de-lille"
PATTOU = "https://w3id.org/kgtool/id/hauts-de-france/person/francois-pattou"
KG = "https://w3id.org/kgtool/ontology#"


def asked(service: FlaskClient, queries: Any, **more: str) -> Any:
    answer = service.post("/reconcile", data={"queries": json.dumps(queries), **more})
    assert answer.status_code == 200, answer.text
    return answer.json


def matched(service: FlaskClient, *queries: Any) -> Any:
    answer = service.post("/reconcile/match", json={"queries": list(queries)})
    assert answer.status_code == 200, answer.text
    return answer.json


def names(*conditions: Any, **more: Any) -> dict[str, Any]:
    return {"conditions": [*conditions], **more}


def by_name(text: str) -> dict[str, Any]:
    return {"matchType": "name", "propertyValue": text}


def examples(specification: Path, version: str, what: str, kind: str) -> list[Any]:
    files = sorted((specification / version / "examples" / what / kind).glob("*.json"))
    assert files
    return [json.loads(file.read_text("utf-8")) for file in files]


def test_the_manifest_of_each_version_fits_its_schema(service: FlaskClient, validate: Validate) -> None:
    old = service.get("/reconcile").json
    validate(OLD, "manifest", old)
    for address, headers in (
        ("/reconcile/1.0-draft", {}),
        ("/reconcile?version=1.0-draft", {}),
        ("/reconcile", {"Accept": 'application/json; version="1.0-draft"'}),
    ):
        new = service.get(address, headers=headers).json
        validate(NEW, "manifest", new)
        assert new["versions"] == old["versions"] == [OLD, NEW]
        with pytest.raises(ValidationError):
            validate(OLD, "manifest", new)  # which is why there are two
    types = {each["id"] for each in old["defaultTypes"]}
    assert {"kg:Hospital", "kg:Researcher", "schema:Place"} <= types
    assert service.get("/reconcile?version=9").status_code == 400


def test_the_manifest_leads_to_what_it_names(service: FlaskClient) -> None:
    told = service.get("/reconcile").json
    for kind, place in told["suggest"].items():
        assert service.get(f"{place['service_url']}{place['service_path']}?prefix=lill").status_code == 200
        id = {"entity": LILLE, "type": "kg:Hospital", "property": "kg:locatedIn"}[kind]
        shown = service.get(place["flyout_service_path"].replace("${id}", id)).json
        assert shown["id"] == id
        assert shown["html"].startswith("<p>")
    propose = told["extend"]["propose_properties"]
    assert service.get(propose["service_url"] + propose["service_path"]).status_code == 200
    for template in (told["view"]["url"], told["preview"]["url"]):
        assert service.get(template.replace("{{id}}", LILLE)).status_code in (200, 303)


def test_valid_batches_are_answered_in_kind(service: FlaskClient, specification: Path, validate: Validate) -> None:
    for batch in examples(specification, OLD, "reconciliation-query-batch", "valid"):
        found = asked(service, batch)
        validate(OLD, "reconciliation-result-batch", found)
        assert list(found) == list(batch)
    for batch in examples(specification, NEW, "reconciliation-query-batch", "valid"):
        answer = service.post("/reconcile/match", json=batch)
        validate(NEW, "reconciliation-result-batch", answer.json)
        assert len(answer.json["results"]) == len(batch["queries"])
        for other in ("/reconcile/1.0-draft/match", "/reconcile"):
            assert service.post(other, json=batch).json == answer.json


def test_invalid_batches_are_refused_in_words(service: FlaskClient, specification: Path) -> None:
    told = []
    for batch in examples(specification, OLD, "reconciliation-query-batch", "invalid"):
        told.append(service.post("/reconcile", data={"queries": json.dumps(batch)}))
    for batch in examples(specification, NEW, "reconciliation-query-batch", "invalid"):
        told.append(service.post("/reconcile/match", json=batch))
    for answer in told:
        assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
        assert len(answer.json["detail"]) > 10
    details = [answer.json["detail"] for answer in told]
    assert "queries/q1 has neither a query nor properties" in details
    assert any("'props'" in detail for detail in details)


@pytest.mark.parametrize(
    ("queries", "said"),
    [
        ('{"q": {"query": "a", "limit": NaN}}', "NaN is no JSON"),
        ('{"q": {"query": "a", "limit": -1}}', "queries/q/limit is -1"),
        ('{"q": {"query": "a", "limit": true}}', "queries/q/limit is True"),
        (f'{{"q": {{"query": "a", "limit": -{"9" * 400}}}}}', "queries/q/limit is -99"),
        ('{"q": {"query": 3}}', "queries/q/query is a number, no text"),
        ('{"q": {"query": "a"}, "q": {"query": "b"}}', "'q' is given twice"),
        ('{"q": {"query": "a", "properties": [{"pid": "x"}]}}', "queries/q/properties/0 has no member v"),
        ('{"q": {"query": "a", "properties": [{"pid": "x", "v": null}]}}', "queries/q/properties/0/v is no value"),
        ('{"q": {"query": "a", "type_strict": "most"}}', "queries/q/type_strict is 'most'"),
        ("[" * 100_000, "nests too deeply"),
        ('{"q": ', "no JSON"),
    ],
)
def test_what_no_schema_allows_is_refused(service: FlaskClient, queries: str, said: str) -> None:
    answer = service.post("/reconcile", data={"queries": queries})
    assert answer.status_code == 400
    assert said in answer.json["detail"]
    assert "RDF" not in answer.json["title"]


def test_too_many_queries_are_refused_with_the_size_that_goes(service: FlaskClient) -> None:
    answer = service.post("/reconcile", data={"queries": json.dumps({str(n): {"query": "a"} for n in range(201)})})
    assert answer.status_code == 413
    assert "50" in answer.json["hint"]
    assert service.post("/reconcile/match", json={"queries": [names(by_name("a"))] * 201}).status_code == 413
    assert service.post("/reconcile", data={"queries": "x" * (9 * 2**20)}).status_code == 413
    for query in ({"query": "a", "type": ["T"] * 31}, {"properties": [{"pid": "p", "v": ["v"] * 31}]}):
        assert service.post("/reconcile", data={"queries": json.dumps({"q": query})}).status_code == 413


def test_odd_texts_are_only_texts(service: FlaskClient, validate: Validate) -> None:
    texts = ["", " ", "\ud800", "\x00", "‮abc", "'\"; DROP TABLE thing; --", "%_*", "a" * 100_000, "é" * 1000, "𝔘" * 50]
    asked(service, {"q": {"query": "a", "limit": 10**400}})
    found = asked(service, {str(n): {"query": text, "limit": 3.0} for n, text in enumerate(texts)})
    validate(OLD, "reconciliation-result-batch", found)
    for text in texts:
        for place in ("suggest/entity?prefix", "suggest/type?prefix", "suggest/property?prefix"):
            path = f"/reconcile/{place}={urlencode({'': text.encode('utf-8', 'ignore').decode()[:200]})[1:]}"
            assert service.get(path).status_code == 200


def test_a_name_finds_its_thing_in_either_version(service: FlaskClient) -> None:
    old = asked(service, {"q": {"query": "CHU de Lille", "type": "kg:Hospital"}})["q"]["result"][0]
    new = matched(service, names(by_name("CHU de Lille"), type="kg:Hospital"))["results"][0]["candidates"][0]
    assert old == new
    assert (old["id"], old["match"], old["score"]) == (LILLE, True, 100.0)
    assert {"id": "kg:Hospital", "name": "Hospital"} in old["type"]
    assert {each["id"]: each["value"] for each in old["features"]} == {"name": 100.0, "type": True}
    assert 'its name is "CHU de Lille"' in old["why"]
    assert asked(service, {"q": {"query": "CHU de Lille", "limit": 0}})["q"]["result"] == []


def test_names_come_in_the_language_of_the_reader(service: FlaskClient) -> None:
    query = names(
        {"matchType": "id", "propertyValue": "https://w3id.org/kgtool/id/hauts-de-france/region/hauts-de-france"}
    )
    found = {lang: matched(service, {**query, "lang": lang})["results"][0]["candidates"][0] for lang in ("fr", "en")}
    assert [found[lang]["type"][0]["name"] for lang in ("fr", "en")] == ["Région", "Region"]
    body = {"queries": json.dumps({"q": {"query": "Lille", "type": "kg:City"}})}
    french = service.post("/reconcile", data=body, headers={"Accept-Language": "fr"}).json
    assert french["q"]["result"][0]["type"][0]["name"] == "Ville"


def test_types_are_those_of_the_closure(service: FlaskClient) -> None:
    for kind in ("kg:Institution", "org:Organization", f"{KG}Hospital", "Établissement"):
        assert asked(service, {"q": {"query": "CHU de Lille", "type": kind}})["q"]["result"][0]["id"] == LILLE
    none = asked(service, {"q": {"query": "CHU de Lille", "type": "kg:City"}})["q"]["result"]
    assert LILLE not in [each["id"] for each in none]
    query = {"query": "CHU de Lille", "type": ["kg:City", "kg:Hospital"]}
    assert asked(service, {"q": {**query, "type_strict": "all"}})["q"]["result"] == []
    assert asked(service, {"q": query})["q"]["result"][0]["id"] == LILLE
    should = asked(service, {"q": {"query": "CHU de Lille", "type": "kg:City", "type_strict": "should"}})["q"]["result"]
    first = next(each for each in should if each["id"] == LILLE)
    assert (first["match"], first["score"]) == (False, 80.0)


def test_nobody_is_taken_for_another_of_the_same_name(service: FlaskClient) -> None:
    alone, supported, contradicted, elsewhere = (
        asked(service, {"q": {"query": "PATTOU Francois", "properties": properties}})["q"]["result"][0]
        for properties in (
            [],
            [{"pid": "kg:affiliatedWith", "v": "Université de Lille"}],
            [{"pid": "kg:affiliatedWith", "v": "Universidad de Sevilla"}],
            [{"pid": "kg:affiliatedWith", "v": {"id": LILLE, "name": "CHU"}}],
        )
    )
    assert {each["id"] for each in (alone, supported, contradicted, elsewhere)} == {PATTOU}
    assert [each["match"] for each in (alone, supported, contradicted, elsewhere)] == [False, True, False, True]
    assert "a name alone identifies nobody" in alone["why"]
    assert contradicted["score"] < alone["score"]


def test_identifiers_decide(service: FlaskClient) -> None:
    for text in ("https://ror.org/02ppyfa04", "02ppyfa04", "ROR", LILLE):
        found = asked(service, {"q": {"query": text}})["q"]["result"]
        assert (bool(found) and found[0]["match"] and found[0]["id"] == LILLE) is (text != "ROR")
    right, wrong = (
        asked(service, {"q": {"query": "CHU Lille", "limit": 100, "properties": [{"pid": "ROR", "v": ror}]}})["q"][
            "result"
        ]
        for ror in ("https://ror.org/02ppyfa04", "https://ror.org/03xfq7a50")
    )
    assert (right[0]["id"], right[0]["match"]) == (LILLE, True)
    assert not any(each["match"] for each in wrong)
    assert next(each for each in wrong if each["id"] == LILLE)["score"] < 50
    alone = asked(service, {"q": {"properties": [{"pid": "ror", "v": "02ppyfa04"}]}})["q"]["result"]
    assert (alone[0]["id"], alone[0]["match"]) == (LILLE, True)
    other = asked(
        service, {"q": {"query": "Institut Pasteur de Lille", "properties": [{"pid": "ROR", "v": "02ppyfa04"}]}}
    )
    assert not any(each["match"] for each in other["q"]["result"] if each["id"] == LILLE)
    assert LILLE in [each["id"] for each in other["q"]["result"]]


def test_identifiers_are_known_as_people_write_them(service: FlaskClient) -> None:
    for text in ("ror.org/02ppyfa04", "ROR.org/02ppyfa04/", "0000 0004 0471 8845", "grid.410463.4"):
        found = asked(service, {"q": {"query": text}})["q"]["result"]
        assert [(each["id"], each["match"]) for each in found[:1]] == [(LILLE, True)], text
    ror = {"query": "CHU", "properties": [{"pid": "ROR", "v": "ror.org/02ppyfa04"}]}
    assert asked(service, {"q": ror})["q"]["result"][0]["id"] == LILLE


def test_a_value_that_is_only_spelt_alike_speaks_against(service: FlaskClient) -> None:
    query = {"query": "Centre hospitalier", "type": "kg:Hospital"}
    for town, other in (("Roubaix", "Douai"), ("Douai", "Roubaix")):
        found = asked(service, {"q": {**query, "properties": [{"pid": "kg:locatedIn", "v": town}]}})["q"]["result"]
        assert town.casefold() in found[0]["name"].casefold()
        none = {"matchType": "property", "propertyId": "kg:locatedIn", "propertyValue": town, "matchQuantifier": "none"}
        (left,) = matched(
            service, names(by_name("Centre hospitalier"), {**none, "required": True}, type="kg:Hospital", limit=100)
        )["results"]
        said = [each["name"].casefold() for each in left["candidates"]]
        assert any(other.casefold() in name for name in said)
        assert not any(town.casefold() in name for name in said)


def test_conditions_are_required_or_not_and_all_or_none(service: FlaskClient) -> None:
    place = {"matchType": "property", "propertyId": "kg:locatedIn", "propertyValue": ["Amiens", "Hauts-de-France"]}

    def found(**more: Any) -> list[str]:
        (result,) = matched(service, names(by_name("CHU"), {**place, **more}, type="kg:Hospital", limit=50))["results"]
        return [each["name"] for each in result["candidates"]]

    assert {"CHU de Lille", "CHU Amiens-Picardie", "CHU de Toulouse"} <= set(found())
    assert {"CHU de Lille", "CHU Amiens-Picardie"} <= set(found(required=True))
    assert "CHU de Toulouse" not in found(required=True)
    both = found(required=True, matchQuantifier="all")
    assert "CHU Amiens-Picardie" in both
    assert "CHU de Lille" not in both
    assert "CHU Amiens-Picardie" not in found(required=True, matchQuantifier="none")
    for value, fits in (("Lil*", True), ("Ami*", False)):
        more = {"propertyValue": value, "matchQualifier": "WildcardMatch", "required": True}
        assert ("CHU de Lille" in found(**more)) is fits


def test_conditions_on_names_and_ids_may_be_required_or_ruled_out(service: FlaskClient) -> None:
    def found(*conditions: Any) -> list[str]:
        (result,) = matched(service, names(*conditions, limit=100))["results"]
        return [each["id"] for each in result["candidates"]]

    either = {"matchType": "name", "propertyValue": ["François Pattou", "CHU de Lille"]}
    named = found({**either, "required": True})
    assert {LILLE, PATTOU} <= set(named) < set(found(either))
    not_this = {"matchType": "id", "propertyValue": LILLE, "required": True, "matchQuantifier": "none"}
    assert LILLE not in found(either, not_this)
    assert PATTOU in found(either, not_this)
    assert found(either, {"matchType": "id", "propertyValue": {"id": LILLE}, "required": True}) == [LILLE]
    places = [
        found({"matchType": "property", "propertyId": "kg:locatedIn", "propertyValue": text})
        for text in ("Lille", "lille")
    ]
    assert LILLE in places[0]
    assert places[0] == places[1]
