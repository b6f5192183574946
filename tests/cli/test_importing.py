"""The import command: what it prints where, its exit codes, and its file."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import RdfFormat, parse

from tests.ingest.registries.importing import lines, ror

LILLE, INSERM = "02kzqn938", "02vjkv261"
BASE = "https://w3id.org/kgtool/id/ror/"


@pytest.fixture
def dump(write):
    write("v2-2026-06-01-ror.jsonl", lines(ror(LILLE, "Lille"), ror("02ppyfa05"), ror(INSERM, "=1+1")))
    return "v2-2026-06-01-ror.jsonl"


def test_an_import_tells_what_changed_and_what_was_left_out(kgtool, dump):
    done = kgtool("import", "ror", dump)
    assert b"added 2, removed 0, changed 0" in done.stdout
    told = done.stderr.decode()
    assert "row 2: '02ppyfa05' is no ROR identifier" in told or "row 2: 'https://ror.org/02ppyfa05' is no ROR" in told
    assert "left out: 1 records" in told
    again = kgtool.json("import", "ror", dump, "--json")
    assert again["entities"] == {"added": 0, "removed": 0, "changed": 0}
    assert again["triples"] == {"added": 0, "removed": 0}
    assert again["date"] == "2026-06-01"
    assert [fault["row"] for fault in again["faults"]] == [2]
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    query = f"SELECT ?l {{ GRAPH <urn:kgtool:source:ror> {{ <{BASE}{LILLE}> {label} ?l }} }}"
    assert kgtool("query", query, "-f", "csv").stdout.decode().split() == ["l", "Lille"]


def test_strict_ends_with_two_and_makes_no_store(kgtool, dump):
    done = kgtool("import", "ror", dump, "--strict", code=2)
    assert done.stdout == b""
    assert "row 2" in done.stderr.decode()
    assert not kgtool.store.exists()


def test_a_file_instead_of_the_store(kgtool, dump):
    kgtool("import", "ror", dump, "-o", "out.ttl", "--graph", "urn:x:g")
    assert not kgtool.store.exists()
    quads = list(parse(path=str(kgtool.cwd / "out.ttl"), format=RdfFormat.TURTLE))
    assert f"{BASE}{LILLE}" in {quad.subject.value for quad in quads}
    assert "urn:x:g" in {quad.subject.value for quad in quads}
    kgtool("load", "out.ttl", "--ontology")


def test_standard_input_and_several_files(kgtool, dump, write):
    write("more.jsonl", lines(ror("02feahw73", "CNRS")))
    report = kgtool.json("import", "ror", "-", "more.jsonl", "--json", stdin=lines(ror(LILLE)), code=0)
    assert report["entities"]["added"] == 2


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("rorr", "x"), "did you mean ror?"),
        (("ror", "absent.json"), "no such file"),
        (("ror", "DUMP", "--region", "atlantis"), "give one of auvergne-rhone-alpes, bourgogne"),
        (("ror", "DUMP", "--date", "yesterday"), "is no date"),
        (("ror", "DUMP", "--retrieved", "now"), "is no day"),
        (("ror", "DUMP", "-o", "out.xyz"), "end its name in one of"),
        (("ror", "DUMP", "--graph", "urn:kgtool:meta"), "not for writing"),
        (("rnsr", "DUMP"), "no record for rnsr can be taken: row 1: '' is no RNSR number"),
    ],
)
def test_bad_usage_is_told_in_a_line_with_advice(kgtool, dump, args, told):
    done = kgtool("import", *(dump if arg == "DUMP" else arg for arg in args), code=2)
    assert told in done.stderr.decode()
    assert done.stdout == b""
    assert not kgtool.store.exists()


def test_resources_begin_with_the_base_of_the_service(kgtool, dump):
    report = kgtool.json("import", "ror", dump, "--json", env={"KGTOOL_BASE": "https://example.org/id/"})
    assert f"https://example.org/id/ror/{LILLE}" in report["added"]


def test_json_is_all_that_is_on_standard_output(kgtool, dump):
    done = kgtool("import", "ror", dump, "--json")
    assert json.loads(done.stdout)["read"] == 2


def test_a_region_that_nothing_touches_is_no_reason_to_empty_a_graph(kgtool, dump, write):
    done = kgtool("import", "ror", dump, "--region", "departments:59", code=2)
    assert "none of the 2 records of ror touches the region" in done.stderr.decode()
    write("m.rq", b"CONSTRUCT { ?x rdfs:label ?name } WHERE { BIND(IRI(CONCAT('urn:x:', ?id)) AS ?x) }")
    write("t.csv", b"id,name\n1,One\n")
    done = kgtool("import", "table", "t.csv", "--mapping", "m.rq", "--region", "bretagne", code=2)
    assert "no region can be kept" in done.stderr.decode()
    assert not kgtool.store.exists()
