"""What is less than was asked for is no answer, however well it looks: it would take the place of more."""

from __future__ import annotations

import json

import pytest

from kgtool.errors import RemoteError
from kgtool.ingest.web import Client, Request, harvest
from kgtool.ingest.web.json_pages import by_offset, by_search_after

from .server import Asked, Registry, Told
from .solr import Solr, records


def test_pages_that_end_before_the_total_are_no_answer(registry: Registry, client: Client, tmp_path) -> None:
    """A cursor that is missing is asked for again; if it stays away, the next run goes on from the pages before it."""
    solr, lost = Solr(registry), [True]

    def answer(asked: Asked) -> Told:
        told = solr.answer(asked)
        if not lost[0] or asked.parameters["cursorMark"] != "3":
            return told
        return Told(json.dumps({"response": json.loads(told.body)["response"]}).encode())

    registry.answer = answer
    with pytest.raises(RemoteError, match="end after 6 of 10 records"):
        records(client, registry, tmp_path)
    lost[0] = False
    registry.asked.clear()
    assert records(client, registry, tmp_path) == solr.records
    assert [asked.parameters["cursorMark"] for asked in registry.asked] == ["3", "6", "9", "10"]


def test_a_cursor_that_was_lost_once_is_got_by_asking_again(registry: Registry, client: Client) -> None:
    solr = Solr(registry)

    def answer(asked: Asked) -> Told:
        told = solr.answer(asked)
        return Told(b'{"response": {"numFound": 10, "docs": ["hal-3"]}}') if len(registry.asked) == 2 else told

    registry.answer = answer
    assert records(client, registry) == solr.records


def test_records_that_are_removed_meanwhile_are_not_missed(registry: Registry, client: Client) -> None:
    solr = Solr(registry)

    def answer(asked: Asked) -> Told:
        if len(registry.asked) == 2:
            del solr.records[8:]
        return solr.answer(asked)

    registry.answer = answer
    assert records(client, registry) == [f"hal-{number}" for number in range(8)]


def test_an_empty_page_before_the_total_is_no_end(registry: Registry, client: Client) -> None:
    def answer(asked: Asked) -> Told:
        items = list(range(10)) if "from" not in asked.parameters else []
        return Told(json.dumps({"items": items, "count": 25}).encode())

    registry.answer = answer
    with pytest.raises(RemoteError, match="end after 10 of 25 records"):
        list(harvest(client, Request(registry.url), by_offset("from", 10, ("items",), ("count",))))


@pytest.mark.parametrize(
    "told",
    [
        {"timed_out": True, "_shards": {"total": 5, "failed": 0}},
        {"timed_out": False, "_shards": {"total": 5, "failed": 3}},
        {"timed_out": False},
    ],
)
def test_a_search_that_was_not_carried_out_in_full_is_no_answer(registry, client, told) -> None:
    registry.script(Told(json.dumps({**told, "hits": {"total": {"value": 900}, "hits": []}}).encode()))
    with pytest.raises(RemoteError, match=r"part of the answer|end after 0 of 900 records"):
        list(harvest(client, Request(registry.url, body=b"{}"), by_search_after()))
    assert len(registry.asked) == 3


def test_a_part_of_solrs_answer_is_asked_for_again(registry: Registry, client: Client) -> None:
    whole = {"response": {"docs": ["a", "b"]}}
    part = {"responseHeader": {"partialResults": True}, "response": {"docs": ["a"]}}
    registry.script(Told(json.dumps(part).encode()), Told(json.dumps(whole).encode()))
    assert records(client, registry) == ["a", "b"]
