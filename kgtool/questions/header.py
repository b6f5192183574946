"""The comments above a question's query: titles, description, parameters and columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from kgtool.errors import Location, ParseError
from kgtool.questions.question import CHOICE, LANGUAGES, TYPES, Column, Parameter

#: Names that commands and pages use themselves.
TAKEN: Final = frozenset(
    {"commit", "f", "format", "h", "help", "json", "lang", "language", "name", "reasoning", "store", "timeout"}
)
_LINE: Final = re.compile(r"#(\s*)(.*?)\s*")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TEXT: Final = re.compile(r"([a-z]+)\s*:\s*(.*)")
_PARAMETER: Final = re.compile(r"parameter\s+(\S+)\s+(.+)")
_ALLOWED: Final = re.compile(r"[^\s|]+(?:\|[^\s|]+)+")
#: From so many blanks on a line belongs to the part above it.
_INSIDE: Final = 2

_TITLE_HINT: Final = "start the file with the lines “# fr: …” and “# en: …”"
_TEXT_HINT: Final = "below it write a line “#   fr: …” and one “#   en: …”"
_PARAMETER_HINT: Final = (
    "write “# parameter NAME TYPE”, then nothing, “= DEFAULT” or “optional”; TYPE is one of "
    f"{', '.join(TYPES)}, or the allowed values as a|b"
)
_LINE_HINT: Final = "write fr:, en:, description, parameter or column; notes stand below the first line of the query"


@dataclass
class _Part:
    """A part of the header under way: what its first line says, and the texts below it."""

    kind: str
    line: int
    said: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    indents: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Header:
    """What a header says, and in which line the query begins (from 1)."""

    title: Mapping[str, str]
    description: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    places: Mapping[str, int]
    query_line: int


def read_header(path: Path, text: str) -> Header:
    """Read the comments that a question's file begins with.

    :param path: of the file, for messages.
    :raises ParseError: if a line is not understood, or something is missing.
    """
    parts, query_line = _parts(path, text)
    title, description = _one(path, parts, "title", _TITLE_HINT), _one(path, parts, "description", _TEXT_HINT)
    parameters: dict[str, Parameter] = {}
    columns: dict[str, Column] = {}
    places: dict[str, int] = {}
    for part in parts:
        if part.kind == "parameter":
            parameter = _parameter(path, part)
            _refuse_second(path, part, parameter.name, parameters)
            parameters[parameter.name] = parameter
            places[parameter.name] = part.line
        elif part.kind == "column":
            _refuse_second(path, part, part.said, columns)
            columns[part.said] = Column(part.said, _both(path, part, _TEXT_HINT))
    return Header(title, description, tuple(parameters.values()), tuple(columns.values()), places, query_line)


def refused(path: Path, line: int, what: str, hint: str) -> ParseError:
    """Give the error for a line of a question's file."""
    return ParseError(what, where=Location(str(path), line), hint=hint)


def _parts(path: Path, text: str) -> tuple[list[_Part], int]:
    parts = [_Part("title", 1)]
    key: str | None = None
    number = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            return parts, number
        indent, said = len(found[1]), found[2]
        if not said:
            continue
        if indent < _INSIDE:
            key = _begin(path, parts, number, said)
            if key is not None:
                parts[0].indents[key] = indent
            continue
        part = parts[-1]
        if key is not None and indent > part.indents[key]:  # the text above goes on
            part.texts[key] = f"{part.texts[key]} {said}".strip()
            continue
        key = _add_text(path, part, number, said)
        part.indents[key] = indent
    raise refused(path, number + 1, "a question without a query", "write a SELECT below its header")


