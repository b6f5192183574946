"""What the records of several registries have in common: named things, identifiers, memberships with their dates.

Each statement made here is one that the shapes accept. What a record says and they would refuse (an identifier whose
check digit is wrong, an end before the start) is left out, and told as a fault of a part.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

from kgtool.errors import InputError, Location
from kgtool.ingest.registries.registry import TABLES, Fault, Record, Setting
from kgtool.ingest.registries.schemes import is_sound
from kgtool.ingest.registries.statements import Statement, Term, cleaned, iri, segment, term, text, when
from kgtool.resources import packaged

#: What stands below the base of a registry: a record's key, or a kind and a number.
Path: TypeAlias = tuple[str, ...]
Said: TypeAlias = Iterator[Statement | Fault]

TYPE: Final = term("rdf:type")
LABEL: Final = term("rdfs:label")
SOURCE: Final = term("dcterms:source")
ATTESTED: Final = term("kg:attestedOn")
START, END = term("schema:startDate"), term("schema:endDate")


@dataclass(frozen=True)
class About:
    """One record that is described.

    :param source: what a node of it names as its source.
    """

    setting: Setting
    record: Record
    source: Term

    def fault(self, what: str) -> Fault:
        """Say that a part of the record is left out."""
        return Fault(self.record.number, what, self.record.key, part=True)

    def node(self, path: Path) -> Term:
        """Give the resource at a path; that of the record itself may be an entity known already."""
        return self.setting.entity(path[0]) if len(path) == 1 else self.setting.node(*path)

    def thing(self, path: Path, kinds: Iterable[Term], label: object, language: str | None = None) -> Said:
        """Say what something is, and what it is called."""
        me = self.node(path)
        for kind in kinds:
            yield me, TYPE, kind
        if name := cleaned(label):
            yield me, LABEL, text(name, language)

    def identifier(self, path: Path, scheme: str, value: object) -> Said:
        """Give a thing an identifier, and the IRI of its registry where there is one."""
        plain = cleaned(value)
        if not plain:
            return
        if len(plain) > 200 or not is_sound(scheme, plain):
            yield self.fault(f"{plain[:60]!r} is no {scheme}")
            return
        plain = written(scheme, plain)
        me, node = self.node(path), self.setting.node(*path, "identifier", f"{scheme.lower()}-{plain}")
        yield me, term("schema:identifier"), node
        yield node, TYPE, term("schema:PropertyValue")
        yield node, term("schema:propertyID"), text(scheme)
        yield node, term("schema:value"), text(plain)
        yield node, SOURCE, self.source
        if (pattern := links().get(scheme)) is not None:
            shown = "/".join(segment(part) for part in plain.split("/"))
            yield me, term("schema:sameAs"), iri(pattern.replace("{}", shown))

    def dates(self, node: Term, start: object = None, end: object = None, attested: object = None) -> Said:
        """Date a node: what is no date, or out of order, is left out."""
        begins, ends, seen = (self._date(value) for value in (start, end, attested))
        for value, found in ((start, begins), (end, ends), (attested, seen)):
            if found is None and cleaned(str(value or "")):
                yield self.fault(f"{cleaned(str(value))[:40]!r} is no date")
        if begins and ends and _first(begins) > _last(ends):
            yield self.fault(f"it ends ({_lexical(ends)}) before it starts ({_lexical(begins)})")
            begins = ends = None
        if seen and ((begins and _first(begins) > _last(seen)) or (ends and _first(seen) > _last(ends))):
            seen = None  # a registry that lists what has ended says so by the end
        for predicate, found in ((START, begins), (END, ends), (ATTESTED, seen)):
            if found:
                yield node, predicate, found

    def undated(self, value: object) -> Said:
        """Tell of what stands in the place of a date and is none."""
        if (words := cleaned(str(value or ""))) and day_of(value) is None:
            yield self.fault(f"{words[:40]!r} is no date")

    def membership(
        self,
        path: Path,
        member: Path,
        organization: Path,
        *,
        kind: Term | None = None,
        role: Term | None = None,
        words: object = None,
        start: object = None,
        end: object = None,
        attested: object = None,
    ) -> Said:
        """Link a person to an organisation for a time: a node of its own for each thing that a source says of them.

        :param words: the role in the source's words.
        """
        node = self.setting.node(*path)
        yield node, TYPE, kind or term("kg:Membership")
        yield node, term("org:member"), self.node(member)
        yield node, term("org:organization"), self.node(organization)
        yield node, SOURCE, self.source
        if role is not None:
            yield node, term("org:role"), role
        if said := cleaned(words):
            yield node, term("schema:roleName"), text(said)
        yield from self.dates(node, start, end, attested)

    def supervision(
        self, path: Path, unit: Path, institution: Path, *, role: Term | None = None, **dates: object
    ) -> Said:
        """Link a unit to an institution that a registry names as its parent or "tutelle"."""
        node = self.setting.node(*path)
        yield node, TYPE, term("kg:Supervision")
        yield node, term("kg:supervisedUnit"), self.node(unit)
        yield node, term("kg:supervisingInstitution"), self.node(institution)
        yield node, SOURCE, self.source
        if role is not None:
            yield node, term("org:role"), role
        yield from self.dates(node, **dates)

    @property
    def seen_on(self) -> str | None:
        """Give the day, month or year of the registry's state as text."""
        return _lexical(self.setting.seen_on) if self.setting.seen_on else None

    def participation(self, path: Path, project: Path, participant: Path, *, role: Term | None = None) -> Said:
        """Link a project to who takes part in it."""
        node = self.setting.node(*path)
        yield node, TYPE, term("kg:Participation")
        yield node, term("kg:project"), self.node(project)
        yield node, term("kg:participant"), self.node(participant)
        yield node, SOURCE, self.source
        if role is not None:
            yield node, term("org:role"), role

    def _date(self, value: object) -> Term | None:
        """Read a date; of a date and time its day."""
        return when(value[:10] if isinstance(value, str) and value[10:11] == "T" else value)


