"""Registry files as organisations: ROR's names (TSV), its records (JSON lines, or the v2 dump), RNSR's table (CSV)."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from kgtool.errors import InputError, Location, MissingError

#: Kinds of names, the best first; their place is their number in the index.
NAME_KINDS: Final = ("ror_display", "label", "alias", "acronym")
#: Types of organisations (ROR's, and "unit" for RNSR's); their place is their bit in the index.
TYPES: Final = (
    "education", "healthcare", "company", "government", "facility", "funder", "nonprofit", "archive", "other", "unit",
)  # fmt: skip
STATUSES: Final = ("active", "inactive", "withdrawn")
_SEPARATOR: Final = " ¦ "
_COUNTRY_SUFFIXES: Final = {"France": "FR", "United States": "US", "United Kingdom": "GB", "Germany": "DE"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an organisation: its kind (of :data:`NAME_KINDS`) and language, as the registry says."""

    value: str
    kind: str = "label"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """What the index keeps of a registry's record.

    :param key: the registry's identifier: ROR's nine characters, or RNSR's number.
    :param detailed: whether the record says where and what the organisation is, or is names alone.
    :param parents: keys of parents, or names of supervising institutions in RNSR.
    :param numbers: a unit's labels and numbers ("UMR 8199").
    :param others: records that took its place.
    """

    key: str
    source: str
    names: tuple[Name, ...]
    status: str = "active"
    detailed: bool = False
    country: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    types: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    supervisors: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    others: tuple[str, ...] = field(default=())

    @property
    def display(self) -> str:
        """The name to show."""
        return next((n.value for n in self.names if n.kind == "ror_display"), self.names[0].value)


def read_registries(ror: Sequence[Path], rnsr: Sequence[Path]) -> list[Organisation]:
    """Read registry files, each of a form that its content tells, packed (.gz, .zip) or not.

    Of two records of one organisation the detailed one counts.

    :raises MissingError: if a file is not there.
    :raises InputError: if a file is none of the forms, naming file and line.
    """
    found: dict[str, Organisation] = {}
    for path in ror:
        for organisation in _ror(path):
            known = found.get(organisation.key)
            found[organisation.key] = organisation if known is None else _merged(known, organisation)
    for path in rnsr:
        for organisation in _rnsr(path):
            found.setdefault(organisation.key, organisation)
    if not found:
        raise InputError("no organisation in these files", hint="give ROR's records or RNSR's table")
    return list(_redirected(found).values())


def _redirected(found: dict[str, Organisation]) -> dict[str, Organisation]:
    """Give the names of withdrawn records to the one that took the place of each, which is the one to be named.

    ROR withdraws what was registered twice or has become part of another, and asks to use its successor:
    https://ror.readme.io/docs/status
    """
    for key, organisation in list(found.items()):
        after = found.get(organisation.others[0]) if len(organisation.others) == 1 else None
        if organisation.status != "withdrawn" or after is None or after.status == "withdrawn":
            continue
        known = {name.value for name in after.names}
        more = (replace(name, kind="alias") for name in organisation.names if name.value not in known)
        found[after.key] = replace(after, names=(*after.names, *more))
        del found[key]
    return found


