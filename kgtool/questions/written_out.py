"""A question with values as one query text that stands alone: to be read, changed and sent by somebody else.

Running a question binds values as terms (:mod:`kgtool.questions.query`), so no value can become a part of its text.
Here the text is for people, so each value takes the place of its variable, written as the term that it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from pyoxigraph import Variable

from kgtool.questions.computed import given_name, tests
from kgtool.questions.query import selects
from kgtool.store.interface import Term
from kgtool.store.tokens import Token, tokens


def written_out(text: str, values: Mapping[Variable, Term], columns: tuple[str, ...]) -> str:
    """Write the values of a question's variables into its query.

    :param text: the query, as its file has it.
    :param columns: the variables that the outermost SELECT keeps as columns.

    >>> from pyoxigraph import NamedNode
    >>> values = {Variable("a"): NamedNode("urn:x:a")}
    >>> print(written_out("SELECT ?a ?b { ?a ?p ?b FILTER(BOUND(?a)) }", values, ("a", "b")))
    SELECT (<urn:x:a> AS ?a) ?b { <urn:x:a> ?p ?b FILTER(true) }
    >>> print(written_out("SELECT ?b { ?b ?p ?c BIND(STR(?c) AS ?a) }", values, ("b",)))
    SELECT ?b { ?b ?p ?c FILTER(sameTerm(STR(?c), <urn:x:a>)) }
    """
    words = list(tokens(text))
    terms = {variable.value: str(term) for variable, term in values.items()}
    changed = list(tests(text, words, terms))
    changes = [(change.start, change.end, change.put) for change in changed]

    def is_changed(word: Token) -> bool:
        return any(change.start <= word.start < change.end for change in changed)

    named = {following.start for word, following in pairwise(words) if word.is_word("AS")}
    bound = set()
    for index in range(len(words) - 3):
        word, bracket, variable, end = words[index : index + 4]
        is_whole = bracket.is_mark("(") and end.is_mark(")")
        if word.is_word("BOUND") and is_whole and variable.text[1:] in terms and not is_changed(word):
            changes.append((word.start, end.end, "true"))
            bound.add(variable.start)
    projected: dict[int, str] = {}
    modifying: set[int] = set()
    for number, select in enumerate(selects(words)):
        modifying.update(word.start for word in words[select.modifiers : select.last])
        for word in words[select.first : select.modifiers]:
            name = word.text[1:]
            if word.kind == "variable" and name in terms and name in select.bare and word.end <= select.names_end:
                kept = number > 0 or name in columns
                projected[word.start] = f"({terms[name]} AS ?{given_name(name, number)})" if kept else ""
    for word in words:
        name = word.text[1:]
        if is_changed(word):
            continue
        if word.kind == "variable" and name in terms and word.start not in bound | named:
            # GROUP BY and ORDER BY take a term in brackets only (terminals [20] and [24]).
            put = f"({terms[name]})" if word.start in modifying else terms[name]
            changes.append((word.start, word.end, projected.get(word.start, put)))
    for start, end_, put in sorted(changes, reverse=True):
        text = text[:start] + put + text[end_:]
    return text
