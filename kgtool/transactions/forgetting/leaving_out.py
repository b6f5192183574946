"""What is written, held against the list of those who were forgotten: they are left out before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import Quad

from kgtool.store.change import QuadDelta
from kgtool.store.interface import Reads
from kgtool.store.stop_list import StopList
from kgtool.transactions.forgetting import members, names
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
    by_name = members.SCHEME in schemes
    for term in terms:
        if term.startswith("<"):
            if any(map(stop_list.holds, names.in_iri(term[1:-1], schemes))):
                return True
        else:
            value = term[1 : term.rindex('"')] if '"' in term[1:] else ""
            if any(stop_list.holds(names.of_identifier(s, value)) for s in schemes):
                return True
            if by_name and (name := members.of_name(value)) and stop_list.holds(name):
                return True
    return False


def columns_hold_some(closure: FirstClosure, stop_list: StopList, rules: Rules) -> bool:
    """Tell whether the columns of a graph may name somebody who was forgotten."""
    texts = closure.tables.rows(f"SELECT text FROM terms WHERE text[1] = '<' OR length(text) < {_LONGEST}")
    if may_hold_some((text for (text,) in texts), stop_list):
        return True
    return members.SCHEME in stop_list.schemes and may_hold_some(_names_in_parts(closure, rules), stop_list)


def _names_in_parts(closure: FirstClosure, rules: Rules) -> Iterator[str]:
    """Give the names, as literals, that stand in the columns as a given name and a family name."""
    given, family = (
        ", ".join(f"'{each}'" for each in sorted(map(str, part))) or "''"
        for part in (rules.given_names, rules.family_names)
    )
    rows = closure.tables.rows(
        "SELECT DISTINCT g.text, f.text FROM stored_quads a JOIN stored_quads b ON b.s = a.s "
        "JOIN terms p ON p.id = a.p JOIN terms q ON q.id = b.p JOIN terms g ON g.id = a.o JOIN terms f ON f.id = b.o "
        f"WHERE p.text IN ({given}) AND q.text IN ({family})"
    )
    for first, last in rows:
        yield '"' + " ".join(text[1 : text.rindex('"')] for text in (first, last) if '"' in text[1:]) + '"'


def quads_hold_some(quads: Iterable[Quad], store: Reads, stop_list: StopList, rules: Rules) -> bool:
    """Tell whether quads that come name somebody who was forgotten."""
    added = frozenset(quads)
    return bool(people_in(added, Statements(store, added), Known(stop_list.holds, stop_list.schemes), rules))
