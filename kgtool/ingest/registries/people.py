"""The people in charge of a structure, as a public directory names them: a function, seen on a day, no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from kgtool.ingest.registries.places import slug
from kgtool.ingest.registries.registry import Fault, Record, Setting, Survey, table_of
from kgtool.ingest.registries.statements import Statement, Term, cleaned, term, text

_TYPE: Final = term("rdf:type")
_LABEL: Final = term("rdfs:label")
_PIECE: Final = re.compile(r"[^\W\d_]+")
#: Before an apostrophe these begin a name of their own (d'Artagnan, O'Brien); elsewhere a letter goes on (Guivarc'h).
_ELISIONS: Final = re.compile(r"(?<![^\W\d_])([dlo])['’]$", re.IGNORECASE)
#: So many people of one structure are taken: no row has a quarter of it.
_MOST: Final = 60


def describe_people(record: Record, setting: Setting, structure: Term, mine: Survey) -> Iterator[Statement | Fault]:
    """Give the people of a row and their functions.

    Someone who has the same name and a function in the same entity, or in its parent structure, in a graph that is
    known already, is that person. Nobody is taken for another because of a name alone, so who directs two structures is
    two resources.
    """
    families, givens, titles = (_cells(record, f"{part}_du_responsable") for part in ("nom", "prenom", "titre"))
    if any(found and len(found) != len(families) for found in (givens, titles)):
        what = f"{len(families)} names of people in charge, {len(givens)} first names, {len(titles)} titles"
        yield Fault(record.number, f"{what}: which is whose is not known", record.key, True)
        return
    around = (structure, *map(setting.entity, mine.above))
    places = [setting.known.members.get(organisation[1:-1], {}) for organisation in around]
    taken: set[str] = set()
    for place, family in enumerate(families[:_MOST]):
        given = givens[place] if givens else ""
        if not slug(family):
            continue
        name = f"{given} {written_name(family)}".strip()
        own = slug(name)
        if own in taken:
            continue
        taken.add(own)
        function = _function(titles[place] if titles else "", mine)
        known = next((there[own] for there in places if own in there), None)
        person = f"<{known}>" if known is not None else setting.node(record.key, "person", own)
        yield person, _TYPE, term("foaf:Person")
        if known is None:
            yield from ((person, _LABEL, text(name, language)) for language in ("fr", "en"))
            yield person, term("foaf:name"), text(name)
            yield person, term("foaf:familyName"), text(written_name(family))
            if given:
                yield person, term("foaf:givenName"), text(given)
        node = setting.node(record.key, "function", own)
        yield node, _TYPE, term("kg:Membership")
        yield node, term("org:member"), person
        yield node, term("org:organization"), structure
        yield node, term("org:role"), term(function["role"])
        for language, words in function["words"].items():
            colon = " :" if language == "fr" else ":"
            yield node, _LABEL, text(f"{name}, {words}{colon} {mine.name}", language)
        if setting.seen_on is not None:
            yield node, term("kg:attestedOn"), setting.seen_on


def _cells(record: Record, column: str) -> list[str]:
    cell = record.fields.get(column)
    return [cleaned(part) for part in cell.split(";")] if isinstance(cell, str) and cell.strip(" ;") else []


def _function(title: str, mine: Survey) -> dict[str, Any]:
    """Give the role of a title, by the table."""
    table = table_of("rnsr")
    plain = slug(title)
    found: dict[str, Any] = next(row for row in table["titles"] if re.search(row["found"], plain))
    if not found["found"] and mine.kinds[0] == table["team"]["type"]:
        return dict(table["team"])
    return found


def written_name(name: str) -> str:
    """Write a family name that a register has in capitals with capitals where they belong; others stay as they are.

    >>> written_name("LE GOFF-D'ARCY"), written_name("GUIVARC'H"), written_name("van den Berg")
    ("Le Goff-D'Arcy", "Guivarc'h", 'van den Berg')
    """
    if name != name.upper():
        return name

    def lowered(found: re.Match[str]) -> str:
        word, before = found.group(), name[: found.start()]
        goes_on = before[-1:] in ("'", "’") and not _ELISIONS.search(before)
        return word.lower() if goes_on else word[0] + word[1:].lower()

    return _PIECE.sub(lowered, name)
