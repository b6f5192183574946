"""A SPARQL update request, read: which operations it has, where their parts stand, under which declarations.

Source: SPARQL 1.1 Query Language, section 19.8, grammar rules [29] to [51].
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Store

from kgtool.errors import QueryError
from kgtool.store.ambiguity import Edit, made_certain, reaches_out
from kgtool.store.declarations import prologue
from kgtool.store.limits import check_nesting
from kgtool.store.services import (
    NOWHERE,
    Rewritten,
    Services,
    applied,
    endpoint,
    merged,
    refuse_service,
    service_edits,
)
from kgtool.store.syntax import UPDATE_FORMS, syntax_error
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

    @property
    def loaded(self) -> Token | None:
        """What a LOAD names, if it is one and that is an IRI."""
        if not self.words[0].is_word("LOAD"):
            return None
        named = self.words[2:] if len(self.words) > 1 and self.words[1].is_word("SILENT") else self.words[1:]
        return named[0] if named and named[0].kind in ("iri", "pname") else None

    def between(self, first: int, last: int) -> str:
        """Give the text from one token to another, both included."""
        return self.text[self.words[first].start : self.words[last].end]


def read_update(text: str, services: Services | None = None) -> list[Operation]:
    """Cut an update request into its operations.

    :param services: what SERVICE and LOAD may reach; None for nothing.
    :raises QueryError: if it is not a SPARQL update, is too deeply nested, or has a SERVICE or a LOAD that may not be.
    """
    check_nesting(text, "update")
    words = list(tokens(text))
    certain: list[Edit] = []
    if reaches_out(text, "service", "load"):
        refuse_service(words, text, services, "update")
        certain = made_certain(words, text, "update")
    operations = []
    blank_nodes: dict[str, Token] = {}
    for part, declarations in _parts(words, text):
        operation = Operation(part, text, " ".join(text[start:end] for start, end in declarations))
        _check(operation, declarations, certain, services)
        for word in part:
            if word.kind == "blank" and blank_nodes.setdefault(word.text, part[0]) is not part[0]:
                raise QueryError(
                    f"{word.text} stands in two operations",
                    where=place_in(text, word.start, "update"),
                    hint="a blank node label belongs to one operation (SPARQL 1.1 Query, grammar note 7)",
                )
        operations.append(operation)
    if not operations:
        _run_on_nothing(text)
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


def _check(
    operation: Operation, declarations: Sequence[tuple[int, int]], certain: Sequence[Edit], services: Services | None
) -> None:
    """Let Oxigraph read one operation with its declarations; see that it may reach what it wants to.

    One at a time, as Oxigraph 0.5 does not read declarations after a semicolon. Nothing is reached here.

    :raises QueryError: with its place.
    """
    text, words = operation.text, operation.words
    spans = [*declarations, (words[0].start, words[-1].end)]
    edits: list[Edit] = []
    if services is not None:
        edits = service_edits(words, text, services, operation.prologue, "update", only_read=True)
    source = operation.loaded
    if words[0].is_word("LOAD"):
        _check_load(operation, services)
        if source is not None:
            edits.append(Edit(source.start, source.end, NOWHERE))
    elif not words[0].is_word(*UPDATE_FORMS) and reaches_out(text, "load"):  # LOADx:y would be a LOAD to Oxigraph
        place = place_in(text, words[0].start)
        wrong = SyntaxError(f"error at {place.line}:{place.column}: expected an operation")
        raise syntax_error(wrong, "update", _kept(text, spans))
    inside = [edit for edit in merged(certain, edits) if any(a <= edit.start and edit.end <= b for a, b in spans)]
    _run_on_nothing(_kept(text, spans), inside)


def _check_load(operation: Operation, services: Services | None) -> None:
    if services is None or not services.hosts:
        raise QueryError(
            "LOAD is switched off on this store",
            where=place_in(operation.text, operation.words[0].start, "update"),
            hint="use kgtool load, or send the data; KGTOOL_FEDERATION lists the hosts that may be reached",
        )
    if operation.loaded is not None:
        endpoint(operation.loaded, operation.text, operation.prologue, services, "update")


def _kept(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Give parts of a request; the rest is blanked, so that places stay true."""
    kept = [" " if character not in "\r\n" else character for character in text]
    for start, end in spans:
        kept[start:end] = text[start:end]
    return "".join(kept)


def _run_on_nothing(text: str, edits: Sequence[Edit] = ()) -> None:
    written = Rewritten(applied(edits, text), text, tuple(edits))
    try:
        Store().update(written.text)
    except SyntaxError as error:
        raise syntax_error(written.placed(error), "update", text) from error
    except (RuntimeError, OSError, ValueError):
        return  # it was read, and only failed on the empty store (a graph that is not there, say)
