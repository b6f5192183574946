"""A SPARQL update request, read: which operations it has, where their parts stand, under which declarations.

Source: SPARQL 1.1 Query Language, section 19.8, grammar rules [29] to [51].
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Store

from kgtool.errors import QueryError
from kgtool.store.limits import check_nesting
from kgtool.store.requests import prologue, refuse_service
from kgtool.store.syntax import syntax_error
from kgtool.store.tokens import Token, place_in, tokens


@dataclass(frozen=True)
class Operation:
    """One operation of an update request.

    :param words: its tokens, its own prologue left out.
    :param text: the text of the whole request.
    :param prologue: the declarations in force.
    """

    words: tuple[Token, ...]
    text: str
    prologue: str

    @property
    def reads(self) -> bool:
        """Whether what it does depends on what is in the store."""
        return not (len(self.words) > 1 and self.words[1].is_word("DATA"))

    @property
    def deletes_data(self) -> bool:
        """Whether it is a DELETE DATA."""
        return not self.reads and self.words[0].is_word("DELETE")

    def between(self, first: int, last: int) -> str:
        """Give the text from one token to another, both included."""
        return self.text[self.words[first].start : self.words[last].end]


def read_update(text: str) -> list[Operation]:
    """Cut an update request into its operations.

    :raises QueryError: if it is not a SPARQL update, is too deeply nested, or uses LOAD or SERVICE.
    """
    check_nesting(text, "update")
    words = list(tokens(text))
    refuse_service(words, text)
    operations = []
    blank_nodes: dict[str, Token] = {}
    for part, declarations in _parts(words, text):
        if part[0].is_word("LOAD"):
            raise QueryError(
                "LOAD is switched off on this store",
                where=place_in(text, part[0].start, "update"),
                hint="use kgtool load, or send the data",
            )
        _check_syntax(text, [*declarations, (part[0].start, part[-1].end)])
        for word in part:
            if word.kind == "blank" and blank_nodes.setdefault(word.text, part[0]) is not part[0]:
                raise QueryError(
                    f"{word.text} stands in two operations",
                    where=place_in(text, word.start, "update"),
                    hint="a blank node label belongs to one operation (SPARQL 1.1 Query, grammar note 7)",
                )
        operations.append(Operation(part, text, " ".join(text[start:end] for start, end in declarations)))
    if not operations:
        _check_syntax(text, [(0, len(text))])
    return operations


def _parts(words: Sequence[Token], text: str) -> Iterator[tuple[tuple[Token, ...], list[tuple[int, int]]]]:
    """Cut at the semicolons outside braces; give each operation, and where the declarations in force stand."""
    declarations: list[tuple[int, int]] = []
    start = 0
    depth = 0
    for index in range(len(words) + 1):
        if index < len(words):
            depth += words[index].is_mark("{") - words[index].is_mark("}")
        if index == len(words) or (depth == 0 and words[index].is_mark(";")):
            part = words[start:index]
            end = len(prologue(part, text))
            if part and end:
                declarations.append((part[0].start, end))
                part = [word for word in part if word.start >= end]
            if part:
                yield tuple(part), list(declarations)
            start = index + 1


def _check_syntax(text: str, spans: Sequence[tuple[int, int]]) -> None:
    """Let Oxigraph read parts of a request by running them on nothing; the rest is blanked, so that places stay true.

    One operation at a time, as Oxigraph 0.5 does not read declarations after a semicolon.

    :raises QueryError: with its place.
    """
    kept = [" " if character not in "\r\n" else character for character in text]
    for start, end in spans:
        kept[start:end] = text[start:end]
    try:
        Store().update("".join(kept))
    except SyntaxError as error:
        raise syntax_error(error, "update", "".join(kept)) from error
    except (RuntimeError, OSError, ValueError):
        return  # it was read, and only failed on the empty store (a graph that is not there, say)
