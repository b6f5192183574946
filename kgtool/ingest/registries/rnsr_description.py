"""A row of the RNSR as triples: the structure, who supervises it, what it is part of, what it came from, its domains.

The directory lists institutions that take part (établissement participant) among the supervisors (tutelles), and marks
each with its kind: both are supervisions, and the role says which. All was seen on the directory's date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from kgtool.ingest.registries.identifiers import identifier
from kgtool.ingest.registries.known import ADDRESS
from kgtool.ingest.registries.people import describe_people
from kgtool.ingest.registries.places import Place, slug
from kgtool.ingest.registries.registry import Fault, Record, Setting, Survey, table_of
from kgtool.ingest.registries.schemes import bare, is_sound
from kgtool.ingest.registries.settling import settle
from kgtool.ingest.registries.statements import Statement, Term, cleaned, segment, term, text, web_address, when

_TYPE: Final = term("rdf:type")
_LABEL: Final = term("rdfs:label")
_ALTERNATIVE: Final = term("skos:altLabel")
_SEEN: Final = term("kg:attestedOn")
_SCANR: Final = "https://scanr.enseignementsup-recherche.gouv.fr/entite/"
_FILE: Final = "https://appliweb.dgri.education.fr/rnsr/PresenteStruct.jsp?numNatStruct={}&PUBLIC=OK"


def listed(cells: Mapping[str, Any], column: str) -> list[str]:
    """Give the things in a cell, which semicolons part: none in an empty one; an empty place among others counts."""
    cell = cells.get(column)
    return [cleaned(part) for part in cell.split(";")] if isinstance(cell, str) and cell.strip() else []


def supervisors(cells: Mapping[str, Any]) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Give the names of the supervisors of a row with their identifiers, where it is known which is whose."""
    names = listed(cells, "tutelles")
    columns = {"SIRET": listed(cells, "siret_des_tutelles"), "UAI": listed(cells, "uai_des_tutelles")}
    sure = {scheme: found for scheme, found in columns.items() if len(found) == len(names)}
    for place, name in enumerate(names):
        yield name, tuple((scheme, found[place]) for scheme, found in sure.items() if found[place])


def describe(
    record: Record, setting: Setting, place_of: Callable[[Mapping[str, str]], Place]
) -> Iterator[Statement | Fault]:
    """Give the triples of a row, and what of it was left out."""
    cells, me, table = record.fields, setting.entity(record.key), table_of("rnsr")
    mine = setting.surveys[record.key]
    kinds = table["types"].get(mine.kinds[0])
    if kinds is None and mine.kinds[0]:
        yield Fault(
            record.number, f"{cleaned(cells['type_de_structure'])[:60]!r} is no type of structure", record.key, True
        )
    for kind in kinds or ("org:Organization",):
        yield me, _TYPE, term(kind)
    yield me, setting.label(record.key), text(cells["libelle"], "fr")
    numbers = listed(cells, "label_numero")
    for name in sorted({*listed(cells, "sigle"), *numbers} - {"", cleaned(cells["libelle"])}):
        yield me, _ALTERNATIVE, text(name)
    address = web_address(cells.get("fiche_rnsr"))
    evidence = f"RNSR, {record.key}"
    yield me, term("schema:sameAs"), f"<{_SCANR}{record.key}>"
    yield from identifier(me, setting.node(record.key, "rnsr"), "RNSR", record.key, evidence, record)
    if address is not None:
        yield me, term("dcterms:source"), address
    if (page := web_address(cells.get("site_web"))) is not None:
        yield me, term("foaf:homepage"), page
    founded = cleaned(cells.get("annee_de_creation"))
    if founded and (year := when(founded)) is not None:
        yield me, term("schema:foundingDate"), year
    elif founded:
        yield Fault(record.number, f"{founded[:20]!r} is no year", record.key, True)
    yield from settle(me, place_of(cells), setting)
    yield from _supervisions(record, setting, me, mine, numbers)
    yield from _above(record, setting, mine)
    yield from _successions(record, setting, me, mine)
    yield from describe_people(record, setting, me, mine)
    for code in sorted({*listed(cells, "code_domaine_scientifique")} & table["domains"].keys()):
        theme = setting.node("domain", code)
        yield me, term("kg:hasTheme"), theme
        yield theme, _TYPE, term("kg:Theme")
        for language, name in table["domains"][code].items():
            yield theme, term("skos:prefLabel"), text(name, language)


