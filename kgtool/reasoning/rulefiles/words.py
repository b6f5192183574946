"""The words of a rule's text, read from the left, and the place of whatever is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from pyoxigraph import NamedNode

from kgtool.errors import ParseError, QueryError
from kgtool.reasoning.language import Var
from kgtool.store.declarations import prologue, resolve
from kgtool.store.tokens import Token, place_in, tokens

README = "see ontology/rules/README.md"
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
#: Outside parentheses, at most one triple stands between two of these.
_SEPARATORS = frozenset(".;,{")


class Words:
    """The words of a rule's text, and how far they have been read.

    :param text: SPARQL.
    :param file: what errors call it.
    """

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.all = tuple(_words(text))
        self.index = 0
        self._prologue = prologue(self.all, text)
        self._names: dict[str, NamedNode] = {}
        self._anonymous: dict[str, Var] = {}
        self._taken = {word.text[1:].casefold() for word in self.all if word.kind == "variable"}

    @cached_property
    def start(self) -> int:
        """The index of the first word after the declarations."""
        return next((i for i, word in enumerate(self.all) if word.start >= len(self._prologue)), len(self.all))

    def beyond(self, deepest: int, most: int) -> Token | None:
        """Give the first word with more brackets open than a limit allows, or with more triples above it."""
        depth = within = triples = 0
        for word in self.all:
            if word.kind == "mark":
                depth += (word.text in _OPENING) - (word.text in _CLOSING)
                within += (word.text == "(") - (word.text == ")")
                triples += within == 0 and word.text in _SEPARATORS
                if depth > deepest or triples > most:
                    return word
        return None

    def peek(self, ahead: int = 0) -> Token:
        """Give the next word, or one after it; at the end an empty mark."""
        place = self.index + ahead
        return self.all[place] if place < len(self.all) else Token("mark", "", len(self.text), len(self.text))

    def take(self) -> Token:
        """Take the next word."""
        word = self.peek()
        self.index += 1
        return word

    def skip_mark(self, mark: str) -> bool:
        """Take a punctuation mark if it comes next."""
        found = self.peek().is_mark(mark)
        self.index += found
        return found

    def skip_word(self, *names: str) -> bool:
        """Take a keyword if it comes next."""
        found = self.peek().is_word(*names)
        self.index += found
        return found

    def expect(self, mark: str) -> Token:
        """Take a punctuation mark.

        :raises ParseError: if something else comes next.
        """
        if not self.peek().is_mark(mark):
            raise self.unreadable()
        return self.take()

    def variable(self) -> Var:
        """Take a variable.

        :raises ParseError: if something else comes next.
        """
        if self.peek().kind != "variable":
            raise self.unreadable()
        return Var(self.take().text[1:])

    def name(self) -> NamedNode:
        """Take an IRI, whole or with a prefix, and resolve it as Oxigraph does.

        :raises ParseError: if something else comes next.
        """
        word = self.peek()
        if word.kind not in ("iri", "pname") or (word.text.startswith("<") and "\\" in word.text):
            raise self.unreadable()
        if word.text not in self._names:
            try:
                self._names[word.text] = resolve(word, self._prologue)
            except QueryError as error:
                raise self.refuse(f"{word.text[:80]} is no IRI", "put spaces around the signs < and >") from error
        self.index += 1
        return self._names[word.text]

    def anonymous(self, label: str | None = None) -> Var:
        """Give the variable that a blank node of the body stands for: a new one, or its label's."""
        key = label or f"[{len(self._anonymous)}]"
        if key not in self._anonymous:
            number = len(self._anonymous) + 1
            while f"blank{number}" in self._taken:
                number += 1
            self._taken.add(f"blank{number}")
            self._anonymous[key] = Var(f"blank{number}")
        return self._anonymous[key]

    def place(self, variable: Var, first: int, last: int) -> Token:
        """Give the word that first names a variable in a stretch of words; without one, the stretch's first word."""
        found = (word for word in self.all[first:last] if word.kind == "variable" and word.text[1:] == variable)
        return next(found, self.all[first])

    def refuse(self, what: str, hint: str, at: Token | int | None = None) -> ParseError:
        """Make the error for what the language has no place for.

        :param at: the word or the offset that is meant; otherwise the next word.
        """
        offset = at if isinstance(at, int) else (at or self.peek()).start
        return ParseError(what, where=place_in(self.text, offset, self.file), hint=hint)

    def unreadable(self) -> ParseError:
        """Make the error for a next word that nothing better can be said about."""
        word = self.peek()
        what = f"{word.text[:40]!r} is outside the language of rules here" if word.text else "the rule ends too early"
        return self.refuse(what, README)


def _words(text: str) -> Iterator[Token]:
    """Cut a text into words; ``1.`` is a number and the full stop after it (SPARQL 1.1, terminal [147])."""
    for word in tokens(text):
        if word.kind == "number" and word.text.endswith("."):
            yield Token("number", word.text[:-1], word.start, word.end - 1)
            yield Token("mark", ".", word.end - 1, word.end)
        else:
            yield word


def listed(variables: Iterable[Var]) -> str:
    """Write variables for people.

    >>> listed([Var("a"), Var("b")])
    '?a, ?b'
    """
    return ", ".join(f"?{variable}" for variable in variables)
