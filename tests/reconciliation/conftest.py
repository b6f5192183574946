"""A service of the region's graph, and the schemas of the API with their examples."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from kgtool.config import Settings
from kgtool.graph import KnowledgeGraph
from kgtool.web.app import create_app
from kgtool.web.source import LoneSource

ARCHIVE = "open-data/conformance/reconciliation-schemas-examples.tar.gz"


@pytest.fixture(scope="session")
def specification(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The schemas and examples of the API's specification, unpacked."""
    place = tmp_path_factory.mktemp("specification")
    with tarfile.open(shared / ARCHIVE) as archive:
        archive.extractall(place, filter="data")
    return place / "reconciliation"


Validate = Callable[[str, str, Any], None]


@pytest.fixture(scope="session")
def validate(specification: Path) -> Validate:
    """Refuses what the schema of a version does not allow."""
    registry: Registry[Any] = Registry()
    schemas: dict[tuple[str, str], Any] = {}
    for file in specification.glob("*/schemas/*.json"):
        schema = json.loads(file.read_text("utf-8"))
        schema["$schema"] = "http://json-schema.org/draft-07/schema#"  # what their name for the newest one meant then
        version = file.parent.parent.name
        schema["$id"] = f"https://schemas.example/{version}/{file.name}"
        schemas[version, file.stem] = schema
        resource = Resource(contents=schema, specification=DRAFT7)
        registry = registry.with_resource(schema["$id"], resource)
        if file.stem == "openapi":
            registry = registry.with_resource("http://swagger.io/v2/schema.json", resource)

    def check(version: str, name: str, document: Any) -> None:
        jsonschema.Draft7Validator(schemas[version, name], registry=registry).validate(document)

    return check


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("reconciled") / "store"
    KnowledgeGraph.build(place)
    return place


@pytest.fixture(scope="session")
def service(store: Path) -> Iterator[FlaskClient]:
    settings = Settings(store=store, query_workers=1, read_only=True)
    source = LoneSource(settings)
    yield create_app(source, settings).test_client()
    source.close()
