"""The one language of rules: Datalog over triples, as data.

Both front ends (OWL 2 RL and the CONSTRUCT files) write it; the engines and the proofs read it.
"""

from kgtool.reasoning.language.expressions import Call, Expression
from kgtool.reasoning.language.rule import (
    Absent,
    Aggregate,
    Atom,
    Bind,
    Chain,
    Each,
    Fact,
    Member,
    Node,
    Optionally,
    Pair,
    Rule,
    Term,
    Var,
    Widest,
)

__all__ = [
    "Absent",
    "Aggregate",
    "Atom",
    "Bind",
    "Call",
    "Chain",
    "Each",
    "Expression",
    "Fact",
    "Member",
    "Node",
    "Optionally",
    "Pair",
    "Rule",
    "Term",
    "Var",
    "Widest",
]
