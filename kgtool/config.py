"""The settings, as one table: name in the environment, type, default and a line of help.

A setting is a field of :class:`Settings`; the command line offers most of them as flags, which win over the
environment.
Settings are passed in, never looked up: no part of kgtool reads the environment but :func:`settings_from`.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from kgtool.errors import InputError
from kgtool.vocabulary import ID_BASE


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError("it must be above 0")
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("it must be 1 or more")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError("a port is 0 to 65535")
    return number


def _iri_base(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or not text.endswith(("/", "#")):
        raise ValueError("it must be an absolute http IRI that ends in / or #")
    return text


def _yes(text: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "on": True, "": False, "0": False, "false": False, "no": False}
    known["off"] = False
    if text.lower() not in known:
        raise ValueError("say 1 or 0")
    return known[text.lower()]


def _hosts(text: str) -> tuple[str, ...]:
    return tuple(host for host in text.replace(",", " ").split() if host)


def _token(text: str) -> str | None:
    return text or None


def _row(name: str, parse: Callable[[str], Any], help: str) -> dict[str, Any]:
    return {"name": name, "parse": parse, "help": help}


@dataclass(frozen=True)
class Settings:
    """What an operator may choose. Sizes are in MB (2**20 bytes), times in seconds."""

    store: Path = field(default=Path("kgtool-store"), metadata=_row("KGTOOL_STORE", Path, "folder of the store"))
    base: str = field(
        default=ID_BASE, metadata=_row("KGTOOL_BASE", _iri_base, "IRI base of the resources served at /id/")
    )
    write_token: str | None = field(
        default=None,
        metadata=_row(
            "KGTOOL_WRITE_TOKEN", _token, "bearer token that writes over HTTP need; unset: HTTP is read-only"
        ),
    )
    query_timeout: float = field(
        default=30.0,
        metadata=_row("KGTOOL_QUERY_TIMEOUT", _positive, "seconds that a query may take; a request may only lower it"),
    )
    query_memory: int = field(
        default=2048, metadata=_row("KGTOOL_QUERY_MEMORY", _count, "MB of address space that a query may take")
    )
    query_workers: int = field(
        default=max(2, os.cpu_count() or 2),
        metadata=_row("KGTOOL_QUERY_WORKERS", _count, "queries that run at the same time"),
    )
    query_wait: float = field(
        default=10.0,
        metadata=_row("KGTOOL_QUERY_WAIT", _positive, "seconds that a query waits for a free worker before 503"),
    )
    export_timeout: float = field(
        default=300.0, metadata=_row("KGTOOL_EXPORT_TIMEOUT", _positive, "seconds that an export may take")
    )
    max_body: int = field(
        default=64, metadata=_row("KGTOOL_MAX_BODY", _count, "MB of a request's body, after decompression")
    )
    reason_memory: int = field(
        default=1024,
        metadata=_row(
            "KGTOOL_REASON_MEMORY", _count, "MB that a closure from scratch may take before it spills to disk"
        ),
    )
    federation: tuple[str, ...] = field(
        default=(),
        metadata=_row(
            "KGTOOL_FEDERATION",
            _hosts,
            "hosts that SERVICE and LOAD may reach, as HOST or HOST:PORT, separated by commas; default none",
        ),
    )
    federation_timeout: float = field(
        default=10.0,
        metadata=_row("KGTOOL_FEDERATION_TIMEOUT", _positive, "seconds that one answer to SERVICE or LOAD may take"),
    )
    federation_max: int = field(
        default=16,
        metadata=_row("KGTOOL_FEDERATION_MAX", _count, "MB of one answer to SERVICE or LOAD, after decompression"),
    )
    shared: Path = field(
        default=Path("../shared"), metadata=_row("KGTOOL_SHARED", Path, "folder of the data sets that tests use")
    )
    host: str = field(default="127.0.0.1", metadata=_row("KGTOOL_HOST", str, "address to listen on"))
    port: int = field(default=8000, metadata=_row("PORT", _port, "port to listen on; 0: any free one"))
    read_only: bool = field(
        default=False, metadata=_row("KGTOOL_READ_ONLY", _yes, "serve without taking the store's write lock")
    )


@dataclass(frozen=True)
class Setting:
    """One row of the table."""

    name: str
    field: str
    default: object
    help: str
    parse: Callable[[str], Any]


#: Every setting, in the order in which help and documentation show them.
SETTINGS: Final[tuple[Setting, ...]] = tuple(
    Setting(row.metadata["name"], row.name, row.default, row.metadata["help"], row.metadata["parse"])
    for row in dataclasses.fields(Settings)
)


def settings_from(environ: Mapping[str, str] | None = None, **flags: object) -> Settings:
    """Read the settings from the environment; a flag that is not ``None`` wins.

    :param environ: the environment; the process's own by default.
    :param flags: fields of :class:`Settings` with values already of their type, or text to parse.
    :raises InputError: if a value is not of its setting's type; it names the setting.

    >>> settings_from({"PORT": "9000"}).port, settings_from({"PORT": "9000"}, port=80).port
    (9000, 80)
    >>> settings_from({"PORT": "high"})
    Traceback (most recent call last):
    ...
    kgtool.errors.InputError: PORT is 'high', which cannot be read; port to listen on; 0: any free one
    """
    given = os.environ if environ is None else environ
    unknown = flags.keys() - {row.field for row in SETTINGS}
    if unknown:
        raise TypeError(f"no such setting: {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {}
    for row in SETTINGS:
        value = flags.get(row.field)
        if value is None:
            value = given.get(row.name)
        if isinstance(value, str):
            values[row.field] = _parsed(row, value)
        elif value is not None:
            values[row.field] = value
    return Settings(**values)


def _parsed(row: Setting, text: str) -> Any:
    try:
        return row.parse(text)
    except ValueError as error:
        told = str(error) if str(error).startswith(("it ", "a ", "say ")) else "which cannot be read"
        # A secret never reaches a message; only the token is one, and any text is a token.
        raise InputError(f"{row.name} is {text!r}, {told}", hint=row.help) from error
