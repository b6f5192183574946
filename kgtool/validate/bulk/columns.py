"""The triples of a table in columns, as SQL that looks for what shapes refuse."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from kgtool.reasoning.bulk.dialect import TEXT, Database
from kgtool.validate.terms import AnyTerm, Term
from kgtool.vocabulary import iri

TYPE: Final = iri("rdf", "type")
SUB_CLASS: Final = iri("rdfs", "subClassOf")


class Columns:
    """The triples of a table (s, p, o), whose numbers the table ``terms(id, text)`` explains.

    :param table: a triple may stand in it several times.
    :param named: terms that will be asked for, such as those that shapes name.
    """

    def __init__(self, database: Database, table: str, named: Collection[Term]) -> None:
        self.database = database
        self.table = table
        self._numbers: dict[AnyTerm, int | None] = dict.fromkeys(named)
        by_text = {str(term): term for term in named}
        for text, number in database.having("terms", "text", by_text, "text, id"):
            self._numbers[by_text[text]] = number
        self._made: dict[str, int] = {}
        self._blank_nodes: int | None = None

    def number(self, term: AnyTerm) -> int | None:
        """Give the number of a term; None if it is not there."""
        if term not in self._numbers:
            rows = self.database.rows("SELECT id FROM terms WHERE text = ?", [str(term)])
            self._numbers[term] = rows[0][0] if rows else None
        return self._numbers[term]

    def listed(self, terms: Iterable[AnyTerm]) -> str:
        """Write the numbers of terms as SQL for IN; those that are not there are left out.

        >>> from kgtool.reasoning.bulk.dialect import database
        >>> with database(None, memory=100, spill=None) as made:
        ...     made.run("CREATE TABLE terms AS SELECT 7 AS id, '<urn:x:a>' AS text")
        ...     Columns(made, "facts", []).listed([TYPE])
        '(NULL)'
        """
        found = sorted({number for number in map(self.number, terms) if number is not None})
        return f"({', '.join(map(str, found)) or 'NULL'})"

    def make(self, select: str) -> str:
        """Make a temporary table of what a query gives, and give its name."""
        name = f"checked_{self.table}_{len(self._made)}"
        self._made[name] = self.database.make(name, select)
        return name

    def size(self, made: str) -> int:
        """Count the rows of a table that was made."""
        return self._made[made]

    def note(self, rows: Iterable[Sequence[Term | None]], columns: Sequence[str]) -> str:
        """Make a temporary table of the texts of terms, and give its name."""
        name = f"checked_{self.table}_{len(self._made)}"
        texts = [tuple(None if term is None else str(term) for term in row) for row in rows]
        self.database.fill(name, ", ".join(f"{column} {TEXT}" for column in columns), texts)
        self._made[name] = len(texts)
        return name

    def drop_made(self) -> None:
        """Drop the tables that were made."""
        self.database.run("; ".join(f"DROP TABLE {name}" for name in self._made))
        self._made = {}

    def instances(self, classes: Iterable[AnyTerm]) -> str:
        """Write a query (node) for the instances of classes, and of those below them."""
        below = ", ".join(str(number) for number in sorted(self._below(classes)))
        return f"SELECT s AS node FROM {self.table} WHERE p IN {self.listed([TYPE])} AND o IN ({below or 'NULL'})"

    def blank_nodes(self) -> str:
        """Give the name of a table of all blank nodes (node)."""
        if self._blank_nodes is None:
            self._blank_nodes = self.database.make("blank_nodes", "SELECT id AS node FROM terms WHERE text[1] = '_'")
        return "blank_nodes"

    def names_blank_nodes(self, made: str) -> bool:
        """Tell whether there is a blank node in a table of triples."""
        among = f"(SELECT node FROM {self.blank_nodes()})"
        where = f"s IN {among} OR o IN {among}"
        return bool(self._blank_nodes and self.database.rows(f"SELECT 1 FROM {made} WHERE {where} LIMIT 1"))

    def _below(self, classes: Iterable[AnyTerm]) -> set[int]:
        found = {number for number in map(self.number, classes) if number is not None}
        recent = found
        while recent:
            rows = self.database.rows(
                f"SELECT DISTINCT s FROM {self.table} WHERE p IN {self.listed([SUB_CLASS])}"
                f" AND o IN ({', '.join(map(str, sorted(recent)))})"
            )
            recent = {number for (number,) in rows} - found
            found |= recent
        return found
