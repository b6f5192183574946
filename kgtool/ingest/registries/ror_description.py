"""A ROR record as triples.

What ROR calls a parent is taken as what the two records are. For a unit and an institution it is a supervision, seen
on the day of the dump: ROR does not say since when, nor whether the institution is in charge or takes part, so the node
has no start and no role. Between any others (a hospital and its group, a unit and its federation) it is a membership of
the one organisation in the other, which makes nobody's supervisors those of another. Neither is a timeless part-of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kgtool.ingest.registries.identifiers import identifier
from kgtool.ingest.registries.registry import Fault, Record, Setting, Survey, table_of
from kgtool.ingest.registries.ror_fields import coordinates, links, objects, ror_key, texts
from kgtool.ingest.registries.settling import settle
from kgtool.ingest.registries.statements import Statement, Term, cleaned, term, text, web_address, when

_TYPE: Final = term("rdf:type")
_LABEL: Final = term("rdfs:label")
_ALTERNATIVE: Final = term("skos:altLabel")
_SAME: Final = term("schema:sameAs")
_EVIDENCE: Final = "ROR, {key}"
#: Which kind of name is which property; a record shows one name, which is its label whatever else it is.
_LANGUAGES: Final = ("fr", "en")


def describe(record: Record, mine: Survey, setting: Setting) -> Iterator[Statement | Fault]:
    """Give the triples of a record, and what of it was left out.

    :param mine: what was learnt of it before.
    """
    fields, me = record.fields, setting.entity(record.key)
    table = table_of("ror")
    kinds = texts(fields, "types")
    for name in dict.fromkeys(name for kind in kinds for name in table["types"].get(kind, ())):
        if name != "org:Organization":
            yield me, _TYPE, term(name)
    if _is_unit(mine):
        yield me, _TYPE, term(table["unit"]["class"])
    yield me, _TYPE, term("org:Organization")
    for kind in kinds:
        if kind not in table["types"]:
            yield Fault(record.number, f"{cleaned(kind)[:40]!r} is no type of organisation", record.key, part=True)
    yield from _names(fields, mine.name, me, setting.label(record.key))
    yield me, _SAME, f"<https://ror.org/{record.key}>"
    evidence = _EVIDENCE.format(key=record.key)
    yield from identifier(me, setting.node(record.key, "ror"), "ROR", f"https://ror.org/{record.key}", evidence, record)
    seen: dict[str, int] = {}
    for scheme, value in mine.identifiers[1:]:
        count = seen[scheme] = seen.get(scheme, 0) + 1
        path = (scheme.lower(), str(count)) if count > 1 else (scheme.lower(),)
        yield from identifier(me, setting.node(record.key, *path), scheme, value, evidence, record)
    if fields.get("established") is not None:
        founded = when(fields["established"])
        if founded is None:
            yield Fault(record.number, f"{str(fields['established'])[:20]!r} is no year", record.key, part=True)
        else:
            yield me, term("schema:foundingDate"), founded
    for kind, address in links(fields):
        page = web_address(address)
        if page is not None:
            yield me, term("foaf:homepage" if kind == "website" else "foaf:page"), page
        elif address:
            yield Fault(record.number, f"{str(address)[:60]!r} is no address of a web page", record.key, part=True)
    for language, status in table["status"].get(str(fields.get("status")), {}).items():
        yield me, term("kg:registryStatus"), text(status, language)
    for place, location in zip(mine.places, objects(fields, "locations"), strict=True):
        yield from settle(me, place, setting)
        if (place.latitude is None or place.longitude is None) and (said := coordinates(location)):
            yield Fault(record.number, f"{said} is no place on earth", record.key, part=True)
    yield from _relations(record, mine, setting, me)


def _names(fields: Mapping[str, Any], shown: str, me: Term, label: Term) -> Iterator[Statement]:
    """Give the name that ROR shows, and one label in each of the two languages, as labels; the rest as other names."""
    labels: dict[str, str] = {}
    others: list[tuple[str, str | None]] = []
    for name in objects(fields, "names"):
        value, language = cleaned(name.get("value")), name.get("lang")
        language = language if isinstance(language, str) else None
        if not value:
            continue
        if value == shown and "" not in labels:
            labels[""] = language or ""
        elif "label" in texts(name, "types") and language in _LANGUAGES and language not in labels:
            labels[language] = value
        else:
            others.append((value, language))
    own = labels.pop("", "")
    yield me, label, text(shown, own)
    for language, value in labels.items():
        yield me, label if language != own else _ALTERNATIVE, text(value, language)
    for value, language in others:
        yield me, _ALTERNATIVE, text(value, language)


def _is_unit(survey: Survey) -> bool:
    """Tell whether a record is of a unit: of that type alone, inside another."""
    if not survey.above:
        return False
    unit = table_of("ror")["unit"]["type"]
    return {kind for kind in survey.kinds if not kind.startswith("status:")} == {unit}


def _is_active(survey: Survey) -> bool:
    return "status:active" in survey.kinds


def _relations(record: Record, mine: Survey, setting: Setting, me: Term) -> Iterator[Statement | Fault]:
    """Give a record's relations to others; with a region, to those that are kept."""
    for link in objects(record.fields, "relationships"):
        kind, other = link.get("type"), ror_key(link.get("id"))
        survey = setting.surveys.get(other)
        if other == record.key:
            yield Fault(record.number, f"it names itself as its {cleaned(kind)[:20]}", record.key, part=True)
            continue
        if survey is None:
            # Children that are no records here say nothing that a person looks for; a region is what it keeps.
            if setting.region is None and kind == "parent" and other:
                yield Fault(
                    record.number,
                    f"its parent {other[:20]!r} ({cleaned(link.get('label'))[:80]}) is no record of this input",
                    record.key,
                    part=True,
                )
            continue
        match kind:
            case "parent":
                yield from _above(record.key, other, mine, survey, setting, me)
            case "child" if record.key not in survey.above:
                yield from _above(other, record.key, survey, mine, setting, setting.entity(other))
            case "related":
                yield me, term("org:linkedTo"), setting.entity(other)
            case "successor":
                yield from _succession(record.key, other, mine, survey, setting)
            case "predecessor":
                yield from _succession(other, record.key, survey, mine, setting)


