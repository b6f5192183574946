"""What a person at a terminal sees: tables, facts, progress, errors, and the exit code that goes with each error."""

from __future__ import annotations

import errno
import io
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn, TextIO, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kgtool.cli.interruption import INTERRUPTED, MESSAGE
from kgtool.errors import (
    InputError,
    KgtoolError,
    LimitError,
    Location,
    MemoryLimitError,
    RefusedError,
    StoreFullError,
    TimeLimitError,
)
from kgtool.vocabulary import PREFIXES

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

#: What a shell reports for a program ended by SIGPIPE, and sysexits' "internal software error".
PIPE_CLOSED: Final = 141
BUG: Final = 70
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
#: Wide enough that nothing is folded where the table goes to a file or a program.
_UNBOUNDED: Final = 100_000

Term = NamedNode | BlankNode | Literal | Triple


def shown(term: Term | None) -> str:
    """Write a term for a table: a prefixed name where there is one, literals without quotes.

    Control characters become visible escapes, so that data cannot steer the terminal.

    >>> shown(NamedNode("http://www.w3.org/ns/org#member")), shown(Literal("équipe", language="fr")), shown(None)
    ('org:member', 'équipe @fr', '')
    >>> shown(Literal("a\\x1b[2Jb"))
    'a\\\\x1b[2Jb'
    """
    match term:
        case None:
            return ""
        case NamedNode():
            return _short(term.value)
        case Literal():
            text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in term.value)
            return f"{text} @{term.language}" if term.language else text
        case _:
            return str(term)


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and local and not set(local) & set("/#?:"):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], output: TextIO) -> None:
    """Print rows below their column names; long cells are folded at a terminal's edge, never cut."""
    width = None if output.isatty() else _UNBOUNDED
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    # Rich pads each line to the table's width: trailing blanks are noise for a program.
    console = Console(file=output, width=width, highlight=False, soft_wrap=False)
    if output.isatty():
        console.print(table)
        return
    with console.capture() as capture:
        console.print(table)
    output.writelines(line.rstrip() + "\n" for line in capture.get().splitlines())


@contextmanager
def whole_lines() -> Iterator[BinaryIO]:
    """Give standard output for bytes; at a terminal their last line is ended if they do not end it, for the prompt.

    Where a program reads, they stay as they are.
    """
    output = sys.stdout.buffer
    if not sys.stdout.isatty():
        yield output
        return
    last = _LastByte(output)
    yield cast(BinaryIO, last)
    if last.last != b"\n":
        output.write(b"\n")


class _LastByte(io.RawIOBase):
    """Passes bytes on, and knows the last one."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output
        self.last = b"\n"

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        view = memoryview(data)
        self.last = bytes(view[-1:]) or self.last
        return self._output.write(view)


def print_json(value: Mapping[str, object], output: TextIO) -> None:
    """Print a value as JSON, readable, with its accents as they are."""
    output.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def tell(facts: Mapping[str, object], as_json: bool) -> None:
    """Print a command's report on standard output, for a program or for a person."""
    (print_json if as_json else print_facts)(facts, sys.stdout)


def print_facts(facts: Mapping[str, object], output: TextIO) -> None:
    """Print what a report holds: one line for each fact, then one table for each list."""
    lists = {name: value for name, value in facts.items() if isinstance(value, list)}
    single = {name: value for name, value in facts.items() if name not in lists}
    width = max((len(_words(name)) for name in single), default=0)
    for name, value in single.items():
        output.write(f"{_words(name):<{width}}  {_fact(value)}\n")
    for name, rows in lists.items():
        if not rows:
            continue
        output.write(f"\n{_words(name)}\n")
        if isinstance(rows[0], dict):
            print_table(list(rows[0]), [[_fact(cell) for cell in row.values()] for row in rows], output)
        else:
            output.writelines(f"{_fact(row)}\n" for row in rows)


def _words(name: str) -> str:
    """Take a name of JSON apart.

    >>> _words("noLongerInferred")
    'no longer inferred'
    """
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name)


def _fact(value: object) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.2f}"
        case list():
            return "; ".join(_fact(item) for item in value) or "-"
        case dict():
            return ", ".join(f"{_words(str(key))} {_fact(item)}" for key, item in value.items())
        case _:
            return str(value)


@contextmanager
def progress() -> Iterator[Callable[[str, int], None] | None]:
    """Show on standard error what is going on; where that is no terminal, show nothing (and give None)."""
    console = Console(file=sys.stderr)
    if not console.is_terminal:
        yield None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[done]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, done="")

        def report(stage: str, done: int) -> None:
            bar.update(task, description=escape(stage), done=f"{done:,}" if done else "")

        yield report


def killable(work: Callable[[], int], seconds: float | None) -> int:
    """Run reading work in a process of its own, so that a time limit and Ctrl-C end it whatever it is doing.

    The store gives no way to stop a query from within, and while it looks for the next answer no other thread runs.
    The work opens the store itself, writes its result to standard output, and changes nothing.

    :param work: gives the exit code.
    :param seconds: how long it may take; None is without a limit.
    :raises TimeLimitError: if it took longer.
    :raises LimitError: if it died, as it does when memory or stack run out.
    """
    process = multiprocessing.get_context("fork").Process(target=_in_child, args=(work,), daemon=True)
    # What ends this process by a plain signal shall end the child too: daemons are ended when the interpreter exits.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    process.start()
    try:
        process.join(seconds)
        if process.exitcode is None:
            raise TimeLimitError(
                f"the query took longer than {seconds:g} s", hint="ask for less, or give it more time with --timeout"
            )
    finally:
        process.kill()
    if process.exitcode < 0:
        name = signal.Signals(-process.exitcode).name
        raise LimitError(f"the query ended by {name}", hint="it needs more memory or nests too deeply: make it smaller")
    return process.exitcode


def _in_child(work: Callable[[], int]) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the parent speaks
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        code = work()
        sys.stdout.flush()
    except Exception as error:
        code = failed(error)
    sys.exit(code)


def say(message: str) -> None:
    """Write a message for the person on standard error."""
    sys.stderr.write(f"kgtool: {message}\n")


def failed(error: BaseException) -> int:
    """Tell the person what went wrong, and give the exit code of the contract for it."""
    match error:
        case KgtoolError():
            say(str(error))
            as_text = getattr(getattr(error, "report", None), "as_text", None)
            if isinstance(error, RefusedError) and as_text is not None:
                sys.stderr.write(str(as_text()).rstrip() + "\n")
            return error.exit_code
        case KeyboardInterrupt():
            say(MESSAGE)
            return INTERRUPTED
        case BrokenPipeError():
            # The reader has what it wanted. Python would complain when it flushes standard output at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return PIPE_CLOSED
        case MemoryError():
            return failed(MemoryLimitError("not enough memory", hint="ask for less, or use a larger machine"))
        case OSError() if error.errno in _FULL:
            return failed(
                StoreFullError("no space left on the disk", where=_place(error), hint="make room and try again")
            )
        case OSError() if error.filename is not None:
            return failed(InputError(error.strerror or "cannot be used", where=_place(error)))
        case _:
            return _bug(error)


def _place(error: OSError) -> Location | None:
    return Location(str(error.filename)) if error.filename is not None else None


def _bug(error: BaseException) -> int:
    if os.environ.get("KGTOOL_DEBUG"):
        raise error
    say(
        f"this is a bug in kgtool: {type(error).__name__}: {error}\n"
        "kgtool: the store holds its last commit; run it again with KGTOOL_DEBUG=1 to see where it happened,\n"
        "kgtool: and report that with the command and the data that led to it"
    )
    return BUG
