"""Reading the triple patterns of a query off its text.

Expressions are passed over, since they choose among solutions and look at nothing, save for ``EXISTS``. What is not
known here (``GRAPH``, ``SERVICE``, lists, negated paths) is refused: the caller then lets the query see everything.

Source: SPARQL 1.1 Query Language, section 19.8, rules [1] to [109].
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal, TypeAlias

from pyoxigraph import NamedNode, Store

from kgtool.store.tokens import Token, closing, tokens
from kgtool.validate.patterns import End, Group, Inner, Path, Pattern, Query
from kgtool.vocabulary import iri

Rename: TypeAlias = Callable[[str], str]

_AGGREGATED = ("GROUP", "HAVING", "LIMIT", "OFFSET")


class UnreadableError(Exception):
    """The query holds something that is not known here."""


@lru_cache(maxsize=512)
def read_patterns(text: str) -> Query | None:
    """Read the patterns of a query; None if it holds something unknown, or Oxigraph cannot answer it.

    >>> found = read_patterns("PREFIX x: <urn:x:> ASK { $this x:p/^x:q ?v FILTER NOT EXISTS { ?v (x:r|x:s)* ?w } }")
    >>> [(p.subject, p.path.kind, p.object) for p in found.group.patterns]
    [('this', 'sequence', 'v')]
    >>> [(sorted(inner.sees), inner.group.patterns[0].path.empty) for inner in found.group.inner]
    [(['this', 'v'], True)]
    >>> read_patterns("ASK { GRAPH ?g { ?s ?p ?o } }") is None
    True
    """
    try:
        Store().query(text)
        return _Reader(text).query()
    except (UnreadableError, SyntaxError, RuntimeError, IndexError, KeyError, ValueError):
        return None


class _Reader:
    """Goes through the tokens of a query once."""

    def __init__(self, text: str) -> None:
        self._words = list(tokens(text))
        self._at = 0
        self._prefixes: dict[str, str] = {}
        self._scopes = 0
        self._aggregated = False
        self._flat = True

    def query(self) -> Query:
        """Read the whole query."""
        while self._takes("PREFIX"):
            name, namespace = self._next(), self._next()
            self._prefixes[name.text] = namespace.text[1:-1]
        projected, computed = (set(), False) if self._takes("ASK") else self._projection()
        group = Group()
        self._group(group, lambda name: name)
        rest = self._words[self._at :]
        named = frozenset(word.text[1:] for word in self._words if word.kind == "variable")
        aggregated = self._aggregated or computed or _aggregates(rest)
        return Query(group, frozenset(projected), named, aggregated, self._flat)

    def _projection(self) -> tuple[set[str], bool]:
        """Read SELECT: its variables, and whether some are computed."""
        if not self._takes("SELECT"):
            raise UnreadableError("neither SELECT nor ASK")
        words = self._words[self._at : self._find("{")]
        if any(word.is_word("FROM", "EXISTS") for word in words):
            raise UnreadableError("a dataset, or EXISTS in SELECT")
        self._at += len(words)
        names = {word.text.lstrip("?$") for word in words if word.kind == "variable" or word.is_mark("*")}
        return names, any(word.is_mark("(") for word in words)

    def _group(self, into: Group, rename: Rename) -> None:
        """Read a group, its patterns into those of the group around it."""
        self._takes("WHERE")
        self._expect("{")
        start = len(into.patterns)
        at_end: list[Inner] = []
        while not self._takes("}"):
            word = self._peek()
            self._flat = self._flat and not (word.is_word("SELECT", "OPTIONAL", "MINUS", "VALUES") or word.is_mark("{"))
            if word.is_word("SELECT"):
                self._sub_select(into, rename)
            elif word.is_mark("{"):
                at_end += self._alternatives(into, rename)
            elif self._takes("OPTIONAL") or self._takes("MINUS"):
                into.inner.append(Inner(self._apart(rename), into.variables(start), substituted=False))
            elif self._takes("FILTER"):
                at_end += self._expression(rename)
            elif self._takes("BIND"):
                tests = self._expression(rename)
                for test in tests:
                    test.sees |= into.variables(start)
                into.inner += tests
            elif self._takes("VALUES"):
                self._at = closing(self._words, self._find("{")) + 1
            elif word.is_word("GRAPH", "SERVICE"):
                raise UnreadableError(word.text)
            elif not self._takes("."):
                self._triples(into, rename)
        for inner in at_end:
            inner.sees |= into.variables(start)
        into.inner += at_end

    def _apart(self, rename: Rename) -> Group:
        group = Group()
        self._group(group, rename)
        return group

    def _alternatives(self, into: Group, rename: Rename) -> list[Inner]:
        """Read a plain group, or the branches of a UNION."""
        if not self._words[closing(self._words, self._at) + 1].is_word("UNION"):
            self._group(into, rename)
            return []
        branches = [self._apart(rename)]
        while self._takes("UNION"):
            branches.append(self._apart(rename))
        return [Inner(branch, set(), substituted=False) for branch in branches]

    def _sub_select(self, into: Group, rename: Rename) -> None:
        """Read a sub-select; what it does not project, or counts, are other variables than those outside."""
        projected, computed = self._projection()
        end = closing(self._words, self._find("{")) + 1
        tail = self._words[end : self._find("}", end)]
        self._scopes += 1
        scope, apart = self._scopes, computed or _aggregates(tail)
        self._aggregated = self._aggregated or apart

        def renamed(name: str) -> str:
            shared = not apart and (name in projected or "*" in projected)
            return rename(name) if shared else f"{name}#{scope}"

        self._group(into, renamed)
        self._at += len(tail)

    def _expression(self, rename: Rename) -> list[Inner]:
        """Pass over an expression in brackets, or a call; give what its EXISTS test."""
        tests: list[Inner] = []
        depth = 0
        while True:
            word = self._next()
            if word.is_word("EXISTS"):
                tests.append(Inner(self._apart(rename), set(), substituted=True))
                if depth == 0:
                    return tests
            elif word.is_mark("("):
                depth += 1
            elif word.is_mark(")"):
                depth -= 1
                if depth == 0:
                    return tests

    def _triples(self, into: Group, rename: Rename) -> None:
        subject = self._end(rename)
        while True:
            path = self._path() if self._peek().kind != "variable" else rename(self._next().text[1:])
            into.patterns.append(Pattern(subject, path, self._end(rename)))
            while self._takes(","):
                into.patterns.append(Pattern(subject, path, self._end(rename)))
            if not self._takes(";"):
                return
            while self._takes(";"):
                pass
            word = self._peek()
            if not (word.kind in ("variable", "iri", "pname") or word.text in ("a", "^", "(", "!")):
                return

    def _end(self, rename: Rename) -> End:
        word = self._next()
        if word.kind == "variable":
            return rename(word.text[1:])
        if word.kind == "blank":
            return rename(word.text)
        if word.kind in ("iri", "pname"):
            return self._named(word)
        if word.text in ("+", "-"):
            word = self._next()
        if word.kind == "string":
            if self._takes("^^"):
                self._next()
            elif self._peek().kind == "language":
                self._at += 1
        elif word.kind != "number" and not word.is_word("TRUE", "FALSE"):
            raise UnreadableError(word.text)
        return None

    def _path(self) -> Path:
        return self._several("|", "choice", lambda: self._several("/", "sequence", self._step))

    def _several(self, mark: str, kind: Literal["choice", "sequence"], part: Callable[[], Path]) -> Path:
        parts = [part()]
        while self._takes(mark):
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        empty = any(each.empty for each in parts) if kind == "choice" else all(each.empty for each in parts)
        return Path(kind, tuple(parts), empty=empty)

    def _step(self) -> Path:
        if self._takes("^"):
            step = self._step()
            return Path("inverse", (step,), empty=step.empty)
        word = self._next()
        if word.is_mark("("):
            step = self._path()
            self._expect(")")
        else:
            step = Path("link", iri=iri("rdf", "type") if word.text == "a" else self._named(word))
        for mark in "*+?":
            if self._takes(mark):
                return Path("optional" if mark == "?" else "repeated", (step,), empty=step.empty or mark != "+")
        return step

    def _named(self, word: Token) -> NamedNode:
        if word.kind == "iri":
            return NamedNode(word.text[1:-1])
        prefix, _, name = word.text.partition(":")
        if word.kind != "pname" or "\\" in name:
            raise UnreadableError(word.text)
        return NamedNode(self._prefixes[prefix + ":"] + name)

    def _peek(self) -> Token:
        return self._words[self._at]

    def _next(self) -> Token:
        self._at += 1
        return self._words[self._at - 1]

    def _takes(self, text: str) -> bool:
        """Go past a keyword or mark if it is the next one."""
        if self._at < len(self._words) and (self._peek().is_word(text) or self._peek().is_mark(text)):
            self._at += 1
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._takes(mark):
            raise UnreadableError(self._peek().text)

    def _find(self, mark: str, start: int | None = None) -> int:
        """Give the index of the next such mark."""
        index = self._at if start is None else start
        while not self._words[index].is_mark(mark):
            index += 1
        return index


def _aggregates(words: list[Token]) -> bool:
    """Tell whether what follows a group counts its solutions or cuts them off."""
    if any(word.is_mark("{") for word in words):
        raise UnreadableError("VALUES, or EXISTS in HAVING")
    return any(word.is_word(*_AGGREGATED) for word in words)
