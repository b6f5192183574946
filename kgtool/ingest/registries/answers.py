"""Records that stand inside an answer of a service, as a file of it was kept: unwrapped; other files go as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from kgtool.errors import ParseError
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.json_records import RECORD, WESTERN, json_records
from kgtool.ingest.registries.registry import Fault, Record
from kgtool.ingest.web.json_pages import at, json_body

#: Bytes of an answer that is read as a whole; the services give fewer.
ANSWER: Final = 1 << 26

Numbered = Iterator[tuple[int, dict[str, Any]] | Fault]


def answered(source: Input, *where: tuple[str, ...], named: str = "") -> Numbered:
    """Give the records of a file: an answer that lists them, or JSON lines, or an array, or one record.

    :param where: the paths at which an answer of the service lists its records.
    :param named: the member of an answer that holds records by name.
    """
    whole = _whole(source)
    if whole is not None:
        if isinstance(by_name := whole.get(named), dict):
            yield from numbered(list(by_name.values()))
            return
        for path in where:
            if isinstance(listed := at(whole, *path), list):
                yield from numbered(listed)
                return
        yield from numbered([whole])
        return
    yield from json_records(source)


def records_of(found: Numbered, record: Callable[[int, dict[str, Any]], Record | Fault]) -> Iterator[Record | Fault]:
    """Give the records of what was read; what was left out before stays left out.

    :param record: a record of its number and fields, or why it is none.
    """
    for one in found:
        yield one if isinstance(one, Fault) else record(*one)


def numbered(listed: list[Any]) -> Numbered:
    """Give the objects of a list with their place in it."""
    for number, value in enumerate(listed, 1):
        yield checked(number, value)


def checked(number: int, value: object) -> tuple[int, dict[str, Any]] | Fault:
    """Give a record with its number; a fault for one that is no object, or larger than one of a file may be."""
    if not isinstance(value, dict):
        return Fault(number, "this record is no object")
    left, waiting = RECORD, list(value.values())
    while waiting and left > 0:
        one = waiting.pop()
        left -= len(one) + 1 if isinstance(one, str | list | dict) else 1
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    if left <= 0:
        return Fault(number, f"this record has more than {RECORD:,} characters")
    return number, value


def _whole(source: Input) -> dict[str, Any] | None:
    """Give the one object that a file is; None for anything else, and for what is large."""
    held = bytearray()
    for block in source.blocks(prefer=(r"\.jsonl?$",)):
        held += block
        if len(held) > ANSWER:
            return None
    content = bytes(held)
    western = content.decode("utf-8", WESTERN).encode()
    for one in (content, western) if western != content else (content,):
        try:
            return json_body(one)
        except ParseError:
            continue
    return None