def written(scheme: str, value: str) -> str:
    """Write an identifier as its registry does.

    >>> written("ORCID", "https://orcid.org/0000000218250097"), written("DOI", "https://doi.org/10.1/A")
    ('0000-0002-1825-0097', '10.1/a')
    >>> written("IdRef", "https://www.idref.fr/02667584x/id"), written("Wikidata", "http://www.wikidata.org/entity/q42")
    ('02667584X', 'Q42')
    """
    short = value.strip().rstrip("/")
    match scheme:
        case "ORCID":
            digits = short.rpartition("/")[2].replace("-", "").replace(" ", "").upper()
            return "-".join(digits[at : at + 4] for at in range(0, 16, 4))
        case "DOI":
            found = short.lower().find("10.")
            return short.lower()[found:] if found >= 0 else short.lower()
        case "ISNI":
            return short.rpartition("/")[2].replace(" ", "").replace("-", "").upper()
        case "IdRef":
            return short.removesuffix("/id").rpartition("/")[2].upper()
        case "ROR":
            return short.rpartition("/")[2].lower()
        case "Wikidata" | "RNSR" | "OpenAlex":
            return short.rpartition("/")[2].upper()
        case _:
            return short


def day_of(value: object) -> str | None:
    """Give the day, month or year with which a text begins; None if it begins with none.

    >>> day_of("2024-10-16T17:35:06+02:00"), day_of("2019"), day_of("soon"), day_of(7)
    ('2024-10-16', '2019', None, None)
    """
    if not isinstance(value, str):
        return None
    plain = value.strip()[:10].split("T")[0].split(" ")[0]
    return plain if when(plain) is not None else None


@cache
def links() -> Mapping[str, str]:
    """Give the patterns of the registries' IRIs, ``ontology/registries/links.toml``.

    :raises InputError: if they cannot be read.
    """
    file = packaged("ontology") / TABLES / "links.toml"
    try:
        return {str(name): str(pattern) for name, pattern in tomllib.loads(file.read_text(encoding="utf-8")).items()}
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"this table cannot be read: {error}", where=Location(str(file))) from error


def _lexical(date: Term) -> str:
    return date[1:].partition('"')[0]


def _first(date: Term) -> str:
    """Give the first day that a date allows, as text."""
    return (_lexical(date) + "-01-01")[:10]


def _last(date: Term) -> str:
    """Give the last day that a date allows, as text; of a month the 31st, as no real day of it comes later."""
    plain = _lexical(date)
    return plain + "-12-31"[len(plain) - 4 :]
