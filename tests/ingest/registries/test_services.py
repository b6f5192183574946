"""Registries asked live: each service's own paging, replayed with stored answers by a server on this machine."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from kgtool.errors import InputError, RemoteError

from ..web.server import Asked, Registry, Told
from .reading import every_file
from .test_orcid import ORCID, RECORD
from .test_wikidata import HOSPITAL, PERSON
from .visiting import answer


def documents(samples: Path) -> list[dict]:
    found = json.loads((samples / "hal_api/docs_with_contributors_version_1.json").read_text(encoding="utf-8"))
    return found["response"]["docs"]


def test_hal_is_paged_by_cursor_to_the_end(server: Registry, visit, samples: Path) -> None:
    stored = documents(samples)

    def page(asked: Asked) -> Told:
        start = 0 if asked.parameters["cursorMark"] == "*" else int(asked.parameters["cursorMark"])
        docs = stored[start : start + 3]
        found = {"response": {"numFound": len(stored), "docs": docs}, "nextCursorMark": str(start + len(docs))}
        return answer(found)

    server.answer = page
    read = visit("hal", query="structId_i:1004986", path="/search/")
    assert {record.key for record in read.records} == {doc["halId_s"] for doc in stored}
    first = server.asked[0]
    assert (first.path, first.parameters["q"]) == ("/search/", "structId_i:1004986")
    assert first.parameters["sort"] == "docid asc"  # a cursor needs an order
    assert first.headers["User-Agent"].startswith("kgtool/test (+https://")
    assert [origin.query for origin in read.origins] == ["structId_i:1004986"]


def test_pages_that_overlap_bring_each_document_once(server: Registry, visit, samples: Path) -> None:
    """A record may move to the next page while one goes from page to page; the import leaves the second out."""
    stored = documents(samples)[:4]

    def page(asked: Asked) -> Told:
        docs, following = {"*": (stored[:3], "a"), "a": (stored[2:], "b"), "b": ([], "b")}[
            asked.parameters["cursorMark"]
        ]
        return answer({"response": {"numFound": 4, "docs": docs}, "nextCursorMark": following})

    server.answer = page
    numbers = [(record.number, record.key) for record in visit("hal", query="*", path="/search/").records]
    assert [number for number, _ in numbers] == [1, 2, 3, 4, 5]


def test_an_import_of_hal_goes_on_after_an_interruption(server: Registry, visit, samples: Path) -> None:
    stored, broken = documents(samples), [True]

    def page(asked: Asked) -> Told:
        start = 0 if asked.parameters["cursorMark"] == "*" else int(asked.parameters["cursorMark"])
        if broken[0] and start >= 3:
            return Told(b"gone", 403)
        docs = stored[start : start + 3]
        return answer({"response": {"docs": docs}, "nextCursorMark": str(start + len(docs))})

    server.answer = page
    with pytest.raises(RemoteError, match="403"):
        visit("hal", query="*", path="/search/")
    broken[0] = False
    server.asked.clear()
    said: list[str] = []
    assert len(visit("hal", query="*", path="/search/", said=said).records) == len(stored)
    assert server.asked[0].parameters["cursorMark"] == "3"
    assert said == ["goes on from an interrupted run: 1 pages are at hand"]


def test_a_limit_is_kept(server: Registry, visit, samples: Path) -> None:
    server.answer = lambda asked: answer({"response": {"docs": documents(samples)}, "nextCursorMark": "x"})
    assert len(visit("hal", query="*", path="/search/", limit=2).records) == 2
    assert len(server.asked) == 1


def test_what_was_read_up_to_a_limit_is_whole_and_asked_for_again(server: Registry, visit, samples: Path) -> None:
    body = {"response": {"docs": documents(samples)}, "nextCursorMark": "x"}
    server.answer = lambda asked: Told(answer(body).body, headers={"ETag": '"1"'})
    said: list[str] = []
    for _ in range(2):
        assert len(visit("hal", query="*", path="/search/", limit=2, said=said).records) == 2
    assert [asked.headers.get("If-None-Match") for asked in server.asked] == [None, '"1"']
    assert said == []


def test_records_by_identifier_are_asked_for_again_but_for_those_of_an_interrupted_import(
    server: Registry, visit
) -> None:
    broken = [False]

    def page(asked: Asked) -> Told:
        name = asked.path.rpartition("/")[2]
        if name == "A2" and broken[0]:
            return Told(b"gone", 403)
        return answer({"id": f"https://openalex.org/{name}", "display_name": name})

    def asked_for() -> list[str]:
        if broken[0]:
            with pytest.raises(RemoteError, match="403"):
                visit("openalex", "A1", "A2")
        else:
            assert len(visit("openalex", "A1", "A2").records) == 2
        paths = [asked.path for asked in server.asked]
        server.asked.clear()
        return paths

    server.answer = page
    assert asked_for() == asked_for() == ["/authors/A1", "/authors/A2"]
    broken[0] = True
    assert asked_for() == ["/authors/A1", "/authors/A2"]
    broken[0] = False
    assert asked_for() == ["/authors/A2"]


def test_openalex_is_asked_with_a_filter_and_a_key_that_nobody_sees(server: Registry, visit, samples: Path) -> None:
    works = {}
    for file in every_file(samples / "open_alex_api"):
        work = json.loads(file.read_text(encoding="utf-8"))
        works[work["id"]] = work
    works = list(works.values())

    def page(asked: Asked) -> Told:
        place = 0 if asked.parameters["cursor"] == "*" else int(asked.parameters["cursor"])
        following = str(place + 1) if place + 1 < len(works) else None
        return answer({"meta": {"count": len(works), "next_cursor": following}, "results": works[place : place + 1]})

    server.answer = page
    environment = {"KGTOOL_OPENALEX_KEY": "s3cret", "KGTOOL_CONTACT": "data@example.org"}
    read = visit("openalex", query="works:institutions.ror:02ppyfa04", environment=environment)
    assert len(read.records) == len(works)
    assert len(server.asked) == len(works)
    asked = server.asked[0].parameters
    assert (server.asked[0].path, asked["filter"]) == ("/works", "institutions.ror:02ppyfa04")
    assert (asked["api_key"], asked["mailto"]) == ("s3cret", "data@example.org")
    assert "s3cret" not in str(read.origins)


def test_openalex_by_identifier(server: Registry, visit) -> None:
    author = {"id": "https://openalex.org/A1", "display_name": "A"}
    server.answer = lambda asked: answer(author) if asked.path == "/authors/A1" else Told(b"", 404)
    read = visit("openalex", "A1", "https://openalex.org/W2")
    assert [record.key for record in read.records] == ["A1"]
    assert [(fault.number, fault.key) for fault in read.faults] == [(2, "W2")]
    assert [asked.path for asked in server.asked] == ["/authors/A1", "/works/W2"]


def test_a_key_that_is_missing_is_named(server: Registry, visit) -> None:
    server.answer = lambda asked: Told(b"API key required", 401)
    with pytest.raises(RemoteError, match="set KGTOOL_OPENALEX_KEY"):
        visit("openalex", query="works:x")


def test_scanr_goes_on_behind_the_last_hit(server: Registry, visit, samples: Path) -> None:
    stored = json.loads((samples / "scanr_api/scanr_api_doc_hash_2.json").read_text(encoding="utf-8"))
    every = [{**stored, "id": f"nnt{number}"} for number in range(5)]

    def page(asked: Asked) -> Told:
        body = json.loads(asked.body)
        start = body.get("search_after", [-1])[0] + 1
        hits = [{"_source": doc, "sort": [n]} for n, doc in list(enumerate(every))[start : start + 2]]
        return answer({"hits": {"total": {"value": 5, "relation": "eq"}, "hits": hits}})

    server.answer = page
    read = visit("scanr", query="publications:diabète", environment={"KGTOOL_SCANR_LOGIN": "me:word"})
    assert [record.key for record in read.records] == [doc["id"] for doc in every]
    first = server.asked[0]
    assert (first.method, first.path) == ("POST", "/scanr-publications/_search")
    assert first.headers["Authorization"] == "Basic " + base64.b64encode(b"me:word").decode()
    assert json.loads(first.body)["query"] == {"query_string": {"query": "diabète"}}


def test_orcid_by_identifier_and_by_search(server: Registry, visit) -> None:
    other = "0000-0001-5109-3700"

    def page(asked: Asked) -> Told:
        if asked.path == "/search/":
            return answer({"num-found": 2, "result": [{"orcid-identifier": {"path": one}} for one in (ORCID, other)]})
        return answer(RECORD) if asked.path == f"/{ORCID}/record" else Told(b"", 404)

    server.answer = page
    for more in ({}, {"query": "affiliation-org-name:Lille"}):
        read = visit("orcid", *([] if more else [ORCID, f"https://orcid.org/{other}"]), **more)
        assert [record.key for record in read.records] == [ORCID]
        assert [(f.number, f.key) for f in read.faults if not f.part] == [(2, other)]


def test_wikidata_items_come_fifty_at_a_time(server: Registry, visit) -> None:
    entities = {"Q100": PERSON, "Q200": HOSPITAL}

    def page(asked: Asked) -> Told:
        wanted = asked.parameters["ids"].split("|")
        assert len(wanted) <= 50
        return answer({"entities": {key: entities.get(key, {"id": key, "missing": ""}) for key in wanted}})

    server.answer = page
    names = [*entities, *(f"Q{number}" for number in range(1, 60))]
    read = visit("wikidata", *names, path="/w/api.php")
    assert {record.key for record in read.records} == set(entities)
    assert len(server.asked) == 2
    assert sum(not fault.part for fault in read.faults) == 59


def test_wikidata_by_a_query_at_another_endpoint(server: Registry, visit) -> None:
    uri = {"type": "uri", "value": "http://www.wikidata.org/entity/Q200"}
    ror = {"type": "literal", "value": "02ppyfa04"}
    server.answer = lambda asked: answer({"results": {"bindings": [{"item": uri, "ror": ror}]}})
    read = visit("wikidata", query="SELECT ?item ?ror { }", path="/sparql")
    assert read.ask("?h a org:Organization ; schema:sameAs <https://ror.org/02ppyfa04>")
    server.answer = lambda asked: answer({"results": {"bindings": [{"other": uri}]}})
    with pytest.raises(InputError, match=r"no \?item"):
        visit("wikidata", query="SELECT ?other { }", path="/sparql")


def test_idref_by_number_and_by_its_index(server: Registry, visit, samples: Path) -> None:
    person = (samples / "idref_people_rdf/idref_person.rdf").read_bytes()

    def page(asked: Asked) -> Told:
        if asked.path == "/Sru/Solr":
            return answer({"response": {"numFound": 1, "docs": [{"ppn_z": "026675846"}]}})
        return Told(person) if asked.path == "/026675846.rdf" else Told(b"", 404)

    server.answer = page
    assert [record.key for record in visit("idref", query="persname_t:Abatut").records] == ["026675846"]
    read = visit("idref", "026675846", "02667584X")
    assert [record.key for record in read.records] == ["026675846"]


@pytest.mark.parametrize(
    ("source", "query", "value"),
    [
        ("hal", "a:b:c", {"error": {"msg": "undefined field a"}}),
        ("openalex", "works:x", {"error": "Invalid query", "message": "no such filter"}),
        ("scanr", "publications:x", {"error": {"reason": "no such index"}}),
        ("orcid", "x", {"error-code": 7}),
        ("idref", "x", {"responseHeader": {"status": 400}}),
        ("wikidata", "SELECT ?item { }", {"error": "lag"}),
    ],
)
def test_an_error_that_is_told_as_an_answer_is_no_empty_answer(server: Registry, visit, source, query, value) -> None:
    server.answer = lambda asked: answer(value)
    with pytest.raises(RemoteError, match="cannot be read"):
        visit(source, query=query)
    assert len(server.asked) == 3


def test_a_search_that_finds_nothing_is_an_empty_answer(server: Registry, visit) -> None:
    server.answer = lambda asked: answer({"num-found": 0, "result": None})
    read = visit("orcid", query="nobody")
    assert (read.records, read.faults) == ([], [])
