"""A visit to a service is one run: whole when all was got, and then asked again; gone on with where it broke off."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from kgtool.errors import RemoteError

from ..web.server import Asked, Registry, Told
from .visiting import answer

PEOPLE = ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X", "0000-0003-0077-4738"]
RDF = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:foaf="http://xmlns.com/foaf/0.1/">'
    b'<foaf:Person rdf:about="http://www.idref.fr/%s/id"><foaf:name>A</foaf:name></foaf:Person></rdf:RDF>'
)


def person(name: str) -> dict[str, object]:
    return {"orcid-identifier": {"path": name}, "person": {"name": {"given-names": {"value": "A"}}}}


def one(asked: Asked) -> Told:
    """Answer for one identifier as its registry does, with an ETag."""
    name = asked.path.strip("/").partition("/")[0]
    if asked.path.endswith("/record"):
        told = answer(person(name))
    elif asked.path.endswith(".rdf"):
        told = Told(RDF % name.removesuffix(".rdf").encode())
    elif "ids" in asked.parameters:
        told = answer({"entities": {key: {"id": key, "missing": ""} for key in asked.parameters["ids"].split("|")}})
    else:
        told = answer({"id": f"https://openalex.org/{asked.path.rpartition('/')[2]}", "display_name": "A"})
    if asked.headers.get("If-None-Match") == '"1"':
        return Told(b"", 304)
    return Told(told.body, headers={"ETag": '"1"'})


@pytest.mark.parametrize(
    ("source", "name"), [("orcid", PEOPLE[0]), ("openalex", "A1"), ("idref", "026675846"), ("wikidata", "Q1")]
)
def test_what_was_got_by_identifier_is_asked_for_again(server: Registry, visit, source: str, name: str) -> None:
    server.answer = one
    said: list[str] = []
    first, second = (visit(source, name, said=said) for _ in range(2))
    assert [asked.headers.get("If-None-Match") for asked in server.asked] == [None, '"1"']
    assert [record.key for record in first.records] == [record.key for record in second.records]
    assert said == []


def searched(asked: Asked) -> Told:
    """Answer a search for people, and for each of them."""
    if asked.path == "/search/":
        return answer({"num-found": len(PEOPLE), "result": [{"orcid-identifier": {"path": name}} for name in PEOPLE]})
    return one(asked)


@pytest.mark.parametrize("more", [{}, {"query": "affiliation-org-name:Lille"}])
def test_a_long_list_goes_on_where_it_broke_off(server: Registry, visit, more: dict[str, str]) -> None:
    names = [] if more else PEOPLE

    server.answer = lambda asked: Told(b"no more today", 403) if PEOPLE[2] in asked.path else searched(asked)
    with pytest.raises(RemoteError, match="403"):
        visit("orcid", *names, **more)
    server.answer = searched
    server.asked.clear()
    said: list[str] = []
    assert [record.key for record in visit("orcid", *names, said=said, **more).records] == PEOPLE
    assert [asked.path for asked in server.asked] == [f"/{name}/record" for name in PEOPLE[2:]]
    assert said == [f"goes on from an interrupted run: {3 if more else 2} pages are at hand"]


def listed(versions: list[int]) -> Callable[[Asked], Told]:
    """Answer a query of HAL with two pages of two documents, of the newest version."""

    def page(asked: Asked) -> Told:
        start = {"*": 0, "a": 2, "b": 4}[asked.parameters["cursorMark"]]
        docs = [{"halId_s": f"hal-{number:08}", "en_title_s": [f"v{versions[-1]}"]} for number in range(4)]
        following = {0: "a", 2: "b", 4: "b"}[start]
        return answer({"response": {"numFound": 4, "docs": docs[start : start + 2]}, "nextCursorMark": following})

    return page


def titles(read: object) -> list[str]:
    return [json.dumps(record.fields["en_title_s"]) for record in read.records]  # type: ignore[attr-defined]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_what_was_got_up_to_a_limit_is_asked_for_again(server: Registry, visit, limit: int) -> None:
    versions = [1]
    server.answer = listed(versions)
    visit("hal", query="*", path="/search/", limit=limit)
    versions.append(2)
    said: list[str] = []
    assert titles(visit("hal", query="*", path="/search/", limit=limit, said=said)) == ['["v2"]'] * limit
    assert said == []


def test_pages_got_up_to_a_limit_are_no_part_of_a_run_without_one(server: Registry, visit) -> None:
    versions, pages = [1], listed([1])
    server.answer = lambda asked: pages(asked) if asked.parameters["cursorMark"] == "*" else Told(b"", 403)
    with pytest.raises(RemoteError):
        visit("hal", query="*", path="/search/", limit=3)
    versions.append(2)
    server.answer = listed(versions)
    assert titles(visit("hal", query="*", path="/search/")) == ['["v2"]'] * 4
