"""A service that really listens: what was written is found, whoever asks meanwhile, and whatever dies."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from tests.web.conftest import TOKEN, Server, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
WRITE = {"Content-Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"}


def found(server: Server, name: str) -> list[str]:
    body = urlencode({"queries": json.dumps({"q": {"query": name}, "r": {"query": "Lille"}})})
    answer = server("POST", "/reconcile", body, FORM)
    assert answer.status == 200, answer.body
    result = json.loads(answer.body)
    assert result["r"]["result"][0]["score"] == 100
    return [each["id"] for each in result["q"]["result"] if each["score"] == 100]


def test_what_was_written_is_found_whoever_asks_meanwhile(store: Path, tmp_path: Path) -> None:
    own = tmp_path / "store"
    shutil.copytree(store, own)
    settings = {"KGTOOL_WRITE_TOKEN": TOKEN, "KGTOOL_QUERY_WORKERS": "4"}
    with serving(own, tmp_path / "log", **settings) as server, ThreadPoolExecutor(6) as many:
        assert (
            list(many.map(lambda _: found(server, "Institute of Tests"), range(6))) == [[]] * 6
        )  # nothing is there yet

        def write_and_look(number: int) -> list[str]:
            text = (
                f"INSERT DATA {{ <urn:new:{number}> a <https://w3id.org/kgtool/ontology#Hospital> ; "
                f'<http://www.w3.org/2000/01/rdf-schema#label> "Hospital of Writing Test {"x" * (number + 1)}" }}'
            )
            assert server("POST", "/sparql", text, WRITE).status == 200
            return found(server, f"Hospital of Writing Test {'x' * (number + 1)}")

        assert list(many.map(write_and_look, range(8))) == [[f"urn:new:{number}"] for number in range(8)]
        gone = "DELETE WHERE { <urn:new:3> ?p ?o }"
        assert server("POST", "/sparql", gone, WRITE).status == 200
        assert found(server, "Hospital of Writing Test xxxx") == []
        assert len(found(server, "Hospital of Writing Test xxx")) == 1
