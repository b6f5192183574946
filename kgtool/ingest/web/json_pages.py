"""The body of a JSON answer, read within limits; and the ways in which registries lead from page to page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kgtool.errors import LimitError, ParseError
from kgtool.ingest.json_checks import json_checked
from kgtool.ingest.web.asking import Request
from kgtool.ingest.web.paging import Following


def json_body(content: bytes) -> dict[str, Any]:
    """Read the JSON object that a body is.

    >>> json_body(b'{"response": {}}')
    {'response': {}}

    :raises ParseError: for what is no JSON object, or is cut off.
    """
    try:
        for _ in json_checked(iter([content]), "answer"):
            pass
        value = json.loads(content)
    except LimitError as error:
        raise ParseError(error.what) from error
    except (ValueError, RecursionError) as error:
        raise ParseError(f"it is no JSON ({error})") from error
    if not isinstance(value, dict):
        raise ParseError("it is JSON, but no object")
    return value


def listing(records: tuple[str, ...], total: tuple[str, ...] = ()) -> Callable[[bytes], dict[str, Any]]:
    """Give what reads an answer that lists records; one without the list is none, as an error told with status 200 is.

    Nor is one that owns to be a part of the answer: a server may rather give what it has than be late.

    :param total: where it says how many there are: with none, the list may be missing.
    """

    def read(content: bytes) -> dict[str, Any]:
        answer = json_body(content)
        if not isinstance(at(answer, *records), list) and not (total and at(answer, *total) == 0):
            told = next((answer[name] for name in ("error", "message", "errors") if name in answer), None)
            shown = json.dumps(told, ensure_ascii=False)[:200] if told is not None else ", ".join(answer)[:100]
            raise ParseError(f"it has no list {'.'.join(records)}: {shown or 'nothing'}")
        if (why := _partial(answer)) is not None:
            raise ParseError(f"it is a part of the answer: {why}")
        return answer

    return read


def _partial(answer: dict[str, Any]) -> str | None:
    """Say how an answer owns to be a part of one: in the words of Elasticsearch, and of Solr.

    >>> _partial({"timed_out": False, "_shards": {"total": 5, "failed": 3}}), _partial({"timed_out": False})
    ('_shards.failed 3', None)
    """
    signs = (("timed_out",), ("_shards", "failed"), ("responseHeader", "partialResults"))
    told = ((path, at(answer, *path)) for path in signs)
    return next((f"{'.'.join(path)} {json.dumps(value)[:40]}" for path, value in told if value), None)


def at(value: object, *path: str) -> Any:
    """Give what stands at a path of names; None where something on the way is missing.

    >>> at({"meta": {"next_cursor": "x"}}, "meta", "next_cursor"), at({"meta": []}, "meta", "next_cursor")
    ('x', None)
    """
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def by_cursor(
    parameter: str, cursor: tuple[str, ...], records: tuple[str, ...], total: tuple[str, ...]
) -> Following[dict[str, Any]]:
    """Page by a cursor that each answer gives: Solr's cursorMark (HAL), OpenAlex's cursor.

    The last page is one without a cursor, with the cursor that was asked with, or without records.

    :param parameter: of the request.
    :param cursor: where the next one stands in an answer; ``records`` and ``total`` likewise.
    """

    listed = _listed(records)

    def after(request: Request, answer: dict[str, Any]) -> Request | None:
        following = at(answer, *cursor) if listed(answer) else None
        if not isinstance(following, str) or not following or dict(request.parameters).get(parameter) == following:
            return None
        return request.with_parameters(**{parameter: following})

    return Following(listing(records, total), after, listed, _whole(total))


def by_offset(
    parameter: str, size: int, records: tuple[str, ...], total: tuple[str, ...] | None = None
) -> Following[dict[str, Any]]:
    """Page by an offset, which grows by the records that came: a server may give fewer than it was asked for.

    The last page is the one that reaches the total, or an empty one; without a total, one with fewer records than were
    asked for.

    :param size: records that are asked for on a page.
    """
    listed = _listed(records)
    whole = _whole(total) if total else lambda answer: None

    def after(request: Request, answer: dict[str, Any]) -> Request | None:
        came, there = len(listed(answer)), whole(answer)
        reached = int(dict(request.parameters).get(parameter, "0")) + came
        if not came or (came < size if there is None else reached >= there):
            return None
        return request.with_parameters(**{parameter: reached})

    return Following(listing(records, total or ()), after, listed, whole)


def by_search_after() -> Following[dict[str, Any]]:
    """Page through Elasticsearch's sorted hits: the next page comes after the last hit's sort values.

    The last page is an empty one: a server may give fewer hits than it was asked for.
    """

    def after(request: Request, answer: dict[str, Any]) -> Request | None:
        hits = at(answer, "hits", "hits") or []
        last = hits[-1].get("sort") if hits and isinstance(hits[-1], dict) else None
        if not isinstance(last, list):
            return None
        asked = json.loads(request.body or b"{}")
        return replace(request, body=json.dumps({**asked, "search_after": last}, sort_keys=True).encode())

    def total(answer: dict[str, Any]) -> int | None:
        found = at(answer, "hits", "total")
        found = found.get("value") if isinstance(found, dict) else found
        return found if isinstance(found, int) else None

    return Following(listing(("hits", "hits")), after, _listed(("hits", "hits")), total)


def single(*needed: str) -> Following[dict[str, Any]]:
    """Read one page, and no more.

    :param needed: a member without which it is no answer but an error told with status 200.
    """

    def read(content: bytes) -> dict[str, Any]:
        answer = json_body(content)
        for name in needed:
            if name not in answer:
                told = json.dumps(answer.get("error", sorted(answer)), ensure_ascii=False)[:200]
                raise ParseError(f"it has no {name}: {told}")
        return answer

    return Following(read, lambda request, answer: None, lambda answer: [answer])


def _listed(records: tuple[str, ...]) -> Callable[[dict[str, Any]], list[object]]:
    def read(answer: dict[str, Any]) -> list[object]:
        found = at(answer, *records)
        return found if isinstance(found, list) else []

    return read


def _whole(total: tuple[str, ...]) -> Callable[[dict[str, Any]], int | None]:
    def read(answer: dict[str, Any]) -> int | None:
        found = at(answer, *total)
        return found if isinstance(found, int) else None

    return read
