"""The command that says why: explain."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click
from pyoxigraph import Quad

import kgtool
from kgtool import export as exports
from kgtool.cli import terminal
from kgtool.reasoning.proofs.as_json import contradictions_document, explanation_document
from kgtool.reasoning.proofs.naming import GraphLabels
from kgtool.reasoning.proofs.phrases import LANGUAGES
from kgtool.reasoning.proofs.prov import contradiction_quads, explanation_quads
from kgtool.reasoning.proofs.text import as_text, contradiction_blocks, explanation_blocks
from kgtool.store.terms import read_triple, unused_property
from kgtool.vocabulary import PREFIXES

#: Most proofs that may be asked for; each further one takes as long as all before it.
_MOST: Final = 20
#: Where the language of a person at a terminal stands, what counts most first (POSIX, 8.2).
_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


def _language() -> str:
    """Give the language of the environment: French, or else English."""
    named = next((os.environ[name] for name in _LOCALE if os.environ.get(name)), "")
    return "fr" if named.lower().startswith("fr") else "en"


@click.command()
@click.argument("subject", metavar="[S", required=False)
@click.argument("predicate", metavar="P", required=False)
@click.argument("value", metavar="O]", required=False)
@click.option(
    "-f", "--format", "format_", type=click.Choice(("text", "json", "turtle")), default="text", show_default=True,
    help="Format of the explanation.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The same as -f json.")
@click.option("--limit", type=click.IntRange(1, _MOST), default=3, show_default=True, help="How many proofs at most.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), default=_language, show_default="that of the environment",
    help="Language of the text.",
)  # fmt: skip
@click.option("--contradictions", is_flag=True, help="Without S P O: explain what contradicts itself in the store.")
@click.pass_obj
def explain(
    store: Path,
    subject: str | None,
    predicate: str | None,
    value: str | None,
    format_: str,
    as_json: bool,
    limit: int,
    language: str,
    contradictions: bool,
) -> int:
    """Say why the triple S P O holds: proofs by rules, down to what each source says, the shortest first.

    Exit 0 if it holds; 1 if it does not, and what the nearest rules lack. S, P and O are IRIs (with < > or without),
    prefixed names, blank nodes, literals as in Turtle, or the label of one thing; P may be a. Put -- before a negative
    number.

    \b
    Examples:
      kgtool explain 'Luc Buée' kg:affiliatedWith Inserm
      kgtool explain '<urn:x:ada>' a foaf:Person -f json
      kgtool explain --contradictions
    """
    chosen = "json" if as_json else format_
    if contradictions:
        if subject is not None:
            raise click.UsageError("--contradictions takes no triple")
        return _explain_contradictions(store, chosen, language)
    if subject is None or predicate is None or value is None:
        raise click.UsageError("give a triple: subject, property and object, each as one argument")
    with kgtool.KnowledgeGraph.open(store) as kg:
        fact = read_triple(subject, predicate, value, kg)
        found = kg.explain(*fact, limit=limit)
        meant = None if found.holds else unused_property(fact[1], kg)
        if chosen == "json":
            terminal.print_json(explanation_document(found, meant=meant), sys.stdout)
        elif chosen == "turtle":
            _print_turtle(explanation_quads(found))
        else:
            _print_text(as_text(explanation_blocks(found, GraphLabels(kg), language, meant=meant)))
    return 0 if found.holds else 1


def _explain_contradictions(store: Path, format_: str, language: str) -> int:
    with kgtool.KnowledgeGraph.open(store) as kg:
        found = kg.explain_clashes()
        if format_ == "json":
            terminal.print_json(contradictions_document(found), sys.stdout)
        elif format_ == "turtle":
            _print_turtle(contradiction_quads(found))
        else:
            _print_text(as_text(contradiction_blocks(found, GraphLabels(kg), language)))
    return 1 if found else 0


def _print_text(text: str) -> None:
    """Print a text whose dashes and accents a terminal of another encoding may lack."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode(sys.stdout.encoding or "utf-8", "replace"))


def _print_turtle(quads: Iterable[Quad]) -> None:
    exports.export(quads, "turtle", sys.stdout.buffer, prefixes=PREFIXES)
