"""From N-Triples and N-Quads text, as Oxigraph writes it, to columns of numbers.

The text is cut by SQL: subject, predicate and graph hold no space, and the object is what stands between. Literals take
the form in which the store keeps them (``"01"^^xsd:integer`` becomes ``"1"``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, Triple

from kgtool.reasoning.bulk.dialect import ID, TEXT, Database, quoted
from kgtool.reasoning.bulk.terms import create_terms, obviously_valid, obviously_well_formed
from kgtool.store.canonical import kept
from kgtool.store.ntriples import terms_of_texts

#: The longest line that is read, in bytes: subject, predicate and graph beside the longest token that is let in.
_MAX_LINE: Final = 1 << 26
_BATCH: Final = 50_000
_MIDNIGHT: Final = "text LIKE '\"%T24:%\"^^<http://www.w3.org/2001/XMLSchema#dateTime>'"


def create_tables(database: Database) -> None:
    """Make the tables that hold a graph: terms, the quads of sources, what follows, and what is kept out of sight."""
    create_terms(database)
    database.run(f"CREATE TABLE stored_quads (s {ID}, p {ID}, o {ID}, g {ID})")
    for name in ("inferred", "premises"):
        database.run(f"CREATE TABLE {name} (s {ID}, p {ID}, o {ID})")


def read_lines(database: Database, file: Path, graph: str | None, table: str = "lines") -> None:
    """Read a file of N-Triples or N-Quads into a table of texts (s, p, o, g).

    :param file: one statement a line, with single spaces between terms, as Oxigraph writes it.
    :param graph: the graph's text, where the lines do not say it.
    """
    source = (
        f"read_csv({quoted(str(file))}, delim='\\x01', quote='', escape='', header=false, auto_detect=false,"
        f" new_line='\\n', max_line_size={_MAX_LINE}, buffer_size={_MAX_LINE}, columns={{'line': 'VARCHAR'}})"
    )
    named = quoted(graph) if graph is not None else "substr(rest, length(rest) - strpos(reverse(rest), ' ') + 2)"
    value = "rest" if graph is not None else "left(rest, length(rest) - strpos(reverse(rest), ' '))"
    database.make(
        table,
        f"SELECT s, p, {value} AS o, {named} AS g FROM"
        f" (SELECT s, left(tail, strpos(tail, ' ') - 1) AS p, substr(tail, strpos(tail, ' ') + 1) AS rest FROM"
        f" (SELECT left(line, strpos(line, ' ') - 1) AS s,"
        f" substr(line, strpos(line, ' ') + 1, length(line) - strpos(line, ' ') - 2) AS tail FROM {source}))",
    )


def number_lines(database: Database, tables: Sequence[str]) -> None:
    """Give numbers to the terms of tables of texts, as far as ``terms`` lacks them; see :func:`read_lines`.

    Afterwards the temporary table ``numbered(text, id)`` has the number of each text, in whatever form it stands.
    """
    gather_texts(database, tables)
    number_gathered(database)


def gather_texts(database: Database, tables: Sequence[str]) -> None:
    """Make the table ``texts(text)`` of the distinct terms of tables of texts, see :func:`read_lines`."""
    parts = [f"SELECT {column} AS text FROM {table}" for table in tables for column in "spog"]
    database.make("texts", f"SELECT DISTINCT text FROM ({' UNION ALL '.join(parts)})")


def number_gathered(database: Database, *, midnights: bool = False) -> None:
    """Do what :func:`number_lines` does, after :func:`gather_texts`.

    :param midnights: leave those that are written as 24:00 as they are, see :func:`has_midnights`.
    """
    _find_kept_forms(database, _MIDNIGHT if midnights else "false")
    least, greatest = database.rows("SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM terms")[0]
    new = "SELECT DISTINCT coalesce(k.kept, t.text) AS text FROM texts t LEFT JOIN kept_forms k ON k.text = t.text"
    new = f"SELECT text FROM ({new}) n WHERE NOT EXISTS (SELECT 1 FROM terms d WHERE d.text = n.text)"
    database.make("new_texts", new)
    # In the order of their texts, as what is looked at together often has names that begin alike.
    place = "row_number() OVER (ORDER BY text)"
    for literals, first in ((True, min(least, 0)), (False, max(greatest, 0))):
        step = f"{first} {'-' if literals else '+'} {place}"
        condition = f"text[1] {'=' if literals else '<>'} '\"'"
        database.run(f"INSERT INTO terms SELECT {step} AS id, text FROM new_texts WHERE {condition} ORDER BY id")
    database.make(
        "numbered",
        "SELECT t.text, d.id FROM texts t LEFT JOIN kept_forms k ON k.text = t.text"
        " JOIN terms d ON d.text = coalesce(k.kept, t.text)",
    )


def has_midnights(database: Database) -> bool:
    """Tell, after :func:`gather_texts`, whether a midnight is written as 24:00, which the store makes the next day."""
    return bool(database.value(f"SELECT count(*) FROM texts WHERE {_MIDNIGHT}"))


def odd_terms(database: Database) -> bool:
    """Tell whether one of the texts is no term of RDF 1.1, after :func:`gather_texts`.

    So may be an IRI or a language tag that no parser has checked, a triple term, or a literal with a base direction.
    """
    for batch in database.batches(f"SELECT text FROM texts WHERE NOT ({obviously_valid('text')})", _BATCH):
        try:
            terms = terms_of_texts([text for (text,) in batch])
        except SyntaxError:
            return True
        if any(isinstance(t, Triple) or (isinstance(t, Literal) and t.direction is not None) for t in terms):
            return True
    return False


def numbered_lines(table: str, columns: str = "spog") -> str:
    """Write a SELECT of the numbers of a table of texts, after :func:`number_lines`."""
    chosen = ", ".join(f"n{column}.id AS {column}" for column in columns)
    joins = " ".join(f"JOIN numbered n{column} ON n{column}.text = x.{column}" for column in columns)
    return f"SELECT {chosen} FROM {table} x {joins}"


def write_lines(database: Database, facts: str, file: Path) -> None:
    """Write a table of facts as lines of N-Triples."""
    line = "s.text || ' ' || p.text || ' ' || o.text || ' .'"
    joins = "JOIN terms s ON s.id = x.s JOIN terms p ON p.id = x.p JOIN terms o ON o.id = x.o"
    options = "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01'"
    database.run(f"COPY (SELECT {line} FROM {facts} x {joins}) TO {quoted(str(file))} ({options})")


def _find_kept_forms(database: Database, left: str) -> None:
    """Make the table ``kept_forms(text, kept)`` of literals that the store keeps in another form.

    :param left: a condition on texts that stand as they are.
    """
    database.run(f"CREATE OR REPLACE TEMP TABLE kept_forms (text {TEXT}, kept {TEXT})")
    typed = "text[1] = '\"' AND text[-1] = '>'"
    uncertain = f"SELECT text FROM texts WHERE {typed} AND NOT ({obviously_well_formed('text')}) AND NOT ({left})"
    for batch in database.batches(uncertain, _BATCH):
        texts = [text for (text,) in batch]
        changed = _changed(texts, terms_of_texts(texts))
        if changed:
            database.insert("kept_forms", changed)


def _changed(texts: Sequence[str], literals: Iterable[object]) -> list[tuple[str, str]]:
    pairs = ((text, str(kept(term))) for text, term in zip(texts, literals, strict=True) if isinstance(term, Literal))
    return [(text, form) for text, form in pairs if form != text]
