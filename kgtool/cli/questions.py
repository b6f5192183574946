"""The command that answers questions with a name, lists them, and says what each takes: ask."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import click

import kgtool
from kgtool.cli import options, terminal
from kgtool.cli.answers import print_answer
from kgtool.questions import Parameter, Question
from kgtool.store.results import SOLUTION_FORMATS

_WIDTH: Final = 100
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "usage": {"en": "Usage: ", "fr": "Usage : "},
    "parameters": {"en": "Parameters", "fr": "Paramètres "},
    "columns": {"en": "Columns", "fr": "Colonnes "},
    "example": {"en": "Example", "fr": "Exemple "},
    "required": {"en": "required", "fr": "obligatoire"},
    "default": {"en": "default: ", "fr": "par défaut : "},
    "more": {
        "en": "Formats and other options: kgtool ask --help",
        "fr": "Formats et autres options : kgtool ask --help",
    },
}


@click.command(add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("words", metavar="[NAME] [--PARAM VALUE]...", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "-f", "--format", "format_", type=click.Choice(("table", *SOLUTION_FORMATS)), help="Format of the answer."
)
@click.option("--json", "as_json", is_flag=True, help="The same as -f json; without NAME, all about each question.")
@options.language("titles and help")
@options.timeout
@click.option("-h", "--help", "help_", is_flag=True, help="Show this message, or with NAME what the question takes.")
@click.pass_context
def ask(
    context: click.Context,
    words: tuple[str, ...],
    format_: str | None,
    as_json: bool,
    language: str,
    timeout: float | None,
    help_: bool,
) -> int:
    """Answer the question NAME, with a value for each of its parameters; without NAME, list the questions.

    At a terminal the answer is a table; elsewhere CSV. An IRI is given in full, with a prefix, as what follows …/id/,
    or as the label of one thing; a date as YYYY-MM-DD, or today. Write --PARAM=VALUE for a value like --json.

    \b
    Examples:
      kgtool ask
      kgtool ask affiliated --help
      kgtool ask affiliated --institution Inserm --date 2024-06-30 -f csv
    """
    name, parameters = _name_and_parameters(words)
    if name is None and help_:
        click.echo(context.get_help())
        return 0
    if name is None:
        return _list(context.obj, format_, as_json, language)
    open_graph = kgtool.KnowledgeGraph.open  # imported here, as the time limit is the question's

    def answer() -> int:
        with open_graph(context.obj) as kg:
            if help_:
                click.echo(_help(kg.question(name), language))
                return 0
            return print_answer(kg.ask(name, parameters), format_, as_json)

    return terminal.killable(answer, timeout)


def _name_and_parameters(words: Sequence[str]) -> tuple[str | None, dict[str, str]]:
    """Read what click leaves: the name, and ``--parameter value`` or ``--parameter=value``.

    :raises click.UsageError: for anything else.
    """
    name: str | None = None
    parameters: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        if word.startswith("--") and len(word) > 2:
            key, equals, value = word.removeprefix("--").partition("=")
            found = value if equals else next(rest, None)
            if found is None:
                raise click.UsageError(f"--{key} needs a value")
            if key in parameters:
                raise click.UsageError(f"--{key} is given twice")
            parameters[key] = found
        elif word.startswith("-") or name is not None:
            raise click.UsageError(f"{word!r} is out of place; give one NAME, and each parameter as --PARAM VALUE")
        else:
            name = word
    if name is None and parameters:
        raise click.UsageError(f"--{next(iter(parameters))} is given to no question; name one: kgtool ask NAME")
    return name, parameters


def _list(store: Path, format_: str | None, as_json: bool, language: str) -> int:
    if format_ not in (None, "table", "json"):
        raise click.UsageError(f"-f {format_} is for the answer of a question; name one, or use --json")
    with kgtool.KnowledgeGraph.open(store) as kg:
        questions = kg.questions()
    if not questions:
        terminal.say("this store keeps no questions; build it with an ontology that has some")
    if as_json or format_ == "json":
        terminal.print_json({"questions": [question.as_json() for question in questions]}, sys.stdout)
    else:
        rows = [(question.name, question.title[language]) for question in questions]
        terminal.print_table(("name", "title"), rows, sys.stdout)
    return 0


def _help(question: Question, language: str) -> str:
    words = {name: texts[language] for name, texts in _WORDS.items()}
    formatter = click.HelpFormatter(max_width=_WIDTH)
    formatter.write_usage(f"kgtool ask {question.name}", " ".join(_usage(question)), words["usage"])
    for text in (question.title[language], question.description[language]):
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)
    if question.parameters:
        with formatter.section(words["parameters"]):
            formatter.write_dl([(_taken(each), _described(each, language, words)) for each in question.parameters])
    with formatter.section(words["columns"]):
        formatter.write_dl([(column.name, column.description[language]) for column in question.columns])
    with formatter.section(words["example"]):
        formatter.write_text(" ".join(_example(question)))
    formatter.write_paragraph()
    formatter.write_text(words["more"])
    return formatter.getvalue().rstrip()


def _taken(parameter: Parameter) -> str:
    return f"--{parameter.name} {parameter.takes if parameter.allowed else parameter.takes.upper()}"


def _usage(question: Question) -> Iterator[str]:
    for parameter in question.parameters:
        yield _taken(parameter) if parameter.required else f"[{_taken(parameter)}]"


def _described(parameter: Parameter, language: str, words: Mapping[str, str]) -> str:
    note = words["required"] if parameter.required else ""
    if parameter.default is not None:
        note = f"{words['default']}{parameter.default}"
    return f"{parameter.description[language]}  [{note}]" if note else parameter.description[language]


def _example(question: Question) -> Iterator[str]:
    yield f"kgtool ask {question.name}"
    for parameter in question.parameters:
        value = parameter.example or (parameter.allowed[0] if parameter.allowed else parameter.takes.upper())
        if parameter.required or parameter.example:
            yield f"--{parameter.name} {shlex.quote(value)}"
