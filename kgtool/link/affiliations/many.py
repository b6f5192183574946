"""Matching many strings, in this process or in several, in their order."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from kgtool.link.affiliations.matcher import BATCH, Match, Matcher
from kgtool.link.affiliations.rows import Row

#: The matcher of a worker process.
_OF_WORKER: Final[list[Matcher]] = []


def match_rows(rows: Iterable[Row], index: Path, workers: int = 1) -> Iterator[tuple[Row, tuple[Match, ...]]]:
    """Give each row with its matches, in order.

    :param workers: processes; each opens the index itself, whose arrays they share.
    """
    batches = _batched(rows)
    if workers == 1:
        matcher = Matcher.open(index)
        for batch in batches:
            yield from zip(batch, matcher.match_batch([row.text for row in batch]), strict=True)
        return
    # not forked: the forests' threads would not survive it
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, _open, (index,)) as pool:
        for batch, matches in pool.imap(_matched, batches):
            yield from zip(batch, matches, strict=True)


def _batched(rows: Iterable[Row]) -> Iterator[list[Row]]:
    stream = iter(rows)
    while batch := list(islice(stream, BATCH)):
        yield batch


def _open(index: Path) -> None:
    _OF_WORKER.append(Matcher.open(index))


def _matched(batch: list[Row]) -> tuple[list[Row], list[tuple[Match, ...]]]:
    return batch, _OF_WORKER[0].match_batch([row.text for row in batch])
