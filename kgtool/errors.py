"""Every error that kgtool raises on purpose, as one tree::

    KgtoolError                      exit  HTTP
    ├── InputError (ValueError)        2    400   what a person or a client gave is wrong
    │   ├── ParseError                 2    400   a file or a body is not what it claims to be
    │   ├── QueryError                 2    400   a SPARQL text is wrong, or asks for what is switched off
    │   ├── MissingError               2    404   a file, folder, graph, resource or store that is not there
    │   ├── ForbiddenError             2    403   writing where nobody may write
    │   ├── ConditionError             2    412   a change that was to happen only if something held
    │   └── RefusedError               2    422   data that validation refuses; holds the report
    ├── LimitError                     3    413   a limit was hit
    │   ├── TimeLimitError             3    504
    │   └── MemoryLimitError           3    413
    ├── RemoteError                    3    502   another server, asked by SERVICE or LOAD, failed
    └── StoreError (OSError)           4    503   the store itself
        ├── StoreLockedError           4    503
        ├── StoreDamagedError          4    503
        ├── StoreFullError             4    503
        └── StoreVersionError          4    503

An error says what was wrong (``what``), where (``where``), and what to do (``hint``). The faces turn it into one
line on stderr and an exit code, or into ``application/problem+json``; nothing else is a fault of the user.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Location:
    """Where something stands: a file (or ``stdin``, ``query``, ``body``), line and column (from 1), an IRI."""

    file: str | None = None
    line: int | None = None
    column: int | None = None
    iri: str | None = None

    def __str__(self) -> str:
        """Write the location as compilers do.

        >>> str(Location("people.ttl", 3, 14))
        'people.ttl:3:14'
        >>> str(Location(iri="urn:x:a"))
        '<urn:x:a>'
        """
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return " ".join(part for part in (place, f"<{self.iri}>" if self.iri else "") if part)


class KgtoolError(Exception):
    """Base of every error that kgtool raises on purpose.

    :param what: the fact, with its values.
    :param where: the place, if there is one.
    :param hint: what to do about it.
    """

    exit_code: ClassVar[int] = 2
    http_status: ClassVar[int] = 400
    title: ClassVar[str] = "Error"

    def __init__(self, what: str, *, where: Location | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """Give place, fact and advice on one line.

        >>> str(ParseError("unexpected end of file", where=Location("a.ttl", 2, 17), hint="close the string"))
        'a.ttl:2:17: unexpected end of file; close the string'
        """
        place = f"{self.where}: " if self.where and str(self.where) else ""
        advice = f"; {self.hint}" if self.hint else ""
        return f"{place}{self.what}{advice}"


class InputError(KgtoolError, ValueError):
    """What a person or a client gave is wrong."""

    title = "Bad input"


class ParseError(InputError):
    """A file or a body is not what it claims to be: RDF, JSON, XML, a table."""

    title = "Input that cannot be read"


class QueryError(InputError):
    """A SPARQL text is wrong, or asks for something that is switched off."""

    title = "SPARQL that cannot be run"


class MissingError(InputError):
    """A file, folder, graph, resource or store that is not there."""

    http_status = 404
    title = "Not found"


class ForbiddenError(InputError):
    """Writing where nobody may write."""

    http_status = 403
    title = "Forbidden"


class ConditionError(InputError):
    """A change was to be made only if something held, and it does not."""

    http_status = 412
    title = "Condition not met"


class RefusedError(InputError):
    """Data that validation refuses.

    :param report: the validation report, for the faces to show.
    """

    http_status = 422
    title = "Data refused by validation"

    def __init__(
        self, what: str, *, report: object = None, where: Location | None = None, hint: str | None = None
    ) -> None:
        super().__init__(what, where=where, hint=hint)
        self.report = report


class LimitError(KgtoolError):
    """A limit (time, memory, size, work) was hit."""

    exit_code = 3
    http_status = 413
    title = "Limit reached"


class TimeLimitError(LimitError):
    """The time allowed ran out."""

    http_status = 504
    title = "Out of time"


class MemoryLimitError(LimitError):
    """The memory allowed ran out."""

    title = "Out of memory"


class RemoteError(KgtoolError):
    """Another server, asked by SERVICE or LOAD, did not answer, or not with what was asked for."""

    exit_code = 3
    http_status = 502
    title = "Endpoint failed"


class StoreError(KgtoolError, OSError):
    """The store itself cannot be used."""

    exit_code = 4
    http_status = 503
    title = "Store unavailable"


class StoreLockedError(StoreError):
    """Another process writes to the store."""

    title = "Store in use"


class StoreDamagedError(StoreError):
    """The store's files are not what they should be."""

    title = "Store damaged"


class StoreFullError(StoreError):
    """No space left where the store lives."""

    title = "Disk full"


class StoreVersionError(StoreError):
    """The store was written by a version that this one does not read."""

    title = "Store of another version"
