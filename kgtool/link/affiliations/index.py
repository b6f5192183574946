"""The index as it is opened: arrays of :mod:`index_building`, mapped from their files, and look-ups by hash."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from kgtool.errors import InputError, Location, MissingError
from kgtool.link.affiliations.index_building import VERSION


class Index:
    """Organisations and names, read-only. Attributes are the arrays that :func:`build_index` wrote, by their names.

    :param folder: where the index is.
    :raises MissingError: if there is none.
    :raises InputError: if it is damaged or of another version.
    """

    def __init__(self, folder: Path) -> None:
        where = Location(str(folder))
        hint = "make it: kgtool link index --ror FILE --rnsr FILE"
        if not (folder / "meta.json").is_file():
            raise MissingError("no index of organisations", where=where, hint=hint)
        try:
            self.meta: dict[str, Any] = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
            if self.meta.get("version") != VERSION:
                raise InputError("an index of another version", where=where, hint=hint)
            self._arrays = {p.stem: np.load(p, mmap_mode="r") for p in folder.glob("*.npy")}
        except (ValueError, EOFError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"a damaged index: {error}", where=where, hint=hint) from error
        self.folder = folder
        for name, values in self._arrays.items():
            setattr(self, name, np.asarray(values))
        order = np.argsort(self.org_key, kind="stable")
        self._key_order, self._keys = order, self.org_key[order]

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the index has no array {name}")

    def __len__(self) -> int:
        return len(self.org_key)

    def key(self, org: int) -> str:
        """Give an organisation's identifier."""
        return bytes(self.org_key[org]).decode()

    def display(self, org: int) -> str:
        """Give an organisation's name to show."""
        return self._part(self.org_text, self.org_text_start, org)

    def name(self, name: int) -> str:
        """Give a name as the registry writes it."""
        return self._part(self.name_text, self.name_text_start, name)

    def spelled(self, word: int) -> str:
        """Give a word of the vocabulary."""
        return self._part(self.word_text, self.word_text_start, word)

    @staticmethod
    def _part(text: np.ndarray, start: np.ndarray, at: int) -> str:
        return text[start[at] : start[at + 1]].tobytes().decode("utf-8")

    def places(self, keys: np.ndarray) -> np.ndarray:
        """Give the places of organisations by their identifiers (S10), -1 for one that the index lacks."""
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[at] == keys, self._key_order[at], -1)


def found_in(sorted_: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Give the place of each wanted value in a sorted array without repeats, -1 where it is not."""
    if not len(sorted_):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(sorted_, wanted), len(sorted_) - 1)
    return np.where(sorted_[at] == wanted, at, -1)


def expanded(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give, of many ranges, each number in them and the range it came from."""
    lengths = (ends - starts).astype(np.int64)
    owner = np.repeat(np.arange(len(starts)), lengths)
    before = np.cumsum(lengths) - lengths
    return np.arange(int(lengths.sum())) - before[owner] + starts[owner], owner


@lru_cache(maxsize=4)
def opened(folder: Path) -> Index:
    """Give the index of a folder, opened once in a process."""
    return Index(folder)
