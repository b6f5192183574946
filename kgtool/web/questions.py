"""The example questions: SPARQL files that begin with their titles, ``# fr: …`` and ``# en: …``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kgtool.errors import InputError, Location
from kgtool.web.negotiation import LANGUAGES


@dataclass(frozen=True)
class Question:
    """An example: its name, its titles by language, and the whole text of its file."""

    name: str
    titles: dict[str, str]
    text: str


def read_question(path: Path) -> Question:
    """Read one file. Comments at its head of another form are for later use, and left alone.

    :raises InputError: if it lacks a title.
    """
    text = path.read_text(encoding="utf-8")
    titles: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        key, colon, value = line.lstrip("# ").partition(":")
        if colon and key.strip() in LANGUAGES:
            titles[key.strip()] = value.strip()
    missing = [language for language in LANGUAGES if not titles.get(language)]
    if missing:
        raise InputError(f"a question without a title in {', '.join(missing)}", where=Location(str(path), 1))
    return Question(path.stem, titles, text)


def questions(folder: Path) -> tuple[Question, ...]:
    """Give the questions of a folder in the order of their names; a folder that is not there has none."""
    return tuple(read_question(path) for path in sorted(folder.glob("*.rq")))
