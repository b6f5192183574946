"""A knowledge graph of research in a region, with reasoning over affiliations."""

from importlib.metadata import PackageNotFoundError, version

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
from kgtool.graph import KnowledgeGraph

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
