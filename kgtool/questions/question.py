"""What a question is: its texts in both languages, its parameters and columns, and its SPARQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: The types of parameters that have a name; a parameter with allowed values is a ``choice``.
TYPES: Final = ("iri", "date", "year", "integer", "text")
CHOICE: Final = "choice"
#: The default that means the day on which the question is asked.
TODAY: Final = "today"
LANGUAGES: Final = ("fr", "en")

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """One parameter: a variable of the query that whoever asks may bind.

    :param type: one of :data:`TYPES`, or ``choice``.
    :param allowed: the values of a choice.
    :param default: the value that it has when none is given, as a person would write it.
    :param required: whether it must be given; what is neither required nor has a default stays unbound.
    :param example: a value to show, as a person would write it.
    :param description: by language.
    """

    name: str
    type: str
    allowed: tuple[str, ...]
    default: str | None
    required: bool
    example: str | None
    description: Texts

    @property
    def takes(self) -> str:
        """Say what values it takes: the name of a type, or the values.

        >>> Parameter("mode", "choice", ("certain", "possible"), None, False, None, {}).takes
        'certain|possible'
        """
        return "|".join(self.allowed) if self.type == CHOICE else self.type

    def as_json(self) -> dict[str, object]:
        """Give what there is to know, for a program."""
        return {
            "name": self.name,
            "type": self.type,
            "allowed": list(self.allowed) or None,
            "default": self.default,
            "required": self.required,
            "example": self.example,
            "description": dict(self.description),
        }


@dataclass(frozen=True)
class Column:
    """One column of the answer: a variable that the query selects."""

    name: str
    description: Texts


@dataclass(frozen=True)
class Question:
    """A question with a name, as its file says it.

    :param title: by language, as is ``description``.
    :param text: the query, without the comments above it.
    """

    name: str
    title: Texts
    description: Texts
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    text: str

    @property
    def example(self) -> dict[str, str] | None:
        """Give the values of its parameters' examples; None where a required parameter has none."""
        if any(parameter.required and parameter.example is None for parameter in self.parameters):
            return None
        return {parameter.name: parameter.example for parameter in self.parameters if parameter.example is not None}

    def as_json(self) -> dict[str, object]:
        """Give what there is to know, for a program."""
        return {
            "name": self.name,
            "title": dict(self.title),
            "description": dict(self.description),
            "parameters": [parameter.as_json() for parameter in self.parameters],
            "columns": [{"name": column.name, "description": dict(column.description)} for column in self.columns],
            "sparql": self.text,
        }
