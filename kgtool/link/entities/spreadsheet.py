"""Links as CSV, for people who live in spreadsheets: no cell is a formula, whatever the data hold."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final

from kgtool.link.entities.reviewed import ReviewedLink

COLUMNS: Final = (
    "id", "status", "confidence", "kind", "this", "this_iri", "that", "that_iri", "registry", "why", "reviewed_by",
    "reviewed_on", "review",
)  # fmt: skip
#: What a spreadsheet takes for the beginning of a formula or a command (OWASP, CSV Injection).
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write_csv(links: Iterable[ReviewedLink], identifiers: Mapping[str, str], *, bom: bool = False) -> bytes:
    """Write links, best first of each thing.

    :param identifiers: IRIs of imported things to the IRIs of their registries, where they have one.
    :param bom: begin with a byte order mark, by which Excel knows UTF-8.
    """
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in links:
        link, review = each.link, each.review
        writer.writerow(
            guarded(cell)
            for cell in (
                link.id,
                each.status,
                f"{link.confidence:.3f}",
                link.kind,
                link.subject_label,
                link.subject,
                link.object_label,
                identifiers.get(link.object, link.object),
                link.registry,
                link.why,
                review.by if review else "",
                review.at[:10] if review else "",
                review.why if review else "",
            )
        )
    return table.getvalue().encode("utf-8-sig" if bom else "utf-8")


def guarded(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run.

    >>> guarded("=HYPERLINK(1)"), guarded("CNRS")
    ("'=HYPERLINK(1)", 'CNRS')
    """
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS) else cell
