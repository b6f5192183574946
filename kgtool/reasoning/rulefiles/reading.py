"""Reads rule files: one SPARQL CONSTRUCT each, in the subset that ``ontology/rules/README.md`` describes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pyoxigraph import Store

from kgtool.errors import Location, ParseError
from kgtool.reasoning.language import Absent, Aggregate, Atom, Optionally, Rule
from kgtool.reasoning.language.functions import CUSTOM_FUNCTIONS
from kgtool.reasoning.rulefiles.comments import read_directive, read_labels, read_sentences
from kgtool.reasoning.rulefiles.groups import group
from kgtool.reasoning.rulefiles.heads import check_directive, check_head
from kgtool.reasoning.rulefiles.pieces import Inside, atoms_of, binds_of, conditions_of
from kgtool.reasoning.rulefiles.scope import check_scope
from kgtool.reasoning.rulefiles.triples import Triple, triples
from kgtool.reasoning.rulefiles.words import Words
from kgtool.store.syntax import syntax_error

#: Parsers recurse into brackets, and planners weigh the orders of triples: what goes beyond is no rule.
_MOST_WORDS: Final = 2_000
_MOST_TRIPLES: Final = 100
_DEEPEST: Final = 40
_OTHER_FORMS: Final = ("SELECT", "ASK", "DESCRIBE", "INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "CREATE", "DROP")
_ENDING: Final = "a rule ends with its WHERE; leave this out"


def read_rules(folder: Path) -> tuple[Rule, ...]:
    """Read the rules of a folder, sorted by name; a folder that is not there has none.

    :raises ParseError: naming file, line and column of what is outside the language of rules.
    """
    files = sorted(folder.glob("*.rq"), key=lambda file: file.stem) if folder.is_dir() else ()
    return tuple(read_rule(_text(file), file.stem, str(file)) for file in files)


def read_rule(text: str, name: str, file: str) -> Rule:
    """Read one rule.

    :param text: its SPARQL, leading comments included.
    :param name: the file's name without ending.
    :param file: the file, as errors call it; the rule keeps its last part as its source.
    :raises ParseError: naming file, line and column of what is outside the language of rules.

    >>> rule = read_rule(
    ...     "# fr: Voisin\\n# en: Neighbour\\nCONSTRUCT { ?a <urn:x:near> ?b } WHERE { GRAPH ?g { ?b <urn:x:by> ?a } }",
    ...     "near", "near.rq")
    >>> rule.head
    (Atom(subject=?a, predicate=<NamedNode value=urn:x:near>, object=?b, graph=None),)
    >>> rule.body
    (Atom(subject=?b, predicate=<NamedNode value=urn:x:by>, object=?a, graph=?g),)
    """
    words = Words(text, file)
    _check_size(words)
    _check_form(words)
    _check_sparql(words)
    _check_names(words)
    labels = read_labels(words)
    directive = read_directive(words)
    head = _head(words)
    start = words.peek()
    pieces = group(words, Inside.WHERE)
    _check_end(words)
    parts = [piece.part for piece in pieces]
    if not any(isinstance(part, Atom) or (isinstance(part, Aggregate) and not part.optional) for part in parts):
        raise words.refuse(
            "a WHERE in which nothing has to be there", "add the triples that the rule starts from", start
        )
    scope = check_scope(words, pieces)
    check_head(words, head, scope)
    if directive is not None:
        check_directive(words, directive, head, scope)
    sentences = read_sentences(words, scope.all)
    return Rule(
        name,
        labels,
        tuple(triple.atom() for triple in head),
        atoms_of(pieces),
        conditions=conditions_of(pieces),
        binds=binds_of(pieces),
        absent=tuple(part for part in parts if isinstance(part, Absent)),
        optional=tuple(part for part in parts if isinstance(part, Optionally)),
        aggregates=tuple(part for part in parts if isinstance(part, Aggregate)),
        widest=directive.widest if directive is not None else None,
        source=Path(file).name,
        text=text,
        sentences=sentences,
    )


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError("a rule that is not UTF-8", where=Location(str(file)), hint="save it as UTF-8") from error
    except OSError as error:
        what = f"a rule that cannot be read: {error.strerror or error}"
        raise ParseError(what, where=Location(str(file)), hint="give the file, and the right to read it") from error


def _check_size(words: Words) -> None:
    word = words.beyond(_DEEPEST, _MOST_TRIPLES)
    if word is None and len(words.all) > _MOST_WORDS:
        word = words.all[_MOST_WORDS]
    if word is not None:
        limits = f"{_MOST_TRIPLES} triples, {_MOST_WORDS:,} words and brackets {_DEEPEST} deep are the most"
        raise words.refuse("a rule that is too large", f"write several; {limits}", word)


def _check_form(words: Words) -> None:
    """Refuse what is another request altogether, before it is run to see whether it is SPARQL."""
    words.index = words.start
    if not words.peek().text:
        raise words.refuse("an empty rule", "a rule is one SPARQL CONSTRUCT")
    if words.peek().is_word(*_OTHER_FORMS):
        raise words.refuse(f"{words.peek().text.upper()} is no rule", "a rule is one SPARQL CONSTRUCT")


def _check_sparql(words: Words) -> None:
    """Let Oxigraph parse the text: of what is no SPARQL at all, its messages are the better ones."""
    try:
        Store().query(words.text, custom_functions=dict(CUSTOM_FUNCTIONS))
    except SyntaxError as error:
        wrong = syntax_error(error, text=words.text)
        place = wrong.where or Location()
        where = Location(words.file, place.line or 1, place.column or 1)
        raise ParseError(wrong.what, where=where, hint=wrong.hint) from error
    except UnicodeError as error:
        raise words.refuse("half a character", "save the file as UTF-8", getattr(error, "start", 0)) from error
    except (ValueError, RuntimeError, OSError):
        # It is SPARQL, and cannot be run: a function that nobody knows, say, which is refused where it stands.
        return


def _check_names(words: Words) -> None:
    """Refuse variables that differ in case only: they become columns of tables, where case does not count."""
    known: dict[str, str] = {}
    for word in words.all:
        if word.kind == "variable":
            name = word.text[1:]
            other = known.setdefault(name.casefold(), name)
            if other != name:
                raise words.refuse(f"?{other} and ?{name} differ in case only", "give one of them another name", word)


def _head(words: Words) -> list[Triple]:
    if not words.skip_word("CONSTRUCT"):
        raise words.unreadable()
    if words.peek().is_word("WHERE"):
        raise words.refuse("the short form CONSTRUCT WHERE", "say what follows: CONSTRUCT { … } WHERE { … }")
    start = words.peek()
    _refuse_dataset(words)
    words.expect("{")
    head = triples(words, is_head=True)
    words.expect("}")
    if not head:
        raise words.refuse("a rule that concludes nothing", "say what follows: CONSTRUCT { … }", start)
    _refuse_dataset(words)
    words.skip_word("WHERE")
    return head


def _refuse_dataset(words: Words) -> None:
    if words.peek().is_word("FROM"):
        raise words.refuse("a rule that chooses its dataset", "leave FROM out, and name a source by GRAPH <…>")


def _check_end(words: Words) -> None:
    word = words.peek()
    if word.text:
        raise words.refuse(f"{word.text.upper()[:40]} after the WHERE", _ENDING)
