"""The parameters of a request, read strictly: broken UTF-8 or a parameter given twice is an error, not a guess."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl

from flask import Request

from kgtool.web.problems import HttpProblem

FORM_TYPE = "application/x-www-form-urlencoded"
_MAX_FIELDS = 1000


class Parameters:
    """Names and values of a request's query string, then of its form.

    >>> given = Parameters.of_pairs([("query", "ASK {}"), ("named-graph-uri", "urn:a"), ("named-graph-uri", "urn:b")])
    >>> given.one("query"), given.all("named-graph-uri"), given.one("timeout")
    ('ASK {}', ('urn:a', 'urn:b'), None)
    """

    def __init__(self, pairs: Collection[tuple[str, str]]) -> None:
        self._pairs = tuple(pairs)

    @classmethod
    def of_pairs(cls, pairs: Collection[tuple[str, str]]) -> Parameters:
        """Take pairs as they are."""
        return cls(pairs)

    @classmethod
    def of_request(cls, request: Request, *, form: bytes = b"") -> Parameters:
        """Read the query string, then an urlencoded body.

        :raises HttpProblem: 400 for broken UTF-8 or too many parameters.
        """
        pairs = _pairs(request.query_string, "the query string")
        if form:
            pairs += _pairs(form, "the form")
        return cls(pairs)

    def names(self) -> tuple[str, ...]:
        """Give the names of all parameters, each once."""
        return tuple(dict.fromkeys(key for key, _ in self._pairs))

    def all(self, name: str) -> tuple[str, ...]:
        """Give every value of a parameter, in order."""
        return tuple(value for key, value in self._pairs if key == name)

    def one(self, name: str) -> str | None:
        """Give the value of a parameter that may stand once.

        :raises HttpProblem: 400 if it stands more often.
        """
        values = self.all(name)
        if len(values) > 1:
            raise HttpProblem(400, f"the parameter {name} is given {len(values)} times", hint="give it once")
        return values[0] if values else None

    def choice(self, name: str, allowed: Collection[str], default: str) -> str:
        """Give the value of a parameter that takes one of a few words.

        :raises HttpProblem: 400 for any other word.
        """
        value = self.one(name)
        if value is None:
            return default
        if value not in allowed:
            raise HttpProblem(400, f"{name}={value} is not known", hint=f"one of: {', '.join(allowed)}")
        return value

    def seconds(self, name: str, most: float) -> float:
        """Give a time that may only lower the one allowed.

        :raises HttpProblem: 400 if it is not a number above 0.
        """
        value = self.one(name)
        if value is None:
            return most
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not number > 0:  # NaN is not above 0 either
            raise HttpProblem(400, f"{name}={value} is not a number of seconds above 0")
        return min(number, most)


def _pairs(data: bytes, place: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            data.decode("utf-8"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=_MAX_FIELDS
        )
    except UnicodeDecodeError as error:
        raise HttpProblem(400, f"{place} is not UTF-8", hint="percent-encode UTF-8") from error
    except ValueError as error:
        raise HttpProblem(400, f"{place} has more than {_MAX_FIELDS} parameters") from error
