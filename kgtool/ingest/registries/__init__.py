"""Registries as sources: records to triples, one module for each registry, imported when it is named.

``docs/importing.md`` says what a module has to provide.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import Final

from kgtool.errors import InputError
from kgtool.ingest.registries.registry import Registry

#: Name of a registry to its module here, which holds it as ``REGISTRY``.
REGISTRIES: Final = {
    "finess": "finess",
    "hal": "hal",
    "idref": "idref",
    "openalex": "openalex",
    "orcid": "orcid",
    "rnsr": "rnsr",
    "ror": "ror",
    "scanr": "scanr",
    "wikidata": "wikidata",
}


def registry_named(name: str) -> Registry:
    """Give a registry.

    :raises InputError: if there is none of that name, with the nearest.
    """
    module = REGISTRIES.get(name.lower())
    if module is None:
        near = get_close_matches(name.lower(), REGISTRIES, 1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(REGISTRIES))}"
        raise InputError(f"no source is called {name[:40]!r}", hint=hint)
    registry = import_module(f"{__name__}.{module}").REGISTRY
    assert isinstance(registry, Registry)
    return registry
