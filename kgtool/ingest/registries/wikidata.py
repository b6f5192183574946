"""Wikidata: people and organisations, from entities as its API gives them, or from the results of a query.

Of a person are read names, identifiers, employers and affiliations; not birth, family, nationality, sex or opinions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kgtool.ingest.registries.answers import Numbered, answered, checked
from kgtool.ingest.registries.describing import About, Said
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.places import Place
from kgtool.ingest.registries.registry import Fault, Record, Registry, Setting, Survey
from kgtool.ingest.registries.schemes import is_sound
from kgtool.ingest.registries.statements import cleaned, decimal, iri, term, text, web_address, when
from kgtool.ingest.web.json_pages import at

_LANGUAGES: Final = ("fr", "en")
_INSTANCE, _OCCUPATION, _SITE, _POINT, _COUNTRY = "P31", "P106", "P856", "P625", "P17"
_FOUNDED, _DISSOLVED, _START, _END, _AT = "P571", "P576", "P580", "P582", "P585"
#: France, as the value of a country.
_COUNTRIES: Final = {"Q142": "FR"}


def read(source: Input) -> Iterator[Record | Fault]:
    """Read items: answers of the API, entities one a line, or the results of a query in JSON."""
    yield from records(answered(source, ("results", "bindings"), named="entities"))


def records(entities: Numbered) -> Iterator[Record | Fault]:
    """Give the records of entities, answers with several, and rows of results; rows about one item are one record."""
    rows: dict[str, tuple[int, dict[str, Any]]] = {}
    for found in entities:
        if isinstance(found, Fault):
            yield found
            continue
        number, fields = found
        if isinstance(fields.get("item"), dict):
            entity = _entity_of_row(fields)
            _, before = rows.setdefault(str(entity["id"]), (number, entity))
            if before is not entity:
                _add(before, entity)
            continue
        for item in _items(number, fields):
            yield item if isinstance(item, Fault) else _record(*item)
    for number, entity in rows.values():
        yield _record(number, entity)


def _add(entity: dict[str, Any], other: Mapping[str, Any]) -> None:
    """Add what another row says of an item."""
    entity["labels"] = {**other["labels"], **entity["labels"]}
    for number, claims in other["claims"].items():
        held = entity["claims"].setdefault(number, [])
        held += [claim for claim in claims if claim not in held]


def _items(number: int, fields: dict[str, Any]) -> Numbered:
    """Give the items of an answer with ``entities``, or the one that stands alone."""
    entities = fields.get("entities")
    if isinstance(entities, dict):
        for place, entity in enumerate(entities.values(), number):
            yield checked(place, entity)
    else:
        yield number, fields


def _record(number: int, fields: dict[str, Any]) -> Record | Fault:
    key = cleaned(fields.get("id"))
    if "missing" in fields:
        return Fault(number, "there is no such item", key or None)
    if not key or not is_sound("Wikidata", key):
        return Fault(number, f"{key[:60]!r} is no item" if key else "this is no item: it has no id")
    return Record(number, key.rpartition("/")[2], fields)


def _entity_of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write a row of results as an entity: its columns are properties, as the table says."""
    columns = REGISTRY.table["columns"]
    claims: dict[str, Any] = {}
    for name, cell in row.items():
        value = cleaned(at(cell, "value"))
        if (number := columns.get(name.lower())) is not None and value:
            inner: object = {"id": value.rpartition("/")[2]} if "/entity/Q" in value else value
            claims[number] = [{"mainsnak": {"snaktype": "value", "datavalue": {"value": inner}}}]
    label, language = at(row, "itemLabel", "value"), at(row, "itemLabel", "xml:lang") or "en"
    labels = {language: {"language": language, "value": label}} if label else {}
    return {"id": cleaned(at(row, "item", "value")).rpartition("/")[2], "labels": labels, "claims": claims}


def survey(record: Record) -> Survey:
    """Tell what an item is called, and which identifiers others have for it."""
    table = REGISTRY.table
    others = [
        (scheme, cleaned(value)) for number, scheme in table["identifiers"].items() for value in _values(record, number)
    ]
    name = next((words for _, words in _labels(record)), record.key)
    above = tuple(key for number in (*table["memberships"], *table["parents"]) for key in _linked(record, number))
    kinds = tuple(_linked(record, _INSTANCE))
    return Survey(name, (("Wikidata", record.key), *others), (_place(record),), above, kinds)


def describe(record: Record, setting: Setting) -> Said:
    """Describe a person or an organisation."""
    about = About(setting, record, iri(f"http://www.wikidata.org/entity/{record.key}"))
    table, path = REGISTRY.table, (record.key,)
    me, kinds = about.node(path), _kinds(record)
    if not kinds:
        yield Fault(record.number, "neither a person nor an organisation by its properties", record.key)
        return
    yield from about.thing(path, map(term, kinds), "")
    for language, name in _labels(record):
        yield me, term("rdfs:label"), text(name, language)
    for language in _LANGUAGES:
        for alias in _listed(at(record.fields, "aliases", language)):
            if words := cleaned(alias.get("value")):
                yield me, term("skos:altLabel"), text(words, language)
    yield from about.identifier(path, "Wikidata", record.key)
    for number, scheme in table["identifiers"].items():
        for value in _values(record, number):
            yield from about.identifier(path, scheme, value)
    for address in map(web_address, _values(record, _SITE)):
        if address is not None:
            yield me, term("foaf:homepage"), address
    for number, kind in table["memberships"].items():
        for place, claim in enumerate(_claims(record, number), 1):
            if there := _target(claim.get("mainsnak")):
                node = (record.key, number, there, str(place))
                yield from _other(about, there)
                yield from about.membership(node, path, (there,), kind=term(kind), **_dates(claim))
    if not _is_person(kinds):
        yield from _organisation(about)


