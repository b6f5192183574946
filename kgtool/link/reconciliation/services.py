"""Any reconciliation service, seen by a client: its manifest, what to send to it, and what it answers.

A service is a stranger: whatever it sends is read as data of a certain form and size, or refused in words. Versions 0.1
and 0.2 take queries as a form, 1.0-draft as JSON at an address of its own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from kgtool.errors import InputError, Location, ParseError

#: Queries of a batch: where a manifest names no number, and at most.
_BATCH: Final = 10
_LARGEST: Final = 100
#: Characters of a text that a service may bring into a table.
_LONGEST: Final = 2000
#: Values of one property of one entity that are kept.
_MOST_VALUES: Final = 100
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"


@dataclass(frozen=True)
class Service:
    """A service, as its manifest describes it.

    :param url: its address, without a slash at the end.
    :param is_new: whether it is asked as 1.0-draft has it; where a manifest has the form of 0.2, that is spoken.
    :param batch: queries of one request.
    :param extends: whether values of properties can be fetched.
    """

    url: str
    name: str
    is_new: bool
    batch: int
    extends: bool


@dataclass(frozen=True)
class Cell:
    """What is asked: a text, and values of properties that its row has."""

    text: str
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sent:
    """A request: where to, and its body with its media type."""

    url: str
    body: bytes
    media_type: str


@dataclass(frozen=True)
class Match:
    """A candidate of a service."""

    id: str
    name: str
    score: float
    match: bool


def read_manifest(content: bytes, url: str) -> Service:
    """Read the manifest of a service.

    :raises ParseError: if it is none, naming the address.
    """
    manifest = _document(content, url)
    name, versions = manifest.get("name"), manifest.get("versions", ["0.1"])
    if not isinstance(name, str) or not isinstance(versions, list):
        hint = "give the address of a reconciliation service itself"
        raise ParseError("this JSON is no manifest: it has no name", where=Location(iri=url), hint=hint)
    # What 0.2 requires and 1.0-draft has no more tells them apart where a service names both.
    is_new = "1.0-draft" in versions and (not {"0.1", "0.2"} & set(map(str, versions)) or "schemaSpace" not in manifest)
    size = manifest.get("batchSize")
    batch = size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else _BATCH
    extends = isinstance(manifest.get("extend"), dict)
    return Service(url.rstrip("/"), clean(name), is_new, min(batch, _LARGEST), extends)


def queries(service: Service, cells: Sequence[Cell], type_id: str | None, limit: int) -> Sent:
    """Give the request that asks for some cells."""
    if service.is_new:
        listed = [
            {
                **({"type": type_id} if type_id else {}),
                "limit": limit,
                "conditions": [
                    {"matchType": "name", "propertyValue": cell.text},
                    *(
                        {"matchType": "property", "propertyId": property, "propertyValue": value}
                        for property, value in cell.properties
                    ),
                ],
            }
            for cell in cells
        ]
        return Sent(f"{service.url}/match", _encoded({"queries": listed}), _JSON)
    batch = {
        f"q{number}": {
            "query": cell.text,
            **({"type": type_id} if type_id else {}),
            "limit": limit,
            **({"properties": [{"pid": pid, "v": value} for pid, value in cell.properties]} if cell.properties else {}),
        }
        for number, cell in enumerate(cells)
    }
    return Sent(service.url, urlencode({"queries": _encoded(batch).decode()}).encode(), _FORM)


def read_matches(service: Service, content: bytes, number: int, limit: int) -> list[tuple[Match, ...]]:
    """Read the candidates of a batch, in the order of its queries, each with the best first.

    :param number: of queries that were sent.
    :raises ParseError: if the answer is not one for this batch.
    """
    document = _document(content, service.url)
    if service.is_new:
        results = document.get("results")
        if not isinstance(results, list) or len(results) != number:
            raise _odd(service, f"it has not the {number} results of the batch")
        given = [result.get("candidates") if isinstance(result, dict) else None for result in results]
    else:
        missing = next(
            (key for key in (f"q{n}" for n in range(number)) if not isinstance(document.get(key), dict)), None
        )
        if missing is not None:
            raise _odd(service, f"it has no result for the query {missing}{_said(document)}")
        given = [document[f"q{n}"].get("result") for n in range(number)]
    found = []
    for candidates in given:
        if not isinstance(candidates, list):
            raise _odd(service, "a result is no list of candidates")
        matches = [_match(service, candidate) for candidate in candidates[:1000]]
        found.append(tuple(sorted(matches, key=lambda each: (not each.match, -each.score))[:limit]))
    return found


def extension(service: Service, ids: Sequence[str], properties: Sequence[str]) -> Sent:
    """Give the request that fetches values of properties.

    :raises InputError: if the service does not offer that.
    """
    if not service.extends:
        raise InputError(f"{service.name} offers no values of properties", hint="leave out --extend")
    asked = _encoded({"ids": list(ids), "properties": [{"id": each} for each in properties]})
    if service.is_new:
        return Sent(f"{service.url}/extend", asked, _JSON)
    return Sent(service.url, urlencode({"extend": asked.decode()}).encode(), _FORM)


def read_extension(service: Service, content: bytes, ids: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """Read values of properties as texts, by id and property; ids that were not asked for are left out.

    :raises ParseError: if it is no data extension.
    """
    rows = _document(content, service.url).get("rows")
    found: dict[str, dict[str, list[str]]] = {}
    if isinstance(rows, dict):
        by_id = {id: values for id, values in rows.items() if isinstance(values, dict)}
    elif isinstance(rows, list):
        by_id = {
            row["id"]: {
                each["id"]: each.get("values", [])
                for each in row.get("properties", [])
                if isinstance(each, dict) and isinstance(each.get("id"), str)
            }
            for row in rows
            if isinstance(row, dict) and isinstance(row.get("id"), str) and isinstance(row.get("properties", []), list)
        }
    else:
        raise _odd(service, "it has no rows")
    for id in ids:
        for property, values in by_id.get(id, {}).items():
            if isinstance(values, list):
                texts = [_value(value) for value in values[:_MOST_VALUES]]
                found.setdefault(id, {})[property] = [text for text in texts if text]
    return found


def clean(text: str) -> str:
    """Make a text of a service fit for a cell: one line, no control characters, not too long.

    >>> clean("a\\nb\\x1b[2J")
    'a b[2J'
    """
    line = " ".join(text[:_LONGEST].split())
    return "".join(character for character in line if character.isprintable())


def _match(service: Service, given: object) -> Match:
    if not isinstance(given, dict) or not isinstance(given.get("id"), str | int) or isinstance(given.get("id"), bool):
        raise _odd(service, "a candidate has no id")
    name, score = given.get("name", ""), given.get("score", 0)
    if not isinstance(name, str):
        raise _odd(service, "the name of a candidate is no text")
    if isinstance(score, str):  # some older services send numbers as text
        score = _number(score)
    if isinstance(score, bool) or not isinstance(score, int | float):
        raise _odd(service, "the score of a candidate is no number")
    number = float(score) if abs(score) < 1e300 else 0.0
    id = clean(str(given["id"]))
    return Match(id, clean(name), number if math.isfinite(number) else 0.0, given.get("match") is True)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _value(given: object) -> str:
    if isinstance(given, str):
        return clean(given)
    if not isinstance(given, dict):
        return ""
    named = next((given[key] for key in ("str", "name", "id", "date") if isinstance(given.get(key), str)), None)
    if named is not None:
        return clean(named)
    number = next((given[key] for key in ("int", "float", "bool") if key in given), None)
    return "" if number is None or isinstance(number, dict | list) else clean(str(number)[:50])


def _document(content: bytes, url: str) -> dict[str, Any]:
    """Read a JSON object; JSONP, and a byte order mark, are no JSON."""
    start = content[:200].lstrip().lower()
    hint = "is this the address of a reconciliation service?"
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise ParseError("the service answered with a web page in place of JSON", where=Location(iri=url), hint=hint)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        told = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)[:200]
        raise ParseError(f"the service answered with no JSON: {told}", where=Location(iri=url), hint=hint) from error
    if not isinstance(document, dict):
        raise ParseError("the service answered with JSON that is no object", where=Location(iri=url), hint=hint)
    return document


def _said(document: Mapping[str, Any]) -> str:
    """Give what a service says went wrong, as several do with status 200."""
    words = next(
        (document[key] for key in ("message", "details", "error", "detail") if isinstance(document.get(key), str)), ""
    )
    return f"; it says: {clean(words)[:200]}" if words else ""


def _odd(service: Service, what: str) -> ParseError:
    return ParseError(f"the answer of {service.name[:80]!r} cannot be used: {what}", where=Location(iri=service.url))


def _encoded(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
