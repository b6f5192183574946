"""Triples of rules, read from SPARQL: ``;`` and ``,``, ``a``, blank nodes; no paths and no lists."""

from __future__ import annotations

from typing import Final, NamedTuple

from kgtool.errors import ParseError
from kgtool.reasoning.language import Atom, Node
from kgtool.reasoning.rulefiles.terms import literal, starts_literal
from kgtool.reasoning.rulefiles.words import Words
from kgtool.store.tokens import Token
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
_PATH_STARTS: Final = ("^", "!", "(")
_PATH_SIGNS: Final = ("/", "|", "*", "+", "?", "^")


class Triple(NamedTuple):
    """A triple, and the words that its subject, predicate and object start with."""

    subject: Node
    predicate: Node
    object: Node
    words: tuple[Token, Token, Token]

    def atom(self, graph: Node | None = None) -> Atom:
        """Give it as an atom."""
        return Atom(self.subject, self.predicate, self.object, graph)


def triples(words: Words, *, is_head: bool = False) -> list[Triple]:
    """Take triples, up to what cannot start one.

    :param is_head: whether they are conclusions, which may not have blank nodes.
    :raises ParseError: for paths, lists, triples as terms, and literals as subjects.
    """
    reader = _Reader(words, is_head)
    while reader.starts_node():
        reader.same_subject()
        if not words.skip_mark("."):
            break
    return reader.found


class _Reader:
    """Reads triples from words."""

    def __init__(self, words: Words, is_head: bool) -> None:
        self.words = words
        self.is_head = is_head
        self.found: list[Triple] = []

    def starts_node(self) -> bool:
        word = self.words.peek()
        if word.kind == "mark":
            return word.text in ("[", "(", "<") or starts_literal(self.words)
        return word.kind not in ("word", "language") or starts_literal(self.words)

    def same_subject(self) -> None:
        """Take a subject and all that is said of it."""
        first = self.words.peek()
        if starts_literal(self.words):
            raise self.words.refuse("a literal as subject", "only IRIs and blank nodes have properties")
        count = len(self.found)
        subject = self.node()
        if first.is_mark("[") and len(self.found) > count and self.words.peek().text in (".", "}"):
            return  # [ … ] says something all by itself
        self.properties(subject, first)

    def properties(self, subject: Node, first: Token) -> None:
        """Take predicates and objects, up to a mark that ends them."""
        while True:
            verb = self.words.peek()
            predicate = self.predicate()
            while True:
                word = self.words.peek()
                value = self.node()
                self.found.append(Triple(subject, predicate, value, (first, verb, word)))
                self.refuse_annotation()
                if not self.words.skip_mark(","):
                    break
            if not self.words.peek().is_mark(";"):
                return
            while self.words.skip_mark(";"):
                pass
            if self.words.peek().text in (".", "}", "]"):
                return

    def predicate(self) -> Node:
        word = self.words.peek()
        if word.kind == "mark" and word.text in _PATH_STARTS:
            raise self.path()
        predicate: Node
        if word.kind == "word" and word.text == "a":
            self.words.take()
            predicate = _TYPE
        elif word.kind == "variable":
            predicate = self.words.variable()
        else:
            predicate = self.words.name()
        if (
            self.words.peek().kind == "mark"
            and self.words.peek().text in _PATH_SIGNS
            and not starts_literal(self.words)
        ):
            raise self.path()
        return predicate

    def path(self) -> ParseError:
        return self.words.refuse(
            "a path", "give each step a triple of its own; for any number of steps, conclude a property step by step"
        )

    def node(self) -> Node:
        """Take a subject or object."""
        word = self.words.peek()
        if starts_literal(self.words):
            return literal(self.words)
        if word.kind == "variable":
            return self.words.variable()
        if self.is_head and (word.kind == "blank" or (word.kind == "mark" and word.text in ("[", "("))):
            raise self.words.refuse(
                "a rule's head may not make blank nodes",
                "build an IRI from parts in the body: BIND(IRI(CONCAT(…)) AS ?x)",
            )
        if word.kind == "blank":
            return self.words.anonymous(self.words.take().text)
        if word.is_mark("("):
            raise self.words.refuse("a list", "match its nodes by rdf:first and rdf:rest")
        if word.is_mark("<") and self.words.peek(1).is_mark("<"):
            raise self.words.refuse("a triple as a term", "match the nodes that describe it")
        if self.words.skip_mark("["):
            node = self.words.anonymous()
            if not self.words.peek().is_mark("]"):
                self.properties(node, word)
            self.words.expect("]")
            return node
        return self.words.name()

    def refuse_annotation(self) -> None:
        word = self.words.peek()
        if word.is_mark("~") or (word.is_mark("{") and self.words.peek(1).is_mark("|")):
            raise self.words.refuse("a statement about a triple", "match the nodes that describe it")
