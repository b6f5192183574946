"""The head of a rule: what it may conclude, and that its body binds what it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pyoxigraph import NamedNode

from kgtool.reasoning.language import Var
from kgtool.reasoning.owl.axioms import is_about_axioms
from kgtool.reasoning.rulefiles.comments import Directive
from kgtool.reasoning.rulefiles.scope import Scope
from kgtool.reasoning.rulefiles.triples import Triple
from kgtool.reasoning.rulefiles.words import Words
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
#: Lists are parts of axioms, and equality is what the engines build their indexes on.
_NEVER: Final = (iri("owl", "sameAs"), iri("rdf", "first"), iri("rdf", "rest"))
_FORBIDDEN: Final = "No rule may conclude anything about classes and properties, or that two things are the same"


def check_head(words: Words, head: Sequence[Triple], scope: Scope) -> None:
    """See to it that a head concludes what rules may conclude, of what its body binds.

    :raises ParseError: otherwise.
    """
    bound = scope.settled | scope.values
    for triple in head:
        subject_word, predicate_word, object_word = triple.words
        if not isinstance(triple.predicate, NamedNode):
            raise words.refuse("a head whose predicate is a variable", "name the property", predicate_word)
        if triple.predicate == _TYPE and isinstance(triple.object, Var):
            raise words.refuse(f"a type that could be any. {_FORBIDDEN}", "name the class", object_word)
        if triple.predicate in _NEVER or is_about_axioms(triple.atom()):
            raise words.refuse(_FORBIDDEN, "say it in the ontology, as an axiom", predicate_word)
        if isinstance(triple.subject, Var) and triple.subject not in bound:
            what = "only an OPTIONAL binds" if triple.subject in scope.maybe else "nothing in the body binds"
            raise words.refuse(f"{what} ?{triple.subject}", "add the triple that does", subject_word)
        if isinstance(triple.object, Var) and triple.object not in scope.all:
            raise words.refuse(f"nothing in the body binds ?{triple.object}", "add the triple that does", object_word)


def check_directive(words: Words, directive: Directive, head: Sequence[Triple], scope: Scope) -> None:
    """See to it that “widest” speaks of a node that the rule builds, and of its properties.

    :raises ParseError: otherwise.
    """
    widest, offset = directive
    if widest.node not in scope.computed:
        raise words.refuse(
            f"“widest” looks at ?{widest.node}, which the rule does not build",
            f"build it: BIND(IRI(CONCAT(…)) AS ?{widest.node})",
            _place(words, offset, widest.node),
        )
    for triple in head:
        if triple.subject != widest.node:
            raise words.refuse(
                f"a head with “widest” that speaks of something else than ?{widest.node}",
                f"conclude properties of ?{widest.node} only, and the rest by another rule that looks at them",
                triple.words[0],
            )
    properties = [triple.object for triple in head]
    for variable in (*widest.group, *(bound for interval in widest.intervals for bound in interval)):
        if properties.count(variable) != 1:
            raise words.refuse(
                f"“widest” looks at ?{variable}, which is not the value of one property of ?{widest.node} in the head",
                f"conclude it as one property of ?{widest.node}; BIND gives the same value a second name",
                _place(words, offset, variable),
            )
    first = widest.group[0]
    if first in scope.maybe:
        raise words.refuse(
            f"“widest” goes by ?{first} first, which an OPTIONAL may leave unbound",
            "name first what is always there",
            _place(words, offset, first),
        )


def _place(words: Words, offset: int, variable: Var) -> int:
    """Give the offset at which a comment names a variable."""
    found = re.compile(rf"\?{re.escape(variable)}\b").search(words.text, offset)
    return found.start() if found else offset
