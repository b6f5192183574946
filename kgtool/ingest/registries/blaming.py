"""Which records state something of a resource: who is to be left out when validation refuses what is said of it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from kgtool.ingest.registries.passes import Described, Spool
from kgtool.ingest.registries.registry import Fault, Registry


def records_that_state(
    described: Described, registry: Registry, subjects: Collection[str], folder: Path
) -> dict[str, set[str]]:
    """Give the keys of the records of which a triple has one of these subjects, by subject.

    All records are described once more: a refusal is rare, and to remember who said what would cost every import.

    :param folder: the folder that they were described in.
    """
    wanted = {f"<{subject}>": subject for subject in subjects}
    found: dict[str, set[str]] = {}
    for record in Spool(folder / "records").records(described.setting.surveys.keys()):
        for said in registry.describe(record, described.setting):
            if not isinstance(said, Fault) and (subject := wanted.get(said[0])) is not None:
                found.setdefault(subject, set()).add(record.key)
    return found