def _supervisions(
    record: Record, setting: Setting, me: Term, mine: Survey, numbers: list[str]
) -> Iterator[Statement | Fault]:
    """Give the nodes of the supervising and participating institutions, and these."""
    cells, table = record.fields, table_of("rnsr")
    names = listed(cells, "tutelles")
    columns = {
        column: listed(cells, column)
        for column in ("code_de_type_de_tutelle", "code_de_nature_de_tutelle", "uai_des_tutelles", "siret_des_tutelles")
    }
    wrong = [column for column, found in columns.items() if found and len(found) != len(names)]
    if wrong:
        what = f"{len(names)} supervisors, but {len(columns[wrong[0]])} in {wrong[0]}: which is whose is not known"
        yield Fault(record.number, what, record.key, True)
    seen: set[Term] = set()
    for place, name in enumerate(names):
        role, nature, uai, siret = (
            found[place] if column not in wrong and place < len(found) else "" for column, found in columns.items()
        )
        if not slug(name):
            continue
        institution, path, described = _institution(record, setting, name, nature, uai, siret)
        if institution in seen:
            yield Fault(record.number, f"{name[:80]!r} is named twice as a supervisor", record.key, True)
            continue
        seen.add(institution)
        yield from described
        node = setting.node(record.key, "supervision", path)
        yield node, _TYPE, term("kg:Supervision")
        yield node, term("kg:supervisedUnit"), me
        yield node, term("kg:supervisingInstitution"), institution
        if role in table["roles"]:
            yield node, term("org:role"), term(table["roles"][role])
        elif role:
            yield Fault(record.number, f"{role[:20]!r} is no kind of supervisor", record.key, True)
        if len(numbers) == len(names) and numbers[place]:
            yield node, term("dcterms:identifier"), text(numbers[place])
        words = table["labels"]["participant" if role == "PART" else "supervisor"]
        for language, label in words.items():
            yield node, _LABEL, text(label.format(unit=mine.name, institution=name), language)
        if setting.seen_on is not None:
            yield node, _SEEN, setting.seen_on


def _institution(
    record: Record, setting: Setting, name: str, nature: str, uai: str, siret: str
) -> tuple[Term, str, list[Statement | Fault]]:
    """Give an institution, the end of its nodes' names, and its triples, unless it is an entity known already."""
    pairs = [(scheme, value) for scheme, value in (("SIRET", siret), ("UAI", uai)) if value]
    known = setting.known.find(pairs)
    sound = [(scheme, value) for scheme, value in pairs if is_sound(scheme, value)]
    path = bare(*sound[-1]) if sound else slug(name)
    institution = f"<{known}>" if known is not None else setting.node("institution", path)
    found: list[Statement | Fault] = [(institution, _TYPE, term("org:Organization"))]
    if known is None:
        kinds = table_of("rnsr")["institutions"].get(nature, ["kg:Institution"])
        found += [(institution, _TYPE, term(kind)) for kind in kinds]
        found += [(institution, _LABEL, text(name, "fr"))]
    else:
        found += [(institution, _ALTERNATIVE, text(name, "fr"))]
    for scheme, value in pairs:
        node = setting.node("institution", path, scheme.lower())
        found += identifier(institution, node, scheme, value, f"RNSR, {scheme} {value}", record)
    return institution, path, found


def _above(record: Record, setting: Setting, mine: Survey) -> Iterator[Statement]:
    """Give the nodes of the parent structures, and of the children that do not name this one as their parent."""
    for parent in mine.above:
        if is_sound("RNSR", parent) and parent != record.key:
            yield from _part(record.key, parent, mine, setting.surveys.get(parent), setting)
    for child in map(str.upper, listed(record.fields, "numero_de_structure_enfant")):
        survey = setting.surveys.get(child)
        if survey is not None and record.key not in survey.above and child != record.key:
            yield from _part(child, record.key, survey, mine, setting)


