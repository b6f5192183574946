"""A knowledge graph of research in a region, with reasoning over affiliations."""

from __future__ import annotations

import logging
import warnings
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from kgtool.errors import (
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

# rdflib logs a traceback for each literal that is no value of its datatype; reports of validation say it better.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", category=UserWarning, module=r"rdflib\.term")

try:
    __version__ = version("kgtool")
except PackageNotFoundError:  # run from a folder that is not installed
    __version__ = "0"

__all__ = [
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
    """Import the graph when it is first asked for: with it come rdflib, owlrl and pySHACL, half a second of imports."""
    if name == "KnowledgeGraph":
        from kgtool.graph import KnowledgeGraph

        return KnowledgeGraph
    raise AttributeError(f"module {__name__} has no attribute {name}")
