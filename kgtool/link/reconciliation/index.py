"""The names of a graph's things, as a file: which things have these words, or this identifier.

A file, not memory: the processes that answer share what the system caches of it, and each of them may be ended at any
moment. SQLite keeps it; each word has its list of things, so that rare words decide where to look.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import math
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kgtool.link.reconciliation.schema import SCHEMA
from kgtool.link.reconciliation.things import Name, Thing
from kgtool.link.reconciliation.words import bare_identifier, key, misspellings

__all__ = ["COMPARED", "SAME", "Index", "Name", "Thing"]

#: The register of what is linked as the same: ``schema:sameAs``, ``skos:exactMatch``, ``owl:sameAs``.
SAME: Final = "same as"
#: Seconds to wait for others who write, and milliseconds for those who read.
_TIMEOUT: Final = 60
_PATIENCE: Final = 5000
#: Things whose words are looked at for one query, and those that are compared in the end.
_LOOKED_AT: Final = 4000
COMPARED: Final = 40
#: Things with rare words among which common words decide.
_NARROW: Final = 500
_BEGUN: Final = 50
#: A word that fewer things have may be another one, misspelt.
_RARE: Final = 4


class Index:
    """An open index.

    :param file: where it is; it is made when absent.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.connection = sqlite3.connect(file, isolation_level=None, timeout=_TIMEOUT, cached_statements=256)
        self.connection.execute("PRAGMA synchronous=OFF")  # who made it can make it again
        self.connection.execute("PRAGMA cache_size=-32768")
        self.connection.execute("PRAGMA secure_delete=ON")  # the names of who is forgotten leave no trace in the file
        with self.alone():  # two that make it at once would find it locked
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.executescript(SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        with contextlib.suppress(sqlite3.Error):
            self.connection.close()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all others from changing the index; who is ended lets go."""
        with self.file.with_suffix(".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def unchanging(self) -> Iterator[None]:
        """See the index as it is now, whatever others write meanwhile."""
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("COMMIT")

    def tidy(self) -> None:
        """Empty the log of changes, which holds what was removed, once those who read let go; or the next one does."""
        self.connection.execute(f"PRAGMA busy_timeout={_PATIENCE}")
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self.connection.execute(f"PRAGMA busy_timeout={1000 * _TIMEOUT}")

    @property
    def commit(self) -> str:
        """The commit whose names it holds; empty while it is being filled."""
        return self.about("commit")

    @property
    def size(self) -> int:
        """How many things it holds."""
        return int(self.about("things") or 0)

    def about(self, name: str) -> str:
        """Give a note."""
        row = self.connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def note(self, name: str, value: str) -> None:
        """Keep a note."""
        self.connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))

    def weights(self, of: Collection[str]) -> dict[str, float]:
        """Say how much each word tells: the rarer, the more; what no name has, most."""
        known = self._frequencies(of)
        size = self.size
        return {word: math.log(1 + (size + 1) / (1 + known.get(word, 0))) for word in of}

    def with_key(self, found: Sequence[str]) -> list[int]:
        """Give the things that have a name of exactly these words, in any order."""
        rows = self.connection.execute("SELECT DISTINCT thing FROM name WHERE key = ? LIMIT 200", (key(found),))
        return [row[0] for row in rows]

    def with_identifier(self, text: str, register: str | None = None) -> list[int]:
        """Give the things that have this identifier, in a register or in any."""
        bare = bare_identifier(text)
        if not bare:
            return []
        rows = self.connection.execute(
            "SELECT DISTINCT thing, register FROM identifier WHERE bare = ? LIMIT 200", (bare,)
        )
        return [thing for thing, of in rows if register is None or of.casefold() == register.casefold()]

    def with_iri(self, iri: str) -> list[int]:
        """Give the thing of this IRI."""
        return [row[0] for row in self.connection.execute("SELECT id FROM thing WHERE iri = ?", (iri,))]

    def with_words(
        self,
        asked: Sequence[str],
        types: frozenset[str] | None = None,
        *,
        begun: bool = False,
        most: int = COMPARED,
        among: Collection[int] | None = None,
    ) -> list[int]:
        """Give the things that have most of these words, by weight, the best first.

        :param types: of which they have to be, one of them at least; None for any.
        :param begun: whether the last word may be the beginning of one.
        :param most: things to give.
        :param among: the things that may be given; None for all.
        """
        distinct = list(dict.fromkeys(asked))
        groups = [self._alike(word, begun=begun and word == asked[-1]) for word in distinct]
        weights = self.weights(distinct)
        known = sorted(
            (
                (sum(number for _, _, number in group), word, group)
                for word, group in zip(distinct, groups, strict=True)
            ),
            key=lambda each: each[0],
        )
        scores: dict[int, float] = {}
        looked_at = 0
        for number, word, group in known:
            within = scores if scores and (looked_at + number > _LOOKED_AT) else None
            if within is not None and len(within) > _NARROW:
                within = dict(sorted(scores.items(), key=lambda each: -each[1])[:_NARROW])
            for thing, worth in self._postings(group, within).items():
                scores[thing] = scores.get(thing, 0.0) + weights[word] * worth
            looked_at += number
        if among is not None:
            scores = {thing: score for thing, score in scores.items() if thing in among}
        return self._best(scores, types, most)

    def things(self, ids: Iterable[int]) -> dict[int, Thing]:
        """Give things with all that is known of them."""
        listed = json.dumps(list(dict.fromkeys(ids)))
        query = "SELECT {} FROM {} WHERE {} IN (SELECT value FROM json_each(?))"
        names: dict[int, list[Name]] = {}
        identifiers: dict[int, list[tuple[str, str, str]]] = {}
        run = self.connection.execute
        for thing, text, language, place, said in run(
            query.format("thing, text, language, place, words", "name", "thing"), (listed,)
        ):
            names.setdefault(thing, []).append(Name(text, language, place, tuple(said.split())))
        for thing, register, bare, shown in run(
            query.format("thing, register, bare, shown", "identifier", "thing"), (listed,)
        ):
            identifiers.setdefault(thing, []).append((register, bare, shown))
        types = self.types()
        return {
            thing: Thing(
                iri,
                tuple(types[int(number)] for number in of.split()),
                tuple(names.get(thing, ())),
                tuple(sorted(identifiers.get(thing, ()))),
            )
            for thing, iri, of in run(query.format("id, iri, types", "thing", "id"), (listed,))
        }

    def types(self) -> list[str]:
        """Give the classes, in the order of their numbers."""
        return list(json.loads(self.about("types") or "[]"))

    def members(self) -> dict[str, int]:
        """Count the things of each class."""
        types = self.types()
        found: dict[str, int] = {}
        for kinds, number in self.connection.execute("SELECT types, COUNT(*) FROM thing GROUP BY types"):
            for each in kinds.split():
                found[types[int(each)]] = found.get(types[int(each)], 0) + number
        return found

    def registers(self) -> list[str]:
        """Give the registers of identifiers, the most used first."""
        rows = self.connection.execute("SELECT register, COUNT(*) FROM identifier GROUP BY register ORDER BY 2 DESC, 1")
        return [register for register, _ in rows if register != SAME]

    def _frequencies(self, of: Collection[str]) -> dict[str, int]:
        rows = self.connection.execute(
            "SELECT word, things FROM word WHERE word IN (SELECT value FROM json_each(?))", (json.dumps(list(of)),)
        )
        return dict(rows)

    def _alike(self, word: str, *, begun: bool) -> list[tuple[str, float, int]]:
        """Give the words of the index that a word may be, how alike they are, and how many things have them."""
        run = self.connection.execute
        exact = run("SELECT word, things FROM word WHERE word = ?", (word,)).fetchone()
        found = [(word, 1.0, exact[1])] if exact else []
        if begun:
            beyond = word + "\U0010ffff"
            rows = run(
                "SELECT word, things FROM word WHERE word > ? AND word < ? ORDER BY things DESC LIMIT ?",
                (word, beyond, _BEGUN),
            )
            found += [(other, 0.9, number) for other, number in rows]
        rare = sum(number for _, _, number in found) < _RARE
        if rare and len(word) > 3 and not word[0].isdigit():
            known: dict[str, int] = {}
            for begin in dict.fromkeys(word[:2]):  # the first letter, or the second one where they changed places
                rows = run("SELECT word, things FROM word WHERE word >= ? AND word < ?", (begin, begin + "\U0010ffff"))
                known.update(rows)
            near = misspellings(word, [other for other in known if other != word])
            found += [(other, alike, known[other]) for other, alike in near]
        return found

    def _postings(
        self, group: Iterable[tuple[str, float, int]], within: Mapping[int, float] | None
    ) -> dict[int, float]:
        found: dict[int, float] = {}
        for word, worth, _ in group:
            if within is None:
                rows = self.connection.execute("SELECT thing FROM posting WHERE word = ? LIMIT ?", (word, _LOOKED_AT))
            else:
                rows = self.connection.execute(
                    "SELECT p.thing FROM json_each(?) j CROSS JOIN posting p ON p.word = ? AND p.thing = j.value",
                    (json.dumps(list(within)), word),
                )
            for (thing,) in rows:
                found[thing] = max(found.get(thing, 0.0), worth)
        return found

    def numbers(self, types: frozenset[str]) -> set[str]:
        """Give the numbers of classes, as the column of types has them."""
        return {str(number) for number, each in enumerate(self.types()) if each in types}

    def _best(self, scores: Mapping[int, float], types: frozenset[str] | None, most: int) -> list[int]:
        if not scores:
            return []
        rows = self.connection.execute(
            "SELECT id, size, types FROM thing WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(scores)),),
        ).fetchall()
        if types is not None:
            numbers = self.numbers(types)
            rows = [row for row in rows if not numbers.isdisjoint(row[2].split())]
        rows.sort(key=lambda row: (-round(scores[row[0]], 6), row[1], row[0]))
        return [row[0] for row in rows[:most]]