def _begin(path: Path, parts: list[_Part], number: int, said: str) -> str | None:
    """Take a line that begins a part; give the key of a title, which is a text of its own."""
    if said == "description":
        if any(part.kind == "description" for part in parts):
            raise refused(path, number, "a second description", "keep one")
        parts.append(_Part("description", number))
        return None
    word, _, rest = said.partition(" ")
    if word == "parameter":
        parts.append(_Part("parameter", number, said))
        return None
    if word == "column":
        name = rest.strip().removeprefix("?")
        if not re.fullmatch(r"\w+", name):
            raise refused(path, number, f"{said!r} names no column", "write “# column NAME”, a variable of SELECT")
        parts.append(_Part("column", number, name))
        return None
    found = _TEXT.fullmatch(said)
    if found is None or found[1] not in LANGUAGES:
        near = get_close_matches(word.rstrip(":"), ("description", "parameter", "column"), 1)
        hint = f"did you mean {near[0]}?" if near else _LINE_HINT
        raise refused(path, number, f"{said[:80]!r} is not understood in the header of a question", hint)
    if len(parts) > 1:
        raise refused(
            path, number, f"a text in {found[1]} that belongs to nothing", "titles come first; begin others with “#   ”"
        )
    return _add_text(path, parts[0], number, said)


def _add_text(path: Path, part: _Part, number: int, said: str) -> str:
    keys = (*LANGUAGES, "example") if part.kind == "parameter" else LANGUAGES
    found = _TEXT.fullmatch(said)
    if found is None or found[1] not in keys:
        allowed = " or ".join(f"{key}: …" for key in keys)
        raise refused(path, number, f"{said[:80]!r} is not understood below {part.kind}", f"write {allowed}")
    if found[1] in part.texts:
        raise refused(path, number, f"a second text in {found[1]}", "indent more what goes on from the line above")
    part.texts[found[1]] = found[2]
    return found[1]


def _one(path: Path, parts: list[_Part], kind: str, hint: str) -> Mapping[str, str]:
    part = next((part for part in parts if part.kind == kind), None)
    if part is None:
        raise refused(path, 1, "a question without a description", "write “# description”, and " + hint)
    return _both(path, part, hint)


def _both(path: Path, part: _Part, hint: str) -> Mapping[str, str]:
    missing = [language for language in LANGUAGES if not part.texts.get(language)]
    if missing:
        raise refused(path, part.line, f"a {part.kind} without its text in {' and '.join(missing)}", hint)
    return {language: part.texts[language] for language in LANGUAGES}


def _refuse_second(path: Path, part: _Part, name: str, seen: Mapping[str, object]) -> None:
    if name in seen:
        raise refused(path, part.line, f"a second {part.kind} {name}", "keep one")


def _parameter(path: Path, part: _Part) -> Parameter:
    found = _PARAMETER.fullmatch(part.said)
    if found is None:
        raise refused(path, part.line, f"{part.said!r} is not understood", _PARAMETER_HINT)
    name, said = found[1].removeprefix("?"), found[2].strip()
    if not _NAME.fullmatch(name):
        raise refused(path, part.line, f"{name!r} cannot be the name of a parameter", "use letters, digits and _")
    if name in TAKEN:
        raise refused(path, part.line, f"a parameter cannot be called {name}", "commands or pages use that name")
    kind, _, rest = said.partition(" ")
    rest = rest.strip()
    default = rest.removeprefix("=").strip() if rest.startswith("=") else None
    if kind not in TYPES and not _ALLOWED.fullmatch(kind):
        near = get_close_matches(kind, TYPES, 1)
        hint = f"did you mean {near[0]}? {_PARAMETER_HINT}" if near else _PARAMETER_HINT
        raise refused(path, part.line, f"the parameter {name} is of no type {kind!r}", hint)
    if (rest and not rest.startswith("=") and rest != "optional") or default == "":
        raise refused(path, part.line, f"{rest!r} is not understood after the type of {name}", _PARAMETER_HINT)
    chosen = kind in TYPES
    return Parameter(
        name,
        kind if chosen else CHOICE,
        () if chosen else tuple(kind.split("|")),
        default,
        required=not rest,
        example=part.texts.get("example") or None,
        description=_both(path, part, _TEXT_HINT),
    )
