"""A day that is none is told with its record, and the rest of the record goes in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .reading import read, written
from .test_hal import DOC
from .test_scanr import PUBLICATION

WORK = {"id": "https://openalex.org/W1", "title": "On islets", "publication_year": 2020}


@pytest.mark.parametrize(
    ("registry", "document", "field"),
    [
        ("openalex", WORK, "publication_date"),
        ("hal", DOC, "publicationDate_s"),
        ("scanr", PUBLICATION, "publicationDate"),
    ],
)
@pytest.mark.parametrize("day", ["2021-13-40", "0000-00-00", "soon", ["2021-01-01"], 20210101])
def test_a_day_of_publication_that_is_none(tmp_path: Path, registry: str, document: dict, field: str, day: Any) -> None:
    found = read(registry, written(tmp_path, {**document, field: day}))
    assert [fault.part for fault in found.faults] == [True]
    assert found.said()[0].endswith("is no date")
    assert found.ask('?d rdfs:label ?title FILTER(STR(?title) = "On islets")')


@pytest.mark.parametrize("day", ["2021-02-03", "2021-02-03T00:00:00Z", "2021", None, ""])
def test_a_day_of_publication_that_is_one_or_missing(tmp_path: Path, day: str | None) -> None:
    assert read("openalex", written(tmp_path, {**WORK, "publication_date": day})).faults == []
