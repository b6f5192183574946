"""Where the index of organisations is, and how it comes there: built by hand, or of the shared data sets when they
are there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from kgtool.config import Settings
from kgtool.errors import Location as Place
from kgtool.errors import MissingError
from kgtool.link.affiliations.index import Index
from kgtool.link.affiliations.index_building import build_index
from kgtool.link.affiliations.registries import read_registries

#: Where registries are in the shared data sets: ROR's names and records, RNSR's table.
_ROR: Final = ("open-data/ror/ror-names-all.tsv.gz", "open-data/ror/ror-detailed-51k.jsonl.gz")
_RNSR: Final = ("open-data/registries/rnsr-structures-actives-2022.csv.gz",)

Progress = Callable[[str, int], None] | None


def index_folder(settings: Settings, store: Path) -> Path:
    """Give the folder of the index: the one that the settings name, else the one beside the store."""
    return settings.link_index or store.with_name(f"{store.name}-organisations")


def make_index(ror: Sequence[Path], rnsr: Sequence[Path], folder: Path, progress: Progress = None) -> dict[str, int]:
    """Build the index of registry files in a folder; give its counts.

    :raises MissingError: if a file is not there.
    :raises InputError: if a file is no registry's.
    """
    if progress:
        progress("reading registries", 0)
    organisations = read_registries(ror, rnsr)
    if progress:
        progress("building the index", len(organisations))
    return build_index(organisations, folder)


def shared_registries(shared: Path) -> tuple[list[Path], list[Path]]:
    """Give the registry files of the shared data sets, as far as they are there."""
    return [p for name in _ROR if (p := shared / name).is_file()], [
        p for name in _RNSR if (p := shared / name).is_file()
    ]


def found_index(
    settings: Settings, store: Path, progress: Progress = None, tell: Callable[[str], None] | None = None
) -> Path:
    """Give the folder of an index that can be opened; where there is none, build it of the shared data sets.

    :raises MissingError: if there is neither an index nor a registry to make it of.
    :raises InputError: if the index is damaged or of another version, and there is no registry to make it anew of.
    """
    folder = index_folder(settings, store)
    ror, rnsr = shared_registries(settings.shared)
    try:
        Index(folder)
    except (MissingError, ValueError):
        if not ror:
            if (folder / "meta.json").exists():
                raise
            raise MissingError(
                "no index of organisations",
                where=Place(str(folder)),
                hint="make it of ROR's data dump and RNSR's table: kgtool link index --ror FILE --rnsr FILE",
            ) from None
        if tell:
            tell(
                f"building the index of organisations in {folder}, once, of {', '.join(p.name for p in (*ror, *rnsr))}"
            )
        make_index(ror, rnsr, folder, progress)
    return folder