def _merged(first: Organisation, second: Organisation) -> Organisation:
    better, other = (second, first) if second.detailed and not (first.detailed and first.parents) else (first, second)
    known = {name.value for name in better.names}
    return replace(better, names=better.names + tuple(n for n in other.names if n.value not in known))


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        elif data[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                names = [n for n in archive.namelist() if n.endswith(".json")]
                if not names:
                    raise InputError("no .json in this archive", where=Location(str(path)))
                data = archive.read(sorted(names, key=lambda n: ("schema_v2" not in n, n))[0])
        return data.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise MissingError("no such file", where=Location(str(path)), hint="give a registry's file") from error
    except (UnicodeDecodeError, EOFError, zipfile.BadZipFile, gzip.BadGzipFile) as error:
        raise InputError(f"cannot be read: {error}", where=Location(str(path)), hint="is the file whole?") from error


def _ror(path: Path) -> Iterator[Organisation]:
    text = _text(path)
    if text.startswith("ror_id\t"):
        yield from _ror_table(text, path)
    elif text.lstrip()[:1] == "[":
        try:
            records = json.loads(text)
        except ValueError as error:
            raise InputError(f"not JSON: {error}", where=Location(str(path)), hint="is the file whole?") from error
        for number, record in enumerate(records, 1):
            yield _ror_record(record, path, number)
    elif text.lstrip()[:1] == "{":
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                try:
                    record = json.loads(line)
                except ValueError as error:
                    raise InputError(f"not JSON: {error}", where=Location(str(path), number)) from error
                yield _ror_record(record, path, number)
    else:
        raise InputError(
            "neither ROR's records nor a table of its names",
            where=Location(str(path)),
            hint="give the JSON of ROR's data dump (v2), its lines, or a TSV that begins with ror_id",
        )


def _ror_table(text: str, path: Path) -> Iterator[Organisation]:
    for number, line in enumerate(text.split("\n")[1:], 2):
        if not line:
            continue
        columns = line.rstrip("\r").split("\t")
        if len(columns) < 8:
            raise InputError(f"{len(columns)} columns where 8 were expected", where=Location(str(path), number))
        key, status, detail, _, country, city, types, listed = columns[:8]
        names = []
        for entry in listed.split(_SEPARATOR):
            value, _, marks = entry.rpartition("@")
            language, _, kinds = marks.partition("|")
            if value:
                names.append(Name(value, _kind(kinds.split(",")), language))
        if names:
            yield Organisation(
                key, "ror", tuple(names), status, detail == "record", country or _suffix(names), city,
                types=tuple(t for t in types.split(",") if t),
            )  # fmt: skip


def _suffix(names: Iterable[Name]) -> str:
    for name in names:
        if name.value.endswith(")"):
            code = _COUNTRY_SUFFIXES.get(name.value[name.value.rfind("(") + 1 : -1])
            if code:
                return code
    return ""


def _kind(kinds: Iterable[str]) -> str:
    return min((k for k in kinds if k in NAME_KINDS), key=NAME_KINDS.index, default="alias")


def _ror_record(record: Any, path: Path, number: int) -> Organisation:
    try:
        key = str(record["id"]).rsplit("/", 1)[-1]
        names = tuple(Name(n["value"], _kind(n.get("types", ())), n.get("lang") or "") for n in record["names"])
        place = (record.get("locations") or [{}])[0]
        place = {**place, **(place.get("geonames_details") or {})}
        related: dict[str, list[str]] = {}
        for relation in record.get("relationships", ()):
            related.setdefault(str(relation["type"]).lower(), []).append(str(relation["id"]).rsplit("/", 1)[-1])
        return Organisation(
            key, "ror", names, record.get("status", "active"), True, place.get("country_code") or "",
            place.get("name") or "", place.get("subdivision") or place.get("country_subdivision_name") or "",
            types=tuple(record.get("types", ())), parents=tuple(related.get("parent", ())),
            others=tuple(related.get("successor", ())),
        )  # fmt: skip
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise InputError(
            f"not a record of ROR's schema 2: {error!r}",
            where=Location(str(path), number),
            hint="records need an id and names",
        ) from error


def _rnsr(path: Path) -> Iterator[Organisation]:
    rows = csv.DictReader(io.StringIO(_text(path)), delimiter=";")
    if "numero_national_de_structure" not in (rows.fieldnames or ()):
        raise InputError(
            "no column numero_national_de_structure",
            where=Location(str(path), 1),
            hint="give RNSR's table of structures as published, separated by semicolons",
        )
    for row in rows:
        key, label = row["numero_national_de_structure"] or "", (row.get("libelle") or "").strip()
        if not key or not label:
            continue
        names = [Name(label, "ror_display", "fr")]
        names += [Name(s.strip(), "acronym", "fr") for s in (row.get("sigle") or "").split("/") if s.strip()]
        yield Organisation(
            key, "rnsr", tuple(names), "active", True, "FR", row.get("commune") or "",
            postcode=row.get("code_postal") or "", types=("unit",),
            supervisors=_listed(row.get("tutelles")) + _listed(row.get("sigles_des_tutelles")),
            numbers=_listed(row.get("label_numero")),
        )  # fmt: skip


def _listed(cell: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in (cell or "").split(";") if part.strip()))
