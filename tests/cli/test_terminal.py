"""What changes when a person sits at a terminal: tables instead of CSV, progress, and nothing of it in a pipe."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
from contextlib import contextmanager

import pytest

from kgtool.cli import terminal
from kgtool.store.results import GRAPH_FORMATS, SOLUTION_FORMATS


@contextmanager
def screen(columns: int):
    """Give the file descriptor of a terminal, and a function that reads what was written to it."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def shown() -> str:
        os.set_blocking(master, False)
        parts = []
        while True:
            try:
                parts.append(os.read(master, 65536))
            except BlockingIOError:
                return b"".join(parts).decode()

    try:
        yield slave, shown
    finally:
        os.close(slave)
        os.close(master)


QUERY = "SELECT ?p ?name WHERE { ?p <http://xmlns.com/foaf/0.1/name> ?name FILTER isIRI(?p) } ORDER BY ?p"


def test_an_answer_at_a_terminal_is_a_table(people):
    with screen(100) as (out, shown):
        people("query", QUERY, stdout=out)
        lines = shown().splitlines()
    assert "p" in lines[0]
    assert "name" in lines[0]
    assert lines[1].split() == ["<https://example.org/ada>", "Ada", "@en"]


def test_a_narrow_terminal_folds_and_cuts_nothing(people):
    with screen(20) as (out, shown):
        people("query", QUERY, stdout=out)
        text = shown()
    assert "…" not in text
    # Two columns share the width: what is left of the second one, put together, is the whole IRI.
    first = "".join(line.split()[0] for line in text.splitlines()[1:] if line[:1] != " ")
    assert "<https://example.org/ada>" in first


@pytest.mark.parametrize("query", [QUERY, "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_an_answer_ends_its_line_at_a_terminal_and_is_exact_elsewhere(people, query):
    formats = (*GRAPH_FORMATS, "table") if query.startswith("CONSTRUCT") else (*SOLUTION_FORMATS, "table")
    for format_ in formats:
        with screen(10_000) as (out, shown):
            people("query", query, "-f", format_, stdout=out)
            text = shown().replace("\r\n", "\n")
        assert text.endswith("\n"), format_
        assert not text.endswith("\n\n"), format_
        if format_ == "json":
            assert people("query", query, "-f", format_).stdout.decode() + "\n" == text


def test_progress_is_shown_on_standard_error_only(people):
    with screen(100) as (err, shown):
        done = subprocess.run(
            people.command("load", "people.ttl", "--json"),
            cwd=people.cwd,
            env={**people.environment(), "TERM": "xterm"},
            stdout=subprocess.PIPE,
            stderr=err,
            check=True,
        )
        assert "write" in shown()  # the last stage; the earlier ones may be over too soon to be drawn
    assert json.loads(done.stdout)["read"] == 9


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"noLongerInferred": 1234}, "no longer inferred  1,234\n"),
        ({"read": 1, "seconds": {"read": 0.5, "total": 1.25}}, "read     1\nseconds  read 0.50, total 1.25\n"),
        ({"n": 1, "sources": [{"graph": "urn:x:g", "quads": 2}]}, "n  1\n\nsources\ngraph    quads\nurn:x:g  2\n"),
        ({"ok": True, "empty": [], "none": None}, "ok    yes\nnone  -\n"),
    ],
)
def test_facts_are_lines_and_lists_are_tables(capsys, facts, text):
    terminal.tell(facts, as_json=False)
    assert capsys.readouterr().out == text
