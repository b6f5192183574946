"""What the API gives beside candidates: suggestions, values of properties, proposals; all fit the schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from tests.reconciliation.conftest import Validate
from tests.reconciliation.test_api import LILLE, NEW, OLD, PATTOU, examples


def test_suggestions_fit_the_schemas_and_go_on(service: FlaskClient, validate: Validate) -> None:
    for version, place in ((OLD, "/reconcile"), (NEW, "/reconcile/1.0-draft")):
        for kind, schema in (("entity", "entities"), ("type", "types"), ("property", "properties")):
            found = service.get(f"{place}/suggest/{kind}?prefix=l").json
            validate(version, f"suggest-{schema}-response", found)
            assert found["result"]
    first = service.get("/reconcile/suggest/entity?prefix=university").json["result"]
    rest = service.get("/reconcile/suggest/entity?prefix=university&cursor=1").json["result"]
    assert rest[: len(first) - 1] == first[1:]
    assert service.get("/reconcile/suggest/entity?prefix=chu+de+lil").json["result"][0]["id"] == LILLE
    assert service.get("/reconcile/suggest/entity?prefix=francois+pat").json["result"][0]["id"] == PATTOU
    hospitals = service.get("/reconcile/suggest/entity?prefix=l&type=kg:Hospital").json["result"]
    assert all("kg:Hospital" in {kind["id"] for kind in each["notable"]} for each in hospitals)
    assert LILLE in [each["id"] for each in hospitals]
    of_two = service.get("/reconcile/suggest/entity?prefix=l&type=kg:Nothing&type=kg:Hospital").json["result"]
    assert of_two == hospitals
    assert service.get("/reconcile/suggest/entity?prefix=l&type=kg:Nothing").json["result"] == []
    assert service.get("/reconcile/suggest/entity").status_code == 400
    assert service.get("/reconcile/suggest/entity?prefix=a&cursor=-1").status_code == 400
    assert service.get("/reconcile/suggest/thing?prefix=a").status_code == 404


def test_values_are_fetched_in_the_form_of_each_version(
    service: FlaskClient, specification: Path, validate: Validate
) -> None:
    query = {
        "ids": [LILLE, "urn:of:nobody"],
        "properties": [
            {"id": "ROR"},
            {"id": "kg:locatedIn"},
            {"id": "schema:foundingDate"},
            {"id": "kg:locatedIn", "settings": {"limit": "1", "content": "id"}},
            {"id": "nothing of the kind"},
        ],
    }
    old = service.post("/reconcile", data={"extend": json.dumps(query)}).json
    validate(OLD, "data-extension-response", old)
    assert old["rows"][LILLE]["ROR"] == [{"str": "https://ror.org/02ppyfa04"}]
    assert old["rows"][LILLE]["schema:foundingDate"] == [{"str": "1936"}]
    assert old["rows"]["urn:of:nobody"] == {property: [] for property in old["rows"][LILLE]}
    assert [each["id"] for each in old["meta"]] == [each["id"] for each in query["properties"]]
    plain = {**query, "properties": query["properties"][:2]}
    new = service.post("/reconcile/extend", json=plain).json
    validate(NEW, "data-extension-response", new)
    assert [row["id"] for row in new["rows"]] == query["ids"]
    places = new["rows"][0]["properties"][1]["values"]
    assert {"id": "https://w3id.org/kgtool/id/hauts-de-france/place/lille", "name": "Lille"} in places
    for version, address in ((OLD, "/reconcile"), (NEW, "/reconcile/extend")):
        for example in examples(specification, version, "data-extension-query", "valid"):
            body: Any = {"data": {"extend": json.dumps(example)}} if version == OLD else {"json": example}
            validate(version, "data-extension-response", service.post(address, **body).json)
    assert service.post("/reconcile/extend", json={"ids": []}).status_code == 400
    assert service.post("/reconcile/extend", json={"ids": ["a"] * 1001, "properties": []}).status_code == 413


def test_properties_are_proposed(service: FlaskClient, validate: Validate) -> None:
    for version in (OLD, NEW):
        found = service.get("/reconcile/extend/propose?type=kg:Hospital&limit=3").json
        validate(version, "data-extension-property-proposal", found)
        assert (found["type"], found["limit"], len(found["properties"])) == ("kg:Hospital", 3, 3)
    assert {"ROR", "kg:locatedIn"} <= {
        each["id"] for each in service.get("/reconcile/extend/propose?type=kg:Hospital").json["properties"]
    }
    assert service.get("/reconcile/extend/propose?type=urn:nothing").json["properties"] == []
