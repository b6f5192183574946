"""A knowledge graph of research in a region, with reasoning over affiliations."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

from kgtool.errors import (
    ConditionError,
    ForbiddenError,
    InputError,
    KgtoolError,
    LimitError,
    Location,
    MemoryLimitError,
    MissingError,
    ParseError,
    QueryError,
    RefusedError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreVersionError,
    TimeLimitError,
)

if TYPE_CHECKING:
    from kgtool.graph import KnowledgeGraph

    __version__: str

# rdflib logs a traceback for each literal that is no value of its datatype; reports of validation say it better.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", category=UserWarning, module=r"rdflib\.term")

__all__ = [
    "ConditionError",
    "ForbiddenError",
    "InputError",
    "KgtoolError",
    "KnowledgeGraph",
    "LimitError",
    "Location",
    "MemoryLimitError",
    "MissingError",
    "ParseError",
    "QueryError",
    "RefusedError",
    "StoreDamagedError",
    "StoreError",
    "StoreFullError",
    "StoreLockedError",
    "StoreVersionError",
    "TimeLimitError",
    "__version__",
]


def __getattr__(name: str) -> object:
    """Give the graph when first asked for, as rdflib, owlrl and pySHACL come with it; and the version."""
    if name == "KnowledgeGraph":
        from kgtool.graph import KnowledgeGraph

        return KnowledgeGraph
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("kgtool")
        except PackageNotFoundError:  # run from a folder that is not installed
            return "0"
    raise AttributeError(f"module {__name__} has no attribute {name}")