def _part(low: str, high: str, below: Survey, above: Survey | None, setting: Setting) -> Iterator[Statement]:
    table = table_of("rnsr")
    parent, name = _structure(high, setting), above.name if above is not None else high
    if above is None:
        yield from _unread(parent, high, setting)
    # A parent that is no row may be of any kind, and so no supervisor.
    groups = above is None or above.kinds[0] in table["groups"]["types"]
    node = setting.node(low, "group" if groups else "parent", high)
    yield node, _TYPE, term("kg:Membership" if groups else "kg:Supervision")
    yield node, term("org:member" if groups else "kg:supervisedUnit"), setting.entity(low)
    yield node, term("org:organization" if groups else "kg:supervisingInstitution"), parent
    for language, words in table["labels"]["group" if groups else "parent"].items():
        yield node, _LABEL, text(words.format(unit=below.name, institution=name), language)
    if setting.seen_on is not None:
        yield node, _SEEN, setting.seen_on


def _successions(record: Record, setting: Setting, me: Term, mine: Survey) -> Iterator[Statement | Fault]:
    """Give the events that the structure came out of, one for each kind and year."""
    table = table_of("rnsr")["successions"]
    befores = listed(record.fields, "numero_de_structure_historique")
    kinds, years = (listed(record.fields, c) for c in ("type_de_succession", "annee_d_effet_historique"))
    if not befores:
        return
    if len(kinds) != len(befores) or len(years) != len(befores):
        yield Fault(record.number, "its predecessors, kinds of succession and years differ in number", record.key, True)
        return
    events: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for before, kind, year in zip(befores, kinds, years, strict=True):
        if is_sound("RNSR", before.upper()) and before.upper() != record.key:
            events[kind, year].add(before.upper())
        else:
            yield Fault(record.number, f"{before[:20]!r} is no RNSR number of a predecessor", record.key, True)
    for (kind, year), originals in sorted(events.items()):
        if {(_structure(number, setting)[1:-1], me[1:-1]) for number in originals} <= setting.known.successions:
            continue
        words = table.get(slug(kind), {"fr": "Succession", "en": "Succession"})
        node = setting.node(record.key, "succession", "-".join(filter(None, (year, slug(kind)))) or "undated")
        yield node, _TYPE, term("org:ChangeEvent")
        for number in sorted(originals):
            original = _structure(number, setting)
            yield node, term("org:originalOrganization"), original
            if number not in setting.surveys:
                yield from _unread(original, number, setting)
        yield node, term("org:resultingOrganization"), me
        for language, word in words.items():
            dated = f"{word}, {year}" if year else word
            yield node, _LABEL, text(f"{dated}{' :' if language == 'fr' else ':'} {mine.name}", language)
        if (started := when(year)) is not None:
            yield node, term("schema:startDate"), started


def _structure(number: str, setting: Setting) -> Term:
    """Give a structure by its number: a row, an entity known already, or no more than the number."""
    if number not in setting.surveys:
        numbered = slug(table_of("rnsr")["labels"]["structure"]["fr"].format(number=number))
        known = setting.known.find([("RNSR", number), (ADDRESS, _FILE.format(segment(number)))])
        known = known or setting.known.named.get(numbered)
        if known is not None:
            return f"<{known}>"
    return setting.entity(number)


def _unread(structure: Term, number: str, setting: Setting) -> Iterator[Statement]:
    """Describe a structure of which the number is all that a row gives."""
    label = _LABEL if structure == setting.entity(number) else _ALTERNATIVE
    yield structure, _TYPE, term("org:Organization")
    yield structure, term("schema:sameAs"), f"<{_SCANR}{number}>"
    for language, words in table_of("rnsr")["labels"]["structure"].items():
        yield structure, label, text(words.format(number=number), language)
