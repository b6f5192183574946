"""Pages: to the end, once each, resumed after an interruption, asked for again with their ETag, never in circles."""

from __future__ import annotations

import json
import resource
import signal
from pathlib import Path

import pytest

from kgtool.errors import InputError, LimitError, RemoteError
from kgtool.ingest.web import Client, Manners, Request, harvest
from kgtool.ingest.web.json_pages import by_cursor, by_offset, by_search_after, single
from kgtool.ingest.web.keeping import RESUMED, forget_pages, tidy_pages

from .server import Asked, Registry, Told

HAL = by_cursor("cursorMark", ("nextCursorMark",), ("response", "docs"), ("response", "numFound"))


class Solr:
    """A server of ten records, three a page, as HAL's Solr gives them: with a cursor that stays when all was given."""

    def __init__(self, registry: Registry, records: int = 10) -> None:
        self.records = [f"hal-{number}" for number in range(records)]
        self.versions: dict[str, int] = {}
        self.broken: set[str] = set()
        registry.answer = self.answer

    def answer(self, asked: Asked) -> Told:
        cursor = asked.parameters["cursorMark"]
        if cursor in self.broken:
            return Told(b"", 404)
        start = 0 if cursor == "*" else int(cursor)
        docs = self.records[start : start + 3]
        etag = f'"{cursor}-{self.versions.get(cursor, 1)}"'
        if asked.headers.get("If-None-Match") == etag:
            return Told(b"", 304)
        following = str(start + len(docs)) if docs else cursor
        answer = {"response": {"numFound": len(self.records), "docs": docs}, "nextCursorMark": following}
        return Told(json.dumps(answer).encode(), headers={"ETag": etag})


def first(registry: Registry) -> Request:
    return Request(f"{registry.url}/search", (("q", "*:*"), ("rows", "3"), ("cursorMark", "*")))


def records(client: Client, registry: Registry, cache: Path | None = None, **options: int) -> list[str]:
    pages = harvest(client, first(registry), HAL, cache=cache, **options)
    return [doc for page in pages for doc in page.content["response"]["docs"]]


def test_every_record_comes_once(registry: Registry, client: Client) -> None:
    solr = Solr(registry)
    assert records(client, registry) == solr.records
    assert len(registry.asked) == 5


def test_progress_has_the_total(registry: Registry, client: Client) -> None:
    Solr(registry)
    told: list[tuple[str, int]] = []
    list(harvest(client, first(registry), HAL, progress=lambda stage, count: told.append((stage, count))))
    assert told[:2] == [("page 1, records of 10", 3), ("page 2, records of 10", 6)]


def test_no_page_is_asked_for_beyond_a_limit(registry: Registry, client: Client) -> None:
    solr = Solr(registry)
    assert records(client, registry, limit=4) == solr.records[:6]
    assert len(registry.asked) == 2


def test_an_interrupted_harvest_goes_on_where_it_was(registry: Registry, client: Client, said, tmp_path) -> None:
    solr = Solr(registry)
    solr.broken = {"6"}
    with pytest.raises(RemoteError):
        records(client, registry, tmp_path)
    solr.broken = set()
    registry.asked.clear()
    assert records(client, registry, tmp_path) == solr.records
    assert [asked.parameters["cursorMark"] for asked in registry.asked] == ["6", "9", "10"]
    assert "2 pages are at hand" in said[-1]


def test_a_harvest_that_was_whole_asks_again_with_its_etags(registry: Registry, client: Client, said, tmp_path) -> None:
    solr = Solr(registry)
    records(client, registry, tmp_path)
    registry.asked.clear()
    solr.records[4] = "hal-new"
    solr.versions["3"] = 2
    assert records(client, registry, tmp_path) == solr.records
    assert [asked.headers.get("If-None-Match") for asked in registry.asked] == [
        '"*-1"',
        '"3-1"',
        '"6-1"',
        '"9-1"',
        '"10-1"',
    ]
    assert said == []


def test_an_old_interruption_is_not_gone_on_with(registry: Registry, client: Client, tmp_path) -> None:
    solr = Solr(registry)
    solr.broken = {"6"}
    with pytest.raises(RemoteError):
        records(client, registry, tmp_path)
    (run,) = tmp_path.glob("*/*/run.json")
    noted = json.loads(run.read_text())
    run.write_text(json.dumps({**noted, "started": noted["started"] - RESUMED - 1}))
    solr.broken = set()
    registry.asked.clear()
    assert records(client, registry, tmp_path) == solr.records
    assert registry.asked[0].headers["If-None-Match"] == '"*-1"'


@pytest.mark.parametrize("noted", ['{"run": "1", "started": "soon"}', '{"run": "1", "started": null}', "[]", ""])
def test_a_damaged_note_begins_a_new_run(registry: Registry, client: Client, tmp_path, noted: str) -> None:
    solr = Solr(registry)
    records(client, registry, tmp_path)
    (run,) = tmp_path.glob("*/*/run.json")
    run.write_text(noted)
    assert records(client, registry, tmp_path) == solr.records


