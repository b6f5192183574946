"""Strata: what competes is looked at when everything that it depends on is known, and never again after.

Which of several nodes are the widest is a kind of negation: a new one may make another go. So rules that build nodes
which compete may look at asserted triples, at one another's nodes, and at whatever follows without them, and at nothing
else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kgtool.errors import InputError, Location
from kgtool.reasoning.language import Atom, Rule, Var
from kgtool.reasoning.matching.patterns import Key, keys_of, overlap
from kgtool.reasoning.matching.solve import Rows
from kgtool.reasoning.owl.specialise import Specialised
from kgtool.reasoning.widest import may_look_at_nodes, node_patterns
from kgtool.vocabulary import iri


def refuse_unstratified(rules: Iterable[Specialised], files: Sequence[Rule], equality: frozenset[str]) -> None:
    """Refuse rule files that build competing nodes from what follows from such nodes.

    :param rules: all rules that conclude facts, the files' too.
    :param equality: names of the rules that only carry facts from one name of a thing to another.
    :raises InputError: naming the rule file and what it looks at.
    """
    building = [rule for rule in files if rule.widest is not None]
    if not building:
        return
    patterns = node_patterns(building)
    nodes = {key for rule in building for atom in rule.head for key in keys_of(atom, _NOTHING)}
    follows = _what_follows(nodes, [rule for rule in rules if rule.rule.name not in equality])
    for rule in building:
        # Things that are the same are seen once: that, too, must be known before there are nodes.
        for atom in (_EQUALITY, *rule.body):
            if atom.graph is None and not may_look_at_nodes(atom, patterns):
                for key in keys_of(atom, _NOTHING):
                    if any(overlap(key, other) for other in follows):
                        raise _unstratified(rule, atom)


_NOTHING = Rows((), ((),))
_EQUALITY = Atom(Var("one"), iri("owl", "sameAs"), Var("other"))


def _what_follows(nodes: set[Key], rules: Sequence[Specialised]) -> set[Key]:
    """Give what rules may conclude from facts about nodes, and from what follows from these.

    Each row of what the axioms say is looked at by itself: not all that one rule looks at leads to all it concludes.
    """
    looks = [
        (_keys(rule.body, single), _keys(rule.head, single))
        for rule in rules
        if rule.rule.widest is None
        for single in (Rows(rule.rows.columns, (row,)) for row in rule.rows.rows)
    ]
    reached, follows = set(nodes), set[Key]()
    grew = True
    while grew:
        grew = False
        for body, head in looks:
            if not head <= follows and any(overlap(one, other) for one in body for other in reached):
                follows |= head
                reached |= head
                grew = True
    return follows


def _keys(atoms: Iterable[Atom], rows: Rows) -> set[Key]:
    return {key for atom in atoms if atom.graph is None for key in keys_of(atom, rows)}


def _unstratified(rule: Rule, atom: Atom) -> InputError:
    predicate = getattr(atom.predicate, "value", atom.predicate)
    return InputError(
        f"the rule builds nodes that compete, and looks at {predicate}, which may follow from such nodes",
        where=Location(rule.source),
        hint="ask for what sources assert: GRAPH ?g { … }",
    )
