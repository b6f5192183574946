"""Question files: read, checked, and found by name."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, Store, Variable

from kgtool.errors import InputError, Location, MissingError, ParseError, QueryError
from kgtool.questions.header import Header, read_header, refused
from kgtool.questions.query import columns, faults, widened
from kgtool.questions.question import Parameter, Question
from kgtool.questions.values import term_without_graph
from kgtool.store.requests import read_query
from kgtool.store.results import evaluation_error
from kgtool.store.syntax import syntax_error
from kgtool.store.tokens import place_in

#: The folder of an ontology that holds them.
QUESTIONS: Final = "questions"
#: The folder of those that pages show the answers of, of the same form.
VIEWS: Final = "views"
_MISSED: Final = Variable("kgtool_missed_by_every_query")


def read_questions(folder: Path) -> tuple[Question, ...]:
    """Give the questions of a folder in the order of their names; a folder that is not there has none.

    :raises ParseError: if a file is no question; it names file and line, and what to write.
    """
    return tuple(read_question(path) for path in sorted(folder.glob("*.rq")))


def find_question(folder: Path, name: str) -> Question:
    """Give the question of this name.

    :raises MissingError: if there is none; it tells the nearest name.
    :raises ParseError: if its file is no question.
    """
    files = {path.stem: path for path in sorted(folder.glob("*.rq"))}
    if name in files:
        return read_question(files[name])
    near = get_close_matches(name, files, 1)
    known = f"there are {', '.join(files)}" if files else "this store keeps no questions: build it with some"
    raise MissingError(f"there is no question {name[:80]!r}", hint=f"did you mean {near[0]}?" if near else known)


def read_question(path: Path) -> Question:
    """Read one file.

    :raises ParseError: if it is no question.
    """
    known = path.stat()
    return _read(path, known.st_mtime_ns, known.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, changed: int, size: int) -> Question:
    """Read a file as it is since a change: a server answers many times from one."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ParseError("not UTF-8", where=Location(str(path)), hint="save it as UTF-8") from error
    header = read_header(path, text)
    _check_query(path, text, header)
    lines = text.splitlines(keepends=True)
    query = "".join(lines[header.query_line - 1 :]).rstrip() + "\n"
    return Question(path.stem, header.title, header.description, header.parameters, header.columns, query)


def _check_query(path: Path, text: str, header: Header) -> None:
    names = [parameter.name for parameter in header.parameters]
    _refuse_wrong_syntax(path, text)
    for fault in faults(text, names):
        if fault.parameter is not None:
            raise refused(path, header.places[fault.parameter], fault.what, fault.hint)
        raise ParseError(fault.what, where=place_in(text, fault.offset, str(path)), hint=fault.hint)
    selected, said = columns(text), [column.name for column in header.columns]
    if list(selected) != said:
        hint = f"SELECT has {', '.join(selected)}, the header {', '.join(said) or 'none'}: make them the same"
        raise refused(path, header.query_line, "the columns are not the variables of SELECT, in their order", hint)
    _refuse_wrong_syntax(path, widened(text, names))
    for parameter in header.parameters:
        _check_values(path, header.places[parameter.name], parameter)


def _refuse_wrong_syntax(path: Path, text: str) -> None:
    """Refuse what Oxigraph cannot read or plan. It then misses a variable, and so evaluates nothing, however little."""
    try:
        Store().query(read_query(text).text, substitutions={_MISSED: Literal("")})
    except SyntaxError as error:
        raise _moved(path, syntax_error(error, text=text)) from error
    except RuntimeError as error:
        if _MISSED.value in str(error):
            return
        raise _moved(path, evaluation_error(error)) from error
    except QueryError as error:
        raise _moved(path, error) from error


def _moved(path: Path, error: QueryError) -> ParseError:
    """Give an error of a query as one of the file."""
    where = error.where or Location()
    return ParseError(error.what, where=Location(str(path), where.line, where.column), hint=error.hint)


def _check_values(path: Path, line: int, parameter: Parameter) -> None:
    for kind, value in (("default", parameter.default), ("example", parameter.example)):
        if value is None or (kind == "example" and parameter.type == "iri"):
            continue
        try:
            term_without_graph(parameter, value, date.min)
        except InputError as error:
            raise refused(path, line, f"a wrong {kind}: {error.what}", error.hint or "") from error
