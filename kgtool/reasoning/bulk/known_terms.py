"""The terms that the rules themselves name, with numbers that are theirs in every database: nobody looks for them."""

from __future__ import annotations

import zlib
from typing import Final

from pyoxigraph import Literal

from kgtool.reasoning.bulk.tables import LOOKED_FOR
from kgtool.reasoning.language import Node, Term, Var
from kgtool.reasoning.owl.axioms import axiom_patterns
from kgtool.reasoning.owl.reader import list_predicates, owl_rules
from kgtool.vocabulary import iri


def _known_terms() -> list[Term]:
    named: set[Node | None] = {node for rule in owl_rules() for atom in (*rule.body, *rule.head) for node in atom}
    named |= {node for pattern in axiom_patterns() for node in pattern} | list_predicates() | LOOKED_FOR
    named |= {iri("rdf", "first"), iri("rdf", "rest")}
    return sorted((node for node in named if node is not None and not isinstance(node, Var)), key=str)


#: The number of each; as everywhere, that of a literal is negative.
KNOWN_TERMS: Final = {
    term: -number if isinstance(term, Literal) else number for number, term in enumerate(_known_terms(), 1)
}
#: Told apart from those that other rules would give.
KNOWN_TERMS_MARK: Final = zlib.crc32("\n".join(map(str, KNOWN_TERMS)).encode())
