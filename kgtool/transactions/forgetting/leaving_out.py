"""What is written, held against the list of those who were forgotten: they are left out before anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Quad

from kgtool.store.change import QuadDelta
from kgtool.store.interface import Reads
from kgtool.store.stop_list import StopList
from kgtool.transactions.forgetting import names
from kgtool.transactions.forgetting.erasing import Erasure, nodes_below
from kgtool.transactions.forgetting.mentions import find_mentions, full_names
from kgtool.transactions.forgetting.recognising import Known, names_of, people_in
from kgtool.transactions.forgetting.rules import Rules
from kgtool.transactions.forgetting.statements import Statements

if TYPE_CHECKING:
    from kgtool.reasoning.columns.first import FirstClosure

#: Characters of a literal that is no identifier any more.
_LONGEST: Final = 200


@dataclass(frozen=True)
class Kept:
    """What is left of a change.

    :param left_out: how many statements of it were left out.
    :param erases: whether something goes that the store has: then its files have to be written anew.
    """

    change: QuadDelta
    left_out: int = 0
    erases: bool = False


def left_of(change: QuadDelta, store: Reads, stop_list: StopList, rules: Rules) -> Kept:
    """Leave those who were forgotten out of a change; who comes to be known as one of them goes from the store, too."""
    if not stop_list or not change.added:
        return Kept(change)
    statements = Statements(store, change.added)
    known = Known(stop_list.holds, stop_list.schemes)
    people = people_in(change.added, statements, known, rules)
    if not people:
        return Kept(change)
    people |= nodes_below(people, change.added)
    erasure = Erasure(people, statements, rules)
    stays = change.added - erasure.removed
    called, texts = full_names(people, statements, rules), names_of(people, statements, rules).texts
    mentions = find_mentions(stays, called, texts, erasure.gone, statements, rules, texts=False)
    removed = erasure.removed | mentions.removed
    added = ((erasure.added - erasure.removed) | mentions.added | change.added) - removed
    before = frozenset(quad for quad in removed if quad in store)
    left_out = len(change.added & erasure.removed)
    return Kept(QuadDelta(frozenset(added), (change.removed | before) - added), left_out, bool(before))


def may_hold_some(terms: Iterable[str], stop_list: StopList) -> bool:
    """Tell whether terms, as N-Triples write them, may be a name of somebody who was forgotten."""
    schemes = stop_list.schemes
    for term in terms:
        if term.startswith("<"):
            if any(map(stop_list.holds, names.in_iri(term[1:-1], schemes))):
                return True
        else:
            value = term[1 : term.rindex('"')] if '"' in term[1:] else ""
            if any(stop_list.holds(names.of_identifier(s, value)) for s in schemes):
                return True
    return False


def columns_hold_some(closure: FirstClosure, stop_list: StopList) -> bool:
    """Tell whether the columns of a graph may name somebody who was forgotten."""
    texts = closure.tables.rows(f"SELECT text FROM terms WHERE text[1] = '<' OR length(text) < {_LONGEST}")
    return may_hold_some((text for (text,) in texts), stop_list)


def quads_hold_some(quads: Iterable[Quad], store: Reads, stop_list: StopList, rules: Rules) -> bool:
    """Tell whether quads that come name somebody who was forgotten."""
    added = frozenset(quads)
    return bool(people_in(added, Statements(store, added), Known(stop_list.holds, stop_list.schemes), rules))
