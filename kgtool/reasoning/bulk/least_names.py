"""Facts and quads by one name for each thing: the least IRI of those that are the same, in bulk.

Equality carries every fact to every name, so the facts by least names are those that name nothing otherwise. What
sources assert is told by the names that they chose, and is told again by the least ones. See
:mod:`kgtool.reasoning.least_names`.
"""

from __future__ import annotations

from collections.abc import Iterable

from kgtool.reasoning.bulk.dialect import Database, one_of
from kgtool.reasoning.bulk.equality import Equality
from kgtool.reasoning.bulk.tables import FACTS
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Term


def by_least_names(database: Database, terms: Terms, named: Iterable[Term]) -> tuple[str, str]:
    """Make a table of the facts and one of the quads, by least names; give what they are called.

    :param named: terms that rules name: each stands for itself.
    """
    kept = {terms.number(term) for term in named} or {0}
    # IRIs go before blank nodes; without its bracket an IRI comes before those that it begins.
    order = "row(t.text[1] = '_', rtrim(t.text, '>'))"
    resources = f"SELECT member, name FROM {Equality.table} WHERE member > 0 AND NOT {one_of('member', kept)}"
    first = (
        f"SELECT e.name, arg_min(e.member, {order}) AS least FROM ({resources}) e JOIN terms t ON t.id = e.member"
        " GROUP BY e.name"
    )
    database.make(
        "other_names",
        f"SELECT e.member, l.least FROM ({resources}) e JOIN ({first}) l ON l.name = e.name WHERE e.member <> l.least",
    )
    others = "SELECT member FROM other_names"
    facts, quads = "facts_by_least_names", "quads_by_least_names"
    database.make(facts, f"SELECT s, p, o FROM {FACTS} WHERE s NOT IN ({others}) AND o NOT IN ({others})")
    database.make(
        quads,
        "SELECT DISTINCT coalesce(x.least, q.s) AS s, q.p, coalesce(y.least, q.o) AS o, q.g FROM quads q"
        " LEFT JOIN other_names x ON x.member = q.s LEFT JOIN other_names y ON y.member = q.o",
    )
    return facts, quads
