"""What is asked of a server: one request, its name in messages and on disk, and the secrets that go with it unnamed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode, urlsplit

from kgtool.errors import InputError
from kgtool.store.hosts import Target, target_of

_SHOWN: Final = 200


@dataclass(frozen=True)
class Request:
    """One request: GET, or POST where there is a body.

    :param parameters: what the URL's query holds beside what stands in the URL itself, in this order.
    :param body: of a POST.
    :param media_type: of the body.
    :param accept: the media types that are asked for.
    """

    url: str
    parameters: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    media_type: str | None = None
    accept: str = "application/json"

    def with_parameters(self, **values: str | int | None) -> Request:
        """Give the request with other values of some parameters; None takes one away. A trailing ``_`` is no part.

        >>> Request("https://api.example.org/works", (("q", "a"), ("cursor", "*"))).with_parameters(cursor="x").shown
        'https://api.example.org/works?q=a&cursor=x'
        """
        named = {name.rstrip("_"): value for name, value in values.items()}
        kept = [(name, value) for name, value in self.parameters if name not in named]
        new = [(name, str(value)) for name, value in named.items() if value is not None]
        return replace(self, parameters=(*kept, *new))

    @property
    def full_url(self) -> str:
        """Give the URL with the parameters."""
        if not self.parameters:
            return self.url
        return f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(self.parameters)}"

    @property
    def shown(self) -> str:
        """Give the URL for messages and provenance; secrets are no part of a request, so none is shown."""
        return self.full_url

    @property
    def key(self) -> str:
        """Give a name for the request, the same in every run.

        >>> len(Request("https://api.example.org/works").key)
        40
        """
        body = hashlib.sha256(self.body).hexdigest() if self.body is not None else None
        parts = [self.url, self.parameters, body, self.media_type, self.accept]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:40]


@dataclass(frozen=True)
class Secrets:
    """What a server must be told and nobody else: sent to one origin only, and never shown, kept or logged.

    :param origin: scheme, host and port that they are for, as a URL.
    :param headers: header fields, such as an Authorization.
    :param parameters: parameters of the URL, for servers that take a key in no other way.
    """

    origin: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)

    def are_for(self, url: str) -> bool:
        """Tell whether a URL is of their origin.

        >>> Secrets("https://api.example.org").are_for("https://api.example.org.evil.net/")
        False
        """
        mine, other = urlsplit(self.origin), urlsplit(url)
        return (mine.scheme, mine.netloc.lower()) == (other.scheme, other.netloc.lower())


def target_named(url: str) -> Target:
    """Read a URL that a person named.

    :raises InputError: if it is none.
    """
    try:
        return target_of(url)
    except ValueError as error:
        raise InputError(f"{printable(url)} cannot be asked: {error}", hint="give an http or https URL") from error


def printable(text: str) -> str:
    """Give the beginning of a text from outside, without what could steer a terminal."""
    return "".join(character for character in text if character.isprintable())[:_SHOWN]
