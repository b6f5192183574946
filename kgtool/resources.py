"""Where the packaged ontology and data are: beside the code in a checkout, inside the package in a wheel."""

from __future__ import annotations

from pathlib import Path

from kgtool.errors import MissingError

_HERE = Path(__file__).resolve().parent


def packaged(name: str) -> Path:
    """Give the folder ``ontology`` or ``data`` that this kgtool brings.

    :raises MissingError: if the installation lacks it.
    """
    for folder in (_HERE / "_packaged" / name, _HERE.parent / name):
        if folder.is_dir():
            return folder
    raise MissingError(f"this installation of kgtool has no {name}/ folder", hint="install it again")
