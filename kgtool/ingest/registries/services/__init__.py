"""Registries that are asked over HTTP: how each is asked by a query or by identifiers, imported when it is named."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from kgtool.errors import InputError
from kgtool.ingest.registries.services.visit import Service

#: Name of a registry to the module here that holds its ``SERVICE``.
SERVICES: Final = {name: name for name in ("hal", "idref", "openalex", "orcid", "scanr", "sparql", "wikidata")}


def service_named(name: str) -> Service:
    """Give how a registry is asked.

    :raises InputError: if it is read from files only.
    """
    module = SERVICES.get(name.lower())
    if module is None:
        raise InputError(
            f"{name} is read from files, and not asked", hint=f"asked are {', '.join(sorted(SERVICES))}; give a file"
        )
    service = import_module(f"{__name__}.{module}").SERVICE
    assert isinstance(service, Service)
    return service
