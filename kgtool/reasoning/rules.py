"""Rules beyond OWL, as files: one SPARQL CONSTRUCT each, labelled in French and English by its leading comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import QueryTriples, Store

from kgtool.errors import Location, ParseError
from kgtool.store.syntax import syntax_error
from kgtool.store.tokens import closing, tokens

_LABEL = re.compile(r"^#\s*(fr|en):\s*(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Rule:
    """One rule.

    :param name: the file's name without ending.
    :param text: its SPARQL CONSTRUCT.
    :param labels: language to label.
    """

    name: str
    text: str
    labels: dict[str, str]


def read_rules(folder: Path) -> tuple[Rule, ...]:
    """Read the rules of a folder, sorted by name; a folder that is not there has none.

    :raises ParseError: naming file and line, if one is no CONSTRUCT, has no label, or makes blank nodes.
    """
    return tuple(_read_rule(file) for file in sorted(folder.glob("*.rq"))) if folder.is_dir() else ()


def _read_rule(file: Path) -> Rule:
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError("a rule that is not UTF-8", where=Location(str(file)), hint="save it as UTF-8") from error
    try:
        construct = isinstance(Store().query(text), QueryTriples)
    except SyntaxError as error:
        wrong = syntax_error(error, text=text)
        place = wrong.where or Location()
        raise ParseError(wrong.what, where=Location(str(file), place.line, place.column), hint=wrong.hint) from error
    labels = dict(_LABEL.findall(text))
    if not construct or set(labels) != {"fr", "en"}:
        raise ParseError(
            "a rule is one SPARQL CONSTRUCT with its label in French and English",
            where=Location(str(file), 1),
            hint="start it with the lines “# fr: …” and “# en: …”",
        )
    _refuse_blank_head(file, text)
    return Rule(file.stem, text, labels)


def _refuse_blank_head(file: Path, text: str) -> None:
    """A head with blank nodes makes new ones at each round, and never ends."""
    words = list(tokens(text))
    head = next((index for index, word in enumerate(words) if word.is_word("CONSTRUCT")), 0)
    if head + 1 >= len(words) or not words[head + 1].is_mark("{"):
        return
    for word in words[head + 1 : closing(words, head + 1)]:
        if word.kind == "blank" or word.is_mark("[") or word.is_mark("("):
            raise ParseError(
                "a rule's head may not make blank nodes",
                where=Location(str(file), text.count("\n", 0, word.start) + 1),
                hint="build an IRI from parts in the body: BIND(IRI(CONCAT(…)) AS ?x)",
            )