def _above(low: str, high: str, below: Survey, above: Survey, setting: Setting, entity: Term) -> Iterator[Statement]:
    """Give the node of a record and its parent."""
    supervised = _is_unit(below) and not _is_unit(above) and table_of("ror")["unit"]["type"] not in above.kinds
    kind = "supervision" if supervised else "membership"
    node = setting.node(low, kind, high)
    yield node, _TYPE, term("kg:Supervision" if supervised else "kg:Membership")
    yield node, term("kg:supervisedUnit" if supervised else "org:member"), entity
    yield node, term("kg:supervisingInstitution" if supervised else "org:organization"), setting.entity(high)
    for language, words in table_of("ror")["labels"][kind].items():
        yield node, _LABEL, text(words.format(unit=below.name, institution=above.name), language)
    # What is over was not seen on the day of the dump.
    if setting.seen_on is not None and _is_active(below) and _is_active(above):
        yield node, term("kg:attestedOn"), setting.seen_on


def _succession(old: str, new: str, before: Survey, after: Survey, setting: Setting) -> Iterator[Statement]:
    """Give the event by which one record came after another; ROR does not say when."""
    node = setting.node(old, "successor", new)
    yield node, _TYPE, term("org:ChangeEvent")
    yield node, term("org:originalOrganization"), setting.entity(old)
    yield node, term("org:resultingOrganization"), setting.entity(new)
    for language, words in table_of("ror")["labels"]["succession"].items():
        yield node, _LABEL, text(words.format(before=before.name, after=after.name), language)
