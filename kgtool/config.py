"""The settings, as one table: name in the environment, type, default and a line of help.

A setting is a field of :class:`Settings`; the command line offers most of them as flags, which win over the
environment.
Settings are passed in, never looked up: no part of kgtool reads the environment but :func:`settings_from`.
"""

from __future__ import annotations

import dataclasses
import ipaddress
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


def _word_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"say {', '.join(words[:-1])} or {words[-1]}")
        return text.lower()

    return parse


def _networks(text: str) -> tuple[str, ...]:
    names = _hosts(text)
    for name in names:
        try:
            ipaddress.ip_network(name, strict=False)
        except ValueError:
            raise ValueError(f"it must name addresses or networks; {name!r} is none") from None
    return names


def _rate(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise ValueError("it must be 0 or more")
    return number


def _token(text: str) -> str | None:
    if not all("!" <= character <= "~" for character in text):
        raise ValueError("a token has letters, digits and marks of ASCII only (RFC 6750)")
    return text or None


def _contact(text: str) -> str | None:
    if not all(" " <= character <= "~" for character in text) or set(text) & set("()\\"):
        raise ValueError("it must be an address in ASCII, without brackets")
    return text.strip() or None


def _proxy(text: str) -> str | None:
    if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname):
        raise ValueError("it must be http://HOST:PORT")
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
        default=max(16, 4 * (os.cpu_count() or 1)),
        metadata=_row(
            "KGTOOL_QUERY_WORKERS",
            _count,
            "queries that run at the same time; as many more may go on at low priority after a moment",
        ),
    )
    query_wait: float = field(
        default=10.0,
        metadata=_row("KGTOOL_QUERY_WAIT", _positive, "seconds that a query waits for a free worker before 503"),
    )
    fronts: int = field(
        default=min(2, os.cpu_count() or 1),
        metadata=_row("KGTOOL_FRONTS", _count, "processes that speak HTTP; never more than queries that may run"),
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
    link_index: Path | None = field(
        default=None,
        metadata=_row(
            "KGTOOL_LINK_INDEX", Path, "folder of the index of organisations that links use; unset: beside the store"
        ),
    )
    host: str = field(default="127.0.0.1", metadata=_row("KGTOOL_HOST", str, "address to listen on"))
    port: int = field(default=8000, metadata=_row("PORT", _port, "port to listen on; 0: any free one"))
    read_only: bool = field(
        default=False, metadata=_row("KGTOOL_READ_ONLY", _yes, "serve without taking the store's write lock")
    )
    access_log: str = field(
        default="stderr",
        metadata=_row("KGTOOL_ACCESS_LOG", str, "where the line of each request goes: stderr, off, or a file"),
    )
    slow_query: float = field(
        default=1.0, metadata=_row("KGTOOL_SLOW_QUERY", _positive, "seconds from which a query is logged with its text")
    )
    metrics: str = field(
        default="on",
        metadata=_row("KGTOOL_METRICS", _word_of("on", "off", "token"), "who gets /metrics: on, off, or token"),
    )
    metrics_token: str | None = field(
        default=None,
        metadata=_row("KGTOOL_METRICS_TOKEN", _token, "bearer token for /metrics; unset: that for writes"),
    )
    trusted_proxies: tuple[str, ...] = field(
        default=(),
        metadata=_row(
            "KGTOOL_TRUSTED_PROXIES", _networks, "addresses or networks whose word on who the client is counts"
        ),
    )
    rate: float | None = field(
        default=None,
        metadata=_row(
            "KGTOOL_RATE", _rate, "requests a second per client, 0 for any; unset: 50, and any from this machine"
        ),
    )
    rate_burst: int = field(
        default=200, metadata=_row("KGTOOL_RATE_BURST", _count, "requests that a client may send at once")
    )
    contact: str | None = field(
        default=None,
        metadata=_row("KGTOOL_CONTACT", _contact, "address for the registries that `kgtool import` asks to write to"),
    )
    cache: Path = field(
        default=Path("kgtool-cache"),
        metadata=_row("KGTOOL_CACHE", Path, "folder for pages that registries gave; kept 30 days at most"),
    )
    proxy: str | None = field(
        default=None,
        metadata=_row(
            "KGTOOL_PROXY", _proxy, "address of a proxy through which registries are asked: http://HOST:PORT"
        ),
    )
    openalex_key: str | None = field(
        default=None, metadata=_row("KGTOOL_OPENALEX_KEY", _token, "key for the API of OpenAlex")
    )
    orcid_token: str | None = field(
        default=None, metadata=_row("KGTOOL_ORCID_TOKEN", _token, "bearer token for the public API of ORCID")
    )
    scanr_login: str | None = field(
        default=None, metadata=_row("KGTOOL_SCANR_LOGIN", _token, "NAME:PASSWORD for the search service of scanR")
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
        given = repr(text) if row.parse is not _token else "not readable"  # a secret never reaches a message
        raise InputError(f"{row.name} is {given}, {told}", hint=row.help) from error