def test_a_page_that_cannot_be_kept_leaves_nothing_half(registry, client, tmp_path) -> None:
    Solr(registry)
    pages = harvest(client, first(registry), HAL, cache=tmp_path)
    next(pages)
    (folder,) = tmp_path.glob("*/*")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            next(pages)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert {file.suffix for file in folder.iterdir()} == {".json", ".page"}


@pytest.mark.parametrize("damage", [lambda b: b[:-5], lambda b: b"", lambda b: b"{}\n" + b, lambda b: b"\x00" * len(b)])
def test_a_damaged_page_is_asked_for_again(registry: Registry, client: Client, tmp_path, damage) -> None:
    solr = Solr(registry)
    records(client, registry, tmp_path)
    for page in tmp_path.glob("*/*/*.page"):
        page.write_bytes(damage(page.read_bytes()))
    registry.asked.clear()
    assert records(client, registry, tmp_path) == solr.records
    assert all("If-None-Match" not in asked.headers for asked in registry.asked)


def test_pages_that_are_no_part_any_more_go(registry: Registry, client: Client, tmp_path) -> None:
    solr = Solr(registry)
    records(client, registry, tmp_path)
    solr.records = solr.records[:2]
    solr.versions["*"] = 2
    records(client, registry, tmp_path)
    assert len(list(tmp_path.glob("*/*/*.page"))) == 2


def test_pages_can_be_forgotten(registry: Registry, client: Client, tmp_path) -> None:
    Solr(registry)
    records(client, registry, tmp_path)
    assert tidy_pages(tmp_path) == 0
    assert forget_pages(tmp_path) == 1
    assert list(tmp_path.glob("*/*/*")) == []


def test_a_cursor_that_comes_back_is_a_circle(registry: Registry, client: Client) -> None:
    def answer(asked: Asked) -> Told:
        following = {"*": "a", "a": "b", "b": "a"}[asked.parameters["cursorMark"]]
        docs = [asked.parameters["cursorMark"]]
        return Told(json.dumps({"response": {"docs": docs}, "nextCursorMark": following}).encode())

    registry.answer = answer
    with pytest.raises(RemoteError, match="leads back"):
        records(client, registry)


def test_the_same_page_under_ever_new_cursors_is_a_circle(registry: Registry, client: Client) -> None:
    def answer(asked: Asked) -> Told:
        following = f"{asked.parameters['cursorMark']}x"
        return Told(json.dumps({"response": {"docs": ["always"]}, "nextCursorMark": following}).encode())

    registry.answer = answer
    with pytest.raises(RemoteError, match="same as an earlier one"):
        records(client, registry)
    assert len(registry.asked) == 2


def test_pages_without_end_end(registry: Registry, waited) -> None:
    def answer(asked: Asked) -> Told:
        number = len(registry.asked)
        return Told(json.dumps({"response": {"docs": [number]}, "nextCursorMark": str(number)}).encode())

    registry.answer = answer
    client = Client("kgtool/test", Manners(max_pages=20), clock=waited.clock())
    with pytest.raises(LimitError, match="more than 20 pages"):
        records(client, registry)


def test_offsets_grow_by_what_came(registry: Registry, client: Client) -> None:
    everything = list(range(25))

    def answer(asked: Asked) -> Told:
        start = int(asked.parameters.get("from", "0"))
        return Told(json.dumps({"items": everything[start : start + 10], "count": 25}).encode())

    registry.answer = answer
    pages = harvest(client, Request(registry.url, (("size", "50"),)), by_offset("from", 50, ("items",), ("count",)))
    assert [item for page in pages for item in page.content["items"]] == everything


def test_offsets_without_a_total_end_with_a_short_page(registry: Registry, client: Client) -> None:
    def answer(asked: Asked) -> Told:
        start = int(asked.parameters.get("OFFSET", "0"))
        return Told(json.dumps({"items": list(range(25))[start : start + 10]}).encode())

    registry.answer = answer
    pages = harvest(client, Request(registry.url), by_offset("OFFSET", 10, ("items",)))
    assert [item for page in pages for item in page.content["items"]] == list(range(25))
    assert len(registry.asked) == 3


def test_elasticsearch_goes_on_after_the_last_hit(registry: Registry, client: Client) -> None:
    def answer(asked: Asked) -> Told:
        start = json.loads(asked.body).get("search_after", [0])[0]
        hits = [{"_id": str(n), "sort": [n]} for n in range(start + 1, min(start + 4, 11))]
        return Told(json.dumps({"hits": {"total": {"value": 10}, "hits": hits}}).encode())

    registry.answer = answer
    request = Request(registry.url, body=b'{"size": 3, "sort": ["id"]}', media_type="application/json")
    pages = list(harvest(client, request, by_search_after()))
    assert [hit["_id"] for page in pages for hit in page.content["hits"]["hits"]] == [str(n) for n in range(1, 11)]
    assert json.loads(registry.asked[1].body) == {"size": 3, "sort": ["id"], "search_after": [3]}


def test_a_folder_that_cannot_be_written_is_told(registry: Registry, client: Client, tmp_path) -> None:
    place = tmp_path / "file"
    place.write_text("")
    with pytest.raises(InputError, match="KGTOOL_CACHE"):
        list(harvest(client, Request(registry.url), single(), cache=place))
