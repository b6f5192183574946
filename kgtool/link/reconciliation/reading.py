"""Reads what clients send, of either version, strictly: what a schema of the API refuses is refused here in words.

Schemas: https://reconciliation-api.github.io/specs/0.2/schemas/ and https://reconciliation-api.github.io/specs/draft/schemas/.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NoReturn, cast

from kgtool.errors import InputError, LimitError, Location, ParseError
from kgtool.link.reconciliation.asked import (
    ADVISED_BATCH,
    DEFAULT_LIMIT,
    MAX_BATCH,
    MAX_LIMIT,
    Condition,
    Extension,
    Query,
    Strictness,
    Value,
    Wanted,
)

#: Ids and properties of one data extension.
MAX_IDS: Final = 1000
MAX_PROPERTIES: Final = 50
#: Conditions of a query, and values of a condition.
MAX_CONDITIONS: Final = 30
_OLD: Final = ("query", "type", "limit", "properties", "type_strict")
_NEW: Final = ("type", "limit", "lang", "dir", "conditions")


def read_old_batch(text: str, language: str) -> dict[str, Query]:
    """Read the ``queries`` of version 0.2: an object of queries by keys of the client's own.

    :param language: of a reader; names are given in it.
    :raises InputError: where it is not what the schema asks for; it names the place.
    :raises LimitError: for more queries than a batch may have.
    """
    document = _object(read_json(text, "queries"), "queries")
    _check_size(len(document))
    return {key: _old_query(query, f"queries/{key}", language) for key, query in document.items()}


def read_new_batch(text: str, language: str) -> list[Query]:
    """Read the body of a match of version 1.0-draft.

    :raises InputError: where it is not what the schema asks for; it names the place.
    :raises LimitError: for more queries than a batch may have.
    """
    document = _object(read_json(text, "the body"), "the body")
    if "queries" not in document:
        _refuse("the body", "has no member queries", 'send {"queries": [{"conditions": […]}]}')
    queries = _list(document["queries"], "queries")
    _check_size(len(queries))
    return [_new_query(query, f"queries/{number}", language) for number, query in enumerate(queries)]


def read_extension(text: str, place: str) -> Extension:
    """Read a data extension query, which is the same in both versions.

    :raises InputError: where it is not what the schema asks for.
    :raises LimitError: for too many ids or properties.
    """
    document = _object(read_json(text, place), place)
    for member in ("ids", "properties"):
        if member not in document:
            _refuse(place, f"has no member {member}", 'send {"ids": [], "properties": [{"id": …}]}')
    ids = [_text(id, f"ids/{number}") for number, id in enumerate(_list(document["ids"], "ids"))]
    given = _list(document["properties"], "properties")
    if len(ids) > MAX_IDS:
        raise LimitError(f"{len(ids)} ids; at most {MAX_IDS} are answered at once", hint="send them in parts")
    if len(given) > MAX_PROPERTIES:
        raise LimitError(f"{len(given)} properties; at most {MAX_PROPERTIES} are answered at once", hint="send fewer")
    return Extension(tuple(ids), tuple(_wanted(each, f"properties/{number}") for number, each in enumerate(given)))


def read_json(text: str, place: str) -> Any:
    """Read JSON without what no JSON is: NaN, a member given twice.

    :raises ParseError: with line and column.
    """

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            twice = next(name for name in found if sum(name == other for other, _ in pairs) > 1)
            raise ParseError(f"the member {twice[:80]!r} is given twice", where=Location(place), hint="give it once")
        return found

    def constant(word: str) -> NoReturn:
        raise ParseError(f"{word} is no JSON", where=Location(place), hint="leave it out, or write null")

    try:
        return json.loads(text, object_pairs_hook=members, parse_constant=constant)
    except json.JSONDecodeError as error:
        where = Location(place, error.lineno, error.colno)
        raise ParseError(f"no JSON: {error.msg}", where=where, hint="send JSON as UTF-8") from error
    except RecursionError as error:
        raise ParseError("nests too deeply", where=Location(place)) from error
    except ValueError as error:  # a number of thousands of digits
        raise ParseError(f"no JSON that is read here: {error}", where=Location(place)) from error


def _old_query(given: object, place: str, language: str) -> Query:
    query = _object(given, place)
    _check_members(query, _OLD, place)
    conditions = []
    if "query" in query:
        conditions.append(Condition("name", (Value(_text(query["query"], f"{place}/query")),)))
    properties = _list(query.get("properties", []), f"{place}/properties")
    if "query" not in query and not properties:
        _refuse(place, "has neither a query nor properties", 'give "query": a name to look for')
    _check_count(properties, f"{place}/properties")
    for number, each in enumerate(properties):
        at = f"{place}/properties/{number}"
        entry = _object(each, at)
        for member in ("pid", "v"):
            if member not in entry:
                _refuse(at, f"has no member {member}", 'write {"pid": PROPERTY, "v": VALUE}')
        conditions.append(Condition("property", _values(entry["v"], f"{at}/v"), _text(entry["pid"], f"{at}/pid")))
    types = query.get("type", [])
    if isinstance(types, list):
        _check_count(types, f"{place}/type")
    strictness = _word(query.get("type_strict", "any"), ("any", "should", "all"), f"{place}/type_strict")
    return Query(
        tuple(conditions),
        tuple(_text(each, f"{place}/type") for each in (types if isinstance(types, list) else [types])),
        cast(Strictness, strictness),
        _limit(query, place),
        language,
    )


def _new_query(given: object, place: str, language: str) -> Query:
    query = _object(given, place)
    _check_members(query, _NEW, place)
    if "conditions" not in query:
        _refuse(place, "has no conditions", 'give "conditions": [{"matchType": "name", "propertyValue": …}]')
    conditions = _list(query["conditions"], f"{place}/conditions")
    if not conditions:
        _refuse(f"{place}/conditions", "is empty", "give at least one condition")
    _check_count(conditions, f"{place}/conditions")
    _direction(query, place)
    types = (_text(query["type"], f"{place}/type"),) if "type" in query else ()
    wanted = _text(query["lang"], f"{place}/lang").partition("-")[0].lower() if "lang" in query else language
    read = tuple(_condition(each, f"{place}/conditions/{number}") for number, each in enumerate(conditions))
    return Query(read, types, "any", _limit(query, place), wanted)


def _condition(given: object, place: str) -> Condition:
    entry = _object(given, place)
    for member in ("matchType", "propertyValue"):
        if member not in entry:
            _refuse(place, f"has no member {member}", 'write {"matchType": "name", "propertyValue": …}')
    kind = _word(entry["matchType"], ("name", "id", "property"), f"{place}/matchType")
    if kind == "property" and "propertyId" not in entry:
        _refuse(place, "has no propertyId", 'name the property, or match by "name" or "id"')
    _direction(entry, place)
    required = entry.get("required", False)
    if not isinstance(required, bool):
        _refuse(f"{place}/required", "is neither true nor false")
    return Condition(
        kind,  # type: ignore[arg-type]  # one of the words above
        _values(entry["propertyValue"], f"{place}/propertyValue"),
        _text(entry.get("propertyId", ""), f"{place}/propertyId"),
        required,
        _word(entry.get("matchQuantifier", "any"), ("any", "all", "none"), f"{place}/matchQuantifier"),  # type: ignore[arg-type]
        _text(entry.get("matchQualifier", ""), f"{place}/matchQualifier"),
    )


def _wanted(given: object, place: str) -> Wanted:
    entry = _object(given, place)
    if "id" not in entry:
        _refuse(place, "has no id", 'write {"id": PROPERTY}')
    settings = _object(entry.get("settings", {}), f"{place}/settings")
    limit = settings.get("limit", 0)
    try:  # OpenRefine sends numbers as text
        number = int(limit or 0)
        if isinstance(limit, bool) or number < 0:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        _refuse(f"{place}/settings/limit", f"is {str(limit)[:40]!r}, no number of 0 or more")
    content = str(settings.get("content", "name"))
    return Wanted(_text(entry["id"], f"{place}/id"), number, "id" if content == "id" else "name")


def _values(given: object, place: str) -> tuple[Value, ...]:
    entries = given if isinstance(given, list) else [given]
    _check_count(entries, place)
    return tuple(_value(entry, place) for entry in entries)


def _value(given: object, place: str) -> Value:
    match given:
        case bool():
            return Value("true" if given else "false")
        case str():
            return Value(_clean(given))
        case int() | float():
            return Value(f"{given:g}" if isinstance(given, float) and math.isfinite(given) else str(given))
        case {"id": str() as id, **more}:
            name = more.get("name", "")
            return Value(_clean(name) if isinstance(name, str) else "", _clean(id))
    _refuse(place, "is no value", 'give a text, a number, true, false, or {"id": …}')


def _limit(query: Mapping[str, Any], place: str) -> int:
    limit = query.get("limit", DEFAULT_LIMIT)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 <= limit < math.inf:  # NaN is neither
        _refuse(f"{place}/limit", f"is {str(limit)[:40]}, no number of 0 or more")
    return min(int(limit), MAX_LIMIT)


def _direction(entry: Mapping[str, Any], place: str) -> None:
    if "dir" in entry:
        _word(entry["dir"], ("ltr", "rtl", "auto"), f"{place}/dir")
    if "lang" in entry:
        _text(entry["lang"], f"{place}/lang")


def _check_members(entry: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    for name in entry:
        if name not in known:
            _refuse(place, f"has a member {name[:80]!r} that a query has not", f"one of: {', '.join(known)}")


def _check_size(number: int) -> None:
    if number > MAX_BATCH:
        hint = f"send them in batches of {ADVISED_BATCH}, as batchSize in the manifest says"
        raise LimitError(f"a batch of {number} queries; at most {MAX_BATCH} are answered at once", hint=hint)


def _check_count(entries: list[Any], place: str) -> None:
    if len(entries) > MAX_CONDITIONS:
        raise LimitError(f"{place} has {len(entries)} entries", hint=f"send at most {MAX_CONDITIONS}")


def _object(given: object, place: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        _refuse(place, f"is {_kind(given)}, no object", "write {…}")
    return given


def _list(given: object, place: str) -> list[Any]:
    if not isinstance(given, list):
        _refuse(place, f"is {_kind(given)}, no array", "write […]")
    return given


def _text(given: object, place: str) -> str:
    if not isinstance(given, str):
        _refuse(place, f"is {_kind(given)}, no text")
    return _clean(given)


def _word(given: object, allowed: tuple[str, ...], place: str) -> str:
    if given not in allowed:
        _refuse(place, f"is {str(given)[:80]!r}", f"one of: {', '.join(allowed)}")
    return given


def _clean(text: str) -> str:
    """Leave out halves of characters, which JSON can write and nothing can keep."""
    return text if text.isascii() else text.encode("utf-8", "ignore").decode()


def _kind(given: object) -> str:
    names: Iterator[tuple[type | tuple[type, ...], str]] = iter(
        ((dict, "an object"), (list, "an array"), (str, "a text"), (bool, "true or false"), ((int, float), "a number"))
    )
    return next((name for kind, name in names if isinstance(given, kind)), "null")


def _refuse(place: str, what: str, hint: str | None = None) -> NoReturn:
    raise InputError(f"{place[:200]} {what}", hint=hint)


#: Reads the batch of a version.
Reader = Callable[[str, str], Any]
