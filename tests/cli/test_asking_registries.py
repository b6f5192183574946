"""`kgtool import` from files, from a service and from a table: what it prints, and how it fails."""

from __future__ import annotations

import json

import pytest

from tests.ingest.web.server import Asked, Told, running

DOC = {
    "halId_s": "hal-01234567",
    "en_title_s": ["On islets"],
    "publicationDate_s": "2019",
    "authFullNameFormIDPersonIDIDHal_fs": ["Ada Lovelace_FacetSep_1-7_FacetSep_"],
}
QUERY = "SELECT ?t WHERE { ?d <https://schema.org/author> ?a ; <http://www.w3.org/2000/01/rdf-schema#label> ?t }"


def answer(*documents: dict, following: str = "x") -> Told:
    return Told(json.dumps({"response": {"docs": documents}, "nextCursorMark": following}).encode())


def test_a_file_of_an_answer(kgtool, write):
    write("answer.json", answer(DOC).body.decode())
    report = kgtool.json("import", "hal", "answer.json", "--json")
    assert (report["graph"], report["read"], report["described"]) == ("urn:kgtool:source:hal", 1, 1)
    assert b"On islets" in kgtool("query", QUERY).stdout


def test_a_service_is_asked_and_a_second_time_with_its_etags(kgtool):
    def page(asked: Asked) -> Told:
        first = asked.parameters["cursorMark"] == "*"
        tag = '"first"' if first else '"second"'
        if asked.headers.get("If-None-Match") == tag:
            return Told(b"", 304)
        told = answer(DOC, following="a") if first else answer(following="a")
        return Told(told.body, headers={"ETag": tag})

    with running() as registry:
        registry.answer = page
        arguments = ("import", "hal", "--query", "structId_i:7", "--url", f"{registry.url}/search/", "--json")
        first = kgtool.json(*arguments)
        again = kgtool.json(*arguments)
        assert [asked.headers.get("If-None-Match") for asked in registry.asked] == [None, None, '"first"', '"second"']
    assert (first["described"], again["triples"]) == (1, {"added": 0, "removed": 0})
    source = kgtool("export", "--graph", "urn:kgtool:source:hal").stdout.decode()
    assert '"structId_i:7"' in source
    assert "prov:endedAtTime" in source


FAILURES = [
    (Told(b"no", 403), "answered 403: no"),
    (Told(b"", 429, {"Retry-After": "7200"}), "asks to come back at"),
    (Told(b"", 302, {"Location": "http://169.254.169.254/"}), "no public address"),
]


def test_a_service_that_fails_changes_nothing(kgtool, write):
    write("answer.json", answer(DOC).body.decode())
    kgtool("import", "hal", "answer.json")
    for told, said in FAILURES:
        with running() as registry:
            registry.answer = lambda asked, seen=registry.asked, told=told: (
                answer({**DOC, "halId_s": "hal-1"}) if len(seen) == 1 else told
            )
            failed = kgtool("import", "hal", "--query", "*", "--url", registry.url, code=3)
        assert said in failed.stderr.decode()
        assert failed.stdout == b""
    assert b"On islets" in kgtool("query", QUERY).stdout


def test_a_service_that_answers_that_there_is_nothing_empties_no_graph(kgtool, write):
    write("answer.json", answer(DOC).body.decode())
    kgtool("import", "hal", "answer.json")
    for told in (answer(following="*"), answer({"title_s": ["a document without a number"]}, following="*")):
        with running() as registry:
            registry.answer = lambda asked, told=told: told
            done = kgtool("import", "hal", "--query", "mistyped", "--url", registry.url, code=2)
        assert "there is no record in this input, and <urn:kgtool:source:hal> would be empty" in done.stderr.decode()
        assert "kgtool unload urn:kgtool:source:hal" in done.stderr.decode()
    assert b"On islets" in kgtool("query", QUERY).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("hall", "x.json"), "did you mean hal?"),
        (("hal", "--query", "*", "--url", "ftp://example.org/"), "cannot be asked"),
        (("sparql", "--query", "missing.rq"), "missing.rq"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_a_line(kgtool, arguments, said):
    failed = kgtool("import", *arguments, code=2)
    assert said in failed.stderr.decode()
    assert len(failed.stderr.splitlines()) <= 3


def test_a_table_by_a_mapping(kgtool, write):
    write("staff.csv", "id;name\n1;Ada\n2;\n")
    write("staff.rq", 'CONSTRUCT { ?p foaf:name ?name } WHERE { BIND(IRI(CONCAT("urn:p:", ?id)) AS ?p) }')
    report = kgtool.json("import", "table", "staff.csv", "--mapping", "staff.rq", "--json")
    assert (report["graph"], report["described"]) == ("urn:kgtool:source:table/staff-csv", 1)
    assert [(fault["row"], fault["leftOut"]) for fault in report["faults"]] == [(3, "record")]


def test_what_a_mapping_asks_for_and_no_row_has_is_told(kgtool, write):
    write("staff.csv", "id;name\n1;Ada\n")
    bind = 'BIND(IRI(CONCAT("urn:p:", ?id)) AS ?p)'
    write("staff.rq", f"CONSTRUCT {{ ?p foaf:name ?name ; foaf:nick ?nmae }} WHERE {{ {bind} }}")
    done = kgtool("import", "table", "staff.csv", "--mapping", "staff.rq", "-o", "out.nt")
    assert "no row has ?nmae, which the mapping asks for; there are ?row, ?id, ?name" in done.stderr.decode()
