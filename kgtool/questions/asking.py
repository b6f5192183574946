"""A question with values: what to run for whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from pyoxigraph import Variable

from kgtool.errors import InputError
from kgtool.questions.query import widened
from kgtool.questions.question import TODAY, Question
from kgtool.questions.values import term_of
from kgtool.store.interface import Term
from kgtool.store.labels import Queryable
from kgtool.store.terms import shown


@dataclass(frozen=True)
class Bound:
    """A query with the terms of its variables, and the columns that are asked for (it may select more)."""

    text: str
    values: Mapping[Variable, Term]
    columns: tuple[str, ...]


def given_values(question: Question, parameters: Mapping[str, str], today: date) -> dict[str, str]:
    """Give the values that a question is asked with, in the order of its parameters: given ones and defaults.

    An empty value counts as left out.

    :param parameters: values by name, as a person writes them.
    :param today: the day that the default ``today`` means.
    :raises InputError: if one is unknown, or a required one is missing.
    """
    refuse_unknown(question, parameters)
    values = {}
    for parameter in question.parameters:
        value = parameters.get(parameter.name) or parameter.default
        if value is None and parameter.required:
            hint = f"give {parameter.name} ({parameter.takes}): {parameter.description['en']}"
            raise InputError(f"{question.name} needs the parameter {parameter.name}", hint=hint)
        if value is not None:
            values[parameter.name] = today.isoformat() if (parameter.type, value) == ("date", TODAY) else value
    return values


def refuse_unknown(question: Question, names: Iterable[str]) -> None:
    """Check that a question has parameters of these names.

    :raises InputError: naming the first that it has not, and the one that may be meant.
    """
    known = [parameter.name for parameter in question.parameters]
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, 1)
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            meant = f"did you mean {near[0]}? It takes {', '.join(known)}" if near else takes
            raise InputError(f"{question.name} has no parameter '{shown(name)}'", hint=meant)


def bound(question: Question, parameters: Mapping[str, str], graph: Queryable, today: date) -> Bound:
    """Bind a question's parameters.

    :param parameters: values by name, as a person writes them.
    :param graph: where labels of things are looked up.
    :param today: the day that ``today`` means.
    :raises InputError: if a parameter is unknown, missing or not of its type.
    """
    values = given_values(question, parameters, today)
    terms = {
        Variable(parameter.name): term_of(parameter, values[parameter.name], graph, today)
        for parameter in question.parameters
        if parameter.name in values
    }
    return Bound(widened(question.text, values), terms, tuple(column.name for column in question.columns))