def _organisation(about: About) -> Said:
    record, path = about.record, (about.record.key,)
    me = about.node(path)
    for number, own in ((_FOUNDED, "schema:foundingDate"), (_DISSOLVED, "schema:dissolutionDate")):
        days = [day for claim in _claims(record, number) if (day := when(_day(at(claim, "mainsnak")))) is not None]
        if len(days) == 1:
            yield me, term(own), days[0]
    place = _place(record)
    north, east = decimal(place.latitude), decimal(place.longitude)
    if north and east:
        yield me, term("geo:lat"), north
        yield me, term("geo:long"), east
    for number in REGISTRY.table["parents"]:
        for order, claim in enumerate(_claims(record, number), 1):
            if there := _target(claim.get("mainsnak")):
                yield from _other(about, there)
                node = (about.record.key, number, there, str(order))
                yield from about.membership(node, path, (there,), **_dates(claim))


def _other(about: About, key: str) -> Said:
    """Say of an organisation that a claim names what the claim tells: that it is one, and which."""
    if key not in about.setting.surveys:
        yield from about.thing((key,), [term("org:Organization")], "")
        yield from about.identifier((key,), "Wikidata", key)


def _kinds(record: Record) -> list[str]:
    """Give the classes of an item: by what it is said to be, or else by what only an organisation or a person has."""
    table = REGISTRY.table
    found = sorted({table["classes"][key] for key in _linked(record, _INSTANCE) if key in table["classes"]})
    if not found:
        people = any(_claims(record, number) for number in ("P496", "P108", _OCCUPATION))
        organisations = any(_claims(record, number) for number in ("P6782", "P3016", "P1616", "P2427"))
        found = ["foaf:Person"] if people and not organisations else ["org:Organization"] if organisations else []
    if _is_person(found) and any(key in table["occupations"] for key in _linked(record, _OCCUPATION)):
        found = ["kg:Researcher"]
    return found if not (_is_person(found) and len(found) > 1) else []


def _is_person(kinds: list[str]) -> bool:
    return bool({"foaf:Person", "kg:Researcher"} & set(kinds))


def _labels(record: Record) -> list[tuple[str, str]]:
    labels = [(language, cleaned(at(record.fields, "labels", language, "value"))) for language in _LANGUAGES]
    found = [(language, words) for language, words in labels if words]
    if found:
        return found
    others = record.fields.get("labels")
    every = (
        [(at(one, "language"), cleaned(at(one, "value"))) for one in (others or {}).values()]
        if isinstance(others, dict)
        else []
    )
    return [(str(language), words) for language, words in every if words][:1]


def _claims(record: Record, number: str) -> list[dict[str, Any]]:
    """Give the statements of a property that are not deprecated."""
    return [one for one in _listed(at(record.fields, "claims", number)) if one.get("rank") != "deprecated"]


def _values(record: Record, number: str) -> list[str]:
    found = (at(claim, "mainsnak", "datavalue", "value") for claim in _claims(record, number))
    return list(dict.fromkeys(value for value in found if isinstance(value, str)))


def _linked(record: Record, number: str) -> list[str]:
    return list(dict.fromkeys(filter(None, (_target(claim.get("mainsnak")) for claim in _claims(record, number)))))


def _target(snak: object) -> str:
    key = cleaned(at(snak, "datavalue", "value", "id"))
    return key if key and is_sound("Wikidata", key) else ""


def _dates(claim: Mapping[str, Any]) -> dict[str, str | None]:
    """Give start, end and day of a statement by its qualifiers."""
    found = {}
    for name, number in (("start", _START), ("end", _END), ("attested", _AT)):
        qualifiers = _listed(at(claim, "qualifiers", number))
        found[name] = _day(qualifiers[0]) if len(qualifiers) == 1 else None
    return found


def _day(snak: object) -> str | None:
    """Give a time as far as its precision goes (9: year, 10: month, 11: day).

    >>> _day({"datavalue": {"value": {"time": "+2016-05-00T00:00:00Z", "precision": 10}}})
    '2016-05'
    """
    time, precision = at(snak, "datavalue", "value", "time"), at(snak, "datavalue", "value", "precision")
    length = {9: 4, 10: 7, 11: 10}.get(precision) if isinstance(precision, int) else None
    if length is None or not isinstance(time, str) or not time.startswith("+"):
        return None
    return time[1 : 1 + length]


def _place(record: Record) -> Place:
    points = [at(claim, "mainsnak", "datavalue", "value") for claim in _claims(record, _POINT)]
    north, east = (at(points[0], name) if len(points) == 1 else None for name in ("latitude", "longitude"))
    country = next((_COUNTRIES.get(key, "--") for key in _linked(record, _COUNTRY)), "")
    if isinstance(north, int | float) and isinstance(east, int | float):
        return Place(country=country, latitude=float(north), longitude=float(east))
    return Place(country=country)


def _listed(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


REGISTRY: Final = Registry("wikidata", read, survey, describe)
